import { refuse, reussi, type Resultat } from '../vocabulaire/index.ts';
import { lireTableur, type Feuille, type RefusFichier } from './tableur.ts';

/**
 * One line of the survey « Besoins en main-d’œuvre »: hiring projects of a family of métiers in a bassin (one line per département when the
 * bassin spans several). `null` is statistical secret (`*` in the file), never 0.
 */
export type LigneBmo = {
  readonly famille: string;
  readonly region: string;
  readonly departement: string;
  readonly bassin: string;
  readonly projets: number | null;
  readonly difficiles: number | null;
  readonly saisonniers: number | null;
};

export type TableBmo = {
  readonly annee: number;
  /** FAP 2009 codes up to the 2023 survey, FAP 2021 from 2024: series across the two are never built. */
  readonly nomenclature: 'FAP2009' | 'FAP2021';
  readonly familles: ReadonlyMap<string, { readonly libelle: string; readonly groupe: string }>;
  readonly bassins: ReadonlyMap<string, string>;
  readonly lignes: readonly LigneBmo[];
  /** What was put right on the way, in words. */
  readonly reparations: readonly string[];
};

/** « Code métier BMO » → « code metier bmo »: names drift from year to year in case, accents and underscores. */
const normaliserEntete = (nom: string): string =>
  nom
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gu, ' ')
    .trim();

const COLONNES = {
  annee: /^annee$/u,
  code: /^code metier(?: bmo)?$/u,
  libelle: /^(?:nom|libelle|intitule) metier(?: bmo)?$/u,
  groupe: /^(?:famille met(?:ier)?|code famille)$/u,
  region: /^(?:reg|code region|region)$/u,
  departement: /^(?:dept?|departement|code departement)$/u,
  bassin: /^(?:be ?\d{2}|code be|code bassin)$/u,
  nomBassin: /^(?:nom ?be ?\d{2}|nom be|nom bassin|lib be ?\d{2})$/u,
  met: /^met$/u,
  xmet: /^xmet$/u,
  smet: /^smet$/u,
} as const;
type Colonne = keyof typeof COLONNES;
const FACULTATIVES: ReadonlySet<string> = new Set(['groupe']);

function trouverColonnes(entete: readonly string[]): Resultat<Record<Colonne, number>, RefusFichier> {
  const noms = entete.map(normaliserEntete);
  const places = Object.fromEntries(
    Object.entries(COLONNES).map(([nom, forme]) => [nom, noms.findIndex((n) => forme.test(n))]),
  ) as Record<Colonne, number>;
  const manquantes = Object.entries(places)
    .filter(([nom, place]) => place < 0 && !FACULTATIVES.has(nom))
    .map(([nom]) => nom);
  return manquantes.length === 0
    ? reussi(places)
    : refuse({
        code: 'colonnes-manquantes',
        ligne: 1,
        message: `Ce n’est pas une table BMO reconnue : colonnes introuvables : ${manquantes.join(', ')}. Lues : ${entete.slice(0, 20).join(', ')}.`,
      });
}

/** `*` and an empty cell are « non publié »; a number may carry a thousands space. */
function nombreOuSecret(cellule: string): number | null | undefined {
  const valeur = cellule.replace(/[\s\u00A0\u202F]/gu, '');
  if (valeur === '*' || valeur === '') return null;
  return /^\d+(?:[.,]0+)?$/u.test(valeur) ? Math.trunc(Number(valeur.replace(',', '.'))) : undefined;
}

/** Spreadsheets drop leading zeros: « 1 » → « 01 », « 101 » → « 0101 ». */
const completer = (code: string, largeur: number): string =>
  /^\d+$/u.test(code) ? code.padStart(largeur, '0') : code;

/** The sheet that holds the data: named « …open_data… », or the only one whose first line has the columns. */
function feuilleDeDonnees(feuilles: readonly Feuille[]): Feuille | undefined {
  const nommee = feuilles.find((f) => /open[ _]?data/iu.test(f.nom) && f.lignes.length > 1);
  if (nommee !== undefined) return nommee;
  return feuilles.find((f) => trouverColonnes(f.lignes[0] ?? []).ok);
}

/**
 * Reads a BMO file of any year since 2015 (xlsx, csv or zip), columns found by name.
 * @returns the table, or a refusal that says which line and why: wrong sheet, missing column, several years, another year than `annee`,
 * unreadable figure, contradictory duplicates.
 */
