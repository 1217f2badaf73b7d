import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

const DOSSIER = join(RACINE_PROJET, 'test', 'clients');

/** Installs, once, the clients nobody here wrote (their own lockfile; no script of theirs is run). */
export function installerClients(): void {
  const installes = [cheminWebChat(), join(DOSSIER, 'node_modules', 'node-nlp', 'package.json')];
  if (installes.every((f) => existsSync(f))) return;
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: DOSSIER, stdio: 'pipe' });
}

export const cheminWebChat = (): string => cheminDe('webchat.js');
/** The lighter of its bundles: no markdown, no speech, no adaptive cards. */
export const cheminWebChatMinimal = (): string => cheminDe('webchat-minimal.js');
const cheminDe = (lot: string): string => join(DOSSIER, 'node_modules', 'botframework-webchat', 'dist', lot);

/** What we use of DirectLineJS: its package has types, but it is installed beside the project. */
export type Abonnement = { unsubscribe(): void };
type Flux<T> = { subscribe(suite: (v: T) => void, erreur?: (e: unknown) => void): Abonnement };
export type ActiviteVue = {
  readonly id?: string;
  readonly type: string;
  readonly text?: string;
  readonly from?: { readonly id: string; readonly role?: string };
  readonly channelData?: { readonly clientActivityID?: string };
};
export type ClientDirectLine = {
  readonly activity$: Flux<ActiviteVue>;
  readonly connectionStatus$: Flux<number>;
  postActivity(activite: object): Flux<string>;
  end(): void;
};
export type OptionsClient = {
  readonly domain: string;
  readonly token: string;
  readonly webSocket: boolean;
  readonly pollingInterval?: number;
  readonly conversationId?: string;
  readonly watermark?: string;
};

const fabrique = z.custom<new (options: OptionsClient) => ClientDirectLine>((v) => typeof v === 'function');
const constructeur = z.custom<typeof globalThis.WebSocket>((v) => typeof v === 'function');

/** DirectLineJS as published, with the two browser globals it needs. */
export function chargerDirectLineJs(): {
  readonly DirectLine: new (options: OptionsClient) => ClientDirectLine;
  readonly globaux: Readonly<Record<'XMLHttpRequest' | 'WebSocket', unknown>>;
} {
  const exiger = createRequire(join(DOSSIER, 'package.json'));
  const xhr: unknown = exiger('xhr2');
  const ws: unknown = exiger('ws');
  const globaux = { XMLHttpRequest: xhr, WebSocket: constructeur.parse(ws) };
  Reflect.set(globalThis, 'XMLHttpRequest', globaux.XMLHttpRequest);
  Reflect.set(globalThis, 'WebSocket', globaux.WebSocket);
  const module: unknown = exiger('botframework-directlinejs');
  return { DirectLine: z.object({ DirectLine: fabrique }).parse(module).DirectLine, globaux };
}
