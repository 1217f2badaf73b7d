import { describe, expect, test } from 'vitest';
import { comprendre } from '../../../knowledge/langage/index.ts';

const lire = (texte: string, question?: string) =>
  comprendre(texte, { le: '2026-11-21', ...(question === undefined ? {} : { question }) });

describe('les personnes de tous les jours, avec leurs mots', () => {
  test('caissière à Lille : lasse, pas en détresse', () => {
    const lu = lire('je suis caissière à Lille, j’en peux plus, je voudrais devenir aide-soignante');
    expect(lu.demande).toBe('changer-de-metier');
    expect(lu.profil.activite).toBe('salarie-prive');
    expect(lu.commune).toBe('59350');
    expect(lu.metiers.map((m) => [m.libelle, m.role])).toEqual([
      ['caissière', 'actuel'],
      ['aide-soignante', 'vise'],
    ]);
    expect(lu.alerte).toBeUndefined();
    expect(lu.indices.some((i) => i.sujet === 'lassitude')).toBe(true);
  });

  test('cadre à Nantes', () => {
    const lu = lire(
      'je suis cadre en CDI dans une boîte privée à Nantes et je voudrais faire le point sur ma carrière',
    );
    expect(lu.demande).toBe('faire-le-point');
    expect(lu.profil).toEqual({ activite: 'salarie-prive', contrat: 'cdi', cadre: 'oui' });
    expect(lu.commune).toBe('44109');
  });

  test('dix-neuf ans, sans diplôme, à Charleville-Mézières', () => {
    const lu = lire('g 19 ans jai pas de diplome et je trouve pas de taf a charleville mezieres');
    expect(lu.demande).toBe('trouver-un-emploi');
    expect(lu.profil).toEqual({ activite: 'sans-emploi', rechercheEmploi: 'oui', diplome: 'aucun', age: 19 });
    expect(lu.commune).toBe('08105');
  });

  test('demandeuse d’emploi handicapée à Tarbes', () => {
    const lu = lire(
      'je suis au chômage, inscrite à France Travail, j’ai une RQTH et j’habite à Tarbes, je cherche du travail',
    );
    expect(lu.profil).toEqual({
      activite: 'sans-emploi',
      inscritFranceTravail: 'oui',
      rechercheEmploi: 'oui',
      handicap: 'oui',
    });
    expect(lu.commune).toBe('65440');
  });

  test('infirmière à l’hôpital public de Tours', () => {
    const lu = lire(
      'je suis infirmière titulaire à l’hôpital public de Tours et je voudrais changer de métier',
    );
    expect(lu.demande).toBe('changer-de-metier');
    expect(lu.profil).toEqual({ activite: 'agent-public', versant: 'hospitaliere' });
    expect(lu.commune).toBe('37261');
  });

  test('retraité à La Rochelle qui cherche quelques heures', () => {
    const lu = lire(
      'je suis retraité à La Rochelle, ma pension est petite et je cherche quelques heures de travail',
    );
    expect(lu.demande).toBe('trouver-un-emploi');
    expect(lu.profil).toEqual({ activite: 'retraite', rechercheEmploi: 'oui' });
    expect(lu.commune).toBe('17300');
  });

  test('lycéen', () => {
    const lu = lire('je suis au lycée en seconde et je sais pas quoi faire comme orientation après');
    expect(lu.profil).toEqual({ activite: 'etudiant', formationInitiale: 'oui' });
  });
});

describe('une réponse courte se lit avec la question ouverte', () => {
  test.each([
    ['oui', 'cadre', { cadre: 'oui' }],
    ['non pas du tout', 'cadre', { cadre: 'non' }],
    ['non je ne suis pas cadre', 'cadre', { cadre: 'non' }],
    ['23', 'age', { age: 23 }],
    ['vingt-trois ans', 'age', { age: 23 }],
    ['aucune idée', 'cadre', { cadre: 'ne-sait-pas' }],
    ['je préfère ne pas répondre', 'handicap', { handicap: 'prefere-ne-pas-dire' }],
    ['personne', 'accompagnement', { accompagnement: 'aucun' }],
    ['privé', 'activite', { activite: 'salarie-prive' }],
  ])('« %s » à la question « %s »', (texte, question, profil) => {
    const lu = lire(texte, question);
    expect(lu.profil).toEqual(profil);
    expect(lu.commande).toBeUndefined();
  });

  test('sans question ouverte, « oui » ne veut rien dire', () => {
    const lu = lire('oui');
    expect(lu.profil).toEqual({});
    expect(lu.demande).toBeUndefined();
  });
});
