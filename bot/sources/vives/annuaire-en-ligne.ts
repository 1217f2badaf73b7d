import { z } from 'zod';
import {
  distanceKm,
  LecteurAnnuaire,
  type GuichetProche,
  type TypeService,
} from '../../../knowledge/information/index.ts';
import type { Jour } from '../../../knowledge/vocabulaire/index.ts';
import { appeler, lireJson, pauseDemandee, type Reponse } from './appel.ts';
import type { Obtenu } from './memoire.ts';

export type OptionsAnnuaireEnLigne = {
  /** `https://api-lannuaire.service-public.gouv.fr/api/explore/v2.1/catalog/datasets`: the host has changed once, so it is configurable. */
  readonly annuaireUrl: string;
  readonly geoUrl: string;
  readonly delaiMs: number;
  readonly aujourdhui: () => Jour;
};

/** The kinds a conversation may need; each commune has a handful of them. */
const TYPES = [
  'france_travail',
  'mission_locale',
  'cap_emploi',
  'apec',
  'maison_emploi',
  'msap',
] as const satisfies readonly TypeService[];

const schemaCompetence = z.looseObject({
  results: z.array(
    z.looseObject({
      /** A JSON text holding a list of ids: several counters may serve one commune, none is picked silently. */
      id_service_local: z.union([z.string(), z.array(z.string())]).nullish(),
    }),
  ),
});
const schemaFiches = z.looseObject({ results: z.array(z.unknown()) });
const schemaCommune = z.looseObject({
  centre: z.looseObject({ coordinates: z.tuple([z.number(), z.number()]) }),
});

const echec = (r: Reponse): Obtenu<never> => {
  if (!r.ok) return { ok: false, raison: r.raison };
  return r.statut === 429
    ? { ok: false, raison: 'quota', pauseMs: pauseDemandee(r.entetes) }
    : { ok: false, raison: `statut-${r.statut}` };
};

function identifiants(brut: string | readonly string[] | null | undefined): readonly string[] {
  const lu = typeof brut === 'string' ? (lireJson(brut) ?? [brut]) : (brut ?? []);
  return (Array.isArray(lu) ? lu : [lu]).filter(
    (id): id is string => typeof id === 'string' && /^[\w-]{8,64}$/u.test(id),
  );
}

/** The counters that say they serve a commune, read live in the directory of the administration (DILA), with their distance when geo.api.gouv.fr answers. No key. */
export class AnnuaireEnLigne {
  constructor(readonly options: OptionsAnnuaireEnLigne) {}

  async #lire<S extends z.ZodType>(url: string, schema: S): Promise<Obtenu<z.output<S>>> {
    const r = await appeler(url, { headers: { accept: 'application/json' }, delaiMs: this.options.delaiMs });
    if (!r.ok || r.statut !== 200) return echec(r);
    const lu = schema.safeParse(lireJson(r.texte));
    return lu.success ? { ok: true, valeur: lu.data } : { ok: false, raison: 'reponse-illisible' };
  }

  /** Where the commune is; without it the counters are still given, without distance. */
  async #centre(commune: string): Promise<{ latitude: number; longitude: number } | undefined> {
    const lu = await this.#lire(`${this.options.geoUrl}/communes/${commune}?fields=centre`, schemaCommune);
    if (!lu.ok) return undefined;
    const [longitude, latitude] = lu.valeur.centre.coordinates;
    return { latitude, longitude };
  }

  /** @param commune INSEE code (checked: it goes into a query). */
  async guichets(commune: string): Promise<Obtenu<readonly GuichetProche[]>> {
    if (!/^\d[\dAB]\d{3}$/u.test(commune)) return { ok: true, valeur: [] };
    const { annuaireUrl, aujourdhui } = this.options;
    const types = TYPES.map((t) => `code_type_service_local="${t}"`).join(' OR ');
    const competence = await this.#lire(
      `${annuaireUrl}/api-lannuaire-administration-locale-competence-geographique/records?${new URLSearchParams(
        {
          where: `code_insee_commune="${commune}" AND (${types})`,
          select: 'id_service_local',
          limit: '100',
        },
      )}`,
      schemaCompetence,
    );
    if (!competence.ok) return competence;
    const ids = [...new Set(competence.valeur.results.flatMap((r) => identifiants(r.id_service_local)))];
    if (ids.length === 0) return { ok: true, valeur: [] };
    const fiches = await this.#lire(
      `${annuaireUrl}/api-lannuaire-administration/records?${new URLSearchParams({
        where: ids
          .slice(0, 20)
          .map((id) => `id="${id}"`)
          .join(' OR '),
        limit: '20',
      })}`,
      schemaFiches,
    );
    if (!fiches.ok) return fiches;
    const lecteur = new LecteurAnnuaire();
    for (const fiche of fiches.valeur.results) lecteur.ajouter(fiche);
    const le = aujourdhui();
    const bilan = lecteur.finir({ date: le, importeLe: le });
    if (!bilan.ok) return { ok: true, valeur: [] };
    const centre = await this.#centre(commune);
    return {
      ok: true,
      valeur: bilan.valeur.paquet.guichets.map((guichet) => ({
        guichet,
        dessert: true,
        ...(centre === undefined || guichet.latitude === undefined || guichet.longitude === undefined
          ? {}
          : { km: distanceKm(centre, { latitude: guichet.latitude, longitude: guichet.longitude }) }),
      })),
    };
  }
}
