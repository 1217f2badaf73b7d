import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importer } from '../../../bot/sources/importer.ts';
import {
  cheminSurcouche,
  installerSurcouches,
  retirerSurcouche,
  SOURCES,
  VeilleSurcouches,
} from '../../../bot/sources/surcouches.ts';
import { chiffreBmo, provenanceBmo, zonesDe } from '../../../knowledge/information/index.ts';
import { communes } from '../../../knowledge/territoire/index.ts';
import { echantillon } from '../../support/echantillons.ts';

let dataDir = '';
const fichier = (nom: string, contenu: string | Uint8Array): string => {
  const chemin = join(dataDir, nom);
  writeFileSync(chemin, contenu);
  return chemin;
};
const ENTETE = 'annee;Code métier BMO;Nom métier BMO;Famille_met;REG;Dept;BE25;NOMBE25;met;xmet;smet';

/** A survey of 2025 as large as the shipped one, so that it is not taken for a truncated file: 217 families over 210 zones. */
function enquete2025(projets: number): string {
  const lignes = [ENTETE];
  for (let zone = 0; zone < 210; zone += 1)
    for (let famille = 0; famille < 217; famille += 1)
      lignes.push(
        `2025;${String.fromCharCode(65 + Math.floor(famille / 40))}0X${10 + (famille % 40)};Métier ${famille};Z;32;59;${1000 + zone};ZONE ${zone};${projets};*;*`,
      );
  return lignes.join('\n');
}

