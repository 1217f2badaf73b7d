import { describe, expect, it } from 'vitest';
import { lirePersonas, parcourir, quantile } from './personas.ts';

describe('peu de questions', () => {
  const parcours = lirePersonas().map(parcourir);
  const nombres = parcours.map((p) => p.questions.length);

  it('au moins 60 personnes, avec leurs propres mots', () => {
    expect(parcours.length).toBeGreaterThanOrEqual(60);
  });

  it('après la première phrase : trois questions pour la moitié, cinq au plus pour neuf sur dix', () => {
    expect(quantile(nombres, 0.5)).toBeLessThanOrEqual(3);
    expect(quantile(nombres, 0.9)).toBeLessThanOrEqual(5);
    expect(Math.max(...nombres)).toBeLessThanOrEqual(7);
  });

  it('presque toutes arrivent au bon endroit ; les exceptions sont nommées par npm run bench', () => {
    const perdues = parcours.filter((p) => !p.juste).map((p) => p.persona.phrase);
    expect(perdues.length, perdues.join(' | ')).toBeLessThanOrEqual(3);
  });

  it('personne n’est interrogé sur le handicap, ni deux fois sur la même chose', () => {
    for (const { questions, persona } of parcours) {
      expect(questions, persona.phrase).not.toContain('handicap');
      expect(new Set(questions).size, persona.phrase).toBe(questions.length);
    }
  });
});
