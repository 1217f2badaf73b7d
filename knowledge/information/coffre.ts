import { z } from 'zod';

/** Where an imported pack comes from, kept beside it and shown with it. `date` is that of the file: a year, a month or a day. */
export const schemaProvenance = z.strictObject({
  producteur: z.string().min(2),
  titre: z.string().min(2),
  url: z.url(),
  licence: z.string().min(2),
  date: z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/),
  importeLe: z.iso.date(),
  lignes: z.number().int().positive(),
});
export type Provenance = z.output<typeof schemaProvenance>;

/** A pack that does not ship: nothing until an import puts one in service, whole and at once. */
export type Coffre<P, I> = {
  readonly utiliser: (paquet: P) => void;
  readonly retirer: () => void;
  /** The pack as indexed when it came into service; `undefined` while there is none. */
  readonly lire: () => I | undefined;
};

export function creerCoffre<P, I>(indexer: (paquet: P) => I): Coffre<P, I> {
  let enService: I | undefined;
  return {
    utiliser: (paquet) => {
      enService = indexer(paquet);
    },
    retirer: () => {
      enService = undefined;
    },
    lire: () => enService,
  };
}
