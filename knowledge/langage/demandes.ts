import { z } from 'zod';
import { DEMANDES, lireDonnees, type Demande } from '../vocabulaire/index.ts';
import { Motifs } from './motifs.ts';
import { decouperPropositions, modeDe, propositionA, type Proposition } from './propositions.ts';
import { canonique } from './lecture.ts';
import { modeleLivre } from './modele.ts';
import { entrainer, estimer, type Exemple, type Modele } from './statistiques.ts';
import { nommeLaSante } from './sante.ts';
import type { Indice } from './types.ts';

const FICHIER = 'knowledge/langage/donnees/demandes.json';
const motifs = z.array(z.string().min(2)).min(1);
const schema = z.array(
  z.strictObject({
    demande: z.enum(DEMANDES),
    /** How far these words lean, beside the others: 4 hardly ever means anything else, 2 is often only the setting. */
    poids: z.number().min(0.5).max(5),
    motifs,
    sauf: motifs.optional(),
  }),
);

type Indication = {
  readonly demande: Demande;
  readonly poids: number;
  readonly motif: Motifs;
  readonly sauf: Motifs | undefined;
};
let indications: readonly Indication[] | undefined;

function charger(): readonly Indication[] {
  indications ??= lireDonnees(FICHIER, schema).map((i) => ({
    demande: i.demande,
    poids: i.poids,
    motif: new Motifs(i.motifs),
    sauf: i.sauf === undefined ? undefined : new Motifs(i.sauf),
  }));
  return indications;
}

export type IndiceDemande = { readonly demande: Demande; readonly poids: number; readonly mots: string };

/** The cue words of each demande, with their lean. A wish that is denied, or told as past, does not count. */
export function indicesDeDemande(texte: string, propositions: readonly Proposition[]): IndiceDemande[] {
  const trouves: IndiceDemande[] = [];
  for (const { demande, poids, motif, sauf } of charger()) {
    for (const m of motif.tous(texte)) {
      const p = propositionA(propositions, m.index);
      if (p === undefined) continue;
      if (sauf !== undefined) {
        if (sauf.dans(` ${texte.slice(Math.max(0, m.index - 30), m.index + m[0].length + 10)} `)) continue;
      }
      const mode = modeDe(texte, m.index, m.index + m[0].length, p);
      if (
        mode === 'nie' &&
        demande !== 'faire-le-point' &&
        demande !== 'sante-handicap' &&
        demande !== 'trouver-un-emploi'
      )
        continue;
      trouves.push({ demande, poids: mode === 'passe' ? poids / 4 : poids, mots: m[0] });
      break;
    }
  }
  return trouves;
}

export type DemandeLue = {
  readonly demande?: Demande;
  readonly secondaires: readonly Demande[];
  readonly confiance: number;
  readonly indices: readonly Indice[];
  /** No cue says it: the phrase only looks like others that do. */
  readonly parRessemblance?: true;
};

/**
 * Below this probability the assistant asks rather than says: between 0.30 and 0.36, five phrases in six were misread. It keeps confident
 * mistakes near 1 % at the price of about one phrase in thirty being asked about.
 */
const SEUIL = 0.36;
/** A second wish is kept when it is said in clear words and is not far behind. */
const SEUIL_SECONDAIRE = 0.12;

/** What the person wants: main and secondary demandes, how sure, and the words that decided. Nothing when unsure. */
export function lireDemande(
  texte: string,
  propositions: readonly Proposition[],
  modele: Modele = modeleLivre(),
): DemandeLue {
  const cues = indicesDeDemande(texte, propositions);
  const { scores, connus, mots } = estimer(modele, texte, cues);
  const dites = new Set(cues.map((c) => c.demande));
  const classees = [...peser([...scores], texte, dites)].sort((a, b) => b[1] - a[1]);
  const [premiere] = classees;
  // Unknown words alone say nothing (natural's Bayes would answer its first class with the same score as a real match).
  if (premiere === undefined || (connus < 1 && cues.length === 0))
    return { secondaires: [], confiance: 0, indices: [] };
  const [demande, confiance] = premiere;
  if (confiance < SEUIL) return { secondaires: [], confiance: arrondir(confiance), indices: [] };
  const secondaires = classees
    .slice(1)
    .filter(([d, s]) => d !== 'hors-perimetre' && dites.has(d) && s >= SEUIL_SECONDAIRE)
    .slice(0, 2)
    .map(([d]) => d);
  const decisifs = cues.filter((c) => c.demande === demande).map((c) => c.mots);
  return {
    demande,
    secondaires,
    confiance: arrondir(confiance),
    ...(cues.length === 0 ? { parRessemblance: true as const } : {}),
    indices: [...(decisifs.length > 0 ? decisifs : mots(demande))].map((m) => ({
      sujet: 'demande',
      valeur: demande,
      mots: m,
    })),
  };
}

/** Words of leaving a job, or of what one lives on afterwards. */
const DEPART =
  / (?:dem[ie][st]\S*|quit\S*|pars?|part|partir|depart|romp\S*|rupture\S*|sortir de mon|lach\S*|plaqu\S*|preavis|tablier|arret\S*) /u;
const DEMISSION = / (?:demission\S*|de moi meme|volontaire\S*) /u;

type Scores = readonly (readonly [Demande, number])[];

/** The scores without one demande: its weight goes to the others in their proportion, or to the one given. */
function sans(scores: Scores, ecartee: Demande, heritiere?: Demande): Scores {
  const poids = scores.find(([d]) => d === ecartee)?.[1] ?? 0;
  const autres = scores.filter(([d]) => d !== ecartee);
  if (heritiere !== undefined) return autres.map(([d, s]) => [d, d === heritiere ? s + poids : s] as const);
  return poids === 1 ? [] : autres.map(([d, s]) => [d, s / (1 - poids)] as const);
}

/**
 * Two demandes are never read on likeness alone, only on words. A resignation closes doors (France Travail and the mission locale:
 * L. 5422-1-1): « employée par le département » was read as one; nor is a rupture conventionnelle one, which takes two (L. 1237-11): it
 * calls for taking stock. Health is for the person to say (GDPR art. 9): « je suis opérateur de production » was told it had a problem.
 */
function peser(scores: Scores, texte: string, dites: ReadonlySet<Demande>): Scores {
  const rupture = / rupturecon /u.test(texte) && !DEMISSION.test(texte);
  const sansDepart = rupture
    ? sans(scores, 'demissionner', 'faire-le-point')
    : DEPART.test(texte)
      ? scores
      : sans(scores, 'demissionner');
  return dites.has('sante-handicap') || nommeLaSante(texte) ? sansDepart : sans(sansDepart, 'sante-handicap');
}

/**
 * Whether a phrase looks like those about health, by likeness alone: too little to tell the person so (`peser`), enough not to show it to
 * someone they did not want to read it.
 */
export function ressembleALaSante(phrase: string): boolean {
  const texte = canonique(phrase);
  const cues = indicesDeDemande(texte, decouperPropositions(texte));
  const [premiere] = [...estimer(modeleLivre(), texte, cues).scores].sort((a, b) => b[1] - a[1]);
  return premiere?.[0] === 'sante-handicap' && premiere[1] >= SEUIL;
}

const arrondir = (n: number): number => Math.round(n * 1000) / 1000;

/** The model these phrases teach, with our cues. */
export const entrainerDemandes = (exemples: readonly Exemple[]): Modele =>
  entrainer(indicesDeDemande, exemples);
