import type { PropositionSuivi, ReponseSuivi } from '../../dialogs/index.ts';
import { parleDeSante } from '../../knowledge/dossier/index.ts';
import { joindreDestination, nomDestination, nomOperateurDe } from './destination.ts';
import { estOuvert } from './etats.ts';
import { heuresDe } from './ouverture.ts';
import type { Transmission } from './transmission.ts';
import type { Transmissions } from './transmissions.ts';

type Services = Pick<Transmissions, 'service' | 'serviceDestinataire'>;

/** The name of the service that has the file; its operator's once it is out of the settings. */
export const nomDuService = (
  { service, operateur, region }: Pick<Transmission, 'service' | 'operateur' | 'region'>,
  transmissions: Pick<Services, 'service'>,
): string => transmissions.service(service)?.nom ?? nomOperateurDe(operateur, { region });

/** The re-routing that waits for the person, as both the conversation and their own page put it to them at an instant (ms). */
export function propositionDe(
  t: Transmission,
  transmissions: Services,
  maintenant: number,
): PropositionSuivi | undefined {
  const { reorientation, contenu } = t;
  if (reorientation === undefined || !estOuvert(t.etat)) return undefined;
  const { le, motif, mots, vers } = reorientation;
  const destinataire = transmissions.serviceDestinataire(t, vers);
  return {
    le,
    service: nomDuService(t, transmissions),
    destination: destinataire?.nom ?? nomDestination(vers, t),
    contact: joindreDestination(vers, t),
    motif,
    ...(mots === undefined ? {} : { mots }),
    ...(destinataire === undefined
      ? {}
      : {
          relie: {
            nom: destinataire.nom,
            enDirect: destinataire.enDirect === true,
            ...heuresDe(destinataire, maintenant),
          },
        }),
    sante: contenu !== undefined && (t.operateur === 'cap-emploi' || parleDeSante(contenu.document)),
  };
}

/** The last answer the person gave to a re-routing, wherever they gave it. */
export function reponseDe(t: Transmission, transmissions: Services): ReponseSuivi | undefined {
  const passage = t.transitions.findLast((x) => x.repond !== undefined);
  if (passage?.repond === undefined) return undefined;
  const base = { le: passage.repond, contact: '', relie: false, enDirect: false };
  const ici = nomDuService(t, transmissions);
  if (passage.action !== 'reorienter') return { ...base, accord: false, service: ici, destination: ici };
  if (t.destination !== undefined)
    return {
      ...base,
      accord: true,
      service: ici,
      destination: nomDestination(t.destination, t),
      contact: joindreDestination(t.destination, t),
    };
  const quittee = t.parcours.at(-1);
  return {
    ...base,
    accord: true,
    service: quittee === undefined ? ici : nomDuService({ ...t, ...quittee }, transmissions),
    destination: ici,
    relie: true,
    enDirect: t.contenu?.consentement.enDirect !== undefined,
  };
}
