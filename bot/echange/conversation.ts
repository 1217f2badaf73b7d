import { parolesMontrees, type ParoleLue } from '../../knowledge/dossier/index.ts';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { estOuvert, type Conseiller, type Transmission, type Transmissions } from '../handover/index.ts';
import type { Journal } from '../storage/journal.ts';
import { attendreUnSigne } from './attendre.ts';
import { lireEntrees, type Entree } from './entrees.ts';

/** One message of a conversation the person lets the service read. `bouton`: chosen, not typed. */
export type LigneConversation = {
  readonly id: string;
  readonly le: number;
  readonly de: 'personne' | 'assistant';
  readonly texte: string;
  readonly bouton?: true;
};

/**
 * `sans-accord`: never agreed to. `accord-retire`: taken back. `close`: the request is over, and the agreement with it. `sans-conversation`:
 * erased or expired. `altere`: the agreement is no longer the one that was sealed, so it is worth nothing.
 */
export type EtatLecture =
  | 'lisible'
  | 'sans-accord'
  | 'accord-retire'
  | 'close'
  | 'sans-conversation'
  | 'altere';

export type VueConversation = {
  readonly etat: EtatLecture;
  readonly lignes: readonly LigneConversation[];
  /** In Teams the answers of the assistant are Teams' to keep: only what the person wrote is there. */
  readonly sansAssistant?: true;
};

export type RefusLecture = { readonly code: 'pas-a-vous' };

/** The conversation of a request, for the counsellor who holds it, where the person agreed. Its log is the only place it is read from. */
export type Conversations = {
  /** Whether it may be read now. @param t a request whose rights have been checked */
  etat(t: Transmission, par: Conseiller): Promise<Resultat<EtatLecture, RefusLecture>>;
  lire(t: Transmission, par: Conseiller): Promise<Resultat<VueConversation, RefusLecture>>;
  /** Resolves when the agreement, the request or the conversation may have changed, when the signal ends, or after `ms`. */
  attendre(t: Transmission, signal: AbortSignal, ms: number): Promise<void>;
};

/** The agreement to read the conversation now in force; `undefined`: none, taken back, or over with the request. */
export const lectureEnVigueur = (t: Transmission | undefined) =>
  t === undefined || !estOuvert(t.etat) || t.contenu?.lectureRetiree !== undefined
    ? undefined
    : t.contenu?.consentement.conversation;

export function creerConversations({
  transmissions,
  journal,
}: {
  readonly transmissions: Transmissions;
  readonly journal: Journal;
}): Conversations {
  async function etatDe(t: Transmission): Promise<EtatLecture> {
    const { contenu } = t;
    if (contenu?.consentement.conversation === undefined) return 'sans-accord';
    if (contenu.lectureRetiree !== undefined) return 'accord-retire';
    if (!estOuvert(t.etat)) return 'close';
    if (transmissions.integrite(t) !== 'intact') return 'altere';
    return (await journal.conversationDe(t.reference)) === undefined ? 'sans-conversation' : 'lisible';
  }

  return {
    async etat(t, par) {
      return t.conseiller?.id === par.id ? reussi(await etatDe(t)) : refuse({ code: 'pas-a-vous' });
    },

    async lire(t, par) {
      if (t.conseiller?.id !== par.id) return refuse({ code: 'pas-a-vous' });
      const etat = await etatDe(t);
      const consentement = t.contenu?.consentement;
      const conversation = await journal.conversationDe(t.reference);
      if (etat !== 'lisible' || consentement?.conversation === undefined || conversation === undefined)
        return reussi({ etat, lignes: [] });
      const [entete, lu] = [await journal.entete(conversation), await lireEntrees(journal, conversation)];
      if (entete === undefined || lu === undefined) return reussi({ etat: 'sans-conversation', lignes: [] });
      const paroles = avantLAccord(lu.entrees, consentement.le);
      return reussi({
        etat,
        lignes: parolesMontrees(paroles, consentement.conversation).map(({ id, le, de, texte, valeur }) => ({
          id,
          le,
          de,
          texte,
          ...(valeur === undefined ? {} : { bouton: true }),
        })),
        ...(entete.canal === 'teams' ? { sansAssistant: true } : {}),
      });
    },

    async attendre({ reference }, signal, ms) {
      const conversation = await journal.conversationDe(reference);
      await attendreUnSigne(signal, ms, (signe) => [
        transmissions.surChangement((c) => (c.reference === reference ? signe() : undefined)),
        ...(conversation === undefined ? [] : [journal.ecouter(conversation, signe)]),
      ]);
    },
  };
}

/**
 * What the agreement is about: what was said between the person and the assistant up to it. Not what came after: nobody can agree to show
 * what is not said yet. Not a live exchange: that is another agreement, given to another service where the file moved.
 */
function avantLAccord(entrees: readonly Entree[], accord: number): readonly ParoleLue[] {
  const paroles: ParoleLue[] = [];
  let enEchange = false;
  for (const { id, le, de, texte, marque, valeur, repond, cartes, champs } of entrees) {
    if (le > accord) break;
    if (marque !== undefined) enEchange = marque.etat === 'ouvert';
    if (marque !== undefined || enEchange || de === 'conseiller') continue;
    const mots = [texte, ...cartes].filter((m) => m !== '').join('\n');
    if (mots === '') continue;
    paroles.push({
      id,
      le,
      de,
      texte: mots,
      champs,
      ...(valeur === undefined ? {} : { valeur }),
      ...(repond === undefined ? {} : { repond }),
    });
  }
  return paroles;
}
