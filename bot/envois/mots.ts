import { nomDepartement, nomRegion } from '../../knowledge/territoire/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import type { Avis } from './envoi.ts';

/** How long ago it was sent, as of now. */
export const ageEnMots = (deposeeLe: number, maintenant: number): string => {
  const heures = Math.max(0, Math.floor((maintenant - deposeeLe) / 3_600_000));
  if (heures < 1) return texte('envois.age-recente', 'standard');
  return heures < 48
    ? texte('envois.age-heures', 'standard', { n: heures })
    : texte('envois.age-jours', 'standard', { n: Math.floor(heures / 24) });
};

/** Where, as far as the person said it. */
export function lieuEnMots({ departement, region }: Pick<Avis, 'departement' | 'region'>): string {
  if (departement !== undefined) return nomDepartement(departement);
  if (region !== undefined) return nomRegion(region);
  return texte('envois.lieu-inconnu', 'standard');
}

/** What is asked. A demande about health is told as advice wanted, no more: this is read by others than the counsellor. */
export const demandeEnMots = ({ demande }: Pick<Avis, 'demande'>): string =>
  texte(`dossier.demande-qualifiee-${demande === 'sante-handicap' ? 'faire-le-point' : demande}`, 'standard');
