import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importer, type DemandeImport } from '../../../bot/sources/importer.ts';
import {
  enService,
  installerSurcouches,
  retirerSurcouche,
  SOURCES,
} from '../../../bot/sources/surcouches.ts';
import { adressesOfficielles, telecharger } from '../../../bot/sources/telecharger.ts';
import {
  analyserFapRome,
  analyserReunions,
  analyserRncp,
  certificationsPour,
  communeDuTexte,
  conseilRegional,
  famillesDeMetier,
  informer,
  reunionEnMots,
  reunionsProches,
} from '../../../knowledge/information/index.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { echantillon } from '../../support/echantillons.ts';

const LE = '2026-11-21';
let dossier = '';
beforeEach(() => {
  dossier = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => {
  for (const s of SOURCES) retirerSurcouche(dossier, s);
  rmSync(dossier, { recursive: true, force: true });
});
const ecrire = (nom: string, contenu: string | Uint8Array): string => {
  const chemin = join(dossier, nom);
  writeFileSync(chemin, contenu);
  return chemin;
};
const importerFichier = (
  source: DemandeImport['source'],
  fichier: string,
  plus: Partial<DemandeImport> = {},
) => importer({ source, fichier, dataDir: dossier, le: LE, ...plus });

const CALENDRIER = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//essai//FR',
  'BEGIN:VEVENT',
  'UID:a@exemple.fr',
  'SUMMARY:Découvrir les métiers du soin',
  'DTSTART;TZID=Europe/Paris:20261203T140000',
  'DTEND;TZID=Europe/Paris:20261203T153000',
  'LOCATION:Maison de l’emploi\\, 5 boulevard du Maréchal-Vaillant\\, 59000 Lille',
  'ORGANIZER;CN=Maison de l’emploi:mailto:contact@exemple.fr',
  'URL:https://exemple.fr/soin',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:b@exemple.fr',
  'SUMMARY:Le CPF en visio',
  'DTSTART:20261201T080000Z',
  'LOCATION:https://visio.exemple.fr/salle',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:c@exemple.fr',
  'SUMMARY:Atelier du mardi',
  'DTSTART;TZID=Europe/Paris:20200107T093000',
  'RRULE:FREQ=WEEKLY;BYDAY=TU',
  'LOCATION:59500 Douai',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:d@exemple.fr',
  'SUMMARY:Annulée',
  'STATUS:CANCELLED',
  'DTSTART:20261205T090000Z',
  'LOCATION:59000 Lille',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:e@exemple.fr',
  'SUMMARY:Hier',
  'DTSTART;VALUE=DATE:20261120',
  'LOCATION:59000 Lille',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:f@exemple.fr',
  'SUMMARY:On ne sait où',
  'DTSTART:20261210T090000Z',
  'LOCATION:Salle des fêtes',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

describe('réunions d’information collective', () => {
  it('lit un calendrier : heure de Paris, récurrence, annulées, passées, lieu introuvable refusé', () => {
    const lu = analyserReunions(strToU8(CALENDRIER), { le: LE, organisateur: 'Ville d’essai' });
    if (!lu.ok) throw new Error(lu.refus.message);
    const { paquet, passees, refus } = lu.valeur;
    expect(passees).toBe(1);
    expect(refus).toEqual([
      { ligne: 6, message: '« On ne sait où » : lieu introuvable (« Salle des fêtes »)' },
    ]);
    expect(paquet.reunions.find((r) => r.id === 'a@exemple.fr')).toEqual({
      id: 'a@exemple.fr',
      titre: 'Découvrir les métiers du soin',
      jour: '2026-12-03',
      heure: '14:00',
      heureFin: '15:30',
      commune: '59350',
      adresse: 'Maison de l’emploi, 5 boulevard du Maréchal-Vaillant',
      enLigne: false,
      organisateur: 'Maison de l’emploi',
      url: 'https://exemple.fr/soin',
    });
    // 08:00 UTC on 1 December is 09:00 in Paris.
    expect(paquet.reunions.find((r) => r.id === 'b@exemple.fr')).toMatchObject({
      heure: '09:00',
      enLigne: true,
    });
    const mardis = paquet.reunions.filter((r) => r.titre === 'Atelier du mardi');
    expect(mardis[0]).toMatchObject({ jour: '2026-11-24', heure: '09:30', commune: '59178' });
    expect(mardis.length).toBeGreaterThan(50);
    expect(paquet.reunions.some((r) => r.titre === 'Annulée')).toBe(false);
  });

  it('lit une liste JSON, et dit la ligne et le champ refusés', () => {
    const lu = analyserReunions(
      strToU8(
        JSON.stringify([
          { titre: 'Atelier', debut: '2026-12-01T10:00', commune: 'Arras' },
          { titre: 'Sans date', debut: 'bientôt', commune: 'Arras' },
          { titre: 'Décalée', debut: '2026-12-02T23:30:00-05:00', commune: '59350', adresse: '1 rue' },
        ]),
      ),
      { le: LE },
    );
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.refus).toEqual([{ ligne: 2, message: 'debut : date ISO attendue' }]);
    expect(lu.valeur.paquet.reunions).toMatchObject([
      { titre: 'Atelier', jour: '2026-12-01', heure: '10:00', commune: '62041' },
      { titre: 'Décalée', jour: '2026-12-03', heure: '05:30', commune: '59350', adresse: '1 rue' },
    ]);
  });

  it.each([
    ['vide', '', 'fichier-vide'],
    ['coupé', CALENDRIER.slice(0, 300), 'fichier-tronque'],
    ['d’autre chose', 'bonjour', 'format-inconnu'],
    ['sans liste', '{"a":1}', 'format-inconnu'],
    ['tout passé', '[{"titre":"x","debut":"2020-01-01","commune":"Arras"}]', 'table-vide'],
  ])('un fichier %s est refusé', (_, contenu, code) => {
    expect(analyserReunions(strToU8(contenu), { le: LE })).toMatchObject({ ok: false, refus: { code } });
  });

  it('situe un lieu écrit en mots, et ne devine pas entre homonymes', () => {
    expect(communeDuTexte('12 rue des Lilas, 62000 ARRAS')).toBe('62041');
    expect(communeDuTexte('Mairie de Lens, Lens')).toBe('62498');
    expect(communeDuTexte('Salle polyvalente, Sainte-Colombe')).toBeUndefined();
  });

  it('un titre importé ne dessine ni lien ni gras', () => {
    const texte = reunionEnMots(
      { id: 'x', titre: '**Gagnez** [ici](https://piege.exemple)', jour: '2026-12-01', enLigne: true },
      'standard',
    );
    expect(texte).toBe('**Gagnez ici (https://piege.exemple)**, mardi 1er décembre 2026. Possible en ligne.');
  });

  it('importées, les prochaines près de la personne sont données, les plus proches d’abord', async () => {
    const bilan = await importerFichier('reunions', ecrire('r.ics', CALENDRIER), {
      organisateur: 'Ville d’essai',
    });
    expect(bilan.ok && bilan.valeur.lignes[0]).toContain('dans 2 communes ; 1 passées');
    installerSurcouches(dossier);
    const proches = reunionsProches({ commune: '59350' }, LE, 3);
    expect(proches.map((r) => r.titre)).toEqual([
      'Découvrir les métiers du soin',
      'Atelier du mardi',
      'Atelier du mardi',
    ]);
    expect(proches[0] && reunionEnMots(proches[0], 'standard')).toBe(
      '**Découvrir les métiers du soin**, jeudi 3 décembre 2026 à 14 h. Lille (Nord), Maison de l’emploi, 5 boulevard du Maréchal-Vaillant. Organisée par Maison de l’emploi. [S’inscrire ou en savoir plus](https://exemple.fr/soin)',
    );
    // Far from there, only what is online remains.
    expect(reunionsProches({ commune: '13055' }, LE, 3).map((r) => r.titre)).toEqual(['Le CPF en visio']);
    expect(reunionsProches({ commune: '59350' }, '2030-01-01', 3)).toEqual([]);
    const { pieces } = informer(
      { le: LE, profil: {}, demande: 'trouver-un-conseiller', commune: '59350', metiers: [] },
      'falc',
    );
    expect(pieces.find((p) => p.id === 'reunions')).toMatchObject({ titre: 'Les prochaines réunions' });
  });
});

