import { problemesDe, PRODUCTION } from '../support/configuration.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lireConfig, VARIABLES } from '../../bot/config.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

describe('configuration', () => {
  it('part sans rien, en local, sur la boucle seulement', () => {
    const config = lireConfig({});
    expect(config).toMatchObject({
      mode: 'local',
      port: 3978,
      hote: '127.0.0.1',
      publicUrl: 'http://localhost:3978',
      https: false,
    });
    expect(config.sites).toContain('http://127.0.0.1:3978');
    expect(problemesDe({ HOST: '0.0.0.0' })[0]).toContain('HOST');
  });

  it('tient une variable vide pour absente', () => {
    expect(lireConfig({ PORT: '', PUBLIC_URL: '' }).port).toBe(3978);
  });

  it('dit en une fois tout ce qui manque en production', () => {
    const problemes = problemesDe({ MODE: 'production' });
    for (const nom of ['PUBLIC_URL', 'EDITEUR', 'RESPONSABLE_TRAITEMENT', 'CONTACT_DROITS', 'TELEPHONE'])
      expect(problemes.some((p) => p.startsWith(nom))).toBe(true);
    expect(problemesDe(PRODUCTION)).toEqual([]);
    expect(lireConfig(PRODUCTION)).toMatchObject({
      hote: '0.0.0.0',
      https: true,
      teams: { active: false, locataire: 'employeur' },
    });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ MODE: 'test' }, 'MODE'],
    [{ ...PRODUCTION, LIMIT_SUIVI_PAR_ADRESSE: '0' }, 'LIMIT_SUIVI_PAR_ADRESSE'],
    [{ COURRIEL_SERVEUR: 'smtps://smtp.exemple.fr' }, 'COURRIEL_SERVEUR'],
    [{ COURRIEL_EXPEDITEUR: 'cep@exemple.fr' }, 'COURRIEL_SERVEUR'],
    [
      { COURRIEL_SERVEUR: 'https://smtp.exemple.fr', COURRIEL_EXPEDITEUR: 'cep@exemple.fr' },
      'COURRIEL_SERVEUR',
    ],
    [{ COURRIEL_SERVEUR: 'smtps://smtp.exemple.fr', COURRIEL_EXPEDITEUR: 'cep' }, 'COURRIEL_EXPEDITEUR'],
    [{ SITES: 'exemple.fr' }, 'SITES'],
    [{ SECRETS: 'court' }, 'SECRETS'],
    [{ DATABASE_URL: 'postgres://x' }, 'DATABASE_URL'],
    [{ LIMIT_INCONNUE: '3' }, 'LIMIT_INCONNUE'],
    [{ PROXY_ENTETE: 'x-forwarded-for' }, 'PROXY_ADRESSES'],
    [{ ...PRODUCTION, PUBLIC_URL: 'http://cep.exemple.fr' }, 'https'],
    [{ ...PRODUCTION, TEAMS: 'on' }, 'MICROSOFT_APP_ID'],
    [{ OIDC_EMETTEUR: 'https://connexion.exemple.fr' }, 'OIDC_CLIENT_SECRET'],
    [{ OIDC_EMETTEUR: 'http://connexion.exemple.fr' }, 'OIDC_EMETTEUR : https'],
    [{ ...PRODUCTION, OIDC_EMETTEUR: 'http://127.0.0.1:9000' }, 'OIDC_EMETTEUR : https'],
  ])('refuse %j en nommant la variable', (env, nom) => {
    expect(problemesDe(env as Record<string, string>).join('\n')).toContain(nom);
  });

  it('documente chaque variable dans .env.example, et rien d’autre', () => {
    const exemple = readFileSync(join(RACINE_PROJET, '.env.example'), 'utf8');
    const noms = [...exemple.matchAll(/^(\w+)=/gm)].map((m) => m[1]);
    expect(noms.sort()).toEqual(Object.keys(VARIABLES).sort());
  });
});
