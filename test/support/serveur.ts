import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

/** A port nobody uses now. */
export const portLibre = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const serveur = createServer();
    serveur.once('error', reject);
    serveur.listen(0, '127.0.0.1', () => {
      const adresse = serveur.address();
      serveur.close(() =>
        typeof adresse === 'object' && adresse !== null
          ? resolve(adresse.port)
          : reject(new Error('pas de port')),
      );
    });
  });

/** The real program, as `npm start` runs it once built, on its own port and data folder. */
export type ServeurLance = {
  readonly port: number;
  readonly pid: number;
  readonly accueil: string;
  readonly console: string;
  readonly dataDir: string;
  readonly sortie: () => string;
  /** Kills without warning (SIGKILL by default) and waits for the end. */
  tuer(signal?: NodeJS.Signals): Promise<void>;
};

export type OptionsLancement = {
  readonly port?: number;
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly noeud?: readonly string[];
};

/** Starts the built program and waits for its printed addresses. @throws what it wrote, when it stops instead. */
export async function lancerServeur(options: OptionsLancement = {}): Promise<ServeurLance> {
  const port = options.port ?? (await portLibre());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'cep-'));
  const enfant = spawn(
    process.execPath,
    [...(options.noeud ?? []), join(RACINE_PROJET, 'dist', 'serveur', 'bot', 'index.js')],
    {
      cwd: RACINE_PROJET,
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        DATA_DIR: dataDir,
        LOG_LEVEL: 'warn',
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let sortie = '';
  for (const flux of [enfant.stdout, enfant.stderr])
    flux.on('data', (m: Buffer) => (sortie += m.toString('utf8')));
  try {
    await attendrePret(enfant, () => sortie);
  } catch (erreur) {
    // Left alive, it would hold the data folder against the next start.
    enfant.kill('SIGKILL');
    throw erreur;
  }
  const adresse = (nom: string): string => new RegExp(`${nom} :\\s+(\\S+)`).exec(sortie)?.[1] ?? '';
  return {
    port,
    pid: enfant.pid ?? 0,
    dataDir,
    accueil: adresse('Conversation'),
    console: adresse('Console'),
    sortie: () => sortie,
    tuer: (signal = 'SIGKILL') =>
      new Promise((resolve) => {
        if (enfant.exitCode !== null || enfant.signalCode !== null) return resolve();
        enfant.once('exit', () => resolve());
        enfant.kill(signal);
      }),
  };
}

const attendrePret = (enfant: ChildProcess, sortie: () => string): Promise<void> =>
  new Promise((resolve, reject) => {
    const minuterie = setTimeout(() => {
      clearInterval(guetteur);
      reject(new Error(`le serveur ne démarre pas :\n${sortie()}`));
    }, 60_000);
    const guetteur = setInterval(() => {
      if (!/Console :\s+\S+/.test(sortie())) return;
      clearTimeout(minuterie);
      clearInterval(guetteur);
      resolve();
    }, 25);
    enfant.once('exit', (code, signal) => {
      clearTimeout(minuterie);
      clearInterval(guetteur);
      reject(new Error(`arrêt avec le code ${code ?? signal} :\n${sortie()}`));
    });
  });

/** Removes a data folder made by `lancerServeur`. */
export const nettoyer = (dataDir: string): void => rmSync(dataDir, { recursive: true, force: true });
