import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aiguiller, chargerRegles, tableDesRegles } from '../../../knowledge/aiguillage/index.ts';
import { CHAMPS_REJOUABLES, lireFormulaire } from '../../../bot/pages/regles/formulaire.ts';
import { lireScenarios, scenariosParRegle } from '../../../bot/sources/scenarios.ts';
import { definitionDe, REGISTRES } from '../../../knowledge/vocabulaire/index.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../../support/serveur.ts';

const LE = '2026-11-21';

describe('le formulaire qui rejoue', () => {
  it('lit un cadre qui cherche à Metz, et une naissance au jour près', () => {
    const lu = lireFormulaire(
      {
        activite: 'sans-emploi',
        cadre: 'oui',
        naissance: '1986-03-02',
        commune: 'metz',
        'refusePar.france-travail': 'oui',
        'finContrat.jour': '2026-12-31',
        demande: 'trouver-un-emploi',
      },
      LE,
      'standard',
    );
    expect(lu).toEqual({
      ok: true,
      valeur: {
        le: LE,
        commune: '57463',
        demande: 'trouver-un-emploi',
        profil: {
          activite: 'sans-emploi',
          cadre: 'oui',
          naissance: '1986-03-02',
          refusePar: ['france-travail'],
          finContrat: '2026-12-31',
        },
      },
    });
  });

  it.each([
    [{ age: '400' }, 'age'],
    [{ age: 'vingt' }, 'age'],
    [{ activite: 'chomeur' }, 'activite'],
    [{ commune: 'zzzzzzzz' }, 'commune'],
    [{ commune: 'Saint-Denis' }, 'commune'],
    [{ le: '2026-02-30' }, 'le'],
    [{ naissance: '30/02/2001' }, 'naissance'],
  ])('refuse %o en nommant le champ', (saisie, champ) => {
    const lu = lireFormulaire(saisie, LE, 'standard');
    expect(lu.ok ? undefined : lu.refus.champ).toBe(champ);
  });

  it('chaque champ que les règles lisent peut être rejoué', () => {
    const lus = new Set(chargerRegles().regles.flatMap((r) => r.champs));
    expect([...lus].filter((c) => !CHAMPS_REJOUABLES.includes(c))).toEqual([]);
    for (const champ of CHAMPS_REJOUABLES) expect(definitionDe(champ).forme).toBeDefined();
  });

  it('chaque scénario rejoué donne ce que donnent les règles', () => {
    for (const s of lireScenarios()) {
      const saisie: Record<string, string> = { le: s.le };
      for (const [champ, valeur] of Object.entries(s.profil)) {
        if (typeof valeur === 'object')
          if ('operateur' in valeur) saisie[champ] = valeur.operateur;
          else for (const v of valeur) saisie[`${champ}.${v}`] = 'oui';
        else if (champ === 'finContrat' && /^\d/.test(String(valeur)))
          saisie['finContrat.jour'] = String(valeur);
        else saisie[champ] = String(valeur);
      }
      const lu = lireFormulaire(saisie, LE, 'standard');
      const direct = aiguiller({ le: s.le, profil: s.profil });
      const rejoue = lu.ok ? aiguiller(lu.valeur) : lu;
      expect(rejoue.ok ? rejoue.valeur : rejoue.refus.champ, s.nom).toEqual(
        direct.ok ? direct.valeur : direct.refus.champ,
      );
    }
  });
});

