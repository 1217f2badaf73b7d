import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  documentHtml,
  documentJson,
  documentPdf,
  schemaDocumentJson,
  SCHEMAS_PUBLIES,
  nouveauJeton,
  verifierLien,
} from '../../../bot/document/index.ts';
import { aiguiller } from '../../../knowledge/aiguillage/index.ts';
import {
  construireDocument,
  entreeDe,
  lireEvenement,
  lireDocument,
  rejouer,
  schemaDocumentNiveau1,
  type DocumentNiveau1,
  type Evenement,
} from '../../../knowledge/dossier/index.ts';
import { informer } from '../../../knowledge/information/index.ts';
import { texteDuPdf } from '../../support/pdf.ts';

const AVERTISSEMENT =
  'Ne démissionnez pas sur cette base : demandez d’abord un CEP à l’opérateur, puis attendez l’attestation de Transitions Pro.';
const LE = '2026-11-21';

const ENVOI = {
  destinataire: 'operateur-regional',
  conservation: { moisApresCloture: 12, joursSansSuivi: 90 },
  contact: { telephone: '06 00 00 00 00' },
} as const;

const document = (...plus: Evenement[]): DocumentNiveau1 => documentDe(undefined, ...plus);

function documentDe(envoi: typeof ENVOI | undefined, ...plus: Evenement[]): DocumentNiveau1 {
  const dossier = rejouer([
    { type: 'demande', demande: 'demissionner', secondaires: [] },
    { type: 'paroles', texte: '<script>alert(1)</script> j’en ai 🙂 assez & plus' },
    { type: 'reponse', champ: 'activite', valeur: 'salarie-prive', source: 'bouton' },
    { type: 'reponse', champ: 'contrat', valeur: 'cdi', source: 'bouton' },
    { type: 'reponse', champ: 'projetDemission', valeur: 'oui', source: 'bouton' },
    { type: 'reponse', champ: 'cadre', valeur: 'non', source: 'bouton' },
    { type: 'reponse', champ: 'accompagnement', valeur: 'aucun', source: 'bouton' },
    { type: 'lieu', commune: '49007' },
    ...plus,
  ]);
  const resultat = aiguiller(entreeDe(dossier, LE));
  if (!resultat.ok) throw new Error(resultat.refus.message);
  return construireDocument(
    dossier,
    { aiguillage: resultat.valeur, le: LE, reference: 'CEP-TEST-0001' },
    envoi,
  );
}

describe('le document en page, en PDF et en données', () => {
  it('porte l’avertissement de démission mot pour mot, en HTML et en PDF', async () => {
    const doc = document();
    expect(documentHtml(doc)).toContain(AVERTISSEMENT);
    expect(texteDuPdf(await documentPdf(doc))).toContain(AVERTISSEMENT);
  });

  it('dit les cinq contenus de l’arrêté, la date, la référence et les sources', async () => {
    const doc = document(
      { type: 'decision', decision: 'poursuivre' },
      { type: 'information', pieces: [{ id: 'x', genre: 'marche-du-travail' }] },
    );
    const lu = texteDuPdf(await documentPdf(doc));
    for (const attendu of [
      'Démissionner pour réaliser un projet',
      'le marché du travail sur le territoire',
      'La personne souhaite poursuivre',
      'Avenir Actifs Pays de la Loire',
      'CEP-TEST-0001',
      '21 novembre 2026',
      'Règle',
    ]) {
      expect(lu.replaceAll(/[\u00A0\u202F]/g, ' ')).toContain(attendu);
    }
  });

  it('est un PDF structuré, en français, d’une page', async () => {
    const brut = (await documentPdf(document())).toString('latin1');
    expect(brut).toContain('/StructTreeRoot');
    expect(brut).toMatch(/\/Marked true/);
    expect(brut).toContain('(fr-FR)');
    for (const balise of ['/H1', '/H2']) expect(brut).toContain(balise);
    expect([...brut.matchAll(/\/Type \/Page\b(?!s)/g)]).toHaveLength(1);
  });

  it('tient sur une page pour une situation fournie, les portes de même nom réunies', async () => {
    const reponse = (champ: string, valeur: string | number): Evenement[] => [
      lireEvenement({ type: 'reponse', champ, valeur, source: 'bouton' }) ?? {
        type: 'question',
        question: null,
      },
    ];
    const doc = document(
      { type: 'demande', demande: 'demissionner', secondaires: ['se-former', 'creer-son-activite'] },
      { type: 'metiers', metiers: [{ role: 'vise', libelle: 'aide-soignante', rome: 'J1501' }] },
      ...reponse('age', 41),
      ...reponse('diplome', 'bac'),
      ...reponse('maturite', 'projet'),
      ...reponse('mobilite', 'departement'),
      ...reponse('modeSouhaite', 'visio'),
      { type: 'reponse', champ: 'refusePar', valeur: ['france-travail'], source: 'texte' },
      { type: 'decision', decision: 'poursuivre' },
      { type: 'information', pieces: [{ id: 'x', genre: 'marche-du-travail' }] },
    );
    const octets = await documentPdf(doc);
    expect([...octets.toString('latin1').matchAll(/\/Type \/Page\b(?!s)/g)]).toHaveLength(1);
    const lu = texteDuPdf(octets).replaceAll(/\s+/g, ' ');
    expect(lu.match(/Autre porte utile/g)).toHaveLength(1);
    expect(lu).toContain('Se former ; Créer ou reprendre une activité');
    expect(lu).toContain('aucun service en ce moment');
  });

  it('n’exécute rien de ce que la personne a écrit, et remplace visiblement ce que la police ne sait pas', async () => {
    const doc = document({ type: 'document', lignes: { 'paroles-1': true } });
    const html = documentHtml(doc);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(1)');
    const lu = texteDuPdf(await documentPdf(doc));
    expect(lu).toContain('assez & plus');
    expect(lu).not.toContain('🙂');
  });

  it('se relit comme des données au schéma publié', () => {
    expect(schemaDocumentNiveau1.parse(JSON.parse(documentJson(document())))).toEqual(document());
  });
});

