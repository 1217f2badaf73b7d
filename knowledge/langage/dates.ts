import { estJour } from '../vocabulaire/index.ts';
import { propositionA, type Proposition } from './propositions.ts';

const MOIS = 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(
  ' ',
);
const FIN_CONTRAT = new RegExp(
  String.raw`(?<= )(?:contrat|cdd|mission|cdi|poste|emploi|preavis)(?: (?![.?])\S+){0,5}? (?:se termine|termine|finit|fini|finis|prend fin|s arrete|se arrete|jusque au|jusque le|jusqu au|jusque|expire|finira|cesse)(?: (?![.?])\S+){0,1}? (\d{1,2}) (?:ieme )?(?:, )?(${MOIS.join('|')}|\d{1,2})(?: (?:, )?(\d{4}))?(?= )`,
  'u',
);

/**
 * The day a contract ends, when the day itself is said (« mon CDD prend fin le 31 décembre »); without a year, the next such day after `le`.
 * A month alone (« en août ») is not a day: nothing is guessed.
 */
export function lireFinContrat(
  texte: string,
  le: string,
  propositions: readonly Proposition[],
): { jour: string; mots: string } | undefined {
  const m = FIN_CONTRAT.exec(texte);
  if (m === null || propositionA(propositions, m.index)?.personne === 'autre') return undefined;
  const dite = m[2] ?? '';
  const mois = (/^\d/u.test(dite) ? dite : String(MOIS.indexOf(dite) + 1)).padStart(2, '0');
  const jour = (m[1] ?? '').padStart(2, '0');
  const annee =
    m[3] ?? (`${le.slice(0, 4)}-${mois}-${jour}` >= le ? le.slice(0, 4) : String(Number(le.slice(0, 4)) + 1));
  const dit = `${annee}-${mois}-${jour}`;
  return estJour(dit) ? { jour: dit, mots: m[0] } : undefined;
}
