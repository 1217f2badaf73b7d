import { randomBytes } from 'node:crypto';
import { confirmerDocument, type Confirmation } from '../../knowledge/dossier/document-confirme.ts';
import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import {
  jourDe,
  refuse,
  reussi,
  type Jour,
  type Operateur,
  type Resultat,
} from '../../knowledge/vocabulaire/index.ts';
import type { Horloge, Journaliseur } from '../ports.ts';
import type { Depot, Filtre, Page } from '../storage/depot.ts';
import {
  ACTION_DE_CLOTURE,
  ETATS_OUVERTS,
  estMotifDe,
  estOuvert,
  transition,
  type Action,
  type Etat,
  type EtatClos,
} from './etats.ts';
import { echeancesAtteintes, lireEcheances, type Echeance } from './echeances.ts';
import { TRANSMISSIONS, type ResumeTransmission } from './fiche.ts';
import { deplacer, reponseDonnee, type ReponseReorientation } from './reorientation.ts';
import { integriteDe, sceller, SCEAU_SANS_CLE, type Integrite, type Sceau } from './sceau.ts';
import {
  promesseDe,
  servicePour,
  specialitesDe,
  type Lieu,
  type ServiceReceveur,
  type Specialite,
} from './services.ts';
import type {
  Auteur,
  Consentement,
  ContactTransmis,
  Destination,
  Note,
  Passage,
  Reorientation,
  RendezVous,
  Transmission,
} from './transmission.ts';

export type Conseiller = { readonly id: string; readonly nom: string };

export type DemandeTransmission = {
  readonly reference: string;
  /** Exactly what the person agreed to send: lines they cut are already gone. */
  readonly document: DocumentNiveau1;
  readonly operateur: Operateur;
  readonly region?: string;
  readonly departement?: string;
  readonly contact: ContactTransmis;
  readonly consentement: Consentement;
  /** A counsellor typed for the person (accueil assisté). */
  readonly saisie?: NonNullable<Transmission['saisie']>;
  /** What of their situation a service may be the specialist of; decides which one receives, and is not kept. */
  readonly specialites?: readonly Specialite[];
};

/** What somebody outside the console has to be told; see `bot/envois`. */
export type Evenement =
  | 'demande-recue'
  | 'demande-retiree'
  | 'rappel'
  | 'promesse-depassee'
  | 'reorientation-proposee'
  | 'changement-de-suivi'
  | 'rendez-vous-fixe';

/** Writes down, durably and before the change itself, what will have to be told about it; asked twice for one `rang`, it does so once. */
export type Preparer = (t: Transmission, evenement: Evenement, rang: string) => Promise<void>;

export type RefusTransmission =
  | { readonly code: 'aucun-service' }
  | { readonly code: 'deja-close'; readonly etat: Etat }
  | { readonly code: 'reference-differente' };

export type RefusAction =
  | { readonly code: 'inconnue' }
  | { readonly code: 'transition-interdite'; readonly etat: Etat; readonly action: Action }
  | { readonly code: 'deja-prise'; readonly par: Conseiller }
  | { readonly code: 'pas-a-vous' }
  | { readonly code: 'document-altere' }
  | { readonly code: 'motif-refuse' }
  /** Re-routing to the service that already has the file. */
  | { readonly code: 'meme-service' }
  /** Nothing was proposed, or the proposal was answered or replaced meanwhile. */
  | { readonly code: 'sans-proposition' };

/** `places`: where the file was, then where it is: who may know of the change. */
export type Changement = {
  readonly reference: string;
  readonly etat: Etat | 'effacee';
  readonly places: readonly { readonly operateur: string; readonly region?: string | undefined }[];
};