describe('importer par-dessus ce qui est livré', () => {
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'donnees-'));
  });
  afterEach(() => {
    for (const source of SOURCES) retirerSurcouche(dataDir, source);
    rmSync(dataDir, { recursive: true, force: true });
  });
  const bmo = (chemin: string, annee?: number) =>
    importer({
      source: 'bmo',
      fichier: chemin,
      dataDir,
      le: '2026-11-21',
      ...(annee === undefined ? {} : { annee }),
    });

  it('écrit une surcouche privée, entière, que le démarrage met en service', async () => {
    const bilan = await bmo(fichier('bmo.csv.gz', gzipSync(enquete2025(7))), 2025);
    expect(bilan).toMatchObject({ ok: true, valeur: { chemin: cheminSurcouche(dataDir, 'bmo') } });
    expect(bilan.ok && bilan.valeur.lignes.join(' ')).toContain('importez ceux de 2025');
    expect(statSync(cheminSurcouche(dataDir, 'bmo')).mode & 0o777).toBe(0o600);
    expect(provenanceBmo().millesime).toBe(2024);
    expect(installerSurcouches(dataDir)).toContainEqual({ source: 'bmo', etat: 'en-service' });
    expect(provenanceBmo()).toMatchObject({ millesime: 2025, importeLe: '2026-11-21', lignes: 45_570 });
    // Bassins of 2021 are not joined to a survey of 2025: figures start at the département.
    const zones = zonesDe({ commune: '59350' });
    expect(zones.map((z) => z.niveau)).toEqual(['departement', 'region', 'france']);
    expect(zones[0] && chiffreBmo('A0X10', zones[0])?.projets).toBe(7 * 210);
  });

  it('garde la précédente à côté et ne laisse aucun fichier provisoire', async () => {
    await bmo(fichier('a.csv', enquete2025(1)));
    await bmo(fichier('b.csv', enquete2025(2)));
    expect(readdirSync(join(dataDir, 'donnees')).sort()).toEqual(['bmo.json', 'bmo.precedent.json']);
    expect(readFileSync(join(dataDir, 'donnees', 'bmo.precedent.json'), 'utf8')).toContain(':1 ');
  });

  it.each([
    ['absent', 'fichier-absent', () => join(dataDir, 'rien.xlsx')],
    [
      'rétréci',
      'fichier-retreci',
      () => fichier('c.csv', enquete2025(1).split('\n').slice(0, 900).join('\n')),
    ],
    ['gzip abîmé', 'fichier-tronque', () => fichier('d.csv.gz', gzipSync(enquete2025(1)).subarray(0, 2000))],
    ['d’une autre année', 'autre-annee', () => fichier('e.csv', enquete2025(1))],
  ])('un fichier %s est refusé et rien ne change', async (_, code, chemin) => {
    expect(await bmo(chemin(), code === 'autre-annee' ? 2026 : undefined)).toMatchObject({
      ok: false,
      refus: { code },
    });
    expect(installerSurcouches(dataDir)).toContainEqual({ source: 'bmo', etat: 'absente' });
    expect(provenanceBmo().millesime).toBe(2024);
  });

  it('un service en marche prend l’import au passage suivant, et revient quand il est retiré', async () => {
    const veille = new VeilleSurcouches(dataDir);
    expect(veille.passer()).toEqual([]);
    await bmo(fichier('a.csv', enquete2025(1)));
    expect(provenanceBmo().millesime).toBe(2024);
    expect(veille.passer()).toEqual([{ source: 'bmo', etat: 'en-service' }]);
    expect(provenanceBmo().millesime).toBe(2025);
    expect(veille.passer()).toEqual([]);
    await bmo(fichier('b.csv', enquete2025(3)));
    expect(veille.passer()).toHaveLength(1);
    // A broken file written by hand: reported, and the pack in use stays in use.
    writeFileSync(cheminSurcouche(dataDir, 'bmo'), '{"version":1');
    expect(veille.passer()).toMatchObject([{ source: 'bmo', etat: 'refusee' }]);
    expect(provenanceBmo().millesime).toBe(2025);
    rmSync(cheminSurcouche(dataDir, 'bmo'));
    expect(veille.passer()).toEqual([{ source: 'bmo', etat: 'absente' }]);
    expect(provenanceBmo().millesime).toBe(2024);
  });

  it('une surcouche abîmée ne gêne pas le service : ce qui est livré reste', async () => {
    await bmo(fichier('a.csv', enquete2025(1)));
    writeFileSync(cheminSurcouche(dataDir, 'bmo'), '{"version":1');
    expect(installerSurcouches(dataDir)).toContainEqual(
      expect.objectContaining({ source: 'bmo', etat: 'refusee' }),
    );
    expect(provenanceBmo().millesime).toBe(2024);
  });

  it('un zonage qui couvre moins de 99 % des communes est refusé, sans année aussi', async () => {
    const lignes = (n: number): string =>
      [
        'code_commune,code_bassin_2026,lib_bassin_2026',
        ...communes()
          .slice(0, n)
          .map((c) => `${c.code},${1000},Lille`),
      ].join('\n');
    const bassins = (n: number, annee?: number) =>
      importer({
        source: 'bassins',
        fichier: fichier('z.csv', lignes(n)),
        dataDir,
        le: '2026-11-21',
        ...(annee === undefined ? {} : { annee }),
      });
    expect(await bassins(30_000, 2026)).toMatchObject({
      ok: false,
      refus: { code: 'couverture-insuffisante' },
    });
    expect(await bassins(34_969)).toMatchObject({ ok: false, refus: { code: 'annee-attendue' } });
    expect(await bassins(34_969, 2025)).toMatchObject({ ok: false, refus: { code: 'autre-annee' } });
    expect(await bassins(34_969, 2026)).toMatchObject({ ok: true });
  });

  it('rejoue les fichiers officiels quand ils sont là', async () => {
    const rome = echantillon(
      'rome/unix_referentiel_code_rome_v460_utf8.csv',
      'l’import ROME par dossier n’est pas rejoué',
    );
    const zonage = echantillon(
      'bassins-emploi-bmo/France_Travail_Bassin_Emploi_2021.csv',
      'l’import des bassins n’est pas rejoué',
    );
    const bilans = [
      ...(rome === undefined
        ? []
        : [await importer({ source: 'rome', fichier: join(rome, '..'), dataDir, le: '2026-11-21' })]),
      ...(zonage === undefined
        ? []
        : [await importer({ source: 'bassins', fichier: zonage, dataDir, le: '2026-11-21', annee: 2021 })]),
    ];
    expect(bilans.filter((b) => !b.ok)).toEqual([]);
    expect(installerSurcouches(dataDir).filter((s) => s.etat === 'en-service')).toHaveLength(bilans.length);
  });
});
