import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lireConfig } from '../../../bot/config.ts';
import { creerHote } from '../../../bot/conversation/hote.ts';
import { creerSourcesVives, type ConfigVives, type SourcesVives } from '../../../bot/sources/vives/index.ts';
import { Memoire } from '../../../bot/sources/vives/memoire.ts';
import { informer } from '../../../knowledge/information/index.ts';
import { lancerServeur, nettoyer } from '../../support/serveur.ts';

const MUET = { info: () => undefined, alerte: () => undefined, erreur: () => undefined };
const LE = Date.parse('2026-11-21T09:00:00Z');

type Recue = {
  readonly methode: string;
  readonly url: string;
  readonly corps: string;
  readonly autorisation: string;
};
let serveur: Server;
let base = '';
let recues: Recue[] = [];
let repondre: (req: Recue, res: ServerResponse) => void = () => undefined;
let maintenant = LE;

beforeEach(async () => {
  recues = [];
  maintenant = LE;
  serveur = createServer((req: IncomingMessage, res) => {
    let corps = '';
    req.on('data', (m: Buffer) => (corps += m.toString()));
    req.on('end', () => {
      const recue = {
        methode: req.method ?? '',
        url: decodeURIComponent((req.url ?? '').replaceAll('+', ' ')),
        corps,
        autorisation: req.headers.authorization ?? '',
      };
      recues.push(recue);
      repondre(recue, res);
    });
  });
  await new Promise<void>((r) => serveur.listen(0, '127.0.0.1', r));
  const adresse = serveur.address();
  base = `http://127.0.0.1:${typeof adresse === 'object' ? (adresse?.port ?? 0) : 0}`;
});
afterEach(() => {
  serveur.closeAllConnections();
  serveur.close();
});

const json = (
  res: ServerResponse,
  statut: number,
  corps: unknown,
  entetes: Record<string, string> = {},
): void => {
  res.writeHead(statut, { 'content-type': 'application/json', ...entetes });
  res.end(JSON.stringify(corps));
};

/** Not `writeHead(…).end()`: restify replaces `writeHead` for the whole process by one that returns nothing. */
const vide = (res: ServerResponse, statut: number, entetes: Record<string, string> = {}): void => {
  res.writeHead(statut, entetes);
  res.end();
};
const sources = (plus: Partial<ConfigVives>): SourcesVives => {
  const vives = creerSourcesVives(
    { annuaire: undefined, franceTravail: undefined, delaiMs: 5_000, ...plus },
    () => maintenant,
    MUET,
  );
  if (vives === undefined) throw new Error('aucune source');
  return vives;
};
const franceTravail = (plus: Partial<ConfigVives> = {}): SourcesVives =>
  sources({
    ...plus,
    franceTravail: {
      identifiant: 'essai',
      secret: 'tres-secret',
      jetonUrl: `${base}/jeton?realm=%2Fpartenaire`,
      apiUrl: base,
    },
  });
const enLigne = (): SourcesVives =>
  sources({ annuaire: { annuaireUrl: `${base}/datasets`, geoUrl: `${base}/geo` } });

const JETON = { scope: 'x', expires_in: 1499, token_type: 'Bearer', access_token: 'jeton-1' };
const TENSION = {
  codeFamille: 'PERSP',
  listeValeursParPeriode: [
    { codeNomenclature: 'MANQUE', valeurPrincipaleNombre: 2, libPeriode: '2025' },
    {
      codeNomenclature: 'PERSPECTIVE',
      codePeriode: '2025',
      libPeriode: 'Année 2025',
      libTerritoire: 'Nord',
      valeurPrincipaleNombre: 4,
      valeurPrincipaleNom: 'Difficile',
    },
  ],
};
const NORD = { commune: '59350' };
const ROMES = ['J1501'];

/** Everything answers as documented; a test overrides one of them. */
const documente =
  (autres: Partial<Record<'jeton' | 'tension' | 'offres', (res: ServerResponse, req: Recue) => void>> = {}) =>
  (req: Recue, res: ServerResponse): void => {
    const { jeton, tension, offres } = autres;
    if (req.url.startsWith('/jeton')) return jeton === undefined ? json(res, 200, JETON) : jeton(res, req);
    if (req.url.includes('stat-perspective-employeur'))
      return tension === undefined ? json(res, 200, TENSION) : tension(res, req);
    if (!req.url.includes('/offres/search')) return json(res, 404, {});
    return offres === undefined
      ? json(res, 206, { resultats: [{}] }, { 'content-range': 'offres 0-0/353' })
      : offres(res, req);
  };

