import { z } from 'zod';
import { lireDonnees } from '../vocabulaire/index.ts';
import { auSingulier, motsDe, sansAccents, sonDe } from './metiers-mots.ts';

const FICHIER = 'knowledge/langage/donnees/metiers.json';
const FICHIER_INDICES = 'knowledge/langage/donnees/metiers-indices.json';

const formes = z.array(z.string().min(2)).min(1).optional();
const codeRome = z.string().regex(/^[A-N]\d{4}$/u, 'code ROME attendu : une lettre et quatre chiffres');

const codeFap = z.string().regex(/^[A-Z][0-9A-Z][AXB]\d{2}$/u, 'code FAP 2021 attendu');

const schemaMetier = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/u),
  rome: codeRome,
  /** The ROME v3 code: the hinge with every table older than ROME 4.0. */
  parent: codeRome,
  /** FAP 2021 families (the « métiers » of BMO since 2024); empty where the survey has no honest equivalent. */
  fap: z.array(codeFap),
  masculin: z.string().min(2),
  feminin: z.string().min(2),
  aussi: formes,
  aussiMasculin: formes,
  aussiFeminin: formes,
  /** Forms that are also common words: taken for a métier only next to a clear cue (« commercial », « médecin »). */
  avecIndice: formes,
  /** Forms understood but never said back. */
  familier: formes,
  /** Activities (« la coiffure »), taken only after a word of work or training. */
  domaines: formes,
  /** Wide activities, where one métier would say too much: what to say back, and the families that speak for the sector. */
  secteurs: z
    .array(z.strictObject({ mot: z.string(), libelle: z.string(), fap: z.array(codeFap).min(1) }))
    .optional(),
});
const schema = z.strictObject({
  source: z.strictObject({
    titre: z.string(),
    producteur: z.string(),
    url: z.url(),
    licence: z.string(),
    millesime: z.string(),
    verifieLe: z.iso.date(),
  }),
  metiers: z.array(schemaMetier).min(300),
});
const liste = z.array(z.string().min(1)).min(1);
const schemaIndices = z.strictObject({
  source: z.strictObject({ titre: z.string(), verifieLe: z.iso.date() }),
  vise: liste,
  actuel: liste,
  aucun: liste,
  recherche: liste,
  possede: liste,
  diplome: liste,
  transparents: liste,
  determinants: liste,
  secteur: liste,
  loisirs: liste,
  recrutent: liste,
  motsCourants: liste,
});

/** One everyday métier of the lexicon. */
export type Metier = z.output<typeof schemaMetier>;
export type Genre = 'masculin' | 'feminin';

/** A way of naming a métier, as found in a text. */
export type Forme = {
  readonly metier: Metier;
  /** What to say back; absent when the canonical name must be used instead. */
  readonly affichage?: string;
  readonly genre?: Genre;
  readonly nature: 'nom' | 'nom-avec-indice' | 'domaine';
};

export type Lexique = {
  readonly metiers: readonly Metier[];
  readonly parRome: ReadonlyMap<string, Metier>;
  /** Canonical words joined by a space → form. */
  readonly formes: ReadonlyMap<string, Forme>;
  /** First words of forms: a quick door. */
  readonly debuts: ReadonlySet<string>;
  readonly motsConnus: ReadonlySet<string>;
  readonly parSon: ReadonlyMap<string, readonly string[]>;
  readonly parRetrait: ReadonlyMap<string, readonly string[]>;
  readonly plusLongue: number;
};

/** Words too small to tell two métiers apart: dropped from the lexicon and from what people type alike. */
const PETITS_MOTS: ReadonlySet<string> = new Set('de du des le la les l a au aux en dans pour'.split(' '));
export const estPetitMot = (mot: string): boolean => PETITS_MOTS.has(mot);

/** The key under which a form is stored: content words only, singular. */
const cleDe = (forme: string): string[] =>
  motsDe(forme)
    .filter((m) => m !== ',' && m !== '.' && !estPetitMot(m))
    .map(auSingulier);

/** Every word obtained by dropping one letter: two words one mistake apart share one of these (or are one of these). */
export function retraits(mot: string): string[] {
  const sortie = [mot];
  for (let i = 0; i < mot.length; i++) sortie.push(mot.slice(0, i) + mot.slice(i + 1));
  return sortie;
}

function ajouter(index: Map<string, string[]>, cle: string, valeur: string): void {
  const deja = index.get(cle);
  if (deja === undefined) index.set(cle, [valeur]);
  else if (!deja.includes(valeur)) deja.push(valeur);
}

function formesDe(metier: Metier): [string, Forme][] {
  const avecIndice = new Set(metier.avecIndice);
  const familier = new Set(metier.familier);
  const epicene = metier.masculin === metier.feminin;
  const sortie: [string, Forme][] = [];
  const noter = (texte: string, genre?: Genre): void => {
    sortie.push([
      texte,
      {
        metier,
        nature: avecIndice.has(texte) ? 'nom-avec-indice' : 'nom',
        ...(familier.has(texte) ? {} : { affichage: texte }),
        ...(genre === undefined ? {} : { genre }),
      },
    ]);
  };
  noter(metier.masculin, epicene ? undefined : 'masculin');
  if (!epicene) noter(metier.feminin, 'feminin');
  for (const f of metier.aussi ?? []) noter(f);
  for (const f of metier.aussiMasculin ?? []) noter(f, 'masculin');
  for (const f of metier.aussiFeminin ?? []) noter(f, 'feminin');
  for (const f of metier.domaines ?? []) sortie.push([f, { metier, nature: 'domaine' }]);
  for (const { mot, libelle } of metier.secteurs ?? [])
    sortie.push([mot, { metier, nature: 'domaine', affichage: libelle }]);
  return sortie;
}

