import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { iconeContour, iconeCouleur } from '../../manifest/icones.ts';
import { localisationAnglaise, manifeste, VERSION_SCHEMA } from '../../manifest/manifeste.ts';
import { paquetTeams } from '../../manifest/paquet.ts';
import { validerManifeste, versionsConnues } from '../../manifest/valider.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

const INSTALLATION = {
  appId: '2c1d6a1e-5b0c-4f39-9d5e-0a4b6f8c1d23',
  publicUrl: 'https://cep.exemple.fr',
  editeur: 'Région d’essai',
  version: '0.1.0',
  onglet: false,
};
const AVEC_ONGLET = { ...INSTALLATION, publicUrl: 'https://CEP.exemple.fr', onglet: true };
const dit = (): Record<string, unknown> => ({ ...manifeste(INSTALLATION) });

describe('manifeste Teams', () => {
  it('est accepté par le schéma 1.22 et par le plus récent livré', () => {
    expect(VERSION_SCHEMA).toBe('1.22');
    const recente = versionsConnues().at(-1) ?? '';
    expect(Number(recente.split('.')[1])).toBeGreaterThanOrEqual(30);
    expect(validerManifeste(dit(), '1.22')).toEqual([]);
    expect(validerManifeste({ ...dit(), manifestVersion: recente }, recente)).toEqual([]);
    expect(
      validerManifeste(localisationAnglaise(INSTALLATION), '1.22', 'MicrosoftTeams.Localization'),
    ).toEqual([]);
  });

  it('avec l’onglet : annoncé avec sa connexion unique, accepté par les mêmes schémas', () => {
    const avec: Record<string, unknown> = { ...manifeste(AVEC_ONGLET) };
    const recente = versionsConnues().at(-1) ?? '';
    expect(validerManifeste(avec, '1.22')).toEqual([]);
    expect(validerManifeste({ ...avec, manifestVersion: recente }, recente)).toEqual([]);
    expect(
      validerManifeste(localisationAnglaise(AVEC_ONGLET), '1.22', 'MicrosoftTeams.Localization'),
    ).toEqual([]);
    expect(avec['webApplicationInfo']).toEqual({
      id: INSTALLATION.appId,
      resource: `api://cep.exemple.fr/botid-${INSTALLATION.appId}`,
    });
    expect(avec['staticTabs']).toEqual([
      {
        entityId: 'console',
        name: 'Demandes reçues',
        contentUrl: 'https://CEP.exemple.fr/console/teams',
        websiteUrl: 'https://CEP.exemple.fr/console/',
        scopes: ['personal'],
      },
      { entityId: 'conversations', scopes: ['personal'] },
    ]);
    // Every translated path exists in the manifest.
    for (const chemin of Object.keys(localisationAnglaise(AVEC_ONGLET)).filter((c) => c !== '$schema')) {
      const valeur = chemin
        .split(/[.[\]]+/)
        .filter((x) => x !== '')
        .reduce<unknown>(
          (v, cle) => (typeof v === 'object' && v !== null ? Reflect.get(v, cle) : undefined),
          avec,
        );
      expect(typeof valeur, chemin).toBe('string');
    }
    expect(dit()).not.toHaveProperty('staticTabs');
    expect(dit()).not.toHaveProperty('webApplicationInfo');
  });

  it('ne demande que la conversation privée, en français d’abord', () => {
    const { bots, localizationInfo, validDomains } = dit();
    expect(JSON.stringify(bots)).not.toMatch(/"team"|groupChat/);
    expect(localizationInfo).toMatchObject({ defaultLanguageTag: 'fr' });
    expect(validDomains).toEqual(['cep.exemple.fr']);
  });

  it.each([
    [{ id: 'pas-un-guid' }, /^id :/],
    [{ version: '1'.repeat(300) }, /^version :/],
    [{ accentColor: 'vert' }, /^accentColor :/],
    [{ inconnue: 1 }, /^inconnue :/],
    [{ name: { short: 'x'.repeat(31) } }, /^name → short :/],
    [{ bots: [{ botId: INSTALLATION.appId, scopes: ['ailleurs'] }] }, /^bots → 0 → scopes/],
  ])('%o est refusé en nommant le champ', (faute, message) => {
    expect(validerManifeste({ ...dit(), ...faute }, '1.22').some((p) => message.test(p))).toBe(true);
  });
});

