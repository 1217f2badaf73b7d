import { z } from 'zod';
import { commune, communesDuCodePostal, normaliserLieu } from '../territoire/index.ts';
import { refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import { ACCES, TYPES_SERVICES, type Guichet, type PaquetAnnuaire, type TypeService } from './annuaire.ts';
import type { RefusFichier } from './tableur.ts';

/** In the live API nested fields are JSON written as text; in the dump they are values. Both are accepted, and an empty text is nothing. */
const imbrique = <S extends z.ZodType>(schema: S) =>
  z.preprocess((v) => {
    if (typeof v !== 'string') return v ?? [];
    if (v.trim() === '') return [];
    try {
      return JSON.parse(v);
    } catch {
      return v;
    }
  }, schema);
const texte = z
  .string()
  .nullish()
  .transform((v) => (v ?? '').trim());
/** E-mails and sites come alone or in a list. */
const premier = z
  .union([
    z.string(),
    z.array(z.union([z.string(), z.looseObject({ valeur: z.string().optional() })])),
    z.null(),
  ])
  .optional()
  .transform((v) => {
    const tete = Array.isArray(v) ? v[0] : v;
    return (typeof tete === 'object' ? tete?.valeur : tete)?.trim() ?? '';
  });

const schemaFiche = z.looseObject({
  id: z.string().min(1),
  nom: z.string().min(1),
  pivot: imbrique(
    z.array(
      z.looseObject({
        type_service_local: texte,
        code_insee_commune: z.union([z.string(), z.array(z.string())]).optional(),
      }),
    ),
  ),
  adresse: imbrique(
    z.array(
      z.looseObject({
        type_adresse: texte,
        complement1: texte,
        complement2: texte,
        numero_voie: texte,
        service_distribution: texte,
        code_postal: texte,
        nom_commune: texte,
        longitude: texte,
        latitude: texte,
        accessibilite: texte,
        note_accessibilite: texte,
      }),
    ),
  ),
  telephone: imbrique(z.array(z.looseObject({ valeur: texte }))).optional(),
  telephone_accessible: imbrique(z.array(z.looseObject({ valeur: texte }))).optional(),
  plage_ouverture: imbrique(
    z.array(
      z.looseObject({
        nom_jour_debut: texte,
        nom_jour_fin: texte,
        valeur_heure_debut_1: texte,
        valeur_heure_fin_1: texte,
        valeur_heure_debut_2: texte,
        valeur_heure_fin_2: texte,
        commentaire: texte,
      }),
    ),
  ).optional(),
  adresse_courriel: premier,
  site_internet: z.preprocess((v) => {
    if (typeof v !== 'string' || !v.trim().startsWith('[')) return v;
    try {
      return JSON.parse(v);
    } catch {
      return v;
    }
  }, premier),
  code_insee_commune: z.string().optional(),
  date_modification: texte,
  url_service_public: texte,
});
type Fiche = z.output<typeof schemaFiche>;

/** Read first: nine records in ten are of services that are not kept, and town halls only say where they are. */
const schemaGenre = schemaFiche.pick({ pivot: true });
const schemaMairie = z.looseObject({
  code_insee_commune: z.string(),
  adresse: imbrique(z.array(z.looseObject({ type_adresse: texte, longitude: texte, latitude: texte }))),
});

function lireMairie(brut: unknown): Lecture {
  const lu = schemaMairie.safeParse(brut);
  const adresse = lu.success ? lu.data.adresse.find((a) => a.type_adresse === 'Adresse') : undefined;
  const latitude = coordonnee(adresse?.latitude ?? '');
  const longitude = coordonnee(adresse?.longitude ?? '');
  return !lu.success || latitude === undefined || longitude === undefined
    ? { sorte: 'autre' }
    : { sorte: 'mairie', code: lu.data.code_insee_commune, latitude, longitude };
}

/** « 3949 » → « 39 49 », « 0164383052 » → « 01 64 38 30 52 ». */
const telephoneLisible = (brut: string): string =>
  brut.replaceAll(/[\s.]/g, '').replace(/^\d+$/, (n) => n.replaceAll(/(\d{2})(?=\d)/g, '$1 '));

/** « 09:00:00 » → « 9 h », « 13:30:00 » → « 13 h 30 »; midnight to midnight is a blank of the form. */
function heureDite(brut: string): string {
  const lu = /^(\d{2}):(\d{2})/.exec(brut);
  if (lu === null) return '';
  return `${Number(lu[1])} h${lu[2] === '00' ? '' : ` ${lu[2] ?? ''}`}`;
}

function plagesDites(plages: NonNullable<Fiche['plage_ouverture']>): string[] {
  return plages.flatMap((p) => {
    const creneau = (debut: string, fin: string): string[] =>
      heureDite(debut) === '' || heureDite(fin) === '' ? [] : [`de ${heureDite(debut)} à ${heureDite(fin)}`];
    const heures = [
      ...creneau(p.valeur_heure_debut_1, p.valeur_heure_fin_1),
      ...creneau(p.valeur_heure_debut_2, p.valeur_heure_fin_2),
    ];
    if (p.nom_jour_debut === '' || heures.length === 0) return [];
    const jours =
      p.nom_jour_fin === '' || p.nom_jour_fin === p.nom_jour_debut
        ? p.nom_jour_debut.toLowerCase()
        : `du ${p.nom_jour_debut.toLowerCase()} au ${p.nom_jour_fin.toLowerCase()}`;
    const note = p.commentaire === '' ? '' : ` (${p.commentaire})`;
    return [`${jours} ${heures.join(' et ')}${note}`];
  });
}

/** « 09/08/2023 13:30:19 » → « 2023-08-09 ». */
function jourFrancais(brut: string): Jour | undefined {
  const lu = /^(\d{2})\/(\d{2})\/(\d{4})/.exec(brut);
  return lu === null ? undefined : `${lu[3] ?? ''}-${lu[2] ?? ''}-${lu[1] ?? ''}`;
}

/** The commune a counter stands in: its code when it is one of today, otherwise the commune of its postcode that has its name, or the only one. */
function communeDuGuichet(code: string, codePostal: string, nom: string): string | undefined {
  if (commune(code.padStart(5, '0')) !== undefined && code !== '') return code.padStart(5, '0');
  const duCode = communesDuCodePostal(codePostal.padStart(5, '0'));
  const voulu = normaliserLieu(nom);
  const memeNom = duCode.filter(
    (c) => normaliserLieu(c.nom) === voulu || voulu.startsWith(`${normaliserLieu(c.nom)} `),
  );
  return (memeNom[0] ?? (duCode.length === 1 ? duCode[0] : undefined))?.code;
}

const coordonnee = (brut: string): number | undefined => {
  const n = Number(brut.replace(',', '.'));
  return brut === '' || !Number.isFinite(n) || n === 0 ? undefined : Math.round(n * 1e4) / 1e4;
};

type Lecture =
  | { readonly sorte: 'guichet'; readonly guichet: Guichet }
  | { readonly sorte: 'mairie'; readonly code: string; readonly latitude: number; readonly longitude: number }
  | { readonly sorte: 'autre' }
  | { readonly sorte: 'refus'; readonly message: string };

function lireFiche(brut: unknown): Lecture {
  const genre = schemaGenre.safeParse(brut);
  const types = genre.success ? genre.data.pivot.map((p) => p.type_service_local) : [];
  if (types.includes('mairie')) return lireMairie(brut);
  const type = TYPES_SERVICES.find((t) => types.includes(t));
  if (genre.success && type === undefined) return { sorte: 'autre' };
  const lu = schemaFiche.safeParse(brut);
  if (!lu.success) {
    const premiere = lu.error.issues[0];
    return {
      sorte: 'refus',
      message: `${premiere?.path.join(' → ') ?? ''} : ${premiere?.message ?? 'illisible'}`,
    };
  }
  const fiche = lu.data;
  const adresse = fiche.adresse.find((a) => a.type_adresse === 'Adresse');
  const latitude = coordonnee(adresse?.latitude ?? '');
  const longitude = coordonnee(adresse?.longitude ?? '');
  if (type === undefined) return { sorte: 'autre' };
  if (adresse === undefined || (adresse.numero_voie === '' && adresse.complement1 === ''))
    return { sorte: 'refus', message: `« ${fiche.nom} » n’a pas d’adresse où se rendre` };
  const codeCommune = communeDuGuichet(
    fiche.code_insee_commune ?? '',
    adresse.code_postal,
    adresse.nom_commune,
  );
  if (codeCommune === undefined)
    return {
      sorte: 'refus',
      message: `« ${fiche.nom} » : commune introuvable (${adresse.code_postal} ${adresse.nom_commune})`,
    };
  const dessert = fiche.pivot
    .filter((p) => p.type_service_local === type)
    .flatMap((p) => p.code_insee_commune ?? [])
    .map((c) => c.padStart(5, '0'))
    .filter((c) => c !== codeCommune && commune(c) !== undefined);
  const acces = ACCES.find((a) => a === adresse.accessibilite);
  const modifieLe = jourFrancais(fiche.date_modification);
  const telephone = telephoneLisible(fiche.telephone?.find((t) => t.valeur !== '')?.valeur ?? '');
  const accessible = telephoneLisible(fiche.telephone_accessible?.find((t) => t.valeur !== '')?.valeur ?? '');
  return {
    sorte: 'guichet',
    guichet: {
      id: fiche.id,
      nom: fiche.nom,
      type: type === 'pole_emploi' ? 'france_travail' : type,
      commune: codeCommune,
      adresse: [adresse.complement1, adresse.complement2, adresse.numero_voie, adresse.service_distribution]
        .filter((l) => l !== '')
        .join(', '),
      codePostal: adresse.code_postal.padStart(5, '0'),
      ville: adresse.nom_commune,
      horaires: plagesDites(fiche.plage_ouverture ?? []),
      ...(latitude === undefined || longitude === undefined ? {} : { latitude, longitude }),
      ...(acces === undefined ? {} : { acces }),
      ...(adresse.note_accessibilite === '' ? {} : { noteAcces: adresse.note_accessibilite }),
      ...(telephone === '' ? {} : { telephone }),
      ...(accessible === '' ? {} : { telephoneAccessible: accessible }),
      ...(fiche.adresse_courriel === '' ? {} : { courriel: fiche.adresse_courriel }),
      ...(fiche.site_internet.startsWith('http') ? { site: fiche.site_internet } : {}),
      ...(fiche.url_service_public.startsWith('https://') ? { fiche: fiche.url_service_public } : {}),
      ...(modifieLe === undefined ? {} : { modifieLe }),
      ...(dessert.length === 0 ? {} : { dessert: dessert.join(' ') }),
    },
  };
}

export type BilanAnnuaire = {
  readonly paquet: PaquetAnnuaire;
  readonly lues: number;
  readonly doublons: number;
  readonly refus: readonly { readonly ligne: number; readonly message: string }[];
};

/**
 * Reads the directory one record at a time, so that the whole country never sits in memory: `ajouter` each record in turn (values, as the dump and the API give
 * them), then `finir`. Only the services useful to professional life are kept; a record without a place to go is refused and said, persons are never kept.
 */
export class LecteurAnnuaire {
  readonly #guichets = new Map<string, Guichet>();
  readonly #mairies = new Map<string, string>();
  readonly #refus: { ligne: number; message: string }[] = [];
  #lues = 0;
  #doublons = 0;

  get lues(): number {
    return this.#lues;
  }

  ajouter(brut: unknown): void {
    this.#lues += 1;
    const lu = lireFiche(brut);
    switch (lu.sorte) {
      case 'guichet':
        if (this.#guichets.has(lu.guichet.id)) this.#doublons += 1;
        this.#guichets.set(lu.guichet.id, lu.guichet);
        break;
      case 'mairie':
        if (commune(lu.code) !== undefined)
          this.#mairies.set(lu.code, `${lu.code}:${lu.latitude}:${lu.longitude}`);
        break;
      case 'refus':
        this.#refus.push({ ligne: this.#lues, message: lu.message });
        break;
      case 'autre':
        break;
    }
  }

  /** @param infos.date day of the dump, or of the answer. */
  finir(infos: { readonly date: Jour; readonly importeLe: Jour }): Resultat<BilanAnnuaire, RefusFichier> {
    if (this.#guichets.size === 0)
      return refuse({
        code: 'table-vide',
        message: `Aucun guichet utile parmi ${this.#lues} fiches : est-ce bien l’annuaire de l’administration (DILA) ?`,
      });
    const guichets = [...this.#guichets.values()].sort(
      (a, b) =>
        a.commune.localeCompare(b.commune) || a.type.localeCompare(b.type) || a.id.localeCompare(b.id),
    );
    return reussi({
      paquet: {
        version: 1,
        source: {
          producteur: 'DILA',
          titre: 'Annuaire de l’administration, service-public.gouv.fr',
          url: 'https://lannuaire.service-public.gouv.fr/',
          licence: 'Licence Ouverte 2.0',
          date: infos.date,
          importeLe: infos.importeLe,
          lignes: guichets.length,
        },
        guichets,
        centres: [...this.#mairies.values()].sort().join(' '),
      },
      lues: this.#lues,
      doublons: this.#doublons,
      refus: this.#refus,
    });
  }
}

/** How many counters of each kind a pack holds, for the report of an import. */
export const compterGuichets = (paquet: PaquetAnnuaire): ReadonlyMap<TypeService, number> => {
  const compte = new Map<TypeService, number>();
  for (const g of paquet.guichets) compte.set(g.type, (compte.get(g.type) ?? 0) + 1);
  return compte;
};
