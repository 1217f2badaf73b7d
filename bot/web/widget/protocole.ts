/**
 * The chat's own Direct Line client (no dependency): one state machine, messages kept until the server echoes them, resent with the same
 * `clientActivityID`, and coming back after sleep, tunnels, reloads and restarts. Framework-free; time, network and storage are given to it.
 */

export type ActiviteRecue = {
  readonly id?: string;
  readonly type: string;
  readonly name?: string;
  readonly timestamp?: string;
  readonly from?: { readonly id?: string; readonly name?: string; readonly role?: string };
  readonly text?: string;
  readonly textFormat?: string;
  readonly inputHint?: string;
  readonly value?: unknown;
  readonly suggestedActions?: { readonly actions?: readonly ActionSuggeree[] };
  readonly attachments?: readonly { readonly contentType: string; readonly content?: unknown }[];
  readonly channelData?: { readonly clientActivityID?: string };
};
export type ActionSuggeree = { readonly title?: string; readonly text?: string; readonly value?: unknown };

export type Etat = 'repos' | 'jeton' | 'demarrage' | 'ouvert' | 'reconnexion' | 'termine' | 'impossible';
/**
 * A message on its way: `attente` until echoed, `echec` after a minute of connection without an echo. `refuse`: the server said no, so only the
 * person may send it again; any other failure is sent again when the network is back.
 */
export type EnvoiLocal = {
  readonly cle: string;
  readonly texte: string;
  readonly valeur?: unknown;
  etat: 'attente' | 'echec';
  essais: number;
  depuis: number;
  refuse?: boolean;
  /** When the server said it had it; the echo must follow. `soupcon`: it did not, and the connection was already changed for that once. */
  accepteA?: number;
  soupcon?: boolean;
};

export type Evenements = {
  readonly etat: (etat: Etat) => void;
  /** New activities, in order; `rejeu` when they were there before this page was loaded and must not be announced. */
  readonly activites: (liste: readonly ActiviteRecue[], rejeu: boolean) => void;
  readonly envois: (liste: readonly EnvoiLocal[]) => void;
};

export type Outils = {
  readonly fetch: typeof fetch;
  readonly WebSocket: typeof WebSocket;
  readonly stockage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly maintenant: () => number;
  readonly hasard: () => number;
  readonly identifiant: () => string;
  /** False while the page is in the background: its timers are then slowed down, which is not sleep. */
  readonly visible: () => boolean;
};

const BASE = '/v3/directline';
const MEMOIRE = 'cep-conversation';
const RENVOIS_MS = [3_000, 8_000, 20_000];
const ABANDON_MS = 60_000;
const RECULS_MS = [500, 1_000, 2_000, 5_000, 10_000];
/** A gap between two ticks longer than this is a wake from sleep: the socket may be dead without knowing it. */
const SOMMEIL_MS = 30_000;
/** How often a counsellor is told that the person is writing. */
const DIRE_ECRIT_MS = 3_000;
const TIC_MS = 1_000;
/** No answer is a failure too: a request the network swallowed is given up. A poll is held fifteen seconds by the server. */
const DELAI_MS = 20_000;
const DELAI_SONDAGE_MS = 30_000;
const OUVERTURE_SOCKET_MS = 10_000;
/** A message the server took must come back in the stream; after this long the socket is open on one side only. */
const ECHO_MS = 8_000;
/** While polling, how often a WebSocket is tried again. */
const NOUVELLE_SOCKET_MS = 5 * 60_000;

/** How taking a conversation up with a code ended. */
export type IssueReprise = 'faite' | 'illisible' | 'refusee' | 'trop' | 'panne';
const ISSUES: Readonly<Record<number, IssueReprise>> = { 400: 'illisible', 403: 'refusee', 429: 'trop' };

type Memoire = { conversation: string; resume: string; envois: EnvoiLocal[] };
type Appel = {
  readonly jeton?: string;
  readonly corps?: unknown;
  readonly delai?: number;
  /** What ends the request early; the end of the conversation by default. */
  readonly jusqua?: AbortSignal;
  /** Goes on after the page is gone. */
  readonly survit?: boolean;
};

