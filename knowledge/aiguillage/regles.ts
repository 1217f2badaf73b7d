import { OPERATEURS, type Champ, type Jour, type Profil, type Registre } from '../vocabulaire/index.ts';
import { bitDe, champsLus, compilerPorte, compilerToutes, type Situations, type Test } from './conditions.ts';
import { THEMES, type Condition, type RegleDeclaree } from './schema.ts';
import type { Ecart, Orientation, Reference, Relais, Vigilance } from './types.ts';

/** A rule ready to run. `rang` is its place in the ranking; `attendre`: an absent answer that could make it true is worth a question. */
export type Regle = RegleDeclaree & {
  readonly fichier: string;
  readonly motif: string;
  readonly sources: readonly Reference[];
  readonly test: Test;
  /** When the rule waits for an answer: the fields of its first unknown condition, the ones to ask first. */
  readonly porte: Test;
  readonly rang: number;
  readonly attendre: boolean;
  readonly champs: readonly Champ[];
  /** What the rule says when it applies, worded once: results share these objects. */
  readonly dit: Motive;
  readonly relais: readonly Relais[];
  readonly vigilance: Vigilance | undefined;
  readonly orientation: Orientation | undefined;
  /** The écart, with the answers known among those the rule reads (`dits`: one bit per field). */
  readonly ecart: (dits: number) => Ecart;
};

/** A rule as a result shows it. */
export type Motive = {
  readonly regle: string;
  readonly motif: string;
  readonly references: readonly Reference[];
};

export type ChampDeclare = {
  readonly champ: Champ;
  readonly determinant: boolean;
  readonly bit: number;
  readonly aUnSens: Test;
  readonly seDemande: Test;
  readonly conditionnel: boolean;
  readonly conditions: readonly Condition[];
};
export type Implication = {
  readonly id: string;
  readonly si: readonly Condition[];
  /** The bit of a field without which `si` cannot be true. */
  readonly declencheur: number;
  readonly test: Test;
  readonly alors: readonly (readonly [Champ, string])[];
  /** The bits of the fields it adds. */
  readonly ajoute: number;
};
export type Contradiction = {
  readonly id: string;
  readonly champ: Champ;
  readonly message: string;
  readonly si: readonly Condition[];
  /** The bit of a field without which `si` cannot be true. */
  readonly declencheur: number;
  readonly test: Test;
};
export type HypotheseDeclaree = {
  readonly id: string;
  readonly test: Test;
  readonly poser: Profil;
  readonly anniversaire?: number;
};

/** Everything the evaluator stands on, checked and compiled once. */
export type Table = {
  readonly regles: readonly Regle[];
  readonly situations: Situations;
  readonly titresSituations: ReadonlyMap<string, Readonly<Record<Registre, string>>>;
  /** In the order in which they are asked. */
  readonly champs: readonly ChampDeclare[];
  /** Those whose answer may lose its meaning, by name. */
  readonly conditionnels: ReadonlyMap<string, ChampDeclare>;
  readonly implications: readonly Implication[];
  readonly contradictions: readonly Contradiction[];
  readonly hypotheses: readonly HypotheseDeclaree[];
};

const PREMIER_JOUR: Jour = '2020-01-01';
/** The arrêté of 29 March 2019 applies from 1 January 2020 (its article 2): no rule covers an earlier day. */
export const applicableDepuis: Jour = PREMIER_JOUR;

function doitAttendre({ effet }: RegleDeclaree): boolean {
  switch (effet.type) {
    case 'orientation':
      return effet.attendre ?? effet.role === 'principale';
    case 'ecart':
      return effet.exclut === true;
    case 'relais':
    case 'vigilance':
      return effet.attendre ?? false;
    case 'doute':
    case 'hors-champ':
      return true;
  }
}

/** Place in the ranking: main orientations before alternatives, then the order of the themes (danger, démission, continuité, agent public, the rest). */
function rangDe(regle: RegleDeclaree): number {
  const alternative = regle.effet.type === 'orientation' && regle.effet.role === 'alternative';
  return (alternative ? THEMES.length : 0) + THEMES.indexOf(regle.theme);
}

/** Makes a declared rule ready to run. */
export function compilerRegle(
  declaree: RegleDeclaree,
  contexte: {
    readonly fichier: string;
    readonly sources: readonly Reference[];
    readonly situations: Situations;
  },
): Regle {
  const { fichier, sources, situations } = contexte;
  const champs = new Set<Champ>();
  for (const c of declaree.conditions) champsLus(c, situations, champs);
  const motif = motifDe(declaree.id);
  const references = Object.freeze([...sources]);
  const dit: Motive = Object.freeze({ regle: declaree.id, motif, references });
  const { effet } = declaree;
  const relais = effet.type === 'relais' || effet.type === 'hors-champ' ? effet.relais : [];
  return Object.freeze({
    ...declaree,
    fichier,
    motif,
    sources: references,
    dit,
    relais: relais.map((id) => Object.freeze({ id, ...dit })),
    vigilance: effet.type === 'vigilance' ? Object.freeze({ code: effet.code, ...dit }) : undefined,
    orientation:
      effet.type === 'orientation' ? Object.freeze({ operateur: effet.operateur, ...dit }) : undefined,
    ecart: faireEcart(declaree, [...champs]),
    test: compilerToutes(declaree.conditions, situations),
    porte: compilerPorte({ test: 'tous', conditions: declaree.conditions }, situations),
    rang: rangDe(declaree),
    attendre: doitAttendre(declaree),
    champs: Object.freeze([...champs]),
  });
}

/** Écarts differ only by the answers that were given: each is made once. */
function faireEcart({ id, effet }: RegleDeclaree, champs: readonly Champ[]): (dits: number) => Ecart {
  const bits = champs.reduce((masque, c) => masque | bitDe(c), 0);
  const faits = new Map<number, Ecart>();
  return (dits) => {
    const cle = dits & bits;
    let ecart = faits.get(cle);
    if (ecart === undefined) {
      const donnes = champs.filter((c) => (cle & bitDe(c)) !== 0);
      ecart = Object.freeze({
        operateur: effet.type === 'ecart' ? effet.operateur : OPERATEURS[0],
        regle: id,
        motif: motifDe(id),
        champs: donnes.length > 0 ? donnes : champs,
      });
      faits.set(cle, ecart);
    }
    return ecart;
  };
}

/** The text key of a rule's sentence. */
export const motifDe = (id: string): string => `aiguillage.regle-${id}`;
