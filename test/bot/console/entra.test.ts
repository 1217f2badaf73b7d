import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lireConfig } from '../../../bot/config.ts';
import { lireCorrespondances, monterConsole } from '../../../bot/console/index.ts';
import { schemaCorrespondances } from '../../../bot/console/openid.ts';
import { type Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import type { Journaliseur } from '../../../bot/ports.ts';
import { portLibre } from '../../support/serveur.ts';
import { jetonsForges, ServeurCles } from '../../support/serveur-cles.ts';
import { demandeEssai, transmissionsEssai } from '../handover/jeu.ts';

const APP = '11111111-2222-4333-8444-555555555555';
const LOCATAIRE = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const EMETTEUR = `https://login.microsoftonline.com/${LOCATAIRE}/v2.0`;
const LEA = '0c0ffee0-0000-4000-8000-00000000aa01';
const TEAMS_WEB = '5e3ce6c0-2b1f-4285-8d4b-75ee78787346';
const TEAMS_POSTE = '1fec8e78-bce4-4aaf-ab1b-5451cc387264';
const HEURE = 3_600_000;

let cles: ServeurCles;
let bonne: string;
let dossier: string;
let serveur: Serveur;
let transmissions: Transmissions;
let base: string;
let decalage = 0;
let dits: string[] = [];

beforeAll(async () => {
  cles = await ServeurCles.ouvrir();
  bonne = await cles.ajouter();
  dossier = mkdtempSync(join(tmpdir(), 'cep-entra-'));
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  const horloge = (): number => Date.now() + decalage;
  transmissions = await transmissionsEssai(horloge);
  await transmissions.transmettre(demandeEssai());
  const noter = (code: string, details: unknown): void =>
    void dits.push(`${code} ${JSON.stringify(details)}`);
  const journaliseur: Journaliseur = { info: noter, alerte: noter, erreur: (code) => noter(code, {}) };
  serveur = creerServeur({ hotes: [], https: false, journaliseur, horloge });
  await monterConsole(serveur, {
    transmissions,
    cles: ouvrirCles(dossier).pour('console'),
    horloge,
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur,
    entra: {
      appId: APP,
      tenantId: LOCATAIRE,
      correspondances: schemaCorrespondances.parse({
        roles: {
          revendication: 'roles',
          valeurs: { 'Cep.Conseil': 'conseiller', 'Cep.Suivi': 'observateur' },
        },
        operateurs: { revendication: 'groups', valeurs: { 'groupe-aa': 'operateur-regional' } },
        regions: 'toutes',
      }),
      signataire: { metadonnees: cles.metadonnees, emetteur: EMETTEUR, repitMs: 0, gardeMs: 60_000 },
    },
  });
  await serveur.ecouter(port, '127.0.0.1');
});
afterAll(async () => {
  await serveur.fermer(100);
  cles.fermer();
  rmSync(dossier, { recursive: true, force: true });
});
beforeEach(() => {
  dits = [];
  decalage = 0;
  cles.enPanne = false;
});

const maintenant = (): number => Math.floor(Date.now() / 1000);
const charge = (plus: object = {}) => ({
  iss: EMETTEUR,
  aud: APP,
  ver: '2.0',
  tid: LOCATAIRE,
  oid: LEA,
  azp: TEAMS_WEB,
  scp: 'access_as_user',
  name: 'Léa Durand',
  preferred_username: 'lea@exemple.fr',
  roles: ['Cep.Conseil'],
  groups: ['groupe-aa'],
  nbf: maintenant() - 5,
  exp: maintenant() + 3_600,
  ...plus,
});
const entrer = async (
  jeton: string | undefined,
): Promise<{ statut: number; corps: Record<string, unknown> }> => {
  const reponse = await fetch(`${base}/api/console/teams`, {
    method: 'POST',
    ...(jeton === undefined ? {} : { headers: { Authorization: `Bearer ${jeton}` } }),
  });
  return { statut: reponse.status, corps: (await reponse.json()) as Record<string, unknown> };
};
const appeler = (chemin: string, jeton: string, options: RequestInit = {}): Promise<Response> =>
  fetch(`${base}/api/console/${chemin}`, {
    ...options,
    headers: { Authorization: `Bearer ${jeton}`, ...options.headers },
  });

describe('jeton Entra de l’onglet', () => {
  it.each([
    ['pour l’identifiant de l’application', {}],
    ['pour son adresse api://', { aud: `api://127.0.0.1:PORT/botid-${APP}` }],
    ['depuis Teams sur ordinateur ou téléphone', { azp: TEAMS_POSTE }],
    ['avec d’autres portées', { scp: 'openid access_as_user profile' }],
  ])('valable, %s', async (_nom, plus) => {
    const avec = JSON.parse(
      JSON.stringify(charge(plus)).replace('127.0.0.1:PORT', new URL(base).host),
    ) as object;
    const { statut, corps } = await entrer(await cles.signer(bonne, { ...avec }));
    expect(statut).toBe(200);
    const moi = await appeler('moi', String(corps['jeton']));
    expect(await moi.json()).toMatchObject({ nom: 'Léa Durand', roles: ['conseiller'] });
  });

  const refus: readonly (readonly [string, object, string])[] = [
    ['expiré', { exp: 1_700_000_000 }, 'expire'],
    ['sans expiration', { exp: undefined }, 'revendication'],
    ['pas encore valable', { nbf: 4_000_000_000 }, 'pas-encore-valable'],
    ['pour une autre application', { aud: TEAMS_WEB }, 'destinataire'],
    ['pour Graph', { aud: 'https://graph.microsoft.com' }, 'destinataire'],
    ['pour une autre adresse', { aud: `api://mechant.exemple/botid-${APP}` }, 'destinataire'],
    ['d’un autre émetteur', { iss: 'https://mechant.exemple' }, 'emetteur'],
    [
      'de l’émetteur d’un autre locataire',
      { iss: 'https://login.microsoftonline.com/99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee/v2.0' },
      'emetteur',
    ],
    ['d’un autre locataire', { tid: '99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee' }, 'locataire'],
    ['sans locataire', { tid: undefined }, 'locataire'],
    ['sans la portée', { scp: 'profile openid' }, 'portee'],
    ['à la portée voisine', { scp: 'access_as_user_x' }, 'portee'],
    ['d’une application, sans personne', { scp: undefined, roles: ['Cep.Conseil'] }, 'portee'],
    ['demandé par une autre application', { azp: '00000003-0000-0000-c000-000000000000' }, 'client'],
    ['sans client', { azp: undefined }, 'client'],
    ['sans identifiant de personne', { oid: undefined }, 'personne'],
    ['à l’identifiant inventé', { oid: 'lea@exemple.fr' }, 'personne'],
    [
      'de version 1',
      { iss: `https://sts.windows.net/${LOCATAIRE}/`, ver: '1.0', azp: undefined, appid: TEAMS_WEB },
      'version-1',
    ],
    ['de version 1 sous l’émetteur de la 2', { ver: '1.0' }, 'version-1'],
    ['sans version', { ver: undefined }, 'revendication'],
  ];
  it.each(refus)('%s : 401', async (_nom, plus, raison) => {
    const { statut, corps } = await entrer(await cles.signer(bonne, charge(plus)));
    expect(statut).toBe(401);
    expect(Object.keys(corps)).toEqual(['code', 'message']);
    expect(dits).toEqual([`onglet-refuse ${JSON.stringify({ raison })}`]);
  });

  it.each<[string, () => Promise<string | undefined>, string]>([
    ['absent', async () => undefined, 'absent'],
    ['illisible', async () => 'a.b.c', 'illisible'],
    ...jetonsForges(
      () => cles,
      () => bonne,
      () => charge(),
    ),
  ])('%s : 401', async (_nom, faire, raison) => {
    expect((await entrer(await faire())).statut).toBe(401);
    expect(dits).toEqual([`onglet-refuse ${JSON.stringify({ raison })}`]);
  });

  it('une clé nouvelle est lue aussitôt ; une clé retirée ne vaut plus', async () => {
    const nouvelle = await cles.ajouter();
    expect((await entrer(await cles.signer(nouvelle, charge()))).statut).toBe(200);
    cles.retirer(nouvelle);
    await entrer(await cles.signer(await cles.ajouter({ publiee: false }), charge()));
    expect((await entrer(await cles.signer(nouvelle, charge()))).statut).toBe(401);
  });

  it('être dans l’annuaire ne donne aucun rôle', async () => {
    for (const plus of [
      { roles: undefined },
      { roles: ['Autre'] },
      { roles: 'conseiller' },
      { roles: ['__proto__'] },
    ]) {
      const { statut, corps } = await entrer(await cles.signer(bonne, charge(plus)));
      expect(statut).toBe(403);
      expect(corps['message']).toContain('aucun rôle');
    }
  });

  it('clés injoignables : 503, et cela repart', async () => {
    decalage = 25 * HEURE;
    cles.enPanne = true;
    const jeton = await cles.signer(bonne, charge({ exp: maintenant() + 30 * 3_600 }));
    expect((await entrer(jeton)).statut).toBe(503);
    cles.enPanne = false;
    expect((await entrer(jeton)).statut).toBe(200);
  });

  it('rien du jeton n’est renvoyé ni journalisé', async () => {
    const jeton = await cles.signer(bonne, charge({ scp: 'autre' }));
    const { corps } = await entrer(jeton);
    const tout = [JSON.stringify(corps), ...dits].join('\n');
    expect(tout).not.toMatch(/eyJ|Léa|lea@|0c0ffee0/);
  });
});

describe('session de l’onglet', () => {
  const ouvrir = async (plus: object = {}): Promise<string> =>
    String((await entrer(await cles.signer(bonne, charge(plus)))).corps['jeton']);

  it('sans témoin de navigateur, une heure, fermée pour de bon à la déconnexion', async () => {
    const reponse = await fetch(`${base}/api/console/teams`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await cles.signer(bonne, charge())}` },
    });
    expect(reponse.headers.getSetCookie()).toEqual([]);
    const jeton = await ouvrir();
    expect((await appeler('transmissions', jeton)).status).toBe(200);
    expect(
      (await appeler('deconnexion', jeton, { method: 'POST', headers: { 'X-Console': '1' } })).status,
    ).toBe(200);
    expect((await appeler('moi', jeton)).status).toBe(401);
    const autre = await ouvrir();
    decalage = HEURE + 1_000;
    expect((await appeler('moi', autre)).status).toBe(401);
  });

  it('ne sert pas de témoin, et un témoin ne sert pas de jeton', async () => {
    const jeton = await ouvrir();
    const reponse = await fetch(`${base}/api/console/moi`, { headers: { Cookie: `console=${jeton}` } });
    expect(reponse.status).toBe(401);
    expect((await appeler('moi', `${jeton.slice(0, -3)}AAA`)).status).toBe(401);
  });

  it('garde le périmètre et les droits du rôle', async () => {
    const observe = await ouvrir({ roles: ['Cep.Suivi'] });
    expect((await appeler('moi', observe)).status).toBe(200);
    expect((await appeler('transmissions', observe)).status).toBe(403);
    const horsPerimetre = await ouvrir({ groups: [] });
    expect(await (await appeler('transmissions', horsPerimetre)).json()).toMatchObject({ total: 0 });
  });

  it('deux personnes du même nom sont deux ; la même, renommée, est la même', async () => {
    const [une, autre, renommee] = [
      await ouvrir(),
      await ouvrir({ oid: '0c0ffee0-0000-4000-8000-00000000aa02' }),
      await ouvrir({ name: 'Léa Martin', preferred_username: 'lea.martin@exemple.fr' }),
    ];
    const prendre = (jeton: string): Promise<Response> =>
      appeler('transmissions/CEP-7K3M9-QXA4T/prendre', jeton, {
        method: 'POST',
        headers: { 'X-Console': '1' },
      });
    expect((await prendre(une)).status).toBe(200);
    expect((await prendre(autre)).status).toBe(409);
    expect((await prendre(renommee)).status).toBe(200);
  });

  it('un lien ouvre un dossier de son périmètre, et ne dit rien des autres', async () => {
    const t = await transmissions.lire('CEP-7K3M9-QXA4T');
    const jeton = await ouvrir();
    expect(await (await appeler(`liens/${t?.identifiant}`, jeton)).json()).toEqual({
      reference: 'CEP-7K3M9-QXA4T',
    });
    expect((await appeler('liens/inconnu', jeton)).status).toBe(404);
    expect((await appeler(`liens/${t?.identifiant}`, await ouvrir({ groups: [] }))).status).toBe(404);
  });
});

describe('la page de l’onglet', () => {
  it('seule à pouvoir être mise en cadre, par Teams seulement', async () => {
    const onglet = await fetch(`${base}/console/teams`);
    expect(onglet.status).toBe(200);
    const csp = onglet.headers.get('content-security-policy') ?? '';
    expect(csp).toContain(
      'frame-ancestors https://teams.microsoft.com https://*.teams.microsoft.com https://teams.cloud.microsoft https://*.teams.cloud.microsoft',
    );
    expect(csp).not.toMatch(/unsafe|frame-ancestors[^;]*(\s\*|'self')/);
    const ailleurs = (await fetch(`${base}/console/`)).headers.get('content-security-policy') ?? '';
    expect(ailleurs).toContain("frame-ancestors 'none'");
  });
});

describe('configuration de l’onglet', () => {
  it('demande l’application et le locataire, et nomme le fichier qui ne va pas', () => {
    expect(() => lireConfig({ TEAMS_CORRESPONDANCES: '/x.json' })).toThrow(
      /MICROSOFT_APP_ID : requis avec TEAMS_CORRESPONDANCES[\s\S]*MICROSOFT_APP_TENANT_ID : requis/,
    );
    expect(
      lireConfig({
        TEAMS_CORRESPONDANCES: '/x.json',
        MICROSOFT_APP_ID: APP,
        MICROSOFT_APP_TENANT_ID: LOCATAIRE,
      }).teams,
    ).toMatchObject({ correspondances: '/x.json', active: false });
    expect(() =>
      lireConfig({
        TEAMS_CORRESPONDANCES: '/x.json',
        TEAMS_LOCATAIRE: 'employeur',
        MICROSOFT_APP_ID: APP,
        MICROSOFT_APP_TENANT_ID: LOCATAIRE,
      }),
    ).toThrow('TEAMS_LOCATAIRE : « operateur » est requis');
    const chemin = join(dossier, 'c.json');
    writeFileSync(chemin, JSON.stringify({ roles: { revendication: 'roles', valeurs: { a: 'chef' } } }));
    expect(() => lireCorrespondances(chemin, 'TEAMS_CORRESPONDANCES')).toThrow(
      /^TEAMS_CORRESPONDANCES : .*est refusé\.\n {2}- roles → valeurs → a/,
    );
  });
});
