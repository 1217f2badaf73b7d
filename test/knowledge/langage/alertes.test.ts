import { describe, expect, test } from 'vitest';
import { comprendre } from '../../../knowledge/langage/index.ts';

const alerteDe = (texte: string): string | undefined => comprendre(texte, { le: '2026-11-21' }).alerte;

/** Whoever calls for help does not check their spelling: what is heard well written is heard badly written. */
describe('alertes écrites sans orthographe', () => {
  test.each([
    ['jai envie den finir', 'detresse'],
    ['jveux plu vivre', 'detresse'],
    ['j ai plus gou a la vie', 'detresse'],
    ['jvai me tué', 'detresse'],
    ['jveu me tuer', 'detresse'],
    ['je veut plus etre la', 'detresse'],
    ['jai des idé noir', 'detresse'],
    ['jai avalé tou mes medicament', 'detresse'],
    ['je vai me jeté sous un train', 'detresse'],
    ['jeveuxmourir', 'detresse'],
    ['I want to die', 'detresse'],
    ['quiero morir', 'detresse'],
    ['mon mec me frape', 'violence'],
    ['il ma violé', 'violence'],
    ['mon conjoin et violent', 'violence'],
    ['mon ex veut me tuer', 'violence'],
    ['mon chef mumilie tt les jours', 'harcelement'],
    ['mon collegue me fait des avance sexuel', 'harcelement'],
    ['mon loyé est en retar ils veulent me maitre deor', 'expulsion'],
    ['le proprio veu me viré de mon apart', 'expulsion'],
  ])('« %s » : %s', (texte, attendue) => {
    expect(alerteDe(texte)).toBe(attendue);
  });

  test('la violence d’un proche ne cache pas l’envie de mourir', () => {
    expect(
      alerteDe('mon mari veut me tuer. Depuis des mois je ne dors plus, je ne mange plus et je veux mourir'),
    ).toBe('detresse');
  });

  test.each([
    'envie d’en finir avec ce métier',
    'je veux disparaître des radars de mon boss',
    'jveu en finir avec linterim',
    'jai envie de finir ma formation',
    'j’ai pris des médicaments pour mon dos',
    'j’ai envie de foutre en l’air mon contrat',
    'ma boite va mettre dehors 20 salariés',
    'loyer trop cher, je veux un meilleur salaire',
    'le propriétaire du restaurant veut me virer',
  ])('pas d’alarme : « %s »', (texte) => {
    expect(alerteDe(texte)).toBeUndefined();
  });
});
