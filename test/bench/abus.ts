import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as attendre } from 'node:timers/promises';
import { attaque, faute, lancerAttaque, statutDe, type Cible } from '../support/abus.ts';
import { lancerServeur, nettoyer } from '../support/serveur.ts';
import { appeler, memoireDe, ouvrirConversation, phrase, SANS_LIMITES } from './client.ts';

const OUVRIERS = 32;
/** `LIMIT_CONNEXIONS_PAR_ADRESSE` when nothing sets it. */
const LIMITE_CONNEXIONS = 200;
/** Milliseconds an attack waits for an answer: some leave the server waiting for what never comes. */
const PATIENCE_MS = 1_000;
/** Attacks on one conversation: some end it for good with its own token, and its stream ticket is worth a minute. */
const PAR_CIBLE = 400;

/** A new conversation to attack, and the right to open its stream. */
async function viser(port: number): Promise<Cible> {
  const c = await ouvrirConversation(`http://127.0.0.1:${port}`);
  c.fermer();
  const { corps } = await appeler('GET', `http://127.0.0.1:${port}/v3/directline/conversations/${c.id}`, {
    jeton: c.jeton,
  });
  const flux = new URL(String(corps['streamUrl']));
  return { port, conversation: c.id, jeton: c.jeton, flux: `${flux.pathname}${flux.search}` };
}

export type BilanAbus = {
  readonly fautes: readonly string[];
  readonly statuts: ReadonlyMap<string, number>;
  /** Resident memory of the server in MB, once warm and at the end. */
  readonly memoire: readonly [number, number];
  /** What the server logged as an error. */
  readonly erreurs: number;
  readonly vivant: boolean;
};

/** Sends `nombre` attacks of a seed to the real program, then checks that a conversation still goes on. */
export async function attaquer(nombre: number, graine: number): Promise<BilanAbus> {
  const serveur = await lancerServeur({ env: { ...SANS_LIMITES, LIMIT_SOCKETS_PAR_CONVERSATION: '0' } });
  const base = `http://127.0.0.1:${serveur.port}`;
  const statuts = new Map<string, number>();
  const fautes: string[] = [];
  try {
    const temoin = await ouvrirConversation(base);
    let cible = await viser(serveur.port);
    let prochaine = 0;
    let chaude = 0;
    const ouvrier = async (): Promise<void> => {
      while (prochaine < nombre) {
        const n = (prochaine += 1);
        if (n === Math.ceil(nombre / 5)) chaude = await memoireDe(serveur.pid);
        if (n % PAR_CIBLE === 0) cible = await viser(serveur.port);
        const a = attaque(graine, n, cible);
        const reponse = await lancerAttaque(serveur.port, a, PATIENCE_MS);
        const statut = statutDe(reponse) === 0 ? 'sans réponse' : String(statutDe(reponse));
        statuts.set(statut, (statuts.get(statut) ?? 0) + 1);
        const trouvee = faute(reponse, a);
        if (trouvee !== undefined) fautes.push(`attaque ${n} de la graine ${graine} : ${trouvee}`);
      }
    };
    await Promise.all(Array.from({ length: OUVRIERS }, ouvrier));
    const vivant = await Promise.race([
      temoin.dire('c’est payant ?').then(() => true),
      attendre(10_000).then(() => false),
    ]);
    temoin.fermer();
    const { statut } = await appeler('GET', `${base}/readyz`);
    return {
      fautes,
      statuts,
      memoire: [chaude, await memoireDe(serveur.pid)],
      erreurs: serveur.sortie().match(/"level":(?:50|60)|"niveau":"erreur"|Error:/g)?.length ?? 0,
      vivant: vivant && statut === 200,
    };
  } finally {
    await serveur.tuer();
    nettoyer(serveur.dataDir);
  }
}

/** `nombre` connections that send `debut` then one byte per second; resolves to the seconds after which each was cut. */
async function trainer(
  port: number,
  nombre: number,
  debut: string,
  octet: string,
): Promise<readonly number[]> {
  const depart = performance.now();
  const coupees = Array.from({ length: nombre }, async () => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(debut);
    const goutte = setInterval(() => socket.write(octet), 1_000);
    await Promise.race([once(socket, 'close'), attendre(40_000)]);
    clearInterval(goutte);
    socket.destroy();
    return (performance.now() - depart) / 1_000;
  });
  return (await Promise.all(coupees)).toSorted((a, b) => a - b);
}

