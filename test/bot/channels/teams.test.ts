import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hotePerroquet, jusqua, ouvrirBanc, type Banc } from './banc.ts';

const recu = z.looseObject({
  chemin: z.string(),
  type: z.string(),
  text: z.string().optional(),
  replyToId: z.string().optional(),
});
type Recu = z.output<typeof recu>;

let banc: Banc;
let connecteur: Server;
let service = '';
let recues: Recu[] = [];

/** Stands for the Bot Framework connector: keeps what the bot posts. */
beforeEach(async () => {
  recues = [];
  connecteur = createServer((req, res) => {
    let corps = '';
    req.on('data', (d) => (corps += String(d)));
    req.on('end', () => {
      recues.push(recu.parse({ ...z.looseObject({}).parse(JSON.parse(corps)), chemin: req.url }));
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ id: `r${recues.length}` }));
    });
  });
  await new Promise<void>((r) => connecteur.listen(0, '127.0.0.1', r));
  const adresse = connecteur.address();
  service = `http://127.0.0.1:${typeof adresse === 'object' && adresse !== null ? adresse.port : 0}`;
});
afterEach(async () => {
  await banc.fermer();
  connecteur.closeAllConnections();
  connecteur.close();
});

let numero = 0;
const activite = (text: string, plus: object = {}) => ({
  type: 'message',
  id: `a${(numero += 1)}`,
  text,
  channelId: 'emulator',
  serviceUrl: service,
  from: { id: 'u' },
  recipient: { id: 'b' },
  conversation: { id: 'c1' },
  ...plus,
});
const envoyer = async (corps: unknown): Promise<number> =>
  (
    await fetch(`${banc.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(corps),
    })
  ).status;
const textes = (): (string | undefined)[] => recues.map((r) => r.text);

describe('/api/messages', () => {
  it('joue les mêmes tours que le site, dans l’ordre, et répond au message', async () => {
    banc = await ouvrirBanc();
    const arrivee = { type: 'conversationUpdate', membersAdded: [{ id: 'u' }] };
    expect(await envoyer({ ...activite(''), ...arrivee })).toBe(200);
    const salut = activite('salut');
    expect(await envoyer(salut)).toBe(200);
    await Promise.all([envoyer(activite('un')), envoyer(activite('deux'))]);
    await jusqua(() => recues.length === 4);
    expect(textes().slice(0, 2)).toEqual(['bonjour', '1: salut']);
    expect(textes().map((t) => t?.split(':')[0])).toEqual(['bonjour', '1', '2', '3']);
    expect(recues[1]?.replyToId).toBe(salut.id);
    expect(recues[1]?.chemin).toBe(`/v3/conversations/c1/activities/${salut.id}`);
  });

  it('un message reçu deux fois n’est joué qu’une', async () => {
    banc = await ouvrirBanc();
    const deux = activite('bis');
    await envoyer(deux);
    await envoyer(deux);
    expect(textes()).toEqual(['0: bis']);
  });

  it('efface, et la même personne peut recommencer', async () => {
    banc = await ouvrirBanc();
    await envoyer(activite('un'));
    await envoyer(activite('efface'));
    await envoyer(activite('deux'));
    expect(textes()).toEqual(['0: un', 'effacé', '0: deux']);
  });

  it('un tour coupé reprend par une parole du bot, à l’adresse gardée', async () => {
    const etat = { bloque: true };
    banc = await ouvrirBanc({
      delais: { tour: 50, frappe: 1_000 },
      hote: {
        jouer: async (entete, passe, message) =>
          etat.bloque
            ? new Promise((_resolve, reject) => setTimeout(() => reject(new Error('coupé')), 10))
            : hotePerroquet.jouer(entete, passe, message),
      },
    });
    await envoyer(activite('un'));
    expect(textes()[0]).toContain('Pardon');
    etat.bloque = false;
    const liste: string[] = [];
    for await (const { conversation } of banc.journal.lister()) liste.push(conversation);
    expect(liste).toHaveLength(1);
    await banc.journal.ajouterEntrant(
      liste[0] ?? '',
      { type: 'message', text: 'laissé' },
      { invisible: true },
    );
    expect(await banc.canaux.reprendreTours()).toBe(1);
    await jusqua(() => recues.length === 2);
    expect(textes()[1]).toBe('0: laissé');
    expect(recues[1]?.chemin).toContain('/v3/conversations/c1/activities');
    expect(await banc.canaux.envoyer(liste[0] ?? '', [{ texte: 'rappel' }])).toBe(true);
    expect(textes()[2]).toBe('rappel');
  });

  it('masque avant de garder et le dit ; trop long : une phrase aimable', async () => {
    banc = await ouvrirBanc();
    await envoyer(activite('mon numéro est 1 85 05 78 006 084 36'));
    expect(textes()[0]).toContain('masqué');
    expect(textes()[1]).toBe('0: [numéro masqué]');
    await envoyer(activite('a'.repeat(2_001)));
    expect(textes()[2]).toContain('trop long');
  });

  it('chez un employeur : explique, ne demande rien, ne garde rien', async () => {
    banc = await ouvrirBanc({ locataire: 'employeur' });
    await envoyer(activite('je veux démissionner'));
    expect(textes()[0]).toContain('confidentiel');
    const liste: string[] = [];
    for await (const { conversation } of banc.journal.lister()) liste.push(conversation);
    expect(liste).toEqual([]);
  });

  it.each([
    [{ channelId: 'directline' }, 403],
    [{ channelId: 'webchat' }, 403],
    [{ serviceUrl: 'urn:cep:directline' }, 403],
    [{ serviceUrl: 'urn:cep:directline:1' }, 403],
    [{ serviceUrl: 'https://mechant.exemple/' }, 403],
    [{ serviceUrl: 'https://smba.trafficmanager.net.mechant.exemple/' }, 403],
    [{ serviceUrl: 'http://smba.trafficmanager.net/' }, 403],
    [{ serviceUrl: 'https://user@127.0.0.1.mechant.exemple/' }, 403],
    [{ serviceUrl: 42 }, 403],
    [{ type: undefined }, 400],
    [{ conversation: undefined }, 400],
  ])('refuse %j', async (plus, statut) => {
    banc = await ouvrirBanc();
    expect(await envoyer(activite('x', plus))).toBe(statut);
    expect(recues).toEqual([]);
  });
});
