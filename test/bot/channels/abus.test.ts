import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appeler, commencer, ouvrirBanc, type Banc } from './banc.ts';

let banc: Banc;
let c: Awaited<ReturnType<typeof commencer>>;
beforeAll(async () => {
  banc = await ouvrirBanc({ attentes: { sondage: 20, indisponible: 20 } });
  c = await commencer(banc);
});
afterAll(async () => banc.fermer());

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('..', '%2e%2e', '%00', '%', '[', 'a'.repeat(3_000), '\u202e', '😀', 'null', '-1', '1e9'),
);
// Malformed requests and frames: `test/bot/abus.test.ts`, against the whole program.
describe('abus', () => {
  it('aucun corps posté avec un bon jeton n’obtient de 5xx, aucune réponse ne répète ce qui est refusé', async () => {
    const valeur = fc.oneof(fc.jsonValue({ maxDepth: 8 }), hostile);
    const activite = fc.record(
      {
        type: fc.oneof(fc.constant('message'), hostile),
        text: valeur,
        value: valeur,
        locale: valeur,
        replyToId: valeur,
        channelData: fc.oneof(fc.record({ clientActivityID: valeur }), valeur),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(activite, async (corps) => {
        const lu = await appeler(banc, 'POST', `/conversations/${c.id}/activities`, {
          jeton: c.jeton,
          corps,
        });
        expect([200, 400, 409, 413]).toContain(lu.statut);
        if (lu.statut !== 200) expect(Object.keys(lu.corps)).toEqual(['error']);
      }),
      { numRuns: 200 },
    );
  });
});
