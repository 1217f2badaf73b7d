import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import {
  bouton,
  derniers,
  ecrire,
  jusquaLInformation,
  offertsDans,
  ouvrirPage,
} from '../../support/conversation.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../../support/serveur.ts';

let serveur: ServeurLance;
/** Somebody else's site, with a policy as strict as can be. */
let site: Server;
let adresseSite = '';

/** Pages as they are found: each one broke the button in its own way. */
const pagesRudes = (origine: string): Readonly<Record<string, string>> => {
  const source = `${origine}/widget/lanceur.js`;
  const ligne = `<script src="${source}" defer></script>`;
  return {
    cachee: `<!doctype html><style>body>div{display:none} div{opacity:0;visibility:hidden;transform:translateX(-400px)}</style><body><h1>Mairie</h1>${ligne}`,
    'sens-inverse': `<!doctype html><html lang="ar" dir="rtl"><style>*{direction:rtl}</style><body><h1>Mairie</h1>${ligne}`,
    'deux-fois': `<!doctype html><body><h1>Mairie</h1>${ligne}${ligne}`,
    'vieille-page': `<html><base href="https://ailleurs.invalid/"><body bgcolor="white"><h1>Mairie</h1>${ligne}`,
    'en-tete': `<!doctype html><head><script src="${source}"></script></head><body><h1>Mairie</h1>`,
    module: `<!doctype html><body><h1>Mairie</h1><script type="module" src="${source}"></script>`,
    recopie: `<!doctype html><body><h1>Mairie</h1><script>fetch('${source}').then(async (r) => { const s = document.createElement('script'); s.text = await r.text(); document.head.append(s); })</script>`,
    remplacee: `<!doctype html><body><h1>Mairie</h1>${ligne}<script>addEventListener('load', () => { document.body.innerHTML = '<h1>Autre page</h1>'; })</script>`,
    balises: `<!doctype html><body><h1>Mairie</h1><script>addEventListener('load', () => { const s = document.createElement('script'); s.src = '${source}?nom=Parler+travail&position=gauche'; document.head.append(s); })</script>`,
    encadree: `<!doctype html><body><h1>Portail</h1><iframe src="/deux-fois" style="width:700px;height:600px"></iframe>`,
  };
};

beforeAll(async () => {
  site = createServer((req, res) => {
    const origine = new URL(serveur.accueil).origin;
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    const rude = pagesRudes(origine)[(req.url ?? '/').slice(1)];
    if (rude !== undefined) return void res.end(rude);
    res.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src ${origine}; frame-src ${origine}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
    );
    res.end(
      `<!doctype html><html lang="fr"><head><title>Mairie</title></head><body><main><h1>Mairie</h1></main><script src="${origine}/widget/lanceur.js" defer data-nom="Parler travail"></script></body></html>`,
    );
  });
  await new Promise<void>((r) => {
    site.listen(0, '127.0.0.1', () => r());
  });
  adresseSite = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  serveur = await lancerServeur({ env: { SITES: adresseSite } });
});
afterAll(async () => {
  site.close();
  await serveur.tuer();
  nettoyer(serveur.dataDir);
});

const NORMAL = { width: 1000, height: 800 };
/** WCAG 1.4.12. */
const ESPACEMENT =
  '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}';
const PHRASE = 'je suis caissière à Lille, pas cadre, personne ne me suit, je veux devenir aide-soignante';

/** What has the focus, in words; `rien` when it is lost. */
const focus = (cadre: Frame | Page): Promise<string> =>
  cadre.evaluate(() => {
    const actif = document.activeElement;
    if (!(actif instanceof HTMLElement) || actif === document.body || actif.getClientRects().length === 0)
      return 'rien';
    return actif.id === '' ? (actif.textContent ?? '').trim().replaceAll('\u00A0', ' ') : `#${actif.id}`;
  });

