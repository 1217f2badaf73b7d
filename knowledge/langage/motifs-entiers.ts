import { z } from 'zod';
import {
  ALERTES,
  COMMANDES,
  lireDonnees,
  memoire,
  type Alerte,
  type Commande,
} from '../vocabulaire/index.ts';
import { sonDe } from './metiers-mots.ts';
import { Motifs } from './motifs.ts';
import { CIVILITES, type Civilite, type Indice } from './types.ts';

const motifs = z.array(z.string().min(2)).min(1);
const schemaCommandes = z.record(z.enum(COMMANDES), motifs);
const schemaCivilites = z.record(z.enum(CIVILITES), motifs);
const schemaAlertes = z.strictObject({
  /** Words as people write them in distress, read so for alerts only: elsewhere « plu » or « fini » keep their own meaning. */
  ecritures: z.record(z.string(), z.string().min(1)),
  alertes: z.array(z.strictObject({ alerte: z.enum(ALERTES), motifs, sauf: motifs.optional() })),
  /** Weariness about work: answered warmly, never an alarm. */
  lassitude: motifs,
});

type Lexique = {
  readonly ecritures: ReadonlyMap<string, string>;
  /** How the words of the alerts sound, for those who write as they speak. */
  readonly sons: ReadonlyMap<string, string>;
  /** The same words by their letters, whatever their order: fingers that go too fast. */
  readonly desordres: ReadonlyMap<string, string>;
  readonly mots: ReadonlySet<string>;
  readonly commandes: readonly { readonly commande: Commande; readonly motif: RegExp }[];
  readonly politesses: RegExp;
  readonly civilites: readonly { readonly civilite: Civilite; readonly motif: RegExp }[];
  readonly alertes: readonly {
    readonly alerte: Alerte;
    readonly motif: Motifs;
    readonly sauf: Motifs | undefined;
  }[];
  readonly lassitude: Motifs;
};
let lexique: Lexique | undefined;

const POLITESSE =
  '(?:sil vous plait|sil te plait|merci|bonjour|alors|euh|oui|non|bon|ok|en fait|maintenant|tout de suite|d accord|finalement|stop|attendez|attends|[.,?])';
const entier = (liste: readonly string[]): RegExp =>
  new RegExp(`^ (?:${POLITESSE} )*(?:${liste.join('|')}) (?:${POLITESSE} )*$`, 'u');

/** Politeness is said in strings (« bonjour, ça va ? », « ok merci, bonne journée »): any number of its formulas, and nothing else. */
const FORMULE_NEUTRE = '(?:sil vous plait|sil te plait|alors|euh|oui|bon|bien|[.,?])';

function charger(): Lexique {
  if (lexique !== undefined) return lexique;
  const civilites = lireDonnees('knowledge/langage/donnees/civilites.json', schemaCivilites);
  const commandes = lireDonnees('knowledge/langage/donnees/commandes.json', schemaCommandes);
  const { ecritures, alertes, lassitude } = lireDonnees(
    'knowledge/langage/donnees/alertes.json',
    schemaAlertes,
  );
  const mots = new Set(alertes.flatMap((a) => a.motifs.flatMap(motsDuMotif)));
  const sons = new Map<string, string>();
  for (const mot of mots) {
    const son = sonDe(mot);
    if (son.length >= SON_MIN && !sons.has(son)) sons.set(son, mot);
  }
  // What rules an alert out is never read as what raises one.
  for (const mot of alertes.flatMap((a) => (a.sauf ?? []).flatMap(motsDuMotif))) mots.add(mot);
  lexique = {
    sons,
    desordres: new Map([...mots].filter((m) => m.length >= DESORDRE_MIN).map((m) => [enDesordre(m), m])),
    mots,
    ecritures: new Map(Object.entries(ecritures)),
    commandes: COMMANDES.flatMap((commande) => {
      const liste = commandes[commande];
      return liste === undefined ? [] : [{ commande, motif: entier(liste) }];
    }),
    politesses: new RegExp(
      `^ (?:(?:${[FORMULE_NEUTRE, ...Object.values(civilites).flat()].join('|')}) )+$`,
      'u',
    ),
    civilites: CIVILITES.map((civilite) => ({
      civilite,
      motif: new RegExp(` (?:${civilites[civilite].join('|')}) `, 'u'),
    })),
    alertes: ALERTES.flatMap((nom) =>
      alertes
        .filter((a) => a.alerte === nom)
        .map((a) => ({
          alerte: nom,
          motif: new Motifs(a.motifs),
          sauf: a.sauf === undefined ? undefined : new Motifs(a.sauf),
        })),
    ),
    lassitude: new Motifs(lassitude),
  };
  return lexique;
}

