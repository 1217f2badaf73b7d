import { z } from 'zod';
import { lireDonnees } from '../vocabulaire/index.ts';

/**
 * The closed list of relais: useful doors that are not CEP operators. The rules name them by id; knowledge/information holds how to reach them,
 * keyed by the same ids.
 */
export const RELAIS: readonly string[] = lireDonnees(
  'knowledge/aiguillage/donnees/relais.json',
  z.array(z.string().regex(/^[a-z0-9-]+$/)).min(1),
);

export const estRelais = (id: string): boolean => RELAIS.includes(id);
