import { describe, expect, it } from 'vitest';
import {
  comparer,
  explorer,
  nommerExploration,
  type DemandeInformation,
} from '../../../knowledge/information/index.ts';

const AIDE_SOIGNANTE = { libelle: 'aide-soignante', rome: 'J1501' };
const ELECTRICIEN = { libelle: 'électricien', rome: 'F1602' };
const CADRE = { registre: 'standard', le: '2026-11-21' } as const;
const DEMANDE: DemandeInformation = {
  le: '2026-11-21',
  profil: { activite: 'salarie-prive' },
  demande: 'changer-de-metier',
  commune: '59350',
  metiers: [
    { libelle: 'caissière', rome: 'D1505', role: 'actuel' },
    { ...AIDE_SOIGNANTE, role: 'vise' },
  ],
};

describe('comparer des communes', () => {
  it('met les chiffres côte à côte, chacun avec son territoire et son année', () => {
    const piece = comparer(['59350', '59606'], AIDE_SOIGNANTE, CADRE);
    expect(piece.titre).toBe('Aide-soignante : Lille (Nord) et Valenciennes (Nord)');
    expect(piece.texte).toContain('2024');
    expect(piece.texte).toContain('dans le bassin d’emploi de Lille) : 591 recrutements d’aides-soignants');
    expect(piece.texte).toContain('157 recrutements d’aides-soignants');
    expect(piece.graphique?.barres.map((b) => b.valeur)).toEqual([591, 157]);
    expect(piece.texte).not.toMatch(/mieux|meilleur/i);
  });

  it('dit qu’il n’y a qu’un chiffre quand les communes partagent un bassin', () => {
    const piece = comparer(['59350', '59507'], AIDE_SOIGNANTE, CADRE);
    expect(piece.texte).toContain('même territoire d’enquête');
    expect(piece.texte.match(/591/g)).toHaveLength(1);
    expect(piece.graphique).toBeUndefined();
  });

  it('prévient quand les territoires n’ont pas la même taille, et ne dessine rien', () => {
    // Nouméa is outside the survey: only the national figure is left, next to a bassin.
    const piece = comparer(['59350', '98818'], AIDE_SOIGNANTE, CADRE);
    expect(piece.texte).toContain('ne se comparent pas directement');
    expect(piece.graphique).toBeUndefined();
  });
});

describe('regarder ailleurs', () => {
  const ids = (exploration: Parameters<typeof explorer>[1]): string[] =>
    explorer(DEMANDE, exploration, 'standard').pieces.map((p) => p.id);

  it('ailleurs : ce qui change avec l’endroit, pas les aides déjà dites', () => {
    expect(ids({ communes: ['62041'], metiers: [] })).toEqual([
      'marche-J1501-vers-62041',
      'marche-local-bassin-3224-vers-62041',
      'acteurs-32-vers-62041',
    ]);
  });

  it('un autre métier, chez soi : qui recrute, ce qu’il demande, ce qui s’en approche', () => {
    expect(ids({ communes: [], metiers: [ELECTRICIEN] }).slice(0, 3)).toEqual([
      'marche-F1602',
      'acces-F1602',
      'proches-F1602',
    ]);
  });

  it('deux métiers : un chiffre pour chacun', () => {
    expect(ids({ communes: [], metiers: [AIDE_SOIGNANTE, ELECTRICIEN] })).toEqual([
      'marche-J1501',
      'marche-F1602',
    ]);
  });

  it('deux lieux sans métier connu : ce qui recrute dans chacun', () => {
    const { pieces } = explorer(
      { ...DEMANDE, metiers: [] },
      { communes: ['59350', '13055'], metiers: [] },
      'standard',
    );
    expect(pieces).toHaveLength(2);
    expect(pieces[1]?.titre).toContain('Marseille');
  });

  it('se nomme en quelques mots', () => {
    expect(nommerExploration({ communes: ['62041'], metiers: [ELECTRICIEN] }, undefined)).toBe(
      'Électricien – Arras (Pas-de-Calais)',
    );
    expect(nommerExploration({ communes: [], departement: '59', metiers: [] }, 'Nord')).toBe('Nord');
  });
});
