import type { ServiceClientCredentialsFactory } from 'botframework-connector';
import type { Serveur, TrousseauDeCles } from '../http/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import type { Registre } from '../../knowledge/vocabulaire/index.ts';
import type { Reponse } from '../../dialogs/messages.ts';
import type {
  EnteteConversation,
  EvenementStocke,
  FaireLien,
  Horloge,
  Hote,
  Journaliseur,
} from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import { creerAdaptateur, type Adaptateur } from './adaptateur.ts';
import {
  creerReprise,
  creerSockets,
  monterDirectLine,
  type LimitesCanal,
  type Masquer,
} from './directline/index.ts';
import type { Abonnements } from './abonnements.ts';
import { REPRISE_NOTIFICATION, type Envoye, type Reprise } from './envoi-teams.ts';
import { lireCertificat, type IdentifiantsTeams } from './identifiants.ts';
import type { SignataireBot } from './jeton-bot.ts';
import { empreinte, nouveauSecret, nouvelIdentifiant } from './directline/jetons.ts';
import { noteDeReprise } from './directline/reprise.ts';
import { monterTeams } from './teams.ts';
import type { StatutHandoff } from './handoff.ts';
import { citer, rendre } from './rendu.ts';
import { creerTours, type Intervention, type IssueIntervention, type IssueParole } from './tour.ts';

export { LIMITE_TEXTE } from './directline/index.ts';
export type { StatutHandoff } from './handoff.ts';
export { ouvrirAbonnements, type Abonnements } from './abonnements.ts';
export type { Envoye } from './envoi-teams.ts';
export { NON_REMISE, type IssueParole } from './tour.ts';

export type OptionsCanaux = {
  readonly journal: Journal;
  readonly hote: Hote;
  readonly masquer: Masquer;
  readonly faireLien: FaireLien;
  readonly cles: TrousseauDeCles;
  /** Exact origins that may open a conversation. */
  readonly origines: readonly string[];
  readonly publicUrl: string;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  readonly nouvelleReference: () => string;
  readonly local: boolean;
  readonly limites: LimitesCanal & {
    readonly socketsParConversation: number;
    readonly socketsParAdresse: number;
  };
  readonly teams: IdentifiantsTeams & {
    readonly active: boolean;
    readonly locataire: 'operateur' | 'employeur';
    /** How long to insist when Teams takes no message; shortened by tests. */
    readonly reprise?: Reprise;
    /** Stand-ins of Microsoft's servers, for tests. */
    readonly signataire?: SignataireBot;
    readonly fabrique?: ServiceClientCredentialsFactory;
  };
  /** A tool behind an Azure channel says where the handoff of a conversation stands; absent: nobody to tell. */
  readonly surHandoff?: (conversation: string, statut: StatutHandoff) => Promise<void>;
  /** The person is writing, on the website; nothing of it is stored. */
  readonly surFrappe?: (conversation: string) => void;
  /** Who asked, in Teams, to be told of requests. */
  readonly abonnements?: Abonnements;
  /** Time limits, shortened by tests. */
  readonly delais?: { readonly tour: number; readonly frappe: number };
  readonly attentes?: { readonly sondage: number; readonly indisponible: number };
  readonly battementMs?: number;
};

/** Who speaks when it is not the assistant: `id` says nothing of the person; `nom` and `service` are shown. */
export type Conseiller = { readonly id: string; readonly nom: string; readonly service: string };

/** The beginning of the `from.id` of a counsellor's messages: how a screen tells them from the assistant. */
export const PREFIXE_CONSEILLER = 'conseiller-';

/** `cle`: the same one sent again is said once. `peut`: whether the exchange still stands, asked when the turn to speak comes. */
export type Parole = {
  readonly conseiller: Conseiller;
  readonly texte: string;
  readonly registre: Registre;
  readonly cle: string;
  readonly peut: (passe: readonly EvenementStocke[]) => boolean;
};

/** The website channel and the Bot Framework endpoint, both through one adapter. */
export type Canaux = {
  /** Adds the routes and the WebSocket endpoint to the server. */
  monter(http: Serveur): void;
  /** Plays again, once, the turns a crash cut short; resolves to how many there were once they are over (or slow). To be called before listening. */
  reprendreTours(): Promise<number>;
  /** The assistant speaks first (a reminder, an answer that took time). False: no such conversation. */
  envoyer(conversation: string, reponses: readonly Reponse[]): Promise<boolean>;
  /**
   * A counsellor joins or leaves, an exchange ends: behind the turns under way, events and words in one durable append. `jouer` sees the
   * conversation as it then stands; `undefined` does nothing.
   */
  intervenir(
    conversation: string,
    jouer: (entete: EnteteConversation, passe: readonly EvenementStocke[]) => Intervention,
  ): Promise<IssueIntervention>;
  /** A counsellor speaks, in plain words, masked like the person's. */
  dire(conversation: string, parole: Parole): Promise<IssueParole>;
  /** A counsellor is writing: shown for a few seconds on the open screens of the website, nowhere else, and never stored. */
  frapper(conversation: string, conseiller: Pick<Conseiller, 'id' | 'nom'>): void;
  /**
   * Opens a conversation of the website for someone else than a browser that asked for it (accueil assisté). `resume`: the secret by which
   * the chat page takes it up, as it does after a reload.
   */
  accueillir(evenements: readonly EvenementStocke[]): Promise<{
    readonly conversation: string;
    readonly reference: string;
    readonly resume: string;
  }>;
  /** Tells a subscribed counsellor or team. Blocked or uninstalled is remembered, and not tried again. */
  notifier(abonne: string, reponse: Reponse): Promise<Envoye>;
  /** Ends the access of a conversation (tokens, resume secret, screens); its log keeps its retention. */
  revoquer(conversation: string): Promise<boolean>;
  /** Erases a conversation and ends its screens. */
  effacer(conversation: string): Promise<boolean>;
  /** Ends politely: sockets closed with 1012, turns in hand finished. */
  fermer(): Promise<void>;
};

