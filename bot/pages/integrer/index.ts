import type { IncomingMessage } from 'node:http';
import { texte, type Parametres } from '../../../knowledge/textes/index.ts';
import type { Registre } from '../../../knowledge/vocabulaire/index.ts';
import type { Config } from '../../config.ts';
import { echapperHtml, repondreHtml, type Serveur } from '../../http/index.ts';
import { CONTRASTE_MIN, contrasteDuBlanc } from '../../web/widget/contraste.ts';
import { rendrePage } from '../reperes/gabarit.ts';
import { texteEnHtml } from '../texte-html.ts';
import { attributsDe, lireOptions, NOM_MAX, type OptionsLanceur, type ProblemeOption } from './options.ts';

const CHEMIN = '/integrer';
const DEUX_CHIFFRES = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 });

const rechercheDe = (req: IncomingMessage): URLSearchParams =>
  new URL(req.url ?? '/', 'http://localhost').searchParams;

/**
 * `/integrer`: how to put the launcher on a site, with the line to copy and the real launcher beside it. A form without script; a small
 * script only saves pressing the button. `/integrer/apercu` is the page in the frame.
 */
export function monterIntegrer(serveur: Serveur, config: Pick<Config, 'publicUrl'>): void {
  serveur.restify.get(CHEMIN, async (req, res) => {
    const recherche = rechercheDe(req);
    const registre: Registre = recherche.get('registre') === 'falc' ? 'falc' : 'standard';
    const { options, problemes } = lireOptions(recherche);
    const guide = new Guide(registre, config.publicUrl, options, problemes);
    repondreHtml(res, guide.page(), { csp: { cadresAffiches: [] } });
  });
  serveur.restify.get(`${CHEMIN}/apercu`, async (req, res) => {
    const recherche = rechercheDe(req);
    const { options } = lireOptions(recherche);
    const images = options.logo === '' ? [] : [new URL(options.logo).origin];
    repondreHtml(res, apercu(options, recherche.get('registre') === 'falc' ? 'falc' : 'standard'), {
      csp: { cadre: ["'self'"], cadresAffiches: [], images },
    });
  });
}

const script = (source: string, options: OptionsLanceur): string =>
  `<script src="${echapperHtml(source)}" defer${attributsDe(options)
    .map(([nom, valeur]) => ` ${nom}="${echapperHtml(valeur)}"`)
    .join('')}></script>`;

/** A page that stands for the site, with the launcher on it. */
const apercu = (options: OptionsLanceur, registre: Registre): string => `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${echapperHtml(texte('integrer.apercu', registre))}</title>
<link rel="stylesheet" href="/demo/pages.css">
${script('/widget/lanceur.js', options)}
</head>
<body><main><h1>${echapperHtml(texte('integrer.apercu-titre', registre))}</h1>
<p>${echapperHtml(texte('integrer.apercu-texte', registre))}</p></main></body>
</html>`;

class Guide {
  constructor(
    private readonly registre: Registre,
    private readonly publicUrl: string,
    private readonly options: OptionsLanceur,
    private readonly problemes: readonly ProblemeOption[],
  ) {}

  page(): string {
    return rendrePage(
      {
        racine: CHEMIN,
        feuille: '/demo/integrer.css',
        script: '/demo/integrer.js',
        chemin: '',
        titre: texte('integrer.titre', this.registre),
        corps: `<p class="chapeau">${this.dire('chapeau')}</p>
<h2>${this.dire('choisir')}</h2>
${this.formulaire()}
<div id="resultat">
${this.avis()}
<h2>${this.dire('copier')}</h2>
<p>${this.dire('copier-texte')}</p>
<pre tabindex="0"><code>${echapperHtml(this.ligne())}</code></pre>
<p>${this.dire('balises')}</p>
<pre tabindex="0"><code>${echapperHtml(this.ligneDeBalise())}</code></pre>
<h2>${this.dire('apercu')}</h2>
<p>${this.dire('apercu-essai')}</p>
<iframe class="apercu" src="${echapperHtml(this.adresseApercu())}" title="${this.dire('apercu')}"></iframe>
</div>
${this.section('autoriser', { origine: new URL(this.publicUrl).origin })}
<pre tabindex="0"><code>${echapperHtml(this.politique())}</code></pre>
${['inchange', 'panne', 'accessible'].map((cle) => this.section(cle)).join('\n')}`,
      },
      this.registre,
    );
  }

