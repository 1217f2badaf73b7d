import { z } from 'zod';
import { ajouterJours, jourDe, lireDonnees, type Jour } from '../../knowledge/vocabulaire/index.ts';
import { ETATS_OUVERTS, estOuvert } from './etats.ts';
import { ajouterJoursOuvres } from './jours-ouvres.ts';
import type { Transmission } from './transmission.ts';

const nombre = z.int().min(0).max(60);

/** One deadline of the follow-up: what it counts from, after how long, and who is told. */
export const schemaEcheance = z.strictObject({
  id: z.string().regex(/^[a-z-]{1,40}$/),
  /** The fact it counts from; a file without that fact does not have the deadline. */
  quand: z.enum(['promesse', 'prise-en-charge', 'rendez-vous', 'reorientation']),
  etats: z.array(z.enum(ETATS_OUVERTS)).min(1),
  delai: z.union([z.strictObject({ jours: nombre }), z.strictObject({ joursOuvres: nombre })]),
  /** `rappel`: the service; `promesse-depassee`: the service, its supervisor and the person. */
  avis: z.enum(['rappel', 'promesse-depassee']),
});
export type Echeance = z.output<typeof schemaEcheance>;

/** @throws {DonneeInvalide} naming the entry and the field. */
export const lireEcheances = (): readonly Echeance[] =>
  lireDonnees('bot/handover/donnees/echeances.json', z.array(schemaEcheance));

/** When the file came to the service that has it now. */
const arriveeLe = (t: Transmission): number =>
  t.transitions.findLast((x) => x.action === 'ouvrir')?.le ?? t.creeeLe;

/**
 * Instant of the first sign of life of the present service: an attempt to call, an exchange, an appointment. Taking the file is not one:
 * the person sees nothing of it.
 */
export function premierContact(t: Transmission): number | undefined {
  const depuis = arriveeLe(t);
  const instants = [
    ...(t.contenu?.notes ?? []).filter((n) => n.genre !== 'note').map((n) => n.le),
    ...t.transitions.filter((x) => x.action === 'fixer-rendez-vous').map((x) => x.le),
  ].filter((le) => le >= depuis);
  return instants.length === 0 ? undefined : Math.min(...instants);
}

/** The service promised an answer by a day that is over, on its own clock, and gave no sign before its end. */
export function estPromesseManquee(t: Transmission, aujourdhui: Jour, fuseau?: string): boolean {
  if (t.rappelAvantLe === undefined) return false;
  const contact = premierContact(t);
  return contact === undefined
    ? estOuvert(t.etat) && aujourdhui > t.rappelAvantLe
    : jourDe(contact, fuseau) > t.rappelAvantLe;
}

/** The day a deadline counts from; `undefined` when it has no object any more. */
function depart(t: Transmission, { quand }: Echeance, fuseau: string | undefined): Jour | undefined {
  switch (quand) {
    case 'promesse':
      return t.rappelAvantLe;
    case 'prise-en-charge': {
      const prise = t.transitions.findLast((x) => x.action === 'prendre' || x.action === 'transferer');
      return prise === undefined || premierContact(t) !== undefined ? undefined : jourDe(prise.le, fuseau);
    }
    case 'rendez-vous':
      return t.rendezVous === undefined ? undefined : jourDe(t.rendezVous.le, fuseau);
    case 'reorientation':
      return t.reorientation === undefined ? undefined : jourDe(t.reorientation.le, fuseau);
    default:
      return quand satisfies never;
  }
}

/** One deadline that is reached; `cle` says which, and from which day: moved to another day, it counts again. */
export type EcheanceAtteinte = { readonly cle: string; readonly avis: Echeance['avis'] };

/** Deadlines of a file reached on that day, on the clock of the service that has it, and not acted on yet. */
export function echeancesAtteintes(
  t: Transmission,
  echeances: readonly Echeance[],
  aujourdhui: Jour,
  fuseau?: string,
): readonly EcheanceAtteinte[] {
  return echeances.flatMap((e) => {
    if (!e.etats.some((etat) => etat === t.etat)) return [];
    const base = depart(t, e, fuseau);
    if (base === undefined) return [];
    const le =
      'jours' in e.delai ? ajouterJours(base, e.delai.jours) : ajouterJoursOuvres(base, e.delai.joursOuvres);
    const cle = `${e.id}@${base}`;
    if (aujourdhui < le || t.signalees.some((s) => s.id === cle)) return [];
    // A promise is a matter of contact: kept, it reminds nobody; broken, it stays broken whatever came after.
    if (e.quand === 'promesse') {
      const manquee = estPromesseManquee(t, aujourdhui, fuseau);
      if (e.avis === 'promesse-depassee' ? !manquee : manquee || premierContact(t) !== undefined) return [];
    }
    return [{ cle, avis: e.avis }];
  });
}

/** A promise this file broke, at any time: what a supervisor counts. */
export const aManqueUnePromesse = (t: Pick<Transmission, 'signalees'>): boolean =>
  t.signalees.some((s) => s.id.startsWith('promesse-depassee@'));
