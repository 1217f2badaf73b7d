import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chargerRegles } from '../knowledge/aiguillage/index.ts';
import { comprendre, masquer } from '../knowledge/langage/index.ts';
import { chargerTextes, texte } from '../knowledge/textes/index.ts';
import { estEnEchange } from '../knowledge/dossier/index.ts';
import { jourDe, RACINE_PROJET } from '../knowledge/vocabulaire/index.ts';
import type { ServiceRelie } from '../dialogs/index.ts';
import { creerCanaux, ouvrirAbonnements, type Abonnements, type Canaux } from './channels/index.ts';
import type { Config } from './config.ts';
import {
  ID_ONGLET,
  lireCorrespondances,
  monterConsole,
  ouvrirCollegues,
  type ConsoleWeb,
} from './console/index.ts';
import { creerHote, documentDuDossier, dossierDe, type Effets } from './conversation/hote.ts';
import {
  creerConversations,
  creerEchanges,
  creerFinEchange,
  estOuvertAEchange,
  lectureEnVigueur,
} from './echange/index.ts';
import {
  creerCourriel,
  envoyerWebhook,
  issueDe,
  motsPourLaPersonne,
  ouvrirBoite,
  redigerCarte,
  type Avis,
  type Boite,
} from './envois/index.ts';
import { creerFaireLien, monterRoutesDocument } from './document/index.ts';
import {
  CONSERVATION,
  creerTransmissions,
  lireServices,
  nomDuService,
  nouvelleReference,
  heuresDe,
  promesseDe,
  propositionDe,
  reponseDe,
  specialitesDe,
  type Lieu,
  type ServiceReceveur,
  type Transmission,
  type Transmissions,
} from './handover/index.ts';
import {
  creerServeur,
  monterSante,
  estSigne,
  ouvrirCles,
  repondreHtml,
  serveStatique,
  signer,
  type Serveur,
} from './http/index.ts';
import { monterPages } from './pages/index.ts';
import { monterMetriques } from './pages/metriques.ts';
import { monterReperes } from './pages/reperes/index.ts';
import { monterSuivi } from './pages/suivi/index.ts';
import { monterRegles } from './pages/regles/index.ts';
import { monterIntegrer } from './pages/integrer/index.ts';
import { monterWidget } from './pages/widget.ts';
import { VeilleSurcouches } from './sources/surcouches.ts';
import { creerSourcesVives } from './sources/vives/index.ts';
import type { Horloge, Journaliseur } from './ports.ts';
import { depotLowdb } from './storage/depot-lowdb.ts';
import type { Journal } from './storage/journal.ts';
import { ouvrirJournalDisque } from './storage/journal-disque.ts';

/** A running assistant. `adresses` are what `npm start` prints. */
export type App = {
  readonly port: number;
  readonly adresses: { readonly accueil: string; readonly console: string };
  fermer(): Promise<void>;
};

export type OptionsApp = {
  readonly config: Config;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
};

/** Between two looks at what has to be sent again; what is new leaves at once. */
const ENVOIS_MS = 2_000;
const MINUTE_MS = 60_000;
const HEURE_MS = 60 * MINUTE_MS;
const JOUR_MS = 24 * HEURE_MS;
/** How late, at most, a person is told that nobody is there any more. */
const VEILLE_ECHANGES_MS = 15_000;

/** A service as the conversation knows it at an instant: the promise is a day, and it is open or it is not. */
function relier(service: ServiceReceveur, lieu: Lieu, maintenant: number): ServiceRelie {
  const { nom, demonstration, enDirect } = service;
  const rappelAvantLe = promesseDe(service, lieu, maintenant);
  return {
    nom,
    demonstration,
    ...(rappelAvantLe === undefined ? {} : { rappelAvantLe }),
    ...(enDirect === undefined ? {} : { enDirect }),
    ...heuresDe(service, maintenant),
  };
}

/**
 * Builds every part and listens. Nothing here is global: two apps can live in one process (tests do it).
 * @throws {DonneeInvalide} a shipped data file is wrong; {DossierDejaOuvert} another process holds the data folder; EADDRINUSE.
 */
