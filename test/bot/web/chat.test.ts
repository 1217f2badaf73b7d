import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import {
  bouton,
  derniers,
  ecrire,
  jusquaLInformation,
  ouvrirPage,
  type Fil,
} from '../../support/conversation.ts';
import { MOTS } from '../../support/personne.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../../support/serveur.ts';

const TELEPHONE = '09 70 80 90 10';
let serveur: ServeurLance;
beforeAll(async () => {
  serveur = await lancerServeur({ env: { TELEPHONE } });
});
afterAll(async () => {
  await serveur.tuer();
  nettoyer(serveur.dataDir);
});

const chat = (): string => `${serveur.accueil}widget/`;

async function ouvrirChat(navigateur: Browser, avant?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await ouvrirPage(navigateur, { viewport: { width: 480, height: 800 }, locale: 'fr-FR' });
  await avant?.(page);
  await page.goto(chat());
  await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
  return page;
}

async function menu(page: Page, nom: string): Promise<void> {
  if (!(await page.locator('#menu').evaluate((m: HTMLDetailsElement) => m.open)))
    await page.locator('#menu summary').click();
  await page.locator('#menu').getByRole('button', { name: nom }).click();
}

async function codeDe(fil: Fil): Promise<string> {
  await fil.locator('#menu summary').click();
  await fil.locator('#reprendre').click();
  await fil.locator('#garder-code').waitFor();
  const code = await fil.locator('#code-reprise').textContent();
  await fil.locator('#fermer-reprise').click();
  return code ?? '';
}

