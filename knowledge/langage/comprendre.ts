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
import { lireAlerte, lireCivilite, lireCommande, lireLassitude } from './motifs-entiers.ts';
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
  const civilite = reponse === undefined && commande === undefined ? lireCivilite(canon) : undefined;
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
  const faq = commande === undefined && civilite === undefined ? (lireFaq(canon) ?? mot) : undefined;
  const lue =
    enReponse || seulementLieu || civilite !== undefined ? SANS_DEMANDE : lireDemande(canon, propositions);
  const metiers = repererMetiers(lisible);
  const situation =
    lue.parRessemblance === true &&
    neDitQueLaSituation(canon, [
      ...indices.map((i) => i.mots),
      lieu.mots ?? '',
      ...metiers.map((m) => m.libelle),
    ]);
  // A question that has its answer is not taken for a wish unless the wish is clear.
  const demande =
    situation || (faq !== undefined && lue.confiance < CONFIANCE_AVEC_QUESTION)
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
    metiers,
    ...(commande === undefined ? {} : { commande }),
    ...(civilite === undefined ? {} : { civilite }),
    ...(situation ? { situation: true as const } : {}),
    ...(alerte === undefined ? {} : { alerte }),
    ...(faq === undefined ? {} : { faq: faq.id }),
    contradictions: lu.contradictions,
    dementis: lu.dementis,
    indices,
    ...(langue === undefined ? {} : { langue }),
    vide: false,
  };
}

/** « Je m’appelle Marie ». */
const PRENOM = / (?:me (?:appelle|prenomme|nomme)|mon prenom est|moi ce est) \S+ /u;
/** Words that carry no wish of their own around a métier, a place, an age. */
const SANS_SOUHAIT = new Set(
  (
    'je j ai suis me ma mon mes moi appelle nomme habite habitant vis reside viens de du des d le la les l un une a au aux en dans sur pres ' +
    'chez pour par avec et ou depuis comme que qui ce est c etait il y ans an annees annee mois age metier profession situation bonjour bonsoir ' +
    'salut merci voila alors donc actuellement aujourd hui moment maintenant toujours deja travaille employe employee poste emploi travail ' +
    'entreprise petite grande boite region departement ville cote quartier temps plein partiel tres bien rsa aah ass are touche percois beneficiaire allocataire . ,'
  ).split(' '),
);

/**
 * « Je suis infirmière à Lyon depuis dix ans » says who one is, and nothing of what one wants: looking like phrases that want something is
 * then no reason to say it for the person.
 */
function neDitQueLaSituation(canon: string, dits: readonly string[]): boolean {
  const lus = new Set(dits.flatMap((d) => canonique(d).trim().split(' ')));
  return canon
    .replace(PRENOM, ' ')
    .trim()
    .split(' ')
    .every((m) => SANS_SOUHAIT.has(m) || lus.has(m) || /^\d+$/u.test(m));
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
