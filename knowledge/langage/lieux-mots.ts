import { communesNommees, motDeLieu, sansAccents, villesProches } from '../territoire/index.ts';
import { nettoyer } from './normaliser.ts';

/** One word of the message. `mot` is folded as place names are; `brut` is as typed; `colle` says that nothing separates it from the one before. */
export type Mot = {
  readonly brut: string;
  readonly mot: string;
  readonly debut: number;
  readonly fin: number;
  readonly majuscule: boolean;
  readonly accent: boolean;
  readonly apresParenthese: boolean;
  readonly finPhrase: boolean;
};

const MORCEAUX = /[\p{L}\p{M}]+|\d+/gu;
/** « M. Bourges », « St. Denis » : this full stop ends no sentence. */
const ABREVIATION = /^(?:m|mr|mme|mlle|dr|saint|sainte)$/;
const ORDINAL = /^(?:er|ers|e|eme|ieme|nd|nde)$/;

/** « sin etienne », « sain denis »: how « saint » sounds; what follows says whether it is one. */
const SONNE_SAINT = /^(?:sin|sint|sain|sein|ceint)$/;
const estSaint = (mot: string, suivant: string): boolean =>
  SONNE_SAINT.test(mot) &&
  suivant.length >= 3 &&
  (communesNommees(`saint ${suivant}`).length > 0 || villesProches(`saint ${suivant}`, 1).length > 0);

export type Message = { readonly texte: string; readonly mots: readonly Mot[]; readonly crie: boolean };

/** The words of a message with their places in it; « 13e » is one word, « s/ » is « sur ». */
export function lireMots(brut: string): Message {
  const texte = nettoyer(brut);
  const mots: Mot[] = [];
  let majuscules = 0;
  let fin = 0;
  for (const m of texte.matchAll(MORCEAUX)) {
    const debut = m.index;
    const lu = m[0];
    const plie = sansAccents(lu);
    const precedent = mots.at(-1);
    if (precedent !== undefined && ORDINAL.test(plie) && /^\d+$/.test(precedent.mot) && debut - fin <= 1) {
      fin = debut + lu.length;
      mots[mots.length - 1] = { ...precedent, brut: texte.slice(precedent.debut, fin), fin, accent: true };
      continue;
    }
    const entre = texte.slice(fin, debut);
    fin = debut + lu.length;
    const initiale = lu.charAt(0);
    const majuscule = initiale !== initiale.toLowerCase();
    if (lu.length > 1 && lu === lu.toUpperCase() && lu !== lu.toLowerCase()) majuscules += 1;
    mots.push({
      brut: lu,
      mot: plie === 's' && texte.charAt(fin) === '/' ? 'sur' : motDeLieu(plie),
      debut,
      fin,
      majuscule,
      accent: plie !== lu.toLowerCase(),
      apresParenthese: entre.includes('('),
      finPhrase: /[.!?\n;]/.test(entre) && !(ABREVIATION.test(precedent?.mot ?? '') && /^\.\s*$/.test(entre)),
    });
  }
  for (let i = 0; i + 1 < mots.length; i += 1) {
    const m = mots[i];
    if (m !== undefined && estSaint(m.mot, mots[i + 1]?.mot ?? '')) mots[i] = { ...m, mot: 'saint' };
  }
  // A message in capitals says nothing by its capitals.
  return { texte, mots, crie: mots.length > 0 && majuscules > mots.length / 2 };
}
