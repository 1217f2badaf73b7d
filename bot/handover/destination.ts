import { contactsDe, idsRelais, nomOperateur, relaisDe } from '../../knowledge/information/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { OPERATEURS, type Operateur } from '../../knowledge/vocabulaire/index.ts';
import type { Destination } from './transmission.ts';

type Place = { readonly region?: string | undefined };

export const estOperateur = (code: string): code is Operateur => OPERATEURS.some((o) => o === code);

/** Of the operators somebody was given, those still in the data: the others open nothing any more. */
export const encoreConnus = (operateurs: 'tous' | readonly string[]): 'tous' | readonly Operateur[] =>
  operateurs === 'tous' ? operateurs : operateurs.filter(estOperateur);

/** The name of the operator a stored file names; said in plain words when its code left the data since. */
export const nomOperateurDe = (code: string, { region }: Place): string =>
  estOperateur(code) ? nomOperateur(code, region) : texte('suivi.operateur-retire', 'standard');

/** The phone of that operator, for whoever has to call by themselves; `undefined` when nothing sure is known. */
export const telephoneOperateurDe = (code: string, { region }: Place): string | undefined =>
  estOperateur(code) ? contactsDe(code, region === undefined ? {} : { region }).telephone : undefined;

/** Whether it is still in the lists: a relais, or an operator, may be taken out of the data while a proposal waits. */
export const estDestinationConnue = (vers: Destination): boolean =>
  vers.type === 'operateur' ? estOperateur(vers.operateur) : idsRelais().includes(vers.id);

/** The name people see. */
export function nomDestination(vers: Destination, { region }: Place): string {
  if (vers.type === 'operateur') return nomOperateurDe(vers.operateur, { region });
  return estDestinationConnue(vers) ? relaisDe(vers.id).nom : vers.id;
}

/** How to reach it, for whoever has to call by themselves; empty when nothing sure is known. */
export function joindreDestination(vers: Destination, { region }: Place): string {
  if (!estDestinationConnue(vers)) return '';
  const contact =
    vers.type === 'relais'
      ? relaisDe(vers.id).contact
      : estOperateur(vers.operateur)
        ? contactsDe(vers.operateur, region === undefined ? {} : { region })
        : undefined;
  return [contact?.telephone, contact?.url].filter((m) => m !== undefined).join(', ');
}
