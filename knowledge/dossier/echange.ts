import { z } from 'zod';
import { estJour, lireDonnees } from '../vocabulaire/index.ts';

const minutes = z.int().min(1).max(1_440);
const schema = z.strictObject({
  /** The person wrote and nobody answered. */
  sansReponseMinutes: minutes,
  /** The counsellor spoke last, and the person says nothing. */
  silenceMinutes: minutes,
  /** Another tool holds the conversation (Bot Framework handoff): what its agents write never passes here. */
  concentrateurMinutes: minutes,
  pourquoi: z.string().min(1),
  verifieLe: z.string().refine(estJour),
});
export type DelaisEchange = z.output<typeof schema>;

let delais: DelaisEchange | undefined;

/** How long a live exchange may stay without anybody there; read once. @throws {DonneeInvalide} */
export const delaisEchange = (): DelaisEchange =>
  (delais ??= lireDonnees('knowledge/dossier/donnees/echange.json', schema));

/** Who holds a conversation when it is another tool (Bot Framework handoff), not our console. */
export const CONCENTRATEUR = 'concentrateur';

/** Who wrote in an exchange and when (ms), in order. */
export type ParoleEchange = { readonly de: 'personne' | 'conseiller'; readonly le: number };

const MINUTE_MS = 60_000;

/**
 * The instant (ms) after which the assistant takes the conversation back: counted from the first words nobody answered, else from the
 * counsellor's last sign. What the person writes never pushes it back: nobody waits longer by insisting.
 * @param ouvertLe when the counsellor joined
 */
export function echeanceEchange(
  ouvertLe: number,
  paroles: readonly ParoleEchange[],
  { sansReponseMinutes, silenceMinutes }: DelaisEchange,
): number {
  const dernier = paroles.findLastIndex((p) => p.de === 'conseiller');
  const signe = paroles[dernier]?.le ?? ouvertLe;
  const attend = paroles.slice(dernier + 1).find((p) => p.de === 'personne');
  const silence = signe + silenceMinutes * MINUTE_MS;
  return attend === undefined ? silence : Math.min(silence, attend.le + sansReponseMinutes * MINUTE_MS);
}

/** Whether a counsellor holds the conversation, from its raw events: what a channel needs to know without reading the dossier. */
export const estEnEchange = (evenements: readonly { readonly type: string }[]): boolean =>
  evenements.findLast((e) => e.type === 'echange-ouvert' || e.type === 'echange-clos')?.type ===
  'echange-ouvert';
