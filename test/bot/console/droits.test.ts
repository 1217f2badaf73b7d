import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole, ouvrirCollegues, ROLES, type Role } from '../../../bot/console/index.ts';
import type { Conversations, Echanges } from '../../../bot/echange/index.ts';
import { creerSessions, type Sessions } from '../../../bot/console/sessions.ts';
import { type Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import { ajouterJours, jourDe, type Operateur } from '../../../knowledge/vocabulaire/index.ts';
import { MUET } from '../channels/banc.ts';
import { demandeEssai, transmissionsEssai } from '../handover/jeu.ts';

const schemaLecture = z.looseObject({ geste: z.string() });
const SECRET = '06 12 34 56 78';

/** Answers whoever gets this far: what is tested here is who does. What it then demands is in `test/bot/echange`. */
const gestesRecus: string[] = [];
const echangesEssai: Echanges = {
  etat: async () => ({
    ok: true,
    valeur: {
      etat: 'ouvert',
      jusqua: 1,
      lignes: [{ id: 'c.1', le: 1, genre: 'parole', de: 'personne', texte: SECRET }],
    },
  }),
  attendre: async () => undefined,
  rejoindre: async (t) => ({ ok: true, valeur: noterGeste(t.reference) }),
  dire: async (t) => ({ ok: true, valeur: noterGeste(t.reference) }),
  quitter: async (t) => ({ ok: true, valeur: noterGeste(t.reference) }),
  ecrire: async (t) => ({ ok: true, valeur: noterGeste(t.reference) }),
  personneEcrit: () => undefined,
  suivreHandoff: async () => undefined,
  retrouver: async () => undefined,
  balayer: async () => 0,
};
const conversationsEssai: Conversations = {
  etat: async () => ({ ok: true, valeur: 'lisible' }),
  lire: async () => ({
    ok: true,
    valeur: { etat: 'lisible', lignes: [{ id: 'c.1', le: 1, de: 'personne', texte: SECRET }] },
  }),
  attendre: async () => undefined,
};
function noterGeste(reference: string): true {
  gestesRecus.push(reference);
  return true;
}
let dossier: string;
let serveur: Serveur;
let base: string;
let transmissions: Transmissions;
let sessions: Sessions;
let decalage = 0;

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-droits-'));
  const horloge = (): number => Date.now() + decalage;
  transmissions = await transmissionsEssai(horloge);
  serveur = creerServeur({ hotes: [], https: false, journaliseur: MUET, horloge });
  const { port } = await serveur.ecouter(0, '127.0.0.1');
  base = `http://127.0.0.1:${port}`;
  const cles = ouvrirCles(dossier).pour('console');
  const collegues = await ouvrirCollegues(depotMemoire(), horloge);
  await collegues.noter({
    id: 'collegue',
    nom: 'Noé',
    roles: ['conseiller'],
    operateurs: ['operateur-regional'],
    regions: ['32'],
    jeton: 'j',
    fin: 0,
  });
  monterConsole(serveur, {
    transmissions,
    echanges: echangesEssai,
    conversations: conversationsEssai,
    collegues,
    canaux: {
      accueillir: async () => ({ conversation: 'c', reference: 'CEP-ACCUEIL', resume: 'c.s' }),
    },
    cles,
    horloge,
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur: MUET,
  });
  sessions = creerSessions({ cles, horloge, securise: false, dossier });
});
afterAll(async () => {
  await serveur.fermer(100);
  rmSync(dossier, { recursive: true, force: true });
});

const temoinDe = (roles: Role[], operateurs: Operateur[], regions: string[]): string =>
  sessions.ouvrir({ id: 'moi', nom: 'Moi', roles, operateurs, regions }).split(';')[0] ?? '';

const appeler = (methode: string, chemin: string, temoin: string, corps?: object): Promise<Response> =>
  fetch(`${base}${chemin}`, {
    method: methode,
    headers: { Cookie: temoin, 'X-Console': '1', 'Content-Type': 'application/json' },
    ...(corps === undefined ? {} : { body: JSON.stringify(corps) }),
  });