describe('France Travail, en direct', () => {
  it('donne la tension et le nombre d’offres, avec le jour où ils ont été lus', async () => {
    repondre = documente();
    const vives = franceTravail();
    expect(vives.lire(NORD, ROMES)).toEqual({ tensions: [], offres: [], guichets: [] });
    await vives.preparer(NORD, ROMES);
    expect(vives.lire(NORD, ROMES)).toEqual({
      tensions: [
        { rome: 'J1501', niveau: 4, territoire: 'Nord', periode: 'Année 2025', releveLe: '2026-11-21' },
      ],
      offres: [{ rome: 'J1501', departement: '59', nombre: 353, releveLe: '2026-11-21' }],
      guichets: [],
    });
    const jetons = recues.filter((r) => r.url.startsWith('/jeton'));
    expect(jetons).toHaveLength(1);
    expect(decodeURIComponent(jetons[0]?.corps.replaceAll('+', ' ') ?? '')).toContain(
      'scope=api_stats-offres-demandes-emploiv1 offresetdemandesemploi api_offresdemploiv2 o2dsoffre',
    );
    const tension = recues.find((r) => r.url.includes('perspective'));
    expect(tension?.autorisation).toBe('Bearer jeton-1');
    expect(JSON.parse(tension?.corps ?? '{}')).toMatchObject({
      codeTypeTerritoire: 'DEP',
      codeTerritoire: '59',
      codeActivite: 'J1501',
      codeTypeNomenclature: 'TYPE_TENSION',
    });
    expect(recues.find((r) => r.url.includes('offres'))?.url).toContain(
      'codeROME=J1501&departement=59&range=0-0',
    );
  });

  it.each([
    ['204', (res: ServerResponse) => vide(res, 204)],
    ['206', (res: ServerResponse) => json(res, 206, {})],
    [
      '500 « pu trouver la liste »',
      (res: ServerResponse) => json(res, 500, { message: 'Le serveur n’a pas pu trouver la liste' }),
    ],
  ])('un %s veut dire « pas de chiffre » : ni panne, ni nouvel appel', async (_, tension) => {
    repondre = documente({ tension });
    const vives = franceTravail();
    await vives.preparer(NORD, ROMES);
    await vives.preparer(NORD, ROMES);
    expect(vives.lire(NORD, ROMES)).toMatchObject({ tensions: [], offres: [{ nombre: 353 }] });
    expect(recues.filter((r) => r.url.includes('perspective'))).toHaveLength(1);
  });

  it('un 429 en texte laisse la source tranquille le temps demandé, puis reprend', async () => {
    let appels = 0;
    repondre = documente({
      tension: (res) => {
        appels += 1;
        if (appels > 1) return json(res, 200, TENSION);
        res.writeHead(429, { 'content-type': 'text/plain', 'retry-after': '120' });
        return void res.end('Too many requests');
      },
    });
    const vives = franceTravail();
    await vives.preparer(NORD, ROMES);
    maintenant += 119_000;
    await vives.preparer(NORD, ROMES);
    expect(appels).toBe(1);
    maintenant += 2_000;
    await vives.preparer(NORD, ROMES);
    expect(vives.lire(NORD, ROMES).tensions).toHaveLength(1);
  });

  it('en panne, donne la dernière bonne réponse avec sa date, puis l’oublie', async () => {
    repondre = documente();
    const vives = franceTravail();
    await vives.preparer(NORD, ROMES);
    repondre = documente({ tension: (res) => json(res, 503, {}), offres: (res) => json(res, 503, {}) });
    maintenant += 8 * 86_400_000;
    await vives.preparer(NORD, ROMES);
    // The tension, a yearly figure, is still shown with its day; the count of offers of last week is not.
    expect(vives.lire(NORD, ROMES)).toMatchObject({ tensions: [{ releveLe: '2026-11-21' }], offres: [] });
    maintenant += 90 * 86_400_000;
    expect(vives.lire(NORD, ROMES).tensions).toEqual([]);
  });

  it('un jeton refusé est redemandé une fois ; un secret faux n’insiste pas', async () => {
    let premier = true;
    repondre = documente({
      tension: (res) => {
        if (!premier) return json(res, 200, TENSION);
        premier = false;
        return json(res, 401, {});
      },
    });
    const vives = franceTravail();
    await vives.preparer(NORD, ROMES);
    expect(vives.lire(NORD, ROMES).tensions).toHaveLength(1);
    recues = [];
    repondre = (_req, res) => json(res, 401, { error: 'invalid_client' });
    const autre = franceTravail();
    await autre.preparer(NORD, ROMES);
    await autre.preparer(NORD, ROMES);
    expect(autre.lire(NORD, ROMES).tensions).toEqual([]);
    expect(recues.length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['ne répond pas', (): void => undefined],
    ['répond une page', (res: ServerResponse): void => void res.end('<html>')],
    ['répond autre chose', (res: ServerResponse): void => json(res, 200, { listeValeursParPeriode: 'x' })],
    ['inonde', (res: ServerResponse): void => void res.end('x'.repeat(3_000_000))],
    ['renvoie ailleurs', (res: ServerResponse): void => vide(res, 302, { location: 'http://127.0.0.1:1/' })],
  ])('une source qui %s ne dit rien et ne bloque personne', async (_, tension) => {
    repondre = documente({ tension });
    const vives = franceTravail({ delaiMs: 300 });
    await vives.preparer(NORD, ROMES);
    expect(vives.lire(NORD, ROMES).tensions).toEqual([]);
  });

  it('entre dans l’information avec sa date, en deux registres', async () => {
    repondre = documente();
    const vives = franceTravail();
    await vives.preparer(NORD, ROMES);
    const pieces = (registre: 'standard' | 'falc') =>
      informer(
        {
          le: '2026-11-21',
          profil: {},
          demande: 'changer-de-metier',
          commune: '59350',
          metiers: [{ libelle: 'aide-soignante', rome: 'J1501', role: 'vise' }],
          vives: vives.lire(NORD, ROMES),
        },
        registre,
      ).pieces;
    expect(pieces('standard')[1]).toMatchObject({
      id: 'vif-J1501',
      titre: 'D’après France Travail : aide-soignante',
    });
    expect(pieces('standard')[1]?.texte).toContain('(Niveau 4 sur 5, Nord, Année 2025.)');
    expect(pieces('standard')[1]?.texte).toContain(
      'Le 21 novembre 2026, France Travail affichait 353 offres pour ce métier dans le département Nord.',
    );
    expect(pieces('falc')[1]?.texte).toContain('ont du mal à trouver des candidats');
  });
});

describe('l’annuaire et la géographie, en direct et sans clé', () => {
  const fiche = {
    id: 'b7c5ef55-664f-4e16-90c3-87518a823b81',
    nom: 'Mission locale de Lille',
    pivot: '[{"type_service_local":"mission_locale"}]',
    adresse:
      '[{"type_adresse":"Adresse","numero_voie":"1 rue des Arts","code_postal":"59000","nom_commune":"Lille","longitude":"3.06","latitude":"50.63","accessibilite":"ACC"}]',
    telephone: '[{"valeur":"0320000000"}]',
    plage_ouverture: '',
  };
  const annuaire =
    (
      geo: (res: ServerResponse) => void = (res) =>
        json(res, 200, { code: '59350', centre: { type: 'Point', coordinates: [3.05, 50.63] } }),
    ) =>
    (req: Recue, res: ServerResponse): void => {
      if (req.url.startsWith('/geo/communes/59350')) return geo(res);
      if (req.url.includes('competence-geographique'))
        return json(res, 200, {
          total_count: 1,
          results: [{ id_service_local: `["${fiche.id}"]` }, { id_service_local: null }],
        });
      return json(res, 200, { total_count: 1, results: [fiche] });
    };

  it('donne le guichet qui dessert la commune, son accès et sa distance', async () => {
    repondre = annuaire();
    const vives = enLigne();
    await vives.preparer(NORD, []);
    expect(vives.lire(NORD, []).guichets).toMatchObject([
      {
        dessert: true,
        guichet: {
          nom: 'Mission locale de Lille',
          commune: '59350',
          acces: 'ACC',
          telephone: '03 20 00 00 00',
        },
      },
    ]);
    expect(vives.lire(NORD, []).guichets[0]?.km).toBeCloseTo(0.7, 1);
    expect(recues[0]?.url).toContain(
      'code_insee_commune="59350" AND (code_type_service_local="france_travail" OR',
    );
    const { pieces } = informer(
      {
        le: '2026-11-21',
        profil: { age: 20 },
        demande: 'trouver-un-conseiller',
        commune: '59350',
        metiers: [],
        vives: vives.lire(NORD, []),
      },
      'standard',
    );
    expect(pieces[0]?.texte).toContain('**Mission locale de Lille** : 1 rue des Arts, 59000 Lille');
    expect(pieces[0]?.texte).toContain('Accessible aux personnes à mobilité réduite.');
  });

  it('sans la géographie, donne le guichet sans distance', async () => {
    repondre = annuaire((res) => json(res, 500, {}));
    const vives = enLigne();
    await vives.preparer(NORD, []);
    expect(vives.lire(NORD, []).guichets[0]).not.toHaveProperty('km');
  });

  it('n’envoie que des codes qui ont la forme d’un code', async () => {
    repondre = annuaire();
    const vives = enLigne();
    await vives.preparer({ commune: '59350" OR 1=1' }, []);
    expect(recues).toEqual([]);
  });
});

describe('la mémoire des sources', () => {
  it('ne demande qu’une fois à la fois et oublie les plus anciennes', async () => {
    let appels = 0;
    const memoire = new Memoire<string>({
      nom: 'essai',
      horloge: () => maintenant,
      journaliseur: MUET,
      fraicheurMs: 1_000,
      oubliMs: 10_000,
      entrees: 2,
      chercher: async (cle) => {
        appels += 1;
        return { ok: true, valeur: cle };
      },
    });
    await Promise.all([memoire.preparer('a'), memoire.preparer('a')]);
    expect(appels).toBe(1);
    await memoire.preparer('b');
    await memoire.preparer('c');
    expect(memoire.lire('a')).toBeUndefined();
    expect(memoire.lire('c')).toEqual({ valeur: 'c', le: LE });
  });
});

describe('éteintes par défaut', () => {
  it('rien n’est appelé sans l’avoir demandé', () => {
    const config = lireConfig({});
    expect(config.vives).toMatchObject({ annuaire: undefined, franceTravail: undefined, delaiMs: 2_500 });
    expect(creerSourcesVives(config.vives, () => LE, MUET)).toBeUndefined();
    expect(() => lireConfig({ FRANCE_TRAVAIL_ID: 'x' })).toThrow('FRANCE_TRAVAIL_SECRET');
    expect(lireConfig({ ANNUAIRE_EN_LIGNE: 'on' }).vives.annuaire?.geoUrl).toBe('https://geo.api.gouv.fr');
  });

  it('allumées, la page sur les données dit ce qui est demandé à d’autres, et rien sinon', async () => {
    const page = async (env: Record<string, string>): Promise<string> => {
      const lance = await lancerServeur({ env });
      try {
        return await (await fetch(`${lance.accueil}confidentialite`)).text();
      } finally {
        await lance.tuer();
        nettoyer(lance.dataDir);
      }
    };
    expect(await page({ ANNUAIRE_EN_LIGNE: 'on' })).toContain('geo.api.gouv.fr');
    expect(await page({})).not.toContain('geo.api.gouv.fr');
  });

  it('un tour n’attend jamais une source : elle est préparée à côté, avec des codes seulement', async () => {
    const demandes: unknown[] = [];
    const hote = creerHote({
      horloge: () => LE,
      journaliseur: MUET,
      editeur: 'essai',
      contactDroits: 'a@exemple.fr',
      telephone: '39 49',
      conservationJours: 30,
      conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
      service: () => undefined,
      finEchange: () => Promise.resolve(undefined),
      suivi: () => Promise.resolve(undefined),
      effets: {
        transmettre: async () => true,
        retirer: async () => true,
        retirerLecture: async () => true,
        reorienter: async () => true,
      },
      vives: {
        lire: () => ({ tensions: [], offres: [], guichets: [] }),
        preparer: (lieu, romes) => {
          demandes.push([lieu, romes]);
          return new Promise(() => undefined);
        },
      },
    });
    const tour = await hote.jouer({ id: 'c', canal: 'directline', creeLe: LE, reference: 'R' }, [], {
      type: 'texte',
      texte: 'je suis caissière à Lille, je voudrais devenir aide-soignante',
    });
    expect(tour.reponses.length).toBeGreaterThan(0);
    expect(demandes).toEqual([
      [{ commune: '59350', departement: '59', region: '32' }, expect.arrayContaining(['J1501', 'D1505'])],
    ]);
  });
});
