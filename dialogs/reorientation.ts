import { territoireDe, type Dossier } from '../knowledge/dossier/index.ts';
import { lireAccord } from '../knowledge/langage/index.ts';
import type { Carnet, Effet, PropositionSuivi, ReponseSuivi } from './contexte.ts';
import { blocsDAccord } from './accord-direct.ts';
import { accordDeLecture, blocsDeLecture, estLaSienne } from './lecture.ts';
import type { ActionCarte, BlocCarte } from './messages.ts';
import type { ValeurLue } from './valeurs.ts';

type Reponse = Extract<ValeurLue, { action: 'reorientation' }>;

const trousDe = (carnet: Carnet, { service, destination, contact }: PropositionSuivi) => ({
  service,
  destination,
  mois: carnet.contexte.conservationEnvoi.moisApresCloture,
  jours: carnet.contexte.conservationEnvoi.joursSansSuivi,
  contact: contact === '' ? '' : carnet.t('suivi.reorientation-contact', { contact }),
});

/**
 * A proposal the person was not shown yet, or the answer they gave elsewhere: said before anything else. `proposee`: a proposal was shown;
 * it is for the caller to know whether something is asked after it.
 */
export function direLaSuite(carnet: Carnet): 'proposee' | 'dite' {
  const { proposition, reponse } = carnet.contexte.suivi ?? {};
  const { reorientation } = carnet.dossier;
  const attend = reorientation?.etat === 'montree' || reorientation?.etat === 'plus-tard';
  const connue = reorientation?.le ?? 0;
  if (reponse !== undefined && (connue < reponse.le || (connue === reponse.le && attend)))
    direReponse(carnet, reponse);
  if (proposition === undefined || carnet.dossier.reorientation?.le === proposition.le) return 'dite';
  montrerProposition(carnet, proposition);
  return 'proposee';
}

/**
 * The proposal just shown is the last thing asked: a typed answer is about it. Never while somebody else holds the conversation.
 * @param venue `seule`: it came without the person having written
 */
export function attendreReponse(carnet: Carnet, venue: 'seule' | 'demandee' = 'demandee'): void {
  const { proposition } = carnet.contexte.suivi ?? {};
  if (proposition !== undefined && carnet.dossier.echange === undefined)
    carnet.noter({
      type: 'reorientation-demandee',
      le: proposition.le,
      ...(venue === 'seule' ? { seule: true } : {}),
    });
}

/** Shows the proposal as the last thing asked. */
export function demanderProposition(carnet: Carnet, proposition: PropositionSuivi): void {
  montrerProposition(carnet, proposition);
  attendreReponse(carnet);
}

/**
 * A typed « oui », « non » or « plus tard » under a proposal that was the last thing asked, as the button it stands for. A box is ticked on
 * purpose or not at all: a typed answer ticks none.
 */
export function reponseTapee(dossier: Dossier, texte: string): Reponse | undefined {
  const { reorientationDemandee: demandee } = dossier;
  const reponse = demandee === undefined || dossier.echange !== undefined ? undefined : lireAccord(texte);
  return demandee === undefined || reponse === undefined
    ? undefined
    : { action: 'reorientation', le: demandee.le, reponse };
}

/**
 * A « oui » or « non » typed under a proposal that came by itself: nobody knows that it was read. The word may have been on its way to
 * another question (the same second, or a tunnel later), and a document would leave on it: the proposal is shown again, as the answer to it, and
 * the next word counts. A window of some seconds was not enough: a message kept without network arrives minutes later.
 * @returns whether that was said; otherwise the word is an answer.
 */
export function faireConfirmer(carnet: Carnet, reponse: Reponse, seule: boolean): boolean {
  const { proposition } = carnet.contexte.suivi ?? {};
  if (!seule || reponse.reponse === 'plus-tard' || proposition?.le !== reponse.le) return false;
  carnet.dire('reorientation.a-confirmer');
  demanderProposition(carnet, proposition);
  return true;
}

/** What the boxes of the proposal would have agreed to, where « oui » was typed: nothing of it, said box by box. */
function direSansCase(carnet: Carnet, p: PropositionSuivi): void {
  const sienne = p.relie !== undefined && estLaSienne(carnet);
  const boites = [
    ...(p.sante ? ['sante'] : []),
    ...(sienne && p.relie?.enDirect === true && p.relie.ouverture?.ouvert !== false ? ['en-direct'] : []),
    ...(sienne ? ['conversation'] : []),
  ];
  if (p.relie === undefined || boites.length === 0) return;
  const suites = boites.map((b) => `- ${carnet.t(`reorientation.sans-case-${b}`)}`).join('\n');
  carnet.dire('reorientation.sans-case', { suites });
}

/** Who, why, in plain words, what would leave, and three answers as plain to see. The same words as on the person's own page. */
function montrerProposition(carnet: Carnet, p: PropositionSuivi): void {
  if (carnet.dossier.reorientation?.le !== p.le)
    carnet.noter({ type: 'reorientation', le: p.le, etat: 'montree' });
  const trous = trousDe(carnet, p);
  const dit = carnet.t('suivi.reorientation-texte', { ...trous, motif: carnet.t(`suivi.motif-${p.motif}`) });
  const bouton = (
    cle: string,
    reponse: Reponse['reponse'],
    style?: 'principal' | 'discret',
  ): ActionCarte => ({
    type: 'envoyer',
    libelle: carnet.t(cle, trous),
    valeur: { action: 'reorientation', le: p.le, reponse },
    ...(style === undefined ? {} : { style }),
  });
  carnet.repondre({
    texte: p.mots === undefined ? dit : `${dit}\n\n${carnet.t('reorientation.mot-du-service')}`,
    ...(p.mots === undefined ? {} : { citation: p.mots }),
    carte: {
      titre: carnet.t('suivi.reorientation'),
      blocs: blocsDeReponse(carnet, p),
      actions: [
        bouton(
          p.relie === undefined ? 'suivi.reorientation-clore' : 'suivi.reorientation-accepter',
          'oui',
          'principal',
        ),
        bouton('suivi.reorientation-refuser', 'non'),
        bouton('reorientation.choix-plus-tard', 'plus-tard', 'discret'),
      ],
    },
  });
}

