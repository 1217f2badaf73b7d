import type { Commune } from './communes.ts';
import {
  communesDites,
  communesDuCodePostal,
  communesNommees,
  indexNoms,
  nomsCommencantPar,
  sansUneLettre,
  type ListeTriee,
  type NatureNom,
} from './noms.ts';
import { normaliserLieu } from './normaliser-lieu.ts';

/** `nom` is the name that matched (« Paris 13e », a former commune…); `code` the commune of today; `score` 0–1, best first. */
export type CommuneTrouvee = {
  readonly code: string;
  readonly nom: string;
  readonly departement: string;
  readonly score: number;
};

const LIMITE = 8;
const LONGUEUR_MAX = 60;
/** « saint » begins 4,000 names: only towns are then worth ranking. */
const BEAUCOUP = 300;
const POPULATION_MIN = 3_000;

/** How much each way of matching is worth before population counts (at most 0.1): a one-letter slip in a large town beats a longer name that begins alike (« renes » is Rennes, not Renescure). */
const VALEUR = { exact: 0.9, 'une-faute': 0.8, debut: 0.72, 'deux-fautes': 0.6 } as const;
const PENALITE: Readonly<Record<NatureNom, number>> = {
  nom: 0,
  'sans-article': 0.02,
  arrondissement: 0,
  ancien: 0.04,
};

const poidsPopulation = (population: number): number => (Math.log10(population + 1) / 6.4) * 0.1;

/** No slip is forgiven in three letters, one below six, two from there on. */
export const fautesPermises = (longueur: number): number => (longueur <= 3 ? 0 : longueur < 6 ? 1 : 2);

/**
 * Names at `max` slips or fewer (a letter added, dropped, changed, or two swapped: « soane »). The sorted list is walked once; rows of the
 * distance table are shared between names that begin alike, only the cells near the diagonal are filled, and a prefix already too far skips
 * every name that holds it. Comparing with each of the 40,000 names costs a hundred times more cells.
 */
export function nomsProches(
  saisie: string,
  max: number,
  { tries, prefixes }: ListeTriee = indexNoms().tous,
): readonly { nom: string; fautes: number }[] {
  const trouves: { nom: string; fautes: number }[] = [];
  const m = saisie.length;
  if (max === 0 || m === 0 || m > LONGUEUR_MAX) return trouves;
  const largeur = m + 1;
  const loin = max + 1;
  const table = new Uint8Array(largeur * (m + max + 2)).fill(loin);
  const minima = new Uint8Array(m + max + 2);
  for (let j = 0; j <= Math.min(max, m); j += 1) table[j] = j;
  let connues = 0;
  for (let i = 0; i < tries.length; i += 1) {
    const nom = tries[i] ?? '';
    const fin = nom.length;
    let p = Math.min(prefixes[i] ?? 0, connues);
    let trop = false;
    while (p < fin) {
      if (p >= m + max) {
        trop = true;
        break;
      }
      const haut = p * largeur;
      const ligne = haut + largeur;
      const lettre = nom.charCodeAt(p);
      const avant = p > 0 ? nom.charCodeAt(p - 1) : -1;
      const debut = Math.max(1, p + 1 - max);
      const dernier = Math.min(m, p + 1 + max);
      table[ligne + debut - 1] = debut === 1 ? Math.min(p + 1, loin) : loin;
      let mini = debut === 1 ? Math.min(p + 1, loin) : loin;
      for (let j = debut; j <= dernier; j += 1) {
        const voulue = saisie.charCodeAt(j - 1);
        let d = (table[haut + j - 1] ?? loin) + (voulue === lettre ? 0 : 1);
        const dessus = j === p + 1 + max ? loin : (table[haut + j] ?? loin) + 1;
        if (dessus < d) d = dessus;
        const gauche = (table[ligne + j - 1] ?? loin) + 1;
        if (gauche < d) d = gauche;
        if (j > 1 && voulue === avant && saisie.charCodeAt(j - 2) === lettre) {
          const echange = (table[haut - largeur + j - 2] ?? loin) + 1;
          if (echange < d) d = echange;
        }
        if (d > loin) d = loin;
        table[ligne + j] = d;
        if (d < mini) mini = d;
      }
      p += 1;
      minima[p] = mini;
      // A swap reads the row before the last: both must be too far before the prefix is given up.
      if (mini > max && (minima[p - 1] ?? 0) >= max) {
        trop = true;
        break;
      }
    }
    connues = p;
    if (trop) {
      while (i + 1 < tries.length && (prefixes[i + 1] ?? 0) >= p) i += 1;
    } else if (Math.abs(fin - m) <= max) {
      const fautes = table[fin * largeur + m] ?? loin;
      if (fautes <= max) trouves.push({ nom, fautes });
    }
  }
  return trouves;
}

