import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** A lean client for measurements: what it costs must not be what is measured. */
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

export type Reponse = { readonly statut: number; readonly corps: Readonly<Record<string, unknown>> };

const objet = z.record(z.string(), z.unknown());

/** One JSON call. Rejects when the connection breaks. */
export function appeler(
  methode: 'GET' | 'POST',
  url: string,
  options: { readonly corps?: unknown; readonly jeton?: string } = {},
): Promise<Reponse> {
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      {
        method: methode,
        agent,
        headers: {
          ...(options.corps === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(options.jeton === undefined ? {} : { Authorization: `Bearer ${options.jeton}` }),
        },
      },
      (res) => {
        const morceaux: Buffer[] = [];
        res.on('data', (m: Buffer) => morceaux.push(m));
        res.on('error', reject);
        res.on('end', () => {
          const texte = Buffer.concat(morceaux).toString('utf8');
          resolve({ statut: res.statusCode ?? 0, corps: texte === '' ? {} : objet.parse(JSON.parse(texte)) });
        });
      },
    );
    req.on('error', reject);
    req.setTimeout(30_000, () => req.destroy(new Error('délai dépassé')));
    req.end(options.corps === undefined ? undefined : JSON.stringify(options.corps));
  });
}

/** The last message of a turn says that it waits; looked for in the bytes, since reading the frame would cost the machine as much as sending it. */
const FIN_DE_TOUR = Buffer.from('"inputHint":"expectingInput"');
const demarree = z.object({ conversationId: z.string(), token: z.string(), streamUrl: z.string() });

export type Conversation = {
  readonly id: string;
  readonly jeton: string;
  /** Posts and waits for the answer's last message. */
  dire(texte: string): Promise<void>;
  fermer(): void;
};

/** One conversation through Direct Line, its answers over a WebSocket; resolves after the welcome. */
export async function ouvrirConversation(base: string): Promise<Conversation> {
  const genere = await appeler('POST', `${base}/v3/directline/tokens/generate`, { corps: {} });
  const lancee = demarree.parse(
    (
      await appeler('POST', `${base}/v3/directline/conversations`, {
        corps: {},
        jeton: z.string().parse(genere.corps['token']),
      })
    ).corps,
  );
  const socket = new WebSocket(lancee.streamUrl);
  let reveil = (): void => undefined;
  socket.on('message', (m: Buffer) => {
    if (m.includes(FIN_DE_TOUR)) reveil();
  });
  await new Promise<void>((resolve, reject) => {
    reveil = resolve;
    socket.on('error', reject);
  });
  let n = 0;
  return {
    id: lancee.conversationId,
    jeton: lancee.token,
    async dire(texte) {
      const fini = new Promise<void>((resolve) => (reveil = resolve));
      n += 1;
      const { statut } = await appeler(
        'POST',
        `${base}/v3/directline/conversations/${lancee.conversationId}/activities`,
        {
          corps: { type: 'message', text: texte, channelData: { clientActivityID: `k${n}` } },
          jeton: lancee.token,
        },
      );
      if (statut !== 200) throw new Error(`envoi refusé : ${statut}`);
      await fini;
    },
    fermer: () => socket.close(),
  };
}

/** Every limit off: what is measured is the work, not the patience. */
export const SANS_LIMITES: Readonly<Record<string, string>> = {
  LOG_LEVEL: 'error',
  LIMIT_JETONS_PAR_ADRESSE: '0',
  LIMIT_CONVERSATIONS: '0',
  LIMIT_MESSAGES_PAR_SECONDE: '0',
  LIMIT_MESSAGES_PAR_CONVERSATION: '0',
  LIMIT_SOCKETS_PAR_ADRESSE: '0',
  LIMIT_CONNEXIONS: '0',
  LIMIT_CONNEXIONS_PAR_ADRESSE: '0',
};

export const PHRASES = [
  'c’est payant ?',
  'je suis en CDI dans le privé à Lille',
  'et mon patron, il va le savoir ?',
  'pourquoi',
  'je voudrais changer de métier',
  'aide',
] as const;
export const phrase = (n: number): string => PHRASES[n % PHRASES.length] ?? 'aide';

/** Processor time another process has used, in milliseconds (Linux); NaN where it cannot be read. Says the cost of a turn on a busy machine too. */
export async function processeurDe(pid: number): Promise<number> {
  const texte = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const champs = texte.slice(texte.lastIndexOf(')') + 2).split(' ');
  return (Number(champs[11]) + Number(champs[12])) * 10;
}

/** Resident memory of another process, in MB (Linux); NaN where it cannot be read. */
export async function memoireDe(pid: number): Promise<number> {
  const texte = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(texte)?.[1] ?? Number.NaN) / 1_024;
}
