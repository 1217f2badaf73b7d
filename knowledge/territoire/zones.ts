import { z } from 'zod';
import { DonneeInvalide, lireDonnees } from '../vocabulaire/index.ts';
import { departement, departements, region, regions, versionTerritoire } from './communes.ts';
import { normaliserLieu } from './normaliser-lieu.ts';

const FICHIER = 'knowledge/territoire/donnees/noms-usuels.json';
const schema = z.strictObject({
  regions: z.record(z.string(), z.string()),
  departements: z.record(z.string(), z.string()),
  vagues: z.array(z.string()),
});

/** What a name of area means. `vague` is a name that tells no region (« le Sud-Ouest »): to be asked, never guessed. */
export type Zone =
  | { readonly genre: 'region' | 'departement'; readonly code: string }
  | { readonly genre: 'vague' };

type Index = { readonly zones: ReadonlyMap<string, Zone>; readonly longueurs: ReadonlyMap<string, number> };
let index: Index | undefined;
let versionIndexee = 0;

function charger(): Index {
  if (index !== undefined && versionIndexee === versionTerritoire()) return index;
  versionIndexee = versionTerritoire();
  const usuels = lireDonnees(FICHIER, schema);
  const zones = new Map<string, Zone>();
  for (const nom of usuels.vagues) zones.set(nom, { genre: 'vague' });
  for (const r of regions()) zones.set(normaliserLieu(r.nom), { genre: 'region', code: r.code });
  // A département wins over the region of the same name (Guadeloupe…): it says both.
  for (const d of departements()) zones.set(normaliserLieu(d.nom), { genre: 'departement', code: d.code });
  for (const [nom, code] of Object.entries(usuels.regions)) {
    if (region(code) === undefined)
      throw new DonneeInvalide(`${FICHIER} : regions → ${nom} : région « ${code} » inconnue.`);
    if (!zones.has(nom)) zones.set(nom, { genre: 'region', code });
  }
  for (const [nom, code] of Object.entries(usuels.departements)) {
    if (departement(code) === undefined)
      throw new DonneeInvalide(`${FICHIER} : departements → ${nom} : département « ${code} » inconnu.`);
    zones.set(nom, { genre: 'departement', code });
  }
  const longueurs = new Map<string, number>();
  for (const nom of zones.keys()) {
    const mots = nom.split(' ');
    const premier = mots[0] ?? '';
    if ((longueurs.get(premier) ?? 0) < mots.length) longueurs.set(premier, mots.length);
  }
  index = { zones, longueurs };
  return index;
}

/**
 * The region or département of a name, official or everyday (already through `normaliserLieu`): « paca », « region parisienne », « hautes alpes ».
 * @throws {DonneeInvalide} the file of everyday names points to an unknown code.
 */
export const zoneNommee = (nom: string): Zone | undefined => charger().zones.get(nom);

/** How many words the longest area name beginning with this word has; 0 when none does. */
export const longueurMaximaleZone = (premierMot: string): number => charger().longueurs.get(premierMot) ?? 0;