/** Every gesture on a file, by hand: status for a counsellor of the right place, whether it needs the file to be theirs, who else may. */
const GESTES = [
  { nom: 'lire', methode: 'GET', suffixe: '', prise: false, roles: ['conseiller', 'superviseur'] },
  { nom: 'prendre', methode: 'POST', suffixe: '/prendre', corps: {}, prise: false, roles: ['conseiller'] },
  {
    nom: 'liberer',
    methode: 'POST',
    suffixe: '/liberer',
    corps: {},
    prise: true,
    roles: ['conseiller', 'superviseur'],
  },
  {
    nom: 'noter',
    methode: 'POST',
    suffixe: '/noter',
    corps: { texte: 'appelée' },
    prise: true,
    roles: ['conseiller'],
  },
  {
    nom: 'rendez-vous',
    methode: 'POST',
    suffixe: '/rendez-vous',
    corps: { le: `${ajouterJours(jourDe(Date.now()), 2)}T09:30`, mode: 'telephone' },
    prise: true,
    roles: ['conseiller'],
  },
  {
    nom: 'clore',
    methode: 'POST',
    suffixe: '/clore',
    corps: { etat: 'aboutie', motif: 'reponse-donnee' },
    prise: true,
    roles: ['conseiller'],
  },
  {
    nom: 'transferer',
    methode: 'POST',
    suffixe: '/transferer',
    corps: { vers: 'collegue' },
    prise: true,
    roles: ['conseiller', 'superviseur'],
  },
  {
    nom: 'reorienter',
    methode: 'POST',
    suffixe: '/reorienter',
    corps: { vers: { type: 'operateur', operateur: 'apec' }, motif: 'autre-operateur-plus-adapte' },
    prise: true,
    roles: ['conseiller'],
  },
  {
    nom: 'confirmer',
    methode: 'POST',
    suffixe: '/confirmer',
    corps: { accord: true, complements: [] },
    prise: true,
    roles: ['conseiller'],
  },
  { nom: 'conversation', methode: 'GET', suffixe: '/conversation', prise: true, roles: ['conseiller'] },
  { nom: 'echange', methode: 'GET', suffixe: '/echange', prise: true, roles: ['conseiller'] },
  { nom: 'suivre', methode: 'GET', suffixe: '/echange?apres=0', prise: true, roles: ['conseiller'] },
  {
    nom: 'rejoindre',
    methode: 'POST',
    suffixe: '/echange/rejoindre',
    corps: {},
    prise: true,
    roles: ['conseiller'],
  },
  {
    nom: 'dire',
    methode: 'POST',
    suffixe: '/echange/dire',
    corps: { texte: 'bonjour', cle: 'cle-de-console-0001' },
    prise: true,
    roles: ['conseiller'],
  },
  {
    nom: 'quitter',
    methode: 'POST',
    suffixe: '/echange/quitter',
    corps: {},
    prise: true,
    roles: ['conseiller'],
  },
] as const;

const SUR_ORPHELINE = ['prendre', 'reorienter', 'clore'];

/** Everything else the console answers; each is tried with every role below, or opens nothing by itself. */
const ADRESSES = [
  // Which roles and places it tells what: direct.test.ts.
  'GET /api/console/direct',
  'POST /api/console/transmissions/:reference/echange/ecrire',
  'GET /api/console/envois',
  'GET /api/console/indicateurs',
  'GET /api/console/indicateurs.csv',
  'GET /api/console/liens/:identifiant',
  'GET /api/console/pilotage',
  'POST /api/console/accueil',
  'POST /api/console/envois/relancer',
  'GET /api/console/moi',
  'GET /api/console/transmissions',
  'GET /api/console/transmissions/:reference',
  'GET /api/console/transmissions/:reference/conversation',
  'GET /api/console/transmissions/:reference/conversation/veille',
  'GET /api/console/transmissions/:reference/destinations',
  'GET /api/console/transmissions/:reference/echange',
  'GET /console',
  'GET /console/',
  'GET /console/connexion',
  'GET /console/retour',
  'POST /api/console/deconnexion',
];

const PLACES = [
  { dit: 'les siens', operateurs: ['operateur-regional'], regions: ['32'], sien: true },
  { dit: 'un autre opérateur', operateurs: ['apec'], regions: ['32'], sien: false },
  { dit: 'une autre région', operateurs: ['operateur-regional'], regions: ['11'], sien: false },
  { dit: 'un autre opérateur et une autre région', operateurs: ['apec'], regions: ['11'], sien: false },
  { dit: 'rien', operateurs: [], regions: [], sien: false },
] satisfies { dit: string; operateurs: Operateur[]; regions: string[]; sien: boolean }[];

