import {
  ajouterJours,
  ALERTES,
  CHAMPS,
  definitionDe,
  DEMANDES,
  NE_SAIT_PAS,
  OPERATEURS,
  type Champ,
  type Jour,
  type Profil,
} from '../vocabulaire/index.ts';
import { chargerRegles } from './chargement.ts';
import { valeurDe, VRAI } from './conditions.ts';
import { conclure, evaluer } from './evaluer.ts';
import { preparer } from './preparation.ts';
import type { Regle, Table } from './regles.ts';
import type { EntreeAiguillage } from './types.ts';

/** What a keeper of the rules must look at. `chevauchements` are not faults by themselves: the law often leaves two doors open. */
export type Verification = {
  /** Profiles that no rule answers, or an operator neither given nor set aside: always a fault. */
  readonly trous: readonly { readonly profil: Profil; readonly manque: string }[];
  /** Pairs of main orientations to different operators that apply together, with an example. */
  readonly chevauchements: readonly {
    readonly regles: readonly [string, string];
    readonly profil: Profil;
  }[];
  /** Two rules of the same effect true for exactly the same profiles: one is too many. */
  readonly doublons: readonly (readonly [string, string])[];
  /** Rules that no profile makes true, or whose dates leave them out. */
  readonly mortes: readonly {
    readonly regle: string;
    readonly pourquoi: 'jamais-vraie' | 'finie' | 'a-venir';
  }[];
  /** References that nobody has read again for a year. */
  readonly perimees: readonly {
    readonly regle: string;
    readonly article: string;
    readonly verifieLe: Jour;
  }[];
  readonly profilsEssayes: number;
};

