import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jetonsForges, ServeurCles, jetonSansSignature } from '../../support/serveur-cles.ts';
import { ouvrirBanc, type Banc } from './banc.ts';
import { FabriqueConstante } from './fabrique-constante.ts';

const APP = '11111111-2222-4333-8444-555555555555';
const LOCATAIRE = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const EMETTEUR = 'https://api.botframework.com';

let cles: ServeurCles;
let bonne: string;
let connecteur: Server;
let service = '';
let recues: { readonly chemin: string; readonly preuve: string }[] = [];
let banc: Banc;
/** Everything said to the log and to the console while a test runs. */
let dit: string[] = [];

beforeAll(async () => {
  cles = await ServeurCles.ouvrir();
  bonne = await cles.ajouter({ plus: { endorsements: ['msteams', 'emulator'] } });
  connecteur = createServer((req, res) => {
    req.resume();
    req.on('end', () => {
      recues.push({ chemin: req.url ?? '', preuve: req.headers.authorization ?? '' });
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ id: `r${recues.length}` }));
    });
  });
  await new Promise<void>((r) => connecteur.listen(0, '127.0.0.1', r));
  const lieu = connecteur.address();
  service = `http://127.0.0.1:${typeof lieu === 'object' && lieu !== null ? lieu.port : 0}/`;
});
afterAll(() => {
  cles.fermer();
  connecteur.closeAllConnections();
  connecteur.close();
});
beforeEach(async () => {
  recues = [];
  dit = [];
  for (const methode of ['log', 'error', 'warn', 'info', 'debug'] as const)
    vi.spyOn(console, methode).mockImplementation((...mots: unknown[]) => void dit.push(mots.join(' ')));
  const noter = (...mots: unknown[]): void =>
    void dit.push(mots.map((m) => (m instanceof Error ? m.message : JSON.stringify(m))).join(' '));
  banc = await ouvrirBanc({
    journaliseur: { info: noter, alerte: noter, erreur: noter },
    teams: {
      appId: APP,
      tenantId: LOCATAIRE,
      preuve: { type: 'secret', secret: 'jamais-utilise' },
      signataire: { metadonnees: cles.metadonnees, emetteur: EMETTEUR, repitMs: 0, gardeMs: 60_000 },
      fabrique: new FabriqueConstante(APP),
    },
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  cles.enPanne = false;
  await banc.fermer();
});

const maintenant = (): number => Math.floor(Date.now() / 1000);
const charge = (plus: object = {}) => ({
  iss: EMETTEUR,
  aud: APP,
  serviceurl: service,
  nbf: maintenant() - 10,
  exp: maintenant() + 3_600,
  ...plus,
});
const activite = (plus: object = {}) => ({
  type: 'message',
  id: `a${Math.random()}`,
  text: 'bonjour secret',
  channelId: 'msteams',
  serviceUrl: service,
  from: { id: '29:u' },
  recipient: { id: `28:${APP}` },
  conversation: { id: 'a:1', conversationType: 'personal', tenantId: LOCATAIRE },
  channelData: { tenant: { id: LOCATAIRE } },
  ...plus,
});
async function envoyer(
  jeton: string | undefined,
  corps: object = activite(),
): Promise<{ statut: number; corps: string }> {
  const reponse = await fetch(`${banc.base}/api/messages`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(jeton === undefined ? {} : { Authorization: `Bearer ${jeton}` }),
    },
    body: JSON.stringify(corps),
  });
  return { statut: reponse.status, corps: await reponse.text() };
}

