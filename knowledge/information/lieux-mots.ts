import { jourEnToutesLettres, type Registre } from '../vocabulaire/index.ts';
import { dire, sansMarques } from './redaction.ts';
import { lieuDeReunion, type Reunion } from './reunions.ts';
import type { Lieu } from './types.ts';

/** A place to go in one line: name, address, distance, phone, hours, access. */
export const lieuEnMots = (lieu: Omit<Lieu, 'enMots'>, registre: Registre): string =>
  [
    dire(lieu.km === undefined ? 'lieu-adresse' : 'lieu-adresse-km', registre, {
      nom: sansMarques(lieu.nom),
      adresse: sansMarques(lieu.adresse),
      km: lieu.km ?? 0,
    }),
    ...(lieu.telephone === undefined
      ? []
      : [dire('lieu-telephone', registre, { telephone: lieu.telephone })]),
    ...(lieu.horaires === undefined
      ? []
      : [dire('lieu-horaires', registre, { horaires: sansMarques(lieu.horaires) })]),
    ...(lieu.acces === undefined ? [] : [sansMarques(lieu.acces)]),
  ].join(' ');

const FORMAT_SEMAINE = new Intl.DateTimeFormat('fr-FR', { weekday: 'long', timeZone: 'UTC' });

/** « 14:00 » → « 14 h », « 09:30 » → « 9 h 30 ». */
function heureDite(heure: string): string {
  const [h = '', m = ''] = heure.split(':');
  return `${Number(h)} h${m === '00' ? '' : ` ${m}`}`;
}

/** A meeting in one line: what, which day of the week, hour, where, who organises. */
export function reunionEnMots(reunion: Reunion, registre: Registre): string {
  const jour = `${FORMAT_SEMAINE.format(new Date(`${reunion.jour}T00:00:00Z`))} ${jourEnToutesLettres(reunion.jour)}`;
  const lieu = lieuDeReunion(reunion);
  return [
    dire(reunion.heure === undefined ? 'reunion-jour' : 'reunion-heure', registre, {
      titre: sansMarques(reunion.titre),
      jour,
      heure: heureDite(reunion.heure ?? '00:00'),
    }),
    ...(lieu === undefined ? [] : [dire('reunion-lieu', registre, { lieu: sansMarques(lieu) })]),
    ...(reunion.enLigne ? [dire('reunion-en-ligne', registre)] : []),
    ...(reunion.organisateur === undefined
      ? []
      : [dire('reunion-organisateur', registre, { organisateur: sansMarques(reunion.organisateur) })]),
    ...(reunion.url?.startsWith('https://') === true
      ? [dire('reunion-lien', registre, { url: reunion.url })]
      : []),
  ].join(' ');
}
