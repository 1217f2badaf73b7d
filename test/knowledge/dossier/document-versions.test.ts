import { describe, expect, it } from 'vitest';
import { conservationDe, lireDocument, type DocumentNiveau1 } from '../../../knowledge/dossier/index.ts';

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
    ['plus récent', { ...V2, version: 4 }],
    ['de version 2 sans date', { ...V2, expireLe: undefined }],
    ['de version 2 avec une règle', { ...V2, conservation: { moisApresCloture: 12, joursSansSuivi: 90 } }],
    ['mêlé', { ...V2, version: 1 }],
    ['sans édition', { ...sansEdition, version: 2 }],
    ['édition nulle', { ...V2, edition: { numero: 0 } }],
    ['clé inconnue', { ...V1, autre: 1 }],
    ['rien', null],
  ])('refuse ce qui est %s', (_nom, brut) => {
    expect(lireDocument(brut)).toBeUndefined();
  });

  it('laisse la version 2 comme elle fut scellée, et lit la 3', () => {
    const { expireLe: _date, ...reste } = V2;
    const v3 = { ...reste, version: 3, conservation: { moisApresCloture: 12, joursSansSuivi: 90 } };
    expect(lireDocument(v3)).toEqual(v3);
    expect(lireDocument(V2)?.version).toBe(2);
  });
});

describe('la durée de conservation', () => {
  const contact = {
    id: 'contact',
    titre: 'Le contact',
    lignes: [{ id: 'contact-telephone', libelle: 'Téléphone', texte: '06 00 00 00 00', retirable: true }],
  } as const;

  it('est une date tant que rien n’est envoyé', () => {
    expect(conservationDe(V2)).toEqual({ jusquAu: '2026-12-21' });
  });

  it('est une règle une fois envoyé, et jamais la date d’un document qui ne le serait pas', () => {
    const regle = { moisApresCloture: 12, joursSansSuivi: 90 };
    expect(conservationDe({ ...V2, version: 3, conservation: regle })).toEqual(regle);
    expect(
      conservationDe({ ...V2, sections: [{ ...contact, lignes: [...contact.lignes] }] }),
    ).toBeUndefined();
  });
});
