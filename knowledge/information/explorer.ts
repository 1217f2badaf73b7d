import { nomComplet } from '../territoire/index.ts';
import type { Registre } from '../vocabulaire/index.ts';
import { anneeBmo, libelleFamille, sourceBmo, zonesDe, type ChiffreBmo, type Zone } from './bmo.ts';
import { pieceActeurs } from './informer.ts';
import {
  chiffresLesPlusProches,
  famillesDeMetier,
  pieceMarche,
  pieceMarcheLocal,
  type CadreChiffres,
  type MetierNomme,
} from './marche.ts';
import { pieceAcces, pieceProches, pieceTransition } from './metiers-pieces.ts';
import { accorder, de, dire, enumerer, majuscule, nombre } from './redaction.ts';
import type { DemandeInformation, GraphiqueInformation, Information, PieceInformation } from './types.ts';

/**
 * A look elsewhere: « et à Arras ? » (one commune), « compare Lille et Valenciennes » (several), « et dans le Nord ? », « et pour électricien ? ».
 * What is empty or absent stays as in the person's own request.
 */
export type Exploration = {
  readonly communes: readonly string[];
  readonly departement?: string | undefined;
  readonly region?: string | undefined;
  readonly metiers: readonly MetierNomme[];
};

/** Compared at once: more would not be read. */
const COMPARES = 3;

type Mesure = {
  readonly commune: string;
  readonly zone: Zone | undefined;
  readonly chiffre: ChiffreBmo | undefined;
};

const mesurer = (commune: string, metier: MetierNomme): Mesure => {
  const { zone, chiffres } = chiffresLesPlusProches(famillesDeMetier(metier), zonesDe({ commune }));
  return { commune, zone, chiffre: chiffres[0] };
};

function phraseMesure({ commune, zone, chiffre }: Mesure, registre: Registre): string {
  const lieu = nomComplet(commune);
  if (zone === undefined || chiffre === undefined || chiffre.projets === null)
    return dire('comparer-sans-chiffre', registre, { lieu });
  return dire(chiffre.partDifficile === null ? 'comparer-lieu' : 'comparer-lieu-difficile', registre, {
    lieu,
    locatif: zone.locatif,
    nombre: nombre(chiffre.projets),
    recrutements: accorder(chiffre.projets, 'recrutement', 'recrutements'),
    deFamille: de(libelleFamille(chiffre.famille) ?? chiffre.famille),
    part: chiffre.partDifficile ?? 0,
  });
}

/** Bars only where all the figures are of the same level and of different zones: otherwise a picture would mislead. */
function graphiqueComparaison(
  mesures: readonly Mesure[],
  titre: string,
  registre: Registre,
): GraphiqueInformation | undefined {
  const zones = mesures.map((m) => m.zone);
  const niveaux = new Set(zones.map((z) => z?.niveau));
  const codes = new Set(zones.map((z) => z?.code));
  if (niveaux.size !== 1 || codes.size !== mesures.length || zones.includes(undefined)) return undefined;
  const annee = anneeBmo();
  const barres = mesures.map(({ commune, chiffre }) => ({
    libelle: nomComplet(commune),
    valeur: chiffre?.projets ?? null,
  }));
  return {
    titre,
    unite: dire('unite-recrutements', registre),
    barres,
    texte: dire('comparer-graphique-texte', registre, {
      annee,
      liste: barres
        .map(({ libelle, valeur }) =>
          dire('graphique-valeur', registre, {
            libelle,
            valeur: valeur === null ? dire('graphique-non-publie', registre) : nombre(valeur),
          }),
        )
        .join(' ; '),
    }),
    source: dire('graphique-source', registre, { annee }),
  };
}

/**
 * The same métier in two or three communes (INSEE codes), side by side: each figure with its own level, a warning when the levels differ, one figure when the communes
 * share a bassin. Never « better »: what suits the person is theirs to say.
 */
