import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { empreinte, nouveauTicket } from '../../../bot/channels/directline/jetons.ts';
import type { Hote } from '../../../bot/ports.ts';
import type { Journal } from '../../../bot/storage/journal.ts';
import { ouvrirJournalDisque } from '../../../bot/storage/journal-disque.ts';
import { ouvrirJournalMemoire } from '../../../bot/storage/journal-memoire.ts';
import { journalMuet } from '../http/appui.ts';
import {
  activitesDe,
  appeler,
  attendreActivites,
  commencer,
  ecouter,
  hotePerroquet,
  jusqua,
  mot,
  MUET,
  ouvrirBanc,
  type Banc,
  dire,
} from './banc.ts';

let banc: Banc;
afterEach(async () => banc.fermer());
const racine = mkdtempSync(join(tmpdir(), 'cep-pannes-'));
afterAll(() => rmSync(racine, { recursive: true, force: true }));

const textes = async (c: { id: string; jeton: string }, nombre: number) =>
  (await attendreActivites(banc, c, nombre)).map((a) => a.text);
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));

describe('un tour qui se passe mal', () => {
  const lent = (ms: number): Hote => ({
    jouer: async (entete, passe, message) => {
      if (message.type === 'texte' && message.texte === 'lent') await pause(ms);
      return hotePerroquet.jouer(entete, passe, message);
    },
  });

  it('trop long : excuse, la réponse tardive n’arrive jamais, la suite marche', async () => {
    const journaliseur = journalMuet();
    banc = await ouvrirBanc({ hote: lent(200), delais: { tour: 60, frappe: 1_000 }, journaliseur });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    await dire(banc, c, 'lent', 'k1');
    await dire(banc, c, 'vite', 'k2');
    // On a busy machine the excuse may come before the second message: what the assistant says is in order either way.
    const duBot = (await attendreActivites(banc, c, 5))
      .filter((a) => a.from.role === 'bot')
      .map((a) => a.text);
    expect(duBot[1]).toContain('Pardon');
    expect(duBot[2]).toBe('1: vite');
    await pause(250);
    expect(await textes(c, 5)).toHaveLength(5);
    expect(journaliseur.codes).toContain('tour-abandonne');
  });

  it('long : « est en train d’écrire » dans le flux, jamais dans le sondage', async () => {
    banc = await ouvrirBanc({ hote: lent(120), delais: { tour: 5_000, frappe: 20 } });
    const c = await commencer(banc);
    // The welcome is over and the screen open: the one turn that follows is the slow one.
    await attendreActivites(banc, c, 1);
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length > 0);
    await jusqua(() => e.trames.length > 0);
    await dire(banc, c, 'lent', 'k1');
    await attendreActivites(banc, c, 3);
    await jusqua(
      () => e.trames.flatMap((t) => t.activities).filter((a) => a.type === 'message').length === 3,
    );
    const types = e.trames.flatMap((t) => t.activities).map((a) => a.type);
    expect(types.filter((t) => t === 'typing')).toHaveLength(1);
    expect(types.indexOf('typing')).toBeLessThan(types.lastIndexOf('message'));
    expect((await attendreActivites(banc, c, 3)).map((a) => a.type)).not.toContain('typing');
    e.socket.close();
  });

  it('bavard : vingt messages au plus', async () => {
    banc = await ouvrirBanc({
      hote: {
        jouer: async () => ({
          reponses: Array.from({ length: 50 }, (_, i) => ({ texte: `r${i}` })),
          evenements: [],
        }),
      },
    });
    const c = await commencer(banc);
    expect(await textes(c, 20)).toHaveLength(20);
  });
});

