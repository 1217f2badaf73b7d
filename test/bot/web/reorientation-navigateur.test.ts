import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { bouton, derniers, ecrire, ouvrirPage } from '../../support/conversation.ts';
import { MOTS, Personne } from '../../support/personne.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../../support/serveur.ts';

const JOURNEE = ['09:00-12:00', '14:00-17:00'];
const SERVICES = [
  {
    id: 'aa-hdf',
    nom: 'Avenir Actifs Hauts-de-France (essai)',
    operateur: 'operateur-regional',
    regions: ['32'],
    demonstration: false,
    enDirect: true,
    horaires: {
      semaine: { lundi: JOURNEE, mardi: JOURNEE, jeudi: JOURNEE, vendredi: ['09:00-12:00'] },
      note: 'Accueil sur rendez-vous le vendredi.',
    },
  },
  {
    id: 'apec',
    nom: 'Apec (essai)',
    operateur: 'apec',
    regions: 'toutes',
    demonstration: false,
    enDirect: true,
  },
];

let serveur: ServeurLance;
let reglages: string;
beforeAll(async () => {
  reglages = mkdtempSync(join(tmpdir(), 'cep-reorientation-'));
  writeFileSync(join(reglages, 'services.json'), JSON.stringify(SERVICES));
  serveur = await lancerServeur({ env: { SERVICES: join(reglages, 'services.json') } });
});
afterAll(async () => {
  await serveur.tuer();
  nettoyer(serveur.dataDir);
  rmSync(reglages, { recursive: true, force: true });
});

const codeDe = async (page: Page): Promise<string> => {
  await page.locator('#menu summary').click();
  await page.locator('#reprendre').click();
  await page.locator('#garder-code').waitFor();
  const code = (await page.locator('#code-reprise').textContent()) ?? '';
  await page.locator('#fermer-reprise').click();
  return code;
};

/** At the width of a phone and of a desk. `voir`: what must be on the picture. */
async function photographier(page: Page, nom: string, voir?: Locator): Promise<void> {
  for (const largeur of [1280, 360]) {
    await page.setViewportSize({ width: largeur, height: 1400 });
    await voir?.scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(largeur);
    await page.screenshot({ path: `test/sorties/${nom}-${largeur}.png`, fullPage: true });
  }
}

