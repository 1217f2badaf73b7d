import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  comprendre,
  FICHIER_MODELE,
  lirePhrases,
  modeleDuJour,
  normaliser,
} from '../../../knowledge/langage/index.ts';
import { DEMANDES, RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

type Gelee = {
  texte: string;
  demande?: string;
  profil: Record<string, unknown>;
  commune: string | null;
  alerte?: string;
};
const gelees: Gelee[] = readFileSync(
  join(RACINE_PROJET, 'test/scenarios/langage/phrases-gelees.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((ligne) => JSON.parse(ligne));
const lire = (texte: string) => comprendre(texte, { le: '2026-11-21' });

describe('phrases d’entraînement', () => {
  test('soixante au moins par demande, aucune dite deux fois pour deux demandes', () => {
    const phrases = lirePhrases();
    for (const demande of DEMANDES)
      expect(phrases.filter((p) => p.demande === demande).length, demande).toBeGreaterThanOrEqual(60);
    const vues = new Map<string, string>();
    for (const { texte, demande } of phrases) {
      expect(vues.get(normaliser(texte)) ?? demande, texte).toBe(demande);
      vues.set(normaliser(texte), demande);
    }
  });

  test('aucune phrase gelée n’a servi à apprendre', () => {
    const apprises = new Set(lirePhrases().map((p) => normaliser(p.texte)));
    expect(gelees.filter((g) => apprises.has(normaliser(g.texte)))).toEqual([]);
    expect(gelees.length).toBeGreaterThanOrEqual(400);
  });

  test('le modèle livré est celui des phrases d’aujourd’hui (sinon : npm run eval:langage -- --entrainer)', () => {
    const livre = JSON.parse(readFileSync(join(RACINE_PROJET, FICHIER_MODELE), 'utf8'));
    const attendu = JSON.parse(modeleDuJour());
    expect(livre.traits).toBe(attendu.traits);
    expect(livre.poids === attendu.poids).toBe(true);
  });
});

describe('phrases gelées : on ne recule pas', () => {
  test('demande', () => {
    const avec = gelees.filter((g) => g.demande !== undefined);
    const lus = avec.map((g) => ({ attendu: g.demande, lu: lire(g.texte) }));
    const justes = lus.filter(({ attendu, lu }) => lu.demande === attendu).length;
    const confiantes = lus.filter(
      ({ attendu, lu }) => lu.demande !== undefined && lu.demande !== attendu && lu.confiance >= 0.7,
    );
    expect(justes / avec.length).toBeGreaterThan(0.89);
    expect(confiantes.length / avec.length).toBeLessThan(0.03);
  });

  test('faits : F1', () => {
    let vrais = 0;
    let faux = 0;
    let manques = 0;
    for (const g of gelees) {
      const lu: Readonly<Record<string, unknown>> = lire(g.texte).profil;
      for (const champ of new Set([...Object.keys(lu), ...Object.keys(g.profil)])) {
        if (JSON.stringify(lu[champ]) === JSON.stringify(g.profil[champ])) vrais += 1;
        else {
          if (lu[champ] !== undefined) faux += 1;
          if (g.profil[champ] !== undefined) manques += 1;
        }
      }
    }
    expect((2 * vrais) / (2 * vrais + faux + manques)).toBeGreaterThan(0.94);
  });

  test('toutes les alertes entendues, moins de 1 % de fausses', () => {
    expect(gelees.filter((g) => g.alerte !== undefined && lire(g.texte).alerte !== g.alerte)).toEqual([]);
    const calmes = gelees.filter((g) => g.alerte === undefined);
    expect(calmes.filter((g) => lire(g.texte).alerte !== undefined).length / calmes.length).toBeLessThan(
      0.01,
    );
  });
});

describe('dans le doute, rien', () => {
  test.each(['xyzzy plugh', 'oui', 'asdf qwerty', '42', 'voilà voilà', 'Jean-Michel'])('« %s »', (texte) => {
    const lu = lire(texte);
    expect(lu.demande).toBeUndefined();
    expect(lu.profil).toEqual({});
  });

  test('chaque décision sûre dit ses mots', () => {
    const muettes = gelees
      .map(({ texte }) => lire(texte))
      .filter((lu) => lu.demande !== undefined && lu.confiance > 0.9)
      .filter((lu) => !lu.indices.some((i) => i.sujet === 'demande' && i.mots.length > 0));
    expect(muettes).toEqual([]);
  });

  test.each([
    ['I am looking for a job in Paris', 'en'],
    ['busco trabajo y no hablo bien', 'es'],
    ['Я ищу работу', 'ru'],
    ['أبحث عن عمل', 'ar'],
    ['je cherche un job à Paris', undefined],
    ['CDI Paris', undefined],
  ])('langue de « %s »', (texte, langue) => {
    expect(lire(texte).langue).toBe(langue);
  });
});
