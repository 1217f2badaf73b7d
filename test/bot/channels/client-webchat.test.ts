import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { repondreOctets } from '../../../bot/http/index.ts';
import { ouvrirJournalDisque } from '../../../bot/storage/journal-disque.ts';
import type { Hote } from '../../../bot/ports.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { appeler, mot, MUET, ouvrirBanc, type Banc, type Lu } from './banc.ts';
import { cheminWebChat, installerClients } from '../../support/clients.ts';

let webchat = '';
beforeAll(() => {
  installerClients();
  webchat = readFileSync(cheminWebChat(), 'utf8');
}, 180_000);

let banc: Banc | undefined;
afterEach(async () => {
  await banc?.fermer();
  await banc?.journal.fermer();
  banc = undefined;
});

/** Choices, then a card with a form, then what the form said. */
const hote: Hote = {
  jouer: async (_entete, _passe, message) => {
    if (message.type === 'arrivee')
      return {
        reponses: [{ texte: 'Bonjour', choix: [{ libelle: 'La carte', valeur: { action: 'carte' } }] }],
        evenements: [],
      };
    if (message.type === 'texte')
      return { reponses: [{ texte: `Vous dites ${message.texte}.` }], evenements: [] };
    if (message.valeur['action'] === 'carte')
      return {
        reponses: [
          {
            texte: 'Voici',
            carte: {
              titre: 'Vos coordonnées',
              blocs: [
                {
                  type: 'saisie',
                  id: 'nom',
                  libelle: 'Votre nom',
                  forme: 'texte',
                  max: 40,
                  obligatoire: true,
                },
              ],
              actions: [{ type: 'envoyer', libelle: 'Envoyer', valeur: { action: 'nom' } }],
            },
          },
        ],
        evenements: [],
      };
    return {
      reponses: [{ texte: `Reçu : ${Object.entries(message.valeur).flat().join(', ')}` }],
      evenements: [],
    };
  },
};

/** Serves the stock bundle beside the protocol: a page Chromium was handed from elsewhere may not open a socket on this machine. */
function poserPage(b: Banc): void {
  b.serveur.restify.get('/webchat.js', async (_req, res) => repondreOctets(res, webchat, 'text/javascript'));
  b.serveur.restify.get('/essai', async (_req, res) => {
    // The bundle writes its styles in the page: this policy is the test's, not ours.
    const entetes = { 'Content-Security-Policy': '' };
    const html =
      '<!doctype html><html lang="fr"><body><div id="chat" style="height:600px"></div><script src="/webchat.js"></script></body></html>';
    repondreOctets(res, html, 'text/html; charset=utf-8', { entetes });
  });
}

/** The stock bundle on a page of the service's own origin; everything asked of another host is counted. */
async function ouvrirPage(
  navigateur: Browser,
  b: Banc,
  options: object,
): Promise<{ page: Page; ailleurs: string[] }> {
  const page = await navigateur.newPage({ locale: 'fr-FR' });
  page.setDefaultTimeout(30_000);
  const ailleurs: string[] = [];
  page.on('request', (r) => {
    if (!r.url().startsWith(b.base) && /^https?:/.test(r.url())) ailleurs.push(r.url());
  });
  await page.goto(`${b.base}/essai`);
  await page.evaluate(
    (o) => {
      const WebChat: unknown = Reflect.get(window, 'WebChat');
      const appeler = (nom: string, ...args: unknown[]): unknown => {
        const f: unknown =
          typeof WebChat === 'object' && WebChat !== null ? Reflect.get(WebChat, nom) : undefined;
        return typeof f === 'function' ? Reflect.apply(f, WebChat, args) : undefined;
      };
      appeler(
        'renderWebChat',
        {
          directLine: appeler('createDirectLine', o),
          locale: 'fr-FR',
          styleOptions: { hideUploadButton: true },
        },
        document.querySelector('#chat'),
      );
    },
    { domain: `${b.base}/v3/directline`, ...options },
  );
  return { page, ailleurs };
}

