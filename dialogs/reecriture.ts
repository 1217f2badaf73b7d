import type { Aiguillage } from '../knowledge/aiguillage/index.ts';
import {
  estReecrivable,
  evoqueSante,
  lignesPossibles,
  MOTS_DE_LIGNE_MAX,
  type Dossier,
  type Etape,
  type LigneDocument,
} from '../knowledge/dossier/index.ts';
import { REGISTRES } from '../knowledge/vocabulaire/index.ts';
import type { Carnet } from './contexte.ts';
import { montrerDocument } from './document.ts';
import type { ActionCarte } from './messages.ts';
import { progressionDe } from './progression.ts';

/** Where the document is: its step, and the orientation it writes down. */
type Place = { readonly aiguillage: Aiguillage; readonly etape: Etape };

/** Lines the person may say in their own words, as they stand. */
const reecrivables = (carnet: Carnet, { aiguillage }: Place): readonly LigneDocument[] =>
  lignesPossibles(carnet.dossier, { aiguillage }).filter(estReecrivable);

/** What was sent is sealed: nothing is rewritten after. */
const estTropTard = ({ transmission }: Dossier): boolean => transmission?.etat === 'envoyee';

const EXTRAIT_MAX = 60;
const extrait = ({ libelle, texte }: LigneDocument): string =>
  texte.length > EXTRAIT_MAX ? `${libelle} : ${texte.slice(0, EXTRAIT_MAX)}…` : `${libelle} : ${texte}`;

/** One card: which line, and the words for it. */
export function demanderReecriture(
  carnet: Carnet,
  place: Place,
  saisi: { readonly ligne?: string | undefined; readonly mots?: string | undefined } = {},
): void {
  const lignes = estTropTard(carnet.dossier) ? [] : reecrivables(carnet, place);
  if (lignes.length === 0) return montrerDocument(carnet, place.aiguillage, place.etape);
  const action = (
    cle: string,
    valeur: { readonly action: 'ecrire-ligne' | 'rendre-ligne' | 'ne-pas-envoyer' },
    style?: 'principal' | 'discret',
  ): ActionCarte => ({
    type: 'envoyer',
    libelle: carnet.t(`dialogue.action-reecrire-${cle}`),
    valeur,
    ...(style === undefined ? {} : { style }),
  });
  const choisie = lignes.some((l) => l.id === saisi.ligne) ? saisi.ligne : undefined;
  carnet.dire(
    'dialogue.reecrire',
    {},
    {
      carte: {
        titre: carnet.t('dialogue.action-document-reecrire'),
        blocs: [
          {
            type: 'liste',
            id: 'ligne',
            libelle: carnet.t('dialogue.reecrire-ligne'),
            options: lignes.map((l) => ({ libelle: extrait(l), valeur: l.id })),
            ...(choisie === undefined ? {} : { choisie }),
          },
          {
            type: 'saisie',
            id: 'mots',
            libelle: carnet.t('dialogue.reecrire-mots', { max: MOTS_DE_LIGNE_MAX }),
            forme: 'long',
            max: MOTS_DE_LIGNE_MAX,
            obligatoire: false,
            ...(saisi.mots === undefined ? {} : { valeur: saisi.mots }),
          },
        ],
        actions: [
          action('enregistrer', { action: 'ecrire-ligne' }, 'principal'),
          ...(Object.keys(carnet.dossier.reecrites).length === 0
            ? []
            : [action('rendre', { action: 'rendre-ligne' })]),
          action('revenir', { action: 'ne-pas-envoyer' }, 'discret'),
        ],
      },
      progression: progressionDe(carnet, place.etape),
    },
  );
}

/** One line of text: line breaks and what shows nothing become spaces, quotes of ours would end the quotation. */
const propre = (mots: string): string =>
  mots
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replaceAll('«', '“')
    .replaceAll('»', '”')
    .trim();

/**
 * The person's words in the place of a line (arrêté of 29 March 2019, § 2.3: they read it again and keep what is theirs). Only the document changes: answers and orientation stay, and the
 * line gives way as soon as the answer it was written for changes. Words that speak of health leave the line out until its box is ticked.
 */
export function ecrireLigne(
  carnet: Carnet,
  place: Place,
  saisi: { readonly ligne?: string | undefined; readonly mots?: string | undefined },
): void {
  const ligne = reecrivables(carnet, place).find((l) => l.id === saisi.ligne);
  if (ligne === undefined || estTropTard(carnet.dossier))
    return montrerDocument(carnet, place.aiguillage, place.etape);
  const mots = propre(saisi.mots ?? '');
  if (mots === '' || mots.length > MOTS_DE_LIGNE_MAX) {
    carnet.dire('dialogue.reecrire-vide', { max: MOTS_DE_LIGNE_MAX });
    return demanderReecriture(carnet, place, saisi);
  }
  const departs = textesDeDepart(carnet.dossier, place, ligne.id);
  const sante =
    departs.some((l) => l.sensible === 'sante') ||
    evoqueSante(mots, Date.parse(`${carnet.contexte.aujourdhui}T12:00:00Z`));
  carnet.noter({
    type: 'ligne-reecrite',
    ligne: ligne.id,
    de: [...new Set(departs.map((l) => l.texte))],
    mots,
    sante,
  });
  carnet.noter({ type: 'document', lignes: { [ligne.id]: !sante } });
  carnet.dire('dialogue.reecrite', { libelle: ligne.libelle });
  if (sante) carnet.dire('dialogue.reecrire-sante');
  montrerDocument(carnet, place.aiguillage, place.etape);
}

/** Gives a line its first words back. */
export function rendreLigne(carnet: Carnet, place: Place, id: string | undefined): void {
  const ligne = reecrivables(carnet, place).find((l) => l.id === id);
  if (
    ligne !== undefined &&
    carnet.dossier.reecrites[ligne.id] !== undefined &&
    !estTropTard(carnet.dossier)
  ) {
    carnet.noter({ type: 'ligne-rendue', ligne: ligne.id });
    carnet.dire('dialogue.reecrite-rendue', { libelle: ligne.libelle });
  }
  montrerDocument(carnet, place.aiguillage, place.etape);
}

/** The line without the person's words, in each register: it is what they were written in the place of. */
const textesDeDepart = (dossier: Dossier, { aiguillage }: Place, id: string): readonly LigneDocument[] =>
  REGISTRES.flatMap((registre) =>
    lignesPossibles({ ...dossier, registre, reecrites: {} }, { aiguillage }).filter((l) => l.id === id),
  );
