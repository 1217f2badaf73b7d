import textes from '../../../knowledge/textes/donnees/console.json';
import { accesDonne } from './acces.ts';
import { finDeSession, sessionRetrouvee, SessionTerminee } from './session.ts';

/** A refusal of the server, in its own words. What fails for want of a network or of a server is another error: worth another try. */
export class Refus extends Error {
  override readonly name = 'Refus';
}

/**
 * One call of the console's API: read without a body, changed with one.
 * @throws {Refus} the server said no; {SessionTerminee} nobody is signed in any more; {Error} it could not be asked. In Teams, a session
 * that ended is opened again.
 */
export async function appeler(
  chemin: string,
  corps?: object,
  { signal, reprise = true }: { readonly signal?: AbortSignal; readonly reprise?: boolean } = {},
): Promise<unknown> {
  const acces = accesDonne();
  const preuve = await acces?.entetes();
  const reponse = await demander(`/api/console/${chemin}`, {
    ...(signal === undefined ? {} : { signal }),
    ...(corps === undefined
      ? { headers: { ...preuve } }
      : {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Console': '1', ...preuve },
          body: JSON.stringify(corps),
        }),
  });
  if (reponse.status === 401 && acces !== undefined && reprise) {
    // Refused before anything was done: the same call, once, with a new session.
    acces.oublier();
    return appeler(chemin, corps, { ...(signal === undefined ? {} : { signal }), reprise: false });
  }
  // A proxy between us answers in its own words: they are not ours to show.
  const lu: unknown = await reponse.json().catch(() => undefined);
  if (reponse.ok) {
    sessionRetrouvee();
    return lu;
  }
  const mots = motsDuRefus(reponse.status, Reflect.get(Object(lu), 'message'));
  if (reponse.status === 401 && acces === undefined) {
    finDeSession();
    throw new SessionTerminee(mots);
  }
  throw reponse.status >= 500 || reponse.status === 429 ? new Error(mots) : new Refus(mots);
}

/** @throws {Error} the server could not be reached, in the words of this page: those of the browser are English, and its own. */
async function demander(adresse: string, demande: RequestInit): Promise<Response> {
  try {
    return await fetch(adresse, demande);
  } catch (erreur) {
    // Asked to stop: whoever asked knows.
    if (erreur instanceof DOMException && erreur.name === 'AbortError') throw erreur;
    throw new Error(textes['erreur-reseau'].standard, { cause: erreur });
  }
}

/** Refusals a counsellor can do something about come in French from the server; the others say what they are by their status. */
function motsDuRefus(statut: number, message: unknown): string {
  if (statut === 403) return textes['refus-droit'].standard;
  if (statut === 404) return textes['demande-absente'].standard;
  if ((statut === 400 || statut === 409) && typeof message === 'string') return message;
  return textes['erreur-serveur'].standard;
}
