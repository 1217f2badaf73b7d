import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  actionsPermises,
  ajouterJoursOuvres,
  creerTransmissions,
  ETATS,
  schemaService,
  servicePour,
  transition,
  type Transmissions,
} from '../../../bot/handover/index.ts';
import { vers2 } from '../../../bot/handover/fiche.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import type { Depot } from '../../../bot/storage/depot.ts';
import { demandeEssai, documentEssai, journaliseurMuet, servicesEssai } from './jeu.ts';

const R = 'CEP-7K3M9-QXA4T';
const lea = { id: 'c-lea', nom: 'Léa' };
const max = { id: 'c-max', nom: 'Max' };
const JOUR = 86_400_000;

function montre(depart = '2026-11-20T10:00:00Z'): { horloge: () => number; avancer(jours: number): void } {
  let t = Date.parse(depart);
  return { horloge: () => t, avancer: (jours) => void (t += jours * JOUR) };
}

async function ouvrir(
  depot: Depot = depotMemoire(),
  horloge: () => number = montre().horloge,
): Promise<Transmissions> {
  return creerTransmissions({ depot, services: servicesEssai, horloge, journaliseur: journaliseurMuet });
}

const dossiers: string[] = [];
const dossier = (): string => {
  const d = mkdtempSync(join(tmpdir(), 'cep-transmissions-'));
  dossiers.push(d);
  return d;
};
afterAll(() => {
  for (const d of dossiers) rmSync(d, { recursive: true, force: true });
});

describe('états d’une transmission', () => {
  it('un état clos ne mène plus nulle part', () => {
    for (const etat of ETATS.filter((e) => !['ouverte', 'prise-en-charge', 'rendez-vous'].includes(e)))
      expect(actionsPermises(etat)).toEqual([]);
  });

  it('on ne clôt que ce qui a été pris', () => {
    expect(transition('ouverte', 'aboutir')).toEqual({
      ok: false,
      refus: { code: 'transition-interdite', etat: 'ouverte', action: 'aboutir' },
    });
    expect(transition('prise-en-charge', 'aboutir')).toEqual({ ok: true, valeur: 'aboutie' });
    expect(actionsPermises('ouverte')).toEqual([
      'prendre',
      'refuser-reorientation',
      'reorienter',
      'expirer',
      'retirer',
    ]);
  });
});

describe('services connectés', () => {
  it('celui de la région passe avant celui de partout, et sans service rien n’est proposé', () => {
    const partout = { ...servicesEssai[0], id: 'partout', regions: 'toutes' };
    const services = [schemaService.parse(partout), ...servicesEssai];
    expect(servicePour(services, 'operateur-regional', { region: '32' })?.id).toBe('aa-hdf');
    expect(servicePour(services, 'operateur-regional', { region: '11' })?.id).toBe('partout');
    expect(servicePour(servicesEssai, 'operateur-regional', { region: '11' })).toBeUndefined();
    expect(servicePour(servicesEssai, 'operateur-regional', {})).toBeUndefined();
    expect(servicePour(servicesEssai, 'apec', {})?.id).toBe('apec');
  });

  it('compte les jours ouvrés, fériés compris', () => {
    expect(ajouterJoursOuvres('2026-11-20', 3)).toBe('2026-11-25');
    expect(ajouterJoursOuvres('2026-11-21', 0)).toBe('2026-11-23');
    expect(ajouterJoursOuvres('2026-12-24', 1)).toBe('2026-12-28');
    // Pâques 2027 : 28 mars ; lundi de Pâques 29 mars, Ascension 6 mai, lundi de Pentecôte 17 mai.
    expect(ajouterJoursOuvres('2027-03-26', 1)).toBe('2027-03-30');
    expect(ajouterJoursOuvres('2027-05-05', 1)).toBe('2027-05-07');
    expect(ajouterJoursOuvres('2027-05-14', 1)).toBe('2027-05-18');
  });
});

