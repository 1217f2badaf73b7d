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

/** Pieces of text of which at least one is in everything that matches. */
type Amorces = readonly string[];

/** More than these, and looking costs more than it spares. */
const GROUPES_MAX = 4;

/**
 * What everything that the source matches must hold: one piece at least of each group. Only what is certain: outside options and classes, or
 * each branch of a group that must be there. Empty when none can be told.
 */
function amorcesDUne(source: string): readonly Amorces[] {
  const suites: string[] = [];
  const groupes: Amorces[] = [];
  let suite = '';
  const rompre = (): void => {
    if (lettres(suite) >= LONGUEUR_MIN) suites.push(suite);
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
      if (!facultatif && contenu !== undefined) {
        // Of each branch, its most telling group: the branches together make one.
        const branches = alternatives(contenu).map((b) => amorcesDUne(b)[0]);
        if (branches.every((b) => b !== undefined)) groupes.push(branches.flat());
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
  const parole = (a: Amorces): number => Math.min(...a.map(lettres));
  return [...suites.map((x) => [x]), ...groupes]
    .toSorted((a, b) => parole(b) - parole(a) || a.length - b.length)
    .slice(0, GROUPES_MAX);
}

/** One way to say a pattern, and whether the last walk (`reperer`) met all that it must hold. */
type Tournure = {
  readonly expression: RegExp;
  readonly groupes: readonly Amorces[];
  readonly motifs: Motifs;
  readonly rang: number;
  /** A bit for each group. */
  readonly tous: number;
  /** Those met during the walk `lecture`. */
  vus: number;
  lecture: number;
};

type Piece = {
  readonly amorce: string;
  readonly cibles: { readonly tournure: Tournure; readonly bit: number }[];
  lecture: number;
};

/** The pieces of every pattern, by their first letters: one walk along a message then says which ways of saying may match at all. */
const parDebut: (Map<string, Piece> | undefined)[] = [];
let texteLu: string | undefined;
let lecture = 0;

/** The place of three characters in `parDebut`; characters that no piece holds share one. */
const RANGS = Uint8Array.from(
  { length: 128 },
  (_, code) => ' abcdefghijklmnopqrstuvwxyz0123456789'.indexOf(String.fromCodePoint(code)) + 1,
);
const BASE = 38;
const rangDe = (texte: string, i: number): number => RANGS[texte.charCodeAt(i)] ?? 0;
const debutDe = (texte: string, i: number): number =>
  (rangDe(texte, i) * BASE + rangDe(texte, i + 1)) * BASE + rangDe(texte, i + 2);

function inscrire(tournure: Tournure): void {
  for (const [n, groupe] of tournure.groupes.entries())
    for (const amorce of groupe) {
      const pieces = (parDebut[debutDe(amorce, 0)] ??= new Map<string, Piece>());
      const piece = pieces.get(amorce) ?? { amorce, cibles: [], lecture: 0 };
      pieces.set(amorce, piece);
      piece.cibles.push({ tournure, bit: 1 << n });
    }
}

function rencontrer(piece: Piece): void {
  piece.lecture = lecture;
  for (const { tournure, bit } of piece.cibles) {
    if (tournure.lecture !== lecture) {
      tournure.lecture = lecture;
      tournure.vus = 0;
    }
    tournure.vus |= bit;
    if (tournure.vus === tournure.tous) tournure.motifs.noter(tournure.rang, lecture);
  }
}

/**
 * Walks along a canonical text once, and notes for every pattern which of its ways of saying hold all their pieces there: two thousand of them
 * then cost what the message costs. Patterns asked about another text look for their pieces themselves.
 */
export function reperer(texte: string): void {
  texteLu = texte;
  lecture += 1;
  for (let i = 0; i + LONGUEUR_MIN <= texte.length; i++) {
    const pieces = parDebut[debutDe(texte, i)];
    if (pieces !== undefined)
      for (const piece of pieces.values())
        if (piece.lecture !== lecture && texte.startsWith(piece.amorce, i)) rencontrer(piece);
  }
}

/**
 * Readable patterns over canonical text: regular expressions on whole words, where « … » stands for at most three words. Only the ways of
 * saying whose letters are all in the text are tried: most of the time none, else one or two of fifty.
 */
export class Motifs {
  readonly #tournures: readonly Tournure[];
  /** Those that nothing tells beforehand. */
  readonly #toujours: readonly Tournure[];
  #notees: number[] = [];
  #lecture = 0;

  /** @throws SyntaxError on a pattern that cannot be read. */
  constructor(motifs: readonly string[]) {
    this.#tournures = motifs
      .map((m) => m.replaceAll(' … ', String.raw`(?: (?![.?])\S+){0,3}? `))
      .flatMap(alternatives)
      .map((source, rang) => {
        const groupes = amorcesDUne(source);
        return {
          expression: new RegExp(`(?<= )(?:${source})(?= )`, 'gu'),
          groupes,
          motifs: this,
          rang,
          tous: (1 << groupes.length) - 1,
          vus: 0,
          lecture: 0,
        };
      });
    this.#toujours = this.#tournures.filter((t) => t.groupes.length === 0);
    this.#tournures.forEach(inscrire);
    // Read from disk in the middle of a message: what was walked did not know this pattern.
    texteLu = undefined;
  }

  /** The walk number `n` met all that the way of saying at this rank must hold. */
  noter(rang: number, n: number): void {
    if (this.#lecture !== n) {
      this.#lecture = n;
      this.#notees = [];
    }
    if (!this.#notees.includes(rang)) this.#notees.push(rang);
  }

  /** The ways of saying that may match, in their order. */
  #possibles(texte: string): readonly Tournure[] {
    if (texte !== texteLu)
      return this.#tournures.filter((t) => t.groupes.every((g) => g.some((a) => texte.includes(a))));
    if (this.#lecture !== lecture) return this.#toujours;
    return [...this.#notees.map((r) => this.#tournures[r]), ...this.#toujours]
      .filter((t) => t !== undefined)
      .sort((a, b) => a.rang - b.rang);
  }

  /** Every match, in the order of the text: the leftmost each time, and where two start together the one written first. */
  tous(texte: string): readonly RegExpExecArray[] {
    const possibles = this.#possibles(texte);
    if (possibles.length === 0) return RIEN;
    const trouvees = possibles.map((t) => chercher(t.expression, texte, 0));
    const sortie: RegExpExecArray[] = [];
    for (let m = laPremiere(trouvees); m !== undefined; m = laPremiere(trouvees)) {
      sortie.push(m);
      const fin = m.index + Math.max(1, m[0].length);
      for (const [i, t] of possibles.entries()) {
        const trouvee = trouvees[i];
        if (trouvee !== undefined && trouvee.index < fin) trouvees[i] = chercher(t.expression, texte, fin);
      }
    }
    return sortie;
  }

  premier(texte: string): RegExpExecArray | undefined {
    return laPremiere(this.#possibles(texte).map((t) => chercher(t.expression, texte, 0)));
  }

  dans(texte: string): boolean {
    return this.premier(texte) !== undefined;
  }
}

const RIEN: readonly RegExpExecArray[] = [];

function chercher(expression: RegExp, texte: string, depuis: number): RegExpExecArray | undefined {
  expression.lastIndex = depuis;
  return expression.exec(texte) ?? undefined;
}

/** The leftmost; of two that start together, the first of the list. */
function laPremiere(trouvees: readonly (RegExpExecArray | undefined)[]): RegExpExecArray | undefined {
  let premiere: RegExpExecArray | undefined;
  for (const m of trouvees)
    if (m !== undefined && (premiere === undefined || m.index < premiere.index)) premiere = m;
  return premiere;
}
