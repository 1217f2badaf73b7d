/** A day in Europe/Paris, `YYYY-MM-DD`. Nothing in knowledge/ or dialogs/ reads the clock: days come in as arguments. */
export type Jour = string;

const FORME = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a `YYYY-MM-DD` that exists in the calendar (2027-02-29 does not). */
export function estJour(valeur: unknown): valeur is Jour {
  if (typeof valeur !== 'string' || !FORME.test(valeur)) return false;
  const date = new Date(`${valeur}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === valeur;
}

/** Whole years between a birth date and a day. Born on 29 February: the birthday falls on 1 March in common years. */
export function ageAu(naissance: Jour, le: Jour): number {
  const annees = Number(le.slice(0, 4)) - Number(naissance.slice(0, 4));
  return le.slice(5) < naissance.slice(5) ? annees - 1 : annees;
}

/** The clock of the service public, and of any service that does not say another. */
export const FUSEAU_PARIS = 'Europe/Paris';

const QUART_MS = 900_000;
/** By time zone: the day does not change within a quarter of an hour, so the last one is kept (a turn, or a sweep, asks many times). */
const derniers = new Map<string, { readonly quart: number; readonly jour: Jour }>();
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The day of an instant (ms since the epoch), in Europe/Paris unless a service keeps another clock.
 * @throws {RangeError} a time zone the platform does not know; settings are checked when they are read.
 */
export function jourDe(instant: number, fuseau: string = FUSEAU_PARIS): Jour {
  const quart = Math.floor(instant / QUART_MS);
  const connu = derniers.get(fuseau);
  if (connu?.quart === quart && instant >= 0) return connu.jour;
  const format =
    formats.get(fuseau) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: fuseau, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(fuseau, format);
  const jour = format.format(new Date(instant));
  derniers.set(fuseau, { quart, jour });
  return jour;
}

const FORMAT_LONG = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** « 21 novembre 2026 » (« 1er mars 2027 » for a first of the month). */
export function jourEnToutesLettres(jour: Jour): string {
  return FORMAT_LONG.format(new Date(`${jour}T00:00:00Z`)).replace(/^1 /, '1er ');
}

const FORMAT_SEMAINE = new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', weekday: 'long' });

/** « lundi 23 novembre 2026 »: for a day people plan for, its name is what they look for. */
export const jourDeSemaineEnMots = (jour: Jour): string =>
  `${FORMAT_SEMAINE.format(new Date(`${jour}T00:00:00Z`))} ${jourEnToutesLettres(jour)}`;

/** « 9 h », « 13 h 30 », from « 09:00 », « 13:30 ». */
export function heureEnMots(heure: string): string {
  const [h = '', minutes = ''] = heure.split(':');
  return minutes === '00' ? `${Number(h)} h` : `${Number(h)} h ${minutes}`;
}

/** The day `n` days after `jour` (negative: before). */
export function ajouterJours(jour: Jour, n: number): Jour {
  return new Date(Date.parse(`${jour}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
}
