import { crc32, deflateSync } from 'node:zlib';

/** A colour of one point: red, green, blue, opacity, each 0 to 255. */
type Couleur = readonly [number, number, number, number];
const RIEN: Couleur = [0, 0, 0, 0];
const BLANC: Couleur = [255, 255, 255, 255];
/** The colour of the widget. */
const VERT: Couleur = [29, 77, 79, 255];
const OCRE: Couleur = [240, 180, 90, 255];

function morceau(type: string, contenu: Buffer): Buffer {
  const corps = Buffer.concat([Buffer.from(type, 'latin1'), contenu]);
  const longueur = Buffer.alloc(4);
  longueur.writeUInt32BE(contenu.length);
  const somme = Buffer.alloc(4);
  somme.writeUInt32BE(crc32(corps));
  return Buffer.concat([longueur, corps, somme]);
}

/** Samples on each side of a point: edges are smooth without a drawing library. */
const FINESSE = 4;

/** A square PNG (8 bits, with opacity) of what `dessin` gives for each place, in units of the side: 0 to 1. */
function png(cote: number, dessin: (x: number, y: number) => Couleur): Buffer {
  const lignes: Buffer[] = [];
  for (let y = 0; y < cote; y += 1) {
    const ligne = Buffer.alloc(1 + cote * 4);
    for (let x = 0; x < cote; x += 1) {
      const somme = [0, 0, 0, 0];
      for (let i = 0; i < FINESSE; i += 1)
        for (let j = 0; j < FINESSE; j += 1) {
          const [r, v, b, a] = dessin((x + (i + 0.5) / FINESSE) / cote, (y + (j + 0.5) / FINESSE) / cote);
          somme[0] = (somme[0] ?? 0) + r * a;
          somme[1] = (somme[1] ?? 0) + v * a;
          somme[2] = (somme[2] ?? 0) + b * a;
          somme[3] = (somme[3] ?? 0) + a;
        }
      const [r = 0, v = 0, b = 0, a = 0] = somme;
      const place = 1 + x * 4;
      if (a > 0) ligne.set([r / a, v / a, b / a].map(Math.round), place);
      ligne[place + 3] = Math.round(a / FINESSE ** 2);
    }
    lignes.push(ligne);
  }
  const entete = Buffer.alloc(13);
  entete.writeUInt32BE(cote, 0);
  entete.writeUInt32BE(cote, 4);
  // Depth 8, colour with opacity; no interlacing.
  entete.set([8, 6], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    morceau('IHDR', entete),
    morceau('IDAT', deflateSync(Buffer.concat(lignes), { level: 9 })),
    morceau('IEND', Buffer.alloc(0)),
  ]);
}

/** Is the place in a rounded rectangle? All in units of the side. */
const dansBulle = (x: number, y: number, marge: number): boolean => {
  const [gauche, droite, haut, bas, rayon] = [
    0.2 + marge,
    0.8 - marge,
    0.22 + marge,
    0.66 - marge,
    0.12 - marge,
  ];
  const dx = Math.max(gauche + rayon - x, x - (droite - rayon), 0);
  const dy = Math.max(haut + rayon - y, y - (bas - rayon), 0);
  const queue =
    x > 0.3 + marge &&
    x < 0.46 - marge &&
    y >= 0.6 &&
    y < 0.8 - marge * 2 &&
    y - 0.6 < 1.25 * (0.46 - marge - x);
  return dx * dx + dy * dy <= rayon * rayon || queue;
};

/** An arrow to the right: somebody is shown a way, and walks it themselves. */
const dansFleche = (x: number, y: number): boolean => {
  const tige = x >= 0.32 && x <= 0.56 && Math.abs(y - 0.44) <= 0.035;
  const pointe = x >= 0.54 && x <= 0.68 && Math.abs(y - 0.44) <= 0.68 - x;
  return tige || pointe;
};

/** 192 × 192, full square, drawing in the middle (Teams rounds the corners itself). */
export const iconeCouleur = (): Buffer =>
  png(192, (x, y) => (dansBulle(x, y, 0) ? (dansFleche(x, y) ? OCRE : BLANC) : VERT));

/** 32 × 32, white on nothing: Teams gives it the colour of the theme. */
export const iconeContour = (): Buffer =>
  png(32, (x, y) => {
    // Larger than the other: at this size the margin would eat the drawing.
    const [u, v] = [0.5 + (x - 0.5) * 0.68, 0.5 + (y - 0.5) * 0.68];
    const trait = dansBulle(u, v, 0) && !dansBulle(u, v, 0.045);
    return trait || dansFleche(u, v) ? BLANC : RIEN;
  });
