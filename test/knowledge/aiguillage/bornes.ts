import { OPERATEURS, type Operateur, type Profil } from '../../../knowledge/vocabulaire/index.ts';
import type { Scenario } from './scenarios.ts';

/**
 * The bounds and lists of the rules, one line per value, typed by hand from the dossier métier: what a scenario per value would say,
 * in a form one reads at a glance. F: France Travail, A: Apec, M: mission locale, C: Cap emploi, R: opérateur régional; in order.
 */
const LETTRES: Readonly<Record<string, Operateur>> = {
  F: 'france-travail',
  A: 'apec',
  M: 'mission-locale',
  C: 'cap-emploi',
  R: 'operateur-regional',
};
const operateurs = (lettres: string): readonly Operateur[] =>
  [...lettres].map((l) => LETTRES[l] ?? OPERATEURS[0]);

type Attendu = Scenario['attendu'];
const ligne = (titre: string, profil: Profil, attendu: Attendu, plus: Partial<Scenario> = {}): Scenario => ({
  titre,
  source: 'domaine §§ 1.2 à 2.4',
  le: '2026-11-20',
  profil,
  attendu,
  fichier: 'bornes.ts',
  ...plus,
});
const vers = (lettres: string, plus: Partial<Attendu> = {}): Attendu => ({
  type: 'oriente',
  operateurs: [...operateurs(lettres)],
  ...plus,
});

const AUCUN = { accompagnement: 'aucun' } as const;
const SANS: Profil = { ...AUCUN, activite: 'sans-emploi', rechercheEmploi: 'oui', cadre: 'non' };
const SALARIE: Profil = { ...AUCUN, activite: 'salarie-prive', cadre: 'non' };

/** Ages of someone without a job who is looking for one, out of school, with a bac. */
const AGES: readonly (readonly [number, string])[] = [
  [16, 'M'],
  [17, 'M'],
  [18, 'MF'],
  [25, 'MF'],
  [26, 'F'],
  [27, 'F'],
  [60, 'F'],
];
const AGES_HANDICAP: readonly (readonly [number, string])[] = [
  [16, 'CM'],
  [18, 'CMF'],
  [25, 'CMF'],
  [26, 'CFM'],
  [27, 'CFM'],
  [29, 'CFM'],
  [30, 'CF'],
];
const AGES_BAC3: readonly (readonly [number, string])[] = [
  [16, 'AM'],
  [19, 'AMF'],
  [20, 'AMF'],
  [25, 'AMF'],
  [26, 'AF'],
  [29, 'AF'],
  [30, 'F'],
];
const AGES_ETUDIANT: readonly (readonly [number, string])[] = [
  [16, 'M'],
  [17, 'M'],
  [18, 'FM'],
  [25, 'FM'],
  [26, 'F'],
];
/** In a private job with difficulties, in apprenticeship, in contrat de professionnalisation: the mission locale too, from 16 to 25. */
const AGES_EN_EMPLOI: readonly (readonly [number, string])[] = [
  [15, 'R'],
  [16, 'RM'],
  [25, 'RM'],
  [26, 'R'],
];
/** Followed by the mission locale, in a job. */
const AGES_SUIVI: readonly (readonly [number, string])[] = [
  [25, 'MR'],
  [26, 'RM'],
];
const AGES_SUIVI_HANDICAP: readonly (readonly [number, string])[] = [
  [25, 'MRC'],
  [26, 'MRC'],
  [29, 'MRC'],
  [30, 'RMC'],
];

const parAge = (
  titre: string,
  base: Profil,
  ages: readonly (readonly [number, string])[],
): readonly Scenario[] =>
  ages.map(([age, lettres]) => ligne(`${titre}, ${age} ans`, { ...base, age }, vers(lettres)));

const NON_CDI = [
  'cdd',
  'interim',
  'apprentissage',
  'professionnalisation',
  'saisonnier',
  'insertion',
] as const;
const GRAND_EST = ['08', '10', '51', '52', '54', '55', '57', '67', '68', '88'];
const HORS_REGIONS = ['975', '977', '978', '984', '986', '987', '988'];
const DROM = ['971', '972', '973', '974', '976'];

