import { dansRegion, departement, locatif, commune as communeDe } from '../territoire/index.ts';
import type { Demande, Operateur, Registre } from '../vocabulaire/index.ts';
import { guichetsProches, lieuDuGuichet, typesDeLOperateur } from './annuaire.ts';
import { conseilRegional, contactsDe, transitionsPro } from './contacts.ts';
import { pieceMarche, pieceMarcheLocal, type CadreChiffres, type MetierNomme } from './marche.ts';
import { pieceAcces, pieceProches, pieceTransition, sontProches } from './metiers-pieces.ts';
import { reunionEnMots } from './lieux-mots.ts';
import { reunionsProches, sourceReunions } from './reunions.ts';
import { dispositifsPour, type Dispositif } from './dispositifs.ts';
import { dire } from './redaction.ts';
import { pieceVive } from './vif.ts';
import type { DemandeInformation, Information, PieceInformation } from './types.ts';

/** Families of pieces, in the order each demande puts them: the conversation shows three at a time. */
const RUBRIQUES = [
  'marche',
  'local',
  'acces',
  'dispositif',
  'immersion',
  'proches',
  'acces-besoins',
  'acteurs',
  'reunions',
  'autres-dispositifs',
  'transition',
  'cep',
] as const;
type Rubrique = (typeof RUBRIQUES)[number];

/** What comes first for a demande; the rest follows in the common order. */
const dAbord = (...premieres: readonly Rubrique[]): readonly Rubrique[] => [
  ...premieres,
  ...RUBRIQUES.filter((r) => !premieres.includes(r)),
];
const ORDRES: Readonly<Record<Demande, readonly Rubrique[]>> = {
  'changer-de-metier': dAbord('marche', 'acces', 'dispositif'),
  'trouver-un-emploi': dAbord('marche', 'local', 'dispositif'),
  evoluer: dAbord('marche', 'acces', 'dispositif'),
  's-informer-metier': dAbord('marche', 'acces', 'immersion'),
  'se-former': dAbord('acces', 'dispositif', 'marche'),
  'valider-son-experience': dAbord('dispositif', 'acces', 'marche'),
  'creer-son-activite': dAbord('dispositif', 'marche', 'acces'),
  'financer-un-projet': dAbord('dispositif', 'autres-dispositifs', 'marche'),
  demissionner: dAbord('dispositif', 'marche', 'acces'),
  'sante-handicap': dAbord('dispositif', 'immersion', 'marche'),
  'faire-le-point': dAbord('cep', 'marche', 'proches'),
  'comprendre-le-cep': dAbord('cep', 'acteurs', 'dispositif'),
  'trouver-un-conseiller': dAbord('acteurs', 'cep', 'dispositif'),
  'hors-perimetre': dAbord('cep', 'acteurs', 'marche'),
};

/** After the best one, how many other schemes are worth reading. */
const AUTRES_DISPOSITIFS = 4;

/** The region of a request, from its most precise place. */
function regionDe({ commune, departement: dep, region }: DemandeInformation): string | undefined {
  if (commune !== undefined) return communeDe(commune)?.region;
  return region ?? (dep === undefined ? undefined : departement(dep)?.region);
}

function pieceImmersion({ profil }: DemandeInformation, registre: Registre): PieceInformation {
  const sansEmploi = profil.activite === 'sans-emploi' || profil.rechercheEmploi === 'oui';
  return {
    id: 'immersion',
    genre: 'demarche',
    titre: dire('immersion-titre', registre),
    texte: dire('immersion-texte', registre, {
      prescripteurs: dire(sansEmploi ? 'immersion-sans-emploi' : 'immersion-emploi', registre),
    }),
    sources: [
      {
        titre: dire('source-pmsmp', registre),
        url: 'https://www.service-public.gouv.fr/particuliers/vosdroits/F14102',
        date: '2026-11-20',
        confiance: 'sur',
      },
    ],
  };
}

function pieceCep(registre: Registre): PieceInformation {
  return {
    id: 'cep',
    genre: 'cep',
    titre: dire('cep-titre', registre),
    texte: dire('cep-texte', registre),
    sources: [
      {
        titre: dire('source-cep', registre),
        url: 'https://www.service-public.gouv.fr/particuliers/vosdroits/F32457',
        date: '2026-02-20',
        confiance: 'sur',
      },
    ],
  };
}

