import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chercherCommunes,
  commune,
  communes,
  communesDuCodePostal,
  dansDepartement,
  dansRegion,
  departementDeCommune,
  departements,
  locatif,
  nomComplet,
  normaliserLieu,
  region,
  regionDeCommune,
  regions,
} from '../../../knowledge/territoire/index.ts';

describe('le code officiel géographique', () => {
  it('tient 34 969 communes, 18 régions et 8 collectivités hors régions', () => {
    expect(communes()).toHaveLength(34_969);
    expect(regions().filter((r) => !r.horsRegions)).toHaveLength(18);
    expect(regions().filter((r) => r.horsRegions)).toHaveLength(8);
  });

  it('donne un département et une région à chaque commune, hors régions pour 94 d’entre elles', () => {
    const sans = communes().filter(
      (c) => departementDeCommune(c.code) === undefined || regionDeCommune(c.code) === undefined,
    );
    expect(sans).toEqual([]);
    expect(communes().filter((c) => regionDeCommune(c.code)?.horsRegions)).toHaveLength(94);
  });

  it.each([
    ['59350', 'Lille', '59', '32'],
    ['2A004', 'Ajaccio', '2A', '94'],
    ['97302', 'Cayenne', '973', '03'],
    ['97411', 'Saint-Denis', '974', '04'],
    ['97608', 'Dzaoudzi', '976', '06'],
    ['98818', 'Nouméa', '988', '988'],
  ])('%s est %s', (code, nom, dep, reg) => {
    expect(commune(code)).toMatchObject({ nom, departement: dep, region: reg });
  });

  it('ramène un arrondissement à sa commune en gardant son libellé', () => {
    expect(commune('75113')).toMatchObject({ code: '75056', libelle: 'Paris 13e' });
    expect(commune('69383')).toMatchObject({ code: '69123', libelle: 'Lyon 3e' });
    expect(commune('13201')).toMatchObject({ code: '13055', libelle: 'Marseille 1er' });
  });

  it('ramène une ancienne commune à celle d’aujourd’hui', () => {
    expect(commune('50173')).toMatchObject({ code: '50129', libelle: 'Équeurdreville-Hainneville' });
  });

  it('ne connaît pas un code inventé', () => expect(commune('99999')).toBeUndefined());

  it('sait qu’un code de région n’est pas un numéro de département', () => {
    expect(region('44')?.nom).toBe('Grand Est');
    expect(departements().find((d) => d.code === '44')?.nom).toBe('Loire-Atlantique');
  });
});

describe('normaliser un nom de lieu', () => {
  it.each([
    ['L’Haÿ-les-Roses', 'l hay les roses'],
    ['St-Denis', 'saint denis'],
    ['Ste Geneviève', 'sainte genevieve'],
    ['Chalon s/ Saône', 'chalon sur saone'],
    ['Saint-Rémy-lez-Chevreuse', 'saint remy les chevreuse'],
    ['Paris 13ème', 'paris 13'],
    ['Œuilly', 'oeuilly'],
    ['LI\u200BLLE', 'lille'],
  ])('%s', (brut, attendu) => expect(normaliserLieu(brut)).toBe(attendu));

  it('ne change plus rien la seconde fois, quel que soit le texte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (t) => {
        const une = normaliserLieu(t);
        expect(normaliserLieu(une)).toBe(une);
      }),
    );
  });
});

