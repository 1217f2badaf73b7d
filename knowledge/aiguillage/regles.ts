import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { aTexte } from '../textes/index.ts';
import {
  CHAMPS_DETERMINANTS,
  definitionDe,
  DonneeInvalide,
  estChamp,
  estValeurPermise,
  lireDonnees,
  lireProfil,
  NE_SAIT_PAS,
  RACINE_PROJET,
  type Champ,
  type Jour,
  type Profil,
} from '../vocabulaire/index.ts';
import {
  champsLus,
  compiler,
  compilerPorte,
  compilerToutes,
  issues,
  VRAI,
  type Situations,
  type Test,
} from './conditions.ts';
import {
  schemaChamps,
  schemaContradictions,
  schemaHypotheses,
  schemaImplications,
  schemaReference,
  schemaRegle,
  schemaSituations,
  THEMES,
  type Condition,
  type RegleDeclaree,
} from './schema.ts';
import type { Reference } from './types.ts';

const DOSSIER = 'knowledge/aiguillage/donnees';

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
};

export type ChampDeclare = {
  readonly champ: Champ;
  readonly determinant: boolean;
  readonly aUnSens: Test;
  readonly seDemande: Test;
  readonly conditionnel: boolean;
};
export type Implication = {
  readonly id: string;
  readonly test: Test;
  readonly alors: readonly (readonly [Champ, string])[];
};
export type Contradiction = {
  readonly id: string;
  readonly champ: Champ;
  readonly message: string;
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
  readonly titresSituations: ReadonlyMap<string, string>;
  /** In the order in which they are asked. */
  readonly champs: readonly ChampDeclare[];
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

function refuser(fichier: string, entree: string, champ: string, message: string): never {
  throw new DonneeInvalide(
    `${DOSSIER}/${fichier} : règle ou entrée « ${entree} », champ « ${champ} » : ${message}.`,
  );
}

function situationsCitees(conditions: readonly Condition[]): string[] {
  return conditions.flatMap((c) => {
    switch (c.test) {
      case 'situation':
        return [c.est];
      case 'tous':
      case 'une':
        return situationsCitees(c.conditions);
      case 'pas':
        return situationsCitees([c.condition]);
      default:
        return [];
    }
  });
}

/** Every situation named must exist, and none may name itself, even through another. */
function verifierSituations(situations: Situations): void {
  const finies = new Set<string>();
  const visiter = (id: string, chemin: readonly string[]): void => {
    if (finies.has(id)) return;
    if (chemin.includes(id))
      refuser(
        'situations.json',
        id,
        'condition',
        `la situation se cite elle-même (${[...chemin, id].join(' → ')})`,
      );
    const condition = situations.get(id);
    if (condition === undefined)
      refuser('situations.json', chemin.at(-1) ?? id, 'est', `la situation « ${id} » n’existe pas`);
    for (const suivante of situationsCitees([condition])) visiter(suivante, [...chemin, id]);
    finies.add(id);
  };
  for (const id of situations.keys()) visiter(id, []);
}

function verifierConditions(
  fichier: string,
  id: string,
  conditions: readonly Condition[],
  situations: Situations,
): void {
  for (const citee of situationsCitees(conditions))
    if (!situations.has(citee)) refuser(fichier, id, 'conditions', `la situation « ${citee} » n’existe pas`);
}

/** Loads the rule files: every `regles-*.json` and `ecarts.json` of the folder, in name order (which decides nothing). */
function lireRegles(situations: Situations): Regle[] {
  const references = lireDonnees(`${DOSSIER}/references.json`, z.record(z.string(), schemaReference));
  const fichiers = readdirSync(join(RACINE_PROJET, DOSSIER))
    .filter((f) => /^(regles-.+|ecarts)\.json$/.test(f))
    .sort();
  const vues = new Map<string, string>();
  return fichiers.flatMap((fichier) =>
    lireDonnees(`${DOSSIER}/${fichier}`, z.array(schemaRegle)).map((declaree): Regle => {
      const { id } = declaree;
      const ailleurs = vues.get(id);
      if (ailleurs !== undefined) refuser(fichier, id, 'id', `déjà pris dans ${ailleurs}`);
      vues.set(id, fichier);
      const motif = `aiguillage.regle-${id}`;
      if (!aTexte(motif))
        refuser(
          fichier,
          id,
          'motif',
          `la phrase « regle-${id} » manque dans knowledge/textes/donnees/aiguillage.json`,
        );
      if (declaree.au !== undefined && declaree.au < declaree.du)
        refuser(fichier, id, 'au', 'la règle finit avant de commencer');
      const sources = declaree.references.map(
        (r) =>
          references[r] ??
          refuser(fichier, id, 'references', `la référence « ${r} » n’existe pas dans references.json`),
      );
      verifierConditions(fichier, id, declaree.conditions, situations);
      const champs = new Set<Champ>();
      for (const c of declaree.conditions) champsLus(c, situations, champs);
      return Object.freeze({
        ...declaree,
        fichier,
        motif,
        sources: Object.freeze(sources),
        test: compilerToutes(declaree.conditions, situations),
        porte: compilerPorte({ test: 'tous', conditions: declaree.conditions }, situations),
        rang: rangDe(declaree),
        attendre: doitAttendre(declaree),
        champs: Object.freeze([...champs]),
      });
    }),
  );
}

function verifierValeurs(
  fichier: string,
  id: string,
  valeurs: Readonly<Record<string, unknown>>,
): [Champ, string | number][] {
  return Object.entries(valeurs).map(([champ, valeur]) => {
    if (!estChamp(champ)) return refuser(fichier, id, champ, 'champ inconnu');
    if ((typeof valeur !== 'string' && typeof valeur !== 'number') || !estValeurPermise(champ, valeur))
      return refuser(fichier, id, champ, `valeur non permise « ${String(valeur)} »`);
    return [champ, valeur];
  });
}

function verifierProfil(fichier: string, id: string, brut: unknown): Profil {
  const lu = lireProfil(brut);
  return lu.ok ? lu.valeur : refuser(fichier, id, lu.refus.champ, lu.refus.message);
}

function lireChamps(situations: Situations): ChampDeclare[] {
  const declares = lireDonnees(`${DOSSIER}/champs.json`, schemaChamps);
  const noms = declares.map((d) => d.champ);
  for (const champ of CHAMPS_DETERMINANTS)
    if (!noms.includes(champ))
      refuser('champs.json', champ, 'champ', 'ce déterminant n’a pas de place dans l’ordre des questions');
  return declares.map((d) => {
    const compilee = (condition: Condition | undefined): Test => {
      if (condition === undefined) return () => VRAI;
      verifierConditions('champs.json', d.champ, [condition], situations);
      return compiler(condition, situations);
    };
    return {
      champ: d.champ,
      determinant: definitionDe(d.champ).nature === 'determinant',
      aUnSens: compilee(d.quand),
      seDemande: compilee(d.demanderSi),
      conditionnel: d.quand !== undefined,
    };
  });
}

/**
 * Reads and checks all the data of the aiguillage.
 * @throws {DonneeInvalide} naming file, rule and field.
 */
function construireTable(): Table {
  const declarees = lireDonnees(`${DOSSIER}/situations.json`, schemaSituations);
  const situations = new Map(Object.entries(declarees).map(([id, s]) => [id, s.condition]));
  verifierSituations(situations);
  const toutes = (fichier: string, id: string, si: readonly Condition[]): Test => {
    verifierConditions(fichier, id, si, situations);
    return compilerToutes(si, situations);
  };
  return {
    regles: lireRegles(situations),
    situations,
    titresSituations: new Map(Object.entries(declarees).map(([id, s]) => [id, s.titre])),
    champs: lireChamps(situations),
    implications: lireDonnees(`${DOSSIER}/implications.json`, schemaImplications).map((i) => ({
      id: i.id,
      test: toutes('implications.json', i.id, i.si),
      alors: verifierValeurs('implications.json', i.id, i.alors).map(
        ([champ, valeur]) => [champ, String(valeur)] as const,
      ),
    })),
    contradictions: lireDonnees(`${DOSSIER}/contradictions.json`, schemaContradictions).map((c) => ({
      id: c.id,
      champ: c.champ,
      message: c.message,
      test: toutes('contradictions.json', c.id, c.si),
    })),
    hypotheses: lireDonnees(`${DOSSIER}/hypotheses.json`, schemaHypotheses).map((h) => ({
      id: h.id,
      test: toutes('hypotheses.json', h.id, h.quand),
      poser: verifierProfil('hypotheses.json', h.id, h.poser),
      ...(h.anniversaire === undefined ? {} : { anniversaire: h.anniversaire }),
    })),
  };
}

let table: Table | undefined;

/**
 * The decision table, read and checked once; call it at start so that a wrong edit stops the program.
 * @throws {DonneeInvalide}
 */
export function chargerRegles(): Table {
  table ??= construireTable();
  return table;
}

/** The rules in force on a day, those that no activity can make true left out. Kept for the last days asked. */
export type Selection = {
  readonly orientations: readonly Regle[];
  readonly exclusions: readonly Regle[];
  readonly ecarts: readonly Regle[];
  readonly doutes: readonly Regle[];
  readonly horsChamp: readonly Regle[];
  readonly relais: readonly Regle[];
  readonly vigilances: readonly Regle[];
};

function trier(regles: readonly Regle[]): Selection {
  const de = (type: Regle['effet']['type']): Regle[] =>
    regles.filter((r) => r.effet.type === type).sort((a, b) => a.rang - b.rang);
  const ecarts = de('ecart');
  const exclut = (r: Regle): boolean => r.effet.type === 'ecart' && r.effet.exclut === true;
  return {
    orientations: de('orientation'),
    exclusions: ecarts.filter(exclut),
    ecarts: [...ecarts.filter(exclut), ...ecarts.filter((r) => !exclut(r))],
    doutes: de('doute'),
    horsChamp: de('hors-champ'),
    relais: de('relais'),
    vigilances: de('vigilance'),
  };
}

const parJour = new Map<Jour, Map<string, Selection>>();

export function selectionner(le: Jour, activite: string | undefined): Selection {
  let parActivite = parJour.get(le);
  if (parActivite === undefined) {
    if (parJour.size >= 64) parJour.clear();
    parActivite = new Map();
    parJour.set(le, parActivite);
  }
  const cle = activite ?? '';
  let selection = parActivite.get(cle);
  if (selection === undefined) {
    const { regles, situations } = chargerRegles();
    selection = trier(
      regles.filter(
        (r) =>
          r.du <= le &&
          (r.au === undefined || le <= r.au) &&
          (activite === undefined ||
            activite === NE_SAIT_PAS ||
            r.conditions.every((c) => issues(c, activite, situations).vrai)),
      ),
    );
    parActivite.set(cle, selection);
  }
  return selection;
}
