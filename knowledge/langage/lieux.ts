import {
  chercherCommunes,
  commune as communeDe,
  communesDites,
  communesDuCodePostal,
  communesNommees,
  departement as departementDe,
  longueurMaximale,
  longueurMaximaleZone,
  villesProches,
  zoneNommee,
  type NomDeCommune,
  type Zone,
} from '../territoire/index.ts';
import { lieuxAmbigus } from './lieux-ambigus.ts';
import { appuiAvant, type Appui } from './lieux-appui.ts';
import { villesQuiSonnentComme } from './lieux-sons.ts';
import { lireMots, type Message, type Mot } from './lieux-mots.ts';
import { lireNombre } from './lieux-nombres.ts';

/**
 * Where a message says the person is. `commune` is an INSEE code when one place is certain; otherwise `communes` lists the candidates, best first.
 * `departement` and `region` follow from the commune (or from all the candidates), or are what was said. `mots` are the words that decided;
 * alone, they are a place too vague to be used (« le Sud-Ouest »).
 */
export type LieuRepere = {
  readonly commune: string | null;
  readonly communes: readonly string[];
  readonly departement?: string;
  readonly region?: string;
  readonly mots?: string;
};

const AUCUN: LieuRepere = { commune: null, communes: [] };
const CANDIDATS_MAX = 12;
/** Issue of namesakes: only a commune that dwarfs the others is assumed, and the reformulation names its département. */
const FOIS_ASSUMEE = 20;
/** For a slip, the next town at the same distance must be far smaller, or the person chooses. */
const FOIS_ASSUMEE_FAUTE = 8;
const POPULATION_SANS_APPUI = 5_000;
const POPULATION_VILLE_AMBIGUE = 10_000;
const POPULATION_GRANDE_VILLE = 20_000;
const POPULATION_METROPOLE = 100_000;

type Mention = {
  readonly candidats: readonly NomDeCommune['commune'][];
  readonly assume: number;
  readonly niveau: number;
  readonly passe: boolean;
  readonly debut: number;
  readonly fin: number;
};
type ZoneDite = { readonly zone: Zone; readonly debut: number; readonly fin: number };

/** Words that carry no place in an answer to « où habitez-vous ? »: when nothing else is left, the whole answer is the place. */
const REMPLISSAGE = new Set(
  'je j suis habite vis reside c est ce sera a sur dans en au aux de du d la le les l ville commune departement region pres cote vers autour euh ben bah alors bonjour bonsoir merci oui moi mon code postal chez nous ici actuellement et pas loin c2 svp stp'.split(
    ' ',
  ),
);
const SANS_LIEU =
  /^(?:non|oui|pourquoi|aide|retour|sais(?: pas)?|ne sais(?: pas)?|idee|aucune idee|rien|aucune|aucun|peu importe|partout|nulle part|stop|effacer|recommencer|autre|plus tard|passer|prefere ne pas repondre)$/;

const LETTRES = /^[a-z]+$/;

/**
 * Finds where the person is in a message: communes (slips, « St », articles, postcodes, arrondissements, former communes), départements by name and number,
 * regions and their everyday names, overseas. A word that is also a common word or a surname needs support around it; two possible places are never
 * settled silently.
 * @param options.question the open question: `commune` means that the whole answer is a place, and closest names are then offered.
 */
export function repererLieux(texte: string, options: { readonly question?: string } = {}): LieuRepere {
  const message = lireMots(texte);
  if (message.mots.length === 0) return AUCUN;
  const reponse = options.question === 'commune';
  const restants = message.mots.filter((m) => !REMPLISSAGE.has(m.mot));
  const lu = parcourir(message, reponse && restants.length > 0 && restants.length <= 8);
  const trouve = conclure(message, lu);
  if (trouve !== undefined) return trouve;
  return reponse ? lesPlusProches(message, restants) : AUCUN;
}

/** What a message may cost: each search for a slip takes a tenth of a millisecond, and hostile text asks for thousands. */
const FAUTES_CHERCHEES_MAX = 16;
const MENTIONS_MAX = 20;
type Budget = { fautes: number };

