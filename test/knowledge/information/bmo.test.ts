import { afterEach, describe, expect, it } from 'vitest';
import { analyserBmo } from '../../../knowledge/information/bmo-analyse.ts';
import { emballerBmo, schemaPaquetBmo, type PaquetBmo } from '../../../knowledge/information/bmo-paquet.ts';
import {
  chiffreBmo,
  libelleFamille,
  reprendrePaquetLivre,
  utiliserPaquetBmo,
  zonesDe,
  type LieuChiffres,
  type Niveau,
} from '../../../knowledge/information/bmo.ts';

const chiffre = (famille: string, lieu: LieuChiffres, niveau: Niveau) => {
  const zone = zonesDe(lieu).find((z) => z.niveau === niveau);
  if (zone === undefined) throw new Error(`pas de zone ${niveau}`);
  const c = chiffreBmo(famille, zone);
  return c && [c.projets, c.secrets, c.partDifficile, c.partSaisonniere];
};

// Typed by hand from the producer's national file (France Travail, BMO 2024): projects, secret cells, % difficult, % seasonal.
describe('les chiffres BMO 2024 livrés', () => {
  it.each([
    ['aides-soignants, bassin de Lille', 'V0X60', { commune: '59350' }, 'bassin', [591, 0, 49, 17]],
    // 591 + 240 + 186 + 63 + 111 + 157 + 92 + 117; 851 difficiles; 333 saisonniers.
    ['aides-soignants, Nord', 'V0X60', { commune: '59350' }, 'departement', [1557, 0, 55, 21]],
    // 1 979 difficiles sur les 3 447 des lignes où les deux nombres sont visibles.
    ['aides-soignants, Hauts-de-France', 'V0X60', { region: '32' }, 'region', [3501, 0, 57, 22]],
    ['aides-soignants, France', 'V0X60', {}, 'france', [58356, 4, 70, 19]],
    [
      'plombiers, bassin de Rennes (saison secrète)',
      'B2X33',
      { commune: '35238' },
      'bassin',
      [270, 0, 87, null],
    ],
    ['serveurs, bassin de Bordeaux', 'S2X61', { commune: '33063' }, 'bassin', [1812, 0, 56, 42]],
    // Redon spans three départements: 23 + 51 visible, one cell secret; 60/74 difficiles, 21/74 saisonniers.
    ['cuisiniers, bassin de Redon', 'S1X40', { commune: '35236' }, 'bassin', [74, 1, 81, 28]],
    [
      'aides à domicile, ouest de La Réunion (code 0401)',
      'T2A60',
      { commune: '97415' },
      'bassin',
      [280, 0, 94, 26],
    ],
    ['agriculteurs, Basse-Terre (code 0101)', 'A0X40', { commune: '97105' }, 'bassin', [95, 0, 33, 46]],
    ['maçons, Corse', 'B1X31', { region: '94' }, 'region', [487, 0, 89, 17]],
    // Carcassonne 14, Narbonne 50, Limoux 29 whose difficult cell is secret: 57 of 64.
    ['éleveurs, Aude', 'A0X41', { departement: '11' }, 'departement', [93, 0, 89, 100]],
    ['infirmiers, Mayotte', 'V1X80', { commune: '97611' }, 'departement', [118, 0, 95, null]],
    ['coiffeurs, bassin de Chinon (secret)', 'T0X60', { commune: '37072' }, 'bassin', [null, 1, null, null]],
  ] as const)('%s', (_, famille, lieu, niveau, attendu) => {
    expect(chiffre(famille, lieu, niveau)).toEqual(attendu);
  });

  it('corrige les noms mal écrits des familles et garde les autres', () => {
    expect(libelleFamille('E3X20')).toBe('ouvriers peu qualifiés des industries agroalimentaires');
    expect(libelleFamille('V0X60')).toBe('aides-soignants');
    expect(libelleFamille('Z9X99')).toBeUndefined();
  });

  it('nomme les niveaux en français, du plus proche au plus large', () => {
    expect(zonesDe({ commune: '76351' }).map((z) => z.locatif)).toEqual([
      'dans le bassin d’emploi du Havre',
      'en Seine-Maritime',
      'en Normandie',
      'en France',
    ]);
    expect(zonesDe({}).map((z) => z.niveau)).toEqual(['france']);
  });

  it('ne joint pas un bassin dont le nom a changé entre le zonage de 2021 et l’enquête de 2024', () => {
    // 2808: Lillebonne in 2021, Bolbec in 2024.
    expect(zonesDe({ commune: '76384' }).map((z) => z.niveau)).toEqual(['departement', 'region', 'france']);
  });
});

