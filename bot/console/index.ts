import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { nomOperateur } from '../../knowledge/information/index.ts';
import { nomRegion, regions } from '../../knowledge/territoire/index.ts';
import { heureDe, texte } from '../../knowledge/textes/index.ts';
import {
  FUSEAU_PARIS,
  jourDe,
  OPERATEURS,
  RACINE_PROJET,
  type Jour,
} from '../../knowledge/vocabulaire/index.ts';
import {
  actionsPermises,
  autreHorloge,
  instantDeRendezVous,
  quandChez,
  quandDeRendezVous,
  type Action,
  estEtatClos,
  estOuvert,
  ETATS,
  ETATS_CLOS,
  estGenreDeNote,
  estModeDeRendezVous,
  estPromesseManquee,
  nomDestination,
  nomOperateurDe,
  premierContact,
  type ResumeTransmission,
  MOTIFS,
  type Conseiller,
  type Transmission,
  type Transmissions,
} from '../handover/index.ts';
import {
  echapperHtml,
  ErreurHttp,
  lireCorps,
  repondreHtml,
  repondreJson,
  repondreRedirection,
  type Corps,
  type Serveur,
  type TrousseauDeCles,
} from '../http/index.ts';
import type { Horloge, Journaliseur } from '../ports.ts';
import { monterAccueil } from './accueil.ts';
import { ouvrirJournalLectures } from './journal-lectures.ts';
import { lireComplements } from './confirmation.ts';
import { monterEchangeConsole } from './echange.ts';
import { monterConversationConsole } from './conversation.ts';
import { nomMontre, type Conversations, type Echanges } from '../echange/index.ts';
import type { Canaux } from '../channels/index.ts';
import type { Boite } from '../envois/index.ts';
import { SANS_COLLEGUES, type Collegues } from './collegues.ts';
import { choixDOrientation, gestesDOrientation, type RefusOrienter } from './orienter.ts';
import { peutFaire, type GesteConsole, type Session } from './droits.ts';
import { creerEntra, type OptionsEntra } from './entra.ts';
import { creerFournisseur, type FournisseurOpenId, type OptionsOpenId } from './openid.ts';
import type { Abonnements } from '../channels/index.ts';
import { monterNotifications } from './notifications.ts';
import { monterOnglet } from './onglet.ts';
import { creerSessions } from './sessions.ts';
import { monterDirect } from './direct.ts';
import { estEnRetard, estOrpheline, monterVues, perimetreDe, placeDe } from './vues.ts';

export { ouvrirCollegues, type Collegues } from './collegues.ts';
export * from './droits.ts';
export { ID_ONGLET } from './entra.ts';
export { lireCorrespondances } from './openid.ts';

export type OptionsConsole = {
  readonly transmissions: Transmissions;
  /** Live exchanges; absent: counsellors answer by the person's contact means only. */
  readonly echanges?: Echanges;
  /** Conversations people let the service read; absent: none is. */
  readonly conversations?: Conversations;
  /** A counsellor confirmed a document: the person is told in their conversation. */
  readonly apresConfirmation?: (
    reference: string,
    qui: { readonly nom: string; readonly service: string },
  ) => Promise<void>;
  /** Opens conversations for the accueil assisté; absent: there is none. */
  readonly canaux?: Pick<Canaux, 'accueillir'>;
  /** Absent: files are not handed over. */
  readonly collegues?: Collegues;
  /** Absent: nobody is told of anything outside the console. */
  readonly boite?: Boite;
  readonly cles: TrousseauDeCles;
  readonly horloge: Horloge;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly local: boolean;
  readonly journaliseur: Journaliseur;
  /** The identity provider; absent: nobody signs in, except by the one-time link of local mode. */
  readonly openid?: Omit<OptionsOpenId, 'retour'>;
  /** Who is told of requests in Teams; absent where the bot is not. */
  readonly abonnements?: Abonnements;
  /** The Teams tab; absent: it is not served. */
  readonly entra?: Omit<OptionsEntra, 'publicUrl'>;
};
export type ConsoleWeb = {
  /** What `npm start` prints: the one-time sign-in link in local mode, the page itself otherwise. */
  readonly adresse: string;
  balayer(mois: number): Promise<void>;
  /** Takes a reference out of the journal of reads. */
  oublier(reference: string): Promise<void>;
  /** Lets every held request go: a server waiting for them would not stop. */
  relacher(): void;
};

