/**
 * Who a piece of a message speaks of, and how: a fact counts only when the person says it of themselves (or of the relative they ask for),
 * now, without a negation. Works on the canonical text (`canonique`).
 */
export type Personne = 'soi' | 'proche' | 'autre';

/** A piece of the canonical text, [debut, fin[ in characters. */
export type Proposition = {
  readonly debut: number;
  readonly fin: number;
  readonly personne: Personne;
  /** « si je démissionne » : said as a possibility. */
  readonly hypothese: boolean;
  /** « je ne sais pas si je suis cadre » : the person does not know. */
  readonly incertaine: boolean;
  readonly question: boolean;
};

export type Mode = 'affirme' | 'nie' | 'passe' | 'souhait' | 'question' | 'hypothese' | 'inconnu';

const FIN = /^[.,?]$/u;
const LIAISONS = new Set(
  'que si quand et mais ou donc car parce puisque comme lorsque alors puis sauf sinon'.split(' '),
);
const PROCHES =
  /^(?:fils|fille|filles|femme|mari|conjoint|conjointe|epoux|epouse|copain|copine|frere|soeur|mere|pere|maman|papa|enfant|enfants|gamin|gamine|ado|neveu|niece|ami|amie|pote|compagnon|compagne|petit|petite|cousin|cousine|beau|belle|jeune|grand|grande|aine|ainee|cadette)$/u;
const AUTRES =
  /^(?:patron|patronne|chef|cheffe|employeur|conseiller|medecin|collegue|collegues|voisin|voisine|directeur|directrice|manager|responsable|rh|drh|superieur|entreprise|prof|docteur|avocat|proprietaire)$/u;
const POSSESSIFS = new Set(['mon', 'ma', 'mes', 'notre', 'nos']);
/** « vivre avec mon mari », « je garde mon fils » : the relative is only mentioned. */
const SIMPLE_MENTION =
  / (?:avec|chez|suivre|rejoindre|garder|garde|elever|eleve|cause de|comme|et|occupe de|occuper de|suivi|aidant de|soigne|travaille pour|loin de|depuis que) $/u;
const INTERROGE =
  / (?:estceque|questceque|cestquoi|inverse|comment|quel|quelle|quels|quelles|combien|faut il|dois|doit on|peut on|a quoi sert|(?:ai|a|avoir|aurai|aurais) (?:je inverse |le )?droit) /u;

type Jeton = { readonly mot: string; readonly place: number };

function jetonsDe(texte: string): Jeton[] {
  const jetons: Jeton[] = [];
  for (const m of texte.matchAll(/\S+/gu)) jetons.push({ mot: m[0], place: m.index });
  return jetons;
}

/** « il faut », « il y a » : nobody in particular. */
const estImpersonnel = (suivant: string | undefined): boolean =>
  suivant === undefined ||
  /^(?:y|faut|faudrait|me|m|parait|reste|ne|n|est|se|fait|etre|avoir|un|une|des)$/u.test(suivant);

function sujetDe(jetons: readonly Jeton[], i: number): Personne | 'meme' | 'il' | undefined {
  const mot = jetons[i]?.mot;
  const suivant = jetons[i + 1]?.mot;
  if (suivant === 'inverse') return undefined;
  if (mot === 'je') return 'soi';
  if (mot === 'on') return 'meme';
  if (mot === 'il' || mot === 'elle' || mot === 'ils' || mot === 'elles')
    return mot === 'il' && estImpersonnel(suivant) && suivant !== 'ne' && suivant !== 'est' ? 'meme' : 'il';
  return undefined;
}

/** Cuts the canonical text where the subject or the thought changes. */
export function decouperPropositions(texte: string): Proposition[] {
  const jetons = jetonsDe(texte);
  const bornes: { place: number; personne: Personne }[] = [{ place: 0, personne: 'soi' }];
  let personne: Personne = 'soi';
  let procheVu = false;
  for (let i = 0; i < jetons.length; i++) {
    const { mot, place } = jetons[i] ?? { mot: '', place: 0 };
    const suivant = jetons[i + 1];
    if (FIN.test(mot)) {
      bornes.push({ place: place + 1, personne });
      continue;
    }
    if (mot === 'mais' || mot === 'par') {
      if (mot === 'mais') bornes.push({ place, personne });
      continue;
    }
    const sujet = sujetDe(jetons, i);
    if (sujet !== undefined) {
      let debut = i;
      while (debut > 0 && LIAISONS.has(jetons[debut - 1]?.mot ?? '')) debut -= 1;
      if (sujet === 'il') personne = procheVu ? 'proche' : 'autre';
      else if (sujet !== 'meme') personne = sujet;
      bornes.push({ place: jetons[debut]?.place ?? place, personne });
      continue;
    }
    if (!POSSESSIFS.has(mot) || suivant === undefined) continue;
    if (PROCHES.test(suivant.mot)) {
      if (SIMPLE_MENTION.test(texte.slice(Math.max(0, place - 30), place))) continue;
      procheVu = true;
      personne = 'proche';
      bornes.push({ place, personne });
    } else if (AUTRES.test(suivant.mot) && (bornes.at(-1)?.place ?? 0) >= place - 12) {
      personne = 'autre';
      bornes.push({ place, personne });
    }
  }
  const propositions: Proposition[] = [];
  for (const [rang, borne] of bornes.entries()) {
    const fin = bornes[rang + 1]?.place ?? texte.length;
    const morceau = ` ${texte.slice(borne.place, fin).trim()} `;
    if (morceau.trim() === '') continue;
    const avant = texte.slice(Math.max(0, borne.place - 40), borne.place);
    const si = /^ (?:et |mais |ou )?(?:si (?!jamais)|quand on (?:est|a) )/u.test(morceau);
    const incertaine =
      si &&
      / (?:sais pas|sais plus|ignore|connais pas|pas sur|pas sure|aucune idee|demande)(?: trop| vraiment| bien| moi meme| meme pas)? $/u.test(
        `${avant.trimEnd()} `,
      );
    propositions.push({
      debut: borne.place,
      fin,
      personne: borne.personne,
      hypothese: si && !incertaine,
      incertaine,
      question: INTERROGE.test(morceau),
    });
  }
  return propositions;
}

