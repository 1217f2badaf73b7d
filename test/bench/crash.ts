import { setTimeout as attendre } from 'node:timers/promises';
import { z } from 'zod';
import { lancerServeur, nettoyer, portLibre, type ServeurLance } from '../support/serveur.ts';
import { appeler, SANS_LIMITES } from './client.ts';

const PERSONNES = 16;

type Personne = {
  readonly id: string;
  readonly jeton: string;
  /** Texts acknowledged with their id. */
  readonly acquittes: Map<string, string>;
};

const page = z.object({
  activities: z.array(
    z.looseObject({
      id: z.string(),
      text: z.string().optional(),
      from: z.object({ role: z.string() }),
      channelData: z.object({ clientActivityID: z.string() }).partial().optional(),
    }),
  ),
  watermark: z.string(),
});
type Activites = z.output<typeof page>['activities'];

async function commencer(base: string): Promise<Personne> {
  const genere = await appeler('POST', `${base}/v3/directline/tokens/generate`, { corps: {} });
  const jeton = z.string().parse(genere.corps['token']);
  const lancee = await appeler('POST', `${base}/v3/directline/conversations`, { corps: {}, jeton });
  return { id: z.string().parse(lancee.corps['conversationId']), jeton, acquittes: new Map() };
}

/** Sends one message after the other, again and again with the same identifier until it is acknowledged. */
async function parler(base: string, p: Personne, continuer: () => boolean): Promise<void> {
  for (let n = p.acquittes.size; continuer(); n = p.acquittes.size) {
    const cle = `m-${n}`;
    try {
      const { statut, corps } = await appeler(
        'POST',
        `${base}/v3/directline/conversations/${p.id}/activities`,
        {
          corps: { type: 'message', text: `message ${n} : aide`, channelData: { clientActivityID: cle } },
          jeton: p.jeton,
        },
      );
      if (statut === 200) p.acquittes.set(cle, z.string().parse(corps['id']));
      else await attendre(50);
    } catch {
      // The server was just killed: the same message goes again when it is back.
      await attendre(50);
    }
  }
}

const PATIENCE_MS = 20_000;

/**
 * The transcript, page after page as a client reads it, up to the first words of the bot after the message `id`; `repondu` is false after
 * twenty seconds at the end of the log without any. Only the end tells the end: a page may be cut by its count or by its size, and the
 * server holds a request that has nothing to give yet.
 */
async function lireJusquaReponse(
  base: string,
  p: Personne,
  id: string,
): Promise<{ activites: Activites; repondu: boolean }> {
  const activites: Activites = [];
  let filigrane = '';
  let envoye = false;
  for (let limite = Date.now() + PATIENCE_MS; Date.now() < limite;) {
    const { corps } = await appeler(
      'GET',
      `${base}/v3/directline/conversations/${p.id}/activities?watermark=${filigrane}`,
      { jeton: p.jeton },
    );
    const lue = page.parse(corps);
    filigrane = lue.watermark;
    if (lue.activities.length > 0) limite = Date.now() + PATIENCE_MS;
    for (const a of lue.activities) {
      activites.push(a);
      if (a.id === id) envoye = true;
      else if (envoye && a.from.role === 'bot') return { activites, repondu: true };
    }
  }
  return { activites, repondu: false };
}

/**
 * Kills the server with SIGKILL `morts` times at random moments under load, then checks the transcripts: every acknowledged message is there
 * exactly once, under the identifier that was given, and every conversation goes on.
 */
export async function mesurerCrash(
  morts = 100,
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<boolean> {
  const port = await portLibre();
  const lancer = (dataDir?: string): Promise<ServeurLance> =>
    lancerServeur({ port, env: SANS_LIMITES, ...(dataDir === undefined ? {} : { dataDir }) });
  /** A start may be cut by something else on the machine: that is one more sudden stop, not the end of the measurement. */
  const relancer = async (dataDir: string, essais = 5): Promise<ServeurLance> => {
    try {
      return await lancer(dataDir);
    } catch (erreur) {
      if (essais <= 1) throw erreur;
      return relancer(dataDir, essais - 1);
    }
  };
  let serveur = await lancer();
  const { dataDir } = serveur;
  const base = `http://127.0.0.1:${port}`;
  const personnes = await Promise.all(Array.from({ length: PERSONNES }, () => commencer(base)));
  const etat = { fini: false };
  const paroles = personnes.map((p) => parler(base, p, () => !etat.fini));
  for (let n = 0; n < morts; n += 1) {
    await attendre(50 + Math.random() * 600);
    await serveur.tuer('SIGKILL');
    serveur = await relancer(dataDir);
  }
  etat.fini = true;
  await Promise.all(paroles);

  const bilan = { messages: 0, perdus: 0, doubles: 0, muettes: 0 };
  for (const p of personnes) {
    const derniere = `reprise-${p.id}`;
    const { corps } = await appeler('POST', `${base}/v3/directline/conversations/${p.id}/activities`, {
      corps: { type: 'message', text: 'aide', channelData: { clientActivityID: derniere } },
      jeton: p.jeton,
    });
    p.acquittes.set(derniere, z.string().parse(corps['id']));
    const { activites, repondu } = await lireJusquaReponse(base, p, z.string().parse(corps['id']));
    if (!repondu) bilan.muettes += 1;
    const ids = new Map<string, string[]>();
    for (const a of activites) {
      const cle = a.channelData?.clientActivityID;
      if (cle !== undefined) ids.set(cle, [...(ids.get(cle) ?? []), a.id]);
    }
    for (const [cle, id] of p.acquittes) {
      bilan.messages += 1;
      const vus = ids.get(cle) ?? [];
      if (!vus.includes(id)) bilan.perdus += 1;
      if (vus.length > 1) bilan.doubles += 1;
    }
  }
  ecrire(
    `Arrêts brutaux : ${morts} ; messages acquittés : ${bilan.messages} ; perdus : ${bilan.perdus} ; en double : ${bilan.doubles} ; conversations muettes : ${bilan.muettes} sur ${PERSONNES}`,
  );
  await serveur.tuer();
  nettoyer(dataDir);
  return bilan.perdus + bilan.doubles + bilan.muettes === 0;
}
