import type { Serveur, TrousseauDeCles } from '../http/index.ts';
import type { FaireLien, Horloge, Hote, Journaliseur } from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import { creerAdaptateur, type Adaptateur, type IdentifiantsTeams } from './adaptateur.ts';
import { creerSockets, monterDirectLine, type LimitesCanal, type Masquer } from './directline/index.ts';
import { monterTeams } from './teams.ts';
import { creerTours } from './tour.ts';

export { LIMITE_TEXTE } from './directline/index.ts';

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
  };
};

/** The website channel and the Bot Framework endpoint, both through one adapter. */
export type Canaux = {
  /** Adds the routes and the WebSocket endpoint to the server. */
  monter(http: Serveur): void;
  /** Plays again, once, the turns a crash cut short; resolves to how many there were. */
  reprendreTours(): Promise<number>;
  /** Erases a conversation and ends its screens. */
  effacer(conversation: string): Promise<boolean>;
  /** Ends politely: sockets closed with 1012, turns in hand finished. */
  fermer(): Promise<void>;
};

export function creerCanaux(options: OptionsCanaux): Canaux {
  const { journal, cles, horloge, limites } = options;
  const sockets = creerSockets({
    journal,
    cles,
    horloge,
    parConversation: limites.socketsParConversation,
    parAdresse: limites.socketsParAdresse,
  });
  let adaptateur: Adaptateur | undefined;
  const lAdaptateur = (): Adaptateur => {
    adaptateur ??= creerAdaptateur({
      identifiants: options.teams,
      recevoir: (c, a) => tours.recevoir(c, a),
      journaliseur: options.journaliseur,
    });
    return adaptateur;
  };
  const clore = async (conversation: string): Promise<void> => {
    await sockets.fermerConversation(conversation, 4001);
    await journal.effacer(conversation);
  };
  const tours = creerTours({ ...options, adaptateur: lAdaptateur, frappe: sockets.frappe, clore });

  return {
    monter(http) {
      monterDirectLine(http, { ...options, tours, sockets });
      sockets.attacher(http);
      if (options.teams.active)
        monterTeams(http, { ...options, adaptateur: lAdaptateur, locataire: options.teams.locataire });
    },
    reprendreTours: () => tours.reprendre(),
    async effacer(conversation) {
      await sockets.fermerConversation(conversation, 4001);
      return journal.effacer(conversation);
    },
    async fermer() {
      sockets.fermer();
      await tours.attendre();
    },
  };
}
