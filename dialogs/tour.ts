import type { Aiguillage } from '../knowledge/aiguillage/index.ts';
import {
  prochaineEtape,
  type Dossier,
  type Echange,
  type Etape,
  type Fait,
  type RaisonFinEchange,
} from '../knowledge/dossier/index.ts';
import {
  comprendre,
  lireAvis,
  lireOperateur,
  lireSansReponse,
  lireSuite,
  portesHorsPerimetre,
  questionSurLeService,
  reponseA,
  reponseAlerte,
  type Civilite,
  type Comprehension,
  type Suite,
} from '../knowledge/langage/index.ts';
import { chercherCommunes } from '../knowledge/territoire/index.ts';
import {
  CHAMPS,
  definitionDe,
  estChamp,
  jamais,
  jourEnToutesLettres,
  NE_SAIT_PAS,
  type Operateur,
} from '../knowledge/vocabulaire/index.ts';
import { Carnet, type Contexte, type Effet, type Tour } from './contexte.ts';
import { accepterEchange, ouvrirEchange, quitterEchange, relayer } from './echange.ts';
import { conclureEnvoi, demanderContact, envoyer, montrerDocument } from './document.ts';
import {
  donnerInformation,
  estExploration,
  explorerCommune,
  repondreExploration,
  suivreInformation,
  verifier,
} from './information.ts';
import { corriger, executer, retirer, retirerDementis, retirerSansObjet } from './interruptions.ts';
import { conclureRetrait, retirerLecture } from './lecture.ts';
import type { Message } from './messages.ts';
import { apporteQuelqueChose, noterComprehension, noterImplications, noterReponse } from './noter.ts';
import {
  contactEnMots,
  contactOperateur,
  demanderChoix,
  direSiJe,
  montrerOrientation,
  nomDe,
  operateursAChoisir,
} from './orientation.ts';
import { choixCommunes, poser } from './questionnaire.ts';
import {
  attendreReponse,
  conclureReponse,
  demanderProposition,
  direLaSuite,
  faireConfirmer,
  repondreProposition,
  reponseTapee,
} from './reorientation.ts';
import { demanderReecriture, ecrireLigne, rendreLigne } from './reecriture.ts';
import { lireLignes, lireValeur, type ValeurLue } from './valeurs.ts';

/**
 * One turn: understand the message, note it, say what comes next. Pure: same dossier, message and context, same turn.
 * An effect (sending, erasing) is asked of the host, which then calls `conclureEffet` in the same turn.
 */
export function jouerTour(dossier: Dossier, message: Message, contexte: Contexte): Tour {
  const carnet = new Carnet(dossier, contexte);
  if (contexte.finEchange !== undefined) quitterEchange(carnet, contexte.finEchange);
  const tapee = message.type === 'texte' ? reponseTapee(carnet.dossier, message.texte) : undefined;
  const { reorientationDemandee: proposee } = carnet.dossier;
  const demandee = proposee !== undefined;
  if (demandee) carnet.noter({ type: 'reorientation-lue' });
  // An answer to the proposal itself says where it stands: telling it first would tell it twice.
  const dite =
    tapee === undefined && (message.type !== 'valeur' || message.valeur['action'] !== 'reorientation')
      ? direLaSuite(carnet)
      : undefined;
  if (carnet.dossier.echange !== undefined) {
    if (relayer(carnet, message, etapeDe(carnet)) === 'reprendre') reprendre(carnet);
    return carnet.clore();
  }
  const aRelire = carnet.dossier.aRelire === true;
  if (aRelire && message.type !== 'arrivee') carnet.noter({ type: 'reformulation-lue' });
  switch (message.type) {
    case 'arrivee':
      // A proposal still open is the open question.
      if (!demandee || contexte.suivi?.proposition === undefined) accueillir(carnet);
      else if (dite === 'proposee') attendreReponse(carnet);
      else demanderProposition(carnet, contexte.suivi.proposition);
      break;
    case 'texte':
      if (tapee === undefined) lireTexte(carnet, message.texte, aRelire);
      else if (faireConfirmer(carnet, tapee, proposee?.seule === true)) break;
      else if (repondreProposition(carnet, tapee, 'ecrit') === 'reprendre') reprendre(carnet);
      break;
    case 'valeur': {
      const valeur = lireValeur(message.valeur);
      if (valeur === undefined) {
        carnet.dire('dialogue.valeur-refusee');
        reprendre(carnet);
      } else {
        traiterValeur(carnet, valeur);
      }
      break;
    }
    default:
      jamais(message);
  }
  return carnet.clore();
}

