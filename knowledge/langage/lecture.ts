import { z } from 'zod';
import { lireDonnees } from '../vocabulaire/index.ts';
import { nettoyer, plier } from './normaliser.ts';
import { corrigerMot, infinitifDe } from './orthographe.ts';

const FICHIER = 'knowledge/langage/donnees/graphies.json';
const schema = z.strictObject({
  mots: z.record(z.string(), z.string().min(1)),
  locutions: z.record(z.string(), z.string().min(1)),
});

type Graphies = {
  readonly mots: ReadonlyMap<string, string>;
  readonly locutions: ReadonlyMap<string, string>;
  readonly motif: RegExp;
};
let graphies: Graphies | undefined;

function charger(): Graphies {
  if (graphies !== undefined) return graphies;
  const lu = lireDonnees(FICHIER, schema);
  // Longest first: « validation des acquis de l experience » before « validation des acquis ».
  const cles = Object.keys(lu.locutions).toSorted((a, b) => b.length - a.length);
  const echapper = (s: string): string => s.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  graphies = {
    mots: new Map(Object.entries(lu.mots)),
    locutions: new Map(Object.entries(lu.locutions)),
    motif: new RegExp(`(?<= )(?:${cles.map(echapper).join('|')})(?= )`, 'gu'),
  };
  return graphies;
}

const MORCEAUX =
  /-(?:je|tu|il|elle|on|nous|vous|ils|elles)(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[lm][123](?![\p{L}\p{N}])|\p{L}+|\p{N}+|[.!?;:\n]|[,()+/]/gu;
/** « 1er », « 2e »: an ordinal is not an age. */
const ORDINAL = /^(?:er|ere|e|eme|ieme)$/u;
const FORT = /^[.!?;:\n]$/u;
const INCLUSIF =
  /(?<=\p{L}{3})(?:[·•∙]|\((?=\p{L}{1,5}\)))(?:e|ère|ere|euse|eure|rice|trice|ienne|ne|se|te|ve|le|lle|esse)s?\)?(?:[·•∙]?s)?(?![\p{L}\p{N}])/gu;
/** « C.E.P. », « v.a.e » */
const SIGLE = /(?<![\p{L}\p{N}.])(?:\p{L}\.){2,5}\p{L}?(?![\p{L}\p{N}])/gu;
/** « jé un cap é je cherche » : small words written as they sound, which only their accent tells apart. Folding would make « je » of « jé ». */
const ACCENTUES: Readonly<Record<string, string>> = {
  é: 'et',
  è: 'et',
  jé: 'j ai',
  gé: 'j ai',
  lé: 'les',
  mé: 'mes',
  dé: 'des',
  cé: 'ce est',
  té: 'tes',
};
const ACCENTUE = /(?<![\p{L}'’])(?:[jglmdct]?é|è)(?![\p{L}'’])/giu;
/** « 28a » : the unit of an age glued to it. */
const AGE_COLLE = /(?<![\p{L}\p{N}])([1-7]\d)(?:a|an|ans)(?![\p{L}\p{N}])/giu;
const PRONOM_INVERSE = /^-/u;

/** Words after which a verb can only be an infinitive. */
const APPELLE_INFINITIF =
  / (?:veux|veut|voudrais|voudrait|vais|va|peux|peut|dois|doit|faut|aimerais|souhaite|souhaiterais|pour|envie de|pense|compte|de me|me|besoin de|comment|sans|voulais|desire|espere|faire) $/u;

function motDe(mot: string, avant: string, mots: ReadonlyMap<string, string>): string {
  const ecrit = mots.get(mot) ?? corrigerMot(mot);
  if (ecrit.length < 4 || ecrit.includes(' ') || !APPELLE_INFINITIF.test(avant.slice(-24))) return ecrit;
  // « je me change » is a present: after « me », only an ending that cannot be one is brought back.
  if (avant.endsWith(' me ') && !/(?:ez|ees?)$/u.test(mot)) return ecrit;
  return infinitifDe(ecrit) ?? ecrit;
}

/** One folded word as it is spelt (« jveu » → « je veux »), or itself when nothing better is known. */
export const motEnClair = (mot: string): string => charger().mots.get(mot) ?? corrigerMot(mot);

/**
 * The message as every reader of this folder sees it: canonical words separated by one space, a space at both ends, « . » and « , » kept
 * as words, « ? » kept as « ? ». Elisions are spelt out (« j’ai » → « je ai »), text-message forms are written in full (« jsui » → « je suis »),
 * names of operators are one word (« paul emploi » → « francetravail »).
 */
export function canonique(texte: string): string {
  const { mots, locutions, motif } = charger();
  const morceaux =
    plier(
      nettoyer(texte)
        .replace(INCLUSIF, '')
        .replace(SIGLE, (m) => m.replaceAll('.', ''))
        .replace(ACCENTUE, (m) => ACCENTUES[m.toLowerCase()] ?? m)
        .replace(AGE_COLLE, '$1 ans'),
    ).match(MORCEAUX) ?? [];
  let sortie = ' ';
  for (let i = 0; i < morceaux.length; i++) {
    const m = morceaux[i] ?? '';
    const precedent = morceaux[i - 1] ?? '';
    if (m === '?') sortie += '? ';
    else if (FORT.test(m)) sortie += '. ';
    else if (m === ',' || m === '(' || m === ')' || m === '/') sortie += ', ';
    else if (PRONOM_INVERSE.test(m)) sortie += `${m.slice(1)} inverse `;
    else if (m === '+') sortie += '+ ';
    // « c’est » has its verb; the text-message « c » stands for both words.
    else if (m === 'c' && /^(?:est|etait|etaient|etais)$/u.test(morceaux[i + 1] ?? '')) sortie += 'ce ';
    else if (ORDINAL.test(m) && /^\p{N}+$/u.test(precedent)) sortie += 'ieme ';
    else sortie += `${motDe(m, sortie, mots)} `;
  }
  return sortie.replace(motif, (m) => locutions.get(m) ?? m);
}
