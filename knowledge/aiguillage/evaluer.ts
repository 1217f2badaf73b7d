import {
  NE_SAIT_PAS,
  OPERATEURS,
  reussi,
  type Champ,
  type Operateur,
  type Resultat,
} from '../vocabulaire/index.ts';
import { classer } from './classer.ts';
import {
  A_DEMANDER,
  bitDe,
  FAUX,
  INCOMPLET,
  masqueDe,
  RAFFINABLE,
  valeurDe,
  VRAI,
  type Lecture,
} from './conditions.ts';
import { preparer } from './preparation.ts';
import { chargerRegles } from './chargement.ts';
import type { Regle, Table } from './regles.ts';
import { selectionner, type RegleActive, type Selection } from './selection.ts';
import type {
  Aiguillage,
  Ecart,
  EntreeAiguillage,
  Orientation,
  RefusAiguillage,
  Relais,
  Vigilance,
} from './types.ts';

/** Where every rule of one kind stands for this person. */
type EnAttente = { readonly regle: Regle; readonly masque: number };
type Etat = {
  readonly vraies: Regle[];
  aDemander: readonly EnAttente[];
  inconnues: readonly EnAttente[];
  incompletes: readonly EnAttente[];
};
const AUCUNE: readonly EnAttente[] = [];
const AUCUNE_REGLE: readonly Regle[] = [];

/** The masks of one evaluation, one bit per field: what blocks, what could refine, what was asked in vain. */
type Masques = { bloque: number; porte: number; raffine: number; inconnu: number };

/** Does something not said, or one answer alone, make the rule false? */
function estEcartee({ requis, filtre }: RegleActive, { presence, codes }: Lecture): boolean {
  if ((requis & presence) !== requis) return true;
  for (let i = 0; i < filtre.length; i += 2)
    if (((filtre[i + 1] ?? 0) & (1 << (codes[filtre[i] ?? 0] ?? 0))) === 0) return true;
  return false;
}

/**
 * A rule that waits for nothing, cannot be true without an answer not given, and could only say « this field would refine » of fields already
 * said: half of the warnings are in this case.
 */
const napporteRien = ({ regle, obligatoires, bits }: RegleActive, dits: number, raffine: number): boolean =>
  !regle.attendre && (obligatoires & ~dits) !== 0 && (bits & ~dits & ~raffine) === 0;

function passer(
  actives: readonly RegleActive[],
  lecture: Lecture,
  masques: Masques,
  seulementVraies = false,
): Etat {
  const etat: Etat = { vraies: [], aDemander: AUCUNE, inconnues: AUCUNE, incompletes: AUCUNE };
  for (const active of actives) {
    if (estEcartee(active, lecture)) continue;
    if (seulementVraies && napporteRien(active, lecture.dits, masques.raffine)) continue;
    const r = active.test(lecture);
    const v = valeurDe(r);
    if (v === FAUX) continue;
    const { regle } = active;
    if (v === VRAI) etat.vraies.push(regle);
    else if (v === RAFFINABLE) masques.raffine |= masqueDe(r);
    else if (v === A_DEMANDER) etat.aDemander = [...etat.aDemander, { regle, masque: masqueDe(r) }];
    else {
      etat.inconnues = [...etat.inconnues, { regle, masque: masqueDe(r) }];
      if (v === INCOMPLET) etat.incompletes = [...etat.incompletes, { regle, masque: 0 }];
    }
  }
  return etat;
}

const reunir = (...listes: readonly (readonly EnAttente[])[]): readonly EnAttente[] =>
  listes.every((l) => l.length === 0) ? AUCUNE : listes.flat();

const reglesEn = (attentes: readonly EnAttente[]): readonly Regle[] =>
  attentes.length === 0 ? AUCUNE_REGLE : attentes.map((a) => a.regle);

const operateurDe = ({ effet }: Regle): Operateur | undefined =>
  effet.type === 'orientation' || effet.type === 'ecart' ? effet.operateur : undefined;

/** Is the operator already given by a rule shown at least as early? Then learning that this one applies too would change nothing. */
const dejaDonne = (regle: Regle, vraies: readonly Regle[]): boolean =>
  vraies.some((v) => operateurDe(v) === operateurDe(regle) && v.rang <= regle.rang);