const rncp = (standard: string, rome: string): Uint8Array =>
  zipSync({
    'export_fiches_CSV_Standard_2026_11_20.csv': strToU8(standard),
    'export_fiches_CSV_Rome_2026_11_20.csv': strToU8(rome),
    'export_fiches_CSV_Partenaires_2026_11_20.csv': strToU8('"x"'),
  });
const STANDARD = [
  '"Id_Fiche";"Numero_Fiche";"Intitule";"Nomenclature_Europe_Niveau";"Date_Fin_Enregistrement";"Actif"',
  '"1";"RNCP35830";"Diplôme d\'État d\'aide-soignant";"NIV4";"";"ACTIVE"',
  '"2";"RNCP100";"Ancien titre";"NIV3";"";"INACTIVE"',
  '"3";"RS200";"Une habilitation";"";"";"ACTIVE"',
  '"4";"RNCP300";"CAP Soins";"NIV3";"";"ACTIVE"',
  '"5";"";"Sans numéro";"NIV3";"";"ACTIVE"',
].join('\n');
const ROME_RNCP = [
  '"Numero_Fiche";"Codes_Rome_Code";"Codes_Rome_Libelle"',
  '"RNCP35830";"J1501";"x"',
  '"RNCP300";"J1501";"x"',
  '"RNCP100";"J1501";"x"',
].join('\n');

