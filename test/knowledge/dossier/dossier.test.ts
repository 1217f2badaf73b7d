import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aiguiller, type Aiguillage } from '../../../knowledge/aiguillage/index.ts';
import {
  appliquer,
  avertissementsDe,
  construireDocument,
  dossierVide,
  entreeDe,
  faitsConnus,
  lignesPossibles,
  lireEvenement,
  rejouer,
  schemaDocumentNiveau1,
  type Dossier,
  type Evenement,
} from '../../../knowledge/dossier/index.ts';
import {
  CHAMPS,
  definitionDe,
  DEMANDES,
  NE_SAIT_PAS,
  type Champ,
} from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-21';
const valeurDe = (champ: Champ): fc.Arbitrary<unknown> => {
  const d = definitionDe(champ);
  if (d.forme === 'choix') return fc.constantFrom(...d.valeurs, NE_SAIT_PAS);
  if (d.forme === 'choix-ou-jour') return fc.constantFrom(...d.valeurs, '2027-06-30');
  if (d.forme === 'entier') return fc.integer({ min: d.min, max: d.max });
  if (d.forme === 'liste') return fc.subarray([...d.valeurs]);
  return d.forme === 'jour' ? fc.constant('1990-02-28') : fc.constant({ operateur: 'apec', annee: 2025 });
};
const reponse = fc
  .constantFrom(...CHAMPS)
  .chain((champ) =>
    valeurDe(champ).map((valeur): Evenement => ({ type: 'reponse', champ, valeur, source: 'bouton' })),
  );
const evenement: fc.Arbitrary<Evenement> = fc.oneof(
  { weight: 5, arbitrary: reponse },
  fc.constantFrom(...DEMANDES).map((demande): Evenement => ({ type: 'demande', demande, secondaires: [] })),
  fc.constantFrom(...CHAMPS).map((champ): Evenement => ({ type: 'retrait', champ, raison: 'correction' })),
  fc.constant<Evenement>({ type: 'lieu', commune: '59350' }),
  fc.constant<Evenement>({ type: 'registre', registre: 'falc' }),
  fc.constant<Evenement>({ type: 'paroles', texte: 'j’en ai assez' }),
);

const aiguillageDe = (dossier: Dossier): Aiguillage | undefined => {
  const r = aiguiller(entreeDe(dossier, LE));
  return r.ok ? r.valeur : undefined;
};

describe('le dossier est le repli de ses événements', () => {
  it('se relit à l’identique depuis le stockage', () => {
    fc.assert(
      fc.property(fc.array(evenement, { maxLength: 30 }), (liste) => {
        const relus = liste.map((e) => lireEvenement(JSON.parse(JSON.stringify(e))));
        expect(relus.every((e) => e !== undefined)).toBe(true);
        expect(rejouer(relus.filter((e) => e !== undefined))).toEqual(rejouer(liste));
      }),
    );
  });

  it('corriger une réponse ne perd pas les autres', () => {
    fc.assert(
      fc.property(fc.array(evenement, { maxLength: 20 }), reponse, (liste, correction) => {
        const avant = rejouer(liste);
        const apres = appliquer(avant, correction);
        const champ = correction.type === 'reponse' ? correction.champ : undefined;
        for (const c of CHAMPS) if (c !== champ) expect(apres.profil[c]).toEqual(avant.profil[c]);
        expect([apres.demande, apres.lieu, apres.metiers, apres.paroles]).toEqual([
          avant.demande,
          avant.lieu,
          avant.metiers,
          avant.paroles,
        ]);
      }),
    );
  });

  it('refuse un événement illisible plutôt que de deviner', () => {
    expect(
      lireEvenement({ type: 'reponse', champ: 'cadre', valeur: 'peut-être', source: 'texte' }),
    ).toBeUndefined();
    expect(lireEvenement({ type: 'inconnu' })).toBeUndefined();
    expect(
      lireEvenement({ type: 'reponse', champ: 'cadre', valeur: 'oui', source: 'texte', plus: 1 }),
    ).toBeUndefined();
  });

  it('sait dire chaque valeur de chaque champ, dans les deux registres', () => {
    fc.assert(
      fc.property(reponse, fc.constantFrom('standard' as const, 'falc' as const), (e, registre) => {
        const faits = faitsConnus(rejouer([{ type: 'registre', registre }, e]));
        const vide = e.type === 'reponse' && Array.isArray(e.valeur) && e.valeur.length === 0;
        expect(faits).toHaveLength(vide ? 0 : 1);
      }),
    );
  });
});

