import { insecable } from './element.ts';
import textes from '../../../knowledge/textes/donnees/widget.json';

export type Registre = 'standard' | 'falc';
export type CleMot = keyof typeof textes;

/** The page's own words, in the register in use. A hole `{x}` is filled from `parametres`. */
export const mot = (
  cle: CleMot,
  registre: Registre,
  parametres: Readonly<Record<string, string | number>> = {},
): string =>
  insecable(
    textes[cle][registre].replaceAll(/\{(\w+)\}/g, (_, nom: string) => String(parametres[nom] ?? '')),
  );

export const estCle = (cle: string): cle is CleMot => Object.keys(textes).includes(cle);
