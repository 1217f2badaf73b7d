import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole } from '../../../bot/console/index.ts';
import { creerFournisseur, identiteDe, schemaCorrespondances } from '../../../bot/console/openid.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../../bot/http/index.ts';
import { portLibre } from '../../support/serveur.ts';
import { MUET } from '../channels/banc.ts';
import { demandeEssai, transmissionsEssai } from '../handover/jeu.ts';

const CORRESPONDANCES = schemaCorrespondances.parse({
  roles: {
    revendication: 'groups',
    valeurs: {
      'cep-conseil': 'conseiller',
      'cep-chef': 'superviseur',
      'cep-tech': 'mainteneur',
      'cep-vue': 'observateur',
    },
  },
  operateurs: { revendication: 'structure', valeurs: { aa: 'operateur-regional', apec: 'apec' } },
  regions: { revendication: 'regions', valeurs: { hdf: '32', idf: '11' } },
});

/** What the directory says of each made-up person. */
const ANNUAIRE: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = {
  lea: { name: 'Léa Durand', groups: ['autre', 'cep-conseil'], structure: 'aa', regions: ['hdf'] },
  max: { name: 'Max', groups: ['cep-conseil'], structure: 'apec', regions: ['idf'] },
  sam: { name: 'Sam', groups: ['cep-chef'], structure: 'aa', regions: ['hdf'] },
  mia: { name: 'Mia', groups: ['cep-tech'], structure: 'aa', regions: ['hdf'] },
  ola: { name: 'Ola', groups: ['cep-vue'], structure: 'aa', regions: ['hdf'] },
  luc: { name: 'Luc', groups: ['cep-conseil'], structure: 'aa', regions: ['lune'] },
  ines: { name: 'Inès', groups: ['comptabilite'], structure: 'aa', regions: ['hdf'] },
};

let fournisseur: Server;
let emetteur: string;
let serveur: Serveur;
let base: string;
let dossier: string;
let decalage = 0;

beforeAll(async () => {
  const [portFournisseur, port] = [await portLibre(), await portLibre()];
  emetteur = `http://127.0.0.1:${portFournisseur}`;
  base = `http://127.0.0.1:${port}`;
  const provider = new Provider(emetteur, {
    clients: [
      {
        client_id: 'console',
        client_secret: 'un-secret-assez-long-pour-les-tests',
        redirect_uris: [`${base}/console/retour`],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'groups', 'structure', 'regions'] },
    findAccount: (_contexte: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, ...ANNUAIRE[sub] }),
    }),
    cookies: { keys: ['essai'] },
  });
  fournisseur = createServer(provider.callback());
  await new Promise<void>((fait) => fournisseur.listen(portFournisseur, '127.0.0.1', fait));

  dossier = mkdtempSync(join(tmpdir(), 'cep-openid-'));
  const horloge = (): number => Date.now() + decalage;
  const transmissions = await transmissionsEssai(horloge);
  await transmissions.transmettre(demandeEssai({ reference: 'CEP-OPENID' }));
  serveur = creerServeur({ hotes: [], https: false, journaliseur: MUET, horloge });
  await serveur.ecouter(port, '127.0.0.1');
  monterConsole(serveur, {
    transmissions,
    cles: ouvrirCles(dossier).pour('console'),
    horloge,
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur: MUET,
    openid: {
      emetteur,
      clientId: 'console',
      clientSecret: 'un-secret-assez-long-pour-les-tests',
      correspondances: CORRESPONDANCES,
    },
  });
});
afterAll(async () => {
  await serveur.fermer(100);
  fournisseur.closeAllConnections();
  fournisseur.close();
  rmSync(dossier, { recursive: true, force: true });
});

/** A browser without a screen: one cookie jar per host, redirections followed by hand. */
class Navigateur {
  readonly temoins = new Map<string, Map<string, string>>();