describe('jeton du Bot Framework', () => {
  it('valable : le tour est joué, la réponse part avec la preuve du bot', async () => {
    expect(await envoyer(await cles.signer(bonne, charge()))).toEqual({ statut: 200, corps: '{}' });
    expect(recues).toEqual([
      {
        chemin: expect.stringContaining('/v3/conversations/a%3A1/activities/'),
        preuve: 'Bearer jeton-du-bot',
      },
    ]);
  });

  it('cinq minutes d’écart d’horloge sont permises, pas six', async () => {
    expect((await envoyer(await cles.signer(bonne, charge({ exp: maintenant() - 290 })))).statut).toBe(200);
    expect((await envoyer(await cles.signer(bonne, charge({ exp: maintenant() - 360 })))).statut).toBe(401);
    expect((await envoyer(await cles.signer(bonne, charge({ nbf: maintenant() + 290 })))).statut).toBe(200);
    expect((await envoyer(await cles.signer(bonne, charge({ nbf: maintenant() + 360 })))).statut).toBe(401);
  });

  const refus: readonly (readonly [string, object, string])[] = [
    ['expiré', { exp: 1_700_000_000 }, 'expire'],
    ['sans expiration', { exp: undefined }, 'revendication'],
    ['pas encore valable', { nbf: 4_000_000_000 }, 'pas-encore-valable'],
    ['pour une autre application', { aud: '99999999-2222-4333-8444-555555555555' }, 'destinataire'],
    ['sans destinataire', { aud: undefined }, 'destinataire'],
    ['d’un autre émetteur', { iss: 'https://mechant.exemple' }, 'emetteur'],
    ['sans émetteur', { iss: undefined }, 'emetteur'],
    [
      'd’Entra, version 1 (celui de l’émulateur)',
      { iss: `https://sts.windows.net/${LOCATAIRE}/`, ver: '1.0', appid: APP },
      'emetteur',
    ],
    [
      'd’Entra, version 2 (celui d’un autre bot)',
      { iss: `https://login.microsoftonline.com/${LOCATAIRE}/v2.0`, ver: '2.0', azp: APP },
      'emetteur',
    ],
    [
      'pour une autre adresse de service',
      { serviceurl: 'https://smba.trafficmanager.net/fr/' },
      'adresse-de-service',
    ],
    ['sans adresse de service', { serviceurl: undefined }, 'adresse-de-service'],
  ];
  it.each(refus)('%s : 401', async (_nom, plus, raison) => {
    const jeton = await cles.signer(bonne, charge(plus));
    expect(await envoyer(jeton)).toEqual({
      statut: 401,
      corps: JSON.stringify({ code: 'Unauthorized', message: 'Not authenticated.' }),
    });
    expect(recues).toEqual([]);
    expect(dit).toEqual([`"teams-refuse" ${JSON.stringify({ raison })}`]);
  });

  it.each<[string, () => Promise<string | undefined>, string]>([
    ['absent', async () => undefined, 'absent'],
    ['vide', async () => '', 'absent'],
    ['qui n’en est pas un', async () => 'abc.def', 'illisible'],
    ...jetonsForges(
      () => cles,
      () => bonne,
      () => charge(),
    ),
    [
      'au contenu changé',
      async () => {
        const [entete, , signature] = (await cles.signer(bonne, charge())).split('.');
        const autre = Buffer.from(JSON.stringify(charge({ sub: 'moi' }))).toString('base64url');
        return [entete, autre, signature].join('.');
      },
      'signature',
    ],
    [
      'd’une clé approuvée pour un autre canal',
      async () => cles.signer(await cles.ajouter({ plus: { endorsements: ['slack'] } }), charge()),
      'canal',
    ],
  ])('%s : 401', async (_nom, faire, raison) => {
    const { statut } = await envoyer(await faire());
    expect(statut).toBe(401);
    expect(recues).toEqual([]);
    expect(dit).toEqual([`"teams-refuse" ${JSON.stringify({ raison })}`]);
  });

  it('une clé nouvelle est lue aussitôt ; une clé retirée ne vaut plus une fois oubliée', async () => {
    expect((await envoyer(await cles.signer(bonne, charge()))).statut).toBe(200);
    const nouvelle = await cles.ajouter();
    expect((await envoyer(await cles.signer(nouvelle, charge()))).statut).toBe(200);
    cles.retirer(nouvelle);
    // Read again, as an unknown key would make it: the withdrawn one is gone.
    await envoyer(await cles.signer(await cles.ajouter({ publiee: false }), charge()));
    expect((await envoyer(await cles.signer(nouvelle, charge()))).statut).toBe(401);
    expect((await envoyer(await cles.signer(bonne, charge()))).statut).toBe(200);
  });

  it('les clés sont lues une fois pour vingt messages', async () => {
    const jeton = await cles.signer(bonne, charge());
    const avant = cles.lectures;
    for (let i = 0; i < 20; i += 1) expect((await envoyer(jeton)).statut).toBe(200);
    expect(cles.lectures - avant).toBe(1);
  });

  it('serveur de clés en panne : 503, et cela repart', async () => {
    cles.enPanne = true;
    const jeton = await cles.signer(bonne, charge());
    expect((await envoyer(jeton)).statut).toBe(503);
    cles.enPanne = false;
    expect((await envoyer(jeton)).statut).toBe(200);
  });

  it.each([
    [{ conversation: { id: 'a:1', tenantId: 'autre' }, channelData: { tenant: { id: 'autre' } } }],
    [{ channelData: { tenant: { id: 'autre' } } }],
    [{ conversation: { id: 'a:1' }, channelData: {} }],
    [{ conversation: { id: 'a:1' }, channelData: undefined }],
  ])('un autre locataire, ou aucun : 403 %j', async (plus) => {
    expect((await envoyer(await cles.signer(bonne, charge()), activite(plus))).statut).toBe(403);
    expect(recues).toEqual([]);
  });

  it('une adresse de service hors de la liste est refusée, jeton valable ou pas', async () => {
    for (const serviceUrl of [
      'https://mechant.exemple/',
      'https://smba.trafficmanager.net:8443/fr/',
      'https://x:y@smba.trafficmanager.net/fr/',
      'https://autre.trafficmanager.net/fr/',
    ]) {
      const jeton = await cles.signer(bonne, charge({ serviceurl: serviceUrl }));
      expect((await envoyer(jeton, activite({ serviceUrl }))).statut).toBe(403);
    }
  });

  it('rien du jeton, des clés ni des mots n’est renvoyé ou journalisé', async () => {
    const jetons = [
      await cles.signer(bonne, charge({ exp: 1 })),
      await cles.forgerHs256(bonne, charge()),
      jetonSansSignature(charge()),
    ];
    const renvoye: string[] = [];
    for (const jeton of jetons) renvoye.push((await envoyer(jeton)).corps);
    const tout = [...renvoye, ...dit].join('\n');
    for (const jeton of jetons)
      for (const partie of jeton.split('.').slice(1, 2)) expect(tout).not.toContain(partie);
    expect(tout).not.toMatch(/PUBLIC KEY|secret|eyJ|api\.botframework/);
  });
});
