import type { OptionsBoite } from '../../../bot/envois/index.ts';
import type { ServiceReceveur, Transmissions } from '../../../bot/handover/index.ts';
import { journaliseurMuet } from '../handover/jeu.ts';

/** What every outbox of the tests is made of. `transmissions` comes after it: they are asked for when needed. */
export const optionsBoite = ({
  depot,
  horloge,
  services,
  transmissions,
}: Pick<OptionsBoite, 'depot' | 'horloge'> & {
  readonly services: readonly ServiceReceveur[];
  readonly transmissions: () => Transmissions;
}): Omit<OptionsBoite, 'webhook' | 'conversation'> => ({
  depot,
  horloge,
  journaliseur: journaliseurMuet,
  publicUrl: 'https://cep.exemple.fr',
  service: (id) => services.find((s) => s.id === id),
  transmission: (reference) => transmissions().lire(reference),
});
