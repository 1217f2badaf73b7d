import { strFromU8, unzipSync } from 'fflate';
import { refuse, reussi, type Resultat } from '../vocabulaire/index.ts';

/** Why a data file is refused, in words for the maintainer who imports it; `ligne` counts from 1, header included. */
export type RefusFichier = { readonly code: string; readonly message: string; readonly ligne?: number };

/** One sheet or one csv: its name and its lines of cells, as text, blanks kept so that columns stay aligned. */
export type Feuille = { readonly nom: string; readonly lignes: readonly (readonly string[])[] };

/** What one file may hold once unpacked; BMO 2024 is 28 MB of XML. A file that announces more is a mistake or an attack. */
const TAILLE_MAXIMALE = 120_000_000;
const RAPPORT_MAXIMAL = 200;

const commencePar = (octets: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((o, i) => octets[i] === o);

const estZip = (octets: Uint8Array): boolean => commencePar(octets, [0x50, 0x4b, 0x03, 0x04]);
/** The old OLE container: an .xls, or an .xlsx protected by a password. */
const estOle = (octets: Uint8Array): boolean => commencePar(octets, [0xd0, 0xcf, 0x11, 0xe0]);

/** Text of a csv: UTF-8 when it is valid UTF-8, otherwise the Windows encoding French spreadsheets still write. */
export function decoder(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder('windows-1252').decode(octets);
  }
}

/** Separator of a csv: whichever of « ; », « , » and tab the header holds most. */
function separateur(entete: string): string {
  const compte = (s: string): number => entete.split(s).length;
  return [';', ',', '\t'].reduce((a, b) => (compte(b) > compte(a) ? b : a));
}

/** Lines of a csv: quoted cells may hold the separator, doubled quotes and line ends. */
export function lireCsv(texte: string): string[][] {
  const source = texte.charCodeAt(0) === 0xfeff ? texte.slice(1) : texte;
  const sep = separateur(source.slice(0, (source.indexOf('\n') + 1 || source.length + 1) - 1));
  const lignes: string[][] = [];
  let ligne: string[] = [];
  let i = 0;
  const finir = (): void => {
    if (ligne.length > 1 || (ligne[0] ?? '') !== '') lignes.push(ligne);
    ligne = [];
  };
  while (i < source.length) {
    if (source[i] === '"') {
      let valeur = '';
      let debut = i + 1;
      for (;;) {
        const fin = source.indexOf('"', debut);
        if (fin < 0) {
          valeur += source.slice(debut);
          i = source.length;
          break;
        }
        valeur += source.slice(debut, fin);
        if (source[fin + 1] !== '"') {
          i = fin + 1;
          break;
        }
        valeur += '"';
        debut = fin + 2;
      }
      ligne.push(valeur);
    } else {
      let fin = i;
      while (fin < source.length && source[fin] !== sep && source[fin] !== '\n') fin++;
      ligne.push(source.slice(i, fin).replace(/\r$/u, ''));
      i = fin;
    }
    if (source[i] === '\r') i++;
    if (i >= source.length || source[i] === '\n') finir();
    else if (source[i] === sep && i + 1 >= source.length) ligne.push('');
    i++;
  }
  if (ligne.length > 0) finir();
  return lignes;
}

const ENTITES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const desechapper = (xml: string): string =>
  xml.includes('&')
    ? xml.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/giu, (tout, hexa: string, deci: string, nom: string) =>
        hexa !== undefined
          ? String.fromCodePoint(Number.parseInt(hexa, 16) || 0xfffd)
          : deci !== undefined
            ? String.fromCodePoint(Number(deci) || 0xfffd)
            : (ENTITES[nom] ?? tout),
      )
    : xml;

/** All the text runs of a piece of XML (`<t>…</t>`), put end to end. */
const textesDe = (xml: string): string =>
  [...xml.matchAll(/<t(?:\s[^>]*)?>([^<]*)<\/t>/gu)].map((m) => desechapper(m[1] ?? '')).join('');

const attribut = (balise: string, nom: string): string | undefined =>
  new RegExp(`\\s${nom}="([^"]*)"`, 'u').exec(balise)?.[1];

/** « AB12 » → 27 (0-based column). */
function colonneDe(reference: string): number {
  let n = 0;
  for (const c of reference) {
    const rang = c.charCodeAt(0) - 64;
    if (rang < 1 || rang > 26) break;
    n = n * 26 + rang;
  }
  return n - 1;
}

