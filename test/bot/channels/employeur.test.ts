import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../../support/serveur.ts';

const recu = z.looseObject({
  text: z.string(),
  attachments: z.array(z.looseObject({ contentType: z.string(), content: z.unknown() })),
});
type Recu = z.output<typeof recu>;

const PHRASES = readFileSync(join(RACINE_PROJET, 'test/scenarios/langage/phrases-gelees.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((l) => z.looseObject({ texte: z.string() }).parse(JSON.parse(l)).texte);

let serveur: ServeurLance;
let connecteur: Server;
let service = '';
let recues: Recu[] = [];

beforeAll(async () => {
  connecteur = createServer((req, res) => {
    let corps = '';
    req.on('data', (d) => (corps += String(d)));
    req.on('end', () => {
      recues.push(recu.parse(JSON.parse(corps)));
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ id: `r${recues.length}` }));
    });
  });
  await new Promise<void>((r) => connecteur.listen(0, '127.0.0.1', r));
  const adresse = connecteur.address();
  service = `http://127.0.0.1:${typeof adresse === 'object' && adresse !== null ? adresse.port : 0}`;
  // The noisiest log there is: what it does not say, nobody's log says.
  serveur = await lancerServeur({ env: { TEAMS_LOCATAIRE: 'employeur', LOG_LEVEL: 'debug' } });
});
afterAll(async () => {
  await serveur.tuer();
  nettoyer(serveur.dataDir);
  connecteur.closeAllConnections();
  connecteur.close();
});

let numero = 0;
const envoyer = async (plus: object): Promise<number> =>
  (
    await fetch(`${serveur.accueil}api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        type: 'message',
        id: `m${(numero += 1)}`,
        channelId: 'emulator',
        serviceUrl: service,
        from: { id: 'personne-emploi-secret', name: 'Nadia Secrète' },
        recipient: { id: 'b' },
        conversation: { id: 'conversation-emploi-secret', conversationType: 'personal' },
        ...plus,
      }),
    })
  ).status;

/** Everything the program wrote, files and logs. */
const traces = (): string =>
  serveur.sortie() +
  readdirSync(serveur.dataDir, { recursive: true, encoding: 'utf8' })
    .map((f) => join(serveur.dataDir, f))
    .filter((f) => statSync(f).isFile())
    .map((f) => f + readFileSync(f, 'utf8'))
    .join('\n');

describe('dans les Teams d’un employeur', () => {
  it('quoi qu’on écrive, la même réponse, et rien ne reste', async () => {
    expect(PHRASES.length).toBeGreaterThan(400);
    const avant = traces().length;
    for (const text of PHRASES) expect(await envoyer({ text })).toBe(200);
    expect(recues.length).toBe(PHRASES.length);
    expect(new Set(recues.map((r) => JSON.stringify([r.text, r.attachments]))).size).toBe(1);
    const dit = JSON.stringify(recues[0]);
    expect(dit).toContain('Je ne lis pas ce que vous écrivez ici');
    // No field to fill in, nothing asked of the person.
    expect(dit).not.toMatch(/Input\.|votre âge|votre métier|Êtes-vous/);
    const reste = traces();
    for (const phrase of PHRASES.filter((p) => p.length > 12)) expect(reste).not.toContain(phrase);
    expect(reste).not.toMatch(/emploi-secret|Nadia/);
    expect(reste.length - avant).toBeLessThan(2_000);
  }, 120_000);

  it('chaque bouton donne sa réponse sourcée, et mène au site', async () => {
    recues = [];
    for (const sujet of ['cep-definition', 'cep-deroulement', 'operateurs', 'employeur-informe'])
      await envoyer({ value: { action: 'employeur', sujet } });
    const textes = recues.map((r) => r.text);
    expect(textes[0]).toContain('service public');
    expect(textes[1]).toContain('deux niveaux');
    expect(textes[2]).toContain('Avenir Actifs');
    expect(textes[3]).toContain('ne demande ni l’accord ni l’information de votre employeur');
    for (const r of recues) {
      const carte = z
        .looseObject({ version: z.string(), actions: z.array(z.looseObject({ type: z.string() })) })
        .parse(r.attachments[0]?.content);
      expect(carte.version).toBe('1.5');
      expect(carte.actions.map((a) => a.type)).toEqual([
        'Action.Submit',
        'Action.Submit',
        'Action.Submit',
        'Action.OpenUrl',
      ]);
      expect(JSON.stringify(carte)).toContain(serveur.accueil);
    }
  });

  it.each([
    [{ value: { action: 'repondre', champ: 'age', valeur: 22 } }],
    [{ value: { sujet: '__proto__' } }],
    [{ value: 'demissionner' }],
    [{ text: 'mon numéro est 06 12 34 56 78', value: null }],
    [{ text: 'x'.repeat(5_000) }],
    [{ type: 'conversationUpdate', membersAdded: [{ id: 'personne-emploi-secret' }] }],
    [{ conversation: { id: 'g', conversationType: 'channel' } }],
  ])('%j : la présentation, sans rien lire', async (plus) => {
    recues = [];
    expect(await envoyer(plus)).toBe(200);
    expect(recues.map((r) => r.text)).toEqual([expect.stringContaining('Je ne lis pas')]);
    expect(traces()).not.toMatch(/emploi-secret|06 12 34/);
  });

  it.each([
    { type: 'invoke', name: 'task/fetch', statut: 501 },
    { type: 'messageUpdate', text: 'je corrige : j’ai 22 ans' },
    { type: 'messageDelete' },
    { type: 'typing' },
    { type: 'inconnu' },
  ])('%j : rien n’est dit, rien ne casse', async ({ statut = 200, ...plus }) => {
    recues = [];
    expect(await envoyer(plus)).toBe(statut);
    expect(recues).toEqual([]);
  });
});
