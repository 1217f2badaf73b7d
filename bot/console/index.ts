import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { texte } from '../../knowledge/textes/index.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';
import {
  actionsPermises,
  type Action,
  estEtatClos,
  estOuvert,
  ETATS,
  estGenreDeNote,
  estModeDeRendezVous,
  MOTIFS,
  type Conseiller,
  type RefusAction,
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
  type Serveur,
  type TrousseauDeCles,
} from '../http/index.ts';
import type { Horloge } from '../ports.ts';
import { ouvrirJournalLectures } from './journal-lectures.ts';
import { creerSessions, peutVoir, type Session } from './sessions.ts';

export { peutVoir } from './sessions.ts';

export type OptionsConsole = {
  readonly transmissions: Transmissions;
  readonly cles: TrousseauDeCles;
  readonly horloge: Horloge;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly local: boolean;
};
export type ConsoleWeb = {
  /** What `npm start` prints: the one-time sign-in link in local mode, the page itself otherwise. */
  readonly adresse: string;
  balayer(mois: number): Promise<void>;
  /** Takes a reference out of the journal of reads. */
  oublier(reference: string): Promise<void>;
};

const PAR_PAGE = 200;
const ANNEE_MS = 365 * 86_400_000;
type Requete = IncomingMessage & { readonly params?: Readonly<Record<string, string>> };

