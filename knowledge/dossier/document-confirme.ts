import { texte } from '../textes/index.ts';
import { jourEnToutesLettres, type Jour } from '../vocabulaire/index.ts';
import { SECTIONS_DOCUMENT, type DocumentNiveau1 } from './document-types.ts';

/** Sections a counsellor may complete: what the person wants, needs and lives. The rest is theirs, or the rules', to say. */
export const SECTIONS_A_COMPLETER = ['demande', 'besoin', 'situation', 'decision'] as const;
export type SectionACompleter = (typeof SECTIONS_A_COMPLETER)[number];
export const estSectionACompleter = (v: unknown): v is SectionACompleter =>
  (SECTIONS_A_COMPLETER as readonly unknown[]).includes(v);

/** Characters of one addition. */
export const COMPLEMENT_MAX = 500;

export type Confirmation = {
  readonly nom: string;
  readonly service: string;
  readonly le: Jour;
  readonly complements: readonly { readonly section: SectionACompleter; readonly texte: string }[];
};

/**
 * The shared « état des lieux »: the document as a counsellor confirmed it with the person, with what they added together. A new edition;
 * nothing of the earlier one is changed nor taken out, so that what the person agreed to can still be read in it.
 */
export function confirmerDocument(
  document: DocumentNiveau1,
  { nom, service, le, complements }: Confirmation,
): DocumentNiveau1 {
  const numero = document.edition.numero + 1;
  const ajouts = complements.map((c, i) => ({
    section: c.section,
    ligne: {
      id: `complement-${numero}-${i + 1}`,
      libelle: texte('document.complement', 'standard'),
      texte: c.texte,
      retirable: false,
    },
  }));
  return {
    ...document,
    edition: { numero, confirmee: { nom, service, le } },
    preparePar: texte('document.confirme-par', 'standard', { nom, service, jour: jourEnToutesLettres(le) }),
    sections: SECTIONS_DOCUMENT.flatMap((id) => {
      const section = document.sections.find((s) => s.id === id);
      const lignes = [
        ...(section?.lignes ?? []),
        ...ajouts.filter((a) => a.section === id).map((a) => a.ligne),
      ];
      if (lignes.length === 0) return [];
      return [{ id, titre: section?.titre ?? texte(`document.section-${id}`, 'standard'), lignes }];
    }),
  };
}
