import { el } from './element.ts';

const SVG = 'http://www.w3.org/2000/svg';
const svg = (
  nom: string,
  attributs: Readonly<Record<string, string | number>>,
  enfants: readonly Node[] = [],
): SVGElement => {
  const noeud = document.createElementNS(SVG, nom);
  for (const [cle, valeur] of Object.entries(attributs)) noeud.setAttribute(cle, String(valeur));
  noeud.append(...enfants);
  return noeud;
};

const FORMAT = new Intl.NumberFormat('fr-FR');

/** Horizontal bars with their value in figures, and the same in words for those who do not see it. `null` is « non publié », never 0. */
export function dessinerGraphique(g: unknown, nonPublie: string): HTMLElement | undefined {
  if (typeof g !== 'object' || g === null) return undefined;
  const lu = g as Readonly<Record<string, unknown>>;
  const barres = Array.isArray(lu['barres'])
    ? (lu['barres'] as readonly { libelle: string; valeur: number | null }[])
    : [];
  const mots = (cle: string): string => (typeof lu[cle] === 'string' ? lu[cle] : '');
  // A share is read against 100, a count against the largest.
  const max = mots('unite') === '%' ? 100 : Math.max(1, ...barres.map((b) => b.valeur ?? 0));
  const rangees = barres.map((b) =>
    el('div', { class: 'barre' }, [
      el('span', { class: 'barre-libelle' }, [b.libelle]),
      b.valeur === null
        ? el('span', { class: 'barre-trace' })
        : el('span', { class: 'barre-trace' }, [
            svg('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', focusable: 'false' }, [
              svg('rect', { x: 0, y: 0, width: Math.max(1, (b.valeur / max) * 100), height: 10 }),
            ]),
          ]),
      el('span', { class: 'barre-valeur' }, [b.valeur === null ? nonPublie : FORMAT.format(b.valeur)]),
    ]),
  );
  return el('figure', { class: 'graphique' }, [
    el('figcaption', {}, [
      mots('titre'),
      ...(mots('unite') === '' ? [] : [el('span', { class: 'discret' }, [` (${mots('unite')})`])]),
    ]),
    el('p', { class: 'cache' }, [mots('texte')]),
    el('div', { 'aria-hidden': 'true' }, rangees),
    el('p', { class: 'discret' }, [mots('source')]),
  ]);
}
