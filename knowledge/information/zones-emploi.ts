import { z } from 'zod';
import { departementDeCommune } from '../territoire/index.ts';
import { refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import { creerCoffre, schemaProvenance } from './coffre.ts';
import { lireTableur, type RefusFichier } from './tableur.ts';

/** Commune → zone d’emploi of the Insee. */
export const schemaPaquetZonesEmploi = z.strictObject({
  version: z.literal(1),
  source: schemaProvenance,
  /** Code of the zone, its name, INSEE codes of its communes. */
  zones: z.array(z.tuple([z.string().length(4), z.string(), z.string()])).min(1),
});
export type PaquetZonesEmploi = z.output<typeof schemaPaquetZonesEmploi>;

export type BilanZonesEmploi = {
  readonly paquet: PaquetZonesEmploi;
  readonly communes: ReadonlySet<string>;
  readonly doublons: number;
  readonly refus: readonly { readonly ligne: number; readonly message: string }[];
};

/**
 * Reads the mapping (csv or xlsx: `codgeo`, `ze2020` or a later year, `libze2020`). Codes get their leading zeros back; a commune said to be in two zones is refused, a repeated row is counted once.
 */
export function analyserZonesEmploi(
  octets: Uint8Array,
  infos: { readonly importeLe: Jour },
): Resultat<BilanZonesEmploi, RefusFichier> {
  const lu = lireTableur(octets, 'zones-emploi');
  if (!lu.ok) return lu;
  const formes = [/^codgeo$/iu, /^ze(\d{4})$/iu, /^libze\d{4}$/iu];
  const feuille = lu.valeur.find((f) =>
    formes.every((forme) => (f.lignes[0] ?? []).some((e) => forme.test(e.trim()))),
  );
  if (feuille === undefined)
    return refuse({
      code: 'colonnes-manquantes',
      message: 'Aucune feuille ne porte « codgeo », « ze2020 » et « libze2020 ».',
    });
  const [entete = [], ...corps] = feuille.lignes;
  const [commune = 0, code = 0, nom = 0] = formes.map((forme) =>
    entete.findIndex((e) => forme.test(e.trim())),
  );
  const millesime = /(\d{4})/u.exec(entete[code] ?? '')?.[1] ?? '';
  const zones = new Map<string, { nom: string; communes: Set<string> }>();
  const zoneDe = new Map<string, string>();
  const refus: { ligne: number; message: string }[] = [];
  let doublons = 0;
  for (const [i, ligne] of corps.entries()) {
    const c = (ligne[commune] ?? '').trim().padStart(5, '0');
    const z4 = (ligne[code] ?? '').trim().padStart(4, '0');
    const deja = zoneDe.get(c);
    if (!/^(?:\d{5}|2[AB]\d{3})$/u.test(c) || !/^\d{4}$/u.test(z4))
      refus.push({ ligne: i + 2, message: `commune « ${c} » ou zone « ${z4} » illisible` });
    else if (deja === z4) doublons += 1;
    else if (deja !== undefined)
      refus.push({ ligne: i + 2, message: `la commune ${c} est déjà dans la zone ${deja}` });
    else {
      zoneDe.set(c, z4);
      const zone = zones.get(z4) ?? { nom: (ligne[nom] ?? '').trim(), communes: new Set<string>() };
      zones.set(z4, zone);
      zone.communes.add(c);
    }
  }
  if (zones.size === 0)
    return refuse({ code: 'table-vide', message: 'La table ne contient aucune ligne de données.' });
  return reussi({
    paquet: {
      version: 1,
      source: {
        producteur: 'Insee',
        titre: `Zones d’emploi ${millesime}`,
        url: 'https://www.insee.fr/',
        licence: 'Licence Ouverte',
        date: millesime,
        importeLe: infos.importeLe,
        lignes: zoneDe.size,
      },
      zones: [...zones]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([z4, { nom: n, communes }]): [string, string, string] => [
          z4,
          n.replaceAll("'", '’'),
          [...communes].sort().join(' '),
        ]),
    },
    communes: new Set(zoneDe.keys()),
    doublons,
    refus,
  });
}

const coffre = creerCoffre((paquet: PaquetZonesEmploi) => {
  const parCommune = new Map<string, { readonly code: string; readonly nom: string }>();
  for (const [code, nom, communes] of paquet.zones) {
    const zone = { code, nom };
    for (const c of communes.split(' ')) parCommune.set(c, zone);
  }
  return { paquet, parCommune };
});
export const utiliserPaquetZonesEmploi = coffre.utiliser;
export const retirerPaquetZonesEmploi = coffre.retirer;
export const sourceZonesEmploi = (): PaquetZonesEmploi['source'] | undefined => coffre.lire()?.paquet.source;

/** The zone d’emploi of a commune (INSEE code); `undefined` while none was imported. */
export const zoneEmploiDe = (commune: string): { readonly code: string; readonly nom: string } | undefined =>
  coffre.lire()?.parCommune.get(commune);

/** The names of the zones d’emploi that touch a département (INSEE code), in alphabetical order; empty while none was imported. */
export const zonesEmploiDuDepartement = (departement: string): readonly string[] =>
  (coffre.lire()?.paquet.zones ?? [])
    .filter(([, , communes]) =>
      communes
        .split(' ')
        .some((c) => c.startsWith(departement) && departementDeCommune(c)?.code === departement),
    )
    .map(([, nom]) => nom)
    .sort((a, b) => a.localeCompare(b, 'fr'));
