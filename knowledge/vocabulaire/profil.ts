import { z } from 'zod';
import { estJour } from './jour.ts';
import { OPERATEURS } from './mots.ts';
import { refuse, reussi, type Resultat } from './resultat.ts';

export const NE_SAIT_PAS = 'ne-sait-pas';

const OUI_NON = ['oui', 'non'] as const;

/**
 * Every field of the `Profil` (design § 2). An absent key was never asked; `ne-sait-pas` was asked and is unknown; there is no sentinel.
 * - `nature`: `determinant` may make the outcome `a-completer`; `circonstance` is taken from what the person says and never blocks;
 *   `personnalisation` never decides the operator.
 * - `forme`: how the value is written.
 */
const DEFINITIONS = {
  activite: {
    nature: 'determinant',
    forme: 'choix',
    valeurs: ['salarie-prive', 'agent-public', 'independant', 'sans-emploi', 'etudiant', 'retraite'],
  },
  emploiOccupe: {
    nature: 'determinant',
    forme: 'choix',
    valeurs: ['aucun', 'prive', 'public', 'independant'],
  },
  contrat: {
    nature: 'determinant',
    forme: 'choix',
    valeurs: [
      'cdi',
      'cdd',
      'interim',
      'apprentissage',
      'professionnalisation',
      'saisonnier',
      'insertion',
      'autre',
    ],
  },
  suspension: {
    nature: 'circonstance',
    forme: 'choix',
    valeurs: [
      'aucune',
      'conge-parental',
      'conge-autre',
      'activite-partielle',
      'arret-maladie',
      'reclassement-mobilite',
      'disponibilite',
    ],
  },
  finContrat: { nature: 'circonstance', forme: 'choix-ou-jour', valeurs: ['aucune', 'preavis'] },
  inaptitude: { nature: 'circonstance', forme: 'choix', valeurs: ['aucune', 'crainte', 'prononcee'] },
  versant: {
    nature: 'determinant',
    forme: 'choix',
    valeurs: ['etat', 'territoriale', 'hospitaliere', 'militaire'],
  },
  categorie: { nature: 'determinant', forme: 'choix', valeurs: ['A+', 'A', 'B', 'C'] },
  inscritFranceTravail: { nature: 'determinant', forme: 'choix', valeurs: OUI_NON },
  rechercheEmploi: { nature: 'determinant', forme: 'choix', valeurs: OUI_NON },
  formationInitiale: { nature: 'determinant', forme: 'choix', valeurs: OUI_NON },
  cadre: { nature: 'determinant', forme: 'choix', valeurs: OUI_NON },
  csp: { nature: 'determinant', forme: 'choix', valeurs: OUI_NON },
  projetDemission: { nature: 'determinant', forme: 'choix', valeurs: OUI_NON },
  frontalier: { nature: 'circonstance', forme: 'choix', valeurs: OUI_NON },
  freins: { nature: 'circonstance', forme: 'choix', valeurs: OUI_NON },
  esat: { nature: 'circonstance', forme: 'choix', valeurs: OUI_NON },
  handicap: { nature: 'circonstance', forme: 'choix', valeurs: ['oui', 'non', 'prefere-ne-pas-dire'] },
  age: { nature: 'determinant', forme: 'entier', min: 0, max: 120 },
  naissance: { nature: 'circonstance', forme: 'jour' },
  diplome: {
    nature: 'determinant',
    forme: 'choix',
    valeurs: ['aucun', 'cap-bep', 'bac', 'bac+2', 'bac+3-ou-plus'],
  },
  accompagnement: { nature: 'determinant', forme: 'choix', valeurs: [...OPERATEURS, 'aucun'] },
  demarcheAnterieure: { nature: 'circonstance', forme: 'demarche' },
  referent: {
    nature: 'circonstance',
    forme: 'choix',
    valeurs: ['france-travail', 'mission-locale', 'cap-emploi', 'departement', 'aucun'],
  },
  refusePar: { nature: 'circonstance', forme: 'liste', valeurs: OPERATEURS },
  pour: { nature: 'personnalisation', forme: 'choix', valeurs: ['soi', 'proche'] },
  mobilite: {
    nature: 'personnalisation',
    forme: 'choix',
    valeurs: ['commune', 'bassin', 'departement', 'region', 'france'],
  },
  echeance: {
    nature: 'personnalisation',
    forme: 'choix',
    valeurs: ['urgent', 'trois-mois', 'six-mois', 'un-an', 'pas-de-date'],
  },
  maturite: {
    nature: 'personnalisation',
    forme: 'choix',
    valeurs: ['idee', 'pistes', 'projet', 'demarches-engagees'],
  },
  autonomie: { nature: 'personnalisation', forme: 'choix', valeurs: ['seul', 'avec-aide'] },
  modeSouhaite: {
    nature: 'personnalisation',
    forme: 'choix',
    valeurs: ['presentiel', 'telephone', 'visio', 'ecrit'],
  },
  besoinsAcces: {
    nature: 'personnalisation',
    forme: 'liste',
    valeurs: ['lsf', 'lecture-a-voix-haute', 'accessibilite-pmr', 'falc', 'interprete'],
  },
} as const;

