import { estEnEchange } from '../../knowledge/dossier/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import type { Message, Reponse } from '../../dialogs/messages.ts';
import type {
  EnteteConversation,
  EvenementStocke,
  FaireLien,
  Hote,
  Journaliseur,
  TourJoue,
} from '../ports.ts';
import { idActivite, type Activite, type EnteteJournal, type Journal } from '../storage/journal.ts';
import { ID_BOT, SERVICE_INTERNE, type Adaptateur } from './adaptateur.ts';
import type { Issue } from './envoi-teams.ts';
import { rendre, type ActiviteSortante } from './rendu.ts';
import { filtrerSortie } from './sortie.ts';

const DELAI_TOUR_MS = 10_000;
const DELAI_FRAPPE_MS = 700;
const MAX_ACTIVITES = 20;
/** A turn cut by a crash is played again if the person is likely still there; later, they are told and the question is asked again. */
const AGE_REJEU_MS = 120_000;
const PATIENCE_REPRISE_MS = 1_500;

export const DE_LASSISTANT = { id: ID_BOT, name: 'Assistant' };

type Recue = Readonly<Record<string, unknown>>;
type Produit = {
  readonly activites: readonly ActiviteSortante[];
  readonly evenements: readonly EvenementStocke[];
  readonly effacer: boolean;
  readonly enDirect: boolean;
};

export type OptionsTours = {
  readonly journal: Journal;
  readonly hote: Hote;
  readonly adaptateur: () => Adaptateur;
  readonly faireLien: FaireLien;
  readonly journaliseur: Journaliseur;
  readonly horloge: () => number;
  /** Shows « is typing » on the open screens of a conversation; transient, never stored. */
  readonly frappe: (conversation: string) => void;
  /** Ends every screen of a conversation and erases it. */
  readonly clore: (conversation: string) => Promise<unknown>;
  /** Milliseconds a turn may last, and before « is typing » is shown. For tests. */
  readonly delais?: { readonly tour: number; readonly frappe: number };
};

export type OptionsTour = {
  /** Something was masked in the person's words: they are told. */
  readonly masque?: boolean;
  /** An answer decided by the channel: the host is not called. */
  readonly reponse?: Reponse;
  /** Where the answer goes when it is not the log of the website (Teams): called once the turn is durable. */
  readonly envoyer?: (activites: readonly ActiviteSortante[]) => Promise<Issue>;
};

/** What to do of a conversation outside any message; `undefined`: nothing. */
export type Intervention = TourJoue | undefined | Promise<TourJoue | undefined>;

/** `rien`: nothing was done. `non-remise`: done and kept, but the channel did not take what was said. */
export type IssueIntervention = 'faite' | 'rien' | 'non-remise';

/** What a counsellor says: as our own screens show it, and as a channel that has only the bot's name must. */
export type ParoleDeConseiller = {
  readonly de: { readonly id: string; readonly name: string };
  readonly activite: ActiviteSortante;
  readonly enTete: ActiviteSortante;
  readonly cle: string;
  readonly peut: (passe: readonly EvenementStocke[]) => boolean;
};
/** `refusee`: no such conversation, or the exchange is over. `non-remise`: kept, but the channel did not take it. */
export type IssueParole = 'dite' | 'doublon' | 'refusee' | 'non-remise';
/** Marks, in the log, a message its channel refused. */
export const NON_REMISE = { nonRemise: true } as const;

/** Unsure counts as seen: said again, it would be seen twice. */
const aPuEtreVue = (issue: Issue): boolean => issue === 'envoyee' || issue === 'incertaine';

/** What a stored activity says, for the dialogs. */
export function lireMessage(activite: Recue): Message {
  const { type, text, value } = activite;
  if (type !== 'message') return { type: 'arrivee' };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { type: 'valeur', valeur: { ...value }, ...(typeof text === 'string' ? { libelle: text } : {}) };
  }
  return { type: 'texte', texte: typeof text === 'string' ? text : '' };
}

