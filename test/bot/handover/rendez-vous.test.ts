import { describe, expect, it } from 'vitest';
import {
  autreHorloge,
  instantChez,
  instantDeRendezVous,
  quandChez,
  quandDeRendezVous,
} from '../../../bot/handover/index.ts';
import { motsPourLaPersonne } from '../../../bot/envois/index.ts';
import { demandeEssai, servicesEssai, transmissionsEssai } from './jeu.ts';

const iso = (heure: string, fuseau?: string): string => {
  const lu = instantChez(heure, fuseau);
  return lu.ok ? new Date(lu.valeur).toISOString() : lu.refus.code;
};

describe('l’heure d’un rendez-vous est celle du service', () => {
  it('devient un instant sur l’horloge du service, jamais sur celle de l’ordinateur', () => {
    expect(iso('2027-01-15T10:30')).toBe('2027-01-15T09:30:00.000Z');
    expect(iso('2027-07-15T10:30', 'Europe/Paris')).toBe('2027-07-15T08:30:00.000Z');
    expect(iso('2027-01-15T10:30', 'Indian/Reunion')).toBe('2027-01-15T06:30:00.000Z');
    expect(iso('2027-01-15T10:30', 'America/Martinique')).toBe('2027-01-15T14:30:00.000Z');
    // The day before, in Paris.
    expect(iso('2027-01-15T01:00', 'Indian/Reunion')).toBe('2027-01-14T21:00:00.000Z');
  });

  it('autour des deux changements d’heure, dit la bonne, et refuse celle qui n’existe pas ou vient deux fois', () => {
    // 28 March 2027: 2:00 → 3:00.
    expect(iso('2027-03-28T01:59')).toBe('2027-03-28T00:59:00.000Z');
    expect(iso('2027-03-28T02:00')).toBe('heure-sautee');
    expect(iso('2027-03-28T02:59')).toBe('heure-sautee');
    expect(iso('2027-03-28T03:00')).toBe('2027-03-28T01:00:00.000Z');
    expect(iso('2027-03-27T10:00')).toBe('2027-03-27T09:00:00.000Z');
    expect(iso('2027-03-29T10:00')).toBe('2027-03-29T08:00:00.000Z');
    // 31 October 2027: 3:00 → 2:00.
    expect(iso('2027-10-31T01:59')).toBe('2027-10-30T23:59:00.000Z');
    expect(iso('2027-10-31T02:00')).toBe('heure-double');
    expect(iso('2027-10-31T02:59')).toBe('heure-double');
    expect(iso('2027-10-31T03:00')).toBe('2027-10-31T02:00:00.000Z');
    expect(iso('2027-11-01T10:00')).toBe('2027-11-01T09:00:00.000Z');
    // Nothing changes there.
    expect(iso('2027-03-28T02:30', 'Indian/Reunion')).toBe('2027-03-27T22:30:00.000Z');
    expect(iso('2027-10-31T02:30', 'Indian/Reunion')).toBe('2027-10-30T22:30:00.000Z');
    // Saint-Pierre-et-Miquelon changes on other days: 14 March and 7 November 2027.
    expect(iso('2027-03-14T02:30', 'America/Miquelon')).toBe('heure-sautee');
    expect(iso('2027-11-07T01:30', 'America/Miquelon')).toBe('heure-double');
  });

  it('refuse ce qui n’est pas une heure, ce qui est passé, ce qui est trop loin', () => {
    for (const faux of [
      '',
      '2027-02-29T10:00',
      '2027-01-15',
      '2027-01-15T24:00',
      '15/01/2027 10:30',
      '1768471800000',
    ])
      expect(iso(faux)).toBe('heure-illisible');
    const maintenant = Date.parse('2026-11-20T10:00:00Z');
    const refus = (heure: string, fuseau?: string): unknown => {
      const lu = instantDeRendezVous(heure, fuseau, maintenant);
      return lu.ok ? 'reçue' : lu.refus.code;
    };
    // 11:30 in Paris is to come (it is 11:00 there); it is past in Saint-Denis, where it is 14:00.
    expect(refus('2026-11-20T11:30')).toBe('reçue');
    expect(refus('2026-11-20T11:30', 'Indian/Reunion')).toBe('heure-hors-delai');
    expect(refus('2027-11-21T10:00')).toBe('heure-hors-delai');
  });

  it('se dit avec son horloge, et avec celle de la personne quand elle en a une autre', () => {
    const le = Date.parse('2027-01-15T09:30:00Z');
    const dire = (fuseau?: string, departement?: string): string =>
      quandChez(le, fuseau, { departement, registre: 'standard' });
    expect(dire()).toBe('vendredi 15 janvier 2027 à 10 h 30 (heure de Paris)');
    expect(dire(undefined, '59')).toBe('vendredi 15 janvier 2027 à 10 h 30 (heure de Paris)');
    expect(dire(undefined, '974')).toBe(
      'vendredi 15 janvier 2027 à 10 h 30 (heure de Paris), soit 13 h 30 (heure de La Réunion)',
    );
    expect(dire('Indian/Reunion', '974')).toBe('vendredi 15 janvier 2027 à 13 h 30 (heure de La Réunion)');
    expect(dire('Indian/Reunion', '59')).toBe(
      'vendredi 15 janvier 2027 à 13 h 30 (heure de La Réunion), soit 10 h 30 (heure de Paris)',
    );
    // Not the same day everywhere.
    expect(
      quandChez(Date.parse('2027-01-15T01:00:00Z'), 'Indian/Reunion', {
        departement: '972',
        registre: 'falc',
      }),
    ).toBe(
      'vendredi 15 janvier 2027 à 5 h (heure de La Réunion). Chez vous : jeudi 14 janvier 2027 à 21 h (heure de la Martinique)',
    );
    expect([autreHorloge('974', undefined, 'standard'), autreHorloge('59', undefined, 'standard')]).toEqual([
      'heure de La Réunion',
      undefined,
    ]);
  });
});