export type Champ = keyof typeof DEFINITIONS;
export const CHAMPS = Object.keys(DEFINITIONS) as Champ[];
export type Nature = 'determinant' | 'circonstance' | 'personnalisation';

export type DefinitionChamp =
  | {
      readonly nature: Nature;
      readonly forme: 'choix' | 'choix-ou-jour' | 'liste';
      readonly valeurs: readonly string[];
    }
  | { readonly nature: Nature; readonly forme: 'entier'; readonly min: number; readonly max: number }
  | { readonly nature: Nature; readonly forme: 'jour' | 'demarche' };

type Valeur<D> = D extends { forme: 'choix'; valeurs: readonly (infer V)[] }
  ? V | typeof NE_SAIT_PAS
  : D extends { forme: 'choix-ou-jour' }
    ? string
    : D extends { forme: 'liste'; valeurs: readonly (infer V)[] }
      ? readonly V[]
      : D extends { forme: 'entier' }
        ? number | typeof NE_SAIT_PAS
        : D extends { forme: 'jour' }
          ? string
          : { readonly operateur: (typeof OPERATEURS)[number]; readonly annee?: number };

/** What is known of a person. Every key may be absent. `age` in whole years; `naissance` a `Jour`. */
export type Profil = { readonly [C in Champ]?: Valeur<(typeof DEFINITIONS)[C]> };

export const definitionDe = (champ: Champ): DefinitionChamp => DEFINITIONS[champ];
export const estChamp = (v: unknown): v is Champ => typeof v === 'string' && Object.hasOwn(DEFINITIONS, v);
export const CHAMPS_DETERMINANTS = CHAMPS.filter((c) => DEFINITIONS[c].nature === 'determinant');

const avecInconnu = (valeurs: readonly string[]) => z.enum([...valeurs, NE_SAIT_PAS]);
const jour = z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ');

function schemaDe(definition: DefinitionChamp): z.ZodType {
  switch (definition.forme) {
    case 'choix':
      return avecInconnu(definition.valeurs);
    case 'choix-ou-jour':
      return z.union([z.enum(definition.valeurs), jour]);
    case 'liste':
      return z.array(z.enum(definition.valeurs)).max(definition.valeurs.length);
    case 'entier':
      return z.union([z.number().int().min(definition.min).max(definition.max), z.literal(NE_SAIT_PAS)]);
    case 'jour':
      return jour;
    case 'demarche':
      return z.strictObject({
        operateur: z.enum(OPERATEURS),
        annee: z.number().int().min(2014).max(2100).optional(),
      });
  }
}

const SCHEMAS = Object.fromEntries(CHAMPS.map((c) => [c, schemaDe(DEFINITIONS[c])])) as Record<
  Champ,
  z.ZodType
>;

/** A refusal names the field and says, in French, what is allowed there. */
export type RefusProfil = { readonly champ: string; readonly message: string };

/** What may be written in a field, in words, for a refusal message. */
export function valeursPermises(champ: Champ): string {
  const d: DefinitionChamp = DEFINITIONS[champ];
  switch (d.forme) {
    case 'choix':
      return [...d.valeurs, NE_SAIT_PAS].join(', ');
    case 'choix-ou-jour':
      return `${d.valeurs.join(', ')}, ou un jour AAAA-MM-JJ`;
    case 'liste':
      return `une liste de : ${d.valeurs.join(', ')}`;
    case 'entier':
      return `un nombre entier de ${d.min} à ${d.max}, ou ${NE_SAIT_PAS}`;
    case 'jour':
      return 'un jour AAAA-MM-JJ';
    case 'demarche':
      return '{ "operateur": …, "annee"?: … }';
  }
}

/** Checks one value for one field. */
export const estValeurPermise = (champ: Champ, valeur: unknown): boolean =>
  SCHEMAS[champ].safeParse(valeur).success;

/** Checks an untrusted profile, field by field; nothing is guessed or dropped. Contradictions between fields are the evaluator's. */
export function lireProfil(brut: unknown): Resultat<Profil, RefusProfil> {
  if (typeof brut !== 'object' || brut === null || Array.isArray(brut))
    return refuse({ champ: 'profil', message: 'Un objet est attendu.' });
  for (const [champ, valeur] of Object.entries(brut)) {
    if (!estChamp(champ))
      return refuse({ champ, message: `Champ inconnu. Champs connus : ${CHAMPS.join(', ')}.` });
    if (!estValeurPermise(champ, valeur))
      return refuse({ champ, message: `Valeur non permise. Attendu : ${valeursPermises(champ)}.` });
  }
  return reussi(brut as Profil);
}
