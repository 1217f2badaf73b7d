import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Low, type Adapter } from 'lowdb';
import type { Journaliseur } from '../ports.ts';
import type { Depot } from './depot.ts';
import { creerDepot, schemaBrut, type Brut, type Support } from './depot-coeur.ts';

/** Writes through a unique temporary name, `fsync`, rename, then `fsync` of the folder: a crash leaves the old file or the new one, whole. */
async function ecrireDurablement(dossier: string, nom: string, texte: string): Promise<void> {
  const temporaire = join(dossier, `${nom}.${randomUUID()}.tmp`);
  try {
    const fichier = await open(temporaire, 'wx', 0o600);
    try {
      await fichier.writeFile(texte, 'utf8');
      await fichier.sync();
    } finally {
      await fichier.close();
    }
    await rename(temporaire, join(dossier, nom));
  } catch (erreur) {
    await rm(temporaire, { force: true });
    throw erreur;
  }
  await synchroniserDossier(dossier);
}

async function synchroniserDossier(dossier: string): Promise<void> {
  const poignee = await open(dossier, 'r');
  try {
    await poignee.sync();
  } finally {
    await poignee.close();
  }
}

const absent = (erreur: unknown): boolean =>
  erreur instanceof Error && 'code' in erreur && erreur.code === 'ENOENT';

/** lowdb's own adapter neither syncs nor protects the file (mode 0644, fixed temporary name): this one does. */
class AdaptateurDurable implements Adapter<Brut | null> {
  constructor(
    private readonly dossier: string,
    private readonly nom: string,
  ) {}

  /** @throws {SyntaxError} or a zod error when the file is damaged. */
  async read(): Promise<Brut | null> {
    try {
      return schemaBrut.parse(JSON.parse(await readFile(join(this.dossier, this.nom), 'utf8')));
    } catch (erreur) {
      if (absent(erreur)) return null;
      throw erreur;
    }
  }

  async write(brut: Brut | null): Promise<void> {
    if (brut === null) throw new Error('Un enregistrement vide ne s’écrit pas.');
    await ecrireDurablement(this.dossier, this.nom, JSON.stringify(brut));
  }
}

/**
 * A file name no id can misuse. Ids that are already plain lower-case names stay readable for the maintainer; the others are hashed
 * (`..`, slashes, and « A » beside « a » on a disk that ignores case).
 */
export const nomDeFichier = (id: string): string =>
  /^[a-z0-9][a-z0-9-]{0,79}$/.test(id)
    ? `r-${id}.json`
    : `h-${createHash('sha256').update(id).digest('hex').slice(0, 40)}.json`;

const LECTURES_ENSEMBLE = 32;
const QUARANTAINE = 'quarantaine';
const SAUVEGARDES = 'sauvegardes';

/**
 * The default engine: one small file per record under `<racine>/<collection>/`, so that writing one never rewrites another. One
 * process only: the index is in memory.
 */
export function depotLowdb(options: { readonly racine: string; readonly journaliseur: Journaliseur }): Depot {
  const { racine, journaliseur } = options;
  const dossierDe = (collection: string): string => join(racine, collection);
  const low = (collection: string, nom: string): Low<Brut | null> =>
    new Low<Brut | null>(new AdaptateurDurable(dossierDe(collection), nom), null);

  const ecarter = async (collection: string, nom: string, raison: string): Promise<void> => {
    const vers = join(racine, QUARANTAINE, collection);
    await mkdir(vers, { recursive: true, mode: 0o700 });
    await rename(join(dossierDe(collection), nom), join(vers, `${nom}.${randomUUID()}`));
    journaliseur.erreur('depot-fichier-en-quarantaine', new Error(raison), { collection, fichier: nom });
  };

  const lireFichier = async (collection: string, nom: string): Promise<Brut | 'absent' | 'illisible'> => {
    const base = low(collection, nom);
    try {
      await base.read();
    } catch (erreur) {
      if (!(erreur instanceof SyntaxError || (erreur instanceof Error && erreur.name === 'ZodError')))
        throw erreur;
      await ecarter(collection, nom, 'fichier abîmé : ce n’est pas un enregistrement lisible');
      return 'illisible';
    }
    return base.data ?? 'absent';
  };

  const support: Support = {
    async *tous(collection) {
      const dossier = dossierDe(collection);
      await mkdir(dossier, { recursive: true, mode: 0o700 });
      const noms = await readdir(dossier);
      // A temporary file at start was left by a crash before its rename: never acknowledged, and it may hold personal data.
      for (const nom of noms.filter((n) => n.endsWith('.tmp'))) await rm(join(dossier, nom), { force: true });
      const fichiers = noms.filter((n) => n.endsWith('.json'));
      for (let i = 0; i < fichiers.length; i += LECTURES_ENSEMBLE) {
        const lot = fichiers.slice(i, i + LECTURES_ENSEMBLE);
        const lus = await Promise.all(lot.map((nom) => lireFichier(collection, nom)));
        for (const [k, brut] of lus.entries()) {
          if (brut === 'absent' || brut === 'illisible') continue;
          const nom = lot[k] ?? '';
          if (nomDeFichier(brut.id) === nom) yield brut;
          else await ecarter(collection, nom, 'le nom du fichier ne correspond pas à son contenu');
        }
      }
    },
    lire: (collection, id) => lireFichier(collection, nomDeFichier(id)),
    async ecrire(collection, brut) {
      const base = low(collection, nomDeFichier(brut.id));
      base.data = brut;
      await base.write();
    },
    async sauvegarder(collection, id, version) {
      const vers = join(racine, SAUVEGARDES, collection);
      await mkdir(vers, { recursive: true, mode: 0o700 });
      const nom = nomDeFichier(id);
      const contenu = await readFile(join(dossierDe(collection), nom), 'utf8');
      await ecrireDurablement(vers, `${nom}.v${version}`, contenu);
    },
    mettreEnQuarantaine: (collection, id, raison) => ecarter(collection, nomDeFichier(id), raison),
    async effacer(collection, id) {
      const nom = nomDeFichier(id);
      await rm(join(dossierDe(collection), nom), { force: true });
      await synchroniserDossier(dossierDe(collection));
      for (const annexe of [QUARANTAINE, SAUVEGARDES])
        await supprimerPrefixe(join(racine, annexe, collection), nom);
    },
    async purger(collection, avant) {
      const dossier = join(racine, QUARANTAINE, collection);
      for (const nom of await lister(dossier)) {
        const chemin = join(dossier, nom);
        if ((await stat(chemin)).mtimeMs >= avant) continue;
        await rm(chemin, { force: true });
        journaliseur.alerte('depot-quarantaine-purgee', { collection, fichier: nom });
      }
    },
  };
  return creerDepot(support);
}

async function lister(dossier: string): Promise<readonly string[]> {
  try {
    return await readdir(dossier);
  } catch (erreur) {
    if (absent(erreur)) return [];
    throw erreur;
  }
}

async function supprimerPrefixe(dossier: string, prefixe: string): Promise<void> {
  for (const nom of await lister(dossier))
    if (nom.startsWith(prefixe)) await rm(join(dossier, nom), { force: true });
}
