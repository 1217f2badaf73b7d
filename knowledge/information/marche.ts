import { deuxGenres, metierDeRome, tousLesMetiers } from '../langage/index.ts';
import type { Jour, Registre } from '../vocabulaire/index.ts';
import {
  anneeBmo,
  chiffreBmo,
  estFamilleLarge,
  famillesLesPlusRecherchees,
  libelleFamille,
  nomenclatureBmo,
  sourceBmo,
  zonesDe,
  type ChiffreBmo,
  type LieuChiffres,
  type Niveau,
  type Zone,
} from './bmo.ts';
import { famillesOfficielles } from './fap-rome.ts';
import { accorder, de, dire, enumerer, majuscule, nombre } from './redaction.ts';
import { ficheRome } from './rome-paquet.ts';
import type { GraphiqueInformation, PieceInformation } from './types.ts';

/** A métier as the person named it. */
export type MetierNomme = { readonly libelle: string; readonly rome: string };

/** What the pieces about figures need: where, in which words, and today's day to know how old a figure is. */
export type CadreChiffres = {
  readonly lieu: LieuChiffres;
  readonly registre: Registre;
  readonly le: Jour;
  /** How far the person said they can go; absent, the nearest territory speaks first. */
  readonly mobilite?: Niveau | 'commune';
};

/** The territory to look for work in: as wide as the person said, otherwise the nearest that has figures. */
export function zoneCherchee({ lieu, mobilite }: CadreChiffres): Zone | undefined {
  const zones = zonesDe(lieu);
  const voulue = mobilite === 'commune' ? 'bassin' : mobilite;
  return zones.find((z) => z.niveau === voulue) ?? zones[0];
}

/**
 * The survey families of a métier: its own, those of its sector when a whole sector was named, otherwise those of the official table once imported,
 * otherwise those of an everyday métier of the same ROME v3 parent. Empty when the survey has none, or when it is written in the older nomenclature (up to 2023).
 */
export function famillesDeMetier({ libelle, rome }: MetierNomme): readonly string[] {
  if (nomenclatureBmo() !== 'FAP2021') return [];
  const memes = tousLesMetiers().filter((m) => m.rome === rome);
  const secteur = memes.flatMap((m) => m.secteurs ?? []).find((s) => s.libelle === libelle);
  if (secteur !== undefined) return secteur.fap;
  const nomme = memes.find((m) => [m.masculin, m.feminin].includes(libelle)) ?? metierDeRome(rome);
  if (nomme !== undefined) return nomme.fap;
  const parent = ficheRome(rome)?.parent;
  const officielles = parent === undefined ? [] : famillesOfficielles(parent);
  if (officielles.length > 0) return officielles;
  return tousLesMetiers().find((m) => m.parent === parent)?.fap ?? [];
}

/** True when the person named a sector (« métier de la restauration ») rather than a métier. */
export const estSecteur = ({ libelle, rome }: MetierNomme): boolean =>
  tousLesMetiers().some((m) => m.rome === rome && (m.secteurs ?? []).some((s) => s.libelle === libelle));

/** The figures of several families in the nearest zone where at least one is published, and why nearer zones were passed over. */
export function chiffresLesPlusProches(familles: readonly string[], zones: readonly Zone[]) {
  const passees: { readonly zone: Zone; readonly raison: 'secret' | 'absent' }[] = [];
  for (const zone of zones) {
    const trouves = familles.map((f) => chiffreBmo(f, zone)).filter((c) => c !== undefined);
    const visibles = trouves
      .filter((c) => c.projets !== null)
      .sort((a, b) => (b.projets ?? 0) - (a.projets ?? 0));
    if (visibles.length > 0) return { zone, chiffres: visibles, passees };
    passees.push({ zone, raison: trouves.length > 0 ? 'secret' : 'absent' });
  }
  return { zone: undefined, chiffres: [], passees };
}

function phraseChiffre(c: ChiffreBmo, rang: number, registre: Registre): string {
  const projets = c.projets ?? 0;
  const famille = libelleFamille(c.famille) ?? c.famille;
  const cle = rang > 0 ? 'marche-chiffre-aussi' : c.secrets > 0 ? 'marche-chiffre-minimum' : 'marche-chiffre';
  return dire(cle, registre, {
    annee: c.annee,
    lieu: c.zone.locatif,
    nombre: nombre(projets),
    recrutements: accorder(projets, 'recrutement', 'recrutements'),
    personnes: accorder(projets, 'personne', 'personnes'),
    deFamille: de(famille),
    famille,
  });
}

