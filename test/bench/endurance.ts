import { setTimeout as attendre } from 'node:timers/promises';
import { z } from 'zod';
import { lancerServeur, nettoyer, type ServeurLance } from '../support/serveur.ts';
import { appeler, memoireDe, ouvrirConversation, phrase, SANS_LIMITES, type Conversation } from './client.ts';

/** People at once; each says a few words, leaves, and another comes. */
const PERSONNES = 24;
const SONDEURS = 6;
/** The log keeps up to 4,000 conversations in memory: full before anything is measured, or its filling would look like a leak. */
const A_CHAUFFER = 4_300;
const REPOS_MS = 20_000;
/** Growth of the heap from the first measure to the last that is still « flat », as a part of it. */
const PLAT = 0.05;

/** On SIGUSR2 the server collects its garbage and says what it holds: what no outside measure can tell. */
const SONDE = `data:text/javascript,${encodeURIComponent(`
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const actives = process.getActiveResourcesInfo();
  const compter = (nom) => actives.filter((a) => a === nom).length;
  const { heapUsed, external } = process.memoryUsage();
  const ecouteurs = process.eventNames().reduce((n, e) => n + process.listenerCount(e), 0);
  process.stderr.write('mesure ' + JSON.stringify({ tas: heapUsed / 1048576, dehors: external / 1048576, minuteries: compter('Timeout'), prises: compter('TCPSocketWrap'), ecouteurs }) + '\\n');
});`)}`;

const mesure = z.object({
  tas: z.number(),
  dehors: z.number(),
  minuteries: z.number(),
  prises: z.number(),
  ecouteurs: z.number(),
});
type Mesure = z.output<typeof mesure> & { readonly residente: number };

async function sonder(serveur: ServeurLance): Promise<Mesure> {
  const avant = serveur.sortie().split('mesure ').length;
  process.kill(serveur.pid, 'SIGUSR2');
  for (let essai = 0; essai < 400; essai += 1) {
    await attendre(25);
    const morceaux = serveur.sortie().split('mesure ');
    const ligne = morceaux.at(-1) ?? '';
    if (morceaux.length > avant && ligne.includes('\n'))
      return {
        ...mesure.parse(JSON.parse(ligne.slice(0, ligne.indexOf('\n')))),
        residente: await memoireDe(serveur.pid),
      };
  }
  throw new Error('le serveur ne répond pas à la mesure');
}

const dit = (m: Mesure): string =>
  `tas ${m.tas.toFixed(1)} Mo, résidente ${m.residente.toFixed(0)} Mo, minuteries ${m.minuteries}, prises ${m.prises}, écouteurs ${m.ecouteurs}`;

type Etat = { fini: boolean; tours: number; conversations: number };

/** One person after the other: opens, speaks, sometimes asks for everything to be erased, leaves. */
async function vivre(base: string, rang: number, etat: Etat): Promise<void> {
  for (let n = rang; !etat.fini; n += PERSONNES) {
    const c: Conversation = await ouvrirConversation(base);
    etat.conversations += 1;
    for (let i = 0; i < 3 + (n % 5) && !etat.fini; i += 1) {
      await c.dire(phrase(n + i));
      etat.tours += 1;
      await attendre(200 + ((n * 37 + i * 101) % 800));
    }
    if (n % 4 === 0) await appeler('POST', `${base}/v3/directline/tokens/revoke`, { jeton: c.jeton });
    c.fermer();
  }
}

/** Someone behind a network without WebSocket: long polls, held until something comes. */
async function sonderSansFin(base: string, etat: Etat): Promise<void> {
  const c = await ouvrirConversation(base);
  c.fermer();
  let filigrane = '';
  while (!etat.fini) {
    const { corps } = await appeler(
      'GET',
      `${base}/v3/directline/conversations/${c.id}/activities?watermark=${filigrane}`,
      { jeton: c.jeton },
    );
    filigrane = String(corps['watermark']);
    await attendre(100);
  }
}

/** Resolves to the heap, in MB, at the start and after each thousand of conversations. */
async function chauffer(serveur: ServeurLance, base: string): Promise<readonly number[]> {
  const tas = [(await sonder(serveur)).tas];
  for (let fait = 0; fait < A_CHAUFFER; fait += 50) {
    if (fait > 0 && fait % 1_000 === 0) tas.push((await sonder(serveur)).tas);
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const c = await ouvrirConversation(base);
        for (let n = 0; n < 3; n += 1) await c.dire(phrase(i + n));
        c.fermer();
      }),
    );
  }
  return tas;
}

/**
 * Runs a steady crowd for `minutes` and prints, each minute, the heap after a collection, the memory, timers and connections; then the same at rest
 * beside what they were at rest before. False when the heap grew, or something was not given back.
 */
export async function mesurerEndurance(
  minutes = 10,
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<boolean> {
  const serveur = await lancerServeur({ env: SANS_LIMITES, noeud: ['--expose-gc', '--import', SONDE] });
  const base = `http://127.0.0.1:${serveur.port}`;
  try {
    const remplissage = await chauffer(serveur, base);
    await attendre(REPOS_MS);
    const avant = await sonder(serveur);
    ecrire(
      `Mémoire du journal qui se remplit (4 000 conversations au plus), par milliers : tas ${remplissage.map((t) => t.toFixed(0)).join(', ')} Mo`,
    );
    ecrire(`Endurance : ${minutes} min, ${PERSONNES} personnes et ${SONDEURS} sondeurs à la fois`);
    ecrire(`  au repos, ${A_CHAUFFER} conversations déjà venues : ${dit(avant)}`);
    const etat: Etat = { fini: false, tours: 0, conversations: 0 };
    const foule = [
      ...Array.from({ length: PERSONNES }, (_, i) => vivre(base, i, etat)),
      ...Array.from({ length: SONDEURS }, () => sonderSansFin(base, etat)),
    ];
    for (let minute = 1; minute <= minutes; minute += 1) {
      await attendre(60_000);
      ecrire(
        `  minute ${minute} : ${dit(await sonder(serveur))} ; ${etat.tours} tours, ${etat.conversations} conversations`,
      );
    }
    etat.fini = true;
    await Promise.all(foule);
    await attendre(REPOS_MS);
    const apres = await sonder(serveur);
    ecrire(`  au repos, à la fin : ${dit(apres)}`);
    const trop = /MaxListenersExceeded|TimeoutOverflow/.test(serveur.sortie());
    const croissance = apres.tas / avant.tas - 1;
    ecrire(
      `  tas ${croissance >= 0 ? '+' : ''}${(croissance * 100).toFixed(1)} % (plat : ${PLAT * 100} % au plus) ; minuteries ${apres.minuteries - avant.minuteries}, écouteurs ${apres.ecouteurs - avant.ecouteurs}, prises ${apres.prises - avant.prises} de plus ; avertissement de fuite : ${trop ? 'oui' : 'non'}`,
    );
    return (
      croissance <= PLAT &&
      apres.minuteries <= avant.minuteries &&
      apres.ecouteurs <= avant.ecouteurs &&
      !trop
    );
  } finally {
    await serveur.tuer();
    nettoyer(serveur.dataDir);
  }
}
