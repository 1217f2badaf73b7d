import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jourDe, jourEnToutesLettres } from '../../knowledge/vocabulaire/index.ts';
import { ouvrirReceveur, type Receveur } from '../bot/envois/receveur.ts';
import { AxeBuilder } from '../support/axe.ts';
import { siNavigateur } from '../support/chromium.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../support/serveur.ts';

const SORTIES = join(import.meta.dirname, '..', 'sorties');
const SERVICE = 'Avenir Actifs d’essai';
/** In a month: the console takes appointments within the year. */
const JOUR_RENDEZ_VOUS = jourDe(Date.now() + 30 * 86_400_000);
/** Everything of this conversation that must be gone in the end; each is there, on disk, just before. */
const TRACES = [
  'zinguerie-de-la-personne',
  'tuilage-du-conseil',
  'ardoise-apres-arret',
  'lauze-ajoutee-ensemble',
  '06 12 34 56 78',
  'Zoé Marquette',
];
let reglages: string;
let serveur: ServeurLance;
let receveur: Receveur;
const sorties: string[] = [];

beforeAll(async () => {
  mkdirSync(SORTIES, { recursive: true });
  receveur = await ouvrirReceveur();
  reglages = mkdtempSync(join(tmpdir(), 'cep-services-'));
  writeFileSync(
    join(reglages, 'services.json'),
    JSON.stringify([
      {
        id: 'aa-essai',
        nom: SERVICE,
        operateur: 'operateur-regional',
        regions: ['32'],
        demonstration: true,
        enDirect: true,
        webhook: { url: receveur.url, secret: 'x'.repeat(40) },
      },
    ]),
  );
  serveur = await lancerServeur({ env: reglage() });
});
afterAll(async () => {
  await serveur.tuer();
  await receveur.fermer();
  nettoyer(serveur.dataDir);
  rmSync(reglages, { recursive: true, force: true });
});

const reglage = (): Record<string, string> => ({
  SERVICES: join(reglages, 'services.json'),
  LOG_LEVEL: 'info',
});

/** Killed without warning, started again on the same port and folder: what both sides wrote must still be there. */
async function redemarrer(): Promise<void> {
  sorties.push(serveur.sortie());
  await serveur.tuer('SIGKILL');
  serveur = await lancerServeur({ port: serveur.port, dataDir: serveur.dataDir, env: reglage() });
}

/** Everything the program keeps, as text. Its lock is a socket. */
const surDisque = (dossier = serveur.dataDir): string =>
  readdirSync(dossier, { withFileTypes: true })
    .map((e) => {
      const chemin = join(dossier, e.name);
      return e.isDirectory() ? surDisque(chemin) : e.isFile() ? readFileSync(chemin, 'utf8') : '';
    })
    .join('\n');

async function ouvrirPage(navigateur: Browser, largeur: number, hauteur: number): Promise<Page> {
  const page = await navigateur.newPage({
    viewport: { width: largeur, height: hauteur },
    locale: 'fr-FR',
  });
  page.setDefaultTimeout(40_000);
  return page;
}
const dernier = (page: Page, mots: string): Locator => page.locator('#fil').getByText(mots).last();
const bouton = (page: Page, nom: string): Locator =>
  page.locator('#fil').getByRole('button', { name: nom, exact: true }).last();
async function ecrire(page: Page, mots: string): Promise<void> {
  await page.locator('#saisie').fill(mots);
  await page.locator('#saisie').press('Enter');
}
const sansFaute = async (page: Page, etat: string): Promise<void> =>
  expect(await new AxeBuilder(page).violations(), etat).toEqual([]);