describe('la matrice des droits', () => {
  it('connaît toutes les adresses de l’API de la console', () => {
    // What the server really serves, wherever in the sources it was declared.
    const connues = z
      .object({ routes: z.array(z.object({ method: z.string(), path: z.string() })) })
      .parse(serveur.restify.getDebugInfo());
    const routes = connues.routes
      .map((r) => `${r.method.toUpperCase()} ${r.path}`)
      .filter((r) => r.includes('/console'));
    expect(routes.sort()).toEqual(
      [
        ...GESTES.filter((g) => g.methode === 'POST').map(
          (g) => `POST /api/console/transmissions/:reference${g.suffixe}`,
        ),
        ...ADRESSES,
      ].sort(),
    );
  });

  it('chaque geste × rôle × opérateur × région : aucune fuite', async () => {
    let cas = 0;
    for (const role of ROLES)
      for (const place of PLACES)
        for (const geste of GESTES) {
          cas += 1;
          const reference = `CEP-CAS${cas}`;
          await transmissions.transmettre(demandeEssai({ reference }));
          if (geste.prise) await transmissions.prendre(reference, { id: 'moi', nom: 'Moi' });
          const avant = await transmissions.lire(reference);
          const reponse = await appeler(
            geste.methode,
            `/api/console/transmissions/${reference}${geste.suffixe}`,
            temoinDe([role], place.operateurs, place.regions),
            'corps' in geste ? geste.corps : undefined,
          );
          const permisAuRole = geste.roles.some((r) => r === role);
          // A supervisor acts so on what no service receives any more (orphelines.test.ts): not on these, and nothing says why.
          const surOrpheline = role === 'superviseur' && SUR_ORPHELINE.includes(geste.nom);
          const attendu = permisAuRole ? (place.sien ? 200 : 404) : surOrpheline ? 404 : 403;
          const dit = `${geste.nom}, ${role}, ${place.dit}`;
          expect(reponse.status, dit).toBe(attendu);
          const corps = await reponse.text();
          if (attendu !== 200) {
            expect(corps, dit).not.toMatch(/06 12|Camille|caisse|demande/);
            expect(await transmissions.lire(reference), dit).toEqual(avant);
            expect(gestesRecus, dit).not.toContain(reference);
          } else expect(corps, dit).toContain(SECRET);
        }
    expect(cas).toBe(300);
  });

  it('« est en train d’écrire » suit les droits de qui parle, et ne montre rien', async () => {
    for (const role of ROLES)
      for (const place of PLACES) {
        const reference = `CEP-ECRIT-${role}-${place.dit}`.replaceAll(/[^\w-]/g, '').slice(0, 32);
        await transmissions.transmettre(demandeEssai({ reference }));
        await transmissions.prendre(reference, { id: 'moi', nom: 'Moi' });
        const reponse = await appeler(
          'POST',
          `/api/console/transmissions/${reference}/echange/ecrire`,
          temoinDe([role], place.operateurs, place.regions),
          {},
        );
        const attendu = role === 'conseiller' ? (place.sien ? 200 : 404) : 403;
        expect(reponse.status, `${role}, ${place.dit}`).toBe(attendu);
        if (attendu === 200) expect(await reponse.text()).toBe('{}');
        else expect(gestesRecus).not.toContain(reference);
      }
  });

  it('ce qui aide à agir sur une fiche suit les mêmes droits, et ne dit rien de la personne', async () => {
    await transmissions.transmettre(demandeEssai({ reference: 'CEP-AIDE' }));
    const { identifiant = '' } = (await transmissions.lire('CEP-AIDE')) ?? {};
    for (const role of ROLES)
      for (const place of PLACES)
        for (const chemin of [
          'transmissions/CEP-AIDE/destinations',
          'transmissions/CEP-AIDE/conversation/veille',
          `liens/${identifiant}`,
        ]) {
          const temoin = temoinDe([role], place.operateurs, place.regions);
          const reponse = await appeler('GET', `/api/console/${chemin}`, temoin);
          const permis = role === 'conseiller' || (role === 'superviseur' && !chemin.endsWith('veille'));
          expect(reponse.status, `${chemin}, ${role}, ${place.dit}`).toBe(
            permis ? (place.sien ? 200 : 404) : 403,
          );
          expect(await reponse.text()).not.toMatch(/06 12|Camille|de la caisse/);
        }
    const temoin = temoinDe(['conseiller'], ['operateur-regional'], ['32']);
    for (const faux of ['', '0'.repeat(32), identifiant.slice(1), '..%2F..'])
      expect((await appeler('GET', `/api/console/liens/${faux}`, temoin)).status).toBe(404);
  });

  it('chaque vue à son rôle, et jamais une personne', async () => {
    await transmissions.transmettre(demandeEssai({ reference: 'CEP-VUE' }));
    const VUES = [
      ['GET', 'pilotage', ['superviseur'], 200],
      ['GET', 'indicateurs', ['superviseur', 'observateur'], 200],
      ['GET', 'indicateurs.csv', ['superviseur', 'observateur'], 200],
      ['GET', 'envois', ['superviseur', 'mainteneur'], 200],
      // Allowed, and nothing to send again.
      ['POST', 'envois/relancer', ['superviseur', 'mainteneur'], 409],
      ['POST', 'accueil', ['conseiller'], 200],
    ] as const;
    for (const role of ROLES)
      for (const place of PLACES)
        for (const [methode, chemin, roles, permis] of VUES) {
          const temoin = temoinDe([role], place.operateurs, place.regions);
          const corps = methode === 'POST' ? { mode: 'telephone', accord: true } : undefined;
          const reponse = await appeler(methode, `/api/console/${chemin}`, temoin, corps);
          const attendu = roles.some((r) => r === role) ? permis : 403;
          expect(reponse.status, `${chemin}, ${role}, ${place.dit}`).toBe(attendu);
          const lu = await reponse.text();
          expect(lu).not.toMatch(/06 12|Camille|de la caisse/);
          if (!place.sien) expect(lu).not.toContain('CEP-');
        }
  });

  it('lire un échange, y entrer, y parler, en sortir : chaque fois est inscrite, avec qui ; un refus ne l’est pas', async () => {
    await transmissions.transmettre(demandeEssai({ reference: 'CEP-ECHANGE' }));
    await transmissions.prendre('CEP-ECHANGE', { id: 'moi', nom: 'Moi' });
    const chemin = '/api/console/transmissions/CEP-ECHANGE/echange';
    const sien = temoinDe(['conseiller'], ['operateur-regional'], ['32']);
    const ailleurs = temoinDe(['conseiller'], ['apec'], ['32']);
    const inscrits = (): string[] =>
      readdirSync(join(dossier, 'lectures'))
        .flatMap((f) => readFileSync(join(dossier, 'lectures', f), 'utf8').split('\n'))
        .filter((l) => l.includes('CEP-ECHANGE'))
        .map((l) => schemaLecture.parse(JSON.parse(l)).geste);
    expect((await appeler('GET', chemin, ailleurs)).status).toBe(404);
    expect(inscrits()).toEqual([]);
    await appeler('GET', chemin, sien);
    expect(inscrits()).toEqual(['echange']);
    await appeler('POST', `${chemin}/rejoindre`, sien, {});
    await appeler('POST', `${chemin}/dire`, sien, { texte: 'bonjour', cle: 'cle-de-console-0002' });
    await appeler('POST', `${chemin}/quitter`, sien, {});
    expect(inscrits().filter((g) => g !== 'echange')).toEqual(['rejoindre', 'dire', 'quitter']);
    // A message without its key could be said twice: it is not taken.
    for (const corps of [
      { texte: 'bonjour' },
      { texte: 'bonjour', cle: 'court' },
      { cle: 'cle-de-console-0003' },
    ])
      expect((await appeler('POST', `${chemin}/dire`, sien, corps)).status).toBe(400);
  });

  it('la file ne montre que les siens, et à personne d’autre', async () => {
    await transmissions.transmettre(demandeEssai({ reference: 'CEP-FILE' }));
    for (const role of ROLES)
      for (const place of PLACES) {
        const temoin = temoinDe([role], place.operateurs, place.regions);
        const reponse = await appeler('GET', '/api/console/transmissions?etat=toutes&texte=cep-file', temoin);
        const lit = role === 'conseiller' || role === 'superviseur';
        expect(reponse.status).toBe(lit ? 200 : 403);
        const corps = await reponse.text();
        expect(corps.includes('CEP-FILE')).toBe(lit && place.sien);
        if (!place.sien && lit) expect(JSON.parse(corps)).toEqual({ total: 0, lignes: [] });
        expect((await appeler('GET', '/api/console/moi', temoin)).status).toBe(200);
      }
  });

  it('un superviseur libère ce qu’un autre tient ; un conseiller non', async () => {
    await transmissions.transmettre(demandeEssai({ reference: 'CEP-TENUE' }));
    await transmissions.prendre('CEP-TENUE', { id: 'autre', nom: 'Autre' });
    const chemin = '/api/console/transmissions/CEP-TENUE/liberer';
    expect(
      (await appeler('POST', chemin, temoinDe(['conseiller'], ['operateur-regional'], ['32']), {})).status,
    ).toBe(409);
    expect(
      (await appeler('POST', chemin, temoinDe(['superviseur'], ['operateur-regional'], ['32']), {})).status,
    ).toBe(200);
    const rendue = await transmissions.lire('CEP-TENUE');
    expect(rendue?.etat).toBe('ouverte');
    expect(rendue?.transitions.at(-1)).toMatchObject({
      action: 'liberer',
      par: { type: 'conseiller', id: 'moi' },
      dOffice: true,
      de: 'Autre',
    });
  });
});