function* contrats(): Generator<Scenario> {
  for (const contrat of NON_CDI) {
    const profil: Profil = { ...SALARIE, contrat, projetDemission: 'oui', age: 40 };
    yield ligne(
      `démission en ${contrat}`,
      profil,
      vers('R', {
        vigilances: ['demission-exclue', 'demission'],
        sansVigilances: ['demission-anciennete'],
        sansRelais: ['transitions-pro'],
      }),
    );
    // Outside the scheme, France Travail and the mission locale stay possible.
    yield ligne(`démission en ${contrat}, inscrit`, { ...profil, inscritFranceTravail: 'oui' }, vers('FR'));
  }
  for (const contrat of ['cdi', 'autre', 'ne-sait-pas'] as const)
    yield ligne(
      `démission en ${contrat}, inscrit`,
      { ...SALARIE, contrat, projetDemission: 'oui', inscritFranceTravail: 'oui' },
      vers('R', { vigilances: ['demission'], sansVigilances: ['demission-exclue'] }),
    );
  yield ligne(
    'demande de démission en CDI, inscrit, projet déjà dit non',
    { ...SALARIE, contrat: 'cdi', projetDemission: 'non', inscritFranceTravail: 'oui' },
    vers('R'),
    { demande: 'demissionner' },
  );
  yield ligne(
    'demande de démission en CDI, suivi par la mission locale',
    { ...SALARIE, contrat: 'cdi', projetDemission: 'non', accompagnement: 'mission-locale', age: 20 },
    vers('R'),
    { demande: 'demissionner' },
  );
  yield ligne(
    'démission, contrat fini le mois dernier, inscrit',
    {
      ...SALARIE,
      contrat: 'cdi',
      projetDemission: 'oui',
      finContrat: '2026-10-20',
      inscritFranceTravail: 'oui',
    },
    vers('FR', { vigilances: ['demission-exclue'], sansVigilances: ['demission', 'demission-anciennete'] }),
  );
  for (const contrat of ['apprentissage', 'professionnalisation', 'insertion'] as const)
    yield ligne(
      `agent public en ${contrat}`,
      { ...AUCUN, activite: 'agent-public', versant: 'etat', contrat },
      { type: 'oriente', vigilances: ['droit-prive'] },
    );
  for (const contrat of ['cdi', 'cdd', 'autre'] as const)
    yield ligne(
      `agent public en ${contrat}`,
      { ...AUCUN, activite: 'agent-public', versant: 'etat', contrat },
      { type: 'oriente', sansVigilances: ['droit-prive'] },
    );
}

function* territoires(): Generator<Scenario> {
  const frontalier: Profil = { ...SANS, age: 40, frontalier: 'oui' };
  for (const d of GRAND_EST)
    yield ligne(`frontalier du ${d}`, frontalier, vers('F', { relais: ['frontaliers-grand-est'] }), {
      commune: `${d}004`,
    });
  yield ligne('frontalier du Nord', frontalier, vers('F', { sansRelais: ['frontaliers-grand-est'] }), {
    commune: '59004',
  });
  yield ligne(
    'Grand Est, pas frontalier',
    { ...SANS, age: 40 },
    vers('F', { sansRelais: ['frontaliers-grand-est', 'eures'] }),
    { commune: '57672' },
  );
  for (const c of HORS_REGIONS)
    yield ligne(
      `collectivité ${c}`,
      SALARIE,
      { type: 'indecis', candidats: ['operateur-regional'], relais: ['service-emploi-local', 'mon-cep'] },
      { commune: `${c}01` },
    );
  for (const c of DROM) {
    yield ligne(`sans emploi dans le ${c}`, { ...SANS, age: 40 }, vers('F', { relais: ['ladom'] }), {
      commune: `${c}01`,
    });
    yield ligne(
      `salarié dans le ${c}`,
      SALARIE,
      vers('R', { sansRelais: ['ladom', 'service-emploi-local'] }),
      { commune: `${c}01` },
    );
  }
  yield ligne('18 ans dans le 974', { ...SANS, age: 18, diplome: 'bac' }, vers('MF', { relais: ['ladom'] }), {
    commune: '97411',
  });
}

function* accompagnements(): Generator<Scenario> {
  for (const [accompagnement, lettres] of [
    ['operateur-regional', 'R'],
    ['apec', 'AR'],
    ['cap-emploi', 'CR'],
    ['mission-locale', 'MR'],
    ['france-travail', 'FR'],
  ] as const) {
    const profil: Profil = {
      ...SALARIE,
      age: 20,
      projetDemission: 'non',
      inscritFranceTravail: 'oui',
      accompagnement,
    };
    const inscrit =
      accompagnement === 'france-travail'
        ? 'FR'
        : accompagnement === 'operateur-regional'
          ? 'RF'
          : `${lettres[0] ?? ''}FR`;
    yield ligne(
      `salarié inscrit, suivi par ${accompagnement}`,
      profil,
      vers(inscrit, {
        vigilances: ['double-accompagnement', 'droits-obligations'],
        sansRegles: ['vigilance-suivi-france-travail'],
        regles: ['vigilance-double-accompagnement'],
      }),
    );
    if (accompagnement !== 'france-travail')
      yield ligne(
        `salarié suivi par ${accompagnement}`,
        { ...SALARIE, age: 20, projetDemission: 'non', accompagnement },
        vers(lettres, { vigilances: ['continuite', 'double-accompagnement'], rienDAutre: true }),
      );
  }
  for (const operateur of ['operateur-regional', 'apec', 'cap-emploi'] as const)
    yield ligne(
      `déjà suivi par ${operateur}, démarche passée au même endroit`,
      { ...SANS, age: 40, accompagnement: operateur, demarcheAnterieure: { operateur } },
      {
        type: 'oriente',
        sansRegles: [`demarche-anterieure-${operateur === 'operateur-regional' ? 'regional' : operateur}`],
      },
    );
  for (const referent of ['france-travail', 'mission-locale', 'cap-emploi', 'departement'] as const)
    yield ligne(
      `référent ${referent}`,
      { ...SANS, age: 40, referent },
      vers('F', { vigilances: ['referent'], rienDAutre: true }),
    );
  yield ligne('aucun référent', { ...SANS, age: 40, referent: 'aucun' }, vers('F', { rienDAutre: true }));
}