const REESSAYER = { vers: '/console/connexion', mots: 'console.reessayer' };
const GESTES_ECRITS = [
  'prendre',
  'liberer',
  'clore',
  'noter',
  'rendez-vous',
  'confirmer',
  'transferer',
  'reorienter',
] as const;
/** The gesture behind each action; the closing ones are all `clore`. */
const GESTE_DE: Readonly<Partial<Record<Action, GesteConsole>>> = {
  prendre: 'prendre',
  liberer: 'liberer',
  noter: 'noter',
  'fixer-rendez-vous': 'rendez-vous',
  'confirmer-document': 'confirmer',
  transferer: 'transferer',
  'proposer-reorientation': 'reorienter',
};
/** What only the person does, from their own page, or the sweep. */
const HORS_CONSOLE: ReadonlySet<Action> = new Set([
  'reorienter',
  'refuser-reorientation',
  'expirer',
  'retirer',
]);
/** What a supervisor does to a file somebody else holds. */
const D_OFFICE: ReadonlySet<Action> = new Set(['liberer', 'transferer']);
const MOTIFS_DE_CLOTURE = Object.fromEntries(ETATS_CLOS.map((etat) => [etat, MOTIFS[etat]]));
const PAR_PAGE = 200;
/** The identifier a notification carries. */
const IDENTIFIANT = /^[0-9a-f]{32}$/;
type Requete = IncomingMessage & { readonly params?: Readonly<Record<string, string>> };

