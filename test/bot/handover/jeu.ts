import type { DocumentNiveau1 } from '../../../knowledge/dossier/document-types.ts';
import type { Journaliseur } from '../../../bot/ports.ts';
import {
  creerTransmissions,
  type DemandeTransmission,
  type ServiceReceveur,
  type Transmissions,
} from '../../../bot/handover/index.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';

/** A level-1 document as the conversation makes it, made-up person. */
export const documentEssai = (reference = 'CEP-7K3M9-QXA4T'): DocumentNiveau1 => ({
  version: 2,
  edition: { numero: 1 },
  reference,
  etabliLe: '2026-11-20',
  expireLe: '2026-12-20',
  preparePar: 'Préparé par la personne avec l’assistant ; à confirmer avec un conseiller.',
  demande: 'changer-de-metier',
  decision: 'poursuivre',
  operateur: 'operateur-regional',
  territoire: { commune: '59350', departement: '59', region: '32' },
  avertissements: [
    'Ne démissionnez pas sur cette base : demandez d’abord un CEP à l’opérateur, puis attendez l’attestation de Transitions Pro.',
  ],
  sections: [
    {
      id: 'demande',
      titre: 'Votre demande',
      lignes: [
        { id: 'demande', libelle: 'Demande', texte: 'Changer de métier', retirable: false },
        {
          id: 'paroles-1',
          libelle: 'Avec vos mots',
          texte: '« j’en peux plus de la caisse <script>alert(1)</script> & je voudrais soigner »',
          retirable: true,
        },
      ],
    },
    {
      id: 'besoin',
      titre: 'Votre besoin',
      lignes: [
        {
          id: 'metier-vise',
          libelle: 'Métier visé',
          texte: 'Aide-soignante, aide-soignant',
          retirable: true,
        },
        { id: 'echeance', libelle: 'Échéance', texte: 'Dans les six mois', retirable: true },
        { id: 'modeSouhaite', libelle: 'Mode souhaité', texte: 'Au téléphone', retirable: true },
      ],
    },
    {
      id: 'situation',
      titre: 'Votre situation',
      lignes: [
        { id: 'lieu', libelle: 'Lieu', texte: 'Lille (Nord, Hauts-de-France)', retirable: true },
        { id: 'activite', libelle: 'Activité', texte: 'En emploi dans le privé', retirable: true },
      ],
    },
    {
      id: 'informations',
      titre: 'Informations données',
      lignes: [
        {
          id: 'informations',
          libelle: 'Types d’informations',
          texte: 'Marché du travail ; métier visé ; démarches',
          retirable: true,
        },
      ],
    },
    {
      id: 'decision',
      titre: 'Votre décision',
      lignes: [
        { id: 'decision', libelle: 'Décision', texte: 'Continuer avec un conseiller', retirable: false },
      ],
    },
    {
      id: 'orientation',
      titre: 'Orientation',
      lignes: [
        {
          id: 'operateur',
          libelle: 'Opérateur choisi',
          texte: 'Avenir Actifs Hauts-de-France',
          retirable: true,
        },
        {
          id: 'motif',
          libelle: 'Pourquoi',
          texte: 'Vous travaillez dans le secteur privé.',
          retirable: true,
        },
        {
          id: 'joindre',
          libelle: 'Pour joindre',
          texte: '09 72 01 02 03, https://mon-cep.org/',
          retirable: true,
        },
      ],
    },
  ],
  reperes: [],
  sources: [
    {
      titre: 'Arrêté du 29 mars 2019, cahier des charges du CEP',
      url: 'https://www.legifrance.gouv.fr/loda/id/JORFTEXT000038309378',
      date: '2019-03-29',
    },
  ],
});

export const servicesEssai: readonly ServiceReceveur[] = [
  {
    id: 'aa-hdf',
    nom: 'Avenir Actifs Hauts-de-France',
    operateur: 'operateur-regional',
    regions: ['32'],
    demonstration: true,
    delaiJoursOuvres: 3,
  },
  { id: 'apec', nom: 'Apec', operateur: 'apec', regions: 'toutes', demonstration: true },
];

export const demandeEssai = (autres: Partial<DemandeTransmission> = {}): DemandeTransmission => {
  const reference = autres.reference ?? 'CEP-7K3M9-QXA4T';
  return {
    reference,
    document: documentEssai(reference),
    operateur: 'operateur-regional',
    region: '32',
    departement: '59',
    contact: {
      moyen: 'telephone',
      valeur: '06 12 34 56 78',
      nom: 'Camille Ördög',
      disponibilites: 'après 18 h',
    },
    consentement: {
      le: Date.parse('2026-11-20T10:00:00Z'),
      texte: 'J’accepte que ce document et mon téléphone soient transmis.',
      destinataire: 'Avenir Actifs Hauts-de-France',
    },
    ...autres,
  };
};

export const journaliseurMuet: Journaliseur = { info() {}, alerte() {}, erreur() {} };

/** Handovers kept in memory, for the services above. */
export const transmissionsEssai = (horloge: () => number): Promise<Transmissions> =>
  creerTransmissions({
    depot: depotMemoire(),
    services: servicesEssai,
    horloge,
    journaliseur: journaliseurMuet,
  });