/** From the first sentence to the request sent, with the agreement to be answered in the conversation. */
async function envoyerSaDemande(page: Page): Promise<string> {
  await page.goto(`${serveur.accueil}widget/`);
  await dernier(page, 'Qu’est-ce qui vous amène').waitFor();
  await ecrire(
    page,
    'je suis caissière à Lille, pas cadre, personne ne me suit, je veux devenir aide-soignante',
  );
  await bouton(page, 'Je préfère ne pas répondre').click();
  await bouton(page, 'Oui, qui peut m’accompagner ?').click();
  await bouton(page, 'Je choisis Avenir Actifs Hauts-de-France').click();
  await bouton(page, 'Oui, préparer mon document').click();
  await bouton(page, 'L’envoyer à Avenir Actifs Hauts-de-France').click();
  const fil = page.locator('#fil');
  await fil.getByLabel('Votre nom').last().fill('Zoé Marquette');
  await fil.getByLabel('Votre téléphone').last().fill('06 12 34 56 78');
  await fil
    .getByLabel(/Je suis d’accord/)
    .last()
    .check();
  await fil
    .getByLabel(/peut aussi me répondre ici/)
    .last()
    .check();
  // Never ticked beforehand; beside it, what it shows and until when.
  const lecture = fil.getByLabel(/peut aussi lire notre conversation/).last();
  expect(await lecture.isChecked()).toBe(false);
  await fil
    .getByText(/retirer à tout moment, ici ou sur la page de suivi/)
    .last()
    .waitFor();
  await lecture.check();
  await sansFaute(page, 'formulaire avec les accords');
  await page.screenshot({ path: join(SORTIES, 'lecture-accord.png') });
  await bouton(page, 'Envoyer').click();
  await dernier(page, 'C’est envoyé à').waitFor();
  return /CEP-[A-Z0-9-]+/.exec(await fil.innerText())?.[0] ?? '';
}