/** The same person, on another device: the conversation moves while the page only listens. */
async function direDAilleurs(code: string, mots: string): Promise<void> {
  const appeler = async (chemin: string, corps: object, jeton?: string): Promise<Record<string, string>> => {
    const reponse = await fetch(`${serveur.accueil}v3/directline${chemin}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(jeton === undefined ? {} : { Authorization: `Bearer ${jeton}` }),
      },
      body: JSON.stringify(corps),
    });
    return (await reponse.json()) as Record<string, string>;
  };
  const { token, conversationId } = await appeler('/tokens/resume', { code });
  await appeler(`/conversations/${conversationId}/activities`, { type: 'message', text: mots }, token);
}

describe('la page de la conversation', () => {
  it('garde la taille du texte au rechargement, l’oublie à la fin', () =>
    siNavigateur('la taille du texte', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      const taille = (): Promise<string> =>
        page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
      expect(await taille()).toBe('16px');
      await menu(page, 'Taille du texte');
      await menu(page, 'Taille du texte');
      expect(await taille()).toBe('24px');
      await page.reload();
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      expect(await taille()).toBe('24px');
      await menu(page, 'Terminer et effacer');
      await page.locator('#confirmer').click();
      await page.reload();
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      expect(await taille()).toBe('16px');
    }));

  it('« terminer » vide l’écran sans attendre le réseau', () =>
    siNavigateur('terminer', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      await ecrire(page, 'bonjour');
      await derniers(page, 'bonjour').waitFor();
      let revoque = 0;
      await page.route('**/tokens/revoke', () => void (revoque += 1));
      await menu(page, 'Terminer et effacer');
      await page.locator('#confirmer').click();
      // The network never answers: whatever empties the screen and the memory does not wait for it.
      await expect.poll(() => page.locator('#fil').textContent()).toBe('');
      await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0);
      await page.getByText('La conversation est terminée').waitFor();
      await expect.poll(() => revoque).toBe(1);
      // The menu no longer hides what is said, and the focus is where one goes on.
      expect(await page.locator('#menu').evaluate((m: HTMLDetailsElement) => m.open)).toBe(false);
      const focus = () => page.evaluate(() => document.activeElement?.id);
      expect(await focus()).toBe('nouvelle');
      await page.keyboard.press('Enter');
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      expect(await focus()).toBe('saisie');
    }));

  it('finie d’ailleurs pendant qu’on écrit : le focus passe à ce qui permet de continuer', () =>
    siNavigateur('finie d’ailleurs', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      const lu = await page.evaluate(() => sessionStorage.getItem('cep-conversation'));
      await page.locator('#saisie').fill('je voulais dire');
      const { resume } = JSON.parse(lu ?? '{}') as { resume: string };
      const appel = (chemin: string, init: RequestInit): Promise<Response> =>
        fetch(`${serveur.accueil}v3/directline/tokens/${chemin}`, { method: 'POST', ...init });
      const repris = await appel('resume', {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ resume }),
      });
      const { token } = (await repris.json()) as { token: string };
      await appel('revoke', { headers: { Authorization: `Bearer ${token}` } });
      await page.locator('#nouvelle').waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('nouvelle');
    }));

  it('marche sur un navigateur de 2021 : ni dialogue, ni méthodes venues depuis', () =>
    siNavigateur('un navigateur de 2021', async (navigateur) => {
      const page = await ouvrirChat(navigateur, (p) =>
        p.addInitScript(() => {
          for (const methode of ['showModal', 'show', 'close'])
            Reflect.deleteProperty(HTMLDialogElement.prototype, methode);
          Reflect.deleteProperty(window, 'HTMLDialogElement');
          for (const type of [Array, String, Uint8Array])
            for (const methode of ['at', 'findLast', 'toSorted'])
              Reflect.deleteProperty(type.prototype, methode);
          Reflect.deleteProperty(Object, 'hasOwn');
          Reflect.deleteProperty(window, 'structuredClone');
          Reflect.deleteProperty(AbortSignal, 'timeout');
          Reflect.deleteProperty(AbortSignal, 'any');
        }),
      );
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      expect(await codeDe(page)).toMatch(/^CEP-/);
      expect(await page.locator('#reprise').isVisible()).toBe(false);
      await menu(page, 'Terminer et effacer');
      await page.keyboard.press('Escape');
      expect(await page.locator('#confirmation').isVisible()).toBe(false);
      await menu(page, 'Terminer et effacer');
      await page.locator('#confirmer').click();
      expect(await page.locator('#confirmation').isVisible()).toBe(false);
      await page.locator('#nouvelle').click();
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
    }));

  it('sur un téléphone, le menu montre jusqu’au numéro à appeler, et se referme en touchant ailleurs ou en changeant de registre', () =>
    siNavigateur('le menu au téléphone', async (navigateur) => {
      const page = await ouvrirChat(navigateur, (p) => p.setViewportSize({ width: 360, height: 740 }));
      const ouvert = (): Promise<boolean> =>
        page.locator('#menu').evaluate((m: HTMLDetailsElement) => m.open);
      await page.locator('#menu summary').click();
      const vu = await page.getByRole('link', { name: /^Appeler/ }).evaluate((lien) => {
        const { left, bottom } = lien.getBoundingClientRect();
        return document.elementFromPoint(left + 20, bottom - 2) === lien;
      });
      expect(vu).toBe(true);
      await page.locator('#saisie').click();
      expect(await ouvert()).toBe(false);
      await menu(page, 'Facile à lire');
      expect(await ouvert()).toBe(false);
    }));

  it('un double clic ne choisit qu’une fois, et jamais ce qui vient sous le doigt', () =>
    siNavigateur('le double clic', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      await ecrire(page, MOTS);
      await jusquaLInformation(page);
      const dits = (): Promise<string[]> => page.locator('.bulle.moi > :not(.auteur)').allTextContents();
      await bouton(page, 'Oui, qui peut m’accompagner ?').click();
      await bouton(page, 'Je choisis Avenir Actifs Hauts-de-France').click();
      await bouton(page, 'Oui, préparer mon document').click();
      // Both at the same place, in the same instant: on a slow machine two real presses would not be a double click.
      await bouton(page, 'L’envoyer à Avenir Actifs Hauts-de-France').evaluate((b) => {
        for (const detail of [1, 2])
          b.dispatchEvent(new MouseEvent('click', { bubbles: true, detail, clientX: 50, clientY: 60 }));
      });
      await derniers(page, 'peut-il vous joindre').waitFor();
      await page.locator('.bulle.attente').waitFor({ state: 'detached' });
      expect((await dits()).slice(-2).map((t) => t.replaceAll('\u00A0', ' '))).toEqual([
        'Oui, préparer mon document',
        'L’envoyer à Avenir Actifs Hauts-de-France',
      ]);

      await page.locator('#menu summary').click();
      const [fichier] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#telecharger').click(),
      ]);
      const garde = readFileSync(await fichier.path(), 'utf8');
      expect(garde).toContain('je suis caissière à Lille');
      expect(garde).toMatch(/\n\[x\] /);
      expect(garde).toMatch(/ \(https:\/\//);
      expect(garde).not.toMatch(/Corriger un point\n|nouvel onglet/);
    }));

  it('un message qui ne se voit pas ne part pas ; un emoji compte pour un ; chaque langue garde son sens', () =>
    siNavigateur('les textes rares', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      await ecrire(page, '\u200B\u200D \u2060');
      await page.locator('#saisie').fill('👍'.repeat(1_900));
      await page.getByText('100 caractères').waitFor();
      await page.locator('#saisie').fill('x'.repeat(100_000));
      await page.getByText('98 000 caractères de trop').waitFor();
      await page.locator('#saisie').press('Enter');
      expect(await page.locator('.bulle.moi').count()).toBe(0);
      await ecrire(page, 'مرحبا، أبحث عن عمل في Lille غدا؟');
      const mots = page.locator('.bulle.moi p').last();
      await page.locator('.bulle.moi:not(.attente)').waitFor();
      expect(await mots.evaluate((p) => getComputedStyle(p).direction)).toBe('rtl');
    }));

  it('lit à voix haute dès que les voix de l’appareil sont connues, jamais avec une voix distante', () =>
    siNavigateur('la lecture à voix haute', async (navigateur) => {
      const page = await ouvrirChat(navigateur, (p) =>
        p.addInitScript(() => {
          const dits: string[] = [];
          const voix = [
            { lang: 'fr-FR', localService: false, name: 'distante' },
            { lang: 'fr-FR', localService: true, name: 'locale' },
          ];
          let connues = false;
          const parole = Object.assign(new EventTarget(), {
            getVoices: () => (connues ? voix : []),
            cancel: () => undefined,
            speak: (u: { text: string; voice: { name: string } }) => dits.push(`${u.voice.name} : ${u.text}`),
          });
          class Enonce {
            voice: unknown;
            lang = '';
            constructor(readonly text: string) {}
          }
          Object.defineProperty(window, 'speechSynthesis', { value: parole });
          Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Enonce });
          Object.defineProperty(window, 'essai', {
            value: {
              dits,
              arriver: () => {
                connues = true;
                parole.dispatchEvent(new Event('voiceschanged'));
              },
            },
          });
        }),
      );
      await menu(page, 'Lire à voix haute');
      expect(await page.evaluate('essai.dits.length')).toBe(0);
      await page.evaluate('essai.arriver()');
      const dits = (await page.evaluate('essai.dits')) as string[];
      expect(dits).toHaveLength(1);
      expect(dits[0]).toContain('locale : ');
      expect(dits[0]).toContain('Qu’est-ce qui vous amène');
    }));

  it('dit qu’il n’y a pas de voix française, plutôt que de se taire', () =>
    siNavigateur('l’absence de voix', async (navigateur) => {
      // Chromium without a desktop has no voice at all: the real thing.
      const page = await ouvrirChat(navigateur);
      await menu(page, 'Lire à voix haute');
      await page.getByText('Cet appareil n’a pas de voix française').waitFor();
      expect(await page.locator('#lecture').getAttribute('aria-pressed')).toBe('false');
    }));

  it('n’annonce jamais l’historique, annonce ce qui vient ensuite', () =>
    siNavigateur('les annonces', async (navigateur) => {
      const page = await ouvrirChat(navigateur, (p) =>
        p.addInitScript(() => {
          const annonces: string[] = [];
          Object.defineProperty(window, 'annonces', { value: annonces });
          addEventListener('DOMContentLoaded', () => {
            const fil = document.getElementById('fil');
            if (fil === null) return;
            // What a screen reader would say: additions to the nearest region, if it is live. It looks late on a slow computer, when a region
            // switched off for a while is on again; and what is silent inside a live region is not always left out.
            new MutationObserver((liste) => {
              for (const m of liste)
                for (const n of m.addedNodes)
                  if (m.target instanceof Element && n instanceof HTMLElement && !n.matches('.suite'))
                    if (m.target.closest('[aria-live]')?.classList.contains('suite') === false)
                      annonces.push(n.textContent ?? '');
            }).observe(fil, { childList: true, subtree: true });
          });
        }),
      );
      const annonces = async (): Promise<string[]> => (await page.evaluate('annonces')) as string[];
      expect((await annonces()).join(' ')).toContain('Qu’est-ce qui vous amène');
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      const moi = (await annonces()).filter((a) => a.includes('je suis cadre en CDI dans le privé'));
      expect(moi).toHaveLength(1);
      await page.reload();
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      await page.waitForTimeout(800);
      expect(await annonces()).toEqual([]);
      await ecrire(page, 'aide');
      await derniers(page, 'aide').waitFor();
      await expect
        .poll(async () => (await annonces()).join(' '), { timeout: 120_000 })
        .toContain('Assistant');
      expect((await annonces())[0]).toContain('aide');
      expect(await page.locator('#fil .attente').count()).toBe(0);
    }));

  it('se reprend ailleurs avec son code, et laisse derrière elle une page fermée', () =>
    siNavigateur('la reprise par code', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      await menu(page, 'Reprendre plus tard');
      await page.locator('#garder-code').waitFor();
      const code = (await page.locator('#code-reprise').textContent()) ?? '';
      expect(code).toMatch(/^CEP-\w{5}-\w{5}-\w{6}$/);
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await page.screenshot({ path: 'test/sorties/reprise.png' });
      await page.keyboard.press('Escape');
      await menu(page, 'Terminer et effacer');
      await page.locator('#confirmer').click();
      await page.getByText('La conversation est terminée').waitFor();

      const ailleurs = await ouvrirChat(navigateur);
      const premier = await ailleurs.evaluate(() => sessionStorage.getItem('cep-conversation'));
      await menu(ailleurs, 'Reprendre plus tard');
      const retrouver = async (saisi: string): Promise<void> => {
        await ailleurs.getByLabel('Vous avez déjà un code de reprise').fill(saisi);
        await ailleurs.keyboard.press('Enter');
      };
      await retrouver(code.slice(0, -7));
      await ailleurs.getByText('Ce code n’est pas complet').waitFor();
      await retrouver('CEP-00000-00000-000000');
      await ailleurs.getByText('Ce code n’ouvre rien').waitFor();
      expect(await ailleurs.evaluate(() => sessionStorage.getItem('cep-conversation'))).toBe(premier);
      await retrouver(code.toLowerCase().replaceAll('-', ' '));
      await derniers(ailleurs, 'Nantes (Loire-Atlantique)').waitFor();
      expect(await ailleurs.locator('#reprise').isVisible()).toBe(false);
      await ecrire(ailleurs, 'mes données');
      await derniers(ailleurs, 'Voici tout ce que j’ai noté').waitFor();
      // The shared computer has nothing left to come back with.
      await page.reload();
      await derniers(page, 'Qu’est-ce qui vous amène').waitFor();
      expect(await page.locator('#fil').getByText('Nantes').count()).toBe(0);
    }));

  it('dit qu’il y a du nouveau plus bas, et y mène', () =>
    siNavigateur('du nouveau plus bas', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      const nouveaux = page.locator('#nouveaux');
      const defilement = (): Promise<number> => page.locator('#fil').evaluate((f) => f.scrollTop);
      const code = await codeDe(page);
      await page.locator('#fil').hover();
      await page.mouse.wheel(0, -5_000);
      await expect.poll(defilement).toBe(0);
      await direDAilleurs(code, 'mes données');
      await nouveaux.waitFor();
      expect(await nouveaux.textContent()).toMatch(/^(1 nouveau message|\d+ nouveaux messages) plus bas$/);
      expect(await defilement()).toBe(0);
      expect(await page.title()).toMatch(/^\(\d+\) /);
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await page.screenshot({ path: 'test/sorties/nouveaux.png' });
      await nouveaux.press('Enter');
      await nouveaux.waitFor({ state: 'hidden' });
      expect(await defilement()).toBeGreaterThan(100);
      expect(await page.locator('#fil').evaluate((f) => f === document.activeElement)).toBe(true);
      expect(await page.title()).toMatch(/^Assistant/);
    }));

  it.each(['interdit', 'absent', 'sans place'])('marche quand le stockage est %s', (sorte) =>
    siNavigateur(`le stockage ${sorte}`, async (navigateur) => {
      const page = await ouvrirChat(navigateur, (p) =>
        p.addInitScript((genre) => {
          const refuser = (nom: string) => (): never => {
            throw new DOMException('refusé', nom);
          };
          if (genre === 'sans place') Storage.prototype.setItem = refuser('QuotaExceededError');
          else
            Object.defineProperty(window, 'sessionStorage', {
              get: genre === 'absent' ? () => null : refuser('SecurityError'),
            });
        }, sorte),
      );
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      expect(await page.locator('.attente').count()).toBe(0);
    }),
  );

  it('sans son script, la page dit qui appeler', () =>
    siNavigateur('la page sans script', async (navigateur) => {
      const page = await ouvrirPage(navigateur, { locale: 'fr-FR' });
      await page.route('**/chat.js', (r) => r.abort());
      await page.goto(chat());
      expect(await page.locator('#etat').innerText()).toContain(TELEPHONE);
      expect(await page.locator('#formulaire').isVisible()).toBe(false);
      expect(await page.locator('.pied').innerText()).toContain(TELEPHONE);
    }));

  it('hors ligne, garde le message, dit qui appeler, et renvoie au retour', () =>
    siNavigateur('hors ligne', async (navigateur) => {
      const page = await ouvrirChat(navigateur);
      // A network lost does not close an open stream: the device says it first.
      await page.context().setOffline(true);
      await page.getByText('La connexion est coupée').waitFor();
      await page.context().setOffline(false);
      await page.locator('#etat').waitFor({ state: 'hidden' });
      await serveur.tuer();
      await page.getByText('La connexion est coupée').waitFor();
      expect(await page.locator('#etat').innerText()).toContain(TELEPHONE);
      await ecrire(page, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      await derniers(page, 'Envoi en cours').waitFor();
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      serveur = await lancerServeur({ port: serveur.port, dataDir: serveur.dataDir, env: { TELEPHONE } });
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await derniers(page, 'Nantes (Loire-Atlantique)').waitFor();
      expect(await page.locator('#etat').isVisible()).toBe(false);
      expect(await page.locator('#fil').getByText('je suis cadre en CDI').count()).toBe(1);
    }));
});

describe('le lanceur', () => {
  it('dit les nouveaux messages d’une conversation réduite, à l’œil et à l’oreille', () =>
    siNavigateur('les nouveaux messages', async (navigateur) => {
      const page = await ouvrirPage(navigateur, { viewport: { width: 900, height: 700 }, locale: 'fr-FR' });
      await page.goto(serveur.accueil);
      const titre = await page.title();
      await page.getByRole('button', { name: 'Une question sur votre travail ?' }).click();
      const fil = page.frameLocator('iframe');
      await derniers(fil, 'Qu’est-ce qui vous amène').waitFor();
      const code = await codeDe(fil);
      await fil.locator('#fermer').click();
      await direDAilleurs(code, 'je suis cadre en CDI dans le privé à Nantes et je veux faire le point');
      const bouton = page.getByRole('button', {
        name: /^Une question sur votre travail \? ?\d+ nouveaux? messages?$/,
      });
      await bouton.waitFor();
      expect(await page.locator('[role=status]').last().textContent()).toMatch(/^\d+ nouveaux? messages?$/);
      // The title of the site is the site's.
      expect(await page.title()).toBe(titre);
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await page.screenshot({ path: 'test/sorties/lanceur-nouveaux.png' });
      await bouton.click();
      await derniers(fil, 'Nantes (Loire-Atlantique)').waitFor();
      await fil.locator('#fermer').click();
      await page.getByRole('button', { name: 'Une question sur votre travail ?', exact: true }).waitFor();
    }));

  it('quand le cadre ne s’ouvre pas, dit qui appeler, au clavier aussi, et permet de réessayer', () =>
    siNavigateur('le lanceur en panne', async (navigateur) => {
      const page = await ouvrirPage(navigateur, { locale: 'fr-FR' });
      await page.route('**/widget/', (r) => r.abort());
      await page.goto(serveur.accueil);
      const bouton = page.getByRole('button', { name: 'Une question sur votre travail ?' });
      await bouton.focus();
      await page.keyboard.press('Enter');
      const appel = page.getByRole('link', { name: `Appeler : ${TELEPHONE}` });
      await appel.waitFor();
      expect(await appel.getAttribute('href')).toBe('tel:0970809010');
      expect(await appel.evaluate((a) => a.matches(':focus'))).toBe(true);
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await page.screenshot({ path: 'test/sorties/lanceur-panne.png' });
      await page.keyboard.press('Escape');
      await appel.waitFor({ state: 'hidden' });
      expect(await bouton.evaluate((b) => b.matches(':focus'))).toBe(true);
      await bouton.press('Enter');
      await page.getByRole('button', { name: 'Réessayer' }).waitFor();
      await page.unroute('**/widget/');
      await page.getByRole('button', { name: 'Réessayer' }).click();
      await derniers(page.frameLocator('iframe'), 'Qu’est-ce qui vous amène').waitFor();
      await page.waitForTimeout(2_000);
      expect(await page.locator('iframe').isVisible()).toBe(true);
    }));
});
