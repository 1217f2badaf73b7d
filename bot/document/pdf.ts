import type { documentPdf as mettreEnPage } from './pdf-mise-en-page.ts';

/** The document as PDF (see `pdf-mise-en-page.ts`), whose library is loaded with the first one asked: no start waits for it. */
export const documentPdf: typeof mettreEnPage = async (doc, options) =>
  (await import('./pdf-mise-en-page.ts')).documentPdf(doc, options);
