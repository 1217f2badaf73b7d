import { createHash, randomBytes } from 'node:crypto';
import type { ConversationReference } from 'botbuilder';
import { z } from 'zod';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import {
  codeOperateur,
  encoreConnus,
  estOperateur,
  lireReference,
  nouvelleReference,
} from '../handover/index.ts';
import type { Horloge, Journaliseur } from '../ports.ts';
import type { Collection, DefinitionCollection, Depot } from '../storage/depot.ts';

const instant = z.int().nonnegative();
type Reference = Partial<ConversationReference>;
const formeReference = z.looseObject({
  conversation: z.looseObject({ id: z.string() }),
  serviceUrl: z.string(),
  channelId: z.string(),
});

/**
 * Where in Teams requests are announced, and which. Purpose: warn the counsellor or the team that asked. Lifetime: ninety days, then it must be asked again, so that somebody who
 * left is not told for ever; erased at once when they stop it.
 */
const schemaAbonnement = z.strictObject({
  /** Conversation reference of the SDK: where to write. Kept current at each activity, since the address may change. */
  reference: z.custom<Reference>((v) => formeReference.safeParse(v).success),
  portee: z.enum(['personnelle', 'equipe']),
  /** The team it is in: uninstalling the application there ends all of its channels. */
  equipe: z.string().optional(),
  par: z.string(),
  /** As they were written: one may have left the data since, and the place must still be readable, and stopped. */
  operateurs: z.union([z.literal('tous'), z.array(codeOperateur)]),
  regions: z.union([z.literal('toutes'), z.array(z.string())]),
  creeLe: instant,
  expireLe: instant,
  /** Blocked, uninstalled or gone: nothing is tried until somebody writes there again. */
  bloqueLe: instant.optional(),
});
export type Abonnement = z.output<typeof schemaAbonnement>;
/** Whose requests one may be told of. */
export type Perimetre = {
  readonly operateurs: 'tous' | readonly string[];
  readonly regions: 'toutes' | readonly string[];
};

const ABONNEMENTS: DefinitionCollection<Abonnement, Abonnement> = {
  nom: 'abonnements-teams',
  version: 1,
  schema: schemaAbonnement,
  fiche: (a) => ({
    etat: a.bloqueLe === undefined ? 'actif' : 'bloque',
    tri: a.creeLe,
    expireLe: a.expireLe,
    resume: a,
  }),
};

const JOUR_MS = 86_400_000;
const DUREE_MS = 90 * JOUR_MS;
const CODE_MS = 10 * 60_000;
const CODES_MAX = 1_000;

type Place = { readonly operateur: string; readonly region?: string | undefined };

/** A channel's messages carry the thread they are in; notifications open their own. */
export const sansFil = (reference: Reference): Reference => {
  const { activityId: _, conversation, ...reste } = reference;
  return conversation === undefined
    ? reste
    : { ...reste, conversation: { ...conversation, id: conversation.id.replace(/;messageid=.*$/, '') } };
};

const cleDe = (reference: Reference): string =>
  createHash('sha256')
    .update(`${reference.channelId ?? ''}|${sansFil(reference).conversation?.id ?? ''}`)
    .digest('hex')
    .slice(0, 32);

export type Abonnements = {
  /** A code that proves, in Teams, who asks and for what: once, within ten minutes. In memory only. */
  proposer(qui: Perimetre & { readonly id: string }): { readonly code: string; readonly fin: number };
  abonner(
    code: string,
    ou: { readonly reference: Reference; readonly portee: Abonnement['portee']; readonly equipe?: string },
  ): Promise<Resultat<Abonnement, { readonly code: 'code-inconnu' }>>;
  /** False: nothing was announced there. */
  desabonner(reference: Reference): Promise<boolean>;
  /** Ends every subscription of a person; resolves to how many. */
  desabonnerTout(par: string): Promise<number>;
  /** How many places a person is told in. */
  nombre(par: string): Promise<number>;
  /** How many of them name an operator that left the data: what they were for is not announced any more. */
  aRevoir(par: string): Promise<number>;
  /** Something came from there: the address is kept current, and a blocked place opens again. */
  rafraichir(reference: Reference): Promise<void>;
  /** The bot was removed from a conversation, or from a team. */
  retirer(reference: Reference, equipe: string | undefined): Promise<void>;
  bloquer(id: string): Promise<void>;
  lire(id: string): Promise<Abonnement | undefined>;
  /** Who is told of a request of this operator and région. */
  pour(place: Place): Promise<readonly string[]>;
  balayer(): Promise<void>;
};

/**
 * Of an operator that left the data, only those told of every operator: nobody else may see its files (`droits.ts`), and a notice that opens
 * nothing helps nobody.
 */
const concerne = (a: Abonnement, { operateur, region }: Place): boolean => {
  const operateurs = encoreConnus(a.operateurs);
  return (operateurs === 'tous' || operateurs.some((o) => o === operateur)) && duTerritoire(a, region);
};
const duTerritoire = (a: Abonnement, region: string | undefined): boolean =>
  a.regions === 'toutes' || (region !== undefined && a.regions.includes(region));

/** The operators it names that left the data. */
const retiresDe = ({ operateurs }: Abonnement): readonly string[] =>
  operateurs === 'tous' ? [] : operateurs.filter((o) => !estOperateur(o));

