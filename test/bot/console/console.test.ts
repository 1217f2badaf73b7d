import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estDansLePerimetre, monterConsole, type Session } from '../../../bot/console/index.ts';
import { creerTransmissions, type Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import type { DocumentNiveau1 } from '../../../knowledge/dossier/index.ts';
import { ajouterJours, jourDe } from '../../../knowledge/vocabulaire/index.ts';
import { MUET } from '../channels/banc.ts';

const DOCUMENT: DocumentNiveau1 = {
  version: 2,
  edition: { numero: 1 },
  reference: 'CEP-TEST-0001',
  etabliLe: '2026-11-21',
  expireLe: '2026-12-21',
  preparePar: 'la personne',
  demande: 'changer-de-metier',
  decision: 'poursuivre',
  operateur: 'operateur-regional',
  territoire: { commune: '59350', departement: '59', region: '32' },
  avertissements: [],
  sections: [
    {
      id: 'demande',
      titre: 'La demande',
      lignes: [{ id: 'demande', libelle: 'Demande', texte: 'Changer de métier', retirable: false }],
    },
  ],
  reperes: [],
  sources: [],
};

let dossier: string;
let serveur: Serveur;
let base: string;
let transmissions: Transmissions;
let temoin: string;
let lien: string;

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-console-'));
  const horloge = (): number => Date.now();
  transmissions = await creerTransmissions({
    depot: depotMemoire(),
    services: [
      {
        id: 'essai',
        nom: 'Service d’essai',
        operateur: 'operateur-regional',
        regions: 'toutes',
        demonstration: true,
      },
    ],
    horloge,
    journaliseur: MUET,
  });
  await transmissions.transmettre({
    reference: DOCUMENT.reference,
    document: DOCUMENT,
    operateur: 'operateur-regional',
    region: '32',
    departement: '59',
    contact: { moyen: 'telephone', valeur: '06 12 34 56 78', nom: '<b>Zoé</b>' },
    consentement: { le: 1, texte: 'Je suis d’accord', destinataire: 'Service d’essai' },
  });
  serveur = creerServeur({ hotes: [], https: false, journaliseur: MUET, horloge });
  const { port } = await serveur.ecouter(0, '127.0.0.1');
  base = `http://127.0.0.1:${port}`;
  lien = monterConsole(serveur, {
    transmissions,
    cles: ouvrirCles(dossier).pour('console'),
    horloge,
    dataDir: dossier,
    publicUrl: base,
    local: true,
    journaliseur: MUET,
  }).adresse;
});
afterAll(async () => {
  await serveur.fermer(100);
  rmSync(dossier, { recursive: true, force: true });
});

const lire = (chemin: string, entetes: Record<string, string> = {}) =>
  fetch(`${base}${chemin}`, { headers: { Cookie: temoin, ...entetes }, redirect: 'manual' });
const faire = (geste: string, corps: object = {}, entetes: Record<string, string> = { 'X-Console': '1' }) =>
  fetch(`${base}/api/console/transmissions/CEP-TEST-0001/${geste}`, {
    method: 'POST',
    headers: { Cookie: temoin, 'Content-Type': 'application/json', ...entetes },
    body: JSON.stringify(corps),
  });

