import { z } from 'zod';
import type { Demande, Jour, Profil } from '../../knowledge/vocabulaire/index.ts';
import { OPERATEURS } from '../../knowledge/vocabulaire/index.ts';
import { estFuseau, jourPromis, schemaHoraires } from './ouverture.ts';

/**
 * What a service may be the specialist of, first come first served when two apply. Only what people already say to be oriented; never
 * health: Cap emploi is an operator by itself, and nobody's handicap chooses a desk behind their back.
 */
export const SPECIALITES = ['demission', 'agents-publics', 'independants', 'creation', 'cadres'] as const;
export type Specialite = (typeof SPECIALITES)[number];

const schemaRegion = z.string().regex(/^[0-9]{2}$/, 'un code de région de l’Insee est attendu (« 32 »)');
const schemaDepartement = z
  .string()
  .regex(/^(?:\d{2}|2[AB]|97\d)$/, 'un code de département est attendu (« 59 », « 2A », « 974 »)');
/** Working days within which an answer is promised. */
const schemaDelai = z.int().min(0).max(30);

/**
 * A service that receives handovers: configuration, never code. Sending is offered only where one is connected: nobody is told that
 * a human will call where no human is there.
 */
export const schemaService = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    /** What people see: « Avenir Actifs Hauts-de-France ». */
    nom: z.string().min(2).max(120),
    operateur: z.enum(OPERATEURS),
    /** INSEE codes of the régions it serves; may be left out where `departements` says it all. */
    regions: z.union([z.literal('toutes'), z.array(schemaRegion).min(1)]).optional(),
    /** Départements it serves, besides its régions if it names any. */
    departements: z.array(schemaDepartement).min(1).optional(),
    /** Who it is for; absent: everybody. */
    specialites: z.array(z.enum(SPECIALITES)).min(1).optional(),
    /** True: nobody reads it; the pages say so. */
    demonstration: z.boolean(),
    /** Working days within which it promises to call back; absent: it promises nothing and the pages announce nothing. */
    delaiJoursOuvres: schemaDelai.optional(),
    /** Other delays in some places; the département before the région. */
    delais: z
      .array(
        z
          .strictObject({
            departements: z.array(schemaDepartement).min(1).optional(),
            regions: z.array(schemaRegion).min(1).optional(),
            joursOuvres: schemaDelai,
          })
          .refine(
            ({ departements, regions }) => departements !== undefined || regions !== undefined,
            'des départements ou des régions sont attendus',
          ),
      )
      .optional(),
    /** Its counsellors sometimes answer in the conversation itself: people may agree to it. Absent: they are not asked. */
    enDirect: z.boolean().optional(),
    telephone: z.string().max(30).optional(),
    /** Words alone (nothing is computed from them), or hours that promises follow. */
    horaires: z
      .preprocess((v) => (typeof v === 'string' ? undefined : v), schemaHoraires.optional())
      .optional(),
    /** Département of its office, for the holidays of Alsace-Moselle and overseas. */
    siege: schemaDepartement.optional(),
    /** The clock its hours and its promises are on; absent: that of Paris. */
    fuseau: z
      .string()
      .refine(estFuseau, 'un fuseau horaire de l’IANA est attendu (« Indian/Reunion »)')
      .optional(),
    /** Where to write that a file waits: a link, never the content. */
    courriel: z.email('une adresse électronique est attendue').max(254).optional(),
    /** Where to post that a file waits, signed with a secret this service alone shares. */
    webhook: z
      .strictObject({
        url: z
          .string()
          .refine(
            (v) => URL.canParse(v) && /^https?:$/.test(new URL(v).protocol),
            'une adresse https est attendue',
          ),
        secret: z.string().min(32, 'le secret doit compter au moins 32 caractères').max(200),
      })
      .optional(),
  })
  .refine(({ regions, departements }) => regions !== undefined || departements !== undefined, {
    path: ['regions'],
    message: '« toutes », des régions, ou des départements (« departements ») sont attendus',
  });
export type ServiceReceveur = z.output<typeof schemaService>;

/** Where somebody is, as far as they said. */
export type Lieu = { readonly region?: string | undefined; readonly departement?: string | undefined };

