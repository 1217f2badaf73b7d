import { createHash } from 'node:crypto';
import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import type { Consentement, Transmission } from './transmission.ts';

/** Seals what a person agreed to, so that what was changed afterwards, on disk or in a backup, is seen. */
export type Sceau = {
  poser(contenu: string): string;
  estBon(contenu: string, sceau: string): boolean;
};

/** Without a key: notices damage, not a forger. The program itself seals with its own keys. */
export const SCEAU_SANS_CLE: Sceau = {
  poser: (contenu) => createHash('sha256').update(contenu).digest('base64url'),
  estBon: (contenu, sceau) => SCEAU_SANS_CLE.poser(contenu) === sceau,
};

/** `non-scelle`: sent before documents were sealed. */
export type Integrite = 'intact' | 'altere' | 'non-scelle';

/** The same value gives the same text, whatever the order its keys were written or read back in. */
function canonique(valeur: unknown): string {
  if (Array.isArray(valeur)) return `[${valeur.map(canonique).join(',')}]`;
  if (typeof valeur !== 'object' || valeur === null) return JSON.stringify(valeur) ?? 'null';
  const paires = Object.entries(valeur)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cle, v]) => `${JSON.stringify(cle)}:${canonique(v)}`);
  return `{${paires.join(',')}}`;
}

const contenuScelle = (document: DocumentNiveau1, consentement: Consentement): string =>
  canonique({ document, consentement });

type Contenu = NonNullable<Transmission['contenu']>;

/** The content, sealed as it now stands: at each agreement, and nowhere else. */
export const sceller = (sceau: Sceau, contenu: Omit<Contenu, 'sceau'>): Contenu => ({
  ...contenu,
  sceau: sceau.poser(contenuScelle(contenu.document, contenu.consentement)),
});

/** Whether the document and the agreement are still what was sealed; `undefined` when nothing is kept. */
export function integriteDe(sceau: Sceau, { contenu }: Transmission): Integrite | undefined {
  if (contenu === undefined) return undefined;
  if (contenu.sceau === undefined) return 'non-scelle';
  const { document, consentement } = contenu;
  return sceau.estBon(contenuScelle(document, consentement), contenu.sceau) ? 'intact' : 'altere';
}
