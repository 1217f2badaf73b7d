/**
 * `npm run -s donnees -- importer <bmo|bassins|rome> <file> [--annee 2026]`, `-- retirer <source>`, `-- etat`: open data imported over what ships, in DATA_DIR.
 * Exit status 1 on refusal; what was in service stays in service.
 */
import { parseArgs } from 'node:util';
import { provenanceBmo, sourceBassins, sourceRome } from '../../knowledge/information/index.ts';
import { jourDe } from '../../knowledge/vocabulaire/index.ts';
import { importer } from '../sources/importer.ts';
import { estSource, installerSurcouches, retirerSurcouche, SOURCES } from '../sources/surcouches.ts';

const USAGE = [
  'Usage :',
  `  npm run -s donnees -- importer <${SOURCES.join('|')}> <fichier> [--annee AAAA]`,
  `  npm run -s donnees -- retirer <${SOURCES.join('|')}>`,
  '  npm run -s donnees -- etat',
].join('\n');

const dataDir = process.env['DATA_DIR'] ?? './.data';

function echouer(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** What is in service, from where, and whether a newer one should exist by now (BMO comes out each April). */
function direEtat(): void {
  const annee = new Date().getFullYear();
  const surcouches = new Map(installerSurcouches(dataDir).map((s) => [s.source, s]));
  const origine = (source: (typeof SOURCES)[number]): string =>
    surcouches.get(source)?.etat === 'en-service' ? 'importé' : 'livré';
  const bmo = provenanceBmo();
  const bassins = sourceBassins();
  const rome = sourceRome();
  const perime = (millesime: number): string =>
    millesime < annee ? ` ; périmé : un fichier ${annee} devrait exister` : '';
  console.log(
    `bmo      ${origine('bmo')} : ${bmo.titre}, ${bmo.lignes} lignes, importé le ${bmo.importeLe}, ${bmo.licence}${perime(bmo.millesime)}`,
  );
  console.log(
    `bassins  ${origine('bassins')} : ${bassins.titre}, ${bassins.lignes} lignes, importé le ${bassins.importeLe}, ${bassins.licence}${perime(bassins.millesime)}`,
  );
  console.log(
    `rome     ${origine('rome')} : ${rome.titre}, ${rome.lignes} métiers, importé le ${rome.importeLe}, ${rome.licence}`,
  );
  for (const s of surcouches.values())
    if (s.etat === 'refusee') echouer(`${s.source} : surcouche refusée. ${s.message}`);
}

function lancer(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { annee: { type: 'string' } },
  });
  const [ordre, source, fichier] = positionals;
  if (ordre === 'etat') return direEtat();
  if (!estSource(source)) return echouer(USAGE);
  if (ordre === 'retirer') {
    retirerSurcouche(dataDir, source);
    console.log(`${source} : ce qui est livré est de nouveau en service.`);
    return;
  }
  if (ordre !== 'importer' || fichier === undefined) return echouer(USAGE);
  if (values.annee !== undefined && !/^20\d{2}$/u.test(values.annee))
    return echouer(`Année illisible : ${values.annee}.`);
  installerSurcouches(dataDir);
  const bilan = importer({
    source,
    fichier,
    dataDir,
    le: jourDe(Date.now()),
    ...(values.annee === undefined ? {} : { annee: Number(values.annee) }),
  });
  if (!bilan.ok)
    return echouer(
      `Refusé (${bilan.refus.code}) : ${bilan.refus.message}\nCe qui était en service le reste.`,
    );
  for (const ligne of bilan.valeur.lignes) console.log(ligne);
  console.log(`Écrit : ${bilan.valeur.chemin}. Redémarrez le service pour l’utiliser.`);
}

try {
  lancer();
} catch (cause) {
  echouer(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`);
}
