import { describe, expect, it } from 'vitest';
import { aiguiller, chargerRegles, reglesDe } from '../../../knowledge/aiguillage/index.ts';
import { differences, entreeDuScenario, lireScenarios } from './scenarios.ts';

const scenarios = lireScenarios();

describe('scénarios de l’aiguillage', () => {
  it('compte au moins 150 scénarios et les 38 cas du dossier métier', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(150);
    const sources = scenarios.map((s) => `${s.source} `).join(' ');
    for (let cas = 1; cas <= 38; cas += 1)
      expect(sources, `cas C${cas}`).toMatch(new RegExp(`\\bC${cas}\\b`));
  });

  it('exerce chaque règle au moins une fois', () => {
    const exercees = new Set(
      scenarios.flatMap((s) => {
        const resultat = aiguiller(entreeDuScenario(s));
        return resultat.ok ? reglesDe(resultat.valeur) : [];
      }),
    );
    expect(
      chargerRegles()
        .regles.map((r) => r.id)
        .filter((id) => !exercees.has(id)),
    ).toEqual([]);
  });

  it.each(scenarios.map((s) => [s.titre, s] as const))('%s', (_, s) => {
    const ecarts = differences(s, aiguiller(entreeDuScenario(s)));
    expect(ecarts, `${s.fichier}\n${JSON.stringify(s.profil)}`).toEqual([]);
  });
});