describe('une réorientation, dans un vrai navigateur', () => {
  it('la carte répond encore après un rechargement et une reprise par code, une seule fois', () =>
    siNavigateur('la carte de réorientation', async (navigateur) => {
      const base = serveur.accueil.replace(/\/$/, '');
      const page = await ouvrirPage(navigateur, { viewport: { width: 360, height: 800 }, locale: 'fr-FR' });
      await page.goto(`${serveur.accueil}widget/`);
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      const code = await codeDe(page);
      // The same person sends their document from another device.
      const personne = await Personne.parCode(base, code);
      await personne.dire(MOTS);
      for (const choix of [
        'Je préfère ne pas répondre',
        'Oui, qui peut m’accompagner ?',
        'Je choisis Avenir Actifs Hauts-de-France',
        'Oui, préparer mon document',
        'L’envoyer à Avenir Actifs Hauts-de-France',
      ])
        await personne.choisir(choix);
      const envoi = await personne.choisir('Envoyer', { telephone: '06 12 34 56 78', consentement: 'true' });
      const reference = /CEP-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(envoi)?.[0] ?? '';
      expect(reference).not.toBe('');

      const entree = await fetch(serveur.console, { redirect: 'manual' });
      const temoin = (entree.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      const chemin = `${base}/api/console/transmissions/${reference}`;
      const agir = async (geste: string, corps: object): Promise<void> => {
        const reponse = await fetch(`${chemin}/${geste}`, {
          method: 'POST',
          headers: { Cookie: temoin, 'X-Console': '1', 'Content-Type': 'application/json' },
          body: JSON.stringify(corps),
        });
        expect(reponse.status, `${geste} ${await reponse.text()}`).toBe(200);
      };
      const fiche = async () =>
        (await (await fetch(chemin, { headers: { Cookie: temoin } })).json()) as {
          operateur: string;
          etat: string;
          contenu: { consentement: object };
        };
      const proposer = (operateur: string): Promise<void> =>
        agir('reorienter', {
          vers: { type: 'operateur', operateur },
          motif: 'autre-operateur-plus-adapte',
          mots: 'Vous pourrez en parler <b>ensemble</b>.',
        });
      await agir('prendre', {});
      await proposer('apec');

      // Shown at once, without the person having written; the same card after a reload.
      const oui = 'Oui, transmettre à Apec (essai)';
      await bouton(page, oui).waitFor();
      await page.reload();
      await bouton(page, oui).waitFor();
      expect(await bouton(page, oui).isEnabled()).toBe(true);
      await page.waitForTimeout(500);
      await photographier(page, 'reorientation-standard', bouton(page, 'Je répondrai plus tard'));
      expect(await new AxeBuilder(page).violations()).toEqual([]);

      // On another device, by code: answered there, a box ticked.
      const ailleurs = await ouvrirPage(navigateur, {
        viewport: { width: 360, height: 800 },
        locale: 'fr-FR',
      });
      await ailleurs.goto(`${serveur.accueil}widget/`);
      await derniers(ailleurs, 'Qu’est-ce qui vous amène').waitFor();
      await ailleurs.locator('#menu summary').click();
      await ailleurs.locator('#reprendre').click();
      await ailleurs.getByLabel('Vous avez déjà un code de reprise').fill(code);
      await ailleurs.keyboard.press('Enter');
      await bouton(ailleurs, oui).waitFor();
      await ailleurs
        .getByLabel(/Apec \(essai\).*peut aussi lire/)
        .last()
        .check();
      await bouton(ailleurs, oui).click();
      const fait = 'votre demande est maintenant chez Apec (essai)';
      await derniers(ailleurs, fait).waitFor();
      await derniers(page, fait).waitFor();
      const apres = await fiche();
      expect(apres).toMatchObject({ operateur: 'apec', etat: 'ouverte' });
      expect(Object.keys(apres.contenu.consentement).toSorted()).toEqual([
        'conversation',
        'destinataire',
        'le',
        'texte',
      ]);

      // Both screens show the answer; a reload offers nothing to do twice, and a press would do nothing.
      await page.reload();
      await derniers(page, fait).waitFor();
      const encore = page.locator('#fil').getByRole('button', { name: 'Non, rester avec', exact: false });
      if ((await encore.count()) > 0 && (await encore.last().isEnabled())) {
        await encore.last().click();
        await expect.poll(() => page.locator('#fil').getByText(fait).count()).toBeGreaterThan(1);
      }
      expect(await fiche()).toEqual(apres);

      // In the easy-to-read register, and answered by typing.
      await personne.envoyer({ text: 'Plus simple', value: { action: 'registre', registre: 'falc' } });
      await agir('prendre', {});
      await proposer('operateur-regional');
      await bouton(page, 'Oui, envoyer à Avenir Actifs Hauts-de-France (essai)').waitFor();
      await photographier(page, 'reorientation-falc', bouton(page, 'Je réponds plus tard'));
      await page.reload();
      await bouton(page, 'Oui, envoyer à Avenir Actifs Hauts-de-France (essai)').waitFor();
      await ecrire(page, 'oui');
      await derniers(page, 'Vous avez peut-être répondu à une autre question').waitFor();
      expect(await fiche()).toMatchObject({ operateur: 'apec', etat: 'prise-en-charge' });
      await ecrire(page, 'oui');
      await derniers(page, 'Vous n’avez rien coché').waitFor();
      await derniers(page, 'C’est fait. Votre demande est chez Avenir Actifs').waitFor();
      expect(await fiche()).toMatchObject({ operateur: 'operateur-regional', etat: 'ouverte' });

      // The person's own page, in both registers: its hours, its note, and a proposal there too.
      await agir('prendre', {});
      await proposer('apec');
      for (const registre of ['standard', 'falc'] as const) {
        await page.goto(`${serveur.accueil}suivi${registre === 'falc' ? '?registre=falc' : ''}`);
        await page.locator('#code').fill(reference);
        await page.locator('form button').first().click();
        await page.getByText('Accueil sur rendez-vous le vendredi.').waitFor();
        await page.getByText('de 9 h à 12 h et de 14 h à 17 h').first().waitFor();
        expect(await new AxeBuilder(page).violations()).toEqual([]);
        await photographier(page, `suivi-${registre}`);
      }
    }));
});
