import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appeler, commencer, ecouter, jusqua, ouvrirBanc, type Banc } from './banc.ts';

let banc: Banc;
let c: Awaited<ReturnType<typeof commencer>>;
beforeAll(async () => {
  banc = await ouvrirBanc({ attentes: { sondage: 20, indisponible: 20 } });
  c = await commencer(banc);
});
afterAll(async () => banc.fermer());

/** Bytes in, answer out, whatever they are. */
function brut(octets: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(banc.port, '127.0.0.1');
    let recu = '';
    const finir = (): void => {
      socket.destroy();
      resolve(recu);
    };
    socket.setTimeout(400, finir);
    socket.on('data', (d) => (recu += d.toString('latin1')));
    socket.on('close', () => resolve(recu));
    socket.on('error', () => resolve(recu));
    socket.end(octets);
  });
}

const statut = (reponse: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(reponse)?.[1] ?? 0);
const interdits = /at (?:\w+\.)?\w+ \(|node_modules|Error:|ENOENT/;

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('..', '%2e%2e', '%00', '%', '[', 'a'.repeat(3_000), '\u202e', '😀', 'null', '-1', '1e9'),
);
const ligne = (s: string): string => s.replaceAll(/[\r\n]/g, '');
const methode = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'BREW');
const chemin = fc.oneof(
  fc.constantFrom('/', '/api/messages', '/v3/directline/tokens/generate', '/v3/directline/tokens/resume'),
  hostile.map((h) => `/v3/directline/conversations/${h}`),
  hostile.map((h) => `/v3/directline/conversations/${h}/activities?watermark=${h}`),
  hostile.map((h) => `/v3/directline/conversations/${h}/stream?watermark=${h}&t=${h}`),
  hostile.map((h) => `/${h}`),
);

describe('abus', () => {
  it('aucune requête malformée ne fait tomber le processus ni n’obtient de 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        methode,
        chemin,
        hostile,
        hostile,
        hostile,
        fc.constantFrom(
          '',
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
        ),
        async (m, p, hote, jeton, corps, montee) => {
          const reponse = await brut(
            `${m} ${ligne(p)} HTTP/1.1\r\nHost: ${ligne(hote).length % 2 === 0 ? 'localhost' : ligne(hote)}\r\n` +
              `Authorization: Bearer ${ligne(jeton)}\r\nContent-Type: application/json\r\n${montee}` +
              `Content-Length: ${Buffer.byteLength(corps)}\r\nConnection: close\r\n\r\n${corps}`,
          );
          const s = statut(reponse);
          expect(s === 0 || s < 500 || s === 503, `${m} ${p} → ${s}`).toBe(true);
          expect(reponse).not.toMatch(interdits);
        },
      ),
      { numRuns: 400 },
    );
    expect((await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton })).statut).toBe(200);
  });

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

  it('aucune trame n’abat le serveur', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 3_000 }), fc.uint8Array({ maxLength: 200 })),
        async (trame) => {
          const e = ecouter(c.flux);
          await jusqua(
            () => e.socket.readyState === e.socket.OPEN || e.socket.readyState === e.socket.CLOSED,
          );
          e.socket.send(trame);
          if (trame.length === 0 && typeof trame === 'string') e.socket.close();
          await e.ferme;
        },
      ),
      { numRuns: 40 },
    );
    expect((await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton })).statut).toBe(200);
  });
});
