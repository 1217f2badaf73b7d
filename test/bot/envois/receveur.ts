import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';

export type Recu = { readonly entetes: IncomingHttpHeaders; readonly corps: string; readonly le: number };
export type Reponse = {
  readonly statut: number;
  readonly entetes?: Record<string, string>;
  readonly muet?: true;
};

/** A webhook receiver that answers what the test says; it notes everything it was sent. */
export type Receveur = {
  readonly url: string;
  readonly recus: Recu[];
  repondre: (n: number) => Reponse;
  fermer(): Promise<void>;
};

export async function ouvrirReceveur(): Promise<Receveur> {
  const recus: Recu[] = [];
  const receveur: { repondre: (n: number) => Reponse } = { repondre: () => ({ statut: 200 }) };
  const serveur: Server = createServer((req, res) => {
    let corps = '';
    req.setEncoding('utf8');
    req.on('data', (m: string) => (corps += m));
    req.on('end', () => {
      recus.push({ entetes: req.headers, corps, le: Date.now() });
      const { statut, entetes = {}, muet } = receveur.repondre(recus.length);
      if (muet === true) return void req.socket.destroy();
      // Not chained: restify replaces `writeHead` for the whole process by one that returns nothing.
      res.writeHead(statut, entetes);
      res.end('réponse du receveur');
    });
  });
  await new Promise<void>((fait) => serveur.listen(0, '127.0.0.1', fait));
  const adresse = serveur.address();
  const port = typeof adresse === 'object' && adresse !== null ? adresse.port : 0;
  return Object.assign(receveur, {
    url: `http://127.0.0.1:${port}/cep`,
    recus,
    fermer: () =>
      new Promise<void>((fait) => {
        serveur.closeAllConnections();
        serveur.close(() => fait());
      }),
  });
}