describe('le parcours entier, échange en direct compris', () => {
  it(
    'de la première phrase à l’effacement, un arrêt brutal au milieu',
    () =>
      siNavigateur('le parcours avec échange en direct', async (navigateur: Browser) => {
        const personne = await ouvrirPage(navigateur, 420, 900);
        const erreurs: string[] = [];
        personne.on('pageerror', (e) => erreurs.push(e.message));
        const reference = await envoyerSaDemande(personne);
        expect(reference).not.toBe('');

        // The service is told: a link, nothing of the person.
        await expect.poll(() => receveur.recus.length, { timeout: 120_000 }).toBe(1);
        expect(receveur.recus[0]?.corps).not.toMatch(/Zoé|06 12|caissière|aide-soignante/);

        const conseil = await ouvrirPage(navigateur, 1280, 900);
        conseil.on('pageerror', (e) => erreurs.push(e.message));
        await conseil.goto(serveur.console);
        await conseil.getByRole('button', { name: /Changer de métier/ }).click();
        await conseil.getByText('06 12 34 56 78').waitFor();
        // Not theirs yet: nothing lets them speak.
        expect(await conseil.getByRole('button', { name: 'Rejoindre la conversation' }).count()).toBe(0);
        await conseil.getByText('prenez la demande en charge pour la lire').waitFor();
        expect(await conseil.getByRole('button', { name: 'Lire la conversation' }).count()).toBe(0);
        await conseil.getByRole('button', { name: 'Prendre en charge' }).click();

        // The conversation, asked for with the keyboard: both sides, as they were said.
        await conseil.getByRole('button', { name: 'Lire la conversation' }).focus();
        await conseil.keyboard.press('Enter');
        const lue = conseil.locator('.conversation-fil');
        await lue.getByText('je suis caissière à Lille, pas cadre').waitFor();
        await lue.getByText('Qu’est-ce qui vous amène').first().waitFor();
        expect(await lue.evaluate((e) => e === document.activeElement)).toBe(true);
        expect(await lue.innerText()).not.toMatch(/06 12|Marquette/);
        await sansFaute(conseil, 'conversation lue');
        await conseil.locator('.conversation').screenshot({ path: join(SORTIES, 'lecture-1280.png') });
        await conseil.setViewportSize({ width: 360, height: 740 });
        await conseil.locator('.conversation').scrollIntoViewIfNeeded();
        expect(await conseil.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        await conseil.screenshot({ path: join(SORTIES, 'lecture-360.png') });
        await conseil.setViewportSize({ width: 1280, height: 900 });
        await conseil.getByText('Elle n’y est peut-être pas en ce moment').waitFor();
        expect(await dernier(personne, 'a rejoint').count()).toBe(0);

        // Joining, with the keyboard alone.
        await conseil.getByRole('button', { name: 'Rejoindre la conversation' }).focus();
        await conseil.keyboard.press('Enter');
        await dernier(personne, 'a rejoint la conversation').waitFor();
        await personne.getByText(`Vous parlez avec Conseiller de démonstration (${SERVICE}).`).waitFor();
        expect(await personne.locator('#sous-titre').innerText()).toBe(
          'Une personne vous répond en ce moment',
        );
        await expect.poll(() => conseil.evaluate(() => document.activeElement?.id)).toBe('echange-message');
        await conseil.keyboard.type('Bonjour, ici tuilage-du-conseil.');
        // Seen while it is written, on a line no screen reader announces, and gone with the words.
        const frappe = personne.locator('#frappe');
        await frappe.getByText('Conseiller de démonstration écrit…').waitFor();
        expect(await frappe.evaluate((n) => n.closest('[aria-live], [role=status], [role=log]'))).toBeNull();
        await sansFaute(personne, 'le conseiller écrit');
        await personne.screenshot({ path: join(SORTIES, 'b-ecrit-personne.png') });
        await conseil.keyboard.press('Enter');
        await frappe.waitFor({ state: 'hidden' });

        const bulle = personne.locator('.bulle.conseil').last();
        await bulle.getByText('tuilage-du-conseil').waitFor();
        expect(await bulle.locator('.auteur').innerText()).toMatch(
          new RegExp(`^Conseiller de démonstration, ${SERVICE}\\s*Une personne`),
        );
        const avant = await personne.locator('.bulle:not(.moi)').count();
        await personne.locator('#saisie').pressSequentially('c’est');
        await conseil.getByText('La personne écrit…').waitFor();
        await sansFaute(conseil, 'la personne écrit');
        await conseil.screenshot({ path: join(SORTIES, 'b-ecrit-conseil.png') });
        await ecrire(personne, 'c’est payant ? je pense à la zinguerie-de-la-personne');
        await conseil.getByText('La personne écrit…').waitFor({ state: 'hidden' });
        await conseil.locator('.echange-fil').getByText('zinguerie-de-la-personne').waitFor();
        expect(await personne.locator('.bulle:not(.moi)').count()).toBe(avant);
        // What was said before to the assistant is not theirs to read.
        expect(await conseil.locator('.echange-fil').innerText()).not.toContain('caissière');
        await sansFaute(personne, 'échange, côté personne');
        await sansFaute(conseil, 'échange, côté conseil');
        await personne.screenshot({ path: join(SORTIES, 'echange-personne.png') });
        await conseil.screenshot({ path: join(SORTIES, 'echange-conseil.png'), fullPage: true });

        // The answer to a message is lost on its way, the message is not: sent again with its key, it is said once.
        await conseil.route('**/echange/dire', async (route) => {
          await route.fetch();
          await route.abort();
        });
        await conseil.getByLabel('Votre message à la personne').fill('Dit une seule fois.');
        await conseil.getByLabel('Votre message à la personne').press('Enter');
        await conseil.getByText('Pas encore envoyé : « Dit une seule fois. »').waitFor();
        await sansFaute(conseil, 'message en attente');
        await conseil.unroute('**/echange/dire');
        await conseil.getByRole('button', { name: 'Réessayer' }).click();
        await conseil.getByText('Pas encore envoyé').waitFor({ state: 'hidden' });
        await personne.locator('.bulle.conseil').getByText('Dit une seule fois.').waitFor();
        expect(await personne.getByText('Dit une seule fois.').count()).toBe(1);

        await redemarrer();
        // Neither page is touched: both find their way back by themselves.
        await ecrire(personne, 'vous êtes là, ardoise-apres-arret ?');
        await conseil.locator('.echange-fil').getByText('ardoise-apres-arret').waitFor({ timeout: 120_000 });
        await conseil.getByLabel('Votre message à la personne').fill('Oui, toujours.');
        await conseil.getByLabel('Votre message à la personne').press('Enter');
        await personne.locator('.bulle.conseil').getByText('Oui, toujours.').waitFor({ timeout: 120_000 });
        expect(await personne.locator('.bulle.conseil').count()).toBe(3);
        expect(await personne.getByText('vous êtes là, ardoise-apres-arret ?').count()).toBe(1);
        await personne.reload();
        await personne.getByText(`Vous parlez avec Conseiller de démonstration (${SERVICE}).`).waitFor();
        expect(await personne.locator('.bulle.conseil').count()).toBe(3);

        // The appointment, while they talk.
        await conseil.getByLabel('Date et heure').fill(`${JOUR_RENDEZ_VOUS}T10:30`);
        await conseil.getByLabel('Comment').selectOption('telephone');
        await conseil.getByRole('button', { name: 'Fixer le rendez-vous' }).click();
        await expect.poll(() => conseil.locator('.echange-fil').count()).toBe(1);
        await conseil.getByText('Le rendez-vous est noté').first().waitFor();
        expect(await conseil.locator('.echange-fil').getByText('Oui, toujours.').count()).toBe(1);

        // The shared « état des lieux »: read again together, completed, kept as a new version; the person is told at once.
        await conseil.getByText('Confirmer ou compléter le document avec la personne').click();
        await conseil.getByLabel('À ajouter au besoin clarifié').fill('lauze-ajoutee-ensemble');
        await conseil.getByRole('button', { name: 'Enregistrer cette version' }).click();
        await conseil.getByText('Cochez d’abord que la personne a relu').waitFor();
        await conseil.getByLabel('Relu avec la personne, qui est d’accord').check();
        await sansFaute(conseil, 'confirmation du document');
        await conseil.getByRole('button', { name: 'Enregistrer cette version' }).click();
        await conseil.getByText('Ajouté avec le conseil').waitFor();
        await dernier(personne, 'Votre document a été relu avec vous et confirmé').waitFor();
        await conseil.getByRole('button', { name: 'Quitter et rendre la main à l’assistant' }).click();
        await dernier(personne, 'a quitté la conversation').waitFor();
        expect(await personne.locator('#echange').isHidden()).toBe(true);
        expect(await personne.locator('#sous-titre').innerText()).toBe(
          'Un programme vous répond, pas une personne',
        );
        await ecrire(personne, 'c’est payant ?');
        await dernier(personne, 'gratuit').waitFor();

        const ailleurs = await ouvrirPage(navigateur, 360, 740);
        await ailleurs.goto(`${serveur.accueil}suivi`);
        await ailleurs.getByLabel('Votre code').fill(reference.toLowerCase());
        await ailleurs.getByRole('button', { name: 'Voir ma demande' }).click();
        await ailleurs
          .getByText(new RegExp(jourEnToutesLettres(JOUR_RENDEZ_VOUS)))
          .first()
          .waitFor();
        await ailleurs.getByText('Lire le document').click();
        await ailleurs.getByText('lauze-ajoutee-ensemble').waitFor();
        // At 400 %, the document open: nothing is read sideways.
        await ailleurs.setViewportSize({ width: 320, height: 256 });
        expect(await ailleurs.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
        await ailleurs.setViewportSize({ width: 360, height: 740 });
        await sansFaute(ailleurs, 'suivi avec rendez-vous et document confirmé');

        // Taken back here: gone at once from the page the counsellor has before their eyes, and said in the chat.
        if ((await conseil.getByRole('button', { name: 'Lire la conversation' }).count()) > 0)
          await conseil.getByRole('button', { name: 'Lire la conversation' }).click();
        await lue.getByText('je suis caissière à Lille, pas cadre').waitFor();
        await ailleurs
          .getByRole('heading', { name: 'Lecture de votre conversation' })
          .scrollIntoViewIfNeeded();
        await ailleurs.screenshot({ path: join(SORTIES, 'lecture-suivi-360.png') });
        await ailleurs.getByRole('button', { name: 'Ne plus laisser lire ma conversation' }).click();
        await ailleurs.getByText(`${SERVICE} ne peut plus lire votre conversation`).waitFor();
        await sansFaute(ailleurs, 'suivi, lecture retirée');
        await lue.waitFor({ state: 'hidden' });
        expect(await conseil.locator('main').innerText()).not.toContain('je suis caissière');
        await dernier(personne, 'vous avez retiré votre accord').waitFor();

        const gardes = surDisque();
        for (const trace of TRACES) expect(gardes, trace).toContain(trace);
        expect(gardes).toContain(reference);
        await ailleurs.getByLabel('Je veux tout effacer, sans retour possible').check();
        await ailleurs.getByRole('button', { name: 'Tout effacer' }).click();
        await ailleurs.getByRole('heading', { name: 'Tout est effacé' }).waitFor();

        // The counsellor's page learns it by itself, and nothing is left anywhere.
        await conseil.getByText('Aucune demande ici.').waitFor({ timeout: 120_000 });
        const reste = surDisque();
        for (const trace of [...TRACES, reference]) expect(reste, trace).not.toContain(trace);
        await serveur.tuer('SIGTERM');
        sorties.push(serveur.sortie());
        const dits = sorties.join('\n');
        for (const trace of [...TRACES, reference]) expect(dits, trace).not.toContain(trace);
        expect(erreurs).toEqual([]);
      }),
    240_000,
  );
});