/** A counsellor joins the conversation: the person is told who, and the assistant falls silent. */
export function jouerOuvertureEchange(dossier: Dossier, echange: Echange, contexte: Contexte): Tour {
  const carnet = new Carnet(dossier, contexte);
  ouvrirEchange(carnet, echange);
  return carnet.clore();
}

/** The exchange is over without the person having written: they are told, and the open question comes back. */
export function jouerFinEchange(dossier: Dossier, raison: RaisonFinEchange, contexte: Contexte): Tour {
  const carnet = new Carnet(dossier, contexte);
  if (dossier.echange !== undefined) {
    quitterEchange(carnet, raison);
    reprendre(carnet);
  }
  return carnet.clore();
}

/** The service that has the file proposes another one: said without the person having written, once. */
export function jouerProposition(dossier: Dossier, contexte: Contexte): Tour {
  const carnet = new Carnet(dossier, contexte);
  if (direLaSuite(carnet) === 'proposee') attendreReponse(carnet, 'seule');
  return carnet.clore();
}

/** What is said once the host has done, or failed to do, the effect a turn asked for. Its events follow those of the turn. */
export function conclureEffet(dossier: Dossier, effet: Effet, reussi: boolean, contexte: Contexte): Tour {
  const carnet = new Carnet(dossier, contexte);
  if (effet.type === 'effacer') {
    carnet.dire(reussi ? 'dialogue.efface' : 'dialogue.efface-echec', { contact: contexte.contactDroits });
    return carnet.clore();
  }
  if (effet.type === 'retirer-lecture' || effet.type === 'reorienter') {
    if (effet.type === 'reorienter') conclureReponse(carnet, effet, reussi);
    else conclureRetrait(carnet, effet.service, reussi);
    // While a counsellor holds the conversation, the assistant asks nothing.
    if (dossier.echange === undefined) reprendre(carnet);
    return carnet.clore();
  }
  const etape = etapeDe(carnet);
  if ('aiguillage' in etape) conclureEnvoi(carnet, etape.aiguillage, etape, effet, reussi);
  else avancer(carnet);
  return carnet.clore();
}

const etapeDe = (carnet: Carnet): Etape => prochaineEtape(carnet.dossier, carnet.contexte.aujourdhui);

function accueillir(carnet: Carnet): void {
  // A second « arrivée » (another tab, a reinstallation) greets nobody twice: it asks the open question again.
  if (carnet.dossier.posees.length > 0) return reprendre(carnet);
  carnet.dire('dialogue.accueil');
  carnet.dire('dialogue.accueil-donnees', {
    jours: carnet.contexte.conservationJours,
    editeur: carnet.contexte.editeur,
  });
  return poser(carnet, 'demande', etapeDe(carnet));
}

/** Goes to the step the answers lead to, and does it. */
function avancer(carnet: Carnet): void {
  const etape = etapeDe(carnet);
  switch (etape.type) {
    case 'question':
      return poser(carnet, etape.question, etape);
    case 'contradiction':
      carnet.dire('dialogue.contradiction', { explication: etape.message });
      if (!estChamp(etape.champ)) return carnet.dire('dialogue.aide');
      retirer(carnet, etape.champ, 'correction');
      return poser(carnet, etape.champ, etapeDe(carnet));
    case 'information':
      return donnerInformation(carnet, etape);
    case 'orientation':
      return montrerOrientation(carnet, etape.aiguillage, etape);
    case 'decision':
      return demanderSuite(carnet, etape.aiguillage, etape);
    case 'document':
      return montrerDocument(carnet, etape.aiguillage, etape);
    case 'fin':
      return finir(carnet);
    default:
      return jamais(etape);
  }
}

