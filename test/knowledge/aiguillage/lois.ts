import type { Aiguillage, EntreeAiguillage } from '../../../knowledge/aiguillage/index.ts';
import { aTexte } from '../../../knowledge/textes/index.ts';
import { ageAu, OPERATEURS } from '../../../knowledge/vocabulaire/index.ts';

/**
 * What the law and the trade say of every outcome, written by hand and apart from the rules: each line returns what is broken, or nothing.
 */
const phrases = new Map<string, boolean>();
/** The catalogue is asked once per key. */
function estPhrase(cle: string): boolean {
  const connue = phrases.get(cle) ?? aTexte(cle);
  phrases.set(cle, connue);
  return connue;
}

export function infractions(entree: EntreeAiguillage, a: Aiguillage): readonly string[] {
  const { profil: p, demande } = entree;
  const age = p.naissance === undefined ? p.age : ageAu(p.naissance, entree.le);
  const possibles = [...a.orientations, ...a.candidats].map((o) => o.operateur);
  const dehors: string[] = [];
  const exiger = (vrai: boolean, message: string): void => {
    if (!vrai) dehors.push(message);
  };
  const etuOuRet = p.activite === 'etudiant' || p.activite === 'retraite';
  const agent = p.activite === 'agent-public' || (etuOuRet && p.emploiOccupe === 'public');
  const prive = p.activite === 'salarie-prive' || (etuOuRet && p.emploiOccupe === 'prive');
  const independant = p.activite === 'independant' || (etuOuRet && p.emploiOccupe === 'independant');
  const { accompagnement } = p;
  const passe = p.demarcheAnterieure?.operateur;

  // Arrêté § 3.2: active people in work, agents publics left out; § 3.2.1: whoever is already accompanied may stay.
  if (agent && accompagnement !== 'operateur-regional')
    exiger(!possibles.includes('operateur-regional'), 'un agent public irait à l’opérateur régional');
  if (p.activite === 'sans-emploi' && (p.emploiOccupe === undefined || p.emploiOccupe === 'aucun'))
    if (accompagnement !== 'operateur-regional' && passe !== 'operateur-regional')
      exiger(!possibles.includes('operateur-regional'), 'l’opérateur régional sans activité');
  // L. 5314-2 (16-25), L. 5131-6 (up to 29 with a disability).
  if (typeof age === 'number' && accompagnement !== 'mission-locale') {
    const limite = p.handicap === 'oui' ? 30 : 26;
    exiger(
      !possibles.includes('mission-locale') || (age >= 16 && age < limite),
      `mission locale à ${age} ans`,
    );
  }
  // L. 5422-1-1: neither France Travail nor mission locale for a résignation that would open the scheme.
  const demission = p.projetDemission === 'oui' || demande === 'demissionner';
  const cdiPossible = p.contrat === undefined || ['cdi', 'autre', 'ne-sait-pas'].includes(p.contrat);
  const rompu = (p.finContrat !== undefined && p.finContrat !== 'aucune') || p.csp === 'oui';
  if (prive && demission && cdiPossible && !rompu) {
    exiger(!possibles.includes('france-travail'), 'démission : France Travail');
    exiger(!possibles.includes('mission-locale'), 'démission : mission locale');
  }
  const enjeu = demande === 'demissionner' || (demission && (prive || independant || agent));
  if (enjeu && a.type !== 'hors-champ') {
    const codes = a.vigilances.map((v) => v.code);
    exiger(
      codes.includes('demission') || codes.includes('demission-exclue'),
      'une démission sans avertissement',
    );
  }
  // Apec: executives, young graduates looking for work.
  if (possibles.includes('apec') && accompagnement !== 'apec' && passe !== 'apec') {
    const cadre = p.cadre === 'oui' || p.cadre === 'ne-sait-pas';
    const jeuneDiplome =
      (p.diplome === 'bac+3-ou-plus' || p.diplome === 'ne-sait-pas') &&
      (age === 'ne-sait-pas' || (typeof age === 'number' && age < 30)) &&
      (p.activite === 'sans-emploi' || p.activite === 'etudiant' || p.formationInitiale === 'oui');
    exiger(cadre || jeuneDiplome || p.activite === 'ne-sait-pas', 'Apec ni cadre ni jeune diplômé');
    exiger(!agent && !independant, 'Apec pour un agent public ou un indépendant');
  }
  // Cap emploi: a disability or a health problem at work that the person spoke of.
  if (possibles.includes('cap-emploi') && accompagnement !== 'cap-emploi' && passe !== 'cap-emploi')
    exiger(
      p.handicap === 'oui' || p.esat === 'oui' || ['crainte', 'prononcee'].includes(p.inaptitude ?? ''),
      'Cap emploi sans raison dite',
    );
  // Nobody is sent to France Travail who works, is not registered and did not ask for it.
  if (p.activite === 'salarie-prive' || p.activite === 'independant')
    if (p.inscritFranceTravail === 'non' && p.csp !== 'oui')
      exiger(!possibles.includes('france-travail'), 'France Travail en emploi sans inscription');

  const vus = [...possibles, ...a.ecarts.map((e) => e.operateur)];
  exiger(
    new Set(vus).size === vus.length,
    'un opérateur est à la fois possible et écarté, ou cité deux fois',
  );
  switch (a.type) {
    case 'oriente':
      exiger(a.orientations.length + a.relais.length > 0, 'orienté vers personne');
      exiger(
        vus.length === OPERATEURS.length,
        `sans motif ni écart : ${OPERATEURS.filter((o) => !vus.includes(o)).join()}`,
      );
      break;
    case 'indecis':
      exiger(estPhrase(a.commentTrancher), `« ${a.commentTrancher} » ne dit pas comment trancher`);
      exiger(a.orientations.length === 0, 'indécis mais orienté');
      exiger(a.candidats.length + a.relais.length > 0, 'indécis sans candidat ni relais');
      break;
    case 'a-completer':
      exiger(a.champs.length > 0, 'rien à demander');
      exiger(
        a.champs.every((c) => p[c] === undefined),
        'une question déjà posée revient',
      );
      break;
    case 'hors-champ':
      exiger(estPhrase(a.motif) && a.relais.length > 0, 'hors champ sans motif ou sans porte');
      exiger(a.ecarts.length === OPERATEURS.length, 'hors champ sans les cinq écarts');
      break;
  }
  const motives = [...a.orientations, ...a.candidats, ...a.relais, ...a.vigilances];
  exiger(
    motives.every((m) => estPhrase(m.motif) && m.references.length > 0),
    'sans motif ou sans référence',
  );
  exiger(
    // A demande out of the field is not an answer: those écarts cite no field.
    a.ecarts.every((e) => estPhrase(e.motif) && (e.champs.length > 0 || demande === 'hors-perimetre')),
    'un écart sans motif ou sans réponse',
  );
  return dehors;
}