describe('le stockage ne répond plus', () => {
  const enPanne = (journal: Journal, etat: { panne: boolean }): Journal =>
    new Proxy(journal, {
      get(cible, nom, receveur) {
        const valeur: unknown = Reflect.get(cible, nom, receveur);
        if (typeof valeur !== 'function' || nom === 'ecouter' || nom === 'fermer') return valeur;
        return async (...args: unknown[]): Promise<unknown> => {
          if (etat.panne) throw new Error('ENOSPC');
          return Reflect.apply(valeur, cible, args);
        };
      },
    });

  it('envoi, reconnexion et rafraîchissement : 503 ; sondage : ensemble vide ; démarrage : 429 ; puis tout repart', async () => {
    const etat = { panne: false };
    const journal = enPanne(ouvrirJournalMemoire({ horloge: Date.now, journaliseur: MUET }), etat);
    banc = await ouvrirBanc({ journal, attentes: { sondage: 200, indisponible: 30 } });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    etat.panne = true;
    const envoi = await dire(banc, c, 'x', 'k');
    expect([envoi.statut, envoi.entetes.get('retry-after'), envoi.corps]).toEqual([
      503,
      '2',
      { error: { code: 'Unavailable', message: 'Not available for now.' } },
    ]);
    expect((await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton })).statut).toBe(503);
    const sondage = await appeler(banc, 'GET', `/conversations/${c.id}/activities?watermark=memoire.2`, {
      jeton: c.jeton,
    });
    expect([sondage.statut, sondage.corps]).toEqual([200, { activities: [], watermark: 'memoire.2' }]);
    const depart = await appeler(banc, 'POST', '/conversations', { jeton: c.jeton, corps: {} });
    expect([depart.statut, depart.entetes.get('retry-after')]).toEqual([429, '20']);
    etat.panne = false;
    expect((await dire(banc, c, 'x', 'k')).statut).toBe(200);
    expect(await textes(c, 3)).toEqual(['bonjour', 'x', '1: x']);
  });
});

describe('arrêt', () => {
  it('ferme les écrans avec 1012, relâche les sondages, finit le tour en main', async () => {
    banc = await ouvrirBanc({ attentes: { sondage: 15_000, indisponible: 20 } });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length > 0);
    const { watermark = '' } = e.trames.at(-1) ?? {};
    const sondage = appeler(banc, 'GET', `/conversations/${c.id}/activities?watermark=${watermark}`, {
      jeton: c.jeton,
    });
    await pause(30);
    const debut = Date.now();
    await banc.canaux.fermer();
    expect(await e.ferme).toBe(1012);
    expect((await sondage).statut).toBe(200);
    expect(Date.now() - debut).toBeLessThan(12_000);
    expect((await dire(banc, c, 'x', 'k')).statut).toBe(503);
    expect(await ecouter(c.flux).ferme).toBe(-1);
  });

  it('un écran en train de s’ouvrir pendant l’arrêt est refusé, et ne retient pas le serveur', async () => {
    const reel = ouvrirJournalMemoire({ horloge: () => Date.now(), journaliseur: MUET });
    let laisser = (): void => undefined;
    let retenues = 0;
    let lent = false;
    banc = await ouvrirBanc({
      journal: {
        ...reel,
        note: async (conversation, cle) => {
          if (lent) {
            retenues += 1;
            await new Promise<void>((r) => (laisser = r));
          }
          return reel.note(conversation, cle);
        },
      },
    });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    lent = true;
    const ouverture = new WebSocket(c.flux);
    const statut = new Promise<number>((r) => {
      ouverture.on('unexpected-response', (_, reponse) => r(reponse.statusCode ?? 0));
      ouverture.on('open', () => r(101));
      ouverture.on('error', () => undefined);
    });
    await jusqua(() => retenues === 1);
    await banc.canaux.fermer();
    laisser();
    expect(await statut).toBe(503);
    const debut = Date.now();
    await banc.serveur.fermer(100);
    expect(Date.now() - debut).toBeLessThan(2_000);
  });

  it('un écran qui dort ne retient pas l’arrêt : il n’a pas à dire au revoir', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const endormi = await ouvrirBrut(banc.port, c.flux);
    const debut = Date.now();
    await banc.canaux.fermer();
    await banc.serveur.fermer(100);
    expect(Date.now() - debut).toBeLessThan(5_000);
    endormi.destroy();
  });

  it('qui se voit refuser un écran sans raccrocher ne garde pas sa place', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const refuse = await ouvrirBrut(banc.port, c.flux.replace(/t=.*/, 't=faux'));
    // Half of a connection says nothing of its other half until one writes to it.
    const parle = setInterval(() => refuse.write('x'), 100);
    const ferme = await new Promise<boolean>((r) => {
      refuse.once('close', () => r(true));
      setTimeout(() => r(false), 5_000);
    });
    clearInterval(parle);
    refuse.destroy();
    expect(ferme).toBe(true);
  });
});

