import { ajouterJours, type Jour } from '../../knowledge/vocabulaire/index.ts';

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

/** True for a day offices are closed: week-end or public holiday of C. trav. L3133-1 (local ones of Alsace-Moselle and overseas are not counted). */
export function estChome(jour: Jour): boolean {
  const semaine = new Date(`${jour}T00:00:00Z`).getUTCDay();
  if (semaine === 0 || semaine === 6 || FIXES.includes(jour.slice(5))) return true;
  const dimanche = paques(Number(jour.slice(0, 4)));
  return [1, 39, 50].some((n) => ajouterJours(dimanche, n) === jour);
}

/** The day `n` working days after `jour`. 0: `jour` itself when it is worked, else the next worked day. */
export function ajouterJoursOuvres(jour: Jour, n: number): Jour {
  let courant = jour;
  while (estChome(courant)) courant = ajouterJours(courant, 1);
  for (let reste = n; reste > 0; reste -= 1) {
    courant = ajouterJours(courant, 1);
    while (estChome(courant)) courant = ajouterJours(courant, 1);
  }
  return courant;
}
