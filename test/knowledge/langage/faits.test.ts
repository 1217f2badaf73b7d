import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comprendre } from '../../../knowledge/langage/index.ts';
import { lireProfil } from '../../../knowledge/vocabulaire/index.ts';

const lire = (texte: string, question?: string) =>
  comprendre(texte, { le: '2026-11-21', ...(question === undefined ? {} : { question }) });
const profil = (texte: string) => lire(texte).profil;

describe('pièges du métier', () => {
  test.each([
    ['dans le cadre de mon travail je conduis', {}],
    ['je vends des cadres photo', {}],
    ['je cherche un cadre de vie plus calme', {}],
    ['je suis cadre', { cadre: 'oui' }],
    ['je ne suis pas cadre', { cadre: 'non' }],
    ['agent de maîtrise', { cadre: 'non' }],
    ['je suis directeur commercial', {}],
    ['je veux passer cadre', {}],
    ['j’étais cadre', {}],
    ['je ne sais pas si je suis cadre', { cadre: 'ne-sait-pas' }],
    ['ma femme est cadre et moi je cherche du travail', { rechercheEmploi: 'oui' }],
    ['j’ai un CAP', { diplome: 'cap-bep' }],
    ['je suis suivie par Cap emploi', { accompagnement: 'cap-emploi' }],
    ['je voudrais passer un CAP', {}],
    ['je suis en arrêt maladie', { suspension: 'arret-maladie' }],
    ['arrêt de mon contrat', {}],
    ['je travaille dans un Ehpad', {}],
    ['je suis aide à domicile', {}],
    ['je travaille à La Poste', {}],
    ['j’ai été licencié la semaine dernière', {}],
    ['je suis dans la région 44', {}],
    ['je vais démissionner', { projetDemission: 'oui' }],
    ['je ne veux pas démissionner', { projetDemission: 'non' }],
    ['plus étudiant depuis juin', { formationInitiale: 'non' }],
    ['pas encore inscrit à Pôle emploi', { inscritFranceTravail: 'non' }],
    ['mon contrat se termine en août', {}],
    ['mon contrat se termine le 31 août', { finContrat: '2027-08-31' }],
    ['chômage partiel depuis mars', { suspension: 'activite-partielle' }],
    ['je voudrais toucher le chômage', {}],
    ['je travaille avec des personnes handicapées', {}],
    ['j’ai demandé une RQTH', {}],
    ['mon permis B', {}],
    [
      'j’ai un master et aucune réponse à mes candidatures',
      { activite: 'sans-emploi', rechercheEmploi: 'oui', diplome: 'bac+3-ou-plus' },
    ],
    ['pas de rendez-vous avec mon conseiller FT depuis 5 mois', { inscritFranceTravail: 'oui' }],
    ['je suis prof, je veux quitter l’Éducation nationale', { activite: 'agent-public', versant: 'etat' }],
    ['je suis en L2', { activite: 'etudiant', formationInitiale: 'oui' }],
    [
      'demandeur d’emploi sourd, j’ai besoin d’un interprète en LSF',
      { activite: 'sans-emploi', rechercheEmploi: 'oui', handicap: 'oui', besoinsAcces: ['lsf'] },
    ],
    ['travailleuse en Esat', { esat: 'oui', handicap: 'oui' }],
    ['j’ai fait une demande à la mairie', {}],
  ])('« %s »', (texte, attendu) => {
    expect(profil(texte)).toEqual(attendu);
  });

  test.each([
    ['j’ai vingt-trois ans', 23],
    ['bientôt 26 ans', 25],
    ['j’ai 26 ans depuis hier', 26],
    ['25 ans et 11 mois', 25],
    ['g 17 an', 17],
    ['quatre-vingt-un ans', 81],
    ['j’ai 10 ans d’expérience', undefined],
    ['en CDI depuis huit ans', undefined],
    ['plus de 50 ans', undefined],
    ['il y a un an', undefined],
    ['j’ai arrêté l’école à seize ans', undefined],
    ['né le 29/02/2004', 22],
  ])('âge dans « %s » : %s', (texte, age) => {
    expect(profil(texte).age).toBe(age);
  });

  test('le proche dont on parle, et rien de lui quand on parle de soi', () => {
    expect(profil('mon fils de 17 ans a arrêté l’école')).toEqual({
      pour: 'proche',
      age: 17,
      formationInitiale: 'non',
    });
    expect(profil('je suis salarié, mon fils de 17 ans est au lycée').age).toBeUndefined();
    expect(profil('mon patron est handicapé')).toEqual({});
  });

  test('deux dires opposés sont dits, pas choisis', () => {
    const lu = lire('je suis salarié du privé et au chômage');
    expect(lu.profil.activite).toBeUndefined();
    expect(lu.contradictions).toContain('activite');
  });

  test('deux emplois à la fois : on demandera lequel', () => {
    expect(profil('je suis salarié et auto-entrepreneur').activite).toBeUndefined();
  });
});

