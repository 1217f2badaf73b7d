import { describe, expect, it } from 'vitest';
import { RELAIS } from '../../../knowledge/aiguillage/index.ts';
import {
  conseilRegional,
  contactsDe,
  descriptionOperateur,
  idsRelais,
  nomOperateur,
  relaisDe,
  transitionsPro,
} from '../../../knowledge/information/index.ts';
import { communes, regionDeCommune, regions } from '../../../knowledge/territoire/index.ts';
import { OPERATEURS } from '../../../knowledge/vocabulaire/index.ts';

const DIX_HUIT = regions().filter((r) => !r.horsRegions);

describe('l’opérateur régional', () => {
  it.each([
    ['59350', 'Avenir Actifs Hauts-de-France', 'https://hdf.avenir-actifs.org'],
    ['44109', 'Avenir Actifs Pays de la Loire', 'https://pdl.avenir-actifs.org'],
    ['08105', 'Avenir Actifs Grand Est', 'https://grandest.avenir-actifs.org'],
    ['97302', 'Avenir Actifs Guyane', 'https://antillesguyane.avenir-actifs.org'],
    ['97411', 'Avenir Actifs La Réunion', 'https://oceanindien.avenir-actifs.org'],
    ['97611', 'Avenir Actifs Mayotte', 'https://oceanindien.avenir-actifs.org'],
    ['2A004', 'Avenir Actifs Corse', 'https://pacacorse.avenir-actifs.org'],
    ['13055', 'Avenir Actifs Provence-Alpes-Côte d’Azur', 'https://pacacorse.avenir-actifs.org'],
    ['71076', 'Avenir Actifs Bourgogne-Franche-Comté', 'https://bfc.avenir-actifs.org'],
  ])('à %s : %s', (commune, nom, url) => {
    expect(contactsDe('operateur-regional', { commune })).toMatchObject({ nom, url });
  });

  it('ne montre le téléphone que là où il est confirmé, avec le portail', () => {
    expect(contactsDe('operateur-regional', { region: '84' })).toMatchObject({
      telephone: '09 72 01 02 03',
      horaires: 'du lundi au vendredi de 8 h à 19 h, le samedi de 9 h à 12 h',
      url: 'https://ara.avenir-actifs.org',
    });
    const avecTelephone = DIX_HUIT.filter(
      (r) => contactsDe('operateur-regional', { region: r.code }).telephone !== undefined,
    );
    expect(avecTelephone.map((r) => r.code).sort()).toEqual(['04', '75', '84']);
  });

  it('dit ailleurs que le numéro reste à vérifier', () => {
    const { note } = contactsDe('operateur-regional', { region: '32' });
    expect(note).toContain('09 72 01 02 03');
    expect(note).toContain('pas confirmé');
  });

  it('renvoie à mon-cep.org sans région connue, et n’affirme rien hors des 18 régions', () => {
    expect(contactsDe('operateur-regional').url).toBe('https://mon-cep.org/');
    const noumea = contactsDe('operateur-regional', { commune: '98818' });
    expect(noumea.url).toBe('https://mon-cep.org/');
    expect(noumea.telephone).toBeUndefined();
    expect(contactsDe('france-travail', { commune: '97502' }).telephone).toBeUndefined();
  });

  it('se nomme selon la région INSEE, jamais selon un numéro de département', () => {
    expect(nomOperateur('operateur-regional', '44')).toBe('Avenir Actifs Grand Est');
    expect(nomOperateur('operateur-regional', '59')).toBe('opérateur régional du CEP (Avenir Actifs)');
  });
});

describe('les opérateurs nationaux', () => {
  it.each([
    ['france-travail', '3949', 'https://www.francetravail.fr/'],
    ['apec', '0 809 361 212', 'https://www.apec.fr/'],
  ] as const)('%s se joint au %s', (operateur, telephone, url) => {
    expect(contactsDe(operateur, { commune: '59350' })).toMatchObject({ telephone, url });
  });

  it('mission locale et Cap emploi passent par leur annuaire, sans numéro inventé', () => {
    for (const o of ['mission-locale', 'cap-emploi'] as const) {
      const contact = contactsDe(o, { commune: '59350' });
      expect(contact.telephone).toBeUndefined();
      expect(contact.libelleUrl).toMatch(/^Trouver /);
    }
  });

  it('dit que le contact de l’Apec vient d’une source secondaire', () =>
    expect(contactsDe('apec').source.confiance).toBe('sur-tiers'));
});

describe('partout en France', () => {
  it('chaque commune a un contact pour chaque opérateur, et le bon portail régional', () => {
    const parRegion = new Map(
      DIX_HUIT.map((r) => [r.code, contactsDe('operateur-regional', { region: r.code }).url]),
    );
    let horsRegions = 0;
    for (const c of communes()) {
      const { url } = contactsDe('operateur-regional', { commune: c.code });
      const attendu = parRegion.get(regionDeCommune(c.code)?.code ?? '');
      if (attendu === undefined) horsRegions += 1;
      expect(url).toBe(attendu ?? 'https://mon-cep.org/');
    }
    expect(horsRegions).toBe(94);
    expect(new Set(parRegion.values()).size).toBe(14);
  });

  it('chaque région a son association Transitions Pro et sa page de formation', () => {
    expect(new Set(DIX_HUIT.map((r) => transitionsPro(r.code).url)).size).toBe(18);
    expect(new Set(DIX_HUIT.map((r) => conseilRegional(r.code).url)).size).toBe(18);
    expect(transitionsPro('94').url).toBe('https://www.transitionspro-corsica.fr');
    expect(transitionsPro('987').url).toBe('https://www.transitionspro.fr/contacts-en-region/');
  });

  it('chaque opérateur se présente dans les deux registres', () => {
    for (const o of OPERATEURS)
      expect(descriptionOperateur(o, 'falc')).not.toBe(descriptionOperateur(o, 'standard'));
  });
});

describe('les relais', () => {
  it('ont une fiche chacun, et aucune fiche n’est orpheline', () =>
    expect([...idsRelais()].sort()).toEqual([...RELAIS].sort()));

  it('disent comment joindre la porte', () => {
    expect(relaisDe('numero-3114').contact?.telephone).toBe('3114');
    expect(relaisDe('agefiph').contact?.url).toBe('https://www.agefiph.fr/');
    expect(relaisDe('medecin-du-travail').contact).toBeUndefined();
  });

  it('refusent un identifiant inconnu', () => expect(() => relaisDe('inconnu')).toThrow(/inconnu/));
});