export async function demarrerApp({ config, horloge, journaliseur }: OptionsApp): Promise<App> {
  chargerRegles();
  chargerTextes();
  // Whatever understanding needs is read and checked now: nobody waits for it, and a broken file stops the start, not a conversation.
  comprendre('Je cherche un travail dans le bâtiment à Lille.', { le: jourDe(horloge()) });
  const surcouches = new VeilleSurcouches(config.dataDir);
  const relireSurcouches = (): void => {
    for (const { source, etat } of surcouches.passer()) journaliseur.info('surcouche', { source, etat });
  };
  relireSurcouches();
  const relecture = setInterval(relireSurcouches, MINUTE_MS);
  relecture.unref();
  const services = lireServices({
    mode: config.mode,
    services: config.services,
    courriel: config.courriel !== undefined,
  });
  const openid =
    config.openid === undefined
      ? undefined
      : { ...config.openid, correspondances: lireCorrespondances(config.openid.correspondances) };
  const { appId, tenantId } = config.teams;
  const entra =
    config.teams.correspondances === undefined
      ? undefined
      : {
          appId,
          tenantId,
          correspondances: lireCorrespondances(config.teams.correspondances, 'TEAMS_CORRESPONDANCES'),
        };
  const cles = ouvrirCles(config.dataDir, config.secrets);
  const journal = await ouvrirJournalDisque({ dossier: config.dataDir, horloge, journaliseur });
  const depot = depotLowdb({ racine: join(config.dataDir, 'fiches'), journaliseur });
  const serveurCourriel = config.courriel === undefined ? undefined : creerCourriel(config.courriel, horloge);
  // Where there are counsellors: an operator's tenant, its bot open.
  const abonnements =
    config.teams.active && config.teams.locataire === 'operateur'
      ? await ouvrirAbonnements({ depot, horloge, journaliseur })
      : undefined;
  const onglet = entra === undefined ? undefined : { appId, nom: ID_ONGLET };
  const boite = await ouvrirBoite({
    depot,
    horloge,
    journaliseur,
    publicUrl: config.publicUrl,
    service: (id) => services.find((s) => s.id === id),
    transmission: (reference) => transmissions.lire(reference),
    ...(serveurCourriel === undefined ? {} : { courriel: serveurCourriel.envoyer }),
    webhook: (avis, vers) => envoyerWebhook(avis, vers, horloge),
    ...(abonnements === undefined
      ? {}
      : {
          teams: {
            abonnes: (t: Transmission) => abonnements.pour(t),
            envoyer: async (avis: Avis, abonne: string) =>
              issueDe(await canaux.notifier(abonne, redigerCarte(avis, horloge(), onglet))),
          },
        }),
    conversation: async (t, evenement) => {
      const conversation = await journal.conversationDe(t.reference);
      const passe = conversation === undefined ? undefined : await journal.evenements(conversation);
      if (conversation === undefined || passe === undefined) return false;
      // Shown with its answers, once: what makes it so is written with it.
      if (evenement === 'reorientation-proposee')
        return (await canaux.intervenir(conversation, hote.direLaSuite)) !== 'rien';
      const { registre } = dossierDe(passe);
      const mots = motsPourLaPersonne(t, evenement, {
        service: services.find((s) => s.id === t.service),
        telephone: config.editeur.telephone,
        registre,
      });
      return mots !== undefined && (await canaux.envoyer(conversation, [mots]));
    },
  });
  const transmissions: Transmissions = await creerTransmissions({
    depot,
    services,
    horloge,
    journaliseur,
    preparer: boite.preparer,
    sceau: {
      poser: (contenu) => signer(cles.pour('sceau'), contenu),
      estBon: (contenu, sceau) => estSigne(cles.pour('sceau'), contenu, sceau),
    },
    conservation: { ...CONSERVATION, apresCloture: Math.round(config.conservation.transmissionMois * 30.4) },
  });

  const vives = creerSourcesVives(config.vives, horloge, journaliseur);
  const finEchange = creerFinEchange({ transmissions, journal, horloge });
  /** What people are told of how long what they send is kept, wherever they are told. */
  const conservationEnvoi = {
    moisApresCloture: config.conservation.transmissionMois,
    joursSansSuivi: CONSERVATION.sansSuivi,
  };
  const hote = creerHote({
    horloge,
    finEchange,
    journaliseur,
    ...(vives === undefined ? {} : { vives }),
    editeur: config.editeur.nom,
    contactDroits: config.editeur.contact,
    telephone: config.editeur.telephone,
    conservationJours: config.conservation.conversationJours,
    conservationEnvoi,
    service: (operateur, qui) => {
      const trouve = transmissions.servicePour(operateur, qui, specialitesDe(qui));
      return trouve === undefined ? undefined : relier(trouve, qui, horloge());
    },
    async suivi(reference) {
      const t = await transmissions.lire(reference);
      if (t === undefined) return undefined;
      const lecture = lectureEnVigueur(t);
      const proposition = propositionDe(t, transmissions, horloge());
      const tenu = transmissions.service(t.service);
      const reponse = reponseDe(t, transmissions);
      return {
        ...(lecture === undefined ? {} : { lecture: { service: nomDuService(t, transmissions) } }),
        ...(proposition === undefined ? {} : { proposition }),
        ...(tenu?.enDirect === true && estOuvertAEchange(t) ? { enDirect: heuresDe(tenu, horloge()) } : {}),
        ...(reponse === undefined ? {} : { reponse }),
      };
    },
    effets: effetsDe({ transmissions, journal, horloge, journaliseur }),
  });
  const faireLien = creerFaireLien({ cles: cles.pour('document'), publicUrl: config.publicUrl, horloge });
  const serveur = creerServeur({
    hotes: config.hotesAcceptes,
    https: config.https,
    journaliseur,
    horloge,
    connexions: { total: config.limites.connexions, parAdresse: config.limites.connexionsParAdresse },
    ...(config.proxy === undefined ? {} : { proxy: config.proxy }),
  });
  const canaux = creerCanaux({
    journal,
    hote,
    masquer,
    faireLien,
    cles: cles.pour('directline'),
    origines: config.sites,
    publicUrl: config.publicUrl,
    horloge,
    journaliseur,
    nouvelleReference: () => nouvelleReference((n) => randomBytes(n)),
    local: config.mode === 'local',
    limites: config.limites,
    teams: config.teams,
    surHandoff: (conversation, statut) => echanges.suivreHandoff(conversation, statut),
    surFrappe: (conversation) => echanges.personneEcrit(conversation),
    ...(abonnements === undefined ? {} : { abonnements }),
  });
  canaux.monter(serveur);
  monterRoutesDocument(serveur, {
    cles: cles.pour('document'),
    horloge,
    publicUrl: config.publicUrl,
    documentDe: async (_reference, conversation) => {
      const [entete, passe] = [await journal.entete(conversation), await journal.evenements(conversation)];
      return entete === undefined || passe === undefined
        ? undefined
        : documentDuDossier(entete, passe, horloge());
    },
  });
  monterPages(serveur.restify, config);
  monterReperes(serveur.restify, horloge);
  monterRegles(serveur, horloge);
  monterMetriques(serveur.restify, transmissions, boite);
  monterWidget(serveur, config);
  monterIntegrer(serveur, config);
  monterWeb(serveur);
  monterSante(serveur.restify, {
    stockage: async () => (await transmissions.lister({ limite: 1 })).total >= 0,
    connaissances: () => chargerTextes().size > 0,
  });
  const echanges = creerEchanges({
    transmissions,
    journal,
    canaux,
    hote,
    finEchange,
    horloge,
    journaliseur,
  });
  const collegues = await ouvrirCollegues(depot, horloge);
  const consoleWeb = await monterConsole(serveur, {
    transmissions,
    echanges,
    conversations: creerConversations({ transmissions, journal }),
    async apresConfirmation(reference, qui) {
      const conversation = await journal.conversationDe(reference);
      if (conversation === undefined) return;
      await canaux.intervenir(conversation, (_entete, passe) => {
        const { registre } = dossierDe(passe);
        return {
          reponses: [{ texte: texte('document.confirme-conversation', registre, qui), registre }],
          evenements: [],
          ...(estEnEchange(passe) ? { enDirect: true } : {}),
        };
      });
    },
    collegues,
    boite,
    canaux,
    cles: cles.pour('console'),
    horloge,
    dataDir: config.dataDir,
    publicUrl: config.publicUrl,
    local: config.mode === 'local',
    journaliseur,
    ...(openid === undefined ? {} : { openid }),
    ...(entra === undefined ? {} : { entra }),
    ...(abonnements === undefined ? {} : { abonnements }),
  });

  monterSuivi(serveur, {
    transmissions,
    conservationEnvoi,
    horloge,
    telephone: config.editeur.telephone,
    essaisParAdresse: config.limites.suiviParAdresse,
    conversationDe: (reference) => journal.conversationDe(reference),
    documentDe: async (conversation) => {
      const [entete, passe] = [await journal.entete(conversation), await journal.evenements(conversation)];
      return entete === undefined || passe === undefined
        ? undefined
        : documentDuDossier(entete, passe, horloge());
    },
    async apresRetrait(conversation, service) {
      await journal.ajouterEvenements(conversation, [{ type: 'transmission', etat: 'retiree', service }]);
      const { registre } = dossierDe((await journal.evenements(conversation)) ?? []);
      await canaux.envoyer(conversation, [
        { texte: texte('suivi.retirer-conversation', registre, { service }), registre },
      ]);
    },
    async apresReponse(conversation) {
      await canaux.intervenir(conversation, hote.direLaSuite);
    },
    async apresRetraitLecture(conversation, service) {
      const { registre } = dossierDe((await journal.evenements(conversation)) ?? []);
      await canaux.envoyer(conversation, [
        { texte: texte('lecture.retiree-conversation', registre, { service }), registre },
      ]);
    },
    conservationJours: config.conservation.conversationJours,
    async effacer(reference, conversation) {
      // The conversation first: once it is gone, no turn of it can send anything again.
      if (conversation !== undefined) await canaux.effacer(conversation);
      await transmissions.effacer(reference);
      await boite.oublier(reference);
      await consoleWeb.oublier(reference);
    },
  });
  // Withdrawn in the chat or swept: the journal of reads and the outbox forget which file it was.
  transmissions.surChangement(({ reference, etat }) => {
    if (etat !== 'effacee') return;
    Promise.all([consoleWeb.oublier(reference), boite.oublier(reference)]).catch((erreur: unknown) =>
      journaliseur.erreur('traces-non-oubliees', erreur),
    );
  });

  // Before the port opens: a message posted meanwhile would be answered before the one a crash cut short.
  const rejoues = await canaux.reprendreTours();
  if (rejoues > 0) journaliseur.info('tours-repris', { nombre: rejoues });
  const { port } = await serveur.ecouter(config.port, config.hote);
  const balayage = setInterval(
    () =>
      void balayer({
        config,
        journal,
        canaux,
        transmissions,
        boite,
        ...(abonnements === undefined ? {} : { abonnements }),
        lectures: consoleWeb,
        horloge,
        journaliseur,
      }),
    HEURE_MS,
  );
  balayage.unref();
  const distribuer = (): void =>
    void boite.passer().catch((erreur: unknown) => journaliseur.erreur('envois-echoues', erreur));
  // What a crash left unsent leaves first.
  distribuer();
  transmissions.surChangement(distribuer);
  const distribution = setInterval(distribuer, ENVOIS_MS);
  distribution.unref();
  await echanges.retrouver();
  const veilleEchanges = setInterval(() => void echanges.balayer(), VEILLE_ECHANGES_MS);
  veilleEchanges.unref();

  return {
    port,
    adresses: { accueil: `${config.publicUrl}/`, console: consoleWeb.adresse },
    async fermer() {
      clearInterval(balayage);
      clearInterval(veilleEchanges);
      consoleWeb.relacher();
      clearInterval(relecture);
      clearInterval(distribution);
      await canaux.fermer();
      await serveur.fermer();
      await boite.fermer();
      await depot.fermer();
      await journal.fermer();
    },
  };
}

