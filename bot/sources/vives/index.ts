import type { FaitsVivants, GuichetProche } from '../../../knowledge/information/index.ts';
import { departementDeCommune } from '../../../knowledge/territoire/index.ts';
import { jourDe } from '../../../knowledge/vocabulaire/index.ts';
import type { LieuVif } from '../../../dialogs/index.ts';
import type { Horloge, Journaliseur } from '../../ports.ts';
import { AnnuaireEnLigne } from './annuaire-en-ligne.ts';
import { FranceTravail, type TensionLue } from './france-travail.ts';
import { Memoire } from './memoire.ts';

/** The optional live sources, seen by the host: look up what is already there, and have it asked again beside. Both take codes only. */
export type SourcesVives = {
  readonly lire: (lieu: LieuVif, romes: readonly string[]) => FaitsVivants;
  /** Returns when everything asked has answered or given up; nobody has to wait for it. */
  readonly preparer: (lieu: LieuVif, romes: readonly string[]) => Promise<void>;
};

export type ConfigVives = {
  readonly annuaire: { readonly annuaireUrl: string; readonly geoUrl: string } | undefined;
  readonly franceTravail:
    | {
        readonly identifiant: string;
        readonly secret: string;
        readonly jetonUrl: string;
        readonly apiUrl: string;
      }
    | undefined;
  readonly delaiMs: number;
};

const HEURE = 3_600_000;
const JOUR = 24 * HEURE;
/** Métiers asked at once: quotas are of a few calls a second. */
const ROMES_MAX = 2;

/** Builds the sources that are configured; `undefined` when none is, which is the default. */
export function creerSourcesVives(
  config: ConfigVives,
  horloge: Horloge,
  journaliseur: Journaliseur,
): SourcesVives | undefined {
  const { annuaire, franceTravail, delaiMs } = config;
  if (annuaire === undefined && franceTravail === undefined) return undefined;
  const commun = { horloge, journaliseur };
  const enLigne =
    annuaire === undefined
      ? undefined
      : new AnnuaireEnLigne({ ...annuaire, delaiMs, aujourdhui: () => jourDe(horloge()) });
  const guichets =
    enLigne === undefined
      ? undefined
      : new Memoire<readonly GuichetProche[]>({
          ...commun,
          nom: 'annuaire',
          fraicheurMs: JOUR,
          oubliMs: 30 * JOUR,
          chercher: (commune) => enLigne.guichets(commune),
        });
  const client =
    franceTravail === undefined ? undefined : new FranceTravail({ ...franceTravail, delaiMs, horloge });
  const parMetier = <T>(
    nom: string,
    fraicheurMs: number,
    oubliMs: number,
    demander: (d: string, r: string) => ReturnType<Memoire<T>['options']['chercher']>,
  ) =>
    new Memoire<T>({
      ...commun,
      nom,
      fraicheurMs,
      oubliMs,
      chercher: (cle) => {
        const [departement = '', rome = ''] = cle.split(' ');
        return demander(departement, rome);
      },
    });
  const tensions =
    client === undefined
      ? undefined
      : parMetier<TensionLue | null>('marche-du-travail', 7 * JOUR, 90 * JOUR, (d, r) =>
          client.tension(d, r),
        );
  const offres =
    client === undefined
      ? undefined
      : parMetier<number>('offres', 6 * HEURE, 3 * JOUR, (d, r) => client.offres(d, r));
  const departementDe = ({ commune, departement }: LieuVif): string | undefined =>
    commune === undefined ? departement : departementDeCommune(commune)?.code;
  const cles = (
    lieu: LieuVif,
    romes: readonly string[],
  ): readonly { rome: string; departement: string; cle: string }[] => {
    const departement = departementDe(lieu);
    return departement === undefined
      ? []
      : [...new Set(romes)]
          .slice(0, ROMES_MAX)
          .map((rome) => ({ rome, departement, cle: `${departement} ${rome}` }));
  };
  return {
    lire: (lieu, romes) => ({
      tensions: cles(lieu, romes).flatMap(({ rome, cle }) => {
        const lu = tensions?.lire(cle);
        return lu === undefined || lu.valeur === null
          ? []
          : [{ ...lu.valeur, rome, releveLe: jourDe(lu.le) }];
      }),
      offres: cles(lieu, romes).flatMap(({ rome, departement, cle }) => {
        const lu = offres?.lire(cle);
        return lu === undefined ? [] : [{ rome, departement, nombre: lu.valeur, releveLe: jourDe(lu.le) }];
      }),
      guichets: lieu.commune === undefined ? [] : (guichets?.lire(lieu.commune)?.valeur ?? []),
    }),
    preparer: async (lieu, romes) => {
      await Promise.all([
        ...(lieu.commune === undefined || guichets === undefined ? [] : [guichets.preparer(lieu.commune)]),
        ...cles(lieu, romes).flatMap(({ cle }) => [
          ...(tensions === undefined ? [] : [tensions.preparer(cle)]),
          ...(offres === undefined ? [] : [offres.preparer(cle)]),
        ]),
      ]);
    },
  };
}
