import { z } from 'zod';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import {
  DepotTropRecent,
  type Collection,
  type DefinitionCollection,
  type Depot,
  type Enregistrement,
  type Filtre,
  type Ligne,
  type Page,
  type RefusEcriture,
  type RefusLecture,
} from './depot.ts';
import { enFile } from './depot-file.ts';

/** A record as an engine keeps it. */
export type Brut = {
  readonly id: string;
  readonly version: number;
  readonly revision: number;
  readonly valeur: unknown;
};

export const schemaBrut: z.ZodType<Brut> = z.strictObject({
  id: z.string().min(1),
  version: z.int().min(1),
  revision: z.int().min(1),
  valeur: z.unknown(),
});

/** What an engine has to do; everything else (index, versions, queue, listing) is shared. */
export interface Support {
  /** Every record of a collection. What cannot be read is set aside by the engine and said in the log, never dropped. */
  tous(collection: string): AsyncIterable<Brut>;
  lire(collection: string, id: string): Promise<Brut | 'absent' | 'illisible'>;
  /** Durable once resolved. */
  ecrire(collection: string, brut: Brut): Promise<void>;
  /** Keeps the present record as it is before a new schema version replaces it. */
  sauvegarder(collection: string, id: string, version: number): Promise<void>;
  /** Sets aside a record whose content cannot be used. `raison` holds no personal data. */
  mettreEnQuarantaine(collection: string, id: string, raison: string): Promise<void>;
  /** Removes the record, its backups, its quarantined copies and its temporary files. */
  effacer(collection: string, id: string): Promise<void>;
  /** Removes what was quarantined before this instant (ms). */
  purger(collection: string, avant: number): Promise<void>;
}

const sansAccents = (t: string): string =>
  t
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    // A keyboard types the straight one, a text carries the other: « L’Haÿ-les-Roses », « N’Guyen ».
    .replaceAll('’', "'");

/** Lower-case without accents: what `Fiche.recherche` holds and what a search is compared with. */
export const pourRecherche = (...morceaux: readonly (string | undefined)[]): string =>
  sansAccents(morceaux.filter((m) => m !== undefined).join(' '));

type Lecture<T> = Resultat<Enregistrement<T> & { readonly version: number }, RefusLecture>;

/** Kept this long after a damaged record was set aside: time for a maintainer to look, not an archive. */
const GARDE_QUARANTAINE_MS = 30 * 86_400_000;

class CollectionOuverte<T, R> implements Collection<T, R> {
  private readonly index = new Map<string, Ligne<R>>();
  private trie: Ligne<R>[] | undefined;

  constructor(
    private readonly support: Support,
    private readonly definition: DefinitionCollection<T, R>,
    private readonly file: <V>(cle: string, tache: () => Promise<V>) => Promise<V>,
  ) {}

  async indexer(): Promise<void> {
    let tropRecents = 0;
    for await (const brut of this.support.tous(this.definition.nom)) {
      const lu = await this.interpreter(brut);
      if (lu.ok) this.index.set(lu.valeur.id, this.ligne(lu.valeur));
      else if (lu.refus.code === 'version-trop-recente') tropRecents += 1;
    }
    if (tropRecents > 0)
      throw new DepotTropRecent(
        `Dépôt « ${this.definition.nom} » : ${tropRecents} enregistrement(s) écrits par une version plus récente du programme ` +
          `(ici : schéma ${this.definition.version}). Relancez la version récente, ou restaurez une sauvegarde.`,
      );
  }

  async lire(id: string): Promise<Resultat<Enregistrement<T>, RefusLecture>> {
    const lu = await this.lireVersion(id);
    if (!lu.ok) return lu;
    const { revision, valeur } = lu.valeur;
    return reussi({ id, revision, valeur });
  }

  ecrire(
    id: string,
    valeur: T,
    revisionAttendue: number,
  ): Promise<Resultat<Enregistrement<T>, RefusEcriture>> {
    return this.enFile(id, async () => {
      const { nom, version, schema } = this.definition;
      const present = await this.lireVersion(id);
      if (!present.ok && present.refus.code !== 'absent') return refuse(present.refus);
      const actuelle = present.ok ? present.valeur.revision : 0;
      if (actuelle !== revisionAttendue)
        return refuse({ code: 'conflit', attendue: revisionAttendue, actuelle });
      if (present.ok && present.valeur.version < version)
        await this.support.sauvegarder(nom, id, present.valeur.version);
      // Parsed before it is written: a value the schema refuses is a bug here, and must not become a damaged file.
      const ecrit: Enregistrement<T> = { id, revision: actuelle + 1, valeur: schema.parse(valeur) };
      await this.support.ecrire(nom, { ...ecrit, version });
      this.noter(this.ligne(ecrit));
      return reussi(ecrit);
    });
  }

  effacer(id: string): Promise<boolean> {
    return this.enFile(id, async () => {
      const avait = this.index.delete(id);
      this.trie = undefined;
      await this.support.effacer(this.definition.nom, id);
      return avait;
    });
  }

