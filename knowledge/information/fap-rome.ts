import { z } from 'zod';
import { refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import { creerCoffre, schemaProvenance } from './coffre.ts';
import { lireTableur, type RefusFichier } from './tableur.ts';

const fap228 = z.string().regex(/^[A-Z]\d[A-Z]\d{2}$/);

/** The Dares table FAP 2021 ↔ ROME v3: each ROME code, its families (228 level) and the qualification marks of the rows. */
export const schemaPaquetFapRome = z.strictObject({
  version: z.literal(1),
  source: schemaProvenance,
  metiers: z
    .array(z.tuple([z.string().regex(/^[A-N]\d{4}$/u), z.array(z.tuple([fap228, z.string()])).min(1)]))
    .min(1),
});
export type PaquetFapRome = z.output<typeof schemaPaquetFapRome>;

export type BilanFapRome = {
  readonly paquet: PaquetFapRome;
  readonly plusieurs: number;
  readonly doublons: number;
  readonly refus: readonly { readonly ligne: number; readonly message: string }[];
};

/**
 * Reads the table (xlsx or csv; columns `fap_2021`, `rome`, `qualification`). Codes of the finest level (« A0X42b ») are folded to the 228 level of the survey (« A0X42 »).
 * A ROME code of several families keeps them all: figures are never split between them.
 */
export function analyserFapRome(
  octets: Uint8Array,
  infos: { readonly importeLe: Jour },
): Resultat<BilanFapRome, RefusFichier> {
  const lu = lireTableur(octets, 'fap-rome');
  if (!lu.ok) return lu;
  const noms = ['fap_2021', 'rome', 'qualification'];
  const feuille = lu.valeur.find((f) => {
    const entete = (f.lignes[0] ?? []).map((e) => e.trim().toLowerCase());
    return noms.every((n) => entete.includes(n));
  });
  if (feuille === undefined)
    return refuse({
      code: 'colonnes-manquantes',
      message:
        'Aucune feuille ne porte « fap_2021 », « rome » et « qualification » (la table de 2009 ne convient pas).',
    });
  const [entete = [], ...corps] = feuille.lignes;
  const [fap = 0, rome = 0, qualification = 0] = noms.map((n) =>
    entete.findIndex((e) => e.trim().toLowerCase() === n),
  );
  const metiers = new Map<string, Map<string, string>>();
  const refus: { ligne: number; message: string }[] = [];
  let doublons = 0;
  for (const [i, ligne] of corps.entries()) {
    const famille = /^([A-Z]\d[A-Z]\d{2})[a-z]?$/u.exec((ligne[fap] ?? '').trim())?.[1];
    const metier = (ligne[rome] ?? '').trim();
    if (metier === '' || metier === 'NA') continue;
    if (famille === undefined || !/^[A-N]\d{4}$/u.test(metier)) {
      refus.push({
        ligne: i + 2,
        message: `famille « ${ligne[fap] ?? ''} » ou métier « ${metier} » illisible`,
      });
      continue;
    }
    const siennes = metiers.get(metier) ?? new Map<string, string>();
    metiers.set(metier, siennes);
    if (siennes.has(famille)) doublons += 1;
    else siennes.set(famille, (ligne[qualification] ?? '').trim());
  }
  if (metiers.size === 0)
    return refuse({ code: 'table-vide', message: 'La table ne relie aucun métier à une famille.' });
  const tries = [...metiers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([metier, siennes]): [string, [string, string][]] => [metier, [...siennes].sort()]);
  return reussi({
    paquet: {
      version: 1,
      source: {
        producteur: 'Dares',
        titre: 'Table de passage FAP 2021 – ROME',
        url: 'https://dares.travail-emploi.gouv.fr/',
        licence: 'Licence Ouverte',
        date: '2021',
        importeLe: infos.importeLe,
        lignes: corps.length,
      },
      metiers: tries,
    },
    plusieurs: tries.filter(([, siennes]) => siennes.length > 1).length,
    doublons,
    refus,
  });
}

const coffre = creerCoffre((paquet: PaquetFapRome) => ({
  paquet,
  parRome: new Map(paquet.metiers.map(([metier, siennes]) => [metier, siennes.map(([f]) => f)])),
}));
export const utiliserPaquetFapRome = coffre.utiliser;
export const retirerPaquetFapRome = coffre.retirer;
export const sourceFapRome = (): PaquetFapRome['source'] | undefined => coffre.lire()?.paquet.source;

/** The survey families of a ROME v3 code by the official table; empty while it was not imported, or when it says nothing of that code. */
export const famillesOfficielles = (romeV3: string): readonly string[] =>
  coffre.lire()?.parRome.get(romeV3) ?? [];