/** After an interruption the open question comes back; nothing already shown is shown again in full. */
function reprendre(carnet: Carnet): void {
  const etape = etapeDe(carnet);
  const ouverte = carnet.dossier.question;
  if (etape.type === 'question' && (ouverte === etape.question || ouverte === null))
    return poser(carnet, etape.question, etape, true);
  if (etape.type === 'question' && estChamp(ouverte) && carnet.dossier.profil[ouverte] === undefined)
    return poser(carnet, ouverte, etape, true);
  if (etape.type === 'information' && carnet.dossier.informations.length > 0) return verifier(carnet, etape);
  if (etape.type === 'document' && ouverte === 'contact')
    return demanderContact(carnet, etape.aiguillage, etape);
  return avancer(carnet);
}

function demanderSuite(carnet: Carnet, aiguillage: Aiguillage, etape: Etape): void {
  const { choix } = carnet.dossier;
  if (choix === undefined) return demanderChoix(carnet, aiguillage, etape);
  if (carnet.dossier.question !== 'decision') carnet.noter({ type: 'question', question: 'decision' });
  return carnet.dire(
    'dialogue.decision',
    { nom: nomDe(carnet, choix) },
    {
      choix: [
        carnet.choix('dialogue.choix-document-oui', { action: 'decision', suite: 'document' }),
        carnet.choix('dialogue.choix-document-non', { action: 'decision', suite: 'contact' }),
        carnet.choix('dialogue.choix-corriger', { action: 'commande', commande: 'corriger' }),
      ],
    },
  );
}

function finir(carnet: Carnet): void {
  carnet.noter({ type: 'question', question: null });
  return carnet.dire(
    'dialogue.fin',
    {},
    {
      choix: [
        carnet.choix('dialogue.choix-nouvelle-question', { action: 'question-libre' }),
        carnet.choix('dialogue.choix-corriger', { action: 'commande', commande: 'corriger' }),
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
      ],
    },
  );
}

// ——— Free text ———

function lireTexte(carnet: Carnet, texte: string, aRelire: boolean): void {
  const { question } = carnet.dossier;
  const lu = sansFausseReponse(
    carnet,
    texte,
    comprendre(texte, {
      le: carnet.contexte.aujourdhui,
      ...(question === null ? {} : { question: question === 'lieu' ? 'commune' : question }),
    }),
    aRelire,
  );
  if (lu.alerte !== undefined && lu.alerte !== 'donnee-sensible') return repondreAlerte(carnet, lu);
  if (lu.vide) {
    carnet.dire('dialogue.vide');
    return reprendre(carnet);
  }
  const avis = aRelire && etapeDe(carnet).type === 'question' ? lireAvis(texte) : undefined;
  if (avis !== undefined) return suivreAvis(carnet, avis);
  // « je n’ai pas compris » about information just given: that very information, in simpler words.
  if (
    lu.commande === 'simplifier' &&
    (question === 'information' || carnet.dossier.exploration !== undefined)
  )
    return repondreInformation(carnet, 'simple', etapeDe(carnet));
  if (lu.commande !== undefined) {
    if (executer(carnet, lu.commande, etapeDe(carnet)) === 'reprendre') reprendre(carnet);
    return undefined;
  }
  if (lu.langue !== undefined && lu.langue !== 'fr' && !apporteQuelqueChose(lu)) {
    carnet.dire('dialogue.langue', { telephone: carnet.contexte.telephone });
    return reprendre(carnet);
  }
  const valeur = reponseEnMots(carnet, texte, lu);
  return valeur === undefined ? suivreTexte(carnet, texte, lu, aRelire) : traiterValeur(carnet, valeur);
}

/** From here on a demande is said outright. */
const SOUHAIT_NET = 0.9;

