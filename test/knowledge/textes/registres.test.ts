import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { glossaire, lirePhrases, normaliser } from '../../../knowledge/langage/index.ts';
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

  test('la facile à lire parle avec les mots des gens', () => {
    // The words people use when they ask: those of two thousand phrases, by their first letters so that endings do not count.
    const racine = (mot: string): string => normaliser(mot).slice(0, 6);
    const desGens = new Set(
      lirePhrases()
        .flatMap((p) => normaliser(p.texte).split(' '))
        .map(racine),
    );
    for (const { sigle } of glossaire()) for (const m of normaliser(sigle).split(' ')) desGens.add(racine(m));
    const rares = (registre: 'standard' | 'falc'): Map<string, number> => {
      const compte = new Map<string, number>();
      for (const t of textes)
        for (const m of phrases(t[registre]).flatMap(mots))
          if (m.length > 6 && /^\p{Ll}+$/u.test(m) && !desGens.has(racine(m)))
            compte.set(racine(m), (compte.get(racine(m)) ?? 0) + 1);
      return compte;
    };
    const part = (registre: 'standard' | 'falc'): number =>
      [...rares(registre).values()].reduce((a, b) => a + b, 0) /
      textes.flatMap((t) => phrases(t[registre]).flatMap(mots)).length;
    const [falc, standard] = [part('falc'), part('standard')];
    process.stdout.write(
      `Mots que les gens n’emploient pas : facile à lire ${(falc * 100).toFixed(2)} %, habituel ${(standard * 100).toFixed(2)} % ; les plus fréquents : ${[
        ...rares('falc'),
      ]
        .toSorted((a, b) => b[1] - a[1])
        .slice(0, 40)
        .map(([m, n]) => `${m}… ${n}`)
        .join(', ')}\n`,
    );
    expect(falc).toBeLessThan(0.035);
    expect(falc).toBeLessThan(standard / 1.5);
  });

  test('ni l’un ni l’autre n’écrit de forme entre parenthèses ou avec un point médian', () => {
    for (const t of textes)
      for (const registre of ['standard', 'falc'] as const)
        expect(t[registre], t.ou).not.toMatch(/\p{L}\((?:e|ne|se|trice|euse)\)|\p{L}·e/u);
  });
});
