import { z } from 'zod';
import { ajouterJours, estJour, lireDonnees, type Jour } from '../../knowledge/vocabulaire/index.ts';

/** Easter Sunday (Meeus, Gregorian), from which three French public holidays follow. */
function paques(annee: number): Jour {
  const a = annee % 19;
  const b = Math.floor(annee / 100);
  const c = annee % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return `${annee}-${String(Math.floor(n / 31)).padStart(2, '0')}-${String((n % 31) + 1).padStart(2, '0')}`;
}

const FIXES = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];

/** Public holidays of some départements only, each with its article. */
const schemaFeriesLocaux = z.array(
  z.strictObject({
    departements: z.array(z.string().regex(/^(?:\d{2}|2[AB]|97\d)$/)).min(1),
    jours: z.array(z.union([z.literal('vendredi-saint'), z.string().regex(/^\d{2}-\d{2}$/)])).min(1),
    source: z.string().min(10),
    url: z.url({ protocol: /^https$/ }),
    /** `sur`: the text itself was read; `sur-tiers`: concordant copies of it. */
    confiance: z.enum(['sur', 'sur-tiers']),
    verifieLe: z.string().refine(estJour),
  }),
);

let lus: ReadonlyMap<string, ReadonlySet<string>> | undefined;
/** Département → its own holidays. @throws {DonneeInvalide} naming the entry and the field. */
function feriesLocaux(departement: string): ReadonlySet<string> | undefined {
  lus ??= new Map(
    lireDonnees('bot/handover/donnees/jours-feries-locaux.json', schemaFeriesLocaux).flatMap((f) =>
      f.departements.map((d) => [d, new Set(f.jours)] as const),
    ),
  );
  return lus.get(departement);
}

/**
 * A public holiday: C. trav. L3133-1, and with `departement` those of Alsace-Moselle (L3134-13) and overseas (L3422-2). What collective
 * agreements or usages add there is not counted.
 */
export function estFerie(jour: Jour, departement?: string): boolean {
  const dimanche = paques(Number(jour.slice(0, 4)));
  if (FIXES.includes(jour.slice(5)) || [1, 39, 50].some((n) => ajouterJours(dimanche, n) === jour))
    return true;
  const locaux = departement === undefined ? undefined : feriesLocaux(departement);
  return (
    locaux !== undefined &&
    (locaux.has(jour.slice(5)) || (locaux.has('vendredi-saint') && ajouterJours(dimanche, -2) === jour))
  );
}

/** True for a day offices are closed: week-end or public holiday. @param departement where the office is, for its own holidays */
export function estChome(jour: Jour, departement?: string): boolean {
  const semaine = new Date(`${jour}T00:00:00Z`).getUTCDay();
  return semaine === 0 || semaine === 6 || estFerie(jour, departement);
}

/** The day `n` working days after `jour`. 0: `jour` itself when it is worked, else the next worked day. */
export function ajouterJoursOuvres(jour: Jour, n: number, departement?: string): Jour {
  let courant = jour;
  while (estChome(courant, departement)) courant = ajouterJours(courant, 1);
  for (let reste = n; reste > 0; reste -= 1) {
    courant = ajouterJours(courant, 1);
    while (estChome(courant, departement)) courant = ajouterJours(courant, 1);
  }
  return courant;
}
