import { distance } from 'fastest-levenshtein';
import { memoire } from '../vocabulaire/index.ts';
import {
  chargerIndices,
  chargerLexique,
  estPetitMot,
  retraits,
  type Forme,
  type Genre,
  type Indices,
  type Lexique,
  type Metier,
} from './metiers-lexique.ts';
import { nombreDAppellations, nomApproche, nomEn } from './appellations.ts';
import { auSingulier, motsDe, sonDe } from './metiers-mots.ts';
import { motEnClair } from './lecture.ts';
import { lireRole, type Bornes } from './metiers-roles.ts';
import type { MetierCompris } from './types.ts';

export type { Metier } from './metiers-lexique.ts';

type Mention = Bornes & { readonly forme: Forme };

const triees = (mot: string): string => [...mot].sort().join('');

/** One letter added, dropped, changed, or two neighbours swapped. */
const estUneFaute = (a: string, b: string): boolean => {
  const ecart = distance(a, b);
  return ecart <= 1 || (ecart === 2 && a.length === b.length && triees(a) === triees(b));
};

/** Words of the lexicon a misspelt word may stand for: same sound first, then one letter away. Common words never bend. */
const corrections = memoire((mot): readonly string[] => {
  if (mot.length < 6 || chargerIndices().motsCourants.has(mot)) return [];
  const lexique = chargerLexique();
  const memeSon = (lexique.parSon.get(sonDe(mot)) ?? [])
    .filter((c) => distance(c, mot) <= mot.length / 3)
    .sort((a, b) => distance(a, mot) - distance(b, mot));
  if (memeSon.length > 0) return memeSon;
  // A verb or the name of the shop is not a misspelt worker: « livrer », « boulangerie », « pharmacie ».
  if (/(?:er|ez|ir|ie|erie)$/u.test(mot)) return [];
  const trouves = new Set<string>();
  for (const r of retraits(mot))
    for (const candidat of lexique.parRetrait.get(r) ?? [])
      if (candidat.length >= 6 && candidat[0] === mot[0] && estUneFaute(candidat, mot)) trouves.add(candidat);
  return [...trouves];
});

/** The form that starts with the `rang`-th content word, longest first. */
function formeA(
  contenu: readonly { readonly mot: string; readonly place: number }[],
  rang: number,
  lexique: Lexique,
  recherche: ReadonlyMap<string, readonly string[]>,
): { forme: Forme; mots: number } | undefined {
  const variantes = (mot: string): readonly string[] => recherche.get(mot) ?? [mot];
  const premier = contenu[rang];
  if (premier === undefined) return undefined;
  let cles = variantes(premier.mot).filter((m) => lexique.debuts.has(m));
  let meilleure: { forme: Forme; mots: number } | undefined;
  for (let n = 1; cles.length > 0 && n <= lexique.plusLongue; n++) {
    for (const cle of cles) {
      const forme = lexique.formes.get(cle);
      if (forme !== undefined && (n > (meilleure?.mots ?? 0) || forme.nature === 'nom')) {
        meilleure = { forme, mots: n };
        break;
      }
    }
    const suivant = contenu[rang + n];
    if (suivant === undefined || suivant.mot === '.' || suivant.mot === ',') break;
    cles = cles.flatMap((cle) => variantes(suivant.mot).map((v) => `${cle} ${v}`)).slice(0, 16);
  }
  return meilleure;
}

/** True when a word of work or training introduces the activity (« je bosse dans la coiffure », « CAP cuisine »). */
function aSecteurAvant(mots: readonly string[], debut: number, indices: Indices): boolean {
  const precedent = mots[debut - 1];
  if (precedent === undefined) return false;
  const verbe = mots[debut - (precedent === 'la' || precedent === 'le' ? 3 : 2)];
  if ((verbe === 'fais' || verbe === 'faisais') && !indices.loisirs.has(mots[debut] ?? '')) return true;
  let ecart = 0;
  for (let j = debut - 1; j >= 0 && j >= debut - 7; j--) {
    const mot = mots[j] ?? '.';
    if (mot === '.' || ecart > 2) return false;
    if (indices.secteur.has(mot)) {
      const etre = mot === 'suis' || mot === 'etais';
      return etre ? mots[j + 1] === 'dans' && ecart === 0 : true;
    }
    if (!estPetitMot(mot) && !['comme', 'vers', 'mention', 'secteur', 'option'].includes(mot)) ecart += 1;
  }
  return false;
}

