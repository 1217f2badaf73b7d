import { z } from 'zod';
import { texte as phrase } from '../textes/index.ts';
import { estJour, lireDonnees, type Registre } from '../vocabulaire/index.ts';
import { Motifs } from './motifs.ts';

const FICHIER = 'knowledge/langage/donnees/faq.json';
const schema = z
  .strictObject({
    sources: z.record(
      z.string(),
      z.strictObject({ titre: z.string().min(3), url: z.url(), date: z.string().refine(estJour) }),
    ),
    questions: z.array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/u),
        titre: z.string().min(5),
        confiance: z.enum(['sur', 'sur-tiers', 'deduit']),
        /** When a person last read the answer against its sources. */
        verifieLe: z.string().refine(estJour),
        sources: z.array(z.string()).min(1),
        motifs: z.array(z.string().min(2)).min(1),
        sauf: z.array(z.string().min(2)).optional(),
        /** The question is about this assistant or the terms of the service: it says nothing of what brings the person. */
        surLeService: z.literal(true).optional(),
      }),
    ),
  })
  .superRefine(({ sources, questions }, ctx) => {
    const vus = new Set<string>();
    for (const [rang, q] of questions.entries()) {
      if (vus.has(q.id))
        ctx.addIssue({ code: 'custom', path: ['questions', rang, 'id'], message: `id en double : ${q.id}` });
      vus.add(q.id);
      for (const s of q.sources)
        if (sources[s] === undefined)
          ctx.addIssue({
            code: 'custom',
            path: ['questions', rang, 'sources'],
            message: `source inconnue : ${s}`,
          });
    }
  });

type Question = {
  readonly id: string;
  readonly titre: string;
  readonly confiance: 'sur' | 'sur-tiers' | 'deduit';
  readonly verifieLe: string;
  readonly sources: readonly Source[];
  readonly motif: Motifs;
  readonly sauf: Motifs | undefined;
  readonly surLeService?: true | undefined;
};
export type Source = { readonly titre: string; readonly url: string; readonly date: string };
export type ReponseFaq = {
  readonly titre: string;
  readonly texte: string;
  readonly sources: readonly Source[];
};

let declarees: Readonly<Record<string, Source>> = {};
let questions: ReadonlyMap<string, Question> | undefined;

function charger(): ReadonlyMap<string, Question> {
  if (questions !== undefined) return questions;
  const lu = lireDonnees(FICHIER, schema);
  declarees = lu.sources;
  questions = new Map(
    lu.questions.map((q) => [
      q.id,
      {
        ...q,
        sources: q.sources.flatMap((s) => lu.sources[s] ?? []),
        motif: new Motifs(q.motifs),
        sauf: q.sauf === undefined ? undefined : new Motifs(q.sauf),
      },
    ]),
  );
  return questions;
}

/** A source the answers cite, by its name in the file; the glossary cites the same. */
export function sourceNommee(nom: string): Source | undefined {
  charger();
  return declarees[nom];
}

/** Every question that has an answer, in the order of the file. */
export const listeFaq = (): readonly {
  readonly id: string;
  readonly titre: string;
  readonly confiance: string;
  readonly verifieLe: string;
}[] =>
  [...charger().values()].map(({ id, titre, confiance, verifieLe }) => ({ id, titre, confiance, verifieLe }));

/**
 * The answer to a question, in the register asked for, with its sources.
 * @throws when the id is not one of `listeFaq` (a bug of the caller: ids come from `comprendre`).
 */
export function repondreFaq(id: string, registre: Registre): ReponseFaq {
  const question = charger().get(id);
  if (question === undefined) throw new Error(`Question inconnue : « ${id} » (attendu dans ${FICHIER}).`);
  return { titre: question.titre, texte: phrase(`faq.${id}`, registre), sources: question.sources };
}

/** Whether a question of the FAQ is about this assistant or the terms of the service (« êtes-vous un robot ? », « c’est confidentiel ? »). */
export const questionSurLeService = (id: string): boolean => charger().get(id)?.surLeService === true;

const INTERROGATIF =
  /^ (?:est ce|vous|tu) | (?:\?|estceque|questceque|cestquoi|inverse|comment|combien|quel|quelle|quels|quelles|pourquoi|qui|ou|quoi|quand|difference|faut il|faut|savoir si|me demande|explique|expliquez|definition|sert|veut dire|droit|obligatoire|obliger?e?|gratuit|payant|paye|peux|peut|puis|y a t) /u;

/** The question of the FAQ a canonical text asks, if it asks one. The longest words matched win. */
export function lireFaq(texte: string): { id: string; mots: string } | undefined {
  if (!INTERROGATIF.test(texte)) return undefined;
  let meilleure: { id: string; mots: string } | undefined;
  for (const { id, motif, sauf } of charger().values()) {
    const m = motif.premier(texte);
    if (m === undefined || m[0].length <= (meilleure?.mots.length ?? 0)) continue;
    if (sauf !== undefined) {
      if (sauf.dans(texte)) continue;
    }
    meilleure = { id, mots: m[0] };
  }
  return meilleure;
}