/** Presses a key until this has the focus, as someone who listens for it would. */
async function allerA(page: Page, cadre: Frame | Page, voulu: string, touche: string): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    const ici = await focus(cadre);
    if (ici === voulu) return;
    await page.keyboard.press(touche);
  }
  throw new Error(`au clavier, « ${voulu} » ne s’atteint pas`);
}

/** The page must never need to be moved sideways, nor hide words past an edge. */
const debordements = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const large = document.documentElement.clientWidth;
    const dehors: string[] = [];
    if (document.documentElement.scrollWidth > large) dehors.push('page');
    for (const e of document.body.querySelectorAll<HTMLElement>('*')) {
      const r = e.getBoundingClientRect();
      if (
        !e.checkVisibility() ||
        r.width === 0 ||
        e.closest('.cache') !== null ||
        getComputedStyle(e).position === 'absolute'
      )
        continue;
      if (r.right > large + 1 || r.left < -1)
        dehors.push(`${e.tagName}#${e.id}.${e.className} : ${r.left} à ${r.right}`);
    }
    return dehors;
  });

/** Targets smaller than 24 × 24 CSS pixels (WCAG 2.5.8); links inside a sentence are exempt. */
const ciblesPetites = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'button, summary, select, input, textarea, .actions a, .panneau a',
      ),
    ]
      .filter((e) => e.checkVisibility())
      .map((e) => ({ e, r: e.getBoundingClientRect() }))
      .filter(({ r }) => r.width < 24 || r.height < 24)
      .map(({ e, r }) => `${e.textContent} ${r.width}×${r.height}`),
  );

/** Part of the screen the conversation can take: all of it where the page itself scrolls. */
const placeDesMots = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const fil = document.getElementById('fil');
    if (fil === null || fil.scrollHeight <= fil.clientHeight) return 1;
    return fil.clientHeight / innerHeight;
  });

/** Words hidden because their box did not grow with them. */
const motsCoupes = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, summary, label, h1, h2, h3, dd, dt, li, p')]
      .filter((e) => e.checkVisibility() && e.closest('.cache, .auteur') === null)
      .filter((e) => getComputedStyle(e).overflow === 'hidden' && e.scrollHeight > e.clientHeight + 2)
      .map((e) => e.textContent ?? ''),
  );

/** Things that only a background told apart: where colours are imposed they need an outline. */
const sansContour = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        '.bulle, button, summary, textarea, input, select, dialog, progress',
      ),
    ]
      .filter((e) => e.checkVisibility() && !(e instanceof HTMLInputElement && e.type === 'checkbox'))
      .filter((e) => {
        const { borderTopStyle, borderTopWidth } = getComputedStyle(e);
        return borderTopStyle === 'none' || Number.parseFloat(borderTopWidth) < 1;
      })
      .map((e) => `${e.tagName} ${e.textContent}`),
  );

type Etape = (nom: string) => Promise<void>;
/** Every state worth looking at, from the welcome to the contact form. */
async function parcourirLesEtats(page: Page, voir: Etape): Promise<void> {
  await page.goto(`${serveur.accueil}widget/`);
  await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
  await voir('accueil');
  await page.locator('#menu summary').click();
  await voir('menu');
  await page.locator('#reprendre').click();
  await page.locator('#garder-code').waitFor();
  await voir('reprise');
  await page.keyboard.press('Escape');
  await ecrire(page, PHRASE);
  await derniers(page, 'Voici ce que j’ai compris').waitFor();
  await voir('question');
  await jusquaLInformation(page);
  await voir('information');
  await bouton(page, 'Oui, qui peut m’accompagner ?').click();
  await bouton(page, 'Je choisis Avenir Actifs Hauts-de-France').waitFor();
  await voir('orientation');
  await bouton(page, 'Je choisis Avenir Actifs Hauts-de-France').click();
  await bouton(page, 'Oui, préparer mon document').click();
  await bouton(page, 'L’envoyer à Avenir Actifs Hauts-de-France').waitFor();
  await voir('document');
  await bouton(page, 'L’envoyer à Avenir Actifs Hauts-de-France').click();
  await bouton(page, 'Envoyer').waitFor();
  await voir('contact');
}

