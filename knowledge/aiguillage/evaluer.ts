import {
  NE_SAIT_PAS,
  OPERATEURS,
  reussi,
  type Champ,
  type Operateur,
  type Resultat,
} from '../vocabulaire/index.ts';
import { classer } from './classer.ts';
import { A_DEMANDER, bitDe, FAUX, masqueDe, RAFFINABLE, valeurDe, VRAI, type Lecture } from './conditions.ts';
import { estPose, preparer } from './preparation.ts';
import { chargerRegles } from './chargement.ts';
import type { Regle, Table } from './regles.ts';
import { selectionner, type Selection } from './selection.ts';
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
type Etat = { vraies: Regle[]; aDemander: Regle[]; inconnues: Regle[] };

/** The masks of one evaluation, one bit per field: what blocks, what could refine, what was asked in vain. */
type Masques = { bloque: number; porte: number; raffine: number; inconnu: number };

function passer(
  regles: readonly Regle[],
  lecture: Lecture,
  masques: Masques,
): Etat & { masque: Map<Regle, number> } {
  const etat = {
    vraies: [] as Regle[],
    aDemander: [] as Regle[],
    inconnues: [] as Regle[],
    masque: new Map<Regle, number>(),
  };
  for (const regle of regles) {
    const r = regle.test(lecture);
    const v = valeurDe(r);
    if (v === FAUX) continue;
    if (v === VRAI) etat.vraies.push(regle);
    else if (v === RAFFINABLE) masques.raffine |= masqueDe(r);
    else {
      etat.masque.set(regle, masqueDe(r));
      (v === A_DEMANDER ? etat.aDemander : etat.inconnues).push(regle);
    }
  }
  return etat;
}

const orientationDe = (regle: Regle): Operateur | undefined =>
  regle.effet.type === 'orientation' ? regle.effet.operateur : undefined;

/** Is the operator already given by a rule shown at least as early? Then learning that this one applies too would change nothing. */
const dejaDonne = (regle: Regle, vraies: readonly Regle[]): boolean =>
  vraies.some((v) => orientationDe(v) === orientationDe(regle) && v.rang <= regle.rang);

const concerne = (exclusion: Regle, regles: readonly Regle[]): boolean =>
  exclusion.effet.type === 'ecart' &&
  regles.some(
    (r) => orientationDe(r) === (exclusion.effet.type === 'ecart' ? exclusion.effet.operateur : undefined),
  );

const estPrincipale = ({ effet }: Regle): boolean =>
  effet.type === 'orientation' && effet.role === 'principale';

