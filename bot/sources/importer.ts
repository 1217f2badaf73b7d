import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  analyserBassins,
  analyserBmo,
  analyserFapRome,
  analyserReunions,
  analyserRncp,
  analyserRome,
  analyserZonesEmploi,
  comparerPaquets,
  compterGuichets,
  emballerBmo,
  paquetBmo,
  schemaRegions,
  sourceBassins,
  sourceRome,
  type RefusFichier,
} from '../../knowledge/information/index.ts';
import { communes } from '../../knowledge/territoire/index.ts';
import { jamais, refuse, reussi, type Jour, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { lireCog } from './importer-territoire.ts';
import { jourDuFichier, lireAnnuaire } from './flux-annuaire.ts';
import { ecrireSurcouche, enService, type SourceImportee } from './surcouches.ts';

/** What an import did, line by line, for the maintainer. */
export type BilanImport = { readonly chemin: string; readonly lignes: readonly string[] };

export type DemandeImport = {
  readonly source: SourceImportee;
  readonly fichier: string;
  readonly dataDir: string;
  readonly le: Jour;
  /** The year the maintainer expects; required for a mapping whose header does not say it. */
  readonly annee?: number;
  /** Who announces the meetings, shown with them. */
  readonly organisateur?: string;
  /** Records read so far, for long files. */
  readonly avancement?: (lues: number) => void;
};

/** A mapping that forgets more than one commune in a hundred is of another year, or was cut. */
const COUVERTURE_MIN = 0.99;

const absent = (fichier: string): { readonly ok: false; readonly refus: RefusFichier } =>
  refuse({ code: 'fichier-absent', message: `${fichier} : fichier introuvable.` });

/** Bytes of a file, a single gzip layer opened; anything else is the parser's business. */
function lireOctets(fichier: string): Resultat<Uint8Array, RefusFichier> {
  if (!existsSync(fichier) || !statSync(fichier).isFile()) return absent(fichier);
  const octets = readFileSync(fichier);
  if (octets[0] !== 0x1f || octets[1] !== 0x8b) return reussi(octets);
  try {
    return reussi(gunzipSync(octets, { maxOutputLength: 200_000_000 }));
  } catch {
    return refuse({
      code: 'fichier-tronque',
      message: `${basename(fichier)} : compression abîmée ou contenu démesuré.`,
    });
  }
}

function importerBmo(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  const table = analyserBmo(octets.valeur, {
    nom: basename(demande.fichier),
    ...(demande.annee === undefined ? {} : { annee: demande.annee }),
  });
  if (!table.ok) return table;
  const compare = comparerPaquets(emballerBmo(table.valeur, demande.le), paquetBmo());
  if (!compare.ok) return compare;
  const { lignes, annee, nomenclature, familles, bassins, reparations } = table.valeur;
  const secrets = (champ: 'projets' | 'difficiles' | 'saisonniers'): number =>
    lignes.filter((l) => l[champ] === null).length;
  const chemin = ecrireSurcouche(demande.dataDir, 'bmo', compare.valeur);
  return reussi({
    chemin,
    lignes: [
      `Enquête BMO ${annee} (${nomenclature}) : ${lignes.length} lignes, ${familles.size} métiers, ${bassins.size} bassins.`,
      `Secret statistique : ${secrets('projets')} projets, ${secrets('difficiles')} difficiles, ${secrets('saisonniers')} saisonniers non publiés.`,
      ...reparations,
      ...(nomenclature === 'FAP2009'
        ? ['Nomenclature antérieure à 2024 : les métiers ne sont pas rapprochés de ces chiffres.']
        : []),
      ...(sourceBassins().millesime === annee || (sourceBassins().millesime === 2021 && annee === 2024)
        ? []
        : [
            `Les bassins en service sont de ${sourceBassins().millesime} : importez ceux de ${annee}, sinon les chiffres commencent au département.`,
          ]),
    ],
  });
}

function importerBassins(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  if (demande.annee === undefined)
    return refuse({
      code: 'annee-attendue',
      message: 'Dites l’année du zonage : importer bassins <fichier> --annee 2026.',
    });
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  const lu = analyserBassins(octets.valeur, { annee: demande.annee, importeLe: demande.le });
  if (!lu.ok) return lu;
  const couvertes = new Set(lu.valeur.bassins.flatMap(([, , codes]) => codes.split(' ')));
  const taux = couverture(couvertes);
  if (taux < COUVERTURE_MIN)
    return refuse({
      code: 'couverture-insuffisante',
      message: `Le fichier ne couvre que ${(taux * 100).toFixed(1)} % des communes (99 % au moins attendus).`,
    });
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'bassins', lu.valeur),
    lignes: [
      `Zonage ${demande.annee} : ${lu.valeur.bassins.length} bassins, ${(taux * 100).toFixed(1)} % des communes.`,
    ],
  });
}

