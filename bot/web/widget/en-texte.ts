const BLOCS = new Set([
  'ARTICLE',
  'BLOCKQUOTE',
  'DD',
  'DIV',
  'DT',
  'FIGCAPTION',
  'FIGURE',
  'FORM',
  'H2',
  'H3',
  'LI',
  'P',
  'UL',
]);

/**
 * A message as plain text, to be kept: what was said and checked, where links lead, and not the buttons (pressed, they were said) nor the
 * words meant for the ear. What the browser calls the text of an element has the buttons and loses the addresses and the boxes.
 */
export function enTexte(message: Element): string {
  return lire(message)
    .replaceAll('\u00A0', ' ')
    .replaceAll(/[ \t]*\n[ \t]*/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function lire(noeud: Node): string {
  if (!(noeud instanceof HTMLElement)) return noeud instanceof Text ? noeud.data : '';
  if (noeud.matches('button, .cache, .choix, svg')) return '';
  if (noeud instanceof HTMLInputElement && noeud.type === 'checkbox') return noeud.checked ? '[x] ' : '[ ] ';
  if (noeud instanceof HTMLInputElement || noeud instanceof HTMLTextAreaElement) return ` ${noeud.value}`;
  if (noeud instanceof HTMLSelectElement) return ` ${noeud.selectedOptions[0]?.text ?? ''}`;
  if (noeud.tagName === 'BR') return '\n';
  const dedans = [...noeud.childNodes].map(lire).join('');
  if (noeud instanceof HTMLAnchorElement)
    return noeud.href.includes(dedans)
      ? `${dedans}\n`
      : `${dedans} (${noeud.href.replace(/^(tel|mailto):/, '')}) `;
  if (noeud.tagName === 'LI') return `\n- ${dedans}\n`;
  if (noeud.tagName === 'DT') return `\n${dedans} : `;
  if (noeud.matches('.auteur, .case, dd')) return `${dedans}\n`;
  if (noeud.parentElement?.matches('.barre') === true) return `${dedans} `;
  return BLOCS.has(noeud.tagName) ? `\n${dedans}\n` : dedans;
}
