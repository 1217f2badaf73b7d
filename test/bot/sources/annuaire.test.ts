import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DecoupeurJson } from '../../../bot/sources/decoupeur-json.ts';
import { lireAnnuaire } from '../../../bot/sources/flux-annuaire.ts';
import { importer } from '../../../bot/sources/importer.ts';
import { installerSurcouches, retirerSurcouche } from '../../../bot/sources/surcouches.ts';
import { contactsDe, informer, lieuxDeLOperateur } from '../../../knowledge/information/index.ts';
import { echantillon } from '../../support/echantillons.ts';

/** One record as the daily dump writes it: nested values, many keys we do not read. */
const fiche = (id: string, type: string, plus: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  nom: `Guichet ${id}`,
  affectation_personne: [{ personne: { nom: 'Durand', prenom: 'Anne' } }],
  pivot: [{ type_service_local: type, code_insee_commune: ['59350'] }],
  code_insee_commune: '59350',
  adresse: [
    { type_adresse: 'Adresse postale', numero_voie: 'BP 12', code_postal: '59000', nom_commune: 'Lille' },
    {
      type_adresse: 'Adresse',
      complement1: 'Bâtiment A',
      complement2: '',
      numero_voie: '1 rue des Arts',
      service_distribution: '',
      code_postal: '59000',
      nom_commune: 'Lille',
      longitude: '3.06',
      latitude: '50.63',
      accessibilite: 'DEM',
      note_accessibilite: '',
    },
  ],
  telephone: [{ valeur: '0320000000', description: '' }],
  telephone_accessible: [],
  plage_ouverture: [
    {
      nom_jour_debut: 'Lundi',
      nom_jour_fin: 'Jeudi',
      valeur_heure_debut_1: '09:00:00',
      valeur_heure_fin_1: '12:00:00',
      valeur_heure_debut_2: '13:30:00',
      valeur_heure_fin_2: '17:00:00',
      commentaire: '',
    },
  ],
  adresse_courriel: ['contact@exemple.fr'],
  site_internet: [{ libelle: '', valeur: 'https://exemple.fr' }],
  date_modification: '09/08/2026 13:30:19',
  url_service_public: 'https://lannuaire.service-public.gouv.fr/x',
  ...plus,
});
const mairie = (code: string, latitude: string, longitude: string): Record<string, unknown> =>
  fiche(`mairie-${code}`, 'mairie', {
    code_insee_commune: code,
    adresse: [
      { type_adresse: 'Adresse', numero_voie: '1', code_postal: '', nom_commune: '', latitude, longitude },
    ],
  });
const ailleurs = (commune: string, cp: string, ville: string, latitude: string, longitude: string) => ({
  code_insee_commune: commune,
  pivot: [{ type_service_local: 'mission_locale', code_insee_commune: [commune] }],
  adresse: [
    {
      type_adresse: 'Adresse',
      numero_voie: '2 place',
      code_postal: cp,
      nom_commune: ville,
      latitude,
      longitude,
    },
  ],
});

let dossier = '';
beforeEach(() => {
  dossier = mkdtempSync(join(tmpdir(), 'annuaire-'));
});
afterEach(() => {
  retirerSurcouche(dossier, 'annuaire');
  rmSync(dossier, { recursive: true, force: true });
});
const ecrire = (nom: string, contenu: string | Uint8Array): string => {
  const chemin = join(dossier, nom);
  writeFileSync(chemin, contenu);
  return chemin;
};
const lire = (chemin: string, octetsMax?: number) =>
  lireAnnuaire(chemin, {
    date: '2026-11-20',
    importeLe: '2026-11-21',
    ...(octetsMax === undefined ? {} : { octetsMax }),
  });
const importerFiches = (fiches: readonly object[], nom = 'annuaire-2026-11-20.json') =>
  importer({
    source: 'annuaire',
    fichier: ecrire(nom, JSON.stringify({ service: fiches })),
    dataDir: dossier,
    le: '2026-11-21',
  });