/** The ROME csv files of a folder, found by name; a single file is the list of métiers alone. */
function importerRome(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  if (!existsSync(demande.fichier)) return absent(demande.fichier);
  const dansDossier = statSync(demande.fichier).isDirectory();
  const noms = dansDossier ? readdirSync(demande.fichier).sort() : [basename(demande.fichier)];
  const trouver = (forme: RegExp): string | undefined => {
    const nom = noms.findLast((n) => forme.test(n));
    return nom === undefined ? undefined : dansDossier ? join(demande.fichier, nom) : demande.fichier;
  };
  const chemins = {
    metiers: trouver(/referentiel_code_rome_v4\d+/u),
    mobilite: trouver(/rubrique_mobilite/u),
    textes: trouver(/unix_texte/u),
    appellations: trouver(/referentiel_appellation/u),
  };
  if (chemins.metiers === undefined)
    return refuse({
      code: 'fichier-absent',
      message: 'Aucun fichier « unix_referentiel_code_rome_v4xx » n’a été trouvé.',
    });
  const lus: Partial<Record<keyof typeof chemins, Uint8Array>> = {};
  for (const nom of ['metiers', 'mobilite', 'textes', 'appellations'] as const) {
    const chemin = chemins[nom];
    const octets = chemin === undefined ? undefined : lireOctets(chemin);
    if (octets?.ok === false) return octets;
    if (octets?.ok === true) lus[nom] = octets.valeur;
  }
  const { metiers, ...autres } = lus;
  if (metiers === undefined) return absent(chemins.metiers);
  const version = /v(4\d+)/u.exec(basename(chemins.metiers))?.[0] ?? 'v4';
  const lu = analyserRome({ metiers, ...autres }, { version, importeLe: demande.le });
  if (!lu.ok) return lu;
  if (lu.valeur.metiers.length < sourceRome().lignes * 0.8)
    return refuse({
      code: 'fichier-retreci',
      message: `${lu.valeur.metiers.length} métiers contre ${sourceRome().lignes} en service.`,
    });
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'rome', lu.valeur),
    lignes: [
      `ROME ${version} : ${lu.valeur.metiers.length} métiers, mobilité de ${Object.keys(lu.valeur.mobilite).length} codes, accès de ${Object.keys(lu.valeur.acces).length}, ${lu.valeur.appellations?.length ?? 0} appellations.`,
    ],
  });
}

/** The first refusals in full: enough to correct a file, not a flood. */
const REFUS_MONTRES = 20;

const direRefus = (
  refus: readonly { readonly ligne: number; readonly message: string }[],
  quoi: string,
): string[] => [
  ...refus.slice(0, REFUS_MONTRES).map(({ ligne, message }) => `  ${quoi} ${ligne} : ${message}.`),
  ...(refus.length > REFUS_MONTRES ? [`  … et ${refus.length - REFUS_MONTRES} autres refus.`] : []),
];

const RETRECI = 0.8;

/** Same care for every source: an older file, one of another year than announced, or one that lost a fifth of its rows does not replace what is in service. */
function verifierRelais(
  demande: DemandeImport,
  neuf: { readonly date: string; readonly lignes: number },
): Resultat<null, RefusFichier> {
  if (demande.annee !== undefined && Number(neuf.date.slice(0, 4)) !== demande.annee)
    return refuse({
      code: 'autre-annee',
      message: `Le fichier est de ${neuf.date.slice(0, 4)}, alors que ${demande.annee} était attendu.`,
    });
  const ancien = enService(demande.source);
  if (ancien === undefined) return reussi(null);
  if (neuf.date < ancien.date)
    return refuse({
      code: 'plus-ancien',
      message: `Le fichier est du ${neuf.date}, celui en service du ${ancien.date} : il reste en place.`,
    });
  return neuf.lignes < ancien.lignes * RETRECI
    ? refuse({
        code: 'fichier-retreci',
        message: `${neuf.lignes} lignes contre ${ancien.lignes} en service : le fichier a sans doute été coupé.`,
      })
    : reussi(null);
}