/** Whether a message changes something already noted. */
function corrigeUnPoint(carnet: Carnet, lu: Comprehension): boolean {
  const { profil, lieu } = carnet.dossier;
  const autre = CHAMPS.some(
    (c) =>
      lu.profil[c] !== undefined &&
      profil[c] !== undefined &&
      profil[c] !== NE_SAIT_PAS &&
      JSON.stringify(profil[c]) !== JSON.stringify(lu.profil[c]),
  );
  return autre || (lu.commune !== null && lieu.commune !== undefined && lu.commune !== lieu.commune);
}

/**
 * « Non, j’ai 24 ans » corrects the age noted: its « non » answers no question that happens to be open. Taken for « pas cadre », it lost the
 * Apec to somebody who is. The question is asked again.
 */
function sansFausseReponse(
  carnet: Carnet,
  texte: string,
  lu: Comprehension,
  aRelire: boolean,
): Comprehension {
  const { question, demande } = carnet.dossier;
  if (question === null || !estChamp(question) || lu.profil[question] === undefined) return lu;
  const seul = comprendre(texte, { le: carnet.contexte.aujourdhui });
  if (seul.profil[question] !== undefined) return lu;
  if (corrigeUnPoint(carnet, seul)) return seul;
  // « Non, je veux me former » under « votre demande : changer de métier » : a wish said outright, not the colour of a short answer.
  const corrigeLaDemande =
    aRelire &&
    lireSuite(texte) === 'non' &&
    seul.confiance >= SOUHAIT_NET &&
    seul.demande !== demande &&
    seul.demande !== 'hors-perimetre';
  if (!corrigeLaDemande) return lu;
  carnet.noter({ type: 'question', question: 'demande' });
  return seul;
}

/** Whether a message tells something that belongs in the file and may change who accompanies. */
const ditUnFait = (lu: Comprehension): boolean =>
  CHAMPS.some((c) => lu.profil[c] !== undefined && definitionDe(c).nature !== 'personnalisation') ||
  lu.commune !== null ||
  lu.dementis.length > 0;

/**
 * « Oui c'est ça » after « voici ce que j'ai compris » is about what was understood, not about the question that follows: taken for a
 * « oui » to « êtes-vous cadre ? », it sent a picker to the Apec.
 */
function suivreAvis(carnet: Carnet, avis: 'juste' | 'faux'): void {
  if (avis === 'juste') carnet.dire('dialogue.reformulation-juste');
  else if (executer(carnet, 'corriger', etapeDe(carnet)) !== 'reprendre') return;
  reprendre(carnet);
}

/**
 * What a typed answer means at a step that offers buttons: « oui », « l'Apec », « envoie ». People type as often as they press. A message that
 * says something of its own (a fact, a question) is read for that instead.
 */
function reponseEnMots(carnet: Carnet, texte: string, lu: Comprehension): ValeurLue | undefined {
  const { question } = carnet.dossier;
  // « et si je démissionnais ? » : once there is an orientation, it can be asked at any step.
  if (estExploration(carnet, texte, lu)) return undefined;
  if (lireSuite(texte) === 'changerait' && 'aiguillage' in etapeDe(carnet)) return { action: 'si-je' };
  if (lireSuite(texte) === 'methode' && carnet.dossier.informations.length > 0)
    return { action: 'information', suite: 'methode' };
  if (question === null || estChamp(question) || lu.faq !== undefined) return undefined;
  if (question === 'lieu') {
    const sans = lireSansReponse(texte);
    return sans === 'inconnu' || sans === 'refus' ? { action: 'lieu', sansReponse: true } : undefined;
  }
  if (ditUnFait(lu)) return undefined;
  const operateur = question === 'orientation' ? lireOperateur(texte) : undefined;
  if (operateur !== undefined) return choisirSiOffert(carnet, operateur);
  const suite = lireSuite(texte);
  if (suite === undefined) return undefined;
  switch (question) {
    case 'information':
      if (suite === 'oui' || suite === 'non' || suite === 'plus' || suite === 'simple' || suite === 'methode')
        return { action: 'information', suite: suite === 'non' ? 'simple' : suite };
      return undefined;
    case 'orientation':
      return reponseOrientation(carnet, suite);
    case 'decision':
      if (suite === 'oui' || suite === 'document') return { action: 'decision', suite: 'document' };
      return suite === 'non' ? { action: 'decision', suite: 'contact' } : undefined;
    case 'document':
      if (suite === 'envoyer' || suite === 'oui') return { action: 'preparer-envoi' };
      return suite === 'non' ? { action: 'decision', suite: 'arreter' } : undefined;
    case 'contact':
      return suite === 'non' ? { action: 'ne-pas-envoyer' } : undefined;
    case 'confirmer-effacer':
    case 'confirmer-recommencer':
      if (suite !== 'oui' && suite !== 'non') return undefined;
      return {
        action: 'confirmer',
        quoi: question === 'confirmer-effacer' ? 'effacer' : 'recommencer',
        oui: suite === 'oui',
      };
    default:
      return undefined;
  }
}

