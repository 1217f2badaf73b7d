import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { famillesDeMetier } from '../../../knowledge/information/index.ts';
import {
  pieceAcces,
  pieceProches,
  pieceTransition,
  sontProches,
} from '../../../knowledge/information/metiers-pieces.ts';
import { de, enumerer, nombre } from '../../../knowledge/information/redaction.ts';
import { analyserRome, lireAcces } from '../../../knowledge/information/rome-analyse.ts';
import { ficheRome, fichesRome, mobiliteRome } from '../../../knowledge/information/rome-paquet.ts';
import { tousLesMetiers } from '../../../knowledge/langage/metiers.ts';
import { echantillon } from '../../support/echantillons.ts';

const acces = (libelle: string, rome: string): string =>
  pieceAcces({ libelle, rome }, 'standard')?.texte ?? '';

describe('ce que demande un métier', () => {
  it.each([
    ['aide-soignante', 'J1501', 'diplôme d’État d’aide-soignant'],
    ['infirmier', 'J1506', 'diplôme d’État d’infirmier'],
    ['caissière', 'D1505', 'un CAP, un BEP ou un bac. Ce métier est aussi accessible sans diplôme'],
    ['assistante maternelle', 'K1310', 'agrément du Département'],
    ['conducteur routier', 'N4101', 'permis poids lourd'],
    ['agent de sécurité', 'K2503', 'carte professionnelle'],
  ])('%s', (libelle, rome, attendu) => {
    expect(acces(libelle, rome)).toContain(attendu);
  });

  it('ne fait pas dire à une fiche de 2021 ce qu’elle dit d’un autre métier', () => {
    // AESH comes from the sheet of the school supervisors, which asks for a bac.
    expect(acces('AESH', 'K2113')).not.toContain('bac');
  });

  it('se tait pour un secteur entier et pour un code inconnu', () => {
    expect(pieceAcces({ libelle: 'métier de la restauration', rome: 'G1803' }, 'standard')).toBeUndefined();
    expect(pieceAcces({ libelle: 'x', rome: 'Z9999' }, 'standard')).toBeUndefined();
  });

  it('ne relève que des faits dans les textes officiels', () => {
    expect(
      lireAcces([
        'Cet emploi/métier est accessible avec un CAP/BEP en électricité.',
        'Il est également accessible sans diplôme ni expérience professionnelle.',
        'Un CACES peut être requis.',
      ]),
    ).toEqual({
      niveaux: ['cap-bep'],
      sansDiplome: true,
      concours: false,
      carte: false,
      permisLourd: false,
      caces: true,
      ordre: false,
    });
    expect(
      lireAcces(["Cet emploi/métier est accessible avec le Diplôme d'Etat d'Aide-soignant -DEAS-."])
        .diplomeEtat,
    ).toBe("d'Aide-soignant");
  });
});

describe('métiers proches et transition écologique', () => {
  const cadre = { lieu: { commune: '35238' }, registre: 'standard', le: '2026-11-21' } as const;

  it('suit la mobilité du répertoire à travers le code parent', () => {
    expect(mobiliteRome('D1505')).toContain('D1507');
    expect(sontProches({ libelle: 'caissière', rome: 'D1505' }, { libelle: 'x', rome: 'D1507' })).toBe(true);
    expect(sontProches({ libelle: 'caissière', rome: 'D1505' }, { libelle: 'x', rome: 'J1501' })).toBe(false);
    expect(pieceProches({ libelle: 'caissière', rome: 'D1505' }, cadre)?.texte).toContain(
      'employés de libre-service',
    );
  });

  it('montre les métiers verts ou stratégiques, jamais les autres', () => {
    const marques = new Set([...fichesRome().values()].map((f) => f.transition));
    expect([...marques].sort()).toEqual(['', 'strategique', 'vert']);
    expect(pieceTransition(undefined, cadre)?.texte).not.toContain('nettoyage');
    expect(pieceTransition({ libelle: 'couvreuse', rome: 'F1619' }, cadre)?.texte).toContain('couvreuse');
  });
});

describe('les codes', () => {
  it('chaque métier du lexique existe dans le ROME livré, avec son parent', () => {
    expect(tousLesMetiers().filter((m) => ficheRome(m.rome)?.parent !== m.parent)).toEqual([]);
  });

  it('un métier hors du lexique emprunte les familles d’un métier de même fiche ROME v3', () => {
    expect(famillesDeMetier({ libelle: 'Infirmier coordinateur', rome: 'J1510' })).toEqual(['V1X80']);
    expect(famillesDeMetier({ libelle: 'métier de la restauration', rome: 'G1803' })).toEqual([
      'S2X61',
      'S1X20',
      'S1X40',
    ]);
  });

  it('le ROME livré est ce que l’importeur tire des fichiers officiels', () => {
    const fichiers = [
      'unix_referentiel_code_rome_v460_utf8.csv',
      'unix_rubrique_mobilite_v347_utf8.csv',
      'unix_texte_v347_utf8.csv.gz',
    ].map((nom) => echantillon(`rome/${nom}`, `l’importeur ROME n’est pas rejoué sur ${nom}`));
    const [metiers, mobilite, textes] = fichiers;
    const lu =
      metiers === undefined || mobilite === undefined || textes === undefined
        ? undefined
        : analyserRome(
            {
              metiers: readFileSync(metiers),
              mobilite: readFileSync(mobilite),
              textes: gunzipSync(readFileSync(textes)),
            },
            { version: 'v460', importeLe: '2026-11-21' },
          );
    const livres = [...fichesRome().values()].map((f) => [
      f.code,
      f.libelle,
      f.parent,
      f.transition,
      f.reglemente,
    ]);
    expect(lu === undefined ? livres : lu.ok ? lu.valeur.metiers : lu.refus).toEqual(livres);
    // Counts of the producer's file: 96 green, 261 strategic, 241 regulated.
    const compte = (f: (x: (typeof livres)[number]) => boolean): number => livres.filter(f).length;
    expect([
      livres.length,
      compte((l) => l[3] === 'vert'),
      compte((l) => l[3] === 'strategique'),
      compte((l) => l[4] === true),
    ]).toEqual([1584, 96, 261, 241]);
  });

  it('refuse un fichier ROME coupé', () => {
    const octets = new TextEncoder().encode(
      'code_rome,libelle_rome,transition_eco,emploi_reglemente,code_rome_parent\nA1101,X,,,A1101\n',
    );
    expect(analyserRome({ metiers: octets }, { version: 'v460', importeLe: '2026-11-21' })).toMatchObject({
      ok: false,
      refus: { code: 'fichier-retreci' },
    });
  });
});

describe('la rédaction', () => {
  it('élide, énumère et groupe les chiffres', () => {
    expect([de('aides-soignants'), de('caissiers'), de('hôtesses'), de('horticulteurs')]).toEqual([
      'd’aides-soignants',
      'de caissiers',
      'd’hôtesses',
      'd’horticulteurs',
    ]);
    expect(enumerer(['a', 'b', 'c'])).toBe('a, b et c');
    expect([nombre(591), nombre(1230), nombre(2751069)]).toEqual([
      '591',
      '1\u00A0230',
      '2\u00A0751\u00A0069',
    ]);
  });
});
