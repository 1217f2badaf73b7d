import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jourDe } from '../../../knowledge/vocabulaire/index.ts';

describe('le jour d’un instant, à Paris', () => {
  it('change à minuit de Paris, été comme hiver', () => {
    expect(jourDe(Date.parse('2026-11-21T22:59:59.999Z'))).toBe('2026-11-21');
    expect(jourDe(Date.parse('2026-11-21T23:00:00Z'))).toBe('2026-11-22');
    expect(jourDe(Date.parse('2026-07-14T21:59:59.999Z'))).toBe('2026-07-14');
    expect(jourDe(Date.parse('2026-07-14T22:00:00Z'))).toBe('2026-07-15');
    // Back to an earlier one: what was kept does not answer for it.
    expect(jourDe(Date.parse('2026-07-14T21:59:59.999Z'))).toBe('2026-07-14');
  });

  it('dit toujours ce que dit le calendrier de Paris', () => {
    const paris = (instant: number): string =>
      new Date(instant).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000_000, max: 4_000_000_000_000 }),
        fc.integer({ min: 0, max: 7_200_000 }),
        (instant, plus) => {
          expect(jourDe(instant)).toBe(paris(instant));
          expect(jourDe(instant + plus)).toBe(paris(instant + plus));
        },
      ),
    );
  });
});
