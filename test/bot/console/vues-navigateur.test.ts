import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole, ouvrirCollegues, type Role } from '../../../bot/console/index.ts';
import { creerSessions, type Sessions } from '../../../bot/console/sessions.ts';
import { ouvrirBoite, type Boite } from '../../../bot/envois/index.ts';
import { creerTransmissions, type ServiceReceveur, type Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { servirPagesConstruites } from '../../support/pages-construites.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { portLibre } from '../../support/serveur.ts';
import { optionsBoite } from '../envois/jeu.ts';
import { demandeEssai, journaliseurMuet, servicesEssai } from '../handover/jeu.ts';

const SORTIES = join(RACINE_PROJET, 'test', 'sorties');
const R = 'CEP-7K3M9-QXA4T';
const JOUR = 86_400_000;

let dossier: string;
let serveur: Serveur;
let base: string;
let transmissions: Transmissions;
let sessions: Sessions;
let boite: Boite;
let retard = 0;

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-vues-'));
  const horloge = (): number => Date.now() - retard;
  const depot = depotMemoire();
  const services: readonly ServiceReceveur[] = servicesEssai.map((s) => ({
    ...s,
    webhook: { url: 'http://127.0.0.1:9/', secret: 'un-secret-de-webhook-assez-long-pour-tous' },
  }));
  boite = await ouvrirBoite({
    ...optionsBoite({ depot, horloge, services, transmissions: () => transmissions }),
    webhook: async () => ({ ok: false, raison: 'http-500' }),
    conversation: async () => false,
  });
  transmissions = await creerTransmissions({
    depot,
    services,
    horloge,
    journaliseur: journaliseurMuet,
    preparer: boite.preparer,
  });
  // Sent twenty days ago and never answered: late, reminded, and its notices given up after every try.
  retard = 20 * JOUR;
  await transmissions.transmettre(demandeEssai({ reference: 'CEP-11111-1111R' }));
  for (let i = 0; i < 24; i += 1) {
    await boite.passer();
    retard -= JOUR / 3;
  }
  retard = 0;
  await transmissions.balayer();
  await transmissions.transmettre(demandeEssai());
  for (let i = 0; i < 12; i += 1)
    await transmissions.transmettre(
      demandeEssai({ reference: `CEP-APEC-${i}`, operateur: 'apec', region: '11' }),
    );

  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  serveur = creerServeur({ hotes: [], https: false, journaliseur: journaliseurMuet, horloge });
  servirPagesConstruites(serveur);
  const cles = ouvrirCles(dossier).pour('console');
  const collegues = await ouvrirCollegues(depot, horloge);
  await collegues.noter({
    id: 'noe',
    nom: 'Noé Petit',
    roles: ['conseiller'],
    operateurs: 'tous',
    regions: 'toutes',
    jeton: 'j',
    fin: 0,
  });
  monterConsole(serveur, {
    transmissions,
    collegues,
    boite,
    cles,
    horloge,
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur: journaliseurMuet,
  });
  sessions = creerSessions({ cles, horloge, securise: false, dossier });
  await serveur.ecouter(port, '127.0.0.1');
});
afterAll(async () => {
  await serveur.fermer(100);
  rmSync(dossier, { recursive: true, force: true });
});

async function entrer(contexte: BrowserContext, roles: Role[]): Promise<void> {
  const temoin = sessions.ouvrir({
    id: roles.join('+'),
    nom: 'Moi',
    roles,
    operateurs: 'tous',
    regions: 'toutes',
  });
  const [nom = '', ...valeur] = (temoin.split(';')[0] ?? '').split('=');
  await contexte.addCookies([{ name: nom, value: valeur.join('='), url: base }]);
}

