export * from './document-types.ts';
export * from './document.ts';
export * from './dossier.ts';
export * from './echange.ts';
export * from './etape.ts';
export * from './evenements.ts';
export * from './faits.ts';
export * from './sans-sante.ts';
