import { sansSante } from '../../knowledge/dossier/index.ts';
import type { ServiceReceveur } from './services.ts';
import type { Consentement, Reorientation, Transmission } from './transmission.ts';

/** What the person answers to a proposal to be followed elsewhere. */
export type ReponseReorientation =
  | { readonly accord: false }
  | {
      readonly accord: true;
      /** Recorded as it was shown: it names the new recipient. */
      readonly consentement: Consentement;
      /** Lines that reveal health go to the new service only when the person says so. */
      readonly garderSante: boolean;
    };

/** What the person answered to the proposal made at this instant; `undefined`: not answered. */
export const reponseDonnee = (t: Transmission, le: number): boolean | undefined => {
  const passage = t.transitions.findLast((x) => x.repond === le);
  return passage === undefined ? undefined : passage.action === 'reorienter';
};

/**
 * The file as the new service receives it. What the first one wrote for itself stays behind (notes, appointment, who held it): the person
 * agreed to send their document, not what was written about them.
 */
export function deplacer(
  t: Transmission,
  reorientation: Reorientation,
  options: {
    readonly vers: ServiceReceveur;
    readonly le: number;
    readonly consentement: Consentement;
    readonly garderSante: boolean;
  },
): Transmission {
  const { vers, le, consentement, garderSante } = options;
  const { conseiller: _c, rendezVous: _r, reorientation: _p, rappelAvantLe: _d, contenu, ...reste } = t;
  return {
    ...reste,
    operateur: vers.operateur,
    service: vers.id,
    parcours: [
      ...t.parcours,
      {
        operateur: t.operateur,
        service: t.service,
        arriveeLe: t.parcours.at(-1)?.quitteeLe ?? t.creeeLe,
        quitteeLe: le,
        motif: reorientation.motif,
      },
    ],
    ...(contenu === undefined
      ? {}
      : {
          contenu: {
            ...sansRetrait(contenu),
            document: garderSante ? contenu.document : sansSante(contenu.document, t.operateur),
            consentement,
            notes: [],
          },
        }),
  };
}

/** What was taken back was agreed to for the service it leaves: the new one was agreed to, or not, anew. */
function sansRetrait(contenu: NonNullable<Transmission['contenu']>): NonNullable<Transmission['contenu']> {
  const { lectureRetiree: _, ...reste } = contenu;
  return reste;
}