/** « j’ai un CAP coiffure »: a diploma held says what was studied, not the job done today. */
function aDiplomeEnPoche(mots: readonly string[], debut: number, indices: Indices): boolean {
  const avant = mots.slice(Math.max(0, debut - 6), debut);
  const rang = avant.findLastIndex((m) =>
    ['cap', 'bep', 'bts', 'bac', 'diplome', 'licence', 'master', 'titre'].includes(m),
  );
  return rang >= 0 && avant.slice(0, rang).some((m) => indices.diplome.has(m));
}

function trouverMentions(mots: readonly string[], lexique: Lexique, indices: Indices): Mention[] {
  const contenu = mots
    .map((mot, place) => ({ mot: auSingulier(mot), place }))
    .filter(({ place }) => !estPetitMot(mots[place] ?? ''));
  const recherche = new Map<string, readonly string[]>();
  for (const { mot, place } of contenu)
    if (!lexique.motsConnus.has(mot)) {
      const proches = corrections(mots[place] ?? mot);
      if (proches.length > 0) recherche.set(mot, [mot, ...proches]);
    }
  const mentions: Mention[] = [];
  for (let rang = 0; rang < contenu.length; rang++) {
    const trouve = formeA(contenu, rang, lexique, recherche);
    if (trouve === undefined) continue;
    const debut = contenu[rang]?.place ?? 0;
    const fin = (contenu[rang + trouve.mots - 1]?.place ?? debut) + 1;
    if (trouve.forme.nature === 'domaine' && !aSecteurAvant(mots, debut, indices)) continue;
    mentions.push({ debut, fin, forme: trouve.forme });
    rang += trouve.mots - 1;
  }
  return mentions;
}

/** « de caissière à aide-soignante »: the first is left, the second wanted. */
function estPassage(mots: readonly string[], depuis: Mention, vers: Mention, indices: Indices): boolean {
  if (mots[depuis.debut - 1] !== 'de') return false;
  const lien = mots[depuis.fin];
  if (lien !== 'a' && lien !== 'vers' && lien !== 'au') return false;
  const entre = mots.slice(depuis.fin + 1, vers.debut);
  return entre.length <= 3 && entre.every((m) => indices.determinants.has(m) || m === 'de' || m === 'metier');
}

function roleParDefaut(mots: readonly string[], mention: Mention, indices: Indices): 'actuel' | undefined {
  // « Commerciale dans le BTP »: a word that may mean something else, but it opens the message.
  if (mention.forme.nature === 'nom-avec-indice' && mention.debut === 0) return 'actuel';
  if (mention.forme.nature !== 'nom') return undefined;
  const precedent = mots[mention.debut - 1];
  const court = mots.filter((m) => m !== '.' && m !== ',').length <= mention.fin - mention.debut + 1;
  if (court) return 'actuel';
  // « mon médecin », « une infirmière m’a dit »: someone else, as long as nothing says otherwise.
  if (precedent !== undefined && (indices.determinants.has(precedent) || precedent === 'de'))
    return undefined;
  return 'actuel';
}

/** « serveur ou serveuse en restauration »: both genders, what they share said once. */
export function deuxGenres({ masculin, feminin }: Pick<Metier, 'masculin' | 'feminin'>): string {
  if (masculin === feminin) return masculin;
  const m = masculin.split(' ');
  const f = feminin.split(' ');
  const fin: string[] = [];
  while (m.length > 1 && f.length > 1 && m.at(-1) === f.at(-1)) {
    fin.unshift(m.pop() ?? '');
    f.pop();
  }
  return [m.join(' '), 'ou', f.join(' '), ...fin].join(' ');
}

function libelleDe(forme: Forme, genreConnu: Genre | undefined): string {
  if (forme.affichage !== undefined) return forme.affichage;
  const genre = forme.genre ?? genreConnu;
  return genre === undefined ? deuxGenres(forme.metier) : forme.metier[genre];
}

/** At most one search with slips per message: it costs more than everything else here. */
const RECHERCHES_MAX = 1;

/**
 * The métiers that only an imported ROME knows, where a cue says that a métier is named (« devenir … », « je suis … »). The everyday lexicon
 * was read first and keeps its mentions.
 */
