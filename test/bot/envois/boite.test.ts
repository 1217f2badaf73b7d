import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  attenteAvantEssai,
  creerCourriel,
  envoyerWebhook,
  lireRetryAfter,
  ouvrirBoite,
  signerCorps,
  verifierSignature,
  type Boite,
} from '../../../bot/envois/index.ts';
import { creerTransmissions, type ServiceReceveur, type Transmissions } from '../../../bot/handover/index.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import type { Depot } from '../../../bot/storage/depot.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { demandeEssai, journaliseurMuet, servicesEssai } from '../handover/jeu.ts';
import { optionsBoite } from './jeu.ts';
import { ouvrirReceveur, type Receveur } from './receveur.ts';

const SECRET = 'un-secret-de-webhook-assez-long-pour-tous';
const R = 'CEP-7K3M9-QXA4T';
const JOUR = 86_400_000;
/** Inside the project, so that its packages and data are found. */
const ENFANT = join(RACINE_PROJET, 'test', 'sorties', `envois-${process.pid}.mjs`);
const racine = mkdtempSync(join(tmpdir(), 'cep-envois-'));
let maintenant = Date.parse('2026-11-20T10:00:00Z');
const horloge = (): number => maintenant;

let receveur: Receveur;
let smtp: SMTPServer;
let portSmtp = 0;
let courriels: string[] = [];
let refusSmtp = 0;

beforeAll(async () => {
  receveur = await ouvrirReceveur();
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(flux, _session, fait) {
      let lu = '';
      flux.on('data', (m: Buffer) => (lu += m.toString('utf8')));
      flux.on('end', () => {
        if (refusSmtp > 0) {
          refusSmtp -= 1;
          return fait(Object.assign(new Error('plus tard'), { responseCode: 451 }));
        }
        courriels.push(lu);
        return fait();
      });
    },
  });
  await new Promise<void>((fait) => smtp.listen(0, '127.0.0.1', fait));
  const adresse = smtp.server.address();
  portSmtp = typeof adresse === 'object' && adresse !== null ? adresse.port : 0;
});
afterAll(async () => {
  await receveur.fermer();
  await new Promise<void>((fait) => smtp.close(fait));
  rmSync(racine, { recursive: true, force: true });
  rmSync(ENFANT, { force: true });
});
afterEach(() => {
  receveur.recus.length = 0;
  receveur.repondre = () => ({ statut: 200 });
  courriels = [];
  refusSmtp = 0;
});

type Ouvert = { readonly boite: Boite; readonly transmissions: Transmissions; readonly dits: string[] };

async function ouvrir(
  depot: Depot = depotMemoire(),
  services: readonly ServiceReceveur[] = servicesEssai.map((s) => ({
    ...s,
    courriel: 'accueil@operateur.exemple',
    webhook: { url: receveur.url, secret: SECRET },
  })),
): Promise<Ouvert> {
  const dits: string[] = [];
  const { envoyer } = creerCourriel(
    { adresse: `smtp://127.0.0.1:${portSmtp}`, expediteur: 'ne-pas-repondre@cep.exemple.fr' },
    horloge,
  );
  const boite = await ouvrirBoite({
    ...optionsBoite({ depot, horloge, services, transmissions: () => transmissions }),
    courriel: envoyer,
    webhook: (avis, vers) => envoyerWebhook(avis, vers, horloge),
    conversation: async (t, evenement) => dits.push(`${t.reference} ${evenement}`) > 0,
    alea: () => 0.5,
  });
  const transmissions: Transmissions = await creerTransmissions({
    depot,
    services,
    horloge,
    journaliseur: journaliseurMuet,
    preparer: boite.preparer,
  });
  return { boite, transmissions, dits };
}

const PERSONNEL = /06 12|Camille|Ördög|caisse|soigner|après 18|CEP-7K3M9|QXA4T/;

