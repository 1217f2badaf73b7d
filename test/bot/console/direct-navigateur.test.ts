import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole } from '../../../bot/console/index.ts';
import { creerSessions, type Sessions } from '../../../bot/console/sessions.ts';
import type { Transmissions } from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { servirPagesConstruites } from '../../support/pages-construites.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { portLibre } from '../../support/serveur.ts';
import { demandeEssai, journaliseurMuet, transmissionsEssai } from '../handover/jeu.ts';

const SORTIES = join(RACINE_PROJET, 'test', 'sorties');
const R = 'CEP-7K3M9-QXA4T';

let dossier: string;
let serveur: Serveur;
let base: string;
let transmissions: Transmissions;
let sessions: Sessions;

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-direct-'));
  transmissions = await transmissionsEssai(Date.now);
  await transmissions.transmettre(demandeEssai());
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  serveur = creerServeur({ hotes: [], https: false, journaliseur: journaliseurMuet, horloge: Date.now });
  servirPagesConstruites(serveur);
  const cles = ouvrirCles(dossier).pour('console');
  monterConsole(serveur, {
    transmissions,
    cles,
    horloge: Date.now,
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur: journaliseurMuet,
  });
  sessions = creerSessions({ cles, horloge: Date.now, securise: false, dossier });
  await serveur.ecouter(port, '127.0.0.1');
});
afterAll(async () => {
  await serveur.fermer(100);
  rmSync(dossier, { recursive: true, force: true });
});

/** The console of one counsellor, told of changes. */
async function ouvrirConsole(navigateur: Browser, nom: string): Promise<Page> {
  const contexte = await navigateur.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'fr-FR',
  });
  const temoin = sessions.ouvrir({
    id: nom,
    nom,
    roles: ['conseiller'],
    operateurs: 'tous',
    regions: 'toutes',
  });
  const [cle = '', ...valeur] = (temoin.split(';')[0] ?? '').split('=');
  await contexte.addCookies([{ name: cle, value: valeur.join('='), url: base }]);
  const page = await contexte.newPage();
  const branchee = page.waitForResponse((r) => r.url().endsWith('/api/console/direct'));
  await page.goto(`${base}/console/`);
  await page.locator(`[data-reference="${R}"]`).waitFor();
  await branchee;
  return page;
}

/** Everything a screen reader would be told from now on. */
async function ecouterAnnonces(page: Page): Promise<readonly string[]> {
  const annonces: string[] = [];
  await page.exposeFunction('annoncer', (mots: string) => annonces.push(mots));
  await page.evaluate(() => {
    for (const zone of document.querySelectorAll('[role=status]'))
      new MutationObserver(() => {
        if (zone.checkVisibility() && zone.textContent !== '')
          Reflect.get(globalThis, 'annoncer')(zone.textContent);
      }).observe(zone, { childList: true, characterData: true, subtree: true, attributes: true });
  });
  return annonces;
}

describe('la console en direct dans un navigateur', () => {
  it('l’une voit en une seconde ce que l’autre fait, sans perdre sa place ni ses mots', () =>
    siNavigateur('la console en direct', async (navigateur) => {
      const lea = await ouvrirConsole(navigateur, 'Léa');
      const noe = await ouvrirConsole(navigateur, 'Noé');
      const annonces = await ecouterAnnonces(noe);
      const ligne = noe.locator(`[data-reference="${R}"]`);

      // Noé looks at the queue, the focus on the line that is about to change.
      await ligne.focus();
      await lea.locator(`[data-reference="${R}"]`).click();
      const prendre = lea.getByRole('button', { name: 'Prendre en charge' });
      await prendre.waitFor();
      const depuis = Date.now();
      await prendre.click();
      await ligne.locator('.etat.prise-en-charge', { hasText: 'Léa' }).waitFor();
      expect(Date.now() - depuis).toBeLessThan(4_500);
      expect(await noe.evaluate(() => document.activeElement?.getAttribute('data-reference'))).toBe(R);
      expect(annonces).toEqual([]);

      // Noé reads the file: it is drawn again by itself, and said once.
      await ligne.click();
      await noe.getByRole('heading', { name: 'Pour joindre la personne' }).waitFor();
      await lea.getByRole('button', { name: 'Rendre à la file' }).click();
      await noe.getByRole('button', { name: 'Prendre en charge' }).waitFor();
      expect(annonces).toEqual(['Cette demande vient de changer.']);

      // Léa is writing a note in hers when the person adds a word: it is proposed, not imposed.
      await lea.getByRole('button', { name: 'Prendre en charge' }).click();
      await lea.getByLabel('Ajouter une note').fill('rappeler après 18 h');
      await transmissions.ajouterMessage(R, 'Je préfère le matin.');
      await lea.getByRole('button', { name: 'Voir ce qui a changé' }).waitFor();
      expect(await lea.getByLabel('Ajouter une note').inputValue()).toBe('rappeler après 18 h');
      expect(await lea.evaluate(() => document.activeElement?.id)).toBe('note');
      expect(await new AxeBuilder(lea).violations()).toEqual([]);
      await lea.screenshot({ path: join(SORTIES, 'b-direct-1280.png') });
      await lea.getByRole('button', { name: 'Voir ce qui a changé' }).click();
      await lea.getByText('Je préfère le matin.').waitFor();

      // Cut, it says so; back, it catches up and says nothing more.
      await noe.setViewportSize({ width: 360, height: 740 });
      await noe.context().setOffline(true);
      serveurCoupe();
      await noe.getByText('Mise à jour interrompue').waitFor({ timeout: 120_000 });
      expect(await noe.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await new AxeBuilder(noe).violations()).toEqual([]);
      await noe.screenshot({ path: join(SORTIES, 'b-direct-360.png') });
      await transmissions.liberer(R, { id: 'Léa', nom: 'Léa' });
      await noe.context().setOffline(false);
      // On a phone the file is open, and the line is behind it.
      await ligne.locator('.etat.ouverte').waitFor({ state: 'attached', timeout: 120_000 });
      await noe.getByText('Mise à jour interrompue').waitFor({ state: 'hidden' });

      // Erased by the person: nothing of it stays on any screen.
      await transmissions.effacer(R);
      await noe.getByText('Aucune demande').waitFor();
      for (const page of [lea, noe]) {
        await expect.poll(() => page.getByText('06 12 34 56 78').count()).toBe(0);
        await page.context().close();
      }
    }));
});

/** A cut network leaves the stream half open in Chromium: the server lets its connections go, as a restart would. */
function serveurCoupe(): void {
  serveur.restify.server.closeAllConnections();
}
