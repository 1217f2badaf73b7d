import { setTimeout as attendre } from 'node:timers/promises';
import { refuse, reussi, type Resultat } from '../../../knowledge/vocabulaire/index.ts';
import { CARACTERES, lireCaracteres, lireReference } from '../../handover/reference.ts';
import { creerLimiteur, mac, memesOctets, type TrousseauDeCles } from '../../http/index.ts';
import type { EnteteJournal, Journal } from '../../storage/journal.ts';
import { empreinte, memeEmpreinte, nouveauSecret, type Jeton } from './jetons.ts';

const REPRISE_IDLE_MS = 24 * 3_600_000;
/** What a code adds to the reference: 31⁶ ≈ 9 × 10⁸ values, of which ten may be tried in an hour. */
const SUFFIXE = 6;
const ESSAIS_PAR_HEURE = 10;
/** One secret for the device the conversation began on, one for the last device that took it up with the code. */
const POSTES = ['reprise', 'reprise-code'] as const;
type Poste = (typeof POSTES)[number];
/**
 * `avant`: the secret this one replaced, worth something until this one serves. The answer that carried the new one may be lost in a tunnel,
 * however long; and a duplicated tab starts with the secret of the other, which must still come back after it.
 */
type Secret = { readonly hash: string; readonly avant?: string; readonly le: number };

/** A conversation taken up again; `resume` is the new secret, the one that opened it is spent. */
export type Reprise = {
  readonly conv: string;
  readonly utilisateur: string;
  readonly resume: string;
};
/** `illisible`: cannot be a code (public arithmetic, says nothing of what exists). `refuse`: unknown, erased, ended, or not its own: one answer for all. */
export type RefusReprise =
  | { readonly code: 'illisible' | 'refuse' }
  | { readonly code: 'trop-d-essais'; readonly attendreMs: number };

export type OptionsReprise = {
  readonly journal: Journal;
  readonly cles: TrousseauDeCles;
  readonly horloge: () => number;
};

/** The note a new conversation starts with, so that its first device can come back. */
export const noteDeReprise = (hash: string, le: number): Readonly<Record<string, Secret>> => ({
  reprise: { hash, le },
});

const suffixeDe = (cle: TrousseauDeCles[number], conv: string): string =>
  [...mac(cle, `code-de-reprise:${conv}`).subarray(0, SUFFIXE)]
    .map((octet) => CARACTERES.charAt(octet % CARACTERES.length))
    .join('');

/**
 * Coming back to a conversation (directline.md § 7.2): with this tab's secret, or on another device with a code. The code is the reference
 * plus six characters only the chat shows: the reference alone is also on the document and on the counsellor's screen, and must not open
 * everything the person wrote, what they cut included.
 */
export function creerReprise({ journal, cles, horloge }: OptionsReprise) {
  const essais = creerLimiteur({ nombre: ESSAIS_PAR_HEURE, parMs: 3_600_000, horloge });

  /** Second of the last « Terminer »; what was given until then is dead. Before it was dated it was `true`: dead for good. */
  async function fin(conv: string): Promise<number> {
    const note = await journal.note(conv, 'revoquee');
    return typeof note === 'number' ? note : note === true ? Infinity : -1;
  }

  async function ouvrir(entete: EnteteJournal, poste: Poste, avant?: string): Promise<Reprise> {
    const secret = nouveauSecret();
    await journal.noter(entete.id, poste, {
      hash: empreinte(secret),
      le: horloge(),
      ...(avant === undefined ? {} : { avant }),
    } satisfies Secret);
    return { conv: entete.id, utilisateur: entete.utilisateur, resume: `${entete.id}.${secret}` };
  }

  const estBon = (s: Secret, recu: string): boolean =>
    horloge() - s.le < REPRISE_IDLE_MS &&
    (memeEmpreinte(s.hash, recu) || (s.avant !== undefined && memeEmpreinte(s.avant, recu)));

  return {
    async estFinie({ conv, iat }: Pick<Jeton, 'conv' | 'iat'>): Promise<boolean> {
      return iat <= (await fin(conv));
    },

    /** « Terminer »: every token and secret given until now dies. False: no such conversation. */
    finir: (conv: string): Promise<boolean> => journal.noter(conv, 'revoquee', Math.floor(horloge() / 1_000)),

    /** @param brut `<conversation>.<secret>`, as given */
    async parSecret(brut: string): Promise<Resultat<Reprise, RefusReprise>> {
      const [conv = '', secret = ''] = brut.split('.');
      const entete = /^[\da-f]{32}$/.test(conv) ? await journal.entete(conv) : undefined;
      if (entete === undefined) return refuse({ code: 'refuse' });
      const recu = empreinte(secret);
      for (const poste of POSTES) {
        const note = (await journal.note(conv, poste)) as Secret | undefined;
        if (note === undefined || !estBon(note, recu)) continue;
        if (Math.floor(note.le / 1_000) <= (await fin(conv))) break;
        return reussi(await ouvrir(entete, poste, note.hash));
      }
      return refuse({ code: 'refuse' });
    },

    /** @param saisie the code as people write it (case, spaces, O for 0…) */
    async parCode(saisie: string): Promise<Resultat<Reprise, RefusReprise>> {
      const lu = lireCaracteres(saisie);
      const suffixe = lu.slice(-SUFFIXE);
      const reference = lireReference(lu.slice(0, -SUFFIXE));
      if (!reference.ok || suffixe.length < SUFFIXE) return refuse({ code: 'illisible' });
      // Counted for a reference that does not exist too: the limit must not tell which do.
      const verdict = essais.prendre(reference.valeur);
      if (!verdict.ok) return refuse({ code: 'trop-d-essais', attendreMs: verdict.attendreMs });
      const conv = (await journal.conversationDe(reference.valeur)) ?? '';
      const entete = conv === '' ? undefined : await journal.entete(conv);
      const juste = cles.some((c) => memesOctets(Buffer.from(suffixeDe(c, conv)), Buffer.from(suffixe)));
      if (!juste || entete?.canal !== 'directline') return refuse({ code: 'refuse' });
      // A token of the very second of the end would be dead too.
      const finie = await fin(conv);
      if (Math.floor(horloge() / 1_000) <= finie) await attendre(1_000 - (horloge() % 1_000));
      return finie === Infinity ? refuse({ code: 'refuse' }) : reussi(await ouvrir(entete, 'reprise-code'));
    },

    /** The code of this conversation; `undefined` when it does not exist (yet). */
    async codeDe(conv: string): Promise<string | undefined> {
      const entete = await journal.entete(conv);
      return entete === undefined ? undefined : `${entete.reference}-${suffixeDe(cles[0], conv)}`;
    },
  };
}
export type Reprises = ReturnType<typeof creerReprise>;
