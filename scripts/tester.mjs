// `npm test`: build, types, lint, format, then vitest; any failure exits non-zero. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { construire, RACINE } from './construire.mjs';

const lancer = (nom, args) => {
  process.stdout.write(`\n— ${nom}\n`);
  const { status } = spawnSync(
    process.execPath,
    [join(RACINE, 'node_modules', ...args[0].split('/')), ...args.slice(1)],
    { cwd: RACINE, stdio: 'inherit' },
  );
  return status === 0;
};

await construire();
const rapport = join(RACINE, 'test', 'sorties', 'rapport.json');
mkdirSync(join(RACINE, 'test', 'sorties'), { recursive: true });
rmSync(rapport, { force: true });

const etapes = [
  lancer('types', ['typescript/bin/tsc', '--noEmit']),
  lancer('lint', ['oxlint/bin/oxlint', '--deny-warnings']),
  lancer('format', ['oxfmt/bin/oxfmt', '--check', '.']),
  lancer('tests', [
    'vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${rapport}`,
    ...process.argv.slice(2),
  ]),
];
let lu = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, success: false };
try {
  lu = JSON.parse(readFileSync(rapport, 'utf8'));
} catch {
  process.stdout.write('vitest did not write its report.\n');
}
const horsTests = etapes.slice(0, 3).filter((ok) => !ok).length;
const echecs = lu.numFailedTests + horsTests + (lu.success || lu.numFailedTests > 0 ? 0 : 1);
process.stdout.write(
  `\n${lu.numPassedTests} passed, ${echecs} failed${lu.numPendingTests > 0 ? `, ${lu.numPendingTests} skipped` : ''}\n`,
);
process.exit(etapes.every(Boolean) && echecs === 0 ? 0 : 1);
