/** Our own colour, and the least contrast of white words on a colour (WCAG 1.4.3). */
export const NOTRE_COULEUR = '#1d4d4f';
export const CONTRASTE_MIN = 4.5;

/** Contrast ratio (1 to 21) of white words on `#rrggbb`; `undefined` when it is not written so. */
export function contrasteDuBlanc(couleur: string): number | undefined {
  const m = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(couleur);
  if (m === null) return undefined;
  const [r = 0, v = 0, b = 0] = m.slice(1).map((h) => {
    const c = Number.parseInt(h, 16) / 255;
    return c <= 0.039_28 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * v + 0.0722 * b + 0.05);
}

/** The wanted colour when white words can be read on it; ours otherwise. */
export const couleurLisible = (voulue: string): string =>
  (contrasteDuBlanc(voulue) ?? 0) >= CONTRASTE_MIN ? voulue : NOTRE_COULEUR;
