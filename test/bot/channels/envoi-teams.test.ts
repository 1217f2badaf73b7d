import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  poster,
  posterSuite,
  REPRISE_TOUR,
  type Issue,
  type Temps,
} from '../../../bot/channels/envoi-teams.ts';
import { enregistree } from './activites-teams.ts';
import { hotePerroquet, jusqua, ouvrirBanc, type Banc } from './banc.ts';
import { Connecteur, type ReponseConnecteur } from './connecteur.ts';

/** A clock that only moves when somebody waits. */
function tempsDEssai(): Temps & { readonly attentes: number[]; readonly dits: [Issue, number][] } {
  const attentes: number[] = [];
  const dits: [Issue, number][] = [];
  let maintenant = Date.parse('2026-11-21T08:00:00Z');
  return {
    attentes,
    dits,
    horloge: () => maintenant,
    attendre: async (ms) => {
      attentes.push(ms);
      maintenant += ms;
    },
    hasard: () => 0,
    signaler: (issue, statut) => void dits.push([issue, statut]),
  };
}
const erreur = (statusCode: number | undefined, plus: object = {}): Error =>
  Object.assign(new Error('connecteur'), { ...(statusCode === undefined ? {} : { statusCode }), ...plus });
const avecAttente = (statusCode: number, valeur: string): Error =>
  erreur(statusCode, { response: { headers: new Map([['retry-after', valeur]]) } });
const echouer = (...erreurs: readonly Error[]): { envoyer: () => Promise<string>; essais: () => number } => {
  let i = 0;
  return {
    envoyer: async () => {
      const e = erreurs[i];
      i += 1;
      if (e !== undefined) throw e;
      return 'fait';
    },
    essais: () => i,
  };
};

describe('décider d’un nouvel essai', () => {
  it.each<[string, Error, Issue, number]>([
    ['403, bloqué', erreur(403), 'bloquee', 1],
    ['404, conversation disparue', erreur(404), 'bloquee', 1],
    ['400, refusé', erreur(400), 'refusee', 1],
    ['413, trop grand', erreur(413), 'refusee', 1],
    ['401, nos identifiants', erreur(401), 'refusee', 1],
    ['504, peut-être montré', erreur(504), 'incertaine', 1],
    ['500, peut-être montré', erreur(500), 'incertaine', 1],
    ['coupé après l’envoi', erreur(undefined, { code: 'ECONNRESET' }), 'incertaine', 1],
    ['délai dépassé', Object.assign(new Error('x'), { name: 'AbortError' }), 'incertaine', 1],
    ['429, pas montré', erreur(429), 'envoyee', 2],
    ['412, pas montré', erreur(412), 'envoyee', 2],
    ['503, pas montré', erreur(503), 'envoyee', 2],
    ['502, Teams demande de renvoyer', erreur(502), 'envoyee', 2],
    ['jamais parti', erreur(undefined, { code: 'ECONNREFUSED' }), 'envoyee', 2],
  ])('%s', async (_nom, e, attendue, essais) => {
    const { envoyer, essais: faits } = echouer(e);
    const temps = tempsDEssai();
    expect((await poster(envoyer, REPRISE_TOUR, temps)).issue).toBe(attendue);
    expect(faits()).toBe(essais);
    expect(temps.dits).toHaveLength(attendue === 'envoyee' ? 0 : 1);
  });

  it('une notification n’est pas renvoyée après 502 : elle a pu être montrée', async () => {
    const { envoyer, essais } = echouer(erreur(502));
    expect((await poster(envoyer, { ...REPRISE_TOUR, apres502: 'laisser' }, tempsDEssai())).issue).toBe(
      'incertaine',
    );
    expect(essais()).toBe(1);
  });

  it('attend de plus en plus, jamais moins que demandé, jamais plus que sa patience', async () => {
    const doubles = tempsDEssai();
    expect(await poster(echouer(...Array(9).fill(erreur(429))).envoyer, REPRISE_TOUR, doubles)).toEqual({
      issue: 'plus-tard',
    });
    expect(doubles.attentes).toEqual([500, 1_000, 2_000]);
    const demandee = tempsDEssai();
    expect(await poster(echouer(avecAttente(429, '3')).envoyer, REPRISE_TOUR, demandee)).toEqual({
      issue: 'envoyee',
    });
    expect(demandee.attentes).toEqual([3_000]);
    const date = tempsDEssai();
    await poster(echouer(avecAttente(503, 'Sat, 21 Nov 2026 08:00:05 GMT')).envoyer, REPRISE_TOUR, date);
    expect(date.attentes).toEqual([5_000]);
    const longue = tempsDEssai();
    expect(await poster(echouer(avecAttente(429, '120')).envoyer, REPRISE_TOUR, longue)).toEqual({
      issue: 'plus-tard',
      attendreMs: 120_000,
    });
    expect(longue.attentes).toEqual([]);
  });

  it('une suite : dans l’ordre ; un refus laisse un trou, une porte fermée arrête', async () => {
    const jouer = async (...issues: readonly (Error | undefined)[]): Promise<[string[], Issue]> => {
      const partis: string[] = [];
      const { issue } = await posterSuite(
        ['a', 'b', 'c'],
        async (m) => {
          const e = issues[['a', 'b', 'c'].indexOf(m)];
          if (e !== undefined) throw e;
          partis.push(m);
        },
        { ...REPRISE_TOUR, essais: 1 },
        tempsDEssai(),
      );
      return [partis, issue];
    };
    expect(await jouer()).toEqual([['a', 'b', 'c'], 'envoyee']);
    expect(await jouer(undefined, erreur(413))).toEqual([['a', 'c'], 'refusee']);
    expect(await jouer(undefined, erreur(403))).toEqual([['a'], 'bloquee']);
    expect(await jouer(undefined, erreur(429))).toEqual([['a'], 'plus-tard']);
    expect(await jouer(erreur(504))).toEqual([['b', 'c'], 'incertaine']);
  });
});

