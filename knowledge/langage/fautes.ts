/**
 * Ways French people misspell, one at a time, written from the sounds of the language: what a phrase becomes when it is typed as it is heard,
 * in haste, or on a telephone. Each takes a phrase in small letters and gives another (or the same, where it finds nothing to change).
 */
const mots =
  (f: (mot: string) => string): ((phrase: string) => string) =>
  (phrase) =>
    phrase.split(' ').map(f).join(' ');

export const FAUTES: Readonly<Record<string, (phrase: string) => string>> = {
  'sans accents': (p) => p.normalize('NFD').replaceAll(/\p{M}/gu, ''),
  'sans apostrophes': (p) => p.replaceAll(/[’']/gu, ''),
  'apostrophes en espaces': (p) => p.replaceAll(/[’']/gu, ' '),
  'infinitifs en é': mots((m) => m.replace(/er$/u, 'é')),
  'participes en er': mots((m) => m.replace(/ée?s?$/u, 'er')),
  'lettres finales muettes': mots((m) => (m.length > 3 ? m.replace(/[stdxp]$/u, '') : m)),
  'e final oublié': mots((m) => (m.length > 4 ? m.replace(/e$/u, '') : m)),
  'lettres doublées perdues': (p) => p.replaceAll(/([bcdfglmnprst])\1/gu, '$1'),
  'qu en k': (p) => p.replaceAll('qu', 'k'),
  'au et eau en o': (p) => p.replaceAll(/eaux?|aux?/gu, 'o'),
  'ai en é': (p) => p.replaceAll(/(?<=\p{L})ai[ts]?(?!\p{L})/gu, 'é').replaceAll(/(?<!\p{L})j[’']ai/gu, 'jé'),
  's entre voyelles en z': (p) => p.replaceAll(/(?<=[aeiouyé])s(?=[aeiouyé])/gu, 'z'),
  'ss en c': (p) => p.replaceAll(/ss(?=[eiy])/gu, 'c'),
  'je collé': (p) => p.replaceAll(/(?<!\p{L})je (?=\p{L})/gu, 'j'),
  'ne oublié': (p) => p.replaceAll(/(?<!\p{L})(?:ne |n[’'])/gu, ''),
  'en et an échangés': (p) => p.replaceAll(/en(?=[tdcs])/gu, 'an'),
  'lettres échangées': mots((m) =>
    m.length > 6 ? m.slice(0, 3) + m.charAt(4) + m.charAt(3) + m.slice(5) : m,
  ),
};

const ensemble =
  (...noms: readonly string[]) =>
  (phrase: string): string =>
    noms.reduce((p, nom) => FAUTES[nom]?.(p) ?? p, phrase);

/** A phrase heard and typed in haste: most of the slips at once. */
export const phonetique = ensemble(
  'sans apostrophes',
  'ne oublié',
  'infinitifs en é',
  'lettres doublées perdues',
  'lettres finales muettes',
  'qu en k',
  'sans accents',
);

const AUTREMENT: readonly ((phrase: string) => string)[] = [
  phonetique,
  ensemble('sans apostrophes', 'participes en er', 'ai en é', 'ss en c', 's entre voyelles en z'),
  ensemble('je collé', 'e final oublié', 'au et eau en o', 'ne oublié', 'apostrophes en espaces'),
  ensemble('lettres échangées'),
  // Dictation and haste drop words.
  (phrase) =>
    phrase
      .split(' ')
      .filter((_, i) => i % 4 !== 2)
      .join(' '),
];

/** The other ways the same thing gets written, without the phrase itself: what the model of demandes also learns from. */
export const ecrituresDe = (phrase: string): readonly string[] => [
  ...new Set(AUTREMENT.map((f) => f(phrase)).filter((p) => p !== phrase)),
];