/** One turn at a time per conversation, in log order (directline.md § 4.3: five concurrent turns kept one of five updates). */
export function creerTours(options: OptionsTours) {
  const { journal, hote, journaliseur, delais = { tour: DELAI_TOUR_MS, frappe: DELAI_FRAPPE_MS } } = options;
  const files = new Map<string, Promise<void>>();
  /** Turns given to this process, so that a resumption never plays one of them a second time. */
  const enMain = new Set<string>();
  /** What each running turn has sent, by the service address that names it. */
  const tampons = new Map<string, Activite[]>();
  let numero = 0;

  /** Receives what the bot sends on an in-process address: into the turn that address names, or to the log when it speaks first. */
  async function recevoir(service: string, conversation: string, activite: Recue): Promise<string> {
    const visible = filtrerSortie(activite, conversation, DE_LASSISTANT);
    if (visible === undefined) return '';
    if (visible.type === 'typing') {
      options.frappe(conversation);
      return '';
    }
    const { id } = activite;
    if (typeof id === 'string' && (await journal.contient(conversation, id))) {
      // An edit: a new entry under the same identifier, shown in the old one's place.
      await journal.ajouterSortant(conversation, visible, { remplace: id });
      return id;
    }
    if (service === SERVICE_INTERNE) {
      // A reply outside a turn carries a reference nobody knows: stock clients would hold it back five seconds (C2).
      const { replyToId: _, ...sansReference } = visible;
      const ajoute = await journal.ajouterSortant(conversation, sansReference);
      if (ajoute === undefined) throw new Error('Conversation effacée.');
      return ajoute.id;
    }
    const tampon = tampons.get(service);
    // A turn given up after its time limit may still be talking: the person has been told otherwise.
    if (tampon === undefined) journaliseur.alerte('tour-abandonne');
    else if (tampon.length < MAX_ACTIVITES) tampon.push(visible);
    else journaliseur.alerte('tour-trop-long');
    return `${conversation}.tampon.${tampon?.length ?? 0}`;
  }

  async function produire(entete: EnteteConversation, activite: Recue, o: OptionsTour): Promise<Produit> {
    const passe = (await journal.evenements(entete.id)) ?? [];
    // While a counsellor holds the conversation the words are theirs: no answer of the channel stands between them.
    const tour: TourJoue =
      o.reponse === undefined || estEnEchange(passe)
        ? await hote.jouer(entete, passe, lireMessage(activite))
        : { reponses: [o.reponse], evenements: [] };
    const registre = tour.reponses[0]?.registre ?? 'standard';
    const notice = o.masque === true ? [{ texte: texte('canal.masque', registre) }] : [];
    return {
      activites: rendre([...notice, ...tour.reponses], (ressource) => options.faireLien(entete, ressource)),
      evenements: tour.evenements,
      effacer: tour.effacer === true,
      enDirect: tour.enDirect === true,
    };
  }

  /** The same turn through the adapter, on an in-process address of its own. */
  async function produireParLeCanal(
    entete: EnteteConversation,
    seq: number,
    activite: Recue,
    o: OptionsTour,
  ): Promise<Produit> {
    const service = `${SERVICE_INTERNE}:${(numero += 1)}`;
    const tampon: Activite[] = [];
    tampons.set(service, tampon);
    let produit: Produit = { activites: [], evenements: [], effacer: false, enDirect: false };
    try {
      await dansLeDelai(
        delais.tour,
        options.adaptateur().tourInterne(
          {
            ...activite,
            // Replies then name the message they answer; an arrival is nothing a client can see.
            ...(activite['type'] === 'message' ? { id: idActivite(entete.id, seq) } : {}),
            serviceUrl: service,
            channelId: 'directline',
            conversation: { id: entete.id },
            recipient: DE_LASSISTANT,
          },
          async (contexte) => {
            produit = await produire(entete, activite, o);
            if (produit.activites.length > 0)
              await contexte.sendActivities(produit.activites.map((a) => ({ ...a })));
          },
        ),
      );
    } finally {
      tampons.delete(service);
    }
    return { ...produit, activites: tampon };
  }

  async function executer(conversation: string, seq: number, activite: Recue, o: OptionsTour): Promise<void> {
    const entete = await journal.entete(conversation);
    if (entete === undefined) return;
    const frappe = setTimeout(() => options.frappe(conversation), delais.frappe);
    let produit: Produit;
    try {
      produit =
        o.envoyer === undefined
          ? await produireParLeCanal(entete, seq, activite, o)
          : await dansLeDelai(delais.tour, produire(entete, activite, o));
    } catch (erreur) {
      journaliseur.erreur('tour-echoue', erreur);
      produit = {
        activites: [excuse(conversation, 'canal.excuse')],
        evenements: [],
        effacer: false,
        enDirect: false,
      };
    } finally {
      clearTimeout(frappe);
    }
    await conclure(entete, seq, produit, o);
  }

  /** Durable first, then shown: nothing exists on a screen only. */
  async function conclure(
    entete: EnteteJournal,
    seq: number,
    produit: Produit,
    o: OptionsTour,
  ): Promise<void> {
    const { activites, evenements, effacer, enDirect } = produit;
    const ecrit = await journal.terminerTour(entete.id, seq, {
      // What Teams shows is Teams' to keep, except where a counsellor must read it too.
      activites: o.envoyer === undefined ? activites : enDirect ? visibles(entete.id, activites) : [],
      evenements,
    });
    if (ecrit !== true) return;
    if (o.envoyer !== undefined && activites.length > 0) await o.envoyer(activites);
    if (effacer) await options.clore(entete.id);
  }

  const visibles = (conversation: string, activites: readonly ActiviteSortante[]): readonly Activite[] =>
    activites.flatMap((a) => filtrerSortie(a, conversation, DE_LASSISTANT) ?? []);

  const excuse = (conversation: string, cle: string): Activite => {
    const visible = filtrerSortie(
      { type: 'message', text: texte(cle, 'standard'), textFormat: 'markdown', inputHint: 'expectingInput' },
      conversation,
      DE_LASSISTANT,
    );
    if (visible === undefined) throw new Error('Une excuse est toujours visible.');
    return visible;
  };

  /** Runs a task behind what is under way in its conversation, and before what comes: nothing slips in between a turn and its end. */
  function enFile<T>(conversation: string, tache: () => Promise<T>): Promise<T> {
    const faite = (files.get(conversation) ?? Promise.resolve()).then(tache);
    const suivant = faite
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (files.get(conversation) === suivant) files.delete(conversation);
      });
    files.set(conversation, suivant);
    return faite;
  }

  /** Queues the turn of an entry behind those of its conversation. Never rejects: a failed turn apologises. */
  function planifier(conversation: string, seq: number, activite: Recue, o: OptionsTour = {}): Promise<void> {
    const nom = `${conversation}.${seq}`;
    enMain.add(nom);
    return enFile(conversation, () => executer(conversation, seq, activite, o))
      .catch((erreur: unknown) => journaliseur.erreur('tour-perdu', erreur))
      .finally(() => enMain.delete(nom));
  }

  /**
   * After a crash: each unfinished turn is played once more, or apologised for. Resolves to their number once they are over, or after
   * `PATIENCE_REPRISE_MS`: a slow one keeps its place in its conversation's queue, it does not keep the others from being served.
   */
  async function reprendre(): Promise<number> {
    const repris: Promise<void>[] = [];
    for (const { conversation, seq, activite, le, rejoue } of await journal.enAttente()) {
      const entete = await journal.entete(conversation);
      if (entete === undefined || enMain.has(`${conversation}.${seq}`)) continue;
      const tropTard = rejoue || options.horloge() - le > AGE_REJEU_MS;
      if (!tropTard) await journal.marquerRejeu(conversation, seq);
      const o: OptionsTour = tropTard ? { reponse: { texte: texte('canal.reprenons', 'standard') } } : {};
      repris.push(planifier(conversation, seq, activite, { ...o, ...(await retour(entete)) }));
    }
    await auPlus(PATIENCE_REPRISE_MS, Promise.all(repris));
    return repris.length;
  }

  /** How to reach a Teams conversation outside any request of its own. */
  async function retour(entete: EnteteJournal): Promise<Pick<OptionsTour, 'envoyer'>> {
    if (entete.canal !== 'teams') return {};
    const reference = await journal.note(entete.id, 'reference');
    return {
      envoyer: async (activites) => {
        if (typeof reference !== 'object' || reference === null) return 'plus-tard';
        // Blocked or uninstalled: nothing is tried until they write again.
        if ((await journal.note(entete.id, 'bloquee')) === true) return 'bloquee';
        const adaptateur = options.adaptateur();
        const issue = await adaptateur.continuer(reference, (contexte) =>
          adaptateur.envoyer(contexte, activites),
        );
        if (issue === 'bloquee') await journal.noter(entete.id, 'bloquee', true);
        return issue;
      },
    };
  }

  /** The assistant speaks first, at once: a reminder. False when nobody can have heard. */
  async function parler(conversation: string, activites: readonly ActiviteSortante[]): Promise<boolean> {
    const entete = await journal.entete(conversation);
    if (entete === undefined) return false;
    const { envoyer } = await retour(entete);
    if (envoyer !== undefined) return aPuEtreVue(await envoyer(activites));
    for (const visible of visibles(conversation, activites))
      if ((await journal.ajouterSortant(conversation, visible)) === undefined) return false;
    return true;
  }

  /**
   * Something happens to the conversation outside any message: what `jouer` decides, on the conversation as it then stands, is noted and
   * said in one append. `rien`: no such conversation, or nothing to do.
   */
  function intervenir(
    conversation: string,
    jouer: (entete: EnteteJournal, passe: readonly EvenementStocke[]) => Intervention,
  ): Promise<IssueIntervention> {
    return enFile(conversation, async () => {
      const entete = await journal.entete(conversation);
      const passe = await journal.evenements(conversation);
      if (entete === undefined || passe === undefined) return 'rien';
      const tour = await jouer(entete, passe);
      if (tour === undefined) return 'rien';
      const activites = rendre(tour.reponses, (ressource) => options.faireLien(entete, ressource));
      const { envoyer } = await retour(entete);
      // What Teams shows is Teams' to keep here too, except where a counsellor must read it.
      const gardees =
        envoyer === undefined || tour.enDirect === true ? visibles(conversation, activites) : [];
      if (!(await journal.ajouterEvenements(conversation, tour.evenements, gardees))) return 'rien';
      return envoyer === undefined || aPuEtreVue(await envoyer(activites)) ? 'faite' : 'non-remise';
    });
  }

  /**
   * A counsellor speaks: durable first, once for each key, then sent where the channel is not our own log. `peut` is asked at that very
   * moment, so that nobody speaks in an exchange that has just ended.
   */
  function dire(
    conversation: string,
    { de, activite, enTete, cle, peut }: ParoleDeConseiller,
  ): Promise<IssueParole> {
    return enFile(conversation, async () => {
      const entete = await journal.entete(conversation);
      const passe = await journal.evenements(conversation);
      const visible = filtrerSortie(activite, conversation, de);
      if (entete === undefined || passe === undefined || visible === undefined || !peut(passe))
        return 'refusee';
      const ajout = await journal.ajouterSortant(conversation, visible, { cle });
      if (ajout === undefined || ajout.conflit) return 'refusee';
      if (ajout.doublon) return 'doublon';
      const { envoyer } = await retour(entete);
      if (envoyer === undefined) return 'dite';
      // On Teams every message comes under the bot's name: the words themselves say who speaks.
      if (aPuEtreVue(await envoyer([enTete]))) return 'dite';
      journaliseur.alerte('parole-non-remise');
      await journal.ajouterSortant(conversation, { ...visible, value: NON_REMISE }, { remplace: ajout.id });
      return 'non-remise';
    });
  }

  const attendre = async (): Promise<void> => void (await Promise.all(files.values()));
  return { recevoir, planifier, reprendre, parler, intervenir, dire, attendre };
}
export type Tours = ReturnType<typeof creerTours>;

/** Resolves when `travail` does, or after `ms`. */
function auPlus(ms: number, travail: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const minuterie = setTimeout(resolve, ms);
    void travail.finally(() => {
      clearTimeout(minuterie);
      resolve();
    });
  });
}

function dansLeDelai<T>(ms: number, tour: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const minuterie = setTimeout(() => reject(new Error('Le tour dépasse son temps.')), ms);
    tour.then(resolve, reject).finally(() => clearTimeout(minuterie));
  });
}
