import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demarrerApp, type App } from '../../../bot/app.ts';
import { lireConfig } from '../../../bot/config.ts';
import { MOTS } from '../../support/personne.ts';
import { portLibre } from '../../support/serveur.ts';
import { journaliseurMuet } from '../handover/jeu.ts';
import { enregistree } from './activites-teams.ts';
import { jusqua } from './banc.ts';
import { boutonsDe, Connecteur, fautesDe } from './connecteur.ts';

let dossier: string;
let app: App;
let base: string;
let connecteur: Connecteur;
beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-teams-'));
  connecteur = await Connecteur.ouvrir();
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  const config = lireConfig({ PORT: String(port), DATA_DIR: dossier, LIMIT_MESSAGES_PAR_SECONDE: '0' });
  app = await demarrerApp({ config, horloge: Date.now, journaliseur: journaliseurMuet });
});
afterAll(async () => {
  await app.fermer();
  connecteur.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

let numero = 0;
async function envoyer(plus: object): Promise<void> {
  const activite = enregistree('message', connecteur.service, {
    id: `r${(numero += 1)}`,
    attachments: [],
    ...plus,
  });
  const reponse = await fetch(`${base}/api/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(activite),
  });
  expect(reponse.status).toBe(200);
}
const dire = (text: string): Promise<void> => envoyer({ text });
const affiche = (): string => JSON.stringify(connecteur.recues);
const compter = (mots: string): number => affiche().split(mots).length - 1;

/** Presses a button of the last card that has it, its inputs beside it, as Teams posts them: a value and no words. */
async function toucher(titre: string, saisies: Record<string, string> = {}): Promise<void> {
  const trouver = () =>
    connecteur.recues
      .toReversed()
      .flatMap((r) => boutonsDe(r))
      .find((b) => b.title === titre);
  await jusqua(() => trouver() !== undefined);
  const data = trouver()?.data;
  await envoyer({ text: undefined, value: { ...(typeof data === 'object' ? data : {}), ...saisies } });
}

const surDisque = (): string =>
  readdirSync(dossier, { recursive: true, withFileTypes: true })
    .map((e) => (e.isFile() ? readFileSync(join(e.parentPath, e.name), 'utf8') : ''))
    .join('\n');

describe('une réorientation, et la lecture, dans Teams', () => {
  it('la proposition s’y lit et s’y répond, bouton ou mots ; le conseiller n’y lit que les mots de la personne', async () => {
    await dire(MOTS);
    await toucher('Je préfère ne pas répondre');
    await toucher('Oui, qui peut m’accompagner ?');
    await toucher('Je choisis Avenir Actifs Hauts-de-France');
    await toucher('Oui, préparer mon document');
    await toucher('L’envoyer à Avenir Actifs Hauts-de-France');
    await toucher('Envoyer', {
      telephone: '06 12 34 56 78',
      consentement: 'true',
      conversation: 'true',
    });
    await jusqua(() => /CEP-[0-9A-Z]{5}-[0-9A-Z]{5}/.test(affiche()));
    const reference = /CEP-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(affiche())?.[0] ?? '';

    const entree = await fetch(app.adresses.console.replace('localhost', '127.0.0.1'), {
      redirect: 'manual',
    });
    const temoin = (entree.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const entetes = { Cookie: temoin, 'X-Console': '1', 'Content-Type': 'application/json' };
    const chemin = `${base}/api/console/transmissions/${reference}`;
    const agir = async (geste: string, corps: object): Promise<void> => {
      const options = { method: 'POST', headers: entetes, body: JSON.stringify(corps) };
      expect((await fetch(`${chemin}/${geste}`, options)).status, geste).toBe(200);
    };
    const lire = async (quoi = ''): Promise<Record<string, unknown>> =>
      (await (await fetch(`${chemin}${quoi}`, { headers: entetes })).json()) as Record<string, unknown>;
    await agir('prendre', {});

    // What the assistant answered is Teams' to keep: only the person's own words are in our log.
    const lu = (await lire('/conversation')) as {
      etat: string;
      sansAssistant?: true;
      lignes: { de: string; texte: string }[];
    };
    expect([lu.etat, lu.sansAssistant]).toEqual(['lisible', true]);
    expect(lu.lignes.map((l) => l.de)).not.toContain('assistant');
    expect(lu.lignes.map((l) => l.texte)).toContain(MOTS);
    expect(JSON.stringify(lu)).not.toContain('06 12 34 56 78');

    const vers = { type: 'operateur', operateur: 'apec' };
    const motif = 'autre-operateur-plus-adapte';
    connecteur.vider();
    await agir('reorienter', { vers, motif, mots: 'Vous êtes <i>cadre</i>.' });
    await jusqua(() => affiche().includes('vous aidera mieux'));
    // One card, which Teams can draw, its boxes unticked.
    expect(compter('vous aidera mieux')).toBe(1);
    expect(connecteur.recues.flatMap((r) => fautesDe(r))).toEqual([]);
    expect(affiche()).toContain('Input.Toggle');
    const non = connecteur.recues
      .flatMap((r) => boutonsDe(r))
      .find((b) => b.title.startsWith('Non, rester avec'))?.title;
    await toucher(non ?? '');
    await jusqua(() => affiche().includes('garde votre demande.'));
    expect(await lire()).toMatchObject({ operateur: 'operateur-regional', etat: 'prise-en-charge' });

    // Proposed again, and answered by typing, as people do in Teams.
    connecteur.vider();
    await agir('reorienter', { vers, motif });
    await jusqua(() => affiche().includes('vous aidera mieux'));
    // It came by itself: the first word may have been on its way to something else.
    await dire('Oui');
    await jusqua(() => affiche().includes('votre réponse compte à partir de maintenant'));
    expect(await lire()).toMatchObject({ operateur: 'operateur-regional', etat: 'prise-en-charge' });
    await dire('Oui');
    await jusqua(() => affiche().includes('est maintenant chez Démonstration – Apec'));
    expect(affiche()).toContain('sans cocher de case');
    const fiche = (await lire()) as { operateur: string; contenu: { consentement: object } };
    expect(fiche.operateur).toBe('apec');
    expect(Object.keys(fiche.contenu.consentement).toSorted()).toEqual(['destinataire', 'le', 'texte']);
    await dire('oui');
    await jusqua(() => connecteur.recues.length > 3);
    expect(compter('est maintenant chez')).toBe(1);

    // Back, by the button and its box: what the assistant said here stays Teams' to keep, even what it said first.
    await agir('prendre', {});
    connecteur.vider();
    await agir('reorienter', { vers: { type: 'operateur', operateur: 'operateur-regional' }, motif });
    await jusqua(() => affiche().includes('vous aidera mieux'));
    const oui = connecteur.recues
      .flatMap((r) => boutonsDe(r))
      .find((b) => b.title.startsWith('Oui, transmettre à'))?.title;
    await toucher(oui ?? '', { conversation: 'true' });
    await jusqua(() => affiche().includes('est maintenant chez'));
    await agir('prendre', {});
    const relu = (await lire('/conversation')) as { etat: string; lignes: { de: string; texte: string }[] };
    expect(relu.etat).toBe('lisible');
    expect(relu.lignes.map((l) => l.texte)).toContain('Oui');
    expect(new Set(relu.lignes.map((l) => l.de))).toEqual(new Set(['personne']));
    expect(surDisque().includes('vous aidera mieux')).toBe(false);
  });
});
