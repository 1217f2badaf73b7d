import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lireCog } from '../../../bot/sources/importer-territoire.ts';
import { importer } from '../../../bot/sources/importer.ts';
import { installerSurcouches, retirerSurcouche } from '../../../bot/sources/surcouches.ts';
import { analyserZonesEmploi, ficheTerritoire, zoneEmploiDe } from '../../../knowledge/information/index.ts';
import {
  chercherCommunes,
  commune,
  communes,
  sourceTerritoire,
} from '../../../knowledge/territoire/index.ts';
import { echantillon } from '../../support/echantillons.ts';

const PAQUET = dirname(
  createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/package.json'),
);
const LE = '2026-11-21';
let dossier = '';
beforeEach(() => {
  dossier = mkdtempSync(join(tmpdir(), 'territoire-'));
});
afterEach(() => {
  retirerSurcouche(dossier, 'cog');
  retirerSurcouche(dossier, 'zones-emploi');
  rmSync(dossier, { recursive: true, force: true });
});

const LILLE = {
  code: '59350',
  nom: 'Lille',
  type: 'commune-actuelle',
  zone: 'metro',
  departement: '59',
  region: '32',
  population: 238_000,
  codesPostaux: ['59000'],
};
const NORD = { code: '59', nom: 'Nord', region: '32', typeLiaison: 2, zone: 'metro', chefLieu: '59350' };
const HAUTS = { code: '32', nom: 'Hauts-de-France', typeLiaison: 4, zone: 'metro', chefLieu: '59350' };
const ecrireCog = (lignes: readonly object[]): string => {
  const cible = join(dossier, 'cog');
  mkdirSync(cible, { recursive: true });
  writeFileSync(join(cible, 'communes.json'), JSON.stringify(lignes));
  writeFileSync(join(cible, 'departements.json'), JSON.stringify([NORD]));
  writeFileSync(join(cible, 'regions.json'), JSON.stringify([HAUTS]));
  return cible;
};

describe('importer un code géographique', () => {
  it.each([
    ['un zéro perdu', [{ ...LILLE, code: '1001' }], 'code-illisible', 'communes.json, entrée 1, code'],
    [
      'un code postal à quatre chiffres',
      [LILLE, { ...LILLE, code: '59351', codesPostaux: ['1000'] }],
      'code-illisible',
      'entrée 2',
    ],
    ['une commune deux fois', [LILLE, LILLE], 'doublon-contradictoire', 'la commune 59350 y est deux fois'],
    ['un département inconnu', [{ ...LILLE, departement: '20' }], 'territoire-inconnu', 'Lille (59350)'],
    ['un fichier coupé', [LILLE], 'fichier-retreci', '1 communes'],
  ])('refuse %s, en disant où', (_, lignes, code, message) => {
    const lu = lireCog(ecrireCog(lignes), 2027);
    expect(lu).toMatchObject({ ok: false, refus: { code } });
    expect(!lu.ok && lu.refus.message).toContain(message);
  });

  it('refuse un dossier qui n’est pas le bon, et une année non dite', async () => {
    expect(lireCog(join(dossier, 'rien'), 2027)).toMatchObject({
      ok: false,
      refus: { code: 'fichier-absent' },
    });
    mkdirSync(join(dossier, 'vide'));
    expect(lireCog(join(dossier, 'vide'), 2027)).toMatchObject({
      ok: false,
      refus: { code: 'fichier-absent' },
    });
    expect(await importer({ source: 'cog', fichier: PAQUET, dataDir: dossier, le: LE })).toMatchObject({
      ok: false,
      refus: { code: 'annee-attendue' },
    });
    expect(
      await importer({ source: 'cog', fichier: PAQUET, dataDir: dossier, le: LE, annee: 2020 }),
    ).toMatchObject({ ok: false, refus: { code: 'plus-ancien' } });
  });

  it('met en service une commune nouvelle, retrouvée par son nom, puis revient à ce qui est livré', async () => {
    const cible = join(dossier, 'cog');
    mkdirSync(cible);
    for (const nom of ['departements', 'regions'])
      writeFileSync(join(cible, `${nom}.json`), readFileSync(join(PAQUET, 'data', `${nom}.json`)));
    const lignes: unknown[] = JSON.parse(readFileSync(join(PAQUET, 'data', 'communes.json'), 'utf8'));
    lignes.push({ ...LILLE, code: '59999', nom: 'Villeneuve-des-Essais', codesPostaux: ['59998'] });
    writeFileSync(join(cible, 'communes.json'), JSON.stringify(lignes));
    expect(chercherCommunes('villeneuve des essais')[0]?.code).not.toBe('59999');
    const bilan = await importer({ source: 'cog', fichier: cible, dataDir: dossier, le: LE, annee: 2027 });
    expect(bilan.ok && bilan.valeur.lignes[0]).toContain('34970 communes, 2621 anciennes');
    expect(sourceTerritoire().millesime).toBe(2026);
    installerSurcouches(dossier);
    expect(sourceTerritoire().millesime).toBe(2027);
    expect(chercherCommunes('villeneuve des essais')[0]?.code).toBe('59999');
    expect(commune('59999')).toMatchObject({ region: '32', codesPostaux: ['59998'] });
    expect(commune('75113')?.libelle).toBe('Paris 13e');
    retirerSurcouche(dossier, 'cog');
    expect(commune('59999')).toBeUndefined();
    expect(chercherCommunes('lille')[0]?.code).toBe('59350');
  });
});

