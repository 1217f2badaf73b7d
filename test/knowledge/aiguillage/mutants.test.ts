import { describe, expect, it } from 'vitest';
import { preparer } from '../../../knowledge/aiguillage/preparation.ts';
import {
  aiguiller,
  reglesDe,
  type EntreeAiguillage,
  type Table,
} from '../../../knowledge/aiguillage/index.ts';
import { lireBornes } from './bornes.ts';
import { echantillon } from './classes.ts';
import { infractions } from './lois.ts';
import { mutants } from './mutants.ts';
import { differences, entreeDuScenario, lireScenarios } from './scenarios.ts';
import { mensonges } from './verites.ts';

const cas = [...lireScenarios(), ...lireBornes()].map((scenario) => {
  const entree = entreeDuScenario(scenario);
  const resultat = aiguiller(entree);
  return { scenario, entree, regles: new Set(resultat.ok ? reglesDe(resultat.valeur) : []) };
});
/** All of them under EXIGER_TOUT (continuous integration); one in twenty-four otherwise, so that the usual run stays short. */
const PAS = process.env['EXIGER_TOUT'] === '1' ? 1 : 24;
const profils = echantillon(1500, 2020).filter((e) => aiguiller(e).ok);

/**
 * Conditions that another part of the table already holds: dropping them shows only for people who do not know their own situation
 * (« indécis », where every sentence is conditional), or where the out-of-field rules answer first. Kept because each rule must read alone.
 */
const REDONDANTS: readonly string[] = [
  'ecart-ml-retraite : condition 1 retirée',
  'ecart-ml-retraite : condition 2 retirée',
  'ecart-ft-sans-recherche : condition 1 retirée',
  'vigilance-demission-fermee : condition 4 dans « pas » partie 2 partie 1 retirée',
  'mission-locale-mineur : condition 2 retirée',
  'relais-cpam : condition 1 retirée',
  'vigilance-arret : condition 1 retirée',
  'situation en-recherche : partie 2 partie 2 retirée',
  'situation jeune-sans-emploi : partie 2 retirée',
  'situation jeune-sans-emploi : partie 3 partie 1 retirée',
];

/** The scenarios that exercise the spoilt rule come first: most mutants die on one of them. */
function estPrisParUnCas(nom: string, table: Table): boolean {
  const [regle] = nom.split(' : ');
  const exerce = cas.filter((c) => c.regles.has(regle ?? ''));
  const autres = cas.filter((c) => !c.regles.has(regle ?? ''));
  return [...exerce, ...autres].some(
    ({ scenario, entree }) => differences(scenario, aiguiller(entree, table)).length > 0,
  );
}

function estFautif(entree: EntreeAiguillage, table: Table): boolean {
  const lu = preparer(entree);
  const resultat = aiguiller(entree, table);
  if (!lu.ok || !resultat.ok) return false;
  const a = resultat.valeur;
  if (infractions(entree, a).length > 0) return true;
  return (
    a.type !== 'indecis' && mensonges(lu.valeur.profil, entree.le, reglesDe(a), entree.demande).length > 0
  );
}

const forme = (entree: EntreeAiguillage, table?: Table): string => {
  const resultat = table === undefined ? aiguiller(entree) : aiguiller(entree, table);
  if (!resultat.ok) return resultat.refus.champ;
  const { type, orientations, champs } = resultat.valeur;
  return [type, reglesDe(resultat.valeur), champs, orientations.map((o) => o.operateur)].join('|');
};

describe('chaque règle gâtée se voit', () => {
  it(
    'par un scénario, une borne ou une loi ; ce qui reste ne change rien, ou presque',
    { timeout: 300_000 },
    () => {
      const bilan = { mutants: 0, cas: 0, lois: 0, equivalents: 0 };
      const vivants: string[] = [];
      const habituelles = profils.map((e) => forme(e));
      let rang = 0;
      for (const { nom, table } of mutants()) {
        rang += 1;
        if (rang % PAS !== 0) continue;
        bilan.mutants += 1;
        if (estPrisParUnCas(nom, table)) bilan.cas += 1;
        else if (profils.some((e) => estFautif(e, table))) bilan.lois += 1;
        else if (profils.every((e, i) => forme(e, table) === habituelles[i])) bilan.equivalents += 1;
        else if (!REDONDANTS.includes(nom)) vivants.push(nom);
      }
      console.log(
        `Mutants : ${bilan.mutants}, dont ${bilan.cas} pris par un cas, ${bilan.lois} par une loi, ` +
          `${bilan.equivalents} sans effet sur ${profils.length} profils, ${vivants.length} vivants.`,
      );
      expect(vivants.join('\n')).toBe('');
    },
  );
});
