import { z } from 'zod';
import { lireDocument } from '../../knowledge/dossier/document-versions.ts';
import type { Demande, Jour } from '../../knowledge/vocabulaire/index.ts';
import { pourRecherche } from '../storage/depot-coeur.ts';
import type { DefinitionCollection, Fiche } from '../storage/depot.ts';
import { aManqueUnePromesse, premierContact } from './echeances.ts';
import { estOuvert, type Etat } from './etats.ts';
import { schemaTransmission, type Transmission } from './transmission.ts';

/** What the queue shows at a glance, nobody's name in it: names are read file by file, and each reading is recorded. */
export type ResumeTransmission = {
  readonly reference: string;
  readonly etat: Etat;
  readonly operateur: string;
  readonly region?: string;
  readonly departement?: string;
  readonly service: string;
  readonly creeeLe: number;
  readonly modifieeLe: number;
  readonly rappelAvantLe?: Jour;
  readonly conseiller?: { readonly id: string; readonly nom: string };
  readonly rendezVousLe?: number;
  readonly demande?: Demande;
  /** Lines of the document worth seeing before opening it: place, métier, urgency, mode, access needs. */
  readonly points: readonly { readonly id: string; readonly libelle: string; readonly texte: string }[];
  readonly moyen?: 'telephone' | 'courriel';
  readonly tentatives: number;
  /** The service gave a sign of life: what a promise is about. */
  readonly contactee: boolean;
  /** A promise was broken, even when the person was answered since. */
  readonly promesseManquee: boolean;
  /** A re-routing waits for the person. */
  readonly reorientationProposee: boolean;
  /** Messages the person added since they sent it. */
  readonly messages: number;
  /** The person agreed to be answered in the conversation. */
  readonly enDirect: boolean;
};

const POINTS = ['lieu', 'metier-vise', 'maturite', 'echeance', 'mobilite', 'modeSouhaite', 'besoinsAcces'];

/** Summary of a handover for the queue. */
export function resumer(t: Transmission): ResumeTransmission {
  const lignes = t.contenu?.document.sections.flatMap((s) => s.lignes) ?? [];
  return {
    reference: t.reference,
    etat: t.etat,
    operateur: t.operateur,
    ...(t.region === undefined ? {} : { region: t.region }),
    ...(t.departement === undefined ? {} : { departement: t.departement }),
    service: t.service,
    creeeLe: t.creeeLe,
    modifieeLe: t.modifieeLe,
    ...(t.rappelAvantLe === undefined ? {} : { rappelAvantLe: t.rappelAvantLe }),
    ...(t.conseiller === undefined ? {} : { conseiller: t.conseiller }),
    ...(t.rendezVous === undefined ? {} : { rendezVousLe: t.rendezVous.le }),
    ...(t.contenu === undefined
      ? {}
      : { demande: t.contenu.document.demande, moyen: t.contenu.contact.moyen }),
    points: POINTS.flatMap((id) => lignes.filter((l) => l.id === id)).map(({ id, libelle, texte }) => ({
      id,
      libelle,
      texte,
    })),
    tentatives: t.contenu?.notes.filter((n) => n.genre !== 'note').length ?? 0,
    contactee: premierContact(t) !== undefined,
    promesseManquee: aManqueUnePromesse(t),
    reorientationProposee: t.reorientation !== undefined,
    messages: t.contenu?.messages.length ?? 0,
    enDirect: t.contenu?.consentement.enDirect !== undefined,
  };
}

/** Every means the person gave, and each number in one piece too: it is searched for as it is read on a phone. */
const moyensDe = (t: Transmission): readonly string[] =>
  [
    t.contenu?.contact.valeur ?? '',
    ...(t.contenu?.document.sections ?? [])
      .filter((s) => s.id === 'contact')
      .flatMap((s) => s.lignes.map((l) => l.texte)),
  ].flatMap((v) => (/\d[\s.-]\d/.test(v) ? [v, v.replaceAll(/[\s.-]/g, '')] : [v]));

function ficher(t: Transmission): Fiche<ResumeTransmission> {
  const resume = resumer(t);
  return {
    operateur: t.operateur,
    ...(t.region === undefined ? {} : { region: t.region }),
    etat: t.etat,
    tri: t.creeeLe,
    // An open handover is never dropped by age alone: the sweep closes it first, and says so.
    ...(estOuvert(t.etat) ? {} : { expireLe: t.expireLe }),
    recherche: pourRecherche(
      t.reference,
      t.reference.replaceAll('-', ''),
      t.identifiant,
      t.contenu?.contact.nom,
      ...moyensDe(t),
      t.contenu?.document.demande.replaceAll('-', ' '),
      ...resume.points.map((p) => p.texte),
    ),
    resume,
  };
}

const schemaAvecContenu = z.looseObject({ contenu: z.looseObject({}) });

/** Version 2 keeps the messages the person adds; before, there were none. */
export function vers2(valeur: unknown): unknown {
  const lu = schemaAvecContenu.safeParse(valeur);
  return lu.success ? { ...lu.data, contenu: { ...lu.data.contenu, messages: [] } } : valeur;
}

/** Version 3 keeps re-routings, the services gone through and the deadlines acted on; before, there were none. */
export const vers3 = (valeur: unknown): unknown => ({
  ...z.looseObject({}).parse(valeur),
  parcours: [],
  signalees: [],
});

const schemaAvecDocument = z.looseObject({ contenu: z.looseObject({ document: z.unknown() }) });

/** Version 4 keeps documents of version 2 and their earlier editions. A document nobody can read is left as it is: the record is set aside. */
export function vers4(valeur: unknown): unknown {
  const lu = schemaAvecDocument.safeParse(valeur);
  if (!lu.success) return valeur;
  const { contenu } = lu.data;
  return {
    ...lu.data,
    contenu: { ...contenu, document: lireDocument(contenu.document) ?? contenu.document, editions: [] },
  };
}

/** Version 5 may keep an agreement to read the conversation, and which proposal an answer was given to; before, there was neither. */
export const vers5 = (valeur: unknown): unknown => valeur;

/** Version 6 keeps documents of version 3 beside those of version 2, which stay as they were sealed. */
export const vers6 = (valeur: unknown): unknown => valeur;

export const TRANSMISSIONS: DefinitionCollection<Transmission, ResumeTransmission> = {
  nom: 'transmissions',
  version: 6,
  schema: schemaTransmission,
  migrations: { 1: vers2, 2: vers3, 3: vers4, 4: vers5, 5: vers6 },
  fiche: ficher,
};