const ouvrir = (navigateur: Browser, largeur: number, hauteur: number): Promise<Page> =>
  ouvrirPage(navigateur, { viewport: { width: largeur, height: hauteur }, locale: 'fr-FR' });

describe('la conversation pour tout le monde', () => {
  it('se fait entière au clavier, du lanceur à l’orientation, sans jamais perdre le focus', () =>
    siNavigateur('le parcours au clavier', async (navigateur) => {
      const page = await ouvrir(navigateur, 1000, 800);
      await page.goto(serveur.accueil);
      await page.evaluate(() => {
        // The button lives in a shadow tree: the page sees its host.
        document.querySelector('[data-cep-lanceur]')?.setAttribute('id', 'lanceur');
      });
      await allerA(page, page, '#lanceur', 'Tab');
      await page.keyboard.press('Enter');
      const cadre = await (await page.locator('iframe').elementHandle())?.contentFrame();
      if (cadre === null || cadre === undefined)
        throw new Error('le cadre de la conversation ne s’ouvre pas');
      const fil = page.frameLocator('iframe');
      await derniers(fil, 'Qu’est-ce qui vous amène').waitFor();
      await expect.poll(() => focus(cadre)).toBe('#saisie');
      await page.keyboard.type(PHRASE);
      await page.keyboard.press('Enter');
      await derniers(fil, 'Voici ce que j’ai compris').waitFor();
      expect(await focus(cadre)).toBe('#saisie');

      const presser = async (nom: string): Promise<void> => {
        await bouton(fil, nom).waitFor();
        await allerA(page, cadre, nom, 'Shift+Tab');
        await page.keyboard.press('Enter');
        // The button just pressed is spent: the focus has left it for a place that stays.
        expect(await focus(cadre)).toBe('#saisie');
      };
      for (let question = 0; question < 8; question += 1) {
        await fil.locator('.choix:not(.passes) button:enabled').first().waitFor();
        await new Promise((r) => setTimeout(r, 300));
        const offerts = await offertsDans(fil);
        if (offerts.includes('Oui, qui peut m’accompagner ?')) break;
        const choisi = ['Salarié·e du privé', 'CDI', 'Non', 'Personne', 'Je préfère ne pas répondre'].find(
          (r) => offerts.includes(r),
        );
        await presser(choisi ?? offerts.find((o) => !/Pourquoi|Corriger/.test(o)) ?? '');
      }
      await presser('Oui, qui peut m’accompagner ?');
      await derniers(fil, 'l’opérateur le plus adapté semble être').waitFor();
      expect(await focus(cadre)).toBe('#saisie');

      // The menu, the dialogs and the window itself give the focus back.
      await allerA(page, cadre, 'Menu', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await allerA(page, cadre, '#reprendre', 'Tab');
      await page.keyboard.press('Enter');
      await fil.locator('#garder-code').waitFor();
      expect(await focus(cadre)).toBe('#reprise-titre');
      await page.keyboard.press('Escape');
      await fil.locator('#reprise').waitFor({ state: 'hidden' });
      expect(await focus(cadre)).toBe('Menu');
      await page.keyboard.press('Escape');
      await page.locator('iframe').waitFor({ state: 'hidden' });
      expect(await focus(page)).toBe('#lanceur');
      await page.keyboard.press('Enter');
      await page.locator('iframe').waitFor();
      await expect.poll(() => focus(cadre)).toBe('#saisie');
    }));

  it('à chaque état : 320 pixels, zoom, texte écarté, couleurs imposées', () =>
    siNavigateur('320 pixels, zoom, espacement, couleurs imposées', async (navigateur) => {
      // The reader's own styles are added to the page: its policy would refuse ours (it is tested elsewhere).
      const page = await ouvrirPage(navigateur, { viewport: NORMAL, locale: 'fr-FR', bypassCSP: true });
      const voir = async (ou: string): Promise<void> => expect(await debordements(page), ou).toEqual([]);
      await parcourirLesEtats(page, async (nom) => {
        await page.setViewportSize({ width: 320, height: 640 });
        await voir(`320-${nom}`);
        await page.screenshot({ path: `test/sorties/320-${nom}.png` });
        expect(await ciblesPetites(page), nom).toEqual([]);
        // Only the conversation scrolls: what is hidden from the eye in it must not lengthen the page.
        expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), nom).toBe(0);
        expect(await new AxeBuilder(page).violations(), nom).toEqual([]);

        // Zoomed to 200 %, then 400 %, a browser gives the page a half, then a quarter, of its pixels.
        await page.setViewportSize({ width: 640, height: 512 });
        await voir(`zoom-200-${nom}`);
        await page.setViewportSize({ width: 320, height: 256 });
        await voir(`zoom-400-${nom}`);
        await page.setViewportSize({ width: 320, height: 640 });
        await page.evaluate(() => (document.documentElement.dataset['taille'] = 'tres-grand'));
        await voir(`tres-grand-${nom}`);
        // The words keep at least half of the screen.
        expect(await placeDesMots(page), nom).toBeGreaterThan(0.5);
        await page.evaluate(() => (document.documentElement.dataset['taille'] = ''));

        await page.setViewportSize({ width: 360, height: 740 });
        const styles = await page.addStyleTag({ content: ESPACEMENT });
        await voir(`espacement-${nom}`);
        expect(await motsCoupes(page), nom).toEqual([]);
        await styles.evaluate((e) => e.parentNode?.removeChild(e));

        await page.emulateMedia({ forcedColors: 'active' });
        expect(await sansContour(page), nom).toEqual([]);
        await page.screenshot({ path: `test/sorties/contraste-${nom}.png` });
        await page.emulateMedia({ forcedColors: 'none' });
        await page.setViewportSize(NORMAL);
      });
    }));

  it('au zoom de 400 %, la réponse vient à l’écran ; en couleurs imposées, le focus et l’avancement se voient', () =>
    siNavigateur('le zoom et le focus', async (navigateur) => {
      const page = await ouvrir(navigateur, 320, 256);
      await page.goto(`${serveur.accueil}widget/`);
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      await ecrire(page, PHRASE);
      const reponse = derniers(page, 'Voici ce que j’ai compris');
      await reponse.waitFor();
      await expect
        .poll(() =>
          page
            .locator('.bulle.moi')
            .last()
            .evaluate((e) => Math.abs(e.getBoundingClientRect().top)),
        )
        .toBeLessThan(60);
      await page.emulateMedia({ forcedColors: 'active' });
      await page.locator('#saisie').focus();
      await page.keyboard.press('Shift+Tab');
      const contour = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
        return [outlineStyle, outlineWidth];
      });
      expect(contour).toEqual(['solid', '3px']);
      await page.setViewportSize(NORMAL);
      await page.locator('header').screenshot({ path: 'test/sorties/contraste-avancement.png' });
      await page.goto(serveur.accueil);
      const lanceur = page.getByRole('button', { name: 'Une question sur votre travail ?' });
      expect(await lanceur.evaluate((b) => getComputedStyle(b).borderTopStyle)).toBe('solid');
    }));

  it('ne bouge pas : rien n’est animé, mouvement réduit ou non', () =>
    siNavigateur('le mouvement', async (navigateur) => {
      const page = await ouvrir(navigateur, 480, 800);
      for (const reducedMotion of ['reduce', 'no-preference'] as const) {
        await page.emulateMedia({ reducedMotion });
        await page.goto(`${serveur.accueil}widget/`);
        await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
        await ecrire(page, PHRASE);
        await derniers(page, 'Voici ce que j’ai compris').waitFor();
        const mouvements = await page.evaluate(() => [
          ...document.getAnimations().map(() => 'animation'),
          ...[...document.querySelectorAll('*')]
            .map((e) => getComputedStyle(e))
            .filter(
              (s) =>
                s.transitionDuration !== '0s' || s.animationName !== 'none' || s.scrollBehavior !== 'auto',
            )
            .map((s) => `${s.transitionDuration} ${s.animationName} ${s.scrollBehavior}`),
        ]);
        expect(mouvements).toEqual([]);
      }
    }));
});

