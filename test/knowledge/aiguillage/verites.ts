import { ageAu, type Profil } from '../../../knowledge/vocabulaire/index.ts';

/** What a sentence says of the person, written by hand from the sentence itself: shown to someone of whom it is false, it is a fault. */
type Verite = (p: Profil, age: number | undefined) => boolean;

const etuOuRet = (p: Profil): boolean => p.activite === 'etudiant' || p.activite === 'retraite';
const prive = (p: Profil): boolean =>
  p.activite === 'salarie-prive' || (etuOuRet(p) && p.emploiOccupe === 'prive');
const independant = (p: Profil): boolean =>
  p.activite === 'independant' || (etuOuRet(p) && p.emploiOccupe === 'independant');
const agent = (p: Profil): boolean =>
  p.activite === 'agent-public' || (etuOuRet(p) && p.emploiOccupe === 'public');
const enEmploi = (p: Profil): boolean => prive(p) || independant(p) || agent(p);
const sansEmploi = (p: Profil): boolean =>
  p.activite === 'sans-emploi' || (etuOuRet(p) && p.emploiOccupe === 'aucun');
const petiteActivite = (p: Profil): boolean =>
  p.activite === 'sans-emploi' && (p.emploiOccupe === 'prive' || p.emploiOccupe === 'independant');
const inscrit = (p: Profil): boolean => p.inscritFranceTravail === 'oui';
const suivi = (p: Profil): boolean =>
  p.accompagnement !== undefined && p.accompagnement !== 'aucun' && p.accompagnement !== 'ne-sait-pas';
const demissionDite = (p: Profil): boolean =>
  p.projetDemission === 'oui' || p.projetDemission === 'ne-sait-pas';

/** By rule id. The rules that are not here are held by scenarios only. */
export const VERITES: Readonly<Record<string, Verite>> = {
  'ecart-regional-esat': (p) => p.esat === 'oui' && enEmploi(p),
  'ecart-apec-non-cadre': (p) => p.cadre !== 'oui' && !independant(p) && !agent(p),
  'ecart-apec-independant': independant,
  'ecart-apec-agent': agent,
  'ecart-apec-csp': (p) => p.csp === 'oui' && p.activite === 'sans-emploi',
  'ecart-apec-esat': (p) => p.esat === 'oui',
  'ecart-apec-sans-recherche': (p) =>
    p.cadre === 'oui' && !enEmploi(p) && p.rechercheEmploi !== 'oui' && !inscrit(p) && !suivi(p),
  'ecart-ml-age': (_, age) => age !== undefined && age >= 26,
  'ecart-ml-emploi': (p, age) => enEmploi(p) && (age === undefined || age < 26),
  'ecart-ml-csp': (p) => p.csp === 'oui' && p.activite === 'sans-emploi',
  'ecart-ml-retraite': (p, age) =>
    p.activite === 'retraite' && !enEmploi(p) && (age === undefined || age < 26),
  'ecart-ml-esat': (p, age) =>
    p.esat === 'oui' && p.activite === 'sans-emploi' && (age === undefined || age < 26),
  'ecart-ml-scolaire': (p, age) =>
    petiteActivite(p) && p.formationInitiale === 'oui' && (age === undefined || age < 26),
  'ecart-ft-emploi': (p) => (prive(p) || independant(p)) && !inscrit(p),
  'ecart-ft-agent': (p) => agent(p) && !inscrit(p),
  'ecart-ft-jeune': (p, age) =>
    age !== undefined &&
    age >= 16 &&
    age < 26 &&
    !enEmploi(p) &&
    p.activite !== 'retraite' &&
    p.csp !== 'oui',
  'ecart-ft-sans-recherche': (p) =>
    petiteActivite(p) && p.rechercheEmploi === 'non' && !inscrit(p) && !suivi(p),
  'ecart-ft-esat': (p) => p.esat === 'oui' && !enEmploi(p),
  'ecart-cap-emploi': (p) => p.handicap !== 'oui',
  'ecart-cap-emploi-sans-recherche': (p) => p.handicap === 'oui' && !enEmploi(p) && !inscrit(p) && !suivi(p),
  'sans-opregional-agent': agent,
  'ecart-regional-sans-emploi': sansEmploi,
  'relais-medecin-du-travail': enEmploi,
  'relais-cpam': (p) => enEmploi(p) && p.suspension === 'arret-maladie',
  'relais-mdph': (p) => enEmploi(p) && p.handicap !== 'oui',
  'vigilance-arret': (p) => enEmploi(p) && p.suspension === 'arret-maladie',
  'vigilance-inaptitude': (p) => enEmploi(p) && p.inaptitude === 'prononcee',
  'vigilance-categorie-c': (p) => agent(p) && p.categorie === 'C' && p.diplome === 'aucun',
  'relais-disponibilite': (p) => p.activite === 'salarie-prive' && p.suspension === 'disponibilite',
  'vigilance-demission-anciennete': prive,
  'vigilance-demission-anciennete-mayotte': prive,
  'relais-demission': prive,
  'vigilance-inscription': (p) => p.activite === 'sans-emploi' && p.inscritFranceTravail === 'non',
  'vigilance-inscription-retraite': (p) =>
    p.activite === 'retraite' && p.emploiOccupe === 'aucun' && p.rechercheEmploi === 'oui' && !inscrit(p),
  'vigilance-obligations': (p) =>
    inscrit(p) ||
    p.csp === 'oui' ||
    (p.accompagnement === 'france-travail' && p.inscritFranceTravail !== 'non'),
  'demission-exclue-contrat': (p) => prive(p),
  'cadre-en-poste': (p) => prive(p) && p.cadre !== 'non',
  'cap-emploi-sante': (p) => enEmploi(p) && p.esat !== 'oui',
  'cap-emploi-en-poste': (p) =>
    enEmploi(p) && p.handicap === 'oui' && !['crainte', 'prononcee'].includes(p.inaptitude ?? ''),
  'mission-locale-cej-handicap': (p, age) =>
    p.activite === 'sans-emploi' && age !== undefined && age >= 26 && age < 30 && p.handicap === 'oui',
  'mission-locale-scolaire': (p, age) =>
    p.formationInitiale !== 'non' &&
    (p.formationInitiale === 'oui' || p.activite === 'etudiant') &&
    (age === undefined || (age >= 18 && age < 26)),
  'mission-locale-mineur': (p, age) =>
    age === undefined || (age >= 16 && age < 18 && p.formationInitiale !== 'non'),
  'mission-locale-jeune': (_, age) => age === undefined || (age >= 16 && age < 26),
  'continuite-mission-locale-26': (p, age) =>
    p.accompagnement === 'mission-locale' && (age === undefined || age >= (p.handicap === 'oui' ? 30 : 26)),
  'activite-reduite': (p) => inscrit(p) && (prive(p) || independant(p) || petiteActivite(p)),
  'regional-petite-activite': petiteActivite,
  'vigilance-demission': demissionDite,
};

/** The rules whose sentence is false for this person. */
export function mensonges(
  p: Profil,
  le: string,
  regles: readonly string[],
  demande?: string,
): readonly string[] {
  const age = p.naissance === undefined ? p.age : ageAu(p.naissance, le);
  return regles.filter(
    (id) =>
      VERITES[id]?.(p, typeof age === 'number' ? age : undefined) === false &&
      !(id === 'vigilance-demission' && demande === 'demissionner'),
  );
}
