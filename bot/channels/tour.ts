import { texte } from '../../knowledge/textes/index.ts';
import type { Message } from '../../dialogs/messages.ts';
import type { EnteteConversation, EvenementStocke, FaireLien, Hote, Journaliseur } from '../ports.ts';
import type { Activite, Journal, TourEnAttente } from '../storage/journal.ts';
import { ID_BOT, SERVICE_INTERNE, type Adaptateur } from './adaptateur.ts';
import { rendre } from './rendu.ts';
import { filtrerSortie } from './sortie.ts';

const DELAI_TOUR_MS = 10_000;
const DELAI_FRAPPE_MS = 700;
const MAX_ACTIVITES = 20;
/** A turn cut by a crash is played again if the person is likely still there; later, they are told and the question is asked again. */
const AGE_REJEU_MS = 120_000;

export const DE_LASSISTANT = { id: ID_BOT, name: 'Assistant' };

type Tampon = { readonly activites: Activite[]; evenements: readonly EvenementStocke[]; effacer: boolean };

export type OptionsTours = {
  readonly journal: Journal;
  readonly hote: Hote;
  readonly adaptateur: () => Adaptateur;
  readonly faireLien: FaireLien;
  readonly journaliseur: Journaliseur;
  readonly horloge: () => number;
  /** Shows « is typing » on the open screens of a conversation; transient, never stored. */
  readonly frappe: (conversation: string) => void;
  /** Ends every screen of a conversation that was erased. */
  readonly clore: (conversation: string) => Promise<void>;
};

/** What a stored activity says, for the dialogs. */
export function lireMessage(activite: Readonly<Record<string, unknown>>): Message {
  const { type, text, value } = activite;
  if (type !== 'message') return { type: 'arrivee' };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { type: 'valeur', valeur: { ...value }, ...(typeof text === 'string' ? { libelle: text } : {}) };
  }
  return { type: 'texte', texte: typeof text === 'string' ? text : '' };
}

/** One turn at a time per conversation, in log order (directline.md § 4.3: five concurrent turns kept one of five updates). */
export function creerTours(options: OptionsTours) {
  const { journal, hote, journaliseur } = options;
  const files = new Map<string, Promise<void>>();
  const tampons = new Map<string, Tampon>();

  /** Receives what the bot sends: into the turn being played, or straight to the log when it speaks first. */
  async function recevoir(
    conversation: string,
    activite: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const visible = filtrerSortie(activite, conversation, DE_LASSISTANT);
    if (visible === undefined) return '';
    if (visible.type === 'typing') {
      options.frappe(conversation);
      return '';
    }
    const tampon = tampons.get(conversation);
    if (tampon === undefined) {
      // A reply outside a turn carries a reference nobody knows: stock clients would hold it back five seconds (C2).
      const { replyToId: _, ...sansReference } = visible;
      const ajoute = await journal.ajouterSortant(conversation, sansReference);
      if (ajoute === undefined) throw new Error('Conversation effacée.');
      return ajoute.id;
    }
    if (tampon.activites.length < MAX_ACTIVITES) tampon.activites.push(visible);
    else journaliseur.alerte('tour-trop-long');
    return `${conversation}.tampon.${tampon.activites.length}`;
  }

  async function jouer(
    entete: EnteteConversation,
    activite: Readonly<Record<string, unknown>>,
    tampon: Tampon,
  ): Promise<void> {
    await options.adaptateur().tourInterne(
      {
        ...activite,
        serviceUrl: SERVICE_INTERNE,
        channelId: 'directline',
        conversation: { id: entete.id },
        recipient: DE_LASSISTANT,
      },
      async (contexte) => {
        const passe = (await journal.evenements(entete.id)) ?? [];
        const tour = await hote.jouer(entete, passe, lireMessage(activite));
        const masque =
          activite['masque'] === true
            ? [{ texte: texte('canal.masque', tour.reponses[0]?.registre ?? 'standard') }]
            : [];
        const activites = rendre([...masque, ...tour.reponses], (ressource) =>
          options.faireLien(entete, ressource),
        );
        await contexte.sendActivities(activites.map((a) => ({ ...a })));
        tampon.evenements = tour.evenements;
        tampon.effacer = tour.effacer === true;
      },
    );
  }

  async function executer(
    conversation: string,
    seq: number,
    activite: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const entete = await journal.entete(conversation);
    if (entete === undefined) return;
    const tampon: Tampon = { activites: [], evenements: [], effacer: false };
    tampons.set(conversation, tampon);
    const frappe = setTimeout(() => options.frappe(conversation), DELAI_FRAPPE_MS);
    let fin: Pick<Tampon, 'activites' | 'evenements' | 'effacer'> = tampon;
    try {
      await dansLeDelai(jouer(entete, activite, tampon));
    } catch (erreur) {
      journaliseur.erreur('tour-echoue', erreur);
      fin = { activites: [excuse(conversation, 'canal.excuse')], evenements: [], effacer: false };
    } finally {
      clearTimeout(frappe);
      tampons.delete(conversation);
    }
    await journal.terminerTour(conversation, seq, { activites: fin.activites, evenements: fin.evenements });
    if (fin.effacer) await options.clore(conversation);
  }

  const excuse = (conversation: string, cle: string): Activite => {
    const visible = filtrerSortie(
      { type: 'message', text: texte(cle, 'standard'), textFormat: 'markdown', inputHint: 'expectingInput' },
      conversation,
      DE_LASSISTANT,
    );
    if (visible === undefined) throw new Error('Une excuse est toujours visible.');
    return visible;
  };

  /** Queues the turn of an entry behind those of its conversation. */
  function planifier(
    conversation: string,
    seq: number,
    activite: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const precedent = files.get(conversation) ?? Promise.resolve();
    const suivant = precedent
      .then(() => executer(conversation, seq, activite))
      .catch((erreur: unknown) => journaliseur.erreur('tour-perdu', erreur));
    files.set(conversation, suivant);
    void suivant.finally(() => {
      if (files.get(conversation) === suivant) files.delete(conversation);
    });
    return suivant;
  }

  /** After a crash: each unfinished turn is played once more, or apologised for. */
  async function reprendre(): Promise<number> {
    const enAttente: readonly TourEnAttente[] = await journal.enAttente();
    for (const { conversation, seq, activite, le, rejoue } of enAttente) {
      if (rejoue || options.horloge() - le > AGE_REJEU_MS) {
        await journal.terminerTour(conversation, seq, {
          activites: [excuse(conversation, 'canal.reprenons')],
          evenements: [],
        });
      } else {
        await journal.marquerRejeu(conversation, seq);
        void planifier(conversation, seq, activite);
      }
    }
    return enAttente.length;
  }

  const attendre = async (): Promise<void> => void (await Promise.all(files.values()));
  return { recevoir, planifier, reprendre, attendre };
}
export type Tours = ReturnType<typeof creerTours>;

function dansLeDelai(tour: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const minuterie = setTimeout(() => reject(new Error('Le tour dépasse dix secondes.')), DELAI_TOUR_MS);
    tour.then(resolve, reject).finally(() => clearTimeout(minuterie));
  });
}
