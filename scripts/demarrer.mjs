// `node scripts/demarrer.mjs <source entry> [arguments]`: builds if needed, then runs the built entry in this process.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { construire, RACINE } from './construire.mjs';

const entree = process.argv[2];
if (entree === undefined) {
  process.stderr.write('Usage : node scripts/demarrer.mjs <fichier source> [arguments]\n');
  process.exit(2);
}
await construire();
const cible = join(RACINE, 'dist', 'serveur', entree.replace(/\.ts$/, '.js'));
process.argv = [process.argv[0] ?? 'node', cible, ...process.argv.slice(3)];
await import(pathToFileURL(cible).href);
