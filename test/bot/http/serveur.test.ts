import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { creerServeur, ErreurHttp, lireCorps, repondreJson, type Serveur } from '../../../bot/http/index.ts';
import { journalMuet } from './appui.ts';

let serveur: Serveur;
let port: number;

const muet = journalMuet();

beforeEach(async () => {
  serveur = creerServeur({
    hotes: [],
    https: false,
    journaliseur: muet,
    horloge: Date.now,
    delaiRequeteMs: 3_000,
  });
  serveur.restify.get('/bonjour', async (_req, res) => repondreJson(res, { ok: true }));
  serveur.restify.get('/bogue', async () => {
    throw new Error('détail interne');
  });
  serveur.restify.get('/refus', async () => {
    throw new ErreurHttp(409, 'Conflict', 'déjà pris', { 'Retry-After': '2' });
  });
  serveur.restify.post('/corps', async (req, res) =>
    repondreJson(res, {
      recu: await lireCorps(req, {
        max: 1_000,
        delaiMs: 300,
        types: ['application/json', 'application/x-www-form-urlencoded'],
      }),
    }),
  );
  ({ port } = await serveur.ecouter(0, '127.0.0.1'));
});
afterEach(() => serveur.fermer(50));

/** Raw bytes in, the whole raw answer out: what a client library would refuse to send. */
function brut(octets: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let recu = '';
    socket.on('data', (d) => (recu += d.toString()));
    socket.on('close', () => resolve(recu));
    socket.on('error', () => resolve(recu));
    socket.end(octets);
  });
}
const url = (chemin: string): string => `http://127.0.0.1:${port}${chemin}`;

