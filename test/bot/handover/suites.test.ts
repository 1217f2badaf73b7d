import { describe, expect, it } from 'vitest';
import {
  creerTransmissions,
  echeancesAtteintes,
  ETATS_CLOS,
  lireEcheances,
  nomDestination,
  type Consentement,
  type Preparer,
  type ServiceReceveur,
  type Transmissions,
} from '../../../bot/handover/index.ts';
import { vers3 } from '../../../bot/handover/fiche.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import { parleDeSante, sansSante } from '../../../knowledge/dossier/index.ts';
import { demandeEssai, documentEssai, journaliseurMuet, servicesEssai } from './jeu.ts';

const R = 'CEP-7K3M9-QXA4T';
const lea = { id: 'c-lea', nom: 'Léa' };
const max = { id: 'c-max', nom: 'Max' };
const JOUR = 86_400_000;
const CONSENTEMENT: Consentement = { le: 5, texte: 'J’accepte l’Apec.', destinataire: 'Apec' };
const APEC = { type: 'operateur', operateur: 'apec' } as const;

type Banc = {
  readonly t: Transmissions;
  readonly avis: string[];
  avancer(jours: number): void;
};

/** Friday 20 November 2026, ten in Paris. */
async function ouvrir(services: readonly ServiceReceveur[] = servicesEssai): Promise<Banc> {
  let maintenant = Date.parse('2026-11-20T09:00:00Z');
  const avis: string[] = [];
  const preparer: Preparer = async (t, evenement) => void avis.push(`${evenement} ${t.service}`);
  const t = await creerTransmissions({
    depot: depotMemoire(),
    services,
    horloge: () => maintenant,
    journaliseur: journaliseurMuet,
    preparer,
  });
  return { t, avis, avancer: (jours) => void (maintenant += jours * JOUR) };
}

const etatDe = async (t: Transmissions, reference = R): Promise<string> =>
  (await t.lire(reference))?.etat ?? 'absente';

/** A document whose person chose to show their health, made for Cap emploi. */
const documentSante = () => {
  const d = documentEssai();
  return {
    ...d,
    demande: 'sante-handicap' as const,
    operateur: 'cap-emploi' as const,
    sections: d.sections.map((s) =>
      s.id === 'situation'
        ? {
            ...s,
            lignes: [
              ...s.lignes,
              {
                id: 'handicap',
                libelle: 'Handicap',
                texte: 'RQTH',
                retirable: true,
                sensible: 'sante' as const,
              },
            ],
          }
        : s.id === 'orientation'
          ? { ...s, lignes: s.lignes.map((l) => ({ ...l, sensible: 'sante' as const })) }
          : s,
    ),
  };
};

