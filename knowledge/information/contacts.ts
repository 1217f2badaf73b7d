import { nomRegion, region, regionDeCommune } from '../territoire/index.ts';
import { texte } from '../textes/index.ts';
import { lireDonnees, type Operateur, type Registre } from '../vocabulaire/index.ts';
import { lieuxDeLOperateur } from './annuaire.ts';
import { schemaOperateurs, schemaRegions, type PaquetPortails } from './contacts-schema.ts';
import type { Contact, Source } from './types.ts';

/** Where a contact is wanted: a commune or a region (INSEE codes). Neither: the national contact. */
export type LieuContact = { readonly commune?: string; readonly region?: string };

/** The number the network shows everywhere; read and confirmed only for some regions (domaine § 3.1, U2). */
const NUMERO_RESEAU = '09 72 01 02 03';

let operateurs: ReturnType<typeof chargerOperateurs> | undefined;
let regions: ReturnType<typeof indexerRegions> | undefined;

function chargerOperateurs() {
  const lu = lireDonnees('knowledge/information/donnees/operateurs.json', schemaOperateurs);
  return new Map(lu.operateurs.map((o) => [o.id, o]));
}

const indexerRegions = (lu: PaquetPortails) => ({
  ...lu,
  parCode: new Map(lu.regions.map((r) => [r.id, r])),
});
const chargerRegions = () =>
  indexerRegions(lireDonnees('knowledge/information/donnees/regions.json', schemaRegions));

const tousLesOperateurs = () => (operateurs ??= chargerOperateurs());
const toutesLesRegions = () => (regions ??= chargerRegions());

/** Puts another list of regional pages in service (an imported overlay); what ships stays untouched on disk. */
export function utiliserPortails(paquet: PaquetPortails): void {
  regions = indexerRegions(paquet);
}

/** Back to the list that ships. */
export function reprendrePortailsLivres(): void {
  regions = undefined;
}

/** Where the regional pages in service were read, and when someone last checked them. */
export const sourcePortails = (): { readonly source: Source; readonly verifieLe: string } => {
  const { source, verifieLe } = toutesLesRegions();
  return { source, verifieLe };
};

function operateurConnu(id: Operateur) {
  const lu = tousLesOperateurs().get(id);
  // The schema asks for as many entries as operators: only a duplicate can leave one out.
  if (lu === undefined) throw new Error(`operateurs.json : l’opérateur « ${id} » manque.`);
  return lu;
}

const regionDe = (lieu: LieuContact): string | undefined =>
  lieu.region ?? (lieu.commune === undefined ? undefined : regionDeCommune(lieu.commune)?.code);

const cle = (nom: string): string => `information-contacts.${nom}`;

/**
 * The name people see: « Avenir Actifs Hauts-de-France » for the opérateur régional of a known region, « France Travail », « Apec »…
 * The names of the firms that hold the regional market are not shown: they were not found (domaine U1).
 */
export function nomOperateur(operateur: Operateur, codeRegion?: string): string {
  if (
    operateur === 'operateur-regional' &&
    codeRegion !== undefined &&
    toutesLesRegions().parCode.has(codeRegion)
  )
    return `Avenir Actifs ${nomRegion(codeRegion)}`;
  return operateurConnu(operateur).nom;
}

/** Whom this operator serves, in one or two sentences of the register. */
export const descriptionOperateur = (operateur: Operateur, registre: Registre): string =>
  texte(cle(operateurConnu(operateur).description), registre);

/**
 * How to reach an operator from a place. Regional operator: the portal of the region, with its phone only where it was confirmed for that
 * region, otherwise flagged in the note. Outside the 18 regions: mon-cep.org and an honest note, whatever the operator is.
 * @throws {DonneeInvalide} a contact file is broken: file, entry and field are named.
 */
export function contactsDe(
  operateur: Operateur,
  lieu: LieuContact = {},
  registre: Registre = 'standard',
): Contact {
  const code = regionDe(lieu);
  if (code !== undefined && region(code)?.horsRegions === true)
    return contactHorsRegions(operateur, registre);
  if (operateur === 'operateur-regional') return contactRegional(code, registre);
  const { nom, telephone, horaires, url, libelleUrl, note, source } = operateurConnu(operateur);
  const lieux = lieu.commune === undefined ? [] : lieuxDeLOperateur(operateur, lieu.commune, registre);
  return {
    nom,
    ...(lieux.length === 0 ? {} : { lieux }),
    ...(telephone === undefined ? {} : { telephone }),
    ...(horaires === undefined ? {} : { horaires }),
    url,
    libelleUrl,
    note: texte(cle(note), registre),
    source,
  };
}

function contactRegional(code: string | undefined, registre: Registre): Contact {
  const portail = code === undefined ? undefined : toutesLesRegions().parCode.get(code);
  const national = operateurConnu('operateur-regional');
  if (code === undefined || portail === undefined)
    return {
      nom: national.nom,
      url: national.url,
      libelleUrl: national.libelleUrl,
      note: texte(cle(national.note), registre),
      source: national.source,
    };
  const { portailCep, telephone } = portail;
  const notes = [texte(cle('note-regional'), registre)];
  if (telephone === undefined)
    notes.push(texte(cle('note-regional-numero'), registre, { numero: NUMERO_RESEAU }));
  return {
    nom: nomOperateur('operateur-regional', code),
    ...(telephone === undefined ? {} : { telephone: telephone.numero }),
    ...(telephone?.horaires === undefined ? {} : { horaires: telephone.horaires }),
    url: portailCep,
    libelleUrl: portailCep.replace('https://', ''),
    note: notes.join(' '),
    source: telephone?.source ?? toutesLesRegions().source,
  };
}

function contactHorsRegions(operateur: Operateur, registre: Registre): Contact {
  const { source } = operateurConnu('operateur-regional');
  return {
    nom: operateurConnu(operateur).nom,
    url: toutesLesRegions().defauts.cep,
    libelleUrl: 'mon-cep.org',
    note: texte(cle('note-hors-regions'), registre),
    source,
  };
}

/** A page of a region: where to go, and where the address was read. */
export type LienRegional = { readonly nom: string; readonly url: string; readonly source: Source };

function lienRegional(
  code: string | undefined,
  champ: 'transitionsPro' | 'conseilRegional',
  nom: string,
): LienRegional {
  const { parCode, defauts, source } = toutesLesRegions();
  const trouve = code === undefined ? undefined : parCode.get(code);
  return {
    nom: trouve === undefined || code === undefined ? nom : `${nom} ${nomRegion(code)}`,
    url: trouve?.[champ] ?? defauts[champ],
    source,
  };
}

/** The Transitions Pro association of a region (INSEE code), or the national list of contacts when the region is unknown or outside the 18. */
export const transitionsPro = (codeRegion?: string): LienRegional =>
  lienRegional(codeRegion, 'transitionsPro', 'Transitions Pro');

/** The training page of the Région, or France Travail's page on regional programmes when the region is unknown or outside the 18. */
export const conseilRegional = (codeRegion?: string): LienRegional =>
  lienRegional(codeRegion, 'conseilRegional', 'Région');

/** The observatory of jobs and training of a region (Carif-Oref); `undefined` where its address was read nowhere. */
export const observatoireRegional = (codeRegion: string): LienRegional | undefined =>
  toutesLesRegions().parCode.get(codeRegion)?.observatoire;