describe('combien de temps le document est gardé', () => {
  const lireTout = async (doc: DocumentNiveau1): Promise<readonly string[]> =>
    [documentHtml(doc), texteDuPdf(await documentPdf(doc))].map((l) =>
      l.replaceAll(/[\s\u00A0\u202F]+/g, ' '),
    );

  it('non envoyé : une date', async () => {
    for (const lu of await lireTout(document())) {
      expect(lu).toContain('Conservé jusqu’au');
      expect(lu).toContain('21 décembre 2026');
    }
  });

  it('envoyé : la règle du service, et plus la date', async () => {
    for (const lu of await lireTout(documentDe(ENVOI))) {
      expect(lu).not.toContain('21 décembre 2026');
      expect(lu).toContain('12 mois après la fin de la demande');
      expect(lu).toContain('90 jours');
    }
    expect(documentJson(documentDe(ENVOI))).not.toContain('expireLe');
  });
});

describe('le schéma publié', () => {
  const ajv = (publie: (typeof SCHEMAS_PUBLIES)[number]) => {
    const lecteur = new Ajv2020({ strict: false, allErrors: true });
    return lecteur.compile(schemaDocumentJson('https://exemple.fr', publie));
  };
  const [v1, v2, v3] = SCHEMAS_PUBLIES.map(ajv);

  it('accepte les documents écrits aujourd’hui, par un lecteur qui n’est pas le nôtre', () => {
    const situations: Evenement[][] = [
      [],
      [{ type: 'registre', registre: 'falc' }],
      [{ type: 'demande', demande: 'sante-handicap', secondaires: ['se-former'] }],
      [{ type: 'reponse', champ: 'activite', valeur: 'sans-emploi', source: 'bouton' }],
      [{ type: 'reponse', champ: 'activite', valeur: 'agent-public', source: 'bouton' }],
      [{ type: 'reponse', champ: 'activite', valeur: 'ne-sait-pas', source: 'bouton' }],
      [{ type: 'reponse', champ: 'cadre', valeur: 'oui', source: 'bouton' }],
      [
        { type: 'reponse', champ: 'handicap', valeur: 'oui', source: 'bouton' },
        { type: 'document', lignes: { handicap: true } },
      ],
    ];
    for (const plus of situations)
      for (const envoi of [undefined, ENVOI]) {
        const lu: unknown = JSON.parse(documentJson(documentDe(envoi, ...plus)));
        expect(v3?.(lu), JSON.stringify(v3?.errors)).toBe(true);
        expect(v2?.(lu)).toBe(false);
      }
  });

  it('accepte chacun sa version, les documents d’hier compris', () => {
    const { conservation: _, version: _v, ...reste } = document();
    const deux = { ...reste, version: 2 };
    const { edition: _e, reperes: _r, ...commeAvant } = reste;
    const un = { ...commeAvant, version: 1 };
    expect([v1?.(un), v2?.(deux), v1?.(deux), v2?.(un), v3?.(deux)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(v2?.(lireDocument(un))).toBe(true);
    expect(v2?.({ ...deux, expireLe: undefined })).toBe(false);
  });
});

describe('les chiffres montrés à la personne', () => {
  const metier = { role: 'vise', libelle: 'aide-soignante', rome: 'J1501' } as const;
  // The piece with a chart that this person is really shown at Angers.
  const montree = informer(
    { le: LE, profil: {}, commune: '49007', departement: '49', region: '52', metiers: [metier] },
    'standard',
  ).pieces.find((p) => p.graphique !== undefined);
  const vu: Evenement[] = [
    { type: 'metiers', metiers: [metier] },
    { type: 'information', pieces: [{ id: montree?.id ?? '', genre: 'marche-du-travail' }] },
  ];

  it('y sont en image, avec producteur, année et valeurs ; une seule image', async () => {
    const doc = document(...vu);
    expect(doc.reperes).toHaveLength(1);
    const [repere] = doc.reperes;
    expect(repere?.titre).toContain('2024');
    expect(repere?.source).toContain('France Travail');
    expect(repere?.barres.length).toBeGreaterThan(1);
    const html = documentHtml(doc);
    expect(html).toContain('<figure class="graphique">');
    expect(html).not.toContain('style="');
    const court = { ...doc, sections: doc.sections.slice(0, 3) };
    const octets = await documentPdf(court);
    expect(octets.toString('latin1')).toContain('/Figure');
    expect(octets.toString('latin1')).toContain('/Alt');
    expect([...octets.toString('latin1').matchAll(/\/Type \/Page\b(?!s)/g)]).toHaveLength(1);
    const lu = texteDuPdf(octets).replaceAll(/[\u00A0\u202F]/g, ' ');
    for (const { libelle, valeur } of repere?.barres ?? []) {
      expect(lu).toContain(libelle.replaceAll(/[\u00A0\u202F]/g, ' '));
      expect(lu).toContain(String(valeur));
    }
  });

  it('ne coûtent jamais une seconde feuille au PDF', async () => {
    const brut = (await documentPdf(document(...vu))).toString('latin1');
    expect([...brut.matchAll(/\/Type \/Page\b(?!s)/g)]).toHaveLength(1);
  });

  it.each(['lieu', 'metier-vise', 'informations'])('s’en vont avec la ligne « %s »', (ligne) => {
    expect(document(...vu, { type: 'document', lignes: { [ligne]: false } }).reperes).toEqual([]);
  });

  it('ne sont pas là quand rien n’a été montré', () => {
    expect(document({ type: 'metiers', metiers: [metier] }).reperes).toEqual([]);
  });
});

describe('le lien de la personne', () => {
  const cles = [{ id: 'a', octets: Buffer.alloc(32, 1) }] as const;
  const jeton = nouveauJeton(cles, 'document', { reference: 'CEP-TEST-0001', conversation: 'c' }, 1_000);

  it('ouvre son document, jusqu’à son échéance', () => {
    expect(verifierLien(cles, 'document', jeton, 999)).toMatchObject({
      ok: true,
      valeur: { reference: 'CEP-TEST-0001' },
    });
    expect(verifierLien(cles, 'document', jeton, 1_000)).toMatchObject({
      ok: false,
      refus: { code: 'lien-perime' },
    });
  });

  it.each([
    ['changé', `x${jeton}`],
    ['coupé', jeton.slice(0, -3)],
    ['vide', ''],
    ['immense', 'a'.repeat(5_000)],
  ])('refuse un jeton %s', (_, faux) => {
    expect(verifierLien(cles, 'document', faux, 1)).toMatchObject({
      ok: false,
      refus: { code: 'lien-invalide' },
    });
  });

  it('ne vaut ni pour un autre usage, ni sous une autre clé', () => {
    expect(verifierLien([{ id: 'a', octets: Buffer.alloc(32, 2) }], 'document', jeton, 1).ok).toBe(false);
  });
});
