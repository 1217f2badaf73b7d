import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { WebSocket } from 'ws';
import { demarrerApp, type App } from '../../bot/app.ts';
import { lireConfig } from '../../bot/config.ts';
import { creerServeur, lireCorps, repondreJson } from '../../bot/http/index.ts';
import type { Journaliseur } from '../../bot/ports.ts';

const MUET: Journaliseur = { info: () => undefined, alerte: () => undefined, erreur: () => undefined };
const PHRASES = [
  'c’est payant ?',
  'je suis en CDI dans le privé à Lille',
  'et mon patron, il va le savoir ?',
  'pourquoi',
  'je voudrais changer de métier',
  'aide',
];
const TOURS = 400;

const portLibre = (): Promise<number> =>
  new Promise((resolve) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const a = s.address();
      s.close(() => resolve(typeof a === 'object' && a !== null ? a.port : 0));
    });
  });

const poster = async (url: string, corps: unknown, jeton?: string): Promise<Record<string, unknown>> => {
  const reponse = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(jeton === undefined ? {} : { Authorization: `Bearer ${jeton}` }),
    },
    body: JSON.stringify(corps),
  });
  return (await reponse.json()) as Record<string, unknown>;
};

/** The floor: the SDK's adapter answering « echo » in the HTTP body. No understanding, no rules, no storage. */
async function lancerEcho(): Promise<{ port: number; fermer: () => Promise<void> }> {
  const serveur = creerServeur({ hotes: [], https: false, journaliseur: MUET, horloge: () => Date.now() });
  const adaptateur = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  serveur.restify.post('/api/messages', async (req, res) => {
    Reflect.set(req, 'body', await lireCorps(req));
    await adaptateur.process(req as never, res as never, async (contexte) => {
      if (contexte.activity.type === 'message')
        await contexte.sendActivity(`écho : ${contexte.activity.text}`);
    });
    if (!res.headersSent) repondreJson(res, {});
  });
  const { port } = await serveur.ecouter(0, '127.0.0.1');
  return { port, fermer: () => serveur.fermer(100) };
}

async function tourEcho(port: number, n: number, texte: string): Promise<void> {
  await poster(`http://127.0.0.1:${port}/api/messages`, {
    type: 'message',
    id: `a${n}`,
    text: texte,
    channelId: 'emulator',
    deliveryMode: 'expectReplies',
    serviceUrl: 'http://127.0.0.1:9',
    from: { id: 'u' },
    recipient: { id: 'b' },
    conversation: { id: `c${n % 16}` },
  });
}

/** One conversation through Direct Line, its replies over WebSocket. */
async function ouvrirConversation(
  base: string,
): Promise<{ dire: (texte: string) => Promise<void>; fermer: () => void }> {
  const genere = await poster(`${base}/v3/directline/tokens/generate`, {});
  const lance = await poster(`${base}/v3/directline/conversations`, {}, String(genere['token']));
  const socket = new WebSocket(String(lance['streamUrl']));
  let reveil: () => void = () => undefined;
  socket.on('message', (m: Buffer) => {
    const { activities } = JSON.parse(m.toString('utf8')) as {
      activities: { inputHint?: string; from: { role: string } }[];
    };
    if (activities.some((a) => a.inputHint === 'expectingInput')) reveil();
  });
  await new Promise<void>((resolve) => (reveil = resolve));
  let n = 0;
  return {
    async dire(texte) {
      const fini = new Promise<void>((resolve) => (reveil = resolve));
      await poster(
        `${base}/v3/directline/conversations/${String(lance['conversationId'])}/activities`,
        { type: 'message', text: texte, channelData: { clientActivityID: `k${n++}` } },
        String(lance['token']),
      );
      await fini;
    },
    fermer: () => socket.close(),
  };
}

async function lancerApp(): Promise<{ app: App; base: string; dossier: string }> {
  const dossier = mkdtempSync(join(tmpdir(), 'cep-bench-'));
  const port = await portLibre();
  const config = lireConfig({
    PORT: String(port),
    DATA_DIR: dossier,
    LOG_LEVEL: 'silent',
    LIMIT_JETONS_PAR_ADRESSE: '0',
    LIMIT_MESSAGES_PAR_SECONDE: '0',
    LIMIT_CONNEXIONS_PAR_ADRESSE: '0',
    LIMIT_CONNEXIONS: '0',
    LIMIT_SOCKETS_PAR_ADRESSE: '0',
    LIMIT_CONVERSATIONS: '0',
  });
  const app = await demarrerApp({ config, horloge: () => Date.now(), journaliseur: MUET });
  return { app, base: `http://127.0.0.1:${port}`, dossier };
}

const chronometrer = async (f: () => Promise<void>): Promise<number> => {
  const debut = performance.now();
  await f();
  return performance.now() - debut;
};

const phrase = (n: number): string => PHRASES[n % PHRASES.length] ?? 'aide';

/** `ouvriers` at once, `TOURS` in all. Resolves to turns per second and the p95 of one turn, ms. */
async function charger(
  ouvriers: number,
  tour: (ouvrier: number, n: number) => Promise<void>,
): Promise<{ parSeconde: number; p95: number }> {
  const durees: number[] = [];
  const parOuvrier = Math.ceil(TOURS / ouvriers);
  const total = await chronometrer(async () => {
    await Promise.all(
      Array.from({ length: ouvriers }, async (_, o) => {
        for (let n = 0; n < parOuvrier; n++) durees.push(await chronometrer(() => tour(o, n)));
      }),
    );
  });
  const p95 = durees.toSorted((a, b) => a - b)[Math.floor(durees.length * 0.95)] ?? 0;
  return { parSeconde: (durees.length / total) * 1000, p95 };
}

/** Prints turns per second through Direct Line (understanding, rules, durable log) beside the bare echo, and memory after 1,000 conversations. */
export async function mesurerDirectLine(): Promise<void> {
  const echo = await lancerEcho();
  const { app, base, dossier } = await lancerApp();
  try {
    for (const ouvriers of [1, 16, 64]) {
      const conversations = await Promise.all(
        Array.from({ length: ouvriers }, () => ouvrirConversation(base)),
      );
      await charger(ouvriers, (o, n) => tourEcho(echo.port, o, phrase(n)));
      const plancher = await charger(ouvriers, (o, n) => tourEcho(echo.port, o, phrase(n)));
      const notre = await charger(ouvriers, async (o, n) => conversations[o]?.dire(phrase(n)));
      process.stdout.write(
        `Direct Line, ${ouvriers} conversation(s) : ${notre.parSeconde.toFixed(0)} tours/s (p95 ${notre.p95.toFixed(1)} ms) ; écho nu : ${plancher.parSeconde.toFixed(0)} tours/s (p95 ${plancher.p95.toFixed(1)} ms) ; rapport ${(notre.parSeconde / plancher.parSeconde).toFixed(2)}\n`,
      );
      for (const c of conversations) c.fermer();
    }
    const avant = process.memoryUsage().rss / 1e6;
    for (let lot = 0; lot < 20; lot++) {
      await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const c = await ouvrirConversation(base);
          await c.dire(phrase(i));
          c.fermer();
        }),
      );
    }
    globalThis.gc?.();
    process.stdout.write(
      `Mémoire du processus (serveur et clients ensemble) : ${avant.toFixed(0)} Mo, puis ${(process.memoryUsage().rss / 1e6).toFixed(0)} Mo après 1 000 conversations de plus\n`,
    );
  } finally {
    await app.fermer();
    await echo.fermer();
    rmSync(dossier, { recursive: true, force: true });
  }
}
