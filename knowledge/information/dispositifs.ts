import { z } from 'zod';
import {
  CHAMPS,
  DEMANDES,
  definitionDe,
  estJour,
  estValeurPermise,
  lireDonnees,
  NE_SAIT_PAS,
  type Champ,
  type Demande,
  type Jour,
  type Profil,
  type Registre,
} from '../vocabulaire/index.ts';
import { deuxRegistres, schemaSource } from './contacts-schema.ts';
import type { Source } from './types.ts';

const FICHIER = 'knowledge/information/donnees/dispositifs.json';

type DeuxRegistres = Readonly<Record<Registre, string>>;

/**
 * A scheme people can use: what it is, for whom, what it gives, who decides (never us), where to ask, where the fact was read.
 * `du`/`au` are the days it may be shown; `supprime` and `suspendu` are kept so that a question about an old name gets an honest answer.
 */
export type Dispositif = {
  readonly id: string;
  readonly nom: string;
  readonly statut: 'en-vigueur' | 'supprime' | 'suspendu';
  readonly quoi: DeuxRegistres;
  readonly conditions: DeuxRegistres;
  readonly montant?: DeuxRegistres;
  readonly quiDecide: DeuxRegistres;
  readonly lien?: { readonly url: string; readonly libelleUrl: string };
  readonly du?: Jour;
  readonly au?: Jour;
  readonly remplacePar?: string;
  readonly verifieLe: Jour;
  readonly source: Source;
};

type Condition = {
  readonly champ: Champ;
  readonly valeurs: readonly string[];
  readonly absent?: 'admet' | 'exclut';
};
/** One of the situations a scheme fits: every condition, and the age when it is known. */
type Public = {
  readonly conditions: readonly Condition[];
  readonly ageMin?: number;
  readonly ageMax?: number;
};
type Fiche = Dispositif & {
  readonly demandes: readonly Demande[];
  readonly publics: readonly Public[];
  readonly regions?: readonly string[];
  readonly rang: number;
};

const jour = z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ');
const condition = z
  .strictObject({
    champ: z.enum(CHAMPS),
    valeurs: z.array(z.string()).min(1),
    absent: z.enum(['admet', 'exclut']).optional(),
  })
  .superRefine((c, ctx) => {
    for (const v of c.valeurs)
      if (!estValeurPermise(c.champ, v)) ctx.addIssue(`« ${v} » n’est pas une valeur de ${c.champ}`);
  });

const schema = z.strictObject({
  verifieLe: jour,
  dispositifs: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        nom: z.string().min(1),
        statut: z.enum(['en-vigueur', 'supprime', 'suspendu']),
        quoi: deuxRegistres,
        conditions: deuxRegistres,
        montant: deuxRegistres.optional(),
        quiDecide: deuxRegistres,
        lien: z
          .strictObject({
            url: z.url({ protocol: /^https$/, error: 'adresse https attendue' }),
            libelleUrl: z.string().min(1),
          })
          .optional(),
        demandes: z.array(z.enum(DEMANDES)),
        publics: z.array(
          z.strictObject({
            conditions: z.array(condition),
            ageMin: z.number().int().optional(),
            ageMax: z.number().int().optional(),
          }),
        ),
        regions: z.array(z.string().regex(/^\d{2}$/)).optional(),
        rang: z.number().int().min(1).max(9),
        du: jour.optional(),
        au: jour.optional(),
        remplacePar: z.string().optional(),
        verifieLe: jour,
        source: schemaSource,
      }),
    )
    .superRefine((tous, ctx) => {
      const ids = new Set(tous.map((d) => d.id));
      for (const d of tous)
        if (d.remplacePar !== undefined && !ids.has(d.remplacePar))
          ctx.addIssue(`« ${d.id} » : remplacé par « ${d.remplacePar} », qui n’existe pas`);
      if (ids.size !== tous.length) ctx.addIssue('deux dispositifs portent le même id');
    }),
});

let fiches: readonly Fiche[] | undefined;

