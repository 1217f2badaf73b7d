import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ecrireLigne, lireLog, peutAttendre, type Ligne } from '../../../bot/storage/journal-etat.ts';

const activite = {
  type: 'message',
  id: 'a',
  timestamp: '2026-11-21T08:00:00.000Z',
  text: '{"t":"tour","s":1,"p":1}',
};
const entete: Ligne = {
  t: 'entete',
  v: 1,
  entete: {
    id: 'ab00000000000001',
    canal: 'directline',
    creeLe: 1,
    reference: 'K7-4QPX',
    utilisateur: 'dl_x',
  },
};
const ligne: fc.Arbitrary<Ligne> = fc
  .integer({ min: 1, max: 6 })
  .chain((n) =>
    fc.constantFrom<Ligne[]>(
      { t: 'e', s: n, a: activite },
      { t: 'e', s: n, c: 'cle', h: 'empreinte', i: true, a: activite },
      { t: 's', s: n, a: activite },
      { t: 'tour', s: n, p: n, e: [], a: [activite] },
      { t: 'tour', s: n, p: 0, e: [{ type: 'transmission' }], a: [] },
      { t: 'r', p: n },
      { t: 'n', n: 'reprise', x: { hash: 'h' } },
    ),
  );
const log = (lignes: readonly Ligne[]): string =>
  [entete, ...lignes].map((l) => `${ecrireLigne(l).texte}\n`).join('');

describe('reconnaître d’un coup d’œil un journal sans tour en attente', () => {
  it('dit ce que dirait la lecture entière', () => {
    fc.assert(
      fc.property(fc.array(ligne, { maxLength: 12 }), (lignes) => {
        const lu = lireLog(log(lignes));
        expect(lu.type === 'etat' && lu.etat.attente.size > 0).toBe(peutAttendre(log(lignes)));
      }),
    );
  });

  it('dans le doute, fait lire : une ligne qui ne commence pas comme les nôtres', () => {
    expect(peutAttendre(`${log([])}abîmée\n`)).toBe(true);
    expect(peutAttendre(`${log([])}{"t":"e","a":{},"s":1}\n`)).toBe(true);
    expect(peutAttendre(log([]))).toBe(false);
    expect(peutAttendre('{"t":"efface","le":1}\n')).toBe(false);
  });
});