/** « oui » chooses only where there is one operator to choose: with two, the person says which. */
function reponseOrientation(carnet: Carnet, suite: Suite): ValeurLue | undefined {
  const etape = etapeDe(carnet);
  const offerts = 'aiguillage' in etape ? operateursAChoisir(etape.aiguillage) : [];
  if (suite === 'oui' && offerts.length === 1 && offerts[0] !== undefined)
    return { action: 'choisir', operateur: offerts[0] };
  if (suite === 'document') return { action: 'decision', suite: 'document' };
  return suite === 'non' ? { action: 'decision', suite: 'arreter' } : undefined;
}

function choisirSiOffert(carnet: Carnet, operateur: Operateur): ValeurLue | undefined {
  const etape = etapeDe(carnet);
  return 'aiguillage' in etape && operateursAChoisir(etape.aiguillage).includes(operateur)
    ? { action: 'choisir', operateur }
    : undefined;
}

/** Distress, violence, harassment, eviction: a human answer and numbers first; what else the message says is noted, and the talk can go on. */
function repondreAlerte(carnet: Carnet, lu: Comprehension): void {
  if (lu.alerte === undefined) return;
  carnet.repondre({
    texte: reponseAlerte(lu.alerte, carnet.dossier.registre),
    choix: [
      carnet.choix('dialogue.choix-reprendre', { action: 'reprendre' }),
      carnet.choix('dialogue.choix-terminer', { action: 'decision', suite: 'arreter' }),
    ],
  });
  // A cry is not a demande: nothing of it decides what comes next.
  const { demande: _demande, ...faits } = lu;
  noterComprehension(carnet, faits, undefined);
}

/** « Bonjour », « merci », « j'ai une question », « au revoir »: answered as people do, and never with « I did not understand ». */
function repondreCivilite(carnet: Carnet, civilite: Civilite): void {
  const { conservationJours: jours } = carnet.contexte;
  // « Je veux arrêter »: before anything was said, it may be about work; afterwards, about this conversation.
  if (civilite === 'arret' && carnet.dossier.question === 'demande') {
    carnet.dire('dialogue.merci-dit');
    return reprendre(carnet);
  }
  if (civilite !== 'adieu' && civilite !== 'arret') {
    carnet.dire(`dialogue.civilite-${civilite}`);
    return reprendre(carnet);
  }
  return carnet.dire(
    'dialogue.civilite-adieu',
    { jours },
    {
      choix: [
        carnet.choix('dialogue.choix-reprendre', { action: 'reprendre' }),
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
      ],
    },
  );
}

