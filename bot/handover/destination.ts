import { contactsDe, idsRelais, nomOperateur, relaisDe } from '../../knowledge/information/index.ts';
import type { Destination } from './transmission.ts';

type Place = { readonly region?: string | undefined };

/** Whether it is still in the lists: a relais may be taken out of the data while a proposal waits. */
export const estDestinationConnue = (vers: Destination): boolean =>
  vers.type === 'operateur' || idsRelais().includes(vers.id);

/** The name people see. */
export function nomDestination(vers: Destination, { region }: Place): string {
  if (vers.type === 'operateur') return nomOperateur(vers.operateur, region);
  return estDestinationConnue(vers) ? relaisDe(vers.id).nom : vers.id;
}

/** How to reach it, for whoever has to call by themselves; empty when nothing sure is known. */
export function joindreDestination(vers: Destination, { region }: Place): string {
  const contact =
    vers.type === 'operateur'
      ? contactsDe(vers.operateur, region === undefined ? {} : { region })
      : estDestinationConnue(vers)
        ? relaisDe(vers.id).contact
        : undefined;
  return [contact?.telephone, contact?.url].filter((m) => m !== undefined).join(', ');
}
