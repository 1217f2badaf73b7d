import type { Server } from 'restify';
import { ErreurHttp } from './erreur-http.ts';
import type { Verdict } from './limiteur.ts';
import { repondreJson } from './repondre.ts';

/** Named checks, each true when that part can serve. */
export type Sondes = Readonly<Record<string, () => boolean | Promise<boolean>>>;

/** `/healthz`: the process answers. `/readyz`: every part can serve; 503 names the ones that cannot. */
export function monterSante(serveur: Server, sondes: Sondes): void {
  serveur.get('/healthz', async (_req, res) => repondreJson(res, { etat: 'ok' }));
  serveur.get('/readyz', async (_req, res) => {
    const resultats = await Promise.all(
      Object.entries(sondes).map(async ([nom, sonde]) => [nom, await estPrete(sonde)] as const),
    );
    const prete = resultats.every(([, ok]) => ok);
    repondreJson(
      res,
      { etat: prete ? 'ok' : 'indisponible', parties: Object.fromEntries(resultats) },
      { statut: prete ? 200 : 503, ...(prete ? {} : { entetes: { 'Retry-After': '5' } }) },
    );
  });
}

async function estPrete(sonde: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await sonde();
  } catch {
    // A probe that fails answers the question: not ready.
    return false;
  }
}

/** Turns a limiter's refusal into a 429 with `Retry-After`. @throws {ErreurHttp} */
export function verdictDe(verdict: Verdict): void {
  if (verdict.ok) return;
  throw new ErreurHttp(429, 'TooManyRequests', 'Too many requests.', {
    'Retry-After': String(Math.max(1, Math.ceil(verdict.attendreMs / 1000))),
  });
}
