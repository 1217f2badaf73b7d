import { describe, expect, it } from 'vitest';
import { corpsCep, corpsDispositifs, corpsQui } from '../../../bot/pages/reperes/contenus.ts';
import { PAGES_REPERES } from '../../../bot/pages/reperes/gabarit.ts';
import { pageTerritoire, corpsTerritoires } from '../../../bot/pages/reperes/territoires.ts';
import { tableDesRegles } from '../../../knowledge/aiguillage/index.ts';
import { dispositifs } from '../../../knowledge/information/index.ts';
import { departements } from '../../../knowledge/territoire/index.ts';
import { REGISTRES } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { lancerServeur, nettoyer } from '../../support/serveur.ts';

const LE = '2026-11-21';
const HORS_REGIONS = ['975', '977', '978', '984', '986', '987', '988', '989'];

/** Words a person reads, tags aside. */
const mots = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/[ \n]+/g, ' ');

describe('les repères, à lire sans la conversation', () => {
  it.each(REGISTRES)('une page par département, sans trou ni chiffre inventé (%s)', (registre) => {
    for (const { code } of departements()) {
      const page = pageTerritoire(code, registre, LE);
      const lu = mots(page?.corps ?? '');
      expect(lu, code).not.toMatch(/undefined|NaN|\{\w+\}|\[object/);
      expect(lu, code).toContain('Source : ');
      expect(lu, code).toContain(HORS_REGIONS.includes(code) ? 'mon-cep.org' : 'Transitions Pro ');
    }
  });

  it('la page du Nord donne les chiffres de l’enquête et leur année', () => {
    const lu = mots(pageTerritoire('59', 'standard', LE)?.corps ?? '');
    expect(lu).toContain('En 2024, dans le Nord');
    expect(lu).toContain('Avenir Actifs Hauts-de-France');
    expect(lu).toContain('hautsdefrance.fr');
    // Summed by hand in the survey file: visible cells of département 59, then of the bassin of Lille.
    expect(lu).toContain('Professionnels de l’animation socioculturelle 3\u00A0538');
    expect(lu).toContain('Lille Aides de cuisine et employés polyvalents de la restauration (1\u00A0482)');
    expect(lu).not.toMatch(/actuellement/i);
  });

  it('une collectivité hors enquête dit qu’elle n’a pas de chiffre', () => {
    const lu = mots(pageTerritoire('988', 'standard', LE)?.corps ?? '');
    expect(lu).toContain('ne couvre pas ce territoire');
    expect(lu).not.toContain('Recrutements prévus');
  });

  it('l’observatoire régional n’est donné que là où son adresse a été lue, avec sa confiance', () => {
    const toulouse = mots(pageTerritoire('31', 'standard', LE)?.corps ?? '');
    expect(toulouse).toContain('Carif-Oref Occitanie www.cariforefoccitanie.fr');
    expect(toulouse).toContain('(2024), lu dans une source secondaire');
    expect(mots(pageTerritoire('59', 'standard', LE)?.corps ?? '')).not.toContain('Carif-Oref');
  });

  it('un code inconnu n’a pas de page', () => {
    expect(pageTerritoire('20', 'standard', LE)).toBeUndefined();
  });

  it('la liste mène à chaque département, une fois', () => {
    const liens = [...corpsTerritoires('falc').matchAll(/territoires\/(\w+)\?registre=falc"/g)].map(
      (m) => m[1],
    );
    expect(liens.length).toBe(departements().length);
    expect(new Set(liens)).toEqual(new Set(departements().map((d) => d.code)));
  });

  it.each(REGISTRES)(
    'qui accompagne qui : chaque règle d’orientation en vigueur y est, avec son article (%s)',
    (registre) => {
      const html = corpsQui(registre, LE);
      const lu = mots(html);
      const regles = tableDesRegles(registre).filter(
        (r) => r.effet === 'orientation' && (r.au ?? LE) >= LE && r.du <= LE,
      );
      expect(regles.length).toBeGreaterThan(20);
      for (const r of regles) {
        expect(lu).toContain(r.motif);
        expect(r.references.some((ref) => html.includes(ref.url.replaceAll('&', '&amp;')))).toBe(true);
      }
      expect(lu).toContain('centre de gestion'.slice(1));
    },
  );

  it('les dispositifs en vigueur d’un côté, ceux qui ont disparu de l’autre', () => {
    const [ouverts = '', finis = ''] = corpsDispositifs('standard', LE).split('Ce qui n’existe plus');
    expect(ouverts).toContain('id="ptp"');
    expect(ouverts).not.toContain('id="pro-a"');
    expect(finis).toContain('id="pro-a"');
    // The CSP ends on 2026-12-31 in our sources: the day after, it is no longer offered.
    expect(ouverts).toContain('id="csp"');
    expect(corpsDispositifs('standard', '2027-01-01').split('Ce qui n’existe plus')[0]).not.toContain(
      'id="csp"',
    );
    const tout = corpsDispositifs('falc', LE);
    for (const d of dispositifs()) expect(tout, d.id).toContain(`id="${d.id}"`);
    expect(mots(ouverts)).toContain('à vérifier avant d’agir');
  });

  it('le conseil : ses deux niveaux, sa durée, sa gratuité, avec leurs sources', () => {
    const lu = mots(corpsCep('standard'));
    for (const attendu of ['deux niveaux', 'pas de durée imposée', 'gratuit', 'Arrêté du 29 mars 2019'])
      expect(lu).toContain(attendu);
  });
});

describe('les repères dans un vrai navigateur, sans JavaScript', () => {
  it('aucune faute d’accessibilité, en deux registres, et tout s’imprime', () =>
    siNavigateur('les pages de repères', async (navigateur) => {
      const serveur = await lancerServeur();
      try {
        const accueil = serveur.accueil.replace(/\/$/, '');
        const sans = await navigateur.newContext({
          javaScriptEnabled: false,
          viewport: { width: 360, height: 800 },
        });
        const page = await sans.newPage();
        await page.goto(`${accueil}/reperes`);
        await page.getByRole('link', { name: 'Près de chez vous' }).first().click();
        await page.getByRole('link', { name: 'Nord (59)' }).click();
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
          'Travail et métiers dans le Nord',
        );
        await page.getByRole('link', { name: 'Lire en facile à lire' }).click();
        expect(page.url()).toContain('/reperes/territoires/59?registre=falc');
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Le travail dans le Nord');
        const largeur = await page.locator('html').evaluate((h) => h.scrollWidth);
        expect(largeur).toBeLessThanOrEqual(360);
        expect((await page.goto(`${accueil}/reperes/territoires/20`))?.status()).toBe(404);
        await sans.close();

        const avec = await navigateur.newPage();
        const chemins = [
          '',
          ...PAGES_REPERES.map((p) => p.chemin),
          '/territoires/59',
          '/territoires/988?registre=falc',
          '/territoires/59?registre=falc',
          '/exercices?registre=falc',
        ];
        for (const chemin of chemins) {
          await avec.goto(`${accueil}/reperes${chemin}`);
          expect(await new AxeBuilder(avec).violations(), chemin).toEqual([]);
        }
        await avec.goto(`${accueil}/reperes/territoires/59`);
        expect((await avec.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
        await avec.close();
      } finally {
        await serveur.tuer();
        nettoyer(serveur.dataDir);
      }
    }));
});
