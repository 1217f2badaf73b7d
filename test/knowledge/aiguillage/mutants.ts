import { chargerRegles } from '../../../knowledge/aiguillage/chargement.ts';
import { compilerRegle, type Regle, type Table } from '../../../knowledge/aiguillage/regles.ts';
import type { Condition, RegleDeclaree } from '../../../knowledge/aiguillage/schema.ts';
import { OPERATEURS } from '../../../knowledge/vocabulaire/index.ts';

/** One small wrong edit of one rule. */
export type Mutant = { readonly nom: string; readonly table: Table };

/** Every way to spoil one condition a little: turned round, dropped, one value less, a bound moved by one. */
function* gater(c: Condition): Generator<readonly [string, Condition | undefined]> {
  yield ['retirée', undefined];
  yield ['inversée', c.test === 'pas' ? c.condition : { test: 'pas', condition: c }];
  if (c.test === 'parmi' && c.valeurs.length > 1)
    for (const v of c.valeurs) yield [`sans « ${v} »`, { ...c, valeurs: c.valeurs.filter((x) => x !== v) }];
  if (c.test === 'age') {
    const { min, moins } = c;
    for (const d of [-1, 1]) {
      if (min !== undefined) yield [`min ${min + d}`, { ...c, min: min + d }];
      if (moins !== undefined) yield [`moins de ${moins + d}`, { ...c, moins: moins + d }];
    }
  }
  if (c.test === 'territoire' && c.codes.length > 1)
    for (const code of c.codes) yield [`sans ${code}`, { ...c, codes: c.codes.filter((x) => x !== code) }];
  if (c.test === 'fin-contrat')
    yield ['autre état', { ...c, etat: c.etat === 'passee' ? 'a-venir' : 'passee' }];
  if (c.test === 'tous' || c.test === 'une')
    for (const [i, partie] of c.conditions.entries())
      for (const [quoi, gatee] of gater(partie)) {
        const conditions = c.conditions.flatMap((x, j) =>
          j === i ? (gatee === undefined ? [] : [gatee]) : [x],
        );
        if (conditions.length > 0) yield [`partie ${i + 1} ${quoi}`, { ...c, conditions }];
      }
  if (c.test === 'pas')
    for (const [quoi, gatee] of gater(c.condition))
      if (gatee !== undefined && quoi !== 'inversée')
        yield [`dans « pas » ${quoi}`, { test: 'pas', condition: gatee }];
}

function* gaterRegle(r: Regle): Generator<readonly [string, RegleDeclaree | undefined]> {
  yield ['retirée', undefined];
  const { effet } = r;
  if (effet.type === 'orientation') {
    for (const operateur of OPERATEURS)
      if (operateur !== effet.operateur)
        yield [`vers ${operateur}`, { ...r, effet: { ...effet, operateur } }];
    yield [
      'autre rôle',
      { ...r, effet: { ...effet, role: effet.role === 'principale' ? 'alternative' : 'principale' } },
    ];
  }
  if (effet.type === 'ecart')
    for (const operateur of OPERATEURS)
      if (operateur !== effet.operateur)
        yield [`écarte ${operateur}`, { ...r, effet: { ...effet, operateur } }];
  if (effet.type === 'ecart' && effet.exclut === true)
    yield ['n’exclut plus', { ...r, effet: { type: 'ecart', operateur: effet.operateur } }];
  if (effet.type === 'relais' || effet.type === 'hors-champ')
    for (const id of effet.relais)
      if (effet.relais.length > 1)
        yield [
          `sans le relais ${id}`,
          { ...r, effet: { ...effet, relais: effet.relais.filter((x) => x !== id) } },
        ];
  if (effet.type === 'vigilance') yield ['autre code', { ...r, effet: { ...effet, code: 'autre' } }];
  for (const [i, c] of r.conditions.entries())
    for (const [quoi, gatee] of gater(c)) {
      const conditions = r.conditions.flatMap((x, j) =>
        j === i ? (gatee === undefined ? [] : [gatee]) : [x],
      );
      if (conditions.length > 0) yield [`condition ${i + 1} ${quoi}`, { ...r, conditions }];
    }
}

/** All the mutants of the rules, one edit each. */
export function* mutants(): Generator<Mutant> {
  const table = chargerRegles();
  for (const regle of table.regles)
    for (const [quoi, declaree] of gaterRegle(regle)) {
      const { fichier, sources } = regle;
      const gatee =
        declaree === undefined
          ? []
          : [compilerRegle(declaree, { fichier, sources, situations: table.situations })];
      yield {
        nom: `${regle.id} : ${quoi}`,
        table: { ...table, regles: table.regles.flatMap((r) => (r === regle ? gatee : [r])) },
      };
    }
  for (const [id, situation] of table.situations)
    for (const [quoi, gatee] of gater(situation)) {
      if (gatee === undefined) continue;
      const situations = new Map(table.situations).set(id, gatee);
      yield {
        nom: `situation ${id} : ${quoi}`,
        table: {
          ...table,
          situations,
          regles: table.regles.map((r) =>
            compilerRegle(r, { fichier: r.fichier, sources: r.sources, situations }),
          ),
        },
      };
    }
}