/** An upgrade asked for by hand, whose sender then reads and says nothing, not even goodbye. */
async function ouvrirBrut(port: number, flux: string): Promise<Socket> {
  const { pathname, search } = new URL(flux);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  socket.on('error', () => undefined);
  await new Promise((r) => socket.once('data', r));
  socket.resume();
  return socket;
}

describe('redémarrage', () => {
  const dossiers = { n: 0 };
  const ouvrir = (dossier: string, horloge = Date.now) =>
    ouvrirJournalDisque({ dossier, horloge, journaliseur: MUET });

  async function rouvrir(dossier: string, horloge = Date.now): Promise<Banc> {
    return ouvrirBanc({ journal: await ouvrir(dossier, horloge), dossierCles: dossier });
  }
  const fermerTout = async (): Promise<void> => {
    await banc.fermer();
    await banc.journal.fermer();
  };
  const nouveau = (): string => join(racine, String((dossiers.n += 1)));

  it('un renvoi traverse le redémarrage, les jetons et le secret aussi', async () => {
    const dossier = nouveau();
    banc = await rouvrir(dossier);
    const c = await commencer(banc);
    const premier = await dire(banc, c, 'coucou', 'k1');
    await attendreActivites(banc, c, 3);
    await fermerTout();
    banc = await rouvrir(dossier);
    expect(mot(await dire(banc, c, 'coucou', 'k1'), 'id')).toBe(mot(premier, 'id'));
    await dire(banc, c, 'suite', 'k2');
    expect(await textes(c, 5)).toEqual(['bonjour', 'coucou', '1: coucou', 'suite', '2: suite']);
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } })).statut).toBe(200);
    await banc.journal.fermer();
  });

  /** Leaves a conversation with an accepted message whose turn never ran: what a SIGKILL between the two leaves. */
  async function couper(dossier: string): Promise<{ id: string; jeton: string }> {
    banc = await rouvrir(dossier);
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    await banc.journal.ajouterEntrant(
      c.id,
      { type: 'message', text: 'coupé', from: { id: 'dl_x', role: 'user' } },
      { cle: 'k' },
    );
    await fermerTout();
    return c;
  }

  it('un tour coupé est rejoué une fois, l’accueil n’est pas répété', async () => {
    const dossier = nouveau();
    const c = await couper(dossier);
    banc = await rouvrir(dossier);
    expect(await banc.canaux.reprendreTours()).toBe(1);
    expect(await textes(c, 3)).toEqual(['bonjour', 'coupé', '1: coupé']);
    expect(await banc.canaux.reprendreTours()).toBe(0);
    expect(await textes(c, 3)).toHaveLength(3);
    await banc.journal.fermer();
  });

  // directline.md § 4.2: accepted, stored, answered, shown, played. What a SIGKILL leaves after each of them, then the client that sends again.
  it.each([
    ['avant d’écrire le message', async () => undefined],
    ['après l’avoir écrit', async (journal: Journal, id: string) => void (await ecrireCoupe(journal, id))],
    [
      'pendant qu’il est rejoué',
      async (journal: Journal, id: string) => {
        const seq = await ecrireCoupe(journal, id);
        await journal.marquerRejeu(id, seq);
      },
    ],
    [
      'après la fin du tour',
      async (journal: Journal, id: string) => {
        const seq = await ecrireCoupe(journal, id);
        await journal.terminerTour(id, seq, {
          activites: [
            {
              type: 'message',
              text: 'réponse',
              from: { id: 'assistant-cep', name: 'Assistant', role: 'bot' },
            },
          ],
          evenements: [{ type: 'dit' }],
        });
      },
    ],
  ])('arrêt %s : un renvoi ne fait qu’un message et qu’une réponse', async (_quand, laisser) => {
    const dossier = nouveau();
    banc = await rouvrir(dossier);
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    await laisser(banc.journal, c.id);
    await fermerTout();
    banc = await rouvrir(dossier);
    await banc.canaux.reprendreTours();
    const renvois = await Promise.all([dire(banc, c, 'coupé', 'k'), dire(banc, c, 'coupé', 'k')]);
    expect(new Set(renvois.map((r) => mot(r, 'id'))).size).toBe(1);
    const liste = await attendreActivites(banc, c, 3);
    expect(liste.map((a) => a.from.role)).toEqual(['bot', 'user', 'bot']);
    expect(liste[1]?.id).toBe(mot(renvois[0], 'id'));
    await dire(banc, c, 'suite', 'k2');
    expect((await attendreActivites(banc, c, 5)).map((a) => a.from.role)).toEqual([
      'bot',
      'user',
      'bot',
      'user',
      'bot',
    ]);
    await banc.journal.fermer();
  });

  /** The message as the route stores it. */
  async function ecrireCoupe(journal: Journal, id: string): Promise<number> {
    const ajout = await journal.ajouterEntrant(
      id,
      { type: 'message', text: 'coupé', from: { id: 'dl_x', name: 'Vous', role: 'user' } },
      { cle: 'k', empreinte: empreinte(JSON.stringify(['coupé', undefined])) },
    );
    return ajout?.seq ?? 0;
  }

  it('coupé une seconde fois, ou trop vieux : « reprenons »', async () => {
    const dossier = nouveau();
    const c = await couper(dossier);
    const journal = await ouvrir(dossier);
    await journal.marquerRejeu(c.id, 3);
    await journal.fermer();
    banc = await rouvrir(dossier);
    await banc.canaux.reprendreTours();
    expect((await textes(c, 3))[2]).toContain('interrompu');
    await banc.journal.fermer();
    await banc.fermer();

    const autre = nouveau();
    const d = await couper(autre);
    banc = await rouvrir(autre);
    banc.temps = 3 * 60_000;
    await banc.canaux.reprendreTours();
    expect((await textes(d, 3))[2]).toContain('interrompu');
    await banc.journal.fermer();
  });

  it('une reprise n’exécute pas deux fois un tour déjà en main', async () => {
    let joues = 0;
    banc = await ouvrirBanc({
      hote: {
        jouer: async (entete, passe, message) => {
          joues += 1;
          await pause(50);
          return hotePerroquet.jouer(entete, passe, message);
        },
      },
    });
    await commencer(banc);
    expect(await banc.canaux.reprendreTours()).toBe(0);
    await pause(120);
    expect(joues).toBe(1);
  });

  it('restauré d’une sauvegarde, un ancien filigrane vaut « depuis le début »', async () => {
    const dossier = nouveau();
    banc = await rouvrir(dossier);
    const c = await commencer(banc);
    await dire(banc, c, 'a', 'k');
    await attendreActivites(banc, c, 3);
    const lu = await appeler(banc, 'GET', `/conversations/${c.id}/activities`, { jeton: c.jeton });
    await fermerTout();
    rmSync(join(dossier, 'conversations', 'epoque'));
    banc = await rouvrir(dossier);
    const page = await appeler(
      banc,
      'GET',
      `/conversations/${c.id}/activities?watermark=${mot(lu, 'watermark')}`,
      { jeton: c.jeton },
    );
    expect(activitesDe(page)).toHaveLength(3);
    await banc.journal.fermer();
  });
});

