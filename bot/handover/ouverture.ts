import { z } from 'zod';
import { ajouterJours, estJour, FUSEAU_PARIS, jourDe, type Jour } from '../../knowledge/vocabulaire/index.ts';
import { ajouterJoursOuvres, estFerie } from './jours-ouvres.ts';

/** Sunday first, as `getUTCDay` counts. */
export const JOURS_DE_SEMAINE = [
  'dimanche',
  'lundi',
  'mardi',
  'mercredi',
  'jeudi',
  'vendredi',
  'samedi',
] as const;

const jour = z.string().refine(estJour, 'un jour « 2026-12-24 » est attendu');
const debutDe = (plage: string): string => plage.slice(0, 5);
const finDe = (plage: string): string => plage.slice(6);

/** One or two ranges of one day, in order, apart from each other. */
const schemaPlages = z
  .array(
    z
      .string()
      .regex(
        /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/,
        'une plage « 09:00-12:00 » est attendue',
      )
      .refine((p) => debutDe(p) < finDe(p), 'la fin doit venir après le début, le même jour'),
  )
  .min(1, 'au moins une plage est attendue ; un jour absent est un jour fermé')
  .max(2, 'deux plages au plus par jour')
  .refine(
    ([a, b]) => a === undefined || b === undefined || finDe(a) < debutDe(b),
    'la seconde plage doit commencer après la fin de la première',
  );

const schemaSemaine = z
  .strictObject({
    lundi: schemaPlages.optional(),
    mardi: schemaPlages.optional(),
    mercredi: schemaPlages.optional(),
    jeudi: schemaPlages.optional(),
    vendredi: schemaPlages.optional(),
    samedi: schemaPlages.optional(),
    dimanche: schemaPlages.optional(),
  })
  .refine((s) => Object.values(s).some((p) => p !== undefined), 'au moins un jour ouvert est attendu');

/**
 * When a service is open, on its own clock (`fuseau`). A day absent from `semaine` is closed, and so is a public holiday; `ouvertures` wins over
 * everything, `fermetures` over the week.
 */
export const schemaHoraires = z.strictObject({
  semaine: schemaSemaine,
  fermetures: z
    .array(
      z
        .strictObject({ du: jour, au: jour })
        .refine(({ du, au }) => du <= au, 'la fermeture finit avant de commencer'),
    )
    .optional(),
  ouvertures: z.array(z.strictObject({ le: jour, plages: schemaPlages })).optional(),
  /** A few words for people, shown as they are. */
  note: z.string().min(1).max(200).optional(),
});
export type Horaires = z.output<typeof schemaHoraires>;

/** Whether the platform knows this IANA time zone (« Indian/Reunion »). A bare offset is not one: it would not follow a change of clocks. */
export function estFuseau(nom: string): boolean {
  if (!/^[A-Za-z]+(?:\/[A-Za-z_-]+)+$/.test(nom)) return false;
  try {
    return new Intl.DateTimeFormat('fr-FR', { timeZone: nom }).resolvedOptions().timeZone !== '';
  } catch {
    // The only way the platform has of saying no.
    return false;
  }
}

/**
 * What knowing when a service works takes: its hours, where its office is for local holidays, and the clock it keeps (Paris when absent).
 * Without hours: ordinary working days.
 */
export type Calendrier = {
  readonly horaires?: Horaires | undefined;
  readonly siege?: string | undefined;
  readonly fuseau?: string | undefined;
};

/** A moment on the clock of a service. */
export type Moment = { readonly jour: Jour; readonly heure: string };

const horloges = new Map<string, Intl.DateTimeFormat>();