class Refus extends Error {
  constructor(readonly statut: number) {
    super(`HTTP ${statut}`);
  }
}
/** 403: expired. 401: signed by a key the server no longer has. The resume secret may still be worth something. */
const estJetonMort = (erreur: unknown): boolean =>
  erreur instanceof Refus && (erreur.statut === 403 || erreur.statut === 401);

export class ClientConversation {
  #etat: Etat = 'repos';
  #conversation = '';
  #jeton = '';
  #resume = '';
  #filigrane = '';
  #rafraichirA = Infinity;
  #socket: WebSocket | undefined;
  #refusSocket = 0;
  #prochaineSocket = Infinity;
  #reculs = 0;
  /** What was shown, by id: the same thing sent again is dropped, an edit is not. */
  #connus = new Map<string, string>();
  #envois: EnvoiLocal[] = [];
  #minuterie: ReturnType<typeof setInterval> | undefined;
  #dernierTic = 0;
  #prochainEssai: ReturnType<typeof setTimeout> | undefined;
  /** Up to this place of the log, everything was said before the page was loaded. */
  #historique = -1;
  /** One conversation, one connection attempt, one polling loop: each ends the one before. */
  #vie = new AbortController();
  #tentative: AbortController | undefined;
  #sondage: AbortController | undefined;
  #reprise: Promise<void> | undefined;
  #sommeil = false;
  #ditEcrit = 0;

  constructor(
    private readonly outils: Outils,
    private readonly dire: Evenements,
  ) {}

  get etat(): Etat {
    return this.#etat;
  }