/** What of a situation a service may be the specialist of, in the order of `SPECIALITES`. */
export function specialitesDe(situation: {
  readonly demande?: Demande | undefined;
  readonly profil?: Profil;
}): readonly Specialite[] {
  const { demande, profil = {} } = situation;
  const est: Readonly<Record<Specialite, boolean>> = {
    demission: demande === 'demissionner' || profil.projetDemission === 'oui',
    'agents-publics': profil.activite === 'agent-public',
    independants: profil.activite === 'independant',
    creation: demande === 'creer-son-activite',
    cadres: profil.cadre === 'oui',
  };
  return SPECIALITES.filter((s) => est[s]);
}

/** How near a service is: 0 for a named département, 1 for a named région, 2 for everywhere; `undefined` when the place is not its own. */
function proximite(service: ServiceReceveur, { region, departement }: Lieu): 0 | 1 | 2 | undefined {
  if (departement !== undefined && service.departements?.includes(departement) === true) return 0;
  if (service.regions === 'toutes') return 2;
  return region !== undefined && service.regions?.includes(region) === true ? 1 : undefined;
}

/**
 * The service for an operator, a place and a situation. A specialist of the situation first (in the order of `SPECIALITES`: it does what the
 * others do not), then the nearest. Of somebody whose place is not known, only a service that takes everywhere.
 */
export function servicePour(
  services: readonly ServiceReceveur[],
  operateur: string,
  lieu: Lieu,
  specialites: readonly Specialite[] = [],
): ServiceReceveur | undefined {
  const rangs = services.flatMap((service) => {
    const distance = service.operateur === operateur ? proximite(service, lieu) : undefined;
    if (distance === undefined) return [];
    const rang =
      service.specialites === undefined
        ? specialites.length
        : specialites.findIndex((s) => service.specialites?.includes(s) === true);
    return rang === -1 ? [] : [{ service, cle: rang * 3 + distance }];
  });
  return rangs.sort((a, b) => a.cle - b.cle)[0]?.service;
}

/** Services between which nothing would choose, in words: two of one operator, for the same people, that name the same place. */
export function egalites(services: readonly ServiceReceveur[]): readonly string[] {
  const communs = <T>(a: readonly T[] = [], b: readonly T[] = []): readonly T[] =>
    a.filter((x) => b.includes(x));
  return services.flatMap((a, i) =>
    services.slice(i + 1).flatMap((b) => {
      if (a.operateur !== b.operateur || a.id === b.id) return [];
      const public_ =
        a.specialites === undefined && b.specialites === undefined
          ? ['tout public']
          : communs(a.specialites, b.specialites);
      const lieux =
        a.regions === 'toutes' && b.regions === 'toutes'
          ? ['toutes les régions']
          : a.regions === 'toutes' || b.regions === 'toutes'
            ? []
            : communs(a.regions, b.regions).map((r) => `région ${r}`);
      const memes = [...lieux, ...communs(a.departements, b.departements).map((d) => `département ${d}`)];
      return public_.length === 0 || memes.length === 0
        ? []
        : [
            `${a.id} et ${b.id} : rien ne permet de choisir entre ces deux services de ${a.operateur} (${public_.join(', ')} ; ${memes.join(', ')}).`,
          ];
    }),
  );
}

/** The delay a service promises somewhere: that of the département, of the région, or its own. */
const delaiDe = (service: ServiceReceveur, { region, departement }: Lieu): number | undefined =>
  (
    service.delais?.find(
      (d) => departement !== undefined && d.departements?.includes(departement) === true,
    ) ?? service.delais?.find((d) => region !== undefined && d.regions?.includes(region) === true)
  )?.joursOuvres ?? service.delaiJoursOuvres;

/** The day by the end of which this service promises to answer what it is sent at `instant` (ms); `undefined`: it promises nothing. */
export function promesseDe(service: ServiceReceveur, lieu: Lieu, instant: number): Jour | undefined {
  const delai = delaiDe(service, lieu);
  return delai === undefined ? undefined : jourPromis(service, delai, instant);
}
