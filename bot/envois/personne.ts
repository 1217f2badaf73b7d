import type { Reponse } from '../../dialogs/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Registre } from '../../knowledge/vocabulaire/index.ts';
import {
  nomOperateurDe,
  quandDeRendezVous,
  type Evenement,
  type ServiceReceveur,
  type Transmission,
} from '../handover/index.ts';

/**
 * What the person is told in their conversation; `undefined` when it has no object any more (a promise kept since).
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
  return mots === undefined ? undefined : { texte: mots, registre };
}

function texteDe(
  t: Transmission,
  evenement: Evenement,
  options: Parameters<typeof motsPourLaPersonne>[2],
): string | undefined {
  const service = options.service?.nom ?? nomOperateurDe(t.operateur, t);
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
    case 'changement-de-suivi':
      return texte('envois.personne-changement-de-suivi', options.registre, { service });
    case 'rendez-vous-fixe': {
      const { rendezVous } = t;
      const quand = quandDeRendezVous(t, options.service?.fuseau, options.registre);
      // Gone since: a re-routing, or another counsellor, undid it before it was told.
      if (rendezVous === undefined || quand === undefined) return undefined;
      return texte(`envois.personne-rendez-vous-${aEteDeplace(t) ? 'deplace' : 'fixe'}`, options.registre, {
        service,
        quand,
        mode: texte(`suivi.mode-${rendezVous.mode}`, options.registre),
        telephone,
      });
    }
    case 'demande-recue':
    case 'demande-retiree':
    case 'rappel':
    // Said by the conversation itself, with its answers.
    case 'reorientation-proposee':
      return undefined;
    default:
      return evenement satisfies never;
  }
}

/** Whether an earlier appointment was given at the service that has the file. */
const aEteDeplace = ({ transitions }: Transmission): boolean =>
  transitions
    .slice(
      Math.max(
        0,
        transitions.findLastIndex((x) => x.action === 'ouvrir'),
      ),
    )
    .filter((x) => x.action === 'fixer-rendez-vous').length > 1;
