import { z } from 'zod';
import { lireDonnees, OPERATEURS, type Operateur } from '../vocabulaire/index.ts';
import { normaliser } from './normaliser.ts';

const FICHIER = 'knowledge/langage/donnees/suites.json';
const SUITES = ['oui', 'non', 'plus', 'simple', 'methode', 'document', 'envoyer', 'changerait'] as const;
/** What a short message answers to a step that is not a question of the profile (« oui », « envoie », « plus d'infos »). */
export type Suite = (typeof SUITES)[number];

const formes = z.array(z.string().min(1)).min(1);
const schema = z.strictObject({
  suites: z.record(z.enum(SUITES), formes),
  /** How a question about somewhere or something else starts. */
  ailleurs: formes,
  /** Words that put two places or two métiers side by side. */
  comparaison: formes,
  /** Words by which one speaks of oneself: the message then tells a fact, it does not look elsewhere. */
  'de-soi': formes,
  /** What people say of a reformulation they have just read; `autour` says nothing alone. */
  avis: z.strictObject({ juste: formes, faux: formes, autour: formes }),
  /** Whole messages that answer a request for an agreement; `autour` says nothing alone. */
  accord: z.strictObject({ oui: formes, non: formes, 'plus-tard': formes, autour: formes }),
  operateurs: z.record(z.enum(OPERATEURS), formes),
});
let lu: z.output<typeof schema> | undefined;
const charger = (): z.output<typeof schema> => (lu ??= lireDonnees(FICHIER, schema));

/** Longer messages tell something: they are read for what they say, not taken for a nod. */
const MOTS_MAX = 7;

/** The longest known wording that starts the message; `undefined` when it is not one. */
export function lireSuite(texte: string): Suite | undefined {
  const mots = normaliser(texte).trim().split(/\s+/);
  if (mots.length === 0 || mots.length > MOTS_MAX) return undefined;
  const dit = ` ${mots.join(' ')} `;
  const candidats = SUITES.flatMap((suite) =>
    charger()
      .suites[suite].filter((f) => dit.startsWith(` ${f} `))
      .map((f) => ({ suite, longueur: f.length })),
  );
  return candidats.toSorted((a, b) => b.longueur - a.longueur)[0]?.suite;
}

/**
 * What a message says of the reformulation just shown: nothing else is in it, and « oui » or « non » alone say nothing of it, since a
 * question follows the reformulation and they answer that.
 */
export function lireAvis(texte: string): 'juste' | 'faux' | undefined {
  const { juste, faux, autour } = charger().avis;
  return neDitQue(texte, faux, autour) ? 'faux' : neDitQue(texte, juste, autour) ? 'juste' : undefined;
}

/**
 * A typed agreement, refusal or delay, where something of the person would leave: the whole message is read, and nothing else may be in it
 * (« oui mais pas ma santé », « non mais oui » and « pourquoi pas » agree to nothing).
 */
export function lireAccord(texte: string): 'oui' | 'non' | 'plus-tard' | undefined {
  const { autour, ...reponses } = charger().accord;
  const lire = (reponse: keyof typeof reponses): boolean => neDitQue(texte, reponses[reponse], autour);
  return lire('plus-tard') ? 'plus-tard' : lire('non') ? 'non' : lire('oui') ? 'oui' : undefined;
}

/** Nothing is in the message but these wordings, once or more, and words that say nothing alone. */
function neDitQue(texte: string, attendues: readonly string[], autour: readonly string[]): boolean {
  const dit = ` ${normaliser(texte)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  const un = `(?:${attendues.join('|')})`;
  const autres = `(?:(?:${autour.join('|')}) )*`;
  return new RegExp(`^ ${autres}(?:${un} ${autres})+$`, 'u').test(dit);
}

/** The one operator a short message names; `undefined` when it names none or several. */
export function lireOperateur(texte: string): Operateur | undefined {
  const mots = normaliser(texte).trim().split(/\s+/);
  if (mots.length > MOTS_MAX) return undefined;
  const dit = ` ${mots.join(' ')} `;
  const nommes = OPERATEURS.filter((o) => charger().operateurs[o].some((f) => dit.includes(` ${f} `)));
  return nommes.length === 1 ? nommes[0] : undefined;
}

/**
 * Is the message a look elsewhere (« et à Arras ? », « pour électricien ? »), a comparison (« compare Lille et Valenciennes »), or neither? It only reads how the question is put:
 * the places and métiers are those `comprendre` found.
 */
export function lireAilleurs(texte: string): 'ailleurs' | 'comparaison' | undefined {
  const dit = ` ${normaliser(texte).trim().replaceAll(/\s+/g, ' ')} `;
  const { ailleurs, comparaison, 'de-soi': deSoi } = charger();
  if (comparaison.some((f) => dit.includes(` ${f} `))) return 'comparaison';
  if (ailleurs.some((f) => dit.startsWith(` ${f} `))) return 'ailleurs';
  const deLui = deSoi.some((f) => dit.includes(` ${f} `));
  return texte.trimEnd().endsWith('?') && !deLui ? 'ailleurs' : undefined;
}
