import { refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import type { PaquetRome } from './rome-paquet.ts';
import { lireTableur, type RefusFichier } from './tableur.ts';

type Table = readonly Readonly<Record<string, string>>[];

function lireTable(
  octets: Uint8Array,
  colonnes: readonly string[],
  nom: string,
): Resultat<Table, RefusFichier> {
  const lu = lireTableur(octets, nom);
  if (!lu.ok) return lu;
  const [entete = [], ...corps] = lu.valeur[0]?.lignes ?? [];
  const places = colonnes.map((c) => entete.map((e) => e.trim().toLowerCase()).indexOf(c));
  const manquantes = colonnes.filter((_, i) => (places[i] ?? -1) < 0);
  if (manquantes.length > 0)
    return refuse({
      code: 'colonnes-manquantes',
      ligne: 1,
      message: `${nom} : colonnes introuvables : ${manquantes.join(', ')}.`,
    });
  return reussi(
    corps.map((l) => Object.fromEntries(colonnes.map((c, i) => [c, (l[places[i] ?? -1] ?? '').trim()]))),
  );
}

/** `Emploi Vert` → `vert`, `Emploi stratégique…` → `strategique`; the other labels are not kept: nobody is told that their job is « brown ». */
const transition = (brut: string): '' | 'vert' | 'strategique' =>
  /vert/iu.test(brut) ? 'vert' : /strat/iu.test(brut) ? 'strategique' : '';

const NIVEAUX: readonly (readonly [RegExp, string])[] = [
  [/CAP\s*\/?\s*BEP|\bCAP\b|\bBEP\b/u, 'cap-bep'],
  [/\bBac\b(?! ?\+)/iu, 'bac'],
  [/Bac ?\+ ?2|\bBTS\b|\bDUT\b/iu, 'bac+2'],
  [/Bac ?\+ ?3|\bLicence\b/iu, 'bac+3'],
  [/Bac ?\+ ?[45]|\bMaster\b|ingénieur/iu, 'bac+5'],
];

/** « Diplôme d’État d’aide-soignant »: the name of the State diploma a text asks for, without its initials. */
const diplomeEtat = (texte: string): string | undefined =>
  /Dipl[oô]me d'[EÉ]tat ((?:d'|de )[^.,(:]*?)(?=\s*(?:-[A-Z]|[.,(:]| est | ou ))/u.exec(texte)?.[1]?.trim();

/** Facts, not sentences: what the official access texts of a métier mention. */
export function lireAcces(textes: readonly string[]): PaquetRome['acces'][string] {
  const [premier = ''] = textes;
  const tout = textes.join(' ');
  const niveaux = NIVEAUX.filter(([forme]) => forme.test(premier)).map(([, nom]) => nom);
  const etat = diplomeEtat(premier);
  return {
    niveaux,
    sansDiplome: /sans dipl[oô]me/iu.test(tout),
    ...(etat === undefined ? {} : { diplomeEtat: etat }),
    concours: /\bconcours\b/iu.test(premier),
    carte: /carte professionnelle/iu.test(tout),
    permisLourd: /permis poids lourds?|permis [CD]/iu.test(tout),
    caces: /CACES/u.test(tout),
    ordre: /tableau de l'Ordre/iu.test(tout),
  };
}

/**
 * The compact pack of ROME 4.0: every métier with its v3 parent, transition and regulated marks, mobility and access facts of v3.
 * @param fichiers the official csv files: `metiers` (unix_referentiel_code_rome_v4xx), `mobilite` and `textes` (v3), `appellations`
 * (unix_referentiel_appellation_v4xx); the last three are optional. An appellation of an unknown métier is refused, with its line.
 */
export function analyserRome(
  fichiers: {
    readonly metiers: Uint8Array;
    readonly mobilite?: Uint8Array;
    readonly textes?: Uint8Array;
    readonly appellations?: Uint8Array;
  },
  infos: { readonly version: string; readonly importeLe: Jour },
): Resultat<PaquetRome, RefusFichier> {
  const metiers = lireTable(
    fichiers.metiers,
    ['code_rome', 'libelle_rome', 'transition_eco', 'emploi_reglemente', 'code_rome_parent'],
    'métiers',
  );
  if (!metiers.ok) return metiers;
  if (metiers.valeur.length < 1500)
    return refuse({
      code: 'fichier-retreci',
      message: `${metiers.valeur.length} métiers : ROME 4.0 en compte plus de 1 500, le fichier a sans doute été coupé.`,
    });
  const orphelin = metiers.valeur.findIndex((m) => !/^[A-N]\d{4}$/u.test(m['code_rome_parent'] ?? ''));
  if (orphelin >= 0)
    return refuse({
      code: 'parent-manquant',
      ligne: orphelin + 2,
      message: `Ligne ${orphelin + 2} : code ROME parent absent ou illisible.`,
    });
  const mobilite =
    fichiers.mobilite === undefined
      ? reussi<Table>([])
      : lireTable(fichiers.mobilite, ['code_rome', 'code_rome_cible', 'code_type_mobilite'], 'mobilité');
  if (!mobilite.ok) return mobilite;
  const textes =
    fichiers.textes === undefined
      ? reussi<Table>([])
      : lireTable(fichiers.textes, ['code_rome', 'libelle_texte', 'libelle_type_texte'], 'textes');
  if (!textes.ok) return textes;

  const connus = new Set(metiers.valeur.map((m) => m['code_rome']));
  const noms =
    fichiers.appellations === undefined
      ? undefined
      : lireTable(fichiers.appellations, ['libelle_appellation_court', 'code_rome'], 'appellations');
  if (noms?.ok === false) return noms;
  const perdue = noms?.valeur.findIndex((a) => !connus.has(a['code_rome'])) ?? -1;
  if (perdue >= 0)
    return refuse({
      code: 'parent-manquant',
      ligne: perdue + 2,
      message: `Ligne ${perdue + 2} des appellations : code ROME absent de la liste des métiers.`,
    });

  const proches: Record<string, [string[], string[]]> = {};
  for (const m of mobilite.valeur) {
    const listes = (proches[m['code_rome'] ?? ''] ??= [[], []]);
    const liste = m['code_type_mobilite'] === '1' ? listes[0] : listes[1];
    const cible = m['code_rome_cible'] ?? '';
    if (cible !== '' && cible !== m['code_rome'] && !liste.includes(cible)) liste.push(cible);
  }
  const parCode = new Map<string, string[]>();
  for (const t of textes.valeur)
    if (t['libelle_type_texte'] === 'acces_a_em')
      parCode.set(t['code_rome'] ?? '', [
        ...(parCode.get(t['code_rome'] ?? '') ?? []),
        (t['libelle_texte'] ?? '').replaceAll("''", "'"),
      ]);

  return reussi({
    version: 1,
    source: {
      producteur: 'France Travail',
      titre: `Répertoire opérationnel des métiers et des emplois (ROME 4.0, ${infos.version}) ; mobilité et accès au métier : ROME v347 (2021)`,
      url: 'https://www.data.gouv.fr/fr/datasets/repertoire-operationnel-des-metiers-et-des-emplois-rome/',
      licence: 'Licence Ouverte',
      importeLe: infos.importeLe,
      lignes: metiers.valeur.length,
    },
    metiers: metiers.valeur
      .map((m): PaquetRome['metiers'][number] => [
        m['code_rome'] ?? '',
        m['libelle_rome'] ?? '',
        m['code_rome_parent'] ?? '',
        transition(m['transition_eco'] ?? ''),
        m['emploi_reglemente'] === 'O',
      ])
      .sort((a, b) => (a[0] < b[0] ? -1 : 1)),
    ...(noms === undefined
      ? {}
      : {
          appellations: noms.valeur.map((a): [string, string] => [
            a['libelle_appellation_court'] ?? '',
            a['code_rome'] ?? '',
          ]),
        }),
    mobilite: Object.fromEntries(Object.entries(proches).sort(([a], [b]) => (a < b ? -1 : 1))),
    acces: Object.fromEntries(
      [...parCode].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, t]) => [code, lireAcces(t)]),
    ),
  });
}
