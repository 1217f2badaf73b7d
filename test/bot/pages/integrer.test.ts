import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lireOptions } from '../../../bot/pages/integrer/options.ts';
import { contrasteDuBlanc, couleurLisible } from '../../../bot/web/widget/contraste.ts';
import { AxeBuilder } from '../../support/axe.ts';
import { siNavigateur } from '../../support/chromium.ts';
import { derniers, ouvrirPage } from '../../support/conversation.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../../support/serveur.ts';

let serveur: ServeurLance;
beforeAll(async () => {
  serveur = await lancerServeur();
});
afterAll(async () => {
  await serveur.tuer();
  nettoyer(serveur.dataDir);
});
const lire = (adresse: string) => lireOptions(new URLSearchParams(adresse));

describe('les options du lanceur', () => {
  it('mesure le contraste du texte blanc, et garde notre couleur quand il se lirait mal', () => {
    expect(contrasteDuBlanc('#000000')).toBeCloseTo(21, 5);
    expect(contrasteDuBlanc('#ffffff')).toBeCloseTo(1, 5);
    // #767676 is the lightest grey that passes (4.54), #777777 the darkest that does not (4.48).
    expect(contrasteDuBlanc('#767676')).toBeCloseTo(4.54, 2);
    expect(couleurLisible('#767676')).toBe('#767676');
    expect(couleurLisible('#777777')).toBe('#1d4d4f');
    expect(couleurLisible('red')).toBe('#1d4d4f');
    expect(couleurLisible('#000;background:url(//x)')).toBe('#1d4d4f');
  });

  it('ne garde que ce qui est permis, et dit ce qui ne l’est pas', () => {
    expect(lire('')).toEqual({
      options: { couleur: '#1d4d4f', position: 'droite', nom: '', logo: '' },
      problemes: [],
    });
    expect(lire('couleur=%23FFEE00&logo=http://x.fr/l.png&position=haut').problemes).toEqual([
      { champ: 'couleur', cle: 'couleur-pale' },
      { champ: 'logo', cle: 'logo-refuse' },
    ]);
    for (const logo of [
      'javascript:alert(1)',
      'https://a:b@x.fr/l.png',
      '//x.fr/l.png',
      `https://x.fr/${'a'.repeat(600)}`,
    ])
      expect(lire(`logo=${encodeURIComponent(logo)}`).options.logo).toBe('');
    expect([...lire(`nom=${'é'.repeat(80)}`).options.nom]).toHaveLength(60);
  });
});

describe('la page pour intégrer', () => {
  it('écrit tout ce qu’on lui donne sans le laisser agir', async () => {
    const mechant = '"><script>alert(1)</script>';
    for (const chemin of ['integrer', 'integrer/apercu', 'integrer?registre=falc']) {
      const url = new URL(chemin, serveur.accueil);
      for (const champ of ['couleur', 'nom', 'logo', 'position']) url.searchParams.set(champ, mechant);
      const reponse = await fetch(url);
      expect(reponse.status).toBe(200);
      expect(await reponse.text()).not.toContain('<script>alert');
      const csp = reponse.headers.get('content-security-policy') ?? '';
      expect(csp).not.toContain('unsafe');
      expect(csp).toContain("script-src 'self'");
    }
    const apercu = await fetch(new URL('integrer/apercu?logo=https://images.example/l.png', serveur.accueil));
    expect(apercu.headers.get('content-security-policy')).toContain(
      "img-src 'self' data: https://images.example;",
    );
    expect(apercu.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  });

  it('montre le vrai bouton à mesure qu’on choisit, et la ligne à copier', () =>
    siNavigateur('l’aperçu du lanceur', async (navigateur) => {
      const page = await ouvrirPage(navigateur, { viewport: { width: 1000, height: 900 }, locale: 'fr-FR' });
      const erreurs: string[] = [];
      page.on('pageerror', (e) => erreurs.push(e.message));
      page.on('console', (m) => (m.type() === 'error' ? erreurs.push(m.text()) : undefined));
      await page.goto(serveur.accueil);
      await page.getByRole('link', { name: 'le guide' }).click();
      await page.getByRole('heading', { name: 'Mettre l’assistant sur votre site' }).waitFor();
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      const apercu = page.frameLocator('iframe.apercu');
      await apercu.getByRole('button', { name: 'Une question sur votre travail ?' }).waitFor();

      await page.getByLabel('Mots du bouton').fill('Parlons "travail"');
      await page.getByLabel('à gauche').check();
      await page.locator('#couleur').fill('#5b2a86');
      const bouton = apercu.getByRole('button', { name: 'Parlons "travail"' });
      await bouton.waitFor();
      expect(await bouton.evaluate((b) => getComputedStyle(b).backgroundColor)).toBe('rgb(91, 42, 134)');
      expect(await bouton.evaluate((b) => getComputedStyle(b).left)).toBe('16px');
      const ligne = (await page.locator('#resultat code').first().textContent()) ?? '';
      expect(ligne).toContain(
        'data-couleur="#5b2a86" data-position="gauche" data-nom="Parlons &quot;travail&quot;"></script>',
      );
      // Tag managers keep the address of a script, not its attributes.
      expect(await page.locator('#resultat code').nth(1).textContent()).toContain(
        '/widget/lanceur.js?couleur=%235b2a86&amp;position=gauche&amp;nom=Parlons+%22travail%22"></script>',
      );
      // What to add, never a whole policy: copied as it is, it would stop the site's own scripts.
      const politique = (await page.locator('code').last().textContent()) ?? '';
      expect(politique).toMatch(/^script-src … http:\S+;\nframe-src … http:\S+;$/);
      await page.screenshot({ path: 'test/sorties/integrer.png', fullPage: true });

      await page.locator('#couleur').fill('#ffe680');
      await page.getByText('Cette couleur est trop claire').waitFor();
      await expect
        .poll(() => bouton.evaluate((b) => getComputedStyle(b).backgroundColor))
        .toBe('rgb(29, 77, 79)');
      expect(await new AxeBuilder(page).violations()).toEqual([]);
      await page.locator('iframe.apercu').scrollIntoViewIfNeeded();
      await bouton.click();
      await derniers(apercu.frameLocator('iframe'), 'Qu’est-ce qui vous amène').waitFor();
      expect(erreurs).toEqual([]);
    }));

  it('se remplit sans script, sur un téléphone, en facile à lire', () =>
    siNavigateur('le guide sans script', async (navigateur) => {
      const page = await ouvrirPage(navigateur, {
        viewport: { width: 320, height: 640 },
        javaScriptEnabled: false,
      });
      await page.goto(`${serveur.accueil}integrer?registre=falc`);
      await page.getByLabel('Mots du bouton').fill('Bonjour');
      await page.getByRole('button', { name: 'Voir' }).click();
      expect(await page.locator('#resultat code').first().textContent()).toContain('data-nom="Bonjour"');
      expect(page.url()).toContain('registre=falc');
      await page.screenshot({ path: 'test/sorties/integrer-320.png', fullPage: true });
    }));
});