describe('le lanceur chez les autres', () => {
  it('marche dans une page à la politique stricte, sans rien demander d’autre, et sans faute d’axe', () =>
    siNavigateur('le lanceur sous CSP stricte', async (navigateur) => {
      const page = await ouvrir(navigateur, 1000, 800);
      const erreurs: string[] = [];
      const ailleurs: string[] = [];
      page.on('pageerror', (e) => erreurs.push(e.message));
      page.on('console', (m) => (m.type() === 'error' ? erreurs.push(m.text()) : undefined));
      page.on('request', (r) => {
        if (![adresseSite, new URL(serveur.accueil).origin].some((o) => r.url().startsWith(o)))
          ailleurs.push(r.url());
      });
      await page.goto(adresseSite);
      const lanceur = page.getByRole('button', { name: 'Parler travail' });
      expect(await lanceur.evaluate((b) => getComputedStyle(b).position)).toBe('fixed');
      expect(await lanceur.evaluate((b) => getComputedStyle(b).backgroundColor)).toBe('rgb(29, 77, 79)');
      await lanceur.click();
      const fil = page.frameLocator('iframe');
      await derniers(fil, 'Qu’est-ce qui vous amène').waitFor();
      await ecrire(fil, PHRASE);
      await derniers(fil, 'Voici ce que j’ai compris').waitFor();
      await page.screenshot({ path: 'test/sorties/csp-stricte.png' });
      await fil.locator('#fermer').click();
      expect(await lanceur.evaluate((b) => b.matches(':focus'))).toBe(true);
      expect(erreurs.filter((e) => !e.includes('favicon'))).toEqual([]);
      expect(ailleurs).toEqual([]);
    }));

  it('pose un seul bouton, lisible et qui s’ouvre, dans les pages qui l’empêchaient', () =>
    siNavigateur('le lanceur dans des pages rudes', async (navigateur) => {
      for (const nom of Object.keys(pagesRudes(''))) {
        const page = await ouvrir(navigateur, 1000, 800);
        await page.goto(`${adresseSite}/${nom}`, { waitUntil: 'load' });
        const fil = nom === 'encadree' ? page.frameLocator('iframe') : page;
        const boutons = fil.locator('button.lanceur');
        await boutons.first().waitFor();
        expect(await boutons.count(), nom).toBe(1);
        expect(await boutons.evaluate((b) => getComputedStyle(b).direction), nom).toBe('ltr');
        expect((await boutons.innerText()).trim(), nom).toBe(
          nom === 'balises' ? 'Parler travail' : 'Une question sur votre travail ?',
        );
        const { x = 0 } = (await boutons.boundingBox()) ?? {};
        if (nom !== 'encadree') expect(x < 500, nom).toBe(nom === 'balises');
        await boutons.click();
        const chat = fil.frameLocator('iframe');
        await derniers(chat, 'Qu’est-ce qui vous amène').waitFor();
        if (nom === 'encadree') {
          await page.route('https://meteofrance.com/**', (r) => r.fulfill({ body: 'météo' }));
          await chat.locator('#quitter').click();
          await page.waitForURL('https://meteofrance.com/');
        }
        await page.close();
      }
    }));

  it('un site qui n’est pas dans la liste ne peut pas afficher la conversation, et le lanceur dit qui appeler', () =>
    siNavigateur('un site inconnu', async (navigateur) => {
      const page = await ouvrir(navigateur, 1000, 800);
      await page.goto(adresseSite.replace('127.0.0.1', 'localhost'));
      await page.getByRole('button', { name: 'Parler travail' }).click();
      await page.getByText('La conversation ne s’ouvre pas').waitFor();
      expect(await page.getByRole('link', { name: /Appeler/ }).count()).toBe(1);
      expect(await new AxeBuilder(page).violations()).toEqual([]);
    }));
});
