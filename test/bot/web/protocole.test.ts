import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientConversation, type EnvoiLocal, type Etat } from '../../../bot/web/widget/protocole.ts';

/** A socket the test opens, feeds and cuts. */
class FausseSocket extends EventTarget {
  static readonly OPEN = 1;
  static ouvertes: FausseSocket[] = [];
  readyState = 1;
  constructor(readonly adresse: string) {
    super();
    FausseSocket.ouvertes.push(this);
  }
  ouvrir(): void {
    this.dispatchEvent(new Event('open'));
  }
  recevoir(corps: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(corps) }));
  }
  close(): void {
    this.readyState = 3;
  }
  couper(): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
  }
}

type Poste = { readonly text: string; readonly channelData: { readonly clientActivityID: string } };
let reseau = true;
let statutPoste = 200;
let reprises = 0;
let postes: Poste[] = [];

const reponse = (corps: unknown, status = 200): Response => new Response(JSON.stringify(corps), { status });
const SESSION = { token: 'j', conversationId: 'c', resume: 'r', streamUrl: 'wss://x/1', expires_in: 3600 };
const faux = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  if (!reseau) throw new TypeError('réseau absent');
  if (String(url).endsWith('/activities') && init?.method === 'POST') {
    postes.push(JSON.parse(String(init.body)));
    return reponse({ id: '1' }, statutPoste);
  }
  if (String(url).endsWith('/tokens/resume')) reprises += 1;
  return reponse(SESSION);
};

let etats: Etat[] = [];
let envois: readonly EnvoiLocal[] = [];
const nouveau = (): ClientConversation => {
  let n = 0;
  return new ClientConversation(
    {
      fetch: faux,
      // Only what the client uses of a socket.
      WebSocket: FausseSocket as never,
      stockage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
      maintenant: () => Date.now(),
      hasard: () => 0.5,
      identifiant: () => `k${(n += 1)}`,
    },
    { etat: (e) => etats.push(e), activites: () => undefined, envois: (l) => (envois = l) },
  );
};
const derniere = (): FausseSocket => FausseSocket.ouvertes.at(-1) ?? new FausseSocket('');
const echo = (p: Poste | undefined): void =>
  derniere().recevoir({
    watermark: '1',
    activities: [{ type: 'message', id: p?.text, channelData: p?.channelData }],
  });

beforeEach(() => {
  vi.useFakeTimers();
  [reseau, statutPoste, postes, etats, envois] = [true, 200, [], [], []];
  FausseSocket.ouvertes = [];
});
afterEach(() => {
  vi.useRealTimers();
});

async function ouvert(): Promise<ClientConversation> {
  const client = nouveau();
  await client.ouvrir();
  derniere().ouvrir();
  expect(client.etat).toBe('ouvert');
  return client;
}

describe('le client de la conversation, horloge en main', () => {
  it('dans un tunnel de trois minutes, rien ne se perd : tout repart dans l’ordre, une fois', async () => {
    const client = await ouvert();
    reseau = false;
    derniere().couper();
    client.envoyer('un');
    client.envoyer('deux');
    await vi.advanceTimersByTimeAsync(180_000);
    expect(client.etat).toBe('reconnexion');
    expect(postes).toEqual([]);
    expect(envois.map((e) => e.etat)).toEqual(['attente', 'attente']);
    reseau = true;
    await vi.advanceTimersByTimeAsync(15_000);
    derniere().ouvrir();
    await vi.advanceTimersByTimeAsync(0);
    expect(postes.map((p) => [p.text, p.channelData.clientActivityID])).toEqual([
      ['un', 'k1'],
      ['deux', 'k2'],
    ]);
    for (const p of postes) echo(p);
    expect(envois).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(postes).toHaveLength(2);
    await client.terminer();
  });

  it('connecté sans écho : renvoyé avec la même clé, puis dit non envoyé', async () => {
    const client = await ouvert();
    client.envoyer('muet');
    await vi.advanceTimersByTimeAsync(65_000);
    expect(new Set(postes.map((p) => p.channelData.clientActivityID))).toEqual(new Set(['k1']));
    expect(postes.length).toBe(4);
    expect(envois.map((e) => e.etat)).toEqual(['echec']);
    await client.terminer();
  });

  it('deux messages sur un jeton expiré : une seule reprise, le secret ne sert qu’une fois', async () => {
    const client = await ouvert();
    statutPoste = 403;
    reprises = 0;
    client.envoyer('un');
    client.envoyer('deux');
    await vi.advanceTimersByTimeAsync(10);
    expect(reprises).toBe(1);
    await client.terminer();
  });

  it('un refus n’est pas renvoyé tout seul, même après une coupure', async () => {
    const client = await ouvert();
    statutPoste = 400;
    client.envoyer('refusé');
    await vi.advanceTimersByTimeAsync(10);
    expect(envois.map((e) => e.etat)).toEqual(['echec']);
    statutPoste = 200;
    derniere().couper();
    await vi.advanceTimersByTimeAsync(15_000);
    derniere().ouvrir();
    await vi.advanceTimersByTimeAsync(0);
    expect(postes).toHaveLength(1);
    client.reessayer('k1');
    await vi.advanceTimersByTimeAsync(0);
    expect(postes).toHaveLength(2);
    await client.terminer();
  });
});
