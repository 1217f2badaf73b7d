import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { appeler, jusqua, mot, ouvrirBanc, type Banc } from './banc.ts';
import {
  chargerDirectLineJs,
  installerClients,
  type ActiviteVue,
  type ClientDirectLine,
  type OptionsClient,
} from '../../support/clients.ts';

let DirectLine: new (options: OptionsClient) => ClientDirectLine;
let banc: Banc;
const ouverts: ClientDirectLine[] = [];

beforeAll(() => {
  installerClients();
  ({ DirectLine } = chargerDirectLineJs());
}, 180_000);
afterEach(async () => {
  for (const client of ouverts.splice(0)) client.end();
  await banc.fermer();
});

const EN_LIGNE = 2;

/** The stock client, connected, with what it received and where it stands. */
function brancher(options: Omit<OptionsClient, 'domain'>) {
  const client = new DirectLine({ domain: `${banc.base}/v3/directline`, ...options });
  ouverts.push(client);
  const recues: ActiviteVue[] = [];
  const etats: number[] = [];
  const erreurs: unknown[] = [];
  client.connectionStatus$.subscribe((s) => etats.push(s));
  client.activity$.subscribe(
    (a) => recues.push(a),
    (e) => erreurs.push(e),
  );
  const poster = (text: string, cle: string): Promise<string> =>
    new Promise((resolve, reject) => {
      client
        .postActivity({ type: 'message', text, from: { id: 'moi' }, channelData: { clientActivityID: cle } })
        .subscribe(resolve, reject);
    });
  return { client, recues, etats, erreurs, poster };
}

const jetonNeuf = async (): Promise<{ token: string; conversationId: string }> => {
  const lu = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
  return { token: mot(lu, 'token'), conversationId: mot(lu, 'conversationId') };
};

describe.each([
  ['WebSocket', true],
  ['sondage', false],
])('botframework-directlinejs 0.15.8, %s', (_nom, webSocket) => {
  it('démarre, reçoit l’accueil, envoie, voit son écho puis la réponse', async () => {
    banc = await ouvrirBanc();
    const { token } = await jetonNeuf();
    const c = brancher({ token, webSocket, pollingInterval: 200 });
    await jusqua(() => c.recues.some((a) => a.text === 'bonjour'), 8_000);
    const id = await c.poster('coucou', 'cle-1');
    await jusqua(() => c.recues.length >= 3, 8_000);
    expect(c.recues.map((a) => [a.from?.role, a.text])).toEqual([
      ['bot', 'bonjour'],
      ['user', 'coucou'],
      ['bot', '1: coucou'],
    ]);
    expect(c.recues[1]).toMatchObject({ id, channelData: { clientActivityID: 'cle-1' } });
    expect(c.etats.at(-1)).toBe(EN_LIGNE);
    expect(c.erreurs).toEqual([]);
  });

  it('envoie vingt messages d’affilée, reçoit tout, une fois, dans l’ordre', async () => {
    banc = await ouvrirBanc();
    const { token } = await jetonNeuf();
    const c = brancher({ token, webSocket, pollingInterval: 200 });
    await jusqua(() => c.recues.length === 1, 8_000);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => c.poster(`m${i}`, `k${i}`)));
    await jusqua(() => c.recues.length >= 41, 15_000);
    const recus = c.recues.map((a) => a.id);
    expect(new Set(recus).size).toBe(41);
    expect(recus).toEqual(recus.toSorted());
    for (const id of ids) expect(recus).toContain(id);
  });

  it('reprend une conversation par son identifiant et revoit l’historique', async () => {
    banc = await ouvrirBanc();
    const { token, conversationId } = await jetonNeuf();
    const un = brancher({ token, webSocket, pollingInterval: 200 });
    await jusqua(() => un.recues.length === 1, 8_000);
    await un.poster('avant', 'k');
    await jusqua(() => un.recues.length === 3, 8_000);
    un.client.end();
    const deux = brancher({ token, conversationId, webSocket, pollingInterval: 200 });
    await jusqua(() => deux.recues.length === 3, 8_000);
    expect(deux.recues.map((a) => a.text)).toEqual(['bonjour', 'avant', '1: avant']);
    await deux.poster('après', 'k2');
    await jusqua(() => deux.recues.length === 5, 8_000);
    expect(deux.erreurs).toEqual([]);
  });
});