/** One evaluation of the table, before it is worded: the fields, and the rules that matter. Pure; also used to ask and to explain. */
export type Evaluation = {
  readonly table: Table;
  readonly lecture: Lecture;
  readonly selection: Selection;
  readonly vraies: readonly Regle[];
  readonly aDemander: readonly Regle[];
  readonly inconnues: readonly Regle[];
  readonly horsChamp: Regle | undefined;
  readonly doutes: readonly Regle[];
  readonly relais: readonly Regle[];
  readonly relaisInconnus: readonly Regle[];
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
  const { profil } = lecture;
  const selection = selectionner(table, lecture.le, profil.activite);
  const masques: Masques = { bloque: 0, porte: 0, raffine: 0, inconnu: 0 };
  const bloquer = (etat: { masque: Map<Regle, number> }, regles: readonly Regle[]): void => {
    for (const r of regles) {
      const masque = etat.masque.get(r) ?? 0;
      if (r.attendre) {
        masques.bloque |= masque;
        masques.porte |= r.porte(lecture);
      } else masques.raffine |= masque;
    }
  };

  const horsChamp = passer(selection.horsChamp, lecture, masques);
  const vigilances = passer(selection.vigilances, lecture, masques);
  const [dehors] = horsChamp.vraies;

  const exclusions = passer(selection.exclusions, lecture, masques);
  const exclus = new Set(
    exclusions.vraies.map((r) => (r.effet.type === 'ecart' ? r.effet.operateur : undefined)),
  );
  const permise = (r: Regle): boolean => !exclus.has(orientationDe(r));
  const orientations = passer(selection.orientations, lecture, masques);
  const vraies = orientations.vraies.filter(permise);
  const aDemander = orientations.aDemander.filter((r) => permise(r) && !dejaDonne(r, vraies));
  const inconnues = orientations.inconnues.filter((r) => permise(r) && !dejaDonne(r, vraies));
  const possibles = [...vraies, ...aDemander, ...inconnues];
  const doutes = passer(selection.doutes, lecture, masques);
  const relais = passer(selection.relais, lecture, masques);

  bloquer(horsChamp, horsChamp.aDemander);
  bloquer(orientations, aDemander);
  for (const r of exclusions.aDemander)
    // An alternative that a resignation would close is not worth a question: the main operator would stay the same.
    if (concerne(r, possibles.filter(estPrincipale))) {
      masques.bloque |= exclusions.masque.get(r) ?? 0;
      // An operator that is only possible is not worth asking what would exclude it, before knowing that it is given.
      if (concerne(r, [...vraies, ...inconnues].filter(estPrincipale))) masques.porte |= r.porte(lecture);
    } else masques.raffine |= exclusions.masque.get(r) ?? 0;
  bloquer(doutes, doutes.aDemander);
  bloquer(relais, relais.aDemander);
  bloquer(vigilances, vigilances.aDemander);
  for (const etat of [horsChamp, orientations, relais])
    for (const r of etat.inconnues) if (r.attendre) masques.inconnu |= etat.masque.get(r) ?? 0;
  const relaisInconnus = relais.inconnues.filter((r) => r.attendre);
  const indecis =
    inconnues.some(estPrincipale) || relaisInconnus.length > 0 || horsChamp.inconnues.length > 0;
  return {
    table,
    lecture,
    selection,
    vraies,
    aDemander,
    inconnues,
    horsChamp: dehors,
    doutes: doutes.vraies,
    relais: relais.vraies,
    relaisInconnus,
    vigilances: vigilances.vraies,
    bloque: dehors === undefined ? masques.bloque : 0,
    porte: masques.porte,
    raffine: masques.raffine & ~masques.bloque,
    inconnu: masques.inconnu,
    indecis,
  };
}

/** The déterminants of a mask that were never asked, in the order to ask them. */
export function champsDe(masque: number, { lecture, table }: Evaluation): readonly Champ[] {
  if (masque === 0) return [];
  return table.champs
    .filter(
      ({ champ, determinant, aUnSens, seDemande }) =>
        determinant &&
        (masque & bitDe(champ)) !== 0 &&
        !estPose(lecture.profil, champ) &&
        valeurDe(aUnSens(lecture)) !== FAUX &&
        valeurDe(seDemande(lecture)) !== FAUX,
    )
    .map(({ champ }) => champ);
}

/** What blocks, in the order to ask it: first the fields that open a question now, then those that could follow from their answers. */
export function champsBloquants(e: Evaluation): readonly Champ[] {
  const dAbord = champsDe(e.bloque & e.porte, e);
  const ensuite = champsDe(e.bloque & ~e.porte, e);
  return dAbord.length === 0 ? ensuite : [...dAbord, ...ensuite];
}

/** Worded once per rule: the results share them. */
const orientations = new WeakMap<Regle, Orientation>();
function enOrientation(regle: Regle, operateur: Operateur): Orientation {
  let o = orientations.get(regle);
  if (o === undefined) {
    o = { operateur, regle: regle.id, motif: regle.motif, references: regle.sources };
    orientations.set(regle, o);
  }
  return o;
}