describe('les écrans', () => {
  it('n’ouvrent qu’avec un billet frais, de cette conversation et de cette origine', async () => {
    banc = await ouvrirBanc();
    const [a, b] = [await commencer(banc), await commencer(banc)];
    const billet = (conv: string, org: string, le = Date.now()) =>
      nouveauTicket(banc.cles, { conv, user: 'dl_x', org }, le);
    const url = (t: string) =>
      `${banc.base.replace('http', 'ws')}/v3/directline/conversations/${a.id}/stream?watermark=-&t=${t}`;
    expect(await ecouter(url(billet(a.id, '', Date.now() - 61_000))).ferme).toBe(-1);
    expect(await ecouter(url(billet(b.id, ''))).ferme).toBe(-1);
    expect(await ecouter(url(billet(a.id, 'https://ailleurs.test'))).ferme).toBe(-1);
    expect(await ecouter(url(billet('0'.repeat(32), ''))).ferme).toBe(-1);
    const bon = ecouter(url(billet(a.id, '')));
    await jusqua(() => bon.trames.length > 0);
    bon.socket.close();
  });

  it('un sondage ne dort pas sur ce qui arrive entre sa lecture et son écoute', async () => {
    const reel = ouvrirJournalMemoire({ horloge: () => Date.now(), journaliseur: MUET });
    let arme = false;
    banc = await ouvrirBanc({
      attentes: { sondage: 8_000, indisponible: 20 },
      journal: {
        ...reel,
        lireApres: async (conversation, seq, nombre) => {
          const lu = await reel.lireApres(conversation, seq, nombre);
          if (arme) {
            arme = false;
            await reel.ajouterSortant(conversation, { type: 'message', text: 'entre deux' });
          }
          return lu;
        },
      },
    });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const lire = (filigrane: string): ReturnType<typeof appeler> =>
      appeler(banc, 'GET', `/conversations/${c.id}/activities?watermark=${filigrane}`, { jeton: c.jeton });
    const { corps } = await lire('');
    arme = true;
    const debut = Date.now();
    expect(activitesDe(await lire(String(corps['watermark']))).map((a) => a.text)).toEqual(['entre deux']);
    expect(Date.now() - debut).toBeLessThan(4_000);
  });

  it('sont huit au plus, le neuvième est refusé, aucun n’est chassé', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const huit = Array.from({ length: 8 }, () => ecouter(c.flux));
    await jusqua(() => huit.every((e) => e.trames.length > 0));
    expect(await ecouter(c.flux).ferme).toBe(-1);
    await dire(banc, c, 'toc', 'k');
    await jusqua(() =>
      huit.every((e) => e.trames.flatMap((t) => t.activities).some((a) => a.text === 'toc')),
    );
    huit[0]?.socket.close();
    await huit[0]?.ferme;
    const neuf = ecouter(c.flux);
    await jusqua(() => neuf.trames.length > 0);
    for (const e of [...huit, neuf]) e.socket.close();
  });

  it('la place rendue par un écran fermé ressert, pour sa conversation et pour son adresse', async () => {
    banc = await ouvrirBanc({ limites: { socketsParAdresse: 1, socketsParConversation: 1 } });
    const c = await commencer(banc);
    for (let n = 0; n < 3; n += 1) {
      let ouvert = false;
      for (let essai = 0; essai < 100 && !ouvert; essai += 1) {
        const socket = new WebSocket(c.flux);
        ouvert = await new Promise<boolean>((r) => {
          socket.on('open', () => r(true));
          socket.on('error', () => r(false));
        });
        socket.terminate();
        // Only the server knows when it has seen it gone.
        if (!ouvert) await pause(20);
      }
      expect(ouvert).toBe(true);
    }
  });

  it('la trame vide est ignorée, toute autre ferme', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const calme = ecouter(c.flux);
    const bavard = ecouter(c.flux);
    const gros = ecouter(c.flux);
    await jusqua(() => [calme, bavard, gros].every((e) => e.trames.length > 0));
    calme.socket.send('');
    bavard.socket.send('{}');
    gros.socket.send('x'.repeat(2_000));
    expect(await bavard.ferme).toBe(1003);
    expect(await gros.ferme).toBe(1009);
    await dire(banc, c, 'toc', 'k');
    await jusqua(() => calme.trames.flatMap((t) => t.activities).some((a) => a.text === 'toc'));
    calme.socket.close();
  });

  it('ne ratent rien de ce qui arrive pendant qu’ils s’ouvrent', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const etat = { fini: false };
    const ecrivain = (async () => {
      for (let i = 0; i < 1_000; i += 1) {
        await banc.journal.ajouterSortant(c.id, { type: 'message', text: `s${i}` });
        if (i % 20 === 0) await pause(1);
      }
      etat.fini = true;
    })();
    const ecrans: ReturnType<typeof ecouter>[] = [];
    while (!etat.fini) {
      const lu = await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton });
      if (ecrans.length < 7) ecrans.push(ecouter(mot(lu, 'streamUrl')));
      await pause(5);
    }
    await ecrivain;
    const tete = (await banc.journal.tete(c.id)) ?? 0;
    const attendus = Array.from({ length: tete - 1 }, (_, i) => `${c.id}.${String(i + 2).padStart(7, '0')}`);
    for (const e of ecrans) {
      const ids = () => e.trames.flatMap((t) => t.activities).map((a) => a.id);
      await jusqua(() => ids().length >= attendus.length);
      expect(ids()).toEqual(attendus);
      e.socket.close();
    }
  });

  it('l’écho part avec la réponse quand elle suit de près, sans elle quand elle tarde', async () => {
    banc = await ouvrirBanc({
      hote: {
        jouer: async (entete, passe, message) => {
          if (message.type === 'texte' && message.texte === 'lent') await pause(300);
          return hotePerroquet.jouer(entete, passe, message);
        },
      },
    });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length === 1);
    await dire(banc, c, 'vite', 'k1');
    await jusqua(() => e.trames.length > 1);
    expect(e.trames[1]?.activities.map((a) => a.text)).toEqual(['vite', '1: vite']);
    await dire(banc, c, 'lent', 'k2');
    await jusqua(() => e.trames.length > 2);
    expect(e.trames[2]?.activities.map((a) => a.text)).toEqual(['lent']);
    await jusqua(() => e.trames.length > 3);
    expect(e.trames[3]?.activities.map((a) => a.text)).toEqual(['2: lent']);
    e.socket.close();
  });

  it('un lecteur trop lent est fermé, et retrouve tout en revenant', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length > 0);
    e.socket.pause();
    const gros = 'x'.repeat(200_000);
    for (let i = 0; i < 120; i += 1) await banc.journal.ajouterSortant(c.id, { type: 'message', text: gros });
    await pause(50);
    e.socket.resume();
    expect([1013, 1006]).toContain(await e.ferme);
    expect(e.trames.flatMap((t) => t.activities).length).toBeLessThan(121);
    expect(await textes(c, 121)).toHaveLength(121);
  });
});