const estPrincipale = ({ effet }: Regle): boolean =>
  effet.type === 'orientation' && effet.role === 'principale';

/** One evaluation of the table, before it is worded: the fields, and the rules that matter. Pure; also used to ask and to explain. */
export type Evaluation = {
  readonly table: Table;
  readonly lecture: Lecture;
  readonly selection: Selection;
  readonly vraies: readonly Regle[];
  readonly inconnues: readonly Regle[];
  readonly horsChamp: Regle | undefined;
  readonly doutes: readonly Regle[];
  readonly relais: readonly Regle[];
  readonly relaisInconnus: readonly Regle[];
  /** Unknown rules that would need still other answers: shown as candidates only when nothing closer is. */
  readonly incompletes: readonly Regle[];
  readonly vigilances: readonly Regle[];
  readonly bloque: number;
  readonly porte: number;
  readonly raffine: number;
  readonly inconnu: number;
  /** Something asked and unknown decides the outcome. */
  readonly indecis: boolean;
};

/** Evaluates every rule once, three-valued; what to ask, what is undecided and what applies all come from here. */
export function evaluer(lecture: Lecture, table: Table = chargerRegles()): Evaluation {
  const selection = selectionner(table, lecture.le, lecture.profil.activite);
  const masques: Masques = { bloque: 0, porte: 0, raffine: 0, inconnu: 0 };
  const bloquer = (attentes: readonly EnAttente[]): void => {
    for (const { regle, masque } of attentes)
      if (regle.attendre) {
        masques.bloque |= masque;
        masques.porte |= regle.porte(lecture);
      } else masques.raffine |= masque;
  };

  const horsChamp = passer(selection.horsChamp, lecture, masques);
  const exclusions = passer(selection.exclusions, lecture, masques);
  const orientations = passer(selection.orientations, lecture, masques);
  const doutes = passer(selection.doutes, lecture, masques);
  const relais = passer(selection.relais, lecture, masques, true);
  // Last: by then most of what a warning could refine is known, and it needs no test.
  const vigilances = passer(selection.vigilances, lecture, masques, true);

  const permise = (r: Regle): boolean => !exclusions.vraies.some((x) => operateurDe(x) === operateurDe(r));
  const vraies = exclusions.vraies.length === 0 ? orientations.vraies : orientations.vraies.filter(permise);
  const utiles = (attentes: readonly EnAttente[]): readonly EnAttente[] =>
    attentes.length === 0
      ? attentes
      : attentes.filter(({ regle }) => permise(regle) && !dejaDonne(regle, vraies));
  const aDemander = utiles(orientations.aDemander);
  const inconnues = utiles(orientations.inconnues);

  for (const attentes of [
    horsChamp.aDemander,
    aDemander,
    doutes.aDemander,
    relais.aDemander,
    vigilances.aDemander,
  ])
    if (attentes.length > 0) bloquer(attentes);
  for (const { regle, masque } of exclusions.aDemander) {
    // An alternative that a resignation would close is not worth a question: the main operator would stay the same.
    const vise = (r: Regle): boolean => estPrincipale(r) && operateurDe(r) === operateurDe(regle);
    const donne = vraies.some(vise) || inconnues.some((i) => vise(i.regle));
    if (donne || aDemander.some((a) => vise(a.regle))) masques.bloque |= masque;
    else masques.raffine |= masque;
    // An operator that is only possible is not worth asking what would exclude it, before knowing that it is given.
    if (donne) masques.porte |= regle.porte(lecture);
  }
  // Most evaluations have nothing unknown: the lists are then the one empty list, and nothing is built.
  const decisives = reunir(horsChamp.inconnues, inconnues, relais.inconnues).filter((i) => i.regle.attendre);
  for (const { masque } of decisives) masques.inconnu |= masque;
  return {
    table,
    lecture,
    selection,
    vraies,
    inconnues: reglesEn(inconnues),
    horsChamp: horsChamp.vraies[0],
    doutes: doutes.vraies,
    relais: relais.vraies,
    relaisInconnus: reglesEn(decisives.filter(({ regle }) => regle.effet.type === 'relais')),
    incompletes: reglesEn(reunir(orientations.incompletes, relais.incompletes)),
    vigilances: vigilances.vraies,
    bloque: horsChamp.vraies.length === 0 ? masques.bloque : 0,
    porte: masques.porte,
    raffine: masques.raffine & ~masques.bloque,
    inconnu: masques.inconnu,
    indecis: decisives.some(({ regle }) => regle.effet.type !== 'orientation' || estPrincipale(regle)),
  };
}