describe('un rendez-vous donné', () => {
  const lea = { id: 'lea', nom: 'Léa' };
  const R = 'CEP-7K3M9-QXA4T';
  const le = Date.parse('2026-11-24T09:30:00Z');

  it('se dit à la personne, une fois, puis quand il est déplacé', async () => {
    const t = await transmissionsEssai(() => Date.parse('2026-11-20T10:00:00Z'));
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    const premier = await t.fixerRendezVous(R, lea, { le, mode: 'telephone' });
    const encore = await t.fixerRendezVous(R, lea, { le, mode: 'telephone' });
    expect(
      premier.ok && encore.ok && encore.valeur.transitions.length === premier.valeur.transitions.length,
    ).toBe(true);
    const mots = async (): Promise<string | undefined> => {
      const lue = await t.lire(R);
      return lue === undefined
        ? undefined
        : motsPourLaPersonne(lue, 'rendez-vous-fixe', {
            service: servicesEssai[0],
            telephone: '39 49',
            registre: 'standard',
          })?.texte;
    };
    expect(await mots()).toBe(
      'Un rendez-vous est fixé avec Avenir Actifs Hauts-de-France : mardi 24 novembre 2026 à 10 h 30 (heure de Paris), par téléphone. Pour le déplacer, appelez : 39 49, ou laissez un message sur votre page de suivi.',
    );
    await t.fixerRendezVous(R, lea, { le: le + 3_600_000, mode: 'visio' });
    expect(await mots()).toContain(
      'est déplacé : mardi 24 novembre 2026 à 11 h 30 (heure de Paris), en visioconférence.',
    );
  });

  it('reste quand le dossier est rendu à la file : la personne l’attend', async () => {
    const t = await transmissionsEssai(() => Date.parse('2026-11-20T10:00:00Z'));
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    await t.fixerRendezVous(R, lea, { le, mode: 'telephone' });
    expect(await t.liberer(R, lea)).toMatchObject({ valeur: { etat: 'ouverte', rendezVous: { le } } });
    const lue = await t.prendre(R, { id: 'max', nom: 'Max' });
    expect(lue).toMatchObject({ valeur: { etat: 'prise-en-charge', rendezVous: { le } } });
    expect(lue.ok && quandDeRendezVous(lue.valeur, undefined, 'standard')).toBe(
      'mardi 24 novembre 2026 à 10 h 30 (heure de Paris)',
    );
  });
});

describe('une note', () => {
  it('écrite deux fois parce que la réponse s’est perdue n’est gardée qu’une fois ; deux appels, deux fois', async () => {
    let maintenant = Date.parse('2026-11-20T10:00:00Z');
    const t = await transmissionsEssai(() => maintenant);
    const lea = { id: 'lea', nom: 'Léa' };
    const R = 'CEP-7K3M9-QXA4T';
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    for (const [attente, nombre] of [
      [0, 1],
      [30_000, 1],
      [3_600_000, 2],
    ] as const) {
      maintenant += attente;
      await t.noter(R, lea, { genre: 'appel-sans-reponse', texte: '' });
      expect((await t.lire(R))?.contenu?.notes).toHaveLength(nombre);
    }
    await t.noter(R, lea, { genre: 'note', texte: 'a' });
    await t.noter(R, lea, { genre: 'note', texte: 'b' });
    await t.noter(R, lea, { genre: 'note', texte: 'a' });
    expect((await t.lire(R))?.contenu?.notes.map((n) => n.texte)).toEqual(['', '', 'a', 'b', 'a']);
  });
});
