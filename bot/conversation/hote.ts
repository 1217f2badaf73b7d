import {
  conclureEffet,
  jouerFinEchange,
  jouerOuvertureEchange,
  jouerProposition,
  jouerTour,
  type Contexte,
  type Effet,
  type Message,
  type SuiviEnvoi,
  type Tour,
} from '../../dialogs/index.ts';
import { aiguiller, type Aiguillage } from '../../knowledge/aiguillage/index.ts';
import {
  appliquer,
  construireDocument,
  entreeDe,
  lireEvenement,
  rejouer,
  territoireDe,
  type DocumentNiveau1,
  type Dossier,
  type Echange,
  type Evenement,
  type RaisonFinEchange,
} from '../../knowledge/dossier/index.ts';
import { jourDe } from '../../knowledge/vocabulaire/index.ts';
import type { SourcesVives } from '../sources/vives/index.ts';
import type { EnteteConversation, EvenementStocke, Horloge, Hote, Journaliseur, TourJoue } from '../ports.ts';

/** What the host may do outside a conversation. Both must be idempotent by reference: a turn may be replayed once after a crash. */
export type Effets = {
  readonly transmettre: (
    effet: Extract<Effet, { type: 'transmettre' }>,
    entete: EnteteConversation,
  ) => Promise<boolean>;
  /** Withdraws and erases what was sent under this reference, if anything was. */
  readonly retirer: (reference: string) => Promise<boolean>;
  /** Nobody reads the conversation of this reference any more. */
  readonly retirerLecture: (reference: string) => Promise<boolean>;
  /** Records what the person answered to a proposal to be followed elsewhere, and does it. */
  readonly reorienter: (effet: Extract<Effet, { type: 'reorienter' }>, reference: string) => Promise<boolean>;
};

export type OptionsHote = {
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  readonly effets: Effets;
  readonly service: Contexte['service'];
  readonly editeur: string;
  readonly contactDroits: string;
  readonly telephone: string;
  readonly conservationJours: number;
  readonly conservationEnvoi: Contexte['conservationEnvoi'];
  /** Why the live exchange a conversation still shows is over; `undefined` while the counsellor really holds it. */
  readonly finEchange: (
    entete: EnteteConversation,
    echange: Echange,
  ) => Promise<RaisonFinEchange | undefined>;
  /** Where what was sent stands, asked only of a conversation that sent something. */
  readonly suivi: (reference: string) => Promise<SuiviEnvoi | undefined>;
  /** The optional live sources; absent when they are off. */
  readonly vives?: SourcesVives;
};

type Pli = { readonly dossier: Dossier; readonly plies: number };

/**
 * What each list of events was last folded into, and how many of them. A log keeps one list per conversation and only adds to it; a list that is
 * read again, erased or started anew is another list. Weak: a conversation that leaves the memory takes its fold along, so nothing outlives it.
 */
const plis = new WeakMap<readonly EvenementStocke[], Pli>();

/**
 * The dossier of a conversation. An event this version cannot read is left out: its question is asked again. Only what was added since the
 * last call on the same list is folded: a turn costs what it brings, not the length of the conversation.
 */
export function dossierDe(passe: readonly EvenementStocke[]): Dossier {
  const connu = plis.get(passe);
  const debut = connu === undefined || connu.plies > passe.length ? VIERGE : connu;
  if (debut.plies === passe.length) return debut.dossier;
  const dossier = passe
    .slice(debut.plies)
    .reduce<Dossier>((d, brut) => suivre(d, lireEvenement(brut)), debut.dossier);
  plis.set(passe, { dossier, plies: passe.length });
  return dossier;
}

const VIERGE: Pli = { dossier: rejouer([]), plies: 0 };
const suivre = (dossier: Dossier, e: Evenement | undefined): Dossier =>
  e === undefined ? dossier : appliquer(dossier, e);

/** The host, and the turns nobody's message begins: a counsellor joins, a live exchange ends, the file of what was sent moves. */
export type HoteComplet = Hote & {
  ouvrirEchange(
    entete: EnteteConversation,
    passe: readonly EvenementStocke[],
    echange: Echange,
  ): Promise<TourJoue>;
  clorEchange(
    entete: EnteteConversation,
    passe: readonly EvenementStocke[],
    raison: RaisonFinEchange,
  ): TourJoue;
  /** A proposal to be followed elsewhere, or an answer given on the other page; `undefined`: already said, or nothing to say. */
  direLaSuite(entete: EnteteConversation, passe: readonly EvenementStocke[]): Promise<TourJoue | undefined>;
};