/** The déterminants of a mask that were never asked, in the order to ask them. */
export function champsDe(masque: number, { lecture, table }: Evaluation): readonly Champ[] {
  const utiles = masque & ~lecture.dits;
  if (utiles === 0) return [];
  const champs: Champ[] = [];
  for (const c of table.champs)
    if (
      (utiles & c.bit) !== 0 &&
      c.determinant &&
      valeurDe(c.aUnSens(lecture)) !== FAUX &&
      valeurDe(c.seDemande(lecture)) !== FAUX
    )
      champs.push(c.champ);
  return champs;
}

/** What blocks, in the order to ask it: first the fields that open a question now, then those that could follow from their answers. */
export function champsBloquants(e: Evaluation): readonly Champ[] {
  const dAbord = champsDe(e.bloque & e.porte, e);
  const ensuite = champsDe(e.bloque & ~e.porte, e);
  return dAbord.length === 0 ? ensuite : [...dAbord, ...ensuite];
}

/** One orientation per operator, best rule first; the other rules that lead there are kept in `aussi`. `regles` are in the order to show. */
function rassembler(regles: readonly Regle[]): readonly Orientation[] {
  const rassemblees: Orientation[] = [];
  for (const { orientation, dit } of regles) {
    if (orientation === undefined) continue;
    const i = rassemblees.findIndex((o) => o.operateur === orientation.operateur);
    const deja = rassemblees[i];
    if (deja === undefined) rassemblees.push(orientation);
    else rassemblees[i] = { ...deja, aussi: [...(deja.aussi ?? []), dit] };
  }
  return rassemblees;
}

/** Each operator that is neither given nor possible, with the first écart rule that applies. */
function ecartsDe({ selection, lecture }: Evaluation, presents: readonly Orientation[]): readonly Ecart[] {
  const ecarts: Ecart[] = [];
  for (const [operateur, actives] of selection.ecarts) {
    if (presents.some((o) => o.operateur === operateur)) continue;
    for (const active of actives) {
      if (estEcartee(active, lecture) || valeurDe(active.test(lecture)) !== VRAI) continue;
      ecarts.push(active.regle.ecart(lecture.dits));
      break;
    }
  }
  return ecarts;
}

function relaisDe(regles: readonly Regle[]): readonly Relais[] {
  const tous: Relais[] = [];
  for (const regle of regles)
    for (const relais of regle.relais) if (tous.every((r) => r.id !== relais.id)) tous.push(relais);
  return tous;
}

function vigilancesDe(regles: readonly Regle[]): readonly Vigilance[] {
  const vigilances: Vigilance[] = [];
  for (const { vigilance } of regles) if (vigilance !== undefined) vigilances.push(vigilance);
  return vigilances;
}

/** The first field asked in vain, in the order of the questions: it says how to settle. */
function commentTrancher(e: Evaluation): string {
  const [doute] = e.doutes;
  if (doute !== undefined && !e.indecis) return doute.motif;
  const champ = e.table.champs.find(
    (c) => (e.inconnu & c.bit) !== 0 && e.lecture.profil[c.champ] === NE_SAIT_PAS,
  );
  return `aiguillage.trancher-${champ?.champ ?? 'general'}`;
}

function horsChampDe(e: Evaluation, regle: Regle, vigilances: readonly Vigilance[]): Aiguillage {
  const champs = regle.champs.filter((c) => (e.lecture.dits & bitDe(c)) !== 0);
  return {
    type: 'hors-champ',
    motif: regle.motif,
    orientations: [],
    candidats: [],
    ecarts: OPERATEURS.map((operateur) => ({ operateur, regle: regle.id, motif: regle.motif, champs })),
    champs: [],
    relais: relaisDe([regle, ...e.relais]),
    vigilances,
  };
}

