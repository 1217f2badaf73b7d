/** The level-1 document as people keep it: page, PDF, data, behind a link of their own. Import from here. */
export * from './graphique.ts';
export * from './html.ts';
export * from './json.ts';
export * from './liens.ts';
export * from './pdf.ts';
export * from './routes.ts';
