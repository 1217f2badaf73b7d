import { carteSuivi } from './suivi.ts';
import { effetCorrection, orphelins } from '../knowledge/aiguillage/index.ts';
import { faitsConnus, prochaineEtape, type Cible, type Etape } from '../knowledge/dossier/index.ts';
import { contactsDe } from '../knowledge/information/index.ts';
import type { Comprehension } from '../knowledge/langage/index.ts';
import { estChamp, type Champ, type Commande, type Profil } from '../knowledge/vocabulaire/index.ts';
import { choixDAccepterEncore } from './accord-direct.ts';
import type { Carnet } from './contexte.ts';
import { choixDeRetrait } from './lecture.ts';
import { contactEnMots, contactOperateur, nomDe } from './orientation.ts';
import { demanderProposition } from './reorientation.ts';
import { expliquer, poser, questionDeCible } from './questionnaire.ts';

/** What a command leaves to do: go on with the current step, or nothing (it asked its own question). */
export type Suite = 'reprendre' | 'attendre';

const points = (carnet: Carnet): string =>
  faitsConnus(carnet.dossier)
    .map((f) => `- ${f.nom} : **${f.valeur}**`)
    .join('\n');

function proposerCorrection(carnet: Carnet): Suite {
  const faits = faitsConnus(carnet.dossier);
  if (faits.length === 0) {
    carnet.dire('dialogue.corriger-rien');
    return 'reprendre';
  }
  carnet.noter({ type: 'question', question: 'corriger' });
  carnet.dire(
    'dialogue.corriger',
    {},
    {
      choix: [
        ...faits.map((f) => ({
          libelle: `${f.nom} : ${f.valeur}`,
          valeur: { action: 'corriger', cible: f.cible },
        })),
        carnet.choix('dialogue.choix-non-garder', { action: 'reprendre' }),
      ],
    },
  );
  return 'attendre';
}

/** Takes back one field and every answer that no longer has a question without it (`effetCorrection`); says which. */
export function retirer(carnet: Carnet, champ: Champ, raison: 'correction' | 'retour'): void {
  const { orphelins: perdus } = effetCorrection({
    profil: carnet.dossier.profil,
    champ,
    le: carnet.contexte.aujourdhui,
  });
  carnet.noter({ type: 'retrait', champ, raison });
  for (const perdu of perdus) carnet.noter({ type: 'retrait', champ: perdu, raison: 'sans-objet' });
}

/**
 * After a new answer, takes back the earlier answers that no longer have a question (a job's contract once the job is gone) and says which.
 * What this very message said is kept as said: only answers that made sense before can lose it.
 */
export function retirerSansObjet(carnet: Carnet, avant: Profil): void {
  const le = carnet.contexte.aujourdhui;
  const deja = orphelins(avant, le);
  const perdus = orphelins(carnet.dossier.profil, le).filter(
    (c) => avant[c] !== undefined && !deja.includes(c),
  );
  const dits = perdus.filter((c) => carnet.dossier.ordre.includes(c));
  for (const champ of perdus) carnet.noter({ type: 'retrait', champ, raison: 'sans-objet' });
  if (dits.length > 0)
    carnet.dire('dialogue.corriger-sans-objet', {
      champs: dits.map((c) => carnet.t(`dossier.nom-${c}`)).join(', '),
    });
}

/** What an activity carries: without it, these would bring it back (`implications.json`). */
const SUITES_ACTIVITE: readonly Champ[] = ['contrat', 'versant', 'categorie', 'suspension', 'finContrat'];

/**
 * « En fait je ne suis plus salariée » : what was noted and is denied is taken back and said, so that it is asked again rather than kept.
 * Returns whether anything was.
 */
export function retirerDementis(carnet: Carnet, { dementis, profil }: Comprehension): boolean {
  const dits = dementis
    .filter(({ champ, valeur }) => profil[champ] === undefined && carnet.dossier.profil[champ] === valeur)
    .map(({ champ }) => champ);
  const suites = dits.includes('activite') ? SUITES_ACTIVITE : [];
  const champs = [...new Set([...dits, ...suites])].filter(
    (c) => carnet.dossier.profil[c] !== undefined && profil[c] === undefined,
  );
  if (champs.length === 0) return false;
  for (const champ of champs) retirer(carnet, champ, 'correction');
  carnet.dire('dialogue.corriger-sans-objet', {
    champs: champs.map((c) => carnet.t(`dossier.nom-${c}`)).join(', '),
  });
  return true;
}

