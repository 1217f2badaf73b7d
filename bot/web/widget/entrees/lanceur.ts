// The launcher: one script line on any site. It draws a button and, on demand, a frame of our own origin; it reads nothing of the page.
// Options (attributes of the script): data-couleur, data-position (droite | gauche), data-nom, data-logo. None can change rules, order or wording.
{
  const script = document.currentScript;
  if (script instanceof HTMLScriptElement) {
    const origine = new URL(script.src).origin;
    const d = script.dataset;
    /** Contrast of white text on the colour must reach 4.5; otherwise ours is kept. */
    const couleur = ((voulue: string): string => {
      const m = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(voulue);
      if (m === null) return '#1d4d4f';
      const [r = 0, v = 0, b = 0] = m.slice(1).map((h) => {
        const c = Number.parseInt(h, 16) / 255;
        return c <= 0.039_28 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 1.05 / (0.2126 * r + 0.7152 * v + 0.0722 * b + 0.05) >= 4.5 ? voulue : '#1d4d4f';
    })(d['couleur'] ?? '');
    const nom = d['nom']?.slice(0, 60) ?? 'Une question sur votre travail ?';
    const cote = d['position'] === 'gauche' ? 'left' : 'right';
    const hote = document.createElement('div');
    const ombre = hote.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(`:host{all:initial}
button{position:fixed;z-index:2147483000;bottom:16px;${cote}:16px;min-height:52px;max-width:calc(100vw - 32px);padding:10px 20px;border:2px solid #fff;border-radius:28px;background:${couleur};color:#fff;font:600 16px/1.3 system-ui,sans-serif;cursor:pointer;box-shadow:0 4px 16px rgb(0 0 0/30%);display:flex;gap:10px;align-items:center}
button:focus-visible{outline:3px solid #b04a00;outline-offset:2px}
img{height:28px;width:auto}
iframe{position:fixed;z-index:2147483001;bottom:16px;${cote}:16px;width:min(440px,calc(100vw - 32px));height:min(720px,calc(100vh - 32px));border:1px solid #6f8483;border-radius:12px;background:#faf7f2;box-shadow:0 8px 32px rgb(0 0 0/35%)}
[hidden]{display:none!important}
@media (max-width:600px),(max-height:500px){iframe{inset:0;width:100%;height:100%;border:0;border-radius:0}}
@media print{button,iframe{display:none}}`);
    ombre.adoptedStyleSheets = [style];
    const bouton = document.createElement('button');
    bouton.type = 'button';
    bouton.setAttribute('aria-expanded', 'false');
    if (d['logo'] !== undefined && d['logo'].startsWith('https://')) {
      const image = document.createElement('img');
      image.src = d['logo'];
      image.alt = '';
      bouton.append(image);
    }
    bouton.append(nom);
    ombre.append(bouton);
    let cadre: HTMLIFrameElement | undefined;
    const ouvrir = (ouvert: boolean): void => {
      if (ouvert && cadre === undefined) {
        cadre = document.createElement('iframe');
        cadre.src = `${origine}/widget/`;
        cadre.title = 'Assistant du conseil en évolution professionnelle';
        ombre.append(cadre);
      }
      if (cadre !== undefined) cadre.hidden = !ouvert;
      bouton.hidden = ouvert;
      bouton.setAttribute('aria-expanded', String(ouvert));
      if (ouvert) {
        cadre?.focus();
        cadre?.contentWindow?.postMessage({ type: 'cep-ouvert' }, origine);
      } else bouton.focus();
    };
    bouton.addEventListener('click', () => ouvrir(true));
    addEventListener('message', (e) => {
      if (cadre === undefined || e.source !== cadre.contentWindow || e.origin !== origine) return;
      if (e.data?.type === 'cep-fermer') ouvrir(false);
      // The address is ours, not the frame's to choose: a page of ours taken over must not move the site elsewhere.
      if (e.data?.type === 'cep-quitter') location.replace('https://meteofrance.com/');
    });
    document.body.append(hote);
  }
}
