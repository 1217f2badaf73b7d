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
  RACINE_PROJET,
  type Champ,
  type Profil,
} from '../vocabulaire/index.ts';
import { bitDe, compiler, compilerToutes, VRAI, type Situations, type Test } from './conditions.ts';
import {
  compilerRegle,
  motifDe,
  type ChampDeclare,
  type Implication,
  type Regle,
  type Table,
} from './regles.ts';
import {
  schemaChamps,
  schemaContradictions,
  schemaHypotheses,
  schemaImplications,
  schemaReference,
  schemaRegle,
  schemaSituations,
  type Condition,
} from './schema.ts';

const DOSSIER = 'knowledge/aiguillage/donnees';

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
      if (!aTexte(motifDe(id)))
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
      return compilerRegle(declaree, { fichier, sources, situations });
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

function ajoutsDe(
  id: string,
  alors: Readonly<Record<string, unknown>>,
): Pick<Implication, 'alors' | 'ajoute'> {
  const valeurs = verifierValeurs('implications.json', id, alors);
  return {
    alors: valeurs.map(([champ, valeur]) => [champ, String(valeur)] as const),
    ajoute: valeurs.reduce((bits, [champ]) => bits | bitDe(champ), 0),
  };
}

/** The first condition must be about one field's value: it lets most entries be skipped without being worked out. */
function declencheurDe(fichier: string, id: string, [premiere]: readonly Condition[]): number {
  return premiere?.test === 'parmi'
    ? bitDe(premiere.champ)
    : refuser(fichier, id, 'si', 'la première condition doit être « parmi » sur un champ');
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
      bit: bitDe(d.champ),
      aUnSens: compilee(d.quand),
      seDemande: compilee(d.demanderSi),
      conditionnel: d.quand !== undefined,
      conditions: [d.quand, d.demanderSi].filter((c) => c !== undefined),
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
  const champs = lireChamps(situations);
  return {
    regles: lireRegles(situations),
    situations,
    titresSituations: new Map(
      Object.entries(declarees).map(([id, s]) => [id, { standard: s.titre, falc: s.falc }]),
    ),
    champs,
    conditionnels: new Map(champs.filter((c) => c.conditionnel).map((c) => [c.champ, c])),
    implications: lireDonnees(`${DOSSIER}/implications.json`, schemaImplications).map((i) => ({
      id: i.id,
      si: i.si,
      declencheur: declencheurDe('implications.json', i.id, i.si),
      test: toutes('implications.json', i.id, i.si),
      ...ajoutsDe(i.id, i.alors),
    })),
    contradictions: lireDonnees(`${DOSSIER}/contradictions.json`, schemaContradictions).map((c) => ({
      id: c.id,
      champ: c.champ,
      message: c.message,
      si: c.si,
      declencheur: declencheurDe('contradictions.json', c.id, c.si),
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
