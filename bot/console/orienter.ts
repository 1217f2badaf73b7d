import { z } from 'zod';
import { idsRelais, nomOperateur, relaisDe } from '../../knowledge/information/index.ts';
import { refuse, OPERATEURS, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import {
  estDestinationConnue,
  MOTIFS,
  schemaDestination,
  type RefusAction,
  type Transmission,
  type Transmissions,
} from '../handover/index.ts';
import { ErreurHttp } from '../http/index.ts';
import type { Collegues } from './collegues.ts';
import type { Session } from './droits.ts';

export type RefusOrienter = RefusAction | { readonly code: 'collegue-inconnu' };
type Fait = Promise<Resultat<Transmission, RefusOrienter>>;
type Corps = Readonly<Record<string, unknown>>;

const MOTS_MAX = 500;

const schemaTransfert = z.object({ vers: z.string().min(1).max(255) });
const schemaProposition = z.object({
  vers: schemaDestination,
  motif: z.enum(MOTIFS.reorientee),
  mots: z.string().max(MOTS_MAX).default(''),
});

/** Handing a file over: to a colleague, or elsewhere with the person's agreement. */
export function gestesDOrientation(
  transmissions: Transmissions,
  collegues: Collegues,
): {
  readonly transferer: (s: Session, t: Transmission, corps: Corps) => Fait;
  readonly reorienter: (s: Session, t: Transmission, corps: Corps) => Fait;
} {
  return {
    async transferer(session, t, corps) {
      const lu = schemaTransfert.safeParse(corps);
      if (!lu.success) throw new ErreurHttp(400, 'BadArgument', 'A colleague is expected.');
      const { id, nom } = session;
      const vers = (await collegues.pour(t, '')).find((c) => c.id === lu.data.vers);
      // Known to this console and with rights on this very file: nobody is handed what they could not open.
      if (vers === undefined) return refuse({ code: 'collegue-inconnu' });
      const dOffice = session.roles.includes('superviseur') ? 'd-office' : undefined;
      return transmissions.transferer(t.reference, { id, nom }, vers, dOffice);
    },
    async reorienter(session, t, corps) {
      const lu = schemaProposition.safeParse(corps);
      if (!lu.success || !estDestinationConnue(lu.data.vers))
        throw new ErreurHttp(
          400,
          'BadArgument',
          'A destination, a reason and at most 500 characters are expected.',
        );
      const { vers, motif, mots } = lu.data;
      const dits = mots.trim();
      const { id, nom } = session;
      return transmissions.proposerReorientation(
        t.reference,
        { id, nom },
        { vers, motif, ...(dits === '' ? {} : { mots: dits }) },
      );
    },
  };
}

/** What the page offers to choose from: the operators, the relais, the reasons. `relie`: a service is connected and would receive the file. */
export const choixDOrientation = (
  transmissions: Transmissions,
  t: Transmission,
): {
  readonly destinations: readonly {
    readonly vers: z.output<typeof schemaDestination>;
    readonly nom: string;
    readonly relie: boolean;
  }[];
  readonly motifs: readonly string[];
} => ({
  destinations: [
    ...OPERATEURS.filter((o) => o !== t.operateur).map((operateur) => ({
      vers: { type: 'operateur' as const, operateur },
      nom: nomOperateur(operateur, t.region),
      relie: transmissions.serviceDestinataire(t, { type: 'operateur', operateur }) !== undefined,
    })),
    ...idsRelais().map((id) => ({
      vers: { type: 'relais' as const, id },
      nom: relaisDe(id).nom,
      relie: false,
    })),
  ],
  motifs: MOTIFS.reorientee,
});
