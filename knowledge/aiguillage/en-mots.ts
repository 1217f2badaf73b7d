import { texte } from '../textes/index.ts';
import {
  estJour,
  jourEnToutesLettres,
  NE_SAIT_PAS,
  type Champ,
  type Profil,
  type Registre,
} from '../vocabulaire/index.ts';

/** The name of a field, as shown to the person: « Votre contrat ». */
export const nomDuChamp = (champ: Champ, registre: Registre): string =>
  texte(`dossier.nom-${champ}`, registre);

/** One value of a closed field, in words. */
export const choixEnMots = (champ: Champ, valeur: string, registre: Registre): string =>
  valeur === NE_SAIT_PAS
    ? texte('dossier.valeur-inconnue', registre)
    : texte(`dossier.valeur-${champ}-${valeur}`, registre);

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
