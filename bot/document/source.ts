import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { estJour, jourEnToutesLettres, type Registre } from '../../knowledge/vocabulaire/index.ts';

/** A source in one line: what it is, when it was last read, where it is. */
export const sourceEnMots = (
  { titre, date, url }: DocumentNiveau1['sources'][number],
  registre: Registre,
): string =>
  texte('document-page.source', registre, {
    titre,
    jour: estJour(date) ? jourEnToutesLettres(date) : date,
    url,
  });