describe('l’annuaire de l’administration', () => {
  it('garde les guichets utiles, avec adresse, heures et accès, et jamais les personnes', async () => {
    const lu = await lire(
      ecrire('a.json', JSON.stringify({ service: [fiche('1', 'cap_emploi'), fiche('2', 'prefecture')] })),
    );
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.lues).toBe(2);
    expect(lu.valeur.paquet.guichets).toEqual([
      {
        id: '1',
        nom: 'Guichet 1',
        type: 'cap_emploi',
        commune: '59350',
        adresse: 'Bâtiment A, 1 rue des Arts',
        codePostal: '59000',
        ville: 'Lille',
        horaires: ['du lundi au jeudi de 9 h à 12 h et de 13 h 30 à 17 h'],
        latitude: 50.63,
        longitude: 3.06,
        acces: 'DEM',
        telephone: '03 20 00 00 00',
        courriel: 'contact@exemple.fr',
        site: 'https://exemple.fr',
        fiche: 'https://lannuaire.service-public.gouv.fr/x',
        modifieLe: '2026-08-09',
      },
    ]);
    expect(JSON.stringify(lu.valeur.paquet)).not.toContain('Durand');
  });

  it('refuse une fiche sans adresse, en disant laquelle, et compte les doublons', async () => {
    const lu = await lire(
      ecrire(
        'a.json',
        JSON.stringify([
          fiche('1', 'mission_locale'),
          fiche('1', 'mission_locale'),
          fiche('2', 'mission_locale', { adresse: [{ type_adresse: 'Adresse postale', numero_voie: 'BP' }] }),
          fiche('3', 'mission_locale', {
            code_insee_commune: '',
            pivot: [{ type_service_local: 'mission_locale' }],
            adresse: [
              { type_adresse: 'Adresse', numero_voie: '1', code_postal: '99999', nom_commune: 'Nulle' },
            ],
          }),
        ]),
      ),
    );
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.doublons).toBe(1);
    expect(lu.valeur.refus).toEqual([
      { ligne: 3, message: '« Guichet 2 » n’a pas d’adresse où se rendre' },
      { ligne: 4, message: '« Guichet 3 » : commune introuvable (99999 Nulle)' },
    ]);
  });

  it.each([
    ['tar', (tar: Buffer) => tar],
    ['tar.gz', (tar: Buffer) => gzipSync(tar)],
    ['tar.bz2', (tar: Buffer) => spawnSync('bzip2', ['-c'], { input: tar }).stdout],
  ])('lit la livraison quotidienne en .%s, un fichier après l’autre', async (forme, emballer) => {
    const un = ecrire(
      '2026.gouv_local.json',
      JSON.stringify({ service: [fiche('1', 'apec'), mairie('59350', '50.6', '3')] }),
    );
    const deux = ecrire('autre.gouv_local.json', JSON.stringify({ service: [fiche('2', 'cap_emploi')] }));
    ecrire('lisez-moi.txt', '[{"pas":"lu"}]');
    const tar = spawnSync('tar', [
      '-cf',
      '-',
      '-C',
      dossier,
      'lisez-moi.txt',
      '2026.gouv_local.json',
      'autre.gouv_local.json',
    ]).stdout;
    const emballe = emballer(tar);
    if (emballe === null || emballe.length === 0) {
      process.stdout.write('Non exercé, faute de bzip2 : la livraison en tar.bz2\n');
      return;
    }
    rmSync(un);
    rmSync(deux);
    const lu = await lire(ecrire(`livraison.${forme}`, emballe));
    expect(lu.ok && lu.valeur.paquet.guichets.map((g) => g.id)).toEqual(['1', '2']);
    expect(lu.ok && lu.valeur.paquet.centres).toBe('59350:50.6:3');
  });

  it.each([
    ['coupé', 'fichier-tronque', (json: string) => json.slice(0, -40)],
    [
      'en Windows-1252',
      'fichier-tronque',
      (json: string) => Buffer.from(json.replaceAll('Guichet', 'Gu\u00e9'), 'latin1'),
    ],
    ['d’autre chose', 'table-vide', () => '{"communes":[{"id":"1","nom":"Lille","pivot":[],"adresse":[]}]}'],
    ['compressé et coupé', 'fichier-tronque', (json: string) => gzipSync(json).subarray(0, 60)],
  ])('un fichier %s est refusé entier', async (_, code, abimer) => {
    const lu = await lire(ecrire('x.json', abimer(JSON.stringify({ service: [fiche('1', 'apec')] }))));
    expect(lu).toMatchObject({ ok: false, refus: { code } });
  });

  it('une bombe de décompression est arrêtée avant d’emplir la mémoire', async () => {
    const bombe = gzipSync(`{"service":[${' '.repeat(5_000_000)}]}`);
    expect(await lire(ecrire('b.json.gz', bombe), 1_000_000)).toMatchObject({
      ok: false,
      refus: { code: 'archive-demesuree' },
    });
  });

  it('importé, il donne les lieux les plus proches ; retiré, il n’en reste rien', async () => {
    const bilan = await importerFiches([
      mairie('59350', '50.6', '3.06'),
      fiche('lille', 'mission_locale', ailleurs('59350', '59000', 'Lille', '50.62', '3.06')),
      fiche('roubaix', 'mission_locale', ailleurs('59512', '59100', 'Roubaix', '50.69', '3.17')),
      fiche('marseille', 'mission_locale', ailleurs('13055', '13001', 'Marseille', '43.3', '5.38')),
    ]);
    expect(bilan.ok && bilan.valeur.lignes.join('\n')).toContain('3 guichets gardés');
    expect(installerSurcouches(dossier)).toContainEqual({ source: 'annuaire', etat: 'en-service' });
    const lieux = lieuxDeLOperateur('mission-locale', '59350', 'standard', 3);
    expect(lieux.map((l) => [l.nom, l.km])).toEqual([
      ['Guichet lille', 2],
      ['Guichet roubaix', 13],
    ]);
    expect(lieux[0]?.enMots).toBe(
      '**Guichet lille** : 2 place, 59000 Lille (à 2 km environ, à vol d’oiseau). Téléphone : 03 20 00 00 00. Ouvert du lundi au jeudi de 9 h à 12 h et de 13 h 30 à 17 h.',
    );
    expect(lieux[0]?.source).toMatchObject({
      titre: 'DILA, annuaire de l’administration',
      date: '2026-08-09',
    });
    expect(contactsDe('mission-locale', { commune: '59350' }, 'falc').lieux?.[0]?.enMots).toContain(
      'C’est à 2 km',
    );
    const { pieces } = informer(
      {
        le: '2026-11-21',
        profil: { age: 19, activite: 'sans-emploi' },
        demande: 'trouver-un-conseiller',
        commune: '59350',
        metiers: [],
      },
      'standard',
    );
    expect(pieces[0]).toMatchObject({ id: 'lieux-59350', titre: 'Où vous rendre à Lille ou tout près' });
    expect(pieces[0]?.texte).toContain('Guichet lille');
    retirerSurcouche(dossier, 'annuaire');
    expect(lieuxDeLOperateur('mission-locale', '59350', 'standard', 3)).toEqual([]);
    expect(contactsDe('mission-locale', { commune: '59350' }).lieux).toBeUndefined();
  });

  it('un guichet qui dit desservir la commune passe avant un plus proche, et deux guichets restent deux', async () => {
    await importerFiches([
      mairie('59350', '50.6', '3.06'),
      fiche('pres', 'mission_locale', ailleurs('59350', '59000', 'Lille', '50.6', '3.06')),
      fiche('dessert', 'mission_locale', {
        ...ailleurs('59512', '59100', 'Roubaix', '50.69', '3.17'),
        pivot: [{ type_service_local: 'mission_locale', code_insee_commune: ['59512', '59350'] }],
      }),
    ]);
    installerSurcouches(dossier);
    expect(lieuxDeLOperateur('mission-locale', '59350', 'standard').map((l) => l.nom)).toEqual([
      'Guichet dessert',
      'Guichet pres',
    ]);
  });

  it('un annuaire rétréci ou plus ancien laisse en place celui qui sert', async () => {
    const dix = Array.from({ length: 10 }, (_, i) => fiche(String(i), 'apec'));
    await importerFiches(dix);
    installerSurcouches(dossier);
    expect(await importerFiches(dix.slice(0, 5), 'annuaire-2026-11-21.json')).toMatchObject({
      ok: false,
      refus: { code: 'fichier-retreci' },
    });
    expect(await importerFiches(dix, 'annuaire-2026-01-02.json')).toMatchObject({
      ok: false,
      refus: { code: 'plus-ancien' },
    });
    expect(readFileSync(join(dossier, 'donnees', 'annuaire.json'), 'utf8')).toContain('"lignes":10');
  });

  it('lit la réponse vraie de l’API, ses textes JSON et ses champs absents', async () => {
    const chemin = echantillon(
      'dila-annuaire/api_explore_v2.1_reponse_test_1j1s.json',
      'la réponse vraie de l’API n’est pas rejouée',
    );
    if (chemin === undefined) return;
    const lu = await lire(chemin);
    if (!lu.ok) throw new Error(lu.refus.message);
    expect(lu.valeur.paquet.guichets).toMatchObject([
      {
        type: 'mission_locale',
        commune: '75056',
        adresse: '29-31 rue des Boulets',
        codePostal: '75011',
        telephone: '01 00 00 00 00',
        horaires: [
          'du lundi au jeudi de 9 h à 11 h 30 et de 13 h 30 à 16 h 30',
          'vendredi de 9 h à 11 h 30 et de 13 h 30 à 15 h 30',
        ],
      },
    ]);
  });
});

describe('le découpage d’un flux JSON', () => {
  it('rend les mêmes objets où que le texte soit coupé', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }), { maxLength: 6 }),
        fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('liste', 'service', 'results'),
        (objets, coupes, forme) => {
          const texte =
            forme === 'liste'
              ? JSON.stringify(objets)
              : JSON.stringify(
                  forme === 'service' ? { service: objets } : { total_count: 1, results: objets },
                );
          const decoupeur = new DecoupeurJson();
          const lus: unknown[] = [];
          let debut = 0;
          for (let i = 0; debut < texte.length; i += 1) {
            const fin = debut + 1 + (coupes[i % coupes.length] ?? 0);
            for (const objet of decoupeur.pousser(texte.slice(debut, fin))) lus.push(JSON.parse(objet));
            debut = fin;
          }
          expect(lus).toEqual(JSON.parse(JSON.stringify(objets)));
          expect(decoupeur.complet).toBe(true);
        },
      ),
    );
  });
});
