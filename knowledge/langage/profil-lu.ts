import { NE_SAIT_PAS, type Profil } from '../vocabulaire/index.ts';
import type { AgeLu } from './ages.ts';
import type { FaitLu } from './faits.ts';
import type { Comprehension, Indice } from './types.ts';

export type ProfilLu = {
  readonly profil: Profil;
  readonly contradictions: readonly string[];
  readonly dementis: Comprehension['dementis'];
  readonly indices: readonly Indice[];
};

const OCCUPE: Readonly<Record<string, string>> = {
  'salarie-prive': 'prive',
  'agent-public': 'public',
  independant: 'independant',
};
/** From the least to the most: someone who names two diplomas has the higher one. */
const ECHELLE_DIPLOMES = ['aucun', 'cap-bep', 'bac', 'bac+2', 'bac+3-ou-plus'];
/** « enfin non », « pardon » : what follows replaces what precedes. */
const SE_REPREND = / (?:pardon|je veux dire|enfin non|je me suis trompee?|je rectifie|ou plutot|erreur) /u;
/** A job that may have just ended: what the trade suggests about the employer is not safe any more. */
const FIN_POSSIBLE =
  / (?:licencie|licenciement|vire|viree|fin de (?:mon )?contrat|contrat (?:se est |est |s est )?(?:termine|fini)|plansocial|liquidation|perdu mon|(?<!pas )inscrit a francetravail|rupturecon) /u;

/**
 * Whose facts count. Those of a relative only when the message is for them: said (« pour mon fils »), or nothing is said of oneself.
 */
function personneConcernee(faits: readonly FaitLu[], ages: readonly AgeLu[]): 'soi' | 'proche' {
  if (faits.some((f) => f.champ === 'pour' && f.valeur === 'proche')) return 'proche';
  const dePersonne = (p: string): boolean =>
    faits.some((f) => f.personne === p && f.champ !== 'pour') || ages.some((a) => a.personne === p);
  return dePersonne('proche') && !dePersonne('soi') ? 'proche' : 'soi';
}

type Choix = { readonly valeur?: unknown; readonly contradiction?: true; readonly emploiOccupe?: string };

/** One activity out of those stated. Two jobs at once are left to the question « de quelle activité voulez-vous parler ? » (domaine C38). */
function trancherActivite(lus: readonly FaitLu[], texte: string): Choix {
  const forts = [...new Set(lus.filter((f) => !f.faible).map((f) => f.valeur))].filter(
    (v) => typeof v === 'string',
  );
  const faibles = lus.filter((f) => f.faible).map((f) => f.valeur);
  if (forts.length === 0) {
    // A dismissal last week: still under notice, or already out of work? Nothing is guessed.
    return faibles.length === 0 || FIN_POSSIBLE.test(texte) ? {} : { valeur: faibles[0] };
  }
  // A civil servant on leave who works for a private employer: that job is the one spoken of (domaine C34).
  if (
    forts.includes('salarie-prive') &&
    forts.includes('agent-public') &&
    / (?:en|mise? en) (?:disponibilite|dispo) /u.test(texte)
  )
    return { valeur: 'salarie-prive' };
  const [premier] = forts;
  if (forts.length === 1 && premier !== undefined) {
    const occupe =
      premier === 'retraite' || premier === 'etudiant' ? faibles.map((f) => OCCUPE[String(f)])[0] : undefined;
    return {
      valeur: premier,
      ...(occupe === undefined || / interim /u.test(texte) ? {} : { emploiOccupe: occupe }),
    };
  }
  for (const statut of ['retraite', 'etudiant']) {
    if (!forts.includes(statut)) continue;
    const occupe = forts.map((v) => OCCUPE[v]).find((v) => v !== undefined);
    return { valeur: statut, ...(occupe === undefined ? {} : { emploiOccupe: occupe }) };
  }
  if (forts.includes('sans-emploi'))
    return SE_REPREND.test(texte) ? { valeur: lus.at(-1)?.valeur } : { contradiction: true };
  return {};
}

