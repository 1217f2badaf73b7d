import type { Avis, Issue } from './envoi.ts';
import { signerCorps } from './signature.ts';

export type DestinationWebhook = { readonly url: string; readonly secret: string };

const DELAI_MS = 10_000;
const ATTENTE_MAX_MS = 24 * 3_600_000;

/** `Retry-After` in milliseconds, seconds or date; nothing when it is neither. A receiver cannot make us wait more than a day. */
export function lireRetryAfter(valeur: string | null, maintenant: number): number | undefined {
  if (valeur === null) return undefined;
  const attente = /^\d{1,9}$/.test(valeur.trim()) ? Number(valeur) * 1000 : Date.parse(valeur) - maintenant;
  return Number.isFinite(attente) ? Math.min(Math.max(0, attente), ATTENTE_MAX_MS) : undefined;
}

/** The body a receiver gets: codes and a link. Version 1; what is added later never changes the meaning of what is there. */
export const corpsWebhook = (avis: Avis): string =>
  JSON.stringify({
    version: 1,
    cle: avis.cle,
    evenement: avis.evenement,
    dossier: avis.identifiant,
    service: avis.service.id,
    operateur: avis.operateur,
    ...(avis.region === undefined ? {} : { region: avis.region }),
    ...(avis.departement === undefined ? {} : { departement: avis.departement }),
    demande: avis.demande,
    deposeeLe: new Date(avis.deposeeLe).toISOString(),
    lien: avis.lien,
  });

/**
 * Posts a notification. Any answer but a 2xx is a failure to try again: a receiver that is badly set up today is repaired tomorrow, and
 * what was never accepted ends among the dead letters, not in silence. Redirections are not followed: the address is the one agreed on.
 */
export async function envoyerWebhook(
  avis: Avis,
  { url, secret }: DestinationWebhook,
  horloge: () => number,
): Promise<Issue> {
  const corps = corpsWebhook(avis);
  let reponse: Response;
  try {
    reponse = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(DELAI_MS),
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Idempotency-Key': avis.cle,
        'X-CEP-Signature': signerCorps(secret, Math.floor(horloge() / 1000), corps),
        'User-Agent': 'assistant-cep-niveau-1',
      },
      body: corps,
    });
  } catch (erreur) {
    const raison =
      erreur instanceof Error && erreur.name === 'TimeoutError' ? 'delai-depasse' : 'injoignable';
    return { ok: false, raison };
  }
  // Not read: the answer of somebody else's server is neither kept nor logged.
  await reponse.body?.cancel();
  if (reponse.ok) return { ok: true };
  const attendreMs = lireRetryAfter(reponse.headers.get('retry-after'), horloge());
  return { ok: false, raison: `http-${reponse.status}`, ...(attendreMs === undefined ? {} : { attendreMs }) };
}
