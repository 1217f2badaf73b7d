import { z } from 'zod';
import {
  definitionDe,
  estChamp,
  estValeurPermise,
  lireDonnees,
  NE_SAIT_PAS,
  type Champ,
} from '../vocabulaire/index.ts';
import { lireAgeCourt } from './ages.ts';
import { canonique } from './lecture.ts';
import { Motifs } from './motifs.ts';
import { decouper } from './normaliser.ts';

const FICHIER = 'knowledge/langage/donnees/reponses.json';
const motifs = z.array(z.string().min(1)).min(1);
const schema = z.strictObject({
  oui: motifs,
  non: motifs,
  inconnu: motifs,
  refus: motifs,
  /** Champ → value → words that mean it only because the question is open (« privé » after « privé ou public ? »). */
  champs: z.record(z.string(), z.record(z.string(), motifs)),
  /** What « oui » and « non » mean for a field whose values are not oui/non. */
  ouiNon: z.record(z.string(), z.strictObject({ oui: z.string().optional(), non: z.string().optional() })),
});

type Reponses = {
  readonly oui: RegExp;
  readonly non: RegExp;
  readonly inconnu: RegExp;
  readonly refus: RegExp;
  readonly champs: ReadonlyMap<string, readonly { readonly valeur: string; readonly motif: Motifs }[]>;
  readonly ouiNon: Readonly<Record<string, { oui?: string | undefined; non?: string | undefined }>>;
};
let reponses: Reponses | undefined;

/** Whole short answers: nothing before but a greeting of politeness, nothing after but a mark. */
const debut = (liste: readonly string[]): RegExp =>
  new RegExp(`^ (?:euh |ben |bah |beh |alors |eh bien |et bien |bon |, )*(?:${liste.join('|')})(?= |$)`, 'u');
const entier = (liste: readonly string[]): RegExp =>
  new RegExp(
    `^ (?:euh |ben |bah |alors |eh bien |bon |non |[.,] )*(?:${liste.join('|')})(?: (?:merci|desole|desolee|sil vous plait|pour le moment|pour l instant|[.,?]))* $`,
    'u',
  );

function charger(): Reponses {
  if (reponses !== undefined) return reponses;
  const lu = lireDonnees(FICHIER, schema);
  const champs = new Map<string, { valeur: string; motif: Motifs }[]>();
  for (const [champ, valeurs] of Object.entries(lu.champs)) {
    if (!estChamp(champ)) throw new Error(`${FICHIER} : champ inconnu « ${champ} ».`);
    champs.set(
      champ,
      Object.entries(valeurs).map(([valeur, liste]) => ({ valeur, motif: new Motifs(liste) })),
    );
  }
  reponses = {
    oui: debut(lu.oui),
    non: debut(lu.non),
    inconnu: entier(lu.inconnu),
    refus: entier(lu.refus),
    champs,
    ouiNon: lu.ouiNon,
  };
  return reponses;
}

export type ReponseLue = { readonly champ: Champ; readonly valeur: unknown; readonly mots: string };

function valeurOuiNon(champ: Champ, dit: 'oui' | 'non', table: Reponses['ouiNon']): unknown {
  const propre = table[champ]?.[dit];
  if (propre !== undefined) return propre;
  const definition = definitionDe(champ);
  return 'valeurs' in definition && definition.valeurs.includes(dit) ? dit : undefined;
}

/**
 * Reads a message as an answer to the open question. Only short messages are: a story says its facts in full words, which `lireFaits` reads.
 * `dejaLu` lists the fields already understood from full words: they win over « oui » and « non ».
 */
export function lireReponse(
  texte: string,
  question: string | undefined,
  dejaLu: ReadonlySet<string>,
): ReponseLue | undefined {
  if (!estChamp(question)) return undefined;
  const { oui, non, inconnu, refus, champs, ouiNon } = charger();
  if (refus.test(texte)) {
    const valeur = question === 'handicap' ? 'prefere-ne-pas-dire' : NE_SAIT_PAS;
    return estValeurPermise(question, valeur) ? { champ: question, valeur, mots: texte } : undefined;
  }
  if (inconnu.test(texte)) {
    const valeur = question === 'handicap' ? 'prefere-ne-pas-dire' : NE_SAIT_PAS;
    return estValeurPermise(question, valeur) ? { champ: question, valeur, mots: texte } : undefined;
  }
  if (dejaLu.has(question)) return undefined;
  if (question === 'age') {
    const age = lireAgeCourt(texte);
    return age === undefined ? undefined : { champ: 'age', valeur: age, mots: texte };
  }
  if (texte.length > 120) return undefined;
  const trouvees = (champs.get(question) ?? []).flatMap(({ valeur, motif }) => {
    const m = motif.premier(texte);
    return m === undefined ? [] : [{ valeur, mots: m[0] }];
  });
  const [seule, autre] = trouvees;
  if (seule !== undefined && autre === undefined) return { champ: question, ...seule };
  if (seule !== undefined) return undefined;
  for (const [dit, motif] of [
    ['non', non],
    ['oui', oui],
  ] as const) {
    const m = motif.exec(texte);
    if (m === null) continue;
    const valeur = valeurOuiNon(question, dit, ouiNon);
    return valeur !== undefined && estValeurPermise(question, valeur)
      ? { champ: question, valeur, mots: m[0].trim() }
      : undefined;
  }
  return undefined;
}

/** « Je ne sais pas », « je préfère ne pas le dire », or a bare « non »: answers that give nothing, to a question that is not a field's. */
export function lireSansReponse(texte: string): 'refus' | 'inconnu' | 'non' | undefined {
  const { non, inconnu, refus } = charger();
  const canon = canonique(texte);
  if (refus.test(canon)) return 'refus';
  if (inconnu.test(canon)) return 'inconnu';
  return decouper(texte).length <= 3 && non.test(canon) ? 'non' : undefined;
}