/** Plays turns on dossiers rebuilt from their log, and performs the effects they ask for before the turn is committed. */
export function creerHote(options: OptionsHote): HoteComplet {
  const contexteDe = (entete: EnteteConversation): Contexte => ({
    aujourdhui: jourDe(options.horloge()),
    reference: entete.reference,
    editeur: options.editeur,
    contactDroits: options.contactDroits,
    telephone: options.telephone,
    conservationJours: options.conservationJours,
    conservationEnvoi: options.conservationEnvoi,
    service: options.service,
    ...(options.vives === undefined ? {} : { vives: options.vives.lire }),
  });

  /** What the next turn may need is asked now, beside: this turn does not wait for it. */
  const preparerSuite = (dossier: Dossier): void => {
    void options.vives?.preparer(
      territoireDe(dossier.lieu),
      dossier.metiers.map((m) => m.rome),
    );
  };

  /** The context, with where what was sent stands when something was. */
  async function contexteSuivi(entete: EnteteConversation, dossier: Dossier): Promise<Contexte> {
    const suivi =
      dossier.transmission?.etat === 'envoyee' ? await options.suivi(entete.reference) : undefined;
    return { ...contexteDe(entete), ...(suivi === undefined ? {} : { suivi }) };
  }

  async function accomplir(effet: Effet, dossier: Dossier, entete: EnteteConversation): Promise<boolean> {
    const { effets } = options;
    try {
      switch (effet.type) {
        case 'transmettre':
          return await effets.transmettre(effet, entete);
        case 'retirer-lecture':
          return await effets.retirerLecture(entete.reference);
        case 'reorienter':
          return await effets.reorienter(effet, entete.reference);
        case 'effacer':
          return dossier.transmission === undefined || (await effets.retirer(entete.reference));
      }
    } catch (erreur) {
      options.journaliseur.erreur('effet-echoue', erreur, { effet: effet.type });
      return false;
    }
  }

  return {
    async jouer(entete, passe, message: Message): Promise<TourJoue> {
      const dossier = dossierDe(passe);
      const finEchange =
        dossier.echange === undefined ? undefined : await options.finEchange(entete, dossier.echange);
      const contexte = {
        ...(await contexteSuivi(entete, dossier)),
        ...(finEchange === undefined ? {} : { finEchange }),
      };
      const tour = jouerTour(dossier, message, contexte);
      preparerSuite(tour.dossier);
      if (tour.effet === undefined) return rendu(dossier, tour);
      const reussi = await accomplir(tour.effet, tour.dossier, entete);
      const suite = conclureEffet(tour.dossier, tour.effet, reussi, contexte);
      return {
        ...rendu(dossier, tour),
        reponses: [...tour.reponses, ...suite.reponses],
        evenements: evenementsDe(tour, suite),
        ...(tour.effet.type === 'effacer' && reussi ? { effacer: true } : {}),
      };
    },
    async ouvrirEchange(entete, passe, echange) {
      const dossier = dossierDe(passe);
      return rendu(dossier, jouerOuvertureEchange(dossier, echange, await contexteSuivi(entete, dossier)));
    },
    async direLaSuite(entete, passe) {
      const dossier = dossierDe(passe);
      const tour = jouerProposition(dossier, await contexteSuivi(entete, dossier));
      return tour.reponses.length === 0 ? undefined : rendu(dossier, tour);
    },
    clorEchange: (entete, passe, raison) => {
      const dossier = dossierDe(passe);
      return rendu(dossier, jouerFinEchange(dossier, raison, contexteDe(entete)));
    },
  };
}

/** `enDirect` from before to after: the turn that opens an exchange and the one that ends it are part of it. */
const rendu = (avant: Dossier, tour: Tour): TourJoue => ({
  reponses: tour.reponses,
  evenements: tour.evenements,
  ...(avant.echange === undefined && tour.dossier.echange === undefined ? {} : { enDirect: true }),
});

const evenementsDe = (...tours: readonly Tour[]): readonly EvenementStocke[] =>
  tours.flatMap((t) => t.evenements);

/**
 * The document of a conversation as it stands today, for the page and the files behind the person's own link; `undefined` when there is
 * nothing to write yet (no demande, or contradictory answers).
 */
export function documentDuDossier(
  entete: EnteteConversation,
  passe: readonly EvenementStocke[],
  maintenant: number,
): DocumentNiveau1 | undefined {
  const dossier = dossierDe(passe);
  const le = jourDe(maintenant);
  const aiguillage = aiguillageDe(dossier, le);
  if (dossier.demande === undefined || aiguillage === undefined) return undefined;
  return construireDocument(dossier, { aiguillage, le, reference: entete.reference });
}

function aiguillageDe(dossier: Dossier, le: string): Aiguillage | undefined {
  const resultat = aiguiller(entreeDe(dossier, le));
  return resultat.ok ? resultat.valeur : undefined;
}
