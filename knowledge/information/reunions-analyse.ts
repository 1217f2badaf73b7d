import ICAL from 'ical.js';
import { z } from 'zod';
import { commune, communesDuCodePostal, chercherCommunes, normaliserLieu } from '../territoire/index.ts';
import { ajouterJours, jourDe, refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import type { PaquetReunions, Reunion } from './reunions.ts';
import { decoder, type RefusFichier } from './tableur.ts';

export type BilanReunions = {
  readonly paquet: PaquetReunions;
  readonly passees: number;
  readonly doublons: number;
  readonly refus: readonly { readonly ligne: number; readonly message: string }[];
};

/** What a meeting is before its place is found. */
type Brute = Omit<Reunion, 'enLigne'> & { readonly lieu: string; readonly enLigne: boolean };

const HORIZON = 366;
const OCCURRENCES = 60;
const EN_LIGNE = /\b(?:en ligne|visio|distanciel|à distance|webinaire|teams|zoom|téléphone)\b/iu;
const ADRESSE_WEB = /https?:\/\/\S+/u;

const deuxChiffres = (n: number): string => String(n).padStart(2, '0');
const FORMAT_HEURE = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/** The Paris day and hour of a calendar time. A time without zone, or in a zone the file does not define, is read as Paris time: these are French meetings. */
function instant(temps: ICAL.Time): { readonly jour: Jour; readonly heure?: string } {
  const local = `${temps.year}-${deuxChiffres(temps.month)}-${deuxChiffres(temps.day)}`;
  if (temps.isDate) return { jour: local };
  if (temps.zone === ICAL.Timezone.utcTimezone) {
    const ms = temps.toJSDate().getTime();
    return { jour: jourDe(ms), heure: FORMAT_HEURE.format(ms).replace(' h ', ':') };
  }
  return { jour: local, heure: `${deuxChiffres(temps.hour)}:${deuxChiffres(temps.minute)}` };
}

function adresseWeb(texte: string): string | undefined {
  const trouvee = ADRESSE_WEB.exec(texte)?.[0];
  return trouvee !== undefined && URL.canParse(trouvee) ? trouvee : undefined;
}

const texteDe = (composant: ICAL.Component, propriete: string): string =>
  String(composant.getFirstPropertyValue(propriete) ?? '').trim();

function lireEvenement(composant: ICAL.Component, rang: number, le: Jour): readonly Brute[] | string {
  const evenement = new ICAL.Event(composant);
  const titre = texteDe(composant, 'summary');
  const { startDate } = evenement;
  if (titre === '') return 'sans titre';
  if (!(startDate instanceof ICAL.Time)) return `« ${titre} » n’a pas de date`;
  const annule = texteDe(composant, 'status').toUpperCase() === 'CANCELLED';
  if (annule) return [];
  const lieu = texteDe(composant, 'location');
  const description = texteDe(composant, 'description');
  const url = adresseWeb(texteDe(composant, 'url')) ?? adresseWeb(description);
  const organisateur = composant.getFirstProperty('organizer')?.getFirstParameter('cn');
  const base = {
    titre,
    lieu,
    enLigne: EN_LIGNE.test(`${titre} ${lieu}`) || /^https?:/u.test(lieu),
    ...(url === undefined ? {} : { url }),
    ...(organisateur === undefined || organisateur === '' ? {} : { organisateur }),
  };
  const duree = evenement.endDate instanceof ICAL.Time ? evenement.duration : undefined;
  const une = (debut: ICAL.Time, numero: number): Brute => {
    const fin = duree === undefined || debut.isDate ? undefined : debut.clone();
    if (fin !== undefined && duree !== undefined) fin.addDuration(duree);
    const heureFin = fin === undefined ? undefined : instant(fin).heure;
    const debute = instant(debut);
    return {
      ...base,
      id: `${texteDe(composant, 'uid') || `evenement-${rang}`}${numero === 0 ? '' : `-${debute.jour}`}`,
      jour: debute.jour,
      ...(debute.heure === undefined ? {} : { heure: debute.heure }),
      ...(heureFin === undefined || heureFin === debute.heure ? {} : { heureFin }),
    };
  };
  if (!evenement.isRecurring()) return [une(startDate, 0)];
  const occurrences: Brute[] = [];
  const suite = evenement.iterator();
  const fin = ajouterJours(le, HORIZON);
  // A daily meeting born years ago must not be walked for ever.
  for (let i = 0; i < 5_000 && occurrences.length < OCCURRENCES; i += 1) {
    const debut = suite.next();
    if (!(debut instanceof ICAL.Time)) break;
    const occurrence = une(debut, i + 1);
    if (occurrence.jour > fin) break;
    if (occurrence.jour >= le) occurrences.push(occurrence);
  }
  return occurrences;
}

const schemaJson = z.strictObject({
  id: z.string().min(1).optional(),
  titre: z.string().min(1),
  debut: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?$/, 'date ISO attendue'),
  fin: z.string().optional(),
  commune: z.string().optional(),
  adresse: z.string().optional(),
  enLigne: z.boolean().optional(),
  organisateur: z.string().optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
});

