export {
  conseilRegional,
  contactsDe,
  descriptionOperateur,
  nomOperateur,
  observatoireRegional,
  reprendrePortailsLivres,
  sourcePortails,
  transitionsPro,
  utiliserPortails,
} from './contacts.ts';
export type { LienRegional, LieuContact } from './contacts.ts';
export {
  distanceKm,
  guichetsDuDepartement,
  guichetsProches,
  lieuDuGuichet,
  lieuxDeLOperateur,
  retirerPaquetAnnuaire,
  schemaPaquetAnnuaire,
  sourceAnnuaire,
  TYPES_SERVICES,
  utiliserPaquetAnnuaire,
} from './annuaire.ts';
export type { Guichet, GuichetProche, PaquetAnnuaire, TypeService } from './annuaire.ts';
export { compterGuichets, LecteurAnnuaire } from './annuaire-analyse.ts';
export type { BilanAnnuaire } from './annuaire-analyse.ts';
export type { Provenance } from './coffre.ts';
export {
  analyserFapRome,
  retirerPaquetFapRome,
  schemaPaquetFapRome,
  sourceFapRome,
  utiliserPaquetFapRome,
} from './fap-rome.ts';
export type { PaquetFapRome } from './fap-rome.ts';
export { reunionEnMots } from './lieux-mots.ts';
export { analyserReunions, communeDuTexte } from './reunions-analyse.ts';
export {
  reunionsProches,
  retirerPaquetReunions,
  schemaPaquetReunions,
  sourceReunions,
  utiliserPaquetReunions,
} from './reunions.ts';
export type { PaquetReunions, Reunion } from './reunions.ts';
export {
  analyserRncp,
  certificationsPour,
  retirerPaquetRncp,
  schemaPaquetRncp,
  sourceRncp,
  utiliserPaquetRncp,
} from './rncp.ts';
export type { PaquetRncp } from './rncp.ts';
export { schemaRegions } from './contacts-schema.ts';
export type { PaquetPortails } from './contacts-schema.ts';
export { dispositif, dispositifs, dispositifsPour } from './dispositifs.ts';
export type { Dispositif } from './dispositifs.ts';
export { idsRelais, relaisDe } from './relais.ts';
export type { FicheRelais } from './relais.ts';
export {
  analyserBassins,
  bassinDeCommune,
  reprendreBassinsLivres,
  schemaPaquetBassins,
  sourceBassins,
  utiliserPaquetBassins,
} from './bassins-paquet.ts';
export type { PaquetBassins } from './bassins-paquet.ts';
export { analyserBmo } from './bmo-analyse.ts';
export { comparerPaquets, ecrirePaquet, emballerBmo, schemaPaquetBmo } from './bmo-paquet.ts';
export type { PaquetBmo } from './bmo-paquet.ts';
export {
  anneeBmo,
  bassinsDuDepartement,
  chiffreBmo,
  famillesLesPlusRecherchees,
  libelleFamille,
  paquetBmo,
  provenanceBmo,
  reprendrePaquetLivre,
  sourceBmo,
  utiliserPaquetBmo,
  zonesDe,
} from './bmo.ts';
export type { ChiffreBmo, LieuChiffres, Niveau, Zone } from './bmo.ts';
export { comparer, explorer, nommerExploration } from './explorer.ts';
export type { Exploration } from './explorer.ts';
export { informer } from './informer.ts';
export { famillesDeMetier, nomDeMetier } from './marche.ts';
export { nombre, pleineLongueur } from './redaction.ts';
export { ficheTerritoire } from './territoire-fiche.ts';
export type { FicheTerritoire, LigneTerritoire } from './territoire-fiche.ts';
export type { CadreChiffres, MetierNomme } from './marche.ts';
export { analyserRome } from './rome-analyse.ts';
export {
  ficheRome,
  reprendreRomeLivre,
  schemaPaquetRome,
  sourceRome,
  utiliserPaquetRome,
} from './rome-paquet.ts';
export type { PaquetRome } from './rome-paquet.ts';
export type { RefusFichier } from './tableur.ts';
export {
  analyserZonesEmploi,
  retirerPaquetZonesEmploi,
  schemaPaquetZonesEmploi,
  sourceZonesEmploi,
  utiliserPaquetZonesEmploi,
  zoneEmploiDe,
} from './zones-emploi.ts';
export type { PaquetZonesEmploi } from './zones-emploi.ts';
export * from './types.ts';
export type { FaitsVivants, OffresRelevees, TensionRelevee } from './vif.ts';
