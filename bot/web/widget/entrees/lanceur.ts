import textes from '../../../../knowledge/textes/donnees/lanceur.json';
import { couleurLisible } from '../contraste.ts';

// The launcher: one script line on any site. It draws a button and, on demand, a frame of our own origin; it reads nothing of the page.
// Options: data-couleur, data-position (droite | gauche), data-nom, data-logo; the same in the address of the script (?couleur=…) for tag
// managers, which drop attributes. None can change rules, order or wording.

/** Written here by the server as it serves this file (bot/pages/widget.ts): the number must be there when the frame is not. */
const TELEPHONE: string = '{telephone}';
/** The same, for sites whose tools put this code in a file of theirs. */
const ORIGINE: string = '{origine}';
/** A frame that said nothing for this long, or this long after it finished loading, will not open. */
const PATIENCE_MS = 20_000;
const APRES_CHARGEMENT_MS = 1_500;

/** A module, or code a tool delays, has no current script: its line is looked for. */
const ligne = [document.currentScript, document.querySelector('script[src*="/widget/lanceur.js"]')].find(
  (s) => s instanceof HTMLScriptElement && s.src.includes('/widget/lanceur.js'),
);
const script = ligne instanceof HTMLScriptElement ? ligne : undefined;

function poser(): void {
  // Two lines in a page, or a site that runs its scripts again at each step: one button.
  if (document.querySelector('[data-cep-lanceur]') !== null) return;
  const adresse = new URL(script?.src ?? ORIGINE);
  const origine = adresse.origin;
  const d: DOMStringMap = { ...Object.fromEntries(adresse.searchParams), ...script?.dataset };
  const cote = d['position'] === 'gauche' ? 'left' : 'right';
  let registre: 'standard' | 'falc' = 'standard';
  const t = (cle: keyof typeof textes, nombre = 0): string =>
    textes[cle][registre].replace('{telephone}', TELEPHONE).replace('{nombre}', String(nombre));
  const creer = <K extends keyof HTMLElementTagNameMap>(
    nom: K,
    proprietes: Partial<HTMLElementTagNameMap[K]>,
    ...enfants: (Node | string)[]
  ): HTMLElementTagNameMap[K] => {
    const noeud = Object.assign(document.createElement(nom), proprietes);
    noeud.append(...enfants);
    return noeud;
  };

  const hote = creer('div', { lang: 'fr' });
  hote.dataset['cepLanceur'] = '';
  const ombre = hote.attachShadow({ mode: 'open' });
  const regles = `:host{all:initial!important;direction:ltr!important}
button,a,p{font:600 16px/1.35 system-ui,sans-serif}
.lanceur{position:fixed;z-index:2147483000;bottom:16px;${cote}:16px;min-height:52px;max-width:calc(100vw - 32px);padding:10px 20px;border:2px solid #fff;border-radius:28px;background:${couleurLisible(d['couleur'] ?? '')};color:#fff;cursor:pointer;box-shadow:0 4px 16px rgb(0 0 0/30%);display:flex;gap:10px;align-items:center}
:focus-visible{outline:3px solid #b04a00;outline-offset:2px}
img{height:28px;width:auto}
b{background:#fff;color:#1b2b2c;border-radius:14px;min-width:28px;line-height:28px;text-align:center}
iframe,.panne{position:fixed;z-index:2147483647;bottom:16px;${cote}:16px;width:min(440px,calc(100vw - 32px));border:1px solid #6f8483;border-radius:12px;background:#faf7f2;box-shadow:0 8px 32px rgb(0 0 0/35%)}
iframe{height:min(720px,calc(100vh - 32px))}
.panne{box-sizing:border-box;padding:16px;color:#1b2b2c}
.panne p{margin:0 0 8px;font-weight:400}
.panne a,.panne button{display:inline-flex;align-items:center;min-height:44px;margin:0 12px 0 0;padding:0 8px;background:0 0;border:0;color:#1d4d4f;text-decoration:underline;cursor:pointer}
.cache{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none!important}
@media (max-width:600px),(max-height:500px){iframe{inset:0;width:100%;height:100%;border:0;border-radius:0}}
@media print{*{display:none}}`;
  try {
    // A constructed sheet is allowed under a page's own strict CSP, a style element is not.
    const feuille = new CSSStyleSheet();
    feuille.replaceSync(regles);
    ombre.adoptedStyleSheets = [feuille];
  } catch {
    // Safari before 16.4 has no constructed sheets.
    ombre.append(creer('style', {}, regles));
  }

  const mots = creer('span', {});
  const pastille = creer('b', { hidden: true });
  const bouton = creer('button', { type: 'button', className: 'lanceur' });
  const logo = d['logo'] ?? '';
  if (logo.startsWith('https://')) bouton.append(creer('img', { src: logo, alt: '' }));
  bouton.append(mots, pastille);
  const annonce = creer('p', { className: 'cache', role: 'status' });
  const panne = creer('div', { className: 'panne', role: 'alert', hidden: true });
  ombre.append(bouton, annonce, panne);

  let cadre: HTMLIFrameElement | undefined;
  let estPret = false;
  let guet: ReturnType<typeof setTimeout> | undefined;
  const dire = (nouveaux: number): void => {
    mots.textContent = d['nom']?.slice(0, 60) ?? t('bouton');
    pastille.hidden = nouveaux === 0;
    // The figure alone says nothing to who does not see the badge.
    const dit = nouveaux === 0 ? '' : t(nouveaux === 1 ? 'nouveau' : 'nouveaux', nouveaux);
    pastille.replaceChildren(
      String(nouveaux),
      creer('span', { className: 'cache' }, dit.replace(/^\d+/, '')),
    );
    if (annonce.textContent !== dit) annonce.textContent = dit;
  };
  const surveiller = (delai: number): void => {
    clearTimeout(guet);
    guet = setTimeout(echouer, delai);
  };
  const fermer = (): void => {
    panne.hidden = true;
    if (cadre !== undefined) cadre.hidden = true;
    bouton.hidden = false;
    bouton.focus();
  };
  const ouvrir = (): void => {
    if (cadre === undefined) {
      estPret = false;
      cadre = creer('iframe', { src: `${origine}/widget/`, title: t('cadre') });
      cadre.addEventListener('load', () => surveiller(APRES_CHARGEMENT_MS));
      surveiller(PATIENCE_MS);
      ombre.append(cadre);
    }
    panne.hidden = true;
    cadre.hidden = false;
    bouton.hidden = true;
    cadre.focus();
    cadre.contentWindow?.postMessage({ type: 'cep-ouvert' }, origine);
  };
  /** Never a dead end: whom to call, where to go. */
  function echouer(): void {
    if (estPret || cadre === undefined) return;
    const ouverte = !cadre.hidden;
    cadre.remove();
    cadre = undefined;
    if (!ouverte) return;
    const appel = creer(
      'a',
      { href: `tel:${/[+\d][\d .]*/.exec(TELEPHONE)?.[0].replaceAll(/[ .]/g, '') ?? ''}` },
      t('appeler'),
    );
    const site = creer('a', { href: 'https://mon-cep.org/' }, 'mon-cep.org');
    const encore = creer('button', { type: 'button', onclick: ouvrir }, t('reessayer'));
    panne.replaceChildren(
      creer('p', {}, t('panne')),
      ...(TELEPHONE === '' ? [] : [appel]),
      site,
      encore,
      creer('button', { type: 'button', onclick: fermer }, t('fermer')),
    );
    panne.hidden = false;
    (TELEPHONE === '' ? site : appel).focus();
  }
  dire(0);
  bouton.addEventListener('click', ouvrir);
  panne.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') fermer();
  });
  addEventListener('message', ({ source, origin, data }) => {
    if (cadre === undefined || source !== cadre.contentWindow || origin !== origine) return;
    if (data?.type === 'cep-etat') {
      registre = data.registre === 'falc' ? 'falc' : 'standard';
      dire(Number(data.nouveaux) || 0);
      if (!estPret && !cadre.hidden) cadre.contentWindow?.postMessage({ type: 'cep-ouvert' }, origine);
      estPret = true;
    }
    if (data?.type === 'cep-fermer') fermer();
    // The address is ours, not the frame's to choose: a page of ours taken over must not move the site elsewhere.
    if (data?.type === 'cep-quitter') quitter();
  });
  // Beside the body: neither its styles, nor what a site does when it replaces it, reach the button.
  document.documentElement.append(hote);
}

/** The whole window leaves, not only the frame the site may itself be in. */
function quitter(): void {
  const ailleurs = 'https://meteofrance.com/';
  try {
    (top ?? window).location.replace(ailleurs);
  } catch {
    // The frame may not move the window it is in.
    location.replace(ailleurs);
  }
}

// Put in the head without « defer », it runs before there is a page.
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', poser);
else poser();
