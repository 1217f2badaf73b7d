import { decodeJwt } from 'jose';
import { z } from 'zod';
import { refuse, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { creerVerificateur, type CodeJeton } from '../http/index.ts';
import type { Horloge } from '../ports.ts';
import { identiteDe, type Correspondances, type Identite } from './openid.ts';

/** Who signs what Entra hands to the tab. Replaced by a local key server in tests. */
export type SignataireEntra = {
  readonly metadonnees: string;
  readonly emetteur: string;
  readonly repitMs?: number;
  readonly gardeMs?: number;
};

export type OptionsEntra = {
  readonly appId: string;
  readonly tenantId: string;
  readonly publicUrl: string;
  readonly correspondances: Correspondances;
  readonly signataire?: SignataireEntra;
};

/** `version-1`: the registration does not ask for version 2 tokens (`requestedAccessTokenVersion`); said apart because it is the usual mistake. */
export type RefusEntra = {
  readonly code: CodeJeton | 'version-1' | 'locataire' | 'portee' | 'client' | 'personne' | 'sans-role';
};

/** Teams asks for tokens under these two names: desktop and mobile, then the web. */
const CLIENTS_TEAMS = new Set([
  '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
]);
const PORTEE = 'access_as_user';

const schemaRevendications = z.looseObject({
  ver: z.literal('2.0'),
  tid: z.string(),
  azp: z.string(),
  scp: z.string(),
  oid: z.guid(),
});

/** What the manifest and the links call the tab. */
export const ID_ONGLET = 'console';

/** The address under which the tab asks for a token: the same in the registration, the manifest and here. */
export const ressourceEntra = ({ appId, publicUrl }: Pick<OptionsEntra, 'appId' | 'publicUrl'>): string =>
  `api://${new URL(publicUrl).host.toLowerCase()}/botid-${appId}`;

const estVersion1 = (jeton: string): boolean => {
  try {
    return decodeJwt(jeton).iss?.startsWith('https://sts.windows.net/') === true;
  } catch {
    return false;
  }
};

export type Entra = { identifier(jeton: string): Promise<Resultat<Identite, RefusEntra>> };

/**
 * Reads the Entra token Teams gives the tab: signature, issuer, audience in both its forms (application id, `api://…`), expiry, then tenant, scope and the client that asked.
 * The person is their `oid` in their tenant: names and addresses change and are given again. Their role comes from the configured claims, never
 * from being in the tenant.
 */
export function creerEntra(options: OptionsEntra & { readonly horloge: Horloge }): Entra {
  const { appId, tenantId, correspondances } = options;
  const locataire = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  const verificateur = creerVerificateur({
    ...(options.signataire ?? {
      metadonnees: `${locataire}/.well-known/openid-configuration`,
      emetteur: locataire,
    }),
    destinataires: [appId, ressourceEntra(options)],
    horloge: options.horloge,
  });
  return {
    async identifier(jeton) {
      const lu = await verificateur.verifier(jeton);
      if (!lu.ok)
        return refuse(lu.refus.code === 'emetteur' && estVersion1(jeton) ? { code: 'version-1' } : lu.refus);
      const { revendications } = lu.valeur;
      if (revendications['ver'] === '1.0') return refuse({ code: 'version-1' });
      const dites = schemaRevendications.safeParse(revendications);
      if (!dites.success) return refuse({ code: raisonDe(dites.error) });
      const { tid, azp, scp, oid } = dites.data;
      if (tid !== tenantId) return refuse({ code: 'locataire' });
      if (!scp.split(' ').includes(PORTEE)) return refuse({ code: 'portee' });
      if (!CLIENTS_TEAMS.has(azp)) return refuse({ code: 'client' });
      return identiteDe({ ...revendications, sub: `entra.${tid}.${oid}` }, correspondances);
    },
  };
}

const MANQUE: Readonly<Record<string, RefusEntra['code']>> = {
  tid: 'locataire',
  azp: 'client',
  scp: 'portee',
  oid: 'personne',
};
const raisonDe = (erreur: z.ZodError): RefusEntra['code'] =>
  MANQUE[String(erreur.issues[0]?.path[0])] ?? 'revendication';