/** « au Mans » is looked up as « le mans », « aux Abymes » as « les abymes », « à Lille » as « lille », « stdenis » as « saint denis ». */
const variantes = (nom: string): readonly string[] => {
  const sansPreposition = nom
    .replace(/^au (?=\S)/, 'le ')
    .replace(/^aux (?=\S)/, 'les ')
    .replace(/^a (?=\S)/, '');
  const separe = sansPreposition
    .replace(/^(?:st|saint)(?=[a-z]{4})/, 'saint ')
    .replace(/^ste(?=[a-z]{4})/, 'sainte ');
  return [...new Set([nom, sansPreposition, separe])];
};

const NOMBRE = /\b(?:\d{5}|97[1-8]|98[678]|\d{2}|2 ?[ab])\b/;

/** What was typed, taken apart: « Saint-Denis 974 » → the name and the département, « 59000 Lille » → the postcode and the name. */
function decomposer(saisie: string): { nom: string; codePostal?: string; departement?: string } {
  const entier = normaliserLieu(saisie.slice(0, LONGUEUR_MAX)).replace(
    / (?:cedex(?: \d+)?|arrondissement)$/,
    '',
  );
  const nombre = NOMBRE.exec(entier);
  if (nombre === null || communesNommees(entier).length > 0) return { nom: entier };
  const lu = nombre[0].replace(' ', '').toUpperCase();
  const nom = entier.replace(nombre[0], ' ').replaceAll(/\s+/g, ' ').trim();
  return lu.length === 5 ? { nom, codePostal: lu } : { nom, departement: lu };
}

/**
 * The communes a person may mean, best first: exact name, postcode (alone or with a name), name and département, name without its article, former commune,
 * one or two slips, beginning of a name. Ties go to the most populated. An empty list when nothing is near.
 */
