import type {
  ConservationEnvoi,
  ContactPersonne,
  DocumentNiveau1,
  Dossier,
  Evenement,
  RaisonFinEchange,
} from '../knowledge/dossier/index.ts';
import { appliquer } from '../knowledge/dossier/index.ts';
import { texte, type Parametres } from '../knowledge/textes/index.ts';
import type { FaitsVivants } from '../knowledge/information/index.ts';
import type { Demande, Jour, Operateur, Profil } from '../knowledge/vocabulaire/index.ts';
import type { Choix, Reponse, Valeur } from './messages.ts';

/** The hours of a service as they stand now. `ouverture` is absent when they are not known, `fuseau` when its clock is that of Paris. */
export type HeuresDuService = {
  readonly ouverture?:
    | { readonly ouvert: true; readonly jusqua: string }
    | { readonly ouvert: false; readonly prochaine?: { readonly jour: Jour; readonly heure: string } };
  /** A few words of the service about its hours. */
  readonly noteHoraires?: string;
  readonly fuseau?: string;
};

/**
 * A service connected here to receive documents for one operator and territory. `rappelAvantLe` is the day of its promise; `enDirect`: its
 * counsellors sometimes answer in the conversation itself.
 */
export type ServiceRelie = HeuresDuService & {
  readonly nom: string;
  readonly demonstration: boolean;
  readonly rappelAvantLe?: Jour;
  readonly enDirect?: boolean;
};

/** Where somebody is and what they said: what choosing a service may look at. */
export type Demandeur = {
  readonly region?: string;
  readonly departement?: string;
  readonly demande?: Demande | undefined;
  readonly profil: Profil;
};

/** What the person agrees to, in the words that were on their screen. */
export type ConsentementDonne = {
  readonly texte: string;
  readonly destinataire: string;
  /** The words of the separate box, when it was ticked. */
  readonly enDirect?: string;
  /** The same, for the reading of the conversation; `sante`: what speaks of health is shown too. */
  readonly conversation?: { readonly texte: string; readonly sante: boolean };
};

/** A proposal of the service that has the file: be followed elsewhere. `le` (ms) names it. */
export type PropositionSuivi = {
  readonly le: number;
  readonly service: string;
  readonly destination: string;
  /** How to reach the destination; empty when nothing sure is known. */
  readonly contact: string;
  /** A code of the closed list of reasons. */
  readonly motif: string;
  /** Typed by the counsellor: only ever quoted. */
  readonly mots?: string;
  /** The service that would receive the file; absent: none is connected, and the person gets in touch themselves. */
  readonly relie?: HeuresDuService & { readonly nom: string; readonly enDirect: boolean };
  /** What would leave says something of health. */
  readonly sante: boolean;
};

/** The last proposal answered, here or on the person's own page. */
export type ReponseSuivi = Pick<PropositionSuivi, 'le' | 'service' | 'destination' | 'contact'> & {
  readonly accord: boolean;
  /** A service received the file. */
  readonly relie: boolean;
  /** The person agreed to be answered here by that service. */
  readonly enDirect: boolean;
};

/** Where what was sent stands, as the service's own file says it now. */
export type SuiviEnvoi = {
  /** This service may read the conversation. */
  readonly lecture?: { readonly service: string };
  readonly proposition?: PropositionSuivi;
  readonly reponse?: ReponseSuivi;
  /** The service that has the file answers in the conversation, as the person agreed; its hours now. */
  readonly enDirect?: HeuresDuService;
};

/** What a turn may know of the outside: values and one pure look-up, never a clock or a network. */
export type Contexte = {
  readonly aujourdhui: Jour;
  readonly reference: string;
  readonly editeur: string;
  readonly contactDroits: string;
  readonly telephone: string;
  readonly conservationJours: number;
  /** Of what is sent, once it is. */
  readonly conservationEnvoi: ConservationEnvoi;
  readonly service: (operateur: Operateur, qui: Demandeur) => ServiceRelie | undefined;
  /** Why the live exchange the dossier still shows is over: the person is told before anything else. */
  readonly finEchange?: RaisonFinEchange;
  /** Absent: nothing was sent, or it is gone. */
  readonly suivi?: SuiviEnvoi;
  /** What the live sources last said of a place and métiers: a look-up of what is already there, absent when they are off. */
  readonly vives?: (lieu: LieuVif, romes: readonly string[]) => FaitsVivants;
};

export type LieuVif = { readonly commune?: string; readonly departement?: string };

/** What the host must do outside the conversation before the turn is committed. */
export type Effet =
  | {
      readonly type: 'transmettre';
      readonly operateur: Operateur;
      readonly service: string;
      readonly document: DocumentNiveau1;
      readonly contact: ContactPersonne;
      readonly consentement: ConsentementDonne;
    }
  | {
      readonly type: 'reorienter';
      readonly proposition: PropositionSuivi;
      readonly reponse:
        | { readonly accord: false }
        | {
            readonly accord: true;
            readonly consentement: ConsentementDonne;
            readonly garderSante: boolean;
          };
    }
  /** Nobody of this service reads the conversation any more. */
  | { readonly type: 'retirer-lecture'; readonly service: string }
  | { readonly type: 'effacer' };

/** The result of one turn. `evenements` are what the turn added to the dossier, in order. */
export type Tour = {
  readonly dossier: Dossier;
  readonly evenements: readonly Evenement[];
  readonly reponses: readonly Reponse[];
  readonly effet?: Effet;
};

/** One turn being written: it notes events, says messages, and keeps the dossier up to date. Lives for one call of `jouerTour`. */
export class Carnet {
  readonly #evenements: Evenement[] = [];
  readonly #reponses: Reponse[] = [];
  #effet: Effet | undefined;
  #dossier: Dossier;

  constructor(
    dossier: Dossier,
    readonly contexte: Contexte,
  ) {
    this.#dossier = dossier;
  }

  get dossier(): Dossier {
    return this.#dossier;
  }

  get aParle(): boolean {
    return this.#reponses.length > 0;
  }

  noter(evenement: Evenement): void {
    this.#evenements.push(evenement);
    this.#dossier = appliquer(this.#dossier, evenement);
  }

  /** The sentence of a key in the person's register. */
  t(cle: string, parametres: Parametres = {}): string {
    return texte(cle, this.#dossier.registre, parametres);
  }

  dire(cle: string, parametres: Parametres = {}, reste: Omit<Reponse, 'texte'> = {}): void {
    this.repondre({ texte: this.t(cle, parametres), ...reste });
  }

  repondre(reponse: Reponse): void {
    this.#reponses.push(reponse);
  }

  choix(cle: string, valeur: Valeur, parametres: Parametres = {}): Choix {
    return { libelle: this.t(cle, parametres), valeur };
  }

  demander(effet: Effet): void {
    this.#effet = effet;
  }

  clore(): Tour {
    const registre = this.#dossier.registre;
    return {
      dossier: this.#dossier,
      evenements: this.#evenements,
      reponses: this.#reponses.map((r) => ({ registre, ...r })),
      ...(this.#effet === undefined ? {} : { effet: this.#effet }),
    };
  }
}
