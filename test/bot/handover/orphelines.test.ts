import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { monterConsole, type Role, type Session } from '../../../bot/console/index.ts';
import { creerSessions, type Sessions } from '../../../bot/console/sessions.ts';
import {
  creerTransmissions,
  nouvelleReference,
  type ServiceReceveur,
  type Transmissions,
} from '../../../bot/handover/index.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { monterSuivi } from '../../../bot/pages/suivi/index.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import type { Depot } from '../../../bot/storage/depot.ts';
import { demandeEssai, journaliseurMuet, servicesEssai } from './jeu.ts';

const code = (octet: number): string => nouvelleReference((n) => new Uint8Array(n).fill(octet));
/** Its operator leaves the data; its région does; its service leaves the settings. */
const OPERATEUR = code(1);
const REGION = code(2);
const SERVICE = code(3);

let dossier: string;
let depot: Depot;
let transmissions: Transmissions;
let serveur: Serveur;
let sessions: Sessions;
let base: string;

const schemaFichier = z.looseObject({ id: z.string(), valeur: z.looseObject({}) });
const fichiers = (): string[] =>
  readdirSync(join(dossier, 'fiches', 'transmissions')).map((f) =>
    join(dossier, 'fiches', 'transmissions', f),
  );

/** As it would be after a release that dropped a code: the files stay as they were written. */
function vieillir(reference: string, de: string, vers: string): void {
  for (const fichier of fichiers()) {
    const brut = readFileSync(fichier, 'utf8');
    if (schemaFichier.parse(JSON.parse(brut)).id === reference)
      writeFileSync(fichier, brut.replaceAll(`"${de}"`, `"${vers}"`));
  }
}

async function ouvrir(services: readonly ServiceReceveur[]): Promise<void> {
  depot = depotLowdb({ racine: join(dossier, 'fiches'), journaliseur: journaliseurMuet });
  transmissions = await creerTransmissions({
    depot,
    services,
    horloge: Date.now,
    journaliseur: journaliseurMuet,
  });
}