describe('contre un connecteur', () => {
  let connecteur: Connecteur;
  let banc: Banc;
  const dits: string[] = [];
  beforeAll(async () => {
    connecteur = await Connecteur.ouvrir();
  });
  afterAll(() => connecteur.fermer());
  beforeEach(async () => {
    connecteur.vider();
    dits.length = 0;
    const noter = (code: string, details: object = {}): void =>
      void dits.push(`${code} ${JSON.stringify(details)}`);
    banc = await ouvrirBanc({
      journaliseur: { info: noter, alerte: noter, erreur: (code) => noter(code) },
      hote: {
        jouer: async (entete, passe, message) =>
          message.type === 'texte' && message.texte === 'trois'
            ? { reponses: [{ texte: 'un' }, { texte: 'deux' }, { texte: 'trois' }], evenements: [] }
            : hotePerroquet.jouer(entete, passe, message),
      },
      teams: { reprise: { baseMs: 5, essais: 4, patienceMs: 3_000, apres502: 'renvoyer' } },
    });
  });
  afterEach(() => banc.fermer());
  let numero = 0;
  const ecrire = async (text: string, suite: readonly ReponseConnecteur[] = []): Promise<number> => {
    connecteur.suite = [...suite];
    const reponse = await fetch(`${banc.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(enregistree('message', connecteur.service, { id: `e${(numero += 1)}`, text })),
    });
    return reponse.status;
  };
  const conversation = async (): Promise<string> => {
    for await (const c of banc.journal.lister()) return c.conversation;
    throw new Error('pas de conversation');
  };

  it('429 : attend ce que Teams demande, puis renvoie, et l’ordre reste', async () => {
    expect(await ecrire('trois', [{}, { statut: 429, entetes: { 'Retry-After': '1' } }])).toBe(200);
    expect(connecteur.textes).toEqual(['un', 'deux', 'deux', 'trois']);
    expect((connecteur.recues[2]?.le ?? 0) - (connecteur.recues[1]?.le ?? 0)).toBeGreaterThanOrEqual(990);
    expect(dits).toEqual([]);
  });

  it('502 deux fois : renvoyé deux fois, pas davantage', async () => {
    await ecrire('trois', [{ statut: 502 }, { statut: 502 }]);
    expect(connecteur.textes).toEqual(['un', 'un', 'un', 'deux', 'trois']);
  });

  it.each<[string, ReponseConnecteur]>([
    ['504', { statut: 504 }],
    ['500', { statut: 500 }],
    ['coupure après l’envoi', { coupe: true }],
  ])('%s : peut-être montré, jamais envoyé deux fois', async (_nom, reponse) => {
    await ecrire('trois', [{}, reponse]);
    expect(connecteur.textes).toEqual(['un', 'deux', 'trois']);
    expect(dits[0]).toContain('"issue":"incertaine"');
  });

  it('403 : la suite n’est pas tentée, plus rien ne part avant que la personne revienne', async () => {
    await ecrire('trois', [{ statut: 403 }]);
    expect(connecteur.textes).toEqual(['un']);
    const id = await conversation();
    expect(await banc.canaux.envoyer(id, [{ texte: 'rappel' }])).toBe(false);
    expect(connecteur.textes).toEqual(['un']);
    await ecrire('me revoilà');
    expect(await banc.canaux.envoyer(id, [{ texte: 'rappel' }])).toBe(true);
    expect(connecteur.textes.at(-1)).toBe('rappel');
  });

  it('un message du bot refusé (404) en dehors d’un tour ferme aussi la conversation', async () => {
    await ecrire('bonjour');
    const id = await conversation();
    connecteur.suite = [{ statut: 404 }];
    expect(await banc.canaux.envoyer(id, [{ texte: 'rappel' }])).toBe(false);
    const avant = connecteur.recues.length;
    expect(await banc.canaux.envoyer(id, [{ texte: 'rappel' }])).toBe(false);
    expect(connecteur.recues.length).toBe(avant);
  });

  it('une conseillère parle : son nom est dit', async () => {
    await ecrire('bonjour');
    const parole = {
      conseiller: { id: 'c1', nom: 'Léa', service: 'Apec' },
      texte: 'bonjour **à vous**',
      registre: 'standard',
      cle: 'une-cle-de-console',
      peut: () => true,
    } as const;
    expect(await banc.canaux.dire(await conversation(), parole)).toBe('dite');
    expect(connecteur.textes.at(-1)).toBe(
      '**Léa, Apec** (une personne vous écrit) :\n\n> bonjour \\*\\*à vous\\*\\*',
    );
    expect(await banc.canaux.dire(await conversation(), parole)).toBe('doublon');
    expect(connecteur.textes.filter((t) => t?.includes('Léa'))).toHaveLength(1);
    connecteur.suite = [{ statut: 403 }];
    expect(await banc.canaux.dire(await conversation(), { ...parole, cle: 'une-autre-cle-de-console' })).toBe(
      'non-remise',
    );
  });

  it('l’adresse la plus récente est gardée', async () => {
    await ecrire('bonjour');
    const autre = await Connecteur.ouvrir();
    await fetch(`${banc.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(enregistree('mise-a-jour', autre.service)),
    });
    await fetch(`${banc.base}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(enregistree('message', autre.service, { id: 'ailleurs', text: 'je suis là' })),
    });
    await jusqua(() => autre.recues.length === 1);
    await banc.canaux.envoyer(await conversation(), [{ texte: 'rappel' }]);
    expect(autre.textes.at(-1)).toBe('rappel');
    autre.fermer();
  });
});
