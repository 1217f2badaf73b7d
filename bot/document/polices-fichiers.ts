import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Folder of an installed package. */
export const paquet = (nom: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${nom}/package.json`));

/** Folder of the font of the PDF, for the pages on screen. */
export const dossierPolicesEcran = (): string =>
  join(paquet('@fontsource/atkinson-hyperlegible-next'), 'files');
