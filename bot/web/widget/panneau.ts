/** Firefox before 98 and Safari before 15.4 take a dialog for any element: no `HTMLDialogElement`, no `showModal`, no `close`. */
const connait = (panneau: HTMLElement): panneau is HTMLDialogElement => 'showModal' in panneau;

/** Opens a dialog; in front of the page, though not modal, where the browser knows none. */
export function ouvrirPanneau(panneau: HTMLElement): void {
  if (connait(panneau)) panneau.showModal();
  else panneau.setAttribute('open', '');
}

/** Closes it; the browser gives the focus back to what opened it. */
export function fermerPanneau(panneau: HTMLElement): void {
  if (connait(panneau)) panneau.close();
  else panneau.removeAttribute('open');
}