type Lecture = {
  readonly mentions: readonly Mention[];
  readonly zones: readonly ZoneDite[];
  readonly codesPostaux: readonly { readonly code: string; readonly debut: number; readonly fin: number }[];
};

function parcourir(message: Message, reponse: boolean): Lecture {
  const { mots, texte } = message;
  const mentions: Mention[] = [];
  const zones: ZoneDite[] = [];
  const codesPostaux: { code: string; debut: number; fin: number }[] = [];
  const budget: Budget = { fautes: FAUTES_CHERCHEES_MAX };
  let i = 0;
  while (i < mots.length && mentions.length < MENTIONS_MAX) {
    const nombre = lireNombre(mots, i, texte, reponse);
    if (nombre !== undefined) {
      if (nombre.genre === 'code-postal') codesPostaux.push({ code: nombre.code, debut: i, fin: nombre.fin });
      else if (nombre.genre === 'departement')
        zones.push({ zone: { genre: 'departement', code: nombre.code }, debut: i, fin: nombre.fin });
      else zones.push({ zone: { genre: 'vague' }, debut: Math.max(0, i - 1), fin: nombre.fin });
      i = nombre.fin;
      continue;
    }
    // « Saint-Pierre Réunion », « Valence Drôme »: right after a commune, the name of an area says which one.
    const precedente = mentions.at(-1);
    const zone = lireZone(message, i, reponse || precedente?.fin === i);
    const jointe = estCoordonnee(message, i, precedente);
    const lue = lireCommune(message, i, reponse || jointe, budget);
    const mention = lue !== undefined && jointe ? { ...lue, niveau: precedente?.niveau ?? lue.niveau } : lue;
    if (
      zone !== undefined &&
      (mention === undefined ||
        zone.fin > mention.fin ||
        (zone.fin === mention.fin && prefereZone(message, zone, mention)))
    ) {
      zones.push(zone);
      i = zone.fin;
    } else if (mention === undefined) i += 1;
    else {
      mentions.push(mention);
      i = numeroApres(message, mention, zones);
    }
  }
  return { mentions, zones, codesPostaux };
}

/** « entre Arras et Lens », « Lille ou Nancy » : what is joined to a place is one too. */
const estCoordonnee = ({ mots }: Message, i: number, avant: Mention | undefined): boolean =>
  avant !== undefined &&
  avant.niveau >= 2 &&
  avant.fin === i - 1 &&
  /^(?:et|ou|avec)$/.test(mots[i - 1]?.mot ?? '') &&
  (mots[i]?.majuscule ?? false) &&
  !(mots[i]?.finPhrase ?? false);

/** « en Mayenne » is the département, « à Mayenne » the town, and « 25300 Doubs » what its postcode says. */
function prefereZone(message: Message, zone: ZoneDite, mention: Mention): boolean {
  const avant = message.mots[zone.debut - 1]?.mot ?? '';
  if (/^\d{5}$/.test(avant) && mention.candidats.some((c) => c.codesPostaux.includes(avant))) return false;
  return (
    /^(?:en|dans|le|la|l|les|departement|region|du)$/.test(avant) ||
    (mention.candidats[0]?.population ?? 0) < POPULATION_SANS_APPUI
  );
}

/** « Saint-Denis 93 »: a bare number right after a commune is a département when it is that of a candidate. */
function numeroApres({ mots }: Message, mention: Mention, zones: ZoneDite[]): number {
  const suivant = mots[mention.fin];
  if (suivant === undefined || !/^\d{1,3}$/.test(suivant.mot) || suivant.accent) return mention.fin;
  const code = suivant.mot.padStart(2, '0');
  if (
    !mention.candidats.some((c) => c.departement === code) ||
    /^(?:ans?|mois|h|heures?|e)$/.test(mots[mention.fin + 1]?.mot ?? '')
  )
    return mention.fin;
  zones.push({ zone: { genre: 'departement', code }, debut: mention.fin, fin: mention.fin + 1 });
  return mention.fin + 1;
}

