import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { comprendre, glossaire, reponseA } from '../../../knowledge/langage/index.ts';
import { RACINE_PROJET, REGISTRES } from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-21';

describe('un mot demandé est expliqué', () => {
  test.each([
    ['c’est quoi la RQTH ?', 'rqth'],
    ['ça veut dire quoi MDPH', 'mot-mdph'],
    ['AAH ?', 'mot-aah'],
    ['qu’est-ce que le CNFPT ?', 'mot-cnfpt'],
    ['que signifie OPCO', 'mot-opco'],
    ['je comprends pas le mot AAH', 'mot-aah'],
    ['expliquez moi le code ROME', 'mot-rome'],
    ['c koi la mdph', 'mot-mdph'],
  ])('%s', (phrase, attendu) => {
    const lu = comprendre(phrase, { le: LE });
    expect(lu.faq).toBe(attendu);
    expect(lu.profil).toEqual({});
    for (const registre of REGISTRES) {
      const reponse = reponseA(attendu, registre);
      expect(reponse.texte.length).toBeGreaterThan(20);
      expect(reponse.sources.length).toBeGreaterThan(0);
    }
  });

  test.each([
    'je suis en CDI et je comprends pas ce que je dois faire de ma vie',
    'j’ai un CAP cuisine',
    'je touche l’AAH',
  ])('« %s » n’est pas une question de vocabulaire', (phrase) => {
    expect(comprendre(phrase, { le: LE }).faq).toBeUndefined();
  });
});

const DOSSIERS = [
  'knowledge/textes/donnees',
  'knowledge/information/donnees/dispositifs.json',
  'knowledge/information/donnees/relais.json',
  'knowledge/information/donnees/operateurs.json',
];
/** Words in capitals that are no abbreviation: text keys of laws, names of laws' bases, an international form. */
const PAS_DES_SIGLES = new Set(['LEGITEXT', 'NARIC', 'ENIC', 'UA', 'FIF', 'PL']);

function phrasesDe(fichier: string): string[] {
  const phrases: string[] = [];
  const parcourir = (v: unknown): void => {
    if (typeof v === 'string') phrases.push(v.replaceAll(/https?:\/\/\S+/g, ' '));
    else if (typeof v === 'object' && v !== null) Object.values(v).forEach(parcourir);
  };
  parcourir(JSON.parse(readFileSync(join(RACINE_PROJET, fichier), 'utf8')));
  return phrases;
}

test('chaque sigle montré aux personnes est dans le glossaire', () => {
  const connus = new Set(glossaire().map((m) => m.sigle));
  const inconnus = new Map<string, string>();
  for (const entree of DOSSIERS) {
    const fichiers = entree.endsWith('.json')
      ? [entree]
      : readdirSync(join(RACINE_PROJET, entree)).map((f) => join(entree, f));
    for (const fichier of fichiers)
      for (const phrase of phrasesDe(fichier))
        for (const [sigle] of phrase.matchAll(/\b[A-Z][A-Z0-9]+\b/g))
          if (!connus.has(sigle) && !PAS_DES_SIGLES.has(sigle) && !/^X+$/.test(sigle) && !/\d{4}/.test(sigle))
            inconnus.set(sigle, fichier);
  }
  expect([...inconnus]).toEqual([]);
});

test('chaque mot du glossaire dit son nom et son sens dans les deux registres', () => {
  for (const { id, sigle, nom } of glossaire())
    for (const registre of REGISTRES) {
      const { texte } = reponseA(`mot-${id}`, registre);
      expect(texte, id).toContain(sigle);
      expect(texte, id).toContain(nom);
    }
});
