import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacherPetits, fondreDansAutre, indicateurs, SEUIL } from '../../../bot/console/indicateurs.ts';
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

describe('« autre »', () => {
  const fondre = (comptes: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
    Object.fromEntries(fondreDansAutre(new Map(Object.entries(comptes)), 'cap-emploi'));

  it('n’est jamais Cap emploi seul, et reste là quand il n’y a rien à taire', () => {
    expect(fondre({ a: 40, b: 20, 'cap-emploi': 12 })).toEqual({ a: 40, autre: 32 });
    expect(fondre({ a: 40, b: 20 })).toEqual({ a: 40, autre: 20 });
    expect(fondre({ a: 40, b: 5, c: 5, d: 30, 'cap-emploi': 1 })).toEqual({ a: 40, autre: 41 });
    expect(fondre({ a: 40, 'cap-emploi': 12 })).toEqual({ autre: 52 });
    expect(fondre({ 'cap-emploi': 12 })).toEqual({ autre: 12 });
    expect(fondre({})).toEqual({});
  });

  it('quels que soient les comptes : aucun nombre publié ne donne Cap emploi à moins de onze près', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 60 }),
        (autres, capEmploi) => {
          const total = capEmploi + autres.reduce((s, n) => s + n, 0);
          const comptes = new Map(autres.map((n, i) => [`o${i}`, n]));
          const lignes = cacherPetits(fondreDansAutre(comptes.set('cap-emploi', capEmploi), 'cap-emploi'));
          expect(lignes.map((l) => l.code)).not.toContain('cap-emploi');
          // What somebody who subtracts everything published from the total is left with, Cap emploi inside.
          const publies = lignes.filter((l) => l.code !== 'autre').reduce((s, l) => s + (l.nombre ?? 0), 0);
          const reste = total - publies;
          const compagnie = reste - capEmploi;
          expect(compagnie >= SEUIL || publies === 0).toBe(true);
        },
      ),
    );
  });
});

describe('les indicateurs', () => {
  it('comptent la santé dans « autre » et nulle part ailleurs', async () => {
    const resume = await resumeEssai();
    const { demande: _, ...sansDemande } = resume;
    const resumes = [
      ...Array.from({ length: 50 }, () => ({
        ...resume,
        operateur: 'france-travail' as const,
        demande: 'trouver-un-emploi' as const,
      })),
      ...Array.from({ length: 30 }, () => resume),
      ...Array.from({ length: 12 }, () => ({
        ...resume,
        operateur: 'cap-emploi' as const,
        demande: 'sante-handicap' as const,
      })),
      ...Array.from({ length: 3 }, () => sansDemande),
    ];
    const lu = indicateurs(resumes);
    expect(lu.total).toBe(95);
    expect(JSON.stringify(lu)).not.toMatch(/cap-emploi|sante|CEP-|Lille|aide-soign/i);
    const tableau = (id: string) => lu.tableaux.find((t) => t.id === id)?.lignes;
    expect(tableau('operateur')).toEqual([
      { code: 'france-travail', nombre: 50 },
      { code: 'autre', nombre: 45 },
    ]);
    // Three withdrawn requests have lost what they asked: counted, and their line is not what a subtraction gives back.
    expect(tableau('demande')).toEqual([
      { code: 'trouver-un-emploi', nombre: 50 },
      { code: 'autre', nombre: 45 },
    ]);
    expect(tableau('mois')).toEqual([{ code: '2026-11', nombre: 95 }]);
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
