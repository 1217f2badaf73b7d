import type { Carnet } from './contexte.ts';
import type { Carte } from './messages.ts';

/** Where the person follows what they sent, on any device: the page asks for the code, so its address tells nobody anything. */
export const carteSuivi = (carnet: Carnet): Carte => ({
  titre: carnet.t('dialogue.suivi-page'),
  blocs: [{ type: 'texte', texte: carnet.t('dialogue.suivi-page-texte') }],
  actions: [{ type: 'ressource', libelle: carnet.t('dialogue.action-suivi'), ressource: { type: 'suivi' } }],
});