describe('les vues de la console dans un navigateur', () => {
  it('l’encadrement voit les retards et les lettres mortes, sans faute d’accessibilité, du grand écran au téléphone', () =>
    siNavigateur('les vues de la console', async (navigateur) => {
      const contexte = await navigateur.newContext({
        viewport: { width: 1280, height: 900 },
        locale: 'fr-FR',
      });
      await entrer(contexte, ['superviseur']);
      const page = await contexte.newPage();
      const fautes: string[] = [];
      page.on('pageerror', (e) => fautes.push(e.message));
      await page.goto(`${base}/console/`);
      await page.getByText('14 demandes').waitFor();
      const axe = new AxeBuilder(page);

      await page.getByRole('button', { name: 'Pilotage' }).click();
      await page.getByText('Promesses de réponse manquées : 1').waitFor();
      await page
        .getByRole('button', { name: /CEP-11111-1111R/ })
        .last()
        .waitFor();
      expect(await axe.violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'e-pilotage-1280.png'), fullPage: true });
      await page.getByRole('button', { name: 'Envois' }).click();
      await page.getByText('Avis abandonnés après tous les essais').first().waitFor();
      await page.getByText('http-500').waitFor();
      expect(await axe.violations()).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await axe.violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'e-envois-390.png') });
      await page.getByRole('button', { name: 'Tout envoyer à nouveau' }).click();
      await page.getByText('Les avis abandonnés repartent.').waitFor();
      expect(await boite.lister('abandonne')).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });

      await page.getByLabel('Seulement').selectOption('retard');
      await page.getByText('1 demande', { exact: true }).waitFor();
      await page.getByLabel('Seulement').selectOption('');
      await page.getByLabel('Opérateur').selectOption('apec');
      await page.getByText('12 demandes').waitFor();
      await page.getByLabel('Région').selectOption('32');
      await page.getByText('Aucune demande ici.').waitFor();
      expect(fautes).toEqual([]);
      await contexte.close();
    }));

  it('l’observation ne voit que des comptes ; la maintenance, que les envois', () =>
    siNavigateur('les vues sans file', async (navigateur) => {
      for (const [role, mot] of [
        ['observateur', '14 demandes'],
        ['mainteneur', 'Avis en attente de départ : '],
      ] as const) {
        const contexte = await navigateur.newContext({
          viewport: { width: 1280, height: 900 },
          locale: 'fr-FR',
        });
        await entrer(contexte, [role]);
        const page = await contexte.newPage();
        await page.goto(`${base}/console/`);
        await page.getByText(mot).waitFor();
        expect(await page.locator('#filtres').isVisible()).toBe(false);
        expect(await page.locator('body').innerText()).not.toMatch(/CEP-|Lille|06 12/);
        expect(await new AxeBuilder(page).violations()).toEqual([]);
        await page.setViewportSize({ width: 390, height: 800 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        expect(await new AxeBuilder(page).violations()).toEqual([]);
        await contexte.close();
      }
    }));

  it('un conseiller va d’une touche à l’autre, propose une réorientation et passe la main', () =>
    siNavigateur('les raccourcis de la console', async (navigateur) => {
      const contexte = await navigateur.newContext({
        viewport: { width: 1280, height: 900 },
        locale: 'fr-FR',
      });
      await entrer(contexte, ['conseiller']);
      const page = await contexte.newPage();
      const { identifiant } = (await transmissions.lire(R)) ?? {};
      await page.goto(`${base}/console/?demande=${identifiant}`);
      await page.getByRole('heading', { name: 'Pour joindre la personne' }).waitFor();
      const axe = new AxeBuilder(page);

      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Raccourcis clavier' }).waitFor();
      expect(await axe.violations()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('p');
      await page.getByText('La demande est à vous.').waitFor();
      expect(await transmissions.lire(R)).toMatchObject({
        etat: 'prise-en-charge',
        conseiller: { id: 'conseiller' },
      });
      await page.keyboard.press('/');
      await page.keyboard.type('pj');
      expect(await page.getByLabel('Rechercher').inputValue()).toBe('pj');
      await page.getByLabel('Rechercher').fill('');
      await page.getByText('14 demandes').waitFor();
      await page.locator('#fiche').focus();
      await page.keyboard.press('k');
      await page.keyboard.press('j');
      expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-reference'))).toBe(true);

      await page.getByText('Passer la main ou réorienter').click();
      await page.getByLabel('Proposer à la personne').selectOption({ label: 'Apec (relié)' });
      await page.getByLabel('Quelques mots pour la personne').fill('Vous êtes <b>cadre</b>.');
      expect(await axe.violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'e-reorienter-1280.png'), fullPage: true });
      await page.getByRole('button', { name: 'Proposer cette réorientation' }).click();
      await page.getByText('Réorientation proposée vers Apec').waitFor();
      expect((await transmissions.lire(R))?.reorientation).toMatchObject({ mots: 'Vous êtes <b>cadre</b>.' });

      await page.getByText('Passer la main ou réorienter').click();
      await page.getByLabel('Passer à un collègue').selectOption('noe');
      await page.getByRole('button', { name: 'Passer la main' }).click();
      await page.getByText('passée à Noé Petit').waitFor();
      expect(await transmissions.lire(R)).toMatchObject({ conseiller: { id: 'noe' } });

      // Switched off, a key does nothing, and it stays so.
      await page.getByRole('button', { name: 'Raccourcis clavier' }).click();
      await page.getByLabel('Raccourcis à une touche').uncheck();
      await page.getByRole('button', { name: 'Fermer' }).click();
      await page.reload();
      await page.getByText('14 demandes').waitFor();
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await contexte.close();
    }));
});
