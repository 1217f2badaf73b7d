import { z } from 'zod';
import { ALERTES, CHAMPS, DEMANDES, estJour, estValeurPermise, OPERATEURS } from '../vocabulaire/index.ts';
import { estRelais } from './relais.ts';

const id = z.string().regex(/^[a-z0-9-]+$/, 'identifiant attendu : minuscules, chiffres et tirets');
const jour = z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ');
const champ = z.enum(CHAMPS);

/**
 * What a condition says when the answer is missing. By default a missing déterminant is worth asking; `faux` means « we do not ask it for
 * this, take it when the person says it », `faux-si-ne-sait-pas` means « ask it, but go on without it ».
 */
const siInconnu = z.enum(['faux', 'faux-si-ne-sait-pas']).optional();

const parmi = z
  .strictObject({ test: z.literal('parmi'), champ, valeurs: z.array(z.string()).min(1), siInconnu })
  .superRefine((c, ctx) => {
    for (const valeur of c.valeurs)
      if (!estValeurPermise(c.champ, valeur))
        ctx.addIssue({
          code: 'custom',
          message: `« ${valeur} » n’est pas une valeur du champ « ${c.champ} »`,
        });
  });

export type Condition =
  | z.output<typeof parmi>
  | {
      test: 'age';
      min?: number | undefined;
      moins?: number | undefined;
      siInconnu?: z.output<typeof siInconnu>;
    }
  | { test: 'fin-contrat'; etat: 'a-venir' | 'passee' }
  | { test: 'renvoi'; operateurs: readonly (typeof OPERATEURS)[number][] }
  | { test: 'demarche'; operateurs: readonly (typeof OPERATEURS)[number][] }
  | { test: 'demande'; valeurs: readonly (typeof DEMANDES)[number][] }
  | { test: 'alerte'; valeurs: readonly (typeof ALERTES)[number][] }
  | { test: 'territoire'; codes: readonly string[] }
  | { test: 'situation'; est: string }
  | { test: 'tous' | 'une'; conditions: readonly Condition[] }
  | { test: 'pas'; condition: Condition };

/** The closed set of condition kinds; a rule's conditions must all be true. */
export const schemaCondition: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion('test', [
    parmi,
    z.strictObject({
      test: z.literal('age'),
      min: z.number().int().min(0).max(120).optional(),
      moins: z.number().int().min(1).max(121).optional(),
      siInconnu,
    }),
    z.strictObject({ test: z.literal('fin-contrat'), etat: z.enum(['a-venir', 'passee']) }),
    z.strictObject({ test: z.literal('renvoi'), operateurs: z.array(z.enum(OPERATEURS)).min(1) }),
    z.strictObject({ test: z.literal('demarche'), operateurs: z.array(z.enum(OPERATEURS)).min(1) }),
    z.strictObject({ test: z.literal('demande'), valeurs: z.array(z.enum(DEMANDES)).min(1) }),
    z.strictObject({ test: z.literal('alerte'), valeurs: z.array(z.enum(ALERTES)).min(1) }),
    z.strictObject({
      test: z.literal('territoire'),
      codes: z.array(z.string().regex(/^(\d{2,3}|2[AB])$/)).min(1),
    }),
    z.strictObject({ test: z.literal('situation'), est: id }),
    z.strictObject({ test: z.literal('tous'), conditions: z.array(schemaCondition).min(1) }),
    z.strictObject({ test: z.literal('une'), conditions: z.array(schemaCondition).min(1) }),
    z.strictObject({ test: z.literal('pas'), condition: schemaCondition }),
  ]),
);

/**
 * What a rule does. `attendre`: an answer that could make the rule true is asked for (default: main orientations, exclusions, doubts and
 * `hors-champ` wait, the others do not). An `ecart` with `exclut` removes the operator; without, it only says why it is not the one.
 */
const effet = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('orientation'),
    operateur: z.enum(OPERATEURS),
    role: z.enum(['principale', 'alternative']),
    attendre: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('ecart'),
    operateur: z.enum(OPERATEURS),
    exclut: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('relais'),
    relais: z.array(z.string().refine(estRelais, 'relais inconnu (voir donnees/relais.json)')).min(1),
    attendre: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('vigilance'), code: id, attendre: z.boolean().optional() }),
  z.strictObject({ type: z.literal('doute') }),
  z.strictObject({
    type: z.literal('hors-champ'),
    relais: z.array(z.string().refine(estRelais, 'relais inconnu (voir donnees/relais.json)')).min(1),
  }),
]);

export const THEMES = [
  'danger',
  'demission',
  'continuite',
  'agent-public',
  'csp',
  'sante',
  'activite-reduite',
  'handicap',
  'jeune-diplome',
  'jeune',
  'cadre',
  'situation',
  'territoire',
] as const;
export type Theme = (typeof THEMES)[number];

export const schemaRegle = z.strictObject({
  id,
  titre: z.string().min(1),
  theme: z.enum(THEMES),
  effet,
  conditions: z.array(schemaCondition).min(1),
  references: z.array(id).min(1),
  du: jour,
  au: jour.optional(),
});
export type RegleDeclaree = z.output<typeof schemaRegle>;

export const schemaReference = z.strictObject({
  article: z.string().min(1),
  url: z.url({ protocol: /^https$/ }),
  verifieLe: jour,
  confiance: z.enum(['sur', 'sur-tiers', 'deduit']),
});

export const schemaSituations = z.record(
  id,
  z.strictObject({ titre: z.string().min(1), falc: z.string().min(1), condition: schemaCondition }),
);

/**
 * The fields in the order they are asked. `quand`: when an answer makes sense (false makes it an orphan); `demanderSi`: when we may ask it
 * ourselves (an answer given without being asked is still read).
 */
export const schemaChamps = z.array(
  z.strictObject({
    champ,
    quand: schemaCondition.optional(),
    demanderSi: schemaCondition.optional(),
  }),
);

export const schemaImplications = z.array(
  z.strictObject({ id, si: z.array(schemaCondition).min(1), alors: z.record(z.string(), z.unknown()) }),
);

export const schemaContradictions = z.array(
  z.strictObject({ id, champ, si: z.array(schemaCondition).min(1), message: z.string().min(1) }),
);

export const schemaHypotheses = z.array(
  z.strictObject({
    id,
    quand: z.array(schemaCondition).min(1),
    poser: z.record(z.string(), z.unknown()),
    anniversaire: z.number().int().optional(),
  }),
);