function* situations(): Generator<Scenario> {
  const ETU: Profil = { ...AUCUN, activite: 'etudiant', emploiOccupe: 'aucun', diplome: 'bac' };
  yield ligne(
    'étudiant sorti de l’école, inscrit',
    { ...ETU, age: 20, formationInitiale: 'non', inscritFranceTravail: 'oui' },
    vers('MF'),
  );
  yield ligne(
    'étudiant sorti de l’école, suivi par Cap emploi',
    { ...ETU, age: 20, formationInitiale: 'non', rechercheEmploi: 'non', accompagnement: 'cap-emploi' },
    vers('CMF'),
  );
  yield ligne('16 ans, scolarisé, inscrit', { ...ETU, age: 16, inscritFranceTravail: 'oui' }, vers('M'));
  yield ligne(
    '17 ans, scolarisé, suivi par Cap emploi',
    { ...ETU, age: 17, rechercheEmploi: 'non', accompagnement: 'cap-emploi' },
    vers('CM'),
  );
  yield ligne(
    'étudiant salarié cadre',
    { ...AUCUN, activite: 'etudiant', emploiOccupe: 'prive', cadre: 'oui' },
    vers('AR'),
  );
  yield ligne(
    'retraité agent public cadre',
    { ...AUCUN, activite: 'retraite', emploiOccupe: 'public', versant: 'etat', cadre: 'oui' },
    { type: 'oriente', operateurs: [], vigilances: ['cadre-public'] },
  );
  yield ligne(
    'étudiant indépendant de 15 ans',
    { ...AUCUN, activite: 'etudiant', emploiOccupe: 'independant', age: 15 },
    vers('R'),
  );
  yield ligne(
    'étudiant salarié de 15 ans',
    { ...AUCUN, activite: 'etudiant', emploiOccupe: 'prive', age: 15 },
    vers('R'),
  );
  yield ligne(
    'étudiant vacataire de 15 ans',
    { ...AUCUN, activite: 'etudiant', emploiOccupe: 'public', versant: 'etat', age: 15 },
    { type: 'oriente', operateurs: [], relais: ['conseiller-mobilite-carriere'] },
  );
  for (const age of [16, 25] as const)
    yield ligne(
      `${age} ans, ne cherche pas, sorti de l’école`,
      { ...SANS, rechercheEmploi: 'non', age },
      vers('M'),
    );
  yield ligne(
    '26 ans, ne cherche pas',
    { ...SANS, rechercheEmploi: 'non', age: 26 },
    { type: 'hors-champ', motif: 'hors-champ-sans-recherche', relais: ['france-services', 'ccas'] },
  );
  yield ligne(
    '27 ans, ne cherche pas mais inscrit',
    { ...SANS, rechercheEmploi: 'non', inscritFranceTravail: 'oui', age: 27, diplome: 'bac' },
    vers('F'),
  );
  yield ligne(
    'sans recherche, en CSP après l’échéance du dispositif',
    { ...SANS, rechercheEmploi: 'non', csp: 'oui', age: 40 },
    vers('F'),
    { le: '2027-02-01' },
  );
  yield ligne(
    'hors du champ : les portes',
    {},
    {
      type: 'hors-champ',
      relais: ['france-services', 'inspection-du-travail', 'ccas', 'france-travail-entreprises'],
      rienDAutre: true,
    },
    { demande: 'hors-perimetre' },
  );
  yield ligne(
    '22 ans, cadre à demander',
    { ...AUCUN, activite: 'sans-emploi', rechercheEmploi: 'oui', age: 22, diplome: 'bac' },
    { type: 'a-completer', champs: ['cadre'] },
  );
  yield ligne(
    '20 ans, diplôme à demander',
    { ...AUCUN, activite: 'sans-emploi', rechercheEmploi: 'oui', age: 20 },
    { type: 'a-completer', champs: ['diplome'] },
  );
  yield ligne(
    '19 ans, diplôme non demandé',
    { ...AUCUN, activite: 'sans-emploi', rechercheEmploi: 'oui', age: 19 },
    vers('MF'),
  );
  yield ligne(
    '16 ans : obligation de formation',
    { ...SANS, age: 16 },
    vers('M', { vigilances: ['obligation-formation'], rienDAutre: true }),
  );
  yield ligne(
    'étudiant de 25 ans : pas de limite d’âge à rappeler',
    { ...ETU, age: 25, rechercheEmploi: 'oui' },
    vers('FM', { rienDAutre: true }),
  );
  for (const inaptitude of ['crainte', 'prononcee'] as const)
    yield ligne(
      `inaptitude ${inaptitude}, reconnu handicapé`,
      { ...SALARIE, inaptitude, handicap: 'oui' },
      vers('CR', { sansRelais: ['mdph'] }),
    );
  yield ligne(
    'inaptitude prononcée sans reconnaissance',
    { ...SALARIE, inaptitude: 'prononcee' },
    vers('CR', { relais: ['medecin-du-travail', 'mdph'] }),
  );
  yield ligne(
    'en ESAT, handicap dit',
    { ...SALARIE, esat: 'oui', handicap: 'oui' },
    { type: 'indecis', candidats: ['cap-emploi'], sansRegles: ['cap-emploi-en-poste', 'cap-emploi-sante'] },
  );
  yield ligne(
    'en ESAT, inaptitude',
    { ...SALARIE, esat: 'oui', inaptitude: 'crainte' },
    { type: 'indecis', candidats: ['cap-emploi'], sansRegles: ['cap-emploi-sante', 'relais-mdph'] },
  );
  yield ligne(
    'sorti d’ESAT, handicap dit, 28 ans',
    { ...SANS, age: 28, diplome: 'bac+3-ou-plus', esat: 'oui', handicap: 'oui' },
    { type: 'indecis', candidats: ['cap-emploi'], sansRegles: ['cap-emploi-recherche'] },
  );
  yield ligne(
    'sorti d’ESAT, 20 ans, inscrit',
    { ...SANS, age: 20, esat: 'oui', inscritFranceTravail: 'oui' },
    { type: 'indecis', candidats: ['cap-emploi'] },
  );
  yield ligne(
    'ESAT, indépendant',
    { ...AUCUN, activite: 'independant', esat: 'oui' },
    { type: 'indecis', candidats: ['cap-emploi'] },
  );
  yield ligne(
    'CSP à 28 ans, handicap, Bac+3',
    {
      ...AUCUN,
      activite: 'sans-emploi',
      csp: 'oui',
      age: 28,
      diplome: 'bac+3-ou-plus',
      handicap: 'oui',
      cadre: 'non',
    },
    vers('FC'),
  );
  yield ligne(
    '20 ans, handicap, ne cherche pas et suivi par l’Apec',
    { ...SANS, rechercheEmploi: 'non', age: 20, handicap: 'oui', accompagnement: 'apec' },
    vers('ACMF'),
  );
  yield ligne(
    '28 ans, handicap, ne cherche pas',
    { ...SANS, rechercheEmploi: 'non', age: 28, diplome: 'bac', handicap: 'oui' },
    { type: 'hors-champ' },
  );
  yield ligne(
    'indépendant agent à côté',
    { ...AUCUN, activite: 'independant', emploiOccupe: 'public' },
    vers('R', { vigilances: ['plusieurs-statuts'], rienDAutre: true }),
  );
  yield ligne(
    'C sans diplôme mais salarié',
    { ...SALARIE, diplome: 'aucun' },
    vers('R', { rienDAutre: true }),
  );
  for (const [categorie, diplome] of [
    ['C', 'cap-bep'],
    ['B', 'aucun'],
  ] as const)
    yield ligne(
      `agent ${categorie}, diplôme ${diplome}`,
      { ...AUCUN, activite: 'agent-public', versant: 'territoriale', categorie, diplome },
      {
        type: 'oriente',
        relais: ['centre-de-gestion', 'employeur-public'],
        vigilances: ['agent-public'],
        rienDAutre: true,
      },
    );
  yield ligne(
    'agent A+',
    { ...AUCUN, activite: 'agent-public', versant: 'territoriale', categorie: 'A+' },
    {
      type: 'oriente',
      relais: ['cnfpt', 'employeur-public'],
      vigilances: ['agent-public'],
      rienDAutre: true,
    },
  );
  yield ligne(
    'agent en fin de contrat passée',
    { ...AUCUN, activite: 'agent-public', versant: 'etat', finContrat: '2026-11-19' },
    vers('F', { regles: ['france-travail-agent-fin-contrat'] }),
  );
  yield ligne(
    'agent en fin de contrat et inscrit',
    {
      ...AUCUN,
      activite: 'agent-public',
      versant: 'etat',
      finContrat: 'preavis',
      inscritFranceTravail: 'oui',
    },
    vers('F', { regles: ['france-travail-agent-inscrit'], sansRegles: ['france-travail-agent-fin-contrat'] }),
  );
  yield ligne(
    'agent inscrit en inaptitude : Cap emploi après son employeur, France Travail d’abord',
    {
      ...AUCUN,
      activite: 'agent-public',
      versant: 'etat',
      inaptitude: 'crainte',
      inscritFranceTravail: 'oui',
    },
    vers('FC'),
  );
  yield ligne(
    'agent en fin de contrat, handicap',
    { ...AUCUN, activite: 'agent-public', versant: 'etat', finContrat: 'preavis', handicap: 'oui' },
    vers('FC'),
  );
  for (const activite of ['agent-public', 'independant'] as const)
    yield ligne(
      `${activite} qui a donné sa démission`,
      {
        ...AUCUN,
        activite,
        ...(activite === 'agent-public' ? { versant: 'etat' as const } : {}),
        projetDemission: 'oui',
        finContrat: 'preavis',
      },
      { type: 'oriente', vigilances: ['demission-exclue'], sansRegles: ['demission-exclue-donnee'] },
    );
  for (const emploiOccupe of ['public', 'independant'] as const)
    yield ligne(
      `retraité ${emploiOccupe} qui veut démissionner`,
      {
        ...AUCUN,
        activite: 'retraite',
        emploiOccupe,
        ...(emploiOccupe === 'public' ? { versant: 'etat' as const } : {}),
        projetDemission: 'oui',
      },
      { type: 'oriente', vigilances: ['demission-exclue', 'demission'], sansRegles: ['vigilance-demission'] },
    );
  yield ligne(
    'retraité sans emploi, demande de démission',
    { ...AUCUN, activite: 'retraite', emploiOccupe: 'aucun', rechercheEmploi: 'oui' },
    vers('F', { vigilances: ['demission-exclue'], sansVigilances: ['demission'] }),
    { demande: 'demissionner' },
  );
  yield ligne(
    'étudiant sans emploi, demande de démission',
    { ...ETU, age: 30, rechercheEmploi: 'oui' },
    vers('F', { vigilances: ['demission-exclue'], sansVigilances: ['demission'] }),
    { demande: 'demissionner' },
  );
  yield ligne(
    'indépendant à Mayotte qui parle de démission',
    { ...AUCUN, activite: 'independant', projetDemission: 'oui' },
    vers('R', { sansVigilances: ['demission-anciennete'] }),
    { commune: '97611' },
  );
  yield ligne(
    'CDD à Mayotte qui veut démissionner',
    { ...SALARIE, contrat: 'cdd', projetDemission: 'oui' },
    vers('R', { sansVigilances: ['demission-anciennete'] }),
    { commune: '97611' },
  );
  yield ligne(
    'salarié à Mayotte qui ne démissionne pas',
    { ...SALARIE, contrat: 'cdi' },
    vers('R', { rienDAutre: true }),
    { commune: '97611' },
  );
  yield ligne(
    'CDI à Mayotte : une seule ancienneté',
    { ...SALARIE, contrat: 'cdi', projetDemission: 'oui' },
    vers('R', { sansRegles: ['vigilance-demission-anciennete'] }),
    { commune: '97611' },
  );
  yield ligne(
    'CDI à Lille : une seule ancienneté',
    { ...SALARIE, contrat: 'cdi', projetDemission: 'oui' },
    vers('R', { sansRegles: ['vigilance-demission-anciennete-mayotte'] }),
    { commune: '59350' },
  );
  for (const activite of ['independant', 'sans-emploi', 'agent-public'] as const)
    yield ligne(
      `financer un projet, ${activite}`,
      { ...AUCUN, activite, versant: 'etat', rechercheEmploi: 'oui', cadre: 'non', age: 40 },
      { type: 'oriente', sansVigilances: ['c2p'], sansRelais: ['compte-prevention'] },
      { demande: 'financer-un-projet' },
    );
  yield ligne(
    'agent public avec des freins, 20 ans',
    { ...AUCUN, activite: 'agent-public', versant: 'etat', freins: 'oui', age: 20 },
    { type: 'oriente', operateurs: [] },
  );
  yield ligne(
    'agent public apprenti, 20 ans',
    { ...AUCUN, activite: 'agent-public', versant: 'etat', contrat: 'apprentissage', age: 20 },
    { type: 'oriente', operateurs: [], sansRelais: ['cfa'] },
  );
  yield ligne(
    'agent public en insertion',
    { ...AUCUN, activite: 'agent-public', versant: 'etat', contrat: 'insertion' },
    { type: 'oriente', sansVigilances: ['double-accompagnement'] },
  );
  for (const suspension of ['conge-parental', 'activite-partielle', 'reclassement-mobilite'] as const)
    yield ligne(
      `agent public, ${suspension}`,
      { ...AUCUN, activite: 'agent-public', versant: 'etat', suspension },
      {
        type: 'oriente',
        relais: ['conseiller-mobilite-carriere', 'employeur-public'],
        vigilances: ['agent-public'],
        rienDAutre: true,
      },
    );
  yield ligne(
    'agent public en préavis',
    { ...AUCUN, activite: 'agent-public', versant: 'etat', finContrat: 'preavis' },
    { type: 'oriente', sansVigilances: ['agir-vite'] },
  );
  yield ligne(
    'indépendant en CSP : les réponses se contredisent, l’activité dite l’emporte',
    { ...AUCUN, activite: 'independant', csp: 'oui' },
    vers('R'),
  );
  yield ligne(
    'étudiant retraité d’une petite activité publique, inscrit',
    {
      ...AUCUN,
      activite: 'sans-emploi',
      emploiOccupe: 'public',
      inscritFranceTravail: 'oui',
      age: 40,
      cadre: 'non',
    },
    vers('F', { sansRegles: ['activite-reduite', 'regional-petite-activite'] }),
  );
  yield ligne(
    'petite activité, suivi par l’Apec',
    { ...SANS, emploiOccupe: 'prive', age: 40, accompagnement: 'apec' },
    vers('AFR'),
  );
  yield ligne(
    'indépendant inscrit',
    { ...AUCUN, activite: 'independant', inscritFranceTravail: 'oui' },
    vers('FR', { regles: ['activite-reduite', 'regional-independant'] }),
  );
  yield ligne(
    'non inscrit mais salarié',
    { ...SALARIE, inscritFranceTravail: 'non' },
    vers('R', { rienDAutre: true }),
  );
  yield ligne(
    'retraité en emploi, ne cherche pas',
    { ...AUCUN, activite: 'retraite', emploiOccupe: 'prive' },
    vers('R', { rienDAutre: true }),
  );
  yield ligne(
    'sans emploi, pas inscrit, ne cherche pas mais suivi',
    {
      ...SANS,
      rechercheEmploi: 'non',
      inscritFranceTravail: 'non',
      age: 20,
      diplome: 'bac',
      accompagnement: 'mission-locale',
    },
    vers('MF', { vigilances: ['continuite', 'double-accompagnement', 'inscription'], rienDAutre: true }),
  );
  yield ligne(
    'jeune de 20 ans, pas inscrit, ne cherche pas',
    { ...SANS, rechercheEmploi: 'non', inscritFranceTravail: 'non', age: 20 },
    vers('M', { rienDAutre: true }),
  );
}

