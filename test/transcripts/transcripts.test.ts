import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jouerTranscript, lireTranscript } from '../support/transcript.ts';

const dossier = import.meta.dirname;
const fichiers = readdirSync(dossier).filter((f) => f.endsWith('.txt'));

describe('conversations entières, sur les tours purs', () => {
  it.each(fichiers)('%s', (fichier) => {
    const transcript = lireTranscript(readFileSync(join(dossier, fichier), 'utf8'));
    expect(transcript.titre).not.toBe('');
    expect(transcript.lignes.filter((l) => l.genre !== 'usager').length).toBeGreaterThan(2);
    jouerTranscript(transcript);
  });

  it('refuse une ligne mal écrite', () => {
    expect(() => lireTranscript('titre: x\nusagerr> bonjour')).toThrow('ligne 2');
  });
});