export function chercherCommunes(
  saisie: string,
  options: { readonly limite?: number } = {},
): readonly CommuneTrouvee[] {
  const limite = options.limite ?? LIMITE;
  const { nom, codePostal, departement } = decomposer(saisie);
  const trouvees = new Map<string, CommuneTrouvee>();
  const noter = (commune: Commune, libelle: string, valeur: number): void => {
    const score = Math.min(1, valeur + poidsPopulation(commune.population));
    if ((trouvees.get(commune.code)?.score ?? -1) < score)
      trouvees.set(commune.code, {
        code: commune.code,
        nom: libelle,
        departement: commune.departement,
        score,
      });
  };
  const permise = (c: Commune): boolean => departement === undefined || c.departement === departement;
  const noterNom = (cle: string, valeur: number, populationMin = 0): void => {
    for (const { commune, nature, libelle } of communesNommees(cle))
      if (commune.population >= populationMin && permise(commune))
        noter(commune, libelle, valeur - PENALITE[nature]);
  };

  // Two slips are looked for only when one explains nothing: ten times dearer, and a worse guess.
  const noterFautes = (forme: string): void => {
    const permises = fautesPermises(forme.length);
    const une = nomsProches(forme, Math.min(1, permises));
    for (const n of une) noterNom(n.nom, VALEUR['une-faute']);
    if (une.length === 0 && permises > 1)
      for (const n of nomsProches(forme, permises)) noterNom(n.nom, VALEUR['deux-fautes']);
  };

  if (codePostal !== undefined) {
    const duCode = communesDuCodePostal(codePostal);
    const nommees = duCode.filter((c) => nom !== '' && normaliserLieu(c.nom).includes(nom));
    for (const c of nommees.length > 0 ? nommees : duCode) noter(c, c.nom, VALEUR.exact);
    if (trouvees.size > 0 || nom === '') return classer(trouvees, limite);
  }
  if (nom === '') return [];
  const formes = variantes(nom);
  for (const forme of formes)
    for (const { commune, nature, libelle } of communesDites(forme))
      if (permise(commune)) noter(commune, libelle, VALEUR.exact - PENALITE[nature]);
  const exact = trouvees.size > 0;
  for (const forme of formes) {
    if (forme.length >= 2) {
      const debuts = nomsCommencantPar(forme);
      for (const n of debuts) noterNom(n, VALEUR.debut, debuts.length > BEAUCOUP ? POPULATION_MIN : 0);
    }
    if (!exact) noterFautes(forme);
  }
  return classer(trouvees, limite);
}

const classer = (trouvees: ReadonlyMap<string, CommuneTrouvee>, limite: number): readonly CommuneTrouvee[] =>
  [...trouvees.values()].sort((a, b) => b.score - a.score || a.code.localeCompare(b.code)).slice(0, limite);

/** True when `a` and `b` differ by at most one letter added, dropped or changed, or by two neighbours swapped. */
function aUneFauteAuPlus(a: string, b: string): boolean {
  const [court, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - court.length > 1) return false;
  let debut = 0;
  while (debut < court.length && court.charCodeAt(debut) === long.charCodeAt(debut)) debut += 1;
  let fin = 0;
  while (
    fin < court.length - debut &&
    court.charCodeAt(court.length - 1 - fin) === long.charCodeAt(long.length - 1 - fin)
  )
    fin += 1;
  const reste = court.length - debut - fin;
  if (reste === 0) return true;
  if (court.length !== long.length) return false;
  return (
    reste === 1 ||
    (reste === 2 &&
      court.charAt(debut) === long.charAt(debut + 1) &&
      court.charAt(debut + 1) === long.charAt(debut))
  );
}

/**
 * Towns one slip away. A letter added, dropped, changed or two swapped: without one letter of each, the two names are the same. A dozen look-ups
 * then replace a walk along the towns, which a sentence would do for each of its long words.
 */
function villesAUneFaute(saisie: string): readonly { nom: string; fautes: number }[] {
  if (saisie.length > LONGUEUR_MAX) return [];
  const { villesSansUneLettre } = indexNoms();
  const noms = new Set(sansUneLettre(saisie).flatMap((reste) => villesSansUneLettre.get(reste) ?? []));
  return [...noms]
    .filter((nom) => aUneFauteAuPlus(saisie, nom))
    .map((nom) => ({ nom, fautes: nom === saisie ? 0 : 1 }));
}

/**
 * Towns of 5,000 inhabitants or more whose name is at `max` slips or fewer from these words (already through `normaliserLieu`), fewest slips then most populated first.
 */
export function villesProches(
  saisie: string,
  max: 1 | 2,
): readonly { readonly commune: Commune; readonly libelle: string; readonly fautes: number }[] {
  const noms = max === 1 ? villesAUneFaute(saisie) : nomsProches(saisie, max, indexNoms().villes);
  return noms
    .flatMap(({ nom, fautes }) =>
      communesNommees(nom).map((n) => ({ commune: n.commune, libelle: n.libelle, fautes })),
    )
    .sort((a, b) => a.fautes - b.fautes || b.commune.population - a.commune.population);
}
