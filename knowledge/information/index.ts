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
export { bassinDeCommune, sourceBassins } from './bassins-paquet.ts';
export {
  anneeBmo,
  chiffreBmo,
  famillesLesPlusRecherchees,
  libelleFamille,
  reprendrePaquetLivre,
  sourceBmo,
  utiliserPaquetBmo,
  zonesDe,
} from './bmo.ts';
export type { ChiffreBmo, LieuChiffres, Niveau, Zone } from './bmo.ts';
export { comparer, informer } from './informer.ts';
export { famillesDeMetier, nomDeMetier } from './marche.ts';
export type { CadreChiffres, MetierNomme } from './marche.ts';
export * from './types.ts';
