import { carteSuivi } from './suivi.ts';
import {
  avertissementsDe,
  construireDocument,
  estGardee,
  estReecrivable,
  gardeLaSante,
  lignesPossibles,
  operateurDuDocument,
  territoireDe,
  type ContactPersonne,
  LIGNE_NON_DETAILLEE,
  type DocumentNiveau1,
  type EnvoiDocument,
  type Etape,
} from '../knowledge/dossier/index.ts';
import type { Aiguillage } from '../knowledge/aiguillage/index.ts';
import { jourEnToutesLettres, type Operateur } from '../knowledge/vocabulaire/index.ts';
import type { Carnet, Effet, ServiceRelie } from './contexte.ts';
import type { ActionCarte, BlocCarte } from './messages.ts';
import { blocsDAccord } from './accord-direct.ts';
import { accordDeLecture, blocsDeLecture, estLaSienne } from './lecture.ts';
import { contactEnMots, contactOperateur, nomDe } from './orientation.ts';
import { progressionDe } from './progression.ts';

/**
 * Typed by a counsellor for somebody on the phone or at the desk, the conversation has nobody to answer to. A box ticked a minute before the
 * service closed stays ticked: the agreement holds for its next opening.
 */
const accepteEnDirect = (carnet: Carnet, relie: ServiceRelie): boolean =>
  relie.enDirect === true && estLaSienne(carnet);

/** What would be sent now. */
const documentAEnvoyer = (carnet: Carnet, aiguillage: Aiguillage, envoi: EnvoiDocument) =>
  construireDocument(
    carnet.dossier,
    { aiguillage, le: carnet.contexte.aujourdhui, reference: carnet.contexte.reference },
    envoi,
  );

const envoiDe = (carnet: Carnet, { operateur }: { readonly operateur: Operateur }): EnvoiDocument => ({
  destinataire: operateur,
  conservation: carnet.contexte.conservationEnvoi,
});

/** The words agreed to, on the screen and in the record alike: to whom, what for, and until when it is kept. */
const accordDEnvoi = (carnet: Carnet, nomDuService: string): string =>
  carnet.t('dialogue.contact-consentement', {
    service: nomDuService,
    mois: carnet.contexte.conservationEnvoi.moisApresCloture,
    jours: carnet.contexte.conservationEnvoi.joursSansSuivi,
  });

/** What Cap emploi will read in the place of reasons not kept is read by the person before they agree. */
function blocsNonDetailles(carnet: Carnet, document: DocumentNiveau1): BlocCarte[] {
  const ligne = document.sections.flatMap((s) => s.lignes).find((l) => l.id === LIGNE_NON_DETAILLEE);
  if (ligne === undefined) return [];
  return [
    {
      type: 'texte',
      texte: carnet.t('dialogue.contact-non-detaille', { texte: ligne.texte }),
      style: 'discret',
    },
  ];
}

/** The conversation shows of health what the document shows: the person chose line by line, just before. */
const santeLue = (document: DocumentNiveau1): 'montree' | 'cachee' =>
  gardeLaSante(document) ? 'montree' : 'cachee';

/** The box that lets somebody answer here, where the service answers at all. */
const blocsEnDirect = (carnet: Carnet, relie: ServiceRelie): readonly BlocCarte[] =>
  accepteEnDirect(carnet, relie) ? blocsDAccord(carnet, relie) : [];

type EffetTransmettre = Extract<Effet, { type: 'transmettre' }>;

const service = (carnet: Carnet, aiguillage: Aiguillage) => {
  const operateur = operateurDuDocument(carnet.dossier, aiguillage);
  if (operateur === undefined) return undefined;
  const { lieu, demande, profil } = carnet.dossier;
  const relie = carnet.contexte.service(operateur, { ...territoireDe(lieu), demande, profil });
  return { operateur, nom: nomDe(carnet, operateur), relie };
};

function blocsDocument(carnet: Carnet, aiguillage: Aiguillage): BlocCarte[] {
  const { dossier } = carnet;
  const avertissements = avertissementsDe(aiguillage, dossier.registre).map((texte): BlocCarte => ({
    type: 'texte',
    texte,
    style: 'attention',
  }));
  const lignes = lignesPossibles(dossier, { aiguillage }).map((l): BlocCarte => {
    const mots = `${l.libelle} : ${l.texte}`;
    return l.retirable
      ? { type: 'case', id: `ligne:${l.id}`, libelle: mots, cochee: estGardee(dossier, l) }
      : { type: 'texte', texte: mots };
  });
  return [
    ...avertissements,
    ...lignes,
    { type: 'texte', texte: carnet.t('dialogue.document-defaut'), style: 'discret' },
  ];
}