/** « (?:veux|vais) … mourir » → « veux », « vais », « mourir »; optional letters are tried both ways. */
function motsDuMotif(motif: string): string[] {
  const lettres = motif.replaceAll(/\(\?[:=!<]+/gu, ' ').replaceAll(/\\[a-zA-Z]/gu, ' ');
  return [...lettres.matchAll(/[a-z?]{3,}/gu)].flatMap(([m]) =>
    [m.replaceAll('?', ''), m.replaceAll(/[a-z]\?/gu, '')].filter((x) => x.length >= SON_MIN),
  );
}
/** Shorter words sound like too many others. */
const SON_MIN = 3;

const LONGUEUR_MOT = 24;
const DESORDRE_MIN = 6;
/** First and last letters in place, the others in any order. */
const enDesordre = (mot: string): string =>
  mot.charAt(0) + Array.from(mot.slice(1, -1)).sort().join('') + mot.slice(-1);
const ELISION = /^[mldnst](?=[aeiou]\p{L}{3})/u;

/**
 * A word read for alerts only: its known misspelling, else the word of an alert that sounds like it (« suissid »), alone or after a glued
 * pronoun (« minsulten »), or that has the same letters (« explusé »).
 */
const redire = memoire((mot) => {
  const { ecritures, sons, desordres, mots } = charger();
  const ecrite = ecritures.get(mot);
  if (ecrite !== undefined) return ecrite;
  if (mot.length < SON_MIN || mot.length > LONGUEUR_MOT || mots.has(mot)) return mot;
  const memeSon =
    sons.get(sonDe(mot)) ?? (mot.length < DESORDRE_MIN ? undefined : desordres.get(enDesordre(mot)));
  if (memeSon !== undefined) return memeSon;
  const pronom = ELISION.exec(mot)?.[0];
  const reste = pronom === undefined ? undefined : sons.get(sonDe(mot.slice(1).replace(/n$/u, '')));
  return reste === undefined ? mot : `${pronom}e ${reste}`;
});

/** A command is the whole message: « effacer » erases, « effacer mon échec scolaire » tells a story. */
export const lireCommande = (texte: string): Commande | undefined =>
  texte.length > 140 ? undefined : charger().commandes.find(({ motif }) => motif.test(texte))?.commande;

/**
 * The politeness a whole message is made of, and nothing but: « merci » thanks, « merci de me dire qui appeler » asks. Where several are said,
 * the one that calls for an answer (« merci, au revoir » is a farewell, « bonjour, j’ai une question » waits to be listened to).
 */
export function lireCivilite(texte: string): Civilite | undefined {
  if (texte.length > 140) return undefined;
  const { politesses, civilites } = charger();
  if (!politesses.test(texte)) return undefined;
  return civilites.find(({ motif }) => motif.test(texte))?.civilite;
}

type AlerteLue = { alerte: Alerte; mots: string };

/**
 * The first alert, in the order of priority of `ALERTES` (distress first), and the words that raised it. What was not heard as written is
 * read again with the spellings of distress (« g plu envi de vivre »): somebody who calls for help does not check their spelling.
 */
export function lireAlerte(texte: string): AlerteLue | undefined {
  const entendue = chercherAlerte(texte);
  if (entendue !== undefined) return entendue;
  const redit = texte.split(' ').map(redire).join(' ');
  return redit === texte ? undefined : chercherAlerte(redit);
}

function chercherAlerte(texte: string): AlerteLue | undefined {
  for (const { alerte, motif, sauf } of charger().alertes) {
    for (const m of motif.tous(texte)) {
      if (sauf !== undefined) {
        const autour = texte.slice(Math.max(0, m.index - 40), m.index + m[0].length + 40).trim();
        if (sauf.dans(` ${autour} `)) continue;
      }
      return { alerte, mots: m[0] };
    }
  }
  return undefined;
}

export function lireLassitude(texte: string): Indice[] {
  const { lassitude } = charger();
  const m = lassitude.premier(texte);
  return m === undefined ? [] : [{ sujet: 'lassitude', valeur: 'oui', mots: m[0] }];
}
