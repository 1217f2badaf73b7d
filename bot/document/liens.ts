import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { estSigne, signer, type TrousseauDeCles } from '../http/index.ts';
import type { EnteteConversation, FaireLien, Horloge } from '../ports.ts';

/** What a link opens: one conversation's document. The follow-up page takes the code in a form, never in an address. */
export type UsageLien = 'document';
export type Lien = { readonly reference: string; readonly conversation: string };
export type RefusLien = { readonly code: 'lien-invalide' | 'lien-perime' };

/** As long as an idle conversation is kept (design § 6): a link never outlives what it opens. */
const DUREE_MS = 30 * 86_400_000;
const LETTRES: Readonly<Record<UsageLien, string>> = { document: 'd' };

const encoder = (valeurs: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(valeurs)).toString('base64url');

function decoder(charge: string): readonly unknown[] {
  try {
    const lu: unknown = JSON.parse(Buffer.from(charge, 'base64url').toString('utf8'));
    return Array.isArray(lu) ? lu : [];
  } catch {
    return [];
  }
}

/** A capability: whoever holds it may open this document until `expire` (ms). Signed, so that nobody can make or change one. */
export function nouveauJeton(cles: TrousseauDeCles, usage: UsageLien, lien: Lien, expire: number): string {
  const charge = encoder([LETTRES[usage], lien.reference, lien.conversation, expire]);
  return `${charge}.${signer(cles, charge)}`;
}

/** Reads a token of `nouveauJeton`. The same refusal whatever is wrong with it, except that an expired one says so. */
export function verifierLien(
  cles: TrousseauDeCles,
  usage: UsageLien,
  jeton: string,
  maintenant: number,
): Resultat<Lien, RefusLien> {
  const point = jeton.indexOf('.');
  const charge = jeton.slice(0, Math.max(0, point));
  if (jeton.length > 1_000 || !estSigne(cles, charge, jeton.slice(point + 1)))
    return refuse({ code: 'lien-invalide' });
  const [lettre, reference, conversation, expire] = decoder(charge);
  if (
    lettre !== LETTRES[usage] ||
    typeof reference !== 'string' ||
    typeof conversation !== 'string' ||
    typeof expire !== 'number'
  )
    return refuse({ code: 'lien-invalide' });
  return expire <= maintenant ? refuse({ code: 'lien-perime' }) : reussi({ reference, conversation });
}

/** Links to the person's own pages, made from the public address of the configuration (never from the Host header). */
export function creerFaireLien(options: {
  readonly cles: TrousseauDeCles;
  readonly publicUrl: string;
  readonly horloge: Horloge;
  readonly dureeMs?: number;
}): FaireLien {
  const { cles, horloge, dureeMs = DUREE_MS } = options;
  const base = options.publicUrl.replace(/\/+$/, '');
  return (entete: EnteteConversation, ressource) => {
    if (ressource.type === 'suivi') return `${base}/suivi`;
    const jeton = nouveauJeton(
      cles,
      'document',
      { reference: entete.reference, conversation: entete.id },
      horloge() + dureeMs,
    );
    return `${base}/d/${jeton}${ressource.format === 'html' ? '' : `.${ressource.format}`}`;
  };
}
