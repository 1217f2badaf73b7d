import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole } from '../../../bot/console/index.ts';
import { schemaCorrespondances } from '../../../bot/console/openid.ts';
import { type Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { servirPagesConstruites } from '../../support/pages-construites.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { portLibre } from '../../support/serveur.ts';
import { ServeurCles } from '../../support/serveur-cles.ts';
import { demandeEssai, journaliseurMuet, transmissionsEssai } from '../handover/jeu.ts';
import { pageParente, type ScenarioTeams } from './teams-parent.ts';

const SORTIES = join(RACINE_PROJET, 'test', 'sorties');
const APP = '11111111-2222-4333-8444-555555555555';
const LOCATAIRE = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const EMETTEUR = `https://login.microsoftonline.com/${LOCATAIRE}/v2.0`;
const R = 'CEP-7K3M9-QXA4T';

let cles: ServeurCles;
let kid: string;
let dossier: string;
let serveur: Serveur;
let transmissions: Transmissions;
let base: string;
let scenario: ScenarioTeams = { jetons: ['oui'] };
/** What the directory says of the person; changed by the tests. */
let roles: readonly string[] = ['Cep.Conseil'];
let decalage = 0;

beforeAll(async () => {
  cles = await ServeurCles.ouvrir();
  kid = await cles.ajouter();
  dossier = mkdtempSync(join(tmpdir(), 'cep-onglet-'));
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  const horloge = (): number => Date.now() + decalage;
  transmissions = await transmissionsEssai(horloge);
  await transmissions.transmettre(demandeEssai());
  serveur = creerServeur({ hotes: [], https: false, journaliseur: journaliseurMuet, horloge });
  servirPagesConstruites(serveur);
  await monterConsole(serveur, {
    transmissions,
    cles: ouvrirCles(dossier).pour('console'),
    horloge,
    dataDir: dossier,
    publicUrl: base,
    local: true,
    journaliseur: journaliseurMuet,
    entra: {
      appId: APP,
      tenantId: LOCATAIRE,
      correspondances: schemaCorrespondances.parse({
        roles: { revendication: 'roles', valeurs: { 'Cep.Conseil': 'conseiller' } },
        operateurs: 'tous',
        regions: 'toutes',
      }),
      signataire: { metadonnees: cles.metadonnees, emetteur: EMETTEUR },
    },
  });
  serveur.restify.get('/essai/teams', async (_req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.removeHeader('Content-Security-Policy');
    res.end(pageParente(scenario));
  });
  serveur.restify.get('/essai/jeton', async (_req, res) => {
    const s = Math.floor(Date.now() / 1000);
    res.end(
      await cles.signer(kid, {
        iss: EMETTEUR,
        aud: APP,
        ver: '2.0',
        tid: LOCATAIRE,
        oid: '0c0ffee0-0000-4000-8000-00000000aa01',
        azp: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
        scp: 'access_as_user',
        name: 'Léa Durand',
        roles: [...roles],
        exp: s + 36_000,
      }),
    );
  });
  await serveur.ecouter(port, '127.0.0.1');
});
afterAll(async () => {
  await serveur.fermer(100);
  cles.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

type Vue = { readonly page: Page; readonly onglet: FrameLocator; readonly fautes: string[] };
const recus = (page: Page): Promise<string[]> =>
  page.evaluate(() => Reflect.get(globalThis, 'recus') as string[]);

/** Opens the tab inside the made-up Teams. */
const dansTeams = (quoi: string, s: ScenarioTeams, corps: (vue: Vue) => Promise<void>): Promise<void> =>
  siNavigateur(quoi, async (navigateur) => {
    scenario = s;
    const page = await navigateur.newPage({ viewport: { width: 1100, height: 800 }, locale: 'fr-FR' });
    const fautes: string[] = [];
    page.on('pageerror', (e) => fautes.push(e.message));
    page.on('console', (m) => {
      // The list of hosts teams-js would fetch: our policy keeps it in, and it has its own.
      if (m.type() === 'error' && !/validDomains|Refused to connect|status of 401/.test(m.text()))
        fautes.push(m.text());
    });
    await page.goto(`${base}/essai/teams`);
    await corps({ page, onglet: page.frameLocator('#onglet'), fautes });
  });

describe('l’onglet dans un navigateur, avec le vrai teams-js', () => {
  it('signe sans rien demander, suit le thème, travaille, sans témoin ni faute d’accessibilité', () =>
    dansTeams('l’onglet Teams', { jetons: ['oui'] }, async ({ page, onglet, fautes }) => {
      await onglet.getByText('1 demande', { exact: true }).waitFor();
      expect(await onglet.locator('#qui').innerText()).toBe('Léa Durand');
      expect(await onglet.locator('#deconnexion').isVisible()).toBe(false);
      expect(await onglet.locator('#langue').isVisible()).toBe(false);
      const demandes = await recus(page);
      expect(demandes.filter((f) => f === 'authentication.getAuthToken')).toHaveLength(1);
      expect(demandes).toContain('appInitialization.appLoaded');
      expect(demandes).toContain('appInitialization.success');
      expect(await page.context().cookies()).toEqual([]);

      await onglet.locator(`[data-reference="${R}"]`).click();
      await onglet.getByRole('button', { name: 'Prendre en charge' }).click();
      await onglet
        .getByText(/Léa Durand/)
        .nth(1)
        .waitFor();
      expect((await transmissions.lire(R))?.conseiller?.nom).toBe('Léa Durand');

      const [cadre] = page.frames().filter((f) => f.url().endsWith('/console/teams'));
      if (cadre === undefined) throw new Error('pas de cadre');
      const fond = (): Promise<string> =>
        cadre.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      expect(await fond()).toBe('rgb(250, 247, 242)');
      for (const [theme, attendu] of [
        ['dark', 'rgb(31, 31, 31)'],
        ['contrast', 'rgb(0, 0, 0)'],
      ] as const) {
        await page.evaluate((t) => (Reflect.get(globalThis, 'changer') as (t: string) => void)(t), theme);
        await onglet.locator(`:root[data-theme="${theme}"]`).waitFor();
        expect(await fond()).toBe(attendu);
        expect(await new AxeBuilder(page).violationsDe(cadre)).toEqual([]);
        await page.screenshot({ path: join(SORTIES, `teams-onglet-${theme}.png`) });
      }
      await page.evaluate(() => (Reflect.get(globalThis, 'changer') as (t: string) => void)('default'));
      await onglet.locator(':root[data-theme="default"]').waitFor();
      expect(await fond()).toBe('rgb(250, 247, 242)');
      expect(fautes).toEqual([]);
    }));

  it('un lien ouvre le dossier qu’il nomme ; Teams en anglais, la langue est annoncée', async () => {
    const demande = (await transmissions.lire(R))?.identifiant ?? '';
    expect(demande).not.toBe('');
    await dansTeams(
      'le lien profond',
      { jetons: ['oui'], demande, locale: 'en-us', theme: 'dark' },
      async ({ onglet }) => {
        await onglet.getByRole('heading', { name: 'Pour joindre la personne' }).waitFor();
        expect(await onglet.locator('#langue').innerText()).toBe('This page is in French only.');
        expect(await onglet.locator(':root').getAttribute('data-theme')).toBe('dark');
      },
    );
    await dansTeams('un lien vers rien', { jetons: ['oui'], demande: 'inconnu' }, async ({ onglet }) => {
      await onglet.getByText('n’est plus là, ou n’est pas dans votre périmètre').waitFor();
    });
  });

  it('un échec : une seule reprise, sans que la personne le voie', () =>
    dansTeams('un échec de Teams', { jetons: ['non', 'oui'] }, async ({ page, onglet, fautes }) => {
      await onglet.getByText('1 demande', { exact: true }).waitFor();
      expect((await recus(page)).filter((f) => f === 'authentication.getAuthToken')).toHaveLength(2);
      expect(fautes).toEqual([]);
    }));

  it('deux échecs : un bouton, et il marche', () =>
    dansTeams('deux échecs de Teams', { jetons: ['non', 'non', 'oui'] }, async ({ page, onglet, fautes }) => {
      const bouton = onglet.getByRole('button', { name: 'Se connecter', exact: true });
      await bouton.waitFor();
      expect((await recus(page)).filter((f) => f === 'authentication.getAuthToken')).toHaveLength(2);
      expect(await onglet.getByRole('link', { name: /dans le navigateur/ }).getAttribute('href')).toBe(
        '/console/',
      );
      await page.screenshot({ path: join(SORTIES, 'teams-onglet-echec.png') });
      await bouton.click();
      await onglet.getByText('1 demande', { exact: true }).waitFor();
      expect(fautes).toEqual([]);
    }));

  it('sans rôle : dit pourquoi, sans proposer de recommencer', async () => {
    roles = [];
    try {
      await dansTeams('un compte sans rôle', { jetons: ['oui'] }, async ({ page, onglet }) => {
        await onglet.getByText('aucun rôle ne lui est donné').waitFor();
        expect(await onglet.getByRole('button', { name: 'Se connecter', exact: true }).count()).toBe(0);
        expect((await recus(page)).filter((f) => f === 'authentication.getAuthToken')).toHaveLength(1);
      });
    } finally {
      roles = ['Cep.Conseil'];
    }
  });

  it('une session finie se rouvre sans geste', () =>
    dansTeams('une session finie', { jetons: ['oui'] }, async ({ page, onglet }) => {
      await onglet.getByText('1 demande', { exact: true }).waitFor();
      decalage = 3_700_000;
      try {
        await onglet.getByLabel('Rechercher').fill('rien de tel');
        await onglet.getByText('Aucune demande ici.').waitFor();
        expect((await recus(page)).filter((f) => f === 'authentication.getAuthToken').length).toBe(2);
      } finally {
        decalage = 0;
      }
    }));

  it('dans le cadre d’une page qui n’est pas Teams : le dit, après cinq secondes', () =>
    dansTeams('un cadre étranger', { jetons: [], repond: false }, async ({ onglet }) => {
      await onglet.getByText('Cette page s’ouvre dans Teams').waitFor({ timeout: 120_000 });
      expect(await onglet.getByRole('link', { name: /dans le navigateur/ }).isVisible()).toBe(true);
    }));

  it('seule dans un navigateur : la connexion habituelle', () =>
    siNavigateur('l’onglet hors de Teams', async (navigateur) => {
      const page = await navigateur.newPage();
      await page.goto(`${base}/console/teams?demande=abc`);
      await page.waitForURL(`${base}/console/?demande=abc`);
      expect(await page.locator('h1').innerText()).toBe('Console des conseillers');
    }));
});
