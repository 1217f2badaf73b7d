import { z } from 'zod';
import { lireDonnees } from '../vocabulaire/index.ts';
import { nettoyer, plier } from './normaliser.ts';

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
  /-(?:je|tu|il|elle|on|nous|vous|ils|elles)(?![\p{L}\p{N}])|\p{L}+|\p{N}+|[.!?;:\n]|[,()+/]/gu;
/** « 1er », « 2e »: an ordinal is not an age. */
const ORDINAL = /^(?:er|ere|e|eme|ieme)$/u;
const FORT = /^[.!?;:\n]$/u;
const INCLUSIF =
  /(?<=\p{L}{3})(?:[·•∙]|\((?=\p{L}{1,5}\)))(?:e|ère|ere|euse|eure|rice|trice|ienne|ne|se|te|ve|le|lle|esse)s?\)?(?:[·•∙]?s)?(?![\p{L}\p{N}])/gu;
const PRONOM_INVERSE = /^-/u;

/**
 * The message as every reader of this folder sees it: canonical words separated by one space, a space at both ends, « . » and « , » kept
 * as words, « ? » kept as « ? ». Elisions are spelt out (« j’ai » → « je ai »), text-message forms are written in full (« jsui » → « je suis »),
 * names of operators are one word (« paul emploi » → « francetravail »).
 */
export function canonique(texte: string): string {
  const { mots, locutions, motif } = charger();
  const morceaux = plier(nettoyer(texte).replace(INCLUSIF, '')).match(MORCEAUX) ?? [];
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
    else sortie += `${mots.get(m) ?? m} `;
  }
  return sortie.replace(motif, (m) => locutions.get(m) ?? m);
}
