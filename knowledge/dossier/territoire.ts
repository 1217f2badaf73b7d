import { departement, departementDeCommune, regionDeCommune } from '../territoire/index.ts';
import type { Lieu } from './dossier.ts';

/** Région and département codes of a place, as far as they are known. */
export function territoireDe(lieu: Lieu): { commune?: string; departement?: string; region?: string } {
  const dep = lieu.commune === undefined ? lieu.departement : departementDeCommune(lieu.commune)?.code;
  const reg =
    lieu.commune === undefined
      ? (lieu.region ?? (dep === undefined ? undefined : departement(dep)?.region))
      : regionDeCommune(lieu.commune)?.code;
  return {
    ...(lieu.commune === undefined ? {} : { commune: lieu.commune }),
    ...(dep === undefined ? {} : { departement: dep }),
    ...(reg === undefined || reg === '' ? {} : { region: reg }),
  };
}
