import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { refuserUpgrade, type Serveur, type TrousseauDeCles } from '../../http/index.ts';
import type { Journal } from '../../storage/journal.ts';
import { ecrireFiligrane, lireFiligrane } from './filigrane.ts';
import { lireJeton } from './jetons.ts';
import { lirePage } from './page.ts';
import type { Reprises } from './reprise.ts';

const PING_MS = 25_000;
const TAMPON_MAX = 1_048_576;
/** What a person says waits this long for the answer that usually follows at once: one frame instead of two. */
const REGROUPEMENT_MS = 25;
/** How long a screen has to answer that we are closing. */
const ADIEU_MS = 1_000;
/** Frames a client may send between two of our pings: the stock ones send one or two (C13). */
const TRAMES_MAX = 50;

type Prise = {
  readonly socket: WebSocket;
  curseur: number;
  /** The reading in hand, and whether something came since it began. */
  enCours: Promise<void> | undefined;
  encore: boolean;
  /** Set while something waits to be sent with what follows. */
  retenue: NodeJS.Timeout | undefined;
  silences: number;
  recues: number;
};

export type OptionsSockets = {
  readonly journal: Journal;
  readonly cles: TrousseauDeCles;
  readonly horloge: () => number;
  readonly parConversation: number;
  readonly parAdresse: number;
  readonly reprises: Pick<Reprises, 'estFinie'>;
  /** Between two pings; 25 s by default. A screen that leaves two of them unanswered is gone. */
  readonly battementMs?: number;
};

const ASSISTANT = { id: 'assistant-cep', name: 'Assistant' };