describe('réorienter', () => {
  it('ne part qu’avec l’accord : le premier service garde la demande jusque-là', async () => {
    const { t, avis } = await ouvrir();
    await t.transmettre(demandeEssai());
    expect((await t.proposerReorientation(R, lea, { vers: APEC, motif: 'autre-territoire' })).ok).toBe(false);
    await t.prendre(R, lea);
    await t.noter(R, lea, { genre: 'note', texte: 'note interne' });
    expect(await t.proposerReorientation(R, max, { vers: APEC, motif: 'autre-territoire' })).toEqual({
      ok: false,
      refus: { code: 'pas-a-vous' },
    });
    const chezSoi = { type: 'operateur', operateur: 'operateur-regional' } as const;
    expect(await t.proposerReorientation(R, lea, { vers: chezSoi, motif: 'autre-territoire' })).toEqual({
      ok: false,
      refus: { code: 'meme-service' },
    });
    const fait = await t.proposerReorientation(R, lea, {
      vers: APEC,
      motif: 'autre-operateur-plus-adapte',
      mots: 'Vous êtes cadre.',
    });
    expect(fait.ok && fait.valeur).toMatchObject({
      etat: 'prise-en-charge',
      service: 'aa-hdf',
      operateur: 'operateur-regional',
    });
    expect(avis).toEqual(['demande-recue aa-hdf', 'reorientation-proposee aa-hdf']);

    const le = (await t.lire(R))?.reorientation?.le ?? 0;
    const accord = await t.repondreReorientation(R, le, {
      accord: true,
      consentement: CONSENTEMENT,
      garderSante: false,
    });
    expect(accord.ok).toBe(true);
    const chez = await t.lire(R);
    expect(chez).toMatchObject({
      etat: 'ouverte',
      operateur: 'apec',
      service: 'apec',
      parcours: [
        { operateur: 'operateur-regional', service: 'aa-hdf', motif: 'autre-operateur-plus-adapte' },
      ],
      contenu: { consentement: CONSENTEMENT, notes: [], contact: { valeur: '06 12 34 56 78' } },
    });
    expect(chez?.transitions.map((x) => x.vers).slice(-2)).toEqual(['reorientee', 'ouverte']);
    // What belongs to the first service stayed there: who held it, its notes, its promise.
    expect(chez?.conseiller).toBeUndefined();
    expect(chez?.reorientation).toBeUndefined();
    expect(chez?.rappelAvantLe).toBeUndefined();
    expect(avis.slice(2)).toEqual(['demande-retiree aa-hdf', 'demande-recue apec']);
    expect((await t.lister({ operateurs: ['operateur-regional'] })).total).toBe(0);
    expect((await t.lister({ operateurs: ['apec'], etats: ['ouverte'] })).total).toBe(1);
    expect((await t.prendre(R, max)).ok).toBe(true);
  });

  it('refusée, ne change rien ; répondue deux fois ou remplacée, ne compte pas', async () => {
    const { t, avis, avancer } = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    await t.proposerReorientation(R, lea, { vers: APEC, motif: 'autre-territoire' });
    const premiere = (await t.lire(R))?.reorientation?.le ?? 0;
    avancer(1);
    await t.proposerReorientation(R, lea, {
      vers: { type: 'relais', id: 'transitions-pro' },
      motif: 'relais-plus-adapte',
    });
    const seconde = (await t.lire(R))?.reorientation?.le ?? 0;
    const oui = { accord: true, consentement: CONSENTEMENT, garderSante: true } as const;
    expect(await t.repondreReorientation(R, premiere, oui)).toEqual({
      ok: false,
      refus: { code: 'sans-proposition' },
    });
    expect((await t.repondreReorientation(R, seconde, { accord: false })).ok).toBe(true);
    expect(await t.lire(R)).toMatchObject({ etat: 'prise-en-charge', service: 'aa-hdf', conseiller: lea });
    expect((await t.lire(R))?.transitions.at(-1)).toMatchObject({
      action: 'refuser-reorientation',
      par: { type: 'personne' },
    });
    expect((await t.repondreReorientation(R, seconde, oui)).ok).toBe(false);
    expect(avis.filter((a) => a.startsWith('demande'))).toEqual(['demande-recue aa-hdf']);
  });

  it('vers un relais ou un opérateur non relié, se clôt en disant où aller, contenu effacé', async () => {
    const { t } = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    await t.proposerReorientation(R, lea, {
      vers: { type: 'relais', id: 'transitions-pro' },
      motif: 'relais-plus-adapte',
    });
    const le = (await t.lire(R))?.reorientation?.le ?? 0;
    await t.repondreReorientation(R, le, { accord: true, consentement: CONSENTEMENT, garderSante: false });
    const close = await t.lire(R);
    expect(close).toMatchObject({
      etat: 'reorientee',
      destination: { type: 'relais', id: 'transitions-pro' },
    });
    expect([close?.contenu, close?.reorientation]).toEqual([undefined, undefined]);
    expect(nomDestination({ type: 'relais', id: 'transitions-pro' }, {})).toBe('Transitions Pro');
    expect(nomDestination({ type: 'relais', id: 'retire-des-donnees' }, {})).toBe('retire-des-donnees');
    expect((await t.transmettre(demandeEssai())).ok).toBe(false);
  });

  it('ne dit pas la santé au nouveau service, sauf si la personne le garde', async () => {
    const cap: ServiceReceveur = {
      id: 'cap',
      nom: 'Cap emploi 59',
      operateur: 'cap-emploi',
      regions: 'toutes',
      demonstration: true,
    };
    for (const garderSante of [false, true]) {
      const { t } = await ouvrir([...servicesEssai, cap]);
      await t.transmettre(demandeEssai({ operateur: 'cap-emploi', document: documentSante() }));
      await t.prendre(R, lea);
      await t.confirmerDocument(R, lea, {
        nom: 'Léa',
        service: 'Cap emploi 59',
        complements: [{ section: 'situation', texte: 'poste aménagé depuis mars' }],
      });
      await t.proposerReorientation(R, lea, { vers: APEC, motif: 'autre-operateur-plus-adapte' });
      const le = (await t.lire(R))?.reorientation?.le ?? 0;
      await t.repondreReorientation(R, le, { accord: true, consentement: CONSENTEMENT, garderSante });
      const document = (await t.lire(R))?.contenu?.document;
      expect(document !== undefined && parleDeSante(document)).toBe(garderSante);
      expect(JSON.stringify(document).includes('RQTH')).toBe(garderSante);
      expect(JSON.stringify(document).includes('poste aménagé')).toBe(garderSante);
      if (!garderSante)
        expect(JSON.stringify(document)).not.toMatch(/cap.emploi|sante|"id":"handicap"|aménagé|Léa/i);
    }
    expect(sansSante(documentEssai(), 'apec')).toEqual(documentEssai());
  });

  it('n’est pas un motif de clôture : seul l’accord de la personne y mène', () => {
    expect(ETATS_CLOS).toEqual(['aboutie', 'sans-suite', 'injoignable']);
  });
});

