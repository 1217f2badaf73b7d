import { z } from 'zod';

/**
 * What became of a message. `incertaine`: Teams may have shown it, nothing says so; `bloquee`: the bot was blocked, uninstalled or the conversation is
 * gone; `refusee`: Teams will never take this one; `plus-tard`: not shown, Teams or the network would not take it in the time there was.
 */
export type Issue = 'envoyee' | 'incertaine' | 'bloquee' | 'refusee' | 'plus-tard';

export type Reprise = {
  /** Milliseconds before the first retry, doubled at each one, up to a third more at random. */
  readonly baseMs: number;
  readonly essais: number;
  /** Milliseconds the whole may last; a longer `Retry-After` is not waited for. */
  readonly patienceMs: number;
  /**
   * A 502 can come after the message was shown. In a conversation the person waits for it and losing it is worse: it is sent again, as Teams asks. A notification
   * can be lost (the console has it): it is not.
   */
  readonly apres502: 'renvoyer' | 'laisser';
};
/** The connector gives up on a turn after fifteen seconds: the answer and its retries fit within. */
export const REPRISE_TOUR: Reprise = { baseMs: 500, essais: 4, patienceMs: 9_000, apres502: 'renvoyer' };

/** A notification: nobody waits for it, and it must not be shown twice. */
export const REPRISE_NOTIFICATION: Reprise = {
  baseMs: 1_000,
  essais: 3,
  patienceMs: 20_000,
  apres502: 'laisser',
};

const aDesEntetes = (v: unknown): boolean =>
  typeof v === 'object' &&
  v !== null &&
  'headers' in v &&
  typeof v.headers === 'object' &&
  v.headers !== null;
const schemaErreur = z.looseObject({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  // As it is: a copy would lose the methods of the headers.
  response: z.custom<{ readonly headers: object }>(aDesEntetes).optional(),
});

type Verdict =
  | { readonly issue: Exclude<Issue, 'envoyee' | 'plus-tard'> }
  | { readonly issue: 'plus-tard'; readonly attendreMs?: number };

/** The connection was never made: nothing can have been shown. */
const JAMAIS_PARTI = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** `Retry-After` in milliseconds: seconds or a date. */
function attenteDemandee(entetes: object, maintenant: number): number | undefined {
  const lire: unknown = Reflect.get(entetes, 'get');
  const brut: unknown = typeof lire === 'function' ? lire.call(entetes, 'retry-after') : undefined;
  if (typeof brut !== 'string' || brut.trim() === '') return undefined;
  const secondes = Number(brut);
  const ms = Number.isFinite(secondes) ? secondes * 1000 : Date.parse(brut) - maintenant;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** What an error of the connector means for the message. */
export function juger(erreur: unknown, apres502: Reprise['apres502'], maintenant: number): Verdict {
  const lu = schemaErreur.safeParse(erreur);
  const statut = lu.success ? lu.data.statusCode : undefined;
  const attendreMs =
    lu.success && lu.data.response !== undefined
      ? attenteDemandee(lu.data.response.headers, maintenant)
      : undefined;
  const plusTard: Verdict = { issue: 'plus-tard', ...(attendreMs === undefined ? {} : { attendreMs }) };
  if (statut === undefined)
    return lu.success && JAMAIS_PARTI.has(lu.data.code ?? '') ? plusTard : { issue: 'incertaine' };
  if (statut === 403 || statut === 404) return { issue: 'bloquee' };
  if (statut === 412 || statut === 429 || statut === 503) return plusTard;
  if (statut === 502 && apres502 === 'renvoyer') return plusTard;
  // 504 and the other failures of a gateway: the message had gone through it.
  if (statut >= 500) return { issue: 'incertaine' };
  return { issue: 'refusee' };
}

export type Temps = {
  readonly horloge: () => number;
  readonly attendre: (ms: number) => Promise<void>;
  /** Between 0 and 1. */
  readonly hasard: () => number;
  /** Told of every failure that ends a message, with the status Teams answered, 0 when it answered nothing. */
  readonly signaler: (issue: Issue, statut: number) => void;
};

/** How it ended; with `plus-tard`, how long Teams asked to be left alone. */
export type Envoye = { readonly issue: Issue; readonly attendreMs?: number };

/** Posts one message, again when Teams asks for it and it cannot have been shown. Never rejects for what the network answers. */
export async function poster(
  envoyer: () => Promise<unknown>,
  reprise: Reprise,
  temps: Temps,
): Promise<Envoye> {
  const fin = temps.horloge() + reprise.patienceMs;
  for (let essai = 1; ; essai += 1) {
    try {
      await envoyer();
      return { issue: 'envoyee' };
    } catch (erreur) {
      const verdict = juger(erreur, reprise.apres502, temps.horloge());
      const finir = (): Envoye => {
        const lu = schemaErreur.safeParse(erreur);
        temps.signaler(verdict.issue, lu.success ? (lu.data.statusCode ?? 0) : 0);
        return verdict;
      };
      if (verdict.issue !== 'plus-tard') return finir();
      const recul = reprise.baseMs * 2 ** (essai - 1) * (1 + temps.hasard() / 3);
      // Never before what Teams asked for.
      const attente = Math.max(recul, verdict.attendreMs ?? 0);
      if (essai >= reprise.essais || temps.horloge() + attente > fin) return finir();
      await temps.attendre(attente);
    }
  }
}

/**
 * Posts messages one after the other, in order. One Teams refuses leaves a hole; a conversation that is closed, or a service that takes nothing,
 * ends the series: what follows would arrive out of place.
 */
export async function posterSuite<T>(
  suite: readonly T[],
  envoyer: (un: T) => Promise<unknown>,
  reprise: Reprise,
  temps: Temps,
): Promise<Envoye> {
  let pire: Envoye = { issue: 'envoyee' };
  for (const un of suite) {
    const envoye = await poster(() => envoyer(un), reprise, temps);
    if (envoye.issue === 'bloquee' || envoye.issue === 'plus-tard') return envoye;
    if (envoye.issue !== 'envoyee') pire = envoye;
  }
  return pire;
}