/** The counsellor console: its pages and its API, under the rights of the session. Every read of a file is recorded first. */
export function monterConsole(http: Serveur, options: OptionsConsole): ConsoleWeb {
  const { transmissions, horloge, collegues = SANS_COLLEGUES } = options;
  const sessions = creerSessions({
    cles: options.cles,
    horloge,
    securise: options.publicUrl.startsWith('https:'),
    dossier: options.dataDir,
  });
  const fournisseur =
    options.openid === undefined
      ? undefined
      : creerFournisseur({ ...options.openid, retour: `${options.publicUrl}/console/retour` });
  const lectures = ouvrirJournalLectures(options.dataDir, horloge);
  const { restify } = http;

  const page = readFileSync(join(RACINE_PROJET, 'dist', 'web', 'console', 'index.html'), 'utf8');
  const servir = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      sessions.exiger(req);
    } catch {
      return repondreHtml(
        res,
        fournisseur === undefined
          ? pageConnexion(options.local ? 'console.connexion-locale' : 'console.connexion-absente')
          : pageConnexion('console.connexion-openid', {
              vers: versConnexion(demandeDe(req)),
              mots: 'console.se-connecter',
            }),
        { statut: 401 },
      );
    }
    // The chat, in the frame of the accueil assisté.
    repondreHtml(res, page, { csp: { cadresAffiches: [] } });
  };
  restify.get('/console', servir);
  restify.get('/console/', servir);
  restify.get('/console/connexion', async (req, res) => {
    const code = new URL(req.url ?? '/', 'http://localhost').searchParams.get('code') ?? '';
    if (fournisseur !== undefined && code === '') return partir(fournisseur, res, demandeDe(req));
    const temoin = options.local ? sessions.echanger(code) : undefined;
    if (temoin === undefined) return repondreHtml(res, pageConnexion('console.lien-use'), { statut: 403 });
    return repondreRedirection(res, '/console/', { 'Set-Cookie': temoin });
  });

  async function partir(
    chez: FournisseurOpenId,
    res: ServerResponse,
    demande: string | undefined,
  ): Promise<void> {
    try {
      const { adresse, depart } = await chez.partir();
      repondreRedirection(res, adresse, {
        'Set-Cookie': sessions.ecrireDepart(demande === undefined ? depart : { ...depart, demande }),
      });
    } catch (erreur) {
      options.journaliseur.erreur('connexion-indisponible', erreur);
      repondreHtml(res, pageConnexion('console.connexion-indisponible', REESSAYER), { statut: 503 });
    }
  }
  restify.get('/console/retour', async (req, res) => {
    const depart = sessions.lireDepart(req);
    const oublier = { 'Set-Cookie': sessions.effacerDepart() };
    const refuser = (cle: string): void =>
      repondreHtml(res, pageConnexion(cle, REESSAYER), { statut: 403, entetes: oublier });
    if (fournisseur === undefined || depart === undefined) return refuser('console.connexion-refusee');
    let identite: Awaited<ReturnType<FournisseurOpenId['revenir']>>;
    try {
      identite = await fournisseur.revenir(new URL(req.url ?? '/', `${options.publicUrl}/`), depart);
    } catch (erreur) {
      // The class of the refusal only: its message can quote what came in the address.
      const raison = erreur instanceof Error ? erreur.name : 'inconnue';
      options.journaliseur.alerte('connexion-refusee', { raison });
      return refuser('console.connexion-refusee');
    }
    if (!identite.ok) return refuser('console.connexion-sans-role');
    // A page of ours, not a redirection: a `Strict` cookie does not travel in a chain that another site began.
    repondreHtml(
      res,
      pageConnexion('console.connecte', {
        vers: depart.demande === undefined ? '/console/' : `/console/?demande=${depart.demande}`,
        mots: 'console.ouvrir',
        suivre: true,
      }),
      { entetes: { 'Set-Cookie': [sessions.effacerDepart(), sessions.ouvrir(identite.valeur)] } },
    );
  });
  if (options.entra !== undefined)
    monterOnglet(http, {
      entra: creerEntra({ ...options.entra, publicUrl: options.publicUrl, horloge }),
      sessions,
      journaliseur: options.journaliseur,
      local: options.local,
    });
  restify.post('/api/console/deconnexion', async (req, res) => {
    const temoin = sessions.fermer(sessions.exigerEcriture(req));
    repondreJson(res, {}, { entetes: { 'Set-Cookie': temoin } });
  });

  /** @throws {ErreurHttp} 403 when no role of this person allows the gesture, whatever the file. */
  const exigerDroit = (session: Session, geste: GesteConsole): Session => {
    if (!peutFaire(session, geste)) throw new ErreurHttp(403, 'Forbidden', 'Your role does not allow this.');
    return session;
  };

  if (options.abonnements !== undefined)
    monterNotifications(http, { abonnements: options.abonnements, sessions, exigerDroit });

  const placeDeFiche = (t: Transmission) => ({ ...placeDe(t), orpheline: estOrpheline(t, transmissions) });

  async function lire(session: Session, geste: GesteConsole, reference: string): Promise<Transmission> {
    const t = await transmissions.lire(reference);
    // The same answer for a file that does not exist and one that belongs to others: no oracle.
    if (t === undefined || !peutFaire(session, geste, placeDeFiche(t)))
      throw new ErreurHttp(404, 'NotFound', 'No such file.');
    return t;
  }

  /** What this counsellor may do now: on a file another one holds, nothing is offered that would then be refused. */
  const actionsDe = (session: Session, t: Transmission): readonly Action[] =>
    actionsPermises(t.etat).filter(
      (a) =>
        !HORS_CONSOLE.has(a) &&
        (t.conseiller === undefined ||
          t.conseiller.id === session.id ||
          (D_OFFICE.has(a) && session.roles.includes('superviseur'))) &&
        peutFaire(session, GESTE_DE[a] ?? 'clore', placeDeFiche(t)),
    );
  /** What went on at a service the file left is that service's, and can reveal health (Cap emploi): the next one does not see it. */
  const depuisLArrivee = (t: Transmission): Transmission['transitions'] =>
    t.transitions.slice(
      Math.max(
        0,
        t.transitions.findLastIndex((x) => x.action === 'ouvrir'),
      ),
    );
  const aujourdhuiChez = (service: string): Jour => jourDe(horloge(), transmissions.service(service)?.fuseau);
  /** The clock of a service, and its name: every hour of its files is given and shown on it. */
  const horlogeDe = (service: string): { readonly fuseau: string; readonly horloge: string } => {
    const fuseau = transmissions.service(service)?.fuseau ?? FUSEAU_PARIS;
    return { fuseau, horloge: heureDe(fuseau, 'standard') };
  };
  const rendre = (session: Session, t: Transmission): object => {
    const { parcours: _p, identifiant: _i, ...montree } = t;
    const montre = horlogeDe(t.service);
    const leur = autreHorloge(t.departement, montre.fuseau, 'standard');
    return {
      ...montree,
      ...montre,
      ...(leur === undefined ? {} : { autreHorloge: leur }),
      ...(t.rendezVous === undefined
        ? {}
        : { rendezVous: { ...t.rendezVous, quand: quandDeRendezVous(t, montre.fuseau, 'standard') } }),
      // The edition agreed to last is the one to work with; the others are kept, not shown.
      ...(t.contenu === undefined ? {} : { contenu: { ...t.contenu, editions: [], sceau: undefined } }),
      integrite: transmissions.integrite(t),
      transitions: depuisLArrivee(t),
      service: transmissions.service(t.service)?.nom ?? nomOperateurDe(t.operateur, t),
      ...(estOrpheline(t, transmissions) ? { orpheline: true } : {}),
      ...(t.reorientation === undefined ? {} : { proposition: nomDestination(t.reorientation.vers, t) }),
      enRetard:
        estPromesseManquee(t, aujourdhuiChez(t.service), transmissions.service(t.service)?.fuseau) &&
        premierContact(t) === undefined,
      ...(t.contenu === undefined ? {} : { demande: t.contenu.document.demande }),
      actions: actionsDe(session, t),
      ouverte: estOuvert(t.etat),
    };
  };
  const referenceDe = (req: Requete): string => (req.params?.['reference'] ?? '').slice(0, 40);

  restify.get('/api/console/moi', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'moi');
    await collegues.noter(session);
    const { nom, roles } = session;
    repondreJson(res, {
      nom,
      roles,
      demonstration: options.local,
      enDirect: options.echanges !== undefined,
      motifs: MOTIFS_DE_CLOTURE,
      // What the filters offer: nothing outside the rights of this person.
      operateurs: OPERATEURS.filter(
        (o) => session.operateurs === 'tous' || session.operateurs.includes(o),
      ).map((code) => ({ code, nom: nomOperateur(code) })),
      regions: (session.regions === 'toutes' ? regions().map((r) => r.code) : session.regions).map(
        (code) => ({
          code,
          nom: nomRegion(code),
        }),
      ),
      teams: options.abonnements !== undefined,
    });
  });
  restify.get('/api/console/transmissions', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'lister');
    const criteres = new URL(req.url ?? '/', 'http://localhost').searchParams;
    const seulement = criteres.get('seulement');
    const perimetre = await perimetreDe(session, transmissions, horloge());
    const operateursVus = restreindre(perimetre.operateurs, criteres.get('operateur'));
    const regionsVoulues = restreindre(perimetre.regions, criteres.get('region'));
    const filtre = {
      etats: ETATS.filter((e) =>
        criteres.get('etat') === 'closes' ? !estOuvert(e) : criteres.get('etat') === 'toutes' || estOuvert(e),
      ),
      texte: (criteres.get('texte') ?? '').slice(0, 100),
      ...(operateursVus === undefined ? {} : { operateurs: operateursVus }),
      ...(regionsVoulues === undefined ? {} : { regions: regionsVoulues }),
      ordre: 'anciens-d-abord',
    } as const;
    const garder = (r: ResumeTransmission): boolean =>
      seulement === 'retard'
        ? estEnRetard(r, aujourdhuiChez(r.service))
        : seulement === 'miennes'
          ? r.conseiller?.id === session.id
          : true;
    const trie = seulement === 'retard' || seulement === 'miennes';
    const liste = await transmissions.lister(trie ? filtre : { ...filtre, limite: PAR_PAGE });
    const lignes = trie ? liste.lignes.filter((l) => garder(l.resume)) : liste.lignes;
    repondreJson(res, {
      total: trie ? lignes.length : liste.total,
      lignes: lignes.slice(0, PAR_PAGE).map(({ resume }) => ({
        ...resume,
        ...(resume.rendezVousLe === undefined
          ? {}
          : {
              rendezVousQuand: quandChez(resume.rendezVousLe, horlogeDe(resume.service).fuseau, {
                registre: 'standard',
              }),
            }),
        enRetard: estEnRetard(resume, aujourdhuiChez(resume.service)),
        ...(estOrpheline(resume, transmissions) ? { orpheline: true } : {}),
      })),
    });
  });
  if (options.canaux !== undefined)
    monterAccueil(http, { canaux: options.canaux, sessions, lectures, horloge, exigerDroit });
  monterVues(http, { transmissions, boite: options.boite, sessions, horloge, exigerDroit });
  restify.get('/api/console/transmissions/:reference', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'lire');
    const t = await lire(session, 'lire', referenceDe(req));
    await lectures.noter(session.id, 'lire', t.reference);
    repondreJson(res, rendre(session, t));
  });

  restify.get('/api/console/transmissions/:reference/destinations', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'transferer');
    const t = await lire(session, 'transferer', referenceDe(req));
    repondreJson(res, {
      ...choixDOrientation(transmissions, t),
      collegues: await collegues.pour(t, t.conseiller?.id ?? session.id),
    });
  });
  restify.get('/api/console/liens/:identifiant', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'lire');
    const { identifiant = '' } = (req as Requete).params ?? {};
    const t = IDENTIFIANT.test(identifiant) ? await transmissions.parIdentifiant(identifiant) : undefined;
    if (t === undefined || !peutFaire(session, 'lire', placeDeFiche(t)))
      throw new ErreurHttp(404, 'NotFound', 'No such file.');
    repondreJson(res, { reference: t.reference });
  });

  const orientation = gestesDOrientation(transmissions, collegues);
  const gestes = {
    transferer: async (s: Session, ref: string, corps: Corps) =>
      orientation.transferer(s, await lire(s, 'transferer', ref), corps),
    reorienter: async (s: Session, ref: string, corps: Corps) =>
      orientation.reorienter(s, await lire(s, 'reorienter', ref), corps),
    confirmer: async (s: Session, ref: string, corps: Corps) => {
      const complements = lireComplements(corps);
      const t = await lire(s, 'confirmer', ref);
      const qui = { nom: nomMontre(s.nom), service: transmissions.service(t.service)?.nom ?? t.service };
      const fait = await transmissions.confirmerDocument(ref, quiEst(s), { ...qui, complements });
      if (fait.ok) await options.apresConfirmation?.(ref, qui);
      return fait;
    },
    prendre: (s: Session, ref: string) => transmissions.prendre(ref, quiEst(s)),
    liberer: (s: Session, ref: string) =>
      transmissions.liberer(ref, quiEst(s), s.roles.includes('superviseur') ? 'd-office' : undefined),
    clore: (s: Session, ref: string, corps: Corps) => {
      const { etat, motif } = corps;
      if (!estEtatClos(etat) || typeof motif !== 'string')
        throw new ErreurHttp(400, 'BadArgument', texte('console.refus-motif-refuse', 'standard'));
      return transmissions.clore(ref, quiEst(s), etat, motif);
    },
    noter: (s: Session, ref: string, corps: Corps) => {
      const { texte: mots = '', genre = 'note' } = corps;
      // An attempt to call says enough by itself; a note without words says nothing.
      if (
        !estGenreDeNote(genre) ||
        typeof mots !== 'string' ||
        mots.length > 1000 ||
        (genre === 'note' && mots.trim() === '')
      )
        throw new ErreurHttp(400, 'BadArgument', texte('console.refus-note', 'standard'));
      return transmissions.noter(ref, quiEst(s), { genre, texte: mots.trim() });
    },
    'rendez-vous': async (s: Session, ref: string, corps: Corps) => {
      const { le, mode } = corps;
      const t = await lire(s, 'rendez-vous', ref);
      const { fuseau } = horlogeDe(t.service);
      // What the form says is an hour at the service: the clock of the computer it was typed on decides nothing.
      const instant = instantDeRendezVous(typeof le === 'string' ? le : '', fuseau, horloge());
      if (!estModeDeRendezVous(mode))
        throw new ErreurHttp(400, 'BadArgument', texte('console.refus-date', 'standard'));
      if (!instant.ok)
        throw new ErreurHttp(400, 'BadArgument', texte(`console.refus-${instant.refus.code}`, 'standard'));
      return transmissions.fixerRendezVous(ref, quiEst(s), { le: instant.valeur, mode });
    },
  };
  for (const geste of GESTES_ECRITS) {
    const faire = gestes[geste];
    restify.post(`/api/console/transmissions/:reference/${geste}`, async (req, res) => {
      const session = exigerDroit(sessions.exigerEcriture(req), geste);
      const corps = await lireCorps(req, { vide: true });
      const reference = referenceDe(req);
      await lire(session, geste, reference);
      const resultat = await faire(session, reference, corps);
      if (!resultat.ok) throw new ErreurHttp(409, 'Conflict', texteRefus(resultat.refus));
      await lectures.noter(session.id, geste, reference);
      repondreJson(res, rendre(session, resultat.valeur));
    });
  }

  const direct = monterDirect(http, { transmissions, sessions, exigerDroit });
  const { echanges } = options;
  const echange =
    echanges === undefined
      ? undefined
      : monterEchangeConsole(http, { echanges, sessions, lectures, exigerDroit, lire, referenceDe });

  const { conversations } = options;
  const lecture =
    conversations === undefined
      ? undefined
      : monterConversationConsole(http, {
          conversations,
          sessions,
          lectures,
          exigerDroit,
          lire,
          referenceDe,
        });

  return {
    relacher() {
      direct.relacher();
      echange?.relacher();
      lecture?.relacher();
    },
    adresse: `${options.publicUrl}${options.local ? sessions.lienLocal() : '/console/'}`,
    balayer: (mois) => lectures.balayer(mois),
    oublier: (reference) => lectures.oublier(reference),
  };
}

