import { describe, expect, it } from 'vitest';
import {
  informer,
  type DemandeInformation,
  type PieceInformation,
} from '../../../knowledge/information/index.ts';
import { pieceMarche } from '../../../knowledge/information/marche.ts';
import { tousLesMetiers } from '../../../knowledge/langage/metiers.ts';
import { communes } from '../../../knowledge/territoire/index.ts';
import { REGISTRES } from '../../../knowledge/vocabulaire/index.ts';

const CAISSIERE = { libelle: 'caissière', rome: 'D1505', role: 'actuel' } as const;
const AIDE_SOIGNANTE = { libelle: 'aide-soignante', rome: 'J1501', role: 'vise' } as const;

const demande = (champs: Partial<DemandeInformation> = {}): DemandeInformation => ({
  le: '2026-11-21',
  profil: { activite: 'salarie-prive' },
  demande: 'changer-de-metier',
  commune: '59350',
  metiers: [CAISSIERE, AIDE_SOIGNANTE],
  ...champs,
});
const pieces = (champs: Partial<DemandeInformation> = {}, registre: 'standard' | 'falc' = 'standard') =>
  informer(demande(champs), registre).pieces;
const trouver = (liste: readonly PieceInformation[], id: string): PieceInformation => {
  const piece = liste.find((p) => p.id === id);
  if (piece === undefined) throw new Error(`pas de pièce ${id} : ${liste.map((p) => p.id).join(', ')}`);
  return piece;
};

describe('informer une caissière de Lille qui veut devenir aide-soignante', () => {
  it('commence par le marché du métier visé, au plus près, avec l’année et le niveau', () => {
    const [marche, acces, dispositif] = pieces();
    expect(marche?.texte).toContain(
      'En 2024, dans le bassin d’emploi de Lille, les employeurs prévoyaient 591 recrutements d’aides-soignants.',
    );
    expect(marche?.texte).toContain('49\u00A0%');
    expect(marche?.texte).not.toMatch(/actuellement|aujourd’hui/u);
    expect(marche?.sources).toEqual([
      expect.objectContaining({ date: '2024', titre: expect.stringContaining('France Travail') }),
    ]);
    expect(acces?.genre).toBe('formation');
    expect(dispositif?.genre).toBe('dispositif');
  });

  it('montre la difficulté à chaque niveau dans un graphique qui se lit aussi en mots', () => {
    const { graphique } = trouver(pieces(), 'marche-J1501');
    expect(graphique?.barres).toEqual([
      { libelle: 'Lille', valeur: 49 },
      { libelle: 'Nord', valeur: 55 },
      { libelle: 'Hauts-de-France', valeur: 57 },
      { libelle: 'France', valeur: 70 },
    ]);
    expect(graphique?.texte).toContain('Lille, 49\u00A0%');
    expect(graphique?.source).toBe('France Travail, enquête BMO 2024');
  });

  it('propose d’essayer le métier, sans toucher au statut, et dit qui le met en place', () => {
    expect(trouver(pieces(), 'immersion').texte).toContain(
      'opérateurs du conseil en évolution professionnelle',
    );
    expect(trouver(pieces({ profil: { activite: 'sans-emploi' } }), 'immersion').texte).toContain(
      'France Travail',
    );
  });

  it('donne les acteurs de la région', () => {
    expect(trouver(pieces(), 'acteurs-32').texte).toContain(
      'Avenir Actifs Hauts-de-France (https://hdf.avenir-actifs.org)',
    );
  });

  it('rapproche d’autres métiers du sien, avec leurs chiffres', () => {
    expect(trouver(pieces(), 'proches-D1505').texte).toContain('employés de libre-service (706)');
  });
});

