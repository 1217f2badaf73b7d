import { z } from 'zod';
import { schemaDocumentNiveau1, type DocumentNiveau1 } from './document-types.ts';

/** Version 1, as it was published: before a counsellor could confirm or complete the document, and before it showed figures. It stays readable, and published. */
export const schemaDocumentV1 = schemaDocumentNiveau1
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
  const actuel = schemaDocumentNiveau1.safeParse(brut);
  if (actuel.success) return actuel.data;
  const ancien = schemaDocumentV1.safeParse(brut);
  return ancien.success ? documentVers2(ancien.data) : undefined;
}
