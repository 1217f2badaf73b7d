import { informer, type DemandeInformation, type GraphiqueInformation } from '../information/index.ts';
import type { Jour } from '../vocabulaire/index.ts';
import type { Dossier } from './dossier.ts';
import { territoireDe } from './territoire.ts';

/** What information is chosen from: what the dossier knows of the person, on the day `le`. */
export const demandeInformation = (dossier: Dossier, le: Jour): DemandeInformation => ({
  le,
  profil: dossier.profil,
  ...(dossier.demande === undefined ? {} : { demande: dossier.demande }),
  ...territoireDe(dossier.lieu),
  metiers: dossier.metiers,
});

/** A picture says it faster, once; the document stays a page. */
const REPERES_MAX = 1;
/** Lines a chart repeats: whoever cuts one does not want to read it in a picture. */
const DITS_PAR_LE_GRAPHIQUE = ['informations', 'lieu', 'metier-vise', 'metier-actuel'];

/**
 * The figures this person was shown for their métier and their place, as charts with producer and year. Only what was really shown in the
 * conversation, and nothing when the person cut the line of the place, of the métier or of the information.
 */
export function reperesDuDocument(dossier: Dossier, le: Jour): readonly GraphiqueInformation[] {
  if (DITS_PAR_LE_GRAPHIQUE.some((ligne) => dossier.lignes[ligne] === false)) return [];
  const montrees = new Set(dossier.informations.map((i) => i.id));
  if (montrees.size === 0) return [];
  const { pieces } = informer(demandeInformation(dossier, le), dossier.registre);
  return pieces
    .flatMap((p) => (p.graphique !== undefined && montrees.has(p.id) ? [p.graphique] : []))
    .slice(0, REPERES_MAX);
}