/** One orientation per operator, in the order of `classer`; the other rules that lead there are kept in `aussi`. */
function rassembler(regles: readonly Regle[], refusePar: readonly Operateur[] | undefined): Orientation[] {
  const parOperateur = new Map<Operateur, Orientation[]>();
  for (const regle of classer(regles, refusePar)) {
    const operateur = orientationDe(regle);
    if (operateur === undefined) continue;
    const deja = parOperateur.get(operateur);
    if (deja === undefined) parOperateur.set(operateur, [enOrientation(regle, operateur)]);
    else deja.push(enOrientation(regle, operateur));
  }
  const rassemblees: Orientation[] = [];
  for (const [premiere, ...autres] of parOperateur.values()) {
    if (premiere === undefined) continue;
    rassemblees.push(
      autres.length === 0
        ? premiere
        : {
            ...premiere,
            aussi: autres.map(({ regle, motif, references }) => ({ regle, motif, references })),
          },
    );
  }
  return rassemblees;
}

/** Each operator that is neither given nor possible, with the first écart rule that applies (exclusions by law first). */
function ecartsDe({ selection, lecture }: Evaluation, presents: readonly Orientation[]): Ecart[] {
  const ecarts: Ecart[] = [];
  for (const operateur of OPERATEURS) {
    if (presents.some((o) => o.operateur === operateur)) continue;
    const regle = selection.ecarts.find(
      (r) =>
        r.effet.type === 'ecart' && r.effet.operateur === operateur && valeurDe(r.test(lecture)) === VRAI,
    );
    if (regle === undefined) continue;
    const donnees = regle.champs.filter((c) => estPose(lecture.profil, c));
    ecarts.push({
      operateur,
      regle: regle.id,
      motif: regle.motif,
      champs: donnees.length > 0 ? donnees : regle.champs,
    });
  }
  return ecarts;
}

function relaisDe(regles: readonly Regle[]): Relais[] {
  const vus = new Set<string>();
  const relais: Relais[] = [];
  for (const regle of classer(regles)) {
    const { effet } = regle;
    if (effet.type !== 'relais' && effet.type !== 'hors-champ') continue;
    for (const id of effet.relais) {
      if (vus.has(id)) continue;
      vus.add(id);
      relais.push({ id, regle: regle.id, motif: regle.motif, references: regle.sources });
    }
  }
  return relais;
}

function vigilancesDe(regles: readonly Regle[]): Vigilance[] {
  return classer(regles).flatMap((regle) =>
    regle.effet.type === 'vigilance'
      ? [{ code: regle.effet.code, regle: regle.id, motif: regle.motif, references: regle.sources }]
      : [],
  );
}

/** The first field asked in vain, in the order of the questions: it says how to settle. */
function commentTrancher(e: Evaluation): string {
  const [doute] = e.doutes;
  if (doute !== undefined && !e.indecis) return doute.motif;
  const champ = e.table.champs.find(
    (c) => (e.inconnu & bitDe(c.champ)) !== 0 && e.lecture.profil[c.champ] === NE_SAIT_PAS,
  );
  return `aiguillage.trancher-${champ?.champ ?? 'general'}`;
}

function horsChampDe(e: Evaluation, regle: Regle, vigilances: readonly Vigilance[]): Aiguillage {
  const champs = regle.champs.filter((c) => estPose(e.lecture.profil, c));
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

/** Turns an evaluation into its outcome. */
export function conclure(e: Evaluation): Aiguillage {
  const { lecture } = e;
  const { refusePar } = lecture.profil;
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
  if (indecis) {
    const candidats = rassembler([...e.vraies, ...e.inconnues], refusePar);
    return {
      type: 'indecis',
      commentTrancher: commentTrancher(e),
      orientations: [],
      candidats,
      ecarts: ecartsDe(e, candidats),
      champs,
      relais: relaisDe([...e.relais, ...e.relaisInconnus]),
      vigilances,
    };
  }
  const orientations = rassembler(e.vraies, refusePar);
  const candidats =
    e.inconnues.length === 0
      ? []
      : rassembler(e.inconnues, refusePar).filter((c) =>
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
