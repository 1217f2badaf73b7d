import type { Etape } from '../knowledge/dossier/index.ts';
import type { Carnet } from './contexte.ts';
import type { Reponse } from './messages.ts';

const ETAPES = ['demande', 'situation', 'information', 'orientation', 'document'] as const;

function nomEtape(etape: Etape): (typeof ETAPES)[number] {
  switch (etape.type) {
    case 'question':
      return etape.question === 'demande' ? 'demande' : 'situation';
    case 'contradiction':
      return 'situation';
    case 'information':
      return 'information';
    case 'orientation':
    case 'decision':
      return 'orientation';
    case 'document':
    case 'fin':
      return 'document';
  }
}

/** Where we are, for the progress display: five stages, counted from the answers and not from the number of questions. */
export function progressionDe(carnet: Carnet, etape: Etape): NonNullable<Reponse['progression']> {
  const nom = nomEtape(etape);
  return {
    numero: ETAPES.indexOf(nom) + 1,
    sur: ETAPES.length,
    titre: carnet.t(`dialogue.progression-${nom}`),
  };
}