describe('répertoire des certifications', () => {
  it('ne garde que les fiches actives reliées à un métier, et dit lesquelles il refuse', () => {
    const lu = analyserRncp(rncp(STANDARD, ROME_RNCP), { date: '2026-11-20', importeLe: LE });
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.paquet.certifications).toEqual([
      ['RNCP300', 'CAP Soins', 3],
      ['RNCP35830', 'Diplôme d’État d’aide-soignant', 4],
    ]);
    expect(lu.valeur.inactives).toBe(1);
    expect(lu.valeur.refus).toEqual([{ ligne: 6, message: 'numéro de fiche illisible («  »)' }]);
  });

  it('importé, il dit combien de certifications mènent au métier, par niveau', async () => {
    await importerFichier('rncp', ecrire('export-fiches-csv-2026-11-20.zip', rncp(STANDARD, ROME_RNCP)));
    installerSurcouches(dossier);
    expect(certificationsPour('J1501').map((c) => c.numero)).toEqual(['RNCP300', 'RNCP35830']);
    const { pieces } = informer(
      {
        le: LE,
        profil: {},
        demande: 'se-former',
        metiers: [{ libelle: 'aide-soignante', rome: 'J1501', role: 'vise' }],
      },
      'standard',
    );
    const acces = pieces.find((p) => p.id === 'acces-J1501');
    expect(acces?.texte).toContain('2 certifications actives du répertoire national y mènent');
    expect(acces?.sources.map((s) => s.date)).toContain('2026-11-20');
  });

  it.each([
    ['sans les bons fichiers', zipSync({ 'autre.csv': strToU8('a;b') }), 'archive-sans-table'],
    ['tronqué', rncp(STANDARD, ROME_RNCP).subarray(0, 200), 'fichier-tronque'],
    ['bombe', zipSync({ 'export_Standard_x.csv': new Uint8Array(30_000_000) }), 'archive-demesuree'],
    ['de colonnes inconnues', rncp('"a";"b"\n"1";"2"', ROME_RNCP), 'colonnes-manquantes'],
  ])('un fichier %s est refusé', (_, octets, code) => {
    expect(analyserRncp(octets, { date: '2026-11-20', importeLe: LE })).toMatchObject({
      ok: false,
      refus: { code },
    });
  });

  it('lit l’extrait vrai, dont les noms ne sont pas de l’UTF-8', () => {
    const chemin = echantillon(
      'formations/export-fiches-csv-2024-02-22.extrait.zip',
      'l’extrait RNCP n’est pas rejoué',
    );
    if (chemin === undefined) return;
    const lu = analyserRncp(readFileSync(chemin), { date: '2024-02-22', importeLe: LE });
    // Read by hand in the real extract: its seven RNCP records are inactive, only two « RS » are active. Nothing is put in service.
    expect(lu).toMatchObject({
      ok: false,
      refus: { code: 'table-vide', message: 'Aucune certification active reliée à un métier.' },
    });
  });
});

