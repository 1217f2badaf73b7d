import { jourDe, OPERATEURS, type Jour } from '../../knowledge/vocabulaire/index.ts';
import { nomOperateur } from '../../knowledge/information/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { nomRegion, region } from '../../knowledge/territoire/index.ts';
import type { Boite, PerimetreEnvois } from '../envois/index.ts';
import {
  estOperateur,
  ETATS_OUVERTS,
  nomOperateurDe,
  type ResumeTransmission,
  type Transmissions,
} from '../handover/index.ts';
import { ErreurHttp, repondreJson, repondreOctets, type Serveur } from '../http/index.ts';
import type { Horloge } from '../ports.ts';
import { ecrireCsv } from './csv.ts';
import type { GesteConsole, Session } from './droits.ts';
import { indicateurs } from './indicateurs.ts';
import type { Sessions } from './sessions.ts';

export type OptionsVues = {
  readonly transmissions: Transmissions;
  /** Absent: nothing is sent outside, so nothing can be stuck. */
  readonly boite: Pick<Boite, 'lister' | 'relancer' | 'passer'> | undefined;
  readonly sessions: Sessions;
  readonly horloge: Horloge;
  /** @throws {ErreurHttp} 403 */
  readonly exigerDroit: (session: Session, geste: GesteConsole) => Session;
};

/**
 * What listing may see for a session: absent, everything. A supervisor also sees the files of a région that left the data, which is in
 * nobody's rights any more: without them, nobody would.
 */
export async function perimetreDe(
  session: Session,
  transmissions: Pick<Transmissions, 'lister'>,
  maintenant: number,
): Promise<PerimetreEnvois> {
  const { operateurs, regions, roles } = session;
  const miens = operateurs === 'tous' ? {} : { operateurs };
  if (regions === 'toutes') return miens;
  if (!roles.includes('superviseur')) return { ...miens, regions };
  return { ...miens, regions: [...regions, ...(await regionsDisparues(transmissions, maintenant))] };
}

const GARDE_DISPARUES_MS = 60_000;
type Disparues = { readonly le: number; readonly codes: readonly string[] };
const disparuesDe = new WeakMap<object, Disparues>();

/** Régions of stored files that are not in the data. They change with a release or an import: looked for once a minute, not at each page. */
async function regionsDisparues(
  transmissions: Pick<Transmissions, 'lister'>,
  maintenant: number,
): Promise<readonly string[]> {
  const connues = disparuesDe.get(transmissions);
  if (connues !== undefined && Math.abs(maintenant - connues.le) < GARDE_DISPARUES_MS) return connues.codes;
  const { lignes } = await transmissions.lister();
  const codes = [...new Set(lignes.flatMap(({ region: r }) => r ?? []))].filter(
    (r) => region(r) === undefined,
  );
  disparuesDe.set(transmissions, { le: maintenant, codes });
  return codes;
}

/** An answer was announced, the day is over, and the service gave no sign. */
export const estEnRetard = (r: ResumeTransmission, aujourdhui: Jour): boolean =>
  r.rappelAvantLe !== undefined &&
  r.rappelAvantLe < aujourdhui &&
  !r.contactee &&
  ETATS_OUVERTS.some((etat) => etat === r.etat);

/** Where a file is, for the rights. */
export const placeDe = ({
  operateur,
  region: code,
}: {
  readonly operateur: string;
  readonly region?: string | undefined;
}) => ({
  operateur,
  region: code,
  regionRetiree: code !== undefined && region(code) === undefined,
});

/** Whether a file has become hard to place: its service is connected no more, its operator or its région left the data. */
export const estOrpheline = (
  r: { readonly service: string; readonly operateur: string; readonly region?: string | undefined },
  transmissions: Pick<Transmissions, 'service'>,
): boolean =>
  transmissions.service(r.service) === undefined ||
  !estOperateur(r.operateur) ||
  (r.region !== undefined && region(r.region) === undefined);

