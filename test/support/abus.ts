import { connect } from 'node:net';

/**
 * Requests and WebSocket frames made to hurt, drawn from a seed: the same number gives the same attacks. Each carries a mark of its own in its hostile
 * parts, so that an answer that repeats what it was sent gives itself away.
 */
export type Attaque = {
  readonly octets: Buffer;
  /** Sent once the upgrade is accepted; `octets` is then the handshake. */
  readonly trames?: Buffer;
  readonly marque: string;
};

/** What the attacks may use of a living conversation, so that some go further than the door. */
export type Cible = {
  readonly port: number;
  readonly conversation: string;
  readonly jeton: string;
  /** Path and query of a stream, with a fresh ticket. */
  readonly flux: string;
};

/** Mulberry32: small, seeded, good enough to vary attacks. */
function creerHasard(graine: number): () => number {
  let a = graine >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Tirage = {
  readonly entre: (max: number) => number;
  readonly parmi: <T>(liste: readonly [T, ...T[]]) => T;
  readonly chance: (part: number) => boolean;
  readonly octets: (n: number) => Buffer;
};

function tirageDe(hasard: () => number): Tirage {
  const entre = (max: number): number => Math.floor(hasard() * max);
  return {
    entre,
    parmi: (liste) => liste[entre(liste.length)] ?? liste[0],
    chance: (part) => hasard() < part,
    octets: (n) => Buffer.from(Array.from({ length: n }, () => entre(256))),
  };
}

const UNICODE = [
  '\u202e',
  '\u0000',
  '\ufeff',
  '😀',
  '\u{1f468}\u200d\u{1f469}',
  'é̂̃'.repeat(40),
  '\u2028',
  'ﬀ',
  '\ud800',
  '﷽',
] as const;

/** A piece of text that has no reason to be there. */
const hostile = (t: Tirage, marque: string): string =>
  t.parmi([
    () => marque,
    () => `${marque}${t.parmi(UNICODE)}`,
    () => `../../${marque}`,
    () => `%2e%2e%2f${marque}%00`,
    () => `${marque}%`,
    () => `<script>${marque}</script>`,
    () => `';DROP TABLE ${marque};--`,
    () => `${marque}${'a'.repeat(t.entre(4_500))}`,
    () => `{{${marque}}}`,
    () => `__proto__[${marque}]`,
    () => t.parmi(['', '-', '-1', '0', '1e309', 'null', 'undefined', 'NaN', '[object Object]']),
  ])();

const ROUTES = [
  '/v3/directline/tokens/generate',
  '/v3/directline/tokens/refresh',
  '/v3/directline/tokens/resume',
  '/v3/directline/tokens/revoke',
  '/v3/directline/conversations',
  '/v3/directline/conversations/:id',
  '/v3/directline/conversations/:id/activities',
  '/v3/directline/conversations/:id/upload',
  '/v3/directline/conversations/:id/stream',
  '/v3/directline/session/getsessionid',
  '/v3/directline/:x',
  '/api/messages',
  '/api/console/transmissions',
  '/console/retour',
  '/suivi',
  '/document/:x',
  '/widget/:x',
  '/healthz',
  '/metrics',
  '/:x',
] as const;

function adresse(t: Tirage, cible: Cible, marque: string): string {
  const coupe = (s: string): string => s.replaceAll(/[\r\n ]/g, '');
  if (t.chance(0.08))
    return coupe(
      t.parmi([
        `http://[${marque}/`,
        `//${marque}/x`,
        `\\\\${marque}`,
        '*',
        `http://${marque}:99999/`,
        `/${'%'.repeat(t.entre(50))}`,
        `/${marque}`.padEnd(9_000, 'a'),
        marque,
        `/?${marque}=%zz`,
      ]),
    );
  const route = t
    .parmi(ROUTES)
    .replace(':id', t.chance(0.75) ? cible.conversation : hostile(t, marque))
    .replace(':x', hostile(t, marque));
  const requete = t.chance(0.5)
    ? `?watermark=${t.parmi([() => hostile(t, marque), () => `${marque}.${t.entre(1e9)}`, () => '9'.repeat(30)])()}&t=${hostile(t, marque)}`
    : '';
  return coupe(`${route}${requete}`);
}

const hote = (t: Tirage, { port }: Cible, marque: string): readonly string[] =>
  t.chance(0.85)
    ? [`localhost:${port}`]
    : t.parmi<readonly string[]>([
        ['['],
        ['a b'],
        ['%'],
        ['host:99999'],
        ['[::1'],
        [''],
        [],
        [marque],
        [`${marque}:80`],
        [`${marque}@localhost`],
        ['x'.repeat(300)],
        [`localhost:${port}`, marque],
        [`[::ffff:127.0.0.1]:${port}`],
        ['é'],
        [`localhost\t${marque}`],
      ]);

const enB64 = (v: unknown): string => Buffer.from(JSON.stringify(v)).toString('base64url');

function autorisation(t: Tirage, { jeton, flux }: Cible, marque: string): string {
  const [tete = '', charge = '', signature = ''] = jeton.split('.');
  return t.parmi<() => string>([
    () => `Bearer ${jeton}`,
    () => `Bearer ${jeton}`,
    () => `Bearer ${jeton}`,
    () => `Bearer ${jeton}`,
    () => `Bearer ${jeton}`,
    () => `Bearer ${jeton}`,
    () => `Bearer ${jeton.slice(0, t.entre(jeton.length))}`,
    () => `Bearer ${enB64({ alg: 'none', typ: 'JWT' })}.${charge}.`,
    () => `Bearer ${enB64({ alg: 'HS256', kid: marque })}.${charge}.${signature}`,
    () => `Bearer ${tete}.${enB64({ conv: marque, exp: 9e15 })}.${signature}`,
    () => `Bearer ${flux.split('t=')[1] ?? ''}`,
    () => `Bearer ${marque}`,
    () => 'Bearer',
    () => `Basic ${marque}`,
    () => `Bearer ${marque} ${marque}`,
    () => `Bearer ${'a'.repeat(5_000)}`,
  ])();
}

/** A body: some well-formed but wrong, some not even text. */
function corps(t: Tirage, marque: string): Buffer {
  const json = (v: unknown): Buffer => Buffer.from(JSON.stringify(v));
  const valeur = (profondeur = 0): unknown => {
    const choix: readonly [() => unknown, ...(() => unknown)[]] = [
      () => hostile(t, marque),
      () => t.entre(1e9),
      () => null,
      () => true,
      () => [],
      () => (profondeur > 3 ? marque : { [hostile(t, marque)]: valeur(profondeur + 1) }),
      () => (profondeur > 3 ? marque : [valeur(profondeur + 1), valeur(profondeur + 1)]),
    ];
    return t.parmi(choix)();
  };
  return t.parmi<() => Buffer>([
    () => Buffer.alloc(0),
    () => json({}),
    () => json(valeur()),
    () => json({ type: valeur(), text: valeur(), value: valeur(), channelData: valeur(), locale: valeur() }),
    () => json({ type: 'message', value: valeur(), channelData: { clientActivityID: valeur() } }),
    () =>
      json({
        type: t.parmi(['invoke', 'event', 'handoff', 'conversationUpdate']),
        name: marque,
        value: valeur(),
      }),
    () =>
      json({
        type: 'message',
        text: marque.repeat(400),
        serviceUrl: `http://${marque}`,
        from: { id: marque },
      }),
    () => json({ resume: valeur() }),
    () =>
      json({
        type: 'message',
        channelId: valeur(),
        serviceUrl: valeur(),
        conversation: valeur(),
        from: valeur(),
      }),
    () => Buffer.from(`{"__proto__":{"type":"message"},"constructor":"${marque}"}`),
    () => Buffer.from(`{"type":"message","text":"\\ud800${marque}\\u0000"}`),
    () => Buffer.from(`${'['.repeat(5_000)}${marque}`),
    () => Buffer.from(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`),
    () => Buffer.from(`\ufeff{"type":"${marque}"}`),
    () => Buffer.from(`{"type":"message","text":"${marque}`),
    () => Buffer.concat([Buffer.from('{"type":"message","text":"'), t.octets(60), Buffer.from('"}')]),
    () => Buffer.from(marque.padEnd(20_000, 'x')),
    () => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), t.octets(100)]),
    () =>
      Buffer.from(
        `--x\r\nContent-Disposition: form-data; name="file"; filename="../${marque}"\r\n\r\nz\r\n--x--`,
      ),
    () => t.octets(t.entre(300)),
  ])();
}

