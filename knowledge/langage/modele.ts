import { z } from 'zod';
import { DEMANDES, DonneeInvalide, lireDonnees } from '../vocabulaire/index.ts';
import type { Modele } from './statistiques.ts';

export const FICHIER_MODELE = 'knowledge/langage/donnees/modele.json';
const schema = z.strictObject({
  /** Said to whoever opens the file. */
  avertissement: z.string(),
  traits: z.string(),
  /** One weight is a 16-bit integer divided by `echelle`, little endian, base64. */
  echelle: z.number().positive(),
  poids: z.string(),
});

const K = DEMANDES.length;
/** Three decimals are enough: the weights stay within ± 30. */
const ECHELLE = 1000;

/**
 * The trained model as text, small enough to ship: training while the service starts would cost half a second at every start.
 * @returns the content of `FICHIER_MODELE`; the same phrases always give the same bytes.
 */
export function ecrireModele({ traits, poids }: Modele): string {
  const octets = new Uint8Array(poids.length * 2);
  const vue = new DataView(octets.buffer);
  for (let i = 0; i < poids.length; i++) vue.setInt16(i * 2, Math.round((poids[i] ?? 0) * ECHELLE), true);
  return `${JSON.stringify(
    {
      avertissement:
        'Calculé à partir des phrases, des indices et des idées : « npm run eval:langage -- --entrainer ».',
      traits: [...traits.keys()].join('|'),
      echelle: ECHELLE,
      poids: Buffer.from(octets).toString('base64'),
    },
    null,
    1,
  )}\n`;
}

let modele: Modele | undefined;

/**
 * The shipped model, read once.
 * @throws {DonneeInvalide} when the file is missing, or its weights do not fit its features.
 */
export function modeleLivre(): Modele {
  if (modele !== undefined) return modele;
  const lu = lireDonnees(FICHIER_MODELE, schema);
  const traits = new Map(lu.traits.split('|').map((t, rang) => [t, rang]));
  const octets = Buffer.from(lu.poids, 'base64');
  if (octets.length !== (traits.size + K + 1) * K * 2)
    throw new DonneeInvalide(
      `${FICHIER_MODELE} → poids : ${octets.length} octets, cela ne va pas avec ${traits.size} traits.`,
    );
  const poids = new Float32Array(octets.length / 2);
  for (let i = 0; i < poids.length; i++) poids[i] = octets.readInt16LE(i * 2) / lu.echelle;
  modele = { traits, poids };
  return modele;
}