function blocsDeReponse(carnet: Carnet, p: PropositionSuivi): readonly BlocCarte[] {
  const trous = trousDe(carnet, p);
  if (p.relie === undefined)
    return [{ type: 'texte', texte: carnet.t('suivi.reorientation-sans-service', trous) }];
  const boite = (id: string, libelle: string): BlocCarte => ({ type: 'case', id, libelle, cochee: false });
  return [
    { type: 'texte', texte: carnet.t('suivi.reorientation-accord', trous) },
    ...(p.sante ? [boite('sante', carnet.t('suivi.reorientation-sante'))] : []),
    // Each agreement named the service the file leaves: it is asked anew, never carried over.
    ...(p.relie.enDirect && estLaSienne(carnet) ? blocsDAccord(carnet, p.relie) : []),
    ...blocsDeLecture(carnet, p.relie.nom, p.sante ? 'selon-choix' : 'cachee'),
  ];
}

/** The person's answer. `attendre`: the host has something to do, or the proposal is asked again. */
export function repondreProposition(
  carnet: Carnet,
  valeur: Reponse,
  par: 'bouton' | 'ecrit' = 'bouton',
): 'reprendre' | 'attendre' {
  const { proposition, reponse } = carnet.contexte.suivi ?? {};
  // Answered on the other page, or by this very turn before a crash: said, and nothing is done twice.
  if (reponse?.le === valeur.le) {
    direReponse(carnet, reponse);
    return 'reprendre';
  }
  if (proposition === undefined || proposition.le !== valeur.le) {
    carnet.dire('reorientation.perimee');
    if (proposition === undefined) return 'reprendre';
    demanderProposition(carnet, proposition);
    return 'attendre';
  }
  if (valeur.reponse === 'plus-tard') {
    carnet.noter({ type: 'reorientation', le: valeur.le, etat: 'plus-tard' });
    carnet.dire('reorientation.plus-tard', { service: proposition.service });
    return 'reprendre';
  }
  if (par === 'ecrit' && valeur.reponse === 'oui') direSansCase(carnet, proposition);
  carnet.demander({
    type: 'reorienter',
    proposition,
    reponse: reponseDuFormulaire(carnet, proposition, valeur),
  });
  return 'attendre';
}

type EffetReorienter = Extract<Effet, { type: 'reorienter' }>;

function reponseDuFormulaire(
  carnet: Carnet,
  p: PropositionSuivi,
  valeur: Reponse,
): EffetReorienter['reponse'] {
  if (valeur.reponse !== 'oui') return { accord: false };
  const { relie } = p;
  const garderSante = p.sante && valeur.sante === true;
  const sienne = relie !== undefined && estLaSienne(carnet) ? relie : undefined;
  return {
    accord: true,
    garderSante,
    consentement: {
      texte: carnet.t(
        relie === undefined ? 'suivi.reorientation-sans-service' : 'suivi.reorientation-accord',
        trousDe(carnet, p),
      ),
      destinataire: p.destination,
      ...(sienne?.enDirect === true && valeur.enDirect === true
        ? { enDirect: carnet.t('echange.accord', { service: sienne.nom }) }
        : {}),
      ...(sienne !== undefined && valeur.conversation === true
        ? {
            conversation: {
              texte: accordDeLecture(carnet, sienne.nom, p.sante ? 'selon-choix' : 'cachee').entier,
              sante: garderSante,
            },
          }
        : {}),
    },
  };
}

/** What is said once the host has recorded the answer, or could not. */
export function conclureReponse(
  carnet: Carnet,
  { proposition: p, reponse }: EffetReorienter,
  reussi: boolean,
): void {
  if (!reussi) return carnet.dire('reorientation.echec');
  const { le, service, destination, contact, relie } = p;
  return direReponse(carnet, {
    le,
    accord: reponse.accord,
    service,
    destination,
    contact,
    relie: relie !== undefined,
    enDirect: reponse.accord && reponse.consentement.enDirect !== undefined,
  });
}

/** The answer, wherever it was given: the dossier follows the file, and the person reads where it is. */
function direReponse(carnet: Carnet, r: ReponseSuivi): void {
  const { le, accord, service, destination } = r;
  carnet.noter({ type: 'reorientation', le, etat: accord ? 'acceptee' : 'refusee' });
  if (!accord) return carnet.dire('suivi.reorientation-refusee', { service });
  if (!r.relie) {
    carnet.noter({ type: 'transmission', etat: 'retiree', service });
    const contact = r.contact === '' ? '' : carnet.t('suivi.reorientation-contact', { contact: r.contact });
    return carnet.dire('suivi.suite-reorientee', { destination, contact });
  }
  carnet.noter({ type: 'transmission', etat: 'envoyee', service: destination });
  const { region } = territoireDe(carnet.dossier.lieu);
  // Left an exchange with the former service, then agreed for this one: the new agreement is the one that counts.
  if (r.enDirect) carnet.noter({ type: 'echange-accord', accord: 'oui' });
  return carnet.dire(
    'suivi.reorientation-acceptee',
    { destination },
    r.enDirect ? { passage: { service: destination, ...(region === undefined ? {} : { region }) } } : {},
  );
}
