import { z } from 'zod';
import { LIMITE_TEXTE, longueurTexte, seLit } from './limite-texte.ts';

const MAX_VALEUR = 8_192;
const PROFONDEUR = 5;
const INTERDITES = new Set(['__proto__', 'constructor', 'prototype']);

/** Control characters, but line feed and tab. */
const CONTROLES = /[^\P{Cc}\n\t]|[\u2028\u2029]/gu;

function estSimple(valeur: unknown, profondeur = 0): boolean {
  if (valeur === null || ['string', 'number', 'boolean'].includes(typeof valeur)) return true;
  if (typeof valeur !== 'object' || profondeur >= PROFONDEUR) return false;
  if (Array.isArray(valeur)) return valeur.every((v) => estSimple(v, profondeur + 1));
  return Object.entries(valeur).every(([cle, v]) => !INTERDITES.has(cle) && estSimple(v, profondeur + 1));
}

/** What a button or a form may carry: a plain object, 8 KiB, depth 5. The dialog that asked checks it again. */
export const estValeur = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' &&
  v !== null &&
  !Array.isArray(v) &&
  estSimple(v) &&
  Buffer.byteLength(JSON.stringify(v)) <= MAX_VALEUR;

const valeur = z.custom<Record<string, unknown>>(estValeur);

const schema = z.object({
  type: z.enum(['message', 'typing', 'event']),
  name: z.string().max(64).optional(),
  text: z.string().optional(),
  value: valeur.optional(),
  locale: z.string().optional().catch(undefined),
  replyToId: z.string().max(64).optional().catch(undefined),
  channelData: z
    .object({
      // Each apart: a flag of another kind must not lose the key, without which the sender never sees its echo (C1).
      clientActivityID: z.string().min(1).max(64).optional().catch(undefined),
      postBack: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** What is kept of an activity posted by a browser: everything else is dropped before anything sees it (directline.md § 4.1). */
export type Entrant = {
  readonly type: 'message' | 'typing' | 'event';
  readonly text?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly locale?: string;
  readonly replyToId?: string;
  readonly cle?: string;
  readonly postBack?: boolean;
};
export type RefusEntrant = 'invalide' | 'trop-long';

const LANGUE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
export const langueValide = (v: unknown): string | undefined =>
  typeof v === 'string' && LANGUE.test(v) ? v : undefined;

/** Events a client may post. Stock Web Chat says it joined; nothing comes of it. */
const EVENEMENTS = new Set(['webchat/join']);

/** Reads one posted activity by allow-list. */
export function lireEntrant(corps: unknown): Entrant | RefusEntrant {
  const lu = schema.safeParse(corps);
  if (!lu.success) return 'invalide';
  const { type, name, text, value, locale, replyToId, channelData } = lu.data;
  if (type === 'event' && !EVENEMENTS.has(name ?? '')) return 'invalide';
  if (type !== 'message') return { type };
  const propre = text?.normalize('NFC').replaceAll('\r\n', '\n').replaceAll(CONTROLES, '');
  if (propre !== undefined && longueurTexte(propre) > LIMITE_TEXTE) return 'trop-long';
  if ((propre === undefined || !seLit(propre)) && value === undefined) return 'invalide';
  const langue = langueValide(locale);
  return {
    type,
    ...(propre === undefined ? {} : { text: propre }),
    ...(value === undefined ? {} : { value }),
    ...(langue === undefined ? {} : { locale: langue }),
    ...(replyToId === undefined ? {} : { replyToId }),
    ...(channelData?.clientActivityID === undefined ? {} : { cle: channelData.clientActivityID }),
    ...(channelData?.postBack === undefined ? {} : { postBack: channelData.postBack }),
  };
}
