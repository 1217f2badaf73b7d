import { nomDepartement } from '../territoire/index.ts';
import { jourEnToutesLettres, type Jour, type Registre } from '../vocabulaire/index.ts';
import type { GuichetProche } from './annuaire.ts';
import type { MetierNomme } from './marche.ts';
import { accorder, dire, nombre } from './redaction.ts';
import type { PieceInformation, Source } from './types.ts';

/** How hard a métier is to recruit for, 1 (easy) to 5 (very hard), as France Travail publishes it. `territoire` is its own label. */
export type TensionRelevee = {
  readonly rome: string;
  readonly niveau: 1 | 2 | 3 | 4 | 5;
  readonly territoire: string;
  readonly periode: string;
  readonly releveLe: Jour;
};

/** How many offers France Travail showed for a métier in a département, on a day. A count, never the offers. */
export type OffresRelevees = {
  readonly rome: string;
  readonly nombre: number;
  readonly departement: string;
  readonly releveLe: Jour;
};

/** What the live sources last said that concerns a request, each with the day it was read. Empty when they are off, silent or late. */
export type FaitsVivants = {
  readonly tensions: readonly TensionRelevee[];
  readonly offres: readonly OffresRelevees[];
  readonly guichets: readonly GuichetProche[];
};

const source = (titre: string, date: Jour): Source => ({
  titre,
  url: 'https://www.francetravail.fr/',
  date,
  confiance: 'sur',
});

/** The live figures of a métier; `undefined` when none is known. The day they were read is in the sentence: an old answer never passes for today's. */
export function pieceVive(
  metier: MetierNomme,
  faits: FaitsVivants | undefined,
  registre: Registre,
): PieceInformation | undefined {
  const tension = faits?.tensions.find((t) => t.rome === metier.rome);
  const offres = faits?.offres.find((o) => o.rome === metier.rome);
  if (tension === undefined && offres === undefined) return undefined;
  const phrases = [
    ...(tension === undefined
      ? []
      : [
          dire(`vif-tension-${tension.niveau}`, registre),
          dire('vif-tension', registre, {
            niveau: tension.niveau,
            territoire: tension.territoire,
            periode: tension.periode,
          }),
        ]),
    ...(offres === undefined
      ? []
      : [
          dire('vif-offres', registre, {
            jour: jourEnToutesLettres(offres.releveLe),
            nombre: nombre(offres.nombre),
            offres: accorder(offres.nombre, 'offre', 'offres'),
            departement: nomDepartement(offres.departement),
          }),
        ]),
  ];
  return {
    id: `vif-${metier.rome}`,
    genre: 'marche-du-travail',
    titre: dire('vif-titre', registre, { metier: metier.libelle }),
    texte: phrases.join(' '),
    sources: [
      ...(tension === undefined ? [] : [source('France Travail, Marché du travail', tension.releveLe)]),
      ...(offres === undefined ? [] : [source('France Travail, Offres d’emploi', offres.releveLe)]),
    ],
  };
}
