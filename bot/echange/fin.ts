import { createHash } from 'node:crypto';
import { CONCENTRATEUR, type Echange, type RaisonFinEchange } from '../../knowledge/dossier/index.ts';
import { estOuvert, type Transmission, type Transmissions } from '../handover/index.ts';
import type { EnteteConversation, Horloge } from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import { lireEchange } from './vue.ts';

/** How a counsellor is named inside one conversation: never their account, and not the same from one conversation to the next. */
export const anonyme = (conversation: string, compte: string): string =>
  createHash('sha256').update(`${conversation}|${compte}`).digest('hex').slice(0, 16);

/** Whether somebody may answer in the conversation at all: the request is open, and the person agreed. */
export const estOuvertAEchange = (t: Transmission | undefined): t is Transmission =>
  t !== undefined && estOuvert(t.etat) && t.contenu?.consentement.enDirect !== undefined;

/** Whether this request still allows this counsellor to answer in the conversation: theirs, open, agreed to, not withdrawn. */
export const estTenuePar = (t: Transmission | undefined, conversation: string, id: string): boolean =>
  estOuvertAEchange(t) && t.conseiller !== undefined && anonyme(conversation, t.conseiller.id) === id;

export type FinEchange = (
  entete: EnteteConversation,
  echange: Echange,
) => Promise<RaisonFinEchange | undefined>;

/**
 * Says why an exchange the log still shows open is over, from the request and the log alone: nothing of it lives in memory, so it holds
 * after a restart, and before the sweep passes.
 */
export const creerFinEchange =
  (options: {
    readonly transmissions: Transmissions;
    readonly journal: Journal;
    readonly horloge: Horloge;
  }): FinEchange =>
  async ({ id, reference }, { conseiller }) => {
    const t = await options.transmissions.lire(reference);
    const tient = conseiller.id === CONCENTRATEUR ? estOuvertAEchange(t) : estTenuePar(t, id, conseiller.id);
    if (!tient) return 'dossier';
    const vue = await lireEchange(options.journal, id);
    if (vue?.ouvertLe === undefined || vue.echeance === undefined) return undefined;
    // « Terminer » since the counsellor joined: the person left. They may come back with their code, and agree again.
    const terminee = await options.journal.note(id, 'revoquee');
    if (terminee === true || (typeof terminee === 'number' && terminee * 1_000 + 999 >= vue.ouvertLe))
      return 'personne';
    return options.horloge() >= vue.echeance ? 'inactivite' : undefined;
  };