/** Turns in hand have their own limit of ten seconds; a stop does not wait longer. */
const PATIENCE_MS = 11_000;

/** @throws {Error} naming MICROSOFT_APP_CERTIFICAT when it cannot be used: said at start, not at the first message. */
export function creerCanaux(options: OptionsCanaux): Canaux {
  const { journal, cles, horloge, limites } = options;
  const { preuve } = options.teams;
  if (options.teams.active && preuve.type === 'certificat') lireCertificat(preuve.chemin, horloge());
  const reprises = creerReprise({ journal, cles, horloge });
  const sockets = creerSockets({
    journal,
    cles,
    horloge,
    reprises,
    parConversation: limites.socketsParConversation,
    parAdresse: limites.socketsParAdresse,
    ...(options.battementMs === undefined ? {} : { battementMs: options.battementMs }),
  });
  let adaptateur: Adaptateur | undefined;
  const lAdaptateur = (): Adaptateur => {
    adaptateur ??= creerAdaptateur({
      identifiants: options.teams,
      recevoir: (service, conversation, activite) => tours.recevoir(service, conversation, activite),
      horloge,
      journaliseur: options.journaliseur,
      reprise: options.teams.reprise,
      signataire: options.teams.signataire,
      fabrique: options.teams.fabrique,
    });
    return adaptateur;
  };
  let ouvert = true;
  let relacher = (): void => undefined;
  const clore = async (conversation: string): Promise<boolean> => {
    const canal = (await journal.entete(conversation))?.canal;
    await sockets.fermerConversation(conversation, 4001);
    // The key of a Teams chat comes from Teams: the same person may start again under it.
    return journal.effacer(conversation, { reutilisable: canal === 'teams' });
  };
  const tours = creerTours({
    ...options,
    adaptateur: lAdaptateur,
    frappe: (conversation) => sockets.frappe(conversation),
    clore,
  });

  return {
    monter(http) {
      ({ relacher } = monterDirectLine(http, { ...options, tours, sockets, reprises, ouvert: () => ouvert }));
      sockets.attacher(http);
      if (options.teams.active)
        monterTeams(http, {
          ...options,
          tours,
          adaptateur: lAdaptateur,
          locataire: options.teams.locataire,
          surHandoff: options.surHandoff ?? (() => Promise.resolve()),
        });
    },
    reprendreTours: () => tours.reprendre(),
    effacer: clore,
    async envoyer(conversation, reponses) {
      const entete = await journal.entete(conversation);
      if (entete === undefined) return false;
      return tours.parler(
        conversation,
        rendre(reponses, (ressource) => options.faireLien(entete, ressource)),
      );
    },
    intervenir: (conversation, jouer) => tours.intervenir(conversation, jouer),
    dire(conversation, { conseiller: { id, nom, service }, texte: brut, registre, cle, peut }) {
      const mots = options.masquer(brut).texte;
      const qui = { nom, service };
      return tours.dire(conversation, {
        de: { id: `${PREFIXE_CONSEILLER}${id}`, name: texte('echange.signature', registre, qui) },
        activite: { type: 'message', text: mots, textFormat: 'plain', inputHint: 'expectingInput' },
        enTete: {
          type: 'message',
          text: `${texte('echange.signature-en-tete', registre, qui)}\n\n${citer(mots)}`,
          textFormat: 'markdown',
        },
        cle,
        peut,
      });
    },
    frapper: (conversation, { id, nom }) =>
      sockets.frappe(conversation, { id: `${PREFIXE_CONSEILLER}${id}`, name: nom }),
    async accueillir(evenements) {
      const id = nouvelIdentifiant();
      const secret = nouveauSecret();
      const reference = options.nouvelleReference();
      const entete = {
        id,
        canal: 'directline',
        creeLe: horloge(),
        reference,
        utilisateur: `dl_${nouvelIdentifiant()}`,
      } as const;
      await journal.creer(entete, noteDeReprise(empreinte(secret), horloge()));
      await journal.ajouterEvenements(id, evenements);
      const arrivee = await journal.ajouterEntrant(
        id,
        { type: 'conversationUpdate' },
        { cle: 'arrivee', invisible: true },
      );
      if (arrivee !== undefined) void tours.planifier(id, arrivee.seq, { type: 'conversationUpdate' });
      return { conversation: id, reference, resume: `${id}.${secret}` };
    },
    async notifier(abonne, reponse) {
      const abonnement = await options.abonnements?.lire(abonne);
      if (abonnement === undefined || abonnement.bloqueLe !== undefined) return { issue: 'bloquee' };
      const activites = rendre([reponse], () => options.publicUrl);
      const { continuer, notifier } = lAdaptateur();
      const reprise =
        options.teams.reprise === undefined
          ? REPRISE_NOTIFICATION
          : { ...options.teams.reprise, apres502: REPRISE_NOTIFICATION.apres502 };
      const envoye = await continuer(abonnement.reference, (contexte) =>
        notifier(contexte, activites, reprise),
      );
      if (envoye.issue === 'bloquee') await options.abonnements?.bloquer(abonne);
      return envoye;
    },
    async revoquer(conversation) {
      const fait = await reprises.finir(conversation);
      await sockets.fermerConversation(conversation, 4001);
      return fait;
    },
    async fermer() {
      ouvert = false;
      relacher();
      sockets.fermer();
      await Promise.race([tours.attendre(), new Promise((r) => setTimeout(r, PATIENCE_MS).unref())]);
    },
  };
}