/** Streams of activities. Each socket has a cursor; a change in the log is only a hint to read after it: no activity is missed or reordered. */
export function creerSockets(options: OptionsSockets) {
  const { journal } = options;
  const serveur = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1_024 });
  const prises = new Map<string, Set<Prise>>();
  const parAdresse = new Map<string, number>();
  const battement = setInterval(() => battre(), options.battementMs ?? PING_MS);
  battement.unref();

  function battre(): void {
    for (const groupe of prises.values())
      for (const prise of groupe) {
        if (prise.silences >= 2) prise.socket.terminate();
        prise.silences += 1;
        prise.recues = 0;
        prise.socket.ping();
      }
  }

  /** Sends what is after the cursor; resolves when there is nothing left, whoever started the reading. */
  function pomper(conversation: string, prise: Prise): Promise<void> {
    clearTimeout(prise.retenue);
    prise.retenue = undefined;
    prise.encore = true;
    prise.enCours ??= lireTout(conversation, prise).finally(() => (prise.enCours = undefined));
    return prise.enCours;
  }

  async function lireTout(conversation: string, prise: Prise): Promise<void> {
    try {
      while (prise.encore) {
        prise.encore = false;
        await vider(conversation, prise);
      }
    } catch {
      // The log cannot be read now: the client comes back with its watermark.
      prise.socket.close(1013);
    }
  }

  async function vider(conversation: string, prise: Prise): Promise<void> {
    for (;;) {
      const page = await lirePage(journal, conversation, prise.curseur);
      if (page === undefined) return prise.socket.close(4001);
      if (prise.socket.readyState !== prise.socket.OPEN) return undefined;
      prise.curseur = page.jusqua;
      if (page.vide) return undefined;
      prise.socket.send(page.json);
      if (prise.socket.bufferedAmount > TAMPON_MAX) return prise.socket.close(1013);
    }
  }

  function ouvrir(conversation: string, adresse: string, curseur: number, socket: WebSocket): void {
    const prise: Prise = {
      socket,
      curseur,
      enCours: undefined,
      encore: false,
      retenue: undefined,
      silences: 0,
      recues: 0,
    };
    const groupe = prises.get(conversation) ?? new Set();
    prises.set(conversation, groupe.add(prise));
    parAdresse.set(adresse, (parAdresse.get(adresse) ?? 0) + 1);
    const cesser = journal.ecouter(conversation, (tourEnCours) => {
      if (!tourEnCours) return void pomper(conversation, prise);
      prise.retenue ??= setTimeout(() => void pomper(conversation, prise), REGROUPEMENT_MS);
    });
    socket.on('pong', () => (prise.silences = 0));
    socket.on('error', () => socket.terminate());
    const compter = (): void => {
      prise.silences = 0;
      prise.recues += 1;
      // Each one costs an answer or a look: whoever sends hundreds is not reading.
      if (prise.recues > TRAMES_MAX) socket.terminate();
    };
    socket.on('ping', compter);
    socket.on('message', (donnees: Buffer, binaire) => {
      compter();
      // The empty frame is the stock clients' ping (C13); nothing else has a reason to come this way.
      if (binaire || donnees.length > 0) socket.close(1003);
    });
    socket.on('close', () => {
      cesser();
      clearTimeout(prise.retenue);
      groupe.delete(prise);
      if (groupe.size === 0) prises.delete(conversation);
      const reste = (parAdresse.get(adresse) ?? 1) - 1;
      if (reste > 0) parAdresse.set(adresse, reste);
      else parAdresse.delete(adresse);
    });
    void pomper(conversation, prise);
  }

  const trop = (nombre: number, limite: number): boolean => limite > 0 && nombre >= limite;

  let arrete = false;

  async function accueillir(
    http: Serveur,
    req: IncomingMessage,
    socket: Duplex,
    tete: Buffer,
  ): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const conversation = /\/conversations\/([\da-f]{32})\/stream$/.exec(url.pathname)?.[1] ?? '';
    const ticket = lireJeton(options.cles, 'dl-stream', url.searchParams.get('t') ?? '', options.horloge());
    if (!ticket.ok || ticket.valeur.conv !== conversation) return refuserUpgrade(socket, 403);
    const { origin } = req.headers;
    if (ticket.valeur.org !== '' && origin !== ticket.valeur.org) return refuserUpgrade(socket, 403);
    const tetes = await journal.tete(conversation);
    if (tetes === undefined) return refuserUpgrade(socket, 404);
    // Last, and nothing is awaited after: a socket let in once the others were closed would outlive the end, or the stop.
    if (await options.reprises.estFinie(ticket.valeur)) return refuserUpgrade(socket, 403);
    if (arrete) return refuserUpgrade(socket, 503);
    const adresse = http.adresse(req);
    if (
      trop(prises.get(conversation)?.size ?? 0, options.parConversation) ||
      trop(parAdresse.get(adresse) ?? 0, options.parAdresse)
    )
      return refuserUpgrade(socket, 429);
    const curseur = lireFiligrane(journal, url.searchParams.get('watermark') ?? '', tetes) ?? 0;
    return serveur.handleUpgrade(req, socket, tete, (ws) => ouvrir(conversation, adresse, curseur, ws));
  }

  return {
    attacher(http: Serveur): void {
      http.surUpgrade(/^\/v3\/directline\/conversations\/[\da-f]{32}\/stream$/, (req, socket, tete) => {
        accueillir(http, req, socket, tete).catch(() => refuserUpgrade(socket, 503));
      });
    },
    /** Transient: not stored, not in polling. `de`: a counsellor rather than the assistant. */
    frappe(conversation: string, de: { readonly id: string; readonly name: string } = ASSISTANT): void {
      const frappe = JSON.stringify({
        type: 'typing',
        channelId: 'directline',
        from: { ...de, role: 'bot' },
      });
      for (const prise of prises.get(conversation) ?? []) {
        prise.socket.send(
          `{"activities":[${frappe}],"watermark":"${ecrireFiligrane(journal, prise.curseur)}"}`,
        );
      }
    },
    /** Lets every screen read what is left, then closes them with `code`. */
    async fermerConversation(conversation: string, code: number): Promise<void> {
      for (const prise of prises.get(conversation) ?? []) {
        await pomper(conversation, prise);
        if (code === 4001)
          prise.socket.send(
            `{"activities":[{"type":"event","name":"cep.terminee","channelId":"directline","from":{"id":"assistant-cep","name":"Assistant","role":"bot"}}],"watermark":"${ecrireFiligrane(journal, prise.curseur)}"}`,
          );
        prise.socket.close(code);
      }
    },
    /** Says to come back later; who sleeps and does not say goodbye is cut, a stop does not wait for them. */
    fermer(): void {
      arrete = true;
      clearInterval(battement);
      const ouvertes = [...prises.values()].flatMap((groupe) => [...groupe]);
      for (const { socket } of ouvertes) socket.close(1012);
      const coupure = setTimeout(() => ouvertes.forEach(({ socket }) => socket.terminate()), ADIEU_MS);
      coupure.unref();
      serveur.close();
    },
    get nombre(): number {
      return [...prises.values()].reduce((n, g) => n + g.size, 0);
    },
  };
}
export type Sockets = ReturnType<typeof creerSockets>;
