import type { Champ } from '../vocabulaire/index.ts';
import { chargerRegles } from './chargement.ts';
import type { Situations } from './conditions.ts';
import type { Condition } from './schema.ts';

/** The answers that say something of somebody's health (GDPR art. 9), Cap emploi included: one goes there because of a handicap. */
const VALEURS_DE_SANTE: Readonly<Partial<Record<Champ, readonly string[]>>> = {
  handicap: ['oui'],
  inaptitude: ['crainte', 'prononcee'],
  esat: ['oui'],
  suspension: ['arret-maladie'],
  accompagnement: ['cap-emploi'],
  referent: ['cap-emploi'],
};
const toutes = (dites: readonly string[], intimes: readonly string[] = []): boolean =>
  dites.every((v) => intimes.includes(v));

/** Whether a condition that holds says, by itself, something of health or of a danger met: one branch of « une » that does not is enough for a doubt. */
function revele(c: Condition, situations: Situations): boolean {
  switch (c.test) {
    case 'parmi':
      return toutes(c.valeurs, VALEURS_DE_SANTE[c.champ]);
    case 'demande':
      return toutes(c.valeurs, ['sante-handicap']);
    case 'renvoi':
    case 'demarche':
      return toutes(c.operateurs, ['cap-emploi']);
    case 'alerte':
      return true;
    case 'situation': {
      const definie = situations.get(c.est);
      return definie !== undefined && revele(definie, situations);
    }
    case 'tous':
      return c.conditions.some((s) => revele(s, situations));
    case 'une':
      return c.conditions.every((s) => revele(s, situations));
    // What is not the case says nothing of a health problem.
    case 'pas':
    case 'age':
    case 'fin-contrat':
    case 'territoire':
      return false;
  }
}

let reglesIntimes: ReadonlySet<string> | undefined;

/**
 * Whether a rule applied tells something of the person’s health, or of a danger they met: whoever reads « CPAM » or « Équipe de votre
 * Esat » on a document knows why. Read from the rule’s own conditions, so that a rule added tomorrow is covered.
 */
export function estRegleIntime(regle: string): boolean {
  if (reglesIntimes === undefined) {
    const { regles, situations } = chargerRegles();
    reglesIntimes = new Set(
      regles.filter((r) => r.conditions.some((c) => revele(c, situations))).map((r) => r.id),
    );
  }
  return reglesIntimes.has(regle);
}
