import { describe, expect, it } from 'vitest';
import { aiguiller } from '../../../knowledge/aiguillage/index.ts';
import { lireBornes } from './bornes.ts';
import { differences, entreeDuScenario } from './scenarios.ts';

describe('bornes d’âge, contrats, territoires, accompagnements', () => {
  it.each(lireBornes().map((s) => [s.titre, s] as const))('%s', (_, s) => {
    expect(differences(s, aiguiller(entreeDuScenario(s))), JSON.stringify(s.profil)).toEqual([]);
  });
});
