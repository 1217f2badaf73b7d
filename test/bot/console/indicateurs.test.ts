import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacherPetits, indicateurs, SEUIL } from '../../../bot/console/indicateurs.ts';
import { resumer } from '../../../bot/handover/fiche.ts';
import { type ResumeTransmission } from '../../../bot/handover/index.ts';
import { demandeEssai, transmissionsEssai } from '../handover/jeu.ts';

const cacher = (comptes: Readonly<Record<string, number>>): Readonly<Record<string, number | null>> =>
  Object.fromEntries(cacherPetits(new Map(Object.entries(comptes))).map((l) => [l.code, l.nombre]));

async function resumeEssai(): Promise<ResumeTransmission> {
  const t = await transmissionsEssai(() => Date.parse('2026-11-20T10:00:00Z'));
  const fait = await t.transmettre(demandeEssai());
  if (!fait.ok) throw new Error(fait.refus.code);
  return resumer(fait.valeur);
}

describe('les petits nombres', () => {
  it('se cachent, jamais seuls, et la soustraction du total n’en rend pas un', () => {
    expect(cacher({ a: 40, b: 20, c: 10 })).toEqual({ a: 40, b: null, c: null });
    expect(cacher({ a: 40, b: 6, c: 5 })).toEqual({ a: 40, b: null, c: null });
    expect(cacher({ a: 40, b: 3, c: 2 })).toEqual({ a: null, b: null, c: null });
    expect(cacher({ a: 40, b: 11 })).toEqual({ a: 40, b: 11 });
    expect(cacher({ a: 3 })).toEqual({ a: null });
    expect(cacher({ a: 50, b: 0 })).toEqual({ a: 50 });
  });

  it('quels que soient les comptes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }), (nombres) => {
        const lignes = cacherPetits(new Map(nombres.map((n, i) => [`c${i}`, n])));
        expect(lignes).toHaveLength(nombres.length);
        for (const { nombre } of lignes) expect(nombre === null || nombre >= SEUIL).toBe(true);
        const caches = lignes.filter((l) => l.nombre === null);
        if (caches.length === 0) return;
        const montres = lignes.reduce((s, l) => s + (l.nombre ?? 0), 0);
        const reste = nombres.reduce((s, n) => s + n, 0) - montres;
        // Everything hidden: there is nothing left to subtract from.
        expect(caches.length === lignes.length || (caches.length > 1 && reste >= SEUIL)).toBe(true);
      }),
    );
  });
});

describe('les indicateurs', () => {
  it('comptent la santé dans « autre » et nulle part ailleurs', async () => {
    const resume = await resumeEssai();
    const { demande: _, ...sansDemande } = resume;
    const resumes = [
      ...Array.from({ length: 30 }, () => resume),
      ...Array.from({ length: 12 }, () => ({
        ...resume,
        operateur: 'cap-emploi' as const,
        demande: 'sante-handicap' as const,
      })),
      ...Array.from({ length: 3 }, () => sansDemande),
    ];
    const lu = indicateurs(resumes);
    expect(lu.total).toBe(45);
    expect(JSON.stringify(lu)).not.toMatch(/cap-emploi|sante|CEP-|Lille|aide-soign/i);
    const tableau = (id: string) => lu.tableaux.find((t) => t.id === id)?.lignes;
    expect(tableau('operateur')).toEqual([
      { code: 'operateur-regional', nombre: 33 },
      { code: 'autre', nombre: 12 },
    ]);
    expect(tableau('demande')).toEqual([
      { code: 'changer-de-metier', nombre: 30 },
      { code: 'autre', nombre: 12 },
    ]);
    expect(tableau('mois')).toEqual([{ code: '2026-11', nombre: 45 }]);
  });

  it('comptent une demande dans le mois de Paris', async () => {
    const resume = { ...(await resumeEssai()), creeeLe: Date.parse('2026-11-30T23:30:00Z') };
    const { tableaux } = indicateurs(Array.from({ length: 12 }, () => resume));
    expect(tableaux.find((t) => t.id === 'mois')?.lignes).toEqual([{ code: '2026-12', nombre: 12 }]);
  });

  it('ne montrent rien sous le seuil', async () => {
    const resume = await resumeEssai();
    const lu = indicateurs(Array.from({ length: 10 }, () => resume));
    expect(lu.total).toBeNull();
    expect(lu.tableaux.flatMap((t) => t.lignes).every((l) => l.nombre === null)).toBe(true);
  });
});