function nommesParLeRome(
  mots: readonly string[],
  dejaLus: readonly Bornes[],
  indices: Indices,
): readonly MetierCompris[] {
  if (nombreDAppellations() === 0) return [];
  const sortie: MetierCompris[] = [];
  let recherches = 0;
  for (let debut = 0; debut < mots.length; debut += 1) {
    if (estPetitMot(mots[debut] ?? '') || dejaLus.some((m) => debut >= m.debut && debut < m.fin)) continue;
    const role = lireRole(mots, { debut, fin: debut + 1 }, dejaLus, indices);
    if (role !== 'vise' && role !== 'actuel') continue;
    const juste = nomEn(mots, debut);
    const trouve = juste ?? (recherches++ < RECHERCHES_MAX ? nomApproche(mots, debut) : undefined);
    if (trouve === undefined) continue;
    if (sortie.every((s) => s.rome !== trouve.rome || s.role !== role))
      sortie.push({ libelle: trouve.libelle, rome: trouve.rome, role });
    debut = trouve.fin - 1;
  }
  return sortie;
}

/**
 * « jveu devenire conducteure » : the words around a métier, as people write them, brought back to those of the cues. What names a métier
 * is left to the lexicon, which knows its own misspellings.
 */
function redresser(mots: readonly string[], lexique: Lexique, indices: Indices): readonly string[] {
  return mots.flatMap((mot) => {
    if (mot.length < 2 || lexique.motsConnus.has(auSingulier(mot)) || indices.motsCourants.has(mot))
      return [mot];
    const ecrit = motEnClair(mot);
    // The lexicon comes before a guess by sound.
    return ecrit === mot || (!ecrit.includes(' ') && corrections(mot).length > 0) ? [mot] : ecrit.split(' ');
  });
}

/**
 * The métiers a sentence speaks of, in the words and gender the person used, each as `actuel` (held, past, or said of the person) or `vise` (wanted,
 * asked about). Misspellings are followed; common words, shops and other people's jobs are left out. Pure, about 0.05 ms a sentence.
 */
export function repererMetiers(texte: string): readonly MetierCompris[] {
  const lexique = chargerLexique();
  const indices = chargerIndices();
  const mots = redresser(motsDe(texte), lexique, indices);
  const mentions = trouverMentions(mots, lexique, indices);
  if (mentions.length === 0) return nommesParLeRome(mots, [], indices);
  const question = /\?\s*$/u.test(texte);
  const lectures = mentions.map((mention) => lireRole(mots, mention, mentions, indices));
  // « Caissière, comment devenir aide-soignante ? » : what is asked about is the one a cue says is wanted.
  const dejaVise = lectures.includes('vise');
  const lus: { mention: Mention; role: 'actuel' | 'vise' }[] = [];
  for (const [rang, mention] of mentions.entries()) {
    const suivante = mentions[rang + 1];
    const precedente = mentions[rang - 1];
    if (suivante !== undefined && estPassage(mots, mention, suivante, indices)) {
      lus.push({ mention, role: 'actuel' });
      continue;
    }
    if (precedente !== undefined && estPassage(mots, precedente, mention, indices)) {
      lus.push({ mention, role: 'vise' });
      continue;
    }
    const lecture = lectures[rang];
    if (lecture === undefined || lecture === 'ecarte') continue;
    if (mention.forme.nature === 'domaine' && aDiplomeEnPoche(mots, mention.debut, indices)) continue;
    const role = lecture === 'sans-indice' ? roleParDefaut(mots, mention, indices) : lecture;
    if (role === undefined) continue;
    const interroge =
      (question && !dejaVise) ||
      mots.slice(mention.fin, mention.fin + 3).some((m) => indices.recrutent.has(m));
    lus.push({ mention, role: lecture === 'sans-indice' && interroge ? 'vise' : role });
  }
  const genreConnu = lus.map((l) => l.mention.forme.genre).find((g) => g !== undefined);
  const sortie: MetierCompris[] = [];
  for (const { mention, role } of lus) {
    const { rome } = mention.forme.metier;
    if (sortie.some((s) => s.rome === rome && s.role === role)) continue;
    sortie.push({ libelle: libelleDe(mention.forme, genreConnu), rome, role });
  }
  return [...sortie, ...nommesParLeRome(mots, mentions, indices)];
}

/** The everyday métier of a ROME code, or `undefined` when the lexicon has none. */
export const metierDeRome = (rome: string): Metier | undefined => chargerLexique().parRome.get(rome);

/** Every métier of the lexicon, in the order of the file (ROME code, then name). */
export const tousLesMetiers = (): readonly Metier[] => chargerLexique().metiers;