/** The points of a PNG written without filters, as we write them. */
function points(octets: Buffer): {
  readonly cote: number;
  readonly rgba: (x: number, y: number) => number[];
} {
  const cote = octets.readUInt32BE(16);
  expect(octets.readUInt32BE(20)).toBe(cote);
  const idat = octets.indexOf('IDAT');
  const brut = inflateSync(octets.subarray(idat + 4, idat + 4 + octets.readUInt32BE(idat - 4)));
  return {
    cote,
    rgba: (x, y) => [...brut.subarray(y * (1 + cote * 4) + 1 + x * 4, y * (1 + cote * 4) + 5 + x * 4)],
  };
}

describe('icônes', () => {
  it('couleur : 192 × 192, opaque partout, dessinée au milieu', () => {
    const { cote, rgba } = points(iconeCouleur());
    expect(cote).toBe(192);
    const couleurs = new Set<string>();
    for (let x = 0; x < cote; x += 1)
      for (let y = 0; y < cote; y += 1) {
        const p = rgba(x, y);
        expect(p[3]).toBe(255);
        couleurs.add(p.join());
        // Teams keeps the middle: the edge is background only.
        if (x < 34 || y < 34 || x > 157 || y > 157) expect(p).toEqual([29, 77, 79, 255]);
      }
    expect(couleurs.has('255,255,255,255')).toBe(true);
  });

  it('contour : 32 × 32, du blanc sur rien', () => {
    const { cote, rgba } = points(iconeContour());
    expect(cote).toBe(32);
    let visibles = 0;
    for (let x = 0; x < cote; x += 1)
      for (let y = 0; y < cote; y += 1) {
        const [r, v, b, a] = rgba(x, y);
        if (a === 0) continue;
        visibles += 1;
        expect([r, v, b]).toEqual([255, 255, 255]);
      }
    expect(visibles).toBeGreaterThan(100);
    expect(visibles).toBeLessThan(700);
  });
});

describe('paquet', () => {
  it('tient dans un zip, les fichiers à la racine, identique à chaque fois', () => {
    const paquet = paquetTeams(INSTALLATION);
    if (!paquet.ok) throw new Error(paquet.refus.join('\n'));
    const contenu = unzipSync(paquet.valeur);
    expect(Object.keys(contenu).toSorted()).toEqual([
      'contour.png',
      'couleur.png',
      'en.json',
      'manifest.json',
    ]);
    const relu = JSON.parse(Buffer.from(contenu['manifest.json'] ?? []).toString('utf8'));
    expect(relu).toEqual(dit());
    const encore = paquetTeams(INSTALLATION);
    expect(encore.ok && Buffer.compare(Buffer.from(encore.valeur), Buffer.from(paquet.valeur))).toBe(0);
  });

  it('la commande l’écrit, ou dit tout ce qui manque', () => {
    const dossier = mkdtempSync(join(tmpdir(), 'cep-teams-'));
    try {
      const commande = join(RACINE_PROJET, 'dist', 'serveur', 'manifest', 'index.js');
      const sortie = join(dossier, 'paquet.zip');
      const env = { PATH: process.env['PATH'], PUBLIC_URL: INSTALLATION.publicUrl };
      const sans = spawnSync(process.execPath, [commande, sortie], { env, encoding: 'utf8' });
      expect(sans.status).toBe(1);
      expect(sans.stderr).toContain('MICROSOFT_APP_ID');
      expect(existsSync(sortie)).toBe(false);
      const enHttp = spawnSync(process.execPath, [commande, sortie], {
        env: { PATH: process.env['PATH'], MICROSOFT_APP_ID: INSTALLATION.appId },
        encoding: 'utf8',
      });
      expect(enHttp.stderr).toContain('PUBLIC_URL');
      execFileSync(process.execPath, [commande, sortie], {
        env: { ...env, MICROSOFT_APP_ID: INSTALLATION.appId },
      });
      expect(Object.keys(unzipSync(readFileSync(sortie))).length).toBe(4);
    } finally {
      rmSync(dossier, { recursive: true, force: true });
    }
  });
});
