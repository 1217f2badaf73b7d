import { describe, expect, it } from 'vitest';
import { lireDocument, type DocumentNiveau1 } from '../../../knowledge/dossier/index.ts';

const V2: DocumentNiveau1 = {
  version: 2,
  edition: { numero: 1 },
  reference: 'CEP-TEST-0001',
  etabliLe: '2026-11-21',
  expireLe: '2026-12-21',
  preparePar: 'la personne',
  demande: 'changer-de-metier',
  decision: 'poursuivre',
  territoire: {},
  avertissements: [],
  sections: [],
  reperes: [],
  sources: [],
};
const { edition: _, ...sansEdition } = V2;
const { reperes: _reperes, ...commeAvant } = sansEdition;
const V1 = { ...commeAvant, version: 1 };

describe('versions du document', () => {
  it('lit la version 1 comme première édition, la version 2 telle quelle', () => {
    expect(lireDocument(V1)).toEqual(V2);
    expect(lireDocument(JSON.parse(JSON.stringify(V2)))).toEqual(V2);
  });

  it.each([
    ['plus récent', { ...V2, version: 3 }],
    ['mêlé', { ...V2, version: 1 }],
    ['sans édition', { ...sansEdition, version: 2 }],
    ['édition nulle', { ...V2, edition: { numero: 0 } }],
    ['clé inconnue', { ...V1, autre: 1 }],
    ['rien', null],
  ])('refuse ce qui est %s', (_nom, brut) => {
    expect(lireDocument(brut)).toBeUndefined();
  });
});