  private formulaire(): string {
    const { couleur, position, nom, logo } = this.options;
    const cote = (valeur: OptionsLanceur['position']): string =>
      `<label><input type="radio" name="position" value="${valeur}"${position === valeur ? ' checked' : ''}> ${this.dire(valeur)}</label>`;
    return `<form method="get" action="${CHEMIN}" class="options-lanceur">
${this.registre === 'falc' ? '<input type="hidden" name="registre" value="falc">' : ''}
<p><label for="couleur">${this.dire('couleur')}</label>
<input id="couleur" name="couleur" type="color" value="${couleur}" aria-describedby="aide-couleur"> <span id="aide-couleur">${this.dire('couleur-aide')}</span></p>
<fieldset><legend>${this.dire('position')}</legend>${cote('droite')} ${cote('gauche')}</fieldset>
<p><label for="nom">${this.dire('nom')}</label>
<input id="nom" name="nom" type="text" maxlength="${NOM_MAX}" value="${echapperHtml(nom)}" autocomplete="off" placeholder="${echapperHtml(texte('lanceur.bouton', 'standard'))}"></p>
<p><label for="logo">${this.dire('logo')}</label>
<input id="logo" name="logo" type="url" maxlength="500" value="${echapperHtml(logo)}" autocomplete="off" placeholder="https://" aria-describedby="aide-logo"> <span id="aide-logo">${this.dire('logo-aide')}</span></p>
<p><button class="bouton" type="submit">${this.dire('voir')}</button></p>
</form>`;
  }

  /** How readable the colour is, and what could not be kept. */
  private avis(): string {
    const contraste = contrasteDuBlanc(this.options.couleur) ?? 0;
    const refus = this.problemes.map(({ cle }) => `<strong>${this.dire(cle)}</strong>`);
    const mesure = this.dire('contraste', {
      contraste: DEUX_CHIFFRES.format(contraste),
      minimum: DEUX_CHIFFRES.format(CONTRASTE_MIN),
    });
    return `<div role="status" class="avis-options${refus.length > 0 ? ' refus' : ''}">${[mesure, ...refus].map((p) => `<p>${p}</p>`).join('')}</div>`;
  }

  private ligne(): string {
    return `${script(`${this.publicUrl}/widget/lanceur.js`, this.options)}
<noscript><a href="${this.publicUrl}/widget/">${texte('lanceur.bouton', 'standard')}</a></noscript>`;
  }

  /** Tag managers make the script anew and keep little more than its address. */
  private ligneDeBalise(): string {
    const choix = new URLSearchParams(
      attributsDe(this.options).map(([nom, valeur]) => [nom.slice('data-'.length), valeur]),
    );
    const suite = choix.size === 0 ? '' : `?${choix}`;
    return `<script src="${this.publicUrl}/widget/lanceur.js${echapperHtml(suite)}"></script>`;
  }

  /** What to add to a policy that is there: a whole policy, copied as it is, would stop the site's own scripts. */
  private politique(): string {
    const { origin } = new URL(this.publicUrl);
    const { logo } = this.options;
    return [
      `script-src … ${origin};`,
      `frame-src … ${origin};`,
      ...(logo === '' ? [] : [`img-src … ${new URL(logo).origin};`]),
    ].join('\n');
  }

  private adresseApercu(): string {
    const recherche = new URLSearchParams({ ...this.options });
    if (this.registre === 'falc') recherche.set('registre', 'falc');
    return `${CHEMIN}/apercu?${recherche}`;
  }

  private section(cle: string, trous: Parametres = {}): string {
    return `<h2>${this.dire(cle)}</h2>\n${texteEnHtml(texte(`integrer.${cle}-texte`, this.registre, trous))}`;
  }

  private dire(cle: string, trous: Parametres = {}): string {
    return echapperHtml(texte(`integrer.${cle}`, this.registre, trous));
  }
}
