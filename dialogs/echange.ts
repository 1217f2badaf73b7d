import {
  CONCENTRATEUR,
  type Echange,
  type Etape,
  type RaisonFinEchange,
} from '../knowledge/dossier/index.ts';
import { comprendre, reponseAlerte } from '../knowledge/langage/index.ts';
import { choixDAccepter, direFermeture } from './accord-direct.ts';
import type { Carnet } from './contexte.ts';
import { executer, type Suite } from './interruptions.ts';
import { retirerLecture } from './lecture.ts';
import type { Choix, Message } from './messages.ts';
import { repondreProposition } from './reorientation.ts';
import { lireValeur, type ValeurLue } from './valeurs.ts';

const trous = ({ conseiller, service }: Echange): { readonly nom: string; readonly service: string } => ({
  nom: conseiller.nom,
  service,
});

/** Another tool announced itself through the channel: who is there, it alone knows. */
const chezUnAutre = ({ conseiller }: Echange): { readonly chez?: typeof CONCENTRATEUR } =>
  conseiller.id === CONCENTRATEUR ? { chez: CONCENTRATEUR } : {};

const choixQuitter = (carnet: Carnet): Choix =>
  carnet.choix('echange.choix-quitter', { action: 'quitter-echange' });

/** A person joins: said before they write anything, so that nobody takes them for the assistant, nor the assistant for them. */
export function ouvrirEchange(carnet: Carnet, echange: Echange): void {
  carnet.noter({ type: 'echange-ouvert', ...echange });
  // « Oui » typed to a counsellor must never answer a question left open by the assistant.
  if (carnet.dossier.question?.startsWith('confirmer-') === true)
    carnet.noter({ type: 'question', question: null });
  const chez = chezUnAutre(echange);
  const lit = carnet.contexte.suivi?.lecture !== undefined;
  carnet.dire(`echange.rejoint${'chez' in chez ? '-ailleurs' : lit ? '-lecture' : ''}`, trous(echange), {
    echange: { etat: 'ouvert', ...trous(echange), ...chez },
    choix: [choixQuitter(carnet)],
  });
}

/** The conversation goes back to the assistant, which says so and why. What comes next is the caller's. */
export function quitterEchange(carnet: Carnet, raison: RaisonFinEchange): void {
  const { echange } = carnet.dossier;
  if (echange === undefined) return;
  carnet.noter({ type: 'echange-clos', raison });
  if (raison === 'personne') carnet.noter({ type: 'echange-accord', accord: 'non' });
  const accepter = raison === 'personne' ? choixDAccepter(carnet) : undefined;
  carnet.dire(`echange.fin-${raison}`, trous(echange), {
    echange: { etat: 'clos', ...chezUnAutre(echange) },
    ...(accepter === undefined ? {} : { choix: [accepter] }),
  });
  if (raison !== 'personne' || accepter !== undefined) return;
  direFermeture(carnet);
  carnet.dire('echange.accepter-plus-tard');
}

/** The person agrees again, after having left an exchange. Closed meanwhile: the agreement holds for the next opening, and that is said. */
export function accepterEchange(carnet: Carnet): void {
  carnet.noter({ type: 'echange-accord', accord: 'oui' });
  carnet.dire('echange.accord-donne', {
    service: carnet.dossier.transmission?.service ?? carnet.t('echange.service-absent'),
  });
  direFermeture(carnet);
}

/**
 * A turn while a counsellor holds the conversation. The words are theirs to read: the assistant is silent, except for what cannot wait
 * for a human (danger: the numbers to call; erasing everything) and for what the person asks of the program itself, with its own buttons.
 */
export function relayer(carnet: Carnet, message: Message, etape: Etape): Suite {
  const { echange } = carnet.dossier;
  if (echange === undefined) return 'reprendre';
  switch (message.type) {
    case 'arrivee':
      return 'attendre';
    case 'texte':
      return relayerTexte(carnet, message.texte, echange, etape);
    case 'valeur': {
      const valeur = lireValeur(message.valeur);
      if (valeur !== undefined) return relayerValeur(carnet, valeur, echange, etape);
      return rappeler(carnet, echange);
    }
  }
}

/** « Effacer », « tout effacer » : a few words. « Je voudrais effacer mes dettes » is said to the counsellor. */
const estUnOrdre = (texte: string): boolean => (texte.match(/[\p{L}\p{N}]+/gu) ?? []).length <= 3;

function relayerTexte(carnet: Carnet, texte: string, echange: Echange, etape: Etape): Suite {
  const { alerte, commande } = comprendre(texte, { le: carnet.contexte.aujourdhui });
  if (carnet.dossier.question === 'confirmer-effacer') carnet.noter({ type: 'question', question: null });
  if (alerte !== undefined && alerte !== 'donnee-sensible') {
    carnet.repondre({ texte: reponseAlerte(alerte, carnet.dossier.registre) });
    carnet.dire('echange.alerte-transmise', trous(echange));
    return 'attendre';
  }
  return commande === 'effacer' && estUnOrdre(texte) ? executer(carnet, 'effacer', etape) : 'attendre';
}

function relayerValeur(carnet: Carnet, valeur: ValeurLue, echange: Echange, etape: Etape): Suite {
  switch (valeur.action) {
    case 'quitter-echange':
      quitterEchange(carnet, 'personne');
      return 'reprendre';
    case 'commande':
      return valeur.commande === 'effacer' || valeur.commande === 'mes-donnees'
        ? executer(carnet, valeur.commande, etape)
        : rappeler(carnet, echange);
    case 'confirmer':
      if (valeur.quoi !== 'effacer') return rappeler(carnet, echange);
      carnet.noter({ type: 'question', question: null });
      if (valeur.oui) carnet.demander({ type: 'effacer' });
      else carnet.dire('echange.effacer-garde', trous(echange));
      return 'attendre';
    case 'retirer-lecture':
      retirerLecture(carnet);
      return 'attendre';
    case 'reorientation':
      repondreProposition(carnet, valeur);
      return 'attendre';
    case 'registre':
      carnet.noter({ type: 'registre', registre: valeur.registre });
      carnet.dire('echange.registre', trous(echange));
      return 'attendre';
    default:
      return rappeler(carnet, echange);
  }
}

/** A button of an earlier question: nothing is lost, and the person knows who would answer. */
function rappeler(carnet: Carnet, echange: Echange): Suite {
  carnet.dire('echange.rappel', trous(echange), { choix: [choixQuitter(carnet)] });
  return 'attendre';
}