describe('table FAP 2021 – ROME', () => {
  const table = (lignes: readonly string[]): Uint8Array =>
    strToU8(['fap_2021;intitule_fap;rome;qualification;intitule_rome', ...lignes].join('\n'));

  it('replie le niveau fin, garde toutes les familles d’un métier et leur qualification', () => {
    const lu = analyserFapRome(
      table([
        'A0X42b;Sylviculteurs;A1201;Q_0123456;x',
        'A0X42a;Bûcherons;A1201;;x',
        'A0X40;Agriculteurs;A1201;Q_9;x',
        'zzz;x;A1201;;x',
      ]),
      { importeLe: LE },
    );
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.paquet.metiers).toEqual([
      [
        'A1201',
        [
          ['A0X40', 'Q_9'],
          ['A0X42', 'Q_0123456'],
        ],
      ],
    ]);
    expect(lu.valeur).toMatchObject({ plusieurs: 1, doublons: 1 });
    expect(lu.valeur.refus[0]?.ligne).toBe(5);
  });

  it('un extrait n’est pas mis en service ; la table entière rapproche un métier que le lexique ne connaît pas', async () => {
    const extrait = echantillon(
      'fap/dares_fap2021_table_passage_rome_EXTRAIT.csv',
      'l’extrait FAP–ROME n’est pas rejoué',
    );
    if (extrait !== undefined)
      expect(await importerFichier('fap-rome', extrait)).toMatchObject({
        ok: false,
        refus: { code: 'fichier-retreci' },
      });
    const lignes = Array.from(
      { length: 1_096 },
      (_, i) => `A0X4${i % 3};x;${'ABCDEFGHIJ'[i % 10] ?? 'A'}${1100 + (i % 500)};;x`,
    );
    expect(
      await importerFichier(
        'fap-rome',
        ecrire('t.csv', table([...lignes, 'B1X10;x;F1201;;x', 'B1X11;x;F1201;;x'])),
      ),
    ).toMatchObject({ ok: true });
    installerSurcouches(dossier);
    expect(
      famillesDeMetier({ libelle: 'métier que personne ne nomme', rome: 'F1201' }).length,
    ).toBeGreaterThan(0);
  });

  it('la table de 2009 est refusée : ses codes ne sont pas ceux de l’enquête', () => {
    const chemin = echantillon('fap/fap225_rome.csv', 'la table de 2009 n’est pas rejouée');
    const octets =
      chemin === undefined ? strToU8('Fap;Rome;intitule_rome\nA0Z40;A1416;x') : readFileSync(chemin);
    expect(analyserFapRome(octets, { importeLe: LE })).toMatchObject({
      ok: false,
      refus: { code: 'colonnes-manquantes' },
    });
  });
});

