// Builds everything `npm start` and the commands need into dist/, and skips the work when nothing changed.
// Writes to stderr only: the commands' standard output belongs to their users.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const RACINE = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(RACINE, 'dist');
const NEUF = join(RACINE, 'node_modules', '.dist-neuf');
const ANCIEN = join(RACINE, 'node_modules', '.dist-ancien');
/** Texts bundled into what browsers load. */
const TEXTES_DES_PAGES = ['widget', 'lanceur', 'console', 'dossier'].map(
  (sujet) => `knowledge/textes/donnees/${sujet}.json`,
);
/** What the CommonJS packages expect to find around them, in a bundle that is a module. */
const REQUIRE_DES_PAQUETS = [
  "import { createRequire as __creerRequire } from 'node:module';",
  "import { dirname as __dossierDe } from 'node:path';",
  "import { fileURLToPath as __cheminDe } from 'node:url';",
  'const require = __creerRequire(import.meta.url);',
  'const __filename = __cheminDe(import.meta.url);',
  'const __dirname = __dossierDe(__filename);',
].join('\n');
const EMPREINTE = join(DIST, '.empreinte');
const VERROU = join(RACINE, 'node_modules', '.construction');

const fichiers = (dossier) =>
  existsSync(dossier)
    ? readdirSync(dossier, { withFileTypes: true }).flatMap((e) =>
        e.isDirectory() ? fichiers(join(dossier, e.name)) : [join(dossier, e.name)],
      )
    : [];

/** Hash of every source the build reads; data files under knowledge/ are read at run time and do not count, but those a page carries with it. */
function empreinte() {
  const hash = createHash('sha256').update(process.version);
  const sources = [
    'bot',
    'dialogs',
    'knowledge',
    'manifest',
    'scripts',
    'test/bench',
    'test/support',
    'test/knowledge/aiguillage',
  ]
    .flatMap((d) => fichiers(join(RACINE, d)))
    .filter((f) => !(extname(f) === '.json' && f.split(sep).includes('donnees')))
    .concat(
      [...TEXTES_DES_PAGES, 'package.json', 'package-lock.json', 'tsconfig.json'].map((f) => join(RACINE, f)),
    );
  for (const f of sources.sort())
    hash.update(relative(RACINE, f)).update('\0').update(readFileSync(f)).update('\0');
  return hash.digest('hex');
}

const aJour = (attendue) => existsSync(EMPREINTE) && readFileSync(EMPREINTE, 'utf8') === attendue;

async function charger(nom) {
  try {
    return await import(nom);
  } catch {
    process.stderr.write(
      `Il manque une dépendance de développement (${nom}) pour construire le projet.\n` +
        'Relancez « npm ci » sans --omit=dev (ni NODE_ENV=production), puis la même commande.\n',
    );
    process.exit(1);
  }
}

const paquetsDeDeveloppement = () =>
  Object.keys(JSON.parse(readFileSync(join(RACINE, 'package.json'), 'utf8')).devDependencies);

/** Builds beside, then swaps: whoever runs what was built before goes on, and nobody sees half a build. */
async function construireTout() {
  const esbuild = await charger('esbuild');
  const { reduireTerritoire } = await import('./territoire.mjs');
  rmSync(NEUF, { recursive: true, force: true });
  mkdirSync(NEUF, { recursive: true });
  // First: tests of knowledge/ only need this pack, even while a page does not compile.
  await reduireTerritoire(join(NEUF, 'donnees', 'territoire.json'));

  const serveur = [
    'bot/index.ts',
    ...fichiers(join(RACINE, 'bot/commandes'))
      .map((f) => relative(RACINE, f))
      .filter((f) => f.endsWith('.ts') && dirname(f) === join('bot', 'commandes')),
    ...['test/bench/index.ts', 'manifest/index.ts'].filter((f) => existsSync(join(RACINE, f))),
  ].filter((f) => existsSync(join(RACINE, f)));
  await esbuild.build({
    absWorkingDir: RACINE,
    entryPoints: serveur,
    outbase: '.',
    outdir: join(NEUF, 'serveur'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // With our own code, the packages the server always loads: seven hundred files to find, read and parse made a third of a start.
    // Left where they are: the development ones, those that read files beside themselves, and the one only there where it could be compiled.
    external: [...paquetsDeDeveloppement(), 'pdfkit', 'fontkit', 'dtrace-provider'],
    banner: { js: REQUIRE_DES_PAQUETS },
    sourcemap: true,
    logLevel: 'warning',
  });

  const web = join(RACINE, 'bot', 'web');
  const pages = existsSync(web) ? readdirSync(web).filter((d) => statSync(join(web, d)).isDirectory()) : [];
  for (const page of pages) {
    const entrees = fichiers(join(web, page, 'entrees')).filter((f) => /\.(tsx?|css)$/.test(f));
    if (entrees.length > 0) {
      await esbuild.build({
        absWorkingDir: RACINE,
        entryPoints: entrees.map((e) => ({ in: e, out: basename(e, extname(e)) })),
        outdir: join(NEUF, 'web', page),
        bundle: true,
        // Served by us at this address, not part of a page.
        external: ['/polices/*'],
        minify: true,
        format: 'iife',
        platform: 'browser',
        target: ['es2022', 'safari15', 'chrome94', 'firefox93'],
        define: { 'process.env.NODE_ENV': '"production"' },
        legalComments: 'none',
        logLevel: 'warning',
      });
    }
    const statiques = join(web, page, 'public');
    if (existsSync(statiques)) cpSync(statiques, join(NEUF, 'web', page), { recursive: true });
  }
}

/** Makes dist/ match the sources. Several processes may call it at once: one builds, the others wait. */
export async function construire({ force = false } = {}) {
  const attendue = empreinte();
  if (!force && aJour(attendue)) return;
  mkdirSync(dirname(VERROU), { recursive: true });
  for (;;) {
    try {
      mkdirSync(VERROU);
      break;
    } catch {
      // A build takes seconds: a lock older than a minute belongs to a process that was killed.
      if (existsSync(VERROU) && Date.now() - statSync(VERROU).mtimeMs > 60_000)
        rmSync(VERROU, { recursive: true, force: true });
      await new Promise((r) => setTimeout(r, 100));
      if (!force && aJour(attendue)) return;
    }
  }
  try {
    if (!force && aJour(attendue)) return;
    const debut = Date.now();
    await construireTout();
    writeFileSync(join(NEUF, '.empreinte'), attendue);
    rmSync(ANCIEN, { recursive: true, force: true });
    if (existsSync(DIST)) renameSync(DIST, ANCIEN);
    renameSync(NEUF, DIST);
    rmSync(ANCIEN, { recursive: true, force: true });
    process.stderr.write(`Construction terminée en ${((Date.now() - debut) / 1000).toFixed(1)} s.\n`);
  } finally {
    rmSync(VERROU, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await construire({ force: process.argv.includes('--force') });
}
