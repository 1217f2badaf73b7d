import type { Demande } from '../vocabulaire/index.ts';
import { entrainerDemandes, lireDemande } from './demandes.ts';
import { canonique } from './lecture.ts';
import { ecrireModele } from './modele.ts';
import { decouperPropositions } from './propositions.ts';
import { lirePhrases, type Exemple } from './statistiques.ts';

export { FICHIER_MODELE } from './modele.ts';
export { lirePhrases, type Exemple } from './statistiques.ts';

/** Something that says what a phrase wants: a demande and how sure, or nothing. */
export type Lecteur = (texte: string) => { readonly demande?: Demande; readonly confiance: number };

/** Our own reading, learnt from these phrases only (for cross-validation and comparisons). */
export function lecteurAppris(exemples: readonly Exemple[]): Lecteur {
  const modele = entrainerDemandes(exemples);
  return (texte) => {
    const c = canonique(texte);
    return lireDemande(c, decouperPropositions(c), modele);
  };
}

/** The comparison everybody can run: natural's Bayes with its French stemmer, as its documentation shows it, on the same phrases. */
export async function lecteurBayes(exemples: readonly Exemple[]): Promise<Lecteur> {
  const { default: BayesClassifier } = await import('natural/lib/natural/classifiers/bayes_classifier.js');
  const { default: stemmer } = await import('natural/lib/natural/stemmers/porter_stemmer_fr.js');
  const classeur = new BayesClassifier(stemmer);
  for (const { texte, demande } of exemples) classeur.addDocument(texte, demande);
  classeur.train();
  return (texte) => {
    const [premiere] = classeur.getClassifications(texte);
    const total = classeur.getClassifications(texte).reduce((s, c) => s + c.value, 0);
    const demande = exemples.find((e) => e.demande === premiere?.label)?.demande;
    return {
      ...(demande === undefined ? {} : { demande }),
      confiance: total > 0 ? (premiere?.value ?? 0) / total : 0,
    };
  };
}

/** The content of the shipped model for today's phrases, cues and ideas: what `modele.json` must hold. */
export const modeleDuJour = (): string => ecrireModele(entrainerDemandes(lirePhrases()));