async function ecrire(page: Page, mots: string): Promise<void> {
  await page.locator('[data-id="webchat-sendbox-input"]').fill(mots);
  await page.keyboard.press('Enter');
}
const vu = (page: Page, mots: string) =>
  page.locator('.webchat__basic-transcript').getByText(mots).first().waitFor();

/** The channel with the page of the stock client on it, and a token for a conversation. */
async function preparer(): Promise<{ readonly ouvert: Banc; readonly genere: Lu }> {
  const ouvert = (banc = await ouvrirBanc({ hote }));
  poserPage(ouvert);
  const genere = await appeler(ouvert, 'POST', '/tokens/generate', {
    corps: {},
    entetes: { Origin: ouvert.base },
  });
  return { ouvert, genere };
}

describe('botframework-webchat 4.18.1 dans Chromium', () => {
  it('envoie, reçoit, choisit, remplit une carte, recharge, ouvre un second onglet', () =>
    siNavigateur('Web Chat', async (navigateur) => {
      const { ouvert, genere } = await preparer();
      const options = { token: mot(genere, 'token') };
      const { page, ailleurs } = await ouvrirPage(navigateur, ouvert, options);
      await vu(page, 'Bonjour');

      const debut = Date.now();
      await ecrire(page, 'salut');
      await vu(page, 'Vous dites salut.');
      // A reply that names an unknown message is held back five seconds (C2).
      expect(Date.now() - debut).toBeLessThan(4_000);
      await page.getByText('Non envoyé').waitFor({ state: 'detached' });

      await page.reload();
      const suite = { ...options, conversationId: mot(genere, 'conversationId') };
      const deux = await ouvrirPage(navigateur, ouvert, suite);
      await vu(deux.page, 'Vous dites salut.');
      await ecrire(deux.page, 'second onglet');
      await vu(deux.page, 'Vous dites second onglet.');
      expect([...ailleurs, ...deux.ailleurs]).toEqual([]);
    }));

  it('presse un bouton et soumet une carte', () =>
    siNavigateur('Web Chat, carte', async (navigateur) => {
      const { ouvert, genere } = await preparer();
      const { page } = await ouvrirPage(navigateur, ouvert, { token: mot(genere, 'token') });
      await vu(page, 'Bonjour');
      await page.getByRole('toolbar').getByRole('button', { name: 'La carte' }).click();
      await vu(page, 'Vos coordonnées');
      await page.getByLabel('Votre nom').fill('Zoé');
      await page.locator('.ac-pushButton', { hasText: 'Envoyer' }).click();
      const recu = page.locator('.webchat__basic-transcript').getByText('Reçu').first();
      expect(await recu.textContent()).toContain('Reçu : action, nom, nom, Zoé');
    }));

  it('survit à un redémarrage du serveur', () =>
    siNavigateur('Web Chat, redémarrage', async (navigateur) => {
      const dossier = mkdtempSync(join(tmpdir(), 'cep-webchat-'));
      const ouvrir = async (port?: number): Promise<Banc> =>
        ouvrirBanc({
          hote,
          journal: await ouvrirJournalDisque({ dossier, horloge: Date.now, journaliseur: MUET }),
          dossierCles: dossier,
          ...(port === undefined ? {} : { port }),
        });
      banc = await ouvrir();
      poserPage(banc);
      const genere = await appeler(banc, 'POST', '/tokens/generate', {
        corps: {},
        entetes: { Origin: banc.base },
      });
      const { page } = await ouvrirPage(navigateur, banc, { token: mot(genere, 'token') });
      await vu(page, 'Bonjour');
      await ecrire(page, 'avant');
      await vu(page, 'Vous dites avant.');
      const { port } = banc;
      await banc.fermer();
      await banc.journal.fermer();
      banc = await ouvrir(port);
      await banc.canaux.reprendreTours();
      // Sent at once, while the client has not noticed yet: it answers when its socket is back (3 to 15 s, its own choice).
      await ecrire(page, 'après');
      const reponse = page.locator('.webchat__basic-transcript p', { hasText: 'Vous dites après.' });
      await reponse.first().waitFor({ timeout: 120_000 });
      expect(await reponse.count()).toBe(1);
      rmSync(dossier, { recursive: true, force: true });
    }));
});
