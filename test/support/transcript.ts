import {
  conclureEffet,
  jouerFinEchange,
  jouerOuvertureEchange,
  jouerProposition,
  jouerTour,
  type Contexte,
  type Message,
  type Reponse,
  type SuiviEnvoi,
  type Tour,
} from '../../dialogs/index.ts';
import { lireEvenement, RAISONS_FIN_ECHANGE, rejouer, type Dossier } from '../../knowledge/dossier/index.ts';
import { texte } from '../../knowledge/textes/index.ts';

/** One line of a transcript, with its number for the failure message. */
export type Ligne = {
  readonly numero: number;
  readonly genre:
    | 'usager'
    | 'propose'
    | 'bot'
    | 'sans'
    | 'verifie'
    | 'redemarre'
    | 'rejoint'
    | 'fin'
    | 'silence';
  readonly contenu: string;
};
export type Transcript = {
  readonly titre: string;
  readonly le: string;
  readonly services: boolean;
  readonly lignes: readonly Ligne[];
};

const GENRES: Readonly<Record<string, Ligne['genre']>> = {
  'usager>': 'usager',
  'propose>': 'propose',
  'bot>': 'bot',
  'sans>': 'sans',
  'verifie>': 'verifie',
  'rejoint>': 'rejoint',
  'fin>': 'fin',
  'silence>': 'silence',
  '...': 'redemarre',
};

/**
 * Reads a transcript: `usager> words`, `usager> [button label]`, `usager> {form button | input=value | …}`, `bot> ~ words said in this turn`,
 * `sans> words not said in this turn`, `verifie> field = value`, `... restart`; `rejoint> name` a counsellor joins, `fin> reason` the exchange ends, `propose> service` the
 * service that has the file proposes another one,
 * `silence>` the assistant said nothing in this turn. A misspelt line is one clear error.
 */
export function lireTranscript(contenu: string): Transcript {
  let titre = '';
  let le = '2026-11-21';
  let services = true;
  const lignes: Ligne[] = [];
  contenu.split('\n').forEach((brut, i) => {
    const ligne = brut.trim();
    if (ligne === '' || ligne.startsWith('#')) return;
    const entete = /^(titre|le|services): (.*)$/.exec(ligne);
    if (entete !== null) {
      if (entete[1] === 'titre') titre = entete[2] ?? '';
      else if (entete[1] === 'le') le = entete[2] ?? le;
      else services = entete[2] === 'oui';
      return;
    }
    const [debut = '', ...reste] = ligne.split(' ');
    const genre = GENRES[debut];
    if (genre === undefined) throw new Error(`ligne ${i + 1} : « ${debut} » inconnu`);
    lignes.push({ numero: i + 1, genre, contenu: reste.join(' ') });
  });
  return { titre, le, services, lignes };
}

/** A conversation on pure turns: what the channels do, without them. Events go through JSON, as in storage. */
export class Conversation {
  dossier: Dossier = rejouer([]);
  reponses: readonly Reponse[] = [];
  efface = false;
  readonly transmis: unknown[] = [];
  #journal: string[] = [];

  constructor(
    private initial: Contexte,
    readonly envoiReussi = true,
  ) {
    this.jouer({ type: 'arrivee' });
  }

