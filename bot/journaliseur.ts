import pino from 'pino';
import type { Journaliseur } from './ports.ts';

/** Structured JSON lines on stderr. Takes codes and identifiers only; an error keeps its class and stack, never a request body. */
export function creerJournaliseur(niveau: string): Journaliseur {
  const journal = pino(
    { level: niveau, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    info: (code, details = {}) => journal.info({ code, ...details }),
    alerte: (code, details = {}) => journal.warn({ code, ...details }),
    erreur: (code, erreur, details = {}) =>
      journal.error({
        code,
        ...details,
        type: erreur instanceof Error ? erreur.name : typeof erreur,
        pile: erreur instanceof Error ? pileSansMessage(erreur) : undefined,
      }),
  };
}

/** The frames only: an error's message may quote what a person typed (a parser's « unexpected token … »). */
const pileSansMessage = (erreur: Error): string =>
  (erreur.stack ?? '')
    .split('\n')
    .filter((l) => /^\s+at /.test(l))
    .slice(0, 12)
    .join('\n');
