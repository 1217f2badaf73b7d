import { communesNommees, nomsDesVilles, type NomDeCommune } from '../territoire/index.ts';
import { sonDe } from './metiers-mots.ts';

/** « Roubaix » and « roubé », « Créteil » and « créteye », « Pointe-à-Pitre » and « pointapitre »: what is left of a name when it is only heard. */
const sonDeLieu = (nom: string): string => {
  const lie = nom
    .replaceAll(' ', '')
    // « ille », « il » and « ye » at the end of a syllable are one sound, kept apart from the silent letters.
    .replaceAll(/i?ll(?=e|i|$)|il$|y(?=e|$)/gu, '9')
    .replaceAll(/e(?=[aou])/gu, '');
  return sonDe(lie).replace(/[etdxsi]+$/u, '');
};

let sons:
  | { readonly noms: readonly string[]; readonly parSon: ReadonlyMap<string, readonly string[]> }
  | undefined;

/** Made again when another geographic code is put in service: its list of towns is then another one. */
function parSon(): ReadonlyMap<string, readonly string[]> {
  const noms = nomsDesVilles();
  if (sons?.noms === noms) return sons.parSon;
  const table = new Map<string, string[]>();
  for (const nom of noms) {
    const son = sonDeLieu(nom);
    const deja = table.get(son);
    if (deja === undefined) table.set(son, [nom]);
    else deja.push(nom);
  }
  sons = { noms, parSon: table };
  return table;
}

const SON_MIN = 4;

/** Towns of 5,000 inhabitants or more that sound like these words, most populated first; none for what is too short to be told apart. */
export function villesQuiSonnentComme(nom: string): readonly NomDeCommune[] {
  const son = sonDeLieu(nom);
  if (son.length < SON_MIN) return [];
  return (parSon().get(son) ?? [])
    .flatMap((n) => communesNommees(n))
    .toSorted((a, b) => b.commune.population - a.commune.population);
}
