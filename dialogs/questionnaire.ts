import { expliquerQuestion, questionDe } from '../knowledge/aiguillage/index.ts';
import { entreeDe, type Cible, type Etape, type Question } from '../knowledge/dossier/index.ts';
import { nomOperateur } from '../knowledge/information/index.ts';
import { commune, nomComplet } from '../knowledge/territoire/index.ts';
import { DEMANDES, estChamp, NE_SAIT_PAS, type Champ, type Demande } from '../knowledge/vocabulaire/index.ts';
import type { Carnet } from './contexte.ts';
import type { Choix } from './messages.ts';
import { progressionDe } from './progression.ts';

/** The demandes offered as buttons at the start; every other one is reached by typing. Ten is what one can read at a glance. */
const DEMANDES_PROPOSEES: readonly Demande[] = DEMANDES.filter(
  (d) => !['hors-perimetre', 'evoluer', 's-informer-metier', 'valider-son-experience'].includes(d),
);

const choixDemandes = (carnet: Carnet): Choix[] =>
  DEMANDES_PROPOSEES.map((d) => carnet.choix(`dossier.demande-${d}`, { action: 'demande', demande: d }));

/** Choices for the communes that match what was typed, each with its département so that two namesakes are told apart. */
export const choixCommunes = (carnet: Carnet, codes: readonly string[]): Choix[] => [
  ...codes
    .filter((code) => commune(code) !== undefined)
    .slice(0, 6)
    .map((code) => ({ libelle: nomComplet(code), valeur: { action: 'lieu', commune: code } })),
  carnet.choix('dialogue.choix-lieu-sans-reponse', { action: 'lieu', sansReponse: true }),
];

const choixPourquoi = (carnet: Carnet): Choix =>
  carnet.choix('dialogue.choix-pourquoi', { action: 'commande', commande: 'pourquoi' });

function choixChamp(carnet: Carnet, champ: Champ): Choix[] {
  const { reponses, accepteNeSaitPas } = questionDe(champ);
  const choix = reponses.map((r) => carnet.choix(r.cle, { action: 'repondre', champ, valeur: r.valeur }));
  if (accepteNeSaitPas)
    choix.push(
      carnet.choix('dialogue.choix-ne-sait-pas', { action: 'repondre', champ, valeur: NE_SAIT_PAS }),
    );
  return [...choix, choixPourquoi(carnet)];
}

/**
 * Asks the question of a step: the one generic questionnaire of the house. Also used to ask again after an interruption
 * (`encore`): the question is then not counted twice.
 */
export function poser(carnet: Carnet, question: Question, etape: Etape, encore = false): void {
  if (!encore || carnet.dossier.question !== question) carnet.noter({ type: 'question', question });
  const progression = progressionDe(carnet, etape);
  if (question === 'demande') {
    carnet.dire(
      encore && carnet.dossier.incompris > 0 ? 'dialogue.demande-encore' : 'dialogue.question-demande',
      {},
      { choix: choixDemandes(carnet), progression },
    );
  } else if (question === 'lieu') {
    const possibles = carnet.dossier.lieuxPossibles;
    carnet.dire(
      possibles.length > 0 ? 'dialogue.question-lieu-possibles' : 'dialogue.question-lieu',
      {},
      {
        choix:
          possibles.length > 0
            ? choixCommunes(carnet, possibles)
            : [
                carnet.choix('dialogue.choix-lieu-sans-reponse', { action: 'lieu', sansReponse: true }),
                choixPourquoi(carnet),
              ],
        progression,
      },
    );
  } else if (estChamp(question)) {
    const { cle, aide } = questionDe(question);
    const texte = [carnet.t(cle), ...(aide === undefined ? [] : [carnet.t(aide)])].join('\n\n');
    carnet.repondre({ texte, choix: choixChamp(carnet, question), progression });
  }
}

/** « Pourquoi cette question ? » : what the question says of itself, and the operators the rules decide between with it. */
export function expliquer(carnet: Carnet, question: Question | null): void {
  if (question === 'demande' || question === 'lieu') return carnet.dire(`dialogue.pourquoi-${question}`);
  if (question === null) return carnet.dire('dialogue.pourquoi-rien');
  if (!estChamp(question)) return carnet.dire('dialogue.pourquoi-etape');
  const { operateurs } = expliquerQuestion(question, entreeDe(carnet.dossier, carnet.contexte.aujourdhui));
  const phrases = [carnet.t(`aiguillage.pourquoi-${question}`)];
  if (operateurs.length > 1)
    phrases.push(
      carnet.t('dialogue.pourquoi-operateurs', {
        operateurs: operateurs.map((o) => nomOperateur(o)).join(', '),
      }),
    );
  if (question === 'handicap') phrases.push(carnet.t('dialogue.handicap-facultatif'));
  return carnet.repondre({ texte: phrases.join('\n\n') });
}

/** The question one asks again to correct a target. Métiers are said again with the demande. */
export const questionDeCible = (cible: Cible): Question =>
  cible === 'metier-actuel' || cible === 'metier-vise' ? 'demande' : cible;
