import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demarrerApp, type App } from '../../../bot/app.ts';
import { lireConfig } from '../../../bot/config.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { MOTS, Personne } from '../../support/personne.ts';
import { portLibre } from '../../support/serveur.ts';
import { journaliseurMuet } from '../handover/jeu.ts';

const SORTIES = join(RACINE_PROJET, 'test', 'sorties');

let dossier: string;
let app: App;
let base: string;
let temoin: string;

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-accueil-'));
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  const config = lireConfig({
    PORT: String(port),
    PUBLIC_URL: base,
    DATA_DIR: dossier,
    LIMIT_MESSAGES_PAR_SECONDE: '0',
    LIMIT_SUIVI_PAR_ADRESSE: '0',
  });
  app = await demarrerApp({ config, horloge: () => Date.now(), journaliseur: journaliseurMuet });
  const entree = await fetch(app.adresses.console, { redirect: 'manual' });
  temoin = (entree.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(async () => {
  await app.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

const ouvrir = (corps: object, entetes: Record<string, string> = { 'X-Console': '1' }): Promise<Response> =>
  fetch(`${base}/api/console/accueil`, {
    method: 'POST',
    headers: { Cookie: temoin, 'Content-Type': 'application/json', ...entetes },
    body: JSON.stringify(corps),
  });

describe('l’accueil assisté', () => {
  it('ne commence pas sans l’accord de la personne, ni sans dire où elle est, ni d’ailleurs', async () => {
    for (const corps of [
      {},
      { mode: 'telephone' },
      { mode: 'telephone', accord: 'oui' },
      { mode: 'rue', accord: true },
    ])
      expect((await ouvrir(corps)).status).toBe(400);
    expect((await ouvrir({ mode: 'guichet', accord: true }, {})).status).toBe(403);
    expect((await fetch(`${base}/api/console/accueil`, { method: 'POST' })).status).toBe(401);
    expect(
      readdirSync(join(dossier, 'conversations'), { recursive: true }).some((f) =>
        String(f).endsWith('.jsonl'),
      ),
    ).toBe(false);
  });

  it('suit les mêmes questions jusqu’au même document, qui dit qui a écrit, et l’accord est gardé', async () => {
    const ouverte = await ouvrir({ mode: 'telephone', accord: true });
    expect(ouverte.status).toBe(200);
    const { resume, conversation } = (await ouverte.json()) as { resume: string; conversation: string };
    const assistee = await Personne.reprendre(base, resume);
    const seule = await Personne.arriver(base);
    // Word for word what the person alone would read.
    const parcours = async (p: Personne): Promise<string[]> => [
      await p.dire(MOTS),
      await p.choisir('Je préfère ne pas répondre'),
      await p.choisir('Oui, qui peut m’accompagner ?'),
      await p.choisir('Je choisis Avenir Actifs Hauts-de-France'),
    ];
    expect(await parcours(assistee)).toEqual(await parcours(seule));

    await assistee.choisir('Oui, préparer mon document');
    await assistee.choisir('L’envoyer à Avenir Actifs Hauts-de-France');
    const fin = await assistee.choisir('Envoyer', {
      telephone: '06 12 34 56 78',
      nom: 'Camille Ördög',
      consentement: 'true',
    });
    const code = /CEP-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(fin)?.[0] ?? '';
    const fiche = (await (
      await fetch(`${base}/api/console/transmissions/${code}`, { headers: { Cookie: temoin } })
    ).json()) as { saisie: { nom: string; mode: string }; contenu: { document: { preparePar: string } } };
    expect(fiche.saisie.mode).toBe('telephone');
    expect(fiche.contenu.document.preparePar).toMatch(
      /^Préparé avec la personne, au téléphone : ses réponses ont été saisies par .+, avec son accord\./,
    );
    expect(fiche.contenu.document.preparePar).toContain(fiche.saisie.nom);

    const journal = readFileSync(
      join(dossier, 'conversations', conversation.slice(0, 2), `${conversation}.jsonl`),
      'utf8',
    );
    expect(journal).toContain('"type":"accueil-assiste"');
    expect(journal).toContain('Êtes-vous d’accord ?');
    const lectures = readdirSync(join(dossier, 'lectures')).map((f) =>
      readFileSync(join(dossier, 'lectures', f), 'utf8'),
    );
    expect(lectures.join('')).toContain(`"geste":"accueil","reference":"${code}"`);

    // The person, home again, holds everything with the code.
    const efface = await fetch(`${base}/suivi`, {
      method: 'POST',
      body: new URLSearchParams({ code, geste: 'effacer', confirme: 'oui' }),
    });
    expect(await efface.text()).toContain('Tout est effacé');
    await expect(Personne.reprendre(base, resume)).rejects.toThrow('reprise refusée');
  });

  it('se fait dans la console, sans faute d’accessibilité, et ne laisse rien sur l’ordinateur', () =>
    siNavigateur('l’accueil assisté', async (navigateur) => {
      const contexte = await navigateur.newContext({
        viewport: { width: 1280, height: 900 },
        locale: 'fr-FR',
      });
      const [nom = '', ...valeur] = temoin.split('=');
      await contexte.addCookies([{ name: nom, value: valeur.join('='), url: base }]);
      const page = await contexte.newPage();
      const fautes: string[] = [];
      page.on('pageerror', (e) => fautes.push(e.message));
      page.on('console', (m) => {
        if (m.type() === 'error') fautes.push(m.text());
      });
      await page.goto(`${base}/console/`);
      await page.getByRole('button', { name: 'Accueil assisté' }).click();
      const axe = new AxeBuilder(page);
      expect(await axe.violations()).toEqual([]);
      await page.getByLabel('La personne est', { exact: true }).selectOption('guichet');
      await page.getByLabel('La personne a entendu ce texte et a dit oui').check();
      await page.getByRole('button', { name: 'Commencer' }).click();
      const cadre = page.frameLocator('iframe');
      await cadre.getByText('Qu’est-ce qui vous amène').first().waitFor();
      // The focus goes on where the first answer is typed; nothing there leaves or closes on a slip, and erases what was just told.
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('IFRAME');
      await expect
        .poll(() => cadre.locator('body').evaluate(() => document.activeElement?.tagName))
        .toBe('TEXTAREA');
      expect(await cadre.getByRole('button', { name: 'Quitter vite' }).isVisible()).toBe(false);
      expect(await cadre.getByRole('button', { name: 'Réduire la fenêtre' }).isVisible()).toBe(false);
      await page.keyboard.type('je voudrais changer de métier');
      await page.keyboard.press('Enter');
      await cadre.getByText('je voudrais changer de métier').first().waitFor();
      expect(await axe.violations()).toEqual([]);
      await page.screenshot({ path: join(SORTIES, 'e-accueil-1280.png') });
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await axe.violations()).toEqual([]);

      // At 400 %, a window a hand high: the frame still holds a question and its answers.
      await page.setViewportSize({ width: 320, height: 256 });
      expect((await page.locator('iframe').boundingBox())?.height).toBeGreaterThanOrEqual(400);
      await page.setViewportSize({ width: 390, height: 800 });

      // Another file is looked at, then the accueil goes on where it was.
      await page.reload();
      await page.getByRole('button', { name: 'Accueil assisté' }).click();
      await cadre.getByText('je voudrais changer de métier').first().waitFor();
      await page.getByRole('button', { name: 'Terminer cet accueil' }).click();
      await page.getByText('L’accueil est terminé.').waitFor();
      expect(
        await page.evaluate(() => [
          sessionStorage.getItem('cep-conversation'),
          sessionStorage.getItem('cep-accueil'),
        ]),
      ).toEqual([null, null]);
      await page.getByRole('button', { name: 'Commencer' }).waitFor();
      expect(fautes).toEqual([]);
      await contexte.close();
    }));
});