/** One line per way a rule could be spoilt that nothing else showed. */
function* gardeFous(): Generator<Scenario> {
  const AGENT: Profil = { ...AUCUN, activite: 'agent-public', versant: 'etat' };
  const INDEPENDANT: Profil = { ...AUCUN, activite: 'independant' };
  const CDI: Profil = { ...SALARIE, contrat: 'cdi', projetDemission: 'oui' };
  const CSP: Profil = { ...SANS, csp: 'oui', inscritFranceTravail: 'non', rechercheEmploi: 'non', age: 40 };
  const ETU: Profil = { ...AUCUN, activite: 'etudiant', inscritFranceTravail: 'oui', projetDemission: 'non' };
  yield ligne(
    'agent en préavis, inaptitude',
    { ...AGENT, finContrat: 'preavis', inaptitude: 'crainte' },
    vers('CF'),
  );
  yield ligne('indépendant handicapé', { ...INDEPENDANT, handicap: 'oui' }, vers('RC'));
  yield ligne(
    'cadre, petite activité',
    { ...SANS, cadre: 'oui', age: 40, emploiOccupe: 'prive' },
    vers('FAR'),
  );
  yield ligne(
    'ESAT, démarche passée à l’Apec',
    { ...SALARIE, esat: 'oui', demarcheAnterieure: { operateur: 'apec' } },
    { type: 'indecis', candidats: ['cap-emploi', 'apec'] },
  );
  yield ligne(
    '17 ans, scolarisé, démarche passée à l’Apec',
    { ...SANS, age: 17, formationInitiale: 'oui', demarcheAnterieure: { operateur: 'apec' } },
    vers('MA'),
  );
  yield ligne(
    'suivi par France Travail, plus inscrit',
    { ...SANS, age: 40, accompagnement: 'france-travail', inscritFranceTravail: 'non' },
    vers('F', { sansRegles: ['continuite-france-travail'] }),
  );
  yield ligne(
    '29 ans, handicap, suivi par la mission locale',
    { ...SALARIE, age: 29, handicap: 'oui', projetDemission: 'non', accompagnement: 'mission-locale' },
    vers('MRC', { sansRegles: ['continuite-mission-locale-26'] }),
  );
  yield ligne(
    'démission en CDI : un seul avertissement',
    CDI,
    vers('R', { sansRegles: ['vigilance-demission-fermee'] }),
  );
  for (const profil of [AGENT, INDEPENDANT])
    yield ligne(
      `démission, ${profil.activite ?? ''}`,
      { ...profil, projetDemission: 'oui' },
      { type: 'oriente', regles: ['vigilance-demission-fermee'], sansRegles: ['vigilance-demission'] },
    );
  yield ligne(
    'CDI et micro-entreprise, démission',
    { ...CDI, emploiOccupe: 'independant' },
    vers('R', { regles: ['vigilance-demission'] }),
  );
  yield ligne(
    'CDI et emploi occupé « aucun », démission',
    { ...CDI, emploiOccupe: 'aucun' },
    vers('R', { regles: ['vigilance-demission'] }),
  );
  yield ligne(
    'CSP, demande de démission',
    { ...CSP, inscritFranceTravail: 'oui' },
    vers('F', { regles: ['demission-exclue-sans-contrat'], sansRegles: ['demission-exclue-donnee'] }),
    { demande: 'demissionner' },
  );
  yield ligne(
    'étudiant qui ne cherche pas : on demande s’il travaille',
    { activite: 'etudiant', rechercheEmploi: 'non' },
    { type: 'a-completer', champs: ['emploiOccupe'] },
  );
  yield ligne(
    'CSP, pas encore inscrit, ne cherche pas',
    CSP,
    vers('F', { vigilances: ['droits-obligations'] }),
  );
  yield ligne(
    'CSP après l’échéance, pas inscrit',
    { ...CSP, rechercheEmploi: 'non' },
    vers('F', { regles: ['recherche-emploi'] }),
    { le: '2027-02-01' },
  );
  yield ligne(
    'sorti d’ESAT, ne cherche pas',
    { ...SANS, rechercheEmploi: 'non', age: 40, esat: 'oui' },
    { type: 'indecis', candidats: ['cap-emploi'] },
  );
  yield ligne(
    'étudiant salarié de 20 ans sorti de l’école, inscrit',
    { ...ETU, emploiOccupe: 'prive', formationInitiale: 'non', age: 20 },
    vers('FR'),
  );
  yield ligne('étudiant salarié de 17 ans, inscrit', { ...ETU, emploiOccupe: 'prive', age: 17 }, vers('FR'));
  yield ligne(
    'CSP à 24 ans',
    { ...SANS, csp: 'oui', age: 24, diplome: 'bac' },
    vers('F', { sansRegles: ['france-travail-jeune'] }),
  );
  yield ligne(
    'retraité qui ne sait pas s’il cherche',
    { ...AUCUN, activite: 'retraite', emploiOccupe: 'aucun', rechercheEmploi: 'ne-sait-pas' },
    { type: 'indecis', candidats: ['france-travail'] },
  );
  yield ligne(
    '22 ans, Bac+3, on ne demande pas s’il cherche',
    { ...AUCUN, activite: 'sans-emploi', age: 22, diplome: 'bac+3-ou-plus' },
    vers('AMF'),
  );
  yield ligne(
    'salarié non cadre : une seule règle pour le régional',
    SALARIE,
    vers('R', { sansRegles: ['regional-cadre'] }),
  );
}

