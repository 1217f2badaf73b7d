import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import { conservationDe } from '../../knowledge/dossier/document-versions.ts';
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

/** How long the document is kept, in two parts; `undefined` where nothing true can be said. */
export function conservationEnMots(
  doc: DocumentNiveau1,
  registre: Registre,
): { readonly nom: string; readonly valeur: string } | undefined {
  const regle = conservationDe(doc);
  if (regle === undefined) return undefined;
  if ('jusquAu' in regle) {
    const { jusquAu } = regle;
    return {
      nom: texte('document-page.expire-le', registre),
      valeur: estJour(jusquAu) ? jourEnToutesLettres(jusquAu) : jusquAu,
    };
  }
  return {
    nom: texte('document-page.conservation', registre),
    valeur: texte('document-page.conservation-envoye', registre, {
      mois: regle.moisApresCloture,
      jours: regle.joursSansSuivi,
    }),
  };
}
