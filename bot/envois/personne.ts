import type { Reponse } from '../../dialogs/index.ts';
import { nomOperateur } from '../../knowledge/information/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Registre } from '../../knowledge/vocabulaire/index.ts';
import {
  nomDestination,
  type Evenement,
  type ServiceReceveur,
  type Transmission,
} from '../handover/index.ts';

/**
 * What the person is told in their conversation; `undefined` when it has no object any more (a proposal answered, a promise kept since).
 * @param telephone whom to call when the service has no number of its own
 */
export function motsPourLaPersonne(
  t: Transmission,
  evenement: Evenement,
  options: {
    readonly service: ServiceReceveur | undefined;
    readonly telephone: string;
    readonly registre: Registre;
  },
): Reponse | undefined {
  const { registre } = options;
  const mots = texteDe(t, evenement, options);
  if (mots === undefined) return undefined;
  if (evenement !== 'reorientation-proposee') return { texte: mots, registre };
  const libelle = texte('envois.personne-repondre', registre);
  return {
    texte: mots,
    registre,
    carte: {
      titre: texte('envois.personne-proposition', registre),
      blocs: [],
      actions: [{ type: 'ressource', libelle, ressource: { type: 'suivi' } }],
    },
  };
}

function texteDe(
  t: Transmission,
  evenement: Evenement,
  options: Parameters<typeof motsPourLaPersonne>[2],
): string | undefined {
  const service = options.service?.nom ?? nomOperateur(t.operateur, t.region);
  const telephone = options.service?.telephone ?? options.telephone;
  switch (evenement) {
    case 'promesse-depassee':
      return t.rappelAvantLe === undefined
        ? undefined
        : texte('envois.personne-promesse-depassee', options.registre, {
            service,
            jour: jourEnToutesLettres(t.rappelAvantLe),
            telephone,
          });
    case 'reorientation-proposee':
      return t.reorientation === undefined
        ? undefined
        : texte('envois.personne-reorientation-proposee', options.registre, {
            service,
            destination: nomDestination(t.reorientation.vers, t),
            reference: t.reference,
          });
    case 'changement-de-suivi':
      return texte('envois.personne-changement-de-suivi', options.registre, { service });
    case 'demande-recue':
    case 'demande-retiree':
    case 'rappel':
      return undefined;
    default:
      return evenement satisfies never;
  }
}