describe('importer les zones d’emploi', () => {
  const csv = (lignes: readonly string[]): Uint8Array =>
    new TextEncoder().encode(['codgeo,libgeo,ze2020,libze2020', ...lignes].join('\n'));

  it('rend aux codes leurs zéros, compte les répétitions, refuse les contradictions avec leur ligne', () => {
    const lu = analyserZonesEmploi(
      csv([
        '1001,x,8405,Bourg-en-Bresse',
        '1001,x,8405,Bourg-en-Bresse',
        '1001,x,52,Autre',
        'zz,x,1,y',
        '2A004,x,9401,Ajaccio',
      ]),
      { importeLe: LE },
    );
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.paquet.zones).toEqual([
      ['8405', 'Bourg-en-Bresse', '01001'],
      ['9401', 'Ajaccio', '2A004'],
    ]);
    expect(lu.valeur.doublons).toBe(1);
    expect(lu.valeur.refus).toEqual([
      { ligne: 4, message: 'la commune 01001 est déjà dans la zone 8405' },
      { ligne: 5, message: 'commune « 000zz » ou zone « 0001 » illisible' },
    ]);
    expect(analyserZonesEmploi(new TextEncoder().encode('a,b\n1,2'), { importeLe: LE })).toMatchObject({
      ok: false,
      refus: { code: 'colonnes-manquantes' },
    });
  });

  it('un fichier qui oublie des communes est refusé', async () => {
    const fichier = join(dossier, 'z.csv');
    writeFileSync(
      fichier,
      csv(
        communes()
          .slice(0, 20_000)
          .map((c) => `${c.code},x,1000,Zone`),
      ),
    );
    expect(await importer({ source: 'zones-emploi', fichier, dataDir: dossier, le: LE })).toMatchObject({
      ok: false,
      refus: { code: 'couverture-insuffisante' },
    });
  });

  it('le fichier de l’Insee couvre toutes les communes et entre dans la page du département', async () => {
    const fichier = echantillon(
      'zones-emploi-insee/seed_insee_zone_emploi_commune.csv',
      'les zones de l’Insee ne sont pas rejouées',
    );
    if (fichier === undefined) return;
    const bilan = await importer({ source: 'zones-emploi', fichier, dataDir: dossier, le: LE });
    expect(bilan.ok && bilan.valeur.lignes[0]).toContain('306 zones (306 attendues en 2020), 100.0 %');
    installerSurcouches(dossier);
    expect(zoneEmploiDe('59350')?.nom).toBe('Lille');
    expect(ficheTerritoire('2B', 'standard', LE)?.zonesEmploi).toContain('Bastia');
  });
});