function indecisDe(e: Evaluation, champs: readonly Champ[], vigilances: readonly Vigilance[]): Aiguillage {
  const { refusePar } = e.lecture.profil;
  const completes = (regles: readonly Regle[]): readonly Regle[] =>
    regles.filter((r) => !e.incompletes.includes(r));
  const possibles = [...e.vraies, ...completes(e.inconnues)];
  const relais = [...e.relais, ...completes(e.relaisInconnus)];
  const seuls = possibles.length === 0 && relais.length === 0;
  const candidats = rassembler(classer(seuls ? e.inconnues : possibles, refusePar));
  return {
    type: 'indecis',
    commentTrancher: commentTrancher(e),
    orientations: [],
    candidats,
    ecarts: ecartsDe(e, candidats),
    champs,
    relais: relaisDe(classer(seuls ? e.relaisInconnus : relais)),
    vigilances,
  };
}

function orienteDe(e: Evaluation, champs: readonly Champ[], vigilances: readonly Vigilance[]): Aiguillage {
  const { refusePar } = e.lecture.profil;
  const orientations = rassembler(refusePar === undefined ? e.vraies : classer(e.vraies, refusePar));
  const candidats =
    e.inconnues.length === 0
      ? []
      : rassembler(e.inconnues.filter((r) => !e.incompletes.includes(r))).filter((c) =>
          orientations.every((o) => o.operateur !== c.operateur),
        );
  return {
    type: 'oriente',
    orientations,
    candidats,
    ecarts: ecartsDe(e, candidats.length === 0 ? orientations : [...orientations, ...candidats]),
    champs,
    relais: relaisDe(e.relais),
    vigilances,
  };
}

/** Turns an evaluation into its outcome. */
export function conclure(e: Evaluation): Aiguillage {
  const vigilances = vigilancesDe(e.vigilances);
  if (e.horsChamp !== undefined) return horsChampDe(e, e.horsChamp, vigilances);
  const aPoser = champsBloquants(e);
  if (aPoser.length > 0)
    return {
      type: 'a-completer',
      orientations: [],
      candidats: [],
      ecarts: [],
      champs: aPoser,
      relais: [],
      vigilances,
    };
  const champs = champsDe(e.raffine, e);
  const indecis = e.indecis || e.doutes.length > 0 || (e.vraies.length === 0 && e.relais.length === 0);
  return indecis ? indecisDe(e, champs, vigilances) : orienteDe(e, champs, vigilances);
}

/**
 * Which CEP operator would accompany this person, why, why not the others, and what is still to ask. Pure: the day and the facts come in.
 * Refused: a day no rule covers, a commune that is not an INSEE code, facts that cannot be true together.
 * `table` is the published one; another (a draft, a mutant) may be tried.
 */
export function aiguiller(
  entree: EntreeAiguillage,
  table: Table = chargerRegles(),
): Resultat<Aiguillage, RefusAiguillage> {
  const lu = preparer(entree, table);
  return lu.ok ? reussi(conclure(evaluer(lu.valeur, table))) : lu;
}

/** Every rule that left a trace in an outcome: given, set aside, relais, warnings, and what put it out of the field or in doubt. */
export function reglesDe(a: Aiguillage): readonly string[] {
  const PREFIXE = 'aiguillage.regle-';
  const orientations = [...a.orientations, ...a.candidats];
  const cle = a.type === 'hors-champ' ? a.motif : a.type === 'indecis' ? a.commentTrancher : '';
  return [
    ...orientations.flatMap((o) => [o.regle, ...(o.aussi ?? []).map((x) => x.regle)]),
    ...a.ecarts.map((e) => e.regle),
    ...a.relais.map((r) => r.regle),
    ...a.vigilances.map((v) => v.regle),
    ...(cle.startsWith(PREFIXE) ? [cle.slice(PREFIXE.length)] : []),
  ];
}
