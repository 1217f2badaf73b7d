import { join } from 'node:path';
import { openSync, type Font, type FontCollection } from 'fontkit';
import { paquet } from './polices-fichiers.ts';

/** A regular and a bold face with the characters both can write. */
export type Police = {
  readonly nom: string;
  readonly normale: string;
  readonly grasse: string;
  readonly a: (point: number) => boolean;
};

function ouvrir(nom: string, normale: string, grasse: string): Police {
  const lire = (chemin: string): Font => {
    const ouverte: Font | FontCollection = openSync(chemin);
    if (!('hasGlyphForCodePoint' in ouverte)) throw new Error(`Police inattendue : ${nom}.`);
    return ouverte;
  };
  const [n, g] = [lire(normale), lire(grasse)];
  return { nom, normale, grasse, a: (p) => n.hasGlyphForCodePoint(p) && g.hasGlyphForCodePoint(p) };
}

let ouvertes: readonly [Police, Police] | undefined;

/**
 * The two shipped fonts, best first: Atkinson Hyperlegible Next (OFL 1.1, drawn for low vision) and DejaVu Sans (free licence), which
 * knows Greek, Cyrillic, Vietnamese and more: a name is written as its owner writes it.
 */
export function polices(): readonly [Police, Police] {
  if (ouvertes !== undefined) return ouvertes;
  const atkinson = join(
    paquet('@fontsource/atkinson-hyperlegible-next'),
    'files',
    'atkinson-hyperlegible-next-latin',
  );
  const dejavu = join(paquet('dejavu-fonts-ttf'), 'ttf', 'DejaVuSans');
  ouvertes = [
    ouvrir('atkinson', `${atkinson}-400-normal.woff`, `${atkinson}-700-normal.woff`),
    ouvrir('dejavu', `${dejavu}.ttf`, `${dejavu}-Bold.ttf`),
  ];
  return ouvertes;
}

/** Stands for a character neither font has: visible, so that nobody believes the text is whole. */
export const SIGNE_INCONNU = '\u25a1';

/**
 * Text ready to be written and the font that writes it: the first font when it has every character, else the second, each character it
 * lacks replaced by `SIGNE_INCONNU`. Control and direction-changing characters are removed: they can make a line read as another.
 */
export function composer(brut: string): { readonly texte: string; readonly police: Police } {
  const propre = brut
    .normalize('NFC')
    .replaceAll('\u202f', '\u00a0')
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll(/[^\S\n\u00a0]+/g, ' ')
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu, '');
  const [premiere, seconde] = polices();
  const points = [...propre].map((c) => c.codePointAt(0) ?? 0).filter((p) => p !== 10);
  if (points.every(premiere.a)) return { texte: propre, police: premiere };
  const texte = [...propre]
    .map((c) => (c === '\n' || seconde.a(c.codePointAt(0) ?? 0) ? c : SIGNE_INCONNU))
    .join('');
  return { texte, police: seconde };
}