const NOMS_SURS_DE_ZONE = new Set(
  'aisne ardeche ardennes ariege aveyron calvados cantal charente correze dordogne doubs drome finistere gironde guadeloupe guyane herault isere jura loiret lozere martinique mayotte morbihan moselle nievre sarthe savoie vaucluse vendee vosges yvelines essonne paca idf occitanie bretagne normandie alsace lorraine picardie auvergne bourgogne limousin aquitaine corse gwada hdf npdc tahiti'.split(
    ' ',
  ),
);
/** Nouns that mean something else when nothing says « département » (« la somme », « le nord de la France », « la réunion »). */
const GENTILE =
  /^(?:chti|ch ti|chtis|ch tis|chtimi|ch timi|normande?|bretonn?e?|alsacien(?:ne)?|lorrain|picarde?|auvergnate?|francilien(?:ne)?|reunionnais(?:e)?|martiniquais(?:e)?|guadeloupeen(?:ne)?|guyanais(?:e)?|mahorais(?:e)?)$/;

function lireZone(message: Message, i: number, reponse: boolean): ZoneDite | undefined {
  const { mots } = message;
  if (/^(?:le|la|les|l)$/.test(mots[i]?.mot ?? '') && i + 1 < mots.length) {
    // « dans les Landes », « dans le Nord »: the article is not part of the name, and « le Nord » alone is vague.
    const sansArticle = lireZoneDepuis(message, i + 1, reponse);
    if (sansArticle !== undefined && sansArticle.zone.genre !== 'vague') return sansArticle;
  }
  return lireZoneDepuis(message, i, reponse);
}

function lireZoneDepuis(message: Message, i: number, reponse: boolean): ZoneDite | undefined {
  const { mots } = message;
  const max = Math.min(longueurMaximaleZone(mots[i]?.mot ?? ''), mots.length - i);
  for (let n = max; n > 0; n -= 1) {
    const nom = nomDe(mots, i, n);
    const zone = zoneNommee(nom);
    if (zone === undefined || nom === 'paris') continue;
    if (zoneAcceptee(message, i, i + n, nom, zone, reponse)) return { zone, debut: i, fin: i + n };
  }
  return undefined;
}

function zoneAcceptee(
  { mots, crie }: Message,
  debut: number,
  fin: number,
  nom: string,
  zone: Zone,
  reponse: boolean,
): boolean {
  const avant = mots[debut - 1]?.mot ?? '';
  const avant2 = mots[debut - 2]?.mot ?? '';
  const suite = mots[fin]?.mot ?? '';
  if (reponse) return true;
  if (zone.genre === 'vague') return fin - debut > 1 || /^(?:le|la|l|les|en|dans|aux)$/.test(avant);
  if (GENTILE.test(nom)) return avant === 'suis' || (/^(?:un|une)$/.test(avant) && avant2 === 'suis');
  if (avant === 'rue' || avant2 === 'rue' || (avant === 'de' && avant2 === 'avenue')) return false;
  if (nom === 'la reunion' || nom === 'reunion')
    return (
      (!crie &&
        (mots[fin - 1]?.majuscule ?? false) &&
        (mots[debut]?.majuscule ?? false) &&
        fin - debut > 1) ||
      avant2 === 'ile' ||
      (appuiAvant(mots, debut).niveau >= 4 && !/^(?:d|de|du|avec|information|collective)$/.test(suite)) ||
      (/^(?:a|de|sur)$/.test(avant) && !crie && (mots[fin - 1]?.majuscule ?? false))
    );
  if (fin - debut > 1 || NOMS_SURS_DE_ZONE.has(nom)) return !/^(?:rue|avenue|boulevard)$/.test(avant2);
  if (
    nom === 'aura' ||
    nom === 'nord' ||
    nom === 'centre' ||
    nom === 'cher' ||
    nom === 'lot' ||
    nom === 'somme'
  )
    return (
      /^(?:de|du|d|des)$/.test(suite) === false &&
      nom !== 'centre' &&
      ((avant === 'le' || avant === 'la' ? avant2 === 'dans' : false) ||
        avant === 'departement' ||
        avant === 'region' ||
        (/^(?:le|la|du|de)$/.test(avant) &&
          (avant2 === 'departement' || (avant2 === 'habite' && !crie && (mots[debut]?.majuscule ?? false)))))
    );
  return (
    avant === 'en' ||
    avant === 'departement' ||
    avant === 'region' ||
    (/^(?:le|la|les|l)$/.test(avant) && /^(?:dans|sur|habite|vers|pour|departement)$/.test(avant2)) ||
    (/^(?:de|du|des|d|la|l)$/.test(avant) &&
      /^(?:departement|region|viens|originaire|habitant|habitante|de)$/.test(avant2)) ||
    (avant === 'dans' && fin - debut >= 1)
  );
}