/** Handovers of this installation. Every change is durable before its promise resolves. */
export interface Transmissions {
  /**
   * Hands a document over to the service connected for this operator and place. Idempotent by reference: asked again, it gives back the
   * first one unchanged, so that a turn played twice never makes two. What was withdrawn or closed is not opened again.
   */
  transmettre(demande: DemandeTransmission): Promise<Resultat<Transmission, RefusTransmission>>;
  /** Whether something may be sent at all; nothing is offered where this is undefined. */
  servicePour(
    operateur: Operateur,
    lieu: Lieu,
    specialites?: readonly Specialite[],
  ): ServiceReceveur | undefined;
  service(id: string): ServiceReceveur | undefined;
  lister(filtre?: Filtre): Promise<Page<ResumeTransmission>>;
  lire(reference: string): Promise<Transmission | undefined>;
  /** Of two counsellors at the same instant, exactly one gets it; taking again what one holds changes nothing. */
  prendre(reference: string, par: Conseiller): Promise<Resultat<Transmission, RefusAction>>;
  /** `dOffice`: a supervisor frees what another holds. */
  liberer(
    reference: string,
    par: Conseiller,
    dOffice?: 'd-office',
  ): Promise<Resultat<Transmission, RefusAction>>;
  /** Hands the file to a colleague. `dOffice`: a supervisor hands over what another holds. */
  transferer(
    reference: string,
    par: Conseiller,
    vers: Conseiller,
    dOffice?: 'd-office',
  ): Promise<Resultat<Transmission, RefusAction>>;
  /** Proposes another operator or a relais: the person is told, and nothing moves before they agree. A new proposal replaces the last one. */
  proposerReorientation(
    reference: string,
    par: Conseiller,
    proposition: Pick<Reorientation, 'vers' | 'motif' | 'mots'>,
  ): Promise<Resultat<Transmission, RefusAction>>;
  /**
   * By the person. Agreed: the file opens anew at the connected service, or is closed as re-routed where none is connected. Refused: the
   * first service keeps it. `le` is the instant of the proposal answered: one replaced since is not agreed to by mistake. The same answer given
   * again changes nothing.
   */
  repondreReorientation(
    reference: string,
    le: number,
    reponse: ReponseReorientation,
  ): Promise<Resultat<Transmission, RefusAction>>;
  /** The service that would receive a file re-routed there; `undefined` where none is connected. */
  serviceDestinataire(
    t: Pick<Transmission, 'region' | 'departement' | 'contenu'>,
    vers: Destination,
  ): ServiceReceveur | undefined;
  /** The file behind the identifier of a notification. */
  parIdentifiant(identifiant: string): Promise<Transmission | undefined>;
  /** The person is told in their conversation. The same appointment given again changes nothing. */
  fixerRendezVous(
    reference: string,
    par: Conseiller,
    rendezVous: RendezVous,
  ): Promise<Resultat<Transmission, RefusAction>>;
  noter(
    reference: string,
    par: Conseiller,
    note: Pick<Note, 'genre' | 'texte'>,
  ): Promise<Resultat<Transmission, RefusAction>>;
  /**
   * The document as read again with the person, who agreed, with what they added together: a new edition, the former one kept.
   * @returns `document-altere` when it is no longer what the person agreed to.
   */
  confirmerDocument(
    reference: string,
    par: Conseiller,
    confirmation: Omit<Confirmation, 'le'>,
  ): Promise<Resultat<Transmission, RefusAction>>;
  /** Whether the document and the agreement are still those that were sealed; `undefined` when nothing is kept. */
  integrite(t: Transmission): Integrite | undefined;
  clore(
    reference: string,
    par: Conseiller,
    etat: EtatClos,
    motif: string,
  ): Promise<Resultat<Transmission, RefusAction>>;
  /**
   * By the person: a few more words for whoever follows the request. The same words sent again (a page reloaded) are kept once.
   * @returns `trop-de-messages` beyond `MESSAGES_MAX`, `transition-interdite` when the request is closed.
   */
  ajouterMessage(
    reference: string,
    mots: string,
  ): Promise<Resultat<Transmission, RefusAction | { readonly code: 'trop-de-messages' }>>;
  /**
   * By the person: nobody reads their conversation any more, from this instant. The agreement stays written, with when it was taken back.
   * Done again, it changes nothing.
   */
  retirerLecture(reference: string): Promise<Resultat<Transmission, RefusAction>>;
  /** By the person: the content is erased at once; the empty skeleton tells the counsellor, then goes too. */
  retirer(reference: string): Promise<Resultat<Transmission, RefusAction>>;
  /** By the person: nothing is left, not even the skeleton. */
  effacer(reference: string): Promise<boolean>;
  /**
   * The sweep: tells of the deadlines reached, closes what nobody handled in time, removes what retention no longer allows. Resolves to
   * how many of each.
   */
  balayer(): Promise<{ readonly signalees: number; readonly expirees: number; readonly effacees: number }>;
  /** Called after each change, in order, never awaited. Returns how to stop. */
  surChangement(ecouter: (changement: Changement) => void): () => void;
}

