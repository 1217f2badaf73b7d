import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delaisEchange, echeanceEchange, estEnEchange } from '../../../knowledge/dossier/index.ts';

const MINUTE = 60_000;
const delais = { ...delaisEchange(), sansReponseMinutes: 10, silenceMinutes: 30 };
const p = (minute: number) => ({ de: 'personne' as const, le: minute * MINUTE });
const c = (minute: number) => ({ de: 'conseiller' as const, le: minute * MINUTE });
const echeance = (...paroles: ReturnType<typeof p | typeof c>[]): number =>
  echeanceEchange(0, paroles, delais) / MINUTE;

describe('échéance d’un échange', () => {
  it('dix minutes après les premiers mots restés sans réponse, trente après le dernier signe', () => {
    expect(echeance()).toBe(30);
    expect(echeance(p(2))).toBe(12);
    expect(echeance(p(2), p(9))).toBe(12);
    expect(echeance(p(2), c(9))).toBe(39);
    expect(echeance(p(2), c(9), p(15))).toBe(25);
    expect(echeance(c(5), p(34))).toBe(35);
  });

  it('ce que la personne écrit ne la repousse jamais ; ce que le conseil écrit ne l’avance jamais', () => {
    const parole = fc.record({
      de: fc.constantFrom('personne' as const, 'conseiller' as const),
      le: fc.integer({ min: 0, max: 600 * MINUTE }),
    });
    fc.assert(
      fc.property(fc.array(parole, { maxLength: 12 }), fc.integer({ min: 0, max: 600 }), (brutes, plus) => {
        const paroles = brutes.toSorted((a, b) => a.le - b.le);
        const fin = (paroles.at(-1)?.le ?? 0) + plus;
        const avant = echeanceEchange(0, paroles, delais);
        expect(echeanceEchange(0, [...paroles, { de: 'personne', le: fin }], delais)).toBeLessThanOrEqual(
          avant,
        );
        expect(
          echeanceEchange(0, [...paroles, { de: 'conseiller', le: fin }], delais),
        ).toBeGreaterThanOrEqual(Math.min(avant, fin));
      }),
    );
  });

  it('les délais livrés sont datés', () => {
    expect(delaisEchange()).toMatchObject({ sansReponseMinutes: 10, silenceMinutes: 30 });
  });

  it('dit qui tient la conversation d’après le dernier fait', () => {
    expect(estEnEchange([])).toBe(false);
    expect(estEnEchange([{ type: 'echange-ouvert' }, { type: 'reponse' }])).toBe(true);
    expect(estEnEchange([{ type: 'echange-ouvert' }, { type: 'echange-clos' }])).toBe(false);
  });
});