describe('celui qui parle le premier', () => {
  it('un conseiller : son nom, en texte simple, sans référence inconnue', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const parole = {
      conseiller: { id: '7f', nom: 'Camille', service: 'Apec' },
      texte: 'Bonjour **vous**',
      registre: 'standard',
      cle: 'cle-1',
      peut: () => true,
    } as const;
    expect(await banc.canaux.dire(c.id, parole)).toBe('dite');
    expect(await banc.canaux.dire(c.id, parole)).toBe('doublon');
    expect(await banc.canaux.dire(c.id, { ...parole, texte: 'autre' })).toBe('refusee');
    expect(await banc.canaux.dire(c.id, { ...parole, cle: 'cle-2', peut: () => false })).toBe('refusee');
    const liste = await attendreActivites(banc, c, 2);
    expect(liste[1]).toMatchObject({
      text: 'Bonjour **vous**',
      textFormat: 'plain',
      from: { id: 'conseiller-7f', name: 'Camille, Apec', role: 'bot' },
    });
    expect(liste[1]?.replyToId).toBeUndefined();
    expect(await banc.canaux.dire('0'.repeat(32), parole)).toBe('refusee');
    expect(await attendreActivites(banc, c, 2)).toHaveLength(2);
  });

  it('l’assistant : au milieu d’un tour, son message ne se mêle pas à la réponse', async () => {
    banc = await ouvrirBanc({
      hote: {
        jouer: async (entete, passe, message) => {
          if (message.type === 'texte') await banc.canaux.envoyer(c.id, [{ texte: 'rappel' }]);
          return hotePerroquet.jouer(entete, passe, message);
        },
      },
    });
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    await dire(banc, c, 'x', 'k');
    expect(await textes(c, 4)).toEqual(['bonjour', 'x', 'rappel', '1: x']);
  });

  it('une réponse nomme le message auquel elle répond, l’accueil rien', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await dire(banc, c, 'x', 'k');
    const [accueil, question, reponse] = await attendreActivites(banc, c, 3);
    expect(accueil?.replyToId).toBeUndefined();
    expect(reponse?.replyToId).toBe(question?.id);
  });
});

