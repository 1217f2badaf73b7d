import { deuxGenres, tousLesMetiers, type Metier } from '../langage/index.ts';
import type { Registre } from '../vocabulaire/index.ts';
import {
  anneeBmo,
  chiffreBmo,
  estFamilleLarge,
  libelleFamille,
  paquetBmo,
  sourceBmo,
  type Zone,
} from './bmo.ts';
import { accesDe } from './metiers-acces.ts';
import {
  estSecteur,
  famillesDeMetier,
  graphiqueProjets,
  zoneCherchee,
  type CadreChiffres,
  type MetierNomme,
} from './marche.ts';
import { dire, enumerer, majuscule, nombre } from './redaction.ts';
import {
  accesRome,
  ficheRome,
  fichesRome,
  mobiliteRome,
  sourceRome,
  type AccesMetier,
} from './rome-paquet.ts';
import { certificationsPour, sourceRncp, type Certification } from './rncp.ts';
import type { PieceInformation, Source } from './types.ts';

const sourceMetiers = (date: string): Source => ({
  titre: 'France Travail, répertoire des métiers ROME',
  url: sourceRome().url,
  date,
  confiance: 'sur',
});

/** ROME v347, whose access and mobility texts are used, is of 2021; v460 of 2025. */
const MILLESIME_V3 = '2021';
const MILLESIME_V4 = '2025';

function phrasesAcces(acces: AccesMetier, registre: Registre): string[] {
  const niveaux = acces.niveaux
    .flatMap((n) => (n === 'cap-bep' ? ['cap', 'bep'] : [n]))
    .map((n) => dire(`niveau-${n}`, registre));
  return [
    ...(niveaux.length > 0 ? [dire('acces-niveaux', registre, { niveaux: enumerer(niveaux, 'ou') })] : []),
    ...(acces.sansDiplome
      ? [dire(niveaux.length > 0 ? 'acces-sans-diplome' : 'acces-sans-diplome-seul', registre)]
      : []),
    ...(acces.concours ? [dire('acces-concours', registre)] : []),
    ...(acces.carte ? [dire('acces-carte', registre)] : []),
    ...(acces.permisLourd ? [dire('acces-permis', registre)] : []),
    ...(acces.caces ? [dire('acces-caces', registre)] : []),
    ...(acces.ordre ? [dire('acces-ordre', registre)] : []),
  ];
}

/** How many active certifications lead to the métier, and the first of the register's own order: by level, then by title. */
const phraseCertifications = (liste: readonly Certification[], registre: Registre): string =>
  dire(liste.length === 1 ? 'acces-certification' : 'acces-certifications', registre, {
    nombre: nombre(liste.length),
    exemples: enumerer(
      liste
        .slice(0, 3)
        .map((c) => dire('acces-certification-nom', registre, { intitule: c.intitule, numero: c.numero })),
    ),
  });

/**
 * What the métier asks for: a checked sentence where we have one, otherwise what the official texts of its own ROME v3 sheet mention, and the regulated mark of ROME 4.0.
 * `undefined` when nothing sure can be said.
 */
export function pieceAcces(metier: MetierNomme, registre: Registre): PieceInformation | undefined {
  const fiche = ficheRome(metier.rome);
  // A whole sector asks for nothing in particular.
  if (fiche === undefined || estSecteur(metier)) return undefined;
  const ecrit = accesDe(metier.rome);
  // A métier born with ROME 4.0 may ask for less or more than the v3 sheet it comes from: only its own sheet speaks for it.
  const officiel = fiche.parent === fiche.code ? accesRome(fiche.code) : undefined;
  const phrases =
    ecrit !== undefined
      ? [ecrit.texte[registre]]
      : officiel === undefined
        ? []
        : phrasesAcces(officiel, registre);
  if (fiche.reglemente && ecrit === undefined) phrases.push(dire('acces-reglemente', registre));
  const certifications = certificationsPour(metier.rome);
  if (phrases.length === 0 && certifications.length === 0) return undefined;
  if (certifications.length > 0) phrases.push(phraseCertifications(certifications, registre));
  const rncp = sourceRncp();
  return {
    id: `acces-${metier.rome}`,
    genre: 'formation',
    titre: dire('acces-titre', registre, { metier: metier.libelle }),
    texte: [...phrases, dire('acces-suite', registre), dire('acces-chercher', registre)].join(' '),
    sources: [
      ecrit?.source ?? sourceMetiers(fiche.parent === fiche.code ? MILLESIME_V3 : MILLESIME_V4),
      ...(certifications.length === 0 || rncp === undefined
        ? []
        : [
            {
              titre: `${rncp.producteur}, ${rncp.titre}`,
              url: rncp.url,
              date: rncp.date,
              confiance: 'sur' as const,
            },
          ]),
    ],
  };
}

/** Two métiers of the same sheet, or that ROME's mobility brings together. */
export function sontProches(a: MetierNomme, b: MetierNomme): boolean {
  const [pa, pb] = [ficheRome(a.rome)?.parent, ficheRome(b.rome)?.parent];
  return pa !== undefined && pb !== undefined && (pa === pb || mobiliteRome(pa).includes(pb));
}

/** The best-known métier of a v3 code: the everyday one with the same code, otherwise one of its children. */
const metierDeV3 = (code: string): Metier | undefined =>
  tousLesMetiers().find((m) => m.rome === code) ?? tousLesMetiers().find((m) => m.parent === code);

