import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DonneeInvalide, lireDonnees, RACINE_PROJET, type Registre } from '../vocabulaire/index.ts';

const DOSSIER = 'knowledge/textes/donnees';
const schema = z.record(z.string(), z.strictObject({ standard: z.string().min(1), falc: z.string().min(1) }));

export type Parametres = Readonly<Record<string, string | number>>;

let catalogue: ReadonlyMap<string, Readonly<Record<Registre, string>>> | undefined;

/**
 * Reads every file of `knowledge/textes/donnees/` once. A key is « <file>.<entry> »: `dialogue.json` holds `dialogue.accueil`.
 * Each entry has both registers; a `{name}` is a hole filled by `texte`.
 * @throws {DonneeInvalide}
 */
export function chargerTextes(): ReadonlyMap<string, Readonly<Record<Registre, string>>> {
  if (catalogue !== undefined) return catalogue;
  const lu = new Map<string, Readonly<Record<Registre, string>>>();
  for (const fichier of readdirSync(join(RACINE_PROJET, DOSSIER))
    .filter((f) => f.endsWith('.json'))
    .sort()) {
    const sujet = fichier.slice(0, -'.json'.length);
    for (const [cle, valeur] of Object.entries(lireDonnees(`${DOSSIER}/${fichier}`, schema)))
      lu.set(`${sujet}.${cle}`, valeur);
  }
  catalogue = lu;
  return lu;
}

export const aTexte = (cle: string): boolean => chargerTextes().has(cle);

/**
 * The sentence of a key in a register, its holes filled.
 * @throws {DonneeInvalide} unknown key, or a hole nobody filled: a sentence with a hole must never reach a person.
 */
export function texte(cle: string, registre: Registre, parametres: Parametres = {}): string {
  const entree = chargerTextes().get(cle);
  if (entree === undefined) throw new DonneeInvalide(`Texte inconnu : « ${cle} » (attendu dans ${DOSSIER}).`);
  const phrase = entree[registre];
  // Most sentences have no hole, and a turn says many.
  if (!phrase.includes('{')) return phrase;
  return phrase.replaceAll(/\{(\w+)\}/g, (_, nom: string) => {
    const valeur = parametres[nom];
    if (valeur === undefined)
      throw new DonneeInvalide(`Texte « ${cle} » : le trou {${nom}} n’est pas rempli.`);
    return String(valeur);
  });
}

/** « heure de La Réunion »: the clock of an IANA time zone, in words; « heure de ce service » for one our lists do not name. */
export const heureDe = (fuseau: string, registre: Registre): string =>
  texte(aTexte(`fuseaux.${fuseau}`) ? `fuseaux.${fuseau}` : 'fuseaux.autre', registre);