/** Reopens one answer: the rest is kept. */
export function corriger(carnet: Carnet, cible: Cible): void {
  const question = questionDeCible(cible);
  if (estChamp(question)) retirer(carnet, question, 'correction');
  poser(carnet, question, prochaineEtape(carnet.dossier, carnet.contexte.aujourdhui));
}

function revenir(carnet: Carnet): Suite {
  const dernier = carnet.dossier.ordre.findLast((c) => carnet.dossier.posees.includes(c));
  if (dernier === undefined) {
    carnet.dire('dialogue.retour-rien');
    return 'reprendre';
  }
  carnet.dire('dialogue.retour');
  retirer(carnet, dernier, 'retour');
  poser(carnet, dernier, prochaineEtape(carnet.dossier, carnet.contexte.aujourdhui));
  return 'attendre';
}

function direConseiller(carnet: Carnet, etape: Etape): Suite {
  carnet.dire('dialogue.conseiller');
  const connu = 'aiguillage' in etape ? etape.aiguillage.orientations[0]?.operateur : undefined;
  if (connu === undefined) {
    const contact = contactsDe('operateur-regional', {});
    carnet.dire('dialogue.conseiller-national', { libelle: contact.libelleUrl, url: contact.url });
  } else {
    carnet.repondre({
      texte: `${carnet.t('dialogue.conseiller-contact', { nom: nomDe(carnet, connu) })}\n\n${contactEnMots(contactOperateur(carnet, connu))}`,
    });
  }
  return 'reprendre';
}

function direMesDonnees(carnet: Carnet): Suite {
  const { reference, conservationJours } = carnet.contexte;
  const liste = points(carnet);
  carnet.dire(
    liste === '' ? 'dialogue.mes-donnees-vide' : 'dialogue.mes-donnees',
    { points: liste, reference, jours: conservationJours },
    {
      choix: [
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
        carnet.choix('dialogue.choix-reprendre', { action: 'reprendre' }),
      ],
    },
  );
  const envoi = carnet.dossier.transmission;
  if (envoi?.etat === 'envoyee') carnet.dire('dialogue.mes-donnees-envoi', { service: envoi.service });
  const lecture = carnet.contexte.suivi?.lecture;
  if (lecture !== undefined)
    carnet.dire('lecture.mes-donnees', lecture, {
      choix: choixDeRetrait(carnet),
    });
  return 'attendre';
}

function confirmer(carnet: Carnet, quoi: 'effacer' | 'recommencer'): Suite {
  carnet.noter({ type: 'question', question: `confirmer-${quoi}` });
  const envoi = carnet.dossier.transmission;
  if (quoi === 'effacer' && envoi?.etat === 'envoyee')
    carnet.dire('dialogue.confirmer-effacer-transmis', { service: envoi.service });
  carnet.dire(
    `dialogue.confirmer-${quoi}`,
    {},
    {
      choix: [
        carnet.choix(`dialogue.choix-oui-${quoi}`, { action: 'confirmer', quoi, oui: true }),
        carnet.choix('dialogue.choix-non-garder', { action: 'confirmer', quoi, oui: false }),
      ],
    },
  );
  return 'attendre';
}

/** The commands, understood everywhere and answered the same way everywhere, before the open question (design § 3). */
export function executer(carnet: Carnet, commande: Commande, etape: Etape): Suite {
  switch (commande) {
    case 'aide':
      carnet.dire('dialogue.aide');
      return 'reprendre';
    case 'retour':
      return revenir(carnet);
    case 'corriger':
      return proposerCorrection(carnet);
    case 'recommencer':
      return confirmer(carnet, 'recommencer');
    case 'pourquoi':
      expliquer(carnet, carnet.dossier.question);
      return 'reprendre';
    case 'simplifier':
      carnet.noter({ type: 'registre', registre: 'falc' });
      carnet.dire('dialogue.simplifier');
      return 'reprendre';
    case 'effacer':
      return confirmer(carnet, 'effacer');
    case 'mes-donnees':
      return direMesDonnees(carnet);
    case 'conseiller':
      return direConseiller(carnet, etape);
    case 'suivi': {
      const envoi = carnet.dossier.transmission;
      const { reference } = carnet.contexte;
      const proposition = carnet.contexte.suivi?.proposition;
      const page = { carte: carteSuivi(carnet) };
      if (envoi?.etat === 'envoyee')
        carnet.dire(
          'dialogue.suivi',
          { service: envoi.service, reference },
          { ...page, choix: [...choixDeRetrait(carnet), ...choixDAccepterEncore(carnet)] },
        );
      else carnet.dire('dialogue.suivi-rien', { reference }, page);
      if (proposition !== undefined) {
        demanderProposition(carnet, proposition);
        return 'attendre';
      }
      return 'reprendre';
    }
  }
}