describe('le document de niveau 1', () => {
  it('est toujours valide, et ne dit rien de la santé sans un geste exprès', () => {
    fc.assert(
      fc.property(fc.array(evenement, { maxLength: 25 }), (liste) => {
        const dossier = rejouer(liste);
        const aiguillage = aiguillageDe(dossier);
        if (aiguillage === undefined) return;
        const doc = construireDocument(dossier, { aiguillage, le: LE, reference: 'CEP-TEST-0001' });
        expect(schemaDocumentNiveau1.safeParse(doc).success).toBe(true);
        expect(doc.sections.flatMap((s) => s.lignes).filter((l) => l.sensible !== undefined)).toEqual([]);
        expect(doc.operateur).not.toBe('cap-emploi');
        expect(JSON.stringify(doc)).not.toMatch(/cap emploi|cap-emploi/i);
        expect(JSON.stringify(doc.sections)).not.toMatch(
          /handicap|santé|maladie|\besat\b|médecin|inapt|mdph|agefiph|fiphfp|cpam|3114|3919/i,
        );
        expect(doc.demande).not.toBe('sante-handicap');
      }),
    );
  });

  it.each([
    { type: 'reponse', champ: 'refusePar', valeur: ['france-travail', 'cap-emploi'], source: 'texte' },
    {
      type: 'reponse',
      champ: 'demarcheAnterieure',
      valeur: { operateur: 'cap-emploi', annee: 2023 },
      source: 'texte',
    },
    { type: 'reponse', champ: 'accompagnement', valeur: 'cap-emploi', source: 'bouton' },
    { type: 'reponse', champ: 'referent', valeur: 'cap-emploi', source: 'bouton' },
  ] as const)('tait Cap emploi dans %j, sauf si la personne garde la ligne', (reponse) => {
    expect(lireEvenement(reponse)).toBeDefined();
    for (const garde of [false, true]) {
      const dossier = rejouer([
        { type: 'demande', demande: 'changer-de-metier', secondaires: [] },
        { type: 'reponse', champ: 'activite', valeur: 'sans-emploi', source: 'bouton' },
        reponse,
        ...(garde ? [{ type: 'document' as const, lignes: { [reponse.champ]: true } }] : []),
      ]);
      const aiguillage = aiguillageDe(dossier);
      if (aiguillage === undefined) throw new Error('aiguillage impossible');
      const doc = construireDocument(dossier, { aiguillage, le: LE, reference: 'CEP-TEST-0001' });
      expect(/cap emploi/i.test(JSON.stringify(doc))).toBe(garde);
    }
  });

  it.each([
    {
      titre: 'un arrêt maladie, par la CPAM',
      faits: { activite: 'salarie-prive', cadre: 'non', suspension: 'arret-maladie' },
    },
    { titre: 'un ESAT, par son équipe', faits: { activite: 'salarie-prive', cadre: 'non', esat: 'oui' } },
    {
      titre: 'un handicap, par la mission locale à 28 ans',
      faits: {
        activite: 'sans-emploi',
        age: 28,
        handicap: 'oui',
        rechercheEmploi: 'oui',
        accompagnement: 'aucun',
      },
    },
  ])('ne laisse pas deviner $titre', ({ faits }) => {
    const reponses = Object.entries(faits).flatMap(
      ([champ, valeur]) => lireEvenement({ type: 'reponse', champ, valeur, source: 'bouton' }) ?? [],
    );
    expect(reponses).toHaveLength(Object.keys(faits).length);
    const dossier = rejouer([
      { type: 'demande', demande: 'changer-de-metier', secondaires: [] },
      ...reponses,
      { type: 'lieu', commune: '59350' },
    ]);
    const aiguillage = aiguillageDe(dossier);
    if (aiguillage === undefined) throw new Error('aiguillage impossible');
    const dit = JSON.stringify(
      construireDocument(dossier, { aiguillage, le: LE, reference: 'CEP-TEST-0001' }),
    );
    expect(dit).not.toMatch(/handicap|santé|maladie|\besat\b|médecin|mdph|agefiph|cpam|mission locale/i);
  });

  it('ne donne pas pour vraie la raison d’une simple possibilité', () => {
    const dossier = rejouer([
      { type: 'demande', demande: 'changer-de-metier', secondaires: [] },
      { type: 'reponse', champ: 'activite', valeur: 'ne-sait-pas', source: 'bouton' },
      { type: 'reponse', champ: 'age', valeur: 17, source: 'texte' },
      { type: 'reponse', champ: 'accompagnement', valeur: 'aucun', source: 'bouton' },
      { type: 'choix', operateur: 'operateur-regional' },
    ]);
    const aiguillage = aiguillageDe(dossier);
    expect(aiguillage?.type).toBe('indecis');
    if (aiguillage === undefined) return;
    const doc = construireDocument(dossier, { aiguillage, le: LE, reference: 'CEP-TEST-0001' });
    const orientation = doc.sections.find((s) => s.id === 'orientation')?.lignes ?? [];
    expect(orientation.find((l) => l.id === 'motif')?.texte).toBe(
      'La personne a choisi cet opérateur parmi plusieurs possibles : une réponse manquait pour trancher.',
    );
    expect(orientation.find((l) => l.id === 'indecise')?.texte).toContain('Statut à préciser');
    expect(JSON.stringify(doc)).not.toContain('à votre compte');
    expect(doc.sources.length).toBeGreaterThan(0);
    expect(doc.sections.flatMap((s) => s.lignes).find((l) => l.id === 'activite')).toMatchObject({
      libelle: 'Situation',
      texte: 'ne sait pas',
    });
  });

  it('montre la santé quand la personne coche la ligne, et retire ce qu’elle décoche', () => {
    const dossier = rejouer([
      { type: 'demande', demande: 'changer-de-metier', secondaires: [] },
      { type: 'paroles', texte: 'je veux changer' },
      { type: 'reponse', champ: 'activite', valeur: 'salarie-prive', source: 'bouton' },
      { type: 'reponse', champ: 'handicap', valeur: 'oui', source: 'bouton' },
      { type: 'document', lignes: { handicap: true, activite: false, 'paroles-1': true } },
    ]);
    const aiguillage = aiguillageDe(dossier);
    expect(aiguillage).toBeDefined();
    if (aiguillage === undefined) return;
    const ids = construireDocument(dossier, {
      aiguillage,
      le: LE,
      reference: 'CEP-TEST-0001',
    }).sections.flatMap((s) => s.lignes.map((l) => l.id));
    expect(ids).toContain('handicap');
    expect(ids).toContain('paroles-1');
    expect(ids).not.toContain('activite');
    expect(lignesPossibles(dossier, { aiguillage }).find((l) => l.id === 'demande')?.retirable).toBe(false);
  });

  it('porte l’avertissement mot pour mot dès qu’une démission est en jeu', () => {
    const dossier = rejouer([
      { type: 'demande', demande: 'demissionner', secondaires: [] },
      { type: 'reponse', champ: 'activite', valeur: 'salarie-prive', source: 'bouton' },
      { type: 'reponse', champ: 'contrat', valeur: 'cdi', source: 'bouton' },
      { type: 'reponse', champ: 'projetDemission', valeur: 'oui', source: 'bouton' },
    ]);
    const aiguillage = aiguillageDe(dossier);
    expect(aiguillage === undefined ? [] : avertissementsDe(aiguillage, 'standard')).toContain(
      'Ne démissionnez pas sur cette base : demandez d’abord un CEP à l’opérateur, puis attendez l’attestation de Transitions Pro.',
    );
  });

  it('commence vide', () => {
    expect(faitsConnus(dossierVide())).toEqual([]);
  });
});