function construire(): Lexique {
  const { metiers } = lireDonnees(FICHIER, schema);
  const formes = new Map<string, Forme>();
  const debuts = new Set<string>();
  const motsConnus = new Set<string>();
  const parRome = new Map<string, Metier>();
  let plusLongue = 1;
  for (const metier of metiers) {
    if (!parRome.has(metier.rome)) parRome.set(metier.rome, metier);
    for (const [texte, forme] of formesDe(metier)) {
      const mots = cleDe(texte);
      const cle = mots.join(' ');
      // A name wins over an activity spelt the same (« photographe »), the first métier of the file over the next.
      const deja = formes.get(cle);
      if (deja === undefined || (deja.nature === 'domaine' && forme.nature !== 'domaine'))
        formes.set(cle, forme);
      if (mots.length > 1 && forme.nature !== 'domaine') {
        const colle = mots.join('');
        if (colle.length >= 8 && !formes.has(colle)) {
          formes.set(colle, forme);
          debuts.add(colle);
          motsConnus.add(colle);
        }
      }
      if (mots[0] !== undefined) debuts.add(mots[0]);
      plusLongue = Math.max(plusLongue, mots.length);
      for (const mot of mots) motsConnus.add(mot);
    }
  }
  const fautes = indexerFautes(motsConnus);
  return {
    metiers,
    parRome,
    formes,
    debuts,
    motsConnus,
    plusLongue,
    get parSon() {
      return fautes().parSon;
    },
    get parRetrait() {
      return fautes().parRetrait;
    },
  };
}

/** What finds a misspelt word, built when the first one comes: half the cost of the lexicon, and figures need none of it. */
function indexerFautes(motsConnus: ReadonlySet<string>): () => Pick<Lexique, 'parSon' | 'parRetrait'> {
  let index: { parSon: Map<string, string[]>; parRetrait: Map<string, string[]> } | undefined;
  return () => {
    if (index !== undefined) return index;
    index = { parSon: new Map(), parRetrait: new Map() };
    for (const mot of motsConnus) {
      if (mot.length < 5) continue;
      ajouter(index.parSon, sonDe(mot), mot);
      for (const r of retraits(mot)) ajouter(index.parRetrait, r, mot);
    }
    return index;
  };
}

let lexique: Lexique | undefined;

/**
 * The everyday métiers, indexed; read once.
 * @throws {DonneeInvalide} when the data file is refused.
 */
export function chargerLexique(): Lexique {
  lexique ??= construire();
  return lexique;
}

export type Indices = {
  readonly phrases: ReadonlyMap<
    string,
    readonly { readonly mots: readonly string[]; readonly effet: 'vise' | 'actuel' | 'aucun' }[]
  >;
  readonly recherche: ReadonlySet<string>;
  readonly possede: ReadonlySet<string>;
  readonly diplome: ReadonlySet<string>;
  readonly transparents: ReadonlySet<string>;
  readonly determinants: ReadonlySet<string>;
  readonly secteur: ReadonlySet<string>;
  /** Activities one also does for pleasure: « je fais de la couture » is not a job. */
  readonly loisirs: ReadonlySet<string>;
  /** « plombier, ça recrute ? »: the question is about the métier, not about the person. */
  readonly recrutent: ReadonlySet<string>;
  readonly motsCourants: ReadonlySet<string>;
};

let indices: Indices | undefined;

/** The cues that tell a current métier from a wanted one, indexed by their last word (longest first). */
export function chargerIndices(): Indices {
  if (indices !== undefined) return indices;
  const lus = lireDonnees(FICHIER_INDICES, schemaIndices);
  const phrases = new Map<string, { mots: string[]; effet: 'vise' | 'actuel' | 'aucun' }[]>();
  for (const effet of ['vise', 'actuel', 'aucun'] as const)
    for (const phrase of lus[effet]) {
      const mots = sansAccents(phrase).split(' ');
      const dernier = mots.at(-1) ?? '';
      phrases.set(
        dernier,
        [...(phrases.get(dernier) ?? []), { mots, effet }].sort((a, b) => b.mots.length - a.mots.length),
      );
    }
  indices = {
    phrases,
    recherche: new Set(lus.recherche),
    possede: new Set(lus.possede),
    diplome: new Set(lus.diplome),
    transparents: new Set(lus.transparents),
    determinants: new Set(lus.determinants),
    secteur: new Set(lus.secteur),
    loisirs: new Set(lus.loisirs),
    recrutent: new Set(lus.recrutent),
    motsCourants: new Set(lus.motsCourants),
  };
  return indices;
}
