import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole } from '../../../bot/console/index.ts';
import { type Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { servirPagesConstruites } from '../../support/pages-construites.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { portLibre } from '../../support/serveur.ts';
import { demandeEssai, journaliseurMuet, transmissionsEssai } from '../handover/jeu.ts';

const SORTIES = join(RACINE_PROJET, 'test', 'sorties');
const R = 'CEP-7K3M9-QXA4T';
const JOUR = 86_400_000;

let dossier: string;
let serveur: Serveur;
let transmissions: Transmissions;
let adresse: string;
let temoins: { readonly name: string; readonly value: string; readonly url: string }[];
let retard = 0;

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-console-'));
  const horloge = (): number => Date.now() - retard;
  transmissions = await transmissionsEssai(horloge);
  retard = 20 * JOUR;
  await transmissions.transmettre(demandeEssai({ reference: 'CEP-11111-1111R' }));
  retard = 0;
  await transmissions.transmettre(demandeEssai());
  const port = await portLibre();
  serveur = creerServeur({ hotes: [], https: false, journaliseur: journaliseurMuet, horloge });
  servirPagesConstruites(serveur);
  const lien = (
    await monterConsole(serveur, {
      transmissions,
      cles: ouvrirCles(dossier).pour('console'),
      horloge,
      dataDir: dossier,
      publicUrl: `http://127.0.0.1:${port}`,
      local: true,
      journaliseur: journaliseurMuet,
    })
  ).adresse;
  await serveur.ecouter(port, '127.0.0.1');
  // The link signs in once; every test has the session it opened.
  adresse = `http://127.0.0.1:${port}/console/`;
  const { headers } = await fetch(lien, { redirect: 'manual' });
  temoins = headers.getSetCookie().map((c) => {
    const [name = '', value = ''] = (c.split(';')[0] ?? '').split('=');
    return { name, value, url: new URL('/', adresse).href };
  });
});
afterAll(async () => {
  await serveur.fermer(100);
  rmSync(dossier, { recursive: true, force: true });
});

