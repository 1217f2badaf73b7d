import { createHash } from 'node:crypto';
import type { Horloge, Journaliseur } from '../ports.ts';
import {
  idActivite,
  type Activite,
  type Ajout,
  type EnteteJournal,
  type EntreeLue,
  type FinDeTour,
  type Journal,
  type OptionsAjout,
  type TourEnAttente,
} from './journal.ts';
import {
  appliquer,
  ecrireLigne,
  etatVide,
  lireLog,
  peutAttendre,
  type EtatConversation,
  type Ligne,
  type LigneEcrite,
} from './journal-etat.ts';

export type References = {
  /** Durable when it resolves. A reference given again goes to the last conversation that took it. */
  ajouter(reference: string, conversation: string): Promise<void>;
  retirer(reference: string): Promise<void>;
  /** The conversation that last took it; it may have been erased since. */
  retrouver(reference: string): Promise<string | undefined>;
};

/** Where the bytes go. `ajouter` resolves when they are durable; one call at a time per conversation. */
export interface Support {
  readonly epoque: string;
  lire(conversation: string): Promise<string | undefined>;
  /** `premier`: the log must be made, replacing an unreadable leftover. */
  ajouter(conversation: string, texte: string, premier: boolean): Promise<void>;
  /** Replaces the whole log by `texte`, atomically. */
  remplacer(conversation: string, texte: string): Promise<void>;
  retirer(conversation: string): Promise<void>;
  /** Records durably that this conversation may have an unfinished turn. `enCours` lists the ones that really have. */
  marquer(conversation: string, enCours: () => Iterable<string>): Promise<void>;
  marques(): Promise<readonly string[]>;
  /** From now on, only these may: the next start has less to look at. */
  resserrer(enCours: Iterable<string>): Promise<void>;
  /** Reference code → conversation, kept beside the logs: a start or a search never reads them all. */
  readonly references: References;
  /** The conversation left the memory. */
  oublier(conversation: string): void;
  lister(): AsyncIterable<{ readonly conversation: string; readonly modifieLe: number }>;
  fermer(): Promise<void>;
}

type Attente = {
  readonly ligne: Ligne;
  readonly ecrite: LigneEcrite;
  readonly resolve: () => void;
  readonly reject: (e: unknown) => void;
};
type Conversation = {
  readonly id: string;
  readonly etat: EtatConversation;
  /** Last number given out, ahead of the durable head while writes are in flight. */
  donne: number;
  horodatage: number;
  readonly enVol: Map<string, { readonly empreinte: string; readonly promesse: Promise<Ajout> }>;
  /** Turns whose end is being written. */
  readonly enFin: Set<number>;
  file: Attente[];
  ecriture: Promise<void> | undefined;
  cree: boolean;
  effacee: boolean;
  /** A write failed: what is in memory is worth nothing, and what is on the support is to be read again. */
  perdue: boolean;
};

export type OptionsMoteur = {
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  /** Conversations kept in memory, and the characters they may hold in all. Idle ones leave first. */
  readonly cache?: { readonly conversations: number; readonly caracteres: number };
};

/**
 * The log on any `Support`: numbering, dedupe, group commit (what arrives during a write leaves in the next one), bounded cache.
 * Readers see durable entries only.
 */