describe('chercher une commune', () => {
  it.each([
    ['renes', '35238'],
    ['rennes', '35238'],
    ['35000', '35238'],
    ['l hay les roses', '94038'],
    ['lhay les roses', '94038'],
    ['chalon sur soane', '71076'],
    ['vileurbanne', '69266'],
    ['lile', '59350'],
    ['au mans', '72181'],
    ['mans', '72181'],
    ['aux abymes', '97101'],
    ['la rochele', '17300'],
    ['charleville mezière', '08105'],
    ['charleville', '08105'],
    ['Paris 13e', '75056'],
    ['lyon 3', '69123'],
    ['saint denis 974', '97411'],
    ['St Denis 93', '93066'],
    ['stdenis 93', '93066'],
    ['59000 lille', '59350'],
    ['LILLE CEDEX', '59350'],
    ['equeurdreville', '50129'],
    ['villeneuve dasc', '59009'],
    ['toulouze', '31555'],
    ['noumea', '98818'],
    ['ajacio', '2A004'],
    ['hyere', '83069'],
  ])('« %s » trouve %s en premier', (saisie, code) => {
    expect(chercherCommunes(saisie)[0]?.code).toBe(code);
  });

  it('rend toutes les communes d’un code postal partagé, la plus peuplée d’abord', () => {
    expect(communesDuCodePostal('51300')).toHaveLength(46);
    expect(chercherCommunes('51300', { limite: 100 })).toHaveLength(46);
    expect(chercherCommunes('51300')[0]?.code).toBe('51649');
  });

  it('donne les homonymes, les plus peuplées d’abord', () => {
    const noms = chercherCommunes('sainte colombe', { limite: 20 }).filter((c) => c.nom === 'Sainte-Colombe');
    expect(noms).toHaveLength(12);
  });

  it.each(['', '   ', '😀', 'zzzzzzzzzzz', '00000'])('ne trouve rien dans « %s »', (saisie) =>
    expect(chercherCommunes(saisie)).toEqual([]),
  );

  it('retrouve par son nom chacune des communes de plus de 2 000 habitants', () => {
    const perdues = communes()
      .filter((c) => c.population > 2_000)
      .filter((c) => !chercherCommunes(c.nom, { limite: 20 }).some((t) => t.code === c.code));
    expect(perdues.map((c) => c.nom)).toEqual([]);
  });

  it('ne casse sur aucun texte, et ne rend que des communes qui existent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (t) => {
        for (const c of chercherCommunes(t)) {
          expect(commune(c.code)?.code).toBe(c.code);
          expect(c.score).toBeGreaterThanOrEqual(0);
          expect(c.score).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('écrire un lieu en français', () => {
  it.each([
    ['59350', 'Lille (Nord)', 'à Lille'],
    ['72181', 'Le Mans (Sarthe)', 'au Mans'],
    ['17300', 'La Rochelle (Charente-Maritime)', 'à La Rochelle'],
    ['97101', 'Les Abymes (Guadeloupe)', 'aux Abymes'],
    ['94038', 'L’Haÿ-les-Roses (Val-de-Marne)', 'à L’Haÿ-les-Roses'],
    ['75056', 'Paris', 'à Paris'],
    ['75113', 'Paris 13e', 'à Paris 13e'],
    ['60703', 'Aux Marais (Oise)', 'aux Marais'],
  ])('%s : %s, %s', (code, complet, lieu) => {
    expect(nomComplet(code)).toBe(complet);
    expect(locatif(code)).toBe(lieu);
  });

  it.each([
    ['32', 'dans les Hauts-de-France'],
    ['53', 'en Bretagne'],
    ['04', 'à La Réunion'],
    ['44', 'dans le Grand Est'],
    ['52', 'dans les Pays de la Loire'],
    ['11', 'en Île-de-France'],
    ['93', 'en Provence-Alpes-Côte d’Azur'],
    ['24', 'en Centre-Val de Loire'],
    ['06', 'à Mayotte'],
    ['01', 'en Guadeloupe'],
    ['94', 'en Corse'],
    ['987', 'en Polynésie française'],
  ])('région %s : %s', (code, attendu) => expect(dansRegion(code)).toBe(attendu));

  it.each([
    ['59', 'dans le Nord'],
    ['75', 'à Paris'],
    ['33', 'en Gironde'],
    ['40', 'dans les Landes'],
    ['01', 'dans l’Ain'],
    ['50', 'dans la Manche'],
    ['2A', 'en Corse-du-Sud'],
    ['21', 'en Côte-d’Or'],
    ['49', 'en Maine-et-Loire'],
    ['974', 'à La Réunion'],
    ['971', 'en Guadeloupe'],
    ['94', 'dans le Val-de-Marne'],
  ])('département %s : %s', (code, attendu) => expect(dansDepartement(code)).toBe(attendu));

  it('sait le dire pour toutes les régions et tous les départements', () => {
    for (const r of regions()) expect(dansRegion(r.code)).not.toContain('dans la région');
    for (const d of departements()) expect(dansDepartement(d.code)).not.toContain('département');
  });
});
