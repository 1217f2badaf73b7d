import { texte } from '../textes/index.ts';
import { LIGNE_NON_DETAILLEE, type DocumentNiveau1 } from './document-types.ts';

/** True when the person kept on purpose, in their document, a line that speaks of their health. */
export const gardeLaSante = (document: DocumentNiveau1): boolean =>
  document.sections.some((s) => s.lignes.some((l) => l.sensible === 'sante'));

/** True when a document says something of health, an orientation to Cap emploi included. */
export const parleDeSante = (document: DocumentNiveau1): boolean =>
  document.operateur === 'cap-emploi' ||
  document.demande === 'sante-handicap' ||
  document.sections.some((s) => s.lignes.some((l) => l.id === LIGNE_NON_DETAILLEE)) ||
  gardeLaSante(document);

/**
 * The same document for a recipient to whom the person does not show their health: lines marked as such, the operator when it is Cap
 * emploi with the sources that explain it, and the demande itself, become what they would be had the person never said it.
 * @param origine the operator it comes from: from Cap emploi, who confirmed it and what they added would say so too
 */
export function sansSante(document: DocumentNiveau1, origine: string): DocumentNiveau1 {
  const { operateur, ...reste } = document;
  const montrer = operateur !== undefined && operateur !== 'cap-emploi';
  const deCapEmploi = origine === 'cap-emploi';
  return {
    ...reste,
    ...(montrer ? { operateur } : {}),
    ...(deCapEmploi && document.edition.confirmee !== undefined
      ? {
          edition: { numero: document.edition.numero },
          preparePar: texte('document.prepare-par', 'standard'),
        }
      : {}),
    demande: document.demande === 'sante-handicap' ? 'faire-le-point' : document.demande,
    sections: document.sections
      .map((s) => ({
        ...s,
        lignes: s.lignes.filter(
          (l) =>
            l.sensible !== 'sante' &&
            l.id !== LIGNE_NON_DETAILLEE &&
            !(deCapEmploi && l.id.startsWith('complement-')),
        ),
      }))
      .filter((s) => s.lignes.length > 0),
    sources: operateur === 'cap-emploi' ? [] : document.sources,
  };
}
