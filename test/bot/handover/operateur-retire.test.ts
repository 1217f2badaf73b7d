import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ouvrirAbonnements } from '../../../bot/channels/abonnements.ts';
import { ouvrirCollegues } from '../../../bot/console/index.ts';
import type { Journaliseur } from '../../../bot/ports.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import type { Depot } from '../../../bot/storage/depot.ts';

let dossier: string;
let depot: Depot;
const traces: string[] = [];
const journaliseur: Journaliseur = {
  info: () => undefined,
  alerte: (code, details) => void traces.push(JSON.stringify([code, details])),
  erreur: (code) => void traces.push(code),
};
const ouvrir = (): Depot => depotLowdb({ racine: join(dossier, 'fiches'), journaliseur });

beforeEach(() => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-operateur-'));
  traces.length = 0;
  depot = ouvrir();
});
afterEach(async () => {
  await depot.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

/** As after a release that dropped the code: the files stay as they were written. */
async function retirerOperateur(collection: string): Promise<void> {
  await depot.fermer();
  const ou = join(dossier, 'fiches', collection);
  for (const nom of readdirSync(ou)) {
    const fichier = join(ou, nom);
    writeFileSync(
      fichier,
      readFileSync(fichier, 'utf8').replaceAll('"mission-locale"', '"ancien-operateur"'),
    );
  }
  depot = ouvrir();
}

describe('un opérateur retiré des données', () => {
  it('un abonnement Teams qui le nomme reste lisible, vaut pour les autres, se dit, et s’arrête', async () => {
    const avant = await ouvrirAbonnements({ depot, horloge: Date.now, journaliseur });
    const reference = (id: string) => ({
      conversation: { id, isGroup: false, conversationType: 'personal', name: '' },
      serviceUrl: 'https://smba.exemple/',
      channelId: 'msteams',
    });
    const abonner = async (par: string, operateurs: 'tous' | readonly string[]): Promise<void> => {
      const { code } = avant.proposer({ id: par, operateurs, regions: ['32'] });
      const fait = await avant.abonner(`CEP-${code}`, { reference: reference(par), portee: 'personnelle' });
      expect(fait.ok).toBe(true);
    };
    await abonner('lea', ['mission-locale', 'apec']);
    await abonner('max', ['mission-locale']);
    await abonner('cheffe', 'tous');
    expect(traces).toEqual([]);
    await retirerOperateur('abonnements-teams');

    const apres = await ouvrirAbonnements({ depot, horloge: Date.now, journaliseur });
    expect(traces).toEqual(['["abonnements-operateur-retire",{"nombre":2,"operateurs":"ancien-operateur"}]']);
    expect(await apres.nombre('max')).toBe(1);
    expect([await apres.aRevoir('lea'), await apres.aRevoir('max'), await apres.aRevoir('cheffe')]).toEqual([
      1, 1, 0,
    ]);
    expect(await apres.pour({ operateur: 'apec', region: '32' })).toHaveLength(2);
    // Its files are with the supervisors of every operator, and so are its notices.
    expect(await apres.pour({ operateur: 'ancien-operateur', region: '32' })).toHaveLength(1);
    await apres.rafraichir(reference('max'));
    expect(await apres.nombre('max')).toBe(1);
    expect(await apres.desabonnerTout('max')).toBe(1);
    expect(await apres.nombre('max')).toBe(0);
  });

  it('un collègue qui le nommait reste dans la liste, pour ses autres opérateurs seulement', async () => {
    const avant = await ouvrirCollegues(depot, Date.now);
    await avant.noter({
      id: 'max',
      nom: 'Max',
      roles: ['conseiller'],
      operateurs: ['mission-locale', 'apec'],
      regions: 'toutes',
      jeton: 'j',
      fin: 0,
    });
    await retirerOperateur('collegues');
    const apres = await ouvrirCollegues(depot, Date.now);
    expect(traces).toEqual([]);
    expect(await apres.pour({ operateur: 'apec', region: '32' }, 'lea')).toEqual([{ id: 'max', nom: 'Max' }]);
    expect(await apres.pour({ operateur: 'ancien-operateur', region: '32' }, 'lea')).toEqual([]);
  });
});
