/** Letters a run needs before it is worth looking for. */
const LONGUEUR_MIN = 3;

/** Cuts a source at the « | » that stand outside every group. */
function alternatives(source: string): string[] {
  const sortie: string[] = [];
  let profondeur = 0;
  let debut = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '\\') i += 1;
    else if (c === '[') i = source.indexOf(']', i);
    else if (c === '(') profondeur += 1;
    else if (c === ')') profondeur -= 1;
    else if (c === '|' && profondeur === 0) {
      sortie.push(source.slice(debut, i));
      debut = i + 1;
    }
  }
  sortie.push(source.slice(debut));
  return sortie;
}

const finDeGroupe = (source: string, ouverture: number): number => {
  let profondeur = 0;
  for (let i = ouverture; i < source.length; i++) {
    const c = source[i];
    if (c === '\\') i += 1;
    else if (c === '(') profondeur += 1;
    else if (c === ')' && --profondeur === 0) return i;
  }
  throw new Error(`Parenthèse non fermée : ${source}`);
};

const LITTERAL = /^[a-z0-9 ]$/u;
const lettres = (s: string): number => s.replaceAll(' ', '').length;

/**
 * Pieces of text of which at least one is in everything the source can match; `undefined` when none can be told. Only what is certain: outside
 * options and classes, or each branch of a group that must be there.
 */
function amorcesDUne(source: string): readonly string[] | undefined {
  const suites: string[] = [];
  let suite = '';
  let groupe: readonly string[] | undefined;
  const rompre = (): void => {
    if (suite !== '') suites.push(suite);
    suite = '';
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i] ?? '';
    if (LITTERAL.test(c)) suite += c;
    else if (c === '?' || c === '*' || c === '{') {
      suite = suite.slice(0, -1);
      rompre();
      if (c === '{') i = source.indexOf('}', i);
    } else if (c === '(') {
      rompre();
      const fin = finDeGroupe(source, i);
      const facultatif = /^[?*{]/u.test(source.slice(fin + 1));
      const contenu = /^\(\?:(.*)\)$/u.exec(source.slice(i, fin + 1))?.[1];
      if (groupe === undefined && !facultatif && contenu !== undefined) {
        const branches = alternatives(contenu).map((b) => amorcesDUne(b));
        if (branches.every((b) => b !== undefined)) groupe = branches.flat();
      }
      i = fin;
      if (source[i + 1] === '?' || source[i + 1] === '*') i += 1;
      else if (source[i + 1] === '{') i = source.indexOf('}', i);
      if (source[i + 1] === '?') i += 1;
    } else {
      rompre();
      if (c === '\\') i += 1;
      else if (c === '[') i = source.indexOf(']', i);
    }
  }
  rompre();
  const plusLongue = suites.toSorted((a, b) => lettres(b) - lettres(a))[0] ?? '';
  if (
    lettres(plusLongue) >= LONGUEUR_MIN + 1 ||
    (groupe === undefined && lettres(plusLongue) >= LONGUEUR_MIN)
  )
    return [plusLongue];
  return groupe;
}

/** The pieces of every pattern, by their first letters: one walk along a message then says which patterns may match at all. */
const parDebut = new Map<string, { readonly amorce: string; readonly motifs: Motifs }[]>();
let texteLu: string | undefined;
let lecture = 0;

/**
 * Walks along a canonical text once, and notes for every pattern whether one of its pieces is there: a thousand patterns then cost what the
 * message costs. Patterns asked about another text look for their pieces themselves.
 */
export function reperer(texte: string): void {
  texteLu = texte;
  lecture += 1;
  for (let i = 0; i + LONGUEUR_MIN <= texte.length; i++)
    for (const { amorce, motifs } of parDebut.get(texte.slice(i, i + LONGUEUR_MIN)) ?? [])
      if (texte.startsWith(amorce, i)) motifs.vuA = lecture;
}

/**
 * Readable patterns over canonical text: regular expressions on whole words, where « … » stands for at most three words. A quick look for
 * letters that must be there spares the expression most of the time (ten times faster on real messages).
 */
export class Motifs {
  readonly #expression: RegExp;
  readonly #amorces: readonly string[] | undefined;
  /** The last walk (`reperer`) that met one of its pieces. */
  vuA = 0;

  /** @throws SyntaxError on a pattern that cannot be read. */
  constructor(motifs: readonly string[]) {
    const sources = motifs.map((m) => m.replaceAll(' … ', String.raw`(?: (?![.?])\S+){0,3}? `));
    this.#expression = new RegExp(`(?<= )(?:${sources.join('|')})(?= )`, 'gu');
    const amorces = sources.flatMap(alternatives).map(amorcesDUne);
    this.#amorces = amorces.every((a) => a !== undefined) ? [...new Set(amorces.flat())] : undefined;
    for (const amorce of this.#amorces ?? []) {
      const debut = amorce.slice(0, LONGUEUR_MIN);
      const deja = parDebut.get(debut);
      if (deja === undefined) parDebut.set(debut, [{ amorce, motifs: this }]);
      else deja.push({ amorce, motifs: this });
    }
    // Read from disk in the middle of a message: what was walked did not know this pattern.
    texteLu = undefined;
  }

  #possible(texte: string): boolean {
    if (this.#amorces === undefined) return true;
    return texte === texteLu ? this.vuA === lecture : this.#amorces.some((a) => texte.includes(a));
  }

  /** Every match, in the order of the text. */
  tous(texte: string): readonly RegExpExecArray[] {
    return this.#possible(texte) ? [...texte.matchAll(this.#expression)] : [];
  }

  premier(texte: string): RegExpExecArray | undefined {
    if (!this.#possible(texte)) return undefined;
    this.#expression.lastIndex = 0;
    return this.#expression.exec(texte) ?? undefined;
  }

  dans(texte: string): boolean {
    return this.premier(texte) !== undefined;
  }
}
