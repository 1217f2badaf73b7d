import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { RefusFichier } from '../../knowledge/information/index.ts';
import { lireDonnees, refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { SOURCES } from './surcouches.ts';

const schema = z.strictObject({
  verifieLe: z.iso.date(),
  adresses: z.array(
    z.strictObject({
      source: z.enum(SOURCES),
      titre: z.string().min(5),
      /** Where the file itself is; absent when it must be fetched by hand from the page. */
      url: z.url({ protocol: /^https$/ }).optional(),
      fichier: z.string().optional(),
      annee: z.number().int().optional(),
      page: z.url({ protocol: /^https$/ }),
    }),
  ),
});
export type AdresseOfficielle = z.output<typeof schema>['adresses'][number];

/** The official address of each source, as known on the day the file says. */
export const adressesOfficielles = (): readonly AdresseOfficielle[] =>
  lireDonnees('bot/sources/donnees/adresses.json', schema).adresses;

export type OptionsTelechargement = {
  /** No answer, or no byte, for this long: given up. */
  readonly delaiMs?: number;
  readonly octetsMax?: number;
  readonly avancement?: (octets: number) => void;
};

/**
 * Fetches a file into a folder of its own and gives its path; the caller erases it with `oublier`. An address that does not answer, answers badly, or sends without end is a refusal with
 * what to do by hand, never a half file.
 */
export async function telecharger(
  url: string,
  nom: string | undefined,
  { delaiMs = 60_000, octetsMax = 1_500_000_000, avancement }: OptionsTelechargement = {},
): Promise<Resultat<{ readonly chemin: string; readonly oublier: () => void }, RefusFichier>> {
  const dossier = mkdtempSync(join(tmpdir(), 'donnees-'));
  const oublier = (): void => rmSync(dossier, { recursive: true, force: true });
  const aLaMain = `Ouvrez ${url} dans un navigateur, puis importez le fichier avec « npm run -s donnees -- importer ».`;
  const arret = new AbortController();
  let veille = setTimeout(() => arret.abort(), delaiMs);
  try {
    const reponse = await fetch(url, { signal: arret.signal, redirect: 'follow' });
    if (!reponse.ok || reponse.body === null) {
      oublier();
      return refuse({
        code: 'adresse-refusee',
        message: `L’adresse a répondu ${reponse.status}. ${aLaMain}`,
      });
    }
    const chemin = join(dossier, nom ?? (basename(new URL(reponse.url).pathname) || 'fichier'));
    mkdirSync(dossier, { recursive: true });
    let recus = 0;
    await pipeline(
      reponse.body,
      async function* (morceaux: AsyncIterable<Uint8Array>) {
        for await (const morceau of morceaux) {
          recus += morceau.length;
          if (recus > octetsMax) throw new RangeError('trop long');
          clearTimeout(veille);
          veille = setTimeout(() => arret.abort(), delaiMs);
          avancement?.(recus);
          yield morceau;
        }
      },
      createWriteStream(chemin, { mode: 0o600 }),
    );
    return reussi({ chemin, oublier });
  } catch (cause) {
    oublier();
    return refuse(
      cause instanceof RangeError
        ? {
            code: 'archive-demesuree',
            message: `Le fichier est démesuré : téléchargement arrêté. ${aLaMain}`,
          }
        : {
            code: 'sans-reseau',
            message: `L’adresse ne répond pas (réseau absent ou trop lent). ${aLaMain}`,
          },
    );
  } finally {
    clearTimeout(veille);
  }
}
