import { z } from 'zod';
import { CONCENTRATEUR } from '../../knowledge/dossier/index.ts';
import { ID_BOT } from '../channels/adaptateur.ts';
import { PREFIXE_CONSEILLER } from '../channels/index.ts';
import type { Journal } from '../storage/journal.ts';

/** One message of a log, as those who read it back need it. An edit replaces, in its place, what had the same identifier. */
export type Entree = {
  readonly id: string;
  /** Milliseconds. */
  readonly le: number;
  readonly de: 'personne' | 'conseiller' | 'assistant';
  readonly nom?: string;
  readonly texte: string;
  readonly nonRemise?: true;
  /** Somebody joins, or leaves: the assistant says so. */
  readonly marque?: { readonly etat: 'ouvert' | 'clos'; readonly chezUnAutre: boolean };
  /** What a button or a form of the person carried. */
  readonly valeur?: Readonly<Record<string, unknown>>;
  /** The message of the person it answers, when the channel says so. */
  readonly repond?: string;
  /** Of the assistant: the words of its cards, fields to fill in left out. */
  readonly cartes: readonly string[];
  /** Of the assistant: fields of the profile its buttons answer. */
  readonly champs: readonly string[];
};

const schemaEntree = z.looseObject({
  type: z.string(),
  id: z.string(),
  timestamp: z.string(),
  text: z.string().optional(),
  from: z
    .looseObject({ id: z.string(), name: z.string().optional(), role: z.string().optional() })
    .optional(),
  value: z.unknown().optional(),
  replyToId: z.string().optional(),
  suggestedActions: z.looseObject({ actions: z.array(z.unknown()) }).optional(),
  attachments: z.array(z.looseObject({ content: z.unknown() })).optional(),
});
const schemaMarque = z.looseObject({
  echange: z.looseObject({ etat: z.enum(['ouvert', 'clos']), chez: z.string().optional() }),
});
const schemaBouton = z.looseObject({ value: z.looseObject({ champ: z.string() }) });
const schemaObjet = z.record(z.string(), z.unknown());
/** What is read of a card: its sentences. What a field holds or a box says was never said, or was cut from the document. */
const schemaBloc = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  items: z.array(z.unknown()).optional(),
  facts: z.array(z.looseObject({ title: z.string(), value: z.string() })).optional(),
});
const schemaCarte = z.looseObject({ type: z.literal('AdaptiveCard'), body: z.array(z.unknown()) });
const PAR_PAGE = 500;

/**
 * Every message of a conversation, oldest first, from its log and nowhere else: what is erased there is erased.
 * @returns `undefined` when the conversation is gone.
 */
export async function lireEntrees(
  journal: Journal,
  conversation: string,
): Promise<{ readonly entrees: readonly Entree[]; readonly jusqua: number } | undefined> {
  const lues = new Map<string, Entree>();
  let jusqua = 0;
  for (;;) {
    const page = await journal.lireApres(conversation, jusqua, PAR_PAGE, 'invisibles');
    if (page === undefined) return undefined;
    jusqua = page.jusqua;
    for (const { json } of page.entrees) {
      const entree = lireEntree(json);
      if (entree !== undefined) lues.set(entree.id, entree);
    }
    if (page.entrees.length < PAR_PAGE) return { entrees: [...lues.values()], jusqua };
  }
}

function lireEntree(json: string): Entree | undefined {
  const lu = schemaEntree.safeParse(JSON.parse(json));
  if (!lu.success || lu.data.type !== 'message') return undefined;
  const { id, timestamp, text: texte = '', from, value, replyToId, suggestedActions, attachments } = lu.data;
  const base = { id, le: Date.parse(timestamp), texte, cartes: [], champs: [] };
  // Only our own words open or end an exchange: a browser may post any `value` it likes.
  if (from?.id === ID_BOT) {
    const marque = schemaMarque.safeParse(value);
    return {
      ...base,
      de: 'assistant',
      cartes: (attachments ?? []).flatMap(({ content }) => motsDeCarte(content)),
      champs: (suggestedActions?.actions ?? []).flatMap(
        (a) => schemaBouton.safeParse(a).data?.value.champ ?? [],
      ),
      ...(replyToId === undefined ? {} : { repond: replyToId }),
      ...(marque.success
        ? {
            marque: {
              etat: marque.data.echange.etat,
              chezUnAutre: marque.data.echange.chez === CONCENTRATEUR,
            },
          }
        : {}),
    };
  }
  if (from?.role === 'bot' && from.id.startsWith(PREFIXE_CONSEILLER))
    return {
      ...base,
      de: 'conseiller',
      ...(from.name === undefined ? {} : { nom: from.name }),
      ...(value === undefined ? {} : { nonRemise: true }),
    };
  if (texte === '' && value === undefined) return undefined;
  const valeur = schemaObjet.safeParse(value);
  return { ...base, de: 'personne', ...(value === undefined ? {} : { valeur: valeur.data ?? {} }) };
}

function motsDeCarte(contenu: unknown): readonly string[] {
  const lue = schemaCarte.safeParse(contenu);
  return lue.success ? lue.data.body.flatMap(motsDeBloc) : [];
}

function motsDeBloc(brut: unknown): readonly string[] {
  const lu = schemaBloc.safeParse(brut);
  if (!lu.success) return [];
  const { type, text, items, facts } = lu.data;
  switch (type) {
    case 'TextBlock':
      return text === undefined ? [] : [text];
    case 'FactSet':
      return (facts ?? []).map((f) => `${f.title} : ${f.value}`);
    case 'Container':
      return (items ?? []).flatMap(motsDeBloc);
    default:
      return [];
  }
}
