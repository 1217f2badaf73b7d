import {
  OPERATEURS,
  reussi,
  type Champ,
  type Jour,
  type Operateur,
  type Profil,
  type Resultat,
} from '../vocabulaire/index.ts';
import { valeurDe, VRAI } from './conditions.ts';
import { aiguiller } from './evaluer.ts';
import { orphelins, preparer, sans } from './preparation.ts';
import { signature } from './questions.ts';
import { chargerRegles } from './chargement.ts';
import type { Aiguillage, EntreeAiguillage, RefusAiguillage } from './types.ts';

/** A change to imagine: answers set or taken back, or another day. */
export type Changement = { readonly poser?: Profil; readonly retirer?: readonly Champ[]; readonly le?: Jour };

/** Today's outcome beside another one, and what moved: operators gained and lost, whether the first one changed, from which day. */
export type Comparaison = {
  readonly avant: Aiguillage;
  readonly apres: Aiguillage;
  readonly change: boolean;
  readonly arrivent: readonly Operateur[];
  readonly partent: readonly Operateur[];
  readonly premierAvant?: Operateur;
  readonly premierApres?: Operateur;
  /** Answers that no longer make sense after the change. */
  readonly orphelins: readonly Champ[];
  readonly quand?: Jour;
};

const operateursDe = (a: Aiguillage): readonly Operateur[] =>
  (a.type === 'indecis' ? a.candidats : a.orientations).map((o) => o.operateur);

/** None comes first among possibilities that an unknown answer leaves open. */
const premierDe = (a: Aiguillage): Operateur | undefined =>
  a.type === 'indecis' ? undefined : a.orientations[0]?.operateur;

/** The answers after a change: what was set, without what no longer has a question. */
function appliquer(
  profil: Profil,
  { poser = {}, retirer = [] }: Changement,
  le: Jour,
): { profil: Profil; orphelins: readonly Champ[] } {
  const brut = { ...sans(profil, retirer), ...poser } as Profil;
  const perdus = orphelins(brut, le);
  return { profil: sans(brut, perdus), orphelins: perdus };
}

/** Compares today's outcome with the one after a change. Refused when either entry is. */
export function siJe(
  entree: EntreeAiguillage,
  changement: Changement,
): Resultat<Comparaison, RefusAiguillage> {
  const avant = aiguiller(entree);
  if (!avant.ok) return avant;
  const le = changement.le ?? entree.le;
  const { profil, orphelins: perdus } = appliquer(entree.profil, changement, le);
  const apres = aiguiller({ ...entree, le, profil });
  if (!apres.ok) return apres;
  const [avantOps, apresOps] = [operateursDe(avant.valeur), operateursDe(apres.valeur)];
  const premierAvant = premierDe(avant.valeur);
  const premierApres = premierDe(apres.valeur);
  return reussi({
    avant: avant.valeur,
    apres: apres.valeur,
    change: signature(avant.valeur) !== signature(apres.valeur),
    arrivent: OPERATEURS.filter((o) => apresOps.includes(o) && !avantOps.includes(o)),
    partent: OPERATEURS.filter((o) => avantOps.includes(o) && !apresOps.includes(o)),
    ...(premierAvant === undefined ? {} : { premierAvant }),
    ...(premierApres === undefined ? {} : { premierApres }),
    orphelins: perdus,
    ...(changement.le === undefined ? {} : { quand: changement.le }),
  });
}

/** A what-if worth offering: its text key, the change, and what it moves. */
export type Hypothese = Comparaison & {
  readonly id: string;
  readonly cle: string;
  readonly changement: Changement;
};

/** The birthday on which someone reaches an age. Born on 29 February: 1 March in common years, as `ageAu` counts. */
function anniversaire(naissance: Jour, age: number): Jour {
  const annee = Number(naissance.slice(0, 4)) + age;
  const jour = `${annee}${naissance.slice(4)}`;
  return naissance.endsWith('02-29') && new Date(`${jour}T00:00:00Z`).toISOString().slice(0, 10) !== jour
    ? `${annee}-03-01`
    : jour;
}

/**
 * The what-ifs that would move something for this profile (closed list in `donnees/hypotheses.json`): resigning, registering, turning 26,
 * a contract that ends… Those whose answer would need more questions are left out. With a birth date, an age comes with its day.
 */
export function hypotheses(entree: EntreeAiguillage): readonly Hypothese[] {
  const lu = preparer(entree);
  if (!lu.ok) return [];
  return chargerRegles().hypotheses.flatMap((h): Hypothese[] => {
    if (valeurDe(h.test(lu.valeur)) !== VRAI) return [];
    const { naissance } = entree.profil;
    const changement: Changement =
      h.anniversaire !== undefined && naissance !== undefined
        ? { retirer: ['age'], le: anniversaire(naissance, h.anniversaire) }
        : { poser: h.poser };
    const comparee = siJe(entree, changement);
    if (!comparee.ok || !comparee.valeur.change || comparee.valeur.apres.type === 'a-completer') return [];
    return [{ id: h.id, cle: `aiguillage.si-${h.id}`, changement, ...comparee.valeur }];
  });
}

export type EffetCorrection = {
  /** Answers that no longer have a question, in the order they fall. */
  readonly orphelins: readonly Champ[];
  /** The profile after the correction: new value, orphans gone, implications not included. */
  readonly profil: Profil;
  /** How the result moved, when both can be computed. */
  readonly effet?: Comparaison;
};

/**
 * What changing one answer does: which answers no longer apply (chains included) and how the result moves. Without `valeur` the answer is
 * only taken back, to be asked again: what depends on it is kept until the new answer is known.
 */
export function effetCorrection({
  profil,
  champ,
  valeur,
  le,
}: {
  readonly profil: Profil;
  readonly champ: Champ;
  readonly valeur?: unknown;
  readonly le: Jour;
}): EffetCorrection {
  const changement: Changement =
    valeur === undefined ? { retirer: [champ] } : { poser: { [champ]: valeur } as Profil };
  const apres = appliquer(profil, changement, le);
  const comparee = siJe({ le, profil }, changement);
  return { ...apres, ...(comparee.ok ? { effet: comparee.valeur } : {}) };
}