export function comparer(
  communes: readonly string[],
  metier: MetierNomme,
  { registre }: Omit<CadreChiffres, 'lieu'>,
): PieceInformation {
  const mesures = communes.slice(0, COMPARES).map((c) => mesurer(c, metier));
  const noms = mesures.map((m) => nomComplet(m.commune));
  const zones = new Set(mesures.map((m) => `${m.zone?.niveau} ${m.zone?.code}`));
  const niveaux = new Set(mesures.map((m) => m.zone?.niveau));
  const titre = dire('comparer-titre', registre, {
    metier: majuscule(metier.libelle),
    lieux: enumerer(noms),
  });
  const premier = mesures[0];
  const corps =
    zones.size === 1 && premier?.chiffre !== undefined
      ? [dire('comparer-meme-zone', registre, { lieux: enumerer(noms) }), phraseMesure(premier, registre)]
      : [
          mesures.map((m) => `- ${phraseMesure(m, registre)}`).join('\n'),
          ...(niveaux.size > 1 ? [dire('comparer-niveaux', registre)] : []),
        ];
  const graphique = graphiqueComparaison(mesures, titre, registre);
  return {
    id: `comparer-${metier.rome}-${mesures.map((m) => m.commune).join('-')}`,
    genre: 'marche-du-travail',
    titre,
    texte: [dire('comparer-intro', registre, { annee: anneeBmo() }), ...corps].join('\n\n'),
    ...(graphique === undefined ? {} : { graphique }),
    sources: [sourceBmo()],
  };
}

const lieuDit = ({ communes, departement, region }: Exploration): string | undefined =>
  communes[0] ?? departement ?? region;

/**
 * What to say of a place or a métier the person only asks about: what changes with it, and nothing of what was already said (an aid does not depend on the town). Ids
 * carry the place, so that the person's own pieces stay to be said.
 */
export function explorer(
  demande: DemandeInformation,
  exploration: Exploration,
  registre: Registre,
): Information {
  const metiersDits = exploration.metiers.slice(0, COMPARES);
  const vises = demande.metiers.filter((m) => m.role === 'vise').slice(0, 1);
  const siens = vises.length > 0 ? vises : demande.metiers.slice(0, 1);
  const metiers: readonly MetierNomme[] = metiersDits.length > 0 ? metiersDits : siens;
  const [principal] = metiers;
  const cadreSansLieu = { registre, le: demande.le };
  if (exploration.communes.length > 1)
    return {
      pieces:
        principal === undefined
          ? exploration.communes
              .slice(0, COMPARES)
              .map((commune) => pieceMarcheLocal({ ...cadreSansLieu, lieu: { commune } }))
              .filter((p) => p !== undefined)
          : metiers.map((m) => comparer(exploration.communes, m, cadreSansLieu)),
    };
  const ailleurs = lieuDit(exploration);
  const lieu =
    ailleurs === undefined
      ? demande
      : {
          ...(exploration.communes[0] === undefined ? {} : { commune: exploration.communes[0] }),
          ...(exploration.departement === undefined ? {} : { departement: exploration.departement }),
          ...(exploration.region === undefined ? {} : { region: exploration.region }),
        };
  const cadre: CadreChiffres = { ...cadreSansLieu, lieu };
  const marches = metiers.map((m) => pieceMarche(m, cadre));
  const { commune: _c, departement: _d, region: _r, ...sansLieu } = demande;
  const pieces =
    metiersDits.length > 0
      ? [
          ...marches,
          ...(metiersDits.length === 1 && principal !== undefined
            ? [
                pieceAcces(principal, registre),
                pieceProches(principal, cadre),
                pieceTransition(principal, cadre),
              ]
            : []),
        ]
      : [...marches, pieceMarcheLocal(cadre), pieceActeurs({ ...sansLieu, ...lieu }, registre)];
  return {
    pieces: pieces
      .filter((p) => p !== undefined)
      .map((p) => (ailleurs === undefined ? p : { ...p, id: `${p.id}-vers-${ailleurs}` })),
  };
}

/** « électricien, à Arras » : what is being looked at, in a few words, for the sentence that opens the answer. */
export function nommerExploration(exploration: Exploration, lieuEnMots: string | undefined): string {
  const metiers = enumerer(exploration.metiers.map((m) => m.libelle));
  const lieux = exploration.communes.length > 0 ? enumerer(exploration.communes.map(nomComplet)) : lieuEnMots;
  return majuscule([metiers, lieux ?? ''].filter((m) => m !== '').join(' – '));
}
