import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { nouveauJeton, nouveauTicket } from '../../../bot/channels/directline/jetons.ts';
import { rendre } from '../../../bot/channels/rendu.ts';
import type { Hote } from '../../../bot/ports.ts';
import type { Journal } from '../../../bot/storage/journal.ts';
import { ouvrirJournalMemoire } from '../../../bot/storage/journal-memoire.ts';
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
  type Ouverte,
  type Vue,
  dire,
  poster,
} from './banc.ts';

// What the stock clients were seen to do (directline.md § 1), one test per line of its table: what our service owes each.

let banc: Banc;
afterEach(async () => banc.fermer());

const lire = (c: Ouverte, filigrane: string) =>
  appeler(banc, 'GET', `/conversations/${c.id}/activities${filigrane}`, { jeton: c.jeton });
const rejoindre = (c: Ouverte, filigrane = '') =>
  appeler(banc, 'GET', `/conversations/${c.id}${filigrane}`, { jeton: c.jeton });
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));
const messagesDe = (e: ReturnType<typeof ecouter>): Vue[] =>
  e.trames.flatMap((t) => t.activities).filter((a) => a.type === 'message');

const conseillerDit = (c: Ouverte, texte: string) =>
  banc.canaux.dire(c.id, {
    conseiller: { id: 'x', nom: 'Camille', service: 'Apec' },
    texte,
    registre: 'standard',
    cle: 'c1',
    peut: () => true,
  });

/** A conversation whose welcome is over. */
async function accueillie(): Promise<Awaited<ReturnType<typeof commencer>>> {
  const c = await commencer(banc);
  await attendreActivites(banc, c, 1);
  return c;
}

/** A log that fails, and comes back, when told. */
function enPanne(etat: { panne: boolean }): Journal {
  const journal = ouvrirJournalMemoire({ horloge: Date.now, journaliseur: MUET });
  return new Proxy(journal, {
    get(cible, nom, receveur) {
      const valeur: unknown = Reflect.get(cible, nom, receveur);
      if (typeof valeur !== 'function' || nom === 'ecouter' || nom === 'fermer') return valeur;
      return async (...args: unknown[]): Promise<unknown> => {
        if (etat.panne) throw new Error('ENOSPC');
        return Reflect.apply(valeur, cible, args);
      };
    },
  });
}