describe('la boîte d’envoi', () => {
  it('prévient le service par un courriel et un webhook qui ne disent rien de la personne', async () => {
    const { boite, transmissions } = await ouvrir();
    await transmissions.transmettre(demandeEssai());
    const { identifiant } = (await transmissions.lire(R)) ?? {};
    expect(identifiant).toMatch(/^[0-9a-f]{32}$/);
    maintenant += 3 * 3_600_000;
    expect(await boite.passer()).toEqual({ confirmes: 2, reportes: 0, abandonnes: 0 });

    expect(courriels).toHaveLength(1);
    const [courriel = ''] = courriels;
    expect(courriel).toMatch(/^To: accueil@operateur\.exemple\r$/m);
    expect(courriel).toMatch(new RegExp(`^Message-ID:\\s+<${identifiant}-demande-recue-`, 'm'));
    const corps = Buffer.from(
      (courriel.split('\r\n\r\n').slice(1).join('\r\n\r\n') ?? '')
        .replaceAll(/=\r\n/g, '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, h: string) => String.fromCharCode(parseInt(h, 16))),
      'latin1',
    ).toString('utf8');
    for (const mot of [
      'Changer de métier',
      'Nord',
      '20 novembre 2026',
      'il y a 3 h',
      `https://cep.exemple.fr/console/?demande=${identifiant}`,
    ])
      expect(corps, corps).toContain(mot);
    expect(courriel + corps).not.toMatch(PERSONNEL);

    const [recu] = receveur.recus;
    expect(JSON.parse(recu?.corps ?? '')).toMatchObject({
      version: 1,
      evenement: 'demande-recue',
      dossier: identifiant,
      service: 'aa-hdf',
      operateur: 'operateur-regional',
      region: '32',
      departement: '59',
      demande: 'changer-de-metier',
      deposeeLe: '2026-11-20T10:00:00.000Z',
    });
    expect(JSON.stringify(recu)).not.toMatch(PERSONNEL);
    expect(
      verifierSignature(
        SECRET,
        String(recu?.entetes['x-cep-signature']),
        recu?.corps ?? '',
        Math.floor(maintenant / 1000),
      ),
    ).toBe(true);
    // Asked again, whoever asks: nothing leaves twice.
    await transmissions.transmettre(demandeEssai());
    expect(await boite.passer()).toEqual({ confirmes: 0, reportes: 0, abandonnes: 0 });
    expect(receveur.recus).toHaveLength(1);
  });

  it('n’envoie rien tant que rien n’est réglé', async () => {
    const { boite, transmissions } = await ouvrir(depotMemoire(), servicesEssai);
    await transmissions.transmettre(demandeEssai());
    await transmissions.prendre(R, { id: 'lea', nom: 'Léa' });
    expect(await boite.passer()).toEqual({ confirmes: 0, reportes: 0, abandonnes: 0 });
    expect([await boite.lister('a-envoyer'), receveur.recus, courriels]).toEqual([[], [], []]);
  });

  it('réessaie avec la même clé, de plus en plus tard, et se tait dès que c’est reçu', async () => {
    const { boite, transmissions } = await ouvrir();
    receveur.repondre = (n) =>
      n < 4 ? (n === 2 ? { statut: 200, muet: true } : { statut: 503 }) : { statut: 204 };
    refusSmtp = 1;
    await transmissions.transmettre(demandeEssai());
    const attentes = [22_500, 45_000, 90_000];
    for (const attente of attentes) {
      expect((await boite.passer()).reportes).toBeGreaterThan(0);
      maintenant += attente - 1;
      await boite.passer();
      maintenant += 1;
    }
    await boite.passer();
    expect(receveur.recus).toHaveLength(4);
    expect(new Set(receveur.recus.map((r) => r.entetes['idempotency-key'])).size).toBe(1);
    expect(courriels).toHaveLength(1);
    maintenant += JOUR;
    expect(await boite.passer()).toEqual({ confirmes: 0, reportes: 0, abandonnes: 0 });
  });

  it('obéit à Retry-After', async () => {
    const { boite, transmissions } = await ouvrir();
    receveur.repondre = (n) =>
      n === 1 ? { statut: 429, entetes: { 'Retry-After': '3600' } } : { statut: 200 };
    await transmissions.transmettre(demandeEssai());
    await boite.passer();
    maintenant += 3_599_000;
    await boite.passer();
    expect(receveur.recus).toHaveLength(1);
    maintenant += 1_000;
    await boite.passer();
    expect(receveur.recus).toHaveLength(2);
  });

  it('abandonne après vingt-quatre essais, le montre sans rien de la personne, et reprend quand on le lui dit', async () => {
    const { boite, transmissions } = await ouvrir();
    receveur.repondre = () => ({ statut: 404 });
    await transmissions.transmettre(demandeEssai());
    const debut = maintenant;
    for (let i = 0; i < 24; i += 1) {
      await boite.passer();
      maintenant += 6 * 3_600_000;
    }
    expect(maintenant - debut).toBeLessThan(7 * JOUR);
    expect(receveur.recus).toHaveLength(24);
    const morts = await boite.lister('abandonne');
    expect(morts).toMatchObject([{ canal: 'webhook', raison: 'http-404', essais: 24, service: 'aa-hdf' }]);
    expect(JSON.stringify(morts)).not.toMatch(PERSONNEL);
    expect(await boite.lister('abandonne', { operateurs: ['apec'] })).toEqual([]);
    receveur.repondre = () => ({ statut: 200 });
    expect(await boite.relancer('inconnue')).toBe(false);
    expect(await boite.relancer(morts[0]?.cle ?? '')).toBe(true);
    expect((await boite.passer()).confirmes).toBe(1);
    expect(await boite.lister('abandonne')).toEqual([]);
  });

  it('ne suit pas une redirection', async () => {
    const { boite, transmissions } = await ouvrir();
    receveur.repondre = () => ({ statut: 307, entetes: { Location: `${receveur.url}/ailleurs` } });
    await transmissions.transmettre(demandeEssai());
    await boite.passer();
    expect(receveur.recus).toHaveLength(1);
    expect(await boite.lister('a-envoyer')).toMatchObject([{ raison: 'http-307' }]);
  });

  it('ne garde rien d’une demande effacée, prévient de son retrait', async () => {
    const dossier = mkdtempSync(join(racine, 'e'));
    const depot = depotLowdb({ racine: dossier, journaliseur: journaliseurMuet });
    const { boite, transmissions } = await ouvrir(depot);
    receveur.repondre = () => ({ statut: 500 });
    await transmissions.transmettre(demandeEssai());
    await boite.passer();
    await transmissions.retirer(R);
    receveur.repondre = () => ({ statut: 200 });
    maintenant += JOUR;
    await boite.passer();
    expect(receveur.recus.map((r) => (JSON.parse(r.corps) as { evenement: string }).evenement)).toEqual([
      'demande-recue',
      'demande-retiree',
    ]);
    const { identifiant = '' } = (await transmissions.lire(R)) ?? {};
    await transmissions.effacer(R);
    await boite.oublier(R);
    const restes = readdirSync(dossier, { recursive: true, withFileTypes: true })
      .filter((f) => f.isFile())
      .map((f) => f.name + readFileSync(join(f.parentPath, f.name), 'utf8'));
    expect(restes.filter((f) => f.includes(R) || f.includes(identifiant))).toEqual([]);
  });

  it('oublie un avis dont la demande n’a jamais été écrite, après une minute', async () => {
    const depot = depotMemoire();
    const { boite, transmissions } = await ouvrir(depot);
    await transmissions.transmettre(demandeEssai());
    // A stop before the handover was written leaves the notice alone.
    await transmissions.effacer(R);
    await boite.passer();
    expect(await boite.lister('a-envoyer')).toHaveLength(2);
    maintenant += 61_000;
    await boite.passer();
    expect([await boite.lister('a-envoyer'), receveur.recus]).toEqual([[], []]);
  });
});

describe('un arrêt brutal', () => {
  const lancer = async (
    dossier: string,
    debut: number,
    envoyer: boolean,
    quand: number,
  ): Promise<string[]> => {
    const enfant = spawn(
      process.execPath,
      [ENFANT, dossier, receveur.url, String(debut), envoyer ? 'envoyer' : ''],
      { cwd: RACINE_PROJET, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let dit = '';
    const assez = new Promise<void>((fait, rate) => {
      enfant.once('exit', () => rate(new Error('le processus s’est arrêté tout seul')));
      enfant.stdout.on('data', (m: Buffer) => {
        dit += m.toString('utf8');
        if (dit.split('\n').length > quand) fait();
      });
    });
    const mort = new Promise((r) => enfant.once('exit', r));
    await assez;
    enfant.kill('SIGKILL');
    await mort;
    return dit.split('\n').slice(0, -1);
  };

  it('entre l’écriture et l’envoi ne perd aucun avis, et n’en répète aucun de confirmé', async () => {
    await build({
      entryPoints: [join(RACINE_PROJET, 'test/bot/envois/enfant.ts')],
      outfile: ENFANT,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    const dossier = mkdtempSync(join(racine, 'k'));
    maintenant = Date.now();
    const ecrites: string[] = [];
    // Twice without a single send, then twice in the middle of sending.
    for (const [tour, envoyer] of [false, false, true, true].entries())
      ecrites.push(...(await lancer(dossier, tour * 1000, envoyer, 12)));
    expect(ecrites.length).toBeGreaterThanOrEqual(48);

    maintenant = Date.now() + JOUR;
    const depot = depotLowdb({ racine: join(dossier, 'fiches'), journaliseur: journaliseurMuet });
    const { boite, transmissions } = await ouvrir(
      depot,
      servicesEssai.map((s) => ({ ...s, webhook: { url: receveur.url, secret: SECRET } })),
    );
    await boite.passer();
    expect(await boite.lister('a-envoyer')).toEqual([]);
    const parDossier = new Map<string, Set<string>>();
    for (const { corps, entetes } of receveur.recus) {
      const { dossier: identifiant } = JSON.parse(corps) as { dossier: string };
      const cles = parDossier.get(identifiant) ?? new Set();
      parDossier.set(identifiant, cles.add(String(entetes['idempotency-key'])));
    }
    for (const reference of ecrites) {
      const t = await transmissions.lire(reference);
      expect(parDossier.get(t?.identifiant ?? '')?.size, reference).toBe(1);
    }
    // What was being sent at the instant of the kill may arrive twice, under the same key; nothing else may.
    expect(receveur.recus.length).toBeLessThanOrEqual(parDossier.size + 2);
    const apres = receveur.recus.length;
    maintenant += JOUR;
    await boite.passer();
    expect(receveur.recus).toHaveLength(apres);
  });
});

describe('la signature et les attentes', () => {
  it('refuse un corps changé, un autre secret, une vieille signature', () => {
    const corps = '{"version":1}';
    const entete = signerCorps(SECRET, 1_000_000, corps);
    // Computed apart: printf '1000000.{"version":1}' | openssl dgst -sha256 -hmac "$SECRET"
    expect(entete).toBe('t=1000000,v1=f89be48698e209639a34d4f1a7a660682fd64042a78043163f61fd6a3bfbab50');
    expect(verifierSignature(SECRET, entete, corps, 1_000_300)).toBe(true);
    expect(verifierSignature(SECRET, entete, corps, 1_000_301)).toBe(false);
    expect(verifierSignature(SECRET, entete, `${corps} `, 1_000_000)).toBe(false);
    expect(verifierSignature(`${SECRET}x`, entete, corps, 1_000_000)).toBe(false);
    expect(verifierSignature(SECRET, entete.replace('t=1000000', 't=1000001'), corps, 1_000_000)).toBe(false);
    for (const faux of ['', 't=1', 'v1=00', 't=x,v1=00', `${entete},v1=00`])
      expect(verifierSignature(SECRET, faux, corps, 1_000_000)).toBe(false);
  });

  it('double l’attente jusqu’à six heures, entre la moitié et le tout', () => {
    expect([1, 2, 3, 10, 40].map((n) => attenteAvantEssai(n, 1))).toEqual([
      30_000, 60_000, 120_000, 15_360_000, 21_600_000,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, alea) => {
        const attente = attenteAvantEssai(n, alea);
        expect(attente).toBeGreaterThanOrEqual(attenteAvantEssai(n, 1) / 2);
        expect(attente).toBeLessThanOrEqual(attenteAvantEssai(n, 1));
      }),
    );
  });

  it('lit Retry-After en secondes ou en date, au plus un jour', () => {
    const le = Date.parse('2026-11-20T10:00:00Z');
    expect(lireRetryAfter('120', le)).toBe(120_000);
    expect(lireRetryAfter('Fri, 20 Nov 2026 10:01:00 GMT', le)).toBe(60_000);
    expect(lireRetryAfter('Fri, 20 Nov 2026 09:00:00 GMT', le)).toBe(0);
    expect(lireRetryAfter('99999999', le)).toBe(86_400_000);
    for (const rien of [null, '', 'bientôt', '-5x']) expect(lireRetryAfter(rien, le)).toBeUndefined();
  });
});
