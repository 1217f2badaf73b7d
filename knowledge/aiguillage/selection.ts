import { NE_SAIT_PAS, OPERATEURS, type Jour, type Operateur } from '../vocabulaire/index.ts';
import { comparerRegles } from './classer.ts';
import {
  bitsLus,
  compilateurPartage,
  FAUX,
  filtreDe,
  obligatoiresDe,
  reduire,
  requisDe,
  VRAI,
  type Reduite,
  type Test,
} from './conditions.ts';
import type { Regle, Table } from './regles.ts';

/**
 * A rule made shorter by what is known. `requis`: the presence bits without which it is false; `filtre`: the answers that alone make it
 * false (`filtreDe`). Both are read before the test: three rules out of four go no further.
 */
export type RegleActive = {
  readonly regle: Regle;
  readonly test: Test;
  readonly requis: number;
  readonly filtre: readonly number[];
  /** One bit per déterminant: those whose answer it cannot do without, and all those it reads. */
  readonly obligatoires: number;
  readonly bits: number;
};

/** The rules in force on a day, by kind and in the order of `classer`, those that the activity rules out left aside. */
export type Selection = {
  readonly orientations: readonly RegleActive[];
  readonly exclusions: readonly RegleActive[];
  /** By operator: set aside by law first, then by the most particular reason. */
  readonly ecarts: readonly (readonly [Operateur, readonly RegleActive[]])[];
  readonly doutes: readonly RegleActive[];
  readonly horsChamp: readonly RegleActive[];
  readonly relais: readonly RegleActive[];
  readonly vigilances: readonly RegleActive[];
};

const exclut = ({ regle: { effet } }: RegleActive): boolean =>
  effet.type === 'ecart' && effet.exclut === true;

function trier(actives: readonly RegleActive[]): Selection {
  const de = (type: Regle['effet']['type']): RegleActive[] =>
    actives.filter((a) => a.regle.effet.type === type).sort((a, b) => comparerRegles(a.regle, b.regle));
  const ecarts = de('ecart');
  return {
    orientations: de('orientation'),
    exclusions: ecarts.filter(exclut),
    ecarts: OPERATEURS.map((operateur) => {
      const siens = ecarts.filter(
        ({ regle: { effet } }) => effet.type === 'ecart' && effet.operateur === operateur,
      );
      return [operateur, [...siens.filter(exclut), ...siens.filter((a) => !exclut(a))]] as const;
    }),
    doutes: de('doute'),
    horsChamp: de('hors-champ'),
    relais: de('relais'),
    vigilances: de('vigilance'),
  };
}

function activer({ regles, situations }: Table, le: Jour, activite: string | undefined): Selection {
  const connue = activite !== undefined && activite !== NE_SAIT_PAS;
  const reduites = regles.flatMap((regle): { readonly regle: Regle; readonly reduite: Reduite }[] => {
    if (le < regle.du || (regle.au !== undefined && le > regle.au)) return [];
    const toutes = { test: 'tous' as const, conditions: regle.conditions };
    const reduite = connue ? reduire(toutes, { activite }, situations) : toutes;
    return reduite === FAUX ? [] : [{ regle, reduite }];
  });
  const compiler = compilateurPartage(
    situations,
    reduites.flatMap(({ reduite }) => (typeof reduite === 'object' ? [reduite] : [])),
  );
  return trier(
    reduites.map(({ regle, reduite }) =>
      typeof reduite === 'object'
        ? {
            regle,
            test: connue ? compiler(reduite) : regle.test,
            requis: requisDe(reduite, situations),
            filtre: filtreDe(reduite, situations),
            obligatoires: obligatoiresDe(reduite),
            bits: bitsLus(reduite, situations),
          }
        : { regle, test: () => VRAI, requis: 0, filtre: [], obligatoires: 0, bits: 0 },
    ),
  );
}

/** One cache per table, so that a draft never sees the selections of the published rules. */
const parTable = new WeakMap<Table, Map<Jour, Map<string, Selection>>>();
/** Days kept at once: a day's evaluations come together, and scenarios use a handful of days. */
const JOURS_GARDES = 64;

/** The rules to evaluate for a day and an activity (absent or unknown: all of them). */
export function selectionner(table: Table, le: Jour, activite: string | undefined): Selection {
  let parJour = parTable.get(table);
  if (parJour === undefined) {
    parJour = new Map();
    parTable.set(table, parJour);
  }
  let parActivite = parJour.get(le);
  if (parActivite === undefined) {
    if (parJour.size >= JOURS_GARDES) parJour.clear();
    parActivite = new Map();
    parJour.set(le, parActivite);
  }
  const cle = activite ?? '';
  let selection = parActivite.get(cle);
  if (selection === undefined) {
    selection = activer(table, le, activite);
    parActivite.set(cle, selection);
  }
  return selection;
}
