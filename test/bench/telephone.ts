import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { basename } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { lancerChromium, trouverChromium } from '../support/chromium.ts';
import { cheminWebChat, cheminWebChatMinimal, installerClients } from '../support/clients.ts';
import { lancerServeur, nettoyer, portLibre } from '../support/serveur.ts';

const ESSAIS = 3;
/** « Slow 3G » and « 4× slowdown » as Chromium's own tools set them. */
const LENTE_3G = {
  offline: false,
  latency: 2_000,
  downloadThroughput: 50_000,
  uploadThroughput: 50_000,
  connectionType: 'cellular3g' as const,
};
const LENTEUR_PROCESSEUR = 4;
/** In the first message of the assistant, whoever draws it. */
const PREMIER_MESSAGE = 'assistant automatique';
const PATIENCE_MS = 180_000;

/** A page that does what Web Chat's own instructions say: the bundle, a token, a drawing. */
const pageWebChat = (script: string): string => `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body><div id="chat" style="height:600px"></div><script src="${script}"></script><script>
fetch('/v3/directline/tokens/generate', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })
  .then((r) => r.json())
  .then(({ token }) => WebChat.renderWebChat(
    { directLine: WebChat.createDirectLine({ token, domain: location.origin + '/v3/directline' }), locale: 'fr-FR' },
    document.getElementById('chat')));
</script></body></html>`;

/** One more page and two scripts in front of the real server, on one origin: what both clients cross is the same. */
async function poserDevant(port: number, vers: number): Promise<Server> {
  const scripts = new Map(
    [cheminWebChat(), cheminWebChatMinimal()].map((f) => {
      const octets = readFileSync(f);
      // Compressed as our own files are, so that only the weight differs.
      return [`/${basename(f)}`, { br: brotliCompressSync(octets), gzip: gzipSync(octets, { level: 9 }) }];
    }),
  );
  const serveur = createServer((req: IncomingMessage, res: ServerResponse) => {
    const script = scripts.get(req.url ?? '');
    if (script !== undefined) {
      const encodage = /\bbr\b/.test(String(req.headers['accept-encoding'])) ? 'br' : 'gzip';
      res.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Encoding': encodage });
      return res.end(script[encodage]);
    }
    if (req.url?.startsWith('/essai/') === true) {
      res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      return res.end(pageWebChat(req.url.slice('/essai'.length)));
    }
    const suite = request({ port: vers, method: req.method, path: req.url, headers: req.headers }, (recu) => {
      res.writeHead(recu.statusCode ?? 502, recu.headers);
      recu.pipe(res);
    });
    suite.on('error', () => res.destroy());
    return req.pipe(suite);
  });
  serveur.on('upgrade', (req, socket, tete) => {
    const suite = connect(vers, 'localhost', () => {
      const entetes = Object.entries(req.headers).map(([nom, valeur]) => `${nom}: ${String(valeur)}`);
      suite.write(`GET ${req.url ?? '/'} HTTP/1.1\r\n${entetes.join('\r\n')}\r\n\r\n`);
      suite.write(tete);
      socket.pipe(suite).pipe(socket);
    });
    suite.on('error', () => socket.destroy());
    socket.on('error', () => suite.destroy());
  });
  await new Promise<void>((r) => {
    serveur.listen(port, '127.0.0.1', () => r());
  });
  return serveur;
}

type Mesure = { readonly ms: number; readonly octets: number };

/** From the address being opened to the first words of the assistant on screen, nothing in the cache. */
async function ouvrir(navigateur: Browser, adresse: string): Promise<Mesure> {
  const contexte = await navigateur.newContext({ viewport: { width: 360, height: 740 }, locale: 'fr-FR' });
  const page = await contexte.newPage();
  try {
    const outils = await contexte.newCDPSession(page);
    await outils.send('Network.enable');
    await outils.send('Network.emulateNetworkConditions', LENTE_3G);
    await outils.send('Emulation.setCPUThrottlingRate', { rate: LENTEUR_PROCESSEUR });
    let octets = 0;
    outils.on('Network.loadingFinished', ({ encodedDataLength }) => (octets += encodedDataLength));
    await page.addInitScript((mots) => {
      const guet = setInterval(() => {
        const chat = document.querySelector('#fil, #chat');
        if (chat?.textContent?.includes(mots) !== true) return;
        clearInterval(guet);
        document.documentElement.dataset['premier'] = String(performance.now());
      }, 20);
    }, PREMIER_MESSAGE);
    await page.goto(adresse, { timeout: PATIENCE_MS, waitUntil: 'commit' });
    await page.locator('html[data-premier]').waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const ms = Number(await page.locator('html').getAttribute('data-premier'));
    return { ms, octets };
  } finally {
    await contexte.close();
  }
}

const mediane = (valeurs: readonly number[]): number =>
  valeurs.toSorted((a, b) => a - b)[Math.floor(valeurs.length / 2)] ?? 0;

/**
 * Prints how long a phone on a slow network waits for the first message: our chat beside the stock Web Chat bundles, same server, same
 * origin, same compression, in turn. Sockets are slowed like the rest where Chromium does it; both clients use one.
 */
export async function mesurerTelephone(
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<void> {
  const chemin = trouverChromium();
  if (chemin === undefined) return ecrire('Téléphone : non mesuré, faute de Chromium.');
  installerClients();
  const port = await portLibre();
  const serveur = await lancerServeur({
    env: { PUBLIC_URL: `http://localhost:${port}`, LIMIT_JETONS_PAR_ADRESSE: '0' },
  });
  const devant = await poserDevant(port, serveur.port);
  const navigateur = await lancerChromium(chemin);
  const clients = {
    'notre conversation': '/widget/',
    'Web Chat minimal': `/essai/${basename(cheminWebChatMinimal())}`,
    'Web Chat complet': `/essai/${basename(cheminWebChat())}`,
  };
  try {
    const mesures = new Map<string, Mesure[]>(Object.keys(clients).map((nom) => [nom, []]));
    for (let essai = 0; essai < ESSAIS; essai += 1)
      for (const [nom, page] of Object.entries(clients))
        mesures.get(nom)?.push(await ouvrir(navigateur, `http://localhost:${port}${page}`));
    ecrire(
      `Premier message sur un téléphone (3G lente, processeur ÷ ${LENTEUR_PROCESSEUR}, médiane de ${ESSAIS}) :`,
    );
    const notre = mediane(mesures.get('notre conversation')?.map((m) => m.ms) ?? []);
    for (const [nom, liste] of mesures) {
      const ms = mediane(liste.map((m) => m.ms));
      const ko = mediane(liste.map((m) => m.octets)) / 1_000;
      const rapport = ms === notre ? '' : ` ; rapport ${(ms / notre).toFixed(2)}`;
      ecrire(`  ${nom} : ${(ms / 1_000).toFixed(1)} s, ${ko.toFixed(0)} ko reçus${rapport}`);
    }
  } finally {
    await navigateur.close();
    devant.closeAllConnections();
    devant.close();
    await serveur.tuer();
    nettoyer(serveur.dataDir);
  }
}
