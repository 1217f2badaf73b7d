import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispositif, dispositifs, dispositifsPour } from '../../../knowledge/information/index.ts';
import { DEMANDES, estJour, type Demande, type Profil } from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-21';
const ids = (profil: Profil, demande?: Demande, le = LE, region?: string): readonly string[] =>
  dispositifsPour({
    profil,
    le,
    ...(demande === undefined ? {} : { demande }),
    ...(region === undefined ? {} : { region }),
  }).map((d) => d.id);

describe('les dispositifs qui conviennent à la personne', () => {
  it('une salariée en CDI qui veut changer de métier : transition professionnelle, CPF, période de reconversion', () => {
    const lus = ids({ activite: 'salarie-prive', contrat: 'cdi', age: 35 }, 'changer-de-metier');
    expect(lus[0]).toBe('ptp');
    expect(lus).toEqual(expect.arrayContaining(['cpf', 'periode-reconversion', 'pmsmp']));
    for (const autre of ['aif', 'faf', 'cej', 'agents-publics-formation', 'formation-pendant-arret', 'arce'])
      expect(lus).not.toContain(autre);
  });

  it('un agent public a ses propres droits, ni CPF en euros, ni transition professionnelle, ni démission-reconversion', () => {
    const lus = ids({ activite: 'agent-public', projetDemission: 'oui' }, 'se-former');
    expect(lus[0]).toBe('agents-publics-formation');
    for (const autre of ['cpf', 'ptp', 'periode-reconversion', 'demission-reconversion'])
      expect(lus).not.toContain(autre);
  });

  it('un indépendant passe par son fonds de formation', () => {
    const lus = ids({ activite: 'independant' }, 'se-former');
    expect(lus[0]).toBe('faf');
    expect(lus).not.toContain('ptp');
  });

  it('un jeune de 19 ans sans emploi : contrat d’engagement jeune d’abord', () => {
    const lus = ids({ activite: 'sans-emploi', age: 19, diplome: 'aucun' }, 'trouver-un-emploi');
    expect(lus[0]).toBe('cej');
    expect(lus).toEqual(expect.arrayContaining(['apprentissage', 'contrat-pro', 'clea']));
  });

  it.each([
    [25, true],
    [26, false],
  ])('à %i ans, contrat d’engagement jeune : %s', (age, ouvert) =>
    expect(ids({ activite: 'sans-emploi', age }, 'trouver-un-emploi').includes('cej')).toBe(ouvert),
  );

  it('jusqu’à 29 ans avec un handicap', () => {
    expect(ids({ activite: 'sans-emploi', age: 29, handicap: 'oui' }, 'trouver-un-emploi')).toContain('cej');
    expect(ids({ activite: 'sans-emploi', age: 30, handicap: 'oui' }, 'trouver-un-emploi')).not.toContain(
      'cej',
    );
  });

  it('la démission-reconversion n’est montrée qu’à un CDI du privé', () => {
    expect(ids({ activite: 'salarie-prive', contrat: 'cdi' }, 'demissionner')[0]).toBe(
      'demission-reconversion',
    );
    for (const contrat of ['cdd', 'interim', 'apprentissage'] as const)
      expect(
        ids({ activite: 'salarie-prive', contrat, projetDemission: 'oui' }, 'demissionner'),
      ).not.toContain('demission-reconversion');
  });

  it('la santé n’entre en jeu que si la personne en a parlé', () => {
    const sans = ids({ activite: 'salarie-prive', contrat: 'cdi' }, 'sante-handicap');
    for (const id of ['rqth', 'agefiph-aides', 'essai-encadre', 'crpe']) expect(sans).not.toContain(id);
    const avec = ids(
      { activite: 'salarie-prive', contrat: 'cdi', suspension: 'arret-maladie', handicap: 'oui' },
      'sante-handicap',
    );
    expect(avec).toEqual(
      expect.arrayContaining(['rqth', 'agefiph-aides', 'essai-encadre', 'crpe', 'formation-pendant-arret']),
    );
  });

  it('Ladom n’apparaît que dans les outre-mer', () => {
    const profil: Profil = { activite: 'sans-emploi' };
    expect(ids(profil, 'se-former', LE, '02')).toContain('ladom-formation');
    expect(ids(profil, 'se-former', LE, '32')).not.toContain('ladom-formation');
  });
});