/** The document step: every line with its box, the files, and sending where a service is connected to receive it. */
export function montrerDocument(
  carnet: Carnet,
  aiguillage: Aiguillage,
  etape: Etape,
  introduction = 'dialogue.document',
): void {
  if (carnet.dossier.question !== 'document') carnet.noter({ type: 'question', question: 'document' });
  const destinataire = service(carnet, aiguillage);
  const envoyee = carnet.dossier.transmission?.etat === 'envoyee';
  const actions: ActionCarte[] = [
    {
      type: 'envoyer',
      libelle: carnet.t('dialogue.action-document-enregistrer'),
      valeur: { action: 'document' },
    },
    ...(!envoyee && lignesPossibles(carnet.dossier, { aiguillage }).some(estReecrivable)
      ? [
          {
            type: 'envoyer',
            libelle: carnet.t('dialogue.action-document-reecrire'),
            valeur: { action: 'reecrire' },
          } as const,
        ]
      : []),
    {
      type: 'ressource',
      libelle: carnet.t('dialogue.action-document-lire'),
      ressource: { type: 'document', format: 'html' },
    },
    {
      type: 'ressource',
      libelle: carnet.t('dialogue.action-document-pdf'),
      ressource: { type: 'document', format: 'pdf' },
    },
  ];
  if (destinataire?.relie !== undefined && !envoyee) {
    actions.push({
      type: 'envoyer',
      libelle: carnet.t('dialogue.action-document-envoyer', { nom: destinataire.nom }),
      valeur: { action: 'preparer-envoi' },
      style: 'principal',
    });
  }
  carnet.repondre({
    texte: carnet.t(introduction),
    carte: { titre: carnet.t('dialogue.titre-document'), blocs: blocsDocument(carnet, aiguillage), actions },
  });
  if (destinataire !== undefined && destinataire.relie === undefined) {
    const contact = contactOperateur(carnet, destinataire.operateur);
    carnet.dire('dialogue.document-envoi-absent', {
      nom: destinataire.nom,
      contact: contactEnMots(contact).replaceAll('\n\n', ' '),
    });
  } else if (destinataire?.relie?.demonstration === true && !envoyee) {
    carnet.dire('dialogue.document-envoi-demonstration');
  }
  carnet.dire(
    'dialogue.fin',
    {},
    {
      choix: [
        carnet.choix('dialogue.choix-terminer', { action: 'decision', suite: 'arreter' }),
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
      ],
      progression: progressionDe(carnet, etape),
    },
  );
}

/** The contact form. Contact details are taken only from here (design § 6), and only to be sent. */
export function demanderContact(
  carnet: Carnet,
  aiguillage: Aiguillage,
  etape: Etape,
  saisi: ContactPersonne = {},
): void {
  const destinataire = service(carnet, aiguillage);
  if (destinataire?.relie === undefined) return montrerDocument(carnet, aiguillage, etape);
  if (carnet.dossier.question !== 'contact') carnet.noter({ type: 'question', question: 'contact' });
  const champ = (
    id: keyof ContactPersonne,
    forme: 'texte' | 'telephone' | 'courriel',
    max: number,
  ): BlocCarte => {
    const valeur = saisi[id];
    return {
      type: 'saisie',
      id,
      libelle: carnet.t(`dialogue.contact-${id}`),
      forme,
      max,
      obligatoire: false,
      ...(valeur === undefined ? {} : { valeur }),
    };
  };
  const document = documentAEnvoyer(carnet, aiguillage, envoiDe(carnet, destinataire));
  carnet.dire(
    'dialogue.contact',
    { nom: destinataire.nom },
    {
      carte: {
        titre: carnet.t('dialogue.titre-formulaire-contact'),
        blocs: [
          champ('nom', 'texte', 80),
          champ('telephone', 'telephone', 40),
          champ('courriel', 'courriel', 120),
          champ('disponibilites', 'texte', 200),
          ...blocsNonDetailles(carnet, document),
          {
            type: 'case',
            id: 'consentement',
            libelle: accordDEnvoi(carnet, destinataire.relie.nom),
            cochee: false,
          },
          ...blocsEnDirect(carnet, destinataire.relie),
          ...blocsDeLecture(carnet, destinataire.relie.nom, santeLue(document)),
        ],
        actions: [
          {
            type: 'envoyer',
            libelle: carnet.t('dialogue.action-contact-envoyer'),
            valeur: { action: 'envoyer' },
            style: 'principal',
          },
          {
            type: 'envoyer',
            libelle: carnet.t('dialogue.action-contact-annuler'),
            valeur: { action: 'ne-pas-envoyer' },
            style: 'discret',
          },
        ],
      },
      progression: progressionDe(carnet, etape),
    },
  );
}