  #suivi: SuiviEnvoi | undefined;
  get contexte(): Contexte {
    return { ...this.initial, ...(this.#suivi === undefined ? {} : { suivi: this.#suivi }) };
  }

  /** The service that has the file proposes another one, connected, of a file that speaks of health. */
  proposer(destination: string): void {
    this.#suivi = {
      ...this.#suivi,
      proposition: {
        le: (this.#suivi?.proposition?.le ?? 1_795_000_000_000) + 1,
        service: this.dossier.transmission?.service ?? 'Service d’essai',
        destination,
        contact: '',
        motif: 'autre-operateur-plus-adapte',
        relie: { nom: destination, enDirect: true },
        sante: true,
      },
    };
    this.#garder([jouerProposition(this.dossier, this.contexte)]);
  }

  jouer(message: Message): void {
    const tour = jouerTour(this.dossier, message, this.contexte);
    const suites = [tour];
    if (tour.effet !== undefined) {
      if (tour.effet.type === 'transmettre') this.transmis.push(tour.effet);
      suites.push(conclureEffet(tour.dossier, tour.effet, this.envoiReussi, this.contexte));
      if (tour.effet.type === 'effacer' && this.envoiReussi) this.efface = true;
      if (tour.effet.type === 'reorienter' && this.envoiReussi) this.#suivi = undefined;
    }
    this.#garder(suites);
  }

  rejoindre(nom: string): void {
    this.#garder([
      jouerOuvertureEchange(
        this.dossier,
        { conseiller: { id: 'c1', nom }, service: 'Service d’essai' },
        this.contexte,
      ),
    ]);
  }

  finir(mot: string): void {
    const raison = RAISONS_FIN_ECHANGE.find((r) => r === mot);
    if (raison === undefined) throw new Error(`raison inconnue : ${mot}`);
    this.#garder([jouerFinEchange(this.dossier, raison, this.contexte)]);
  }

  #garder(suites: readonly Tour[]): void {
    this.reponses = suites.flatMap((t) => t.reponses);
    for (const t of suites) for (const e of t.evenements) this.#journal.push(JSON.stringify(e));
    this.redemarrer();
  }

  /** Rebuilds the dossier from its stored events: what a restart does, done here after every turn. */
  redemarrer(): void {
    this.dossier = rejouer(
      this.#journal.map((l) => {
        const lu = lireEvenement(JSON.parse(l));
        if (lu === undefined) throw new Error(`événement illisible : ${l}`);
        return lu;
      }),
    );
  }

  /** Everything said in the last turn: sentences, cards and buttons. */
  get dit(): string {
    return this.reponses
      .flatMap((r) => [
        r.texte,
        ...(r.carte === undefined
          ? []
          : [
              r.carte.titre,
              ...r.carte.blocs.map((b) => JSON.stringify(b)),
              ...r.carte.actions.map((a) => a.libelle),
            ]),
        ...(r.choix ?? []).map((c) => `[${c.libelle}]`),
      ])
      .join('\n');
  }

  ecrire(mots: string): void {
    this.jouer({ type: 'texte', texte: mots });
  }

  /** Presses a button or submits a form by the label of its button; fails when no such button is on screen. */
  toucher(libelle: string, saisies: Readonly<Record<string, unknown>> = {}): void {
    const choix = this.reponses.flatMap((r) => r.choix ?? []).find((c) => c.libelle === libelle);
    if (choix !== undefined) return this.jouer({ type: 'valeur', valeur: choix.valeur, libelle });
    const blocs = this.reponses.flatMap((r) => r.carte?.blocs ?? []);
    const action = this.reponses
      .flatMap((r) => r.carte?.actions ?? [])
      .find((a) => a.libelle === libelle && a.type === 'envoyer');
    if (action?.type !== 'envoyer')
      throw new Error(`pas de bouton « ${libelle} » ; boutons : ${this.boutons.join(' | ')}`);
    const defauts = Object.fromEntries(
      blocs.flatMap((b) =>
        b.type === 'case' ? [[b.id, String(b.cochee)]] : b.type === 'saisie' ? [[b.id, b.valeur ?? '']] : [],
      ),
    );
    const formulaire =
      action.valeur.action === 'envoyer'
        ? Object.fromEntries(Object.entries(defauts).filter(([k]) => !k.startsWith('ligne:')))
        : action.valeur.action === 'ne-pas-envoyer'
          ? {}
          : defauts;
    return this.jouer({ type: 'valeur', valeur: { ...formulaire, ...action.valeur, ...saisies }, libelle });
  }

  get boutons(): string[] {
    return this.reponses.flatMap((r) => [
      ...(r.choix ?? []).map((c) => c.libelle),
      ...(r.carte?.actions ?? []).map((a) => a.libelle),
    ]);
  }
}

