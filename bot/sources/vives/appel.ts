/** What one call over HTTP gave: a status and a text, or why there is none. Nothing of it is trusted before its schema. */
export type Reponse =
  | { readonly ok: true; readonly statut: number; readonly entetes: Headers; readonly texte: string }
  | { readonly ok: false; readonly raison: 'delai' | 'reseau' | 'demesuree' };

const OCTETS_MAX = 2_000_000;

/** One bounded call: a time limit for the whole answer, a size limit, redirections refused (an API does not move). Never throws. */
export async function appeler(
  url: string,
  init: Omit<RequestInit, 'signal' | 'redirect'> & { readonly delaiMs: number },
): Promise<Reponse> {
  const { delaiMs, ...reste } = init;
  const signal = AbortSignal.timeout(delaiMs);
  try {
    const reponse = await fetch(url, { ...reste, signal, redirect: 'error' });
    let texte = '';
    if (reponse.body !== null) {
      const decodeur = new TextDecoder();
      let octets = 0;
      for await (const morceau of reponse.body) {
        octets += morceau.length;
        if (octets > OCTETS_MAX) return { ok: false, raison: 'demesuree' };
        texte += decodeur.decode(morceau, { stream: true });
      }
      texte += decodeur.decode();
    }
    return { ok: true, statut: reponse.status, entetes: reponse.headers, texte };
  } catch {
    return { ok: false, raison: signal.aborted ? 'delai' : 'reseau' };
  }
}

/** JSON of an answer, or `undefined`: a proxy's HTML page is not data. */
export function lireJson(texte: string): unknown {
  try {
    return JSON.parse(texte);
  } catch {
    return undefined;
  }
}

/** Seconds an overloaded service asks to be left alone (429, whatever its body); a minute when it does not say. */
export function pauseDemandee(entetes: Headers): number {
  const lu = Number(entetes.get('retry-after'));
  return Math.min(Number.isFinite(lu) && lu > 0 ? lu : 60, 3_600) * 1_000;
}