function instantIso(brut: string): { readonly jour: Jour; readonly heure?: string } {
  const [date = '', temps] = brut.split('T');
  if (temps === undefined) return { jour: date };
  if (!/(?:Z|[+-]\d{2}:\d{2})$/u.test(temps)) return { jour: date, heure: temps.slice(0, 5) };
  const ms = Date.parse(brut);
  return { jour: jourDe(ms), heure: FORMAT_HEURE.format(ms).replace(' h ', ':') };
}

function lireJson(brut: unknown, rang: number): readonly Brute[] | string {
  const lu = schemaJson.safeParse(brut);
  if (!lu.success) {
    const [premiere] = lu.error.issues;
    return `${premiere?.path.join(' → ') ?? ''} : ${premiere?.message ?? 'illisible'}`;
  }
  const { id, titre, debut, fin, commune: ou, adresse, enLigne, organisateur, url } = lu.data;
  const heureFin = fin === undefined ? undefined : instantIso(fin).heure;
  return [
    {
      id: id ?? `reunion-${rang}`,
      titre,
      ...instantIso(debut),
      ...(heureFin === undefined ? {} : { heureFin }),
      // A code in this field is an INSEE code: « 59350 » is Lille, though it is the postcode of its neighbour.
      ...(ou !== undefined && commune(ou) !== undefined ? { commune: ou } : {}),
      lieu: [adresse, ou].filter((m) => m !== undefined).join(', '),
      enLigne: enLigne ?? false,
      ...(organisateur === undefined ? {} : { organisateur }),
      ...(url === undefined ? {} : { url }),
    },
  ];
}

/** The commune of a place written in words: its INSEE code, else its postcode and name, else the town its last words name without doubt. */
export function communeDuTexte(lieu: string): string | undefined {
  const code = /(?:^|[\s,(])(\d[\dAB]\d{3})\s*\)?$/u.exec(lieu)?.[1];
  const postal = /\b(\d{5})\b\s*([^,;\n]*)/u.exec(lieu);
  if (postal !== null) {
    const duCode = communesDuCodePostal(postal[1] ?? '');
    const nom = normaliserLieu(postal[2] ?? '');
    const trouvee =
      duCode.find((c) => nom !== '' && nom.startsWith(normaliserLieu(c.nom))) ??
      (duCode.length === 1 ? duCode[0] : undefined);
    if (trouvee !== undefined) return trouvee.code;
  }
  if (code !== undefined && commune(code) !== undefined) return code;
  const dernier =
    lieu
      .split(/[,;\n]/u)
      .at(-1)
      ?.trim() ?? '';
  if (dernier === '') return undefined;
  const voulu = normaliserLieu(dernier);
  const exactes = chercherCommunes(dernier, { limite: 5 }).filter((c) => normaliserLieu(c.nom) === voulu);
  return exactes.length === 1 ? exactes[0]?.code : undefined;
}

/** Where one goes, without the town already named and without the address of the online room. */
const rue = (lieu: string): string =>
  lieu
    .replace(ADRESSE_WEB, '')
    .replace(/,?\s*\b\d{5}\b[^,;\n]*/u, '')
    .replaceAll(/\s*\n\s*/gu, ', ')
    .replace(/[\s,]+$/u, '')
    .trim();

