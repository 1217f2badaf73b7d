import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as attendre } from 'node:timers/promises';
import { texte } from '../../../knowledge/textes/index.ts';
import { reussi } from '../../../knowledge/vocabulaire/index.ts';
import {
  creerLimiteur,
  ErreurHttp,
  lireCorps,
  repondreJson,
  repondreOctets,
  repondreVide,
  verdictDe,
  type Serveur,
  type TrousseauDeCles,
} from '../../http/index.ts';
import type { Activite, EnteteJournal, Journal } from '../../storage/journal.ts';
import type { Journaliseur } from '../../ports.ts';
import type { Tours } from '../tour.ts';
import { langueValide, lireEntrant, type Entrant } from './entrant.ts';
import { ecrireFiligrane, lireFiligrane } from './filigrane.ts';
import {
  DUREE_JETON_S,
  empreinte,
  lireJeton,
  nouveauJeton,
  nouveauSecret,
  nouveauTicket,
  nouvelIdentifiant,
  sessionFinie,
  type Jeton,
} from './jetons.ts';
import { masquerValeur } from '../masquer-valeur.ts';
import { lirePage } from './page.ts';
import { noteDeReprise, type Reprises } from './reprise.ts';
import type { Sockets } from './sockets.ts';

const BASE = '/v3/directline';
const ATTENTES = { sondage: 15_000, indisponible: 10_000 };
/** A conversation nobody has called about for this long no longer counts as live. */
const VIVANTE_MS = 15 * 60_000;
/** Beyond the limit of messages, how many more are answered by « start another one » before being refused. */
const DEBORDEMENT = 20;
const MAX_JETONS_LUS = 5_000;
const RALENTIR_MS = 2_000;
/** How long a start waits for the welcome, to carry it; it takes a few milliseconds. */
const ACCUEIL_MS = 300;

export type Masquer = (texte: string) => { readonly texte: string; readonly masques: readonly string[] };
export type LimitesCanal = {
  readonly jetonsParAdresse: number;
  readonly conversations: number;
  readonly messagesParSeconde: number;
  readonly messagesRafale: number;
  readonly messagesParConversation: number;
  /** Codes one address may try in ten minutes. */
  readonly suiviParAdresse: number;
};

export type OptionsRoutes = {
  readonly journal: Journal;
  readonly tours: Tours;
  readonly sockets: Sockets;
  readonly reprises: Reprises;
  readonly cles: TrousseauDeCles;
  readonly origines: readonly string[];
  readonly publicUrl: string;
  readonly horloge: () => number;
  readonly masquer: Masquer;
  readonly nouvelleReference: () => string;
  readonly limites: LimitesCanal;
  readonly journaliseur: Journaliseur;
  /** The person is writing; absent: nobody to tell. */
  readonly surFrappe?: (conversation: string) => void;
  /** False while stopping: § 3.1 says what each route then answers. */
  readonly ouvert: () => boolean;
  /** Milliseconds a poll, and a request that must not fail, are held. For tests. */
  readonly attentes?: { readonly sondage: number; readonly indisponible: number };
};

type Requete = IncomingMessage & { readonly params?: Readonly<Record<string, string>> };

const refus = {
  sansJeton: () => new ErreurHttp(401, 'Unauthorized', 'A bearer token is required.'),
  perime: () => new ErreurHttp(403, 'TokenExpired', 'The token has expired.'),
  interdit: () => new ErreurHttp(403, 'Forbidden', 'Not allowed.'),
  indisponible: () => new ErreurHttp(503, 'Unavailable', 'Not available for now.', { 'Retry-After': '2' }),
  introuvable: () => new ErreurHttp(404, 'ConversationNotFound', 'This conversation no longer exists.'),
};

