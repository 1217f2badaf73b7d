import { describe, expect, test } from 'vitest';
import { comprendre, listeFaq, repondreFaq, reponseAlerte } from '../../../knowledge/langage/index.ts';
import { ALERTES } from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-21';

describe('questions posées au milieu de tout', () => {
  test.each([
    ['c’est payant ?', 'gratuit'],
    ['c koi le cep', 'cep-definition'],
    ['est-ce que mon patron va savoir que je prends un conseil ?', 'employeur-informe'],
    ['France Travail va-t-il me sanctionner ?', 'ft-sanction'],
    ['qui va lire ce que j’écris ?', 'confidentialite'],
    ['comment faire une réclamation ?', 'reclamation'],
    ['CEP ou bilan de compétences ?', 'cep-bilan'],
    ['on m’a appelé pour vider mon CPF, c’est une arnaque ?', 'arnaque-cpf'],
    ['mon référent c’est pareil que le CEP ?', 'referent-cep'],
    ['peut-on aller directement au niveau 2 ?', 'niveau-2'],
    ['j’ai des points pénibilité, ça sert à quoi ?', 'c2p'],
    ['si je démissionne j’ai le chômage ?', 'demission-reconversion'],
    ['vous êtes un robot ?', 'robot'],
  ])('« %s »', (texte, id) => {
    expect(comprendre(texte, { le: LE }).faq).toBe(id);
  });

  test('un récit n’est pas une question', () => {
    expect(comprendre('je suis en CSP depuis lundi', { le: LE }).faq).toBeUndefined();
    expect(comprendre('je veux démissionner pour devenir coiffeuse', { le: LE }).faq).toBeUndefined();
  });

  test('au moins soixante réponses, chacune en deux registres, sourcée et datée', () => {
    const liste = listeFaq();
    expect(liste.length).toBeGreaterThanOrEqual(60);
    for (const { id, verifieLe } of liste) {
      const standard = repondreFaq(id, 'standard');
      const falc = repondreFaq(id, 'falc');
      expect(standard.texte, id).not.toBe(falc.texte);
      expect(standard.sources.length, id).toBeGreaterThan(0);
      expect(verifieLe, id).toMatch(/^2026-/u);
    }
  });

  test('facile à lire : quinze mots par phrase au plus, en moyenne moins de dix', () => {
    const longueurs = listeFaq().flatMap(({ id }) =>
      repondreFaq(id, 'falc')
        .texte.split(/(?<=[.!?])\s+/u)
        .map((p) => ({ id, p, mots: p.split(/\s+/u).filter((m) => /\p{L}|\p{N}/u.test(m)).length })),
    );
    expect(longueurs.filter((l) => l.mots > 15)).toEqual([]);
    expect(longueurs.reduce((s, l) => s + l.mots, 0) / longueurs.length).toBeLessThan(10);
  });

  test('une question inconnue est un défaut de l’appelant', () => {
    expect(() => repondreFaq('inconnue', 'standard')).toThrow(/Question inconnue/u);
  });
});

describe('réponse à une alerte', () => {
  test('des numéros à appeler, dans les deux registres', () => {
    expect(reponseAlerte('detresse', 'standard')).toMatch(/3114[\s\S]*15[\s\S]*114/u);
    expect(reponseAlerte('detresse', 'falc')).toMatch(/3114[\s\S]*114/u);
    expect(reponseAlerte('violence', 'standard')).toMatch(/17[\s\S]*3919[\s\S]*119/u);
    expect(reponseAlerte('expulsion', 'standard')).toMatch(/115[\s\S]*ADIL/u);
    expect(reponseAlerte('harcelement', 'standard')).toMatch(/3928/u);
    for (const alerte of ALERTES) expect(reponseAlerte(alerte, 'falc').length).toBeGreaterThan(50);
  });
});