function suivreTexte(carnet: Carnet, texte: string, compris: Comprehension, aRelire: boolean): void {
  const lu = sansDemandeDeService(compris);
  if (lu.civilite !== undefined) return repondreCivilite(carnet, lu.civilite);
  if (lu.faq !== undefined) repondreQuestion(carnet, lu.faq);
  if (lu.contradictions.length > 0)
    carnet.dire('dialogue.contradiction-message', {
      sujets: lu.contradictions.map((c) => carnet.t(`dossier.nom-${c}`)).join(', '),
    });
  const etape = etapeDe(carnet);
  if (lu.faq === undefined && estExploration(carnet, texte, lu))
    return repondreExploration(carnet, texte, lu, etape);

  const premiere = !carnet.dossier.reformule;
  const { profil, question, demande } = carnet.dossier;
  const retires = retirerDementis(carnet, lu);
  const nouveaux = noterComprehension(carnet, lu, texte);
  if (nouveaux.length > 0) {
    direCompris(
      carnet,
      nouveaux,
      { premiere, question, redite: demande !== undefined },
      lu,
      aRelire && lireSuite(texte) === 'oui',
    );
    retirerSansObjet(carnet, profil);
    return avancer(carnet);
  }
  if (retires || lu.communes.length > 0) return avancer(carnet);
  if (lu.demande === 'hors-perimetre') {
    carnet.repondre({ texte: portesHorsPerimetre(texte, carnet.dossier.registre) });
    return reprendre(carnet);
  }
  if (carnet.aParle) return reprendre(carnet);
  // « Je suis au RSA »: heard, though no rule asks for it.
  if (lu.situation === true) {
    carnet.dire('dialogue.merci-dit');
    return reprendre(carnet);
  }
  // « Ok » under the welcome agrees to begin.
  if (carnet.dossier.question === 'demande' && lireSuite(texte) === 'oui')
    return repondreCivilite(carnet, 'accord');
  // « Oui » where the question has no « oui » can only be about the reformulation above it.
  if (aRelire && lireSuite(texte) === 'oui') return suivreAvis(carnet, 'juste');
  return nonCompris(carnet, texte);
}

/** « Êtes-vous un robot ? » asks about the assistant: it is answered, and what brings the person stays to be said. */
function sansDemandeDeService(lu: Comprehension): Comprehension {
  if (lu.faq === undefined || !questionSurLeService(lu.faq)) return lu;
  if (lu.demande !== 'comprendre-le-cep' && lu.demande !== 'hors-perimetre') return lu;
  const { demande: _demande, ...faits } = lu;
  return faits;
}

function repondreQuestion(carnet: Carnet, id: string): void {
  const { texte, sources } = reponseA(id, carnet.dossier.registre);
  const sourcesDites = sources
    .map((s) => `[${s.titre}](${s.url}) (${jourEnToutesLettres(s.date)})`)
    .join(' ; ');
  carnet.repondre({ texte: sourcesDites === '' ? texte : `${texte}\n\nSource : ${sourcesDites}` });
}

/** The reformulation: everything at first, then only what is new, with one tap to correct. */
function direCompris(
  carnet: Carnet,
  nouveaux: readonly Fait[],
  {
    premiere,
    question,
    redite,
  }: { readonly premiere: boolean; readonly question: string | null; readonly redite: boolean },
  lu: Comprehension,
  ambigu: boolean,
): void {
  // A short answer to the open question needs no echo: the next question shows that it was understood. But « oui » typed under a reformulation
  // may have been about it.
  const [seul] = nouveaux;
  const repond =
    question === null || (question === 'demande' ? !redite : !estChamp(question) || seul?.cible === question);
  if (!premiere && nouveaux.length === 1 && seul?.cible !== 'lieu' && repond && !ambigu) return;
  const points = nouveaux.map((f) => `- ${f.nom} : **${f.valeur}**`).join('\n');
  const las = lu.indices.some((i) => i.sujet === 'lassitude');
  const cle = premiere ? (las ? 'reformulation-lassitude' : 'reformulation') : 'note';
  carnet.dire(
    `dialogue.${cle}`,
    { points },
    {
      choix:
        premiere || ambigu
          ? [carnet.choix('dialogue.choix-corriger', { action: 'commande', commande: 'corriger' })]
          : [],
    },
  );
  carnet.noter({ type: 'reformulation' });
  if (lu.profil.pour === 'proche') carnet.dire('dialogue.pour-proche');
  if (lu.profil.refusePar !== undefined) carnet.dire('dialogue.renvoi');
}