describe('les sessions', () => {
  const statut = async (temoin: string): Promise<number> =>
    (await appeler('GET', '/api/console/moi', temoin)).status;

  it('refuse ce qui est forgé, changé, ou d’un autre usage', async () => {
    const bon = temoinDe(['conseiller'], ['apec'], ['32']);
    expect(await statut(bon)).toBe(200);
    const [charge = '', ...signature] = bon.slice('console='.length).split('.');
    const lu = JSON.parse(Buffer.from(charge, 'base64url').toString('utf8')) as object;
    const plus = Buffer.from(JSON.stringify({ ...lu, operateurs: 'tous', regions: 'toutes' })).toString(
      'base64url',
    );
    expect(await statut(`console=${plus}.${signature.join('.')}`)).toBe(401);
    expect(await statut(`console=${charge}`)).toBe(401);
    expect(await statut(`console=${charge}.`)).toBe(401);
    expect(await statut('console=')).toBe(401);
    const depart = sessions.ecrireDepart({ etat: 'e', nonce: 'n', verificateur: 'v' }).split(';')[0] ?? '';
    expect(await statut(depart.replace('connexion=', 'console='))).toBe(401);
  });

  it('finit après huit heures', async () => {
    const bon = temoinDe(['conseiller'], ['apec'], ['32']);
    decalage = 8 * 3_600_000 + 1;
    expect(await statut(bon)).toBe(401);
    decalage = 0;
  });

  it('une déconnexion ferme aussi les copies du témoin, même après un redémarrage', async () => {
    const bon = temoinDe(['conseiller'], ['apec'], ['32']);
    const sortie = await appeler('POST', '/api/console/deconnexion', bon, {});
    expect(sortie.status).toBe(200);
    expect(sortie.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await statut(bon)).toBe(401);
    const relues = creerSessions({
      cles: ouvrirCles(dossier).pour('console'),
      horloge: () => Date.now(),
      securise: false,
      dossier,
    });
    expect(() => relues.exiger(Object.assign(Object.create(null), { headers: { cookie: bon } }))).toThrow(
      'Sign in first.',
    );
  });

  it('sur https, le témoin est Secure et tenu à cet hôte', () => {
    const autre = mkdtempSync(join(tmpdir(), 'cep-https-'));
    const pose = creerSessions({
      cles: ouvrirCles(autre).pour('console'),
      horloge: () => Date.now(),
      securise: true,
      dossier: autre,
    }).ouvrir({ id: 'a', nom: 'A', roles: ['conseiller'], operateurs: 'tous', regions: 'toutes' });
    rmSync(autre, { recursive: true, force: true });
    expect(pose).toMatch(/^__Host-console=/);
    for (const attribut of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'])
      expect(pose).toContain(attribut);
  });
});
