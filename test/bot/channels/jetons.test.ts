import { createHmac, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lireEntrant } from '../../../bot/channels/directline/entrant.ts';
import { ecrireFiligrane, lireFiligrane } from '../../../bot/channels/directline/filigrane.ts';
import { lireJeton, nouveauJeton, nouveauTicket } from '../../../bot/channels/directline/jetons.ts';
import { filtrerSortie } from '../../../bot/channels/sortie.ts';
import type { Cle, TrousseauDeCles } from '../../../bot/http/index.ts';

const LE = 1_795_000_000_000;
const cle = (id: string): Cle => ({ id, octets: randomBytes(32) });
const CLES: TrousseauDeCles = [cle('a')];
const BASE = { conv: '0123456789abcdef0123456789abcdef', user: 'dl_u', org: '' };
const b64 = (v: unknown): string => Buffer.from(JSON.stringify(v)).toString('base64url');

/** A token signed with our key but not by our code. */
function forger(tete: object, contenu: object, k = CLES[0]): string {
  const corps = `${b64(tete)}.${b64(contenu)}`;
  return `${corps}.${createHmac('sha256', k.octets).update(corps).digest('base64url')}`;
}
const valide = {
  ...BASE,
  typ: 'dl',
  iat: LE / 1000,
  exp: LE / 1000 + 60,
  sid: LE / 1000,
  aud: 'cep-directline',
};
const TETE = { alg: 'HS256', typ: 'JWT', kid: 'a' };

