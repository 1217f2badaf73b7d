import { z } from 'zod';
import { commune } from '../knowledge/territoire/index.ts';
import {
  COMMANDES,
  DEMANDES,
  estChamp,
  estValeurPermise,
  OPERATEURS,
  REGISTRES,
  type Champ,
} from '../knowledge/vocabulaire/index.ts';

const champ = z.custom<Champ>(estChamp);
const coche = z.union([z.boolean(), z.enum(['true', 'false']).transform((v) => v === 'true')]);
const saisie = (max: number) => z.string().max(max).optional();

/**
 * What a button or a form may carry. It comes from a browser: anything else is refused, and the question is asked again.
 * Forms of the document carry one `ligne:<id>` key per line.
 */
const schema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('repondre'), champ, valeur: z.unknown() }),
  z.strictObject({ action: z.literal('demande'), demande: z.enum(DEMANDES) }),
  z.strictObject({
    action: z.literal('lieu'),
    commune: saisie(5),
    departement: saisie(3),
    region: saisie(2),
    sansReponse: z.boolean().optional(),
  }),
  z.strictObject({ action: z.literal('commande'), commande: z.enum(COMMANDES) }),
  z.strictObject({ action: z.literal('registre'), registre: z.enum(REGISTRES) }),
  z.strictObject({ action: z.literal('reprendre') }),
  z.strictObject({ action: z.literal('question-libre') }),
  z.strictObject({ action: z.literal('information'), suite: z.enum(['oui', 'plus', 'simple', 'methode']) }),
  z.strictObject({
    action: z.literal('explorer'),
    commune: z.string().refine((c) => commune(c) !== undefined),
    rome: saisie(5),
  }),
  z.strictObject({ action: z.literal('choisir'), operateur: z.enum(OPERATEURS) }),
  z.strictObject({ action: z.literal('si-je') }),
  z.strictObject({ action: z.literal('decision'), suite: z.enum(['document', 'contact', 'arreter']) }),
  z.looseObject({ action: z.literal('document') }),
  z.looseObject({ action: z.literal('preparer-envoi') }),
  z.strictObject({
    action: z.literal('envoyer'),
    nom: saisie(80),
    telephone: saisie(40),
    courriel: saisie(120),
    disponibilites: saisie(200),
    consentement: coche.optional(),
    enDirect: coche.optional(),
    conversation: coche.optional(),
  }),
  // Teams sends the fields of the form along: they are let go.
  z.looseObject({ action: z.literal('ne-pas-envoyer') }),
  z.looseObject({ action: z.literal('reecrire') }),
  z.strictObject({ action: z.literal('ecrire-ligne'), ligne: saisie(64), mots: saisie(2000) }),
  z.strictObject({ action: z.literal('rendre-ligne'), ligne: saisie(64), mots: saisie(2000) }),
  z.strictObject({
    action: z.literal('corriger'),
    cible: z.union([champ, z.enum(['demande', 'lieu', 'metier-actuel', 'metier-vise'])]),
  }),
  z.strictObject({
    action: z.literal('confirmer'),
    quoi: z.enum(['effacer', 'recommencer']),
    oui: z.boolean(),
  }),
  z.strictObject({ action: z.literal('quitter-echange') }),
  z.strictObject({ action: z.literal('accepter-echange') }),
  z.strictObject({ action: z.literal('retirer-lecture') }),
  z.strictObject({
    action: z.literal('reorientation'),
    le: z.number(),
    reponse: z.enum(['oui', 'non', 'plus-tard']),
    sante: coche.optional(),
    enDirect: coche.optional(),
    conversation: coche.optional(),
  }),
]);
export type ValeurLue = z.output<typeof schema>;

/** Reads what a button or form sent; `undefined` when it is not something this conversation ever offered. */
export function lireValeur(brut: Readonly<Record<string, unknown>>): ValeurLue | undefined {
  const lu = schema.safeParse(brut);
  if (!lu.success) return undefined;
  if (lu.data.action === 'repondre' && !estValeurPermise(lu.data.champ, lu.data.valeur)) return undefined;
  return lu.data;
}

/** The ticked and unticked lines of a document form, by line id. */
export function lireLignes(valeur: Readonly<Record<string, unknown>>): Record<string, boolean> {
  const lignes: Record<string, boolean> = {};
  for (const [cle, brut] of Object.entries(valeur)) {
    const lu = cle.startsWith('ligne:') ? coche.safeParse(brut) : undefined;
    if (lu?.success === true) lignes[cle.slice('ligne:'.length, 64)] = lu.data;
  }
  return lignes;
}