function phrasesParts(c: ChiffreBmo, registre: Registre): string[] {
  const phrases: string[] = [];
  if (c.partDifficile !== null) {
    const degre = c.partDifficile > 55 ? 'fort' : c.partDifficile >= 45 ? 'moyen' : 'faible';
    phrases.push(dire(`marche-difficile-${degre}`, registre, { part: c.partDifficile }));
  }
  if (c.partSaisonniere !== null)
    phrases.push(
      c.partSaisonniere < 3
        ? dire('marche-saison-rare', registre)
        : dire('marche-saison', registre, { part: c.partSaisonniere }),
    );
  return phrases;
}

/** « Ces chiffres de 2024… »: a figure older than a year says so. */
const phrasePrudence = ({ le, registre }: CadreChiffres): string =>
  Number(le.slice(0, 4)) - anneeBmo() > 1
    ? dire('marche-prudence-ancien', registre, { annee: anneeBmo() })
    : dire('marche-prudence', registre);

const pluriels = (nom: string): string =>
  nom
    .split(/[\s-]/u)
    .map((m) => m.replace(/s$/u, ''))
    .join(' ')
    .toLowerCase();

/** Is the family the métier itself (« bouchers »), or a group it belongs to? */
function phraseFamille(
  metier: MetierNomme,
  chiffres: readonly ChiffreBmo[],
  registre: Registre,
): string | undefined {
  const noms = chiffres.map((c) => libelleFamille(c.famille) ?? c.famille);
  const connu = metierDeRome(metier.rome);
  const siens = [metier.libelle, connu?.masculin ?? '', connu?.feminin ?? ''].map(pluriels);
  if (noms.every((n) => siens.includes(pluriels(n)))) return undefined;
  const large = chiffres.some((c) => estFamilleLarge(c.famille));
  const simple = noms.length === 1 && !large && !/[, ]/u.test(noms[0] ?? '');
  return simple
    ? undefined
    : dire(large ? 'marche-famille-large' : 'marche-famille', registre, { familles: noms.join(' ; ') });
}

function graphiqueDifficulte(
  famille: string,
  zones: readonly Zone[],
  registre: Registre,
): GraphiqueInformation | undefined {
  const barres = zones.map((zone) => ({
    libelle: zone.nom,
    valeur: chiffreBmo(famille, zone)?.partDifficile ?? null,
  }));
  if (barres.filter((b) => b.valeur !== null).length < 2) return undefined;
  const annee = anneeBmo();
  return {
    titre: dire('graphique-difficile-titre', registre, {
      annee,
      famille: libelleFamille(famille) ?? famille,
    }),
    unite: dire('unite-pourcent', registre),
    barres,
    texte: dire('graphique-difficile-texte', registre, {
      annee,
      liste: barres
        .map(({ libelle, valeur }) =>
          dire('graphique-valeur', registre, {
            libelle,
            valeur: valeur === null ? dire('graphique-non-publie', registre) : `${valeur}\u00A0%`,
          }),
        )
        .join(' ; '),
    }),
    source: dire('graphique-source', registre, { annee }),
  };
}

/** Someone ready to go farther also reads the figure of the territory they named. */
function phrasePlusLoin(principal: ChiffreBmo, cadre: CadreChiffres): string | undefined {
  const large = cadre.mobilite === undefined ? undefined : zoneCherchee(cadre);
  if (large === undefined || large.niveau !== cadre.mobilite || large.niveau === principal.zone.niveau)
    return undefined;
  const { projets } = chiffreBmo(principal.famille, large) ?? { projets: null };
  // A narrower wish than the figure's own territory adds nothing.
  if (projets === null || principal.projets === null || projets <= principal.projets) return undefined;
  return dire('marche-plus-loin', cadre.registre, {
    Lieu: majuscule(large.locatif),
    nombre: nombre(projets),
  });
}

/** A bar chart of hiring projects, each family or métier with its number. */
export function graphiqueProjets(
  barres: readonly { readonly libelle: string; readonly valeur: number }[],
  zone: Zone,
  registre: Registre,
): GraphiqueInformation {
  const annee = anneeBmo();
  const lieu = zone.locatif;
  return {
    titre: dire('graphique-projets-titre', registre, { annee, lieu }),
    unite: dire('unite-recrutements', registre),
    barres,
    texte: dire('graphique-projets-texte', registre, {
      annee,
      lieu,
      liste: barres
        .map(({ libelle, valeur }) => dire('graphique-valeur', registre, { libelle, valeur: nombre(valeur) }))
        .join(' ; '),
    }),
    source: dire('graphique-source', registre, { annee }),
  };
}

