import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RefusFichier } from '../../knowledge/information/index.ts';
import { reduireTerritoire, schemaTerritoire, type PackEcrit } from '../../knowledge/territoire/index.ts';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';

const zone = z.enum(['metro', 'drom', 'com']);
const schemaCommune = z.object({
  code: z.string().regex(/^\d[\dAB]\d{3}$/, 'code Insee de cinq caractères attendu (zéro perdu ?)'),
  nom: z.string().min(1),
  type: z.enum(['commune-actuelle', 'commune-deleguee', 'commune-associee', 'arrondissement-municipal']),
  zone: zone.optional(),
  departement: z.string().optional(),
  region: z.string().optional(),
  population: z.number().int().min(0).optional(),
  codesPostaux: z.array(z.string().regex(/^\d{5}$/, 'code postal de cinq chiffres attendu')).optional(),
  commune: z.string().optional(),
  chefLieu: z.string().optional(),
});
const schemaDepartement = z.object({
  code: z.string(),
  nom: z.string(),
  region: z.string(),
  typeLiaison: z.number().int(),
  zone,
});
const schemaRegion = z.object({
  code: z.string(),
  nom: z.string(),
  typeLiaison: z.number().int(),
  zone,
  chefLieu: z.string(),
});

/** Reads one list of the package; the first wrong entry is named with its rank, « ligne » counting from 1. */
function lireListe<S extends z.ZodType>(
  dossier: string,
  nom: string,
  schema: S,
): Resultat<readonly z.output<S>[], RefusFichier> {
  const chemin = join(dossier, `${nom}.json`);
  if (!existsSync(chemin))
    return refuse({
      code: 'fichier-absent',
      message: `${chemin} manque : donnez le dossier « data » de @etalab/decoupage-administratif.`,
    });
  let brut: unknown;
  try {
    brut = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(chemin)));
  } catch {
    return refuse({ code: 'fichier-tronque', message: `${nom}.json est abîmé, ou n’est pas en UTF-8.` });
  }
  if (!Array.isArray(brut))
    return refuse({ code: 'format-inconnu', message: `${nom}.json doit être une liste.` });
  const lues: z.output<S>[] = [];
  for (const [i, entree] of brut.entries()) {
    const lu = schema.safeParse(entree);
    if (!lu.success) {
      const [premiere] = lu.error.issues;
      return refuse({
        code: 'code-illisible',
        ligne: i + 1,
        message: `${nom}.json, entrée ${i + 1}, ${premiere?.path.join(' → ') ?? ''} : ${premiere?.message ?? 'illisible'}.`,
      });
    }
    lues.push(lu.data);
  }
  return reussi(lues);
}

export type BilanCog = {
  readonly pack: PackEcrit;
  readonly communes: number;
  readonly anciennes: number;
  readonly departements: number;
  readonly regions: number;
};

const COMMUNES_MIN = 34_000;

/**
 * Reads a geographic code (folder of the package, or its `data`): every commune of today, metropolitan or of the overseas départements, must have a département and a region that
 * exist, and no code may appear twice.
 */
export function lireCog(fichier: string, annee: number): Resultat<BilanCog, RefusFichier> {
  if (!existsSync(fichier) || !statSync(fichier).isDirectory())
    return refuse({
      code: 'fichier-absent',
      message: `${fichier} : un dossier est attendu (celui de @etalab/decoupage-administratif).`,
    });
  const dossier = existsSync(join(fichier, 'data')) ? join(fichier, 'data') : fichier;
  const communes = lireListe(dossier, 'communes', schemaCommune);
  if (!communes.ok) return communes;
  const departements = lireListe(dossier, 'departements', schemaDepartement);
  if (!departements.ok) return departements;
  const regions = lireListe(dossier, 'regions', schemaRegion);
  if (!regions.ok) return regions;
  const codesRegions = new Set(regions.valeur.map((r) => r.code));
  const codesDepartements = new Map(departements.valeur.map((d) => [d.code, d.region]));
  const vus = new Set<string>();
  for (const [i, c] of communes.valeur.entries()) {
    if (c.type !== 'commune-actuelle') continue;
    const ligne = i + 1;
    if (vus.has(c.code))
      return refuse({
        code: 'doublon-contradictoire',
        ligne,
        message: `communes.json, entrée ${ligne} : la commune ${c.code} y est deux fois.`,
      });
    vus.add(c.code);
    const region = codesDepartements.get(c.departement ?? '');
    if (c.zone !== 'com' && (region === undefined || !codesRegions.has(region)))
      return refuse({
        code: 'territoire-inconnu',
        ligne,
        message: `communes.json, entrée ${ligne} : ${c.nom} (${c.code}) n’a pas de département ou de région connus.`,
      });
  }
  if (vus.size < COMMUNES_MIN)
    return refuse({
      code: 'fichier-retreci',
      message: `${vus.size} communes : il y en a plus de ${COMMUNES_MIN}, le fichier a sans doute été coupé.`,
    });
  // An overseas collectivity has no département of its own in the code: the package gives it one by its first digits, kept as it is.
  const pack = schemaTerritoire.safeParse(
    reduireTerritoire(
      { communes: communes.valeur, departements: departements.valeur, regions: regions.valeur },
      {
        producteur: 'Insee (COG), Etalab',
        paquet: '@etalab/decoupage-administratif',
        version: 'importée',
        millesime: annee,
        licence: 'Licence Ouverte 2.0',
      },
    ),
  );
  if (!pack.success)
    return refuse({
      code: 'donnees-refusees',
      message: pack.error.issues
        .slice(0, 3)
        .map((i) => `${i.path.join(' → ')} : ${i.message}`)
        .join(' ; '),
    });
  return reussi({
    pack: pack.data,
    communes: vus.size,
    anciennes: communes.valeur.length - vus.size,
    departements: departements.valeur.length,
    regions: regions.valeur.length,
  });
}