const texteRefus = (refus: RefusOrienter): string =>
  refus.code === 'deja-prise'
    ? texte('console.refus-deja-prise', 'standard', { nom: refus.par.nom })
    : texte(`console.refus-${refus.code}`, 'standard');

/** A filter of the page within what the session may see (absent: everything): outside of it, nothing is found. */
function restreindre(
  permis: readonly string[] | undefined,
  voulu: string | null,
): readonly string[] | undefined {
  if (voulu === null || voulu === '') return permis;
  return permis === undefined ? [voulu] : permis.filter((p) => p === voulu);
}

/** The file a notification's link asked for, so that signing in on the way does not lose it. */
function demandeDe(req: IncomingMessage): string | undefined {
  const demande = new URL(req.url ?? '/', 'http://localhost').searchParams.get('demande') ?? '';
  return IDENTIFIANT.test(demande) ? demande : undefined;
}
const versConnexion = (demande: string | undefined): string =>
  demande === undefined ? '/console/connexion' : `/console/connexion?demande=${demande}`;

const quiEst = ({ id, nom }: Session): Conseiller => ({ id, nom });

type Suite = { readonly vers: string; readonly mots: string; readonly suivre?: boolean };

const pageConnexion = (cle: string, suite?: Suite): string => `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${echapperHtml(texte('console.titre', 'standard'))}</title><link rel="stylesheet" href="/demo/pages.css">${suite?.suivre === true ? `<meta http-equiv="refresh" content="0;url=${suite.vers}">` : ''}</head>
<body><main><h1>${echapperHtml(texte('console.titre', 'standard'))}</h1><p>${echapperHtml(texte(cle, 'standard'))}</p>${suite === undefined ? '' : `<p><a href="${suite.vers}">${echapperHtml(texte(suite.mots, 'standard'))}</a></p>`}</main></body></html>`;