describe('dire ce que l’on ne sait pas', () => {
  it('passe au niveau plus large quand le chiffre est secret, et le dit', () => {
    // Coiffeurs, bassin de Chinon: secret in the file.
    const { texte } = trouver(
      pieces({ commune: '37072', metiers: [{ libelle: 'coiffeuse', rome: 'D1202', role: 'vise' }] }),
      'marche-D1202',
    );
    expect(texte).toContain('Dans le bassin d’emploi de Chinon, le chiffre est non publié');
    expect(texte).toContain('En 2024, en Indre-et-Loire');
  });

  it('n’invente pas de chiffre pour un métier que l’enquête ne suit pas', () => {
    const { texte, graphique } = trouver(
      pieces({ metiers: [{ libelle: 'policière', rome: 'K1708', role: 'vise' }] }),
      'marche-K1708',
    );
    expect(texte).not.toMatch(/\d/u);
    expect(graphique).toBeUndefined();
  });

  it('donne le chiffre national hors des 18 régions, en disant pourquoi', () => {
    const { texte } = trouver(pieces({ commune: '98735' }), 'marche-J1501');
    expect(texte).toContain('L’enquête ne couvre pas votre territoire');
    expect(texte).toContain(
      'En 2024, en France, les employeurs prévoyaient au moins 58\u00A0356 recrutements',
    );
  });

  it('sans métier, montre ce qui recrute autour et comment explorer', () => {
    const liste = pieces({ metiers: [], demande: 'trouver-un-emploi', commune: '75056' });
    expect(trouver(liste, 'marche-local-bassin-1107').texte).toContain(
      'serveurs de cafés restaurants (8\u00A0322)',
    );
    expect(trouver(liste, 'explorer').texte).not.toBe('');
  });

  it('sans lieu, parle de la France', () => {
    const { commune: _, ...sansLieu } = demande();
    expect(informer(sansLieu, 'standard').pieces[0]?.texte).toContain('En 2024, en France');
  });

  it('prévient qu’un chiffre ancien a pu changer, et se tait quand il est frais', () => {
    expect(trouver(pieces(), 'marche-J1501').texte).toContain('la situation a pu changer depuis');
    expect(trouver(pieces({ le: '2024-06-01' }), 'marche-J1501').texte).not.toContain('a pu changer');
  });

  it('ne dit d’aucun métier qu’il est nuisible : le conducteur routier n’entend rien de tel', () => {
    const textes = pieces({ metiers: [{ libelle: 'conducteur routier', rome: 'N4101', role: 'actuel' }] })
      .map((p) => p.texte)
      .join(' ');
    expect(textes).not.toMatch(/\bbrun/iu);
  });
});

describe('jusqu’où l’on peut aller', () => {
  it('qui peut bouger dans le département lit aussi son chiffre, et ce qui recrute là', () => {
    const liste = pieces({ profil: { mobilite: 'departement' } });
    expect(trouver(liste, 'marche-J1501').texte).toContain('591 recrutements');
    expect(trouver(liste, 'marche-J1501').texte).toContain(
      'Dans le Nord, là où vous pouvez aller, ils en prévoyaient 1\u00A0557.',
    );
    expect(liste.some((p) => p.id === 'marche-local-departement-59')).toBe(true);
  });

  it('qui ne veut pas bouger, ou n’a rien dit, reste au plus près', () => {
    for (const profil of [{}, { mobilite: 'commune' }, { mobilite: 'bassin' }] as const) {
      const texte = trouver(pieces({ profil }), 'marche-J1501').texte;
      expect(texte).not.toContain('là où vous pouvez aller');
    }
  });

  it('où chercher une formation est dit, sans organisme favorisé', () => {
    expect(trouver(pieces(), 'acces-J1501').texte).toContain('moncompteformation.gouv.fr');
  });
});

describe('être bien accueilli', () => {
  it('une personne sourde apprend comment demander un interprète, et le 114', () => {
    const piece = trouver(pieces({ profil: { besoinsAcces: ['lsf'] } }), 'besoins-acces');
    expect(piece.texte).toContain('interprète en langue des signes');
    expect(piece.texte).toContain('114');
    expect(piece.sources).toHaveLength(2);
  });

  it('qui n’a rien dit de tel n’en lit rien', () => {
    expect(pieces().some((p) => p.id === 'besoins-acces')).toBe(false);
  });
});

describe('partout et pour tous', () => {
  it('chaque métier du lexique a des textes sans trou dans les deux registres', () => {
    for (const registre of REGISTRES)
      for (const m of tousLesMetiers()) {
        const liste = pieces({ metiers: [{ libelle: m.feminin, rome: m.rome, role: 'vise' }] }, registre);
        expect(new Set(liste.map((p) => p.id)).size, m.id).toBe(liste.length);
        for (const p of liste) expect(`${p.titre} ${p.texte}`, m.id).not.toMatch(/[{}]|undefined|NaN| {2}/u);
      }
  });

  it('chaque commune reçoit un chiffre à un niveau dit, ou l’aveu que l’enquête ne la couvre pas', () => {
    const compte = new Map<string, number>();
    for (const [rang, { code, region }] of communes().entries()) {
      const cadre = { lieu: { commune: code }, registre: 'standard', le: '2026-11-21' } as const;
      const { texte } = pieceMarche(AIDE_SOIGNANTE, cadre);
      const niveau = texte.includes('ne couvre pas')
        ? 'hors enquête'
        : texte.startsWith('En 2024, dans le bassin')
          ? 'bassin'
          : texte.includes('En 2024, en France')
            ? 'france'
            : 'département ou région';
      compte.set(niveau, (compte.get(niveau) ?? 0) + 1);
      // The whole answer is heavier: one commune in fifty, in every département.
      if (rang % 50 === 0) trouver(pieces({ commune: code }), `acteurs-${region}`);
    }
    console.log('Aides-soignants, communes par niveau :', Object.fromEntries(compte));
    expect(compte.get('hors enquête')).toBe(92);
    expect(compte.get('france') ?? 0).toBe(0);
    expect(compte.get('bassin') ?? 0).toBeGreaterThan(34_000);
  });
});