  async ouvrir(adresse: string, corps?: URLSearchParams): Promise<Response> {
    const { host } = new URL(adresse);
    const pot = this.temoins.get(host) ?? new Map<string, string>();
    this.temoins.set(host, pot);
    const reponse = await fetch(adresse, {
      redirect: 'manual',
      headers: { Cookie: [...pot].map(([n, v]) => `${n}=${v}`).join('; ') },
      ...(corps === undefined ? {} : { method: 'POST', body: corps }),
    });
    for (const pose of reponse.headers.getSetCookie()) {
      const [nom = '', ...valeur] = (pose.split(';')[0] ?? '').split('=');
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(pose)) pot.delete(nom);
      else pot.set(nom, valeur.join('='));
    }
    return reponse;
  }

  /** Signs in at the provider and stops at the address it sends back to us. */
  async jusquAuRetour(qui: string): Promise<string> {
    const depart = (await this.ouvrir(`${base}/console/connexion`)).headers.get('location') ?? '';
    return this.suivreJusquA(depart, `${base}/console/retour`, qui);
  }

  async suivreJusquA(depart: string, retour: string, qui: string): Promise<string> {
    let adresse = depart;
    for (let i = 0; i < 12; i += 1) {
      if (adresse.startsWith(retour)) return adresse;
      const reponse = await this.ouvrir(adresse);
      const vers = reponse.headers.get('location');
      if (vers !== null) {
        adresse = new URL(vers, adresse).href;
        continue;
      }
      const html = await reponse.text();
      const action = /action="([^"]+)"/.exec(html)?.[1] ?? '';
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1] ?? '';
      const envoi = await this.ouvrir(
        new URL(action, adresse).href,
        new URLSearchParams({ prompt, login: qui, password: 'x' }),
      );
      adresse = new URL(envoi.headers.get('location') ?? '', adresse).href;
    }
    throw new Error(`pas de retour : ${adresse}`);
  }

  statut = async (chemin: string): Promise<number> => (await this.ouvrir(`${base}${chemin}`)).status;
}