const nomDe = (mots: readonly Mot[], i: number, n: number): string => {
  let nom = mots[i]?.mot ?? '';
  for (let j = i + 1; j < i + n; j += 1) nom += ` ${mots[j]?.mot ?? ''}`;
  return nom;
};

/** The longest name of commune that begins at `i`, when the words around allow it; failing that, a town one or two slips away. */
function lireCommune(message: Message, i: number, reponse: boolean, budget: Budget): Mention | undefined {
  const { mots } = message;
  const premier = mots[i]?.mot ?? '';
  if (premier === 'au' || premier === 'aux' || premier === 'du' || premier === 'des') {
    // « au Mans », « aux Abymes », « du Havre »: the article is inside the preposition.
    const article = premier === 'au' || premier === 'du' ? 'le' : 'les';
    const compose = chercherDepuis(message, i + 1, reponse, article);
    if (compose !== undefined) return { ...compose, debut: i };
  }
  const exacte = chercherDepuis(message, i, reponse);
  if (exacte === undefined) return lireFaute(message, i, { reponse, motsMin: 1, budget });
  // « Villeneuve dascq », « saint etiene »: a longer name with a slip says more than its first word.
  return lireFaute(message, i, { reponse, motsMin: exacte.fin - i + 1, budget }) ?? exacte;
}

function chercherDepuis(
  message: Message,
  i: number,
  reponse: boolean,
  article?: string,
): Mention | undefined {
  const { mots } = message;
  const premier = article ?? mots[i]?.mot ?? '';
  const reste = mots.length - i + (article === undefined ? 0 : 1);
  for (let n = Math.min(longueurMaximale(premier), reste); n > 0; n -= 1) {
    const mots2 = article === undefined ? n : n - 1;
    if (mots2 === 0) break;
    const nom = article === undefined ? nomDe(mots, i, n) : `${article} ${nomDe(mots, i, mots2)}`;
    const dits = communesDites(nom);
    if (dits.length === 0) continue;
    const appui = appuiAvant(mots, i, article !== undefined && /^aux?$/.test(mots[i - 1]?.mot ?? ''));
    if (!accepte(message, i, i + mots2, nom, dits, appui, reponse)) continue;
    return {
      candidats: dits.map((d) => d.commune),
      assume: FOIS_ASSUMEE,
      niveau: reponse ? 4 : appui.niveau,
      passe: appui.passe,
      debut: i,
      fin: i + mots2,
    };
  }
  return undefined;
}

const ARTICLE = /^(?:le|la|les|l|aux|los|las) /;

/** « à Nancy », « vers Lens » ; « sur » is said of anything, so only of a large city. */
const ambiguAccepte = (population: number, preposition: string): boolean =>
  (population >= POPULATION_VILLE_AMBIGUE && /^(?:a|vers)$/.test(preposition)) ||
  (population >= POPULATION_METROPOLE && preposition === 'sur');