/** What a supervisor looks at first: how much there is, what is late, who holds it, what nobody can reach. Nothing of the people. */
export function pilotage(
  resumes: readonly ResumeTransmission[],
  transmissions: Pick<Transmissions, 'service'>,
  maintenant: number,
): object {
  const enRetard = (r: ResumeTransmission): boolean =>
    estEnRetard(r, jourDe(maintenant, transmissions.service(r.service)?.fuseau));
  const ouvertes = resumes.filter((r) => ETATS_OUVERTS.some((etat) => etat === r.etat));
  const references = (garder: (r: ResumeTransmission) => boolean): readonly object[] =>
    ouvertes
      .filter(garder)
      .slice(0, 50)
      .map(({ reference, creeeLe, rappelAvantLe, operateur, region: r, etat, conseiller }) => ({
        reference,
        creeeLe,
        etat,
        operateur: nomOperateurDe(operateur, { region: r }),
        ...(r === undefined ? {} : { region: nomRegion(r) }),
        ...(rappelAvantLe === undefined ? {} : { rappelAvantLe }),
        ...(conseiller === undefined ? {} : { conseiller: conseiller.nom }),
      }));
  const charge = new Map<string, number>();
  for (const { conseiller } of ouvertes)
    if (conseiller !== undefined) charge.set(conseiller.nom, (charge.get(conseiller.nom) ?? 0) + 1);
  return {
    ouvertes: ouvertes.length,
    aPrendre: ouvertes.filter((r) => r.conseiller === undefined).length,
    promessesManquees: resumes.filter((r) => r.promesseManquee).length,
    reorientationsEnAttente: ouvertes.filter((r) => r.reorientationProposee).length,
    enRetard: references(enRetard),
    orphelines: references((r) => estOrpheline(r, transmissions)),
    charge: [...charge].map(([nom, nombre]) => ({ nom, nombre })).sort((a, b) => b.nombre - a.nombre),
  };
}

/** The words of a code in a table of counts. */
function nommer(tableau: string, code: string): string {
  if (code === 'autre' || code === 'inconnue') return texte(`console.code-${code}`, 'standard');
  switch (tableau) {
    case 'etat':
      return texte(`console.etat-${code}`, 'standard');
    case 'operateur':
      return OPERATEURS.filter((o) => o === code).map((o) => nomOperateur(o))[0] ?? code;
    case 'region':
      return nomRegion(code);
    case 'demande':
      return texte(`dossier.demande-qualifiee-${code}`, 'standard');
    case 'promesse':
      return texte(`console.promesse-${code}`, 'standard');
    default:
      return code;
  }
}

/** Views of the work rather than of a file: the supervisor's, the maintainer's, the observer's. */
export function monterVues({ restify }: Serveur, options: OptionsVues): void {
  const { transmissions, boite, sessions, horloge, exigerDroit } = options;
  const resumesPour = async (session: Session): Promise<readonly ResumeTransmission[]> =>
    (await transmissions.lister(await perimetreDe(session, transmissions, horloge()))).lignes.map(
      (l) => l.resume,
    );

  restify.get('/api/console/pilotage', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'pilotage');
    repondreJson(res, pilotage(await resumesPour(session), transmissions, horloge()));
  });
  restify.get('/api/console/indicateurs', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'indicateurs');
    const { tableaux, ...reste } = indicateurs(await resumesPour(session));
    repondreJson(res, {
      ...reste,
      tableaux: tableaux.map(({ id, lignes }) => ({
        id,
        lignes: lignes.map(({ code, nombre }) => ({ nom: nommer(id, code), nombre })),
      })),
    });
  });
  restify.get('/api/console/indicateurs.csv', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'indicateurs');
    const { tableaux } = indicateurs(await resumesPour(session));
    const mot = (cle: string): string => texte(`console.${cle}`, 'standard');
    const lignes = tableaux.flatMap(({ id, lignes: comptes }) =>
      comptes.map(({ code, nombre }) => [
        mot(`tableau-${id}`),
        nommer(id, code),
        nombre === null ? mot('indicateurs-cache') : String(nombre),
      ]),
    );
    const entete = ['indicateurs-tableau', 'indicateurs-valeur', 'indicateurs-nombre'].map(mot);
    repondreOctets(res, ecrireCsv([entete, ...lignes]), 'text/csv; charset=utf-8', {
      entetes: { 'Content-Disposition': 'attachment; filename="indicateurs-cep.csv"' },
    });
  });
  restify.get('/api/console/envois', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'envois');
    const perimetre = await perimetreDe(session, transmissions, horloge());
    repondreJson(res, {
      enAttente: (await boite?.lister('a-envoyer', perimetre))?.length ?? 0,
      abandonnes: ((await boite?.lister('abandonne', perimetre)) ?? []).map(
        ({ service, canal, raison, essais, creeLe }) => ({
          canal,
          raison,
          essais,
          creeLe,
          service: transmissions.service(service)?.nom ?? service,
        }),
      ),
    });
  });
  restify.post('/api/console/envois/relancer', async (req, res) => {
    const session = exigerDroit(sessions.exigerEcriture(req), 'relancer');
    const miens =
      (await boite?.lister('abandonne', await perimetreDe(session, transmissions, horloge()))) ?? [];
    let relances = 0;
    for (const { cle } of miens) if ((await boite?.relancer(cle)) === true) relances += 1;
    if (relances === 0) throw new ErreurHttp(409, 'Conflict', 'Nothing to send again.');
    repondreJson(res, { relances });
  });
}
