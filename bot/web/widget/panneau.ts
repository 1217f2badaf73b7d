/** Firefox before 98 and Safari before 15.4 take a dialog for any element: no `HTMLDialogElement`, no `showModal`, no `close`. */
const connait = (panneau: HTMLElement): panneau is HTMLDialogElement => 'showModal' in panneau;

/** Where the focus was when it opened, and what to do at a key press: what a browser that knows dialogs does by itself. */
const ouverts = new WeakMap<
  HTMLElement,
  { readonly avant: Element | null; readonly echap: (e: KeyboardEvent) => void }
>();

/** Opens a dialog; in front of the page, though not modal, where the browser knows none. */
export function ouvrirPanneau(panneau: HTMLElement): void {
  if (connait(panneau)) return panneau.showModal();
  const echap = (e: KeyboardEvent): void => {
    if (e.key !== 'Escape') return;
    e.stopPropagation();
    fermerPanneau(panneau);
  };
  ouverts.set(panneau, { avant: panneau.ownerDocument.activeElement, echap });
  panneau.setAttribute('open', '');
  panneau.addEventListener('keydown', echap);
  panneau.querySelector<HTMLElement>('button, input, a[href]')?.focus();
}

/** Closes it; the focus goes back to what opened it. */
export function fermerPanneau(panneau: HTMLElement): void {
  if (connait(panneau)) return panneau.close();
  const ouvert = ouverts.get(panneau);
  ouverts.delete(panneau);
  panneau.removeAttribute('open');
  if (ouvert === undefined) return;
  panneau.removeEventListener('keydown', ouvert.echap);
  if (ouvert.avant instanceof HTMLElement) ouvert.avant.focus();
}
