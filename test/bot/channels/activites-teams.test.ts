import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demarrerApp, type App } from '../../../bot/app.ts';
import { lireConfig } from '../../../bot/config.ts';
import { portLibre } from '../../support/serveur.ts';
import { enregistree } from './activites-teams.ts';
import { MUET } from './banc.ts';
import { boutonsDe, Connecteur, fautesDe } from './connecteur.ts';

let connecteur: Connecteur;
let app: App;
let base = '';
const dossier = mkdtempSync(join(tmpdir(), 'cep-teams-'));

beforeAll(async () => {
  connecteur = await Connecteur.ouvrir();
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  app = await demarrerApp({
    config: lireConfig({ PORT: String(port), DATA_DIR: dossier }),
    horloge: () => Date.now(),
    journaliseur: MUET,
  });
});
afterAll(async () => {
  await app.fermer();
  connecteur.fermer();
  rmSync(dossier, { recursive: true, force: true });
});
afterEach(() => {
  const fautes = connecteur.recues.flatMap((r) => fautesDe(r));
  connecteur.vider();
  if (fautes.length > 0) throw new Error(`Teams ne montrerait pas : ${fautes.join(', ')}`);
});

const poster = async (corps: unknown): Promise<number> =>
  (
    await fetch(`${base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(corps),
    })
  ).status;
const rejouer = (nom: string, plus: object = {}): Promise<number> =>
  poster(enregistree(nom, connecteur.service, plus));
let numero = 0;
/** Presses a button of the last messages, as Teams does: the visible text, and the value when there is one. */
async function toucher(titre: string, saisies: object = {}): Promise<void> {
  const bouton = connecteur.recues.flatMap((r) => boutonsDe(r)).find((b) => b.title === titre);
  if (bouton === undefined)
    throw new Error(
      `pas de bouton « ${titre} » : ${JSON.stringify(connecteur.recues.flatMap((r) => boutonsDe(r)))}`,
    );
  const data = bouton.data as { msteams?: { text: string; value: object } };
  connecteur.vider();
  await rejouer('message', {
    id: `b${(numero += 1)}`,
    attachments: undefined,
    ...(data.msteams === undefined
      ? { text: undefined, value: { ...data, ...saisies } }
      : { text: data.msteams.text, value: data.msteams.value }),
  });
}
const dit = (): string => JSON.stringify(connecteur.recues);

describe('activités enregistrées de Teams, rejouées en entier', () => {
  it('installation : une seule bienvenue, quoi que Teams envoie', async () => {
    expect(await rejouer('installation')).toBe(200);
    expect(await rejouer('arrivee')).toBe(200);
    expect(dit().match(/Qu’est-ce qui vous amène/g)).toHaveLength(1);
  });

  it('message : compris comme sur le site, réponse dans la conversation', async () => {
    expect(await rejouer('message')).toBe(200);
    expect(dit()).toContain('aide-soignant');
    for (const r of connecteur.recues) {
      expect(r.methode).toBe('POST');
      expect(r.chemin).toBe(
        '/fr/v3/conversations/a%3A1essai-conversation-personnelle/activities/1763700000001',
      );
      expect(r.replyToId).toBe('1763700000001');
    }
  });

  it('le même message deux fois : rien de plus', async () => {
    expect(await rejouer('message')).toBe(200);
    expect(connecteur.recues).toEqual([]);
  });

  it('un autre appareil poursuit la même conversation', async () => {
    await rejouer('message-autre-appareil');
    expect(connecteur.recues.length).toBeGreaterThan(0);
    await rejouer('message', { id: 'relire', text: 'mes données' });
    expect(dit()).toContain('34');
    expect(dit()).toContain('Lille');
  });

  it('un bouton : sa valeur, avec ou sans texte', async () => {
    await rejouer('message', { id: 'suite', text: 'corriger' });
    const [premier] = connecteur.recues.flatMap((r) => boutonsDe(r));
    expect(premier).toBeDefined();
    await toucher(premier?.title ?? '');
    expect(connecteur.recues.length).toBeGreaterThan(0);
    expect(dit()).not.toContain('n’a pas marché');
  });

  it('modifier, supprimer : la personne sait que rien n’a changé ici, et comment le faire', async () => {
    expect(await rejouer('modification')).toBe(200);
    expect(connecteur.textes).toEqual([expect.stringContaining('écrivez « corriger »')]);
    connecteur.vider();
    expect(await rejouer('suppression')).toBe(200);
    expect(connecteur.textes).toEqual([expect.stringContaining('écrivez « effacer »')]);
    connecteur.vider();
    await rejouer('message', { id: 'relire-2', text: 'mes données' });
    expect(dit()).not.toContain('vendeuse');
  });

  it.each([
    'suppression-annulee',
    'reaction',
    'lecture',
    'frappe',
    'mise-a-jour',
    'canal-cree',
    'groupe-arrivee',
  ])('%s : rien n’est dit', async (nom) => {
    expect(await rejouer(nom)).toBe(200);
    expect(connecteur.recues).toEqual([]);
  });

  it('un fichier : rien n’est pris, et la question revient', async () => {
    expect(await rejouer('fichier')).toBe(200);
    expect(connecteur.recues.length).toBeGreaterThan(0);
    expect(dit()).not.toMatch(/sharepoint|cv\.pdf/);
  });

  it.each(['invoke-tache', 'invoke-carte', 'invoke-inconnu'])('%s : 501, rien n’est dit', async (nom) => {
    expect(await rejouer(nom)).toBe(501);
    expect(connecteur.recues).toEqual([]);
  });

  it.each(['groupe-message', 'canal-message'])('%s : une phrase, rien n’est gardé', async (nom) => {
    expect(await rejouer(nom)).toBe(200);
    expect(connecteur.textes).toEqual([
      'Je réponds seulement dans une conversation privée : écrivez-moi en tête à tête.',
    ]);
  });

  it('d’une inconnue, modifier ou supprimer ne crée rien', async () => {
    const conversation = { conversationType: 'personal', id: 'a:jamais-vue' };
    expect(await rejouer('modification', { conversation })).toBe(200);
    expect(await rejouer('suppression', { conversation })).toBe(200);
    expect(await rejouer('desinstallation', { conversation })).toBe(200);
    expect(connecteur.recues).toEqual([]);
  });

  it('désinstaller puis réinstaller : la conversation reprend où elle en était', async () => {
    expect(await rejouer('desinstallation')).toBe(200);
    expect(connecteur.recues).toEqual([]);
    const le = Date.now();
    // The first greeting was more than a minute ago for a real person; here the same conversation must not wait.
    expect(await rejouer('reinstallation', { id: `f:inst-${le}` })).toBe(200);
    connecteur.vider();
    await rejouer('message', { id: 'relire-3', text: 'mes données' });
    expect(dit()).toContain('Lille');
  });
});

describe('un parcours entier dans Teams', () => {
  it('de la première phrase au document, par boutons et par mots, sans une faute de forme', async () => {
    const conversation = { conversationType: 'personal', id: 'a:parcours', tenantId: 'aaaaaaaa' };
    const ecrire = async (text: string): Promise<void> => {
      connecteur.vider();
      await rejouer('message', { id: `p${(numero += 1)}`, text, conversation });
      expect(connecteur.recues.flatMap((r) => fautesDe(r))).toEqual([]);
    };
    const touches = new Set<string>();
    await ecrire('je suis infirmière à Tours, en CDI, j’ai 40 ans, je voudrais devenir formatrice');
    // Presses the first button never pressed, forty times: whatever the path, every message must be drawable.
    for (let i = 0; i < 40; i += 1) {
      const bouton = connecteur.recues.flatMap((r) => boutonsDe(r)).find((b) => !touches.has(b.title));
      if (bouton === undefined) {
        await ecrire('document');
        continue;
      }
      touches.add(bouton.title);
      const data = bouton.data as { msteams?: { text: string; value: object } };
      connecteur.vider();
      await rejouer('message', {
        id: `p${(numero += 1)}`,
        conversation,
        text: data.msteams?.text,
        value: data.msteams === undefined ? data : data.msteams.value,
      });
      expect(connecteur.recues.flatMap((r) => fautesDe(r))).toEqual([]);
      expect(dit()).not.toContain('n’a pas marché');
      if (connecteur.recues.length === 0) break;
    }
    expect(touches.size).toBeGreaterThan(15);
  });
});