/** The clock of a place at an instant (ms): hours are compared as written, so a change of clocks moves nothing. */
export function momentDe(instant: number, fuseau: string = FUSEAU_PARIS): Moment {
  const horloge =
    horloges.get(fuseau) ??
    new Intl.DateTimeFormat('fr-FR', {
      timeZone: fuseau,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  horloges.set(fuseau, horloge);
  return { jour: jourDe(instant, fuseau), heure: horloge.format(new Date(instant)) };
}

/** The ranges of a day; empty: closed. */
export function plagesDuJour(horaires: Horaires, le: Jour, siege?: string): readonly string[] {
  const exception = horaires.ouvertures?.find((o) => o.le === le);
  if (exception !== undefined) return exception.plages;
  if (horaires.fermetures?.some(({ du, au }) => du <= le && le <= au) === true) return [];
  if (estFerie(le, siege)) return [];
  const nom = JOURS_DE_SEMAINE[new Date(`${le}T00:00:00Z`).getUTCDay()];
  return nom === undefined ? [] : (horaires.semaine[nom] ?? []);
}

/** Beyond that, a service that has not opened is not coming back by itself: nothing is said of when it opens. */
const HORIZON_JOURS = 400;

/** The first day from `debut` on that the service is open. */
function jourOuvert({ horaires, siege }: Calendrier, debut: Jour): Jour | undefined {
  if (horaires === undefined) return ajouterJoursOuvres(debut, 0, siege);
  let courant = debut;
  for (let n = 0; n < HORIZON_JOURS; n += 1) {
    if (plagesDuJour(horaires, courant, siege).length > 0) return courant;
    courant = ajouterJours(courant, 1);
  }
  return undefined;
}

/**
 * The day by the end of which something asked at `instant` is answered, `delai` days of the service's own later: a day it is closed is not
 * one of its working days, and neither is the rest of a day once it has closed. `undefined`: it is not known to open again.
 */
export function jourPromis(calendrier: Calendrier, delai: number, instant: number): Jour | undefined {
  const { horaires, siege, fuseau } = calendrier;
  const { jour: aujourdhui, heure } = momentDe(instant, fuseau);
  if (horaires === undefined) return ajouterJoursOuvres(aujourdhui, delai, siege);
  const finAujourdhui = plagesDuJour(horaires, aujourdhui, siege).at(-1);
  const debut =
    finAujourdhui !== undefined && heure < finDe(finAujourdhui) ? aujourdhui : ajouterJours(aujourdhui, 1);
  let courant = jourOuvert(calendrier, debut);
  for (let reste = delai; reste > 0 && courant !== undefined; reste -= 1)
    courant = jourOuvert(calendrier, ajouterJours(courant, 1));
  return courant;
}

/** Whether a service is open at an instant, until when today, or when it opens next (absent: not known). */
export type Ouverture =
  | { readonly ouvert: true; readonly jusqua: string }
  | { readonly ouvert: false; readonly prochaine?: Moment };

export function ouvertureDe(
  horaires: Horaires,
  instant: number,
  { siege, fuseau }: Pick<Calendrier, 'siege' | 'fuseau'> = {},
): Ouverture {
  const { jour: aujourdhui, heure } = momentDe(instant, fuseau);
  const plages = plagesDuJour(horaires, aujourdhui, siege);
  const enCours = plages.find((p) => debutDe(p) <= heure && heure < finDe(p));
  if (enCours !== undefined) return { ouvert: true, jusqua: finDe(enCours) };
  const suivante = plages.find((p) => heure < debutDe(p));
  if (suivante !== undefined)
    return { ouvert: false, prochaine: { jour: aujourdhui, heure: debutDe(suivante) } };
  const prochain = jourOuvert({ horaires, siege }, ajouterJours(aujourdhui, 1));
  const premiere = prochain === undefined ? undefined : plagesDuJour(horaires, prochain, siege)[0];
  return prochain === undefined || premiere === undefined
    ? { ouvert: false }
    : { ouvert: false, prochaine: { jour: prochain, heure: debutDe(premiere) } };
}

/** What people may be told of the hours of a service at an instant; nothing when it gave none. */
export type Heures = {
  readonly ouverture?: Ouverture;
  readonly noteHoraires?: string;
  readonly fuseau?: string;
};

export const heuresDe = ({ horaires, siege, fuseau }: Calendrier, instant: number): Heures =>
  horaires === undefined
    ? {}
    : {
        ouverture: ouvertureDe(horaires, instant, { siege, fuseau }),
        ...(horaires.note === undefined ? {} : { noteHoraires: horaires.note }),
        ...(fuseau === undefined ? {} : { fuseau }),
      };
