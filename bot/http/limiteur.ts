import type { Horloge } from '../ports.ts';

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly attendreMs: number };
export type Limiteur = {
  /** Takes one token for this key, or says how long until there is one. */
  prendre(cle: string): Verdict;
};

const TOUJOURS: Limiteur = { prendre: () => ({ ok: true }) };

/**
 * Token buckets: `nombre` per `parMs` sustained, `rafale` at once (default: `nombre`). `nombre` 0 turns the limit off.
 * Remembers at most `cles` keys, the least recently used forgotten first: a flood of addresses costs bounded memory.
 */
export function creerLimiteur(options: {
  readonly nombre: number;
  readonly parMs: number;
  readonly rafale?: number;
  readonly horloge: Horloge;
  readonly cles?: number;
}): Limiteur {
  const { nombre, parMs, horloge, cles = 20_000 } = options;
  if (nombre <= 0) return TOUJOURS;
  const capacite = options.rafale ?? nombre;
  const seaux = new Map<string, { jetons: number; le: number }>();
  return {
    prendre(cle) {
      const maintenant = horloge();
      const seau = seaux.get(cle) ?? { jetons: capacite, le: maintenant };
      seau.jetons = Math.min(capacite, seau.jetons + (Math.max(0, maintenant - seau.le) * nombre) / parMs);
      seau.le = maintenant;
      seaux.delete(cle);
      seaux.set(cle, seau);
      if (seaux.size > cles)
        for (const ancienne of seaux.keys()) {
          seaux.delete(ancienne);
          break;
        }
      if (seau.jetons >= 1) {
        seau.jetons -= 1;
        return { ok: true };
      }
      return { ok: false, attendreMs: Math.ceil(((1 - seau.jetons) * parMs) / nombre) };
    },
  };
}
