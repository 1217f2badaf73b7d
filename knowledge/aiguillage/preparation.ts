import {
  ageAu,
  estJour,
  refuse,
  reussi,
  type Champ,
  type Jour,
  type Profil,
  type Resultat,
} from '../vocabulaire/index.ts';
import { FAUX, lectureDe, valeurDe, VRAI, type Lecture } from './conditions.ts';
import { chargerRegles } from './chargement.ts';
import { applicableDepuis, type Table } from './regles.ts';
import type { EntreeAiguillage, RefusAiguillage } from './types.ts';

/** The day is needed only where a birth date is; without one, any day gives the same answer. */
const SANS_JOUR: Jour = '2026-01-01';

/** The first implication that would add something, with what it adds. */
function ajoutsDe(lecture: Lecture, table: Table): readonly (readonly [Champ, string])[] | undefined {
  const { profil, dits } = lecture;
  for (const { alors, ajoute, declencheur, test } of table.implications) {
    if ((dits & declencheur) === 0 || (dits & ajoute) === ajoute || valeurDe(test(lecture)) !== VRAI)
      continue;
    return alors.filter(([champ]) => profil[champ] === undefined);
  }
  return undefined;
}

/** Adds what is implied. Each pass adds at least one field, so the loop ends; chains are two or three long. */
function completer(entree: EntreeAiguillage, depart: Lecture, table: Table): Lecture {
  let lecture = depart;
  for (;;) {
    const ajouts = ajoutsDe(lecture, table);
    if (ajouts === undefined) return lecture;
    const profil: Record<string, unknown> = { ...lecture.profil };
    for (const [champ, valeur] of ajouts) profil[champ] = valeur;
    lecture = lectureDe({ ...entree, profil: profil as Profil });
  }
}

/**
 * What the answers say without being asked (closed list in `donnees/implications.json`): only the fields to add.
 * An answer given always wins over an implication.
 */
export function implications(profil: Profil, le: Jour = SANS_JOUR, table: Table = chargerRegles()): Profil {
  const entree = { le, profil };
  const complet = completer(entree, lectureDe(entree), table).profil;
  return Object.fromEntries(
    Object.entries(complet).filter(([champ]) => !Object.hasOwn(profil, champ)),
  ) as Profil;
}

const refusNaissance = (message: string): RefusAiguillage => ({ champ: 'naissance', message });

/** A birth date that is not possible, or that denies the age given. */
function refusDeNaissance(profil: Profil, le: Jour): RefusAiguillage | undefined {
  const { naissance, age } = profil;
  if (naissance === undefined) return undefined;
  if (naissance > le) return refusNaissance('La date de naissance est dans le futur.');
  const reel = ageAu(naissance, le);
  if (reel > AGE_MAX) return refusNaissance(`La date de naissance donne plus de ${AGE_MAX} ans.`);
  return typeof age === 'number' && age !== reel
    ? refusNaissance(
        `La date de naissance donne ${reel} ans, et l’âge indiqué est ${age} ans : un des deux est à corriger.`,
      )
    : undefined;
}

const AGE_MAX = 120;

function refusDe(lecture: Lecture, table: Table): readonly RefusAiguillage[] {
  let refus = SANS_REFUS;
  const naissance = refusDeNaissance(lecture.profil, lecture.le);
  if (naissance !== undefined) refus = [naissance];
  for (const { champ, message, test, declencheur } of table.contradictions)
    if ((lecture.dits & declencheur) !== 0 && valeurDe(test(lecture)) === VRAI)
      refus = [...refus, { champ, message }];
  return refus;
}
const SANS_REFUS: readonly RefusAiguillage[] = [];

/** Facts that cannot be true together, in the order of the data; the first one is the one to ask again. */
export function contradictions(
  profil: Profil,
  le: Jour,
  table: Table = chargerRegles(),
): readonly RefusAiguillage[] {
  return refusDe(lectureDe({ le, profil }), table);
}

/** The first answer whose question no longer makes sense. */
function orphelinDe(lecture: Lecture, table: Table): Champ | undefined {
  for (const cle in lecture.profil) {
    const declare = table.conditionnels.get(cle);
    if (declare === undefined || lecture.profil[declare.champ] === undefined) continue;
    if (valeurDe(declare.aUnSens(lecture)) === FAUX) return declare.champ;
  }
  return undefined;
}

/**
 * The answers that no longer have a question (their `quand` in `donnees/champs.json` became false), removed one after the other until
 * nothing changes: retraité → sans-emploi drops the job, which drops the contract, which drops the wish to resign.
 */
export function orphelins(
  profil: Profil,
  le: Jour = SANS_JOUR,
  table: Table = chargerRegles(),
): readonly Champ[] {
  const retires: Champ[] = [];
  for (let reste = profil; ; reste = sans(reste, retires)) {
    const champ = orphelinDe(lectureDe({ le, profil: reste }), table);
    if (champ === undefined) return retires;
    retires.push(champ);
  }
}

/** The profile without the given fields. */
export function sans(profil: Profil, champs: readonly Champ[]): Profil {
  if (champs.length === 0) return profil;
  return Object.fromEntries(Object.entries(profil).filter(([c]) => !champs.some((x) => x === c))) as Profil;
}

/** The last day found valid: evaluations of one day come together, and checking a day costs more than a rule. */
let dernierJour: Jour = '';

const COMMUNE = /^(\d{5}|2[AB]\d{3})$/;

/**
 * Checks the entry and settles the profile: orphans left out, implications added, contradictions refused. Types are the caller's word
 * (`lireProfil` for untrusted input); what spans several fields is checked here.
 */
export function preparer(
  entree: EntreeAiguillage,
  table: Table = chargerRegles(),
): Resultat<Lecture, RefusAiguillage> {
  const { le, commune } = entree;
  if (le !== dernierJour && !estJour(le))
    return refuse({ champ: 'le', message: 'Jour attendu : AAAA-MM-JJ.' });
  dernierJour = le;
  if (le < applicableDepuis)
    return refuse({
      champ: 'le',
      message: `Aucune règle ne couvre ce jour : le cahier des charges s’applique depuis le ${applicableDepuis}.`,
    });
  if (commune !== undefined && !COMMUNE.test(commune))
    return refuse({
      champ: 'commune',
      message: 'Code Insee attendu : cinq caractères, comme 59350 ou 2A004.',
    });
  let lecture = lectureDe(entree);
  if (orphelinDe(lecture, table) !== undefined)
    lecture = lectureDe({ ...entree, profil: sans(entree.profil, orphelins(entree.profil, le, table)) });
  lecture = completer(entree, lecture, table);
  const [refus] = refusDe(lecture, table);
  return refus === undefined ? reussi(lecture) : refuse(refus);
}