/** The people and pages of a place: training, Transitions Pro for employees, the CEP. */
export function pieceActeurs(demande: DemandeInformation, registre: Registre): PieceInformation {
  const region = regionDe(demande);
  const lieu =
    demande.commune !== undefined && communeDe(demande.commune) !== undefined
      ? locatif(demande.commune)
      : region === undefined
        ? ''
        : dansRegion(region);
  const formation = conseilRegional(region);
  const cep = contactsDe('operateur-regional', region === undefined ? {} : { region }, registre);
  const salarie = demande.profil.activite === 'salarie-prive';
  const tp = transitionsPro(region);
  return {
    id: `acteurs-${region ?? 'france'}`,
    genre: 'acteurs',
    titre: dire('acteurs-titre', registre, { lieu }).trim(),
    texte: [
      dire('acteurs-formation', registre, { nom: formation.nom, url: formation.url }),
      ...(salarie ? [dire('acteurs-transitions-pro', registre, { nom: tp.nom, url: tp.url })] : []),
      ...(salarie || demande.profil.activite === 'independant'
        ? [dire('acteurs-cep', registre, { nom: cep.nom, url: cep.url })]
        : []),
    ].join(' '),
    sources: [formation.source],
  };
}

/** The operators whose counters may serve this person, as far as is known: what decides is the aiguillage, this only says where there is a door. */
function operateursUtiles({ profil, operateur }: DemandeInformation): readonly Operateur[] {
  if (operateur !== undefined) return [operateur];
  const jeune = typeof profil.age === 'number' && profil.age < 26;
  return [
    ...(profil.handicap === 'oui' ? (['cap-emploi'] as const) : []),
    ...(jeune ? (['mission-locale'] as const) : []),
    ...(profil.cadre === 'oui' ? (['apec'] as const) : []),
    ...(profil.activite === 'sans-emploi' || profil.rechercheEmploi === 'oui'
      ? (['france-travail'] as const)
      : []),
  ];
}

/** The nearest counters, with address, hours and access; `undefined` while no directory is loaded: the official finder of `contactsDe` remains. */
function pieceLieux(demande: DemandeInformation, registre: Registre): PieceInformation | undefined {
  const { commune } = demande;
  if (commune === undefined) return undefined;
  const voulus = [
    ...operateursUtiles(demande).flatMap(typesDeLOperateur),
    ...(['maison_emploi', 'msap'] as const),
  ];
  const importes = voulus.flatMap((t) => guichetsProches([t], commune, 1));
  const vifs = voulus.flatMap((t) => demande.vives?.guichets.find((g) => g.guichet.type === t) ?? []);
  const lieux = (importes.length > 0 ? importes : vifs).slice(0, 3).map((g) => lieuDuGuichet(g, registre));
  if (lieux.length === 0) return undefined;
  return {
    id: `lieux-${commune}`,
    genre: 'acteurs',
    titre: dire('lieux-titre', registre, { lieu: locatif(commune) }),
    texte: lieux.map((l) => `- ${l.enMots}`).join('\n'),
    sources: lieux.map((l) => l.source),
  };
}

/** The next collective meetings near the person, as their organisers announced them; `undefined` when none is known. */
function pieceReunions(demande: DemandeInformation, registre: Registre): PieceInformation | undefined {
  const source = sourceReunions();
  const proches = reunionsProches(demande, demande.le, 3);
  if (source === undefined || proches.length === 0) return undefined;
  return {
    id: 'reunions',
    genre: 'acteurs',
    titre: dire('reunions-titre', registre),
    texte: proches.map((r) => `- ${reunionEnMots(r, registre)}`).join('\n'),
    sources: [
      {
        titre: `${source.titre} (${source.producteur})`,
        url: source.url,
        date: source.date,
        confiance: 'sur',
      },
    ],
  };
}

/** For someone who said they sign, need an interpreter or a place they can enter: how to ask for it, before the first appointment. */
function pieceBesoinsAcces({ profil }: DemandeInformation, registre: Registre): PieceInformation | undefined {
  const besoins = Array.isArray(profil.besoinsAcces) ? profil.besoinsAcces : [];
  const sourd = besoins.includes('lsf');
  const phrases = [
    ...(sourd ? [dire('besoins-lsf', registre)] : []),
    ...(besoins.includes('interprete') ? [dire('besoins-interprete', registre)] : []),
    ...(besoins.includes('accessibilite-pmr') ? [dire('besoins-pmr', registre)] : []),
  ];
  if (phrases.length === 0) return undefined;
  return {
    id: 'besoins-acces',
    genre: 'acteurs',
    titre: dire('besoins-titre', registre),
    texte: [...phrases, dire('besoins-distance', registre)].join(' '),
    sources: [
      {
        titre: dire('source-arrete', registre),
        url: 'https://www.legifrance.gouv.fr/eli/arrete/2019/3/29/MTRD1909505A/jo/texte',
        date: '2019-03-29',
        confiance: 'sur',
      },
      ...(sourd ? [contactsDe('france-travail').source] : []),
    ],
  };
}

function pieceExplorer(registre: Registre): PieceInformation {
  return {
    id: 'explorer',
    genre: 'metier',
    titre: dire('explorer-titre', registre),
    texte: dire('explorer-texte', registre),
    sources: [],
  };
}