describe('le serveur survit à ce qui tue restify', () => {
  it.each(['[', 'a b', '%', 'host:99999', '[::1', 'a"b', ''])('Host « %s » → 400', async (hote) => {
    const reponse = await brut(`GET /bonjour HTTP/1.1\r\nHost: ${hote}\r\nConnection: close\r\n\r\n`);
    expect(reponse).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(url('/bonjour'))).status).toBe(200);
  });

  it.each(['//[', '/\\[', 'http://[', 'http://a:99999/x', 'bonjour', '*', `/${'a'.repeat(5_000)}`])(
    'cible « %s » → 400',
    async (cible) => {
      const reponse = await brut(`GET ${cible} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(reponse).toMatch(/^HTTP\/1\.1 400 /);
      expect((await fetch(url('/bonjour'))).status).toBe(200);
    },
  );

  it('une mise à niveau vers rien, ou avec un Host malformé, est refusée', async () => {
    const entetes = 'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(await brut(`GET /rien HTTP/1.1\r\nHost: localhost\r\n${entetes}`)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await brut(`GET /rien HTTP/1.1\r\nHost: [\r\n${entetes}`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('un corps compressé, même faux, est refusé sans être lu', async () => {
    for (const corps of [gzipSync('{}'), Buffer.from('pas du gzip')]) {
      const reponse = await fetch(url('/corps'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: corps,
      });
      expect(reponse.status).toBe(415);
    }
  });

  it('un envoi multipart est refusé, rien n’est écrit', async () => {
    const formulaire = new FormData();
    formulaire.set('file', new Blob(['x'.repeat(5_000)]), 'a.txt');
    const reponse = await fetch(url('/corps'), { method: 'POST', body: formulaire });
    expect(reponse.status).toBe(415);
  });

  it.each([
    ['{"a":', 400],
    ['[]', 400],
    ['null', 400],
    ['"x"', 400],
    ['', 400],
    [`{"a":"${'x'.repeat(2_000)}"}`, 413],
  ])('corps %.12s → %i', async (corps, statut) => {
    const reponse = await fetch(url('/corps'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: corps,
    });
    expect(reponse.status).toBe(statut);
  });

  it('qui envoie encore quand c’est refusé lit la réponse, pas une coupure ; sans fin, c’est coupé', async () => {
    const envoyer = (octets: number): Promise<{ readonly recu: string; readonly coupe: boolean }> =>
      new Promise((resolve) => {
        // Goes on writing whatever it has read, as a browser that uploads does.
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        let recu = '';
        let coupe = false;
        socket.on('data', (d) => (recu += d.toString()));
        socket.on('error', () => (coupe = true));
        socket.on('end', () => reste <= 0 && socket.end());
        socket.on('close', () => resolve({ recu, coupe }));
        socket.write(
          `POST /corps HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: ${octets}\r\n\r\n`,
        );
        let reste = octets;
        const suite = (): void => {
          if (reste <= 0 || socket.destroyed) return;
          const morceau = Math.min(reste, 100_000);
          reste -= morceau;
          socket.write(Buffer.alloc(morceau), () => setTimeout(suite, 20));
        };
        suite();
      });
    const lisible = await envoyer(900_000);
    expect([lisible.recu.slice(0, 12), lisible.coupe]).toEqual(['HTTP/1.1 415', false]);
    // A hundred megabytes announced: the answer leaves after the first megabyte, then the connection goes.
    const debut = performance.now();
    await envoyer(100_000_000);
    expect(performance.now() - debut).toBeLessThan(20_000);
  });

  it('un corps qui n’est pas de l’UTF-8 → 400 ; trop long sans Content-Length → 413', async () => {
    const tete =
      'POST /corps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n';
    const faux = Buffer.concat([
      Buffer.from(`${tete}Content-Length: 9\r\n\r\n{"a":"`),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expect(await brut(faux)).toMatch(/^HTTP\/1\.1 400 /);
    const morceaux = `3e8\r\n${'x'.repeat(1_000)}\r\n`.repeat(3);
    expect(await brut(`${tete}Transfer-Encoding: chunked\r\n\r\n${morceaux}0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
  });

  it('un corps qui arrive octet par octet est abandonné', async () => {
    const reponse = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let recu = '';
      socket.write(
        'POST /corps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n',
      );
      const goutte = setInterval(() => socket.write(' '), 50);
      socket.on('error', () => undefined);
      socket.on('data', (d) => (recu += d.toString()));
      socket.on('close', () => {
        clearInterval(goutte);
        resolve(recu);
      });
    });
    expect(reponse).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('des en-têtes qui n’en finissent pas sont coupés', async () => {
    const coupe = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET /bonjour HTTP/1.1\r\nHost: localhost\r\n');
      const goutte = setInterval(() => socket.write('a'), 100);
      socket.on('error', () => undefined);
      socket.resume();
      socket.on('close', () => {
        clearInterval(goutte);
        resolve(true);
      });
    });
    expect(coupe).toBe(true);
  });

  it('au-delà de la limite d’une adresse, une connexion est coupée ; une place rendue resservit', async () => {
    const borne = creerServeur({
      hotes: [],
      https: false,
      journaliseur: muet,
      horloge: Date.now,
      connexions: { total: 0, parAdresse: 5 },
    });
    const { port: porte } = await borne.ecouter(0, '127.0.0.1');
    const ouvrir = () => {
      const socket = connect(porte, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      return socket;
    };
    const sockets = Array.from({ length: 12 }, ouvrir);
    const ouvertes = (): number => sockets.filter((s) => s.readyState === 'open').length;
    await vi.waitFor(() => expect(ouvertes()).toBe(5), 5_000);
    const premiere = sockets.find((s) => s.readyState === 'open');
    premiere?.destroy();
    await vi.waitFor(async () => {
      const essai = ouvrir();
      sockets.push(essai);
      await new Promise((r) => setTimeout(r, 100));
      expect(essai.readyState).toBe('open');
    }, 5_000);
    for (const s of sockets) s.destroy();
    await borne.fermer(50);
  });
});

describe('les réponses', () => {
  it('les erreurs ont une seule forme, sans message interne', async () => {
    const bogue = await fetch(url('/bogue'));
    expect(bogue.status).toBe(500);
    expect(await bogue.text()).not.toContain('interne');
    const refus = await fetch(url('/refus'));
    expect([refus.status, refus.headers.get('retry-after'), await refus.json()]).toEqual([
      409,
      '2',
      { code: 'Conflict', message: 'déjà pris' },
    ]);
    const absent = await fetch(url('/v3/directline/rien'));
    expect([absent.status, await absent.json()]).toEqual([
      404,
      { error: { code: 'NotFound', message: 'Nothing at this address.' } },
    ]);
  });

  it('HEAD répond comme GET sans corps, OPTIONS donne les méthodes', async () => {
    const tete = await fetch(url('/bonjour'), { method: 'HEAD' });
    expect([tete.status, tete.headers.get('content-length'), await tete.text()]).toEqual([200, '11', '']);
    const options = await fetch(url('/bonjour'), { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET']);
    expect((await fetch(url('/bonjour'), { method: 'DELETE' })).status).toBe(405);
  });

  it('porte les en-têtes de sécurité et tait le logiciel', async () => {
    const { headers } = await fetch(url('/bonjour'));
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('un formulaire donne des chaînes', async () => {
    const reponse = await fetch(url('/corps'), {
      method: 'POST',
      body: new URLSearchParams({ a: '1', b: 'é' }),
    });
    expect(await reponse.json()).toEqual({ recu: { a: '1', b: 'é' } });
  });

  it('un hôte qui n’est pas le nôtre → 421, sauf pour les sondes', async () => {
    const autre = creerServeur({ hotes: ['cep.test'], https: true, journaliseur: muet, horloge: Date.now });
    autre.restify.get('/bonjour', async (_req, res) => repondreJson(res, {}));
    autre.restify.get('/healthz', async (_req, res) => repondreJson(res, {}));
    const { port: p } = await autre.ecouter(0, '127.0.0.1');
    const demander = (chemin: string, host: string): Promise<IncomingMessage> =>
      new Promise((resolve, reject) =>
        request({ port: p, path: chemin, headers: { host } }, (r) => resolve(r.resume()))
          .on('error', reject)
          .end(),
      );
    expect((await demander('/bonjour', 'ailleurs.test')).statusCode).toBe(421);
    expect((await demander('/healthz', '10.0.0.1')).statusCode).toBe(200);
    const bon = await demander('/bonjour', 'CEP.test');
    expect([bon.statusCode, bon.headers['strict-transport-security']]).toEqual([
      200,
      'max-age=31536000; includeSubDomains',
    ]);
    await autre.fermer(50);
  });
});
