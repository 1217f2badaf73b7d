import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

const WIDGET = join(RACINE_PROJET, 'dist', 'web', 'widget');
const pese = (fichier: string): number => gzipSync(readFileSync(join(WIDGET, fichier)), { level: 9 }).length;

it('le lanceur pèse au plus 3 ko et la conversation entière au plus 40 ko, compressés', () => {
  const lanceur = pese('lanceur.js');
  const conversation = ['index.html', 'style.css', 'chat.js', 'icone.svg'].reduce((n, f) => n + pese(f), 0);
  process.stdout.write(`Lanceur ${lanceur} octets, conversation ${conversation} octets (gzip)\n`);
  expect(lanceur).toBeLessThanOrEqual(3_000);
  expect(conversation).toBeLessThanOrEqual(40_000);
});