describe('passer la main', () => {
  it('se fait par qui tient la demande, ou d’office, et s’écrit', async () => {
    const { t, avis } = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    expect((await t.transferer(R, max, max)).ok).toBe(false);
    expect((await t.transferer(R, lea, max)).ok).toBe(true);
    expect(await t.lire(R)).toMatchObject({ etat: 'prise-en-charge', conseiller: max });
    expect((await t.lire(R))?.transitions.at(-1)).toMatchObject({ action: 'transferer', a: 'Max' });
    await t.transferer(R, { id: 'chef', nom: 'Chef' }, lea, 'd-office');
    expect((await t.lire(R))?.transitions.at(-1)).toMatchObject({
      action: 'transferer',
      a: 'Léa',
      de: 'Max',
      dOffice: true,
    });
    expect(avis.filter((a) => a.startsWith('changement'))).toHaveLength(2);
    await t.liberer(R, { id: 'chef', nom: 'Chef' }, 'd-office');
    expect((await t.lire(R))?.transitions.at(-1)).toMatchObject({
      action: 'liberer',
      par: { type: 'conseiller', id: 'chef' },
      dOffice: true,
      de: 'Léa',
    });
    await t.prendre(R, lea);
    await t.liberer(R, lea);
    expect((await t.lire(R))?.transitions.at(-1)?.dOffice).toBeUndefined();
  });
});

describe('les échéances', () => {
  // Sent on Friday 20 November, three working days: answer promised by Wednesday 25.
  it('rappellent le dernier jour, disent une fois la promesse manquée, et la retiennent', async () => {
    const { t, avis, avancer } = await ouvrir();
    await t.transmettre(demandeEssai());
    expect((await t.lire(R))?.rappelAvantLe).toBe('2026-11-25');
    avancer(4);
    expect((await t.balayer()).signalees).toBe(0);
    avancer(1);
    expect((await t.balayer()).signalees).toBe(1);
    expect((await t.balayer()).signalees).toBe(0);
    expect(avis.slice(1)).toEqual(['rappel aa-hdf']);
    avancer(1);
    await t.balayer();
    await t.balayer();
    expect(avis.slice(2)).toEqual(['promesse-depassee aa-hdf']);
    const [ligne] = (await t.lister()).lignes;
    expect(ligne?.resume).toMatchObject({ promesseManquee: true, contactee: false });
    // Answered late: the person is no longer waiting, and the promise stays broken, content erased or not.
    await t.prendre(R, lea);
    await t.noter(R, lea, { genre: 'echange', texte: '' });
    expect((await t.lister()).lignes[0]?.resume).toMatchObject({ promesseManquee: true, contactee: true });
    await t.retirer(R);
    expect((await t.lister()).lignes[0]?.resume).toMatchObject({
      promesseManquee: true,
      etat: 'retiree-par-la-personne',
    });
  });

  it('une promesse tenue ne rappelle personne ; prendre sans appeler ne la tient pas', async () => {
    const { t, avis, avancer } = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.transmettre(demandeEssai({ reference: 'CEP-AUTRE' }));
    await t.prendre(R, lea);
    await t.prendre('CEP-AUTRE', lea);
    await t.noter(R, lea, { genre: 'appel-sans-reponse', texte: '' });
    avancer(6);
    await t.balayer();
    expect(avis.filter((a) => !a.startsWith('demande'))).toEqual(['promesse-depassee aa-hdf']);
    expect((await t.lire('CEP-AUTRE'))?.signalees).toMatchObject([{ id: 'promesse-depassee@2026-11-25' }]);
  });

  it('rappellent un rendez-vous passé sans suite, une proposition sans réponse', async () => {
    const { t, avis, avancer } = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    const le = Date.parse('2026-11-24T09:00:00Z');
    await t.fixerRendezVous(R, lea, { le, mode: 'telephone' });
    await t.proposerReorientation(R, lea, { vers: APEC, motif: 'autre-territoire' });
    avancer(5);
    expect((await t.balayer()).signalees).toBe(0);
    avancer(1);
    expect((await t.balayer()).signalees).toBe(1);
    expect((await t.lire(R))?.signalees.map((s) => s.id)).toEqual(['rendez-vous-passe@2026-11-24']);
    avancer(8);
    await t.balayer();
    expect((await t.lire(R))?.signalees.map((s) => s.id)).toEqual([
      'rendez-vous-passe@2026-11-24',
      'reorientation-sans-reponse@2026-11-20',
    ]);
    expect(avis.filter((a) => a === 'rappel aa-hdf')).toHaveLength(2);
  });

  it('sont des données : chacune a un identifiant, un départ et un avis', async () => {
    const regles = lireEcheances();
    expect(regles.map((r) => r.id)).toEqual([
      'promesse-dernier-jour',
      'promesse-depassee',
      'prise-sans-contact',
      'rendez-vous-passe',
      'reorientation-sans-reponse',
    ]);
    const { t } = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    await t.clore(R, lea, 'aboutie', 'reponse-donnee');
    const close = await t.lire(R);
    expect(close === undefined ? [] : echeancesAtteintes(close, regles, '2027-11-20')).toEqual([]);
    expect(await etatDe(t)).toBe('aboutie');
  });
});

it('une fiche de la version 2 reçoit un parcours et des échéances vides', () => {
  expect(vers3({ reference: R, etat: 'ouverte' })).toEqual({
    reference: R,
    etat: 'ouverte',
    parcours: [],
    signalees: [],
  });
});
