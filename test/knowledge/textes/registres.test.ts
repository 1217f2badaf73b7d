import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

/** Every text the product can show, in both registers: the texts themselves, and the data that carries its own sentences. */
const DOSSIERS = [
  'knowledge/textes/donnees',
  'knowledge/information/donnees',
  'knowledge/aiguillage/donnees',
  'knowledge/langage/donnees',
];
/** Ready-made tables of figures and of labels from elsewhere: no sentence of ours. */
const SANS_PHRASES = /(?:rome|bmo-\d{4}|bassins|bassins-noms|familles-metiers|modele|metiers)\.json$/;

type Texte = { readonly ou: string; readonly standard: string; readonly falc: string };
const textes: Texte[] = [];
const seuls: string[] = [];

function parcourir(v: unknown, ou: string): void {
  if (typeof v !== 'object' || v === null) return;
  const { standard, falc } = v as Readonly<Record<string, unknown>>;
  if (typeof standard === 'string' && typeof falc === 'string') textes.push({ ou, standard, falc });
  else if (typeof standard === 'string' || (typeof falc === 'string' && !('titre' in v))) seuls.push(ou);
  for (const [cle, dedans] of Object.entries(v)) parcourir(dedans, `${ou} → ${cle}`);
}
for (const dossier of DOSSIERS)
  for (const fichier of readdirSync(join(RACINE_PROJET, dossier)).filter(
    (f) => f.endsWith('.json') && !SANS_PHRASES.test(f),
  ))
    parcourir(
      JSON.parse(readFileSync(join(RACINE_PROJET, dossier, fichier), 'utf8')),
      `${dossier}/${fichier}`,
    );

/** Sentences as one reads them: the words of a link, not its address; a hole filled with one word. */
const phrases = (texte: string): readonly string[] =>
  texte
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\{\w+\}/g, 'X')
    .replaceAll('**', '')
    .split(/(?<=[.!?:;])\s+|\n+/)
    .filter((p) => mots(p).length > 0);
const mots = (phrase: string): readonly string[] => phrase.match(/[\p{L}\p{N}]+/gu) ?? [];

const PHRASE_MAX = 15;
const MOT_LONG = 12;

function mesurer(registre: 'standard' | 'falc'): {
  readonly phrases: number;
  readonly mediane: number;
  readonly p95: number;
  readonly max: number;
  readonly motsLongs: number;
} {
  const longueurs = textes
    .flatMap((t) => phrases(t[registre]).map((p) => mots(p).length))
    .sort((a, b) => a - b);
  const tous = textes.flatMap((t) => phrases(t[registre]).flatMap(mots));
  return {
    phrases: longueurs.length,
    mediane: longueurs[Math.floor(longueurs.length / 2)] ?? 0,
    p95: longueurs[Math.floor(longueurs.length * 0.95)] ?? 0,
    max: longueurs.at(-1) ?? 0,
    motsLongs: tous.filter((m) => m.length >= MOT_LONG).length / tous.length,
  };
}

describe('deux registres partout', () => {
  test('aucun texte n’existe dans un seul registre', () => {
    expect(textes.length).toBeGreaterThan(1000);
    expect(seuls).toEqual([]);
    expect(textes.filter((t) => t.standard.trim() === '' || t.falc.trim() === '').map((t) => t.ou)).toEqual(
      [],
    );
  });

  test('la facile à lire a des phrases courtes et des mots courts', () => {
    const longues = textes.flatMap((t) =>
      phrases(t.falc)
        .filter((p) => mots(p).length > PHRASE_MAX)
        .map((p) => `${t.ou} : ${p}`),
    );
    expect(longues).toEqual([]);
    const [falc, standard] = [mesurer('falc'), mesurer('standard')];
    for (const [nom, m] of [
      ['facile à lire', falc],
      ['habituel', standard],
    ] as const)
      process.stdout.write(
        `Registre ${nom} : ${m.phrases} phrases, médiane ${m.mediane} mots, 95 % sous ${m.p95}, maximum ${m.max}, mots de ${MOT_LONG} lettres ou plus ${(m.motsLongs * 100).toFixed(2)} %\n`,
      );
    expect(falc.mediane).toBeLessThanOrEqual(7);
    expect(falc.motsLongs).toBeLessThan(0.015);
    expect(falc.motsLongs).toBeLessThan(standard.motsLongs / 2);
  });

  test('ni l’un ni l’autre n’écrit de forme entre parenthèses ou avec un point médian', () => {
    for (const t of textes)
      for (const registre of ['standard', 'falc'] as const)
        expect(t[registre], t.ou).not.toMatch(/\p{L}\((?:e|ne|se|trice|euse)\)|\p{L}·e/u);
  });
});
