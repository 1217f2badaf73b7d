import { aTexte } from '../textes/index.ts';
import { definitionDe, NE_SAIT_PAS, OPERATEURS, type Champ, type Operateur } from '../vocabulaire/index.ts';
import { bitDe, FAUX, masqueDe, valeurDe } from './conditions.ts';
import { aiguiller, champsBloquants, evaluer } from './evaluer.ts';
import { preparer } from './preparation.ts';
import type { Aiguillage, EntreeAiguillage } from './types.ts';

/** A question as the questionnaire asks it: text keys, and the answers offered as buttons (none for the age: it is typed). */
export type Question = {
  readonly champ: Champ;
  readonly cle: string;
  readonly aide?: string;
  readonly reponses: readonly { readonly valeur: string; readonly cle: string }[];
  readonly accepteNeSaitPas: boolean;
};

const cleReponse = (champ: Champ, valeur: string): string =>
  `aiguillage.reponse-${champ}-${valeur.replaceAll('+', '-plus')}`;

/** The values offered as buttons. « démarche antérieure » offers the operators; the others, every value of the field. */
function valeursOffertes(champ: Champ): readonly string[] {
  const definition = definitionDe(champ);
  if (definition.forme === 'choix') return definition.valeurs;
  return definition.forme === 'demarche' ? [...OPERATEURS, 'aucun'] : [];
}

/** The question of a field. A field without a sentence of its own is never asked: its question has no answers to offer. */
export function questionDe(champ: Champ): Question {
  const aide = `aiguillage.aide-${champ}`;
  const definition = definitionDe(champ);
  return {
    champ,
    cle: `aiguillage.question-${champ}`,
    ...(aTexte(aide) ? { aide } : {}),
    reponses: valeursOffertes(champ)
      .map((valeur) => ({ valeur, cle: cleReponse(champ, valeur) }))
      .filter(({ cle }) => aTexte(cle)),
    accepteNeSaitPas: definition.nature === 'determinant',
  };
}

/** Fields of the profile that have a question in words. */
export const aUneQuestion = (champ: Champ): boolean => aTexte(`aiguillage.question-${champ}`);

/**
 * The déterminants still worth asking, in the order to ask them (`donnees/champs.json`): never asked, and some answer would change the
 * outcome for this profile. Empty when the outcome is settled, or when the entry is refused.
 */
export function champsAPoser(entree: EntreeAiguillage): readonly Champ[] {
  const lu = preparer(entree);
  if (!lu.ok) return [];
  const evaluation = evaluer(lu.valeur);
  return evaluation.horsChamp === undefined ? champsBloquants(evaluation) : [];
}

/**
 * Handicap may be offered once, late, and only where the answer would open Cap emploi (or the mission locale up to 29): its absence
 * blocks nothing. Nothing is offered to someone already accompanied, nor when the answer is known.
 */
export function peutProposerHandicap(entree: EntreeAiguillage): boolean {
  if (entree.profil.handicap !== undefined) return false;
  const avant = aiguiller(entree);
  if (!avant.ok || (avant.valeur.type !== 'oriente' && avant.valeur.type !== 'indecis')) return false;
  const { accompagnement } = entree.profil;
  if (accompagnement !== undefined && accompagnement !== 'aucun' && accompagnement !== NE_SAIT_PAS)
    return false;
  const apres = aiguiller({ ...entree, profil: { ...entree.profil, handicap: 'oui' } });
  return apres.ok && signature(apres.valeur) !== signature(avant.valeur);
}

/** What makes two outcomes differ for the person: the kind, the operators in order, the relais and the warnings. */
export function signature(a: Aiguillage): string {
  return [
    a.type,
    a.orientations.map((o) => o.operateur).join(),
    a.candidats.map((o) => o.operateur).join(),
    a.relais.map((r) => r.id).join(),
    a.vigilances.map((v) => v.regle).join(),
  ].join('|');
}

export type Explication = { readonly operateurs: readonly Operateur[]; readonly regles: readonly string[] };

/** What a question decides between: the rules that wait for this field, and the operators they lead to or set aside. */
export function expliquerQuestion(champ: Champ, entree: EntreeAiguillage): Explication {
  const { [champ]: _, ...profil } = entree.profil;
  const lu = preparer({ ...entree, profil });
  if (!lu.ok) return { operateurs: [], regles: [] };
  const { selection } = evaluer(lu.valeur);
  const bit = bitDe(champ);
  const regles = [
    ...selection.orientations,
    ...selection.exclusions,
    ...selection.horsChamp,
    ...selection.relais,
    ...selection.vigilances,
  ].flatMap(({ regle, test }) => {
    if (champ === 'handicap')
      return regle.effet.type === 'orientation' && regle.champs.includes('handicap') ? [regle] : [];
    const resultat = test(lu.valeur);
    return valeurDe(resultat) !== FAUX && (masqueDe(resultat) & bit) !== 0 ? [regle] : [];
  });
  const concernes = new Set(
    regles.flatMap((r) =>
      r.effet.type === 'orientation' || r.effet.type === 'ecart' ? [r.effet.operateur] : [],
    ),
  );
  return { operateurs: OPERATEURS.filter((o) => concernes.has(o)), regles: regles.map((r) => r.id) };
}
