import { lireDonnees, type Registre } from '../vocabulaire/index.ts';
import { schemaRelais } from './contacts-schema.ts';
import type { Contact } from './types.ts';

/** A useful door that is not a CEP operator. `contact` is absent where the person must ask someone near them (their doctor, their employer). */
export type FicheRelais = {
  readonly id: string;
  readonly nom: string;
  readonly description: Readonly<Record<Registre, string>>;
  readonly contact?: Contact;
};

let fiches: ReadonlyMap<string, FicheRelais> | undefined;

function charger(): ReadonlyMap<string, FicheRelais> {
  if (fiches !== undefined) return fiches;
  const { relais } = lireDonnees('knowledge/information/donnees/relais.json', schemaRelais);
  fiches = new Map(
    relais.map(({ id, nom, description, contact, source }) => [
      id,
      {
        id,
        nom,
        description,
        ...(contact === undefined
          ? {}
          : {
              contact: {
                nom,
                url: contact.url,
                libelleUrl: contact.libelleUrl,
                ...(contact.telephone === undefined ? {} : { telephone: contact.telephone }),
                source,
              },
            }),
      },
    ]),
  );
  return fiches;
}

/** Ids that have a sheet: a test compares them with the relais the rules may name. */
export const idsRelais = (): readonly string[] => [...charger().keys()];

/**
 * The sheet of a relais.
 * @throws {Error} an id outside the closed list: a rule and the sheets disagree.
 */
export function relaisDe(id: string): FicheRelais {
  const fiche = charger().get(id);
  if (fiche === undefined) throw new Error(`relais.json : le relais « ${id} » n’a pas de fiche.`);
  return fiche;
}
