import { z } from 'zod';
import { ALERTES, COMMANDES, lireDonnees, type Alerte, type Commande } from '../vocabulaire/index.ts';
import { Motifs } from './motifs.ts';
import type { Indice } from './types.ts';

const motifs = z.array(z.string().min(2)).min(1);
const schemaCommandes = z.record(z.enum(COMMANDES), motifs);
const schemaAlertes = z.strictObject({
  /** Words as people write them in distress, read so for alerts only: elsewhere « plu » or « fini » keep their own meaning. */
  ecritures: z.record(z.string(), z.string().min(1)),
  alertes: z.array(z.strictObject({ alerte: z.enum(ALERTES), motifs, sauf: motifs.optional() })),
  /** Weariness about work: answered warmly, never an alarm. */
  lassitude: motifs,
});

type Lexique = {
  readonly ecritures: ReadonlyMap<string, string>;
  readonly commandes: readonly { readonly commande: Commande; readonly motif: RegExp }[];
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

function charger(): Lexique {
  if (lexique !== undefined) return lexique;
  const commandes = lireDonnees('knowledge/langage/donnees/commandes.json', schemaCommandes);
  const { ecritures, alertes, lassitude } = lireDonnees(
    'knowledge/langage/donnees/alertes.json',
    schemaAlertes,
  );
  lexique = {
    ecritures: new Map(Object.entries(ecritures)),
    commandes: COMMANDES.flatMap((commande) => {
      const liste = commandes[commande];
      return liste === undefined ? [] : [{ commande, motif: entier(liste) }];
    }),
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

/** A command is the whole message: « effacer » erases, « effacer mon échec scolaire » tells a story. */
export const lireCommande = (texte: string): Commande | undefined =>
  texte.length > 140 ? undefined : charger().commandes.find(({ motif }) => motif.test(texte))?.commande;

type AlerteLue = { alerte: Alerte; mots: string };

/**
 * The first alert, in the order of priority of `ALERTES` (distress first), and the words that raised it. What was not heard as written is
 * read again with the spellings of distress (« g plu envi de vivre »): somebody who calls for help does not check their spelling.
 */
export function lireAlerte(texte: string): AlerteLue | undefined {
  const entendue = chercherAlerte(texte);
  if (entendue !== undefined) return entendue;
  const { ecritures } = charger();
  const redit = texte
    .split(' ')
    .map((mot) => ecritures.get(mot) ?? mot)
    .join(' ');
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
