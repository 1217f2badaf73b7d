import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lireCommande, ouvrirAbonnements, type Abonnements } from '../../../bot/channels/abonnements.ts';
import { monterConsole, type Session } from '../../../bot/console/index.ts';
import { creerSessions } from '../../../bot/console/sessions.ts';
import { issueDe, lienTeams, ouvrirBoite, redigerCarte, type Boite } from '../../../bot/envois/index.ts';
import { creerTransmissions, type Transmissions } from '../../../bot/handover/index.ts';
import { ouvrirCles } from '../../../bot/http/index.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import type { Depot } from '../../../bot/storage/depot.ts';
import { demandeEssai, documentEssai, journaliseurMuet, servicesEssai } from '../handover/jeu.ts';
import { enregistree } from './activites-teams.ts';
import { jusqua, ouvrirBanc, type Banc } from './banc.ts';
import { optionsBoite } from '../envois/jeu.ts';
import { Connecteur, fautesDe, type ReponseConnecteur } from './connecteur.ts';

const R = 'CEP-7K3M9-QXA4T';
const HEURE = 3_600_000;
const JOUR = 24 * HEURE;
const ONGLET = { appId: '11111111-2222-4333-8444-555555555555', nom: 'console' };
const PERSONNEL = /06 12|Camille|Ördög|caisse|soigner|après 18|CEP-7K3M9|QXA4T|Lille|59350/;
/** What the two kinds of place look like in Teams. */
const PERSONNELLE = {};
const CANAL = {
  conversation: { conversationType: 'channel', id: '19:canal@thread.tacv2;messageid=17637', isGroup: true },
  channelData: { team: { id: '19:equipe@thread.tacv2' }, channel: { id: '19:canal@thread.tacv2' } },
};

let connecteur: Connecteur;
let banc: Banc;
let dossier: string;
let depot: Depot;
let abonnements: Abonnements;
let boite: Boite;
let transmissions: Transmissions;
let decalage = 0;
const horloge = (): number => Date.now() + decalage;

beforeAll(async () => {
  connecteur = await Connecteur.ouvrir();
});
afterAll(() => connecteur.fermer());
async function ouvrir(): Promise<void> {
  abonnements = await ouvrirAbonnements({ depot, horloge, journaliseur: journaliseurMuet });
  banc = await ouvrirBanc({
    abonnements,
    teams: { reprise: { baseMs: 5, essais: 2, patienceMs: 1_500, apres502: 'renvoyer' } },
  });
  boite = await ouvrirBoite({
    ...optionsBoite({ depot, horloge, services: servicesEssai, transmissions: () => transmissions }),
    webhook: async () => ({ ok: true }),
    conversation: async () => true,
    alea: () => 0.5,
    teams: {
      abonnes: (t) => abonnements.pour(t),
      envoyer: async (avis, abonne) =>
        issueDe(await banc.canaux.notifier(abonne, redigerCarte(avis, horloge(), ONGLET))),
    },
  });
  transmissions = await creerTransmissions({
    depot,
    services: servicesEssai,
    horloge,
    journaliseur: journaliseurMuet,
    preparer: boite.preparer,
  });
}
beforeEach(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-notifications-'));
  decalage = 0;
  depot = depotMemoire();
  connecteur.vider();
  await ouvrir();
});
afterEach(async () => {
  const fautes = connecteur.recues.flatMap((r) => fautesDe(r));
  await banc.fermer();
  rmSync(dossier, { recursive: true, force: true });
  if (fautes.length > 0) throw new Error(fautes.join(', '));
});

let numero = 0;
const dire = async (text: string, plus: object = PERSONNELLE): Promise<string | undefined> => {
  connecteur.vider();
  const reponse = await fetch(`${banc.base}/api/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(
      enregistree('message', connecteur.service, { id: `n${(numero += 1)}`, text, attachments: [], ...plus }),
    ),
  });
  expect(reponse.status).toBe(200);
  return connecteur.textes.at(-1);
};
const signaler = async (nom: string, plus: object = {}): Promise<void> => {
  await fetch(`${banc.base}/api/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(enregistree(nom, connecteur.service, plus)),
  });
};
const LEA = { id: 'lea', operateurs: 'tous', regions: 'toutes' } as const;
const code = (qui: Parameters<Abonnements['proposer']>[0] = LEA): string => abonnements.proposer(qui).code;
const arriver = async (suite: readonly ReponseConnecteur[] = []): Promise<void> => {
  connecteur.vider();
  connecteur.suite = [...suite];
  await transmissions.transmettre(demandeEssai());
  await boite.passer();
};