describe('fin de conversation', () => {
  it('« terminer » coupe jeton, secret et écrans, et garde le journal', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length > 0);
    expect((await appeler(banc, 'POST', '/tokens/revoke', { jeton: c.jeton })).statut).toBe(200);
    expect(await e.ferme).toBe(4001);
    // The ticket given before is still fresh: it opens nothing any more.
    expect(await ecouter(c.flux).ferme).toBe(-1);
    expect((await dire(banc, c, 'x', 'k')).statut).toBe(403);
    expect((await appeler(banc, 'POST', '/tokens/refresh', { jeton: c.jeton })).statut).toBe(403);
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } })).statut).toBe(403);
    expect(await banc.journal.tete(c.id)).toBe(2);
  });

  it('une session finit après douze heures, même rafraîchie', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    let { jeton } = c;
    for (let n = 0; n <= 12; n += 1) {
      banc.temps = n * 3_500_000;
      const lu = await appeler(banc, 'POST', '/tokens/refresh', { jeton });
      expect(lu.statut).toBe(200);
      jeton = mot(lu, 'token');
    }
    banc.temps = 13 * 3_500_000;
    expect((await appeler(banc, 'POST', '/tokens/refresh', { jeton })).statut).toBe(403);
  });

  it('se reconnecter ou redémarrer ne prolonge pas une session au-delà de douze heures', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    let { jeton } = c;
    for (let n = 0; n <= 12; n += 1) {
      banc.temps = n * 3_500_000;
      const lu = await appeler(banc, 'GET', `/conversations/${c.id}?watermark=`, { jeton });
      expect(lu.statut).toBe(200);
      jeton = mot(lu, 'token');
    }
    banc.temps = 13 * 3_500_000;
    for (const [methode, chemin] of [
      ['GET', `/conversations/${c.id}?watermark=`],
      ['POST', '/conversations'],
    ] as const) {
      const lu = await appeler(banc, methode, chemin, { jeton });
      expect(lu.statut).toBe(403);
      expect(lu.corps).toMatchObject({ error: { code: 'TokenExpired' } });
    }
  });

  it('le secret de reprise ne vaut plus rien après vingt-quatre heures sans usage', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    banc.temps = 25 * 3_600_000;
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } })).statut).toBe(403);
  });
});

