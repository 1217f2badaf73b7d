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
};

export type Evenements = {
  readonly etat: (etat: Etat) => void;
  /** New activities, in order; `rejeu` when they come from the history and must not be announced. */
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
};

const BASE = '/v3/directline';
const MEMOIRE = 'cep-conversation';
const RENVOIS_MS = [3_000, 8_000, 20_000];
const ABANDON_MS = 60_000;
const RECULS_MS = [500, 1_000, 2_000, 5_000, 10_000];
/** A gap between two ticks longer than this is a wake from sleep: the socket may be dead without knowing it. */
const SOMMEIL_MS = 30_000;
const TIC_MS = 1_000;

type Memoire = { conversation: string; resume: string; envois: EnvoiLocal[] };

class Refus extends Error {
  constructor(
    readonly statut: number,
    readonly code: string,
  ) {
    super(`HTTP ${statut}`);
  }
}

export class ClientConversation {
  #etat: Etat = 'repos';
  #conversation = '';
  #jeton = '';
  #resume = '';
  #filigrane = '';
  #rafraichirA = Infinity;
  #socket: WebSocket | undefined;
  #refusSocket = 0;
  #reculs = 0;
  #connus = new Set<string>();
  #envois: EnvoiLocal[] = [];
  #minuterie: ReturnType<typeof setInterval> | undefined;
  #dernierTic = 0;
  #prochainEssai: ReturnType<typeof setTimeout> | undefined;
  #rejeu = true;
  #sondage = false;
  #reprise: Promise<void> | undefined;

  constructor(
    private readonly outils: Outils,
    private readonly dire: Evenements,
  ) {}

  get etat(): Etat {
    return this.#etat;
  }

  get envoisEnCours(): readonly EnvoiLocal[] {
    return this.#envois;
  }

  /** True when a conversation of this tab can be taken up again. */
  get aReprendre(): boolean {
    return this.#lireMemoire() !== undefined;
  }

