import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peutFaire, type Session } from '../../../bot/console/index.ts';
import { monterDirect } from '../../../bot/console/direct.ts';
import { creerServeur, ErreurHttp, type Serveur } from '../../../bot/http/index.ts';
import type { Transmissions } from '../../../bot/handover/index.ts';
import { demandeEssai, journaliseurMuet, transmissionsEssai } from '../handover/jeu.ts';

const R = 'CEP-7K3M9-QXA4T';
const APEC = 'CEP-11111-1111R';
const session = (jeton: string, autres: Partial<Session> = {}): Session => ({
  id: jeton,
  nom: jeton,
  roles: ['conseiller'],
  operateurs: 'tous',
  regions: 'toutes',
  jeton,
  fin: Number.MAX_SAFE_INTEGER,
  ...autres,
});

let sessions: Map<string, Session>;
let serveur: Serveur;
let transmissions: Transmissions;
let base: string;
let direct: { relacher(): void };
let decalage = 0;

beforeEach(async () => {
  sessions = new Map([
    ['lea', session('lea')],
    ['max', session('max')],
    ['apec', session('apec', { operateurs: ['apec'] })],
    ['sud', session('sud', { regions: ['93'] })],
    ['obs', session('obs', { roles: ['observateur'] })],
  ]);
  decalage = 0;
  transmissions = await transmissionsEssai(() => Date.now() + decalage);
  serveur = creerServeur({ hotes: [], https: false, journaliseur: journaliseurMuet, horloge: Date.now });
  direct = monterDirect(serveur, {
    transmissions,
    battementMs: 40,
    sessions: {
      exiger(req) {
        const s = sessions.get(String(req.headers['x-qui']));
        if (s === undefined) throw new ErreurHttp(401, 'Unauthorized', 'Sign in first.');
        return s;
      },
    },
    exigerDroit(s, geste) {
      if (!peutFaire(s, geste)) throw new ErreurHttp(403, 'Forbidden', 'Refused.');
      return s;
    },
  });
  base = `http://127.0.0.1:${(await serveur.ecouter(0, '127.0.0.1')).port}`;
});
afterEach(async () => {
  direct.relacher();
  await serveur.fermer(100);
});

/** One page that listens: what it was told, and when it was let go. */
async function ecouter(qui: string) {
  const coupe = new AbortController();
  const reponse = await fetch(`${base}/api/console/direct`, {
    headers: { 'x-qui': qui },
    signal: coupe.signal,
  });
  let recu = '';
  let finie = false;
  const lecture = (async () => {
    try {
      for await (const morceau of reponse.body ?? []) recu += new TextDecoder().decode(morceau);
      finie = true;
    } catch {
      // Cut from this side.
    }
  })();
  const changements = (): string[][] =>
    [...recu.matchAll(/event: change\ndata: (.*)\n/g)].map(
      ([, json = '']) => (JSON.parse(json) as { references: string[] }).references,
    );
  return { reponse, changements, finie: () => finie, lecture, couper: () => coupe.abort(), recu: () => recu };
}