describe('les jetons', () => {
  it('sont des JWT que les clients savent décoder, avec la personne en clair', () => {
    const [tete = '', charge = ''] = nouveauJeton(CLES, BASE, LE).split('.');
    expect(JSON.parse(Buffer.from(tete, 'base64url').toString())).toEqual({
      alg: 'HS256',
      typ: 'JWT',
      kid: 'a',
    });
    expect(JSON.parse(Buffer.from(charge, 'base64url').toString())).toMatchObject({
      user: 'dl_u',
      conv: BASE.conv,
      exp: LE / 1000 + 3_600,
    });
  });

  it('valent une heure, pour un seul usage', () => {
    const jeton = nouveauJeton(CLES, BASE, LE);
    expect(lireJeton(CLES, 'dl', jeton, LE + 3_599_000).ok).toBe(true);
    expect(lireJeton(CLES, 'dl', jeton, LE + 3_600_000)).toEqual({ ok: false, refus: { code: 'perime' } });
    expect(lireJeton(CLES, 'dl-stream', jeton, LE).ok).toBe(false);
    const ticket = nouveauTicket(CLES, BASE, LE);
    expect(lireJeton(CLES, 'dl', ticket, LE).ok).toBe(false);
    expect(lireJeton(CLES, 'dl-stream', ticket, LE + 61_000).ok).toBe(false);
  });

  it('survivent à un changement de clé tant que l’ancienne est acceptée', () => {
    const jeton = nouveauJeton(CLES, BASE, LE);
    expect(lireJeton([cle('b'), CLES[0]], 'dl', jeton, LE).ok).toBe(true);
    expect(lireJeton([cle('b')], 'dl', jeton, LE).ok).toBe(false);
    expect(lireJeton([cle('a')], 'dl', jeton, LE).ok).toBe(false);
  });

  it.each([
    ['bien signé', TETE, valide, true],
    ['alg none', { ...TETE, alg: 'none' }, valide, false],
    ['alg RS256', { ...TETE, alg: 'RS256' }, valide, false],
    ['sans kid', { alg: 'HS256' }, valide, false],
    ['autre public', TETE, { ...valide, aud: 'autre' }, false],
    ['conversation mal formée', TETE, { ...valide, conv: '../etc' }, false],
    ['sans échéance', TETE, { ...valide, exp: undefined }, false],
    ['personne étrangère', TETE, { ...valide, user: 'bot' }, false],
  ])('%s', (_nom, tete, contenu, attendu) => {
    expect(lireJeton(CLES, 'dl', forger(tete, contenu), LE).ok).toBe(attendu);
  });

  it('aucun octet changé ne passe, aucune chaîne ne fait échouer la lecture', () => {
    const jeton = nouveauJeton(CLES, BASE, LE);
    fc.assert(
      fc.property(fc.nat(jeton.length - 2), fc.constantFrom('A', 'b', '0', '.', '~'), (i, c) => {
        const change = jeton.slice(0, i) + c + jeton.slice(i + 1);
        expect(lireJeton(CLES, 'dl', change, LE).ok).toBe(change === jeton);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (s) => {
        expect(lireJeton(CLES, 'dl', s, LE).ok).toBe(false);
      }),
    );
  });
});

describe('les filigranes', () => {
  const journal = { epoque: 'ab12' };

  it.each([
    ['', 0],
    ['-', 0],
    ['ab12.0', 0],
    ['ab12.7', 7],
    ['ab12.10', 10],
    ['ab12.11', 0],
    ['zz99.7', 0],
    ['7', undefined],
    ['ab12.', undefined],
    ['ab12.-1', undefined],
    ['ab12.7.8', undefined],
    ['<x>', undefined],
    ['ab12.99999999999999999999', undefined],
  ])('« %s » → %s', (brut, attendu) => {
    expect(lireFiligrane(journal, brut, 10)).toBe(attendu);
  });

  it('passent dans une adresse sans être encodés (C15)', () => {
    expect(ecrireFiligrane(journal, 12)).toMatch(/^[A-Za-z0-9._-]+$/);
  });
});

describe('ce qui entre', () => {
  it('n’importe quel JSON est refusé ou réduit à ce qui est permis', () => {
    const cles = new Set(['type', 'text', 'value', 'locale', 'replyToId', 'cle', 'postBack']);
    const activite = fc.record(
      {
        type: fc.oneof(fc.constantFrom('message', 'typing', 'event', 'invoke', 'trace'), fc.string()),
        name: fc.oneof(fc.constantFrom('webchat/join', 'handoff.status', 'tokens/response'), fc.string()),
        text: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
        value: fc.jsonValue({ maxDepth: 7 }),
        locale: fc.oneof(fc.constantFrom('fr-FR', 'fr', 'x'.repeat(99)), fc.jsonValue()),
        channelData: fc.jsonValue(),
        from: fc.jsonValue(),
        serviceUrl: fc.string(),
        deliveryMode: fc.constant('expectReplies'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(activite, fc.jsonValue()), (corps) => {
        const lu = lireEntrant(corps);
        if (lu === 'invalide' || lu === 'trop-long') return;
        for (const nom of Object.keys(lu)) expect(cles.has(nom)).toBe(true);
        expect(lu.text ?? '').not.toMatch(/[^\P{Cc}\n\t]|[\u2028\u2029]/u);
        expect([...(lu.text ?? '')].length).toBeLessThanOrEqual(2_000);
      }),
    );
  });

  it.each([
    [{ type: 'event', name: 'handoff.status' }, 'invalide'],
    [{ type: 'event', name: 'webchat/join' }, { type: 'event' }],
    [
      { type: 'message', text: 'e\u0301te\u0000\u0007' },
      { type: 'message', text: 'éte' },
    ],
    [
      { type: 'message', text: 'a', locale: 'fr-FR; drop' },
      { type: 'message', text: 'a' },
    ],
    [
      { type: 'message', text: 'a', channelData: { clientActivityID: 'x'.repeat(65) } },
      { type: 'message', text: 'a' },
    ],
    [
      { type: 'message', text: 'a', channelData: { clientActivityID: 'k', postBack: 'oui', autre: 1 } },
      { type: 'message', text: 'a', cle: 'k' },
    ],
    [
      { type: 'message', text: '', value: { action: 'x' } },
      { type: 'message', text: '', value: { action: 'x' } },
    ],
    [{ type: 'message', text: '\u200B \u2060\u200D' }, 'invalide'],
    [{ type: 'message', value: { a: 'x'.repeat(8_200) } }, 'invalide'],
    [{ type: 'message', value: { a: { constructor: 1 } } }, 'invalide'],
    [{ type: 'message', text: 'a'.repeat(2_001) }, 'trop-long'],
  ])('%j', (corps, attendu) => {
    expect(lireEntrant(corps)).toEqual(attendu);
  });
});

describe('ce qui sort', () => {
  const DE = { id: 'assistant-cep', name: 'Assistant' };

  it('rien d’interne ne part', () => {
    const sortie = filtrerSortie(
      {
        type: 'message',
        text: 'bonjour',
        serviceUrl: 'urn:x',
        relatesTo: { serviceUrl: 'urn:x' },
        callerId: 'x',
        recipient: { id: 'dl_u', aadObjectId: 'x' },
        localTimestamp: 'x',
        channelData: { tenant: { id: 'x' } },
        entities: [{}],
        from: { id: 'agent', name: 'x', aadObjectId: 'x' },
        inputHint: 'expectingInput',
      },
      'c',
      DE,
    );
    expect(sortie).toEqual({
      type: 'message',
      text: 'bonjour',
      inputHint: 'expectingInput',
      channelId: 'directline',
      conversation: { id: 'c' },
      from: { id: 'assistant-cep', name: 'Assistant', role: 'bot' },
    });
  });

  it.each(['trace', 'conversationUpdate', 'invokeResponse', 'delay', 'endOfConversation', ''])(
    'une activité « %s » ne part pas',
    (type) => {
      expect(filtrerSortie({ type, text: 'x' }, 'c', DE)).toBeUndefined();
    },
  );

  it('handoff.initiate ne part pas', () => {
    expect(filtrerSortie({ type: 'event', name: 'handoff.initiate', value: {} }, 'c', DE)).toBeUndefined();
  });
});
