import { communes, partiesDeCommunes, type Commune } from './communes.ts';
import { normaliserLieu } from './normaliser-lieu.ts';

/** How a name leads to a commune: its own, without its article (« mans »), an arrondissement's, or a former commune's. */
export type NatureNom = 'nom' | 'sans-article' | 'arrondissement' | 'ancien';

export type NomDeCommune = {
  readonly commune: Commune;
  readonly nature: NatureNom;
  readonly libelle: string;
};

/** Names in order, with the length of the prefix each shares with the one before: what the search walks. */
export type ListeTriee = { readonly tries: readonly string[]; readonly prefixes: Uint8Array };

type IndexNoms = {
  readonly parNom: ReadonlyMap<string, readonly NomDeCommune[]>;
  readonly tous: ListeTriee;
  /** Towns only: a slip inside a sentence is forgiven for these alone, or every word would be near some hamlet. */
  readonly villes: ListeTriee;
  readonly parCodePostal: ReadonlyMap<string, readonly Commune[]>;
  /** First words of the names of towns (« aix », « boulogne »), with the towns. */
  readonly debuts: ReadonlyMap<string, readonly NomDeCommune[]>;
  /** First word → the greatest number of words of a name that begins with it. */
  readonly longueurs: ReadonlyMap<string, number>;
};

const ARTICLE = /^(?:le|la|les|l|los|las|aux) (?=\S)/;