function nonCompris(carnet: Carnet, texte: string): void {
  const encore = carnet.dossier.incompris > 0;
  carnet.noter({ type: 'incompris' });
  if (carnet.dossier.question === 'lieu') {
    // « Non » under a list of communes is none of them, not the beginning of Nontron.
    const proches =
      lireSansReponse(texte) === 'non' ? [] : chercherCommunes(texte, { limite: 5 }).map((c) => c.code);
    return carnet.dire(
      proches.length === 0 ? 'dialogue.lieu-inconnu-seul' : 'dialogue.lieu-inconnu',
      {},
      { choix: choixCommunes(carnet, proches) },
    );
  }
  carnet.dire(encore ? 'dialogue.incompris-encore' : 'dialogue.incompris');
  return reprendre(carnet);
}

// ——— Buttons and forms ———

function traiterValeur(carnet: Carnet, valeur: ValeurLue): void {
  const etape = etapeDe(carnet);
  switch (valeur.action) {
    case 'repondre':
      return repondreChamp(carnet, valeur.champ, valeur.valeur);
    case 'demande':
      if (valeur.demande === 'hors-perimetre') {
        carnet.repondre({ texte: portesHorsPerimetre('', carnet.dossier.registre) });
        return reprendre(carnet);
      }
      carnet.noter({ type: 'demande', demande: valeur.demande, secondaires: [] });
      return avancer(carnet);
    case 'lieu': {
      const { action: _, ...lieu } = valeur;
      carnet.noter({ type: 'lieu', ...lieu });
      return avancer(carnet);
    }
    case 'commande':
      if (executer(carnet, valeur.commande, etape) === 'reprendre') reprendre(carnet);
      return undefined;
    case 'registre':
      carnet.noter({ type: 'registre', registre: valeur.registre });
      carnet.dire('dialogue.simplifier');
      return reprendre(carnet);
    case 'reprendre':
      if (['corriger', 'confirmer-effacer', 'confirmer-recommencer'].includes(carnet.dossier.question ?? ''))
        carnet.noter({ type: 'question', question: null });
      return reprendre(carnet);
    case 'question-libre':
      return carnet.dire('dialogue.poser-question');
    case 'information':
      return repondreInformation(carnet, valeur.suite, etape);
    case 'explorer':
      return explorerCommune(carnet, valeur.commune, valeur.rome, etape);
    case 'choisir':
      carnet.noter({ type: 'choix', operateur: valeur.operateur });
      return avancer(carnet);
    case 'si-je':
      return 'aiguillage' in etape ? direSiJe(carnet, etape.aiguillage, etape) : reprendre(carnet);
    case 'decision':
      return decider(carnet, valeur.suite);
    case 'document':
    case 'preparer-envoi':
    case 'envoyer':
    case 'ne-pas-envoyer':
    case 'reecrire':
    case 'ecrire-ligne':
    case 'rendre-ligne':
      return traiterDocument(carnet, valeur);
    case 'corriger':
      return corriger(carnet, valeur.cible);
    case 'confirmer':
      return confirmer(carnet, valeur.quoi, valeur.oui);
    case 'quitter-echange':
      // The exchange ended before the button was pressed.
      return reprendre(carnet);
    case 'accepter-echange':
      accepterEchange(carnet);
      return reprendre(carnet);
    case 'retirer-lecture':
      return retirerLecture(carnet) === 'demande' ? undefined : reprendre(carnet);
    case 'reorientation':
      return repondreProposition(carnet, valeur) === 'reprendre' ? reprendre(carnet) : undefined;
    default:
      return jamais(valeur);
  }
}

