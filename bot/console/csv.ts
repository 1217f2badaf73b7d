/** Characters that change what surrounds them without being seen: controls, and the overrides of writing direction. */
const INVISIBLES = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * One cell: always quoted, on one line, and never a formula: a spreadsheet runs what begins with `=`, `+`, `-` or `@`, an apostrophe
 * makes it words.
 */
function cellule(valeur: string): string {
  const propre = valeur.replaceAll(INVISIBLES, ' ').trim();
  const sure = /^[=+\-@]/.test(propre) ? `'${propre}` : propre;
  return `"${sure.replaceAll('"', '""')}"`;
}

/** A table as a French spreadsheet opens it: semicolons, UTF-8 with its mark, CRLF. */
export const ecrireCsv = (lignes: readonly (readonly string[])[]): string =>
  `\ufeff${lignes.map((l) => l.map(cellule).join(';')).join('\r\n')}\r\n`;