/** Days: how long things are kept (design § 6), as data so that an installation can shorten them. */
export type Conservation = {
  readonly apresCloture: number;
  readonly apresRetrait: number;
  /** An open handover nobody touched for that long is closed as expired, its content erased. */
  readonly sansSuivi: number;
};
export const CONSERVATION: Conservation = { apresCloture: 365, apresRetrait: 30, sansSuivi: 90 };
const JOUR_MS = 86_400_000;

/** The same note written again within that time is a second try, not a second note: two calls in vain are further apart. */
const MEME_NOTE_MS = 120_000;

/** Words a person may add to one request: a follow-up, not a correspondence. */
export const MESSAGES_MAX = 20;

/** Everything personal is in `contenu` and `rendezVous`: what remains is dates and codes. */
function sansContenu(t: Transmission): Transmission {
  const { contenu: _contenu, rendezVous: _rendezVous, reorientation: _reorientation, ...squelette } = t;
  return squelette;
}

/** Whether a deadline may be reached, from the summary alone. */
const peutAvoirUneEcheance = (r: ResumeTransmission, aujourdhui: Jour): boolean =>
  r.etat !== 'ouverte' ||
  r.reorientationProposee ||
  r.rendezVousLe !== undefined ||
  (r.rappelAvantLe !== undefined && r.rappelAvantLe <= aujourdhui);

type Options = {
  readonly depot: Depot;
  readonly services: readonly ServiceReceveur[];
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  /** Seals what people agree to; without a key by default. */
  readonly sceau?: Sceau;
  readonly conservation?: Conservation;
  /** Absent: nobody is told of anything outside the console. */
  readonly preparer?: Preparer;
  /** The shipped deadlines by default. */
  readonly echeances?: readonly Echeance[];
};