export function creerMoteur(support: Support, options: OptionsMoteur): Journal {
  const { horloge, journaliseur, cache = { conversations: 4_000, caracteres: 48_000_000 } } = options;
  const chargees = new Map<string, Conversation>();
  const chargements = new Map<string, Promise<Conversation | 'effacee' | undefined>>();
  const ecouteurs = new Map<string, Set<(tourEnCours: boolean) => void>>();
  const enCours = new Set<string>();
  let caracteres = 0;
  let allegement: NodeJS.Immediate | undefined;

  async function charger(id: string): Promise<Conversation | undefined> {
    const presente = chargees.get(id);
    if (presente !== undefined) {
      // Most recently used last.
      chargees.delete(id);
      chargees.set(id, presente);
      return presente;
    }
    const lue = await lireUneFois(id);
    return lue === 'effacee' ? undefined : lue;
  }

  function lireUneFois(id: string): Promise<Conversation | 'effacee' | undefined> {
    const enTrain = chargements.get(id);
    if (enTrain !== undefined) return enTrain;
    const promesse = lireDuSupport(id).finally(() => chargements.delete(id));
    chargements.set(id, promesse);
    return promesse;
  }

  async function lireDuSupport(id: string): Promise<Conversation | 'effacee' | undefined> {
    const texte = await support.lire(id);
    if (texte === undefined) return undefined;
    const lu = lireLog(texte);
    if (lu.type === 'efface') return 'effacee';
    if (lu.type === 'vide') return undefined;
    if (lu.illisibles > 0) journaliseur.alerte('journal-ligne-illisible', { lignes: lu.illisibles });
    return retenir(id, lu.etat, true);
  }

  async function conversationDe(reference: string): Promise<string | undefined> {
    const id = await support.references.retrouver(reference);
    if (id === undefined) return undefined;
    // What was erased, or started again under another reference, no longer answers to this one.
    return (await charger(id))?.etat.entete.reference === reference ? id : undefined;
  }

  function retenir(id: string, etat: EtatConversation, cree: boolean): Conversation {
    const conversation: Conversation = {
      id,
      etat,
      donne: etat.entrees.length,
      horodatage: etat.horodatage,
      enVol: new Map(),
      enFin: new Set(),
      file: [],
      ecriture: undefined,
      cree,
      effacee: false,
      perdue: false,
    };
    chargees.set(id, conversation);
    caracteres += etat.taille;
    if (etat.attente.size > 0) enCours.add(id);
    prevoirAllegement();
    return conversation;
  }

  /** In a task of its own: a conversation just handed to a caller, who is about to write to it, must not leave in between. */
  function prevoirAllegement(): void {
    if (chargees.size <= cache.conversations && caracteres <= cache.caracteres) return;
    allegement ??= setImmediate(alleger);
  }

  function alleger(): void {
    allegement = undefined;
    for (const c of chargees.values()) {
      if (!c.cree || c.ecriture !== undefined || c.etat.attente.size > 0 || ecouteurs.has(c.id)) continue;
      lacher(c);
      if (chargees.size <= cache.conversations && caracteres <= cache.caracteres) return;
    }
  }

  function lacher(c: Conversation): void {
    if (chargees.get(c.id) !== c) return;
    chargees.delete(c.id);
    caracteres -= c.etat.taille;
    support.oublier(c.id);
  }

  const prevenir = (id: string, tourEnCours: boolean): void =>
    ecouteurs.get(id)?.forEach((f) => f(tourEnCours));

  /** Queues one line; resolves once it is durable and folded in. */
  function ecrire(c: Conversation, ligne: Ligne): Promise<void> {
    if (c.effacee) return Promise.reject(new ConversationPerdue());
    return new Promise((resolve, reject) => {
      c.file.push({ ligne, ecrite: ecrireLigne(ligne), resolve, reject });
      c.ecriture ??= vider(c);
    });
  }

  async function vider(c: Conversation): Promise<void> {
    // Let the callers of this very tick join the same write.
    await Promise.resolve();
    while (c.file.length > 0) {
      const lot = c.file;
      c.file = [];
      try {
        await support.ajouter(c.id, lot.map((l) => `${l.ecrite.texte}\n`).join(''), !c.cree);
      } catch (erreur) {
        abandonner(c, lot, erreur);
        return;
      }
      c.cree = true;
      for (const { ligne, ecrite, resolve } of lot) {
        const avant = c.etat.taille;
        appliquer(c.etat, ligne, ecrite);
        caracteres += c.etat.taille - avant;
        resolve();
      }
      if (c.etat.attente.size > 0) enCours.add(c.id);
      else if (c.file.length === 0) enCours.delete(c.id);
      prevenir(c.id, c.etat.attente.size > 0);
    }
    c.ecriture = undefined;
    prevoirAllegement();
  }

  /** A failed write counts for nothing: the conversation will be read again from what is really there. */
  function abandonner(c: Conversation, lot: readonly Attente[], erreur: unknown): void {
    const perdues = [...lot, ...c.file];
    c.file = [];
    c.effacee = true;
    c.perdue = true;
    c.ecriture = undefined;
    lacher(c);
    for (const { reject } of perdues) reject(erreur);
  }

  /** Gives its place to an activity: number, id, and a timestamp strictly greater than the last. */
  function placer(
    c: Conversation,
    activite: Activite,
    id?: string,
  ): { seq: number; complete: Activite & { id: string; timestamp: string } } {
    c.donne += 1;
    c.horodatage = Math.max(horloge(), c.horodatage + 1);
    const complete = {
      ...activite,
      id: id ?? idActivite(c.id, c.donne),
      timestamp: new Date(c.horodatage).toISOString(),
    };
    return { seq: c.donne, complete };
  }

  async function creer(
    entete: EnteteJournal,
    notes: Readonly<Record<string, unknown>> = {},
  ): Promise<'creee' | 'existe' | 'effacee'> {
    const presente = chargees.get(entete.id);
    if (presente !== undefined) {
      await presente.ecriture;
      // A retried start that met the failure of the first must not hear that the conversation was erased, which is final (C7, C9).
      if (presente.perdue) return creer(entete, notes);
      return presente.effacee ? 'effacee' : 'existe';
    }
    const lue = await lireUneFois(entete.id);
    if (lue === 'effacee') return 'effacee';
    if (lue !== undefined || chargees.has(entete.id)) return 'existe';
    const c = retenir(entete.id, etatVide(entete), false);
    const lignes: Ligne[] = [
      { t: 'entete', v: 1, entete },
      ...Object.entries(notes).map(([n, x]): Ligne => ({ t: 'n', n, x })),
    ];
    // The code first: cut between the two, it leads to nothing; the other way round, a conversation could never be found again.
    c.ecriture = support.references.ajouter(entete.reference, entete.id).then(
      () => vider(c),
      (erreur: unknown) => abandonner(c, [], erreur),
    );
    await Promise.all(lignes.map((l) => ecrire(c, l)));
    return 'creee';
  }

  /** Writes what `ecrire` writes unless this key did already, now or in another life of the process. */
  async function uneSeuleFois(
    c: Conversation,
    cle: string | undefined,
    contenu: () => string,
    ecrireUneFois: (empreinte: string) => Promise<Ajout>,
  ): Promise<Ajout> {
    if (cle === undefined) return ecrireUneFois('');
    const empreinte = empreinteDe(contenu());
    const deja = c.etat.cles.get(cle);
    if (deja !== undefined)
      return { seq: deja.seq, id: deja.id, doublon: true, conflit: deja.empreinte !== empreinte };
    const enVol = c.enVol.get(cle);
    if (enVol !== undefined)
      return { ...(await enVol.promesse), doublon: true, conflit: enVol.empreinte !== empreinte };
    const promesse = ecrireUneFois(empreinte);
    c.enVol.set(cle, { empreinte, promesse });
    try {
      return await promesse;
    } finally {
      c.enVol.delete(cle);
    }
  }

  async function ajouterEntrant(
    id: string,
    activite: Activite,
    opts: OptionsAjout = {},
  ): Promise<Ajout | undefined> {
    const c = await charger(id);
    if (c === undefined) return undefined;
    const { cle } = opts;
    return uneSeuleFois(
      c,
      cle,
      () => opts.empreinte ?? JSON.stringify(activite),
      (empreinte) => {
        const { seq, complete } = placer(c, activite);
        const ligne: Ligne = {
          t: 'e',
          s: seq,
          ...(cle === undefined ? {} : { c: cle, h: empreinte }),
          ...(opts.invisible === true ? { i: true as const } : {}),
          a: complete,
        };
        // Before `marquer`: a rewriting of the index must not leave this conversation out.
        enCours.add(id);
        const ecrite = ecrire(c, ligne);
        return Promise.all([support.marquer(id, () => enCours), ecrite]).then((): Ajout => ({
          seq,
          id: complete.id,
          doublon: false,
          conflit: false,
        }));
      },
    );
  }

  async function terminerTour(id: string, pour: number, fin: FinDeTour): Promise<boolean | undefined> {
    const c = await charger(id);
    if (c === undefined) return undefined;
    if (!c.etat.attente.has(pour) || c.enFin.has(pour)) return false;
    c.enFin.add(pour);
    const premier = c.donne + 1;
    const ligne: Ligne = {
      t: 'tour',
      s: premier,
      p: pour,
      e: fin.evenements.map((e) => ({ ...e })),
      a: fin.activites.map((a) => placer(c, a).complete),
    };
    await ecrire(c, ligne).finally(() => c.enFin.delete(pour));
    return true;
  }

  return {
    epoque: support.epoque,
    creer,
    ajouterEntrant,
    terminerTour,
    entete: async (id) => (await charger(id))?.etat.entete,
    tete: async (id) => (await charger(id))?.etat.entrees.length,
    contient: async (id, activite) => (await charger(id))?.etat.ids.has(activite) ?? false,
    evenements: async (id) => (await charger(id))?.etat.evenements,
    entrants: async (id) => (await charger(id))?.etat.entrants ?? 0,
    modifieLe: async (id) => (await charger(id))?.etat.horodatage,
    note: async (id, nom) => (await charger(id))?.etat.notes.get(nom),
    conversationDe,
    async ajouterEvenements(id, evenements, activites = []) {
      const c = await charger(id);
      if (c === undefined) return false;
      // Entries are numbered from 1: this line ends the turn of nobody.
      const ligne: Ligne = {
        t: 'tour',
        s: c.donne + 1,
        p: 0,
        e: evenements.map((e) => ({ ...e })),
        a: activites.map((a) => placer(c, a).complete),
      };
      await ecrire(c, ligne);
      return true;
    },
    async noter(id, nom, valeur) {
      const c = await charger(id);
      if (c === undefined) return false;
      const ligne: Ligne = { t: 'n', n: nom, x: valeur };
      await ecrire(c, ligne);
      return true;
    },
    async marquerRejeu(id, seq) {
      const c = await charger(id);
      if (c === undefined) return;
      const ligne: Ligne = { t: 'r', p: seq };
      await ecrire(c, ligne);
    },
    async ajouterSortant(id, activite, { remplace, cle } = {}) {
      const c = await charger(id);
      if (c === undefined) return undefined;
      return uneSeuleFois(
        c,
        // Apart from the keys of clients; ours are drawn at random, nobody can guess one.
        cle === undefined ? undefined : `sortant ${cle}`,
        () => JSON.stringify(activite),
        async (empreinte) => {
          const { seq, complete } = placer(c, activite, remplace);
          const ligne: Ligne = {
            t: 's',
            s: seq,
            ...(cle === undefined ? {} : { c: `sortant ${cle}`, h: empreinte }),
            a: complete,
          };
          await ecrire(c, ligne);
          return { seq, id: complete.id, doublon: false, conflit: false };
        },
      );
    },
    async lireApres(id, seq, limite, invisibles) {
      const c = await charger(id);
      if (c === undefined) return undefined;
      const entrees: EntreeLue[] = [];
      let jusqua = Math.max(0, seq);
      while (jusqua < c.etat.entrees.length && entrees.length < limite) {
        const entree = c.etat.entrees[jusqua];
        jusqua += 1;
        if (entree !== undefined && entree.json !== '' && (entree.visible || invisibles !== undefined))
          entrees.push({ seq: jusqua, id: entree.id, json: entree.json });
      }
      return { entrees, jusqua };
    },
    async enAttente() {
      const tours: TourEnAttente[] = [];
      for (const id of await support.marques()) {
        if (!chargees.has(id) && !peutAttendre((await support.lire(id)) ?? '')) continue;
        const c = await charger(id);
        for (const [seq, t] of c?.etat.attente ?? [])
          tours.push({ conversation: id, seq, activite: t.activite, le: t.le, rejoue: t.rejoue });
      }
      await support
        .resserrer(enCours)
        .catch((erreur: unknown) => journaliseur.erreur('index-non-resserre', erreur));
      return tours.sort((a, b) => a.le - b.le);
    },
    async effacer(id, { reutilisable = false } = {}) {
      const c = await charger(id);
      if (c === undefined) return false;
      c.effacee = true;
      // What is already being written is let through, then replaced; what waits is refused.
      const perdues = c.file.splice(0);
      for (const { reject } of perdues) reject(new ConversationPerdue());
      await c.ecriture;
      if (reutilisable) await support.retirer(id);
      else await support.remplacer(id, `${JSON.stringify({ t: 'efface', le: horloge() } satisfies Ligne)}\n`);
      lacher(c);
      enCours.delete(id);
      prevenir(id, false);
      // After the log: cut between the two, the code leads to nothing.
      await support.references.retirer(c.etat.entete.reference);
      return true;
    },
    ecouter(id, f) {
      const liste = ecouteurs.get(id) ?? new Set();
      liste.add(f);
      ecouteurs.set(id, liste);
      return () => {
        liste.delete(f);
        if (liste.size === 0 && ecouteurs.get(id) === liste) ecouteurs.delete(id);
      };
    },
    lister: () => support.lister(),
    async fermer() {
      await Promise.allSettled([...chargees.values()].map((c) => c.ecriture));
      await support.fermer();
    },
  };
}

/** The conversation was erased, or its log could not be written, while something was on its way to it. */
export class ConversationPerdue extends Error {
  override readonly name = 'ConversationPerdue';
}

const empreinteDe = (texte: string): string =>
  createHash('sha256').update(texte).digest('base64url').slice(0, 22);
