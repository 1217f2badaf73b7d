import { z } from 'zod';
import { texte as phrase } from '../textes/index.ts';
import { lireDonnees, type Registre } from '../vocabulaire/index.ts';
import { repondreFaq, sourceNommee, type ReponseFaq } from './faq.ts';
import { canonique } from './lecture.ts';

const FICHIER = 'knowledge/langage/donnees/glossaire.json';
const schema = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/u),
    /** As our texts write it. */
    sigle: z.string().min(2),
    nom: z.string().min(5),
    source: z.string().refine((nom) => sourceNommee(nom) !== undefined, 'source inconnue dans faq.json'),
    /** Other ways people write it. */
    formes: z.array(z.string().min(2)).optional(),
  }),
);

export type MotDuGlossaire = {
  readonly id: string;
  readonly sigle: string;
  readonly nom: string;
  readonly source: string;
  readonly formes: readonly string[];
};

let mots: ReadonlyMap<string, MotDuGlossaire> | undefined;

function charger(): ReadonlyMap<string, MotDuGlossaire> {
  mots ??= new Map(
    lireDonnees(FICHIER, schema).map((m) => [
      m.id,
      { ...m, formes: [...new Set([m.sigle, ...(m.formes ?? [])].map((f) => canonique(f).trim()))] },
    ]),
  );
  return mots;
}

/** Every abbreviation our texts show, in the order of the file. */
export const glossaire = (): readonly MotDuGlossaire[] => [...charger().values()];

/** Ways of asking what a word means, in canonical text. */
const DEMANDE_LE_SENS =
  / (?:cestquoi|ce est quoi|questceque|veut dire|veulent dire|veux dire|signifie|signification|definition|sigle|abreviation|explique|expliquez|expliquer) /u;
/** These ask about a word only when it follows at once: « je comprends pas ce que je dois faire » does not. */
const SUIVI_DU_MOT =
  / (?:comprends?|connais|connait) pas (?:(?:ce|que|le|la|les|un|une|mot|sigle|terme|veut|dire|votre|vos) ){0,4}$/u;
const LONGUEUR_MOT_SEUL = 4;

/** Names an answer of the glossary among the answers to questions. */
const PREFIXE = 'mot-';

function estDemande(texte: string, forme: string, sens: boolean): boolean {
  const place = texte.indexOf(` ${forme} `);
  if (place === -1) return false;
  return sens || SUIVI_DU_MOT.test(texte.slice(0, place + 1));
}

/** « c’est quoi la RQTH ? », « que veut dire PTP », « AAH ? »: the word asked about. The longest wins. */
export function lireMot(texte: string): { id: string; mots: string } | undefined {
  const court = texte.trim().split(' ').length <= LONGUEUR_MOT_SEUL && texte.includes('? ');
  const sens = court || DEMANDE_LE_SENS.test(texte);
  if (!sens && !texte.includes(' pas ')) return undefined;
  let trouve: { id: string; mots: string } | undefined;
  for (const { id, formes } of charger().values())
    for (const forme of formes)
      if (forme.length > (trouve?.mots.length ?? 0) && estDemande(texte, forme, sens))
        trouve = { id: `${PREFIXE}${id}`, mots: forme };
  return trouve;
}

/**
 * The answer to a question or to a word asked about (`comprendre().faq`), in the register asked for, with its sources.
 * @throws when the id is neither (a bug of the caller).
 */
export function reponseA(id: string, registre: Registre): ReponseFaq {
  if (!id.startsWith(PREFIXE)) return repondreFaq(id, registre);
  const mot = charger().get(id.slice(PREFIXE.length));
  if (mot === undefined) throw new Error(`Mot inconnu : « ${id} » (attendu dans ${FICHIER}).`);
  const source = sourceNommee(mot.source);
  return {
    titre: mot.sigle,
    texte: phrase(`glossaire.${mot.id}`, registre),
    sources: source === undefined ? [] : [source],
  };
}
