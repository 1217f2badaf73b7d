import { spawn } from 'node:child_process';
import { lancerServeur, nettoyer } from '../support/serveur.ts';
import { appeler, ouvrirConversation, phrase, processeurDe, SANS_LIMITES } from './client.ts';

const CHAUFFE_MS = 1_500;
/** Turns of ours, then of the echo, before anything is measured: a service that has just started is not what people meet. */
const TOURS_CHAUFFE = 6_000;
const MANCHES = 3;
const MANCHE_MS = 2_000;

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

/** Milliseconds: `processeur` of the server per turn, `durees` of each turn as its client saw it, `temps` of the whole load. */
export type Charge = {
  readonly processeur: number;
  readonly durees: readonly number[];
  readonly temps: number;
};

/** `ouvriers` at once for `dureeMs`. */
export async function charger(
  ouvriers: number,
  pid: number,
  tour: (ouvrier: number, n: number) => Promise<void>,
  dureeMs: number,
): Promise<Charge> {
  const durees: number[] = [];
  const avant = await processeurDe(pid);
  const debut = performance.now();
  await Promise.all(
    Array.from({ length: ouvriers }, async (_, o) => {
      for (let n = 0; performance.now() - debut < dureeMs; n += 1) {
        const depart = performance.now();
        await tour(o, n);
        durees.push(performance.now() - depart);
      }
    }),
  );
  return { processeur: (await processeurDe(pid)) - avant, durees, temps: performance.now() - debut };
}

export type Debit = {
  readonly processeur: number;
  readonly parSeconde: number;
  readonly p50: number;
  readonly p95: number;
};

/** Several loads of one server as one. */
export function resumer(charges: readonly Charge[]): Debit {
  const durees = charges.flatMap((c) => c.durees).toSorted((a, b) => a - b);
  const somme = (de: (c: Charge) => number): number => charges.reduce((n, c) => n + de(c), 0);
  return {
    processeur: somme((c) => c.processeur) / durees.length,
    parSeconde: (durees.length / somme((c) => c.temps)) * 1_000,
    p50: durees[Math.floor(durees.length * 0.5)] ?? 0,
    p95: durees[Math.floor(durees.length * 0.95)] ?? 0,
  };
}

const dit = (d: Debit): string =>
  `${d.parSeconde.toFixed(0)} tours/s (p50 ${d.p50.toFixed(1)} ms, p95 ${d.p95.toFixed(1)} ms, processeur ${d.processeur.toFixed(2)} ms)`;

/**
 * Prints full turns per second through Direct Line (understanding, rules, durable log, each answer over a WebSocket) beside a bare echo bot in the
 * same run, every server in a process of its own: the echo as a channel calls it (its reply is posted to the channel's connector), and with its
 * reply in the HTTP body, the least a `CloudAdapter` can cost. They take turns, `MANCHES` times, so that whatever else the machine does weighs on
 * all of them. Then the memory of ours after 1,000 conversations.
 */
export async function mesurerDirectLine(
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<void> {
  const [echo, connecteur] = await Promise.all([lancer('echo'), lancer('connecteur')]);
  const serveur = await lancerServeur({ env: SANS_LIMITES });
  const base = `http://127.0.0.1:${serveur.port}`;
  try {
    await chauffer(base, [echo, connecteur]);
    for (const ouvriers of [1, 16, 200]) {
      const conversations = await Promise.all(
        Array.from({ length: ouvriers }, () => ouvrirConversation(base)),
      );
      const essais = {
        notre: [serveur.pid, async (o: number, n: number) => conversations[o]?.dire(phrase(n))],
        canal: [echo.pid, (o: number, n: number) => tourEcho(echo.port, o, phrase(n), connecteur.port)],
        corps: [echo.pid, (o: number, n: number) => tourEcho(echo.port, o, phrase(n))],
      } as const;
      const mesures: Record<keyof typeof essais, Charge[]> = { notre: [], canal: [], corps: [] };
      const noms = ['notre', 'canal', 'corps'] as const;
      const jouer = (nom: keyof typeof essais, ms: number): Promise<Charge> =>
        charger(ouvriers, essais[nom][0], essais[nom][1], ms);
      for (const nom of noms) await jouer(nom, CHAUFFE_MS);
      for (let manche = 0; manche < MANCHES; manche += 1)
        for (const nom of noms) mesures[nom].push(await jouer(nom, MANCHE_MS));
      const [notre, canal, corps] = [resumer(mesures.notre), resumer(mesures.canal), resumer(mesures.corps)];
      ecrire(`Direct Line, ${ouvriers} conversation(s) : ${dit(notre)}`);
      ecrire(`  écho nu, réponse par le canal : ${dit(canal)} ; rapport ${rapport(notre, canal)}`);
      ecrire(`  écho nu, réponse dans le corps : ${dit(corps)} ; rapport ${rapport(notre, corps)}`);
      for (const c of conversations) c.fermer();
    }
  } finally {
    await serveur.tuer();
    echo.fermer();
    connecteur.fermer();
    nettoyer(serveur.dataDir);
  }
}

async function chauffer(base: string, [echo, connecteur]: readonly [Enfant, Enfant]): Promise<void> {
  const conversations = await Promise.all(Array.from({ length: 16 }, () => ouvrirConversation(base)));
  await Promise.all(
    conversations.map(async (c, o) => {
      for (let n = 0; n < TOURS_CHAUFFE / 16; n += 1) await c.dire(phrase(n));
      for (let n = 0; n < TOURS_CHAUFFE / 32; n += 1) {
        await tourEcho(echo.port, o, phrase(n), connecteur.port);
        await tourEcho(echo.port, o, phrase(n));
      }
      c.fermer();
    }),
  );
}

const rapport = (a: Debit, b: Debit): string =>
  `${(a.parSeconde / b.parSeconde).toFixed(2)} (processeur ${(b.processeur / a.processeur).toFixed(2)})`;