describe('la console en direct', () => {
  it('dit à une console ce qu’une autre a fait, sans rien du dossier', async () => {
    await transmissions.transmettre(demandeEssai());
    const [lea, max] = [await ecouter('lea'), await ecouter('max')];
    await transmissions.prendre(R, { id: 'lea', nom: 'Léa' });
    await expect.poll(max.changements).toEqual([[R]]);
    await expect.poll(lea.changements).toEqual([[R]]);
    expect(max.recu().replaceAll(': \n\n', '')).toBe(
      `event: pret\ndata: {}\n\nevent: change\ndata: {"references":["${R}"]}\n\n`,
    );
    expect(max.reponse.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    lea.couper();
    max.couper();
  });

  it('dit ce que le balayage de conservation efface, à qui pouvait le voir seulement', async () => {
    await transmissions.transmettre(demandeEssai());
    await transmissions.retirer(R);
    const [lea, apec, sud] = [await ecouter('lea'), await ecouter('apec'), await ecouter('sud')];
    decalage = 29 * 86_400_000;
    expect((await transmissions.balayer()).effacees).toBe(0);
    decalage = 31 * 86_400_000;
    expect((await transmissions.balayer()).effacees).toBe(1);
    await expect.poll(lea.changements).toEqual([[R]]);
    expect([...apec.changements(), ...sud.changements()]).toEqual([]);
    for (const page of [lea, apec, sud]) page.couper();
  });

  it('ne dit rien à qui ne peut pas voir le dossier, pas même qu’il s’est passé quelque chose', async () => {
    const [lea, apec, sud] = [await ecouter('lea'), await ecouter('apec'), await ecouter('sud')];
    await transmissions.transmettre(demandeEssai());
    await expect.poll(lea.changements).toEqual([[R]]);
    await transmissions.transmettre(demandeEssai({ reference: APEC, operateur: 'apec' }));
    await expect.poll(apec.changements).toEqual([[APEC]]);
    await transmissions.effacer(R);
    await expect
      .poll(() =>
        lea
          .changements()
          .flat()
          .filter((r) => r === R),
      )
      .toHaveLength(2);
    expect(apec.changements()).toEqual([[APEC]]);
    expect(sud.changements()).toEqual([]);
  });

  it('dit à l’ancien service que sa file a changé, sans nommer ce qu’il ne voit plus', async () => {
    await transmissions.transmettre(demandeEssai());
    const rappel = { id: 'lea', nom: 'Léa' };
    await transmissions.prendre(R, rappel);
    sessions.set('region', session('region', { operateurs: ['operateur-regional'] }));
    const avant = await ecouter('region');
    await transmissions.proposerReorientation(R, rappel, {
      vers: { type: 'operateur', operateur: 'apec' },
      motif: 'autre-operateur-plus-adapte',
    });
    await expect.poll(avant.changements).toEqual([[R]]);
    const { reorientation } = (await transmissions.lire(R)) ?? {};
    const consentement = { le: 1, texte: 'oui', destinataire: 'Apec' };
    const fait = await transmissions.repondreReorientation(R, reorientation?.le ?? 0, {
      accord: true,
      consentement,
      garderSante: false,
    });
    expect(fait.ok).toBe(true);
    await expect.poll(avant.changements).toEqual([[R], []]);
  });

  it('regroupe ce qui change d’un coup', async () => {
    const lea = await ecouter('lea');
    await transmissions.transmettre(demandeEssai());
    await transmissions.prendre(R, { id: 'lea', nom: 'Léa' });
    await transmissions.liberer(R, { id: 'lea', nom: 'Léa' });
    await expect.poll(lea.changements).toEqual([[R]]);
  });

  it('refuse sans session ou sans droit, et s’arrête quand l’un ou l’autre se perd', async () => {
    expect((await ecouter('personne')).reponse.status).toBe(401);
    expect((await ecouter('obs')).reponse.status).toBe(403);
    const lea = await ecouter('lea');
    // Nothing happens meanwhile: the beat alone finds out.
    sessions.delete('lea');
    await expect.poll(lea.finie).toBe(true);
    const max = await ecouter('max');
    sessions.set('max', session('max', { roles: ['observateur'] }));
    await transmissions.transmettre(demandeEssai());
    await expect.poll(max.finie).toBe(true);
    expect(max.changements()).toEqual([]);
  });

  it('quatre pages par session, la cinquième attend qu’une se ferme', async () => {
    const pages = [];
    for (let n = 0; n < 4; n += 1) pages.push(await ecouter('lea'));
    const { reponse } = await ecouter('lea');
    expect([reponse.status, reponse.headers.get('retry-after')]).toEqual([429, '30']);
    expect((await ecouter('max')).reponse.status).toBe(200);
    pages[0]?.couper();
    await expect
      .poll(async () => {
        const page = await ecouter('lea');
        return page.reponse.status;
      })
      .toBe(200);
  });

  it('laisse le service s’arrêter aussitôt', async () => {
    const lea = await ecouter('lea');
    direct.relacher();
    await expect.poll(lea.finie).toBe(true);
    const depuis = Date.now();
    await serveur.fermer(5_000);
    expect(Date.now() - depuis).toBeLessThan(4_500);
  });
});
