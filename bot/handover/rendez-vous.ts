import { heureDe, texte } from '../../knowledge/textes/index.ts';
import {
  estJour,
  FUSEAU_PARIS,
  heureEnMots,
  jourDeSemaineEnMots,
  refuse,
  reussi,
  type Registre,
  type Resultat,
} from '../../knowledge/vocabulaire/index.ts';
import { momentDe, type Moment } from './ouverture.ts';
import type { Transmission } from './transmission.ts';

/**
 * Appointments are given and said on the clock of the service that gives them, whatever the computer of the counsellor is set to: this file
 * is the only one that goes from an hour on that clock to an instant, and back to words.
 */

/** Where people live by another clock than Paris; the others are on Paris time. */
const FUSEAU_DE_DEPARTEMENT: Readonly<Record<string, string>> = {
  '971': 'America/Guadeloupe',
  '972': 'America/Martinique',
  '973': 'America/Cayenne',
  '974': 'Indian/Reunion',
  '975': 'America/Miquelon',
  '976': 'Indian/Mayotte',
  '977': 'America/St_Barthelemy',
  '978': 'America/Marigot',
};

const fuseauDe = (departement: string): string => FUSEAU_DE_DEPARTEMENT[departement] ?? FUSEAU_PARIS;

const JOUR_MS = 86_400_000;
const ANNEE_MS = 365 * JOUR_MS;

export type RefusHeure =
  | { readonly code: 'heure-illisible' }
  /** Clocks go forward over it: it does not exist that day. */
  | { readonly code: 'heure-sautee' }
  /** Clocks go back over it: it comes twice that day. */
  | { readonly code: 'heure-double' }
  /** Past, or more than a year away. */
  | { readonly code: 'heure-hors-delai' };

/**
 * The instant (ms) at which the clock of a time zone shows `heure`, « 2027-01-15T10:30 » as a form gives it. An hour that a change of clocks
 * skips or repeats is refused: nobody would know when to come.
 */
export function instantChez(heure: string, fuseau: string = FUSEAU_PARIS): Resultat<number, RefusHeure> {
  const lue = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::00)?$/.exec(heure);
  const jour = lue?.[1];
  if (lue === null || !estJour(jour)) return refuse({ code: 'heure-illisible' });
  const voulu = Date.parse(`${jour}T${lue[2]}:${lue[3]}:00Z`);
  const lireHorloge = (instant: number): number => {
    const { jour: j, heure: h } = momentDe(instant, fuseau);
    return Date.parse(`${j}T${h}:00Z`);
  };
  // What the clock is ahead of UTC the day before and the day after: the same, but around a change of clocks.
  const avances = new Set([-JOUR_MS, JOUR_MS].map((ecart) => lireHorloge(voulu + ecart) - (voulu + ecart)));
  const instants = [...avances].map((avance) => voulu - avance).filter((i) => lireHorloge(i) === voulu);
  const [instant] = instants;
  if (instant === undefined) return refuse({ code: 'heure-sautee' });
  return instants.length > 1 ? refuse({ code: 'heure-double' }) : reussi(instant);
}

/** The instant of an appointment a service gives for `heure` on its clock: to come, and within the year. */
export function instantDeRendezVous(
  heure: string,
  fuseau: string | undefined,
  maintenant: number,
): Resultat<number, RefusHeure> {
  const lu = instantChez(heure, fuseau);
  return lu.ok && (lu.valeur < maintenant || lu.valeur > maintenant + ANNEE_MS)
    ? refuse({ code: 'heure-hors-delai' })
    : lu;
}

const enMots = ({ jour, heure }: Moment): string => `${jourDeSemaineEnMots(jour)} à ${heureEnMots(heure)}`;

/**
 * A moment with a service, on its own clock, which is always named: « vendredi 15 janvier 2027 à 10 h 30 (heure de Paris) ». To somebody
 * who lives by another one, theirs is said too.
 * @param departement where the person is, as far as they said
 */
export function quandChez(
  le: number,
  fuseau: string | undefined,
  { departement, registre }: { readonly departement?: string | undefined; readonly registre: Registre },
): string {
  const chez = fuseau ?? FUSEAU_PARIS;
  const ici = momentDe(le, chez);
  const dit = `${enMots(ici)} (${heureDe(chez, registre)})`;
  if (departement === undefined) return dit;
  const leur = fuseauDe(departement);
  const labas = momentDe(le, leur);
  if (labas.heure === ici.heure && labas.jour === ici.jour) return dit;
  return texte('suivi.quand-deux-horloges', registre, {
    quand: dit,
    // The day only where it is not the same.
    autre: labas.jour === ici.jour ? heureEnMots(labas.heure) : enMots(labas),
    horloge: heureDe(leur, registre),
  });
}

/** The clock of whoever lives there, in words, when it is not that of the service: « heure de La Réunion ». */
export function autreHorloge(
  departement: string | undefined,
  fuseau: string | undefined,
  registre: Registre,
): string | undefined {
  if (departement === undefined) return undefined;
  const leur = fuseauDe(departement);
  return leur === (fuseau ?? FUSEAU_PARIS) ? undefined : heureDe(leur, registre);
}

/** When the appointment of a file is, in words; `undefined`: it has none. */
export const quandDeRendezVous = (
  { rendezVous, departement }: Pick<Transmission, 'rendezVous' | 'departement'>,
  fuseau: string | undefined,
  registre: Registre,
): string | undefined =>
  rendezVous === undefined ? undefined : quandChez(rendezVous.le, fuseau, { departement, registre });
