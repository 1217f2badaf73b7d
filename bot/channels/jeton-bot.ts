import { z } from 'zod';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { creerVerificateur, jetonDe, type CodeJeton } from '../http/index.ts';
import type { Horloge } from '../ports.ts';

/** Who signs what the Bot Framework posts. Replaced by a local key server in tests. */
export type SignataireBot = {
  readonly metadonnees: string;
  readonly emetteur: string;
  readonly repitMs?: number;
  readonly gardeMs?: number;
};
const BOT_FRAMEWORK: SignataireBot = {
  metadonnees: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  emetteur: 'https://api.botframework.com',
};
/** What the published rules allow between two clocks. */
const TOLERANCE_S = 300;

export type RefusBot = { readonly code: CodeJeton | 'adresse-de-service' | 'canal' | 'locataire' };

const schemaCle = z.looseObject({ endorsements: z.array(z.string()) });
const schemaLocataire = z.looseObject({
  conversation: z.looseObject({ tenantId: z.string().optional() }).optional(),
  channelData: z
    .looseObject({ tenant: z.looseObject({ id: z.string() }).optional() })
    .optional()
    .catch(undefined),
});

/** The tenant an activity says it comes from: two places, both filled by Teams, that must agree. */
function locatairesDe(activite: Readonly<Record<string, unknown>>): readonly string[] {
  const lu = schemaLocataire.safeParse(activite);
  if (!lu.success) return [];
  return [lu.data.conversation?.tenantId, lu.data.channelData?.tenant?.id].filter((t) => t !== undefined);
}

export type Gardien = {
  /** Whether an activity comes from the Bot Framework, for this bot, from this tenant. */
  laisserEntrer(
    entete: string,
    activite: Readonly<Record<string, unknown>>,
  ): Promise<Resultat<true, RefusBot>>;
};

/**
 * Checks the token of an activity: signed by the Bot Framework (RS256), for this application, not expired, by a key endorsed for the channel,
 * naming the address replies go to; then that a Teams activity comes from the tenant this installation was made for: an
 * operator's full conversation must not open inside a company (arrêté § 3.1).
 */
export function creerGardien(options: {
  readonly appId: string;
  readonly tenantId: string;
  readonly horloge: Horloge;
  readonly signataire?: SignataireBot | undefined;
}): Gardien {
  const verificateur = creerVerificateur({
    ...(options.signataire ?? BOT_FRAMEWORK),
    destinataires: [options.appId],
    horloge: options.horloge,
    toleranceS: TOLERANCE_S,
  });
  return {
    async laisserEntrer(entete, activite) {
      const lu = await verificateur.verifier(jetonDe(entete));
      if (!lu.ok) return lu;
      const { revendications, cle } = lu.valeur;
      if (revendications['serviceurl'] !== activite['serviceUrl'])
        return refuse({ code: 'adresse-de-service' });
      const approbations = schemaCle.safeParse(cle);
      // A key without a list is endorsed for every channel: that is how the published rules read.
      if (approbations.success && !approbations.data.endorsements.some((c) => c === activite['channelId']))
        return refuse({ code: 'canal' });
      const locataires = locatairesDe(activite);
      if (
        locataires.some((t) => t !== options.tenantId) ||
        (activite['channelId'] === 'msteams' && locataires.length === 0)
      )
        return refuse({ code: 'locataire' });
      return reussi(true);
    },
  };
}