export const contexteDEssai = (le: string, services: boolean): Contexte => ({
  aujourdhui: le,
  reference: 'CEP-TEST-0001',
  editeur: 'un éditeur d’essai',
  contactDroits: 'droits@exemple.fr',
  telephone: '39 49',
  conservationJours: 30,
  conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
  service: (operateur) =>
    services ? { nom: `Service d’essai (${operateur})`, demonstration: true, enDirect: true } : undefined,
});

const simple = (mots: string): string =>
  mots
    .toLowerCase()
    .normalize('NFC')
    .replaceAll("'", '’')
    .replaceAll(/[\s\u00A0\u202F]+/g, ' ');

function lireSaisies(morceaux: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    morceaux.map((m) => {
      const [cle = '', ...v] = m.split('=');
      const valeur = v.join('=').trim();
      return [cle.trim(), valeur === 'oui' ? 'true' : valeur === 'non' ? 'false' : valeur];
    }),
  );
}

function valeurDe(dossier: Dossier, chemin: string): unknown {
  if (chemin in dossier) return Reflect.get(dossier, chemin);
  if (chemin === 'commune') return dossier.lieu.commune;
  if (chemin === 'departement' || chemin === 'region') return dossier.lieu[chemin];
  return Reflect.get(dossier.profil, chemin);
}

/** Plays a transcript. @throws with the line and what was really said. */
export function jouerTranscript(transcript: Transcript): void {
  const conversation = new Conversation(contexteDEssai(transcript.le, transcript.services));
  for (const { numero, genre, contenu } of transcript.lignes) {
    const echec = (quoi: string): Error =>
      new Error(`« ${transcript.titre} », ligne ${numero} : ${quoi}\n--- dit :\n${conversation.dit}`);
    try {
      const bouton = /^\[(.*)\]$/.exec(contenu);
      const formulaire = /^\{(.*)\}$/.exec(contenu);
      if (genre === 'redemarre') conversation.redemarrer();
      else if (genre === 'usager' && bouton !== null) conversation.toucher(bouton[1] ?? '');
      else if (genre === 'usager' && formulaire !== null) {
        const [libelle = '', ...saisies] = (formulaire[1] ?? '').split('|');
        conversation.toucher(libelle.trim(), lireSaisies(saisies));
      } else if (genre === 'usager') conversation.ecrire(contenu);
      else if (genre === 'rejoint') conversation.rejoindre(contenu);
      else if (genre === 'fin') conversation.finir(contenu);
      else if (genre === 'propose') conversation.proposer(contenu);
    } catch (cause) {
      throw echec(cause instanceof Error ? cause.message : 'échec');
    }
    if (genre === 'bot' && !simple(conversation.dit).includes(simple(contenu.replace(/^~ /, ''))))
      throw echec(`« ${contenu} » n’est pas dit`);
    if (genre === 'silence' && conversation.reponses.length > 0) throw echec('l’assistant parle');
    if (genre === 'sans' && simple(conversation.dit).includes(simple(contenu.replace(/^~ /, ''))))
      throw echec(`« ${contenu} » est dit`);
    if (genre === 'verifie') {
      const [cle = '', attendu = ''] = contenu.split(' = ');
      const reel = valeurDe(conversation.dossier, cle.trim());
      const enMots =
        reel === undefined || reel === null ? 'rien' : Array.isArray(reel) ? reel.join(', ') : String(reel);
      if (enMots !== attendu.trim()) throw echec(`${cle} = ${enMots}, attendu ${attendu}`);
    }
  }
}

/** The standard sentence of a key, for tests that need one verbatim. */
export const phrase = (cle: string): string => texte(cle, 'standard');