async function importerAnnuaire(demande: DemandeImport): Promise<Resultat<BilanImport, RefusFichier>> {
  if (!existsSync(demande.fichier) || !statSync(demande.fichier).isFile()) return absent(demande.fichier);
  const lu = await lireAnnuaire(demande.fichier, {
    date: jourDuFichier(demande.fichier, statSync(demande.fichier).mtimeMs),
    importeLe: demande.le,
    ...(demande.avancement === undefined ? {} : { avancement: demande.avancement }),
  });
  if (!lu.ok) return lu;
  const { paquet, lues, doublons, refus } = lu.valeur;
  const relais = verifierRelais(demande, paquet.source);
  if (!relais.ok) return relais;
  const compte = [...compterGuichets(paquet)].sort(([a], [b]) => (a < b ? -1 : 1));
  const centres = paquet.centres === '' ? 0 : paquet.centres.split(' ').length;
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'annuaire', paquet),
    lignes: [
      `Annuaire du ${paquet.source.date} : ${lues} fiches lues, ${paquet.guichets.length} guichets gardés, ${doublons} doublons, ${refus.length} refusées.`,
      `Par genre : ${compte.map(([type, n]) => `${type} ${n}`).join(', ')}.`,
      centres === 0
        ? 'Aucune mairie dans ce fichier : la proximité se dira par commune, bassin et département, sans distance.'
        : `Mairies situées : ${centres} communes auront une distance.`,
      ...direRefus(refus, 'fiche'),
    ],
  });
}

function importerReunions(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  const lu = analyserReunions(octets.valeur, {
    le: demande.le,
    ...(demande.organisateur === undefined ? {} : { organisateur: demande.organisateur }),
  });
  if (!lu.ok) return lu;
  const { paquet, passees, doublons, refus } = lu.valeur;
  const communesDites = new Set(paquet.reunions.flatMap((r) => r.commune ?? []));
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'reunions', paquet),
    lignes: [
      `${paquet.reunions.length} réunions à venir dans ${communesDites.size} communes ; ${passees} passées, ${doublons} doublons, ${refus.length} refusées.`,
      ...direRefus(refus, 'réunion'),
    ],
  });
}

function importerRncp(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  const lu = analyserRncp(octets.valeur, {
    date: jourDuFichier(demande.fichier, statSync(demande.fichier).mtimeMs),
    importeLe: demande.le,
  });
  if (!lu.ok) return lu;
  const { paquet, inactives, sansRome, refus } = lu.valeur;
  const relais = verifierRelais(demande, paquet.source);
  if (!relais.ok) return relais;
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'rncp', paquet),
    lignes: [
      `RNCP du ${paquet.source.date} : ${paquet.certifications.length} certifications actives reliées à ${Object.keys(paquet.parRome).length} codes ROME ; ${inactives} inactives, ${sansRome} sans métier.`,
      ...direRefus(refus, 'ligne'),
    ],
  });
}

/** The official table has 1,096 rows; a shorter one is an extract, and would hide families. */
const LIGNES_FAP_ROME = 900;

function importerFapRome(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  const lu = analyserFapRome(octets.valeur, { importeLe: demande.le });
  if (!lu.ok) return lu;
  const { paquet, plusieurs, doublons, refus } = lu.valeur;
  if (paquet.source.lignes < LIGNES_FAP_ROME)
    return refuse({
      code: 'fichier-retreci',
      message: `${paquet.source.lignes} lignes : la table entière en compte plus de mille, ce fichier est un extrait.`,
    });
  const relais = verifierRelais(demande, paquet.source);
  if (!relais.ok) return relais;
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'fap-rome', paquet),
    lignes: [
      `FAP 2021 – ROME : ${paquet.metiers.length} métiers, dont ${plusieurs} de plusieurs familles (toutes montrées) ; ${doublons} lignes repliées, ${refus.length} refusées.`,
      ...direRefus(refus, 'ligne'),
    ],
  });
}