describe('les limites', () => {
  it('trop de conversations vivantes : 429 au démarrage, les autres continuent', async () => {
    banc = await ouvrirBanc({ limites: { conversations: 2 } });
    const [a] = [await commencer(banc), await commencer(banc)];
    const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
    const refuse = await appeler(banc, 'POST', '/conversations', { jeton: mot(genere, 'token'), corps: {} });
    expect([refuse.statut, refuse.entetes.get('retry-after')]).toEqual([429, '20']);
    expect((await dire(banc, a, 'x', 'k')).statut).toBe(200);
    banc.temps = 16 * 60_000;
    await commencer(banc);
  });

  it('trop de jetons pour une adresse : 429 avec le délai', async () => {
    banc = await ouvrirBanc({ limites: { jetonsParAdresse: 3 } });
    const statuts: number[] = [];
    for (let i = 0; i < 4; i += 1)
      statuts.push((await appeler(banc, 'POST', '/tokens/generate', { corps: {} })).statut);
    expect(statuts).toEqual([200, 200, 200, 429]);
  });

  it('une conversation sans fin invite à recommencer, puis refuse', async () => {
    banc = await ouvrirBanc({ limites: { messagesParConversation: 3 } });
    const c = await commencer(banc);
    for (let i = 0; i < 5; i += 1) await dire(banc, c, `m${i}`, `k${i}`);
    const lus = await textes(c, 11);
    expect(lus.filter((t) => t?.includes('nouvelle'))).toHaveLength(2);
    for (let i = 5; i < 30; i += 1) await dire(banc, c, `m${i}`, `k${i}`);
    expect((await dire(banc, c, 'encore', 'z')).statut).toBe(429);
  });
});

