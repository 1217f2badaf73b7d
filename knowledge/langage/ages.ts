import { ageAu, estJour } from '../vocabulaire/index.ts';
import { propositionA, type Personne, type Proposition } from './propositions.ts';

const UNITES: Readonly<Record<string, number>> = Object.fromEntries(
  'zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'
    .split(' ')
    .map((mot, n) => [mot, n]),
);
const DIZAINES: Readonly<Record<string, number>> = {
  vingt: 20,
  vingts: 20,
  trente: 30,
  quarante: 40,
  cinquante: 50,
  soixante: 60,
  septante: 70,
  huitante: 80,
  nonante: 90,
};

/** A number under 100 written in words (« vingt trois », « soixante et onze », « quatre vingt dix »); `undefined` otherwise. */
export function nombreEnMots(mots: readonly string[]): number | undefined {
  let total = 0;
  let vu = false;
  for (let i = 0; i < mots.length; i++) {
    const mot = mots[i] ?? '';
    if (mot === 'et' && vu) continue;
    if (mot === 'quatre' && DIZAINES[mots[i + 1] ?? ''] === 20) {
      total += 80;
      i += 1;
    } else {
      const valeur = DIZAINES[mot] ?? UNITES[mot] ?? (mot === 'une' ? 1 : undefined);
      if (valeur === undefined) return undefined;
      total += valeur;
    }
    vu = true;
  }
  return vu && total < 120 ? total : undefined;
}

const MOT_NOMBRE =
  '(?:zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|nonante)';
const NOMBRE = String.raw`(\d{1,3}|${MOT_NOMBRE}(?: (?:et )?${MOT_NOMBRE}){0,3})`;
const AGE = new RegExp(String.raw`(?<= )${NOMBRE} (?:ans|an|piges|balais)(?= )`, 'gu');
/** Durations: « depuis 12 ans », « 10 ans d’expérience », « à 5 ans de la retraite ». */
const DUREE_AVANT =
  / (?:depuis|pendant|durant|apres|il y a|ya|dans|environ depuis|bientot|de|moins de|plus de|sur|en|tous les|pour|cdi de|contrat de|derniers|il me reste|reste|fait|faire|ca fait|cela fait|au bout de|avec|encore|mes|ses|les|ces|cumule|travaille|bosse|passe|passer) (?:deja |environ |presque |plus de |pres de |bientot )?$/u;
const DUREE_APRES =
  /^ (?:de (?!age)\S+|de (?:experience|anciennete|entreprise|cdi|carriere|metier|service|travail|boite|cotisation|maison|interim|recherche|chomage|la retraite|contrat|poste|pratique|bons|loyaux|galere|formation|etudes|mariage|prison|conge|vie|bureau|droits|mandat|bac|rqth)|d (?:experience|anciennete)|que|plus tard|apres|dans|en tant|comme|chez|ou \d+ jours|sur le|a ce poste|la dedans|sans)(?= )/u;
const PROPRE =
  / (?:ai|a|avoir|eu|aurai|aura|bientot|age de|agee de|age|fils de|fille de|femme de|homme de|retraitee? de|mari de|frere de|soeur de|ami de|amie de|jeune de|enfant de|copain de|copine de|neveu de|niece de|ado de|presque) (?:juste |deja |tout juste |que |environ |maintenant |seulement |bientot |presque |pas encore |a peine |eu )*$/u;
const VAGUE =
  / (?:plus de|moins de|entre|environ|a peu pres|autour de|vers|minimum|maximum|limite|jusque|jusqu a|avant|de moins de|la|a partir de|pas|jusque a|partir a|retraite a) $/u;

/** « j’ai arrêté l’école à seize ans » */
const AUTREFOIS =
  / (?:arrete|arretee|quitte|commence|debute|sorti|sortie|parti|partie|depuis|travaille depuis) (?:\S+ ){0,4}(?:a|age de) $/u;

export type AgeLu = { readonly age: number; readonly personne: Personne; readonly mots: string };

const enNombre = (texte: string): number | undefined =>
  /^\d+$/u.test(texte) ? Number(texte) : nombreEnMots(texte.split(' '));

/**
 * Ages said in a canonical text, in whole years. « bientôt 26 ans » is 25; durations and vague bounds (« plus de 50 ans ») are not ages.
 */
export function lireAges(texte: string, propositions: readonly Proposition[]): AgeLu[] {
  const lus: AgeLu[] = [];
  for (const trouve of texte.matchAll(AGE)) {
    const n = enNombre(trouve[1] ?? '');
    if (n === undefined || n > 110) continue;
    const avant = texte.slice(Math.max(0, trouve.index - 40), trouve.index);
    const apres = ` ${texte.slice(trouve.index + trouve[0].length).trimStart()}`;

    // « il y a un an »: the « a » is not the verb of an age.
    const propre = PROPRE.test(avant) && !/ (?:il )?y a (?:\S+ )?$/u.test(avant);
    const prochain =
      / (?:bientot|presque|vais avoir|aurai|aura|va avoir|feter mes|pas encore) (?:\S+ )?$/u.test(avant);
    if ((!prochain && DUREE_APRES.test(apres)) || VAGUE.test(avant) || AUTREFOIS.test(avant)) continue;
    if (!propre && !prochain && DUREE_AVANT.test(avant)) continue;
    if (!propre && n < 14) continue;
    const p = propositionA(propositions, trouve.index);
    if (p === undefined) continue;
    if (/ (?:avais|avait|quand je avais|etais) (?:\S+ )?$/u.test(avant)) continue;
    lus.push({ age: prochain ? n - 1 : n, personne: p.personne, mots: trouve[0] });
  }
  for (const trouve of texte.matchAll(
    /(?<= )(?:ai|a) (?:bientot|presque) (\d{2})(?= (?!ans|an|mois|heures|euros))/gu,
  )) {
    const p = propositionA(propositions, trouve.index);
    if (p !== undefined) lus.push({ age: Number(trouve[1]) - 1, personne: p.personne, mots: trouve[0] });
  }
  return lus;
}

const MOIS = 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(
  ' ',
);
const NAISSANCE = new RegExp(
  String.raw`(?<= )(?:nee?|naissance) (?:le |du )?(\d{1,2}) (?:ieme )?(?:(?:, )?(\d{1,2})|(${MOIS.join('|')})) (?:, )?(\d{4})(?= )`,
  'u',
);

/** A full birth date (« né le 3 mai 2001 », « 03/05/2001 » after « né le »): the day, and the age on `le`. A year alone is not an age. */
export function lireNaissance(texte: string, le: string): { naissance: string; age: number } | undefined {
  const m = NAISSANCE.exec(texte);
  if (m === null) return undefined;
  const mois = m[3] === undefined ? Number(m[2]) : MOIS.indexOf(m[3]) + 1;
  const naissance = `${m[4]}-${String(mois).padStart(2, '0')}-${(m[1] ?? '').padStart(2, '0')}`;
  if (!estJour(naissance)) return undefined;
  const age = ageAu(naissance, le);
  return age >= 0 && age <= 110 ? { naissance, age } : undefined;
}

/** A short answer to « quel âge avez-vous ? »: « 23 », « vingt-trois », « j’en ai 23 », « 23a ». */
export function lireAgeCourt(texte: string): number | undefined {
  const m = new RegExp(
    String.raw`^ (?:\S+ ){0,4}?${NOMBRE} (?:ans |an |a |piges |bientot |et demi |passes |[.,?] )*$`,
    'u',
  ).exec(texte);
  if (m === null) return undefined;
  const n = enNombre(m[1] ?? '');
  return n === undefined || n < 3 || n > 110 ? undefined : n;
}
