export * from './relais.ts';
export type * from './types.ts';
