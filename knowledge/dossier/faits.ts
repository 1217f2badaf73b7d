import { valeurEnMots } from '../aiguillage/index.ts';
import { nomComplet, departement, region } from '../territoire/index.ts';
import { texte } from '../textes/index.ts';
import type { Champ, Registre } from '../vocabulaire/index.ts';
import type { Dossier, Lieu } from './dossier.ts';

/** What can be corrected one by one. */
export type Cible = Champ | 'demande' | 'lieu' | 'metier-actuel' | 'metier-vise';

/** One thing the dossier knows, in words: « Votre contrat » / « CDI ». */
export type Fait = { readonly cible: Cible; readonly nom: string; readonly valeur: string };

/** A place in words: « Lille (Nord) », « Nord », « Hauts-de-France »; `undefined` when nothing is known. */
export function lieuEnMots(lieu: Lieu, registre: Registre): string | undefined {
  if (lieu.commune !== undefined) return nomComplet(lieu.commune);
  if (lieu.departement !== undefined) return departement(lieu.departement)?.nom;
  if (lieu.region !== undefined) return region(lieu.region)?.nom;
  return lieu.sansReponse === true ? texte('dossier.lieu-sans-reponse', registre) : undefined;
}

/** Everything the dossier knows that the person said, in the order they said it. Implications are left out. */
export function faitsConnus(dossier: Dossier): readonly Fait[] {
  const { registre } = dossier;
  const faits: Fait[] = [];
  const ajouter = (cible: Cible, valeur: string | undefined): void => {
    if (valeur !== undefined && valeur !== '')
      faits.push({ cible, nom: texte(`dossier.nom-${cible}`, registre), valeur });
  };
  if (dossier.demande !== undefined)
    ajouter('demande', texte(`dossier.demande-${dossier.demande}`, registre));
  for (const role of ['actuel', 'vise'] as const) {
    const libelles = dossier.metiers.filter((m) => m.role === role).map((m) => m.libelle);
    ajouter(`metier-${role}`, libelles.length === 0 ? undefined : libelles.join(', '));
  }
  ajouter('lieu', lieuEnMots(dossier.lieu, registre));
  for (const champ of dossier.ordre) {
    ajouter(champ, valeurEnMots(champ, dossier.profil[champ], registre));
  }
  return faits;
}