beforeEach(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-orphelines-'));
  await ouvrir(servicesEssai);
  for (const reference of [OPERATEUR, REGION, SERVICE])
    await transmissions.transmettre(demandeEssai({ reference }));
  await depot.fermer();
  vieillir(OPERATEUR, 'operateur-regional', 'ancien-operateur');
  vieillir(REGION, '32', '99');
  // La Réunion: one of the places whose own number is known.
  vieillir(SERVICE, '32', '04');

  // The release, and a service less in the settings.
  await ouvrir(servicesEssai.filter((s) => s.operateur === 'apec'));
  serveur = creerServeur({ hotes: [], https: false, journaliseur: journaliseurMuet, horloge: Date.now });
  const { port } = await serveur.ecouter(0, '127.0.0.1');
  base = `http://127.0.0.1:${port}`;
  const cles = ouvrirCles(dossier).pour('console');
  monterConsole(serveur, {
    transmissions,
    cles,
    horloge: Date.now,
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur: journaliseurMuet,
  });
  monterSuivi(serveur, {
    conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
    transmissions,
    horloge: Date.now,
    telephone: '01 99 00 00 00',
    essaisParAdresse: 0,
    conversationDe: async () => undefined,
    documentDe: async () => undefined,
    apresRetrait: async () => undefined,
    apresReponse: async () => undefined,
    apresRetraitLecture: async () => undefined,
    conservationJours: 30,
    effacer: async (reference) => void (await transmissions.effacer(reference)),
  });
  sessions = creerSessions({ cles, horloge: Date.now, securise: false, dossier });
});
afterEach(async () => {
  await serveur.fermer(100);
  await depot.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

async function suivi(champs: Record<string, string>, registre = ''): Promise<string> {
  const reponse = await fetch(`${base}/suivi${registre}`, {
    method: 'POST',
    body: new URLSearchParams(champs),
  });
  return await reponse.text();
}
async function console_(
  role: Role,
  methode: string,
  chemin: string,
  corps?: object,
  perimetre: Pick<Session, 'operateurs' | 'regions'> = { operateurs: 'tous', regions: 'toutes' },
): Promise<{ statut: number; corps: Record<string, unknown> }> {
  const temoin = sessions.ouvrir({ id: 'sup', nom: 'Dominique', roles: [role], ...perimetre });
  const reponse = await fetch(`${base}/api/console/${chemin}`, {
    method: methode,
    headers: {
      Cookie: temoin.split(';')[0] ?? '',
      'X-Console': '1',
      'Content-Type': 'application/json',
    },
    ...(corps === undefined ? {} : { body: JSON.stringify(corps) }),
  });
  return { statut: reponse.status, corps: z.looseObject({}).parse(await reponse.json()) };
}

describe('un opérateur, une région ou un service retirés pendant que des demandes sont ouvertes', () => {
  it('tout reste lisible, sur le disque comme dans les listes, et rien n’est mis de côté', async () => {
    expect((await transmissions.lister()).total).toBe(3);
    for (const reference of [OPERATEUR, REGION, SERVICE]) {
      const t = await transmissions.lire(reference);
      expect(t?.contenu?.contact.valeur).toBe('06 12 34 56 78');
      expect(t?.etat).toBe('ouverte');
    }
    expect((await transmissions.lire(OPERATEUR))?.operateur).toBe('ancien-operateur');
    expect(readdirSync(join(dossier, 'fiches'))).toEqual(['transmissions']);
    await expect(transmissions.balayer()).resolves.toMatchObject({ expirees: 0, effacees: 0 });
  });

  it('la personne voit où elle en est, qui appeler, et garde tous ses gestes', async () => {
    const [operateur, region, service] = await Promise.all(
      [OPERATEUR, REGION, SERVICE].map((c) => suivi({ code: c })),
    );
    expect(operateur).toContain('un organisme qui n’est plus dans nos listes');
    // Nobody knows that operator's phone any more: the national entry.
    expect(operateur).toContain('Appelez : 01 99 00 00 00');
    expect(service).toContain('Avenir Actifs La Réunion');
    // The phone of the operator there, known from the contacts; where it is not, the national entry.
    expect(region).toContain('Appelez : 01 99 00 00 00');
    expect(service).toContain('Appelez : 09 72 01 02 03');
    for (const page of [operateur, region, service]) {
      expect(page).toContain('n’est plus relié à cet assistant');
      expect(page).toContain('rien n’est perdu');
      expect(page).toContain('value="retirer"');
      expect(page).toContain('Aide-soignante');
    }
    expect(await suivi({ code: OPERATEUR }, '?registre=falc')).toContain('Votre document est gardé.');

    expect(await suivi({ code: OPERATEUR, geste: 'message', message: 'Toujours là ?' })).toContain(
      'Votre message est ajouté',
    );
    const pdf = await fetch(`${base}/suivi`, {
      method: 'POST',
      body: new URLSearchParams({ code: OPERATEUR, geste: 'pdf' }),
    });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(await suivi({ code: OPERATEUR, geste: 'retirer', confirme: 'oui' })).toContain(
      'Votre accord est retiré',
    );
    for (const c of [OPERATEUR, REGION]) await suivi({ code: c, geste: 'effacer', confirme: 'oui' });
    expect(fichiers()).toHaveLength(1);
    expect(
      fichiers()
        .map((f) => readFileSync(f, 'utf8'))
        .join(''),
    ).not.toMatch(new RegExp(`${OPERATEUR}|${REGION}`));
  });

  it('l’encadrement les voit dans sa liste ; qui n’a pas tous les opérateurs ne voit pas celles d’un opérateur disparu', async () => {
    const references = (corps: Record<string, unknown>): string[] =>
      z
        .array(z.looseObject({ reference: z.string() }))
        .parse(corps['orphelines'])
        .map((o) => o.reference);
    const tous = await console_('superviseur', 'GET', 'pilotage');
    expect(references(tous.corps).sort()).toEqual([OPERATEUR, REGION, SERVICE].sort());
    const regional = { operateurs: ['operateur-regional'], regions: ['04'] } as const;
    const sien = { operateurs: [...regional.operateurs], regions: [...regional.regions] };
    expect(
      references((await console_('superviseur', 'GET', 'pilotage', undefined, sien)).corps).sort(),
    ).toEqual([REGION, SERVICE].sort());
    expect((await console_('superviseur', 'GET', `transmissions/${OPERATEUR}`, undefined, sien)).statut).toBe(
      404,
    );
    const fiche = await console_('superviseur', 'GET', `transmissions/${OPERATEUR}`);
    expect(fiche.corps).toMatchObject({
      orpheline: true,
      service: 'un organisme qui n’est plus dans nos listes',
      actions: ['prendre'],
    });
    for (const [role, chemin] of [
      ['observateur', 'indicateurs'],
      ['superviseur', 'transmissions'],
      ['superviseur', 'envois'],
    ] as const)
      expect((await console_(role, 'GET', chemin)).statut).toBe(200);
  });

  it('l’encadrement la reprend, propose un autre service ; elle n’y va qu’avec l’accord de la personne', async () => {
    const chemin = `transmissions/${OPERATEUR}`;
    expect((await console_('superviseur', 'POST', `${chemin}/prendre`, {})).statut).toBe(200);
    const vers = { vers: { type: 'operateur', operateur: 'apec' }, motif: 'autre-operateur-plus-adapte' };
    const propose = await console_('superviseur', 'POST', `${chemin}/reorienter`, vers);
    expect(propose.statut).toBe(200);
    expect(
      (
        await console_('superviseur', 'POST', `${chemin}/reorienter`, {
          ...vers,
          vers: { type: 'operateur', operateur: 'ancien-operateur' },
        })
      ).statut,
    ).toBe(400);
    const avant = await transmissions.lire(OPERATEUR);
    expect(avant).toMatchObject({ operateur: 'ancien-operateur', etat: 'prise-en-charge' });
    expect(await suivi({ code: OPERATEUR })).toContain('Apec');
    await suivi({ code: OPERATEUR, geste: 'accepter', le: String(avant?.reorientation?.le) });
    expect(await transmissions.lire(OPERATEUR)).toMatchObject({
      operateur: 'apec',
      service: 'apec',
      etat: 'ouverte',
      parcours: [{ operateur: 'ancien-operateur' }],
    });
  });

  it('ou la clôt, avec son motif ; et n’a aucun de ces gestes sur une demande que quelqu’un reçoit', async () => {
    await console_('superviseur', 'POST', `transmissions/${SERVICE}/prendre`, {});
    const clos = { etat: 'sans-suite', motif: 'service-retire' };
    expect((await console_('superviseur', 'POST', `transmissions/${SERVICE}/clore`, clos)).statut).toBe(200);
    expect((await transmissions.lire(SERVICE))?.etat).toBe('sans-suite');
    const recue = code(4);
    await transmissions.transmettre(demandeEssai({ reference: recue, operateur: 'apec' }));
    for (const [geste, corps] of [
      ['prendre', {}],
      ['clore', clos],
    ] as const)
      expect((await console_('superviseur', 'POST', `transmissions/${recue}/${geste}`, corps)).statut).toBe(
        404,
      );
    expect((await transmissions.lire(recue))?.etat).toBe('ouverte');
  });
});
