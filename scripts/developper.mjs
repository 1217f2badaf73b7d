// `npm run dev`: rebuilds and restarts the server when a source or a data file changes.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { RACINE } from './construire.mjs';

const DOSSIERS = ['bot', 'dialogs', 'knowledge', 'manifest', 'scripts'];
/** Editors write a file in several steps: one restart for all of them. */
const CALME_MS = 200;

let enfant;
let minuterie;

function lancer() {
  enfant = spawn(process.execPath, [join(RACINE, 'scripts', 'demarrer.mjs'), 'bot/index.ts'], {
    cwd: RACINE,
    stdio: 'inherit',
  });
  enfant.once('exit', (code, signal) => {
    if (signal === null && code !== 0)
      process.stderr.write('Arrêt : corrigez puis enregistrez, le redémarrage est automatique.\n');
  });
}

function relancer() {
  if (enfant.exitCode !== null || enfant.signalCode !== null) return lancer();
  enfant.once('exit', lancer);
  return enfant.kill('SIGTERM');
}

for (const dossier of DOSSIERS) {
  watch(join(RACINE, dossier), { recursive: true }, () => {
    clearTimeout(minuterie);
    minuterie = setTimeout(relancer, CALME_MS);
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    enfant.kill(signal);
    enfant.once('exit', () => process.exit(0));
  });
}
lancer();