/** Opens the subscriptions kept in `depot`. */
export async function ouvrirAbonnements(options: {
  readonly depot: Depot;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
}): Promise<Abonnements> {
  const { horloge } = options;
  const collection: Collection<Abonnement, Abonnement> = await options.depot.collection(ABONNEMENTS);
  const codes = new Map<string, Perimetre & { readonly id: string; readonly fin: number }>();

  const lire = async (id: string): Promise<Abonnement | undefined> => {
    const lu = await collection.lire(id);
    return lu.ok && lu.valeur.valeur.expireLe > horloge() ? lu.valeur.valeur : undefined;
  };
  /** Read, change, write; again when somebody wrote in between. Nothing when it is not there. */
  async function changer(id: string, f: (a: Abonnement) => Abonnement): Promise<void> {
    for (;;) {
      const lu = await collection.lire(id);
      if (!lu.ok) return;
      const change = f(lu.valeur.valeur);
      if (JSON.stringify(change) === JSON.stringify(lu.valeur.valeur)) return;
      const ecrit = await collection.ecrire(id, change, lu.valeur.revision);
      if (ecrit.ok || ecrit.refus.code !== 'conflit') return;
    }
  }
  const tous = async (): Promise<{ readonly id: string; readonly a: Abonnement }[]> =>
    (await collection.lister()).lignes
      .map((l) => ({ id: l.id, a: l.resume }))
      .filter(({ a }) => a.expireLe > horloge());

  const orphelins = (await tous()).filter(({ a }) => retiresDe(a).length > 0);
  if (orphelins.length > 0)
    options.journaliseur.alerte('abonnements-operateur-retire', {
      nombre: orphelins.length,
      operateurs: [...new Set(orphelins.flatMap(({ a }) => retiresDe(a)))].join(','),
    });

  return {
    lire,
    proposer({ id, operateurs, regions }) {
      for (const [c, { fin }] of codes) if (fin <= horloge()) codes.delete(c);
      // Each counsellor needs one at a time; the bound is against a page that would ask in a loop.
      for (const [c, p] of codes) if (p.id === id || codes.size >= CODES_MAX) codes.delete(c);
      const code = nouvelleReference((n) => randomBytes(n)).replace(/^\w+-/, '');
      const fin = horloge() + CODE_MS;
      codes.set(code, { id, operateurs, regions, fin });
      return { code, fin };
    },
    async abonner(dit, { reference, portee, equipe }) {
      const lu = lireReference(dit);
      const code = lu.ok ? lu.valeur.replace(/^\w+-/, '') : '';
      const propose = codes.get(code);
      codes.delete(code);
      if (propose === undefined || propose.fin <= horloge()) return refuse({ code: 'code-inconnu' });
      const id = cleDe(reference);
      const le = horloge();
      const abonnement = schemaAbonnement.parse({
        reference: sansFil(reference),
        portee,
        ...(equipe === undefined ? {} : { equipe }),
        par: propose.id,
        operateurs: propose.operateurs,
        regions: propose.regions,
        creeLe: le,
        expireLe: le + DUREE_MS,
      });
      for (;;) {
        const deja = await collection.lire(id);
        const ecrit = await collection.ecrire(id, abonnement, deja.ok ? deja.valeur.revision : 0);
        if (ecrit.ok) return reussi(abonnement);
        if (ecrit.refus.code !== 'conflit') throw new Error(`Abonnement illisible : ${ecrit.refus.code}.`);
      }
    },
    desabonner: (reference) => collection.effacer(cleDe(reference)),
    async desabonnerTout(par) {
      const siens = (await tous()).filter(({ a }) => a.par === par);
      for (const { id } of siens) await collection.effacer(id);
      return siens.length;
    },
    nombre: async (par) => (await tous()).filter(({ a }) => a.par === par).length,
    aRevoir: async (par) => (await tous()).filter(({ a }) => a.par === par && retiresDe(a).length > 0).length,
    rafraichir: (reference) =>
      changer(cleDe(reference), (a) => {
        const { bloqueLe: _, ...ouvert } = a;
        return { ...ouvert, reference: { ...a.reference, ...sansFil(reference) } };
      }),
    async retirer(reference, equipe) {
      const ici = cleDe(reference);
      for (const { id, a } of await tous())
        if (id === ici || (equipe !== undefined && a.equipe === equipe))
          await changer(id, (x) => ({ ...x, bloqueLe: x.bloqueLe ?? horloge() }));
    },
    bloquer: (id) => changer(id, (a) => ({ ...a, bloqueLe: a.bloqueLe ?? horloge() })),
    pour: async (place) =>
      (await tous()).filter(({ a }) => a.bloqueLe === undefined && concerne(a, place)).map(({ id }) => id),
    balayer: async () => void (await collection.expirer(horloge())),
  };
}

/** What a counsellor may ask the bot, in their own chat or in a channel; nothing else is read there. */
export type CommandeNotifications =
  | { readonly type: 'abonner'; readonly code: string }
  | { readonly type: 'desabonner' }
  | { readonly type: 'expliquer' };

/** Reads a command, mentions of the bot left out; `undefined` when it is anything else. */
export function lireCommande(texte: string): CommandeNotifications | undefined {
  const mots = texte
    .replaceAll(/<at[^>]*>[^<]*<\/at>/g, ' ')
    .normalize('NFC')
    .replaceAll(/[\s\u00A0]+/g, ' ')
    .trim()
    .toLowerCase();
  if (/^(arr[êe]ter|stop) (les )?notifications?\.?$/.test(mots)) return { type: 'desabonner' };
  if (/^(les )?notifications?\.?$/.test(mots)) return { type: 'expliquer' };
  const code = /^notifications? ((?:[\da-z]{5}[- ]?){2})\.?$/.exec(mots)?.[1];
  return code === undefined ? undefined : { type: 'abonner', code: code.trim() };
}