function lireFeuille(xml: string, chaines: readonly string[]): string[][] {
  const lignes: string[][] = [];
  let position = 0;
  for (;;) {
    const debut = xml.indexOf('<row', position);
    if (debut < 0) return lignes;
    const fin = xml.indexOf('</row>', debut);
    position = fin < 0 ? xml.length : fin;
    const ligne: string[] = [];
    for (const [, balise = '', , contenu = ''] of xml
      .slice(debut, position)
      .matchAll(/<c((?:\s[^>]*?)?)(\/>|>(.*?)<\/c>)/gsu)) {
      const colonne = colonneDe(attribut(balise, 'r') ?? '');
      const place = colonne < 0 || colonne > 16_383 ? ligne.length : colonne;
      while (ligne.length < place) ligne.push('');
      const type = attribut(balise, 't');
      const brut = /<v[^>]*>([^<]*)<\/v>/u.exec(contenu)?.[1] ?? '';
      ligne[place] =
        type === 'inlineStr'
          ? textesDe(contenu)
          : type === 's'
            ? (chaines[Number(brut)] ?? '')
            : desechapper(brut);
    }
    if (ligne.some((c) => c !== '')) lignes.push(ligne);
  }
}

function lireClasseur(fichiers: Readonly<Record<string, Uint8Array>>): Feuille[] {
  const texteDe = (nom: string): string => {
    const octets = fichiers[nom];
    return octets === undefined ? '' : strFromU8(octets);
  };
  const chaines = [...texteDe('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gsu)].map((m) =>
    textesDe(m[1] ?? ''),
  );
  const cibles = new Map(
    [...texteDe('xl/_rels/workbook.xml.rels').matchAll(/<Relationship\s[^>]*>/gu)].map(([balise]) => [
      attribut(balise, 'Id') ?? '',
      (attribut(balise, 'Target') ?? '').replace(/^\/?(?:xl\/)?/u, 'xl/'),
    ]),
  );
  return [...texteDe('xl/workbook.xml').matchAll(/<sheet\s[^>]*>/gu)].map(([balise]) => ({
    nom: desechapper(attribut(balise, 'name') ?? ''),
    lignes: lireFeuille(texteDe(cibles.get(attribut(balise, 'r:id') ?? '') ?? ''), chaines),
  }));
}

function ouvrirZip(
  octets: Uint8Array,
  garder: (nom: string) => boolean,
): Resultat<Record<string, Uint8Array>, RefusFichier> {
  let annonce = 0;
  try {
    const fichiers = unzipSync(octets, {
      filter: ({ name, originalSize, size }) => {
        if (!garder(name)) return false;
        annonce += originalSize;
        if (annonce > TAILLE_MAXIMALE || originalSize > Math.max(1_000_000, size * RAPPORT_MAXIMAL))
          throw new RangeError('archive-demesuree');
        return true;
      },
    });
    return reussi(fichiers);
  } catch (cause) {
    return cause instanceof RangeError && cause.message === 'archive-demesuree'
      ? refuse({
          code: 'archive-demesuree',
          message: 'L’archive annonce un contenu démesuré une fois décompressée : elle n’est pas ouverte.',
        })
      : refuse({
          code: 'fichier-tronque',
          message: 'L’archive est abîmée ou incomplète : reprenez le téléchargement.',
        });
  }
}

/**
 * The sheets of a spreadsheet, whatever its wrapping: csv (UTF-8 or Windows), xlsx, or a zip holding one of them.
 * `garder` leaves out files of an archive before they are unpacked (the register of certifications holds ten, two are needed).
 * Bytes in, values out: nothing is read from disk, and what is damaged, protected or oversized is refused with a sentence.
 */
export function lireTableur(
  octets: Uint8Array,
  nom = 'fichier',
  garder: (nom: string) => boolean = () => true,
): Resultat<readonly Feuille[], RefusFichier> {
  if (octets.length === 0) return refuse({ code: 'fichier-vide', message: 'Le fichier est vide.' });
  if (estOle(octets))
    return refuse({
      code: 'fichier-protege',
      message:
        'Ce classeur est protégé par un mot de passe, ou dans l’ancien format .xls : enregistrez-le en .xlsx sans mot de passe.',
    });
  if (!estZip(octets)) return reussi([{ nom, lignes: lireCsv(decoder(octets)) }]);
  const ouvert = ouvrirZip(octets, garder);
  if (!ouvert.ok) return ouvert;
  if (ouvert.valeur['xl/workbook.xml'] !== undefined) return reussi(lireClasseur(ouvert.valeur));
  const interieurs = Object.entries(ouvert.valeur).filter(([n]) => /\.(?:csv|xlsx)$/iu.test(n));
  const feuilles: Feuille[] = [];
  for (const [n, contenu] of interieurs) {
    const lu =
      estZip(contenu) && !/\.xlsx$/iu.test(n)
        ? refuse({ code: 'archive-imbriquee', message: 'Une archive en contient une autre.' })
        : lireTableur(contenu, n);
    if (!lu.ok) return lu;
    feuilles.push(...lu.valeur);
  }
  return feuilles.length > 0
    ? reussi(feuilles)
    : refuse({ code: 'archive-sans-table', message: 'L’archive ne contient ni csv ni xlsx.' });
}