/** What a turn may do outside its conversation; both are idempotent by reference. */
function effetsDe({
  transmissions,
  journal,
  horloge,
  journaliseur,
}: {
  readonly transmissions: Transmissions;
  readonly journal: Journal;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
}): Effets {
  return {
    async transmettre(effet, entete) {
      const { telephone, courriel, nom, disponibilites } = effet.contact;
      const valeur = telephone ?? courriel;
      if (valeur === undefined) return false;
      const { region, departement } = effet.document.territoire;
      const { assiste, demande, profil } = dossierDe((await journal.evenements(entete.id)) ?? []);
      const resultat = await transmissions.transmettre({
        reference: entete.reference,
        document: effet.document,
        operateur: effet.operateur,
        specialites: specialitesDe({ demande, profil }),
        ...(region === undefined ? {} : { region }),
        ...(departement === undefined ? {} : { departement }),
        ...(assiste === undefined ? {} : { saisie: assiste }),
        contact: {
          moyen: telephone === undefined ? 'courriel' : 'telephone',
          valeur,
          ...(nom === undefined ? {} : { nom }),
          ...(disponibilites === undefined ? {} : { disponibilites }),
        },
        consentement: { le: horloge(), ...effet.consentement },
      });
      // Erased from the person's own page while this turn was sending: what was sent goes too.
      if (resultat.ok && (await journal.entete(entete.id)) === undefined)
        return !(await transmissions.effacer(entete.reference));
      if (!resultat.ok) journaliseur.alerte('transmission-refusee', { raison: resultat.refus.code });
      return resultat.ok;
    },
    retirer: (reference) => transmissions.effacer(reference),
    retirerLecture: async (reference) => (await transmissions.retirerLecture(reference)).ok,
    async reorienter({ proposition, reponse }, reference) {
      const fait = await transmissions.repondreReorientation(
        reference,
        proposition.le,
        reponse.accord ? { ...reponse, consentement: { le: horloge(), ...reponse.consentement } } : reponse,
      );
      if (!fait.ok) journaliseur.alerte('reorientation-refusee', { raison: fait.refus.code });
      return fait.ok;
    },
  };
}