  /** Opens the conversation of this tab, or a new one. Never rejects: failures become states. */
  async ouvrir(): Promise<void> {
    this.#dernierTic = this.outils.maintenant();
    this.#minuterie ??= setInterval(() => this.#tic(), TIC_MS);
    const memoire = this.#lireMemoire();
    if (memoire !== undefined) {
      this.#envois = memoire.envois.map(({ cle, texte, valeur }) => this.#nouvelEnvoi(cle, texte, valeur));
      this.#resume = memoire.resume;
      this.#conversation = memoire.conversation;
      this.dire.envois(this.#envois);
      return this.#reprendre();
    }
    return this.#demarrer();
  }

  /** A new conversation, asked for by the person: what was not sent belonged to the one before. */
  async recommencer(): Promise<void> {
    this.#envois = [];
    this.dire.envois(this.#envois);
    return this.ouvrir();
  }

  /** Queues a message; it is on screen at once and leaves when it can. Returns its key. */
  envoyer(texte: string, valeur?: unknown): string {
    const cle = this.outils.identifiant();
    const envoi = this.#nouvelEnvoi(cle, texte, valeur);
    this.#envois.push(envoi);
    this.#memoriser();
    this.dire.envois(this.#envois);
    void this.#poster(envoi);
    return cle;
  }

  /** « Is writing », for the counsellor who reads: said now and then, waited for by nobody, kept nowhere. */
  ecrit(): void {
    const maintenant = this.outils.maintenant();
    if (this.#etat !== 'ouvert' || maintenant - this.#ditEcrit < DIRE_ECRIT_MS) return;
    this.#ditEcrit = maintenant;
    void this.#appeler('POST', `/conversations/${this.#conversation}/activities`, {
      jeton: this.#jeton,
      corps: { type: 'typing' },
    }).catch(() => undefined);
  }

  #nouvelEnvoi(cle: string, texte: string, valeur?: unknown): EnvoiLocal {
    return {
      cle,
      texte,
      ...(valeur === undefined ? {} : { valeur }),
      etat: 'attente',
      essais: 0,
      depuis: this.outils.maintenant(),
    };
  }

  /** « Réessayer » : the same key, so that the server can tell it from a second message. */
  reessayer(cle: string): void {
    const envoi = this.#envois.find((e) => e.cle === cle);
    if (envoi === undefined) return;
    this.#remettre(envoi);
    this.dire.envois(this.#envois);
    if (this.#etat === 'ouvert') void this.#poster(envoi);
    else if (this.#etat === 'impossible') void this.ouvrir();
    else this.#replanifier(0);
  }

  /** « Terminer » : this computer forgets everything at once; token, secret and sockets then die on the server, even if the page is left. */
  async terminer(): Promise<void> {
    const jeton = this.#jeton;
    this.#oublier('termine');
    if (jeton === '') return;
    const jusqua = new AbortController().signal;
    await this.#appeler('POST', '/tokens/revoke', { jeton, survit: true, jusqua }).catch(() => undefined);
  }

  /** The code that takes this conversation up on another device; `undefined` when there is none or the network is away. */
  async codeDeReprise(): Promise<string | undefined> {
    if (this.#jeton === '') return undefined;
    const chemin = `/conversations/${this.#conversation}/resume-code`;
    const lu = await this.#appeler('GET', chemin, { jeton: this.#jeton }).catch(() => undefined);
    return texteDe(lu, 'code') || undefined;
  }

  /**
   * Takes another conversation up with its code. The one on screen ends only once the other is ours.
   * @param avant called just before the other one comes on screen
   */
  async reprendreAvecCode(code: string, avant: () => void): Promise<IssueReprise> {
    const jusqua = new AbortController().signal;
    let recu: unknown;
    try {
      recu = await this.#appeler('POST', '/tokens/resume', { corps: { code }, jusqua });
    } catch (erreur) {
      if (!(erreur instanceof Refus)) return 'panne';
      return ISSUES[erreur.statut] ?? 'panne';
    }
    const ancien = texteDe(recu, 'conversationId') === this.#conversation ? '' : this.#jeton;
    this.#oublier('repos');
    avant();
    this.#prendre(recu);
    this.#memoriser();
    if (ancien !== '')
      void this.#appeler('POST', '/tokens/revoke', { jeton: ancien, survit: true, jusqua }).catch(
        () => undefined,
      );
    await this.ouvrir();
    return 'faite';
  }

  /** The network is back, or the page is visible again: do not wait for the next try. */
  reveiller(): void {
    if (this.#etat === 'reconnexion') this.#replanifier(0);
    else if (this.#etat === 'ouvert' && (this.#sommeil || !this.#estBranche)) this.#perdre(0);
    this.#sommeil = false;
  }

  /** The device says it has no network: an open stream does not know it yet, and would say nothing for minutes. */
  douter(): void {
    if (this.#etat === 'ouvert') this.#perdre(0);
  }

  get #estBranche(): boolean {
    return this.#sondage !== undefined || this.#socket?.readyState === this.outils.WebSocket.OPEN;
  }

  // ——— opening ———

  async #demarrer(): Promise<void> {
    const { signal: jusqua } = this.#nouvelleTentative();
    this.#avancer('jeton');
    try {
      const corps = { start: true, locale: 'fr-FR' };
      const recu = await this.#appeler('POST', '/tokens/generate', { corps, jusqua });
      if (jusqua.aborted) return;
      this.#prendre(recu);
      this.#memoriser();
      this.#recevoir(recu);
      this.#brancher(texteDe(recu, 'streamUrl'));
    } catch (erreur) {
      if (!jusqua.aborted) this.#echouer(erreur);
    }
  }

  /** Ends the connection attempt in hand: two at once would undo each other. */
  #nouvelleTentative(): AbortController {
    this.#tentative?.abort();
    return (this.#tentative = new AbortController());
  }

  /** While the connection is known to be cut, trying again is not news. */
  #avancer(etat: Etat): void {
    if (this.#etat !== 'reconnexion') this.#changer(etat);
  }

  /** One at a time: the secret serves once, and two messages refused together would spend it twice. */
  #reprendre(): Promise<void> {
    const reprise = (this.#reprise ??= this.#faireReprise().finally(() => {
      if (this.#reprise === reprise) this.#reprise = undefined;
    }));
    return reprise;
  }

  async #faireReprise(): Promise<void> {
    const vie = this.#vie.signal;
    if (this.#connus.size === 0) this.#avancer('demarrage');
    else this.#changer('reconnexion');
    try {
      const recu = await this.#appeler('POST', '/tokens/resume', { corps: { resume: this.#resume } });
      if (vie.aborted) return;
      this.#prendre(recu);
      this.#memoriser();
      if (this.#connus.size === 0) this.#historique = nombreDe(recu, 'history') ?? -1;
      // A page just loaded starts from the beginning, which is what this address does.
      if (this.#filigrane === '' && this.#refusSocket < 2) this.#brancher(texteDe(recu, 'streamUrl'));
      else await this.#reconnecter();
    } catch (erreur) {
      if (vie.aborted) return;
      if (erreur instanceof Refus && [400, 403, 404].includes(erreur.statut)) return this.#perime();
      this.#echouer(erreur);
    }
  }

  /** Nothing left to take up: a new conversation at load; otherwise the transcript stays and the page offers to start again. */
  #perime(): void {
    const debut = this.#connus.size === 0;
    this.#oublier(debut ? 'repos' : 'impossible');
    if (debut) void this.ouvrir();
  }

  async #reconnecter(): Promise<void> {
    const { signal: jusqua } = this.#nouvelleTentative();
    try {
      const recu = await this.#demanderFlux(jusqua);
      if (jusqua.aborted) return;
      this.#prendre(recu);
      const sansSocket = this.#refusSocket >= 2 && this.outils.maintenant() < this.#prochaineSocket;
      if (sansSocket) void this.#sonder();
      else this.#brancher(texteDe(recu, 'streamUrl'));
    } catch (erreur) {
      if (jusqua.aborted) return;
      // In the middle of a take-up, waiting for it would be waiting for oneself: try again later.
      if (estJetonMort(erreur) && this.#reprise === undefined) return this.#reprendre();
      if (erreur instanceof Refus && erreur.statut === 404) return this.#perime();
      this.#echouer(erreur);
    }
  }

  /** A fresh token and the address of a stream that starts at our place. */
  #demanderFlux(jusqua: AbortSignal): Promise<unknown> {
    return this.#appeler('GET', `/conversations/${this.#conversation}?watermark=${this.#filigrane}`, {
      jeton: this.#jeton,
      jusqua,
    });
  }

  /** Opens the stream. Polling, if any, goes on until it is really open. */
  #brancher(adresse: string): void {
    const socket = new this.outils.WebSocket(adresse);
    const precedente = this.#socket;
    this.#socket = socket;
    precedente?.close();
    let ouverte = false;
    const finir = (code?: number): void => {
      clearTimeout(minuterie);
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      socket.close();
      if (code === 4001) return this.#oublier('termine');
      if (!ouverte) {
        this.#refusSocket += 1;
        this.#prochaineSocket = this.outils.maintenant() + NOUVELLE_SOCKET_MS;
      }
      if (this.#sondage === undefined) this.#perdre();
    };
    // A network that swallows the handshake never says no.
    const minuterie = setTimeout(finir, OUVERTURE_SOCKET_MS);
    socket.addEventListener('open', () => {
      clearTimeout(minuterie);
      if (this.#socket !== socket) return socket.close();
      ouverte = true;
      this.#refusSocket = 0;
      this.#cesserSondage();
      this.#ouvrirEtat();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#socket === socket && typeof data === 'string' && data !== '')
        this.#recevoir(JSON.parse(data));
    });
    socket.addEventListener('close', ({ code }) => finir(code));
  }

  /** Networks without WebSocket: the same answers by long polling. One loop at a time. */
  async #sonder(): Promise<void> {
    this.#cesserSondage();
    const moi = (this.#sondage = new AbortController());
    this.#ouvrirEtat();
    try {
      while (!moi.signal.aborted)
        this.#recevoir(
          await this.#appeler(
            'GET',
            `/conversations/${this.#conversation}/activities?watermark=${this.#filigrane}`,
            { jeton: this.#jeton, delai: DELAI_SONDAGE_MS, jusqua: moi.signal },
          ),
        );
    } catch {
      if (!moi.signal.aborted) this.#perdre();
    }
  }

  #cesserSondage(): void {
    this.#sondage?.abort();
    this.#sondage = undefined;
  }

