import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import type { Horloge } from '../ports.ts';

/** Why a token is refused: a closed list, so that a log can say it without quoting the token. */
export type CodeJeton =
  | 'absent'
  | 'illisible'
  | 'algorithme'
  | 'cle-inconnue'
  | 'signature'
  | 'expire'
  | 'pas-encore-valable'
  | 'emetteur'
  | 'destinataire'
  | 'revendication'
  /** Ours, not the caller's: the keys could not be read. */
  | 'cles-indisponibles';
export type RefusJeton = { readonly code: CodeJeton };

export type JetonVerifie = {
  readonly revendications: JWTPayload;
  /** What the key server says of the signing key beyond the key itself (Bot Framework: `endorsements`). */
  readonly cle: Readonly<Record<string, unknown>>;
};

export type OptionsVerificateur = {
  /** Address of the OpenID metadata: where the keys are is read there. */
  readonly metadonnees: string;
  readonly emetteur: string;
  readonly destinataires: readonly string[];
  readonly horloge: Horloge;
  /** Clock difference allowed on both sides, in seconds. */
  readonly toleranceS?: number;
  /** Milliseconds a call to the key server may last. */
  readonly delaiMs?: number;
  /** Milliseconds after a reading of the keys before an unknown one makes them read again: tokens made up by strangers cost nothing. */
  readonly repitMs?: number;
  /** Milliseconds keys are kept: a withdrawn one is refused after that. */
  readonly gardeMs?: number;
};

export type Verificateur = { verifier(jeton: string): Promise<Resultat<JetonVerifie, RefusJeton>> };

const DECOUVERTE_MS = 24 * 3_600_000;
const schemaDecouverte = z.looseObject({ jwks_uri: z.url() });
class ClesIndisponibles extends Error {}

/**
 * Verifies signed tokens against the keys a server publishes: RS256 only, signature, issuer, audience, expiry (required). The Bot Framework SDK has a
 * verifier too; it prints keys and errors on the console, waits an hour before it reads a rotated key, and answers 500 to HS256 (measured), so both
 * the bot and the tab use this one.
 */
export function creerVerificateur(options: OptionsVerificateur): Verificateur {
  const { metadonnees, horloge, delaiMs = 5_000 } = options;
  let cles: { readonly jeu: RemoteJWKSet; readonly luLe: number } | undefined;

  async function trouverCles(): Promise<RemoteJWKSet> {
    if (cles !== undefined && horloge() - cles.luLe < DECOUVERTE_MS) return cles.jeu;
    const reponse = await fetch(metadonnees, { signal: AbortSignal.timeout(delaiMs), redirect: 'error' });
    if (!reponse.ok) throw new ClesIndisponibles(`métadonnées : ${reponse.status}`);
    const adresse = new URL(schemaDecouverte.parse(await reponse.json()).jwks_uri);
    // Never from https to http: whoever answers in clear would choose the keys.
    if (adresse.protocol !== new URL(metadonnees).protocol) throw new ClesIndisponibles('adresse des clés');
    const jeu = createRemoteJWKSet(adresse, {
      timeoutDuration: delaiMs,
      ...(options.repitMs === undefined ? {} : { cooldownDuration: options.repitMs }),
      ...(options.gardeMs === undefined ? {} : { cacheMaxAge: options.gardeMs }),
    });
    cles = { jeu, luLe: horloge() };
    return jeu;
  }

  return {
    async verifier(jeton) {
      if (jeton === '') return refuse({ code: 'absent' });
      let jeu: RemoteJWKSet;
      try {
        jeu = await trouverCles();
      } catch {
        return refuse({ code: 'cles-indisponibles' });
      }
      try {
        const lu = await jwtVerify(jeton, jeu, {
          algorithms: ['RS256'],
          issuer: options.emetteur,
          audience: [...options.destinataires],
          requiredClaims: ['exp'],
          clockTolerance: options.toleranceS ?? 60,
          currentDate: new Date(horloge()),
        });
        const cle = jeu.jwks()?.keys.find((k) => k.kid === lu.protectedHeader.kid) ?? {};
        return reussi({ revendications: lu.payload, cle: { ...cle } });
      } catch (erreur) {
        return refuse({ code: codeDe(erreur) });
      }
    },
  };
}

const REVENDICATIONS: Readonly<Record<string, CodeJeton>> = {
  iss: 'emetteur',
  aud: 'destinataire',
  nbf: 'pas-encore-valable',
};

/** Everything else (a network error, an answer that is no key set) is the key server's fault. */
function codeDe(erreur: unknown): CodeJeton {
  if (erreur instanceof errors.JWTExpired) return 'expire';
  if (erreur instanceof errors.JWTClaimValidationFailed)
    return REVENDICATIONS[erreur.claim] ?? 'revendication';
  if (erreur instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (erreur instanceof errors.JWKSNoMatchingKey || erreur instanceof errors.JWKSMultipleMatchingKeys)
    return 'cle-inconnue';
  if (erreur instanceof errors.JOSEAlgNotAllowed || erreur instanceof errors.JOSENotSupported)
    return 'algorithme';
  if (erreur instanceof errors.JWSInvalid || erreur instanceof errors.JWTInvalid) return 'illisible';
  return 'cles-indisponibles';
}

/** The token of an `Authorization: Bearer …` header; empty when there is none of that form. */
export const jetonDe = (entete: string | undefined): string =>
  /^Bearer ([\w.~+/-]+=*)$/i.exec(entete ?? '')?.[1] ?? '';
