import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  reglesDe,
  schemaScenario,
  type Aiguillage,
  type RefusAiguillage,
} from '../../../knowledge/aiguillage/index.ts';
import { CHAMPS, OPERATEURS, RACINE_PROJET, type Resultat } from '../../../knowledge/vocabulaire/index.ts';

export { entreeDuScenario } from '../../../knowledge/aiguillage/index.ts';

const DOSSIER = join(RACINE_PROJET, 'test/scenarios/aiguillage');
const mots = z.array(z.string()).min(1).optional();
const operateurs = z.array(z.enum(OPERATEURS)).optional();

const schema = schemaScenario.extend({
  attendu: z.strictObject({
    type: z.enum(['oriente', 'a-completer', 'indecis', 'hors-champ', 'refus']),
    /** The operators, in order, and no other. */
    operateurs,
    /** The candidates, in order, and no other. */
    candidats: operateurs,
    /** Rules that must have applied, whatever they do. */
    regles: mots,
    sansRegles: mots,
    /** Articles cited by what applied. */
    articles: mots,
    ecartes: operateurs,
    relais: mots,
    sansRelais: mots,
    vigilances: mots,
    sansVigilances: mots,
    /** The first fields to ask. */
    champs: z.array(z.enum(CHAMPS)).optional(),
    champ: z.string().optional(),
    trancher: z.string().optional(),
    motif: z.string().optional(),
    /** The relais and vigilances named here are all there is. */
    rienDAutre: z.literal(true).optional(),
    /** Which rule sets each operator aside. */
    ecartsPar: z.partialRecord(z.enum(OPERATEURS), z.string()).optional(),
  }),
});

export type Scenario = z.output<typeof schema> & { readonly fichier: string };

/** Every scenario file, in name order. */
export function lireScenarios(): readonly Scenario[] {
  return readdirSync(DOSSIER)
    .filter((f) => f.endsWith('.json'))
    .sort()
    .map((fichier) => {
      const lu = schema.safeParse(JSON.parse(readFileSync(join(DOSSIER, fichier), 'utf8')));
      if (!lu.success) throw new Error(`${fichier} : ${z.prettifyError(lu.error)}`);
      return { ...lu.data, fichier };
    });
}

const articlesDe = (a: Aiguillage): readonly string[] =>
  [...a.orientations, ...a.candidats, ...a.relais, ...a.vigilances].flatMap((x) =>
    x.references.map((r) => r.article),
  );

function manque(quoi: string, attendus: readonly string[] | undefined, recus: readonly string[]): string[] {
  return (attendus ?? [])
    .filter((x) => !recus.includes(x))
    .map((x) => `${quoi} « ${x} » absent de [${recus.join(', ')}]`);
}

function enTrop(quoi: string, interdits: readonly string[] | undefined, recus: readonly string[]): string[] {
  return (interdits ?? [])
    .filter((x) => recus.includes(x))
    .map((x) => `${quoi} « ${x} » ne devrait pas être là`);
}

function enPlus(quoi: string, attendus: readonly string[] | undefined, recus: readonly string[]): string[] {
  return recus.filter((x) => attendus?.includes(x) !== true).map((x) => `${quoi} « ${x} » en plus`);
}

function egal(quoi: string, attendus: readonly string[] | undefined, recus: readonly string[]): string[] {
  return attendus === undefined || attendus.join() === recus.join()
    ? []
    : [`${quoi} : attendu [${attendus.join(', ')}], obtenu [${recus.join(', ')}]`];
}

/** What differs between a scenario and a result, in our words; empty when it holds. */
export function differences(s: Scenario, resultat: Resultat<Aiguillage, RefusAiguillage>): readonly string[] {
  const { attendu } = s;
  if (!resultat.ok)
    return attendu.type === 'refus' && attendu.champ === resultat.refus.champ
      ? []
      : [`refusé sur « ${resultat.refus.champ} » : ${resultat.refus.message}`];
  const a = resultat.valeur;
  const regles = reglesDe(a);
  const relais = a.relais.map((r) => r.id);
  const vigilances = a.vigilances.map((v) => v.code);
  const exact = attendu.rienDAutre === true;
  return [
    ...(exact ? enPlus('relais', attendu.relais, relais) : []),
    ...(exact ? enPlus('vigilance', attendu.vigilances, vigilances) : []),
    ...Object.entries(attendu.ecartsPar ?? {}).flatMap(([operateur, regle]) =>
      egal(
        `écart de ${operateur}`,
        [regle],
        a.ecarts.filter((e) => e.operateur === operateur).map((e) => e.regle),
      ),
    ),
    ...egal('issue', [attendu.type], [a.type]),
    ...egal(
      'opérateurs',
      attendu.operateurs,
      a.orientations.map((o) => o.operateur),
    ),
    ...egal(
      'candidats',
      attendu.candidats,
      a.candidats.map((o) => o.operateur),
    ),
    ...manque('règle', attendu.regles, regles),
    ...enTrop('règle', attendu.sansRegles, regles),
    ...manque('article', attendu.articles, articlesDe(a)),
    ...manque(
      'écart',
      attendu.ecartes,
      a.ecarts.map((e) => e.operateur),
    ),
    ...manque('relais', attendu.relais, relais),
    ...enTrop('relais', attendu.sansRelais, relais),
    ...manque('vigilance', attendu.vigilances, vigilances),
    ...enTrop('vigilance', attendu.sansVigilances, vigilances),
    ...egal('champs', attendu.champs, a.champs.slice(0, attendu.champs?.length ?? 0)),
    ...egal(
      'comment trancher',
      attendu.trancher === undefined ? undefined : [`aiguillage.trancher-${attendu.trancher}`],
      a.type === 'indecis' ? [a.commentTrancher] : [],
    ),
    ...egal(
      'motif',
      attendu.motif === undefined ? undefined : [`aiguillage.regle-${attendu.motif}`],
      a.type === 'hors-champ' ? [a.motif] : [],
    ),
  ];
}
