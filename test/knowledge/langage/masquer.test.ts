import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comprendre, masquer } from '../../../knowledge/langage/index.ts';

describe('masquer', () => {
  test.each([
    ['mon numéro de sécu est 2 85 05 78 006 084 36', 'nir', '006'],
    ['285057800608436', 'nir', '285'],
    ['1.85.12.2A.123.456.78 voilà', 'nir', '123'],
    ['carte 4242 4242 4242 4242 merci', 'carte-bancaire', '4242'],
    ['4111-1111-1111-1111', 'carte-bancaire', '1111'],
    ['FR76 3000 6000 0112 3456 7890 189', 'iban', '3000'],
    ['fr7630006000011234567890189', 'iban', '3000'],
    ['FR76 3000 6000 0112 3456 7890', 'iban', '3000'],
    ['BE68 5390 0754 7034', 'iban', '5390'],
    ['écrivez-moi à nadia.b@exemple.fr', 'courriel', 'nadia'],
    ['nadia arobase exemple point fr', 'courriel', 'nadia'],
    ['mon tel 06 12 34 56 78', 'telephone', '34'],
    ['0612345678', 'telephone', '0612'],
    ['+33 6 12 34 56 78', 'telephone', '34'],
    ['06.12.34.56.78', 'telephone', '34'],
    ['06\u200B12\u200B34\u200B56\u200B78', 'telephone', '34'],
    ['+32 470 12 34 56', 'telephone', '470'],
  ])('« %s » : %s', (texte, nature, reste) => {
    const lu = masquer(texte);
    expect(lu.masques).toContain(nature);
    expect(lu.texte).not.toContain(reste);
    expect(comprendre(texte, { le: '2026-11-21' }).alerte).toBe('donnee-sensible');
  });

  test.each([
    'j’habite à Lille, 59000',
    'code INSEE 59350 et 2A004',
    'né en 1988, 38 ans, 12 ans d’expérience',
    'le 14 mars 1988',
    'ma formation coûte 4 200 euros, mon CPF 3200€',
    'j’ai appelé le 3949 et le 3114',
    'entre 1 300 et 1 825 jours',
    '2024 2025 2026',
    '44000 75001 13003',
    'je travaille de 8h30 à 17h30, 35 heures',
  ])('laisse « %s »', (texte) => {
    expect(masquer(texte)).toEqual({ texte, masques: [] });
  });

  test('un numéro de carte tapé de travers n’en est pas un, un vrai est caché où qu’il soit', () => {
    expect(masquer('4242 4242 4242 4241').masques).toEqual([]);
    expect(masquer('mon id 06 12 34 56 78 augue').masques).toEqual(['telephone']);
    fc.assert(
      fc.property(fc.lorem({ maxCount: 8 }), fc.lorem({ maxCount: 8 }), (avant, apres) => {
        const lu = masquer(`${avant} 06 12 34 56 78 ${apres}`);
        expect(lu.texte).not.toContain('12 34 56');
        expect(lu.texte.startsWith(avant)).toBe(true);
      }),
    );
  });

  test('masquer deux fois ne change plus rien', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (texte) => {
        const une = masquer(texte).texte;
        expect(masquer(une).texte).toBe(une);
      }),
    );
  });
});