describe('portails régionaux', () => {
  const livres = (): { source: { date: string }; regions: { id: string; conseilRegional: string }[] } =>
    JSON.parse(readFileSync(join(RACINE_PROJET, 'knowledge/information/donnees/regions.json'), 'utf8'));

  it('un relevé plus récent remplace les adresses livrées, une région en double est refusée', async () => {
    const neuf = livres();
    neuf.source.date = '2026-11';
    for (const r of neuf.regions) if (r.id === '32') r.conseilRegional = 'https://exemple.fr/hdf';
    expect(await importerFichier('portails', ecrire('p.json', JSON.stringify(neuf)))).toMatchObject({
      ok: true,
    });
    installerSurcouches(dossier);
    expect(conseilRegional('32').url).toBe('https://exemple.fr/hdf');
    for (const r of neuf.regions) if (r.id === '28') r.id = '32';
    expect(await importerFichier('portails', ecrire('q.json', JSON.stringify(neuf)))).toMatchObject({
      ok: false,
      refus: { code: 'donnees-refusees' },
    });
    retirerSurcouche(dossier, 'portails');
    expect(conseilRegional('32').url).toContain('hautsdefrance.fr');
  });

  it('un relevé plus ancien, ou d’une autre année que dite, ne remplace rien', async () => {
    const vieux = livres();
    vieux.source.date = '2025-01';
    const chemin = ecrire('p.json', JSON.stringify(vieux));
    expect(await importerFichier('portails', chemin)).toMatchObject({
      ok: false,
      refus: { code: 'plus-ancien' },
    });
    expect(await importerFichier('portails', chemin, { annee: 2026 })).toMatchObject({
      ok: false,
      refus: { code: 'autre-annee' },
    });
    expect(enService('portails')?.date).toBe('2026-07');
  });
});

describe('télécharger', () => {
  let serveur: Server;
  let base = '';
  beforeEach(async () => {
    serveur = createServer((req, res) => {
      if (req.url === '/ok/fichier.csv') return res.end('bonjour');
      if (req.url === '/long') {
        res.write('x'.repeat(2_000));
        return undefined;
      }
      res.statusCode = 404;
      return res.end();
    });
    await new Promise<void>((r) => serveur.listen(0, '127.0.0.1', r));
    const adresse = serveur.address();
    base = `http://127.0.0.1:${typeof adresse === 'object' ? (adresse?.port ?? 0) : 0}`;
  });
  afterEach(() => {
    serveur.closeAllConnections();
    serveur.close();
  });

  it('rend le fichier, puis l’oublie', async () => {
    const recu = await telecharger(`${base}/ok/fichier.csv`, undefined);
    if (!recu.ok) throw new Error(recu.refus.message);
    expect(recu.valeur.chemin.endsWith('fichier.csv')).toBe(true);
    expect(readFileSync(recu.valeur.chemin, 'utf8')).toBe('bonjour');
    recu.valeur.oublier();
    expect(() => readFileSync(recu.valeur.chemin)).toThrow('ENOENT');
  });

  it.each([
    ['qui refuse', '/rien', {}, 'adresse-refusee'],
    ['qui s’endort', '/long', { delaiMs: 100 }, 'sans-reseau'],
    ['qui n’en finit pas', '/long', { octetsMax: 100 }, 'archive-demesuree'],
  ])('une adresse %s est un refus qui dit quoi faire à la main', async (_, chemin, options, code) => {
    const recu = await telecharger(`${base}${chemin}`, undefined, options);
    expect(recu).toMatchObject({ ok: false, refus: { code } });
    expect(!recu.ok && recu.refus.message).toContain('dans un navigateur');
  });

  it('sans réseau, le dit', async () => {
    expect(await telecharger('http://127.0.0.1:1/x', undefined)).toMatchObject({
      ok: false,
      refus: { code: 'sans-reseau' },
    });
  });

  it('les adresses officielles sont des données, chacune avec la page à ouvrir à la main', () => {
    const adresses = adressesOfficielles();
    expect(adresses.map((a) => a.source)).toEqual(['bmo', 'annuaire', 'fap-rome', 'bassins', 'rome', 'rncp']);
    expect(adresses.every((a) => a.page.startsWith('https://'))).toBe(true);
  });
});
