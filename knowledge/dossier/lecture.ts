import { comprendre, masquer, nommeLaSante, ressembleALaSante } from '../langage/index.ts';
import { texte } from '../textes/index.ts';
import { estChamp, jourDe, type Registre } from '../vocabulaire/index.ts';
import { estChampSante } from './document.ts';

/** One message of a conversation, as its log has it. */
export type ParoleLue = {
  readonly id: string;
  /** Milliseconds. */
  readonly le: number;
  readonly de: 'personne' | 'assistant';
  readonly texte: string;
  /** What a button or a form carried: read to know what the answer is about, never shown (contact details are typed in a form). */
  readonly valeur?: Readonly<Record<string, unknown>>;
  /** Of the assistant: the message of the person it answers, when the channel says so. */
  readonly repond?: string;
  /** Fields of the profile its buttons answer. */
  readonly champs?: readonly string[];
};

/** True when what a person wrote speaks of somebody's health, as far as words can tell: those of the list, and those understood so. */
export function evoqueSante(phrase: string, le: number): boolean {
  if (nommeLaSante(phrase) || ressembleALaSante(phrase)) return true;
  const { profil, demande, secondaires } = comprendre(phrase, { le: jourDe(le) });
  return (
    [demande, ...secondaires].includes('sante-handicap') ||
    Object.entries(profil).some(([champ, valeur]) => estChamp(champ) && estChampSante(champ, valeur))
  );
}

/** Distress, violence, harassment, eviction: said to a program that gave numbers to call, not to whoever follows a request. */
function estUneAlerte(phrase: string, le: number): boolean {
  const { alerte } = comprendre(phrase, { le: jourDe(le) });
  return alerte !== undefined && alerte !== 'donnee-sensible';
}

const porteSurLaSante = (champs: readonly string[]): boolean =>
  champs.some((c) => estChamp(c) && estChampSante(c, undefined));

/** Whether a button says something of health: the field it answers, the need it names, the operator it chooses. */
function boutonDeSante({
  champ,
  valeur,
  demande,
  operateur,
  cible,
}: Readonly<Record<string, unknown>>): boolean {
  return (
    (typeof champ === 'string' && estChamp(champ) && estChampSante(champ, valeur)) ||
    (typeof cible === 'string' && porteSurLaSante([cible])) ||
    demande === 'sante-handicap' ||
    operateur === 'cap-emploi'
  );
}

/**
 * What the service may read of a conversation the person lets it read. The rule of the document holds here too:
 * - never what was said in a moment of distress or danger, nor what was answered to it;
 * - without `sante` (the person cut health from their document): no message that speaks of it, nor the answers to one typed, nor the
 *   question about it and its answer, whatever the answer: that it was hidden must not tell.
 * Nothing marks the place of what is hidden, for the same reason.
 */
export function parolesMontrees(
  paroles: readonly ParoleLue[],
  { sante }: { readonly sante: boolean },
): readonly ParoleLue[] {
  /** Messages of the person whose answers are hidden with them. */
  const tus = new Set<string>();
  const montrees: ParoleLue[] = [];
  let derniere: string | undefined;
  let demandaitLaSante = false;
  for (const parole of paroles) {
    if (parole.de === 'assistant') {
      const surLaSante = porteSurLaSante(parole.champs ?? []);
      demandaitLaSante = surLaSante;
      const repond = parole.repond ?? derniere;
      const tue =
        (repond !== undefined && tus.has(repond)) || (!sante && (surLaSante || nommeLaSante(parole.texte)));
      if (!tue) montrees.push(parole);
      continue;
    }
    derniere = parole.id;
    const typee = parole.valeur === undefined;
    // Masked again: the label of a button comes from a browser, and what is recognised today may not have been when it was typed.
    const dit = masquer(parole.texte).texte;
    if (estUneAlerte(dit, parole.le) || (!sante && typee && evoqueSante(dit, parole.le))) {
      tus.add(parole.id);
      continue;
    }
    const tue =
      !sante &&
      (demandaitLaSante || (!typee && (boutonDeSante(parole.valeur) || evoqueSante(dit, parole.le))));
    if (!tue) montrees.push({ ...parole, texte: dit });
  }
  return montrees;
}

/** Whether health is shown: as the document already says, or by a choice the person makes beside this one. */
export type SanteLue = 'montree' | 'cachee' | 'selon-choix';

/**
 * The words of the agreement to read the conversation: the box, and what stands under it. Both are recorded, as they were shown.
 * @param jours days after the person's last message when the conversation is erased
 */
export function motsDeLecture(
  registre: Registre,
  { service, sante, jours }: { readonly service: string; readonly sante: SanteLue; readonly jours: number },
): { readonly accord: string; readonly precision: string; readonly entier: string } {
  const accord = texte('lecture.accord', registre, { service });
  const precision = `${texte(`lecture.sante-${sante}`, registre)} ${texte('lecture.limites', registre, { jours })}`;
  return { accord, precision, entier: `${accord} ${precision}` };
}
