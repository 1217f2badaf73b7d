import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AxeBuilder } from '../support/axe.ts';
import { siNavigateur } from '../support/chromium.ts';
import { bouton, derniers, ecrire, jusquaLInformation, ouvrirPage } from '../support/conversation.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../support/serveur.ts';

const SORTIES = join(import.meta.dirname, '..', 'sorties');
let serveur: ServeurLance;

beforeAll(async () => {
  mkdirSync(SORTIES, { recursive: true });
  serveur = await lancerServeur();
});
afterAll(async () => {
  await serveur.tuer();
  nettoyer(serveur.dataDir);
});

describe('le parcours entier, dans un vrai navigateur', () => {
  it('de la première phrase au bureau du conseiller', () =>
    siNavigateur('le parcours entier', async (navigateur: Browser) => {
      const page = await ouvrirPage(navigateur, {
        viewport: { width: 1280, height: 900 },
        locale: 'fr-FR',
      });
      const erreurs: string[] = [];
      page.on('pageerror', (e) => erreurs.push(e.message));
      page.on('console', (m) => (m.type() === 'error' ? erreurs.push(m.text()) : undefined));
      await page.goto(serveur.accueil);
      await page.screenshot({ path: join(SORTIES, 'accueil.png') });
      await page.getByRole('button', { name: 'Une question sur votre travail ?' }).click();
      const fil = page.frameLocator('iframe');
      await derniers(fil, 'Qu’est-ce qui vous amène').waitFor();

      await ecrire(fil, "je suis caissière à Lille, j'en peux plus, je voudrais devenir aide-soignante");
      await derniers(fil, 'Voici ce que j’ai compris').waitFor();
      await derniers(fil, 'Lille (Nord)').waitFor();
      await page.screenshot({ path: join(SORTIES, 'conversation-1280.png') });
      expect(await jusquaLInformation(fil)).toBeLessThanOrEqual(5);
      await page.screenshot({ path: join(SORTIES, 'information-1280.png') });

      await bouton(fil, 'Oui, qui peut m’accompagner ?').click();
      await derniers(fil, 'l’opérateur le plus adapté semble être').waitFor();
      await derniers(fil, 'Pourquoi pas plutôt les autres').waitFor();
      await page.screenshot({ path: join(SORTIES, 'orientation-1280.png') });
      await bouton(fil, 'Je choisis Avenir Actifs Hauts-de-France').click();
      await bouton(fil, 'Oui, préparer mon document').click();
      await derniers(fil, 'Voici votre document').waitFor();

      await fil
        .locator('#fil')
        .getByLabel(/Métier exercé : caissière/)
        .last()
        .uncheck();
      await bouton(fil, 'Enregistrer mes choix').click();
      await derniers(fil, 'Votre document est à jour').waitFor();
      await page.screenshot({ path: join(SORTIES, 'document-1280.png') });
      const pdf = await fil
        .locator('#fil')
        .getByRole('link', { name: /Télécharger en PDF/ })
        .last()
        .getAttribute('href');
      const recu = await fetch(pdf ?? '');
      expect([recu.status, recu.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(
        Buffer.from(await recu.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
      const html = await (await fetch((pdf ?? '').replace(/\.pdf$/, ''))).text();
      expect(html).toContain('aide-soignante');
      expect(html).not.toContain('caissière');

      await bouton(fil, 'L’envoyer à Avenir Actifs Hauts-de-France').click();
      await fil.locator('#fil').getByLabel('Votre téléphone').last().fill('06 12 34 56 78');
      await fil
        .locator('#fil')
        .getByLabel(/Je suis d’accord/)
        .last()
        .check();
      await bouton(fil, 'Envoyer').click();
      await derniers(fil, 'C’est envoyé à').waitFor();
      const reference = /CEP-[A-Z0-9-]+/.exec(await fil.locator('#fil').innerText())?.[0] ?? '';
      expect(reference).not.toBe('');

      const bureau = await ouvrirPage(navigateur, {
        viewport: { width: 1280, height: 900 },
        locale: 'fr-FR',
      });
      await bureau.goto(serveur.console);
      await bureau.getByRole('button', { name: /Changer de métier/ }).click();
      await bureau.getByText('06 12 34 56 78').waitFor();
      expect(await bureau.locator('main').innerText()).toContain(reference);
      expect(await bureau.locator('main').innerText()).not.toContain('caissière');
      expect(await new AxeBuilder(bureau).violations()).toEqual([]);
      await bureau.screenshot({ path: join(SORTIES, 'console-1280.png') });
      await bureau.getByRole('button', { name: 'Prendre en charge' }).click();
      await bureau.getByRole('button', { name: 'Clore' }).waitFor();
      await bureau.getByLabel('Clore avec le motif').selectOption('aboutie|reponse-donnee');
      await bureau.getByRole('button', { name: 'Clore' }).click();
      await bureau.getByText('La demande est close.').waitFor();

      // On another device, with nothing but the code.
      const ailleurs = await ouvrirPage(navigateur, {
        viewport: { width: 360, height: 740 },
        locale: 'fr-FR',
      });
      await ailleurs.goto(`${serveur.accueil}suivi`);
      await ailleurs.getByLabel('Votre code').fill(reference.toLowerCase());
      await ailleurs.getByRole('button', { name: 'Voir ma demande' }).click();
      await ailleurs.getByText('Le service vous a répondu').waitFor();
      expect(ailleurs.url()).toBe(`${serveur.accueil}suivi`);
      expect(await new AxeBuilder(ailleurs).violations()).toEqual([]);
      await ailleurs.screenshot({ path: join(SORTIES, 'suivi-360.png'), fullPage: true });
      await ailleurs.getByLabel('Je veux tout effacer, sans retour possible').check();
      await ailleurs.getByRole('button', { name: 'Tout effacer' }).click();
      await ailleurs.getByRole('heading', { name: 'Tout est effacé' }).waitFor();
      await ailleurs.close();

      expect(erreurs).toEqual([]);
      await page.close();
      await bureau.close();
    }));

  it('les états de la conversation et les pages n’ont aucune faute relevée par axe', () =>
    siNavigateur('axe sur la conversation et les pages', async (navigateur: Browser) => {
      const page = await ouvrirPage(navigateur, {
        viewport: { width: 1000, height: 900 },
        locale: 'fr-FR',
      });
      const sansFaute = async (etat: string): Promise<void> =>
        expect(await new AxeBuilder(page).violations(), etat).toEqual([]);
      await page.goto(`${serveur.accueil}widget/`);
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      await sansFaute('accueil');
      await ecrire(
        page,
        'je suis caissière à Lille, pas cadre, personne ne me suit, je veux devenir aide-soignante',
      );
      await bouton(page, 'Je préfère ne pas répondre').click();
      await bouton(page, 'Oui, qui peut m’accompagner ?').waitFor();
      await sansFaute('information et graphique');
      await bouton(page, 'Oui, qui peut m’accompagner ?').click();
      await bouton(page, 'Je choisis Avenir Actifs Hauts-de-France').click();
      await bouton(page, 'Oui, préparer mon document').click();
      await bouton(page, 'L’envoyer à Avenir Actifs Hauts-de-France').waitFor();
      await sansFaute('document');
      const lien = await page
        .locator('#fil')
        .getByRole('link', { name: /Lire en page entière/ })
        .last()
        .getAttribute('href');
      await bouton(page, 'L’envoyer à Avenir Actifs Hauts-de-France').click();
      await bouton(page, 'Envoyer').waitFor();
      await sansFaute('formulaire de contact');
      await page.locator('#menu summary').click();
      await sansFaute('menu ouvert');
      for (const adresse of [
        lien ?? '',
        serveur.accueil,
        `${serveur.accueil}mentions`,
        `${serveur.accueil}confidentialite`,
        `${serveur.accueil}accessibilite`,
        `${serveur.accueil}suivi`,
        `${serveur.accueil}suivi?registre=falc`,
      ]) {
        await page.goto(adresse);
        await sansFaute(adresse);
      }
      await page.close();
    }));

  it('un arrêt brutal au milieu ne perd rien de ce qui a été acquitté', () =>
    siNavigateur('la reprise après un arrêt brutal', async (navigateur: Browser) => {
      const page = await ouvrirPage(navigateur, { viewport: { width: 360, height: 740 }, locale: 'fr-FR' });
      await page.goto(`${serveur.accueil}widget/`);
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      await page.screenshot({ path: join(SORTIES, 'conversation-360.png') });
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await serveur.tuer('SIGKILL');
      serveur = await lancerServeur({ port: serveur.port, dataDir: serveur.dataDir });
      await page.reload();
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      await ecrire(page, 'mes données');
      await derniers(page, 'Voici tout ce que j’ai noté').waitFor();
      expect(
        await page.locator('#fil').getByText('je suis cadre en CDI dans le privé à Nantes').count(),
      ).toBe(1);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
        ),
      ).toBe(true);
      await page.close();
    }));
});