describe('demander à être averti', () => {
  it('en privé, avec le code de la console : une demande reçue s’annonce, sans rien dire de la personne', async () => {
    expect(await dire(`notifications ${code()}`)).toContain('s’annoncent ici jusqu’au');
    decalage = 3 * HEURE;
    await arriver();
    expect(connecteur.recues).toHaveLength(1);
    const [recu] = connecteur.recues;
    const dit = JSON.stringify(recu);
    const { identifiant = '' } = (await transmissions.lire(R)) ?? {};
    for (const mot of ['Changer de métier', 'Nord', 'il y a moins d’une heure', 'Ouvrir la demande'])
      expect(dit).toContain(mot);
    expect(dit).not.toMatch(PERSONNEL);
    // A new message, not a reply to one that does not exist.
    expect(recu?.chemin).toBe('/fr/v3/conversations/a%3A1essai-conversation-personnelle/activities');
    expect(recu?.replyToId).toBeUndefined();
    const lien = /"url":"(https:\/\/teams[^"]+)"/.exec(dit)?.[1] ?? '';
    const url = new URL(lien);
    expect(url.pathname).toBe(`/l/entity/${ONGLET.appId}/console`);
    expect(JSON.parse(url.searchParams.get('context') ?? '')).toEqual({ subEntityId: identifiant });
    expect(url.searchParams.get('webUrl')).toBe(`https://cep.exemple.fr/console/?demande=${identifiant}`);
  });

  it('dans un canal, en mentionnant le bot : un nouveau fil du canal', async () => {
    const mots = `<at>Conseil évolution pro</at> Notifications ${code().toLowerCase()}`;
    expect(await dire(mots, CANAL)).toContain('dans ce canal');
    await arriver();
    expect(connecteur.recues.map((r) => r.chemin)).toEqual([
      '/fr/v3/conversations/19%3Acanal%40thread.tacv2/activities',
    ]);
  });

  it('un code sert une fois, dix minutes, et un mauvais code n’abonne personne', async () => {
    const bon = code();
    expect(await dire(`notifications ${bon}`, CANAL)).toContain('dans ce canal');
    expect(await dire(`notifications ${bon}`)).toContain('a déjà servi');
    expect(await dire('notifications 7K3M9-QXA4T')).toContain('a déjà servi');
    const vieux = code();
    decalage = 11 * 60_000;
    expect(await dire(`notifications ${vieux}`)).toContain('dix minutes');
    const remplace = code();
    code();
    expect(await dire(`notifications ${remplace}`)).toContain('a déjà servi');
    await arriver();
    expect(connecteur.recues).toHaveLength(1);
  });

  it('s’arrête là où on le dit, ou partout depuis la console', async () => {
    await dire(`notifications ${code()}`);
    await dire(`notifications ${code()}`, CANAL);
    expect(await abonnements.nombre('lea')).toBe(2);
    expect(await dire('arrêter les notifications')).toContain('plus rien');
    expect(await dire('arreter les notifications')).toContain('Rien ne s’annonçait');
    expect(await abonnements.desabonnerTout('lea')).toBe(1);
    await arriver();
    expect(connecteur.recues).toEqual([]);
  });

  it('seulement les demandes de son périmètre', async () => {
    await dire(`notifications ${code({ id: 'a', operateurs: ['apec'], regions: 'toutes' })}`);
    await dire(`notifications ${code({ id: 'b', operateurs: 'tous', regions: ['11'] })}`, CANAL);
    await arriver();
    expect(connecteur.recues).toEqual([]);
  });

  it('finit après quatre-vingt-dix jours', async () => {
    await dire(`notifications ${code()}`);
    decalage = 91 * JOUR;
    await arriver();
    expect(connecteur.recues).toEqual([]);
    await abonnements.balayer();
    decalage = 0;
    expect(await abonnements.nombre('lea')).toBe(0);
  });

  it.each([
    ['notifications', { type: 'expliquer' }],
    ['  Notification ', { type: 'expliquer' }],
    ['stop notifications', { type: 'desabonner' }],
    ['<at>Bot</at>\u00A0arrêter les notifications', { type: 'desabonner' }],
    ['notifications 7k3m9 qxa4t', { type: 'abonner', code: '7k3m9 qxa4t' }],
    ['je voudrais des notifications de formation', undefined],
    ['notifications de Pôle emploi : que faire ?', undefined],
    ['arrêter de travailler', undefined],
    ['', undefined],
  ])('« %s »', (mots, attendue) => {
    expect(lireCommande(mots)).toEqual(attendue);
  });

  it('chez un employeur, ou sans conseillers, ces mots ne sont pas des commandes', async () => {
    const bon = code();
    const sans = await ouvrirBanc({ abonnements, locataire: 'employeur' });
    connecteur.vider();
    await fetch(`${sans.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(enregistree('message', connecteur.service, { text: `notifications ${bon}` })),
    });
    await sans.fermer();
    expect(connecteur.textes.join()).toContain('Je ne lis pas');
    expect(await abonnements.nombre('lea')).toBe(0);
  });
});

describe('ce que Teams répond', () => {
  beforeEach(async () => {
    await dire(`notifications ${code()}`);
  });
  const restantes = async (): Promise<number> => (await boite.lister('a-envoyer')).length;

  it('403 ou 404 : marqué, pas retenté, jusqu’à ce qu’on y écrive', async () => {
    await arriver([{ statut: 403 }]);
    expect(connecteur.recues).toHaveLength(1);
    expect(await restantes()).toBe(0);
    decalage = JOUR;
    expect(await boite.passer()).toMatchObject({ confirmes: 0, reportes: 0 });
    await transmissions.transmettre(
      demandeEssai({ reference: 'CEP-11111-1111R', document: documentEssai('CEP-11111-1111R') }),
    );
    await boite.passer();
    expect(connecteur.recues).toHaveLength(1);
    await dire('bonjour');
    connecteur.vider();
    await transmissions.transmettre(
      demandeEssai({ reference: 'CEP-22222-2222X', document: documentEssai('CEP-22222-2222X') }),
    );
    await boite.passer();
    expect(connecteur.recues).toHaveLength(1);
  });

  it('429 : jamais avant ce que Teams demande, puis une seule fois', async () => {
    await arriver([{ statut: 429, entetes: { 'Retry-After': '600' } }]);
    expect(connecteur.recues).toHaveLength(1);
    decalage = 9 * 60_000;
    await boite.passer();
    expect(connecteur.recues).toHaveLength(1);
    decalage = 11 * 60_000;
    expect(await boite.passer()).toMatchObject({ confirmes: 1 });
    expect(connecteur.recues).toHaveLength(2);
    decalage = JOUR;
    await boite.passer();
    expect(connecteur.recues).toHaveLength(2);
  });

  it.each<[string, ReponseConnecteur]>([
    ['502', { statut: 502 }],
    ['504', { statut: 504 }],
    ['coupure', { coupe: true }],
  ])('%s : peut-être montrée, jamais une deuxième fois', async (_nom, reponse) => {
    await arriver([reponse]);
    decalage = JOUR;
    await boite.passer();
    expect(connecteur.recues).toHaveLength(1);
    expect(await restantes()).toBe(0);
  });

  it('400 : abandonnée aussitôt, à lire parmi les lettres mortes', async () => {
    await arriver([{ statut: 400 }]);
    expect(connecteur.recues).toHaveLength(1);
    expect((await boite.lister('abandonne')).map((l) => [l.canal, l.raison])).toEqual([
      ['teams', 'teams-refuse'],
    ]);
  });

  it('un arrêt au milieu d’un envoi : rien n’est montré deux fois', async () => {
    const racine = join(dossier, 'fiches');
    const partis: string[] = [];
    const ouvrirLa = async (
      envoyer: () => Promise<{ readonly ok: true }>,
    ): Promise<[Boite, Transmissions]> => {
      const ici = depotLowdb({ racine, journaliseur: journaliseurMuet });
      const b = await ouvrirBoite({
        depot: ici,
        horloge,
        journaliseur: journaliseurMuet,
        publicUrl: 'https://cep.exemple.fr',
        service: (id) => servicesEssai.find((s) => s.id === id),
        transmission: (reference) => t.lire(reference),
        webhook: async () => ({ ok: true }),
        conversation: async () => true,
        teams: {
          abonnes: async () => ['un', 'deux'],
          envoyer: async (_avis, abonne) => (partis.push(abonne), envoyer()),
        },
      });
      const t = await creerTransmissions({
        depot: ici,
        services: servicesEssai,
        horloge,
        journaliseur: journaliseurMuet,
        preparer: b.preparer,
      });
      return [b, t];
    };
    // Posted, and the process stops before it knows what Teams answered.
    const [coupee, avant] = await ouvrirLa(() => new Promise(() => undefined));
    await avant.transmettre(demandeEssai());
    void coupee.passer();
    await jusqua(() => partis.length === 2);
    const [reprise] = await ouvrirLa(async () => ({ ok: true }));
    decalage = JOUR;
    expect(await reprise.passer()).toEqual({ confirmes: 0, reportes: 0, abandonnes: 0 });
    // Two recipients, told together: in any order, once each.
    expect(partis.toSorted()).toEqual(['deux', 'un']);
  });

  it('prise en charge avant l’annonce : rien à annoncer', async () => {
    connecteur.vider();
    await transmissions.transmettre(demandeEssai());
    await transmissions.prendre(R, { id: 'c', nom: 'C' });
    await boite.passer();
    expect(connecteur.recues).toEqual([]);
  });

  it('désinstaller d’une équipe ferme ses canaux ; réinstaller les rouvre', async () => {
    await abonnements.desabonnerTout('lea');
    await dire(`notifications ${code()}`, CANAL);
    const equipe = {
      conversation: { conversationType: 'channel', id: '19:equipe@thread.tacv2' },
      channelData: CANAL.channelData,
    };
    await signaler('desinstallation', equipe);
    await arriver();
    expect(connecteur.recues).toEqual([]);
    await dire('<at>Bot</at> bonjour', CANAL);
    connecteur.vider();
    await transmissions.transmettre(
      demandeEssai({ reference: 'CEP-22222-2222X', document: documentEssai('CEP-22222-2222X') }),
    );
    await boite.passer();
    expect(connecteur.recues).toHaveLength(1);
  });

  it('l’adresse suit la plus récente', async () => {
    const ailleurs = await Connecteur.ouvrir();
    await fetch(`${banc.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(enregistree('reaction', ailleurs.service)),
    });
    await arriver();
    expect(connecteur.recues).toEqual([]);
    expect(ailleurs.recues).toHaveLength(1);
    ailleurs.fermer();
  });

  it('sans onglet, le lien mène à la console', () => {
    expect(
      lienTeams({ identifiant: 'abc', lien: 'https://cep.exemple.fr/console/?demande=abc' }, undefined),
    ).toBe('https://cep.exemple.fr/console/?demande=abc');
  });
});

