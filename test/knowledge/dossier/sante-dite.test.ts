import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evoqueSante } from '../../../knowledge/dossier/lecture.ts';
import { comprendre } from '../../../knowledge/langage/index.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

/** Sentences that name health or let it be guessed, and ordinary ones, written without looking at the list of words. */
const phrases = z
  .strictObject({ sante: z.array(z.string()), ordinaires: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(RACINE_PROJET, 'test/scenarios/langage/sante-dite.json'), 'utf8')));
const LE = Date.UTC(2026, 10, 21);

describe('ce qui parle de santé dans ce que les gens écrivent', () => {
  it.each(phrases.sante)('est reconnu : %s', (phrase) => {
    expect(evoqueSante(phrase, LE)).toBe(true);
  });

  it('ne cache presque rien de ce qui n’en parle pas', () => {
    const fausses = phrases.ordinaires.filter((p) => evoqueSante(p, LE));
    expect(fausses.length, fausses.join(' ; ')).toBeLessThanOrEqual(1);
  });

  it.each([
    'je suis opérateur de production',
    'j’ai la main verte',
    'j’ai fait une pause d’un an',
    'je suis délégué syndical',
  ])('la ressemblance seule ne fait pas dire un souci de santé : %s', (phrase) => {
    const { demande, secondaires } = comprendre(phrase, { le: '2026-11-21' });
    expect([demande, ...secondaires]).not.toContain('sante-handicap');
  });
});
