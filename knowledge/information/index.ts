export {
  conseilRegional,
  contactsDe,
  descriptionOperateur,
  nomOperateur,
  transitionsPro,
} from './contacts.ts';
export type { LienRegional, LieuContact } from './contacts.ts';
export { dispositif, dispositifs, dispositifsPour } from './dispositifs.ts';
export type { Dispositif } from './dispositifs.ts';
export { idsRelais, relaisDe } from './relais.ts';
export type { FicheRelais } from './relais.ts';
export * from './types.ts';