describe('le code, depuis la console', () => {
  it.each<[Session['roles'][number], number]>([
    ['conseiller', 200],
    ['superviseur', 200],
    ['mainteneur', 403],
    ['observateur', 403],
  ])('%s : %i', async (role, statut) => {
    const cles = ouvrirCles(dossier).pour('console');
    await monterConsole(banc.serveur, {
      transmissions,
      cles,
      horloge,
      dataDir: dossier,
      publicUrl: banc.base,
      local: false,
      journaliseur: journaliseurMuet,
      abonnements,
    });
    const temoin =
      creerSessions({ cles, horloge, securise: false, dossier })
        .ouvrir({ id: 'lea', nom: 'Léa', roles: [role], operateurs: ['operateur-regional'], regions: ['32'] })
        .split(';')[0] ?? '';
    const appeler = (
      methode: string,
      chemin = '',
      entetes: object = { 'X-Console': '1' },
    ): Promise<Response> =>
      fetch(`${banc.base}/api/console/teams/notifications${chemin}`, {
        method: methode,
        headers: { Cookie: temoin, ...entetes },
      });
    expect((await fetch(`${banc.base}/api/console/teams/notifications`)).status).toBe(401);
    expect((await appeler('GET')).status).toBe(statut);
    expect((await appeler('POST', '', {})).status).toBe(403);
    const propose = await appeler('POST');
    expect(propose.status).toBe(statut);
    if (statut !== 200) return;
    const { code: donne } = (await propose.json()) as { code: string };
    expect(await dire(`notifications ${donne}`)).toContain('votre périmètre');
    expect(await (await appeler('GET')).json()).toEqual({ nombre: 1, aRevoir: 0 });
    await arriver();
    expect(connecteur.recues).toHaveLength(1);
    expect(await (await appeler('POST', '/arreter')).json()).toEqual({ arretees: 1 });
  });
});