/** Idle connections opened at once: how many the server keeps once it has looked at them all (ten seconds at most to cut down to `limite`). */
async function inonder(port: number, nombre: number, limite: number): Promise<number> {
  const sockets = await Promise.all(
    Array.from({ length: nombre }, async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await Promise.race([once(socket, 'connect').catch(() => undefined), attendre(2_000)]);
      return socket;
    }),
  );
  const gardees = (): number => sockets.filter((s) => !s.destroyed && s.readyState === 'open').length;
  for (let essai = 0; essai < 100 && gardees() > limite; essai += 1) await attendre(100);
  await attendre(500);
  const restees = gardees();
  for (const s of sockets) s.resetAndDestroy();
  return restees;
}

/** Time of a turn while something else goes on, in milliseconds. */
async function pendant<T>(
  base: string,
  travail: Promise<T>,
): Promise<{ readonly fait: T; readonly p95: number }> {
  const c = await ouvrirConversation(base);
  const durees: number[] = [];
  const etat = { fini: false };
  const suite = travail.finally(() => (etat.fini = true));
  for (let n = 0; !etat.fini; n += 1) {
    const debut = performance.now();
    await c.dire(phrase(n));
    durees.push(performance.now() - debut);
    await attendre(100);
  }
  c.fermer();
  const tri = durees.toSorted((a, b) => a - b);
  return { fait: await suite, p95: tri[Math.floor(tri.length * 0.95)] ?? 0 };
}

async function mesurerInondations(ecrire: (l: string) => void): Promise<boolean> {
  const serveur = await lancerServeur({
    env: { ...SANS_LIMITES, LIMIT_CONNEXIONS_PAR_ADRESSE: '0', LIMIT_CONNEXIONS: '0' },
  });
  const base = `http://127.0.0.1:${serveur.port}`;
  const c = await ouvrirConversation(base);
  const corpsLents = await pendant(
    base,
    trainer(
      serveur.port,
      300,
      `POST /v3/directline/conversations/${c.id}/activities HTTP/1.1\r\nHost: localhost:${serveur.port}\r\nAuthorization: Bearer ${c.jeton}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n{',
      ' ',
    ),
  );
  const entetesLents = await pendant(
    base,
    trainer(serveur.port, 300, `GET /healthz HTTP/1.1\r\nHost: localhost:${serveur.port}\r\n`, 'a'),
  );
  await serveur.tuer();
  nettoyer(serveur.dataDir);

  // The default limits this time.
  const borne = await lancerServeur({ env: { LOG_LEVEL: 'error' } });
  const gardees = await inonder(borne.port, 1_000, LIMITE_CONNEXIONS);
  const { statut } = await appeler('GET', `http://127.0.0.1:${borne.port}/readyz`);
  await borne.tuer();
  nettoyer(borne.dataDir);

  const dernier = (liste: readonly number[]): number => liste.at(-1) ?? 0;
  ecrire(
    `  300 corps à un octet par seconde : tous coupés en ${dernier(corpsLents.fait).toFixed(0)} s au plus ; un tour pendant ce temps p95 ${corpsLents.p95.toFixed(1)} ms`,
  );
  ecrire(
    `  300 en-têtes à un octet par seconde : tous coupés en ${dernier(entetesLents.fait).toFixed(0)} s au plus ; un tour pendant ce temps p95 ${entetesLents.p95.toFixed(1)} ms`,
  );
  ecrire(
    `  1 000 connexions d’une adresse : ${gardees} gardées (limite ${LIMITE_CONNEXIONS}) ; ensuite prêt : ${statut}`,
  );
  return (
    dernier(corpsLents.fait) < 30 &&
    dernier(entetesLents.fait) < 30 &&
    gardees <= LIMITE_CONNEXIONS &&
    statut === 200
  );
}

/** Prints what the attacks did. False when an answer was wrong, the server died, or a flood was not bounded. */
export async function mesurerAbus(
  nombre = 100_000,
  graine = 20_261_121,
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<boolean> {
  const debut = performance.now();
  const { fautes, statuts, memoire, erreurs, vivant } = await attaquer(nombre, graine);
  ecrire(
    `Abus : ${nombre} requêtes et trames malformées en ${((performance.now() - debut) / 1_000).toFixed(0)} s (graine ${graine})`,
  );
  ecrire(
    `  réponses : ${[...statuts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([statut, n]) => `${statut} × ${n}`)
      .join(', ')}`,
  );
  ecrire(
    `  fautes (5xx autre que 503, trace, répétition) : ${fautes.length} ; erreurs au journal du serveur : ${erreurs} ; vivant et prêt : ${vivant ? 'oui' : 'non'}`,
  );
  for (const f of fautes.slice(0, 10)) ecrire(`    ${f}`);
  ecrire(
    `  mémoire du serveur : ${memoire[0].toFixed(0)} Mo après un cinquième, ${memoire[1].toFixed(0)} Mo à la fin`,
  );
  const bornees = await mesurerInondations(ecrire);
  return fautes.length === 0 && vivant && bornees;
}