describe('la connexion par un fournisseur d’identité', () => {
  it('part avec PKCE, état et nonce, dans un témoin HttpOnly', async () => {
    const page = await fetch(`${base}/console/`);
    expect(page.status).toBe(401);
    expect(await page.text()).toContain('href="/console/connexion"');
    const depart = await fetch(`${base}/console/connexion`, { redirect: 'manual' });
    const vers = new URL(depart.headers.get('location') ?? '');
    expect(vers.origin).toBe(emetteur);
    expect(vers.searchParams.get('code_challenge_method')).toBe('S256');
    for (const nom of ['state', 'nonce', 'code_challenge'])
      expect(vers.searchParams.get(nom)).toMatch(/.{20,}/);
    expect(depart.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
  });

  it('ouvre la console à Léa, pour son opérateur et sa région seulement', async () => {
    const lea = new Navigateur();
    const retour = await lea.ouvrir(await lea.jusquAuRetour('lea'));
    expect(retour.status).toBe(200);
    expect(await retour.text()).toContain('Ouvrir la console');
    expect(await lea.statut('/console/')).toBe(200);
    const moi = (await (await lea.ouvrir(`${base}/api/console/moi`)).json()) as {
      nom: string;
      roles: string[];
    };
    expect([moi.nom, moi.roles]).toEqual(['Léa Durand', ['conseiller']]);
    expect(await lea.statut('/api/console/transmissions/CEP-OPENID')).toBe(200);

    const max = new Navigateur();
    await max.ouvrir(await max.jusquAuRetour('max'));
    expect(await max.statut('/api/console/moi')).toBe(200);
    expect(await max.statut('/api/console/transmissions/CEP-OPENID')).toBe(404);
  });

  it.each([
    // Who, then: the file, the queue, the steering view, the notices, the counts.
    ['lea', 'conseiller', [200, 200, 403, 403, 403]],
    ['sam', 'superviseur', [200, 200, 200, 200, 200]],
    ['mia', 'mainteneur', [403, 403, 403, 200, 403]],
    ['ola', 'observateur', [403, 403, 403, 403, 200]],
  ])('%s entre avec son rôle (%s), et ce rôle seul', async (qui, role, attendus) => {
    const navigateur = new Navigateur();
    await navigateur.ouvrir(await navigateur.jusquAuRetour(qui));
    const moi = (await (await navigateur.ouvrir(`${base}/api/console/moi`)).json()) as { roles: string[] };
    expect(moi.roles).toEqual([role]);
    const statuts: number[] = [];
    for (const chemin of ['transmissions/CEP-OPENID', 'transmissions', 'pilotage', 'envois', 'indicateurs'])
      statuts.push(await navigateur.statut(`/api/console/${chemin}`));
    expect(statuts).toEqual(attendus);
  });

  it('un territoire inconnu n’ouvre aucune demande', async () => {
    const luc = new Navigateur();
    await luc.ouvrir(await luc.jusquAuRetour('luc'));
    const lire = async (chemin: string): Promise<unknown> =>
      (await luc.ouvrir(`${base}/api/console/${chemin}`)).json();
    // Its console says why it is empty (`sans-perimetre`), from this.
    expect(await lire('moi')).toMatchObject({ regions: [] });
    expect(await lire('transmissions')).toMatchObject({ total: 0, lignes: [] });
    expect(await luc.statut('/api/console/transmissions/CEP-OPENID')).toBe(404);
  });

  it('reconnaît Inès et ne lui ouvre rien : elle n’a pas de rôle ici', async () => {
    const ines = new Navigateur();
    const retour = await ines.ouvrir(await ines.jusquAuRetour('ines'));
    expect(retour.status).toBe(403);
    expect(await retour.text()).toContain('aucun rôle');
    expect(await ines.statut('/api/console/moi')).toBe(401);
  });

  it('refuse un retour rejoué, volé, changé ou trop tardif', async () => {
    const refuse = async (qui: Navigateur, adresse: string): Promise<void> => {
      const reponse = await qui.ouvrir(adresse);
      expect(reponse.status).toBe(403);
      expect(await qui.statut('/api/console/moi')).toBe(401);
    };
    const host = new URL(base).host;

    const rejoue = new Navigateur();
    const adresse = await rejoue.jusquAuRetour('lea');
    const depart = rejoue.temoins.get(host)?.get('connexion') ?? '';
    expect((await rejoue.ouvrir(adresse)).status).toBe(200);
    const voleur = new Navigateur();
    await refuse(voleur, adresse);
    voleur.temoins.get(host)?.set('connexion', depart);
    await refuse(voleur, adresse);

    const change = new Navigateur();
    const autre = new URL(await change.jusquAuRetour('lea'));
    autre.searchParams.set('state', 'un-autre-etat');
    await refuse(change, autre.href);

    const victime = new Navigateur();
    await victime.ouvrir(`${base}/console/connexion`);
    await refuse(victime, await new Navigateur().jusquAuRetour('max'));

    const tardif = new Navigateur();
    const tard = await tardif.jusquAuRetour('lea');
    decalage = 600_001;
    await refuse(tardif, tard);
    decalage = 0;

    const nu = new Navigateur();
    await nu.ouvrir(`${base}/console/connexion`);
    await refuse(nu, `${base}/console/retour?error=access_denied`);
  });
});

describe('un jeton d’identité qui ne dit pas tout', () => {
  it('est complété à l’autre adresse, qu’il y manque le rôle, l’opérateur ou la région', async () => {
    // This provider puts the groups in the token and keeps the rest behind userinfo.
    const port = await portLibre();
    const partiel = new Provider(`http://127.0.0.1:${port}`, {
      clients: [
        {
          client_id: 'console',
          client_secret: 'un-secret-assez-long-pour-les-tests',
          redirect_uris: ['https://cep.exemple.fr/console/retour'],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      pkce: { required: () => true },
      conformIdTokenClaims: false,
      claims: { openid: ['sub', 'groups'], profile: ['name', 'structure', 'regions'] },
      findAccount: (_contexte: unknown, sub: string) => ({
        accountId: sub,
        claims: (usage: string) =>
          usage === 'id_token' ? { sub, groups: ['cep-conseil'] } : { sub, ...ANNUAIRE[sub] },
      }),
      cookies: { keys: ['essai'] },
    });
    const ecoute = createServer(partiel.callback());
    await new Promise<void>((fait) => ecoute.listen(port, '127.0.0.1', fait));
    const chez = creerFournisseur({
      emetteur: `http://127.0.0.1:${port}`,
      clientId: 'console',
      clientSecret: 'un-secret-assez-long-pour-les-tests',
      correspondances: CORRESPONDANCES,
      retour: 'https://cep.exemple.fr/console/retour',
    });
    const { adresse, depart } = await chez.partir();
    const retour = await new Navigateur().suivreJusquA(
      adresse,
      'https://cep.exemple.fr/console/retour',
      'lea',
    );
    expect(await chez.revenir(new URL(retour), depart)).toEqual({
      ok: true,
      valeur: {
        id: 'lea',
        nom: 'Léa Durand',
        roles: ['conseiller'],
        operateurs: ['operateur-regional'],
        regions: ['32'],
      },
    });
    ecoute.closeAllConnections();
    ecoute.close();
  });
});

describe('les correspondances', () => {
  it('lisent une revendication imbriquée, et rien de ce qui n’est pas une liste de mots', () => {
    const regles = schemaCorrespondances.parse({
      roles: { revendication: 'realm_access.roles', valeurs: { obs: 'observateur' } },
      operateurs: 'tous',
      regions: 'toutes',
    });
    expect(identiteDe({ sub: 's', realm_access: { roles: ['obs', 'obs'] } }, regles)).toEqual({
      ok: true,
      valeur: { id: 's', nom: 's', roles: ['observateur'], operateurs: 'tous', regions: 'toutes' },
    });
    for (const roles of [undefined, null, 3, { obs: true }, ['constructor'], '__proto__'])
      expect(identiteDe({ sub: 's', realm_access: { roles } }, regles).ok).toBe(false);
    expect(identiteDe({ realm_access: { roles: ['obs'] } }, regles).ok).toBe(false);
  });

  it('sans opérateur ni région reconnus, la personne ne voit rien', () => {
    const lu = identiteDe({ sub: 's', groups: 'cep-conseil', structure: 'inconnue' }, CORRESPONDANCES);
    expect(lu.ok && [lu.valeur.operateurs, lu.valeur.regions]).toEqual([[], []]);
  });
});
