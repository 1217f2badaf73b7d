import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

// Refusals are read by maintainers: zod says what it expected in French, like the rest of the message.
z.config(z.locales.fr());

/** A data file of the project that cannot be used: the message names file, entry and field, for the maintainer who edits it. */
export class DonneeInvalide extends Error {
  override readonly name = 'DonneeInvalide';
}

function trouverRacine(): string {
  let dossier = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dossier, 'package.json')) || !existsSync(join(dossier, 'knowledge'))) {
    const parent = dirname(dossier);
    if (parent === dossier)
      throw new Error('Racine du projet introuvable : package.json et knowledge/ sont attendus ensemble.');
    dossier = parent;
  }
  return dossier;
}

/** The project's root folder: the same from the sources and from the built files. */
export const RACINE_PROJET: string = trouverRacine();

/** « regles[3] "cadre-en-poste" » → where in the file the first problem lies, with the entry's id when it has one. */
function endroit(brut: unknown, chemin: readonly PropertyKey[]): string {
  let valeur: unknown = brut;
  const morceaux: string[] = [];
  for (const cle of chemin) {
    valeur = valeur !== null && typeof valeur === 'object' ? Reflect.get(valeur, cle) : undefined;
    const id: unknown = valeur !== null && typeof valeur === 'object' ? Reflect.get(valeur, 'id') : undefined;
    morceaux.push(typeof id === 'string' ? `${String(cle)} (id « ${id} »)` : String(cle));
  }
  return morceaux.join(' → ') || '(racine)';
}

/**
 * Reads and checks one shipped JSON file (`chemin` relative to the project's root).
 * @throws {DonneeInvalide} unreadable, not JSON, or refused by the schema.
 */
export function lireDonnees<S extends z.ZodType>(chemin: string, schema: S): z.output<S> {
  let texte: string;
  try {
    texte = readFileSync(join(RACINE_PROJET, chemin), 'utf8');
  } catch (cause) {
    throw new DonneeInvalide(`${chemin} : fichier illisible ou absent.`, { cause });
  }
  let brut: unknown;
  try {
    brut = JSON.parse(texte);
  } catch (cause) {
    throw new DonneeInvalide(
      `${chemin} : ce n’est pas du JSON valide (${cause instanceof Error ? cause.message : 'erreur'}).`,
      { cause },
    );
  }
  const lu = schema.safeParse(brut);
  if (lu.success) return lu.data;
  const details = lu.error.issues.slice(0, 5).map((i) => `  - ${endroit(brut, i.path)} : ${i.message}`);
  throw new DonneeInvalide(`${chemin} : données refusées.\n${details.join('\n')}`);
}