const ENTETE =
  'annee;Code métier BMO;Nom métier BMO;Famille_met;Lbl_fam_met;REG;NOM_REG;Dept;NomDept;BE24;NOMBE24;met;xmet;smet';
const ligne = (
  champs: Partial<Record<'annee' | 'code' | 'be' | 'dept' | 'met' | 'xmet' | 'smet', string>> = {},
): string => {
  const c = {
    annee: '2024',
    code: 'V0X60',
    be: '101',
    dept: '971',
    met: '30',
    xmet: '*',
    smet: '10',
    ...champs,
  };
  return `${c.annee};${c.code};Aides-soignants;S;Social;1;Guadeloupe;${c.dept};Guadeloupe;${c.be};BASSE-TERRE;${c.met};${c.xmet};${c.smet}`;
};
const csv = (...lignes: readonly string[]): Uint8Array =>
  new TextEncoder().encode([ENTETE, ...lignes].join('\r\n') + '\r\n');

describe('une enquête importée', () => {
  afterEach(reprendrePaquetLivre);

  it('rend aux codes leurs zéros et lit le secret comme une absence, jamais comme 0', () => {
    const lu = analyserBmo(csv(ligne()));
    expect(lu.ok && lu.valeur.lignes).toEqual([
      {
        famille: 'V0X60',
        region: '01',
        departement: '971',
        bassin: '0101',
        projets: 30,
        difficiles: null,
        saisonniers: 10,
      },
    ]);
    expect(lu.ok && lu.valeur.reparations).toEqual(['1 codes de bassin ont retrouvé leurs zéros de tête.']);
  });

  it('retrouve les colonnes d’une autre année, dans un autre ordre et sous d’autres noms', () => {
    const texte = [
      'BE19,NOMBE19,annee,code métier BMO,nom métier BMO,Famille_metier,Dept,REG,smet,xmet,met',
      '1107,PARIS,2019,A0Z40,"Agriculteurs, éleveurs",Z,75,11,*,"5",12',
    ].join('\n');
    const lu = analyserBmo(new TextEncoder().encode(texte));
    expect(lu.ok && lu.valeur.nomenclature).toBe('FAP2009');
    expect(lu.ok && lu.valeur.lignes[0]).toMatchObject({
      famille: 'A0Z40',
      projets: 12,
      difficiles: 5,
      saisonniers: null,
    });
  });

  it('remplace celle qui est livrée, puis la laisse revenir', () => {
    const lu = analyserBmo(csv(ligne({ annee: '2025', met: '41' })), { annee: 2025 });
    if (!lu.ok) throw new Error(lu.refus.message);
    const paquet: PaquetBmo = schemaPaquetBmo.parse(
      JSON.parse(JSON.stringify(emballerBmo(lu.valeur, '2026-11-21'))),
    );
    utiliserPaquetBmo(paquet);
    expect(chiffre('V0X60', { departement: '971' }, 'departement')).toEqual([41, 0, null, 24]);
    reprendrePaquetLivre();
    expect(chiffre('V0X60', {}, 'france')).toEqual([58356, 4, 70, 19]);
  });

  it.each([
    ['une autre année que celle attendue', csv(ligne()), 'autre-annee', undefined],
    ['deux années dans un fichier', csv(ligne(), ligne({ annee: '2023' })), 'plusieurs-annees', 3],
    ['un nombre illisible', csv(ligne({ met: 'douze' })), 'nombre-illisible', 2],
    ['un code métier illisible', csv(ligne({ code: 'X' })), 'famille-illisible', 2],
    ['un bassin illisible', csv(ligne({ be: '123456' })), 'territoire-illisible', 2],
    [
      'la même cellule deux fois avec des chiffres différents',
      csv(ligne(), ligne({ met: '31' })),
      'doublon-contradictoire',
      3,
    ],
    ['une table sans lignes', csv(), 'table-vide', undefined],
    [
      'un fichier qui n’a rien à voir',
      new TextEncoder().encode('nom;ville\nA;B\n'),
      'feuille-introuvable',
      undefined,
    ],
  ] as const)('refuse %s', (_, octets, code, rang) => {
    const lu = analyserBmo(octets, { annee: 2025 });
    expect(lu).toMatchObject({ ok: false, refus: { code, ...(rang === undefined ? {} : { ligne: rang }) } });
  });

  it('ne compte qu’une fois une ligne répétée à l’identique, et le dit', () => {
    const lu = analyserBmo(csv(ligne(), ligne()));
    expect(lu.ok && lu.valeur.lignes).toHaveLength(1);
    expect(lu.ok && lu.valeur.reparations.at(-1)).toBe(
      '1 lignes répétées à l’identique n’ont été comptées qu’une fois.',
    );
  });
});
