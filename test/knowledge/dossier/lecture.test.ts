import { describe, expect, it } from 'vitest';
import {
  evoqueSante,
  motsDeLecture,
  parolesMontrees,
  type ParoleLue,
} from '../../../knowledge/dossier/index.ts';

const LE = Date.parse('2026-11-20T10:00:00Z');
let rang = 0;
const personne = (texte: string, valeur?: Record<string, unknown>): ParoleLue => ({
  id: `p${(rang += 1)}`,
  le: LE,
  de: 'personne',
  texte,
  ...(valeur === undefined ? {} : { valeur }),
});
const assistant = (texte: string, autres: Partial<ParoleLue> = {}): ParoleLue => ({
  id: `a${(rang += 1)}`,
  le: LE,
  de: 'assistant',
  texte,
  ...autres,
});
const montres = (paroles: readonly ParoleLue[], sante = false): string[] =>
  parolesMontrees(paroles, { sante }).map((p) => p.texte);

describe('ce qui parle de santé', () => {
  it.each([
    'j’ai une RQTH',
    'je suis en arrêt depuis deux mois',
    'mal au dos, je ne peux plus porter',
    'j’ai fait une dépression',
    'déclaré inapte par le médecin du travail',
    'je suis suivi par Cap emploi',
    'on m’a diagnostiqué un TDAH',
    'je suis sourde',
    'burn-out en mars',
    'je prends un traitement lourd',
  ])('« %s »', (phrase) => expect(evoqueSante(phrase, LE)).toBe(true));

  it.each([
    'je suis caissière à Lille',
    'je voudrais devenir aide-soignante',
    'je travaille à l’hôpital comme agent d’entretien',
    'je cherche une formation de soudeur',
    'êtes-vous cadre ?',
  ])('pas « %s »', (phrase) => expect(evoqueSante(phrase, LE)).toBe(false));
});

describe('une conversation que la personne laisse lire', () => {
  it('qui ne parle pas de santé se lit en entier, les deux côtés', () => {
    const tout = [
      assistant('Qu’est-ce qui vous amène ?'),
      personne('je suis caissière à Lille'),
      assistant('Êtes-vous cadre ?', { champs: ['cadre'] }),
      personne('Non', { action: 'repondre', champ: 'cadre', valeur: 'non' }),
    ];
    expect(montres(tout)).toEqual([
      'Qu’est-ce qui vous amène ?',
      'je suis caissière à Lille',
      'Êtes-vous cadre ?',
      'Non',
    ]);
  });

  it('santé retirée du document : ni ce qui en parle, ni ce qui y répond, et rien n’en marque la place', () => {
    const dit = personne('caissière, RQTH, je veux changer');
    const tout = [
      personne('bonjour'),
      dit,
      assistant('J’ai noté ceci.', { repond: dit.id }),
      personne('Lille'),
      assistant('Cap emploi accompagne les personnes handicapées.'),
      assistant('Merci.'),
    ];
    expect(montres(tout)).toEqual(['bonjour', 'Lille', 'Merci.']);
    expect(montres(tout, true)).toHaveLength(6);
  });

  it.each(['oui', 'non', 'prefere-ne-pas-dire'])(
    'la question sur le handicap et sa réponse (%s, bouton ou mots) disparaissent pareillement',
    (valeur) => {
      const question = assistant('Souhaitez-vous en parler ?', { champs: ['handicap'] });
      const suite = assistant('Voici les métiers.');
      for (const reponse of [
        personne('Ma réponse', { action: 'repondre', champ: 'handicap', valeur }),
        personne('oui'),
      ])
        expect(montres([question, reponse, suite])).toEqual(['Voici les métiers.']);
    },
  );

  it('un bouton qui nomme la santé ou Cap emploi est caché, sa réponse ordinaire reste', () => {
    for (const valeur of [
      { action: 'demande', demande: 'sante-handicap' },
      { action: 'choisir', operateur: 'cap-emploi' },
      { action: 'corriger', cible: 'inaptitude' },
      { action: 'repondre', champ: 'accompagnement', valeur: 'cap-emploi' },
      { action: 'repondre', champ: 'suspension', valeur: 'arret-maladie' },
    ])
      expect(montres([personne('Ceci', valeur), assistant('Très bien.')]), JSON.stringify(valeur)).toEqual([
        'Très bien.',
      ]);
    expect(montres([personne('Apec', { action: 'choisir', operateur: 'apec' })])).toEqual(['Apec']);
  });

  it('un moment de détresse ou de danger n’est jamais montré, ni ce qui y répond, santé gardée ou non', () => {
    for (const cri of ['je veux mourir', 'mon mari me frappe']) {
      const dit = personne(cri);
      const tout = [
        personne('bonjour'),
        dit,
        assistant('Appelez le 3114.', { repond: dit.id }),
        assistant('Je suis là.'),
        personne('merci'),
      ];
      for (const sante of [true, false]) expect(montres(tout, sante), cri).toEqual(['bonjour', 'merci']);
    }
  });

  it('sans dire à quoi il répond, l’assistant répond au dernier message', () => {
    expect(
      montres([personne('je veux mourir'), assistant('Appelez.'), personne('Lille'), assistant('Oui.')]),
    ).toEqual(['Lille', 'Oui.']);
  });

  it('le libellé d’un bouton vient d’un navigateur : ce qui y serait glissé est masqué', () => {
    const [vu = ''] = montres([personne('mon numéro 2 85 05 59 350 123 27', { action: 'reprendre' })]);
    expect(vu).not.toContain('85 05 59');
  });
});

describe('les mots de l’accord', () => {
  it('disent quoi, à qui, jusqu’à quand, et comment le retirer, dans les deux registres', () => {
    for (const registre of ['standard', 'falc'] as const)
      for (const sante of ['montree', 'cachee', 'selon-choix'] as const) {
        const { accord, precision, entier } = motsDeLecture(registre, { service: 'Apec', sante, jours: 30 });
        expect(accord).toContain('Apec');
        expect(precision).toContain('30 jours');
        expect(precision).toMatch(/page de suivi/);
        expect(precision).toMatch(/détresse/);
        expect(precision).toMatch(/santé/);
        expect(entier.length).toBeLessThan(2_000);
        expect(entier).toBe(`${accord} ${precision}`);
      }
  });
});