describe('détresse : entendue dite ou pas dite, jamais pour une fatigue', () => {
  test.each([
    'j’ai envie d’en finir avec ce travail et avec tout le reste',
    'je veux dormir et ne plus jamais me réveiller',
    'à quoi bon continuer',
    'j’en peux plus de vivre',
    'ils seraient mieux sans moi',
    'jveu mourrir',
    'je pense à me foutre en l’air',
  ])('« %s »', (texte) => {
    expect(lire(texte).alerte).toBe('detresse');
  });

  test.each([
    'j’en peux plus de ce boulot',
    'je veux en finir avec les CDD',
    'ce métier me tue',
    'je meurs de faim à midi',
    'je suis au bout du rouleau au travail',
    'j’ai la boule au ventre',
    'je voudrais travailler dans la prévention du suicide',
    'mon métier va disparaître',
  ])('pas d’alarme : « %s »', (texte) => {
    expect(lire(texte).alerte).toBeUndefined();
  });
});

describe('commandes', () => {
  test.each([
    ['aide', 'aide'],
    ['retour', 'retour'],
    ['je me suis trompé', 'corriger'],
    ['recommencer', 'recommencer'],
    ['pourquoi cette question ?', 'pourquoi'],
    ['je comprends pas', 'simplifier'],
    ['effacer mes données', 'effacer'],
    ['que savez-vous de moi ?', 'mes-donnees'],
    ['je veux parler à un conseiller', 'conseiller'],
    ['où en est ma demande ?', 'suivi'],
  ])('« %s »', (texte, commande) => {
    expect(lire(texte).commande).toBe(commande);
  });

  test.each([
    'je veux effacer mon échec et changer de métier',
    'pourquoi je suis fatigué de mon travail',
    'je veux aider les autres',
  ])('un récit n’est pas une commande : « %s »', (texte) => {
    expect(lire(texte).commande).toBeUndefined();
  });
});

describe('textes hostiles', () => {
  test('rien ne fait tomber la lecture, et le profil est toujours permis', () => {
    const morceaux = fc.constantFrom(
      'je ',
      'suis ',
      'pas ',
      'cadre ',
      '26 ans ',
      'bientôt ',
      'mon fils ',
      'CDI ',
      'chômage ',
      'si ',
      '. ',
      ', ',
      '? ',
      'RQTH ',
      'à Lille ',
      '🙂',
      '\u200B',
      '<b>',
      'inscrit à Pôle emploi ',
      'démissionner ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(morceaux, fc.string({ maxLength: 8 })), { maxLength: 40 }), (mots) => {
        const lu = lire(mots.join(''));
        expect(lireProfil(lu.profil).ok).toBe(true);
        expect(lu.confiance).toBeGreaterThanOrEqual(0);
        expect(lu.confiance).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    'a'.repeat(100_000),
    'je suis '.repeat(12_500),
    'pas '.repeat(25_000),
    '<'.repeat(100_000),
    '1 '.repeat(50_000),
  ])('100 ko coûtent à peine plus que 10 ko : « %.12s »', (texte) => {
    // Two readings side by side, the best of five each: the machine may be busy, the cost may not grow with the text.
    const duree = (t: string): number =>
      Math.min(
        ...[1, 2, 3, 4, 5].map(() => {
          const debut = performance.now();
          lire(t);
          return performance.now() - debut;
        }),
      );
    expect(duree(texte) / (duree(texte.slice(0, 10_000)) + 1)).toBeLessThan(5);
  });

  test('majuscules, invisibles, HTML : la même lecture', () => {
    const attendu = profil('je suis cadre au chômage');
    expect(profil('JE SUIS CADRE AU CHÔMAGE')).toEqual(attendu);
    expect(profil('je su\u200Bis ca\u200Bdre au chô\u200Bmage')).toEqual(attendu);
    expect(profil('<p>je suis <b>cadre</b> au chômage</p>')).toEqual(attendu);
  });
});