/** The other built pages. */
function monterWeb(serveur: Serveur): void {
  const web = join(RACINE_PROJET, 'dist', 'web');
  for (const page of ['demo', 'console']) {
    serveStatique(serveur.restify, {
      prefixe: `/${page}`,
      dossier: join(web, page),
      csp: () => (page === 'demo' ? { cadresAffiches: [] } : {}),
    });
  }
  const accueil = readFileSync(join(web, 'demo', 'index.html'), 'utf8');
  serveur.restify.get('/', async (_req, res) => repondreHtml(res, accueil, { csp: { cadresAffiches: [] } }));
}

type Balayage = {
  readonly config: Config;
  readonly journal: Journal;
  readonly canaux: Canaux;
  readonly transmissions: Transmissions;
  readonly boite: Pick<Boite, 'balayer'>;
  readonly abonnements?: Pick<Abonnements, 'balayer'>;
  readonly lectures: Pick<ConsoleWeb, 'balayer'>;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
};

/** Retention (design § 6): idle conversations are erased, handovers closed or removed. A failure is logged and tried again next hour. */
async function balayer({
  config,
  journal,
  canaux,
  transmissions,
  boite,
  abonnements,
  lectures,
  horloge,
  journaliseur,
}: Balayage): Promise<void> {
  try {
    let effacees = 0;
    for await (const { conversation, modifieLe } of journal.lister()) {
      if (horloge() - modifieLe < config.conservation.conversationJours * JOUR_MS) continue;
      if (await canaux.effacer(conversation)) effacees += 1;
    }
    await lectures.balayer(config.conservation.journalMois);
    const bilan = await transmissions.balayer();
    await boite.balayer();
    await abonnements?.balayer();
    journaliseur.info('balayage', {
      conversations: effacees,
      signalees: bilan.signalees,
      expirees: bilan.expirees,
      transmissions: bilan.effacees,
    });
  } catch (erreur) {
    journaliseur.erreur('balayage-echoue', erreur);
  }
}