/** Opens the handovers kept in `depot`. */
export async function creerTransmissions(options: Options): Promise<Transmissions> {
  const {
    depot,
    services,
    horloge,
    journaliseur,
    conservation = CONSERVATION,
    sceau = SCEAU_SANS_CLE,
  } = options;
  const preparer: Preparer = options.preparer ?? (async () => undefined);
  const echeances = options.echeances ?? lireEcheances();
  const collection = await depot.collection(TRANSMISSIONS);
  const ecouteurs = new Set<(c: Changement) => void>();
  const annoncer = (changement: Changement): void => {
    // Never the reference: it opens the person's own page.
    journaliseur.info('transmission-changee', { etat: changement.etat });
    for (const ecouter of ecouteurs) ecouter(changement);
  };

  const lire = async (reference: string): Promise<Transmission | undefined> => {
    const lu = await collection.lire(reference);
    return lu.ok ? lu.valeur.valeur : undefined;
  };

  /** Read, decide, write; decided again on what is there when somebody wrote in between. */
  const modifier = async (
    reference: string,
    decider: (t: Transmission) => Resultat<Transmission, RefusAction>,
    avantDEcrire: (apres: Transmission, avant: Transmission) => Promise<void> = async () => undefined,
  ): Promise<Resultat<Transmission, RefusAction>> => {
    for (;;) {
      const lu = await collection.lire(reference);
      if (!lu.ok) return refuse({ code: 'inconnue' });
      const decide = decider(lu.valeur.valeur);
      if (!decide.ok || decide.valeur === lu.valeur.valeur) return decide;
      await avantDEcrire(decide.valeur, lu.valeur.valeur);
      const ecrit = await collection.ecrire(reference, decide.valeur, lu.valeur.revision);
      if (ecrit.ok) {
        annoncer({
          reference,
          etat: ecrit.valeur.valeur.etat,
          places: [lu.valeur.valeur, ecrit.valeur.valeur],
        });
        return reussi(ecrit.valeur.valeur);
      }
      if (ecrit.refus.code !== 'conflit') return refuse({ code: 'inconnue' });
    }
  };

  /** Applies an action: the one path by which a handover changes state. `passage` is what its history keeps besides. */
  const appliquer = (
    t: Transmission,
    action: Action,
    par: Auteur,
    autres: Partial<Transmission> = {},
    passage: Pick<Passage, 'motif' | 'dOffice' | 'de' | 'a' | 'repond'> = {},
  ): Resultat<Transmission, RefusAction> => {
    const vers = transition(t.etat, action);
    if (!vers.ok) return vers;
    const le = horloge();
    const jours =
      vers.valeur === 'retiree-par-la-personne' ? conservation.apresRetrait : conservation.apresCloture;
    return reussi({
      ...t,
      ...autres,
      etat: vers.valeur,
      modifieeLe: le,
      expireLe: le + jours * JOUR_MS,
      transitions: [...t.transitions, { le, action, vers: vers.valeur, par, ...passage }],
    });
  };

  const parConseiller = (
    reference: string,
    par: Conseiller,
    suite: (t: Transmission, auteur: Auteur) => Resultat<Transmission, RefusAction>,
    avantDEcrire?: (apres: Transmission) => Promise<void>,
  ): Promise<Resultat<Transmission, RefusAction>> =>
    modifier(
      reference,
      (t) => {
        if (estOuvert(t.etat) && t.conseiller?.id !== par.id) return refuse({ code: 'pas-a-vous' });
        return suite(t, { type: 'conseiller', ...par });
      },
      avantDEcrire,
    );

  /** Each deadline reached is told once: what was told is written in the file, after the notice and before anything else. */
  async function signalerEcheances(): Promise<number> {
    const le = horloge();
    const fuseauDe = (id: string): string | undefined => services.find((s) => s.id === id)?.fuseau;
    let nombre = 0;
    const { lignes } = await collection.lister({ etats: ETATS_OUVERTS });
    // Most files wait quietly within their promise: their summary says so, and they are not read.
    for (const { id } of lignes.filter((l) =>
      peutAvoirUneEcheance(l.resume, jourDe(le, fuseauDe(l.resume.service))),
    )) {
      const t = await lire(id);
      if (t === undefined) continue;
      const fuseau = fuseauDe(t.service);
      const atteintes = echeancesAtteintes(t, echeances, jourDe(le, fuseau), fuseau);
      if (atteintes.length === 0) continue;
      for (const { cle, avis } of atteintes) await preparer(t, avis, cle.replace('@', '-'));
      const fait = await modifier(id, (lue) => {
        const nouvelles = atteintes.filter(({ cle }) => !lue.signalees.some((s) => s.id === cle));
        return reussi({
          ...lue,
          signalees: [...lue.signalees, ...nouvelles.map(({ cle }) => ({ id: cle, le }))],
        });
      });
      if (fait.ok) nombre += atteintes.length;
    }
    return nombre;
  }

  // Of the situation, the file keeps the demande: what else the person said stayed in their conversation.
  const serviceDestinataire = (
    t: Pick<Transmission, 'region' | 'departement' | 'contenu'>,
    vers: Destination,
  ): ServiceReceveur | undefined =>
    vers.type === 'operateur'
      ? servicePour(services, vers.operateur, t, specialitesDe({ demande: t.contenu?.document.demande }))
      : undefined;

  const promise = (service: ServiceReceveur, lieu: Lieu, le: number): Pick<Transmission, 'rappelAvantLe'> => {
    const jour = promesseDe(service, lieu, le);
    return jour === undefined ? {} : { rappelAvantLe: jour };
  };

  /** The person agreed: the file is closed here, then opened anew where a service is connected. */
  const reorienter = (
    t: Transmission,
    reorientation: Reorientation,
    { consentement, garderSante }: Extract<ReponseReorientation, { accord: true }>,
  ): Resultat<Transmission, RefusAction> => {
    const vers = serviceDestinataire(t, reorientation.vers);
    const personne: Auteur = { type: 'personne' };
    const passage = { motif: reorientation.motif, repond: reorientation.le };
    if (vers === undefined) {
      const close = appliquer(sansContenu(t), 'reorienter', personne, {}, passage);
      return close.ok ? reussi({ ...close.valeur, destination: reorientation.vers }) : close;
    }
    const close = appliquer(t, 'reorienter', personne, {}, passage);
    if (!close.ok) return close;
    const le = horloge();
    const deplacee = deplacer(close.valeur, reorientation, { vers, le, consentement, garderSante });
    return reussi({
      ...deplacee,
      // Agreed anew, for somebody else: earlier editions may say what the person does not show them.
      ...(deplacee.contenu === undefined
        ? {}
        : { contenu: sceller(sceau, { ...deplacee.contenu, editions: [] }) }),
      ...promise(vers, t, le),
      etat: 'ouverte',
      expireLe: le + conservation.apresCloture * JOUR_MS,
      transitions: [...close.valeur.transitions, { le, action: 'ouvrir', vers: 'ouverte', par: personne }],
    });
  };

  /** Who held a file a supervisor acts upon, when it was not them. */
  const dOfficeSur = (t: Transmission, par: Conseiller): Pick<Passage, 'dOffice' | 'de'> =>
    t.conseiller === undefined || t.conseiller.id === par.id ? {} : { dOffice: true, de: t.conseiller.nom };

  return {
    serviceDestinataire,
    async parIdentifiant(identifiant) {
      const { lignes } = await collection.lister({ texte: identifiant });
      for (const { id } of lignes) {
        const t = await lire(id);
        if (t?.identifiant === identifiant) return t;
      }
      return undefined;
    },
    servicePour: (operateur, lieu, specialites) => servicePour(services, operateur, lieu, specialites),
    service: (id) => services.find((s) => s.id === id),
    lister: (filtre) => collection.lister(filtre),
    lire,
    surChangement(ecouter) {
      ecouteurs.add(ecouter);
      return () => void ecouteurs.delete(ecouter);
    },

    async transmettre(demande) {
      const { reference, document, operateur, region, departement, contact, consentement } = demande;
      // The document is what was agreed to: one made for another conversation is a mistake that must not leave.
      if (document.reference !== reference) return refuse({ code: 'reference-differente' });
      const connue = await lire(reference);
      if (connue !== undefined)
        return estOuvert(connue.etat) ? reussi(connue) : refuse({ code: 'deja-close', etat: connue.etat });
      const service = servicePour(services, operateur, demande, demande.specialites);
      if (service === undefined) return refuse({ code: 'aucun-service' });
      const le = horloge();
      const nouvelle: Transmission = {
        reference,
        etat: 'ouverte',
        operateur,
        ...(region === undefined ? {} : { region }),
        ...(departement === undefined ? {} : { departement }),
        service: service.id,
        identifiant: randomBytes(16).toString('hex'),
        creeeLe: le,
        modifieeLe: le,
        ...promise(service, demande, le),
        ...(demande.saisie === undefined ? {} : { saisie: demande.saisie }),
        parcours: [],
        signalees: [],
        expireLe: le + conservation.apresCloture * JOUR_MS,
        transitions: [{ le, action: 'ouvrir', vers: 'ouverte', par: { type: 'personne' } }],
        contenu: sceller(sceau, { document, editions: [], contact, consentement, notes: [], messages: [] }),
      };
      // Told first, written next: after a crash in between, the notice finds no file and is dropped; the other way round it would be lost.
      await preparer(nouvelle, 'demande-recue', String(le));
      const ecrit = await collection.ecrire(reference, nouvelle, 0);
      if (ecrit.ok) {
        annoncer({ reference, etat: 'ouverte', places: [nouvelle] });
        return reussi(ecrit.valeur.valeur);
      }
      const deja = await lire(reference);
      if (deja === undefined) throw new Error(`Transmission illisible : ${ecrit.refus.code}.`);
      return estOuvert(deja.etat) ? reussi(deja) : refuse({ code: 'deja-close', etat: deja.etat });
    },

    prendre: (reference, par) =>
      modifier(reference, (t) => {
        if (t.conseiller?.id === par.id && estOuvert(t.etat)) return reussi(t);
        if (t.conseiller !== undefined && estOuvert(t.etat))
          return refuse({ code: 'deja-prise', par: t.conseiller });
        return appliquer(t, 'prendre', { type: 'conseiller', ...par }, { conseiller: par });
      }),

    liberer: (reference, par, dOffice) =>
      modifier(reference, (t) => {
        if (dOffice === undefined && estOuvert(t.etat) && t.conseiller?.id !== par.id)
          return refuse({ code: 'pas-a-vous' });
        // The appointment stays: the person was told of it, and the colleague who takes the file next keeps it.
        const { conseiller: _, ...sans } = t;
        return appliquer(sans, 'liberer', { type: 'conseiller', ...par }, {}, dOfficeSur(t, par));
      }),

    transferer: (reference, par, vers, dOffice) =>
      modifier(
        reference,
        (t) => {
          if (dOffice === undefined && estOuvert(t.etat) && t.conseiller?.id !== par.id)
            return refuse({ code: 'pas-a-vous' });
          if (t.conseiller?.id === vers.id) return reussi(t);
          const auteur: Auteur = { type: 'conseiller', ...par };
          return appliquer(
            t,
            'transferer',
            auteur,
            { conseiller: vers },
            { ...dOfficeSur(t, par), a: vers.nom },
          );
        },
        (t) => preparer(t, 'changement-de-suivi', String(t.modifieeLe)),
      ),

    proposerReorientation(reference, par, proposition) {
      const le = horloge();
      return modifier(
        reference,
        (t) => {
          if (estOuvert(t.etat) && t.conseiller?.id !== par.id) return refuse({ code: 'pas-a-vous' });
          if (t.contenu === undefined)
            return refuse({ code: 'transition-interdite', etat: t.etat, action: 'proposer-reorientation' });
          const { vers, motif } = proposition;
          if (vers.type === 'operateur' && vers.operateur === t.operateur)
            return refuse({ code: 'meme-service' });
          const reorientation: Reorientation = { ...proposition, le, par };
          return appliquer(
            t,
            'proposer-reorientation',
            { type: 'conseiller', ...par },
            { reorientation },
            { motif },
          );
        },
        (t) => preparer(t, 'reorientation-proposee', String(le)),
      );
    },

    repondreReorientation: (reference, le, reponse) =>
      modifier(
        reference,
        (t) => {
          const { reorientation, ...sans } = t;
          // A turn played again after a crash, a second click, the other page: the same answer is one answer.
          if (reponseDonnee(t, le) === reponse.accord) return reussi(t);
          if (reorientation === undefined || reorientation.le !== le)
            return refuse({ code: 'sans-proposition' });
          if (reponse.accord) return reorienter(t, reorientation, reponse);
          return appliquer(sans, 'refuser-reorientation', { type: 'personne' }, {}, { repond: le });
        },
        async (apres, avant) => {
          if (!reponse.accord) return;
          const rang = String(apres.modifieeLe);
          await preparer(avant, 'demande-retiree', rang);
          if (estOuvert(apres.etat)) await preparer(apres, 'demande-recue', rang);
        },
      ),

    fixerRendezVous: (reference, par, rendezVous) =>
      parConseiller(
        reference,
        par,
        (t, auteur) => {
          const { rendezVous: fixe } = t;
          // A second click: the same appointment is one appointment, and is told once.
          return t.etat === 'rendez-vous' && fixe?.le === rendezVous.le && fixe.mode === rendezVous.mode
            ? reussi(t)
            : appliquer(t, 'fixer-rendez-vous', auteur, { rendezVous });
        },
        (t) => preparer(t, 'rendez-vous-fixe', String(t.modifieeLe)),
      ),

    noter: (reference, par, { genre, texte }) =>
      parConseiller(reference, par, (t, auteur) => {
        if (t.contenu === undefined)
          return refuse({ code: 'transition-interdite', etat: t.etat, action: 'noter' });
        const le = horloge();
        const derniere = t.contenu.notes.at(-1);
        // The answer was lost on the way, or the button pressed twice: the same note is one note.
        if (
          derniere?.par.id === par.id &&
          derniere.genre === genre &&
          derniere.texte === texte &&
          le - derniere.le < MEME_NOTE_MS
        )
          return reussi(t);
        const notes = [...t.contenu.notes, { le, par, genre, texte }];
        return appliquer(t, 'noter', auteur, { contenu: { ...t.contenu, notes } });
      }),

    confirmerDocument: (reference, par, confirmation) =>
      parConseiller(reference, par, (t, auteur) => {
        if (t.contenu === undefined)
          return refuse({ code: 'transition-interdite', etat: t.etat, action: 'confirmer-document' });
        // What was changed behind the person's back is not confirmed on top of it.
        if (integriteDe(sceau, t) === 'altere') return refuse({ code: 'document-altere' });
        const { contenu } = t;
        return appliquer(t, 'confirmer-document', auteur, {
          contenu: sceller(sceau, {
            ...contenu,
            document: confirmerDocument(contenu.document, { ...confirmation, le: jourDe(horloge()) }),
            editions: [...contenu.editions, contenu.document],
          }),
        });
      }),
    integrite: (t) => integriteDe(sceau, t),

    clore: (reference, par, etat, motif) =>
      parConseiller(reference, par, (t, auteur) =>
        estMotifDe(etat, motif)
          ? appliquer(t, ACTION_DE_CLOTURE[etat], auteur, {}, { motif })
          : refuse({ code: 'motif-refuse' }),
      ),

    async ajouterMessage(reference, mots) {
      let tropDeMessages = false;
      const fait = await modifier(reference, (t) => {
        if (!estOuvert(t.etat) || t.contenu === undefined)
          return refuse({ code: 'transition-interdite', etat: t.etat, action: 'noter' });
        const { messages } = t.contenu;
        tropDeMessages = false;
        if (messages.some((m) => m.texte === mots)) return reussi(t);
        tropDeMessages = messages.length >= MESSAGES_MAX;
        if (tropDeMessages) return reussi(t);
        const le = horloge();
        const contenu = { ...t.contenu, messages: [...messages, { le, texte: mots }] };
        return reussi({ ...t, modifieeLe: le, contenu });
      });
      return tropDeMessages ? refuse({ code: 'trop-de-messages' }) : fait;
    },

    retirerLecture: (reference) =>
      modifier(reference, (t) => {
        const { contenu } = t;
        if (contenu?.consentement.conversation === undefined || contenu.lectureRetiree !== undefined)
          return reussi(t);
        const le = horloge();
        return reussi({ ...t, modifieeLe: le, contenu: { ...contenu, lectureRetiree: le } });
      }),

    retirer: (reference) =>
      modifier(
        reference,
        (t) => appliquer(sansContenu(t), 'retirer', { type: 'personne' }),
        (t) => preparer(t, 'demande-retiree', String(t.modifieeLe)),
      ),

    async effacer(reference) {
      const avant = await lire(reference);
      const avait = await collection.effacer(reference);
      if (avait) annoncer({ reference, etat: 'effacee', places: avant === undefined ? [] : [avant] });
      return avait;
    },

    async balayer() {
      const signalees = await signalerEcheances();
      const limite = horloge() - conservation.sansSuivi * JOUR_MS;
      const { lignes } = await collection.lister({ etats: ['ouverte', 'prise-en-charge', 'rendez-vous'] });
      let expirees = 0;
      for (const { id } of lignes.filter((l) => l.resume.modifieeLe < limite)) {
        const fait = await modifier(id, (t) => {
          // Somebody may have touched it since the list was made.
          if (t.modifieeLe >= limite) return reussi(t);
          return appliquer(sansContenu(t), 'expirer', { type: 'systeme' });
        });
        if (fait.ok && fait.valeur.etat === 'expiree') expirees += 1;
      }
      const effacees = await collection.expirer(horloge());
      // A page may still be open on one of them.
      for (const { id, resume } of effacees) annoncer({ reference: id, etat: 'effacee', places: [resume] });
      return { signalees, expirees, effacees: effacees.length };
    },
  };
}