describe('transmettre', () => {
  it('remet le document au service, une seule fois par référence', async () => {
    const t = await ouvrir();
    const premiere = await t.transmettre(demandeEssai());
    expect(premiere).toMatchObject({
      ok: true,
      valeur: { etat: 'ouverte', service: 'aa-hdf', rappelAvantLe: '2026-11-25' },
    });
    const autreContact = demandeEssai({ contact: { moyen: 'courriel', valeur: 'x@exemple.fr' } });
    expect(await t.transmettre(autreContact)).toEqual(premiere);
    expect((await t.lister()).total).toBe(1);
    const [ligne] = (await t.lister()).lignes;
    expect(ligne?.resume.points.map((p) => p.texte)).toEqual([
      'Lille (Nord, Hauts-de-France)',
      'Aide-soignante, aide-soignant',
      'Dans les six mois',
      'Au téléphone',
    ]);
    expect(JSON.stringify(ligne?.resume)).not.toMatch(/Camille|06 12/);
  });

  it('ne promet rien là où aucun délai n’est donné, ne transmet rien là où personne n’est connecté', async () => {
    const t = await ouvrir();
    const apec = await t.transmettre(demandeEssai({ operateur: 'apec' }));
    expect(apec.ok && apec.valeur.rappelAvantLe).toBeUndefined();
    expect(await t.transmettre(demandeEssai({ reference: 'CEP-11111-1111R', region: '11' }))).toEqual({
      ok: false,
      refus: { code: 'aucun-service' },
    });
    expect(
      await t.transmettre(demandeEssai({ reference: 'CEP-11111-1111R', document: documentEssai(R) })),
    ).toEqual({ ok: false, refus: { code: 'reference-differente' } });
  });

  it('ne rouvre pas ce que la personne a retiré', async () => {
    const t = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.retirer(R);
    expect(await t.transmettre(demandeEssai())).toEqual({
      ok: false,
      refus: { code: 'deja-close', etat: 'retiree-par-la-personne' },
    });
  });
});

describe('travailler une transmission', () => {
  it('prendre, noter, fixer un rendez-vous, clore avec un motif de la liste', async () => {
    const t = await ouvrir();
    await t.transmettre(demandeEssai());
    expect(await t.noter(R, lea, { genre: 'note', texte: 'x' })).toEqual({
      ok: false,
      refus: { code: 'pas-a-vous' },
    });
    expect(await t.prendre(R, lea)).toMatchObject({ valeur: { etat: 'prise-en-charge', conseiller: lea } });
    expect(await t.prendre(R, lea)).toMatchObject({ ok: true });
    expect(await t.prendre(R, max)).toEqual({ ok: false, refus: { code: 'deja-prise', par: lea } });
    expect(await t.clore(R, max, 'aboutie', 'reponse-donnee')).toEqual({
      ok: false,
      refus: { code: 'pas-a-vous' },
    });
    await t.noter(R, lea, { genre: 'appel-sans-reponse', texte: 'Rappeler lundi' });
    await t.fixerRendezVous(R, lea, { le: Date.parse('2026-11-27T09:00:00Z'), mode: 'telephone' });
    expect(await t.clore(R, lea, 'aboutie', 'sans-reponse')).toEqual({
      ok: false,
      refus: { code: 'motif-refuse' },
    });
    const close = await t.clore(R, lea, 'aboutie', 'accompagnement-demarre');
    expect(close.ok && close.valeur.transitions.map((x) => x.action)).toEqual([
      'ouvrir',
      'prendre',
      'noter',
      'fixer-rendez-vous',
      'aboutir',
    ]);
    expect(await t.prendre(R, max)).toMatchObject({ refus: { code: 'transition-interdite' } });
    expect(await t.retirer(R)).toMatchObject({ refus: { code: 'transition-interdite' } });
    expect(await t.prendre('CEP-00000-00000', max)).toEqual({ ok: false, refus: { code: 'inconnue' } });
  });

  it('libérer rend la transmission à tous ; seule la supervision libère celle d’un autre', async () => {
    const t = await ouvrir();
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    expect(await t.liberer(R, max)).toEqual({ ok: false, refus: { code: 'pas-a-vous' } });
    expect(await t.liberer(R, max, 'd-office')).toMatchObject({ valeur: { etat: 'ouverte' } });
    expect((await t.lire(R))?.conseiller).toBeUndefined();
    expect(await t.prendre(R, max)).toMatchObject({ valeur: { conseiller: max } });
  });

  it.each([
    ['mille fois', 1000, () => depotMemoire()],
    // On disk each write waits for two fsync: thirty say as much as a thousand.
    ['trente fois, sur disque,', 30, () => depotLowdb({ racine: dossier(), journaliseur: journaliseurMuet })],
  ])('%s deux conseillers au même instant : un seul l’a, chaque fois', async (_, fois, engager) => {
    const t = await ouvrir(engager());
    const perdants = new Set<string>();
    for (let i = 0; i < fois; i += 1) {
      const reference = `ref-${i}`;
      await t.transmettre(demandeEssai({ reference }));
      const faits = await Promise.all(
        i % 2 === 0
          ? [t.prendre(reference, lea), t.prendre(reference, max)]
          : [t.prendre(reference, max), t.prendre(reference, lea)],
      );
      const gagnants = faits.filter((f) => f.ok);
      const refus = faits.flatMap((f) => (f.ok ? [] : [f.refus.code]));
      if (gagnants.length !== 1) perdants.add(reference);
      expect(refus).toEqual(['deja-prise']);
    }
    expect([...perdants]).toEqual([]);
    expect((await t.lister({ etats: ['prise-en-charge'] })).total).toBe(fois);
  });
});

