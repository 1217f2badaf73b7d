import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { creerCanaux, type Canaux, type OptionsCanaux } from '../../../bot/channels/index.ts';
import { nouvelleReference } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur, type TrousseauDeCles } from '../../../bot/http/index.ts';
import type { Hote, Journaliseur } from '../../../bot/ports.ts';
import type { Journal } from '../../../bot/storage/journal.ts';
import { ouvrirJournalMemoire } from '../../../bot/storage/journal-memoire.ts';

export const MUET: Journaliseur = { info: () => undefined, alerte: () => undefined, erreur: () => undefined };

/** A host that greets, repeats and counts: enough to see what a channel does with turns. */
export const hotePerroquet: Hote = {
  jouer: async (_entete, passe, message) => {
    if (message.type === 'arrivee')
      return { reponses: [{ texte: 'bonjour' }], evenements: [{ type: 'arrivee' }] };
    const mots = message.type === 'texte' ? message.texte : JSON.stringify(message.valeur);
    if (mots === 'panne') throw new Error('panne voulue');
    if (mots === 'efface') return { reponses: [{ texte: 'effacé' }], evenements: [], effacer: true };
    return {
      reponses: [
        { texte: `${passe.length}: ${mots}`, choix: [{ libelle: 'Oui', valeur: { action: 'reprendre' } }] },
      ],
      evenements: [{ type: 'dit' }],
    };
  },
};

export type Banc = {
  readonly base: string;
  readonly port: number;
  readonly journal: Journal;
  readonly canaux: Canaux;
  readonly serveur: Serveur;
  readonly cles: TrousseauDeCles;
  temps: number;
  fermer(): Promise<void>;
};

/** The website channel on a real port, its clock in our hands. */
export async function ouvrirBanc(
  options: {
    hote?: Hote;
    journal?: Journal;
    limites?: Partial<OptionsCanaux['limites']>;
    delais?: OptionsCanaux['delais'];
    attentes?: OptionsCanaux['attentes'];
    battementMs?: number;
    journaliseur?: Journaliseur;
    sites?: readonly string[];
    dossierCles?: string;
    port?: number;
    locataire?: 'operateur' | 'employeur';
    surHandoff?: OptionsCanaux['surHandoff'];
    surFrappe?: OptionsCanaux['surFrappe'];
    teams?: Partial<OptionsCanaux['teams']>;
    abonnements?: NonNullable<OptionsCanaux['abonnements']>;
    local?: boolean;
  } = {},
): Promise<Banc> {
  const etat = { decalage: 0 };
  const horloge = (): number => Date.now() + etat.decalage;
  const serveur: Serveur = creerServeur({ hotes: [], https: false, journaliseur: MUET, horloge });
  const { port } = await serveur.ecouter(options.port ?? 0, '127.0.0.1');
  const journal = options.journal ?? ouvrirJournalMemoire({ horloge, journaliseur: MUET });
  const aNous = options.dossierCles === undefined ? mkdtempSync(join(tmpdir(), 'cep-cles-')) : undefined;
  const cles = ouvrirCles(options.dossierCles ?? aNous ?? '');
  const journaliseur = options.journaliseur ?? MUET;
  const canaux = creerCanaux({
    journal,
    hote: options.hote ?? hotePerroquet,
    masquer: (texte) =>
      texte.includes('1 85 05') ? { texte: '[numéro masqué]', masques: ['nir'] } : { texte, masques: [] },
    faireLien: (entete, ressource) => `http://127.0.0.1:${port}/d/${entete.reference}/${ressource.type}`,
    cles: cles.pour('directline'),
    origines: [`http://127.0.0.1:${port}`, ...(options.sites ?? [])],
    publicUrl: `http://127.0.0.1:${port}`,
    horloge,
    journaliseur,
    ...(options.abonnements === undefined ? {} : { abonnements: options.abonnements }),
    ...(options.delais === undefined ? {} : { delais: options.delais }),
    ...(options.attentes === undefined ? {} : { attentes: options.attentes }),
    ...(options.battementMs === undefined ? {} : { battementMs: options.battementMs }),
    ...(options.surHandoff === undefined ? {} : { surHandoff: options.surHandoff }),
    ...(options.surFrappe === undefined ? {} : { surFrappe: options.surFrappe }),
    nouvelleReference: () => nouvelleReference((n) => randomBytes(n)),
    local: options.local ?? true,
    limites: {
      jetonsParAdresse: 0,
      conversations: 0,
      messagesParSeconde: 0,
      messagesRafale: 8,
      messagesParConversation: 0,
      suiviParAdresse: 0,
      socketsParConversation: 8,
      socketsParAdresse: 0,
      ...options.limites,
    },
    teams: {
      active: true,
      locataire: options.locataire ?? 'operateur',
      appId: '',
      tenantId: '',
      preuve: { type: 'aucune' },
      ...options.teams,
    },
  });
  canaux.monter(serveur);
  return {
    base: `http://127.0.0.1:${port}`,
    port,
    journal,
    canaux,
    serveur,
    cles: cles.pour('directline'),
    get temps() {
      return etat.decalage;
    },
    set temps(ms: number) {
      etat.decalage = ms;
    },
    async fermer() {
      await canaux.fermer();
      await serveur.fermer(100);
      if (aNous !== undefined) rmSync(aNous, { recursive: true, force: true });
    },
  };
}