  async lister(filtre: Filtre = {}): Promise<Page<R>> {
    const garder = critere(filtre);
    const retenues = this.lignesTriees().filter(garder);
    if (filtre.ordre === 'recents-d-abord') retenues.reverse();
    const debut = filtre.debut ?? 0;
    return {
      total: retenues.length,
      lignes: retenues.slice(debut, filtre.limite === undefined ? undefined : debut + filtre.limite),
    };
  }

  async expirer(avant: number): Promise<readonly Ligne<R>[]> {
    const perimes = [...this.index.values()].filter((l) => l.expireLe !== undefined && l.expireLe < avant);
    for (const { id } of perimes) await this.effacer(id);
    await this.support.purger(this.definition.nom, avant - GARDE_QUARANTAINE_MS);
    return perimes;
  }

  private enFile<V>(id: string, tache: () => Promise<V>): Promise<V> {
    return this.file(`${this.definition.nom}/${id}`, tache);
  }

  private async lireVersion(id: string): Promise<Lecture<T>> {
    const brut = await this.support.lire(this.definition.nom, id);
    if (brut === 'absent' || brut === 'illisible') {
      // A file that disappeared or was set aside must not stay in the lists.
      if (this.index.delete(id)) this.trie = undefined;
      return refuse({ code: brut });
    }
    return this.interpreter(brut);
  }

  private async interpreter(brut: Brut): Promise<Lecture<T>> {
    const { nom, version, schema, migrations } = this.definition;
    if (brut.version > version)
      return refuse({ code: 'version-trop-recente', lue: brut.version, connue: version });
    let valeur = brut.valeur;
    for (let v = brut.version; v < version; v += 1) {
      const migrer = migrations?.[v];
      if (migrer === undefined)
        throw new Error(`Dépôt « ${nom} » : la migration de la version ${v} à ${v + 1} manque.`);
      valeur = migrer(valeur);
    }
    const lu = schema.safeParse(valeur);
    if (!lu.success) {
      // Paths only: zod's messages can quote the value.
      const champs = lu.error.issues.map((i) => i.path.join('.') || '(racine)').join(', ');
      await this.support.mettreEnQuarantaine(nom, brut.id, `champs refusés : ${champs}`);
      return refuse({ code: 'illisible' });
    }
    return reussi({ id: brut.id, revision: brut.revision, valeur: lu.data, version: brut.version });
  }

  private ligne({ id, revision, valeur }: Enregistrement<T>): Ligne<R> {
    return { id, revision, ...this.definition.fiche(valeur) };
  }

  private noter(ligne: Ligne<R>): void {
    const avant = this.index.get(ligne.id);
    this.index.set(ligne.id, ligne);
    if (this.trie === undefined) return;
    if (avant === undefined) {
      this.trie.splice(place(this.trie, ligne), 0, ligne);
      return;
    }
    const ou = this.trie.indexOf(avant);
    if (ou >= 0 && avant.tri === ligne.tri) this.trie[ou] = ligne;
    else this.trie = undefined;
  }

  private lignesTriees(): Ligne<R>[] {
    this.trie ??= [...this.index.values()].sort(comparer);
    return this.trie;
  }
}

const comparer = (a: Ligne<unknown>, b: Ligne<unknown>): number =>
  a.tri - b.tri || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Where a line goes in an already sorted list (binary search). */
function place(lignes: readonly Ligne<unknown>[], ligne: Ligne<unknown>): number {
  let bas = 0;
  let haut = lignes.length;
  while (bas < haut) {
    const milieu = (bas + haut) >>> 1;
    const autre = lignes[milieu];
    if (autre !== undefined && comparer(autre, ligne) < 0) bas = milieu + 1;
    else haut = milieu;
  }
  return bas;
}

function critere(filtre: Filtre): (ligne: Ligne<unknown>) => boolean {
  const dans = (permis: readonly string[] | undefined): ((v: string | undefined) => boolean) => {
    if (permis === undefined) return () => true;
    const ensemble = new Set(permis);
    return (v) => v !== undefined && ensemble.has(v);
  };
  const operateur = dans(filtre.operateurs);
  const region = dans(filtre.regions);
  const etat = dans(filtre.etats);
  const mots = pourRecherche(filtre.texte).split(/\s+/).filter(Boolean);
  return (l) =>
    operateur(l.operateur) &&
    region(l.region) &&
    etat(l.etat) &&
    mots.every((m) => l.recherche?.includes(m) === true);
}

/** A `Depot` over an engine. */
export function creerDepot(support: Support): Depot {
  const { file, toutes } = enFile();
  const noms = new Set<string>();
  return {
    async collection<T, R>(definition: DefinitionCollection<T, R>): Promise<Collection<T, R>> {
      if (!/^[a-z][a-z-]{0,40}$/.test(definition.nom) || noms.has(definition.nom))
        throw new Error(`Dépôt : nom de collection refusé ou déjà ouvert (« ${definition.nom} »).`);
      noms.add(definition.nom);
      const ouverte = new CollectionOuverte(support, definition, file);
      await ouverte.indexer();
      return ouverte;
    },
    fermer: toutes,
  };
}
