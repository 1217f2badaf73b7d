import { createServer, type Server } from 'node:http';
import { z } from 'zod';

const schemaPiece = z.looseObject({ contentType: z.string(), content: z.unknown() });
const schemaRecu = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  replyToId: z.string().optional(),
  attachments: z.array(schemaPiece).optional(),
});
export type Recu = z.output<typeof schemaRecu> & {
  readonly chemin: string;
  readonly methode: string;
  /** Size as Teams counts it: UTF-16, two bytes a character. */
  readonly octets: number;
  readonly le: number;
};
/** One answer of the connector. `coupe`: the connection is cut without one; `muet`: none ever comes. */
export type ReponseConnecteur = {
  readonly statut?: number;
  readonly entetes?: Readonly<Record<string, string>>;
  readonly coupe?: boolean;
  readonly muet?: boolean;
};

/** What Adaptive Cards 1.5 has and Teams draws, of what we use. */
const ELEMENTS = new Set([
  'AdaptiveCard',
  'TextBlock',
  'Container',
  'FactSet',
  'ActionSet',
  'Input.Text',
  'Input.Toggle',
  'Input.ChoiceSet',
  'Action.Submit',
  'Action.OpenUrl',
]);

/** Everything of a card, depth first. */
function* noeuds(v: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(v)) for (const x of v) yield* noeuds(x);
  else if (typeof v === 'object' && v !== null) {
    const objet = { ...v } as Record<string, unknown>;
    yield objet;
    for (const [cle, x] of Object.entries(objet)) if (cle !== 'data') yield* noeuds(x);
  }
}

/** What Teams would refuse or not draw in a message. */
export function fautesDe(recu: Recu): readonly string[] {
  const fautes: string[] = [];
  if (recu.octets > 100 * 1024) fautes.push(`message de ${recu.octets} octets`);
  if ('suggestedActions' in recu) fautes.push('suggestedActions');
  if ((recu.text ?? '') === '' && (recu.attachments ?? []).length === 0) fautes.push('message vide');
  for (const piece of recu.attachments ?? []) {
    if (piece.contentType !== 'application/vnd.microsoft.card.adaptive') fautes.push(piece.contentType);
    for (const noeud of noeuds(piece.content)) {
      const { type, version, actions } = noeud;
      if (type === 'AdaptiveCard' && version !== '1.5') fautes.push(`carte ${String(version)}`);
      if (typeof type === 'string' && !ELEMENTS.has(type)) fautes.push(type);
      if (Array.isArray(actions) && actions.length > 6) fautes.push(`${actions.length} boutons en rangée`);
      if (type === 'Action.OpenUrl' && !/^https?:/.test(String(noeud['url']))) fautes.push('lien');
    }
  }
  return fautes;
}

/** Every button of a message: its label and what pressing it gives the bot, as Teams does. */
export const boutonsDe = (recu: Recu): { readonly title: string; readonly data: unknown }[] =>
  [...noeuds(recu.attachments ?? [])]
    .filter((n) => n['type'] === 'Action.Submit')
    .map((n) => ({ title: String(n['title']), data: n['data'] }));

/** A local stand-in of the Bot Framework connector: keeps what the bot posts, answers what it is told to. */
export class Connecteur {
  readonly #serveur: Server;
  recues: Recu[] = [];
  /** Answers to the next posts; 200 when there is none left. */
  suite: ReponseConnecteur[] = [];
  service = '';

  private constructor() {
    this.#serveur = createServer((req, res) => {
      let corps = '';
      req.on('data', (d) => (corps += String(d)));
      req.on('end', () => {
        const lu = schemaRecu.parse(JSON.parse(corps));
        this.recues.push({
          ...lu,
          chemin: req.url ?? '',
          methode: req.method ?? '',
          octets: corps.length * 2,
          le: Date.now(),
        });
        const { statut = 200, entetes = {}, coupe, muet } = this.suite.shift() ?? {};
        if (coupe === true) return req.socket.destroy();
        if (muet === true) return undefined;
        res.writeHead(statut, { 'Content-Type': 'application/json', ...entetes });
        return res.end(
          JSON.stringify(
            statut < 300 ? { id: `r${this.recues.length}` } : { error: { code: 'x', message: 'y' } },
          ),
        );
      });
    });
  }

  static async ouvrir(): Promise<Connecteur> {
    const connecteur = new Connecteur();
    await new Promise<void>((r) => connecteur.#serveur.listen(0, '127.0.0.1', r));
    const lieu = connecteur.#serveur.address();
    connecteur.service = `http://127.0.0.1:${typeof lieu === 'object' && lieu !== null ? lieu.port : 0}/fr/`;
    return connecteur;
  }
  get textes(): (string | undefined)[] {
    return this.recues.map((r) => r.text);
  }
  vider(): void {
    this.recues = [];
    this.suite = [];
  }
  fermer(): void {
    this.#serveur.closeAllConnections();
    this.#serveur.close();
  }
}
