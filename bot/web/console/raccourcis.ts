import { el } from '../widget/element.ts';
import type { OutilsConsole } from './outils.ts';

export type Gestes = {
  /** Moves the focus in the queue by that many lines. */
  readonly deplacer: (de: 1 | -1) => void;
  /** Presses the button that takes the open file, when it is there. */
  readonly prendre: () => void;
  readonly rechercher: () => void;
  readonly noter: () => void;
};

const CLE = 'cep.console.raccourcis';
const TOUCHES = [
  ['j', 'suivante'],
  ['k', 'precedente'],
  ['p', 'prendre'],
  ['/', 'rechercher'],
  ['n', 'note'],
  ['?', 'aide'],
] as const;

/** Storage may be closed to us (private window, Teams tab): the shortcuts then start switched on each time. */
function lire(): boolean {
  try {
    return localStorage.getItem(CLE) !== 'non';
  } catch {
    return true;
  }
}
function retenir(actifs: boolean): void {
  try {
    localStorage.setItem(CLE, actifs ? 'oui' : 'non');
  } catch {
    // Nothing to keep it in: the choice lasts as long as the page.
  }
}

const estSaisie = (cible: EventTarget | null): boolean =>
  cible instanceof HTMLElement && cible.closest('input, textarea, select, [contenteditable]') !== null;

/**
 * Single-key shortcuts (WCAG 2.1.4: they can be switched off, and never act inside a field), and the list that tells them.
 * @returns the button that opens the list
 */
export function installerRaccourcis({ t }: OutilsConsole, gestes: Gestes): HTMLElement {
  let actifs = lire();
  const choix = el(
    'input',
    { type: 'checkbox', id: 'raccourcis-actifs', ...(actifs ? { checked: true } : {}) },
    [],
    {
      change: () => {
        actifs = choix.checked;
        retenir(actifs);
      },
    },
  );
  const dialogue = el('dialog', { id: 'raccourcis', 'aria-labelledby': 'raccourcis-titre' }, [
    el('h2', { id: 'raccourcis-titre' }, [t('raccourcis')]),
    el(
      'dl',
      {},
      TOUCHES.flatMap(([touche, geste]) => [
        el('dt', {}, [el('kbd', {}, [touche])]),
        el('dd', {}, [t(`raccourci-${geste}`)]),
      ]),
    ),
    el('p', {}, [t('raccourcis-aide')]),
    el('p', { class: 'case' }, [
      choix,
      ' ',
      el('label', { for: 'raccourcis-actifs' }, [t('raccourcis-actifs')]),
    ]),
    el('p', {}, [el('button', { type: 'button' }, [t('fermer')], { click: () => dialogue.close() })]),
  ]);
  document.body.append(dialogue);

  const actions: Readonly<Record<string, () => void>> = {
    j: () => gestes.deplacer(1),
    k: () => gestes.deplacer(-1),
    p: gestes.prendre,
    '/': gestes.rechercher,
    n: gestes.noter,
    '?': () => dialogue.showModal(),
  };
  document.addEventListener('keydown', (e) => {
    if (!actifs || e.ctrlKey || e.metaKey || e.altKey || estSaisie(e.target) || dialogue.open) return;
    const action = Object.hasOwn(actions, e.key) ? actions[e.key] : undefined;
    if (action === undefined) return;
    e.preventDefault();
    action();
  });
  return el('button', { type: 'button', 'aria-haspopup': 'dialog' }, [t('raccourcis')], {
    click: () => dialogue.showModal(),
  });
}