/** Mounts the Direct Line 3.0 routes (directline.md § 3) on the guarded server. */
export function monterDirectLine(http: Serveur, options: OptionsRoutes): { relacher(): void } {
  const { journal, tours, sockets, reprises, cles, horloge, limites } = options;
  const codes = creerLimiteur({ nombre: limites.suiviParAdresse, parMs: 600_000, horloge });
  const jetons = creerLimiteur({ nombre: limites.jetonsParAdresse, parMs: 600_000, horloge });
  const messages = creerLimiteur({
    nombre: limites.messagesParSeconde,
    parMs: 1_000,
    rafale: limites.messagesRafale,
    horloge,
  });
  const ws = options.publicUrl.replace(/^http/, 'ws');
  const { attentes = ATTENTES } = options;
  const attentesOuvertes = new Set<() => void>();
  /** Live conversations, the least recently seen first. */
  const vivantes = new Map<string, number>();
  const jetonsLus = new Map<string, Jeton>();

  function voir(conversation: string): void {
    vivantes.delete(conversation);
    vivantes.set(conversation, horloge());
    for (const [id, le] of vivantes) {
      if (horloge() - le < VIVANTE_MS) return;
      vivantes.delete(id);
    }
  }

  // ——— who is calling ———

  /** A page of our own origin, or of a configured one. Bearer calls are immune to CSRF; the two routes that make a token are not. */
  function verifierOrigine(req: IncomingMessage): string {
    const { origin } = req.headers;
    const site = req.headers['sec-fetch-site'];
    if (origin === undefined) {
      if (site === 'cross-site') throw refus.interdit();
      return '';
    }
    if (!options.origines.includes(origin)) throw refus.interdit();
    return origin;
  }

  /** A token comes back with every message: its signature is checked once, its date each time. */
  function lireUneFois(brut: string): ReturnType<typeof lireJeton> {
    const connu = jetonsLus.get(brut);
    if (connu !== undefined)
      return connu.exp * 1_000 > horloge() ? reussi(connu) : lireJeton(cles, 'dl', brut, horloge());
    const lu = lireJeton(cles, 'dl', brut, horloge());
    if (lu.ok) jetonsLus.set(brut, lu.valeur);
    if (jetonsLus.size > MAX_JETONS_LUS)
      for (const ancien of jetonsLus.keys()) {
        jetonsLus.delete(ancien);
        break;
      }
    return lu;
  }

  async function authentifier(req: Requete, conversation?: string): Promise<Jeton> {
    const brut = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '')?.[1];
    if (brut === undefined) throw refus.sansJeton();
    const lu = lireUneFois(brut);
    if (!lu.ok) throw lu.refus.code === 'perime' ? refus.perime() : refus.sansJeton();
    const { origin } = req.headers;
    if (origin !== undefined && lu.valeur.org !== '' && origin !== lu.valeur.org) throw refus.interdit();
    if (conversation !== undefined && conversation !== lu.valeur.conv) throw refus.interdit();
    voir(lu.valeur.conv);
    if (await reprises.estFinie(lu.valeur)) throw refus.perime();
    return lu.valeur;
  }

  const idDe = (req: Requete): string => req.params?.['id'] ?? '';

  function rendreConversation(
    jeton: Pick<Jeton, 'conv' | 'user' | 'org' | 'sid'>,
    filigrane: string | undefined,
    reste: object = {},
  ): object {
    const maintenant = horloge();
    const adresse =
      filigrane === undefined
        ? {}
        : {
            streamUrl: `${ws}${BASE}/conversations/${jeton.conv}/stream?watermark=${filigrane}&t=${nouveauTicket(cles, jeton, maintenant)}`,
          };
    return {
      conversationId: jeton.conv,
      token: nouveauJeton(cles, jeton, maintenant),
      expires_in: DUREE_JETON_S,
      ...adresse,
      ...reste,
    };
  }

  // ——— tokens ———

  async function generer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const org = verifierOrigine(req);
    verdictDe(jetons.prendre(http.adresse(req)));
    const { start, locale } = await lireCorps(req, { vide: true });
    const conv = nouvelIdentifiant();
    const secret = nouveauSecret();
    const sid = Math.floor(horloge() / 1_000);
    const base = { conv, user: `dl_${nouvelIdentifiant()}`, org, sid, res: empreinte(secret) };
    const resume = `${conv}.${secret}`;
    if (start === true) {
      voir(conv);
      const { reponse } = await lancer(base, locale);
      return repondreJson(res, { ...reponse, ...(await premieresActivites(conv)), resume }, { statut: 201 });
    }
    return repondreJson(res, {
      conversationId: conv,
      token: nouveauJeton(cles, base, horloge()),
      expires_in: DUREE_JETON_S,
      resume,
    });
  }

  /** What the welcome said, if it is said soon: on a slow network each round trip costs seconds. The stream says the same again. */
  async function premieresActivites(conv: string): Promise<object> {
    const page = await lirePage(journal, conv, 0);
    return page === undefined || page.vide ? {} : (JSON.parse(page.json) as object);
  }

  /** The caller of a route that gives a new token: past twelve hours none is given any more, or a stolen one would live for ever. */
  async function authentifierPourRenouveler(req: Requete, conversation?: string): Promise<Jeton> {
    const jeton = await authentifier(req, conversation);
    if (sessionFinie(jeton, horloge())) throw refus.perime();
    return jeton;
  }

  async function rafraichir(req: Requete, res: ServerResponse): Promise<void> {
    const jeton = await authentifierPourRenouveler(req);
    await lireCorps(req, { vide: true });
    // Only a token never started with still carries the hash of its secret: without it, a conversation that is not there was erased.
    if (jeton.res === undefined && (await journal.tete(jeton.conv)) === undefined) throw refus.introuvable();
    repondreJson(res, {
      conversationId: jeton.conv,
      token: nouveauJeton(cles, jeton, horloge()),
      expires_in: DUREE_JETON_S,
    });
  }

  /** With the secret of a tab, or with the code the chat gives: the same answer whether it never existed, was erased or is not its own. */
  async function reprendre(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const org = verifierOrigine(req);
    const { resume, code } = await lireCorps(req);
    if (typeof code === 'string') verdictDe(codes.prendre(http.adresse(req)));
    const lue =
      typeof code === 'string'
        ? await reprises.parCode(code)
        : await reprises.parSecret(typeof resume === 'string' ? resume : '');
    if (!lue.ok) {
      if (lue.refus.code === 'trop-d-essais')
        return verdictDe({ ok: false, attendreMs: lue.refus.attendreMs });
      throw lue.refus.code === 'refuse'
        ? refus.interdit()
        : new ErreurHttp(400, 'BadArgument', 'This is not a resume code.');
    }
    const { conv, utilisateur, resume: suivant } = lue.valeur;
    const sid = Math.floor(horloge() / 1_000);
    repondreJson(
      res,
      rendreConversation({ conv, user: utilisateur, org, sid }, '-', {
        resume: suivant,
        history: (await journal.tete(conv)) ?? 0,
      }),
    );
  }

  async function donnerCode(req: Requete, res: ServerResponse): Promise<void> {
    const { conv } = await authentifier(req, idDe(req));
    const code = await reprises.codeDe(conv);
    if (code === undefined) throw refus.introuvable();
    repondreJson(res, { code });
  }

  async function revoquer(req: Requete, res: ServerResponse): Promise<void> {
    const { conv } = await authentifier(req);
    await lireCorps(req, { vide: true });
    await reprises.finir(conv);
    await sockets.fermerConversation(conv, 4001);
    repondreJson(res, {});
  }

  // ——— conversations ———

  async function demarrer(req: Requete, res: ServerResponse): Promise<void> {
    const jeton = await authentifierPourRenouveler(req);
    const { locale } = await lireCorps(req, { vide: true });
    const { reponse, creee } = await lancer(jeton, locale);
    repondreJson(res, reponse, { statut: creee ? 201 : 200 });
  }

  /** Creates the conversation of this token if need be, and has the person welcomed, once. Resolves when the welcome is said, or slow to come. */
  async function lancer(
    jeton: Pick<Jeton, 'conv' | 'user' | 'org' | 'sid' | 'res'>,
    langue: unknown,
  ): Promise<{ readonly reponse: object; readonly creee: boolean }> {
    const locale = langueValide(langue);
    if (limites.conversations > 0 && vivantes.size > limites.conversations)
      if ((await journal.tete(jeton.conv)) === undefined) {
        vivantes.delete(jeton.conv);
        throw new ErreurHttp(429, 'TooManyRequests', 'Too many conversations.', { 'Retry-After': '20' });
      }
    const entete: EnteteJournal = {
      id: jeton.conv,
      canal: 'directline',
      creeLe: horloge(),
      reference: options.nouvelleReference(),
      utilisateur: jeton.user,
      ...(locale === undefined ? {} : { locale }),
    };
    const notes = jeton.res === undefined ? {} : noteDeReprise(jeton.res, horloge());
    const fait = await journal.creer(entete, notes);
    if (fait === 'effacee') throw refus.introuvable();
    // Idempotent (C9): a retried start makes neither a second conversation nor a second welcome, whatever crashed in between.
    const arrivee = await journal.ajouterEntrant(
      jeton.conv,
      { type: 'conversationUpdate' },
      { cle: 'arrivee', invisible: true },
    );
    if (arrivee !== undefined && !arrivee.doublon)
      await Promise.race([
        tours.planifier(jeton.conv, arrivee.seq, { type: 'conversationUpdate' }),
        attendre(ACCUEIL_MS),
      ]);
    const { conv, user, org, sid } = jeton;
    return { reponse: rendreConversation({ conv, user, org, sid }, '-'), creee: fait === 'creee' };
  }

  async function reconnecter(req: Requete, res: ServerResponse): Promise<void> {
    const jeton = await authentifierPourRenouveler(req, idDe(req));
    const tete = await journal.tete(jeton.conv);
    if (tete === undefined) throw refus.introuvable();
    const filigrane = new URL(req.url ?? '/', 'http://localhost').searchParams.get('watermark') ?? '';
    const seq = lireFiligrane(journal, filigrane, tete) ?? 0;
    repondreJson(res, rendreConversation(jeton, seq === 0 ? '-' : ecrireFiligrane(journal, seq)));
  }

  async function lire(req: Requete, res: ServerResponse): Promise<void> {
    const jeton = await authentifier(req, idDe(req));
    const { conv } = jeton;
    const tete = await journal.tete(conv);
    if (tete === undefined) throw refus.introuvable();
    const filigrane = new URL(req.url ?? '/', 'http://localhost').searchParams.get('watermark') ?? '';
    const seq = lireFiligrane(journal, filigrane, tete);
    if (seq === undefined) throw new ErreurHttp(400, 'BadArgument', 'Unknown watermark.');
    let page = await lirePage(journal, conv, seq);
    if (page?.vide === true && filigrane !== '') {
      await prochainChangement(conv, page.jusqua, res);
      // « Terminer » came meanwhile: what was said since is no longer for this screen.
      if (await reprises.estFinie(jeton)) throw refus.perime();
      page = await lirePage(journal, conv, seq);
    }
    if (page === undefined) throw refus.introuvable();
    repondreOctets(res, page.json, 'application/json; charset=utf-8');
  }

  /** Resolves at the next change after `seq`, when the client leaves, or after fifteen seconds (the client's own limit is twenty). */
  function prochainChangement(conversation: string, seq: number, res: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const finir = (): void => {
        clearTimeout(minuterie);
        cesser();
        attentesOuvertes.delete(finir);
        res.off('close', finir);
        resolve();
      };
      const minuterie = setTimeout(finir, attentes.sondage);
      const cesser = journal.ecouter(conversation, finir);
      attentesOuvertes.add(finir);
      res.once('close', finir);
      // Something may have come between the reading and the listening.
      journal.tete(conversation).then((tete) => (tete === seq ? undefined : finir()), finir);
    });
  }

  /**
   * What the stock clients make of a failure differs from route to route (§ 3.1): a 503 is final for a start, anything but 200 kills polling for
   * ever (C9, C10). `secours` is the answer that keeps them alive, given after a wait; without it, 503.
   */
  async function servir(
    res: ServerResponse,
    travail: () => Promise<void>,
    secours?: () => void,
  ): Promise<void> {
    try {
      if (options.ouvert()) return await travail();
    } catch (erreur) {
      if (erreur instanceof ErreurHttp) throw erreur;
      options.journaliseur.erreur('directline-indisponible', erreur);
    }
    if (secours === undefined || res.headersSent) throw refus.indisponible();
    await patienter(res);
    secours();
  }

  const patienter = (res: ServerResponse): Promise<void> =>
    new Promise((resolve) => {
      const finir = (): void => {
        clearTimeout(minuterie);
        attentesOuvertes.delete(finir);
        resolve();
      };
      const minuterie = setTimeout(finir, attentes.indisponible);
      attentesOuvertes.add(finir);
      res.once('close', finir);
    });

  const ensembleVide = (req: Requete, res: ServerResponse): void =>
    repondreJson(res, {
      activities: [],
      watermark: /[?&]watermark=([\w.-]{1,40})/.exec(req.url ?? '')?.[1] ?? '-',
    });

  // ——— posting ———

  async function poster(req: Requete, res: ServerResponse): Promise<void> {
    const jeton = await authentifier(req, idDe(req));
    const tete = await journal.tete(jeton.conv);
    if (tete === undefined) throw refus.introuvable();
    await ralentir(jeton.conv);
    const lu = lireEntrant(await lireCorps(req));
    if (lu === 'trop-long') throw new ErreurHttp(413, 'TooLarge', 'The text is too long.');
    if (lu === 'invalide') throw new ErreurHttp(400, 'BadArgument', 'This activity is not accepted.');
    if (lu.type === 'typing') options.surFrappe?.(jeton.conv);
    if (lu.type !== 'message') return repondreJson(res, { id: `${jeton.conv}.0000000` });
    const depasse =
      limites.messagesParConversation > 0
        ? (await journal.entrants(jeton.conv)) - limites.messagesParConversation
        : -1;
    if (depasse > DEBORDEMENT)
      throw new ErreurHttp(429, 'TooManyRequests', 'This conversation is full: start another one.', {
        'Retry-After': '3600',
      });
    const { activite, masque } = await activiteDe(lu, jeton);
    const ajout = await journal.ajouterEntrant(
      jeton.conv,
      activite,
      lu.cle === undefined ? {} : { cle: lu.cle, empreinte: empreinte(JSON.stringify([lu.text, lu.value])) },
    );
    if (ajout === undefined) throw refus.introuvable();
    if (ajout.conflit)
      throw new ErreurHttp(409, 'Conflict', 'This clientActivityID was used for another content.');
    repondreJson(res, { id: ajout.id });
    if (ajout.doublon) return;
    void tours.planifier(jeton.conv, ajout.seq, activite, {
      masque,
      ...(depasse > 0 ? { reponse: { texte: texte('canal.complete', 'standard') } } : {}),
    });
  }

  /** Below the abuse limit a fast client is slowed down, not refused: stock clients never resend (C3). */
  async function ralentir(conversation: string): Promise<void> {
    const depuis = horloge();
    for (;;) {
      const verdict = messages.prendre(conversation);
      if (verdict.ok) return;
      if (horloge() - depuis + verdict.attendreMs > RALENTIR_MS) return verdictDe(verdict);
      await attendre(verdict.attendreMs);
    }
  }

  /** Everything but the person's own words and button is ours; the words are masked before anything keeps or echoes them. */
  async function activiteDe(lu: Entrant, jeton: Jeton): Promise<{ activite: Activite; masque: boolean }> {
    const masque = lu.value === undefined && lu.text !== undefined ? options.masquer(lu.text) : undefined;
    const donnee = lu.value === undefined ? undefined : masquerValeur(lu.value, options.masquer);
    const repond = lu.replyToId !== undefined && (await journal.contient(jeton.conv, lu.replyToId));
    const activite = {
      type: 'message',
      channelId: 'directline',
      conversation: { id: jeton.conv },
      from: { id: jeton.user, name: 'Vous', role: 'user' },
      textFormat: 'plain',
      ...(lu.text === undefined ? {} : { text: masque?.texte ?? lu.text }),
      ...(donnee === undefined ? {} : { value: donnee.valeur }),
      ...(lu.locale === undefined ? {} : { locale: lu.locale }),
      ...(repond ? { replyToId: lu.replyToId } : {}),
      ...(lu.cle === undefined
        ? {}
        : {
            channelData: {
              clientActivityID: lu.cle,
              ...(lu.postBack === undefined ? {} : { postBack: lu.postBack }),
            },
          }),
    };
    return { activite, masque: (masque?.masques.length ?? 0) > 0 || donnee?.masque === true };
  }

  const { restify } = http;
  restify.post(`${BASE}/tokens/generate`, async (req, res) => servir(res, () => generer(req, res)));
  restify.post(`${BASE}/tokens/refresh`, async (req, res) => servir(res, () => rafraichir(req, res)));
  restify.post(`${BASE}/tokens/resume`, async (req, res) => servir(res, () => reprendre(req, res)));
  restify.post(`${BASE}/tokens/revoke`, async (req, res) => servir(res, () => revoquer(req, res)));
  restify.post(`${BASE}/conversations`, async (req, res) =>
    servir(
      res,
      () => demarrer(req, res),
      () => {
        throw new ErreurHttp(429, 'TooManyRequests', 'Not available for now.', { 'Retry-After': '20' });
      },
    ),
  );
  restify.get(`${BASE}/conversations/:id`, async (req, res) => servir(res, () => reconnecter(req, res)));
  restify.get(`${BASE}/conversations/:id/resume-code`, async (req, res) =>
    servir(res, () => donnerCode(req, res)),
  );
  restify.get(`${BASE}/conversations/:id/activities`, async (req, res) =>
    servir(
      res,
      () => lire(req, res),
      () => ensembleVide(req, res),
    ),
  );
  restify.post(`${BASE}/conversations/:id/activities`, async (req, res) =>
    servir(res, () => poster(req, res)),
  );
  restify.post(`${BASE}/conversations/:id/upload`, async () => {
    throw new ErreurHttp(415, 'BadArgument', 'Uploads are not accepted.', { Connection: 'close' });
  });
  restify.get(`${BASE}/session/getsessionid`, async () => {
    throw new ErreurHttp(404, 'NotFound', 'No session here.');
  });
  monterCors(http, options.origines);
  return {
    /** Lets every held request go: a server waiting for them would not stop. */
    relacher: () => attentesOuvertes.forEach((finir) => finir()),
  };
}

/**
 * Exact origins only, never `*` nor the caller's word; the four headers stock clients send (C21). Set before routing, so that refusals
 * can be read too.
 */
function monterCors(http: Serveur, origines: readonly string[]): void {
  http.restify.first((req, res) => {
    const { origin } = req.headers;
    if (origin === undefined || !origines.includes(origin) || !(req.url ?? '').startsWith(BASE)) return true;
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Access-Control-Expose-Headers', 'Retry-After');
    res.setHeader('Vary', 'Origin');
    return true;
  });
  for (const chemin of PREFLIGHT) {
    http.restify.opts(`${BASE}${chemin}`, async (_req, res) =>
      repondreVide(
        res,
        res.hasHeader('Access-Control-Allow-Origin')
          ? {
              'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
              'Access-Control-Allow-Headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
              'Access-Control-Max-Age': '600',
            }
          : {},
      ),
    );
  }
}

const PREFLIGHT = [
  '/tokens/generate',
  '/tokens/refresh',
  '/tokens/resume',
  '/tokens/revoke',
  '/conversations',
  '/conversations/:id',
  '/conversations/:id/activities',
  '/conversations/:id/resume-code',
  '/conversations/:id/upload',
  '/session/getsessionid',
];
