import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demarrerApp } from '../../bot/app.ts';
import { nouveauJeton } from '../../bot/channels/directline/jetons.ts';
import { lireConfig } from '../../bot/config.ts';
import { ouvrirCles } from '../../bot/http/index.ts';
import { ouvrirJournalDisque } from '../../bot/storage/journal-disque.ts';
import { portLibre } from '../support/serveur.ts';
import { activitesDe, appeler, MUET, type Lu } from './channels/banc.ts';

const CONVERSATION = '0123456789abcdef0123456789abcdef';
const UTILISATEUR = 'dl_0123456789abcdef0123456789abcdef';
const horloge = (): number => Date.now();
let dossier: string;
beforeEach(() => (dossier = mkdtempSync(join(tmpdir(), 'cep-app-'))));
afterEach(() => rmSync(dossier, { recursive: true, force: true }));

/** What a SIGKILL leaves between the acceptance of a message and the end of its turn. */
async function laisserUnTourCoupe(): Promise<void> {
  const journal = await ouvrirJournalDisque({ dossier, horloge, journaliseur: MUET });
  await journal.creer({
    id: CONVERSATION,
    canal: 'directline',
    creeLe: horloge(),
    reference: 'CEP-ABCD-EFGH',
    utilisateur: UTILISATEUR,
  });
  await journal.ajouterEntrant(
    CONVERSATION,
    { type: 'message', text: 'aide', from: { id: UTILISATEUR, name: 'Vous', role: 'user' } },
    { cle: 'k1' },
  );
  await journal.fermer();
}

describe('le démarrage', () => {
  it('rejoue les tours coupés avant d’ouvrir le port : la première lecture possible a déjà la réponse', async () => {
    await laisserUnTourCoupe();
    const port = await portLibre();
    const base = `http://127.0.0.1:${port}`;
    const jeton = nouveauJeton(
      ouvrirCles(dossier).pour('directline'),
      { conv: CONVERSATION, user: UTILISATEUR, org: '' },
      horloge(),
    );
    const etat: { premiere?: Lu; fini: boolean } = { fini: false };
    // Knocks without rest, from before the start: whatever answers first is what a waiting client would get.
    const frapper = (async () => {
      while (etat.premiere === undefined && !etat.fini)
        try {
          etat.premiere = await appeler(
            { base },
            'GET',
            `/conversations/${CONVERSATION}/activities?watermark=`,
            { jeton },
          );
        } catch {
          // Nobody listens yet.
          await new Promise((r) => setImmediate(r));
        }
    })();
    const app = await demarrerApp({
      config: lireConfig({ PORT: String(port), DATA_DIR: dossier }),
      horloge,
      journaliseur: MUET,
    });
    etat.fini = true;
    await frapper;
    const lue =
      etat.premiere ??
      (await appeler({ base }, 'GET', `/conversations/${CONVERSATION}/activities?watermark=`, { jeton }));
    const roles = activitesDe(lue).map((a) => a.from.role);
    expect(roles[0]).toBe('user');
    expect(roles.slice(1)).toContain('bot');
    await app.fermer();
  });
});
