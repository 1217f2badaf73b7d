import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  creerTransmissions,
  estChome,
  estFerie,
  estPromesseManquee,
  jourPromis,
  lireServices,
  momentDe,
  ouvertureDe,
  plagesDuJour,
  promesseDe,
  schemaService,
  servicePour,
  specialitesDe,
  type Horaires,
} from '../../../bot/handover/index.ts';
import { jourDe } from '../../../knowledge/vocabulaire/index.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import '../../support/graine.ts';
import { demandeEssai, journaliseurMuet, servicesEssai } from './jeu.ts';

const a = (instant: string): number => Date.parse(instant);
const JOURNEE = ['09:00-12:00', '14:00-17:00'];
const LUNDI_A_JEUDI: Horaires = {
  semaine: { lundi: JOURNEE, mardi: JOURNEE, mercredi: JOURNEE, jeudi: JOURNEE },
};

describe('le jour promis', () => {
  it('envoyé le vendredi à 18 h à un service ouvert du lundi au jeudi', () => {
    // Vendredi 20 novembre 2026, 18 h à Paris.
    const le = a('2026-11-20T17:00:00Z');
    expect(jourPromis({ horaires: LUNDI_A_JEUDI }, 0, le)).toBe('2026-11-23');
    expect(jourPromis({ horaires: LUNDI_A_JEUDI }, 1, le)).toBe('2026-11-24');
    expect(jourPromis({ horaires: LUNDI_A_JEUDI }, 4, le)).toBe('2026-11-30');
  });

  it('un jour compte jusqu’à la fermeture, pas après', () => {
    expect(jourPromis({ horaires: LUNDI_A_JEUDI }, 0, a('2026-11-23T15:59:00Z'))).toBe('2026-11-23');
    expect(jourPromis({ horaires: LUNDI_A_JEUDI }, 0, a('2026-11-23T16:00:00Z'))).toBe('2026-11-24');
  });

  it('fermé en août : la vraie date, jamais demain', () => {
    const horaires = { ...LUNDI_A_JEUDI, fermetures: [{ du: '2027-08-02', au: '2027-08-31' }] };
    expect(jourPromis({ horaires }, 0, a('2027-07-30T08:00:00Z'))).toBe('2027-09-01');
    expect(jourPromis({ horaires }, 2, a('2027-08-10T08:00:00Z'))).toBe('2027-09-06');
    expect(ouvertureDe(horaires, a('2027-08-10T08:00:00Z'))).toEqual({
      ouvert: false,
      prochaine: { jour: '2027-09-01', heure: '09:00' },
    });
  });

  it('les jours fériés, et une ouverture exceptionnelle qui l’emporte', () => {
    // Lundi de Pâques 29 mars 2027, jour de l’an le vendredi.
    expect(jourPromis({ horaires: LUNDI_A_JEUDI }, 0, a('2027-03-26T10:00:00Z'))).toBe('2027-03-30');
    const horaires = { ...LUNDI_A_JEUDI, ouvertures: [{ le: '2027-03-29', plages: ['10:00-12:00'] }] };
    expect(jourPromis({ horaires }, 0, a('2027-03-26T10:00:00Z'))).toBe('2027-03-29');
  });

  it('les jours fériés locaux, là où est le service', () => {
    // Saint-Étienne 2028 : mardi 26 décembre ; Vendredi saint 2027 : 26 mars.
    expect(estChome('2028-12-26')).toBe(false);
    expect(estChome('2028-12-26', '67')).toBe(true);
    expect(estChome('2027-03-26', '57')).toBe(true);
    expect(estChome('2027-03-26', '54')).toBe(false);
    // The dates service-public.fr gives for 2026 (F2405): Good Friday 3 April; Boxing day is a Saturday. Easter Monday is everybody's.
    expect(['57', '67', '68', '88'].map((d) => estFerie('2026-04-03', d))).toEqual([true, true, true, false]);
    expect(['57', '67', '68', '88'].map((d) => estFerie('2026-12-26', d))).toEqual([true, true, true, false]);
    expect(estFerie('2026-04-06', '88')).toBe(true);
    expect(['971', '972', '973', '974', '976', '977', '978'].map((d) => estChome('2026-05-27', d))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(estChome('2027-12-20', '974')).toBe(true);
    expect(jourPromis({ siege: '68' }, 1, a('2027-03-25T10:00:00Z'))).toBe('2027-03-30');
  });

  it('sans horaires, comme avant : les jours ouvrés', () => {
    expect(jourPromis({}, 3, a('2026-11-20T10:00:00Z'))).toBe('2026-11-25');
  });

  it('rien n’est promis d’un service qui ne rouvre pas', () => {
    const horaires = { ...LUNDI_A_JEUDI, fermetures: [{ du: '2026-11-01', au: '2030-01-01' }] };
    expect(jourPromis({ horaires }, 1, a('2026-11-20T10:00:00Z'))).toBeUndefined();
    expect(ouvertureDe(horaires, a('2026-11-20T10:00:00Z'))).toEqual({ ouvert: false });
  });

  it('toujours un jour ouvert, jamais avant l’envoi, jamais plus tôt pour qui envoie plus tard', () => {
    const minute = fc.integer({ min: 0, max: 1438 });
    const mots = (m: number): string =>
      `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
    const plages = fc
      .uniqueArray(minute, { minLength: 2, maxLength: 4 })
      .filter((m) => m.length % 2 === 0)
      .map((m) => {
        const bornes = m.toSorted((x, y) => x - y).map(mots);
        return bornes.flatMap((b, i) => (i % 2 === 0 ? [`${b}-${bornes[i + 1]}`] : []));
      });
    const jour = fc
      .integer({ min: 0, max: 800 })
      .map((n) => jourDe(a('2026-11-01T12:00:00Z') + n * 86_400_000));
    const horaires = fc.record(
      {
        semaine: fc.record(
          {
            lundi: plages,
            mardi: plages,
            mercredi: plages,
            vendredi: plages,
            samedi: plages,
            dimanche: plages,
          },
          { requiredKeys: ['mardi'] },
        ),
        fermetures: fc.array(
          fc.tuple(jour, jour).map(([x, y]) => (x <= y ? { du: x, au: y } : { du: y, au: x })),
          { maxLength: 2 },
        ),
        ouvertures: fc.array(fc.record({ le: jour, plages }), { maxLength: 2 }),
      },
      { requiredKeys: ['semaine'] },
    );
    const instant = fc.integer({ min: a('2026-11-01T00:00:00Z'), max: a('2028-11-01T00:00:00Z') });
    const siege = fc.constantFrom(undefined, '67', '972');
    fc.assert(
      fc.property(
        horaires,
        siege,
        instant,
        fc.integer({ min: 0, max: 3 * 86_400_000 }),
        fc.integer({ min: 0, max: 8 }),
        (h, s, le, plus, delai) => {
          expect(
            schemaService.safeParse({
              id: 's',
              nom: 'Service',
              operateur: 'apec',
              regions: 'toutes',
              demonstration: false,
              horaires: h,
            }).success,
          ).toBe(true);
          const promis = jourPromis({ horaires: h, siege: s }, delai, le);
          if (promis === undefined) return;
          expect(plagesDuJour(h, promis, s)).not.toEqual([]);
          expect(promis >= jourDe(le)).toBe(true);
          // Open today counts only while it is.
          if (promis === jourDe(le)) {
            const fin = plagesDuJour(h, promis, s).at(-1)?.slice(6) ?? '';
            expect(momentDe(le).heure < fin).toBe(true);
          }
          const suivant = jourPromis({ horaires: h, siege: s }, delai, le + plus);
          expect(suivant === undefined || suivant >= promis).toBe(true);
          const ouverture = ouvertureDe(h, le, { siege: s });
          if (!ouverture.ouvert && ouverture.prochaine !== undefined) {
            const { jour: j, heure } = ouverture.prochaine;
            const ici = momentDe(le);
            expect(`${j} ${heure}` > `${ici.jour} ${ici.heure}`).toBe(true);
          }
        },
      ),
    );
  });
});

describe('ouvert ou fermé', () => {
  it('dit jusqu’à quelle heure, ou quand il ouvre', () => {
    // Lundi 23 novembre 2026 : 10 h, 12 h 30, 17 h 30 à Paris.
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-23T09:00:00Z'))).toEqual({ ouvert: true, jusqua: '12:00' });
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-23T11:30:00Z'))).toEqual({
      ouvert: false,
      prochaine: { jour: '2026-11-23', heure: '14:00' },
    });
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-26T16:30:00Z'))).toEqual({
      ouvert: false,
      prochaine: { jour: '2026-11-30', heure: '09:00' },
    });
  });

  it('suit l’heure de Paris quand elle change', () => {
    const nuit: Horaires = { semaine: { dimanche: ['02:00-04:00'], lundi: ['09:00-10:00'] } };
    // 28 mars 2027 : 2 h devient 3 h à 01:00 UTC.
    expect(ouvertureDe(nuit, a('2027-03-28T00:59:00Z'))).toEqual({
      ouvert: false,
      prochaine: { jour: '2027-03-28', heure: '02:00' },
    });
    expect(ouvertureDe(nuit, a('2027-03-28T01:00:00Z'))).toEqual({ ouvert: true, jusqua: '04:00' });
    expect(ouvertureDe(nuit, a('2027-03-28T02:00:00Z'))).toMatchObject({ ouvert: false });
    // 31 octobre 2027 : 3 h redevient 2 h à 01:00 UTC ; la plage dure trois heures.
    expect(ouvertureDe(nuit, a('2027-10-31T00:30:00Z'))).toEqual({ ouvert: true, jusqua: '04:00' });
    expect(ouvertureDe(nuit, a('2027-10-31T02:59:00Z'))).toEqual({ ouvert: true, jusqua: '04:00' });
    expect(ouvertureDe(nuit, a('2027-10-31T03:00:00Z'))).toMatchObject({ ouvert: false });
    // 9 h d’été et 9 h d’hiver.
    expect(ouvertureDe(nuit, a('2026-10-19T07:30:00Z')).ouvert).toBe(true);
    expect(ouvertureDe(nuit, a('2026-10-26T08:30:00Z')).ouvert).toBe(true);
    expect(ouvertureDe(nuit, a('2026-10-26T07:30:00Z')).ouvert).toBe(false);
  });
});

describe('hors de l’Hexagone, à l’heure du service', () => {
  // La Réunion a quatre heures d’avance sur Greenwich, la Guadeloupe quatre de retard, toute l’année.
  const REUNION = { siege: '974', fuseau: 'Indian/Reunion' };
  const GUADELOUPE = { siege: '971', fuseau: 'America/Guadeloupe' };

  it('à La Réunion', () => {
    // Lundi 23 novembre 2026 : 9 h et 17 h 30 là-bas, 6 h et 14 h 30 à Paris.
    expect(momentDe(a('2026-11-23T05:00:00Z'), 'Indian/Reunion')).toEqual({
      jour: '2026-11-23',
      heure: '09:00',
    });
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-23T05:00:00Z'), REUNION)).toEqual({
      ouvert: true,
      jusqua: '12:00',
    });
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-23T13:30:00Z'), REUNION)).toEqual({
      ouvert: false,
      prochaine: { jour: '2026-11-24', heure: '09:00' },
    });
    expect(jourPromis({ ...REUNION, horaires: LUNDI_A_JEUDI }, 0, a('2026-11-23T13:30:00Z'))).toBe(
      '2026-11-24',
    );
    // Dimanche à Paris, déjà lundi à Saint-Denis.
    expect(jourPromis(REUNION, 1, a('2026-11-22T21:00:00Z'))).toBe('2026-11-24');
    // 20 décembre (abolition de l’esclavage), un lundi en 2027.
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2027-12-20T06:00:00Z'), REUNION)).toEqual({
      ouvert: false,
      prochaine: { jour: '2027-12-21', heure: '09:00' },
    });
  });

  it('en Guadeloupe', () => {
    // Lundi 23 novembre 2026, 16 h 30 là-bas : 21 h 30 à Paris.
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-23T20:30:00Z'), GUADELOUPE)).toEqual({
      ouvert: true,
      jusqua: '17:00',
    });
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-11-23T20:30:00Z')).ouvert).toBe(false);
    expect(jourPromis({ ...GUADELOUPE, horaires: LUNDI_A_JEUDI }, 0, a('2026-11-23T20:30:00Z'))).toBe(
      '2026-11-23',
    );
    // Lundi 22 h à Pointe-à-Pitre, mardi 3 h à Paris : un jour ouvré, c’est mardi.
    expect(jourPromis(GUADELOUPE, 1, a('2026-11-24T02:00:00Z'))).toBe('2026-11-24');
    // 27 mai 2026 (abolition), un mercredi.
    expect(ouvertureDe(LUNDI_A_JEUDI, a('2026-05-27T14:00:00Z'), GUADELOUPE)).toEqual({
      ouvert: false,
      prochaine: { jour: '2026-05-28', heure: '09:00' },
    });
  });

  it.each([
    // Guadeloupe : promis le 24, il y est encore 19 h 30 quand Paris est au 25.
    ['America/Guadeloupe', '2026-11-24T23:30:00Z', false],
    ['America/Guadeloupe', '2026-11-25T04:01:00Z', true],
    // La Réunion : le 25 y commence quand Paris est au 24, 21 h.
    ['Indian/Reunion', '2026-11-24T19:59:00Z', false],
    ['Indian/Reunion', '2026-11-24T20:01:00Z', true],
    [undefined, '2026-11-24T22:59:00Z', false],
    [undefined, '2026-11-24T23:01:00Z', true],
  ])('une promesse se tient ou se rompt à l’heure du service (%s, %s)', async (fuseau, instant, manquee) => {
    let maintenant = a('2026-11-23T15:00:00Z');
    const depot = depotMemoire();
    const chez = servicesEssai.map((s) => ({
      ...s,
      delaiJoursOuvres: 1,
      ...(fuseau === undefined ? {} : { fuseau }),
    }));
    const transmissions = await creerTransmissions({
      depot,
      services: chez,
      horloge: () => maintenant,
      journaliseur: journaliseurMuet,
    });
    const fait = await transmissions.transmettre(demandeEssai());
    if (!fait.ok) throw new Error(fait.refus.code);
    expect(fait.valeur.rappelAvantLe).toBe('2026-11-24');
    maintenant = a(instant);
    const { reference } = fait.valeur;
    await transmissions.balayer();
    const lue = await transmissions.lire(reference);
    expect(lue?.signalees.some((s) => s.id === 'promesse-depassee@2026-11-24')).toBe(manquee);
    if (lue === undefined) throw new Error('absente');
    expect(estPromesseManquee(lue, jourDe(maintenant, fuseau), fuseau)).toBe(manquee);
  });

  it('n’accepte qu’un fuseau de l’IANA', () => {
    const valide = {
      id: 's',
      nom: 'Service',
      operateur: 'apec',
      regions: ['04'],
      demonstration: false,
    };
    for (const fuseau of ['Indian/Reunion', 'America/Guadeloupe', 'Europe/Paris', 'Pacific/Noumea'])
      expect(schemaService.safeParse({ ...valide, fuseau }).success, fuseau).toBe(true);
    for (const fuseau of ['La Réunion', '+04:00', 'Indian/Nulle-Part', 'Etc/GMT-4', 'EST', '', 'UTC'])
      expect(schemaService.safeParse({ ...valide, fuseau }).success, fuseau).toBe(false);
  });
});

const service = (autres: object) =>
  schemaService.parse({
    id: 'aa',
    nom: 'Avenir Actifs',
    operateur: 'operateur-regional',
    regions: 'toutes',
    demonstration: false,
    ...autres,
  });

describe('à qui va la demande', () => {
  const services = [
    service({ id: 'partout' }),
    service({ id: 'hdf', regions: ['32'] }),
    service({ id: 'nord', regions: undefined, departements: ['59', '2A'] }),
    service({ id: 'demission', regions: ['32'], specialites: ['demission', 'cadres'] }),
    service({ id: 'creation', specialites: ['creation'] }),
  ];
  const vers = (...[lieu, quoi]: [Parameters<typeof servicePour>[2], Parameters<typeof specialitesDe>[0]?]) =>
    servicePour(services, 'operateur-regional', lieu, specialitesDe(quoi ?? {}))?.id;

  it('au plus proche, puis à la région, puis à qui prend tout', () => {
    expect(vers({ region: '32', departement: '59' })).toBe('nord');
    expect(vers({ region: '32', departement: '62' })).toBe('hdf');
    expect(vers({ region: '94', departement: '2A' })).toBe('nord');
    expect(vers({ region: '11', departement: '75' })).toBe('partout');
    expect(vers({})).toBe('partout');
  });

  it('à la spécialité d’abord, quand la personne en relève', () => {
    const demission = { profil: { projetDemission: 'oui' } } as const;
    expect(vers({ region: '32', departement: '59' }, demission)).toBe('demission');
    expect(vers({ region: '11' }, demission)).toBe('partout');
    expect(vers({ region: '32' }, { profil: { cadre: 'oui' } })).toBe('demission');
    expect(vers({ region: '11' }, { demande: 'creer-son-activite' })).toBe('creation');
    // Les deux à la fois : l’ordre des spécialités décide.
    expect(vers({ region: '32' }, { demande: 'creer-son-activite', ...demission })).toBe('demission');
    expect(specialitesDe({ demande: 'sante-handicap', profil: { handicap: 'oui', cadre: 'non' } })).toEqual(
      [],
    );
  });

  it('un lieu inconnu ne va qu’à un service qui prend tout', () => {
    expect(servicePour([service({ regions: ['32'] })], 'operateur-regional', {})).toBeUndefined();
    expect(servicePour(services, 'apec', { region: '32' })).toBeUndefined();
  });

  it('le délai du département, de la région, puis celui du service', () => {
    const s = service({
      delaiJoursOuvres: 5,
      delais: [
        { regions: ['32'], joursOuvres: 3 },
        { departements: ['59'], joursOuvres: 1 },
      ],
    });
    const lundi = a('2026-11-23T09:00:00Z');
    expect(promesseDe(s, { region: '32', departement: '59' }, lundi)).toBe('2026-11-24');
    expect(promesseDe(s, { region: '32', departement: '62' }, lundi)).toBe('2026-11-26');
    expect(promesseDe(s, { region: '11' }, lundi)).toBe('2026-11-30');
    expect(promesseDe(service({}), {}, lundi)).toBeUndefined();
  });
});

describe('le fichier des services', () => {
  const lire = (contenu: unknown): ReturnType<typeof lireServices> => {
    const dossier = mkdtempSync(join(tmpdir(), 'cep-services-'));
    const fichier = join(dossier, 'services.json');
    writeFileSync(fichier, JSON.stringify(contenu));
    try {
      return lireServices({ mode: 'production', services: fichier, courriel: false });
    } finally {
      rmSync(dossier, { recursive: true });
    }
  };
  const base = {
    id: 'avenir-actifs-hdf',
    nom: 'Avenir Actifs Hauts-de-France',
    operateur: 'operateur-regional',
    regions: ['32'],
    demonstration: false,
    delaiJoursOuvres: 5,
  };

  it('celui d’avant reste valable, horaires en mots compris', () => {
    expect(lire([base])).toEqual([base]);
    expect(lire([{ ...base, horaires: 'du lundi au jeudi, de 9 h à 17 h' }])[0]).toMatchObject(base);
  });

  it.each([
    [{ horaires: { semaine: { lundi: ['9h-12h'] } } }, /0 → horaires → semaine → lundi → 0 : une plage/],
    [{ horaires: { semaine: { lundi: ['12:00-09:00'] } } }, /lundi → 0 : la fin doit venir après/],
    [{ horaires: { semaine: { lundi: ['09:00-12:00', '11:00-14:00'] } } }, /lundi : la seconde plage/],
    [{ horaires: { semaine: { lundy: JOURNEE } } }, /semaine : .*lundy/],
    [{ horaires: { semaine: {} } }, /semaine : au moins un jour ouvert/],
    [
      { horaires: { ...LUNDI_A_JEUDI, fermetures: [{ du: '2027-08-31', au: '2027-08-01' }] } },
      /fermetures → 0 : la fermeture finit avant/,
    ],
    [
      { horaires: { ...LUNDI_A_JEUDI, ouvertures: [{ le: '2027-02-29', plages: JOURNEE }] } },
      /ouvertures → 0 → le : un jour/,
    ],
    [{ regions: undefined }, /0 → regions : « toutes »/],
    [{ departements: ['590'] }, /departements → 0 : un code de département/],
    [{ specialites: ['sante'] }, /specialites → 0/],
    [{ delais: [{ joursOuvres: 2 }] }, /delais → 0 : des départements ou des régions/],
  ])('refuse %j et nomme le champ', (faute, message) => {
    expect(() => lire([{ ...base, ...faute }])).toThrow(message);
  });

  it('refuse deux services que rien ne départage, et seulement ceux-là', () => {
    const autre = { ...base, id: 'autre' };
    expect(() => lire([base, autre])).toThrow(
      'avenir-actifs-hdf et autre : rien ne permet de choisir entre ces deux services de operateur-regional (tout public ; région 32).',
    );
    expect(() =>
      lire([
        { ...base, specialites: ['cadres'], departements: ['62'] },
        { ...autre, regions: 'toutes', specialites: ['creation', 'cadres'], departements: ['62'] },
      ]),
    ).toThrow('(cadres ; département 62)');
    expect(
      lire([
        base,
        { ...autre, regions: 'toutes' },
        { ...autre, id: 'nord', departements: ['59'], regions: undefined },
        { ...autre, id: 'cadres', specialites: ['cadres'] },
        { ...autre, id: 'apec', operateur: 'apec' },
      ]),
    ).toHaveLength(5);
  });
});