function accepte(
  message: Message,
  debut: number,
  fin: number,
  nom: string,
  dits: readonly NomDeCommune[],
  appui: Appui,
  reponse: boolean,
): boolean {
  const { mots, crie } = message;
  if (appui.refus) return false;
  const coeur = nom.replace(ARTICLE, '');
  const seul = !coeur.includes(' ');
  const { ambigus, communs } = lieuxAmbigus();
  if (reponse) return !(seul && (REMPLISSAGE.has(coeur) || (coeur.length <= 2 && mots.length > 2)));
  const population = dits[0]?.commune.population ?? 0;
  // « Charleville », « Petite »: the beginning of a longer name is not a name, it needs support.
  const nomPropre = communesNommees(nom).some((d) => d.nature === 'nom' || d.nature === 'arrondissement');
  const majuscule = !crie && (mots[fin - 1]?.majuscule ?? false) && debut > 0;
  const suivi = suiviDuCode(message, fin, dits) || precedeDuCode(message, debut, dits);
  const niveau = suivi ? 4 : appui.niveau;
  if (seul && communs.has(coeur)) return suivi || (niveau >= 3 && majuscule);
  if (seul && REMPLISSAGE.has(coeur)) return false;
  if (seul && ambigus.has(coeur)) {
    if (niveau >= 3) return nomPropre || majuscule;
    if (!nomPropre) return false;
    if (niveau < 2) return niveau === 1 && majuscule && population >= POPULATION_GRANDE_VILLE;
    return majuscule || ambiguAccepte(population, mots[debut - 1]?.mot ?? '');
  }
  if (/\d/.test(coeur)) return true;
  if (seul) {
    if (niveau >= 2) return true;
    // « a Trifouilly »: an unaccented « a » is enough for a name that is nothing else.
    if (niveau === 1 && population >= 500) return nomPropre;
    return nomPropre
      ? coeur.length > 2 && population >= POPULATION_SANS_APPUI
      : coeur.length >= 6 && population >= POPULATION_GRANDE_VILLE;
  }
  return niveau >= 2 || estNomCompose(message, debut, fin, coeur, population);
}

/** « entre deux », « saint valentin », « val de vie » are communes too: several words need capitals, a large town or a saint to be a name by themselves. */
function estNomCompose(
  { mots, crie }: Message,
  debut: number,
  fin: number,
  coeur: string,
  population: number,
): boolean {
  if (LOCUTIONS.has(coeur)) return false;
  if (population >= POPULATION_VILLE_AMBIGUE) return true;
  const capitales = !crie && (mots[debut]?.majuscule ?? false) && (mots[fin - 1]?.majuscule ?? false);
  if (capitales) return true;
  return population >= 500 && (fin - debut > 2 || /^saintes? /.test(coeur) || coeur.startsWith('saint '));
}

const LOCUTIONS = new Set([
  'entre deux',
  'saint valentin',
  'saint sylvestre',
  'saint nicolas',
  'saint jean',
  'val de vie',
  'pas de jeu',
  'terre et marais',
  'haut lieu',
  'bas lieu',
  'grand champ',
]);

/** « Sens (89) », « Mer 41500 », « 84100 Orange »: the code of one of the candidates beside the name settles what the name is. */
function suiviDuCode({ mots }: Message, fin: number, dits: readonly NomDeCommune[]): boolean {
  const code = mots[fin]?.mot ?? '';
  if (/^\d{5}$/.test(code)) return dits.some((d) => d.commune.codesPostaux.includes(code));
  const numero = code === '2' ? `2${(mots[fin + 1]?.mot ?? '').toUpperCase()}` : code.padStart(2, '0');
  return (
    /^\d/.test(code) &&
    (mots[fin]?.apresParenthese ?? false) &&
    dits.some((d) => d.commune.departement === numero)
  );
}

const precedeDuCode = ({ mots }: Message, debut: number, dits: readonly NomDeCommune[]): boolean =>
  /^\d{5}$/.test(mots[debut - 1]?.mot ?? '') &&
  dits.some((d) => d.commune.codesPostaux.includes(mots[debut - 1]?.mot ?? ''));

/** A slip in the name of a town, where something says that a place is coming, or in a long word that is no French word. */
function lireFaute(
  message: Message,
  i: number,
  { reponse, motsMin, budget }: { reponse: boolean; motsMin: number; budget: Budget },
): Mention | undefined {
  const { mots } = message;
  const premier = mots[i]?.mot ?? '';
  if (REMPLISSAGE.has(premier) && !/^(?:le|la|les|l)$/.test(premier)) return undefined;
  const appui = appuiAvant(mots, i);
  if (appui.refus) return undefined;
  const niveau = reponse ? 4 : appui.niveau;
  for (let n = motsMaxFaute(mots, i, niveau); n >= motsMin; n -= 1) {
    const nom = nomDe(mots, i, n);
    if (!estFautePossible(nom, mots[i + n - 1]?.mot ?? '', niveau)) continue;
    if (budget.fautes <= 0) return undefined;
    budget.fautes -= 1;
    const candidats = communesDevinees(nom, n, niveau);
    if (candidats.length > 0)
      return { candidats, assume: FOIS_ASSUMEE_FAUTE, niveau, passe: appui.passe, debut: i, fin: i + n };
  }
  return undefined;
}

