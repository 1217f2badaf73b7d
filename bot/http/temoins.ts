import type { IncomingMessage } from 'node:http';

export type OptionsTemoin = {
  readonly chemin?: string;
  /** Seconds; absent: until the browser closes; 0: erase. */
  readonly dureeS?: number;
  /** Only over https. Such a cookie takes the `__Host-` prefix rules: path `/` and no domain. */
  readonly securise: boolean;
  readonly memeSite?: 'Strict' | 'Lax' | 'None';
};

/** Value of one cookie of a request; never decoded beyond what `ecrireTemoin` writes. */
export function lireTemoin(req: IncomingMessage, nom: string): string | undefined {
  for (const morceau of (req.headers.cookie ?? '').split(';')) {
    const egal = morceau.indexOf('=');
    if (egal > 0 && morceau.slice(0, egal).trim() === nom) return morceau.slice(egal + 1).trim();
  }
  return undefined;
}

/** A `Set-Cookie` value: HttpOnly, SameSite, no domain. `valeur` must be made of URL-safe characters (a signed token is). */
export function ecrireTemoin(nom: string, valeur: string, options: OptionsTemoin): string {
  if (!/^[\w.~-]*$/.test(valeur)) throw new Error(`Valeur de témoin refusée pour « ${nom} ».`);
  return [
    `${nom}=${valeur}`,
    `Path=${options.chemin ?? '/'}`,
    'HttpOnly',
    `SameSite=${options.memeSite ?? 'Lax'}`,
    ...(options.dureeS === undefined ? [] : [`Max-Age=${options.dureeS}`]),
    ...(options.securise ? ['Secure'] : []),
  ].join('; ');
}