function importerPortails(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  let brut: unknown;
  try {
    brut = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets.valeur));
  } catch {
    return refuse({ code: 'format-inconnu', message: 'Le fichier n’est pas du JSON en UTF-8.' });
  }
  const lu = schemaRegions.safeParse(brut);
  if (!lu.success)
    return refuse({
      code: 'donnees-refusees',
      message: lu.error.issues
        .slice(0, 5)
        .map((i) => `${i.path.join(' → ')} : ${i.message}`)
        .join(' ; '),
    });
  const relais = verifierRelais(demande, { date: lu.data.source.date, lignes: lu.data.regions.length });
  if (!relais.ok) return relais;
  const avecTelephone = lu.data.regions.filter((r) => r.telephone !== undefined).length;
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'portails', lu.data),
    lignes: [
      `Portails du ${lu.data.source.date} : ${lu.data.regions.length} régions, dont ${avecTelephone} avec un téléphone confirmé.`,
    ],
  });
}

function importerCog(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  if (demande.annee === undefined)
    return refuse({
      code: 'annee-attendue',
      message: 'Dites l’année du code géographique : importer cog <dossier> --annee 2027.',
    });
  const lu = lireCog(demande.fichier, demande.annee);
  if (!lu.ok) return lu;
  const { pack, communes: nombre, anciennes, departements, regions } = lu.valeur;
  const relais = verifierRelais(demande, { date: String(demande.annee), lignes: nombre });
  if (!relais.ok) return relais;
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'cog', pack),
    lignes: [
      `Code géographique ${demande.annee} : ${nombre} communes, ${anciennes} anciennes ou arrondissements, ${departements} départements, ${regions} régions et collectivités.`,
    ],
  });
}

/** How much of the communes of the 18 regions a mapping covers, 0 to 1. The collectivities outside them have neither bassin nor zone. */
function couverture(couvertes: ReadonlySet<string>): number {
  const attendues = communes().filter((c) => c.region.length === 2);
  return attendues.filter((c) => couvertes.has(c.code)).length / attendues.length;
}

function importerZonesEmploi(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  const octets = lireOctets(demande.fichier);
  if (!octets.ok) return octets;
  const lu = analyserZonesEmploi(octets.valeur, { importeLe: demande.le });
  if (!lu.ok) return lu;
  const { paquet, communes: couvertes, doublons, refus } = lu.valeur;
  const taux = couverture(couvertes);
  if (taux < COUVERTURE_MIN)
    return refuse({
      code: 'couverture-insuffisante',
      message: `Le fichier ne couvre que ${(taux * 100).toFixed(1)} % des communes (99 % au moins attendus).`,
    });
  const relais = verifierRelais(demande, paquet.source);
  if (!relais.ok) return relais;
  return reussi({
    chemin: ecrireSurcouche(demande.dataDir, 'zones-emploi', paquet),
    lignes: [
      `${paquet.source.titre} : ${paquet.zones.length} zones (306 attendues en 2020), ${(taux * 100).toFixed(1)} % des communes, ${doublons} doublons, ${refus.length} refusées.`,
      ...direRefus(refus, 'ligne'),
    ],
  });
}

/** Imports one source from a file: checked whole, then written as an overlay in one move. On refusal nothing changes. */
export async function importer(demande: DemandeImport): Promise<Resultat<BilanImport, RefusFichier>> {
  switch (demande.source) {
    case 'bmo':
      return importerBmo(demande);
    case 'bassins':
      return importerBassins(demande);
    case 'rome':
      return importerRome(demande);
    case 'annuaire':
      return importerAnnuaire(demande);
    case 'reunions':
      return importerReunions(demande);
    case 'rncp':
      return importerRncp(demande);
    case 'fap-rome':
      return importerFapRome(demande);
    case 'portails':
      return importerPortails(demande);
    case 'cog':
      return importerCog(demande);
    case 'zones-emploi':
      return importerZonesEmploi(demande);
    default:
      return jamais(demande.source);
  }
}
