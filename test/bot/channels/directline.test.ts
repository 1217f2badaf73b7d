import { afterEach, describe, expect, it } from 'vitest';
import {
  activitesDe,
  appeler,
  attendreActivites,
  commencer,
  ecouter,
  jusqua,
  mot,
  ouvrirBanc,
  type Banc,
  type Ouverte,
  dire,
  poster,
} from './banc.ts';

let banc: Banc;
afterEach(async () => banc.fermer());

/** A poll from the last activity, on its way and held. */
async function sondageTenu(c: Ouverte): Promise<{ readonly reponse: ReturnType<typeof appeler> }> {
  const chemin = `/conversations/${c.id}/activities?watermark=`;
  const liste = await appeler(banc, 'GET', chemin, { jeton: c.jeton });
  const reponse = appeler(banc, 'GET', `${chemin}${mot(liste, 'watermark')}`, { jeton: c.jeton });
  await new Promise((r) => setTimeout(r, 60));
  return { reponse };
}

describe('Direct Line', () => {
  it('accueille, renvoie l’écho avant la réponse, et attend une réponse sur la dernière seulement', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const recu = await dire(banc, c, 'coucou', 'k1');
    expect(recu.statut).toBe(200);
    const liste = await attendreActivites(banc, c, 3);
    expect(liste.map((a) => [a.from.role, a.text])).toEqual([
      ['bot', 'bonjour'],
      ['user', 'coucou'],
      ['bot', '1: coucou'],
    ]);
    expect(liste[1]?.id).toBe(mot(recu, 'id'));
    expect(liste[1]?.channelData?.clientActivityID).toBe('k1');
    expect(liste[2]?.inputHint).toBe('expectingInput');
    const instants = liste.map((a) => a.timestamp);
    expect(new Set(instants).size).toBe(3);
    expect(instants.toSorted()).toEqual(instants);
  });

  it('démarre une seule fois, salue une seule fois (C9)', async () => {
    banc = await ouvrirBanc();
    const genere = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
    const jeton = mot(genere, 'token');
    const statuts = await Promise.all(
      [1, 2, 3].map(async () => (await appeler(banc, 'POST', '/conversations', { jeton, corps: {} })).statut),
    );
    expect(statuts.toSorted()).toEqual([200, 200, 201]);
    const c = { id: mot(genere, 'conversationId'), jeton };
    await dire(banc, c, 'x', 'a');
    expect((await attendreActivites(banc, c, 3)).filter((a) => a.text === 'bonjour')).toHaveLength(1);
  });

  it('crée et démarre en une demande, accueil compris ; le flux redit la même chose, une fois', async () => {
    banc = await ouvrirBanc();
    const fait = await appeler(banc, 'POST', '/tokens/generate', {
      corps: { start: true, locale: 'fr-FR' },
    });
    expect(fait.statut).toBe(201);
    expect(activitesDe(fait).map((a) => a.text)).toEqual(['bonjour']);
    const c = { id: mot(fait, 'conversationId'), jeton: mot(fait, 'token') };
    const { trames, socket } = ecouter(mot(fait, 'streamUrl'));
    await jusqua(() => trames.length > 0);
    expect(trames.flatMap((t) => t.activities)).toEqual(activitesDe(fait));
    expect(trames.at(-1)?.watermark).toBe(mot(fait, 'watermark'));
    socket.close();
    // A start asked again by a client that did not see the answer changes nothing.
    const encore = await appeler(banc, 'POST', '/conversations', { jeton: c.jeton, corps: {} });
    expect(encore.statut).toBe(200);
    expect(await attendreActivites(banc, c, 1)).toHaveLength(1);
    const resume = mot(fait, 'resume');
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume } })).statut).toBe(200);
  });

  it('ne garde qu’une fois un message renvoyé, refuse la même clé pour un autre contenu (C4)', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const [un, deux] = [await dire(banc, c, 'bonsoir', 'k'), await dire(banc, c, 'bonsoir', 'k')];
    expect(mot(un, 'id')).toBe(mot(deux, 'id'));
    expect((await dire(banc, c, 'autre chose', 'k')).statut).toBe(409);
    const liste = await attendreActivites(banc, c, 3);
    expect(liste.filter((a) => a.text === 'bonsoir')).toHaveLength(1);
  });

  it('joue un tour à la fois, dans l’ordre du journal', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await Promise.all(Array.from({ length: 30 }, (_, i) => dire(banc, c, `m${i}`, `k${i}`)));
    const liste = await attendreActivites(banc, c, 61);
    const compteurs = liste
      .filter((a) => a.from.role === 'bot' && a.text !== 'bonjour')
      .map((a) => Number(a.text?.split(':')[0]));
    expect(compteurs).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  it('donne tout par le flux, puis la suite, sans trou ni doublon, sur deux onglets', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const un = ecouter(c.flux);
    const deux = ecouter(c.flux);
    await jusqua(() => un.trames.length > 0 && deux.trames.length > 0);
    for (let i = 0; i < 10; i++) await dire(banc, c, `m${i}`, `k${i}`);
    const vues = (e: typeof un) =>
      e.trames
        .flatMap((t) => t.activities)
        .filter((a) => a.type === 'message')
        .map((a) => a.id);
    await jusqua(() => vues(un).length === 21 && vues(deux).length === 21);
    expect(new Set(vues(un)).size).toBe(21);
    const filigrane = un.trames.at(-1)?.watermark ?? '';
    const reconnecte = await appeler(banc, 'GET', `/conversations/${c.id}?watermark=${filigrane}`, {
      jeton: c.jeton,
    });
    const trois = ecouter(mot(reconnecte, 'streamUrl'));
    await dire(banc, c, 'encore', 'z');
    await jusqua(() => vues(trois).length === 2);
    expect(trois.trames[0]?.activities[0]).toMatchObject({ text: 'encore' });
    for (const e of [un, deux, trois]) e.socket.close();
  });

  it('lit les filigranes comme il faut', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const lire = (w: string) =>
      appeler(banc, 'GET', `/conversations/${c.id}/activities${w}`, { jeton: c.jeton });
    for (const w of ['', '?watermark=', '?watermark=-', '?watermark=autre.1', '?watermark=autre.999'])
      expect(activitesDe(await lire(w))).toHaveLength(1);
    expect((await lire('?watermark=%3Cscript%3E')).statut).toBe(400);
  });

  it('attend du nouveau quand il n’y en a pas (sondage long)', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    const premier = await appeler(banc, 'GET', `/conversations/${c.id}/activities`, { jeton: c.jeton });
    const attente = appeler(
      banc,
      'GET',
      `/conversations/${c.id}/activities?watermark=${mot(premier, 'watermark')}`,
      { jeton: c.jeton },
    );
    await new Promise((r) => setTimeout(r, 60));
    await dire(banc, c, 'toc', 'k');
    expect(activitesDe(await attente)[0]).toMatchObject({ text: 'toc' });
  });

  it('reprend avec le secret, qui tourne ; un jeton périmé dit TokenExpired', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    banc.temps = 2 * 3_600_000;
    const perime = await dire(banc, c, 'tard', 'k');
    expect([perime.statut, (perime.corps['error'] as { code: string }).code]).toEqual([403, 'TokenExpired']);
    const repris = await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } });
    expect(repris.statut).toBe(200);
    expect(mot(repris, 'conversationId')).toBe(c.id);
    expect(mot(repris, 'resume')).not.toBe(c.resume);
    banc.temps += 120_000;
    expect(
      (await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: mot(repris, 'resume') } })).statut,
    ).toBe(200);
    // The new one has served: the one it replaced is worth nothing, at once.
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } })).statut).toBe(403);
  });

  it('la réponse à une reprise perdue dans un long tunnel, un onglet dupliqué : l’ancien secret vaut jusqu’à ce que le nouveau serve', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const reprendre = async (resume: string): Promise<[number, string]> => {
      const lu = await appeler(banc, 'POST', '/tokens/resume', { corps: { resume } });
      return [lu.statut, mot(lu, 'resume')];
    };
    // Two tabs with the same memory, each reloaded in turn, an hour apart.
    let premier = c.resume;
    let second = c.resume;
    for (let heure = 0; heure < 4; heure += 1) {
      banc.temps += 3_600_000;
      const [statut, suivant] = await reprendre(second);
      expect(statut).toBe(200);
      second = suivant;
      const [autre, encore] = await reprendre(premier);
      expect(autre).toBe(200);
      premier = encore;
    }
    // Unused for a day, both are dead.
    banc.temps += 25 * 3_600_000;
    expect([(await reprendre(premier))[0], (await reprendre(second))[0]]).toEqual([403, 403]);
  });

  it('rafraîchit un jeton avec une nouvelle échéance', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    banc.temps = 50 * 60_000;
    const frais = await appeler(banc, 'POST', '/tokens/refresh', { jeton: c.jeton });
    expect(frais.statut).toBe(200);
    banc.temps = 90 * 60_000;
    expect(
      (await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: mot(frais, 'token') })).statut,
    ).toBe(200);
    expect((await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton })).statut).toBe(403);
  });

  it('masque avant de garder, et le dit', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await dire(banc, c, 'mon numéro est 1 85 05 78 006 084 36', 'k');
    const liste = await attendreActivites(banc, c, 4);
    expect(liste[1]?.text).toBe('[numéro masqué]');
    expect(liste[2]?.text).toContain('masqué');
    expect(JSON.stringify(liste)).not.toContain('1 85 05');
  });

  it('s’excuse quand le tour échoue, et continue', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    expect((await dire(banc, c, 'panne', 'k1')).statut).toBe(200);
    await attendreActivites(banc, c, 3);
    await dire(banc, c, 'ça va ?', 'k2');
    const liste = await attendreActivites(banc, c, 5);
    expect(liste[2]?.text).toContain('Pardon');
    expect(JSON.stringify(liste)).not.toContain('panne voulue');
    expect(liste[4]?.text).toBe('1: ça va ?');
  });

  it('efface tout, ferme les écrans, puis répond 404', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.length > 0);
    await dire(banc, c, 'efface', 'k');
    expect(await e.ferme).toBe(4001);
    expect(e.trames.flatMap((t) => t.activities).some((a) => a.text === 'effacé')).toBe(true);
    expect((await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton })).statut).toBe(404);
    expect((await appeler(banc, 'POST', '/conversations', { jeton: c.jeton, corps: {} })).statut).toBe(404);
    expect((await appeler(banc, 'POST', '/tokens/resume', { corps: { resume: c.resume } })).statut).toBe(403);
  });

  it('effacée pendant qu’on attend : le sondage tenu répond 404, le rafraîchissement aussi, un jeton jamais démarré se rafraîchit', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const tenu = await sondageTenu(c);
    await banc.journal.effacer(c.id);
    expect((await tenu.reponse).statut).toBe(404);
    expect((await appeler(banc, 'POST', '/tokens/refresh', { jeton: c.jeton })).statut).toBe(404);
    const jamais = await appeler(banc, 'POST', '/tokens/generate', { corps: {} });
    expect((await appeler(banc, 'POST', '/tokens/refresh', { jeton: mot(jamais, 'token') })).statut).toBe(
      200,
    );
  });

  it('« terminer » pendant un sondage tenu : il ne rend plus rien', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const tenu = await sondageTenu(c);
    await appeler(banc, 'POST', '/tokens/revoke', { jeton: c.jeton });
    expect((await tenu.reponse).statut).toBe(403);
  });

  it('cent activités au plus par page et par trame', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    for (let n = 0; n < 150; n += 1)
      await banc.journal.ajouterEntrant(c.id, { type: 'message', from: { role: 'user' }, text: `n${n}` });
    const lus: (string | undefined)[] = [];
    for (let filigrane = ''; lus.length < 151;) {
      const page = await appeler(banc, 'GET', `/conversations/${c.id}/activities?watermark=${filigrane}`, {
        jeton: c.jeton,
      });
      expect(activitesDe(page).length).toBeLessThanOrEqual(100);
      lus.push(...activitesDe(page).map((a) => a.text));
      filigrane = mot(page, 'watermark');
    }
    expect(lus.slice(1)).toEqual(Array.from({ length: 150 }, (_, n) => `n${n}`));
    const e = ecouter(c.flux);
    await jusqua(() => e.trames.reduce((n, t) => n + t.activities.length, 0) === 151);
    for (const trame of e.trames) expect(trame.activities.length).toBeLessThanOrEqual(100);
    e.socket.close();
  });

  it('coupe les longues pages : des trames courtes, un filigrane à chacune, rien de perdu', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    await attendreActivites(banc, c, 1);
    for (let i = 0; i < 12; i += 1)
      await banc.journal.ajouterSortant(c.id, { type: 'message', text: `${i} ${'x'.repeat(20_000)}` });
    // One alone is larger than a page: it goes all the same.
    await banc.journal.ajouterSortant(c.id, { type: 'message', text: `12 ${'x'.repeat(100_000)}` });
    const frais = await appeler(banc, 'GET', `/conversations/${c.id}`, { jeton: c.jeton });
    const e = ecouter(mot(frais, 'streamUrl'));
    await jusqua(() => e.trames.flatMap((t) => t.activities).length === 14);
    for (const trame of e.trames.slice(0, -1)) expect(JSON.stringify(trame).length).toBeLessThan(70_000);
    expect(e.trames.length).toBeGreaterThan(4);
    e.socket.close();
    const lus: (string | undefined)[] = [];
    let filigrane = '';
    for (;;) {
      const page = await appeler(banc, 'GET', `/conversations/${c.id}/activities?watermark=${filigrane}`, {
        jeton: c.jeton,
      });
      lus.push(...activitesDe(page).map((a) => a.text?.split(' ')[0]));
      filigrane = mot(page, 'watermark');
      expect(e.trames.map((t) => t.watermark)).toContain(filigrane);
      if (lus.length >= 14) break;
    }
    expect(lus).toEqual(['bonjour', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
  });

  it('refuse ce qui n’est pas à soi : jeton absent, faux, d’une autre conversation, billet pris pour un jeton, autre origine', async () => {
    banc = await ouvrirBanc();
    const [a, b] = [await commencer(banc), await commencer(banc)];
    const aller = (jeton?: string, entetes = {}) =>
      appeler(banc, 'GET', `/conversations/${a.id}`, { ...(jeton === undefined ? {} : { jeton }), entetes });
    expect((await aller()).statut).toBe(401);
    expect((await aller('abc.def.ghi')).statut).toBe(401);
    const [tete, charge] = a.jeton.split('.');
    expect((await aller(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${charge}.`)).statut).toBe(
      401,
    );
    expect((await aller(`${tete}.${charge}.AAAA`)).statut).toBe(401);
    expect((await aller(b.jeton)).statut).toBe(403);
    const billet = new URL(a.flux).searchParams.get('t') ?? '';
    expect((await aller(billet)).statut).toBe(401);
    const generer = (origin: string) =>
      appeler(banc, 'POST', '/tokens/generate', { corps: {}, entetes: { Origin: origin } });
    expect((await generer('https://mechant.exemple')).statut).toBe(403);
    expect((await generer(banc.base)).statut).toBe(200);
    const e = ecouter(a.flux.replace(/t=.*/, `t=${a.jeton}`));
    expect(await e.ferme).toBe(-1);
  });

  it('ne prend d’une activité que ce qui est permis', async () => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    const hostile = {
      type: 'message',
      text: 'ok',
      channelData: { clientActivityID: 'k', secret: 1 },
      from: { id: 'bot', role: 'bot' },
      serviceUrl: 'https://mechant.exemple',
      deliveryMode: 'expectReplies',
      id: 'x',
      entities: [{}],
    };
    expect((await poster(banc, c, hostile)).statut).toBe(200);
    const liste = await attendreActivites(banc, c, 3);
    expect(liste[1]).toMatchObject({ from: { role: 'user' }, text: 'ok' });
    expect(JSON.stringify(liste)).not.toMatch(/mechant|expectReplies|secret|entities|serviceUrl/);
  });

  it.each([
    [{ type: 'conversationUpdate' }, 400],
    [{ type: 'invoke', name: 'x' }, 400],
    [{ type: 'message' }, 400],
    [{ type: 'message', text: '   ' }, 400],
    [{ type: 'message', text: 42 }, 400],
    [{ type: 'message', text: 'a', value: [1] }, 400],
    [{ type: 'message', text: 'a', value: { a: { b: { c: { d: { e: { f: 1 } } } } } } }, 400],
    [{ type: 'message', text: 'é'.repeat(2001) }, 413],
    ['{"type":"message","text":"a"', 400],
    ['[]', 400],
    ['{"type":"message","text":"a","value":{"__proto__":{"x":1}}}', 400],
  ])('refuse %j', async (corps, statut) => {
    banc = await ouvrirBanc();
    const c = await commencer(banc);
    expect((await poster(banc, c, corps)).statut).toBe(statut);
  });

  it('ralentit puis refuse ce qui dépasse, avec Retry-After', async () => {
    banc = await ouvrirBanc({ limites: { messagesParSeconde: 1, messagesRafale: 2 } });
    const c = await commencer(banc);
    const statuts = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => dire(banc, c, `m${i}`, `k${i}`)),
    );
    const refuses = statuts.filter((s) => s.statut === 429);
    expect(refuses.length).toBeGreaterThan(0);
    expect(refuses[0]?.entetes.get('retry-after')).toMatch(/^\d+$/);
  });
});

describe('/api/messages', () => {
  const activite = (plus: object = {}) => ({
    type: 'message',
    id: 'a1',
    text: 'salut',
    channelId: 'emulator',
    serviceUrl: 'http://127.0.0.1:9',
    from: { id: 'u' },
    recipient: { id: 'b' },
    conversation: { id: 'c1' },
    ...plus,
  });
  const envoyer = (corps: unknown) =>
    fetch(`${banc.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(corps),
    });

  it('refuse notre canal, une adresse de réponse étrangère et ce qui n’est pas une activité', async () => {
    banc = await ouvrirBanc();
    expect((await envoyer(activite({ channelId: 'directline' }))).status).toBe(403);
    expect((await envoyer(activite({ channelId: 'webchat' }))).status).toBe(403);
    expect((await envoyer(activite({ serviceUrl: 'https://mechant.exemple/' }))).status).toBe(403);
    expect((await envoyer(activite({ serviceUrl: 'urn:cep:directline' }))).status).toBe(403);
    expect((await envoyer({ text: 'sans type' })).status).toBe(400);
  });
});