describe('ce qui reste', () => {
  const sousDossier = (d: string): string =>
    readdirSync(d, { recursive: true, withFileTypes: true })
      .map((e) => e.name + (e.isFile() ? readFileSync(join(e.parentPath, e.name), 'utf8') : ''))
      .join('\n');

  it('retirer efface le contenu sur-le-champ ; effacer ne laisse rien', async () => {
    const d = dossier();
    const t = await ouvrir(depotLowdb({ racine: d, journaliseur: journaliseurMuet }));
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    expect(sousDossier(d)).toContain('Camille');
    await t.retirer(R);
    const reste = sousDossier(d);
    expect(reste).toContain('retiree-par-la-personne');
    expect(reste).not.toMatch(/Camille|06 12|soigner|Lille|soignant/);
    expect((await t.lister({ texte: 'camille' })).total).toBe(0);
    expect(await t.effacer(R)).toBe(true);
    expect(sousDossier(d)).not.toContain('7K3M9');
  });

  it('le balayage clôt ce que personne n’a suivi, et oublie au terme prévu', async () => {
    const { horloge, avancer } = montre();
    const t = await ouvrir(depotMemoire(), horloge);
    await t.transmettre(demandeEssai());
    await t.transmettre(demandeEssai({ reference: 'autre' }));
    avancer(60);
    await t.prendre('autre', lea);
    avancer(31);
    expect(await t.balayer()).toMatchObject({ expirees: 1, effacees: 0 });
    expect(await t.lire(R)).toMatchObject({ etat: 'expiree' });
    expect((await t.lire(R))?.contenu).toBeUndefined();
    expect((await t.lire('autre'))?.contenu).toBeDefined();
    await t.clore('autre', lea, 'injoignable', 'sans-reponse');
    avancer(364);
    expect(await t.balayer()).toMatchObject({ expirees: 0, effacees: 0 });
    avancer(2);
    expect(await t.balayer()).toMatchObject({ expirees: 0, effacees: 2 });
    expect((await t.lister()).total).toBe(0);
  });

  it('prévient ceux qui regardent', async () => {
    const t = await ouvrir();
    const vus: string[] = [];
    const arreter = t.surChangement((c) => vus.push(c.etat));
    await t.transmettre(demandeEssai());
    await t.prendre(R, lea);
    await t.prendre(R, lea);
    arreter();
    await t.effacer(R);
    expect(vus).toEqual(['ouverte', 'prise-en-charge']);
  });
});

describe('les messages de la personne', () => {
  it('s’ajoutent une fois, jusqu’à vingt, tant que la demande est en cours', async () => {
    const t = await ouvrir();
    await t.transmettre(demandeEssai());
    for (let i = 1; i <= 20; i += 1) expect((await t.ajouterMessage(R, `message ${i}`)).ok).toBe(true);
    expect((await t.ajouterMessage(R, 'message 3')).ok).toBe(true);
    expect((await t.lire(R))?.contenu?.messages.length).toBe(20);
    expect(await t.ajouterMessage(R, 'message 21')).toEqual({
      ok: false,
      refus: { code: 'trop-de-messages' },
    });
    await t.retirer(R);
    expect((await t.ajouterMessage(R, 'message 22')).ok).toBe(false);
  });

  it('manquaient dans la version 1 : elle se lit encore', async () => {
    const valeur = { reference: R, contenu: { notes: [] } };
    expect(vers2(valeur)).toEqual({ reference: R, contenu: { notes: [], messages: [] } });
    expect(vers2({ reference: R })).toEqual({ reference: R });
  });
});
