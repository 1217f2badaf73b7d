import { spawn } from 'node:child_process';
import { lancerServeur, nettoyer } from '../support/serveur.ts';
import { appeler, memoireDe, ouvrirConversation, phrase, processeurDe, SANS_LIMITES } from './client.ts';

const DUREE_MS = 4_000;

type Enfant = { readonly port: number; readonly pid: number; fermer(): void };

/** A part of this very program in a process of its own. */
async function lancer(partie: 'echo' | 'connecteur'): Promise<Enfant> {
  const enfant = spawn(process.execPath, [process.argv[1] ?? '', partie], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    enfant.stdout.on('data', (m: Buffer) => {
      const lu = /port (\d+)/.exec(m.toString('utf8'))?.[1];
      if (lu !== undefined) resolve(Number(lu));
    });
    enfant.once('exit', () => reject(new Error(`${partie} ne démarre pas`)));
  });
  return { port, pid: enfant.pid ?? 0, fermer: () => void enfant.kill('SIGKILL') };
}

/** One turn of the echo. Without `connecteur` it answers in the HTTP body, its fastest way; with it, as a channel has it. */
async function tourEcho(
  port: number,
  conversation: number,
  texte: string,
  connecteur?: number,
): Promise<void> {
  await appeler('POST', `http://127.0.0.1:${port}/api/messages`, {
    corps: {
      type: 'message',
      id: 'a1',
      text: texte,
      channelId: 'emulator',
      ...(connecteur === undefined ? { deliveryMode: 'expectReplies' } : {}),
      serviceUrl: `http://127.0.0.1:${connecteur ?? 9}`,
      from: { id: 'u' },
      recipient: { id: 'b' },
      conversation: { id: `c${conversation}` },
    },
  });
}

/** `processeur`: milliseconds of the server's processor per turn. */
export type Debit = {
  readonly processeur: number;
  readonly parSeconde: number;
  readonly p50: number;
  readonly p95: number;
};

/** `ouvriers` at once for `dureeMs`: turns per second, and the time of one turn in milliseconds. */
export async function charger(
  ouvriers: number,
  pid: number,
  tour: (ouvrier: number, n: number) => Promise<void>,
  dureeMs = DUREE_MS,
): Promise<Debit> {
  const durees: number[] = [];
  const avant = await processeurDe(pid);
  const debut = performance.now();
  await Promise.all(
    Array.from({ length: ouvriers }, async (_, o) => {
      for (let n = 0; performance.now() - debut < dureeMs; n += 1) {
        const avant = performance.now();
        await tour(o, n);
        durees.push(performance.now() - avant);
      }
    }),
  );
  const tries = durees.toSorted((a, b) => a - b);
  const rang = (part: number): number => tries[Math.floor(tries.length * part)] ?? 0;
  return {
    processeur: ((await processeurDe(pid)) - avant) / durees.length,
    parSeconde: (durees.length / (performance.now() - debut)) * 1_000,
    p50: rang(0.5),
    p95: rang(0.95),
  };
}

const dit = (d: Debit): string =>
  `${d.parSeconde.toFixed(0)} tours/s (p50 ${d.p50.toFixed(1)} ms, p95 ${d.p95.toFixed(1)} ms, processeur ${d.processeur.toFixed(2)} ms)`;

/**
 * Prints full turns per second through Direct Line (understanding, rules, durable log, each answer over a WebSocket) beside a bare echo bot in the
 * same run, every server in a process of its own: the echo as a channel calls it (its reply is posted to the channel's connector), and with its
 * reply in the HTTP body, the least a `CloudAdapter` can cost. Then the memory of ours after 1,000 conversations.
 */
export async function mesurerDirectLine(
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<void> {
  const [echo, connecteur] = await Promise.all([lancer('echo'), lancer('connecteur')]);
  const serveur = await lancerServeur({ env: SANS_LIMITES });
  const base = `http://127.0.0.1:${serveur.port}`;
  try {
    for (const ouvriers of [1, 16, 200]) {
      const conversations = await Promise.all(
        Array.from({ length: ouvriers }, () => ouvrirConversation(base)),
      );
      const essais = {
        notre: [serveur.pid, async (o: number, n: number) => conversations[o]?.dire(phrase(n))],
        canal: [echo.pid, (o: number, n: number) => tourEcho(echo.port, o, phrase(n), connecteur.port)],
        corps: [echo.pid, (o: number, n: number) => tourEcho(echo.port, o, phrase(n))],
      } as const;
      // All warm before any is measured.
      for (const [pid, tour] of Object.values(essais)) await charger(ouvriers, pid, tour, 1_500);
      const notre = await charger(ouvriers, ...essais.notre);
      const canal = await charger(ouvriers, ...essais.canal);
      const corps = await charger(ouvriers, ...essais.corps);
      ecrire(`Direct Line, ${ouvriers} conversation(s) : ${dit(notre)}`);
      ecrire(`  écho nu, réponse par le canal : ${dit(canal)} ; rapport ${rapport(notre, canal)}`);
      ecrire(`  écho nu, réponse dans le corps : ${dit(corps)} ; rapport ${rapport(notre, corps)}`);
      for (const c of conversations) c.fermer();
    }
    await mesurerMemoire(base, serveur.pid, ecrire);
  } finally {
    await serveur.tuer();
    echo.fermer();
    connecteur.fermer();
    nettoyer(serveur.dataDir);
  }
}

const rapport = (a: Debit, b: Debit): string =>
  `${(a.parSeconde / b.parSeconde).toFixed(2)} (processeur ${(b.processeur / a.processeur).toFixed(2)})`;

async function mesurerMemoire(base: string, pid: number, ecrire: (l: string) => void): Promise<void> {
  const avant = await memoireDe(pid);
  for (let lot = 0; lot < 20; lot += 1)
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const c = await ouvrirConversation(base);
        for (let n = 0; n < 3; n += 1) await c.dire(phrase(i + n));
        c.fermer();
      }),
    );
  const apres = await memoireDe(pid);
  ecrire(
    `Mémoire du serveur : ${avant.toFixed(0)} Mo, puis ${apres.toFixed(0)} Mo après 1 000 conversations de plus`,
  );
}
