import { z } from 'zod';
import { estChamp, estValeurPermise, lireDonnees, NE_SAIT_PAS, type Champ } from '../vocabulaire/index.ts';
import { Motifs } from './motifs.ts';
import {
  estDementi,
  modeDe,
  propositionA,
  sansFausseNegation,
  type Mode,
  type Personne,
  type Proposition,
} from './propositions.ts';

const FICHIER = 'knowledge/langage/donnees/faits.json';
const champ = z.custom<Champ>(estChamp, 'champ inconnu');
const motif = z.string().min(2);
const modes = ['nie', 'passe', 'souhait', 'question', 'hypothese', 'inconnu'] as const;
const schema = z
  .array(
    z.strictObject({
      champ,
      valeur: z.unknown(),
      /** What the words mean when they are not simply stated; a mode that is not listed says nothing of the field. */
      ...Object.fromEntries(modes.map((m) => [m, z.unknown().optional()])),
      motifs: z.array(motif).min(1),
      /** Words that, found around, show that something else is meant (« cadre photo »). */
      sauf: z.array(motif).optional(),
      /** True for words that say a fact by themselves, whatever stands before (« je ne travaille plus »). */
      entier: z.boolean().optional(),
      /** True for words that say the fact is over, without saying what came next (« j’ai retrouvé un travail » : no longer out of work). */
      dement: z.boolean().optional(),
      /** True for words that only make a fact very likely (« caissière » → a private employer): anything said outright wins. */
      faible: z.boolean().optional(),
    }),
  )
  .superRefine((regles, ctx) => {
    for (const [rang, regle] of regles.entries())
      for (const valeur of [regle.valeur, ...modes.map((m) => Reflect.get(regle, m))])
        if (valeur !== undefined && !estValeurPermise(regle.champ, valeur))
          ctx.addIssue({
            code: 'custom',
            path: [rang, 'valeur'],
            message: `valeur non permise pour ${regle.champ}`,
          });
  });

type Regle = {
  readonly champ: Champ;
  readonly selon: Readonly<Partial<Record<Mode, unknown>>>;
  readonly motif: Motifs;
  readonly sauf: Motifs | undefined;
  readonly entier: boolean;
  readonly dement: boolean;
  readonly faible: boolean;
};
let regles: readonly Regle[] | undefined;

function charger(): readonly Regle[] {
  regles ??= lireDonnees(FICHIER, schema).map((brut) => ({
    champ: brut.champ,
    selon: Object.fromEntries([
      ['affirme', brut.valeur],
      ...modes.flatMap((m) => {
        const valeur: unknown = Reflect.get(brut, m);
        return valeur === undefined ? [] : [[m, valeur]];
      }),
    ]),
    motif: new Motifs(brut.motifs),
    sauf: brut.sauf === undefined ? undefined : new Motifs(brut.sauf),
    entier: brut.entier === true,
    dement: brut.dement === true,
    faible: brut.faible === true,
  }));
  return regles;
}

/** One fact as said: which field, which value, of whom, in which words. */
export type FaitLu = {
  readonly champ: Champ;
  readonly valeur: unknown;
  readonly personne: Personne;
  readonly mots: string;
  readonly place: number;
  readonly mode: Mode;
  readonly faible: boolean;
  /** The words deny this value, and give no other. */
  readonly dementi: boolean;
};

/** « je ne compte pas démissionner » : the negation may stand inside the words found. */
const modeMot = (texte: string, debut: number, fin: number, p: Proposition): Mode => {
  const mode = modeDe(texte, debut, fin, p);
  const dedans = sansFausseNegation(` ${texte.slice(debut, fin)} `);
  return mode !== 'inconnu' && / (?:pas|jamais|plus) /u.test(dedans) ? 'nie' : mode;
};

/** « mon employeur refuse … malgré ma RQTH » : someone else acts, the fact stays the person’s own. */
const estPropre = (texte: string, debut: number, p: Proposition): boolean =>
  p.personne === 'autre' && / (?:ma|mon|mes) $/u.test(texte.slice(Math.max(0, debut - 6), debut));

/** « travaille plus à la mairie » : the denial stands inside the words found. */
const estDementiDedans = (mots: string): boolean => /^(?:travaille|suis) plus /u.test(mots);

/** Every fact the canonical text states, in the order of the rules; nothing is settled between them yet. */
export function lireFaits(texte: string, propositions: readonly Proposition[]): FaitLu[] {
  const lus: FaitLu[] = [];
  for (const regle of charger()) {
    for (const trouve of regle.motif.tous(texte)) {
      const debut = trouve.index;
      const fin = debut + trouve[0].length;
      if (regle.sauf !== undefined) {
        const autour = texte.slice(Math.max(0, debut - 40), fin + 40);
        if (regle.sauf.dans(` ${autour} `)) continue;
      }
      const p = propositionA(propositions, debut);
      if (p === undefined) continue;
      const mode: Mode =
        regle.entier && !p.incertaine
          ? p.hypothese
            ? 'hypothese'
            : 'affirme'
          : modeMot(texte, debut, fin, p);
      const dite = regle.dement
        ? undefined
        : (regle.selon[mode] ?? (mode === 'inconnu' ? NE_SAIT_PAS : undefined));
      const dementi = regle.dement
        ? mode === 'affirme'
        : dite === undefined &&
          mode === 'nie' &&
          (estDementi(texte, debut, p) || estDementiDedans(texte.slice(debut, fin)));
      const valeur = dementi ? regle.selon.affirme : dite;
      if (valeur === undefined || !estValeurPermise(regle.champ, valeur)) continue;
      lus.push({
        champ: regle.champ,
        valeur,
        personne: estPropre(texte, debut, p) ? 'soi' : p.personne,
        mots: trouve[0],
        place: debut,
        mode,
        faible: regle.faible,
        dementi,
      });
    }
  }
  return lus;
}