export function analyserBmo(
  octets: Uint8Array,
  options: { readonly annee?: number; readonly nom?: string } = {},
): Resultat<TableBmo, RefusFichier> {
  const lu = lireTableur(octets, options.nom);
  if (!lu.ok) return lu;
  const feuille = feuilleDeDonnees(lu.valeur);
  if (feuille === undefined)
    return refuse({
      code: 'feuille-introuvable',
      message: `Aucune feuille de données BMO (attendu : un nom contenant « open_data »). Feuilles lues : ${lu.valeur.map((f) => f.nom).join(', ')}.`,
    });
  const [entete = [], ...corps] = feuille.lignes;
  const colonnes = trouverColonnes(entete);
  if (!colonnes.ok) return colonnes;
  return lireCorps(corps, colonnes.valeur, options.annee);
}

function lireCorps(
  corps: readonly (readonly string[])[],
  places: Record<Colonne, number>,
  attendue: number | undefined,
): Resultat<TableBmo, RefusFichier> {
  const familles = new Map<string, { libelle: string; groupe: string }>();
  const bassins = new Map<string, string>();
  const vues = new Map<string, { ligne: number; valeurs: string }>();
  const lignes: LigneBmo[] = [];
  let annee: number | undefined;
  let doublons = 0;
  let zeros = 0;
  for (const [rang, cellules] of corps.entries()) {
    const ligne = rang + 2;
    const lire = (c: Colonne): string => (cellules[places[c]] ?? '').trim();
    const a = Number(lire('annee'));
    if (!Number.isInteger(a) || a < 2015 || a > 2100)
      return refuse({
        code: 'annee-illisible',
        ligne,
        message: `Ligne ${ligne} : année illisible (« ${lire('annee')} »).`,
      });
    annee ??= a;
    if (a !== annee)
      return refuse({
        code: 'plusieurs-annees',
        ligne,
        message: `Ligne ${ligne} : année ${a} dans un fichier de ${annee}. Une seule année par fichier.`,
      });
    const famille = lire('code').toUpperCase();
    if (!/^[A-Z][0-9A-Z][A-Z]\d{2}$/u.test(famille))
      return refuse({
        code: 'famille-illisible',
        ligne,
        message: `Ligne ${ligne} : code métier illisible (« ${famille} »).`,
      });
    const bassin = completer(lire('bassin'), 4);
    const region = completer(lire('region'), 2);
    const departement = completer(lire('departement'), 2);
    if (bassin.length !== 4 || !/^(?:\d{2,3}|2[AB])$/u.test(departement))
      return refuse({
        code: 'territoire-illisible',
        ligne,
        message: `Ligne ${ligne} : bassin (« ${bassin} ») ou département (« ${departement} ») illisible.`,
      });
    if (bassin !== lire('bassin')) zeros++;
    const nombres = (['met', 'xmet', 'smet'] as const).map((c) => nombreOuSecret(lire(c)));
    const mauvais = nombres.indexOf(undefined);
    if (mauvais >= 0)
      return refuse({
        code: 'nombre-illisible',
        ligne,
        message: `Ligne ${ligne} : « ${lire((['met', 'xmet', 'smet'] as const)[mauvais] ?? 'met')} » n’est ni un nombre ni « * ».`,
      });
    const [projets = null, difficiles = null, saisonniers = null] = nombres;
    const cle = `${famille} ${bassin} ${departement}`;
    const valeurs = [projets, difficiles, saisonniers].join(' ');
    const deja = vues.get(cle);
    if (deja !== undefined) {
      if (deja.valeurs !== valeurs)
        return refuse({
          code: 'doublon-contradictoire',
          ligne,
          message: `Lignes ${deja.ligne} et ${ligne} : la famille ${famille} du bassin ${bassin} apparaît deux fois avec des chiffres différents.`,
        });
      doublons++;
      continue;
    }
    vues.set(cle, { ligne, valeurs });
    familles.set(famille, { libelle: lire('libelle').replace(/\s+/gu, ' '), groupe: lire('groupe') });
    bassins.set(bassin, lire('nomBassin').replace(/\s+/gu, ' '));
    lignes.push({ famille, region, departement, bassin, projets, difficiles, saisonniers });
  }
  if (annee === undefined)
    return refuse({ code: 'table-vide', message: 'La table ne contient aucune ligne de données.' });
  if (attendue !== undefined && annee !== attendue)
    return refuse({
      code: 'autre-annee',
      message: `Le fichier est celui de ${annee}, alors que ${attendue} était attendu.`,
    });
  return reussi({
    annee,
    nomenclature: annee <= 2023 ? 'FAP2009' : 'FAP2021',
    familles,
    bassins,
    lignes,
    reparations: [
      ...(zeros > 0 ? [`${zeros} codes de bassin ont retrouvé leurs zéros de tête.`] : []),
      ...(doublons > 0 ? [`${doublons} lignes répétées à l’identique n’ont été comptées qu’une fois.`] : []),
    ],
  });
}
