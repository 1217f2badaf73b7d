/**
 * `npm run -s donnees -- importer <source> <file or https address> [--annee 2026] [--organisateur "…"]`, `-- retirer <source>`, `-- telecharger [source]`, `-- etat`: open data
 * imported over what ships, in DATA_DIR. Exit status 1 on refusal; what was in service stays in service.
 */
import { parseArgs } from 'node:util';
import { jourDe } from '../../knowledge/vocabulaire/index.ts';
import { importer, type DemandeImport } from '../sources/importer.ts';
import {
  enService,
  estSource,
  installerSurcouches,
  retirerSurcouche,
  SOURCES,
  type SourceImportee,
} from '../sources/surcouches.ts';
import { adressesOfficielles, telecharger } from '../sources/telecharger.ts';

const USAGE = [
  'Usage :',
  `  npm run -s donnees -- importer <${SOURCES.join('|')}> <fichier ou adresse https> [--annee AAAA] [--organisateur "Nom"]`,
  `  npm run -s donnees -- telecharger [${SOURCES.join('|')}]`,
  `  npm run -s donnees -- retirer <${SOURCES.join('|')}>`,
  '  npm run -s donnees -- etat',
].join('\n');

const dataDir = process.env['DATA_DIR'] ?? './.data';

function echouer(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** Progress of what lasts, on the error stream: the standard one is for the report. */
const avancer =
  (unite: string) =>
  (n: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${n.toLocaleString('fr-FR')} ${unite}   `);
  };

/** How old data may be before a newer file should exist: the survey comes out each April, the directory every working day… */
const PERIME_JOURS: Readonly<Partial<Record<SourceImportee, number>>> = {
  bmo: 480,
  bassins: 480,
  annuaire: 45,
  rncp: 180,
  portails: 180,
  reunions: 30,
};

function perime(source: SourceImportee, date: string): string {
  const jours = PERIME_JOURS[source];
  if (jours === undefined) return '';
  // A year is counted from its end, a month from its first day: the doubt favours a check.
  const depuis = Date.parse(date.length === 4 ? `${date}-06-30` : date.length === 7 ? `${date}-01` : date);
  return (Date.now() - depuis) / 86_400_000 > jours
    ? ' ; périmé : un fichier plus récent devrait exister'
    : '';
}

/** What is in service, from where, and whether a newer one should exist by now. */
function direEtat(): void {
  const surcouches = new Map(installerSurcouches(dataDir).map((s) => [s.source, s]));
  for (const source of SOURCES) {
    const service = enService(source);
    const nom = source.padEnd(9);
    if (service === undefined) {
      console.log(`${nom} rien : à importer`);
      continue;
    }
    const origine = surcouches.get(source)?.etat === 'en-service' ? 'importé' : 'livré';
    console.log(
      `${nom} ${origine} : ${service.titre}, ${service.lignes} lignes, données de ${service.date}, importé le ${service.importeLe}, ${service.licence}${perime(source, service.date)}`,
    );
  }
  for (const s of surcouches.values())
    if (s.etat === 'refusee') echouer(`${s.source} : surcouche refusée. ${s.message}`);
}

async function importerEtDire(demande: Omit<DemandeImport, 'dataDir' | 'le' | 'avancement'>): Promise<void> {
  installerSurcouches(dataDir);
  const bilan = await importer({
    ...demande,
    dataDir,
    le: jourDe(Date.now()),
    avancement: avancer('fiches lues'),
  });
  if (!bilan.ok)
    return echouer(
      `Refusé (${bilan.refus.code}) : ${bilan.refus.message}\nCe qui était en service le reste.`,
    );
  for (const ligne of bilan.valeur.lignes) console.log(ligne);
  console.log(`Écrit : ${bilan.valeur.chemin}. Le service en marche l’utilise dans la minute.`);
}

/** Fetches an address, imports what came, and keeps nothing of it beside the pack. */
async function importerAdresse(
  url: string,
  demande: Omit<DemandeImport, 'dataDir' | 'le' | 'avancement' | 'fichier'>,
  nom?: string,
): Promise<void> {
  const recu = await telecharger(url, nom, { avancement: avancer('octets reçus') });
  if (!recu.ok)
    return echouer(`${demande.source} : ${recu.refus.message}\nCe qui était en service le reste.`);
  try {
    await importerEtDire({ ...demande, fichier: recu.valeur.chemin });
  } finally {
    recu.valeur.oublier();
  }
}

async function telechargerTout(voulue: SourceImportee | undefined): Promise<void> {
  for (const { source, titre, url, fichier, annee, page } of adressesOfficielles()) {
    if (voulue !== undefined && source !== voulue) continue;
    console.log(`${source} : ${titre}`);
    if (url === undefined) console.log(`  ${page}`);
    else await importerAdresse(url, { source, ...(annee === undefined ? {} : { annee }) }, fichier);
  }
}

async function lancer(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { annee: { type: 'string' }, organisateur: { type: 'string' } },
  });
  const [ordre, source, fichier] = positionals;
  if (ordre === 'etat') return direEtat();
  if (ordre === 'telecharger' && (source === undefined || estSource(source))) return telechargerTout(source);
  if (!estSource(source)) return echouer(USAGE);
  if (ordre === 'retirer') {
    retirerSurcouche(dataDir, source);
    console.log(
      enService(source) === undefined
        ? `${source} : plus rien n’est en service.`
        : `${source} : ce qui est livré est de nouveau en service.`,
    );
    return undefined;
  }
  if (ordre !== 'importer' || fichier === undefined) return echouer(USAGE);
  if (values.annee !== undefined && !/^20\d{2}$/u.test(values.annee))
    return echouer(`Année illisible : ${values.annee}.`);
  const demande = {
    source,
    ...(values.annee === undefined ? {} : { annee: Number(values.annee) }),
    ...(values.organisateur === undefined ? {} : { organisateur: values.organisateur }),
  };
  return /^https?:\/\//u.test(fichier)
    ? importerAdresse(fichier, demande)
    : importerEtDire({ ...demande, fichier });
}

try {
  await lancer();
} catch (cause) {
  echouer(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`);
}
