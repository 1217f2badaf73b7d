import { z } from 'zod';
import type { Reponse } from '../../dialogs/messages.ts';
import type { ActiviteSortante } from './rendu.ts';

/** Names of the protocol (Bot Framework handoff): kept as constants of ours, they outlive the SDK. */
const INITIER = 'handoff.initiate';
const STATUT = 'handoff.status';

/** Where a handoff stands, in the protocol's words. */
export const STATUTS_HANDOFF = ['accepted', 'failed', 'completed'] as const;
export type StatutHandoff = (typeof STATUTS_HANDOFF)[number];

const evenement = (name: string, value: object): ActiviteSortante => ({ type: 'event', name, value });

/**
 * What a message tells the tools behind an Azure channel. The request for a human carries where it goes and nothing of the person: no
 * transcript, no document, no reference code (it opens the person's own page). The website never receives these (`sortie.ts`).
 */
export function evenementsHandoff({ passage, echange }: Reponse): readonly ActiviteSortante[] {
  if (passage !== undefined) return [evenement(INITIER, { ...passage, locale: 'fr-FR' })];
  // Said by the tool that holds the conversation itself: not said back to it.
  if (echange === undefined || echange.chez === 'concentrateur') return [];
  return [evenement(STATUT, { state: echange.etat === 'ouvert' ? 'accepted' : 'completed' })];
}

/** Teams shows nothing of an event and has no such tool behind it; other Azure channels may. */
export const aUnConcentrateur = (canal: string | undefined): boolean => canal !== 'msteams';

const schemaStatut = z.looseObject({
  type: z.literal('event'),
  name: z.literal(STATUT),
  value: z.looseObject({ state: z.enum(STATUTS_HANDOFF) }),
  from: z.looseObject({ id: z.string().min(1) }),
});

/** Reads what a tool says of a handoff; `undefined` for anything else, its free `message` left aside: we show our own words only. */
export function lireStatutHandoff(
  activite: Readonly<Record<string, unknown>>,
): { readonly statut: StatutHandoff; readonly de: string } | undefined {
  const lu = schemaStatut.safeParse(activite);
  return lu.success ? { statut: lu.data.value.state, de: lu.data.from.id } : undefined;
}
