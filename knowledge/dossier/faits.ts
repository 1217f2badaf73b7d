import { nomComplet, departement, region } from '../territoire/index.ts';
import { texte } from '../textes/index.ts';
import {
  estJour,
  jourEnToutesLettres,
  NE_SAIT_PAS,
  type Champ,
  type Profil,
  type Registre,
} from '../vocabulaire/index.ts';
import type { Dossier, Lieu } from './dossier.ts';

/** What can be corrected one by one. */
export type Cible = Champ | 'demande' | 'lieu' | 'metier-actuel' | 'metier-vise';

/** One thing the dossier knows, in words: « Votre contrat » / « CDI ». */
export type Fait = { readonly cible: Cible; readonly nom: string; readonly valeur: string };

/** The value of a field in words, for the person who gave it. */
export function valeurEnMots(champ: Champ, valeur: Profil[Champ], registre: Registre): string {
  if (valeur === NE_SAIT_PAS) return texte('dossier.valeur-inconnue', registre);
  if (typeof valeur === 'number') return texte('dossier.valeur-age', registre, { age: valeur });
  if (typeof valeur === 'string') {
    if (estJour(valeur)) return texte('dossier.valeur-date', registre, { jour: jourEnToutesLettres(valeur) });
    return texte(`dossier.valeur-${champ}-${valeur}`, registre);
  }
  if (valeur === undefined) return '';
  if (isListe(valeur)) return valeur.map((v) => texte(`dossier.valeur-${champ}-${v}`, registre)).join(', ');
  const operateur = texte(`dossier.valeur-accompagnement-${valeur.operateur}`, registre);
  return valeur.annee === undefined
    ? texte('dossier.valeur-demarche-sans-annee', registre, { operateur })
    : texte('dossier.valeur-demarche', registre, { operateur, annee: valeur.annee });
}

const isListe = (v: unknown): v is readonly string[] => Array.isArray(v);

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
