import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jourDe } from '../../knowledge/vocabulaire/index.ts';

/** Who read or changed which file, when: written before the content is shown. One file a month, removed after the retention period. */
export type JournalLectures = {
  noter(qui: string, geste: string, reference: string): Promise<void>;
  balayer(mois: number): Promise<void>;
};

export function ouvrirJournalLectures(dossier: string, horloge: () => number): JournalLectures {
  const racine = join(dossier, 'lectures');
  return {
    async noter(qui, geste, reference) {
      await mkdir(racine, { recursive: true, mode: 0o700 });
      const le = new Date(horloge()).toISOString();
      await appendFile(
        join(racine, `${jourDe(horloge()).slice(0, 7)}.jsonl`),
        `${JSON.stringify({ le, qui, geste, reference })}\n`,
        { mode: 0o600 },
      );
    },
    async balayer(mois) {
      const limite = new Date(horloge());
      limite.setUTCMonth(limite.getUTCMonth() - mois);
      const premier = limite.toISOString().slice(0, 7);
      for (const nom of await readdir(racine).catch((): string[] => []))
        if (nom.slice(0, 7) < premier) await rm(join(racine, nom), { force: true });
    },
  };
}
