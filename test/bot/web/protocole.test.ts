import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ClientConversation,
  type ActiviteRecue,
  type EnvoiLocal,
  type Etat,
} from '../../../bot/web/widget/protocole.ts';

/** A socket the test opens, feeds and cuts. */
class FausseSocket extends EventTarget {
  static readonly OPEN = 1;
  static toutes: FausseSocket[] = [];
  /** What the network does with a new socket: lets it open, refuses it, or swallows it. */
  static reseau: 'ouvre' | 'refuse' | 'avale' = 'avale';
  readyState = 0;
  constructor(readonly adresse: string) {
    super();
    FausseSocket.toutes.push(this);
    if (FausseSocket.reseau === 'ouvre') setTimeout(() => this.ouvrir(), 1);
    if (FausseSocket.reseau === 'refuse') setTimeout(() => this.couper(), 1);
  }
  ouvrir(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  recevoir(corps: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(corps) }));
  }
  close(): void {
    this.readyState = 3;
  }
  couper(code = 1006): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

type Poste = { readonly text: string; readonly channelData: { readonly clientActivityID: string } };
type Appel = { readonly chemin: string; readonly keepalive: boolean; readonly le: number };
let reseau: 'marche' | 'coupe' | 'muet' | 'portail' = 'marche';
let visible = true;
let statutPoste = 200;
let statutReprise = 200;
let postes: Poste[] = [];
let appels: Appel[] = [];
/** Polls the server holds until the test answers them. */
let sondages: ((corps: unknown) => void)[] = [];
let session: Record<string, unknown> = {};
let memoire = new Map<string, string>();

const reponse = (corps: unknown, status = 200): Response => new Response(JSON.stringify(corps), { status });
const SESSION = { token: 'j', conversationId: 'c', resume: 'r', streamUrl: 'wss://x/1', expires_in: 3600 };
const abandonne = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('abandon'))));

const faux = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  const chemin = String(url).replace('/v3/directline', '');
  appels.push({ chemin, keepalive: init?.keepalive === true, le: Date.now() });
  if (reseau === 'coupe') throw new TypeError('réseau absent');
  if (reseau === 'muet') return abandonne(init?.signal);
  if (reseau === 'portail') return new Response('<html>Connectez-vous au wifi</html>');
  if (init?.method === 'POST' && chemin.endsWith('/activities')) {
    postes.push(JSON.parse(String(init.body)));
    return reponse({ id: '1' }, statutPoste);
  }
  if (chemin.includes('/activities?'))
    return Promise.race([
      new Promise<Response>((r) => sondages.push((corps) => r(reponse(corps)))),
      abandonne(init?.signal),
    ]);
  return reponse(session, chemin === '/tokens/resume' ? statutReprise : 200);
};
const nombreDe = (fin: RegExp): number => appels.filter((a) => fin.test(a.chemin)).length;

let etats: Etat[] = [];
let envois: readonly EnvoiLocal[] = [];
let vues: { texte: string; rejeu: boolean }[] = [];
const nouveau = (): ClientConversation => {
  let n = 0;
  return new ClientConversation(
    {
      fetch: faux,
      // Only what the client uses of a socket.
      WebSocket: FausseSocket as never,
      stockage: {
        getItem: (cle) => memoire.get(cle) ?? null,
        setItem: (cle, valeur) => void memoire.set(cle, valeur),
        removeItem: (cle) => void memoire.delete(cle),
      },
      maintenant: () => Date.now(),
      hasard: () => 0.5,
      identifiant: () => `k${(n += 1)}`,
      visible: () => visible,
    },
    {
      etat: (e) => etats.push(e),
      activites: (liste, rejeu) =>
        vues.push(...liste.map((a: ActiviteRecue) => ({ texte: a.text ?? '', rejeu }))),
      envois: (l) => (envois = l),
    },
  );
};
const derniere = (): FausseSocket => FausseSocket.toutes.at(-1) ?? new FausseSocket('');
const echo = (p: Poste | undefined): void =>
  derniere().recevoir({
    watermark: 'e.1',
    activities: [{ type: 'message', id: p?.text, channelData: p?.channelData }],
  });
const dit = (rang: number, text: string) => ({
  type: 'message',
  id: `c.${String(rang).padStart(7, '0')}`,
  text,
});