const charger = (): readonly Fiche[] =>
  (fiches ??= lireDonnees(FICHIER, schema).dispositifs as readonly Fiche[]);

/** What a scheme says to the person, without the conditions used to choose it. */
const publier = ({ demandes: _d, publics: _p, rang: _r, regions: _g, ...dispositif }: Fiche): Dispositif =>
  dispositif;

/** Every scheme, in force or not, for the pages that list them. */
export const dispositifs = (): readonly Dispositif[] => charger().map(publier);

/** One scheme by its id, in force or not (« la Pro-A existe encore ? »). */
export const dispositif = (id: string): Dispositif | undefined => {
  const fiche = charger().find((d) => d.id === id);
  return fiche === undefined ? undefined : publier(fiche);
};

type Accord = 'oui' | 'non' | 'inconnu';

/** A circumstance that was never mentioned is not in play; a determinant not asked yet does not exclude. */
function accordeA({ champ, valeurs, absent }: Condition, profil: Profil): Accord {
  const valeur = profil[champ];
  if (valeur === undefined || valeur === NE_SAIT_PAS) {
    const defaut = definitionDe(champ).nature === 'circonstance' ? 'exclut' : 'admet';
    return (absent ?? defaut) === 'exclut' ? 'non' : 'inconnu';
  }
  return typeof valeur === 'string' && valeurs.includes(valeur) ? 'oui' : 'non';
}

function accordeAge({ ageMin, ageMax }: Public, profil: Profil): Accord | undefined {
  if (ageMin === undefined && ageMax === undefined) return undefined;
  const { age } = profil;
  if (typeof age !== 'number') return 'inconnu';
  return age >= (ageMin ?? 0) && age <= (ageMax ?? Number.POSITIVE_INFINITY) ? 'oui' : 'non';
}

/** `oui` when one public fits entirely, `inconnu` when one fits as far as we know. */
function accordeAuxPublics(publics: readonly Public[], profil: Profil): Accord {
  let meilleur: Accord = 'non';
  for (const p of publics) {
    const accords = [accordeAge(p, profil) ?? [], ...p.conditions.map((c) => accordeA(c, profil))].flat();
    if (accords.every((a) => a === 'oui')) return 'oui';
    // Nothing known at all about the person proves nothing: at least one condition must hold.
    if (!accords.includes('non') && accords.includes('oui')) meilleur = 'inconnu';
  }
  return meilleur;
}

/**
 * The schemes in force on `le` that fit this person's situation and demande, the surest fit first, then by rank.
 * None is a promise: each says who decides. Facts from memory are not in the data (domaine § 4).
 * @param entree.region INSEE code of the region, for schemes of some territories only (Ladom).
 */
export function dispositifsPour(entree: {
  readonly profil: Profil;
  readonly demande?: Demande;
  readonly le: Jour;
  readonly region?: string;
}): readonly Dispositif[] {
  const { profil, demande, le, region } = entree;
  const retenus: { fiche: Fiche; accord: Accord }[] = [];
  for (const fiche of charger()) {
    if (fiche.statut !== 'en-vigueur' || (fiche.du ?? le) > le || (fiche.au ?? le) < le) continue;
    if (fiche.regions !== undefined && (region === undefined || !fiche.regions.includes(region))) continue;
    const voulu =
      demande === undefined ||
      fiche.demandes.includes(demande) ||
      (fiche.id === 'demission-reconversion' && profil.projetDemission === 'oui');
    const accord = accordeAuxPublics(fiche.publics, profil);
    if (voulu && accord !== 'non') retenus.push({ fiche, accord });
  }
  const poids = ({ fiche, accord }: { fiche: Fiche; accord: Accord }): number =>
    fiche.rang +
    (accord === 'oui' ? 0 : 10) +
    (demande === undefined ? 0 : fiche.demandes.indexOf(demande) / 10);
  return retenus.sort((a, b) => poids(a) - poids(b)).map(({ fiche }) => publier(fiche));
}