describe('ce que font les clients du commerce, et ce que le service leur doit', () => {
  it('C1 : un message accepté revient dans le flux, avec sa clé et l’identifiant de la réponse', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const e = ecouter(c.flux);
    const recu = await poster(banc, c, {
      type: 'message',
      text: 'coucou',
      channelData: { clientActivityID: 'k1', postBack: true },
    });
    await jusqua(() => messagesDe(e).length >= 2);
    const echo = messagesDe(e).find((a) => a.from.role === 'user');
    expect([echo?.id, echo?.text, echo?.channelData]).toEqual([
      mot(recu, 'id'),
      'coucou',
      { clientActivityID: 'k1', postBack: true },
    ]);
    e.socket.close();
  });

  it('C2 : l’écho précède la réponse, et aucun replyToId ne nomme ce que le client n’a pas', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const e = ecouter(c.flux);
    await poster(banc, c, {
      type: 'message',
      text: 'un',
      replyToId: 'inconnu',
      channelData: { clientActivityID: 'k1' },
    });
    expect(await conseillerDit(c, 'bonjour')).toBe('dite');
    await jusqua(() => messagesDe(e).length >= 4);
    const vus = new Set<string>();
    for (const a of messagesDe(e)) {
      if (a.replyToId !== undefined) expect(vus).toContain(a.replyToId);
      vus.add(a.id);
    }
    const liste = messagesDe(e);
    const echo = liste.findIndex((a) => a.text === 'un');
    expect(liste[echo]?.replyToId).toBeUndefined();
    expect(liste.findIndex((a) => a.text === '1: un')).toBeGreaterThan(echo);
    e.socket.close();
  });

  it('C3 : l’envoi est accepté avant que le tour ait lieu, même s’il échoue ; jamais de 502', async () => {
    let liberer = (): void => undefined;
    const hote: Hote = {
      jouer: async (entete, passe, message) => {
        if (message.type === 'texte' && message.texte === 'attends')
          await new Promise<void>((r) => (liberer = r));
        return hotePerroquet.jouer(entete, passe, message);
      },
    };
    banc = await ouvrirBanc({ hote });
    const c = await accueillie();
    expect((await dire(banc, c, 'attends', 'k1')).statut).toBe(200);
    expect((await dire(banc, c, 'panne', 'k2')).statut).toBe(200);
    expect(activitesDe(await lire(c, '')).filter((a) => a.from.role === 'bot')).toHaveLength(1);
    await jusqua(() => {
      liberer();
      return true;
    });
    const liste = await attendreActivites(banc, c, 5);
    expect(liste.slice(3).map((a) => a.text?.slice(0, 6))).toEqual(['1: att', 'Pardon']);
  });

  it('C4 : quatre envois du même POST ne font qu’un message, une réponse, un identifiant', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const envois = await Promise.all([1, 2, 3, 4].map(() => dire(banc, c, 'une fois', 'k1')));
    expect(new Set(envois.map((e) => mot(e, 'id'))).size).toBe(1);
    expect(envois.map((e) => e.statut)).toEqual([200, 200, 200, 200]);
    await attendreActivites(banc, c, 3);
    await pause(50);
    expect((await attendreActivites(banc, c, 3)).map((a) => a.text)).toEqual([
      'bonjour',
      'une fois',
      '1: une fois',
    ]);
  });

  it('C5 : « réessayer » vient avec une autre clé : accepté, et en écho lui aussi', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const [un, deux] = [await dire(banc, c, 'encore', 'k1'), await dire(banc, c, 'encore', 'k2')];
    expect(mot(un, 'id')).not.toBe(mot(deux, 'id'));
    const cles = (await attendreActivites(banc, c, 5)).map((a) => a.channelData?.clientActivityID);
    expect(cles.filter((k) => k !== undefined)).toEqual(['k1', 'k2']);
  });

  it('C6 : 403 seulement pour un jeton vraiment expiré ; il dure plus qu’une sieste ; plusieurs flux par conversation', async () => {
    const etat = { panne: false };
    banc = await ouvrirBanc({
      journal: enPanne(etat),
      attentes: { sondage: 20, indisponible: 20 },
      limites: { messagesParSeconde: 1, messagesRafale: 1 },
    });
    const c = await accueillie();
    const appels = () =>
      Promise.all([
        dire(banc, c, 'x', `k${Math.random()}`),
        dire(banc, c, 'x', `k${Math.random()}`),
        dire(banc, c, 'x', `k${Math.random()}`),
        dire(banc, c, 'x', `k${Math.random()}`),
        appeler(banc, 'POST', '/tokens/refresh', { jeton: c.jeton }),
        appeler(banc, 'POST', '/tokens/refresh', { jeton: 'faux' }),
        appeler(banc, 'POST', '/tokens/refresh'),
        rejoindre(c),
      ]);
    expect((await appels()).map((a) => a.statut)).not.toContain(403);
    etat.panne = true;
    expect((await appels()).map((a) => a.statut)).not.toContain(403);
    etat.panne = false;
    banc.temps = 59 * 60_000;
    expect((await rejoindre(c)).statut).toBe(200);
    const flux = await Promise.all([1, 2, 3, 4, 5].map(async () => mot(await rejoindre(c), 'streamUrl')));
    const ecoutes = flux.map((f) => ecouter(f));
    await jusqua(() => ecoutes.every((e) => messagesDe(e).length > 0));
    expect(ecoutes.map((e) => e.socket.readyState)).toEqual([1, 1, 1, 1, 1]);
    banc.temps = 61 * 60_000;
    const perime = await rejoindre(c);
    expect([perime.statut, perime.corps]).toEqual([
      403,
      { error: { code: 'TokenExpired', message: 'The token has expired.' } },
    ]);
    for (const e of ecoutes) e.socket.close();
  });

  it('C7 : 404 seulement pour une conversation effacée', async () => {
    const etat = { panne: false };
    banc = await ouvrirBanc({ journal: enPanne(etat), attentes: { sondage: 20, indisponible: 20 } });
    const c = await accueillie();
    etat.panne = true;
    expect([(await rejoindre(c)).statut, (await lire(c, '')).statut]).not.toContain(404);
    etat.panne = false;
    expect([(await rejoindre(c)).statut, (await lire(c, '')).statut]).toEqual([200, 200]);
    await banc.canaux.effacer(c.id);
    expect([(await rejoindre(c)).statut, (await lire(c, '')).statut]).toEqual([404, 404]);
    expect((await appeler(banc, 'POST', '/conversations', { jeton: c.jeton, corps: {} })).statut).toBe(404);
  });

  it('C8 : pendant l’arrêt, la reconnexion reçoit 503 et un délai, rien de définitif', async () => {
    banc = await ouvrirBanc({ attentes: { sondage: 20, indisponible: 20 } });
    const c = await accueillie();
    await banc.canaux.fermer();
    const lu = await rejoindre(c);
    expect([lu.statut, lu.entetes.get('retry-after')]).toEqual([503, '2']);
    const refus = await new Promise<number>((resolve) => {
      const socket = new WebSocket(c.flux);
      socket.on('unexpected-response', (_req, res) => resolve(res.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
    expect(refus).toBe(503);
  });

  it('C9 : un démarrage répété ne fait ni seconde conversation ni second accueil ; sans stockage, 429 et non 5xx', async () => {
    const etat = { panne: false };
    banc = await ouvrirBanc({ journal: enPanne(etat), attentes: { sondage: 20, indisponible: 20 } });
    const jeton = mot(await appeler(banc, 'POST', '/tokens/generate', { corps: {} }), 'token');
    const demarrer = () => appeler(banc, 'POST', '/conversations', { jeton, corps: {} });
    etat.panne = true;
    expect((await demarrer()).statut).toBe(429);
    etat.panne = false;
    const faits = [await demarrer(), await demarrer(), await demarrer()];
    expect(faits.map((f) => f.statut)).toEqual([201, 200, 200]);
    expect(new Set(faits.map((f) => mot(f, 'conversationId'))).size).toBe(1);
    const c = { id: mot(faits[0] ?? (await demarrer()), 'conversationId'), jeton };
    await attendreActivites(banc, c, 1);
    await pause(50);
    expect((await attendreActivites(banc, c, 1)).map((a) => a.text)).toEqual(['bonjour']);
  });

  it('C10 : le sondage ne reçoit jamais d’erreur de charge, ni sans stockage, ni pendant l’arrêt', async () => {
    const etat = { panne: false };
    banc = await ouvrirBanc({
      journal: enPanne(etat),
      attentes: { sondage: 20, indisponible: 20 },
      limites: { messagesParSeconde: 1, messagesRafale: 1, conversations: 1, jetonsParAdresse: 5 },
    });
    const c = await accueillie();
    const salve = async (): Promise<number[]> =>
      (await Promise.all(Array.from({ length: 60 }, () => lire(c, '?watermark=memoire.2')))).map(
        (l) => l.statut,
      );
    expect(new Set(await salve())).toEqual(new Set([200]));
    etat.panne = true;
    expect(new Set(await salve())).toEqual(new Set([200]));
    etat.panne = false;
    await banc.canaux.fermer();
    const lus = await Promise.all(Array.from({ length: 5 }, () => lire(c, '?watermark=memoire.2')));
    expect(lus.map((l) => [l.statut, l.corps])).toEqual(
      Array.from({ length: 5 }, () => [200, { activities: [], watermark: 'memoire.2' }]),
    );
  });

  it('C11 : toute trame est un ensemble d’activités, de l’ouverture à la fin', async () => {
    const lent: Hote = {
      jouer: async (...args) => {
        await pause(60);
        return hotePerroquet.jouer(...args);
      },
    };
    banc = await ouvrirBanc({ hote: lent, delais: { tour: 5_000, frappe: 10 } });
    const c = await commencer(banc);
    const brutes: string[] = [];
    const socket = new WebSocket(c.flux);
    const ferme = new Promise((r) => socket.on('close', r));
    socket.on('message', (m: Buffer) => void brutes.push(m.toString('utf8')));
    await jusqua(() => brutes.length > 0);
    await dire(banc, c, 'un', 'k1');
    await attendreActivites(banc, c, 3);
    expect(await conseillerDit(c, 'bonjour')).toBe('dite');
    await banc.canaux.revoquer(c.id);
    await ferme;
    const lues = brutes.map((b) => JSON.parse(b) as Record<string, unknown>);
    const types = lues.flatMap((l) => l['activities'] as Vue[]).map((a) => a.type);
    expect(types).toContain('typing');
    expect(types.at(-1)).toBe('event');
    for (const l of lues) {
      expect(Object.keys(l).toSorted()).toEqual(['activities', 'watermark']);
      expect(Array.isArray(l['activities'])).toBe(true);
      expect(l['watermark']).toMatch(/^[A-Za-z0-9._-]+$/);
    }
  });

  it('C12 : un filigrane vide, absent ou « - » veut dire depuis le début, partout', async () => {
    banc = await ouvrirBanc({ attentes: { sondage: 20, indisponible: 20 } });
    const c = await accueillie();
    await dire(banc, c, 'un', 'k1');
    await attendreActivites(banc, c, 3);
    for (const filigrane of ['', '?watermark=', '?watermark=-']) {
      expect(activitesDe(await lire(c, filigrane)).map((a) => a.text)).toEqual(['bonjour', 'un', '1: un']);
      const e = ecouter(mot(await rejoindre(c, filigrane), 'streamUrl'));
      await jusqua(() => messagesDe(e).length === 3);
      e.socket.close();
    }
    const sans = ecouter(mot(await rejoindre(c), 'streamUrl').replace(/watermark=[^&]*&/, ''));
    await jusqua(() => messagesDe(sans).length === 3);
    sans.socket.close();
  });

  it('C13 : la trame vide est un battement qu’on ignore ; leur nombre et leur taille sont bornés', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length > 0);
    for (let i = 0; i < 10; i += 1) e.socket.send('');
    await dire(banc, c, 'toujours là', 'k1');
    await jusqua(() => messagesDe(e).length >= 3);
    expect(e.socket.readyState).toBe(WebSocket.OPEN);
    e.socket.close();

    const inonder = async (geste: (s: WebSocket) => void): Promise<number> => {
      const f = ecouter(mot(await rejoindre(c), 'streamUrl'));
      await jusqua(() => f.trames.length > 0);
      for (let i = 0; i < 500 && f.socket.readyState === WebSocket.OPEN; i += 1) geste(f.socket);
      return f.ferme;
    };
    expect(await inonder((s) => s.send(''))).toBe(1006);
    expect(await inonder((s) => s.ping())).toBe(1006);
    expect(await inonder((s) => s.send('x'.repeat(2_000)))).not.toBe(1000);
    expect((await rejoindre(c)).statut).toBe(200);
  });

  it('C14 : l’adresse du flux est absolue et vient de l’adresse publique, jamais de Host', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const reponse = await new Promise<string>((resolve) => {
      const socket = connect(banc.port, '127.0.0.1');
      let recu = '';
      socket.on('data', (d) => (recu += d.toString('utf8')));
      socket.on('close', () => resolve(recu));
      socket.write(
        `GET /v3/directline/conversations/${c.id} HTTP/1.1\r\nHost: mechant.example\r\nX-Forwarded-Host: mechant.example\r\n` +
          `Authorization: Bearer ${c.jeton}\r\nConnection: close\r\n\r\n`,
      );
    });
    expect(reponse).not.toContain('mechant');
    const adresse = /"streamUrl":"([^"]+)"/.exec(reponse)?.[1] ?? '';
    expect(
      adresse.startsWith(`${banc.base.replace('http', 'ws')}/v3/directline/conversations/${c.id}/stream?`),
    ).toBe(true);
    expect(c.flux.startsWith(banc.base.replace('http', 'ws'))).toBe(true);
  });

  it('C15 : identifiants et filigranes passent dans une adresse sans encodage', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    await dire(banc, c, 'é', 'k1');
    const page = await lire(c, '');
    const sur = /^[A-Za-z0-9._-]+$/;
    expect(c.id).toMatch(sur);
    expect(mot(page, 'watermark')).toMatch(sur);
    for (const a of activitesDe(page)) expect(a.id).toMatch(sur);
    expect(new URL(c.flux).searchParams.get('watermark')).toMatch(sur);
  });

  it('C16 : chaque réponse porte un jeton, et il vit bien plus de quinze minutes', async () => {
    banc = await ouvrirBanc();
    const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
    const jeton = mot(genere, 'token');
    const reponses = [
      genere,
      await appeler(banc, 'POST', '/conversations', { jeton, corps: {} }),
      await rejoindre({ id: mot(genere, 'conversationId'), jeton }),
      await appeler(banc, 'POST', '/tokens/refresh', { jeton }),
      await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: mot(genere, 'resume') } }),
    ];
    for (const r of reponses) {
      expect(r.corps['expires_in']).toBeGreaterThanOrEqual(3_600);
      const lu = await rejoindre({ id: mot(genere, 'conversationId'), jeton: mot(r, 'token') });
      expect([r.statut < 300, lu.statut]).toEqual([true, 200]);
    }
  });

  it('C17 : un POST sans corps ni Content-Type suffit au rafraîchissement ; expiré 403, stockage en panne 503', async () => {
    const etat = { panne: false };
    banc = await ouvrirBanc({ journal: enPanne(etat), attentes: { sondage: 20, indisponible: 20 } });
    const c = await accueillie();
    const rafraichir = () => appeler(banc, 'POST', '/tokens/refresh', { jeton: c.jeton });
    expect((await rafraichir()).statut).toBe(200);
    etat.panne = true;
    expect((await rafraichir()).statut).toBe(503);
    etat.panne = false;
    // The start and the end need no body either.
    expect((await appeler(banc, 'POST', '/conversations', { jeton: c.jeton })).statut).toBe(200);
    expect((await appeler(banc, 'POST', '/tokens/revoke', { jeton: c.jeton })).statut).toBe(200);
    const d = await accueillie();
    banc.temps = 61 * 60_000;
    expect((await appeler(banc, 'POST', '/tokens/refresh', { jeton: d.jeton })).statut).toBe(403);
  });

  it('C18 : le jeton est un JWT dont la personne se lit, et c’est elle qui parle, quoi que dise le client', async () => {
    banc = await ouvrirBanc();
    const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
    const charge = JSON.parse(
      Buffer.from(mot(genere, 'token').split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as { user: string };
    expect(charge.user).toMatch(/^dl_[\da-f]{32}$/);
    const lance = await appeler(banc, 'POST', '/conversations', {
      jeton: mot(genere, 'token'),
      corps: { user: { id: 'dl_un_autre' } },
    });
    const c = { id: mot(lance, 'conversationId'), jeton: mot(lance, 'token') };
    await poster(banc, c, {
      type: 'message',
      text: 'moi',
      from: { id: 'dl_un_autre', role: 'bot' },
      channelData: { clientActivityID: 'k' },
    });
    const liste = await attendreActivites(banc, c, 3);
    const echo = liste.find((a) => a.text === 'moi');
    expect([echo?.from.id, echo?.from.role]).toEqual([charge.user, 'user']);
  });

  it('C19 : redonner est sans danger ; les dates croissent strictement ; une correction garde son identifiant', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    await Promise.all(Array.from({ length: 12 }, (_, i) => dire(banc, c, `m${i}`, `k${i}`)));
    const liste = await attendreActivites(banc, c, 25);
    for (const [i, a] of liste.entries())
      if (i > 0) expect(Date.parse(a.timestamp)).toBeGreaterThan(Date.parse(liste[i - 1]?.timestamp ?? ''));
    expect(new Set(liste.map((a) => a.id)).size).toBe(25);
    const e = ecouter(c.flux);
    await jusqua(() => messagesDe(e).length === 25);
    const cible = liste[0]?.id ?? '';
    await banc.journal.ajouterSortant(
      c.id,
      { type: 'message', text: 'corrigé', from: { id: 'assistant-cep', name: 'Assistant', role: 'bot' } },
      { remplace: cible },
    );
    await jusqua(() => messagesDe(e).length === 26);
    expect([messagesDe(e).at(-1)?.id, messagesDe(e).at(-1)?.text]).toEqual([cible, 'corrigé']);
    e.socket.close();
  });

  it('C20 : tout ce qui part dit qui parle : rôle et nom', async () => {
    banc = await ouvrirBanc({ delais: { tour: 5_000, frappe: 0 } });
    const c = await accueillie();
    const e = ecouter(c.flux);
    await dire(banc, c, 'un', 'k1');
    await dire(banc, c, 'panne', 'k2');
    expect(await conseillerDit(c, 'bonjour')).toBe('dite');
    await banc.canaux.envoyer(c.id, [{ texte: 'rappel' }]);
    await attendreActivites(banc, c, 7);
    await banc.canaux.revoquer(c.id);
    await e.ferme;
    const toutes = e.trames.flatMap((t) => t.activities);
    expect(toutes.length).toBeGreaterThanOrEqual(8);
    for (const a of toutes) {
      expect(['user', 'bot']).toContain(a.from.role);
      expect(a.from.name).toMatch(/^(Vous|Assistant|Camille, Apec)$/);
      expect(a.from.id).toMatch(/^(dl_[\da-f]{32}|assistant-cep|conseiller-x)$/);
    }
  });

  it('C21 : la vérification d’un autre site permet les quatre en-têtes des clients, et se garde en mémoire', async () => {
    banc = await ouvrirBanc({ sites: ['https://site.example'] });
    for (const chemin of [
      '/conversations',
      '/conversations/abc',
      '/conversations/abc/activities?watermark=a.1',
      '/tokens/refresh',
    ]) {
      const lu = await appeler(banc, 'OPTIONS', chemin, {
        entetes: {
          Origin: 'https://site.example',
          'Access-Control-Request-Headers': 'authorization,content-type,x-ms-bot-agent,x-requested-with',
        },
      });
      expect(lu.statut).toBe(204);
      const permis = (lu.entetes.get('access-control-allow-headers') ?? '').split(', ');
      expect(permis.toSorted()).toEqual([
        'authorization',
        'content-type',
        'x-ms-bot-agent',
        'x-requested-with',
      ]);
      expect(Number(lu.entetes.get('access-control-max-age'))).toBeGreaterThanOrEqual(600);
      expect(lu.entetes.get('access-control-allow-origin')).toBe('https://site.example');
    }
  });

  it('C22 : un envoi de fichier est refusé par 415, et une pièce jointe à un message ne va nulle part', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const corps = new FormData();
    corps.append(
      'activity',
      new Blob([JSON.stringify({ type: 'message', text: 'x' })], {
        type: 'application/vnd.microsoft.activity',
      }),
      'blob',
    );
    corps.append('file', new Blob(['contenu']), 'é ../nom.txt');
    const envoi = await fetch(`${banc.base}/v3/directline/conversations/${c.id}/upload?userId=dl_x`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${c.jeton}` },
      body: corps,
    });
    expect([envoi.status, ((await envoi.json()) as { error: { code: string } }).error.code]).toEqual([
      415,
      'BadArgument',
    ]);
    await poster(banc, c, {
      type: 'message',
      text: 'avec pièce',
      attachments: [{ contentType: 'text/html', contentUrl: 'https://mechant.example/x', name: 'x' }],
    });
    expect(JSON.stringify(await attendreActivites(banc, c, 3))).not.toContain('mechant');
  });

  it('C23 : une carte n’a que Action.Submit et OpenUrl, en 1.5 au plus ; ce qu’elle renvoie arrive comme une valeur', async () => {
    banc = await ouvrirBanc();
    const [message] = rendre(
      [
        {
          texte: 'Une carte',
          carte: {
            titre: 'Vos coordonnées',
            blocs: [
              {
                type: 'saisie',
                id: 'mel',
                libelle: 'Courriel',
                forme: 'courriel',
                max: 80,
                obligatoire: true,
              },
            ],
            actions: [{ type: 'envoyer', libelle: 'Envoyer', valeur: { action: 'reprendre' } }],
          },
        },
      ],
      () => 'https://exemple.fr/d',
    );
    const carte = JSON.stringify(message);
    const types = [...carte.matchAll(/"type":"(Action\.\w+)"/g)].map((m) => m[1]);
    expect(new Set(types)).toEqual(new Set(['Action.Submit']));
    expect(Number(/"version":"([\d.]+)"/.exec(carte)?.[1])).toBeLessThanOrEqual(1.5);

    const c = await accueillie();
    await poster(banc, c, {
      type: 'message',
      value: { action: 'reprendre', mel: 'a@b.fr' },
      channelData: { clientActivityID: 'k1', postBack: true },
    });
    const liste = await attendreActivites(banc, c, 3);
    expect(liste[2]?.text).toBe('1: {"action":"reprendre","mel":"a@b.fr"}');
  });

  it('les réponses rares : sans cache ni devinette de type, HEAD, getsessionid, et le même refus que la conversation existe ou non', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const autre = await accueillie();
    const a = (methode: string, chemin: string, options: object = {}) =>
      appeler(banc, methode, chemin, { jeton: c.jeton, ...options });
    const lus = {
      bon: await a('GET', `/conversations/${c.id}`),
      sonde: await a('GET', `/conversations/${c.id}/activities`),
      pousse: await dire(banc, c, 'un', 'k1'),
      session: await a('GET', '/session/getsessionid'),
      tete: await a('HEAD', `/conversations/${c.id}/activities`),
      existe: await a('GET', `/conversations/${autre.id}`),
      inconnue: await a('GET', `/conversations/${'0'.repeat(32)}`),
      bizarre: await a('GET', '/conversations/..%2f..%2fetc/activities'),
      sansJeton: await appeler(banc, 'GET', `/conversations/${c.id}`),
      texte: await a('POST', '/conversations', { corps: '{}', entetes: { 'Content-Type': 'text/plain' } }),
      compresse: await a('POST', '/conversations', { corps: '{}', entetes: { 'Content-Encoding': 'gzip' } }),
      filigrane: await a('GET', `/conversations/${c.id}/activities?watermark=abc`),
      nullePart: await a('GET', '/ailleurs'),
    };
    expect(Object.fromEntries(Object.entries(lus).map(([nom, lu]) => [nom, lu.statut]))).toEqual({
      bon: 200,
      sonde: 200,
      pousse: 200,
      session: 404,
      tete: 200,
      existe: 403,
      inconnue: 403,
      bizarre: 403,
      sansJeton: 401,
      texte: 415,
      compresse: 415,
      filigrane: 400,
      nullePart: 404,
    });
    for (const [nom, lu] of Object.entries(lus)) {
      expect(lu.entetes.get('cache-control'), nom).toBe('no-store');
      expect(lu.entetes.get('x-content-type-options'), nom).toBe('nosniff');
    }
    expect(lus.existe.corps).toEqual(lus.inconnue.corps);
  });

  it('démarrer : les trois formes de corps des clients, la langue gardée si c’en est une, la personne du jeton', async () => {
    banc = await ouvrirBanc();
    const corps = [
      undefined,
      {},
      { user: {} },
      { user: { id: 'moi' }, locale: 'fr-FR' },
      { locale: 'fr-FR; drop' },
      { locale: 42 },
    ];
    const langues: unknown[] = [];
    for (const un of corps) {
      const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
      const lance = await appeler(banc, 'POST', '/conversations', {
        jeton: mot(genere, 'token'),
        ...(un === undefined ? {} : { corps: un }),
      });
      expect(lance.statut).toBe(201);
      const entete = await banc.journal.entete(mot(lance, 'conversationId'));
      langues.push(entete?.locale);
      expect(entete?.utilisateur).toMatch(/^dl_[\da-f]{32}$/);
    }
    expect(langues).toEqual([undefined, undefined, undefined, 'fr-FR', undefined, undefined]);
  });

  it('le flux refusé dit pourquoi : billet périmé 403, effacée 404, trop d’écrans d’une adresse 429, arrêt 503', async () => {
    banc = await ouvrirBanc({ limites: { socketsParAdresse: 2 } });
    const c = await accueillie();
    const ouverture = async (url: string): Promise<number> => {
      const socket = new WebSocket(url);
      const statut = await new Promise<number>((r) => {
        socket.on('unexpected-response', (_, reponse) => r(reponse.statusCode ?? 0));
        socket.on('open', () => r(101));
        socket.on('error', () => undefined);
      });
      if (statut === 101) sockets.push(socket);
      return statut;
    };
    const sockets: WebSocket[] = [];
    const flux = (conv: string, le = Date.now()): string =>
      `${banc.base.replace('http', 'ws')}/v3/directline/conversations/${conv}/stream?watermark=-&t=${nouveauTicket(banc.cles, { conv, user: 'dl_x', org: '' }, le)}`;
    expect(await ouverture(flux(c.id, Date.now() - 61_000))).toBe(403);
    expect(await ouverture(flux('0'.repeat(32)))).toBe(404);
    expect([await ouverture(flux(c.id)), await ouverture(flux(c.id))]).toEqual([101, 101]);
    expect(await ouverture(flux(c.id))).toBe(429);
    for (const socket of sockets) socket.terminate();
    const autre = await accueillie();
    await banc.journal.effacer(autre.id);
    expect(await ouverture(flux(autre.id))).toBe(404);
    await banc.canaux.fermer();
    expect(await ouverture(flux(c.id))).toBe(503);
  });

  it('un écran qui ne répond plus aux battements est lâché, un autre reste ; un écran qui bat de lui-même aussi', async () => {
    banc = await ouvrirBanc({ battementMs: 60 });
    const c = await accueillie();
    const flux = `${banc.base.replace('http', 'ws')}/v3/directline/conversations/${c.id}/stream?watermark=-&t=${nouveauTicket(banc.cles, { conv: c.id, user: 'dl_x', org: '' }, Date.now())}`;
    const muet = new WebSocket(flux, { autoPong: false });
    const vif = new WebSocket(flux);
    const stock = new WebSocket(flux, { autoPong: false });
    const fermes: string[] = [];
    for (const [nom, socket] of Object.entries({ muet, vif, stock })) {
      socket.on('error', () => undefined);
      socket.on('close', () => fermes.push(nom));
    }
    // What the stock clients do instead of answering a ping (C13).
    const vide = setInterval(() => stock.readyState === WebSocket.OPEN && stock.send(''), 40);
    await jusqua(() => fermes.length > 0);
    await pause(300);
    clearInterval(vide);
    expect(fermes).toEqual(['muet']);
    for (const socket of [vif, stock]) socket.terminate();
  });

  it('un jeton d’une autre installation, d’un autre usage ou sans signature est refusé par 401 (C6)', async () => {
    banc = await ouvrirBanc();
    const c = await accueillie();
    const autre = await ouvrirBanc();
    const jeton = nouveauJeton(autre.cles, { conv: c.id, user: 'dl_x', org: '' }, Date.now());
    await autre.fermer();
    const [tete = '', charge = ''] = c.jeton.split('.');
    const sansAlgo = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${charge}.`;
    const billet = new URL(c.flux).searchParams.get('t') ?? '';
    for (const faux of [jeton, sansAlgo, `${tete}.${charge}.`, billet])
      expect((await rejoindre({ id: c.id, jeton: faux })).statut).toBe(401);
  });
});
