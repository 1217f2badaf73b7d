import type { Mot } from './lieux-mots.ts';

/**
 * What, before a name, says that it is a place: 4 « j’habite à », « ville de » ; 3 « je travaille à », « poste à » ; 2 « à », « sur », « dans » ;
 * 1 « de » ; 0 nothing. `refus` when the words say that it is not one, or not where the person is (a street, a surname, « je ne suis plus à »).
 */
export type Appui = { readonly niveau: 0 | 1 | 2 | 3 | 4; readonly refus: boolean; readonly passe: boolean };

const ensemble = (mots: string): ReadonlySet<string> => new Set(mots.split(' '));

const HABITER = ensemble(
  'jhabite jabite jvis jreside habite habites habitons habitent habiter habitant vis vit vivons vivant vivre reside residant resider loge domicilie domiciliee installe installee installes demenage demenager ville commune village originaire',
);
const ETRE_LA = ensemble(
  'jsuis jsui chuis chui jtravaille jbosse jcherche suis est sommes etre travaille travailles travaillons travailler travaillant bosse bosses bosser taffe taf emploi emplois poste boulot job travail stage formation mission contrat cherche recherche cdi cdd interim apprentissage alternance rdv rendez logement appart appartement maison famille situe situee base basee mute mutee muter aller vais va partir arrive arriver venir viens viendrai',
);
const LIEU_DE = ensemble(
  'ville commune mairie prefecture agglo agglomeration metropole banlieue region secteur bassin chu chr hopital clinique fac universite gare aeroport agence alentours environs autour proximite pres cote cotes loin centre originaire habitant habitante viens vient venant proche departement coin sortie cour hotel',
);
const PASSE = ensemble('habitais vivais etais travaillais bossais residais vecu habite-avant');
const NEGATION = ensemble('pas plus jamais');
const VERBES_NIABLES = ensemble('suis est habite habites vis vit travaille bosse reside sommes');
const DETERMINANT = ensemble(
  'le la les l un une des mon ma mes ton ta tes son sa ses ce cet cette ces notre nos votre vos leur leurs quelques chaque aucun aucune',
);
const SUJET = ensemble(
  'il elle on qui m t l y n ne se s ca cela tout j patron patronne chef cheffe employeur entreprise boite mari femme fils fille conseiller conseillere',
);
const RUE = ensemble(
  'rue avenue boulevard bd bld place route chemin allee impasse quai cours square faubourg pont porte residence',
);
const NOM_DE_PERSONNE = ensemble(
  'm mr mme mlle melle monsieur madame mademoiselle appelle prenom nom docteur dr',
);

/** « savon de Marseille », « moutarde de Dijon » : things named after a place. */
const SPECIALITE =
  /^(?:savon|savons|moutarde|jambon|quiche|dentelle|faience|porcelaine|beurre|piment|pruneaux|nougat|betise|betises|andouille|camembert|couteau|couteaux|toile|bleu|brie|olympique|stade)$/;
const AUXILIAIRE = /^(?:ai|a|avons|as|jai|avez|ont)$/;
const RIEN: Appui = { niveau: 0, refus: false, passe: false };
const REFUS: Appui = { niveau: 0, refus: true, passe: false };

const niveauDuVerbe = (mot: string): 2 | 3 | 4 => (HABITER.has(mot) ? 4 : ETRE_LA.has(mot) ? 3 : 2);

/** Reads the words before position `i`. `prepositionComprise` when the name itself begins after « au » or « aux » already read. */
export function appuiAvant(mots: readonly Mot[], i: number, prepositionComprise = false): Appui {
  const dernier = mots[i - 1];
  if (dernier === undefined || (mots[i]?.finPhrase ?? false))
    return prepositionComprise ? { ...RIEN, niveau: 2 } : RIEN;
  const un = dernier.mot;
  const deux = mots[i - 2]?.mot ?? '';
  const trois = mots[i - 3]?.mot ?? '';

  if (prepositionComprise) return deVerbe(mots, i - 1, 2);
  if (NOM_DE_PERSONNE.has(un)) return REFUS;
  switch (un) {
    case 'a':
      // « il a », « on m’a viré » : an « a » without accent is a verb unless a verb or a noun of place comes before it.
      if (dernier.accent) return deVerbe(mots, i - 1, 2);
      return deVerbe(mots, i - 1, SUJET.has(deux) ? 1 : 2);
    case 'au':
    case 'aux':
      return deVerbe(mots, i - 1, 1);
    case 'sur':
    case 'vers':
    case 'dans':
    case 'entre':
      return deVerbe(mots, i - 1, 2);
    case 'en':
      // « en Suisse », « en Mayenne » : a country or a département, hardly ever a commune.
      return { ...RIEN, niveau: 1 };
    case 'de':
    case 'd':
      if ((RUE.has(deux) && deux !== 'cours') || SPECIALITE.test(deux)) return REFUS;
      if (PASSE.has(deux)) return { niveau: 3, refus: false, passe: true };
      if (NEGATION.has(deux) && VERBES_NIABLES.has(trois)) return REFUS;
      if (deux === 'originaire') return { ...RIEN, niveau: 3 };
      if (HABITER.has(deux) || deux === 'viens') return { ...RIEN, niveau: 4 };
      if (deux === 'suis') return { ...RIEN, niveau: 3 };
      if (
        /^(?:publi(?:c|que)|privee?|universitaire|regionale?|locale|municipale?)$/.test(deux) &&
        LIEU_DE.has(trois)
      )
        return { ...RIEN, niveau: 3 };
      return LIEU_DE.has(deux)
        ? { ...RIEN, niveau: deux === 'pres' || deux === 'cote' ? 4 : 3 }
        : { ...RIEN, niveau: 1 };
    case 'du':
    case 'des':
      return { ...RIEN, niveau: 1 };
    default:
  }
  if (RUE.has(un)) return REFUS;
  if (PASSE.has(un)) return { niveau: 3, refus: false, passe: true };
  // « j’ai quitté Brest » : the place of before.
  if (/^quittee?$/.test(un) && AUXILIAIRE.test(deux)) return { niveau: 3, refus: false, passe: true };
  if (HABITER.has(un)) return { ...RIEN, niveau: 4 };
  if (un === 'chu' || un === 'mairie' || un === 'agence') return { ...RIEN, niveau: 3 };
  return DETERMINANT.has(un) ? REFUS : RIEN;
}

/** A preposition at `p`, strengthened, put in the past or cancelled by what comes before it. */
function deVerbe(mots: readonly Mot[], p: number, seul: 1 | 2): Appui {
  const un = mots[p - 1]?.mot ?? '';
  const deux = mots[p - 2]?.mot ?? '';
  if (mots[p]?.finPhrase ?? false) return { ...RIEN, niveau: seul };
  // « née à Caen » is not where one lives; the accent tells it from « ne ».
  if (PASSE.has(un) || /^nee$/.test(un) || (un === 'ne' && ((mots[p - 1]?.accent ?? false) || p === 1)))
    return { niveau: 3, refus: false, passe: true };
  if (NEGATION.has(un) && VERBES_NIABLES.has(deux)) return REFUS;
  const verbe = niveauDuVerbe(un);
  if (verbe > 2) return { ...RIEN, niveau: verbe };
  // « j’habite maintenant à », « je suis basée actuellement à »
  const avant = niveauDuVerbe(deux);
  return {
    ...RIEN,
    niveau:
      avant > 2 && /^(?:maintenant|actuellement|toujours|encore|desormais|ici|bien|aussi)$/.test(un)
        ? avant
        : seul,
  };
}