/** A scheme in a few sentences: what, for whom, how much, who decides, where to ask. */
function pieceDispositif(d: Dispositif, registre: Registre): PieceInformation {
  const phrases = [d.quoi, d.conditions, d.montant, d.quiDecide].filter((p) => p !== undefined);
  return {
    id: `dispositif-${d.id}`,
    genre: 'dispositif',
    titre: d.nom,
    texte: [
      ...phrases.map((p) => p[registre]),
      ...(d.lien === undefined ? [] : [dire('dispositif-lien', registre, { lien: d.lien.libelleUrl })]),
    ].join(' '),
    sources: [d.source],
  };
}

/**
 * The schemes in the order useful here. With a new métier in view, validating past experience helps only when it is close to the old one, and a bilan to look for a project
 * comes late; the prevention account concerns only exposed jobs, which is never asked.
 */
function ordonnerDispositifs(
  trouves: readonly Dispositif[],
  vise: MetierNomme | undefined,
  actuel: MetierNomme | undefined,
): readonly Dispositif[] {
  const moinsUtiles = new Set(['c2p']);
  if (vise !== undefined) moinsUtiles.add('bilan-competences');
  if (vise !== undefined && (actuel === undefined || !sontProches(actuel, vise))) moinsUtiles.add('vae');
  return [...trouves.filter((d) => !moinsUtiles.has(d.id)), ...trouves.filter((d) => moinsUtiles.has(d.id))];
}

/**
 * What fits this person, best first, worded in the register: figures from the bassin to France with year and level, what the métier asks for, steps and dispositifs, people
 * nearby, the CEP itself. The métier wanted speaks first, otherwise the one held; without métier, what recruits around and how to explore. The conversation shows three
 * pieces at a time. Pure: `le` says today.
 * @throws {DonneeInvalide} a shipped data file is broken: file, entry and field are named.
 */
export function informer(demande: DemandeInformation, registre: Registre): Information {
  const vise: MetierNomme | undefined = demande.metiers.find((m) => m.role === 'vise');
  const actuel: MetierNomme | undefined = demande.metiers.find((m) => m.role === 'actuel');
  const metier = vise ?? actuel;
  const vises = demande.metiers.filter((m) => m.role === 'vise').slice(0, 2);
  const metiersEnQuestion = vises.length > 0 || actuel === undefined ? vises : [actuel];
  const mobilite = (['commune', 'bassin', 'departement', 'region', 'france'] as const).find(
    (m) => m === demande.profil.mobilite,
  );
  const cadre: CadreChiffres = {
    lieu: demande,
    registre,
    le: demande.le,
    ...(mobilite === undefined ? {} : { mobilite }),
  };
  const region = regionDe(demande);
  const trouves = dispositifsPour({ ...demande, ...(region === undefined ? {} : { region }) });
  const enTete = demande.demande === 'valider-son-experience';
  const schemas = (enTete ? trouves : ordonnerDispositifs(trouves, vise, actuel))
    // The immersion has its own piece, worded for the métier.
    .filter((d) => d.id !== 'pmsmp')
    .map((d) => pieceDispositif(d, registre));
  const rubriques: Record<Rubrique, () => readonly (PieceInformation | undefined)[]> = {
    marche: () =>
      metiersEnQuestion.flatMap((m) => [pieceMarche(m, cadre), pieceVive(m, demande.vives, registre)]),
    acces: () => (vise === undefined ? [] : [pieceAcces(vise, registre)]),
    dispositif: () => schemas.slice(0, 1),
    'autres-dispositifs': () => schemas.slice(1, AUTRES_DISPOSITIFS + 1),
    immersion: () => [pieceImmersion(demande, registre)],
    proches: () => (metier === undefined ? [] : [pieceProches(actuel ?? metier, cadre)]),
    acteurs: () => [pieceLieux(demande, registre), pieceActeurs(demande, registre)],
    'acces-besoins': () => [pieceBesoinsAcces(demande, registre)],
    reunions: () => [pieceReunions(demande, registre)],
    transition: () => [pieceTransition(vise, cadre)],
    local: () =>
      metier === undefined ? [pieceMarcheLocal(cadre), pieceExplorer(registre)] : [pieceMarcheLocal(cadre)],
    cep: () => [pieceCep(registre)],
  };
  // Wishing to leave a métier without naming another: what is near it speaks before what is left.
  const ordre =
    demande.demande === 'changer-de-metier' && vise === undefined
      ? dAbord('proches', 'local', 'dispositif')
      : ORDRES[demande.demande ?? 'faire-le-point'];
  return { pieces: ordre.flatMap((r) => rubriques[r]()).filter((p) => p !== undefined) };
}