function entetes(t: Tirage, cible: Cible, marque: string, longueur: number): string[] {
  const lignes = [
    ...hote(t, cible, marque).map((h) => `Host: ${h}`),
    ...(t.chance(0.7) ? [`Authorization: ${autorisation(t, cible, marque)}`] : []),
    ...(t.chance(0.8)
      ? [
          `Content-Type: ${t.parmi(['application/json', 'application/json', 'application/json', 'application/json; charset=utf-16', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', marque, 'application/json; '.padEnd(900, 'x')])}`,
        ]
      : []),
    ...(t.chance(0.12)
      ? [`Content-Encoding: ${t.parmi(['gzip', 'br', 'deflate', 'gzip, gzip', 'identity', marque])}`]
      : []),
    t.chance(0.8)
      ? `Content-Length: ${longueur}`
      : t.parmi([
          'Content-Length: -1',
          'Content-Length: 99999999999999999999',
          `Content-Length: ${marque}`,
          `Content-Length: ${longueur}\r\nContent-Length: ${longueur + 1}`,
          'Transfer-Encoding: chunked',
          `Transfer-Encoding: chunked\r\nContent-Length: ${longueur}`,
          `Transfer-Encoding: ${marque}`,
          `Content-Length: ${longueur + 1_000}`,
        ]),
    ...(t.chance(0.15) ? [`Origin: ${t.parmi([`https://${marque}`, 'null', marque, ''])}`] : []),
    ...(t.chance(0.1) ? [`Sec-Fetch-Site: ${t.parmi(['cross-site', 'none', marque])}`] : []),
    ...(t.chance(0.08) ? [`X-Forwarded-For: ${marque}`, `X-Forwarded-Host: ${marque}`] : []),
    ...(t.chance(0.06) ? [`Cookie: ${marque}=${marque}; session=${'a'.repeat(t.entre(3_000))}`] : []),
    ...(t.chance(0.04) ? ['Expect: 100-continue'] : []),
    ...(t.chance(0.02) ? Array.from({ length: 250 }, (_, i) => `X-${i}: ${marque}`) : []),
    ...(t.chance(0.03) ? [`X-Nul: a\u0000${marque}`] : []),
    ...(t.chance(0.03) ? [` plié ${marque}`] : []),
  ];
  const montee = t.chance(0.15)
    ? [
        'Connection: Upgrade',
        `Upgrade: ${t.parmi(['websocket', 'h2c', marque])}`,
        `Sec-WebSocket-Version: ${t.parmi(['13', '0', marque])}`,
        `Sec-WebSocket-Key: ${t.parmi(['AAAAAAAAAAAAAAAAAAAAAA==', marque, ''])}`,
      ]
    : ['Connection: close'];
  return [...lignes, ...montee];
}

function requete(t: Tirage, cible: Cible, marque: string): Attaque {
  if (t.chance(0.03)) return { octets: Buffer.concat([t.octets(t.entre(200)), Buffer.from(marque)]), marque };
  const methode = t.parmi([
    'GET',
    'POST',
    'POST',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'HEAD',
    'PATCH',
    'TRACE',
    'BREW',
  ]);
  const version = t.chance(0.97) ? 'HTTP/1.1' : t.parmi(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', marque]);
  const contenu = methode === 'GET' || methode === 'HEAD' ? Buffer.alloc(0) : corps(t, marque);
  const tete = [
    `${methode} ${adresse(t, cible, marque)} ${version}`,
    ...entetes(t, cible, marque, contenu.length),
  ];
  return { octets: Buffer.concat([Buffer.from(`${tete.join('\r\n')}\r\n\r\n`), contenu]), marque };
}

/** One frame as the wire has it; `masque` false is a fault of a client. */
function trame(t: Tirage, marque: string): Buffer {
  const premier = t.chance(0.6) ? t.parmi([0x81, 0x82, 0x01, 0x80, 0x88, 0x89, 0x8a]) : t.entre(256);
  // A pong must repeat its ping (RFC 6455): that one carries no mark.
  const contenu =
    (premier & 0x0f) === 9
      ? t.octets(t.entre(120))
      : t.parmi<() => Buffer>([
          () => Buffer.alloc(0),
          () => Buffer.from(marque),
          () => Buffer.from(`{"type":"message","text":"${marque}"}`),
          () => t.octets(t.entre(120)),
          () => Buffer.alloc(t.entre(3_000), 97),
        ])();
  const annoncee = t.chance(0.85) ? contenu.length : t.entre(70_000);
  const tete =
    annoncee < 126
      ? Buffer.from([premier, 0x80 | annoncee])
      : Buffer.from([premier, 0x80 | 126, (annoncee >> 8) & 0xff, annoncee & 0xff]);
  if (t.chance(0.05))
    return Buffer.concat([
      Buffer.from([premier, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      contenu,
    ]);
  if (t.chance(0.1)) return Buffer.concat([Buffer.from([premier, (tete[1] ?? 0) & 0x7f]), contenu]);
  const masque = t.octets(4);
  return Buffer.concat([tete, masque, contenu.map((o, i) => o ^ (masque[i % 4] ?? 0))]);
}

/** The `n`th attack of a seed, on this target. One in ten is WebSocket frames. */
export function attaque(graine: number, n: number, cible: Cible): Attaque {
  const t = tirageDe(creerHasard(graine + Math.imul(n, 2_654_435_761)));
  const marque = `zq${t.entre(2 ** 31).toString(36)}${t.entre(2 ** 31).toString(36)}qz`;
  if (!t.chance(0.1)) return requete(t, cible, marque);
  const montee = [
    `GET ${cible.flux} HTTP/1.1`,
    `Host: localhost:${cible.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  return {
    octets: Buffer.from(`${montee.join('\r\n')}\r\n\r\n`),
    trames: Buffer.concat(Array.from({ length: 1 + t.entre(3) }, () => trame(t, marque))),
    marque,
  };
}

/** What came back: everything, as bytes read one to one; empty when the connection was closed without a word. */
export function lancerAttaque(
  port: number,
  { octets, trames }: Attaque,
  patienceMs: number,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let recu = '';
    let reste = trames;
    const finir = (): void => {
      // A reset leaves no port waiting: a hundred thousand would not be free again in time.
      socket.resetAndDestroy();
      resolve(recu);
    };
    socket.setTimeout(patienceMs, finir);
    socket.on('data', (d) => {
      recu += d.toString('latin1');
      if (reste === undefined || !recu.includes('\r\n\r\n')) return;
      socket.write(reste);
      reste = undefined;
    });
    socket.on('end', finir);
    socket.on('close', finir);
    socket.on('error', finir);
    if (trames === undefined) socket.end(octets);
    else socket.write(octets);
  });
}

const TRACE =
  /\bat [\w.<>]+ \(|node_modules|\.(?:js|ts):\d+|(?:Type|Range|Syntax|Reference)?Error:|ENOENT|EACCES/;

/** The status of an answer, past a « 100 Continue »; 0 when there is none. */
export const statutDe = (reponse: string): number =>
  Number(/^(?:HTTP\/1\.1 100 [^\r]*\r\n\r\n)?HTTP\/1\.[01] (\d{3})/.exec(reponse)?.[1] ?? 0);

/** What is wrong with an answer; `undefined` when nothing is. */
export function faute(reponse: string, { marque }: Attaque): string | undefined {
  const statut = statutDe(reponse);
  if (statut >= 500 && statut !== 503) return `statut ${statut}`;
  const trace = TRACE.exec(reponse)?.[0];
  if (trace !== undefined) return `trace « ${trace} »`;
  return reponse.includes(marque) ? `répète ce qu’elle a reçu (statut ${statut})` : undefined;
}
