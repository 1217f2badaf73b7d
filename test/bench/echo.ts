import { createServer, type Server } from 'node:http';
import restify from 'restify';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';

const repeter = async (contexte: TurnContext): Promise<void> => {
  if (contexte.activity.type === 'message') await contexte.sendActivity(`écho : ${contexte.activity.text}`);
};

/** Prints the port once listening, then lives until its parent ends it. */
async function vivre(serveur: Server): Promise<never> {
  // As ours: idle while the others are measured, a connection closed after Node's five seconds would break the next turn.
  serveur.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => serveur.listen(0, '127.0.0.1', resolve));
  const adresse = serveur.address();
  process.stdout.write(`port ${typeof adresse === 'object' && adresse !== null ? adresse.port : 0}\n`);
  return new Promise<never>(() => undefined);
}

/** The floor, in a process of its own: a bare `CloudAdapter` on a bare restify with its own body parser. No understanding, no rules, no storage, no guard. */
export async function servirEcho(): Promise<void> {
  const serveur = restify.createServer();
  const adaptateur = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  serveur.use(restify.plugins.bodyParser());
  serveur.post('/api/messages', async (req, res) => {
    // The SDK types the request with exact optional members; restify's is the one it was written for.
    await Reflect.apply(adaptateur.process, adaptateur, [req, res, repeter]);
  });
  await vivre(serveur.server);
}

/** Where the echo posts its replies, as a channel would have it: answers at once, in a process of its own. */
export async function servirConnecteur(): Promise<void> {
  await vivre(
    createServer((req, res) => {
      req.resume().on('end', () => {
        res.setHeader('Content-Type', 'application/json');
        res.end('{"id":"r1"}');
      });
    }),
  );
}