function situer(brute: Brute): Reunion | string {
  const { lieu, ...reste } = brute;
  const code = brute.commune ?? communeDuTexte(lieu);
  if (code === undefined && !brute.enLigne) return `« ${brute.titre} » : lieu introuvable (« ${lieu} »)`;
  const adresse = rue(lieu);
  const nom = code === undefined ? '' : normaliserLieu(commune(code)?.nom ?? '');
  return {
    ...reste,
    ...(code === undefined ? {} : { commune: code }),
    ...(adresse === '' || code === undefined || normaliserLieu(adresse) === nom ? {} : { adresse }),
  };
}

function lireLignes(texte: string, le: Jour): Resultat<readonly (readonly Brute[] | string)[], RefusFichier> {
  if (/^\s*BEGIN:VCALENDAR/u.test(texte)) {
    try {
      const calendrier = new ICAL.Component(ICAL.parse(texte));
      return reussi(
        calendrier.getAllSubcomponents('vevent').map((c, i) => {
          try {
            return lireEvenement(c, i + 1, le);
          } catch (cause) {
            return `événement illisible (${cause instanceof Error ? cause.message : 'erreur'})`;
          }
        }),
      );
    } catch {
      return refuse({
        code: 'fichier-tronque',
        message: 'Le calendrier iCalendar est abîmé ou incomplet : reprenez le téléchargement.',
      });
    }
  }
  let brut: unknown;
  try {
    brut = JSON.parse(texte);
  } catch {
    return refuse({
      code: 'format-inconnu',
      message: 'Ni un calendrier iCalendar (BEGIN:VCALENDAR), ni du JSON lisible.',
    });
  }
  if (!Array.isArray(brut))
    return refuse({ code: 'format-inconnu', message: 'Le fichier JSON doit être une liste de réunions.' });
  return reussi(brut.map((b: unknown, i) => lireJson(b, i + 1)));
}

/**
 * Reads a calendar of collective meetings, iCalendar (recurring ones unfolded over a year) or a JSON list. Past meetings are left out and counted; one whose town cannot be
 * found is refused with its rank. @param infos.le today: what is past.
 */
export function analyserReunions(
  octets: Uint8Array,
  infos: { readonly le: Jour; readonly organisateur?: string },
): Resultat<BilanReunions, RefusFichier> {
  if (octets.length === 0) return refuse({ code: 'fichier-vide', message: 'Le fichier est vide.' });
  const lues = lireLignes(decoder(octets), infos.le);
  if (!lues.ok) return lues;
  const refus: { ligne: number; message: string }[] = [];
  const reunions = new Map<string, Reunion>();
  let passees = 0;
  let doublons = 0;
  for (const [i, lue] of lues.valeur.entries()) {
    if (typeof lue === 'string') {
      refus.push({ ligne: i + 1, message: lue });
      continue;
    }
    for (const brute of lue) {
      if (brute.jour < infos.le) {
        passees += 1;
        continue;
      }
      const reunion = situer(brute);
      if (typeof reunion === 'string') {
        refus.push({ ligne: i + 1, message: reunion });
        break;
      }
      if (reunions.has(reunion.id)) doublons += 1;
      reunions.set(reunion.id, reunion);
    }
  }
  if (reunions.size === 0)
    return refuse({
      code: 'table-vide',
      message: `Aucune réunion à venir dans ce fichier (${passees} passées, ${refus.length} refusées).${refus[0] === undefined ? '' : ` Ligne ${refus[0].ligne} : ${refus[0].message}.`}`,
    });
  const triees = [...reunions.values()].sort((a, b) =>
    `${a.jour}${a.heure ?? ''}${a.id}`.localeCompare(`${b.jour}${b.heure ?? ''}${b.id}`),
  );
  return reussi({
    paquet: {
      version: 1,
      source: {
        producteur: infos.organisateur ?? 'Organisateurs des réunions',
        titre: 'Réunions d’information collective',
        url: triees.find((r) => r.url !== undefined)?.url ?? 'https://mon-cep.org/',
        licence: 'Fournie par l’organisateur',
        date: infos.le,
        importeLe: infos.le,
        lignes: triees.length,
      },
      reunions: triees,
    },
    passees,
    doublons,
    refus,
  });
}