/** A place is known, but the survey has nothing nearer than the whole country (overseas collectivities). */
const horsEnquete = (lieu: LieuChiffres, zones: readonly Zone[]): boolean =>
  zones.length === 1 && (lieu.commune ?? lieu.departement ?? lieu.region) !== undefined;

/**
 * Who recruits for this métier: number of projects, difficulty and season, in the nearest zone where a figure is published. Always a piece: when there is no figure,
 * it says so and why.
 */
export function pieceMarche(metier: MetierNomme, cadre: CadreChiffres): PieceInformation {
  const { registre } = cadre;
  const familles = famillesDeMetier(metier);
  const zones = zonesDe(cadre.lieu);
  const { zone, chiffres, passees } = chiffresLesPlusProches(familles, zones);
  const base = {
    id: `marche-${metier.rome}`,
    genre: 'marche-du-travail' as const,
    titre: dire('marche-titre', registre, { metier: metier.libelle }),
    sources: [sourceBmo()],
  };
  const principal = chiffres[0];
  if (zone === undefined || principal === undefined)
    return {
      ...base,
      texte: dire(familles.length === 0 ? 'marche-sans-chiffre' : 'marche-nulle-part', registre, {
        metier: metier.libelle,
      }),
    };
  const plusPres = passees[0];
  const phrases = [
    ...(plusPres === undefined
      ? horsEnquete(cadre.lieu, zones)
        ? [dire('marche-hors-enquete', registre)]
        : []
      : [dire(`marche-${plusPres.raison}`, registre, { Lieu: majuscule(plusPres.zone.locatif) })]),
    ...chiffres
      .slice(0, 3)
      .flatMap((c, rang) => [
        phraseChiffre(c, rang, registre),
        ...(rang === 0 ? phrasesParts(c, registre) : []),
      ]),
    phrasePlusLoin(principal, cadre),
    phraseFamille(metier, chiffres.slice(0, 3), registre),
    phrasePrudence(cadre),
  ].filter((p) => p !== undefined);
  const graphique =
    chiffres.length > 2
      ? graphiqueProjets(
          chiffres.map((c) => ({
            libelle: majuscule(libelleFamille(c.famille) ?? c.famille),
            valeur: c.projets ?? 0,
          })),
          zone,
          registre,
        )
      : graphiqueDifficulte(principal.famille, zones, registre);
  return { ...base, texte: phrases.join(' '), ...(graphique === undefined ? {} : { graphique }) };
}

/** What recruits most around the person, whatever the métier. */
export function pieceMarcheLocal(cadre: CadreChiffres): PieceInformation | undefined {
  const { registre } = cadre;
  const zone = zoneCherchee(cadre);
  const premiers = zone === undefined ? [] : famillesLesPlusRecherchees(zone, 5);
  if (zone === undefined || premiers.length === 0) return undefined;
  const elements = premiers.map((c) => ({
    libelle: libelleFamille(c.famille) ?? c.famille,
    valeur: c.projets ?? 0,
  }));
  return {
    id: `marche-local-${zone.niveau}-${zone.code}`,
    genre: 'marche-du-travail',
    titre: dire('local-titre', registre, { lieu: zone.locatif }),
    texte: [
      dire('local-texte', registre, {
        annee: anneeBmo(),
        lieu: zone.locatif,
        liste: enumerer(
          elements.map((e) =>
            dire('local-element', registre, { famille: e.libelle, nombre: nombre(e.valeur) }),
          ),
        ),
      }),
      phrasePrudence(cadre),
    ].join(' '),
    graphique: graphiqueProjets(
      elements.map((e) => ({ ...e, libelle: majuscule(e.libelle) })),
      zone,
      registre,
    ),
    sources: [sourceBmo()],
  };
}

/** « boulanger ou boulangère » for a ROME code, or its official label. */
export function nomDeMetier(rome: string): string {
  const connu = metierDeRome(rome);
  return connu === undefined ? (ficheRome(rome)?.libelle.replace(' / ', ' ou ') ?? rome) : deuxGenres(connu);
}