type Recherche = { readonly nom: string; readonly projets: number };

/** Each métier's first family, once, with its figure in the zone; the name shown is `nommer`'s. Wide families and secret figures are left out. */
function classer(
  metiers: readonly Metier[],
  zone: Zone,
  exclues: readonly string[],
  nommer: (metier: Metier, famille: string) => string | undefined,
): readonly Recherche[] {
  const vues = new Set(exclues);
  const trouves: Recherche[] = [];
  for (const m of metiers) {
    const famille = m.fap[0];
    if (famille === undefined || vues.has(famille) || estFamilleLarge(famille)) continue;
    const projets = chiffreBmo(famille, zone)?.projets ?? 0;
    const nom = nommer(m, famille);
    if (projets === 0 || nom === undefined) continue;
    vues.add(famille);
    trouves.push({ nom, projets });
  }
  return trouves.sort((a, b) => b.projets - a.projets).slice(0, 4);
}

const motsSignifiants = (texte: string): string[] =>
  texte
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((m) => m.length > 2 && m !== 'des')
    .map((m) => m.replace(/s$/u, ''));

/**
 * Does a family's figure speak for this very métier? « Couvreurs » does for « couvreur »; « agents d’entretien de locaux » does not for « agent de nettoyage
 * industriel », which ROME calls green while most cleaning jobs are not.
 */
function estRepresente(metier: Metier, famille: string): boolean {
  const mots = new Set(motsSignifiants(libelleFamille(famille) ?? ''));
  return [metier.masculin, ...(metier.aussiMasculin ?? []), ...(metier.aussi ?? [])].some((nom) =>
    motsSignifiants(nom).every((m) => mots.has(m)),
  );
}

/** Métiers close to this one (ROME mobility) that recruit in the nearest zone, each with the figure of its family. */
export function pieceProches(metier: MetierNomme, cadre: CadreChiffres): PieceInformation | undefined {
  const { registre } = cadre;
  const parent = ficheRome(metier.rome)?.parent;
  const zone = zoneCherchee(cadre);
  if (parent === undefined || zone === undefined) return undefined;
  const voisins = mobiliteRome(parent)
    .map(metierDeV3)
    .filter((m) => m !== undefined);
  const classes = classer(voisins, zone, famillesDeMetier(metier), (_, famille) => libelleFamille(famille));
  if (classes.length < 2) return undefined;
  return {
    id: `proches-${metier.rome}`,
    genre: 'metier',
    titre: dire('proches-titre', registre, { metier: metier.libelle }),
    texte: dire('proches-texte', registre, {
      metier: metier.libelle,
      lieu: zone.locatif,
      annee: anneeBmo(),
      liste: enumerer(
        classes.map((c) => dire('proches-element', registre, { metier: c.nom, nombre: nombre(c.projets) })),
      ),
    }),
    graphique: graphiqueProjets(
      classes.map((c) => ({ libelle: majuscule(c.nom), valeur: c.projets })),
      zone,
      registre,
    ),
    sources: [sourceMetiers(MILLESIME_V3), sourceBmo()],
  };
}

let deTransition: { readonly pour: readonly unknown[]; readonly metiers: readonly Metier[] } | undefined;

/** Everyday métiers marked green or strategic whose family's figure speaks for them; found once for a ROME and a survey, again when an import changes either. */
function metiersDeTransition(): readonly Metier[] {
  const pour = [fichesRome(), paquetBmo()];
  if (deTransition === undefined || pour.some((p, i) => p !== deTransition?.pour[i]))
    deTransition = {
      pour,
      metiers: tousLesMetiers().filter(
        (m) =>
          (fichesRome().get(m.rome)?.transition ?? '') !== '' &&
          m.fap[0] !== undefined &&
          estRepresente(m, m.fap[0]),
      ),
    };
  return deTransition.metiers;
}

/**
 * Métiers that matter for the ecological transition and recruit here. ROME also marks some jobs as harmful: that mark is not kept, nobody is told so of their job.
 */
export function pieceTransition(
  metier: MetierNomme | undefined,
  cadre: CadreChiffres,
): PieceInformation | undefined {
  const { registre } = cadre;
  const zone = zoneCherchee(cadre);
  if (zone === undefined) return undefined;
  const classes = classer(metiersDeTransition(), zone, [], deuxGenres);
  const vise = metier !== undefined && (ficheRome(metier.rome)?.transition ?? '') !== '' ? metier : undefined;
  const phrases = [
    ...(vise === undefined ? [] : [dire('transition-vise', registre, { metier: vise.libelle })]),
    ...(classes.length === 0
      ? []
      : [
          dire('transition-liste', registre, {
            Lieu: majuscule(zone.locatif),
            annee: anneeBmo(),
            liste: enumerer(
              classes.map((c) =>
                dire('proches-element', registre, { metier: c.nom, nombre: nombre(c.projets) }),
              ),
            ),
          }),
        ]),
  ];
  if (phrases.length === 0) return undefined;
  return {
    id: `transition-${zone.niveau}-${zone.code}`,
    genre: 'transition-ecologique',
    titre: dire('transition-titre', registre),
    texte: phrases.join(' '),
    sources: [sourceMetiers(MILLESIME_V4), sourceBmo()],
  };
}