  /** Polling works; the day the network lets a socket through, it takes over. A failure changes nothing. */
  async #essayerSocket(sondage: AbortController): Promise<void> {
    this.#prochaineSocket = this.outils.maintenant() + NOUVELLE_SOCKET_MS;
    try {
      const recu = await this.#demanderFlux(sondage.signal);
      if (sondage.signal.aborted) return;
      this.#prendre(recu);
      this.#brancher(texteDe(recu, 'streamUrl'));
    } catch {
      // Polling meets the same failure and says so.
    }
  }

  #ouvrirEtat(): void {
    this.#reculs = 0;
    clearTimeout(this.#prochainEssai);
    this.#changer('ouvert');
    void this.#posterTous();
  }

  /** What waited for the network leaves in the order it was written, with the keys it had: the server plays nothing twice. */
  async #posterTous(): Promise<void> {
    const aPoster = this.#envois.filter((e) => e.refuse !== true);
    for (const envoi of aPoster) if (envoi.etat === 'echec') this.#remettre(envoi);
    if (aPoster.length > 0) this.dire.envois(this.#envois);
    for (const envoi of aPoster) await this.#poster(envoi);
  }

  #remettre(envoi: EnvoiLocal): void {
    Object.assign(envoi, {
      etat: 'attente',
      essais: 0,
      depuis: this.outils.maintenant(),
      refuse: false,
      soupcon: false,
      accepteA: undefined,
    });
  }

  /** @param delai milliseconds before the next try; longer and longer by default. */
  #perdre(delai?: number): void {
    if (this.#etat === 'termine' || this.#etat === 'impossible') return;
    this.#debrancher();
    this.#changer('reconnexion');
    if (delai !== undefined) return this.#replanifier(delai);
    const base = RECULS_MS[Math.min(this.#reculs, RECULS_MS.length - 1)] ?? 10_000;
    this.#reculs += 1;
    this.#replanifier(base * (0.7 + 0.6 * this.outils.hasard()));
  }

  #debrancher(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#cesserSondage();
    this.#tentative?.abort();
  }

  #replanifier(delai: number): void {
    clearTimeout(this.#prochainEssai);
    this.#prochainEssai = setTimeout(() => {
      if (this.#jeton === '') void (this.#resume === '' ? this.#demarrer() : this.#reprendre());
      else void this.#reconnecter();
    }, delai);
  }

  #echouer(erreur: unknown): void {
    if (
      erreur instanceof Refus &&
      erreur.statut < 500 &&
      erreur.statut !== 429 &&
      this.#connus.size === 0 &&
      this.#reculs > 3
    )
      return this.#changer('impossible');
    this.#perdre();
  }

  // ——— messages ———

  async #poster(envoi: EnvoiLocal): Promise<void> {
    if (this.#etat !== 'ouvert') return;
    const vie = this.#vie.signal;
    envoi.essais += 1;
    try {
      await this.#appeler('POST', `/conversations/${this.#conversation}/activities`, {
        jeton: this.#jeton,
        corps: {
          type: 'message',
          text: envoi.texte,
          locale: 'fr-FR',
          ...(envoi.valeur === undefined ? {} : { value: envoi.valeur }),
          channelData: {
            clientActivityID: envoi.cle,
            ...(envoi.valeur === undefined ? {} : { postBack: true }),
          },
        },
      });
      envoi.accepteA ??= this.outils.maintenant();
    } catch (erreur) {
      if (vie.aborted || !(erreur instanceof Refus)) return;
      if (estJetonMort(erreur)) void this.#reprendre();
      else if (erreur.statut < 500 && erreur.statut !== 429) this.#marquerEchec(envoi, true);
    }
  }

  #marquerEchec(envoi: EnvoiLocal, refuse = false): void {
    envoi.etat = 'echec';
    if (refuse) envoi.refuse = true;
    this.dire.envois(this.#envois);
  }

  #recevoir(recu: unknown): void {
    if (typeof recu !== 'object' || recu === null) return;
    const filigrane: unknown = Reflect.get(recu, 'watermark');
    const liste: unknown = Reflect.get(recu, 'activities');
    if (typeof filigrane === 'string') this.#filigrane = filigrane;
    if (!Array.isArray(liste)) return;
    const activites = liste.filter(estActivite).filter((a) => this.#estNouvelle(a));
    if (activites.some((a) => a.type === 'event' && a.name === 'cep.terminee')) {
      this.#annoncer(activites);
      return this.#oublier('termine');
    }
    for (const { channelData } of activites) {
      const cle = channelData?.clientActivityID;
      if (cle !== undefined) this.#envois = this.#envois.filter((e) => e.cle !== cle);
    }
    this.#memoriser();
    this.dire.envois(this.#envois);
    this.#annoncer(activites);
    if (rangDe(this.#filigrane) >= this.#historique) this.#historique = -1;
  }

  /** Notes it. False: it was shown already, as it is. */
  #estNouvelle(activite: ActiviteRecue): boolean {
    if (activite.id === undefined) return true;
    const dite = JSON.stringify(activite);
    if (this.#connus.get(activite.id) === dite) return false;
    this.#connus.set(activite.id, dite);
    return true;
  }

  /** History on one side, what is really new on the other, in order. */
  #annoncer(activites: readonly ActiviteRecue[]): void {
    const ancienne = ({ id }: ActiviteRecue): boolean => id !== undefined && rangDe(id) <= this.#historique;
    const anciennes = activites.filter(ancienne);
    const nouvelles = activites.filter((a) => !ancienne(a));
    if (anciennes.length > 0) this.dire.activites(anciennes, true);
    if (nouvelles.length > 0 || anciennes.length === 0) this.dire.activites(nouvelles, false);
  }

  #tic(): void {
    const maintenant = this.outils.maintenant();
    const ecart = maintenant - this.#dernierTic;
    this.#dernierTic = maintenant;
    if (ecart > SOMMEIL_MS) {
      if (!this.outils.visible()) this.#sommeil = true;
      else if (this.#etat === 'ouvert' || this.#etat === 'reconnexion') return this.#perdre(0);
    }
    if (maintenant >= this.#rafraichirA && this.#jeton !== '') void this.#rafraichir();
    if (this.#sondage !== undefined && maintenant >= this.#prochaineSocket)
      void this.#essayerSocket(this.#sondage);
    if (this.#estSourde(maintenant)) return this.#perdre(0);
    for (const envoi of this.#envois) {
      if (envoi.etat === 'echec') continue;
      // A tunnel is not a refusal: the minute counts only while connected.
      if (this.#etat === 'reconnexion' || this.#etat === 'jeton' || this.#etat === 'demarrage') {
        envoi.depuis += ecart;
        continue;
      }
      const age = maintenant - envoi.depuis;
      const seuil = RENVOIS_MS[envoi.essais - 1];
      if (age > ABANDON_MS) this.#marquerEchec(envoi);
      else if (seuil !== undefined && age > seuil) void this.#poster(envoi);
    }
  }

  /** A message was taken and nothing came back: the stream is dead without saying so. Each message may say it once. */
  #estSourde(maintenant: number): boolean {
    if (this.#etat !== 'ouvert') return false;
    const muets = this.#envois.filter(
      (e) => e.soupcon !== true && e.accepteA !== undefined && maintenant - e.accepteA > ECHO_MS,
    );
    for (const envoi of muets) envoi.soupcon = true;
    return muets.length > 0;
  }

  async #rafraichir(): Promise<void> {
    const vie = this.#vie.signal;
    this.#rafraichirA = Infinity;
    try {
      this.#prendre(await this.#appeler('POST', '/tokens/refresh', { jeton: this.#jeton }));
    } catch {
      if (!vie.aborted) void this.#reprendre();
    }
  }

  // ——— state, storage, network ———

  #changer(etat: Etat): void {
    if (this.#etat === etat) return;
    this.#etat = etat;
    this.dire.etat(etat);
  }

  #prendre(recu: unknown): void {
    const jeton = texteDe(recu, 'token');
    const conversation = texteDe(recu, 'conversationId');
    const resume = texteDe(recu, 'resume');
    if (jeton !== '') this.#jeton = jeton;
    if (conversation !== '') this.#conversation = conversation;
    if (resume !== '') {
      this.#resume = resume;
      this.#memoriser();
    }
    const duree = nombreDe(recu, 'expires_in') ?? 0;
    if (duree > 0) this.#rafraichirA = this.outils.maintenant() + (duree * 1000 * 2) / 3;
  }

  #oublier(etat: Etat): void {
    // An answer still on its way must not bring back what is forgotten.
    this.#vie.abort();
    this.#vie = new AbortController();
    this.#reprise = undefined;
    this.#debrancher();
    clearTimeout(this.#prochainEssai);
    clearInterval(this.#minuterie);
    this.#minuterie = undefined;
    this.#jeton = '';
    this.#resume = '';
    this.#conversation = '';
    this.#filigrane = '';
    this.#rafraichirA = Infinity;
    this.#reculs = 0;
    this.#historique = -1;
    this.#connus.clear();
    if (etat === 'impossible') for (const envoi of this.#envois) envoi.etat = 'echec';
    else this.#envois = [];
    this.dire.envois(this.#envois);
    this.outils.stockage.removeItem(MEMOIRE);
    this.#changer(etat);
  }

  #memoriser(): void {
    if (this.#resume === '') return;
    const memoire: Memoire = { conversation: this.#conversation, resume: this.#resume, envois: this.#envois };
    try {
      this.outils.stockage.setItem(MEMOIRE, JSON.stringify(memoire));
    } catch {
      // Storage full or forbidden: the chat works, only a reload will start anew.
    }
  }

  #lireMemoire(): Memoire | undefined {
    try {
      const lu: unknown = JSON.parse(this.outils.stockage.getItem(MEMOIRE) ?? 'null');
      if (typeof lu !== 'object' || lu === null) return undefined;
      const resume = texteDe(lu, 'resume');
      const envois: unknown = Reflect.get(lu, 'envois');
      return resume === ''
        ? undefined
        : {
            conversation: texteDe(lu, 'conversation'),
            resume,
            envois: Array.isArray(envois) ? envois.filter(estEnvoi) : [],
          };
    } catch {
      return undefined;
    }
  }

  /** @throws {Refus} the server said no; {Error} no answer in time, given up, or an answer that is not ours (a captive portal). */
  async #appeler(methode: 'GET' | 'POST', chemin: string, appel: Appel): Promise<unknown> {
    const { jeton, corps, delai = DELAI_MS, jusqua = this.#vie.signal, survit = false } = appel;
    // Not AbortSignal.timeout nor AbortSignal.any: Safari 15 has neither.
    const arret = new AbortController();
    const arreter = (): void => arret.abort();
    const minuterie = setTimeout(arreter, delai);
    jusqua.addEventListener('abort', arreter);
    try {
      const reponse = await this.outils.fetch(`${BASE}${chemin}`, {
        method: methode,
        headers: {
          ...(jeton === undefined ? {} : { Authorization: `Bearer ${jeton}` }),
          ...(corps === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(corps === undefined ? {} : { body: JSON.stringify(corps) }),
        ...(survit ? { keepalive: true } : {}),
        credentials: 'omit',
        cache: 'no-store',
        signal: arret.signal,
      });
      const lu: unknown = await reponse.json().catch(() => undefined);
      if (arret.signal.aborted) throw new Error('abandon');
      if (!reponse.ok) throw new Refus(reponse.status);
      if (typeof lu !== 'object' || lu === null) throw new Error('réponse illisible');
      return lu;
    } finally {
      clearTimeout(minuterie);
      jusqua.removeEventListener('abort', arreter);
    }
  }
}

const texteDe = (objet: unknown, cle: string): string => {
  const valeur: unknown = typeof objet === 'object' && objet !== null ? Reflect.get(objet, cle) : undefined;
  return typeof valeur === 'string' ? valeur : '';
};
const nombreDe = (objet: unknown, cle: string): number | undefined => {
  const valeur: unknown = typeof objet === 'object' && objet !== null ? Reflect.get(objet, cle) : undefined;
  return typeof valeur === 'number' ? valeur : undefined;
};
/** Place in the log named by an id or a watermark of our server: both end with it. */
const rangDe = (repere: string): number => Number(repere.slice(repere.lastIndexOf('.') + 1));
const estActivite = (v: unknown): v is ActiviteRecue =>
  typeof v === 'object' && v !== null && typeof Reflect.get(v, 'type') === 'string';
const estEnvoi = (v: unknown): v is EnvoiLocal =>
  typeof v === 'object' &&
  v !== null &&
  typeof Reflect.get(v, 'cle') === 'string' &&
  typeof Reflect.get(v, 'texte') === 'string';