function prefixeCommun(a: string, b: string): number {
  const fin = Math.min(a.length, b.length, 255);
  let i = 0;
  while (i < fin && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  return i;
}

const POPULATION_VILLE = 5_000;
/** A town is said by its first words (« Clermont », « Aix ») when it dwarfs those that bear exactly that name. */
const FOIS_PLUS_PEUPLEE = 5;
const POPULATION_USUELLE = 10_000;

function listeTriee(noms: readonly string[]): ListeTriee {
  const tries = [...noms].sort();
  const prefixes = new Uint8Array(tries.length);
  let precedent = '';
  tries.forEach((nom, i) => {
    prefixes[i] = prefixeCommun(precedent, nom);
    precedent = nom;
  });
  return { tries, prefixes };
}

/** Words that begin too many names to stand for one. */
const SANS_SUJET =
  /^(?:(?:saint|sainte|saints|saintes|notre|le|la|les|l|grand|petit|sur|de|du|des|d|en)(?: |$))+$/;

function debutsDeVilles(parNom: ReadonlyMap<string, readonly NomDeCommune[]>): Map<string, NomDeCommune[]> {
  const debuts = new Map<string, NomDeCommune[]>();
  for (const [nom, entrees] of parNom)
    for (const entree of entrees) {
      if (
        entree.commune.population < POPULATION_USUELLE ||
        (entree.nature !== 'nom' && entree.nature !== 'sans-article')
      )
        continue;
      const mots = nom.split(' ');
      for (let n = 1; n < mots.length; n += 1) {
        const debut = mots.slice(0, n).join(' ');
        if (debut.length < 3 || SANS_SUJET.test(debut)) continue;
        const deja = debuts.get(debut);
        if (deja === undefined) debuts.set(debut, [entree]);
        else if (!deja.some((e) => e.commune.code === entree.commune.code)) deja.push(entree);
      }
    }
  return debuts;
}

let index: IndexNoms | undefined;

/** Built once, at the first search. */
export function indexNoms(): IndexNoms {
  if (index !== undefined) return index;
  const parNom = new Map<string, NomDeCommune[]>();
  const parCodePostal = new Map<string, Commune[]>();
  const ajouter = (nom: string, entree: NomDeCommune): void => {
    const deja = parNom.get(nom);
    if (deja === undefined) parNom.set(nom, [entree]);
    else if (!deja.some((e) => e.commune.code === entree.commune.code)) deja.push(entree);
  };
  const courts: { court: string; commune: Commune }[] = [];
  for (const commune of communes()) {
    const nom = normaliserLieu(commune.nom);
    const court = nom.replace(ARTICLE, '');
    if (court !== nom) courts.push({ court, commune });
    ajouter(nom, { commune, nature: 'nom', libelle: commune.nom });
    for (const cp of commune.codesPostaux) {
      const deja = parCodePostal.get(cp);
      if (deja === undefined) parCodePostal.set(cp, [commune]);
      else deja.push(commune);
    }
  }
  for (const { nom, nature, commune } of partiesDeCommunes())
    ajouter(normaliserLieu(nom), {
      commune,
      nature: nature === 'ancienne' ? 'ancien' : 'arrondissement',
      libelle: nom,
    });
  for (const { court, commune } of courts)
    ajouter(court, { commune, nature: 'sans-article', libelle: commune.nom });
  for (const liste of parNom.values()) liste.sort((a, b) => b.commune.population - a.commune.population);
  for (const liste of parCodePostal.values()) liste.sort((a, b) => b.population - a.population);

  const tous = listeTriee([...parNom.keys()]);
  const villes = listeTriee(
    tous.tries.filter((nom) =>
      parNom
        .get(nom)
        ?.some(
          (n) =>
            n.nature !== 'ancien' &&
            n.nature !== 'arrondissement' &&
            n.commune.population >= POPULATION_VILLE,
        ),
    ),
  );
  const longueurs = new Map<string, number>();
  for (const nom of tous.tries) {
    const mots = nom.split(' ');
    const premier = mots[0] ?? '';
    if ((longueurs.get(premier) ?? 0) < mots.length) longueurs.set(premier, mots.length);
  }
  index = { parNom, tous, villes, parCodePostal, longueurs, debuts: debutsDeVilles(parNom) };
  return index;
}

/** Communes that bear this very name (already through `normaliserLieu`), most populated first. */
export const communesNommees = (nom: string): readonly NomDeCommune[] => indexNoms().parNom.get(nom) ?? [];

/**
 * Communes people may mean by a name (already through `normaliserLieu`): those that bear it, and the towns at least five times larger whose
 * longer name begins with it (« Clermont » is also Clermont-Ferrand, « Charleville » Charleville-Mézières). Most populated first.
 */
export function communesDites(nom: string): readonly NomDeCommune[] {
  const exactes = communesNommees(nom);
  const seuil = Math.max(POPULATION_USUELLE, (exactes[0]?.commune.population ?? 0) * FOIS_PLUS_PEUPLEE);
  const longues = (indexNoms().debuts.get(nom) ?? []).filter((n) => n.commune.population >= seuil);
  if (longues.length === 0) return exactes;
  const vues = new Set(longues.map((l) => l.commune.code));
  return [...longues, ...exactes.filter((e) => !vues.has(e.commune.code))].sort(
    (a, b) => b.commune.population - a.commune.population,
  );
}

/** First position of the sorted names at or after `debut`. */
function position(tries: readonly string[], debut: string): number {
  let bas = 0;
  let haut = tries.length;
  while (bas < haut) {
    const milieu = (bas + haut) >> 1;
    if ((tries[milieu] ?? '') < debut) bas = milieu + 1;
    else haut = milieu;
  }
  return bas;
}

/** Indexed names that begin with these letters. */
export function nomsCommencantPar(debut: string): readonly string[] {
  const { tries } = indexNoms().tous;
  const noms: string[] = [];
  for (let i = position(tries, debut); i < tries.length; i += 1) {
    const nom = tries[i] ?? '';
    if (!nom.startsWith(debut)) break;
    noms.push(nom);
  }
  return noms;
}

/** Communes served by a postcode, most populated first; an arrondissement's postcode leads to its commune. */
export const communesDuCodePostal = (codePostal: string): readonly Commune[] =>
  indexNoms().parCodePostal.get(codePostal) ?? [];

/** How many words the longest name beginning with this word has; 0 when none does. Lets a reader skip most words of a sentence. */
export const longueurMaximale = (premierMot: string): number => indexNoms().longueurs.get(premierMot) ?? 0;