let client: ClientConversation;
beforeEach(() => {
  vi.useFakeTimers();
  [reseau, visible, statutPoste, statutReprise, session] = ['marche', true, 200, 200, SESSION];
  [postes, appels, sondages, etats, envois, vues] = [[], [], [], [], [], []];
  memoire = new Map();
  FausseSocket.toutes = [];
  FausseSocket.reseau = 'avale';
});
afterEach(async () => {
  reseau = 'marche';
  await client.terminer();
  vi.useRealTimers();
});

async function ouvert(): Promise<ClientConversation> {
  client = nouveau();
  await client.ouvrir();
  derniere().ouvrir();
  expect(client.etat).toBe('ouvert');
  return client;
}

/** A network that lets no WebSocket through: two refusals, then long polling. */
async function enSondage(): Promise<ClientConversation> {
  FausseSocket.reseau = 'refuse';
  client = nouveau();
  await client.ouvrir();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.etat).toBe('ouvert');
  expect(sondages).toHaveLength(1);
  return client;
}

describe('le client de la conversation, horloge en main', () => {
  it('dans un tunnel de trois minutes, rien ne se perd : tout repart dans l’ordre, une fois', async () => {
    await ouvert();
    reseau = 'coupe';
    derniere().couper();
    client.envoyer('un');
    client.envoyer('deux');
    await vi.advanceTimersByTimeAsync(180_000);
    expect(client.etat).toBe('reconnexion');
    expect(postes).toEqual([]);
    expect(envois.map((e) => e.etat)).toEqual(['attente', 'attente']);
    reseau = 'marche';
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
  });

  it('connecté sans écho : renvoyé avec la même clé, la connexion changée une fois, puis dit non envoyé', async () => {
    FausseSocket.reseau = 'ouvre';
    client = nouveau();
    await client.ouvrir();
    await vi.advanceTimersByTimeAsync(10);
    client.envoyer('muet');
    await vi.advanceTimersByTimeAsync(70_000);
    expect(new Set(postes.map((p) => p.channelData.clientActivityID))).toEqual(new Set(['k1']));
    // At 0, 3, 8 and 20 s, and once more on the connection opened after 8 s of silence.
    expect(postes.length).toBeGreaterThanOrEqual(4);
    expect(postes.length).toBeLessThanOrEqual(5);
    expect(FausseSocket.toutes).toHaveLength(2);
    expect(envois.map((e) => e.etat)).toEqual(['echec']);
  });

  it('deux messages sur un jeton expiré : une seule reprise, le secret ne sert qu’une fois', async () => {
    await ouvert();
    statutPoste = 403;
    client.envoyer('un');
    client.envoyer('deux');
    await vi.advanceTimersByTimeAsync(10);
    expect(nombreDe(/tokens\/resume$/)).toBe(1);
  });

  it('un refus n’est pas renvoyé tout seul, même après une coupure', async () => {
    await ouvert();
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
  });

  it('ouvre en une seule demande, montre l’accueil qu’elle porte, et ne le montre pas deux fois', async () => {
    session = { ...SESSION, watermark: 'e.1', activities: [dit(1, 'bienvenue')] };
    await ouvert();
    expect(appels.map((a) => a.chemin)).toEqual(['/tokens/generate']);
    expect(vues).toEqual([{ texte: 'bienvenue', rejeu: false }]);
    derniere().recevoir({ watermark: 'e.1', activities: [dit(1, 'bienvenue')] });
    expect(vues).toHaveLength(1);
  });

  it('au rechargement aussi, une seule demande avant le flux', async () => {
    memoire.set('cep-conversation', JSON.stringify({ conversation: 'c', resume: 'r', envois: [] }));
    await ouvert();
    expect(appels.map((a) => a.chemin)).toEqual(['/tokens/resume']);
  });

  it('une demande sans réponse est abandonnée et recommencée', async () => {
    reseau = 'muet';
    client = nouveau();
    void client.ouvrir();
    await vi.advanceTimersByTimeAsync(19_000);
    expect(client.etat).toBe('jeton');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(client.etat).toBe('reconnexion');
    reseau = 'marche';
    client.reveiller();
    await vi.advanceTimersByTimeAsync(10);
    derniere().ouvrir();
    expect(client.etat).toBe('ouvert');
  });

  it('une ouverture de flux qui ne répond jamais est abandonnée au bout de dix secondes', async () => {
    client = nouveau();
    await client.ouvrir();
    expect(FausseSocket.toutes).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(FausseSocket.toutes.length).toBe(2);
    expect(FausseSocket.toutes[0]?.readyState).toBe(3);
  });

  it('la page d’accueil d’un wifi n’est pas une réponse', async () => {
    reseau = 'portail';
    client = nouveau();
    await client.ouvrir();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.etat).toBe('reconnexion');
    expect(appels.length).toBeLessThan(12);
    reseau = 'marche';
    await vi.advanceTimersByTimeAsync(14_000);
    derniere().ouvrir();
    expect(client.etat).toBe('ouvert');
  });

  it('au réveil pendant le sondage, une seule boucle', async () => {
    await enSondage();
    // The machine sleeps two minutes: no timer runs, then the clock has moved.
    vi.setSystemTime(Date.now() + 120_000);
    FausseSocket.reseau = 'refuse';
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.etat).toBe('ouvert');
    const avant = sondages.length;
    sondages.at(-1)?.({ watermark: 'e.1', activities: [dit(1, 'bonjour')] });
    await vi.advanceTimersByTimeAsync(100);
    expect(sondages.length).toBe(avant + 1);
    expect(vues.map((v) => v.texte)).toEqual(['bonjour']);
    // Answers to polls given up change nothing.
    for (const repondre of sondages.slice(0, -1))
      repondre({ watermark: 'e.9', activities: [dit(9, 'périmé')] });
    await vi.advanceTimersByTimeAsync(100);
    expect(vues.map((v) => v.texte)).toEqual(['bonjour']);
    expect(sondages.length).toBe(avant + 1);
  });

  it('en sondage, le WebSocket est retenté toutes les cinq minutes, et prend la suite dès qu’il passe', async () => {
    await enSondage();
    const avant = FausseSocket.toutes.length;
    const repondre = async (ms: number): Promise<void> => {
      for (let t = 0; t < ms; t += 15_000) {
        sondages.at(-1)?.({ watermark: 'e.1', activities: [] });
        await vi.advanceTimersByTimeAsync(15_000);
      }
    };
    await repondre(4 * 60_000);
    expect(FausseSocket.toutes.length).toBe(avant);
    await repondre(75_000);
    expect(FausseSocket.toutes.length).toBe(avant + 1);
    expect(client.etat).toBe('ouvert');
    FausseSocket.reseau = 'ouvre';
    await repondre(5 * 60_000);
    expect(FausseSocket.toutes.length).toBe(avant + 2);
    expect(derniere().readyState).toBe(1);
    const loin = sondages.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sondages.length).toBe(loin);
    derniere().recevoir({ watermark: 'e.2', activities: [dit(2, 'par la socket')] });
    expect(vues.map((v) => v.texte)).toEqual(['par la socket']);
    expect(etats.filter((e) => e === 'reconnexion').length).toBeLessThanOrEqual(2);
  });

  it('une socket ouverte d’un seul côté : huit secondes sans écho, et la connexion change', async () => {
    await ouvert();
    const morte = derniere();
    client.envoyer('bonjour');
    await vi.advanceTimersByTimeAsync(7_000);
    expect(FausseSocket.toutes).toHaveLength(1);
    FausseSocket.reseau = 'ouvre';
    await vi.advanceTimersByTimeAsync(3_000);
    expect(morte.readyState).toBe(3);
    expect(FausseSocket.toutes).toHaveLength(2);
    echo(postes[0]);
    expect(envois).toEqual([]);
    expect(client.etat).toBe('ouvert');
  });

  it('l’historique n’est jamais annoncé, ni au-delà de la première trame, ni quand il est court', async () => {
    memoire.set('cep-conversation', JSON.stringify({ conversation: 'c', resume: 'r', envois: [] }));
    session = { ...SESSION, history: 150 };
    await ouvert();
    derniere().recevoir({
      watermark: 'e.100',
      activities: Array.from({ length: 100 }, (_, i) => dit(i + 1, `avant ${i + 1}`)),
    });
    derniere().recevoir({
      watermark: 'e.152',
      activities: [dit(149, 'avant'), dit(150, 'dernier d’avant'), dit(151, 'nouveau'), dit(152, 'encore')],
    });
    derniere().recevoir({ watermark: 'e.153', activities: [dit(153, 'après')] });
    expect(vues.filter((v) => v.rejeu)).toHaveLength(102);
    expect(vues.filter((v) => !v.rejeu).map((v) => v.texte)).toEqual(['nouveau', 'encore', 'après']);
  });

  it('un historique de deux messages n’est pas annoncé ; l’accueil d’une conversation neuve l’est', async () => {
    memoire.set('cep-conversation', JSON.stringify({ conversation: 'c', resume: 'r', envois: [] }));
    session = { ...SESSION, history: 2 };
    await ouvert();
    derniere().recevoir({ watermark: 'e.2', activities: [dit(1, 'un'), dit(2, 'deux')] });
    expect(vues.map((v) => v.rejeu)).toEqual([true, true]);
    await client.terminer();
    vues = [];
    session = SESSION;
    await ouvert();
    derniere().recevoir({ watermark: 'e.1', activities: [dit(1, 'bienvenue')] });
    expect(vues).toEqual([{ texte: 'bienvenue', rejeu: false }]);
  });

  it('ce qui est resté en chemin pendant une coupure est nouveau, et annoncé ; la même chose deux fois, non', async () => {
    await ouvert();
    derniere().recevoir({ watermark: 'e.1', activities: [dit(1, 'un')] });
    derniere().couper();
    await vi.advanceTimersByTimeAsync(2_000);
    derniere().ouvrir();
    derniere().recevoir({ watermark: 'e.2', activities: [dit(1, 'un'), dit(2, 'deux')] });
    derniere().recevoir({ watermark: 'e.3', activities: [dit(1, 'un, corrigé')] });
    expect(vues).toEqual([
      { texte: 'un', rejeu: false },
      { texte: 'deux', rejeu: false },
      { texte: 'un, corrigé', rejeu: false },
    ]);
  });

  it('« terminer » oublie tout avant le réseau, et la révocation survit à la page', async () => {
    await ouvert();
    expect(memoire.has('cep-conversation')).toBe(true);
    reseau = 'muet';
    const fin = client.terminer();
    expect(client.etat).toBe('termine');
    expect(memoire.size).toBe(0);
    expect(appels.at(-1)).toMatchObject({ chemin: '/tokens/revoke', keepalive: true });
    await vi.advanceTimersByTimeAsync(25_000);
    await fin;
  });

  it('une réponse en chemin au moment de « terminer » ne fait rien revenir', async () => {
    memoire.set('cep-conversation', JSON.stringify({ conversation: 'c', resume: 'r', envois: [] }));
    client = nouveau();
    const ouverture = client.ouvrir();
    await client.terminer();
    await ouverture;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(memoire.size).toBe(0);
    expect(client.etat).toBe('termine');
    expect(FausseSocket.toutes).toEqual([]);
  });

  it('une page en arrière-plan n’est pas un sommeil : sa connexion n’est vérifiée qu’à son retour', async () => {
    await ouvert();
    visible = false;
    for (let minute = 0; minute < 5; minute += 1) {
      vi.setSystemTime(Date.now() + 60_000);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(FausseSocket.toutes).toHaveLength(1);
    visible = true;
    client.reveiller();
    await vi.advanceTimersByTimeAsync(10);
    expect(FausseSocket.toutes).toHaveLength(2);
  });

  it('une conversation qui ne peut plus être reprise : ce qui attendait est dit non envoyé, et repart si la personne le demande', async () => {
    await ouvert();
    derniere().recevoir({ watermark: 'e.1', activities: [dit(1, 'un')] });
    statutPoste = 403;
    statutReprise = 403;
    client.envoyer('resté là');
    await vi.advanceTimersByTimeAsync(10);
    expect(client.etat).toBe('impossible');
    expect(envois.map((e) => [e.texte, e.etat])).toEqual([['resté là', 'echec']]);
    statutPoste = 200;
    client.reessayer('k1');
    await vi.advanceTimersByTimeAsync(10);
    derniere().ouvrir();
    await vi.advanceTimersByTimeAsync(10);
    expect(client.etat).toBe('ouvert');
    expect(postes.at(-1)?.text).toBe('resté là');
  });

  it('une conversation neuve demandée ne reçoit pas les messages de l’ancienne', async () => {
    await ouvert();
    derniere().recevoir({ watermark: 'e.1', activities: [dit(1, 'un')] });
    statutPoste = 403;
    statutReprise = 403;
    client.envoyer('resté là');
    await vi.advanceTimersByTimeAsync(10);
    statutPoste = 200;
    await client.recommencer();
    derniere().ouvrir();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.etat).toBe('ouvert');
    expect(postes).toHaveLength(1);
    expect(envois).toEqual([]);
  });

  it('close par le serveur : terminée, rien n’est rouvert', async () => {
    await ouvert();
    derniere().couper(4001);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.etat).toBe('termine');
    expect(FausseSocket.toutes).toHaveLength(1);
  });
});
