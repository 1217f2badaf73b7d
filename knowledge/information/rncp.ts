import { z } from 'zod';
import { refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import { creerCoffre, schemaProvenance } from './coffre.ts';
import { ficheRome } from './rome-paquet.ts';
import { lireTableur, type RefusFichier } from './tableur.ts';

/** Active certifications of the national register and the ROME v3 codes they lead to. */
export const schemaPaquetRncp = z.strictObject({
  version: z.literal(1),
  source: schemaProvenance,
  /** Number (« RNCP38228 »), title, European level (3 = CAP, 4 = bac, 5 = bac + 2…; 0 when the register gives none). */
  certifications: z
    .array(z.tuple([z.string().regex(/^RNCP\d+$/), z.string(), z.number().int().min(0).max(8)]))
    .min(1),
  /** ROME code → numbers, separated by spaces. */
  parRome: z.record(z.string().regex(/^[A-N]\d{4}$/u), z.string()),
});
export type PaquetRncp = z.output<typeof schemaPaquetRncp>;
export type Certification = { readonly numero: string; readonly intitule: string; readonly niveau: number };

export type BilanRncp = {
  readonly paquet: PaquetRncp;
  readonly inactives: number;
  readonly sansRome: number;
  readonly refus: readonly { readonly ligne: number; readonly message: string }[];
};

/** The column of a header, by name; the register's files are quoted csv whose names do not change. */
const colonnes = (entete: readonly string[], noms: readonly string[]): readonly number[] | undefined => {
  const rangs = noms.map((n) => entete.findIndex((e) => e.trim() === n));
  return rangs.includes(-1) ? undefined : rangs;
};

/**
 * Reads the register's export (France compétences, `export-fiches-csv-AAAA-MM-JJ.zip`). Names inside the archive are not clean UTF-8: the two files needed are found by what
 * their names start with. Only active RNCP records are kept (the « RS » ones certify a skill, not a métier).
 */
export function analyserRncp(
  octets: Uint8Array,
  infos: { readonly date: Jour; readonly importeLe: Jour },
): Resultat<BilanRncp, RefusFichier> {
  const lu = lireTableur(octets, 'rncp', (nom) => /_(?:Standard|Rome)_/u.test(nom));
  if (!lu.ok) return lu;
  const standard = lu.valeur.find((f) => /_Standard_/u.test(f.nom));
  const rome = lu.valeur.find((f) => /_Rome_/u.test(f.nom));
  const [enteteStandard = [], ...fiches] = standard?.lignes ?? [];
  const [enteteRome = [], ...liens] = rome?.lignes ?? [];
  const cs = colonnes(enteteStandard, [
    'Numero_Fiche',
    'Intitule',
    'Nomenclature_Europe_Niveau',
    'Actif',
    'Date_Fin_Enregistrement',
  ]);
  const cr = colonnes(enteteRome, ['Numero_Fiche', 'Codes_Rome_Code']);
  if (cs === undefined || cr === undefined)
    return refuse({
      code: 'colonnes-manquantes',
      message: 'L’archive n’a pas les fichiers « Standard » et « Rome » de l’export de France compétences.',
    });
  const [numero = 0, intitule = 0, niveau = 0, actif = 0] = cs;
  const refus: { ligne: number; message: string }[] = [];
  const actives = new Map<string, Certification>();
  let inactives = 0;
  for (const [i, f] of fiches.entries()) {
    const code = (f[numero] ?? '').trim();
    if (/^RS\d+$/u.test(code)) continue;
    if (!/^RNCP\d+$/u.test(code)) {
      refus.push({ ligne: i + 2, message: `numéro de fiche illisible (« ${code.slice(0, 20)} »)` });
      continue;
    }
    if ((f[actif] ?? '').trim() !== 'ACTIVE') {
      inactives += 1;
      continue;
    }
    const n = Number(/\d/u.exec(f[niveau] ?? '')?.[0] ?? 0);
    actives.set(code, {
      numero: code,
      intitule: (f[intitule] ?? '').trim().replaceAll("''", '’').replaceAll("'", '’'),
      niveau: n > 8 ? 0 : n,
    });
  }
  const parRome = new Map<string, Set<string>>();
  const reliees = new Set<string>();
  for (const l of liens) {
    const code = (l[cr[0] ?? 0] ?? '').trim();
    const metier = (l[cr[1] ?? 0] ?? '').trim();
    if (!actives.has(code) || !/^[A-N]\d{4}$/u.test(metier)) continue;
    reliees.add(code);
    parRome.set(metier, (parRome.get(metier) ?? new Set()).add(code));
  }
  if (reliees.size === 0)
    return refuse({ code: 'table-vide', message: 'Aucune certification active reliée à un métier.' });
  return reussi({
    paquet: {
      version: 1,
      source: {
        producteur: 'France compétences',
        titre: 'Répertoire national des certifications professionnelles (RNCP)',
        url: 'https://www.francecompetences.fr/recherche_certificationprofessionnelle/',
        licence: 'Licence Ouverte',
        date: infos.date,
        importeLe: infos.importeLe,
        lignes: reliees.size,
      },
      certifications: [...actives.values()]
        .filter((c) => reliees.has(c.numero))
        .sort((a, b) => Number(a.numero.slice(4)) - Number(b.numero.slice(4)))
        .map((c): [string, string, number] => [c.numero, c.intitule, c.niveau]),
      parRome: Object.fromEntries(
        [...parRome]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([m, codes]) => [m, [...codes].sort().join(' ')]),
      ),
    },
    inactives,
    sansRome: actives.size - reliees.size,
    refus,
  });
}

const coffre = creerCoffre((paquet: PaquetRncp) => ({
  paquet,
  parNumero: new Map(
    paquet.certifications.map(([numero, intitule, niveau]) => [numero, { numero, intitule, niveau }]),
  ),
}));
export const utiliserPaquetRncp = coffre.utiliser;
export const retirerPaquetRncp = coffre.retirer;
export const sourceRncp = (): PaquetRncp['source'] | undefined => coffre.lire()?.paquet.source;

/**
 * The active certifications that lead to a métier (ROME v4 code; the register speaks ROME v3, so through its parent), lowest level first then by title: an order that favours
 * nobody. Empty while no register was imported.
 */
export function certificationsPour(rome: string): readonly Certification[] {
  const charge = coffre.lire();
  if (charge === undefined) return [];
  const codes = [rome, ficheRome(rome)?.parent ?? rome];
  const numeros = new Set(codes.flatMap((c) => (charge.paquet.parRome[c] ?? '').split(' ')));
  return [...numeros]
    .map((n) => charge.parNumero.get(n))
    .filter((c) => c !== undefined)
    .sort((a, b) => a.niveau - b.niveau || a.intitule.localeCompare(b.intitule, 'fr'));
}