describe('les origines', () => {
  const SITE = 'https://site.test';

  it('un site permis lit les réponses et les refus ; un autre n’a aucun droit', async () => {
    banc = await ouvrirBanc({ sites: [SITE] });
    const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {}, entetes: { Origin: SITE } });
    expect([genere.statut, genere.entetes.get('access-control-allow-origin')]).toEqual([200, SITE]);
    // Kept by a cache on the way, it must not be given to another site.
    expect(genere.entetes.get('vary')).toBe('Origin');
    const jeton = mot(genere, 'token');
    const refus = await appeler(banc, 'GET', '/conversations/x', { entetes: { Origin: SITE } });
    expect([refus.statut, refus.entetes.get('access-control-allow-origin')]).toEqual([401, SITE]);
    const preflight = await appeler(banc, 'OPTIONS', '/conversations', { entetes: { Origin: SITE } });
    expect([
      preflight.statut,
      preflight.entetes.get('access-control-allow-headers'),
      preflight.entetes.get('access-control-max-age'),
    ]).toEqual([204, 'authorization, content-type, x-ms-bot-agent, x-requested-with', '600']);
    const ailleurs = await appeler(banc, 'OPTIONS', '/conversations', {
      entetes: { Origin: 'https://x.test' },
    });
    expect(ailleurs.entetes.get('access-control-allow-origin')).toBeNull();
    // The token is pinned to the site that got it.
    const vole = await appeler(banc, 'POST', '/conversations', {
      jeton,
      corps: {},
      entetes: { Origin: banc.base },
    });
    expect(vole.statut).toBe(403);
  });

  it('un formulaire d’un autre site ne fait pas de jeton, même sans en-tête Origin', async () => {
    banc = await ouvrirBanc();
    const essai = (entetes: Record<string, string>) =>
      appeler(banc, 'POST', '/tokens/generate', { corps: {}, entetes });
    expect((await essai({ 'Sec-Fetch-Site': 'cross-site' })).statut).toBe(403);
    expect((await essai({ Origin: 'null' })).statut).toBe(403);
    expect((await essai({ 'Content-Type': 'text/plain' })).statut).toBe(415);
  });
});