describe('la console dans un navigateur', () => {
  it('se lit et se travaille au clavier, sur grand écran et sur téléphone, sans faute d’accessibilité', () =>
    siNavigateur('la console des conseillers', async (navigateur) => {
      // A laptop set to the other end of the world: hours are those of the service all the same.
      const page = await navigateur.newPage({
        viewport: { width: 1280, height: 900 },
        locale: 'fr-FR',
        timezoneId: 'Pacific/Auckland',
      });
      const fautes: string[] = [];
      page.on('pageerror', (e) => fautes.push(e.message));
      page.on('console', (m) => {
        if (m.type() === 'error') fautes.push(m.text());
      });
      await page.context().addCookies(temoins);
      await page.goto(adresse);
      await page.getByText('2 demandes').waitFor();
      expect(await page.locator('#file').innerText()).toContain('délai dépassé');
      const axe = new AxeBuilder(page);
      expect(await axe.violations()).toEqual([]);

      await page.locator(`[data-reference="${R}"]`).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Pour joindre la personne' }).waitFor();
      // What a person wrote is shown as text, tags included, and runs nothing.
      await page.getByText('<script>alert(1)</script>').waitFor();
      await page.getByText('Ne démissionnez pas sur cette base').waitFor();

      await page.getByRole('button', { name: 'Prendre en charge' }).click();
      await page.getByLabel('Ce qui s’est passé').selectOption('appel-sans-reponse');
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('1 tentative de contact').waitFor();
      const demain = new Date(Date.now() + JOUR).toISOString().slice(0, 10);
      await page.getByLabel('Date et heure').fill(`${demain}T09:30`);
      await page.getByRole('button', { name: 'Fixer le rendez-vous' }).click();
      await page.getByText('Le rendez-vous est noté.').waitFor();
      await page.getByText('à 9 h 30 (heure de Paris), par téléphone').waitFor();
      expect(await page.locator('#file').innerText()).toContain('à 9 h 30 (heure de Paris)');
      expect(
        new Intl.DateTimeFormat('sv-SE', {
          timeZone: 'Europe/Paris',
          dateStyle: 'short',
          timeStyle: 'short',
        }).format((await transmissions.lire(R))?.rendezVous?.le),
      ).toBe(`${demain} 09:30`);
      expect(await axe.violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'f-console-1280.png'), fullPage: true });
      // On paper: what is known, none of what is pressed, typed or said for a moment.
      await page.emulateMedia({ media: 'print' });
      for (const absent of ['#annonce', '#note', '#rendez-vous-le', '#motif', 'nav', 'header'])
        expect(await page.locator(absent).isVisible(), absent).toBe(false);
      expect(await page.locator('main button:visible').count()).toBe(0);
      for (const present of ['Pour joindre la personne', 'à 9 h 30 (heure de Paris)', 'Historique'])
        expect(await page.locator('main').getByText(present).first().isVisible(), present).toBe(true);
      await page.emulateMedia({ media: 'screen' });

      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await axe.violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'f-console-390.png') });

      await page.getByLabel('Clore avec le motif').selectOption('aboutie|rendez-vous-honore');
      await page.getByRole('button', { name: 'Clore', exact: true }).click();
      await page.getByText('1 demande', { exact: true }).waitFor();
      expect((await transmissions.lire(R))?.etat).toBe('aboutie');
      expect(fautes).toEqual([]);
    }));

  it('sur un téléphone, montre la file ou la fiche, et en revient avec sa place', () =>
    siNavigateur('la console des conseillers', async (navigateur) => {
      const page = await navigateur.newPage({ viewport: { width: 360, height: 740 }, locale: 'fr-FR' });
      await page.context().addCookies(temoins);
      await page.goto(adresse);
      const ligne = page.locator('#file button').first();
      await ligne.waitFor();
      const fiche = page.getByRole('heading', { name: 'Pour joindre la personne' });
      const retour = page.getByRole('button', { name: 'Retour à la file' });
      const aLeFocus = (): Promise<string | null> =>
        page.evaluate(
          () => document.activeElement?.getAttribute('data-reference') ?? document.activeElement?.id ?? null,
        );
      expect(await retour.isVisible()).toBe(false);

      const reference = await ligne.getAttribute('data-reference');
      await ligne.focus();
      await page.keyboard.press('Enter');
      await fiche.waitFor();
      expect(await page.locator('#file').isVisible()).toBe(false);
      expect(await aLeFocus()).toBe('fiche');
      // What is read first is on the first screen, not under the whole queue.
      expect((await fiche.boundingBox())?.y ?? 9_999).toBeLessThan(740);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'f-console-360.png') });
      // The way back is the first thing before the file.
      await page.keyboard.press('Shift+Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Retour à la file');
      await page.keyboard.press('Enter');
      await fiche.waitFor({ state: 'hidden' });
      expect(await aLeFocus()).toBe(reference);
      expect(await new AxeBuilder(page).violations()).toEqual([]);

      // The browser's own « back » does the same, and « forward » opens the file again: no address, no reference in it.
      await page.keyboard.press('Enter');
      await fiche.waitFor();
      await page.goBack();
      await fiche.waitFor({ state: 'hidden' });
      expect(await aLeFocus()).toBe(reference);
      await page.goForward();
      await fiche.waitFor();
      expect(page.url()).not.toContain('CEP');

      await page.locator('#fiche').focus();
      await page.keyboard.press('/');
      expect(await aLeFocus()).toBe('recherche');
      expect(await page.locator('#recherche').isVisible()).toBe(true);
    }));

  it('donne tous les moyens de joindre la personne, et ne perd rien de ce qui s’écrit', () =>
    siNavigateur('la console des conseillers', async (navigateur) => {
      const reference = 'CEP-22222-2222P';
      const base = demandeEssai({ reference });
      await transmissions.transmettre({
        ...base,
        contact: { moyen: 'telephone', valeur: '0698765432', nom: 'Loïs N’Guyen' },
        document: {
          ...base.document,
          sections: [
            ...base.document.sections,
            {
              id: 'contact',
              titre: 'Le contact',
              lignes: [
                { id: 'contact-nom', libelle: 'Nom', texte: 'Loïs N’Guyen', retirable: true },
                { id: 'contact-telephone', libelle: 'Téléphone', texte: '0698765432', retirable: true },
                { id: 'contact-courriel', libelle: 'Courriel', texte: 'lois@example.org', retirable: true },
              ],
            },
          ],
        },
      });
      const contexte = await navigateur.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await contexte.newPage();
      await contexte.addCookies(temoins);
      await page.goto(adresse);
      await page.getByLabel('Rechercher').fill("lois@ n'guyen 0698765432");
      await page.getByText('1 demande', { exact: true }).waitFor();
      await page.locator(`[data-reference="${reference}"]`).click();
      await page.getByRole('link', { name: 'lois@example.org' }).waitFor();
      const telephone = page.getByRole('link', { name: /06.98.76.54.32/ });
      expect(await telephone.getAttribute('href')).toBe('tel:0698765432');
      expect(await page.getByRole('heading', { name: 'Textes à l’appui' }).count()).toBe(1);
      await page.getByText('vérifié le 29/03/2019').waitFor();

      await page.getByRole('button', { name: 'Prendre en charge' }).click();
      // A click alone closes nothing: a closed file never opens again.
      await page.getByRole('button', { name: 'Clore', exact: true }).click();
      await page.getByText('Choisissez d’abord un motif').waitFor();
      expect((await transmissions.lire(reference))?.etat).toBe('prise-en-charge');

      await page.getByLabel('Ajouter une note').fill('Rappeler après le cours');
      // Refused (a date in the past): the other things being written are still there.
      await page.getByLabel('Date et heure').fill('2020-01-01T09:30');
      await page.getByRole('button', { name: 'Fixer le rendez-vous' }).click();
      await page.getByText('Choisissez une date à venir').waitFor();
      expect(await page.getByLabel('Ajouter une note').inputValue()).toBe('Rappeler après le cours');
      expect(await page.getByLabel('Date et heure').inputValue()).toBe('2020-01-01T09:30');

      await contexte.clearCookies();
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Votre session est terminée').waitFor();
      expect(await page.getByLabel('Ajouter une note').inputValue()).toBe('Rappeler après le cours');
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      // Signed in again in another tab: the same click goes through, and the warning leaves.
      await contexte.addCookies(temoins);
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Note enregistrée.').waitFor();
      expect(await page.getByLabel('Ajouter une note').inputValue()).toBe('');
      expect(await page.getByText('Votre session est terminée').isVisible()).toBe(false);
      expect((await transmissions.lire(reference))?.contenu?.notes.map((n) => n.texte)).toEqual([
        'Rappeler après le cours',
      ]);
      await contexte.close();
    }));

  it('ne perd pas une phrase quand la demande est close ailleurs, et dit une coupure en français', () =>
    siNavigateur('la console des conseillers', async (navigateur) => {
      const reference = 'CEP-22222-2222T';
      await transmissions.transmettre(demandeEssai({ reference }));
      const contexte = await navigateur.newContext({ locale: 'fr-FR' });
      await contexte.addCookies(temoins);
      const page = await contexte.newPage();
      await page.goto(adresse);
      await page.locator(`[data-reference="${reference}"]`).click();
      await page.getByRole('button', { name: 'Prendre en charge' }).click();
      const note = page.getByLabel('Ajouter une note');
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Écrivez la note').waitFor();

      await note.fill('dite avant la coupure');
      await contexte.setOffline(true);
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('La connexion est coupée.').waitFor();
      expect(await note.inputValue()).toBe('dite avant la coupure');
      await contexte.setOffline(false);
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Note enregistrée').waitFor();

      await note.fill('au milieu d’une phrase');
      const par = (await transmissions.lire(reference))?.conseiller ?? { id: '', nom: '' };
      await transmissions.clore(reference, par, 'aboutie', 'reponse-donnee');
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Ce que vous écriviez n’a plus de champ').waitFor();
      expect(await page.locator('#brouillons textarea').inputValue()).toBe('au milieu d’une phrase');
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await contexte.close();
    }));
});
