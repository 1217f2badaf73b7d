import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { lireReference } from '../../../bot/handover/reference.ts';
import {
  appeler,
  attendreActivites,
  commencer,
  ecouter,
  mot,
  ouvrirBanc,
  type Banc,
  type Lu,
} from './banc.ts';

let banc: Banc;
afterEach(async () => banc.fermer());

type Conversation = { id: string; jeton: string };
const codeDe = async (c: Conversation): Promise<string> =>
  mot(await appeler(banc, 'GET', `/conversations/${c.id}/resume-code`, { jeton: c.jeton }), 'code');
const avecCode = (code: string): Promise<Lu> => appeler(banc, 'POST', '/tokens/resume', { corps: { code } });
const dire = (c: Conversation, text: string) =>
  appeler(banc, 'POST', `/conversations/${c.id}/activities`, {
    jeton: c.jeton,
    corps: { type: 'message', text, channelData: { clientActivityID: text } },
  });
const terminer = (c: Conversation) => appeler(banc, 'POST', '/tokens/revoke', { jeton: c.jeton });
const sansCorps = ({ statut, corps }: Lu) => [statut, corps];

describe('reprendre une conversation avec son code', () => {
  it('sur un autre appareil : tout est là, et les deux continuent', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await dire(c, 'premier appareil');
    await attendreActivites(banc, c, 3);
    const code = await codeDe(c);
    expect(code).toMatch(/^CEP-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{6}$/);
    const repris = await avecCode(` ${code.toLowerCase().replaceAll('-', ' ')} `);
    expect(repris.statut).toBe(200);
    expect(repris.corps).toMatchObject({ conversationId: c.id });
    expect(Number(repris.corps['history'])).toBeGreaterThanOrEqual(3);
    const autre = { id: c.id, jeton: mot(repris, 'token') };
    await dire(autre, 'second appareil');
    const textes = (await attendreActivites(banc, c, 5)).map((a) => a.text);
    expect(textes).toContain('premier appareil');
    expect(textes).toContain('second appareil');
    // Each device comes back with its own secret.
    for (const resume of [c.resume, mot(repris, 'resume')])
      expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume } })).statut).toBe(200);
  });

  it('la référence seule, celle du document et de la console, n’ouvre rien', async () => {
    banc = await ouvrirBanc();
    const code = await codeDe(await commencer(banc));
    const reference = code.slice(0, 'CEP-00000-00000'.length);
    expect(lireReference(reference)).toEqual({ ok: true, valeur: reference });
    expect((await avecCode(reference)).statut).toBe(400);
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: reference } })).statut).toBe(
      403,
    );
  });

  it('ne dit jamais si une référence existe : inconnue, effacée, mauvaise fin, trop d’essais', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const code = await codeDe(c);
    const fausse = (fin: string): string => `${code.slice(0, -6)}${fin}`;
    const fins = ['000000', '111111', '222222'].filter((f) => fausse(f) !== code);
    const connue = sansCorps(await avecCode(fausse(fins[0] ?? '')));
    const inconnue = sansCorps(await avecCode(`CEP-00000-00000-${code.slice(-6)}`));
    expect(connue[0]).toBe(403);
    expect(inconnue).toEqual(connue);
    const essayer = async (code: string): Promise<number[]> => {
      const statuts: number[] = [];
      for (let i = 0; i < 12; i += 1) statuts.push((await avecCode(code)).statut);
      return statuts;
    };
    // The count runs the same for a reference that exists and one that does not.
    expect(await essayer('CEP-11111-1111R-000000')).toEqual([...Array(10).fill(403), 429, 429]);
    expect(await essayer(fausse(fins[1] ?? ''))).toEqual([...Array(9).fill(403), 429, 429, 429]);
    // Even the right code waits: it is the reference that is guarded.
    expect((await avecCode(code)).statut).toBe(429);
    banc.temps += 3_600_000;
    expect((await avecCode(code)).statut).toBe(200);
    await banc.canaux.effacer(c.id);
    expect(sansCorps(await avecCode(code))).toEqual(connue);
  });

  it('une adresse n’essaie pas sans fin', async () => {
    banc = await ouvrirBanc({ limites: { suiviParAdresse: 3 } });
    const statuts: number[] = [];
    for (let i = 0; i < 5; i += 1) statuts.push((await avecCode('n’importe quoi')).statut);
    expect(statuts).toEqual([400, 400, 400, 429, 429]);
  });

  it('après « terminer », l’ordinateur partagé ne peut plus rien, le code ouvre encore ailleurs', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const code = await codeDe(c);
    const { flux } = c;
    expect((await terminer(c)).statut).toBe(200);
    const repris = await avecCode(code);
    expect(repris.statut).toBe(200);
    const autre = { id: c.id, jeton: mot(repris, 'token') };
    expect((await dire(autre, 'chez moi')).statut).toBe(200);
    expect((await dire(c, 'ordinateur partagé')).statut).toBe(403);
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } })).statut).toBe(403);
    // Nor the address of a stream taken just before the end.
    expect(await ecouter(flux).ferme).toBe(-1);
    await terminer(autre);
    expect((await dire(autre, 'encore')).statut).toBe(403);
    const resume = mot(repris, 'resume');
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume } })).statut).toBe(403);
  });

  it('seul le jeton de la conversation donne son code', async () => {
    banc = await ouvrirBanc();
    const [a, b] = [await commencer(banc), await commencer(banc)];
    const chemin = `/conversations/${a.id}/resume-code`;
    expect((await appeler(banc, 'GET', chemin)).statut).toBe(401);
    expect((await appeler(banc, 'GET', chemin, { jeton: b.jeton })).statut).toBe(403);
    expect(await codeDe(a)).not.toBe(await codeDe(b));
  });

  it('une origine étrangère ne peut pas l’essayer', async () => {
    banc = await ouvrirBanc();
    const code = await codeDe(await commencer(banc));
    const entetes = { Origin: 'https://ailleurs.example' };
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { code }, entetes })).statut).toBe(403);
  });

  it('rien d’écrit au hasard ne l’ouvre ni ne fait tomber le service', async () => {
    banc = await ouvrirBanc();
    await commencer(banc);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (code) => {
        expect([400, 403, 429]).toContain((await avecCode(code)).statut);
      }),
      { numRuns: 100 },
    );
  });
});
