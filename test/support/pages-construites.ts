import { join } from 'node:path';
import { serveStatique, type Serveur } from '../../bot/http/index.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

/** Serves the built files of the console and of what its pages share, as the program does: for tests that open them in a browser. */
export function servirPagesConstruites(serveur: Serveur): void {
  for (const page of ['console', 'demo', 'widget'])
    serveStatique(serveur.restify, {
      prefixe: `/${page}`,
      dossier: join(RACINE_PROJET, 'dist', 'web', page),
    });
}