function trancher(champ: string, lus: readonly FaitLu[], texte: string): Choix {
  if (champ === 'activite') return trancherActivite(lus, texte);
  const valeurs = [...new Set(lus.map((f) => f.valeur))];
  if (champ === 'besoinsAcces' || champ === 'refusePar') return { valeur: [...new Set(valeurs.flat())] };
  if (valeurs.length === 1) return { valeur: valeurs[0] };
  if (champ === 'diplome') {
    const rang = Math.max(...valeurs.map((v) => ECHELLE_DIPLOMES.indexOf(String(v))));
    return { valeur: ECHELLE_DIPLOMES[rang] };
  }
  if (champ === 'inaptitude') return { valeur: valeurs.includes('prononcee') ? 'prononcee' : 'crainte' };
  if (champ === 'accompagnement' || champ === 'categorie') {
    const dits = valeurs.filter((v) => v !== 'aucun');
    return dits.length === 1 ? { valeur: dits[0] } : {};
  }
  if (champ === 'formationInitiale') return { valeur: 'non' };
  const connues = valeurs.filter((v) => v !== NE_SAIT_PAS);
  if (connues.length === 1) return { valeur: connues[0] };
  if (SE_REPREND.test(texte)) return { valeur: lus.toSorted((a, b) => a.place - b.place).at(-1)?.valeur };
  // « inscrite … mais pas encore » : the words that deny were matched as a whole, they are the more precise reading.
  return champ === 'versant' || champ === 'contrat' || champ === 'suspension' ? {} : { contradiction: true };
}

/** Settles the facts of one message into a profile: one person, one value per field, contradictions said rather than chosen. */
export function etablirProfil(faits: readonly FaitLu[], ages: readonly AgeLu[], texte: string): ProfilLu {
  const personne = personneConcernee(faits, ages);
  const siens = faits.filter((f) => f.personne === personne && f.champ !== 'pour');
  const retenus = siens.filter((f) => !f.dementi);
  const profil: Record<string, unknown> = personne === 'proche' ? { pour: 'proche' } : {};
  const contradictions: string[] = [];
  const indices: Indice[] = [];
  for (const champ of new Set(retenus.map((f) => f.champ))) {
    const lus = retenus.filter((f) => f.champ === champ);
    const { valeur, contradiction, emploiOccupe } = trancher(champ, lus, texte);
    if (contradiction === true) contradictions.push(champ);
    if (emploiOccupe !== undefined && profil['emploiOccupe'] === undefined)
      profil['emploiOccupe'] = emploiOccupe;
    if (valeur === undefined) continue;
    profil[champ] = valeur;
    const decisif = lus.find((f) => f.valeur === valeur) ?? lus[0];
    if (decisif !== undefined) indices.push({ sujet: champ, valeur: String(valeur), mots: decisif.mots });
  }
  const sesAges = [...new Set(ages.filter((a) => a.personne === personne).map((a) => a.age))];
  const [age, autreAge] = sesAges;
  if (age !== undefined && autreAge === undefined) {
    profil['age'] = age;
    indices.push({ sujet: 'age', valeur: String(age), mots: ages.find((a) => a.age === age)?.mots ?? '' });
  } else if (autreAge !== undefined) contradictions.push('age');
  completer(profil, retenus);
  const dementis = siens
    .filter((f) => f.dementi && profil[f.champ] === undefined)
    .map(({ champ, valeur }) => ({ champ, valeur }));
  return { profil: profil as Profil, contradictions, dementis, indices };
}

/** Contracts of somebody's employee: with a business of one's own in the same breath, there are two jobs. */
const CONTRATS_SALARIES: readonly unknown[] = [
  'cdi',
  'cdd',
  'interim',
  'apprentissage',
  'professionnalisation',
];

/** Consequences inside one message, not rules of the trade: « plus étudiante » is no longer « étudiante ». */
function completer(profil: Record<string, unknown>, faits: readonly FaitLu[]): void {
  // « j’étais cadre » counts for who has no job since (domaine C5); for who has another one, it is past.
  const anciens = faits.filter((f) => f.champ === 'cadre' && f.valeur === 'oui');
  if (
    profil['cadre'] === 'oui' &&
    profil['activite'] !== 'sans-emploi' &&
    anciens.every((f) => f.mode === 'passe')
  )
    delete profil['cadre'];
  // « cadre en CDI, et une micro-entreprise à côté » : which of the two the question is about is asked (domaine C38), or the Apec is lost.
  const aussiSalarie = CONTRATS_SALARIES.includes(profil['contrat']) || profil['cadre'] === 'oui';
  if (profil['activite'] === 'independant' && aussiSalarie) delete profil['activite'];
  // A contract that ended is not the contract one has.
  if (profil['activite'] === 'sans-emploi' && profil['emploiOccupe'] === undefined) delete profil['contrat'];
  if (profil['formationInitiale'] === 'non' && profil['activite'] === 'etudiant') delete profil['activite'];
  if (
    profil['activite'] !== 'agent-public' &&
    profil['activite'] !== undefined &&
    profil['emploiOccupe'] !== 'public'
  ) {
    delete profil['versant'];
    delete profil['categorie'];
  }
}