export type Lu = {
  readonly statut: number;
  readonly corps: Record<string, unknown>;
  readonly entetes: Headers;
};

/** One call of the protocol. */
export async function appeler(
  banc: Pick<Banc, 'base'>,
  methode: string,
  chemin: string,
  options: { jeton?: string; corps?: unknown; signal?: AbortSignal; entetes?: Record<string, string> } = {},
): Promise<Lu> {
  const reponse = await fetch(`${banc.base}/v3/directline${chemin}`, {
    method: methode,
    headers: {
      ...(options.jeton === undefined ? {} : { Authorization: `Bearer ${options.jeton}` }),
      ...(options.corps === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.entetes,
    },
    ...(options.corps === undefined
      ? {}
      : { body: typeof options.corps === 'string' ? options.corps : JSON.stringify(options.corps) }),
  });
  const texte = await reponse.text();
  return {
    statut: reponse.status,
    corps: texte === '' ? {} : (JSON.parse(texte) as Record<string, unknown>),
    entetes: reponse.headers,
  };
}

export const mot = (lu: Lu, cle: string): string => String(lu.corps[cle]);
export type Vue = {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly timestamp: string;
  readonly inputHint?: string;
  readonly textFormat?: string;
  readonly replyToId?: string;
  readonly from: { readonly role: string; readonly id?: string; readonly name?: string };
  readonly channelData?: { readonly clientActivityID?: string };
};
export const activitesDe = (lu: Lu): Vue[] => lu.corps['activities'] as Vue[];

/** Token, start: a conversation ready to talk. */
export async function commencer(
  banc: Banc,
): Promise<{ id: string; jeton: string; resume: string; flux: string }> {
  const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
  const lance = await appeler(banc, 'POST', '/conversations', {
    jeton: mot(genere, 'token'),
    corps: { locale: 'fr-FR' },
  });
  return {
    id: mot(lance, 'conversationId'),
    jeton: mot(lance, 'token'),
    resume: mot(genere, 'resume'),
    flux: mot(lance, 'streamUrl'),
  };
}

/** The whole log as a client pages it, once it holds at least `nombre` activities. */
export async function attendreActivites(
  banc: Banc,
  c: { id: string; jeton: string },
  nombre: number,
): Promise<Vue[]> {
  const liste: Vue[] = [];
  let filigrane = '';
  for (let essai = 0; essai < 200; essai++) {
    // Asked only when there is more: a poll with nothing new is held.
    const reste = ((await banc.journal.tete(c.id)) ?? 0) - Number(filigrane.split('.').at(-1));
    if (reste > 0) {
      const page = await appeler(banc, 'GET', `/conversations/${c.id}/activities?watermark=${filigrane}`, {
        jeton: c.jeton,
      });
      liste.push(...activitesDe(page));
      filigrane = mot(page, 'watermark');
      continue;
    }
    if (liste.length >= nombre) return liste;
    await new Promise((r) => setTimeout(r, 10));
  }
  throw new Error(`moins de ${nombre} activités`);
}

/** A socket that keeps its frames. */
export function ecouter(flux: string): {
  trames: { activities: Vue[]; watermark: string }[];
  socket: WebSocket;
  ferme: Promise<number>;
} {
  const socket = new WebSocket(flux);
  const trames: { activities: Vue[]; watermark: string }[] = [];
  socket.on('message', (m: Buffer) =>
    trames.push(JSON.parse(m.toString('utf8')) as { activities: Vue[]; watermark: string }),
  );
  const ferme = new Promise<number>((r) => {
    socket.on('close', (code) => r(code));
    socket.on('error', () => r(-1));
  });
  return { trames, socket, ferme };
}

export async function jusqua(condition: () => boolean, delai = 3_000): Promise<void> {
  const fin = Date.now() + delai;
  while (!condition()) {
    if (Date.now() > fin) throw new Error('condition jamais vraie');
    await new Promise((r) => setTimeout(r, 5));
  }
}

/** A conversation somebody holds the token of. */
export type Ouverte = { readonly id: string; readonly jeton: string };

export const poster = (banc: Banc, c: Ouverte, corps: unknown): ReturnType<typeof appeler> =>
  appeler(banc, 'POST', `/conversations/${c.id}/activities`, { jeton: c.jeton, corps });
/** Says something, under the key by which a client tells its own message. */
export const dire = (banc: Banc, c: Ouverte, text: string, cle: string): ReturnType<typeof appeler> =>
  poster(banc, c, { type: 'message', text, channelData: { clientActivityID: cle } });
