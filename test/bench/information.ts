import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importer } from '../../bot/sources/importer.ts';
import { installerSurcouches, type SourceImportee } from '../../bot/sources/surcouches.ts';
import { echantillon } from '../support/echantillons.ts';
import {
  chiffreBmo,
  famillesLesPlusRecherchees,
  informer,
  zonesDe,
  type DemandeInformation,
} from '../../knowledge/information/index.ts';
import { metierDeRome } from '../../knowledge/langage/index.ts';
import { repererMetiers } from '../../knowledge/langage/metiers.ts';
import { chercherCommunes, commune } from '../../knowledge/territoire/index.ts';

const PHRASES = [
  'je suis caissière à Lille, j’en peux plus, je voudrais devenir aide-soignante',
  'de caissiere a aide soignente',
  'je suis electrissien et je veux devenir prof',
  'g 19 ans jai pas de diplome et je trouve pas de taf',
  'mon conseiller France Travail m’a dit que mon médecin devait signer',
  'je bosse dans la restauration, je voudrais me reconvertir dans la petite enfance',
];
const COMMUNES = ['59350', '33063', '69123', '13055', '35238', '48095', '97415', '2A004'];

const demande = (code: string): DemandeInformation => ({
  le: '2026-11-21',
  profil: { activite: 'salarie-prive' },
  demande: 'changer-de-metier',
  commune: code,
  metiers: [
    { libelle: 'caissière', rome: 'D1505', role: 'actuel' },
    { libelle: 'aide-soignante', rome: 'J1501', role: 'vise' },
  ],
});

const mediane = (temps: readonly number[]): number =>
  [...temps].sort((a, b) => a - b)[Math.floor(temps.length / 2)] ?? 0;

/** Milliseconds of each call, one by one, warm. */
function mesurer(tours: number, faire: (rang: number) => unknown): number {
  for (let i = 0; i < tours / 4; i += 1) faire(i);
  const temps: number[] = [];
  for (let i = 0; i < tours; i += 1) {
    const debut = performance.now();
    faire(i);
    temps.push(performance.now() - debut);
  }
  return mediane(temps);
}

const choisir = (liste: readonly string[], rang: number): string => liste[rang % liste.length] ?? '';

const RECHERCHES = ['lille', 'st denis', '35000', 'chalon sur saone', 'l hay les roses', 'renes', 'marseile'];

/** Prints what information costs: loading each pack, memory, finding a place and a métier, composing an answer. Warm figures are medians. */
export async function bencherInformation(ecrire: (ligne: string) => void = console.log): Promise<void> {
  const memoire = process.memoryUsage().heapUsed;
  let total = 0;
  const charger = (nom: string, faire: () => unknown): void => {
    const debut = performance.now();
    const processeur = process.cpuUsage();
    faire();
    const { user, system } = process.cpuUsage(processeur);
    const duree = performance.now() - debut;
    total += duree;
    ecrire(
      `information : chargement ${nom} ${duree.toFixed(0)} ms (processeur ${((user + system) / 1000).toFixed(0)} ms)`,
    );
  };
  charger('territoire', () => commune('59350'));
  charger('lexique des métiers', () => metierDeRome('J1501'));
  charger('BMO et bassins', () => zonesDe({ commune: '59350' }).map((z) => chiffreBmo('V0X60', z)));
  charger('tout le reste (première réponse)', () => informer(demande('59350'), 'standard'));
  ecrire(`information : chargement en tout ${total.toFixed(0)} ms (promesse : 400)`);
  ecrire(
    `information : mémoire ajoutée ${((process.memoryUsage().heapUsed - memoire) / 1e6).toFixed(0)} Mo, déchets compris (promesse : 120)`,
  );
  charger('total France (agrégation)', () =>
    famillesLesPlusRecherchees({ niveau: 'france', code: '', nom: '', locatif: '' }, 1),
  );
  ecrire(
    `information : chercher une commune ${mesurer(2000, (i) => chercherCommunes(choisir(RECHERCHES, i))).toFixed(3)} ms (promesse : 0,1)`,
  );
  ecrire(
    `information : métiers d’une phrase ${mesurer(2000, (i) => repererMetiers(choisir(PHRASES, i))).toFixed(3)} ms (promesse : 3)`,
  );
  ecrire(
    `information : informer ${mesurer(400, (i) => informer(demande(choisir(COMMUNES, i)), 'standard')).toFixed(2)} ms (promesse : 5)`,
  );
}

/** The real open-data files, where they are kept beside the project. */
const FICHIERS: readonly (readonly [SourceImportee, string, number?])[] = [
  ['bmo', 'bmo/Base_open_data_BMO_2024.xlsx'],
  ['bassins', 'bassins-emploi-bmo/France_Travail_Bassin_Emploi_2021.csv', 2021],
  ['rome', 'rome'],
  ['zones-emploi', 'zones-emploi-insee/seed_insee_zone_emploi_commune.csv', 2020],
  ['rncp', 'formations/export-fiches-csv-2024-02-22.extrait.zip'],
  ['portails', 'operateurs-cep/portails_regionaux_etape_2026-07.json'],
  ['fap-rome', 'fap/dares_fap2021_table_passage_rome_EXTRAIT.csv'],
];

/** The same figures in a fresh process, once every open-data file at hand was imported over what ships. Says which were, and which were refused. */
export async function bencherInformationImportee(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cep-mesure-'));
  try {
    for (const [source, chemin, annee] of FICHIERS) {
      const fichier = echantillon(chemin, 'pas mesuré avec cette source');
      if (fichier === undefined) continue;
      const bilan = await importer({
        source,
        fichier,
        dataDir,
        le: '2026-11-21',
        ...(annee === undefined ? {} : { annee }),
      });
      console.log(
        `import ${source} : ${bilan.ok ? bilan.valeur.lignes[0] : `refusé, ${bilan.refus.message}`}`,
      );
    }
    spawnSync(process.execPath, [process.argv[1] ?? '', 'information-importee', dataDir], {
      stdio: 'inherit',
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** In the child process of `bencherInformationImportee`. */
export async function mesurerImportee(dataDir: string): Promise<void> {
  const debut = performance.now();
  const memoire = process.memoryUsage().heapUsed;
  const etats = installerSurcouches(dataDir);
  console.log(
    `information importée : ${etats.filter((e) => e.etat !== 'absente').length} surcouches en ${(performance.now() - debut).toFixed(0)} ms, ${((process.memoryUsage().heapUsed - memoire) / 1e6).toFixed(0)} Mo`,
  );
  await bencherInformation((ligne) => console.log(ligne.replace('information :', 'information importée :')));
}