describe('ce qui change avec le temps', () => {
  it('la période de reconversion commence le 1er février 2026', () => {
    const profil: Profil = { activite: 'salarie-prive', contrat: 'cdi' };
    expect(ids(profil, 'changer-de-metier', '2026-01-31')).not.toContain('periode-reconversion');
    expect(ids(profil, 'changer-de-metier', '2026-02-01')).toContain('periode-reconversion');
  });

  it('le contrat de sécurisation professionnelle n’est plus montré après son échéance', () => {
    const profil: Profil = { activite: 'sans-emploi', csp: 'oui' };
    expect(ids(profil, 'trouver-un-emploi', '2026-12-31')).toContain('csp');
    expect(ids(profil, 'trouver-un-emploi', '2027-01-01')).not.toContain('csp');
  });

  it.each(['pro-a', 'transco', 'vae-inversee', 'afpr', 'fne-formation', 'garantie-jeunes'])(
    '%s n’est jamais proposé, et sa fiche dit ce qu’il en est',
    (id) => {
      expect(dispositif(id)?.statut).not.toBe('en-vigueur');
      for (const demande of DEMANDES)
        for (const activite of ['salarie-prive', 'sans-emploi', 'independant', 'agent-public'] as const)
          expect(ids({ activite, age: 20 }, demande)).not.toContain(id);
    },
  );

  it('la Pro-A renvoie à la période de reconversion', () =>
    expect(dispositif('pro-a')?.remplacePar).toBe('periode-reconversion'));
});

describe('toutes les fiches', () => {
  it('disent qui décide, dans les deux registres, avec une source datée', () => {
    expect(dispositifs().length).toBeGreaterThan(40);
    for (const d of dispositifs()) {
      for (const t of [d.quoi, d.conditions]) expect(t.falc).not.toBe(t.standard);
      expect(d.source.url).toMatch(/^https:/);
      expect(estJour(d.verifieLe)).toBe(true);
    }
  });

  it('restent courtes en facile à lire : quatorze mots au plus par phrase', () => {
    const longues = dispositifs().flatMap((d) =>
      [d.quoi.falc, d.conditions.falc, d.quiDecide.falc, d.montant?.falc ?? '']
        .flatMap((t) => t.split(/(?<=[.?!]) /))
        .filter((phrase) => phrase.split(/\s+/).filter((m) => /\p{L}|\d/u.test(m)).length > 14)
        .map((phrase) => `${d.id} : ${phrase}`),
    );
    expect(longues).toEqual([]);
  });

  it('montrent les montants de 2026', () => {
    expect(dispositif('cpf')?.montant?.standard).toContain('150 €');
    expect(dispositif('bilan-competences')?.montant?.standard).toContain('1 600 €');
    expect(dispositif('c2p')?.montant?.standard).toContain('500 €');
  });

  it('n’échouent sur aucun profil et ne montrent que ce qui est en vigueur', () => {
    const profil = fc.record(
      {
        activite: fc.constantFrom(
          'salarie-prive',
          'agent-public',
          'independant',
          'sans-emploi',
          'etudiant',
          'retraite',
        ),
        contrat: fc.constantFrom('cdi', 'cdd', 'interim', 'apprentissage'),
        age: fc.integer({ min: 15, max: 80 }),
        handicap: fc.constantFrom('oui', 'non', 'prefere-ne-pas-dire'),
        inscritFranceTravail: fc.constantFrom('oui', 'non', 'ne-sait-pas'),
      } as const,
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(profil, fc.constantFrom(...DEMANDES), (p, demande) => {
        for (const d of dispositifsPour({ profil: p as Profil, demande, le: LE })) {
          expect(d.statut).toBe('en-vigueur');
          expect(d.nom).not.toBe('');
        }
      }),
    );
  });
});
