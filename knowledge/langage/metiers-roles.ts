import type { Indices } from './metiers-lexique.ts';

/** `vise` or `actuel` when a cue says so, `sans-indice` when nothing does, `ecarte` when the sentence says it is not the person's. */
export type Lecture = 'vise' | 'actuel' | 'sans-indice' | 'ecarte';

export type Bornes = { readonly debut: number; readonly fin: number };

/** « poste », « emploi »…: wanted or held depending on the words before. */
const NOMS_EMPLOI: ReadonlySet<string> = new Set(
  'poste emploi job boulot taf travail place contrat metier profession carriere mission remplacement'.split(
    ' ',
  ),
);
const COPULES: ReadonlySet<string> = new Set(
  'suis etais est etait sommes etions sont ete fus chuis chui jsuis jui fais faisais fait'.split(' '),
);
const LASSITUDE: ReadonlySet<string> = new Set(
  'plus marre arreter arrete fatigue fatiguee assez ras cesser fier fiere content contente lasse las'.split(
    ' ',
  ),
);
/** « mon médecin », « leur comptable »: someone else's job. */
const POSSESSIFS: ReadonlySet<string> = new Set(
  'mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs'.split(' '),
);
const CHERCHER: ReadonlySet<string> = new Set(
  'cherche cherchons recherche chercher rechercher trouver'.split(' '),
);
const PORTEE = 14;

const avant = (mots: readonly string[], j: number, n: number): string[] => {
  const sortie: string[] = [];
  for (let k = j - 1; k >= 0 && sortie.length < n; k--) {
    const mot = mots[k] ?? '.';
    if (mot === '.') break;
    sortie.push(mot);
  }
  return sortie;
};

const aNegation = (mots: readonly string[], j: number): boolean =>
  avant(mots, j, 4).some((m) => m === 'pas' || m === 'jamais');

/** Which comes first, going left from `j`: a word of search or a word of possession. */
function quete(mots: readonly string[], j: number, indices: Indices): 'vise' | 'actuel' | undefined {
  for (const mot of avant(mots, j, 7)) {
    if (indices.possede.has(mot)) return 'actuel';
    if (indices.recherche.has(mot)) return 'vise';
  }
  return undefined;
}

const desir = (mots: readonly string[], j: number, indices: Indices): boolean =>
  avant(mots, j, 6).some((m) => indices.recherche.has(m));

/** « Marre d'être caissière » tires of it; « j'en peux plus, je voudrais être aide-soignante » tires of something else. */
function lasse(mots: readonly string[], j: number, indices: Indices): boolean {
  const dits = avant(mots, j, 4);
  const i = dits.findIndex((mot) => mot === ',' || LASSITUDE.has(mot) || indices.recherche.has(mot));
  const mot = dits[i] ?? ',';
  return LASSITUDE.has(mot) || (mot === 'envie' && dits[i + 1] === 'plus');
}

/** What one word says when it needs its neighbours to be read; `undefined` when it says nothing special. */
function motParticulier(
  mots: readonly string[],
  j: number,
  indices: Indices,
): 'vise' | 'actuel' | 'ecarte' | undefined {
  const mot = mots[j] ?? '';
  if (mot === 'etre') {
    if (mots[j - 1] === 'peut') return undefined;
    if (lasse(mots, j, indices)) return 'actuel';
    return aNegation(mots, j) ? 'ecarte' : 'vise';
  }
  if (mot === 'travailler' || mot === 'bosser' || mot === 'exercer' || mot === 'taffer') {
    if (lasse(mots, j, indices)) return 'actuel';
    return aNegation(mots, j) ? 'ecarte' : 'vise';
  }
  if (mot === 'comme' || mot === 'tant') return desir(mots, j, indices) ? 'vise' : 'actuel';
  if (NOMS_EMPLOI.has(mot) && mots[j - 1] !== 'france') return quete(mots, j, indices) ?? 'vise';
  if (mot === 'diplome' || mot === 'cap' || mot === 'bep' || mot === 'bts' || mot === 'pro')
    return avant(mots, j, 5).some((m) => indices.diplome.has(m)) && !desir(mots, j, indices)
      ? 'actuel'
      : 'vise';
  return undefined;
}

function phraseFinissant(mots: readonly string[], j: number, indices: Indices) {
  return indices.phrases
    .get(mots[j] ?? '')
    ?.find(({ mots: phrase }) => phrase.every((m, k) => mots[j - phrase.length + 1 + k] === m));
}

/** Words between the cue and the métier that a cue of this kind can step over. */
const portee = (effet: 'vise' | 'actuel' | 'aucun', copule: boolean): number =>
  effet === 'aucun' ? 0 : copule ? 1 : effet === 'actuel' ? 3 : 4;

/**
 * Reads leftwards from a mention until the first cue. Other mentions are stepped over (« boulanger ou pâtissier »), a full stop ends the search.
 */
export function lireRole(
  mots: readonly string[],
  mention: Bornes,
  autres: readonly Bornes[],
  indices: Indices,
): Lecture {
  let ecart = 0;
  const precedent = mots[mention.debut - 1];
  if (precedent === 'pas' && mots[mention.debut - 2] === 'pourquoi') return 'vise';
  if (precedent === 'pas' || (precedent !== undefined && POSSESSIFS.has(precedent))) return 'ecarte';
  if (precedent === 'pour' && mots[mention.debut - 2] !== 'travaille') return 'vise';
  // « Je cherche un avocat », « trouver une nounou »: a professional is wanted, not the job.
  const article = precedent === 'un' || precedent === 'une';
  if (article && CHERCHER.has(mots[mention.debut - 2] ?? '')) return 'ecarte';
  for (let j = mention.debut - 1; j >= 0 && j >= mention.debut - PORTEE; j--) {
    const mot = mots[j] ?? '.';
    if (mot === '.') break;
    const autre = autres.find((a) => j < a.fin && j >= a.debut);
    if (autre !== undefined) {
      j = autre.debut;
      continue;
    }
    if (mot === ',') {
      // A new clause: only a listing may still lean on the words before it.
      if (j !== mention.debut - 1) ecart += 1;
      continue;
    }
    const particulier = motParticulier(mots, j, indices);
    if (particulier !== undefined && ecart <= 4) return particulier;
    // « Est-ce que » asks; it says nothing of anyone.
    const phrase = mot === 'est' && mots[j + 1] === 'ce' ? undefined : phraseFinissant(mots, j, indices);
    if (phrase !== undefined) {
      const copule = COPULES.has(mot);
      if (ecart <= portee(phrase.effet, copule)) {
        if (phrase.effet === 'aucun') return 'ecarte';
        if (copule && (mots[j + 1] === 'pas' || mots[j + 1] === 'jamais')) return 'ecarte';
        if (phrase.effet === 'vise' && aNegation(mots, j) && !desir(mots, j + 1, indices)) return 'ecarte';
        if (phrase.effet === 'vise' && mots[j - 1] === 'pas') return 'ecarte';
        return phrase.effet;
      }
    }
    if (!indices.transparents.has(mot)) ecart += 1;
    if (ecart > 5) break;
  }
  return 'sans-indice';
}