/** A French number (ten digits, or +33 and nine) or an international one; spaces, dots and dashes are free. */
const TELEPHONE = /^(?:0\d{9}|\+33\d{9}|\+\d{7,15})$/;
const COURRIEL = /^[^\s@<>]{1,64}@[^\s@<>]+\.[^\s@<>]{2,}$/;

type Formulaire = {
  readonly nom?: string | undefined;
  readonly telephone?: string | undefined;
  readonly courriel?: string | undefined;
  readonly disponibilites?: string | undefined;
  readonly consentement?: boolean | undefined;
  readonly enDirect?: boolean | undefined;
  readonly conversation?: boolean | undefined;
};

/** What stands in the way of sending, as a text key; `undefined` when the form is complete. */
function manque(contact: ContactPersonne, formulaire: Formulaire): string | undefined {
  if (contact.telephone === undefined && contact.courriel === undefined)
    return 'dialogue.contact-manque-moyen';
  if (contact.telephone !== undefined && !TELEPHONE.test(contact.telephone.replaceAll(/[\s.\-()]/g, '')))
    return 'dialogue.contact-telephone-invalide';
  if (contact.courriel !== undefined && !COURRIEL.test(contact.courriel))
    return 'dialogue.contact-courriel-invalide';
  return formulaire.consentement === true ? undefined : 'dialogue.contact-consentement-requis';
}

/** Reads the contact form and asks the host to send; nothing leaves without a way to be reached and an explicit agreement. */
export function envoyer(carnet: Carnet, aiguillage: Aiguillage, etape: Etape, formulaire: Formulaire): void {
  const destinataire = service(carnet, aiguillage);
  if (destinataire?.relie === undefined || carnet.dossier.transmission?.etat === 'envoyee')
    return montrerDocument(carnet, aiguillage, etape);
  const contact: ContactPersonne = Object.fromEntries(
    (['nom', 'telephone', 'courriel', 'disponibilites'] as const).flatMap((c) => {
      const propre = formulaire[c]?.trim() ?? '';
      return propre === '' ? [] : [[c, propre]];
    }),
  );
  const refus = manque(contact, formulaire);
  if (refus !== undefined) {
    carnet.dire(refus);
    return demanderContact(carnet, aiguillage, etape, contact);
  }
  const document = documentAEnvoyer(carnet, aiguillage, { ...envoiDe(carnet, destinataire), contact });
  const sante = santeLue(document);
  return carnet.demander({
    type: 'transmettre',
    operateur: destinataire.operateur,
    service: destinataire.relie.nom,
    document,
    contact,
    consentement: {
      texte: accordDEnvoi(carnet, destinataire.relie.nom),
      destinataire: destinataire.relie.nom,
      ...(formulaire.enDirect === true && accepteEnDirect(carnet, destinataire.relie)
        ? { enDirect: carnet.t('echange.accord', { service: destinataire.relie.nom }) }
        : {}),
      ...(formulaire.conversation === true && estLaSienne(carnet)
        ? {
            conversation: {
              texte: accordDeLecture(carnet, destinataire.relie.nom, sante).entier,
              sante: sante === 'montree',
            },
          }
        : {}),
    },
  });
}

/** What is said once the host has tried to send. On failure everything is kept and the document comes back. */
export function conclureEnvoi(
  carnet: Carnet,
  aiguillage: Aiguillage,
  etape: Etape,
  effet: EffetTransmettre,
  reussi: boolean,
): void {
  if (!reussi) return montrerDocument(carnet, aiguillage, etape, 'dialogue.transmis-echec');
  const nomService = effet.service;
  const { region } = territoireDe(carnet.dossier.lieu);
  carnet.noter({ type: 'transmission', etat: 'envoyee', service: nomService });
  carnet.noter({ type: 'question', question: null });
  const relie = service(carnet, aiguillage)?.relie;
  carnet.dire(
    'dialogue.transmis',
    {
      service: nomService,
      reference: carnet.contexte.reference,
      delai:
        relie?.rappelAvantLe === undefined
          ? carnet.t('dialogue.transmis-delai-inconnu')
          : carnet.t('dialogue.transmis-delai', { jour: jourEnToutesLettres(relie.rappelAvantLe) }),
    },
    {
      carte: carteSuivi(carnet),
      ...(effet.consentement.enDirect === undefined
        ? {}
        : { passage: { service: nomService, ...(region === undefined ? {} : { region }) } }),
    },
  );
  if (relie?.demonstration === true) carnet.dire('dialogue.transmis-demonstration');
  return carnet.dire(
    'dialogue.fin',
    {},
    {
      choix: [
        carnet.choix('dialogue.choix-nouvelle-question', { action: 'question-libre' }),
        carnet.choix('dialogue.choix-effacer', { action: 'commande', commande: 'effacer' }),
      ],
      progression: progressionDe(carnet, etape),
    },
  );
}
