/** The session is over: nothing was done, and what is on the page is still there. Not a refusal of the file asked for. */
export class SessionTerminee extends Error {
  override readonly name = 'SessionTerminee';
}

const estEcrit = (c: HTMLTextAreaElement | HTMLInputElement): boolean => c.value !== '';
/** Whether something is being written on this page, that a reload would lose. */
const onEcrit = (): boolean =>
  [...document.querySelectorAll<HTMLTextAreaElement>('textarea')].some(estEcrit) ||
  [...document.querySelectorAll<HTMLInputElement>('input[type="datetime-local"]')].some(estEcrit);

const bandeau = (): HTMLElement | null => document.getElementById('session-terminee');

/**
 * The session ended. The page is loaded again, which shows how to sign in; unless somebody is writing: then the page stays, and a link signs
 * in beside it.
 */
export function finDeSession(): void {
  const mots = bandeau();
  if (mots === null || !onEcrit()) location.reload();
  else mots.hidden = false;
}

/** The server answers again: signed in, here or in another tab. */
export function sessionRetrouvee(): void {
  const mots = bandeau();
  if (mots !== null) mots.hidden = true;
}