describe('console', () => {
  it('n’ouvre rien sans connexion', async () => {
    for (const chemin of [
      '/api/console/moi',
      '/api/console/transmissions',
      '/api/console/transmissions/CEP-TEST-0001',
    ])
      expect((await fetch(`${base}${chemin}`)).status).toBe(401);
    expect((await fetch(`${base}/console/`)).status).toBe(401);
    expect(
      (await fetch(`${base}/api/console/moi`, { headers: { Cookie: 'console=e30.abc.def' } })).status,
    ).toBe(401);
  });

  it('connecte une fois par le lien, pas deux, et pas avec un autre code', async () => {
    expect((await fetch(`${base}/console/connexion?code=faux`, { redirect: 'manual' })).status).toBe(403);
    const premier = await fetch(lien, { redirect: 'manual' });
    expect(premier.status).toBe(303);
    const pose = premier.headers.get('set-cookie') ?? '';
    expect(pose).toContain('HttpOnly');
    expect(pose).toContain('SameSite=Strict');
    temoin = pose.split(';')[0] ?? '';
    expect((await fetch(lien, { redirect: 'manual' })).status).toBe(403);
  });

  it('montre la file sans nom ni contact, et la fiche en entier, lecture inscrite', async () => {
    const file = await (await lire('/api/console/transmissions')).text();
    expect(file).toContain('changer-de-metier');
    expect(file).not.toMatch(/06 12|Zoé/);
    const fiche = (await (await lire('/api/console/transmissions/CEP-TEST-0001')).json()) as {
      contenu: { contact: { valeur: string } };
      service: string;
    };
    expect([fiche.contenu.contact.valeur, fiche.service]).toEqual(['06 12 34 56 78', 'Service d’essai']);
    const lectures = join(dossier, 'lectures');
    const journal = readdirSync(lectures)
      .map((f) => readFileSync(join(lectures, f), 'utf8'))
      .join('');
    expect(journal).toContain('"geste":"lire","reference":"CEP-TEST-0001"');
    expect(journal).not.toContain('06 12');
  });

  it('ne change rien pour une autre page que la nôtre', async () => {
    expect((await faire('prendre', {}, {})).status).toBe(403);
    expect((await faire('prendre', {}, { 'X-Console': '1', Origin: 'https://mechant.exemple' })).status).toBe(
      403,
    );
    expect((await transmissions.lire('CEP-TEST-0001'))?.etat).toBe('ouverte');
  });

  it('prend, note, rend, clôt avec un motif de la liste', async () => {
    expect((await faire('prendre')).status).toBe(200);
    expect((await faire('noter', { texte: 'appelée ce matin' })).status).toBe(200);
    expect((await faire('noter', { texte: '' })).status).toBe(400);
    expect((await faire('noter', { genre: 'inventé', texte: 'x' })).status).toBe(400);
    expect((await faire('noter', { genre: 'appel-sans-reponse' })).status).toBe(200);
    const demain = `${ajouterJours(jourDe(Date.now()), 1)}T09:30`;
    for (const le of ['2020-01-15T09:30', '', Date.now() + 3_600_000, undefined])
      expect((await faire('rendez-vous', { le, mode: 'telephone' })).status).toBe(400);
    expect((await faire('rendez-vous', { le: demain, mode: 'pigeon' })).status).toBe(400);
    expect((await faire('rendez-vous', { le: demain, mode: 'telephone' })).status).toBe(200);
    const [ligne] = (await transmissions.lister({ etats: ['rendez-vous'] })).lignes;
    expect(ligne?.resume.tentatives).toBe(1);
    expect(ligne?.resume.rendezVousLe).toBeGreaterThan(Date.now());
    expect((await faire('liberer')).status).toBe(200);
    expect((await faire('clore', { etat: 'aboutie', motif: 'reponse-donnee' })).status).toBe(409);
    await faire('prendre');
    expect((await faire('clore', { etat: 'aboutie', motif: 'inventé' })).status).toBe(409);
    expect((await faire('clore', { etat: 'nimporte', motif: 'x' })).status).toBe(400);
    expect((await faire('clore', { etat: 'aboutie', motif: 'reponse-donnee' })).status).toBe(200);
    expect((await transmissions.lire('CEP-TEST-0001'))?.etat).toBe('aboutie');
    expect(await (await lire('/api/console/transmissions?etat=closes')).text()).toContain('CEP-TEST-0001');
  });

  it('n’offre aucun geste sur la fiche qu’un autre tient', async () => {
    await transmissions.transmettre({
      reference: 'CEP-TEST-0002',
      document: { ...DOCUMENT, reference: 'CEP-TEST-0002' },
      operateur: 'operateur-regional',
      contact: { moyen: 'telephone', valeur: '06 12 34 56 78' },
      consentement: { le: 1, texte: 'oui', destinataire: 'Service d’essai' },
    });
    const actions = async (): Promise<unknown> =>
      ((await (await lire('/api/console/transmissions/CEP-TEST-0002')).json()) as { actions: unknown })
        .actions;
    expect(await actions()).toContain('prendre');
    await transmissions.prendre('CEP-TEST-0002', { id: 'autre', nom: 'Max' });
    expect(await actions()).toEqual([]);
  });

  it('répond la même chose d’une fiche absente', async () => {
    expect((await lire('/api/console/transmissions/CEP-XXXX-XXXX')).status).toBe(404);
    expect((await lire('/api/console/transmissions/..%2F..%2Fcles.json')).status).toBe(404);
  });
});

describe('les droits, en un seul endroit', () => {
  const session = { id: 'a', nom: 'A', roles: ['conseiller' as const], jeton: 'j', fin: 1 };
  it.each<[Session['operateurs'], Session['regions'], boolean]>([
    ['tous' as const, 'toutes' as const, true],
    [['operateur-regional'], ['32'], true],
    [['apec'], ['32'], false],
    [['operateur-regional'], ['11'], false],
    [[], 'toutes' as const, false],
  ])('opérateurs %j, régions %j : %s', (operateurs, regions, attendu) => {
    expect(
      estDansLePerimetre(
        { ...session, operateurs, regions },
        { operateur: 'operateur-regional', region: '32' },
      ),
    ).toBe(attendu);
    if (regions !== 'toutes')
      expect(
        estDansLePerimetre({ ...session, operateurs, regions }, { operateur: 'operateur-regional' }),
      ).toBe(false);
  });
});