/** The towns a misspelt name of `n` words may be: the nearest by their letters, failing that by their sound where a place is expected. */
function communesDevinees(nom: string, n: number, niveau: number): Mention['candidats'] {
  const villes = villesAvecFautes(nom, niveau < 2 ? 1 : nom.length >= (n > 1 ? 12 : 8) ? 2 : 1);
  const [meilleure] = villes;
  if (meilleure === undefined) return niveau < 2 ? [] : villesQuiSonnentComme(nom).map((v) => v.commune);
  // No slip at all: the exact name was already weighed, and refused.
  if (meilleure.fautes === 0) return [];
  const populationMin = nom.length >= 8 ? POPULATION_GRANDE_VILLE : POPULATION_METROPOLE;
  if (niveau < 2 && meilleure.commune.population < populationMin) return [];
  return villes.filter((v) => v.fautes === meilleure.fautes).map((v) => v.commune);
}

/** How many words a name with a slip may have: several only when the first begins a name, or when someone says where they live. */
function motsMaxFaute(mots: readonly Mot[], i: number, niveau: number): number {
  if (niveau < 2) return 1;
  const debut = longueurMaximale(mots[i]?.mot ?? '');
  return Math.min(debut > 1 ? Math.min(debut, 4) : niveau >= 4 ? 3 : 1, mots.length - i);
}

function estFautePossible(nom: string, dernier: string, niveau: number): boolean {
  const coeur = nom.replace(ARTICLE, '');
  const { ambigus, communs, prochesDeVilles } = lieuxAmbigus();
  if (coeur.includes(' ')) return nom.length >= 8 && dernier.length >= 3 && LETTRES.test(dernier);
  if (!LETTRES.test(coeur) || coeur.length < (niveau < 2 ? 6 : 4)) return false;
  return !prochesDeVilles.has(coeur) && !communs.has(coeur) && !ambigus.has(coeur);
}

/** One slip first; two only for long names and large towns, when one explains nothing. */
function villesAvecFautes(nom: string, permises: number): ReturnType<typeof villesProches> {
  const une = villesProches(nom, 1);
  if (une.length > 0 || permises < 2) return une;
  return villesProches(nom, 2).filter((v) => v.commune.population >= POPULATION_GRANDE_VILLE);
}

const extrait = ({ texte, mots }: Message, debut: number, fin: number): string =>
  texte.slice(mots[debut]?.debut ?? 0, mots[fin - 1]?.fin ?? 0);

function conclure(message: Message, { mentions, zones, codesPostaux }: Lecture): LieuRepere | undefined {
  const retenues = choisirMentions(mentions.filter((m) => !contredite(m, zones)));
  const zone = zones.find((z) => z.zone.genre !== 'vague');
  const dites = retenues.map((m) =>
    resoudre(
      m,
      zones,
      codesPostaux.map((c) => c.code),
    ),
  );
  if (dites.length > 0) {
    const premiere = retenues[0];
    const derniere = retenues.at(-1);
    const mots =
      premiere === undefined || derniere === undefined ? '' : extrait(message, premiere.debut, premiere.fin);
    const codes = [...new Set(dites.flat())];
    return avecTerritoire(codes, mots, zone);
  }
  const postal = codesPostaux[0];
  if (postal !== undefined) {
    const codes = [...new Set(codesPostaux.flatMap((c) => communesDuCodePostal(c.code).map((x) => x.code)))];
    return avecTerritoire(codes, extrait(message, postal.debut, postal.fin), zone, 100);
  }
  const vague = zones[0];
  if (vague === undefined) return undefined;
  return avecTerritoire([], extrait(message, (zone ?? vague).debut, (zone ?? vague).fin), zone);
}

