import {
  ajouterJours,
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

const lireProfilSeul = (profil: Profil, le: Jour = SANS_JOUR): Lecture => lectureDe({ le, profil });

/**
 * What the answers say without being asked (closed list in `donnees/implications.json`): only the fields to add.
 * An answer given always wins over an implication.
 */
export function implications(profil: Profil, le?: Jour, table: Table = chargerRegles()): Profil {
  let ajouts: Partial<Record<Champ, unknown>> | undefined;
  let complet = profil;
  // Each pass adds at least one field, so the loop ends; chains are two or three long.
  for (let encore = true; encore;) {
    encore = false;
    const lecture = lireProfilSeul(complet, le);
    for (const { test, alors } of table.implications) {
      if (alors.every(([champ]) => complet[champ] !== undefined) || valeurDe(test(lecture)) !== VRAI)
        continue;
      for (const [champ, valeur] of alors) {
        if (complet[champ] !== undefined) continue;
        ajouts = { ...ajouts, [champ]: valeur };
        complet = { ...complet, [champ]: valeur };
        encore = true;
      }
      if (encore) break;
    }
  }
  return (ajouts ?? {}) as Profil;
}

/** Facts that cannot be true together, in the order of the data; the first one is the one to ask again. */
export function contradictions(
  profil: Profil,
  le: Jour,
  table: Table = chargerRegles(),
): readonly RefusAiguillage[] {
  const trouvees: RefusAiguillage[] = [];
  const { naissance, age } = profil;
  if (naissance !== undefined) {
    if (naissance > le)
      trouvees.push({ champ: 'naissance', message: 'La date de naissance est dans le futur.' });
    else if (naissance < ajouterJours(le, -121 * 366))
      trouvees.push({ champ: 'naissance', message: 'La date de naissance donne plus de 120 ans.' });
    else {
      const reel = lireProfilSeul({ naissance }, le).age;
      if (typeof age === 'number' && age !== reel)
        trouvees.push({
          champ: 'naissance',
          message: `La date de naissance donne ${String(reel)} ans, et l’âge indiqué est ${age} ans : un des deux est à corriger.`,
        });
    }
  }
  const lecture = lireProfilSeul(profil, le);
  for (const { champ, message, test } of table.contradictions)
    if (valeurDe(test(lecture)) === VRAI) trouvees.push({ champ, message });
  return trouvees;
}

/**
 * The answers that no longer have a question (their `quand` in `donnees/champs.json` became false), removed one after the other until
 * nothing changes: retraité → sans-emploi drops the job, which drops the contract, which drops the wish to resign.
 */
export function orphelins(profil: Profil, le?: Jour, table: Table = chargerRegles()): readonly Champ[] {
  const retires: Champ[] = [];
  let reste = profil;
  for (let encore = true; encore;) {
    encore = false;
    const lecture = lireProfilSeul(reste, le);
    for (const { champ, aUnSens, conditionnel } of table.champs) {
      if (!conditionnel || reste[champ] === undefined || valeurDe(aUnSens(lecture)) !== FAUX) continue;
      const { [champ]: _, ...suite } = reste;
      reste = suite;
      retires.push(champ);
      encore = true;
      break;
    }
  }
  return retires;
}

/** The profile without the given fields. */
export function sans(profil: Profil, champs: readonly Champ[]): Profil {
  if (champs.length === 0) return profil;
  return Object.fromEntries(Object.entries(profil).filter(([c]) => !champs.some((x) => x === c))) as Profil;
}

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
  if (!estJour(le)) return refuse({ champ: 'le', message: 'Jour attendu : AAAA-MM-JJ.' });
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
  const utile = sans(entree.profil, orphelins(entree.profil, le, table));
  const ajouts = implications(utile, le, table);
  const profil: Profil = { ...utile, ...ajouts };
  const [contradiction] = contradictions(profil, le, table);
  if (contradiction !== undefined) return refuse(contradiction);
  return reussi(lectureDe({ ...entree, profil }));
}

/** True when the field is known or was asked without success: it is not asked again. */
export const estPose = (profil: Profil, champ: Champ): boolean =>
  profil[champ] !== undefined || (champ === 'age' && profil.naissance !== undefined);