function repondreChamp(carnet: Carnet, champ: Parameters<typeof noterReponse>[1], valeur: unknown): void {
  const { profil } = carnet.dossier;
  if (profil[champ] !== undefined) retirer(carnet, champ, 'correction');
  noterReponse(carnet, champ, valeur, 'bouton');
  retirerSansObjet(carnet, profil);
  noterImplications(carnet);
  return avancer(carnet);
}

function repondreInformation(
  carnet: Carnet,
  suite: 'oui' | 'plus' | 'simple' | 'methode',
  etape: Etape,
): void {
  if (carnet.dossier.informations.length === 0) return reprendre(carnet);
  if (suite !== 'oui') {
    if (suivreInformation(carnet, suite, etape) === 'dite') return undefined;
    executer(carnet, 'conseiller', etape);
    return reprendre(carnet);
  }
  if (etape.type !== 'information') return reprendre(carnet);
  carnet.noter({ type: 'information-vue', comprise: 'oui' });
  return avancer(carnet);
}

function decider(carnet: Carnet, suite: 'document' | 'contact' | 'arreter'): void {
  if (suite === 'document') {
    carnet.noter({ type: 'decision', decision: 'poursuivre' });
    return avancer(carnet);
  }
  const { choix } = carnet.dossier;
  if (suite === 'contact' && choix !== undefined) {
    carnet.noter({ type: 'question', question: null });
    return carnet.repondre({
      texte: `${carnet.t('dialogue.decision-contact', { nom: nomDe(carnet, choix) })}\n\n${contactEnMots(contactOperateur(carnet, choix))}`,
      choix: [
        carnet.choix('dialogue.choix-apercu-document', { action: 'decision', suite: 'document' }),
        carnet.choix('dialogue.choix-nouvelle-question', { action: 'question-libre' }),
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
      ],
    });
  }
  if (carnet.dossier.decision === undefined) carnet.noter({ type: 'decision', decision: 'arreter' });
  carnet.noter({ type: 'question', question: null });
  return carnet.dire(
    'dialogue.decision-arreter',
    {},
    {
      choix: [
        carnet.choix('dialogue.choix-nouvelle-question', { action: 'question-libre' }),
        carnet.choix('dialogue.choix-apercu-document', { action: 'decision', suite: 'document' }),
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
      ],
    },
  );
}

type ActionDocument = Extract<
  ValeurLue,
  {
    action:
      | 'document'
      | 'preparer-envoi'
      | 'envoyer'
      | 'ne-pas-envoyer'
      | 'reecrire'
      | 'ecrire-ligne'
      | 'rendre-ligne';
  }
>;

function traiterDocument(carnet: Carnet, valeur: ActionDocument): void {
  const etape = etapeDe(carnet);
  if (etape.type !== 'document') return reprendre(carnet);
  if (valeur.action === 'envoyer') return envoyer(carnet, etape.aiguillage, etape, valeur);
  if (valeur.action === 'ne-pas-envoyer') return montrerDocument(carnet, etape.aiguillage, etape);
  const place = { aiguillage: etape.aiguillage, etape };
  if (valeur.action === 'ecrire-ligne') return ecrireLigne(carnet, place, valeur);
  if (valeur.action === 'rendre-ligne') return rendreLigne(carnet, place, valeur.ligne);
  carnet.noter({ type: 'document', lignes: lireLignes(valeur) });
  if (valeur.action === 'reecrire') return demanderReecriture(carnet, place);
  if (valeur.action === 'preparer-envoi') return demanderContact(carnet, etape.aiguillage, etape);
  return montrerDocument(carnet, etape.aiguillage, etape, 'dialogue.document-maj');
}

function confirmer(carnet: Carnet, quoi: 'effacer' | 'recommencer', oui: boolean): void {
  carnet.noter({ type: 'question', question: null });
  if (!oui) return reprendre(carnet);
  if (quoi === 'effacer') return carnet.demander({ type: 'effacer' });
  carnet.noter({ type: 'recommencement' });
  carnet.dire('dialogue.recommence');
  return poser(carnet, 'demande', etapeDe(carnet));
}
