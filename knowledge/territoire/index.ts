export {
  commune,
  communes,
  departement,
  departementDeCommune,
  departements,
  region,
  regionDeCommune,
  regions,
  reprendreTerritoireLivre,
  sourceTerritoire,
  utiliserTerritoire,
} from './communes.ts';
export type { Commune, Departement, Region } from './communes.ts';
export { dansDepartement, dansRegion, locatif, nomComplet, nomDepartement, nomRegion } from './formes.ts';
export {
  communesDites,
  communesDuCodePostal,
  communesNommees,
  longueurMaximale,
  nomsDesVilles,
} from './noms.ts';
export type { NatureNom, NomDeCommune } from './noms.ts';
export { motDeLieu, normaliserLieu, sansAccents } from './normaliser-lieu.ts';
export { chercherCommunes, fautesPermises, villesProches } from './recherche.ts';
export type { CommuneTrouvee } from './recherche.ts';
export { longueurMaximaleZone, zoneNommee } from './zones.ts';
export type { Zone } from './zones.ts';
export { schemaTerritoire, type PackEcrit } from './pack.ts';
export { reduireTerritoire } from './reduction.ts';