/** « caré plouguer, dans le Finistère » : a guess at a misspelt name gives way to an area that was said and holds none of its candidates. */
const contredite = (mention: Mention, zones: readonly ZoneDite[]): boolean =>
  mention.assume === FOIS_ASSUMEE_FAUTE &&
  zones.some(
    ({ zone }) =>
      (zone.genre === 'departement' && !mention.candidats.some((c) => c.departement === zone.code)) ||
      (zone.genre === 'region' && !mention.candidats.some((c) => c.region === zone.code)),
  );

/** Where the person lives wins over where they work; a place of the past counts only when nothing else was said, and then not at all. */
function choisirMentions(mentions: readonly Mention[]): readonly Mention[] {
  const presentes = mentions.filter((m) => !m.passe);
  const habitees = presentes.filter((m) => m.niveau >= 4);
  return habitees.length > 0 ? habitees : presentes;
}

/** The candidates of one mention, narrowed by what else was said; one code when it is certain. */
function resoudre(
  mention: Mention,
  zones: readonly ZoneDite[],
  codesPostaux: readonly string[],
): readonly string[] {
  let candidats = mention.candidats;
  const garder = (f: (c: NomDeCommune['commune']) => boolean): void => {
    const filtres = candidats.filter(f);
    if (filtres.length > 0) candidats = filtres;
  };
  for (const code of codesPostaux) {
    const duCode = new Set(communesDuCodePostal(code).map((c) => c.code));
    garder((c) => duCode.has(c.code));
  }
  for (const { zone } of zones) {
    if (zone.genre === 'departement') garder((c) => c.departement === zone.code);
    else if (zone.genre === 'region') garder((c) => c.region === zone.code);
  }
  const uniques = [...new Map(candidats.map((c) => [c.code, c])).values()].sort(
    (a, b) => b.population - a.population,
  );
  const [premier, second] = uniques;
  if (premier === undefined) return [];
  return second === undefined || premier.population >= second.population * mention.assume
    ? [premier.code]
    : uniques.slice(0, CANDIDATS_MAX).map((c) => c.code);
}

/** The value returned: one commune, or candidates; the département and the region when they are the same for all. */
function avecTerritoire(
  codes: readonly string[],
  mots: string,
  zone: ZoneDite | undefined,
  limite = CANDIDATS_MAX,
): LieuRepere {
  const [premier] = codes;
  const lues = codes.flatMap((c) => communeDe(c) ?? []);
  const unique = <T>(valeurs: readonly T[]): T | undefined =>
    new Set(valeurs).size === 1 ? valeurs[0] : undefined;
  const ditDepartement = zone?.zone.genre === 'departement' ? zone.zone.code : undefined;
  const ditRegion = zone?.zone.genre === 'region' ? zone.zone.code : undefined;
  const departement = codes.length > 0 ? unique(lues.map((c) => c.departement)) : ditDepartement;
  const region =
    codes.length > 0
      ? unique(lues.map((c) => c.region))
      : (ditRegion ?? (ditDepartement === undefined ? undefined : departementDe(ditDepartement)?.region));
  return {
    commune: codes.length === 1 && premier !== undefined ? premier : null,
    communes: codes.length > 1 ? codes.slice(0, limite) : [],
    ...(departement === undefined ? {} : { departement }),
    ...(region === undefined ? {} : { region }),
    ...(mots === '' ? {} : { mots }),
  };
}

/** The answer to « où habitez-vous ? » matched nothing: the closest names, for the person to choose. */
function lesPlusProches(message: Message, restants: readonly Mot[]): LieuRepere {
  const saisie = restants.map((m) => m.mot).join(' ');
  if (saisie.length < 3 || restants.length > 6 || SANS_LIEU.test(saisie)) return AUCUN;
  const trouvees = chercherCommunes(saisie, { limite: 5 });
  if (trouvees.length === 0) return AUCUN;
  return {
    ...AUCUN,
    communes: trouvees.map((c) => c.code),
    mots: extrait(message, 0, message.mots.length),
  };
}