/** The proposition that holds a character. */
export const propositionA = (propositions: readonly Proposition[], place: number): Proposition | undefined =>
  propositions.findLast((p) => p.debut <= place);

const PASSE =
  / (?:(?:etais|etait|avais|avait|ai ete|a ete|autrefois|jadis|avant|auparavant|travaillais|jusque|fus|etions|faisais|venais|(?:ai|a) quitte|viens de quitter)(?: \S+){0,5}|(?:ancien|ancienne|anciens|ex)(?: \S+)?) $/u;
const SOUHAIT =
  / (?:veux|veut|vais|va|voudrais|voudrait|aimerais|aimerait|souhaite|souhaiterais|devenir|redevenir|passer|compte|prevois|pense|envisage|projet|reve|serai|serais|sera|bientot|futur|future|prochainement|obtenir|decrocher|cherche|trouver|retrouver|recherche|chercher|demander|demande|devrais|promotion|objectif|voie de|espere|attends|faire|monter|creer|entrer|rentrer|integrer|candidature|candidater|postuler|concours|offre|offres|poste de)(?: \S+){0,5} $/u;
const NEGATION =
  / (?:pas|jamais|aucun|aucune|sans|ni|plus|nullement|guere|personne|non|rien|zero|0)(?: (?!et |ou |mais |car |parce |que |qui |pour |depuis |comme |a cause )\S+){0,4} $/u;
/** « en plus », « plus de deux ans » : the other « plus » ; « pas mal », « pas que » deny nothing. */
const FAUSSE_NEGATION =
  / (?:(?:en|de|non|au|un peu|la|le|bien|beaucoup|encore|toujours) plus|plus (?:de \d+|que|en plus|grand|tard|loin|jeune|ou moins|d un|de un)|n en (?:peux|peut) plus|en peux plus|pas (?:mal|que|seulement|facile|evident|simple|grave|longtemps)|sans doute|non plus|personne ne me|jamais trop) /gu;
const NEGATION_APRES = /^ (?:[,.?] )?(?:non|pas) (?:[,.?] |$)/u;

/** « je ne suis plus salariée » : the verb of a state, denied, right before the words. Further away (« plus bien à la mairie »), it denies something else. */
const DEMENTI =
  / (?:suis|est|travaille|ai|a) (?:plus|pas|jamais)(?: (?:du|tout|vraiment|en|dans|a|au|chez|de|le|la|l|un|une|mon|ma|ete|encore|titulaire|comme))* $/u;

/** Whether the words at `debut` are denied as a state of the person, in so many words. */
export const estDementi = (texte: string, debut: number, p: Proposition): boolean =>
  !p.incertaine && !p.hypothese && !p.question && DEMENTI.test(` ${texte.slice(p.debut, debut).trim()} `);

/** « en plus », « plus de deux ans » taken out: what is left denies. */
export const sansFausseNegation = (morceau: string): string => morceau.replaceAll(FAUSSE_NEGATION, ' _ ');

/** How the words at [debut, fin[ are said, from what surrounds them in their own proposition. */
export function modeDe(texte: string, debut: number, fin: number, p: Proposition): Mode {
  if (p.incertaine) return 'inconnu';
  const dit = sansFausseNegation(` ${texte.slice(p.debut, debut).trim()} `.replace(/^ {2}/u, ' '));
  const apres = ` ${texte.slice(fin, fin + 12).trimStart()}`;
  if (NEGATION.test(dit) || NEGATION_APRES.test(apres)) return 'nie';
  if (p.hypothese) return 'hypothese';
  if (PASSE.test(dit)) return 'passe';
  if (SOUHAIT.test(dit)) return 'souhait';
  if (p.question) return 'question';
  return 'affirme';
}
