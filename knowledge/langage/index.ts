import { texte } from '../textes/index.ts';
import type { Alerte, Registre } from '../vocabulaire/index.ts';

export { nombreDAppellations, utiliserAppellations, type Appellation } from './appellations.ts';
export { comprendre } from './comprendre.ts';
export { FAUTES, phonetique } from './fautes.ts';
export { listeFaq, questionSurLeService, repondreFaq, type ReponseFaq, type Source } from './faq.ts';
export { glossaire, reponseA, type MotDuGlossaire } from './glossaire.ts';
export { portesHorsPerimetre } from './hors-perimetre.ts';
export { masquer, type NatureMasquee } from './masquer.ts';
export { deuxGenres, metierDeRome, tousLesMetiers, type Metier } from './metiers.ts';
export {
  FICHIER_MODELE,
  lecteurAppris,
  lecteurBayes,
  lirePhrases,
  modeleDuJour,
  type Exemple,
  type Lecteur,
} from './evaluation.ts';
export { LONGUEUR_LUE, normaliser } from './normaliser.ts';
export { lireSansReponse } from './reponses.ts';
export { ressembleALaSante } from './demandes.ts';
export { nommeLaSante } from './sante.ts';
export { lireAccord, lireAilleurs, lireAvis, lireOperateur, lireSuite, type Suite } from './suites.ts';
export type { Civilite, Comprehension, ContexteLecture, Indice, MetierCompris } from './types.ts';

/** What a person in danger reads first: human words, then numbers to call, in the register asked for. The conversation can go on. */
export const reponseAlerte = (alerte: Alerte, registre: Registre): string =>
  texte(`alertes.${alerte}`, registre);
