import {
  aiguiller,
  champsAPoser,
  peutProposerHandicap,
  type Aiguillage,
  type EntreeAiguillage,
} from '../aiguillage/index.ts';
import type { Champ, Jour } from '../vocabulaire/index.ts';
import type { Dossier } from './dossier.ts';

/**
 * Where a conversation stands: recomputed from the answers at every turn, never stored (design § 4), so a deployment or a lost
 * process puts nobody at the wrong place.
 */
export type Etape =
  | { readonly type: 'question'; readonly question: 'demande' | 'lieu' | Champ }
  | { readonly type: 'contradiction'; readonly champ: string; readonly message: string }
  | { readonly type: 'information'; readonly aiguillage: Aiguillage }
  | { readonly type: 'orientation'; readonly aiguillage: Aiguillage }
  | { readonly type: 'decision'; readonly aiguillage: Aiguillage }
  | { readonly type: 'document'; readonly aiguillage: Aiguillage }
  | { readonly type: 'fin'; readonly aiguillage: Aiguillage };

/** What the decision table reads of a dossier. */
export function entreeDe(dossier: Dossier, le: Jour): EntreeAiguillage {
  return {
    le,
    profil: dossier.profil,
    ...(dossier.demande === undefined ? {} : { demande: dossier.demande }),
    ...(dossier.lieu.commune === undefined ? {} : { commune: dossier.lieu.commune }),
  };
}

const lieuConnu = ({ lieu }: Dossier): boolean =>
  lieu.commune !== undefined ||
  lieu.departement !== undefined ||
  lieu.region !== undefined ||
  lieu.sansReponse === true;

/**
 * The next thing to do. Order: the demande, what can still change the outcome (the rules say which fields), the place (it changes
 * whom to call, not who is competent), the optional offer about health once, then information, orientation, decision, document.
 */
export function prochaineEtape(dossier: Dossier, le: Jour): Etape {
  if (dossier.demande === undefined) return { type: 'question', question: 'demande' };
  const entree = entreeDe(dossier, le);
  const resultat = aiguiller(entree);
  if (!resultat.ok) return { type: 'contradiction', ...resultat.refus };
  const aiguillage = resultat.valeur;

  const [aPoser] = champsAPoser(entree);
  const horsChamp = aiguillage.type === 'hors-champ';
  // The place comes once the situation is clear enough to know that a service can be named, and before the last question of all.
  const situationClaire = aPoser === undefined || aPoser === 'accompagnement';
  if (!lieuConnu(dossier) && !horsChamp && situationClaire) return { type: 'question', question: 'lieu' };
  if (aPoser !== undefined && !horsChamp) return { type: 'question', question: aPoser };
  const handicapAbsent = dossier.profil.handicap === undefined && !dossier.posees.includes('handicap');
  if (!horsChamp && handicapAbsent && peutProposerHandicap(entree))
    return { type: 'question', question: 'handicap' };

  if (!horsChamp && dossier.informationVue !== 'oui') return { type: 'information', aiguillage };
  if (!dossier.aiguillageMontre) return { type: 'orientation', aiguillage };
  if (dossier.decision === 'poursuivre') return { type: 'document', aiguillage };
  if (dossier.decision === 'arreter' || horsChamp) return { type: 'fin', aiguillage };
  return { type: 'decision', aiguillage };
}
