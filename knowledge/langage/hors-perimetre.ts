import { z } from 'zod';
import { texte as phrase } from '../textes/index.ts';
import { lireDonnees, type Registre } from '../vocabulaire/index.ts';
import { Motifs } from './motifs.ts';
import { canonique } from './lecture.ts';

const FICHIER = 'knowledge/langage/donnees/hors-perimetre.json';
const schema = z.array(z.strictObject({ id: z.string(), motifs: z.array(z.string().min(2)).min(1) }));
let portes: readonly { readonly id: string; readonly motif: Motifs }[] | undefined;

/**
 * The useful door for a request that is not the CEP's: a pay dispute, an allowance, taxes, papers, insults, orders given to the assistant.
 * Always a sentence, in the register asked for; the doors are those of the trade file, § 4.7.
 */
export function portesHorsPerimetre(texte: string, registre: Registre): string {
  portes ??= lireDonnees(FICHIER, schema).map(({ id, motifs }) => ({ id, motif: new Motifs(motifs) }));
  const lu = canonique(texte);
  const porte = portes.find(({ motif }) => {
    return motif.dans(lu);
  });
  return phrase(`hors-perimetre.${porte?.id ?? 'autre'}`, registre);
}