describe('la table publiée', () => {
  it.each(REGISTRES)('chaque règle en mots, sans code de machine (%s)', (registre) => {
    for (const l of tableDesRegles(registre)) {
      expect(l.conditions.length, l.id).toBeGreaterThan(0);
      for (const c of l.conditions) expect(c, l.id).not.toMatch(/undefined|\{|[a-z]-[a-z]+-|salarie|prive\b/);
      expect(l.references.length, l.id).toBeGreaterThan(0);
    }
  });

  it('chaque règle a un exemple vérifié', () => {
    const par = scenariosParRegle(lireScenarios());
    expect(
      chargerRegles()
        .regles.filter((r) => !par.has(r.id))
        .map((r) => r.id),
    ).toEqual([]);
  });
});

describe('/regles, servie', () => {
  let serveur: ServeurLance;
  beforeAll(async () => {
    serveur = await lancerServeur();
  });
  afterAll(async () => {
    await serveur.tuer();
    nettoyer(serveur.dataDir);
  });
  const url = (chemin: string): string => serveur.accueil.replace(/\/$/, '') + chemin;
  const rejouer = (champs: Record<string, string>): Promise<Response> =>
    fetch(url('/regles'), { method: 'POST', body: new URLSearchParams(champs) });

  it('rejoue, explique, et ne garde rien de ce qui a été saisi', async () => {
    const reponse = await rejouer({
      activite: 'salarie-prive',
      cadre: 'oui',
      accompagnement: 'aucun',
      commune: 'Triffouilly-les-Oies-introuvable',
    });
    expect(reponse.status).toBe(200);
    const html = await reponse.text();
    expect(html).toContain('Aucune commune de ce nom');
    expect(html).toContain('value="Triffouilly-les-Oies-introuvable"');
    const bon = await (
      await rejouer({ activite: 'salarie-prive', cadre: 'oui', accompagnement: 'aucun', commune: 'Nantes' })
    ).text();
    expect(bon).toContain('<strong>Apec</strong>');
    expect(bon).toContain('Avenir Actifs Pays de la Loire');
    expect(bon).toMatch(/À cause de : Votre situation/);
    const fichiers = readdirSync(serveur.dataDir, { recursive: true, encoding: 'utf8' })
      .map((f) => join(serveur.dataDir, f))
      .filter((f) => statSync(f).isFile())
      .map((f) => readFileSync(f, 'utf8'));
    expect(fichiers.join('') + serveur.sortie()).not.toContain('Triffouilly');
  });

  it('une saisie hostile est rendue inoffensive, une trop grosse est refusée', async () => {
    const html = await (await rejouer({ commune: '"><script>alert(1)</script>' })).text();
    expect(html).not.toContain('<script>alert');
    expect((await rejouer({ commune: 'a'.repeat(10_000) })).status).toBe(413);
    expect((await fetch(url('/regles'), { method: 'POST', body: '{}' })).status).toBe(415);
  });

  it('la table et les scénarios se téléchargent', async () => {
    const table = (await (await fetch(url('/regles/table.json'))).json()) as {
      regles: { id: string; si: unknown[] }[];
    };
    expect(table.regles.map((r) => r.id)).toEqual(tableDesRegles().map((r) => r.id));
    expect(table.regles.every((r) => r.si.length > 0)).toBe(true);
    const { scenarios } = (await (await fetch(url('/regles/scenarios.json'))).json()) as {
      scenarios: { titre: string; attendu: { type: string } }[];
    };
    expect(scenarios.length).toBeGreaterThan(150);
    expect(scenarios.every((s) => s.attendu.type !== '')).toBe(true);
  });

  it('dans un vrai navigateur, sans JavaScript, au téléphone ; aucune faute d’accessibilité', () =>
    siNavigateur('la page des règles', async (navigateur) => {
      const sans = await navigateur.newContext({
        javaScriptEnabled: false,
        viewport: { width: 360, height: 800 },
      });
      const page = await sans.newPage();
      await page.goto(url('/regles'));
      await page.getByLabel('Votre situation').selectOption('salarie-prive');
      await page.getByLabel('Statut de cadre').selectOption('non');
      await page.getByLabel('Conseiller qui vous suit en ce moment').selectOption('aucun');
      await page.getByLabel('Commune').fill('Lille');
      await page.getByRole('button', { name: 'Appliquer les règles' }).click();
      const resultat = page.locator('#resultat');
      expect(await resultat.innerText()).toContain('Avenir Actifs Hauts-de-France');
      // What was chosen is still there to be changed.
      expect(await page.getByLabel('Votre situation').inputValue()).toBe('salarie-prive');
      expect(await page.locator('html').evaluate((h) => h.scrollWidth)).toBeLessThanOrEqual(360);
      await page.getByRole('link', { name: 'Lire en facile à lire' }).click();
      expect(page.url()).toContain('/regles?registre=falc');
      await sans.close();

      const avec = await navigateur.newPage();
      for (const chemin of ['/regles', '/regles?registre=falc']) {
        await avec.goto(url(chemin));
        await avec
          .locator('details')
          .evaluateAll((tous) => tous.slice(0, 4).forEach((d) => d.setAttribute('open', '')));
        expect(await new AxeBuilder(avec).violations(), chemin).toEqual([]);
      }
      await avec.close();
    }));
});
