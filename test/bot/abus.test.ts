import { describe, expect, it } from 'vitest';
import { attaquer } from '../bench/abus.ts';
import { attaque } from '../support/abus.ts';

const CIBLE = { port: 3978, conversation: 'c'.repeat(32), jeton: 'a.b.c', flux: '/v3/directline/x?t=a.b.c' };
const GRAINE = 20_261_121;

describe('le programme sous les attaques', () => {
  it('une graine redonne les mêmes attaques, une autre en donne d’autres', () => {
    const tirer = (graine: number): string[] =>
      Array.from({ length: 50 }, (_, n) => attaque(graine, n, CIBLE).octets.toString('latin1'));
    expect(tirer(GRAINE)).toEqual(tirer(GRAINE));
    expect(tirer(GRAINE)).not.toEqual(tirer(GRAINE + 1));
    expect(new Set(tirer(GRAINE)).size).toBeGreaterThan(40);
  });

  // `npm run bench -- abus` sends 100,000 of them, then floods of connections and slow bodies.
  it('trois mille requêtes et trames malformées : il vit, sans 5xx, sans trace, sans rien répéter, sans grossir', async () => {
    const bilan = await attaquer(3_000, GRAINE);
    expect(bilan.fautes).toEqual([]);
    expect(bilan.erreurs).toBe(0);
    expect(bilan.vivant).toBe(true);
    // They go further than the door: refusals of every kind, and some accepted.
    for (const statut of ['101', '200', '400', '401', '403', '404', '405', '415', '421'])
      expect([...bilan.statuts.keys()]).toContain(statut);
    const [chaude, fin] = bilan.memoire;
    // NaN where memory cannot be read (not Linux).
    if (!Number.isNaN(fin)) expect(fin - chaude).toBeLessThan(150);
  });
});
