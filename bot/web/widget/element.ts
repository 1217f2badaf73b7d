type Attributs = Readonly<Record<string, string | number | boolean | undefined>>;

/** Builds a DOM node; text only through text nodes, never through HTML. `on` attaches listeners. */
export function el<K extends keyof HTMLElementTagNameMap>(
  nom: K,
  attributs: Attributs = {},
  enfants: readonly (Node | string)[] = [],
  on: Readonly<Record<string, (e: Event) => void>> = {},
): HTMLElementTagNameMap[K] {
  const noeud = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs)) {
    if (valeur === undefined || valeur === false) continue;
    noeud.setAttribute(cle, valeur === true ? '' : String(valeur));
  }
  noeud.append(...enfants);
  for (const [evenement, f] of Object.entries(on)) noeud.addEventListener(evenement, f);
  return noeud;
}

const LIEN = /\[([^\]\n]+)\]\((https:\/\/[^\s)]+|tel:[+\d]+|mailto:[^\s)]+)\)/;
const FORT = /\*\*([^*\n]+)\*\*/;

/** A link that says it opens elsewhere. */
export function lien(libelle: string, url: string, nouvelOnglet: string): HTMLElement {
  const dehors = /^https?:/.test(url);
  return el('a', { href: url, ...(dehors ? { target: '_blank', rel: 'noopener noreferrer' } : {}) }, [
    libelle,
    ...(dehors ? [el('span', { class: 'cache' }, [` (${nouvelOnglet})`])] : []),
  ]);
}

/** French puts a space before these signs, and no line may break there. */
export const insecable = (texte: string): string =>
  texte.replaceAll(/ (?=[?!:;»])/g, '\u00A0').replaceAll('« ', '«\u00A0');

function enLigne(texte: string, nouvelOnglet: string): (Node | string)[] {
  const l = LIEN.exec(texte);
  const f = FORT.exec(texte);
  const premier = l !== null && (f === null || l.index < f.index) ? l : f;
  if (premier === null)
    return texte === '' ? [] : [insecable(texte.replaceAll(/\\([\\`*_{}[\]()#+\-.!>~|])/g, '$1'))];
  const milieu =
    premier === l
      ? lien(premier[1] ?? '', premier[2] ?? '', nouvelOnglet)
      : el('strong', {}, enLigne(premier[1] ?? '', nouvelOnglet));
  return [
    ...enLigne(texte.slice(0, premier.index), nouvelOnglet),
    milieu,
    ...enLigne(texte.slice(premier.index + premier[0].length), nouvelOnglet),
  ];
}

const lignesEnNoeuds = (lignes: readonly string[], nouvelOnglet: string): (Node | string)[] =>
  lignes.flatMap((ligne, i) => [...(i === 0 ? [] : [el('br')]), ...enLigne(ligne, nouvelOnglet)]);

/** The few formats our own texts use, as DOM nodes: paragraphs, `- ` lists, `> ` quotations, `**strong**`, links. */
export function formater(texte: string, nouvelOnglet: string): Node[] {
  return texte.split(/\n{2,}/).flatMap((bloc): Node[] => {
    const lignes = bloc.split('\n');
    if (lignes.every((l) => l.startsWith('> ')))
      return [
        el(
          'blockquote',
          { dir: 'auto' },
          lignesEnNoeuds(
            lignes.map((l) => l.slice(2)),
            nouvelOnglet,
          ),
        ),
      ];
    const debut = lignes.findIndex((l) => l.startsWith('- '));
    if (debut === -1) return [el('p', {}, lignesEnNoeuds(lignes, nouvelOnglet))];
    const avant = lignes.slice(0, debut);
    const liste = el(
      'ul',
      {},
      lignes.slice(debut).map((l) => el('li', {}, enLigne(l.replace(/^- /, ''), nouvelOnglet))),
    );
    return [...(avant.length === 0 ? [] : [el('p', {}, lignesEnNoeuds(avant, nouvelOnglet))]), liste];
  });
}

/** Text a person or a counsellor typed: shown as it is, line breaks kept, in the direction it is written. */
export const brut = (texte: string): Node[] => [
  el(
    'p',
    { dir: 'auto' },
    texte
      .split('\n')
      .flatMap((l, i): (Node | string)[] => (i === 0 ? [insecable(l)] : [el('br'), insecable(l)])),
  ),
];