/** A reproducible draw: the same check gives the same answer on every machine. */
function tirage(): (n: number) => number {
  let etat = 20_261_120;
  return (n) => {
    etat = (Math.imul(etat, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((etat / 4_294_967_296) * n);
  };
}

const AGES = [13, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 28, 29, 30, 31, 45, 62];
const TERRITOIRES = [
  '59350',
  '57672',
  '2A004',
  '97209',
  '97302',
  '97411',
  '97611',
  '97502',
  '97801',
  '98818',
];

function valeursEssayees(champ: Champ, le: Jour): readonly unknown[] {
  const definition = definitionDe(champ);
  switch (definition.forme) {
    case 'choix':
      return definition.nature === 'determinant' ? [...definition.valeurs, NE_SAIT_PAS] : definition.valeurs;
    case 'choix-ou-jour':
      return [...definition.valeurs, ajouterJours(le, 30), ajouterJours(le, -30)];
    case 'liste':
      return definition.valeurs.map((v) => [v]);
    case 'entier':
      return AGES;
    case 'demarche':
      return OPERATEURS.map((operateur) => ({ operateur }));
    case 'jour':
      return [];
  }
}

/** Profiles of people: a few circumstances each, every déterminant answered half of the time more often than not. */
function* profilsEssayes(le: Jour, combien: number): Generator<EntreeAiguillage> {
  const hasard = tirage();
  const champs = CHAMPS.map((champ) => ({ champ, valeurs: valeursEssayees(champ, le) })).filter(
    ({ valeurs }) => valeurs.length > 0,
  );
  for (let n = 0; n < combien; n += 1) {
    const profil: Partial<Record<Champ, unknown>> = {};
    for (const { champ, valeurs } of champs) {
      const determinant = definitionDe(champ).nature === 'determinant';
      if (hasard(10) < (determinant ? 8 : 2)) profil[champ] = valeurs[hasard(valeurs.length)];
    }
    const commune = hasard(4) === 0 ? TERRITOIRES[hasard(TERRITOIRES.length)] : undefined;
    const demande = hasard(4) === 0 ? DEMANDES[hasard(DEMANDES.length)] : undefined;
    const alerte = hasard(20) === 0 ? ALERTES[hasard(ALERTES.length)] : undefined;
    yield {
      le,
      profil: profil as Profil,
      ...(commune === undefined ? {} : { commune }),
      ...(demande === undefined ? {} : { demande }),
      ...(alerte === undefined ? {} : { alerte }),
    };
  }
}

const effetDe = ({ effet }: Regle): string => JSON.stringify(effet);

/** An unbroken line of bits is too long to keep as text: two sums that only equal lines share in practice. */
type Empreinte = { a: number; b: number; vraies: number };

function noter(empreinte: Empreinte, n: number): void {
  empreinte.vraies += 1;
  empreinte.a = (Math.imul(empreinte.a, 31) + n) | 0;
  empreinte.b = (Math.imul(empreinte.b, 131) + n * 7) | 0;
}

function mortesDe(table: Table, le: Jour, empreintes: ReadonlyMap<Regle, Empreinte>): Verification['mortes'] {
  return table.regles.flatMap((r): Verification['mortes'] => {
    if (r.au !== undefined && r.au < le) return [{ regle: r.id, pourquoi: 'finie' }];
    if (r.du > le) return [{ regle: r.id, pourquoi: 'a-venir' }];
    return empreintes.get(r)?.vraies === 0 ? [{ regle: r.id, pourquoi: 'jamais-vraie' }] : [];
  });
}

function doublonsDe(table: Table, empreintes: ReadonlyMap<Regle, Empreinte>): Verification['doublons'] {
  return table.regles.flatMap((r, i) =>
    table.regles.slice(i + 1).flatMap((s): Verification['doublons'] => {
      const [x, y] = [empreintes.get(r), empreintes.get(s)];
      const pareilles = x !== undefined && y !== undefined && x.vraies > 0 && x.a === y.a && x.b === y.b;
      return pareilles && effetDe(r) === effetDe(s) ? [[r.id, s.id]] : [];
    }),
  );
}

/**
 * Tries many profiles on the rules of a day and says what a keeper must look at. It tries, it does not prove: the proof by classes is in the
 * tests. Deterministic; about a second.
 */
export function verifierRegles(le: Jour, table: Table = chargerRegles(), combien = 20_000): Verification {
  const trous: Verification['trous'][number][] = [];
  const chevauchements = new Map<string, Verification['chevauchements'][number]>();
  const empreintes = new Map(table.regles.map((r) => [r, { a: 0, b: 0, vraies: 0 }]));
  let essayes = 0;
  for (const entree of profilsEssayes(le, combien)) {
    const lu = preparer(entree, table);
    if (!lu.ok) continue;
    essayes += 1;
    for (const [r, empreinte] of empreintes)
      if (valeurDe(r.test(lu.valeur)) === VRAI) noter(empreinte, essayes);
    const evaluation = evaluer(lu.valeur, table);
    const a = conclure(evaluation);
    const cites = [...a.orientations, ...a.candidats, ...a.ecarts].map((x) => x.operateur);
    const oubli = OPERATEURS.find((o) => !cites.includes(o));
    if (a.type === 'oriente' && oubli !== undefined && trous.length < 10)
      trous.push({ profil: lu.valeur.profil, manque: oubli });
    if (a.type === 'indecis' && a.candidats.length + a.relais.length === 0 && trous.length < 10)
      trous.push({ profil: lu.valeur.profil, manque: 'aucune règle ne répond' });
    const principales = evaluation.vraies.filter(
      (r) => r.effet.type === 'orientation' && r.effet.role === 'principale',
    );
    for (const [i, r] of principales.entries())
      for (const s of principales.slice(i + 1))
        if (effetDe(r) !== effetDe(s) && !chevauchements.has(`${r.id} ${s.id}`))
          chevauchements.set(`${r.id} ${s.id}`, { regles: [r.id, s.id], profil: lu.valeur.profil });
  }
  const unAnAvant = ajouterJours(le, -365);
  return {
    trous,
    chevauchements: [...chevauchements.values()],
    doublons: doublonsDe(table, empreintes),
    mortes: mortesDe(table, le, empreintes),
    perimees: table.regles.flatMap((r) =>
      r.sources
        .filter((s) => s.verifieLe < unAnAvant)
        .map((s) => ({ regle: r.id, article: s.article, verifieLe: s.verifieLe })),
    ),
    profilsEssayes: essayes,
  };
}
