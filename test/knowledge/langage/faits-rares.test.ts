import { describe, expect, test } from 'vitest';
import { comprendre } from '../../../knowledge/langage/index.ts';

describe('« on m’a renvoyé » : par qui', () => {
  test.each([
    ['on m’a renvoyé de France Travail vers la mission locale', ['france-travail']],
    ['pole emploi me dit d aller a l apec et l apec me renvoie, ki decide', ['france-travail', 'apec']],
    ['cap emploi veut pas m’aider', ['cap-emploi']],
    ['l’apec m’a refusée, je suis pas cadre', ['apec']],
    ['avenir actifs m’a dit qu’ils ne pouvaient rien pour moi', ['operateur-regional']],
    ['j’en ai marre d’être baladée entre France Travail et Cap emploi', ['france-travail', 'cap-emploi']],
    ['la mission locale refuse de me recevoir', ['mission-locale']],
  ])('%s', (phrase, attendus) => {
    expect(comprendre(phrase, { le: '2026-11-21' }).profil.refusePar).toEqual(attendus);
  });

  test.each([
    'pole emploi refuse ma formation, le cpf ne suffit pas',
    'la mission locale m’a envoyé vers une formation',
    'j’ai été renvoyé par mon employeur',
    'la mission locale m’a dit de refaire mon cv',
    'France Travail m’a refusé une formation',
  ])('rien dans « %s »', (phrase) => {
    expect(comprendre(phrase, { le: '2026-11-21' }).profil.refusePar).toBeUndefined();
  });
});

describe('jusqu’où la personne peut aller', () => {
  test.each([
    ['je peux travailler dans toute la région', 'region'],
    ['je ne veux pas bouger', 'commune'],
    ['je voudrais rester dans ma ville', 'commune'],
    ['mobile sur tout le département', 'departement'],
    ['mon poste ne bouge pas depuis huit ans', undefined],
  ])('%s', (phrase, attendu) => {
    expect(comprendre(phrase, { le: '2026-11-21' }).profil.mobilite).toBe(attendu);
  });
});
