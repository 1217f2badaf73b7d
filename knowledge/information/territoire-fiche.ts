import { departement } from '../territoire/index.ts';
import { OPERATEURS, type Jour, type Registre } from '../vocabulaire/index.ts';
import {
  anneeBmo,
  bassinsDuDepartement,
  famillesLesPlusRecherchees,
  libelleFamille,
  zonesDe,
  type ChiffreBmo,
} from './bmo.ts';
import {
  conseilRegional,
  contactsDe,
  observatoireRegional,
  transitionsPro,
  type LienRegional,
} from './contacts.ts';
import { pieceMarcheLocal } from './marche.ts';
import { pieceTransition } from './metiers-pieces.ts';
import { majuscule } from './redaction.ts';
import { relaisDe, type FicheRelais } from './relais.ts';
import { guichetsDuDepartement, lieuDuGuichet, TYPES_SERVICES } from './annuaire.ts';
import { reunionEnMots } from './lieux-mots.ts';
import { reunionsProches } from './reunions.ts';
import { zonesEmploiDuDepartement } from './zones-emploi.ts';
import type { Contact, Lieu, PieceInformation } from './types.ts';

/** One family of métiers and its figures; `null` is « non publié ». */
export type LigneTerritoire = { readonly famille: string; readonly chiffre: ChiffreBmo };

/** Everything the page of a département shows: what the conversation would say there, whatever the person. */
export type FicheTerritoire = {
  readonly departement: string;
  readonly region: string;
  /** Survey year of every figure below. */
  readonly annee: number;
  /** What recruits, then the métiers of the ecological transition; empty where the survey does not go. */
  readonly pieces: readonly PieceInformation[];
  readonly lignes: readonly LigneTerritoire[];
  readonly bassins: readonly { readonly nom: string; readonly lignes: readonly LigneTerritoire[] }[];
  readonly contacts: readonly Contact[];
  readonly formation: LienRegional;
  readonly transitionsPro: LienRegional;
  /** Regional observatory of jobs and training, where its address is known. */
  readonly observatoire?: LienRegional;
  readonly relais: readonly FicheRelais[];
  /** Names of the zones d’emploi (Insee) of the département; empty while none was imported. */
  readonly zonesEmploi: readonly string[];
  /** Counters of the official directory and meetings to come; empty while none was imported. */
  readonly lieux: readonly Lieu[];
  readonly reunions: readonly string[];
};

/** Doors useful to anyone, whatever their status; those of a status (agent public, militaire…) come with the rules that name them. */
const RELAIS_POUR_TOUS = ['cio-scuio', 'info-jeunes', 'mdph', 'agefiph', 'france-services'] as const;
const REUNIONS = 8;
const LIGNES = 10;
const LIGNES_PAR_BASSIN = 3;

const enLignes = (chiffres: readonly ChiffreBmo[]): readonly LigneTerritoire[] =>
  chiffres.map((chiffre) => ({
    famille: majuscule(libelleFamille(chiffre.famille) ?? chiffre.famille),
    chiffre,
  }));

/**
 * The sheet of a département (INSEE code, overseas collectivities included); `undefined` for an unknown code. Figures are those of the survey in service; where it
 * has none for this département the lists are empty, never filled from a wider territory.
 */
export function ficheTerritoire(code: string, registre: Registre, le: Jour): FicheTerritoire | undefined {
  const trouve = departement(code);
  if (trouve === undefined) return undefined;
  const { region } = trouve;
  const zone = zonesDe({ departement: code }).find((z) => z.niveau === 'departement');
  const observatoire = observatoireRegional(region);
  const cadre = { lieu: { departement: code }, registre, le };
  return {
    departement: code,
    region,
    annee: anneeBmo(),
    pieces:
      zone === undefined
        ? []
        : [pieceMarcheLocal(cadre), pieceTransition(undefined, cadre)].filter((p) => p !== undefined),
    lignes: zone === undefined ? [] : enLignes(famillesLesPlusRecherchees(zone, LIGNES)),
    bassins: bassinsDuDepartement(code).map((bassin) => ({
      nom: bassin.nom,
      lignes: enLignes(famillesLesPlusRecherchees(bassin, LIGNES_PAR_BASSIN)),
    })),
    contacts: OPERATEURS.map((operateur) => contactsDe(operateur, { region }, registre)),
    formation: conseilRegional(region),
    transitionsPro: transitionsPro(region),
    ...(observatoire === undefined ? {} : { observatoire }),
    relais: RELAIS_POUR_TOUS.map(relaisDe),
    zonesEmploi: zonesEmploiDuDepartement(code),
    lieux: guichetsDuDepartement(TYPES_SERVICES, code).map((guichet) =>
      lieuDuGuichet({ guichet, dessert: false }, registre),
    ),
    reunions: reunionsProches({ departement: code }, le, REUNIONS).map((r) => reunionEnMots(r, registre)),
  };
}
