import type { Profil } from '../vocabulaire/index.ts';
import { lireAges, lireNaissance } from './ages.ts';
import { lireFinContrat } from './dates.ts';
import { lireDemande, type DemandeLue } from './demandes.ts';
import { lireFaits } from './faits.ts';
import { lireFaq } from './faq.ts';
import { lireMot } from './glossaire.ts';
import { devinerLangue } from './langue.ts';
import { canonique } from './lecture.ts';
import { repererLieux } from './lieux.ts';
import { masquer } from './masquer.ts';
import { repererMetiers } from './metiers.ts';
import { reperer } from './motifs.ts';
import { lireAlerte, lireCommande, lireLassitude } from './motifs-entiers.ts';
import { decouper, LONGUEUR_LUE, nettoyer } from './normaliser.ts';
import { etablirProfil } from './profil-lu.ts';
import { decouperPropositions } from './propositions.ts';
import { lireReponse } from './reponses.ts';
import type { Comprehension, ContexteLecture, Indice } from './types.ts';

/** What `masquer` leaves in place of a number: said to the person, never read as words. */
const MARQUE_MASQUE = /\[[^\][]{0,40}masquée?\]/gu;

const SANS_DEMANDE: DemandeLue = { secondaires: [], confiance: 0, indices: [] };
const CONFIANCE_AVEC_QUESTION = 0.5;

/**
 * Everything one message says: demande, facts, place, métiers, command, alert, question (types.ts). Pure; what is not said is absent.
 * Reads at most `LONGUEUR_LUE` characters. `contexte.question` is the open question, so that « oui », « 23 » or « aucune idée » answer it.
 */
export function comprendre(texte: string, contexte: ContexteLecture): Comprehension {
  const brut = nettoyer(texte.slice(0, LONGUEUR_LUE * 2));
  const { texte: masque, masques } = masquer(brut);
  const lisible = masque.replaceAll(MARQUE_MASQUE, ' ');
  const sensible = masques.length > 0 || lisible !== masque;
  const mots = decouper(lisible);
  if (mots.length === 0) return vide(sensible);

  const canon = canonique(lisible);
  reperer(canon);
  const langue = devinerLangue(lisible, mots);
  const propositions = decouperPropositions(canon);
  // « je comprends pas le mot AAH » asks about a word: it says nothing of the person.
  const mot = lireMot(canon);
  const faits = lireFaits(canon, propositions).filter((f) => mot === undefined || !f.mots.includes(mot.mots));
  const lu = etablirProfil(faits, lireAges(canon, propositions), canon);
  const profil: Record<string, unknown> = { ...lu.profil };
  const indices: Indice[] = [...lu.indices];
  const naissance = lireNaissance(canon, contexte.le);
  if (naissance !== undefined) {
    profil['naissance'] = naissance.naissance;
    profil['age'] ??= naissance.age;
  }
  const fin = lireFinContrat(canon, contexte.le, propositions);
  if (fin !== undefined && profil['finContrat'] === undefined) {
    profil['finContrat'] = fin.jour;
    indices.push({ sujet: 'finContrat', valeur: fin.jour, mots: fin.mots });
  }
  const reponse = lireReponse(canon, contexte.question, new Set(Object.keys(profil)));
  if (reponse !== undefined) {
    profil[reponse.champ] = reponse.valeur;
    indices.push({ sujet: reponse.champ, valeur: String(reponse.valeur), mots: reponse.mots.trim() });
  }

  // « personne » answers « qui vous suit ? » before it asks for somebody to talk to.
  // « je comprends pas le mot AAH » asks for the meaning of one word, not for everything to be said more simply.
  const commande = reponse === undefined && mot === undefined ? lireCommande(canon) : undefined;
  const alerteLue = lireAlerte(canon);
  const alerte = alerteLue?.alerte ?? (sensible ? 'donnee-sensible' : undefined);
  if (alerteLue !== undefined)
    indices.push({ sujet: 'alerte', valeur: alerteLue.alerte, mots: alerteLue.mots });
  else indices.push(...lireLassitude(canon));
  // Losing one's home gets its own door; it is never used to choose an operator.
  if (alerte === 'expulsion') delete profil['freins'];
  // An answer to the open question is an answer: « non » never becomes a demande because of what follows it.
  const enReponse = reponse !== undefined && mots.length <= 6;
  const lieu = repererLieux(lisible, contexte.question === undefined ? {} : { question: contexte.question });
  // « Pays de la Loire » says where, and nothing else.
  const seulementLieu = lieu.mots !== undefined && decouper(lieu.mots).length >= mots.length - 1;
  // A question about a scheme is answered in full; a word that has none, by its meaning.
  const faq = commande === undefined ? (lireFaq(canon) ?? mot) : undefined;
  const lue = enReponse || seulementLieu ? SANS_DEMANDE : lireDemande(canon, propositions);
  // A question that has its answer is not taken for a wish unless the wish is clear.
  const demande =
    faq !== undefined && lue.confiance < CONFIANCE_AVEC_QUESTION
      ? SANS_DEMANDE
      : profil['projetDemission'] === 'non'
        ? sansDemission(lue)
        : lue;
  indices.push(...demande.indices);
  if (faq !== undefined) indices.push({ sujet: 'faq', valeur: faq.id, mots: faq.mots });
  return {
    ...(demande.demande === undefined ? {} : { demande: demande.demande }),
    secondaires: demande.secondaires,
    confiance: demande.confiance,
    profil: profil as Profil,
    commune: lieu.commune,
    communes: lieu.communes,
    ...(lieu.departement === undefined ? {} : { departement: lieu.departement }),
    ...(lieu.region === undefined ? {} : { region: lieu.region }),
    metiers: repererMetiers(lisible),
    ...(commande === undefined ? {} : { commande }),
    ...(alerte === undefined ? {} : { alerte }),
    ...(faq === undefined ? {} : { faq: faq.id }),
    contradictions: lu.contradictions,
    dementis: lu.dementis,
    indices,
    ...(langue === undefined ? {} : { langue }),
    vide: false,
  };
}

/** « je ne veux pas démissionner, je veux me former » : what is refused is not what is asked. */
function sansDemission(lue: DemandeLue): DemandeLue {
  const secondaires = lue.secondaires.filter((d) => d !== 'demissionner');
  if (lue.demande !== 'demissionner') return { ...lue, secondaires };
  const [demande, ...autres] = secondaires;
  return demande === undefined
    ? SANS_DEMANDE
    : {
        demande,
        secondaires: autres,
        confiance: lue.confiance,
        indices: lue.indices.filter((i) => i.valeur !== 'demissionner'),
      };
}

function vide(sensible: boolean): Comprehension {
  return {
    secondaires: [],
    confiance: 0,
    profil: {},
    commune: null,
    communes: [],
    metiers: [],
    ...(sensible ? { alerte: 'donnee-sensible' as const } : {}),
    contradictions: [],
    dementis: [],
    indices: [],
    vide: true,
  };
}