/** Which reason is given for each operator set aside. */
function* raisons(): Generator<Scenario> {
  const par = (ft: string, apec: string, ml: string, cap: string, regional: string): Attendu => ({
    type: 'oriente',
    ecartsPar: Object.fromEntries(
      OPERATEURS.map((o, i) => [o, [ft, apec, ml, cap, regional][i] ?? ''] as const).filter(
        ([, regle]) => regle !== '',
      ),
    ),
  });
  const RETRAITE: Profil = { ...AUCUN, activite: 'retraite', emploiOccupe: 'aucun', rechercheEmploi: 'oui' };
  const JEUNE: Profil = {
    ...SANS,
    rechercheEmploi: 'non',
    age: 20,
    diplome: 'bac',
    formationInitiale: 'non',
  };
  const indecis = (a: Attendu): Attendu => ({ ...a, type: 'indecis' });
  yield ligne(
    'salarié',
    SALARIE,
    par('ecart-ft-emploi', 'ecart-apec-non-cadre', 'ecart-ml-emploi', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'salarié de 40 ans',
    { ...SALARIE, age: 40 },
    par('ecart-ft-emploi', 'ecart-apec-non-cadre', 'ecart-ml-age', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'salarié de 25 ans',
    { ...SALARIE, age: 25 },
    par('ecart-ft-emploi', 'ecart-apec-non-cadre', 'ecart-ml-emploi', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'indépendant',
    { ...AUCUN, activite: 'independant' },
    par('ecart-ft-emploi', 'ecart-apec-independant', 'ecart-ml-emploi', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'agent',
    { ...AUCUN, activite: 'agent-public', versant: 'etat' },
    par('ecart-ft-agent', 'ecart-apec-agent', 'ecart-ml-emploi', 'ecart-cap-emploi', 'sans-opregional-agent'),
  );
  yield ligne(
    'retraité',
    RETRAITE,
    par('', 'ecart-apec-non-cadre', 'ecart-ml-retraite', 'ecart-cap-emploi', 'ecart-regional-sans-emploi'),
  );
  yield ligne(
    'retraité de 65 ans',
    { ...RETRAITE, age: 65 },
    par('', 'ecart-apec-non-cadre', 'ecart-ml-age', 'ecart-cap-emploi', 'ecart-regional-sans-emploi'),
  );
  yield ligne(
    'retraité en emploi',
    { ...AUCUN, activite: 'retraite', emploiOccupe: 'prive' },
    par('ecart-ft-emploi', 'ecart-apec-non-cadre', 'ecart-ml-emploi', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'jeune cadre qui ne cherche pas',
    { ...JEUNE, cadre: 'oui' },
    par('ecart-ft-jeune', 'ecart-apec-sans-recherche', '', 'ecart-cap-emploi', 'ecart-regional-sans-emploi'),
  );
  yield ligne(
    'jeune handicapé qui ne cherche pas',
    { ...JEUNE, handicap: 'oui' },
    par(
      'ecart-ft-jeune',
      'ecart-apec-non-cadre',
      '',
      'ecart-cap-emploi-sans-recherche',
      'ecart-regional-sans-emploi',
    ),
  );
  yield ligne(
    '25 ans, freins',
    { ...SANS, age: 25, diplome: 'bac', freins: 'oui' },
    par('ecart-ft-jeune', 'ecart-apec-non-cadre', '', 'ecart-cap-emploi', 'ecart-regional-sans-emploi'),
  );
  yield ligne(
    'petite activité sans recherche, 40 ans',
    { ...SANS, rechercheEmploi: 'non', age: 40, emploiOccupe: 'prive' },
    par('ecart-ft-sans-recherche', 'ecart-apec-non-cadre', 'ecart-ml-age', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'petite activité sans recherche, 20 ans, en études',
    { ...JEUNE, formationInitiale: 'oui', emploiOccupe: 'prive' },
    par('ecart-ft-jeune', 'ecart-apec-non-cadre', 'ecart-ml-scolaire', 'ecart-cap-emploi', ''),
  );
  yield ligne(
    'CSP cadre de 24 ans',
    { ...SANS, csp: 'oui', age: 24, cadre: 'oui', diplome: 'bac' },
    par('', 'ecart-apec-csp', 'ecart-ml-csp', 'ecart-cap-emploi', 'ecart-regional-sans-emploi'),
  );
  yield ligne(
    'ESAT',
    { ...SALARIE, esat: 'oui' },
    indecis(par('ecart-ft-emploi', 'ecart-apec-non-cadre', 'ecart-ml-emploi', '', 'ecart-regional-esat')),
  );
  yield ligne(
    'ESAT, cadre',
    { ...SALARIE, cadre: 'oui', esat: 'oui' },
    indecis(par('ecart-ft-emploi', 'ecart-apec-esat', 'ecart-ml-emploi', '', 'ecart-regional-esat')),
  );
  yield ligne(
    'sorti d’ESAT à 22 ans',
    { ...SANS, age: 22, diplome: 'bac', esat: 'oui' },
    indecis(par('ecart-ft-esat', 'ecart-apec-non-cadre', 'ecart-ml-esat', '', 'ecart-regional-sans-emploi')),
  );
  yield ligne(
    'étudiant sorti d’ESAT',
    { ...AUCUN, activite: 'etudiant', emploiOccupe: 'aucun', rechercheEmploi: 'oui', age: 30, esat: 'oui' },
    indecis(par('ecart-ft-esat', 'ecart-apec-non-cadre', 'ecart-ml-age', '', 'ecart-regional-sans-emploi')),
  );
  yield ligne(
    'retraité d’ESAT',
    { ...RETRAITE, esat: 'oui' },
    indecis(
      par('ecart-ft-esat', 'ecart-apec-non-cadre', 'ecart-ml-retraite', '', 'ecart-regional-sans-emploi'),
    ),
  );
}

export function lireBornes(): readonly Scenario[] {
  const ETUDIANT: Profil = {
    ...AUCUN,
    activite: 'etudiant',
    emploiOccupe: 'aucun',
    rechercheEmploi: 'oui',
    diplome: 'bac',
  };
  return [
    ...parAge('sans emploi', { ...SANS, diplome: 'bac' }, AGES),
    ...parAge('sans emploi, handicap', { ...SANS, diplome: 'bac', handicap: 'oui' }, AGES_HANDICAP),
    ...parAge('sans emploi, Bac+3', { ...SANS, diplome: 'bac+3-ou-plus' }, AGES_BAC3),
    ...parAge('étudiant en recherche', ETUDIANT, AGES_ETUDIANT),
    ...parAge('scolarisé, se dit sans emploi', { ...SANS, diplome: 'bac', formationInitiale: 'oui' }, [
      [16, 'M'],
      [17, 'M'],
      [18, 'MF'],
      [25, 'MF'],
      [26, 'F'],
    ]),
    ...parAge(
      'salarié avec des freins',
      { ...SALARIE, freins: 'oui', projetDemission: 'non' },
      AGES_EN_EMPLOI,
    ),
    ...parAge('apprenti', { ...SALARIE, contrat: 'apprentissage' }, AGES_EN_EMPLOI),
    ...parAge('en professionnalisation', { ...SALARIE, contrat: 'professionnalisation' }, AGES_EN_EMPLOI),
    ...parAge(
      'salarié suivi par la mission locale',
      { ...SALARIE, projetDemission: 'non', accompagnement: 'mission-locale' },
      AGES_SUIVI,
    ),
    ...parAge(
      'salarié handicapé suivi par la mission locale',
      { ...SALARIE, projetDemission: 'non', accompagnement: 'mission-locale', handicap: 'oui' },
      AGES_SUIVI_HANDICAP,
    ),
    ...contrats(),
    ...territoires(),
    ...accompagnements(),
    ...situations(),
    ...gardeFous(),
    ...raisons(),
  ];
}
