import { PRODUCTION, problemesDe } from '../../support/configuration.ts';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CertificateAppCredentials,
  ManagedIdentityAppCredentials,
  MicrosoftAppCredentials,
} from 'botframework-connector';
import { afterAll, describe, expect, it } from 'vitest';
import { fabriqueDe, lireCertificat, type PreuveTeams } from '../../../bot/channels/identifiants.ts';
import { lireConfig } from '../../../bot/config.ts';
import { certificatDEssai } from '../../support/certificat.ts';
import { ouvrirBanc } from './banc.ts';

const APP = '11111111-2222-4333-8444-555555555555';
const LOCATAIRE = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const LE = Date.parse('2026-11-20T12:00:00Z');
const dossier = mkdtempSync(join(tmpdir(), 'cep-certificat-'));
afterAll(() => rmSync(dossier, { recursive: true, force: true }));
const ecrire = (nom: string, contenu: string): string => {
  const chemin = join(dossier, nom);
  writeFileSync(chemin, contenu);
  return chemin;
};
const bon = certificatDEssai(Date.parse('2027-06-01T00:00:00Z'));
const autre = certificatDEssai(Date.parse('2027-06-01T00:00:00Z'));

describe('certificat de l’application', () => {
  it('se lit d’un seul fichier, dans les deux ordres', () => {
    const octets = Buffer.from(bon.certificat.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const empreinte = createHash('sha1').update(octets).digest('hex').toUpperCase();
    for (const contenu of [bon.certificat + bon.cle, `${bon.cle}\n# note\n${bon.certificat}`]) {
      const lu = lireCertificat(ecrire('bon.pem', contenu), LE);
      expect(lu.empreinte).toBe(empreinte);
      expect(lu.cle).toContain('BEGIN PRIVATE KEY');
    }
  });

  it.each([
    ['absent', () => join(dossier, 'rien.pem'), 'illisible'],
    ['vide', () => ecrire('vide.pem', ''), 'pas de certificat'],
    ['sans clé', () => ecrire('sans-cle.pem', bon.certificat), 'pas de clé privée'],
    ['sans certificat', () => ecrire('sans.pem', bon.cle), 'pas de certificat'],
    ['à la clé d’un autre', () => ecrire('autre.pem', bon.certificat + autre.cle), 'n’est pas celle'],
    [
      'abîmé',
      () => ecrire('abime.pem', bon.certificat.replace(/MII.{20}/, 'MIIAAAAAAAAAAAAAAAAAAAAA') + bon.cle),
      'abîmé',
    ],
    [
      'expiré',
      () => {
        const vieux = certificatDEssai(Date.parse('2026-11-19T00:00:00Z'));
        return ecrire('vieux.pem', vieux.certificat + vieux.cle);
      },
      'expiré',
    ],
  ])('%s : refusé au démarrage, sans rien montrer de la clé', async (_nom, faire, raison) => {
    const chemin = faire();
    const teams = { appId: APP, tenantId: LOCATAIRE, preuve: { type: 'certificat' as const, chemin } };
    expect(() => lireCertificat(chemin, LE)).toThrow(raison);
    await expect(ouvrirBanc({ teams })).rejects.toThrow(/^MICROSOFT_APP_CERTIFICAT : /);
    await expect(ouvrirBanc({ teams })).rejects.not.toThrow(/MII|BEGIN .*KEY-----\n/);
  });
});

describe('preuve d’identité du bot', () => {
  const DESTINATAIRE = 'https://api.botframework.com';
  const ENTREE = 'https://login.microsoftonline.com/botframework.com';
  it.each<[string, PreuveTeams, unknown]>([
    ['un secret', { type: 'secret', secret: 'x' }, MicrosoftAppCredentials],
    [
      'un certificat',
      { type: 'certificat', chemin: ecrire('c.pem', bon.certificat + bon.cle) },
      CertificateAppCredentials,
    ],
    ['une identité gérée', { type: 'identite-geree' }, ManagedIdentityAppCredentials],
  ])('%s, pour cette application et ce locataire seulement', async (_nom, preuve, forme) => {
    const fabrique = fabriqueDe({ appId: APP, tenantId: LOCATAIRE, preuve }, LE);
    expect(await fabrique?.isValidAppId(APP)).toBe(true);
    expect(await fabrique?.isValidAppId(LOCATAIRE)).toBe(false);
    // The SDK leaves it undefined for a certificate: what matters is that nothing turns the check off.
    expect(await fabrique?.isAuthenticationDisabled()).not.toBe(true);
    const identifiants = await fabrique?.createCredentials(APP, DESTINATAIRE, ENTREE, true);
    expect(identifiants).toBeInstanceOf(forme);
    if (preuve.type !== 'identite-geree')
      expect(identifiants).toMatchObject({
        appId: APP,
        oAuthEndpoint: `https://login.microsoftonline.com/${LOCATAIRE}`,
      });
    await expect(fabrique?.createCredentials(LOCATAIRE, DESTINATAIRE, ENTREE, true)).rejects.toThrow(
      'nvalid',
    );
  });
  it('aucune : rien n’est prouvé, en local seulement', () => {
    expect(fabriqueDe({ appId: '', tenantId: '', preuve: { type: 'aucune' } }, LE)).toBeUndefined();
  });
});

const ID = { MICROSOFT_APP_ID: APP, MICROSOFT_APP_TENANT_ID: LOCATAIRE };

describe('configuration de Teams', () => {
  it.each<[Record<string, string>, PreuveTeams]>([
    [{ MICROSOFT_APP_PASSWORD: 's' }, { type: 'secret', secret: 's' }],
    [
      { MICROSOFT_APP_TYPE: 'SingleTenant', MICROSOFT_APP_CERTIFICAT: '/c.pem' },
      { type: 'certificat', chemin: '/c.pem' },
    ],
    [{ MICROSOFT_APP_TYPE: 'UserAssignedMSI' }, { type: 'identite-geree' }],
  ])('complète : %j', (plus, preuve) => {
    for (const mode of [{}, PRODUCTION])
      expect(lireConfig({ ...mode, ...ID, ...plus, TEAMS: 'on' }).teams).toMatchObject({
        active: true,
        appId: APP,
        tenantId: LOCATAIRE,
        preuve,
      });
  });

  it.each<[Record<string, string>, readonly string[]]>([
    [
      {},
      [
        'MICROSOFT_APP_ID :',
        'MICROSOFT_APP_TENANT_ID :',
        'MICROSOFT_APP_PASSWORD ou MICROSOFT_APP_CERTIFICAT',
      ],
    ],
    [ID, ['MICROSOFT_APP_PASSWORD ou MICROSOFT_APP_CERTIFICAT']],
    [{ ...ID, MICROSOFT_APP_TYPE: 'SingleTenant' }, ['MICROSOFT_APP_PASSWORD ou MICROSOFT_APP_CERTIFICAT']],
    [
      { ...ID, MICROSOFT_APP_PASSWORD: 's', MICROSOFT_APP_CERTIFICAT: '/c.pem' },
      ['MICROSOFT_APP_PASSWORD et MICROSOFT_APP_CERTIFICAT'],
    ],
    [
      {
        ...ID,
        MICROSOFT_APP_TYPE: 'UserAssignedMSI',
        MICROSOFT_APP_PASSWORD: 's',
        MICROSOFT_APP_CERTIFICAT: 'c',
      },
      ['MICROSOFT_APP_PASSWORD : à retirer', 'MICROSOFT_APP_CERTIFICAT : à retirer'],
    ],
    [{ MICROSOFT_APP_TYPE: 'UserAssignedMSI' }, ['MICROSOFT_APP_ID :', 'MICROSOFT_APP_TENANT_ID :']],
    [{ MICROSOFT_APP_ID: APP, MICROSOFT_APP_PASSWORD: 's' }, ['MICROSOFT_APP_TENANT_ID :']],
  ])('production, route ouverte, incomplète : %j', (plus, attendus) => {
    const problemes = problemesDe({ ...PRODUCTION, ...plus, TEAMS: 'on' });
    expect(problemes).toHaveLength(attendus.length);
    for (const [i, attendu] of attendus.entries()) expect(problemes[i]).toContain(attendu);
  });

  it.each([
    [{ MICROSOFT_APP_ID: 'mon-bot' }, 'MICROSOFT_APP_ID : un identifiant (GUID)'],
    [
      { MICROSOFT_APP_TENANT_ID: 'exemple.onmicrosoft.com' },
      'MICROSOFT_APP_TENANT_ID : un identifiant (GUID)',
    ],
    [{ MICROSOFT_APP_TYPE: 'MultiTenant' }, 'MICROSOFT_APP_TYPE'],
    [{ MICROSOFT_APP_PASSWORD: 's' }, 'MICROSOFT_APP_ID'],
    [{ ...ID, MICROSOFT_APP_TYPE: 'SingleTenant' }, 'MICROSOFT_APP_PASSWORD ou'],
  ])('en local aussi, %j est refusé', (env, dit) => {
    expect(problemesDe(env as Record<string, string>).join('\n')).toContain(dit);
  });

  it('l’identifiant seul suffit au paquet Teams, et ferme la route', () => {
    expect(lireConfig({ MICROSOFT_APP_ID: APP }).teams).toMatchObject({ active: false, appId: APP });
    expect(lireConfig({}).teams).toMatchObject({ active: true, preuve: { type: 'aucune' } });
    expect(lireConfig({ ...PRODUCTION, ...ID }).teams.active).toBe(false);
  });
});
