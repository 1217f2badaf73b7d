import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comprendre, LONGUEUR_LUE } from '../../../knowledge/langage/index.ts';

const LE = '2026-11-21';
const lire = (texte: string) => comprendre(texte, { le: LE });
const PHRASE = 'je suis caissière à Lille, j’ai 34 ans et je voudrais devenir aide-soignante';

/** What the plain sentence says; every way of writing it must say the same. */
const ATTENDU = { demande: 'changer-de-metier', age: 34, commune: '59350', vise: 'J1501' };
function dit(texte: string): Readonly<Record<string, unknown>> {
  const lu = lire(texte);
  return {
    demande: lu.demande,
    age: lu.profil.age,
    commune: lu.commune,
    vise: lu.metiers.find((m) => m.role === 'vise')?.rome,
  };
}

describe('la même phrase, écrite comme on écrit', () => {
  test.each([
    ['telle quelle', PHRASE],
    ['en capitales', PHRASE.toUpperCase()],
    ['sans accents', PHRASE.normalize('NFD').replaceAll(/\p{M}/gu, '')],
    ['avec des emojis', `😩 ${PHRASE} 🙏🙏`],
    ['avec des caractères invisibles', PHRASE.replaceAll(' ', ' \u200B')],
    ['avec du HTML', `<p>${PHRASE.replace('caissière', '<b>caissière</b>')}</p>`],
    ['avec des espaces insécables', PHRASE.replaceAll(' ', '\u00A0')],
    ['avec des retours à la ligne', PHRASE.replaceAll(', ', '\n')],
    [
      'dictée, sans ponctuation',
      'bonjour alors voilà je suis caissière à lille j ai trente quatre ans et euh je voudrais devenir aide soignante voilà',
    ],
    ['en accents décomposés', PHRASE.normalize('NFD')],
    ['avec une apostrophe droite', PHRASE.replaceAll('’', "'")],
  ])('%s', (_, texte) => {
    expect(dit(texte)).toEqual(ATTENDU);
  });

  test('au milieu d’une histoire de deux mille caractères', () => {
    const histoire =
      'Ça fait longtemps que j’y pense, avec les enfants, la maison et tout le reste on repousse toujours. '.repeat(
        9,
      );
    expect(dit(`${histoire}${PHRASE}. ${histoire}`.slice(0, 2000))).toEqual(ATTENDU);
  });

  test('tout collé : rien n’est inventé', () => {
    const lu = lire('jesuiscaissierealilleetjeveuxchanger');
    expect(lu.commune).toBeNull();
    expect(lu.profil).toEqual({});
  });
});

describe('ce qui n’est pas pour nous', () => {
  test.each([
    ['Hello, I am looking for a job in Paris and I do not speak French', 'en'],
    ['Hola, busco trabajo en Francia y no hablo francés', 'es'],
    ['مرحبا أبحث عن عمل', 'ar'],
    ['你好，我在找工作', 'zh'],
  ])('« %s » : la langue est reconnue', (texte, langue) => {
    expect(lire(texte).langue).toBe(langue);
  });

  test.each(['', '   ', '\u200B\u200B', '???', '....', '🙂🙂🙂'])('« %s » ne dit rien', (texte) => {
    const lu = lire(texte);
    expect(lu.demande).toBeUndefined();
    expect(lu.profil).toEqual({});
  });

  test('n’importe quel texte se lit sans erreur, et ne dit jamais plus que ses mots', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (texte) => {
        const lu = lire(texte);
        expect(lu.metiers.length).toBeLessThan(20);
        expect(lu.confiance).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  test('au-delà de ce qui est lu, rien ne compte', () => {
    expect(lire('a '.repeat(LONGUEUR_LUE) + PHRASE).commune).toBeNull();
  });
});
