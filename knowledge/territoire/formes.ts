import { commune, departement, departementDeCommune, region } from './communes.ts';

const VOYELLE = /^[aàâeéèêëiîïoôuûüyœæh]/i;

/**
 * Regions and départements that do not follow the Insee article. Islands without article take « à », La Réunion keeps its article,
 * and feminine or vowel-initial names take « en » (« en Bretagne », « en Île-de-France »).
 */
const LOCATIFS_REGIONS: Readonly<Record<string, string>> = {
  '01': 'en Guadeloupe',
  '02': 'en Martinique',
  '03': 'en Guyane',
  '04': 'à La Réunion',
  '06': 'à Mayotte',
  '11': 'en Île-de-France',
  '24': 'en Centre-Val de Loire',
  '27': 'en Bourgogne-Franche-Comté',
  '28': 'en Normandie',
  '32': 'dans les Hauts-de-France',
  '44': 'dans le Grand Est',
  '52': 'dans les Pays de la Loire',
  '53': 'en Bretagne',
  '75': 'en Nouvelle-Aquitaine',
  '76': 'en Occitanie',
  '84': 'en Auvergne-Rhône-Alpes',
  '93': 'en Provence-Alpes-Côte d’Azur',
  '94': 'en Corse',
  '975': 'à Saint-Pierre-et-Miquelon',
  '977': 'à Saint-Barthélemy',
  '978': 'à Saint-Martin',
  '984': 'dans les Terres australes et antarctiques françaises',
  '986': 'à Wallis-et-Futuna',
  '987': 'en Polynésie française',
  '988': 'en Nouvelle-Calédonie',
  '989': 'à Clipperton',
};

const LOCATIFS_DEPARTEMENTS: Readonly<Record<string, string>> = {
  '2A': 'en Corse-du-Sud',
  '2B': 'en Haute-Corse',
  '49': 'en Maine-et-Loire',
  '54': 'en Meurthe-et-Moselle',
  '71': 'en Saône-et-Loire',
  '73': 'en Savoie',
  '74': 'en Haute-Savoie',
  '75': 'à Paris',
  '77': 'en Seine-et-Marne',
  '93': 'en Seine-Saint-Denis',
  '53': 'en Mayenne',
  '85': 'en Vendée',
  '33': 'en Gironde',
  '17': 'en Charente-Maritime',
  '24': 'en Dordogne',
  '12': 'en Aveyron',
  '21': 'en Côte-d’Or',
  '28': 'en Eure-et-Loir',
  '35': 'en Ille-et-Vilaine',
  '37': 'en Indre-et-Loire',
  '41': 'en Loir-et-Cher',
  '44': 'en Loire-Atlantique',
  '47': 'en Lot-et-Garonne',
  '76': 'en Seine-Maritime',
  '82': 'en Tarn-et-Garonne',
  '31': 'en Haute-Garonne',
  '87': 'en Haute-Vienne',
  '70': 'en Haute-Saône',
  '52': 'en Haute-Marne',
  '43': 'en Haute-Loire',
  '07': 'en Ardèche',
  '09': 'en Ariège',
  '19': 'en Corrèze',
  '48': 'en Lozère',
  '57': 'en Moselle',
  '16': 'en Charente',
};

const typographier = (nom: string): string => nom.replaceAll("'", '’');

/** « Hauts-de-France », « Provence-Alpes-Côte d’Azur ». The code itself when it is unknown. */
export const nomRegion = (code: string): string => typographier(region(code)?.nom ?? code);

/** « Nord », « Val-d’Oise ». The code itself when it is unknown. */
export const nomDepartement = (code: string): string => typographier(departement(code)?.nom ?? code);

/**
 * « Lille (Nord) », « Paris 13e (Paris) » said « Paris 13e »: the name that tells namesakes apart. The code itself when it is unknown.
 */
export function nomComplet(code: string): string {
  const c = commune(code);
  if (c === undefined) return code;
  const nom = typographier(c.libelle);
  const dep = departementDeCommune(code)?.nom;
  return dep === undefined || nom === dep || nom.startsWith(`${dep} `)
    ? nom
    : `${nom} (${typographier(dep)})`;
}

/** « à Lille », « au Mans », « à La Rochelle », « aux Abymes », « à L’Haÿ-les-Roses ». The code itself when it is unknown. */
export function locatif(code: string): string {
  const nom = typographier(commune(code)?.libelle ?? code);
  if (nom.startsWith('Le ')) return `au ${nom.slice(3)}`;
  if (nom.startsWith('Les ')) return `aux ${nom.slice(4)}`;
  if (nom.startsWith('Aux ')) return `aux ${nom.slice(4)}`;
  return `à ${nom}`;
}

/** « dans les Hauts-de-France », « en Bretagne », « à La Réunion ». */
export const dansRegion = (code: string): string =>
  LOCATIFS_REGIONS[code] ?? `dans la région ${nomRegion(code)}`;

/** « dans le Nord », « en Gironde », « à Paris », « dans les Landes », « dans l’Ain ». */
export function dansDepartement(code: string): string {
  const usuel =
    LOCATIFS_DEPARTEMENTS[code] ?? (departement(code)?.region === code ? LOCATIFS_REGIONS[code] : undefined);
  if (usuel !== undefined) return usuel;
  const d = departement(code);
  if (d === undefined) return `dans le département ${code}`;
  const nom = typographier(d.nom);
  const drom = LOCATIFS_REGIONS[d.region];
  if (nomRegion(d.region) === nom && drom !== undefined) return drom;
  switch (d.typeLiaison) {
    case 2:
      return `dans le ${nom}`;
    case 3:
      return `dans la ${nom}`;
    case 4:
      return `dans les ${nom}`;
    case 5:
      return `dans l’${nom}`;
    default:
      return VOYELLE.test(nom) ? `dans l’${nom}` : `dans le département ${nom}`;
  }
}