  /** Opens the conversation of this tab, or a new one. Never rejects: failures become states. */
  async ouvrir(): Promise<void> {
    this.#dernierTic = this.outils.maintenant();
    this.#minuterie ??= setInterval(() => this.#tic(), TIC_MS);
    const memoire = this.#lireMemoire();
    if (memoire !== undefined) {
      this.#envois = memoire.envois.map((e) => ({
        ...e,
        etat: 'attente',
        essais: 0,
        depuis: this.outils.maintenant(),
      }));
      this.#resume = memoire.resume;
      this.#conversation = memoire.conversation;
      this.dire.envois(this.#envois);
      return this.#reprendre();
    }
    return this.#demarrer();
  }

  /** Queues a message; it is on screen at once and leaves when it can. Returns its key. */
  envoyer(texte: string, valeur?: unknown): string {
    const cle = this.outils.identifiant();
    const envoi: EnvoiLocal = {
      cle,
      texte,
      ...(valeur === undefined ? {} : { valeur }),
      etat: 'attente',
      essais: 0,
      depuis: this.outils.maintenant(),
    };
    this.#envois.push(envoi);
    this.#memoriser();
    this.dire.envois(this.#envois);
    void this.#poster(envoi);
    return cle;
  }

  /** « Réessayer » : the same key, so that the server can tell it from a second message. */
  reessayer(cle: string): void {
    const envoi = this.#envois.find((e) => e.cle === cle);
    if (envoi === undefined) return;
    Object.assign(envoi, { etat: 'attente', essais: 0, depuis: this.outils.maintenant(), refuse: false });
    this.dire.envois(this.#envois);
    if (this.#etat === 'ouvert') void this.#poster(envoi);
    else this.#replanifier(0);
  }

  /** « Terminer » : token, secret and sockets die on the server, and this computer forgets everything. */
  async terminer(): Promise<void> {
    const jeton = this.#jeton;
    this.#oublier('termine');
    if (jeton !== '') await this.#appeler('POST', '/tokens/revoke', jeton).catch(() => undefined);
  }

  /** The network is back, or the page is visible again: do not wait for the next try. */
  reveiller(): void {
    if (this.#etat === 'reconnexion') this.#replanifier(0);
    else if (
      this.#etat === 'ouvert' &&
      this.#socket?.readyState !== this.outils.WebSocket.OPEN &&
      !this.#sondage
    )
      this.#perdre();
  }

  // ——— opening ———

  async #demarrer(): Promise<void> {
    this.#changer('jeton');
    try {
      const recu = await this.#appeler('POST', '/tokens/generate', undefined, {});
      this.#prendre(recu);
      this.#memoriser();
      this.#changer('demarrage');
      await this.#lancer();
    } catch (erreur) {
      this.#echouer(erreur);
    }
  }

  async #lancer(): Promise<void> {
    const recu = await this.#appeler('POST', '/conversations', this.#jeton, { locale: 'fr-FR' });
    this.#prendre(recu);
    this.#brancher(texteDe(recu, 'streamUrl'));
  }

  /** One at a time: the secret serves once, and two messages refused together would spend it twice. */
  #reprendre(): Promise<void> {
    this.#reprise ??= this.#faireReprise().finally(() => {
      this.#reprise = undefined;
    });
    return this.#reprise;
  }

  async #faireReprise(): Promise<void> {
    this.#changer(this.#connus.size === 0 ? 'demarrage' : 'reconnexion');
    try {
      const recu = await this.#appeler('POST', '/tokens/resume', undefined, { resume: this.#resume });
      this.#prendre(recu);
      this.#memoriser();
      const adresse = texteDe(recu, 'streamUrl');
      if (adresse === '') await this.#lancer();
      else await this.#reconnecter();
    } catch (erreur) {
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
    try {
      const recu = await this.#appeler(
        'GET',
        `/conversations/${this.#conversation}?watermark=${this.#filigrane}`,
        this.#jeton,
      );
      this.#prendre(recu);
      if (this.#refusSocket >= 2) return void this.#sonder();
      this.#brancher(texteDe(recu, 'streamUrl'));
    } catch (erreur) {
      // In the middle of a take-up, waiting for it would be waiting for oneself: try again later.
      if (erreur instanceof Refus && erreur.statut === 403 && this.#reprise === undefined)
        return this.#reprendre();
      if (erreur instanceof Refus && erreur.statut === 404) return this.#perime();
      this.#echouer(erreur);
    }
  }

  #brancher(adresse: string): void {
    this.#socket?.close();
    const socket = new this.outils.WebSocket(adresse);
    this.#socket = socket;
    let ouvert = false;
    socket.addEventListener('open', () => {
      ouvert = true;
      this.#refusSocket = 0;
      this.#ouvrirEtat();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && data !== '') this.#recevoir(JSON.parse(data));
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      if (!ouvert) this.#refusSocket += 1;
      if (code === 4001) this.#oublier('termine');
      else this.#perdre();
    });
  }

  /** Networks without WebSocket: the same answers by long polling. */
  async #sonder(): Promise<void> {
    this.#sondage = true;
    const conversation = this.#conversation;
    try {
      this.#ouvrirEtat();
      while (this.#etat === 'ouvert' && this.#sondage && this.#conversation === conversation) {
        this.#recevoir(
          await this.#appeler(
            'GET',
            `/conversations/${conversation}/activities?watermark=${this.#filigrane}`,
            this.#jeton,
          ),
        );
      }
    } catch {
      this.#perdre();
    } finally {
      this.#sondage = false;
    }
  }

  #ouvrirEtat(): void {
    this.#reculs = 0;
    this.#changer('ouvert');
    void this.#posterTous();
  }

  /** What waited for the network leaves in the order it was written, with the keys it had: the server plays nothing twice. */
  async #posterTous(): Promise<void> {
    const aPoster = this.#envois.filter((e) => e.refuse !== true);
    for (const envoi of aPoster)
      Object.assign(envoi, { etat: 'attente', essais: 0, depuis: this.outils.maintenant() });
    if (aPoster.length > 0) this.dire.envois(this.#envois);
    for (const envoi of aPoster) await this.#poster(envoi);
  }

  #perdre(): void {
    if (this.#etat === 'termine' || this.#etat === 'impossible') return;
    this.#changer('reconnexion');
    const base = RECULS_MS[Math.min(this.#reculs, RECULS_MS.length - 1)] ?? 10_000;
    this.#reculs += 1;
    this.#replanifier(base * (0.7 + 0.6 * this.outils.hasard()));
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
    envoi.essais += 1;
    try {
      await this.#appeler('POST', `/conversations/${this.#conversation}/activities`, this.#jeton, {
        type: 'message',
        text: envoi.texte,
        locale: 'fr-FR',
        ...(envoi.valeur === undefined ? {} : { value: envoi.valeur }),
        channelData: {
          clientActivityID: envoi.cle,
          ...(envoi.valeur === undefined ? {} : { postBack: true }),
        },
      });
    } catch (erreur) {
      if (!(erreur instanceof Refus)) return;
      if (erreur.statut === 403) void this.#reprendre();
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
    const activites = liste.filter(estActivite);
    const rejeu = this.#rejeu;
    if (activites.length > 0) this.#rejeu = false;
    if (activites.some((a) => a.type === 'event' && a.name === 'cep.terminee')) {
      this.dire.activites(activites, rejeu);
      return this.#oublier('termine');
    }
    for (const a of activites) {
      if (a.id !== undefined) this.#connus.add(a.id);
      const cle = a.channelData?.clientActivityID;
      if (cle !== undefined) this.#envois = this.#envois.filter((e) => e.cle !== cle);
    }
    this.#memoriser();
    this.dire.envois(this.#envois);
    this.dire.activites(activites, rejeu && activites.length > 3);
  }

  #tic(): void {
    const maintenant = this.outils.maintenant();
    const ecart = maintenant - this.#dernierTic;
    this.#dernierTic = maintenant;
    if (ecart > SOMMEIL_MS) {
      this.#socket?.close();
      if (this.#etat === 'ouvert' || this.#etat === 'reconnexion') this.#replanifier(0);
      return;
    }
    if (maintenant >= this.#rafraichirA && this.#jeton !== '') void this.#rafraichir();
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

  async #rafraichir(): Promise<void> {
    this.#rafraichirA = Infinity;
    try {
      this.#prendre(await this.#appeler('POST', '/tokens/refresh', this.#jeton));
    } catch {
      void this.#reprendre();
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
    const duree =
      typeof recu === 'object' && recu !== null ? Number(Reflect.get(recu, 'expires_in')) : Number.NaN;
    if (duree > 0) this.#rafraichirA = this.outils.maintenant() + (duree * 1000 * 2) / 3;
  }

  #oublier(etat: Etat): void {
    clearTimeout(this.#prochainEssai);
    clearInterval(this.#minuterie);
    this.#minuterie = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#sondage = false;
    socket?.close();
    this.#jeton = '';
    this.#resume = '';
    this.#conversation = '';
    this.#filigrane = '';
    this.#rejeu = true;
    this.#connus.clear();
    if (etat !== 'impossible') this.#envois = [];
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

  async #appeler(methode: 'GET' | 'POST', chemin: string, jeton?: string, corps?: unknown): Promise<unknown> {
    const reponse = await this.outils.fetch(`${BASE}${chemin}`, {
      method: methode,
      headers: {
        ...(jeton === undefined ? {} : { Authorization: `Bearer ${jeton}` }),
        ...(corps === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(corps === undefined ? {} : { body: JSON.stringify(corps) }),
      credentials: 'omit',
      cache: 'no-store',
    });
    const lu: unknown = await reponse.json().catch(() => undefined);
    if (reponse.ok) return lu;
    const erreur: unknown = typeof lu === 'object' && lu !== null ? Reflect.get(lu, 'error') : undefined;
    throw new Refus(reponse.status, texteDe(erreur, 'code'));
  }
}

const texteDe = (objet: unknown, cle: string): string => {
  const valeur: unknown = typeof objet === 'object' && objet !== null ? Reflect.get(objet, cle) : undefined;
  return typeof valeur === 'string' ? valeur : '';
};
const estActivite = (v: unknown): v is ActiviteRecue =>
  typeof v === 'object' && v !== null && typeof Reflect.get(v, 'type') === 'string';
const estEnvoi = (v: unknown): v is EnvoiLocal =>
  typeof v === 'object' &&
  v !== null &&
  typeof Reflect.get(v, 'cle') === 'string' &&
  typeof Reflect.get(v, 'texte') === 'string';
