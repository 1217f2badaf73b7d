import MiniSearch from 'minisearch';
import { auSingulier, motsDe } from './metiers-mots.ts';

/** Every name ROME gives a métier, as imported: « Tourneur-fraiseur / Tourneuse-fraiseuse », with its ROME 4.0 code. */
export type Appellation = readonly [libelle: string, rome: string];

type Nom = { readonly id: number; readonly libelle: string; readonly rome: string; readonly mots: string };
type Recueil = {
  readonly noms: readonly Nom[];
  readonly parMots: ReadonlyMap<string, Nom>;
  readonly premiers: ReadonlySet<string>;
  readonly recherche: MiniSearch<Nom>;
};
let recueil: Recueil | undefined;

/** Small words inside a name say nothing of it (« agent de maîtrise » is found by « agent maîtrise »). */
const PETITS = new Set('de du des la le les l en et a au aux d sur pour dans'.split(' '));
const utiles = (mots: readonly string[]): string[] =>
  mots.filter((m) => !PETITS.has(m) && m !== ',' && m !== '.').map(auSingulier);

/** The longest name read in a message, in words; beyond, a name is an inventory. */
const MOTS_MAX = 6;

/** « Tourneur-fraiseur / Tourneuse-fraiseuse » as the two names people say; a complement said once is given to both. */
function deuxNoms(libelle: string): readonly string[] {
  const [masculin = '', feminin] = libelle.split(' / ');
  if (feminin === undefined) return [masculin];
  const complement = feminin.split(' ').slice(masculin.split(' ').length);
  return [[masculin, ...complement].join(' '), feminin];
}

/**
 * Puts the names of an imported ROME in service, beside the everyday métiers that ship: about 13,000 names, half a second to index. An empty
 * list takes them away.
 */
export function utiliserAppellations(appellations: readonly Appellation[]): void {
  if (appellations.length === 0) {
    recueil = undefined;
    return;
  }
  const noms: Nom[] = [];
  const parMots = new Map<string, Nom>();
  for (const [libelle, rome] of appellations)
    for (const nom of deuxNoms(libelle)) {
      const mots = utiles(motsDe(nom));
      if (mots.length === 0 || mots.length > MOTS_MAX) continue;
      const lu = {
        id: noms.length,
        libelle: nom.charAt(0).toLowerCase() + nom.slice(1),
        rome,
        mots: mots.join(' '),
      };
      noms.push(lu);
      if (!parMots.has(lu.mots)) parMots.set(lu.mots, lu);
    }
  const recherche = new MiniSearch<Nom>({ fields: ['mots'], tokenize: (texte) => texte.split(' ') });
  recherche.addAll(noms);
  recueil = { noms, parMots, premiers: new Set(noms.map((n) => n.mots.split(' ')[0] ?? '')), recherche };
}

export const nombreDAppellations = (): number => recueil?.noms.length ?? 0;

/** A name found in a message: what to say back, its code, and the words it takes. */
export type NomTrouve = {
  readonly libelle: string;
  readonly rome: string;
  readonly debut: number;
  readonly fin: number;
};

/** The longest name that starts at a word, as written; the caller says whether the sentence makes it a métier. */
export function nomEn(mots: readonly string[], debut: number): NomTrouve | undefined {
  if (recueil === undefined || !recueil.premiers.has(auSingulier(mots[debut] ?? ''))) return undefined;
  let trouve: NomTrouve | undefined;
  const cle: string[] = [];
  for (let i = debut; i < mots.length && cle.length < MOTS_MAX; i++) {
    const mot = mots[i] ?? '.';
    if (mot === '.' || mot === ',') break;
    if (PETITS.has(mot)) continue;
    cle.push(auSingulier(mot));
    const nom = recueil.parMots.get(cle.join(' '));
    if (nom !== undefined) trouve = { libelle: nom.libelle, rome: nom.rome, debut, fin: i + 1 };
  }
  return trouve;
}

/** Slips allowed in a name: one letter in five. Every word must be found, and nothing else be in the name. */
const FAUTES = 0.2;
const MOTS_AVEC_FAUTES = 3;

/** The name that words with slips stand for (« devenir tourneure fraizeur »); one search, so asked only where a métier is expected. */
export function nomApproche(mots: readonly string[], debut: number): NomTrouve | undefined {
  if (recueil === undefined) return undefined;
  const fin = mots.findIndex((m, i) => i >= debut && (m === '.' || m === ','));
  const limite = fin === -1 ? mots.length : fin;
  const cle = utiles(mots.slice(debut, limite)).slice(0, MOTS_AVEC_FAUTES);
  if (cle.length === 0 || cle.join('').length < 6) return undefined;
  const [premier] = recueil.recherche.search(cle.join(' '), {
    combineWith: 'AND',
    fuzzy: (terme) => (terme.length > 4 ? FAUTES : false),
    boostDocument: (id) => 1 / ((recueil?.noms[Number(id)]?.mots.split(' ').length ?? 1) + 1),
  });
  const nom = premier === undefined ? undefined : recueil.noms[Number(premier.id)];
  if (nom === undefined || nom.mots.split(' ').length !== cle.length) return undefined;
  return { libelle: nom.libelle, rome: nom.rome, debut, fin: limite };
}
