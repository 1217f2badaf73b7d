import { z } from 'zod';
import { codeOperateur, encoreConnus, type Conseiller } from '../handover/index.ts';
import type { Depot } from '../storage/depot.ts';
import type { Horloge } from '../ports.ts';
import { peutFaire, schemaSession, type Session } from './droits.ts';

/** An operator may leave the data while somebody is remembered here: the rest of what they may do stays. */
const schemaCollegue = schemaSession
  .pick({ id: true, nom: true, roles: true, regions: true })
  .extend({ operateurs: z.union([z.literal('tous'), z.array(codeOperateur)]), vuLe: z.number() });
type Collegue = z.output<typeof schemaCollegue>;

/** Somebody who has not opened the console for that long is not there to receive a file. */
const GARDE_MS = 60 * 86_400_000;
/** Between two writings of the same person: the list says who works here, not when. */
const REPIT_MS = 3_600_000;

/** Who opens this console: the only colleagues a file can be handed to. The identity provider keeps the real directory. */
export type Collegues = {
  /** Notes that this person is here, with the rights they have now. */
  noter(session: Session): Promise<void>;
  /** Those who could take a file of that operator and région, by name, without whoever asks. */
  pour(
    place: { readonly operateur: string; readonly region?: string | undefined },
    sauf: string,
  ): Promise<readonly Conseiller[]>;
  balayer(): Promise<void>;
};

/** A console that remembers nobody: no file can be handed over there. */
export const SANS_COLLEGUES: Collegues = {
  noter: async () => undefined,
  pour: async () => [],
  balayer: async () => undefined,
};

/** Opens the list kept in `depot`. */
export async function ouvrirCollegues(depot: Depot, horloge: Horloge): Promise<Collegues> {
  const collection = await depot.collection<Collegue, Collegue>({
    nom: 'collegues',
    version: 1,
    schema: schemaCollegue,
    fiche: (c) => ({ tri: c.vuLe, expireLe: c.vuLe + GARDE_MS, resume: c }),
  });
  return {
    async noter({ id, nom, roles, operateurs, regions }) {
      const lu = await collection.lire(id);
      const vuLe = horloge();
      const connu = lu.ok ? lu.valeur.valeur : undefined;
      const vu: Collegue = { id, nom, roles, operateurs, regions, vuLe };
      if (connu !== undefined && vuLe - connu.vuLe < REPIT_MS && memes(connu, vu)) return;
      // Two windows at once write the same thing: whichever loses changes nothing.
      await collection.ecrire(id, vu, lu.ok ? lu.valeur.revision : 0);
    },
    async pour(place, sauf) {
      const { lignes } = await collection.lister();
      return lignes
        .map((l) => l.resume)
        .filter(
          (c) =>
            c.id !== sauf && peutFaire({ ...c, operateurs: encoreConnus(c.operateurs) }, 'prendre', place),
        )
        .map(({ id, nom }) => ({ id, nom }))
        .sort((a, b) => a.nom.localeCompare(b.nom, 'fr'));
    },
    async balayer() {
      await collection.expirer(horloge());
    },
  };
}

const memes = ({ vuLe: _a, ...a }: Collegue, { vuLe: _b, ...b }: Collegue): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
