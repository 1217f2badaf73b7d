import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jourDe } from '../../knowledge/vocabulaire/index.ts';

/** Who read or changed which file, when: written before the content is shown. One file a month, removed after the retention period. */
export type JournalLectures = {
  noter(qui: string, geste: string, reference: string): Promise<void>;
  balayer(mois: number): Promise<void>;
  /** A file was erased: who read something and when remains, what they read does not. */
  oublier(reference: string): Promise<void>;
};

const EFFACEE = 'effacee';

/** Opens the journal kept in `<dossier>/lectures`. One process writes it, one operation at a time: a rewriting never loses a line. */
export function ouvrirJournalLectures(dossier: string, horloge: () => number): JournalLectures {
  const racine = join(dossier, 'lectures');
  const noms = (): Promise<readonly string[]> => readdir(racine).catch((): string[] => []);
  let file: Promise<unknown> = Promise.resolve();
  const enFile = (tache: () => Promise<void>): Promise<void> => {
    const suivante = file.then(tache);
    file = suivante.catch(() => undefined);
    return suivante;
  };
  return {
    noter: (qui, geste, reference) =>
      enFile(async () => {
        await mkdir(racine, { recursive: true, mode: 0o700 });
        const le = new Date(horloge()).toISOString();
        await appendFile(
          join(racine, `${jourDe(horloge()).slice(0, 7)}.jsonl`),
          `${JSON.stringify({ le, qui, geste, reference })}\n`,
          { mode: 0o600 },
        );
      }),
    balayer: (mois) =>
      enFile(async () => {
        const limite = new Date(horloge());
        limite.setUTCMonth(limite.getUTCMonth() - mois);
        const premier = limite.toISOString().slice(0, 7);
        for (const nom of await noms())
          if (nom.slice(0, 7) < premier) await rm(join(racine, nom), { force: true });
      }),
    oublier: (reference) =>
      enFile(async () => {
        const dit = JSON.stringify(reference);
        for (const nom of await noms()) {
          const chemin = join(racine, nom);
          // Left by a crash in the middle of a rewriting: the month itself is whole.
          if (nom.endsWith('.tmp')) {
            await rm(chemin, { force: true });
            continue;
          }
          const avant = await readFile(chemin, 'utf8');
          if (!avant.includes(dit)) continue;
          await writeFile(`${chemin}.tmp`, avant.replaceAll(dit, JSON.stringify(EFFACEE)), { mode: 0o600 });
          await rename(`${chemin}.tmp`, chemin);
        }
      }),
  };
}
