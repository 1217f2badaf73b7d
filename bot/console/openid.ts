import { readFileSync } from 'node:fs';
import * as client from 'openid-client';
import { z } from 'zod';
import { OPERATEURS, refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { ROLES, type Session } from './droits.ts';

const parRevendication = <T extends z.ZodType>(valeur: T) =>
  z.strictObject({
    /** Name of the claim, dots for what is nested (« realm_access.roles »). */
    revendication: z.string().min(1),
    valeurs: z.record(z.string(), valeur),
  });

/** How the provider's claims become our words; a value that is not listed gives nothing. */
export const schemaCorrespondances = z.strictObject({
  roles: parRevendication(z.enum(ROLES)),
  operateurs: z.union([z.literal('tous'), parRevendication(z.enum(OPERATEURS))]),
  regions: z.union([z.literal('toutes'), parRevendication(z.string().regex(/^\d{2}$/))]),
});
export type Correspondances = z.output<typeof schemaCorrespondances>;

/** @throws {Error} starting with the name of the variable, naming the field. */
export function lireCorrespondances(
  chemin: string,
  variable: 'OIDC_CORRESPONDANCES' | 'TEAMS_CORRESPONDANCES' = 'OIDC_CORRESPONDANCES',
): Correspondances {
  let brut: unknown;
  try {
    brut = JSON.parse(readFileSync(chemin, 'utf8'));
  } catch (cause) {
    throw new Error(`${variable} : ${chemin} est illisible ou n’est pas du JSON.`, { cause });
  }
  const lu = schemaCorrespondances.safeParse(brut);
  if (lu.success) return lu.data;
  const problemes = lu.error.issues.map((i) => `  - ${i.path.join(' → ')} : ${i.message}`);
  throw new Error(`${variable} : ${chemin} est refusé.\n${problemes.join('\n')}`);
}

export type Identite = Omit<Session, 'jeton' | 'fin'>;
type Revendications = Readonly<Record<string, unknown>>;

/** The value behind a claim's name, nested or not; `undefined` when the token does not carry it. */
function valeurDe(revendications: Revendications, chemin: string): unknown {
  if (revendications[chemin] !== undefined) return revendications[chemin];
  let lu: unknown = revendications;
  for (const nom of chemin.split('.')) {
    const objet = z.looseObject({}).safeParse(lu);
    lu = objet.success && Object.hasOwn(objet.data, nom) ? objet.data[nom] : undefined;
  }
  return lu;
}

const estPresente = (revendications: Revendications, chemin: string): boolean =>
  valeurDe(revendications, chemin) !== undefined;

/** What a claim says, as a list of words; nothing when it is absent or of another shape. */
function motsDe(revendications: Revendications, chemin: string): readonly string[] {
  const mots = z
    .union([z.string().transform((m) => [m]), z.array(z.string())])
    .safeParse(valeurDe(revendications, chemin));
  return mots.success ? mots.data : [];
}

const traduire = <T>(
  revendications: Revendications,
  regle: { readonly revendication: string; readonly valeurs: Readonly<Record<string, T>> },
): T[] => [
  ...new Set(
    motsDe(revendications, regle.revendication).flatMap((mot) => {
      const valeur = Object.hasOwn(regle.valeurs, mot) ? regle.valeurs[mot] : undefined;
      return valeur === undefined ? [] : [valeur];
    }),
  ),
];

/** Who signed in, in our words. Refused when no role is given here: a colleague of the same directory is not a counsellor. */
export function identiteDe(
  revendications: Revendications,
  { roles, operateurs, regions }: Correspondances,
): Resultat<Identite, { readonly code: 'sans-role' }> {
  const [id] = motsDe(revendications, 'sub');
  const donnes = traduire(revendications, roles);
  if (id === undefined || donnes.length === 0) return refuse({ code: 'sans-role' });
  const nom = ['name', 'usual_name', 'preferred_username', 'email'].flatMap((n) =>
    motsDe(revendications, n),
  )[0];
  return reussi({
    id,
    nom: (nom ?? id).slice(0, 120),
    roles: donnes,
    operateurs: operateurs === 'tous' ? 'tous' : traduire(revendications, operateurs),
    regions: regions === 'toutes' ? 'toutes' : traduire(revendications, regions),
  });
}

/** Every claim the file maps is in the token: there is nothing to ask for elsewhere. */
const sontPresentes = (revendications: Revendications, correspondances: Correspondances): boolean =>
  [correspondances.roles, correspondances.operateurs, correspondances.regions].every(
    (regle) => typeof regle === 'string' || estPresente(revendications, regle.revendication),
  );

export type OptionsOpenId = {
  readonly emetteur: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly correspondances: Correspondances;
  readonly retour: string;
};
/** What must come back with the person: kept in their browser, signed, ten minutes. */
export type Depart = {
  readonly etat: string;
  readonly nonce: string;
  readonly verificateur: string;
  /** The file to open once signed in: the identifier of a notification. */
  readonly demande?: string | undefined;
};

export type FournisseurOpenId = {
  /** Where to send the browser, and what to expect back. @throws when the provider does not answer. */
  partir(): Promise<{ readonly adresse: string; readonly depart: Depart }>;
  /** Exchanges the answer for an identity. @throws when state, nonce, code or signature is not the one expected. */
  revenir(adresse: URL, depart: Depart): Promise<Resultat<Identite, { readonly code: 'sans-role' }>>;
};

const DELAI_S = 10;

/** Authorization code with PKCE, state and nonce. The provider is discovered at the first sign-in, and again after a failure: it may start after us. */
export function creerFournisseur(options: OptionsOpenId): FournisseurOpenId {
  let decouverte: Promise<client.Configuration> | undefined;
  const configuration = (): Promise<client.Configuration> => {
    decouverte ??= client
      .discovery(new URL(options.emetteur), options.clientId, options.clientSecret, undefined, {
        timeout: DELAI_S,
        // Plain http is only ever accepted on this very machine: the configuration refuses it elsewhere.
        ...(options.emetteur.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}),
      })
      .catch((erreur: unknown) => {
        decouverte = undefined;
        throw erreur;
      });
    return decouverte;
  };
  return {
    async partir() {
      const config = await configuration();
      const depart = {
        etat: client.randomState(),
        nonce: client.randomNonce(),
        verificateur: client.randomPKCECodeVerifier(),
      };
      const adresse = client.buildAuthorizationUrl(config, {
        redirect_uri: options.retour,
        scope: 'openid profile email',
        response_type: 'code',
        state: depart.etat,
        nonce: depart.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(depart.verificateur),
        code_challenge_method: 'S256',
      });
      return { adresse: adresse.href, depart };
    },
    async revenir(adresse, { etat, nonce, verificateur }) {
      const config = await configuration();
      const jetons = await client.authorizationCodeGrant(config, adresse, {
        pkceCodeVerifier: verificateur,
        expectedState: etat,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const revendications = jetons.claims();
      if (revendications === undefined) throw new Error('Jeton d’identité absent.');
      const directe = identiteDe(revendications, options.correspondances);
      if (
        sontPresentes(revendications, options.correspondances) ||
        config.serverMetadata().userinfo_endpoint === undefined
      )
        return directe;
      // Some providers (ProConnect) keep everything but the identifier behind this second address, some only part of it.
      const infos = await client.fetchUserInfo(config, jetons.access_token, revendications.sub);
      return identiteDe({ ...infos, ...revendications }, options.correspondances);
    },
  };
}
