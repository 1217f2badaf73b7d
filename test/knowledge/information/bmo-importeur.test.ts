import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { analyserBmo } from '../../../knowledge/information/bmo-analyse.ts';
import {
  comparerPaquets,
  ecrirePaquet,
  emballerBmo,
  schemaPaquetBmo,
} from '../../../knowledge/information/bmo-paquet.ts';
import { lireCsv, lireTableur } from '../../../knowledge/information/tableur.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { echantillon } from '../../support/echantillons.ts';

const LIVRE = join(RACINE_PROJET, 'knowledge/information/donnees/bmo-2024.json');
const livre = schemaPaquetBmo.parse(JSON.parse(readFileSync(LIVRE, 'utf8')));

const cellule = (ref: string, valeur: string): string =>
  /^\d+$/.test(valeur) && !ref.startsWith('L')
    ? `<c r="${ref}"><v>${valeur}</v></c>`
    : `<c r="${ref}" t="inlineStr"><is><t>${valeur}</t></is></c>`;
const rangee = (n: number, valeurs: readonly string[]): string =>
  `<row r="${n}">${valeurs.map((v, i) => (v === '' ? '' : cellule(`${'ABCDEFGHIJKLMN'[i] ?? 'A'}${n}`, v))).join('')}</row>`;

/** A small workbook in the shape of the producer's: a sheet of explanations, then the data; the bassin code is a number. */
function classeur(feuille = 'BMO_2024_open_data'): Uint8Array {
  const entete = [
    'annee',
    'Code métier BMO',
    'Nom métier BMO',
    'Famille_met',
    'Lbl_fam_met',
    'REG',
    'NOM_REG',
    'Dept',
    'NomDept',
    'BE24',
    'NOMBE24',
    'met',
    'xmet',
    'smet',
  ];
  const lignes = [
    [
      '2024',
      'V0X60',
      'Aides-soignants',
      'S',
      'Social',
      '01',
      'Guadeloupe',
      '971',
      'Guadeloupe',
      '101',
      'A &amp; B',
      '95',
      '31',
      '*',
    ],
    [
      '2024',
      'A0X40',
      'Agriculteurs',
      'Z',
      '',
      '01',
      'Guadeloupe',
      '971',
      'Guadeloupe',
      '102',
      'C',
      '*',
      '*',
      '*',
    ],
  ];
  return zipSync({
    'xl/workbook.xml': strToU8(
      `<workbook><sheets><sheet name="Description des variables" r:id="rId1"/><sheet name="${feuille}" r:id="rId2"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>',
    ),
    'xl/worksheets/sheet1.xml': strToU8(`<sheetData>${rangee(1, ['Variable', 'Sens'])}</sheetData>`),
    'xl/worksheets/sheet2.xml': strToU8(
      `<sheetData>${[entete, ...lignes].map((l, i) => rangee(i + 1, l)).join('')}</sheetData>`,
    ),
  });
}

describe('lire un tableur', () => {
  it('lit la feuille de données d’un classeur, cellules vides et numériques comprises', () => {
    const lu = analyserBmo(classeur());
    expect(lu.ok && lu.valeur.bassins.get('0101')).toBe('A & B');
    expect(lu.ok && lu.valeur.lignes).toEqual([
      {
        famille: 'V0X60',
        region: '01',
        departement: '971',
        bassin: '0101',
        projets: 95,
        difficiles: 31,
        saisonniers: null,
      },
      {
        famille: 'A0X40',
        region: '01',
        departement: '971',
        bassin: '0102',
        projets: null,
        difficiles: null,
        saisonniers: null,
      },
    ]);
  });

  it('lit un csv écrit par Windows (cp1252), et un csv dans un zip', () => {
    const octets = new Uint8Array([0x6e, 0x6f, 0x6d, 0x3b, 0x61, 0x0a, 0xe9, 0x3b, 0x31, 0x0a]);
    expect(lireTableur(octets)).toMatchObject({
      ok: true,
      valeur: [
        {
          lignes: [
            ['nom', 'a'],
            ['é', '1'],
          ],
        },
      ],
    });
    expect(lireTableur(zipSync({ 'x.csv': octets }))).toMatchObject({ ok: true, valeur: [{ nom: 'x.csv' }] });
  });

  it('garde séparateurs, guillemets et fins de ligne dans une cellule entre guillemets', () => {
    expect(lireCsv('a;b\r\n"x;""y""\nz";2\r\n;\r\n')).toEqual([
      ['a', 'b'],
      ['x;"y"\nz', '2'],
      ['', ''],
    ]);
  });

  const tronque = classeur().slice(0, 300);
  const bombe = zipSync({ 'xl/workbook.xml': new Uint8Array(30_000_000) }, { level: 9 });
  it.each([
    ['un fichier vide', new Uint8Array(), 'fichier-vide'],
    [
      'un classeur protégé par un mot de passe',
      new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      'fichier-protege',
    ],
    ['un classeur tronqué', tronque, 'fichier-tronque'],
    ['une bombe de décompression', bombe, 'archive-demesuree'],
    ['une archive sans table', zipSync({ 'lisez-moi.txt': strToU8('bonjour') }), 'archive-sans-table'],
  ])('refuse %s', (_, octets, code) => {
    expect(lireTableur(octets)).toMatchObject({ ok: false, refus: { code } });
  });

  it('refuse un classeur dont aucune feuille n’est celle des données', () => {
    const sansColonnes = zipSync({
      'xl/workbook.xml': strToU8(
        '<workbook><sheets><sheet name="Description" r:id="rId1"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      'xl/worksheets/sheet1.xml': strToU8(`<sheetData>${rangee(1, ['Variable', 'Sens'])}</sheetData>`),
    });
    expect(analyserBmo(sansColonnes)).toMatchObject({ ok: false, refus: { code: 'feuille-introuvable' } });
  });
});

describe('le paquet livré', () => {
  it('garde ce qui est en service devant un fichier rétréci ou plus ancien', () => {
    const source = livre.source;
    const coupe = { ...livre, source: { ...source, lignes: 30_000 } };
    const ancien = { ...livre, source: { ...source, millesime: 2023 } };
    expect(comparerPaquets(coupe, livre)).toMatchObject({ ok: false, refus: { code: 'fichier-retreci' } });
    expect(comparerPaquets(ancien, livre)).toMatchObject({ ok: false, refus: { code: 'plus-ancien' } });
    expect(comparerPaquets(livre, livre).ok).toBe(true);
  });

  it('est exactement ce que l’importeur produit depuis le fichier du producteur', () => {
    const fichier = echantillon(
      'bmo/Base_open_data_BMO_2024.xlsx',
      'le paquet BMO livré n’est comparé qu’à son propre format, pas au classeur national',
    );
    const lu = fichier === undefined ? undefined : analyserBmo(readFileSync(fichier), { annee: 2024 });
    const refait =
      lu === undefined ? livre : lu.ok ? emballerBmo(lu.valeur, livre.source.importeLe) : lu.refus;
    const attendu = readFileSync(LIVRE, 'utf8');
    expect('version' in refait ? ecrirePaquet(refait) === attendu : refait).toBe(true);
    expect(livre.source).toMatchObject({ millesime: 2024, lignes: 53_443 });
    expect([livre.familles.length, livre.bassins.length]).toEqual([217, 406]);
  });
});
