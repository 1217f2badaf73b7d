import { NE_SAIT_PAS, type Jour } from '../vocabulaire/index.ts';
import { issues } from './conditions.ts';
import type { Regle, Table } from './regles.ts';

/** The rules in force on a day, those that no activity can make true left out. Kept for the last days asked. */
export type Selection = {
  readonly orientations: readonly Regle[];
  readonly exclusions: readonly Regle[];
  readonly ecarts: readonly Regle[];
  readonly doutes: readonly Regle[];
  readonly horsChamp: readonly Regle[];
  readonly relais: readonly Regle[];
  readonly vigilances: readonly Regle[];
};

function trier(regles: readonly Regle[]): Selection {
  const de = (type: Regle['effet']['type']): Regle[] =>
    regles.filter((r) => r.effet.type === type).sort((a, b) => a.rang - b.rang);
  const ecarts = de('ecart');
  const exclut = (r: Regle): boolean => r.effet.type === 'ecart' && r.effet.exclut === true;
  return {
    orientations: de('orientation'),
    exclusions: ecarts.filter(exclut),
    ecarts: [...ecarts.filter(exclut), ...ecarts.filter((r) => !exclut(r))],
    doutes: de('doute'),
    horsChamp: de('hors-champ'),
    relais: de('relais'),
    vigilances: de('vigilance'),
  };
}

/** One cache per table, so that a draft never sees the selections of the published rules. */
const parTable = new WeakMap<Table, Map<Jour, Map<string, Selection>>>();

/** The rules to evaluate for a day and an activity (absent or unknown: all of them). */
export function selectionner(table: Table, le: Jour, activite: string | undefined): Selection {
  let parJour = parTable.get(table);
  if (parJour === undefined) {
    parJour = new Map();
    parTable.set(table, parJour);
  }
  let parActivite = parJour.get(le);
  if (parActivite === undefined) {
    if (parJour.size >= 64) parJour.clear();
    parActivite = new Map();
    parJour.set(le, parActivite);
  }
  const cle = activite ?? '';
  let selection = parActivite.get(cle);
  if (selection === undefined) {
    const { regles, situations } = table;
    selection = trier(
      regles.filter(
        (r) =>
          r.du <= le &&
          (r.au === undefined || le <= r.au) &&
          (activite === undefined ||
            activite === NE_SAIT_PAS ||
            r.conditions.every((c) => issues(c, activite, situations).vrai)),
      ),
    );
    parActivite.set(cle, selection);
  }
  return selection;
}
