import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  analyserBassins,
  analyserBmo,
  analyserRome,
  comparerPaquets,
  emballerBmo,
  paquetBmo,
  sourceBassins,
  sourceRome,
  type RefusFichier,
} from '../../knowledge/information/index.ts';
import { communes } from '../../knowledge/territoire/index.ts';
import { refuse, reussi, type Jour, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { ecrireSurcouche, type SourceImportee } from './surcouches.ts';

/** What an import did, line by line, for the maintainer. */
export type BilanImport = { readonly chemin: string; readonly lignes: readonly string[] };

export type DemandeImport = {
  readonly source: SourceImportee;
  readonly fichier: string;
  readonly dataDir: string;
  readonly le: Jour;
  /** The year the maintainer expects; required for a mapping whose header does not say it. */
  readonly annee?: number;
};

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
  // The collectivities outside the 18 regions have no bassin and never will.
  const attendues = communes().filter((c) => c.region.length === 2);
  const taux = attendues.filter((c) => couvertes.has(c.code)).length / attendues.length;
  if (taux < 0.99)
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
  };
  if (chemins.metiers === undefined)
    return refuse({
      code: 'fichier-absent',
      message: 'Aucun fichier « unix_referentiel_code_rome_v4xx » n’a été trouvé.',
    });
  const lus: { metiers?: Uint8Array; mobilite?: Uint8Array; textes?: Uint8Array } = {};
  for (const nom of ['metiers', 'mobilite', 'textes'] as const) {
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
      `ROME ${version} : ${lu.valeur.metiers.length} métiers, mobilité de ${Object.keys(lu.valeur.mobilite).length} codes, accès de ${Object.keys(lu.valeur.acces).length}.`,
    ],
  });
}

/** Imports one source from a file: checked whole, then written as an overlay in one move. On refusal nothing changes. */
export function importer(demande: DemandeImport): Resultat<BilanImport, RefusFichier> {
  switch (demande.source) {
    case 'bmo':
      return importerBmo(demande);
    case 'bassins':
      return importerBassins(demande);
    case 'rome':
      return importerRome(demande);
  }
}