/** The counsellor console: its pages and its API, under the rights of the session. Every read of a file is recorded first. */
export function monterConsole(http: Serveur, options: OptionsConsole): ConsoleWeb {
  const { transmissions, horloge } = options;
  const sessions = creerSessions({
    cles: options.cles,
    horloge,
    securise: options.publicUrl.startsWith('https:'),
    origine: options.publicUrl,
  });
  const lectures = ouvrirJournalLectures(options.dataDir, horloge);
  const { restify } = http;

  const page = readFileSync(join(RACINE_PROJET, 'dist', 'web', 'console', 'index.html'), 'utf8');
  const servir = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      sessions.exiger(req);
    } catch {
      return repondreHtml(
        res,
        pageConnexion(options.local ? 'console.connexion-locale' : 'console.connexion-absente'),
        { statut: 401 },
      );
    }
    repondreHtml(res, page);
  };
  restify.get('/console', servir);
  restify.get('/console/', servir);
  restify.get('/console/connexion', async (req, res) => {
    const code = new URL(req.url ?? '/', 'http://localhost').searchParams.get('code') ?? '';
    const temoin = options.local ? sessions.echanger(code) : undefined;
    if (temoin === undefined) return repondreHtml(res, pageConnexion('console.lien-use'), { statut: 403 });
    return repondreRedirection(res, '/console/', { 'Set-Cookie': temoin });
  });

  async function lire(session: Session, reference: string): Promise<Transmission> {
    const t = await transmissions.lire(reference);
    // The same answer for a file that does not exist and one that belongs to others: no oracle.
    if (t === undefined || !peutVoir(session, t)) throw new ErreurHttp(404, 'NotFound', 'No such file.');
    return t;
  }

  /** What this counsellor may do now: on a file another one holds, nothing is offered that would then be refused. */
  const actionsDe = (session: Session, t: Transmission): readonly Action[] =>
    t.conseiller !== undefined && t.conseiller.id !== session.id ? [] : actionsPermises(t.etat);
  const rendre = (session: Session, t: Transmission): object => ({
    ...t,
    service: transmissions.service(t.service)?.nom ?? t.service,
    ...(t.contenu === undefined ? {} : { demande: t.contenu.document.demande }),
    actions: actionsDe(session, t),
    ouverte: estOuvert(t.etat),
  });
  const referenceDe = (req: Requete): string => (req.params?.['reference'] ?? '').slice(0, 40);

  restify.get('/api/console/moi', async (req, res) => {
    const { nom } = sessions.exiger(req);
    repondreJson(res, { nom, demonstration: options.local, motifs: MOTIFS });
  });
  restify.get('/api/console/transmissions', async (req, res) => {
    const session = sessions.exiger(req);
    const criteres = new URL(req.url ?? '/', 'http://localhost').searchParams;
    const etats = ETATS.filter((e) =>
      criteres.get('etat') === 'closes' ? !estOuvert(e) : criteres.get('etat') === 'toutes' || estOuvert(e),
    );
    const liste = await transmissions.lister({
      etats,
      texte: (criteres.get('texte') ?? '').slice(0, 100),
      ...(session.operateurs === 'tous' ? {} : { operateurs: session.operateurs }),
      ...(session.regions === 'toutes' ? {} : { regions: session.regions }),
      ordre: 'anciens-d-abord',
      limite: PAR_PAGE,
    });
    repondreJson(res, { total: liste.total, lignes: liste.lignes.map((l) => l.resume) });
  });
  restify.get('/api/console/transmissions/:reference', async (req, res) => {
    const session = sessions.exiger(req);
    const t = await lire(session, referenceDe(req));
    await lectures.noter(session.id, 'lire', t.reference);
    repondreJson(res, rendre(session, t));
  });

  const gestes = {
    prendre: (s: Conseiller, ref: string) => transmissions.prendre(ref, s),
    liberer: (s: Conseiller, ref: string) => transmissions.liberer(ref, s),
    clore: (s: Conseiller, ref: string, corps: Readonly<Record<string, unknown>>) => {
      const { etat, motif } = corps;
      if (!estEtatClos(etat) || typeof motif !== 'string')
        throw new ErreurHttp(400, 'BadArgument', 'A closing state and a reason are expected.');
      return transmissions.clore(ref, s, etat, motif);
    },
    noter: (s: Conseiller, ref: string, corps: Readonly<Record<string, unknown>>) => {
      const { texte: mots = '', genre = 'note' } = corps;
      // An attempt to call says enough by itself; a note without words says nothing.
      if (
        !estGenreDeNote(genre) ||
        typeof mots !== 'string' ||
        mots.length > 1000 ||
        (genre === 'note' && mots.trim() === '')
      )
        throw new ErreurHttp(400, 'BadArgument', 'A kind of note, and 1 to 1000 characters, are expected.');
      return transmissions.noter(ref, s, { genre, texte: mots.trim() });
    },
    'rendez-vous': (s: Conseiller, ref: string, corps: Readonly<Record<string, unknown>>) => {
      const { le, mode } = corps;
      const maintenant = horloge();
      if (
        !estModeDeRendezVous(mode) ||
        typeof le !== 'number' ||
        !Number.isInteger(le) ||
        le < maintenant ||
        le > maintenant + ANNEE_MS
      )
        throw new ErreurHttp(400, 'BadArgument', texte('console.refus-date', 'standard'));
      return transmissions.fixerRendezVous(ref, s, { le, mode });
    },
  };
  for (const [geste, faire] of Object.entries(gestes)) {
    restify.post(`/api/console/transmissions/:reference/${geste}`, async (req, res) => {
      const session = sessions.exigerEcriture(req);
      const corps = await lireCorps(req, { vide: true });
      const reference = referenceDe(req);
      await lire(session, reference);
      const resultat = await faire({ id: session.id, nom: session.nom }, reference, corps);
      if (!resultat.ok) throw new ErreurHttp(409, 'Conflict', texteRefus(resultat.refus));
      await lectures.noter(session.id, geste, reference);
      repondreJson(res, rendre(session, resultat.valeur));
    });
  }

  return {
    adresse: `${options.publicUrl}${options.local ? sessions.lienLocal() : '/console/'}`,
    balayer: (mois) => lectures.balayer(mois),
    oublier: (reference) => lectures.oublier(reference),
  };
}

const texteRefus = (refus: RefusAction): string =>
  refus.code === 'deja-prise'
    ? texte('console.refus-deja-prise', 'standard', { nom: refus.par.nom })
    : texte(`console.refus-${refus.code}`, 'standard');

const pageConnexion = (cle: string): string => `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${echapperHtml(texte('console.titre', 'standard'))}</title><link rel="stylesheet" href="/demo/pages.css"></head>
<body><main><h1>${echapperHtml(texte('console.titre', 'standard'))}</h1><p>${echapperHtml(texte(cle, 'standard'))}</p></main></body></html>`;
