import { z } from 'zod';
import { schemaDocumentNiveau1, type DocumentNiveau1 } from './document-types.ts';

/** Version 3, the one written now. */
export const schemaDocumentV3 = schemaDocumentNiveau1.extend({ version: z.literal(3) });

/** Version 2, as it was published: one date for what is sent and what is not. */
export const schemaDocumentV2 = schemaDocumentNiveau1
  .omit({ conservation: true })
  .extend({ version: z.literal(2), expireLe: schemaDocumentNiveau1.shape.expireLe.unwrap() });

/** Version 1, as it was published: before a counsellor could confirm or complete the document, and before it showed figures. It stays readable, and published. */
export const schemaDocumentV1 = schemaDocumentV2
  .omit({ edition: true, reperes: true })
  .extend({ version: z.literal(1) });
export type DocumentV1 = z.output<typeof schemaDocumentV1>;

/** Version 2 says which edition a document is; what came before is the first one, which nobody had confirmed. */
export const documentVers2 = (document: DocumentV1): DocumentNiveau1 => ({
  ...document,
  version: 2,
  edition: { numero: 1 },
  reperes: [],
});

/** Reads a document of any version we ever published; `undefined` for anything else, a newer version included. */
export function lireDocument(brut: unknown): DocumentNiveau1 | undefined {
  for (const schema of [schemaDocumentV3, schemaDocumentV2]) {
    const lu = schema.safeParse(brut);
    if (lu.success) return lu.data;
  }
  const ancien = schemaDocumentV1.safeParse(brut);
  return ancien.success ? documentVers2(ancien.data) : undefined;
}

/**
 * How long a document is kept: a date while it is not sent, a rule once it is. A document of version 2 with contact details was sent (they are
 * taken only to send): its date said otherwise and is not shown; `undefined`, nothing is known of its installation's rule.
 */
export function conservationDe(
  doc: DocumentNiveau1,
): { readonly jusquAu: string } | NonNullable<DocumentNiveau1['conservation']> | undefined {
  if (doc.conservation !== undefined) return doc.conservation;
  if (doc.expireLe === undefined || doc.sections.some((s) => s.id === 'contact')) return undefined;
  return { jusquAu: doc.expireLe };
}
