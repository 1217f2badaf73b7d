import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DefinitionCollection, Depot } from '../../bot/storage/depot.ts';
import { pourRecherche } from '../../bot/storage/depot-coeur.ts';

const schemaEssai = z.strictObject({
  operateur: z.string(),
  region: z.string(),
  etat: z.string(),
  le: z.number(),
  expireLe: z.number().optional(),
  nom: z.string(),
});
type Essai = z.output<typeof schemaEssai>;

export const essais: DefinitionCollection<Essai, { nom: string }> = {
  nom: 'essais',
  version: 1,
  schema: schemaEssai,
  fiche: (v) => ({
    operateur: v.operateur,
    region: v.region,
    etat: v.etat,
    tri: v.le,
    recherche: pourRecherche(v.nom),
    resume: { nom: v.nom },
    ...(v.expireLe === undefined ? {} : { expireLe: v.expireLe }),
  }),
};

export const essai = (autres: Partial<Essai> = {}): Essai => ({
  operateur: 'apec',
  region: '32',
  etat: 'ouverte',
  le: 1000,
  nom: 'Zoé',
  ...autres,
});

/** What every engine must do. `ouvrir` opens it again on the same data, as a restart does. */
export function contratDepot(nom: string, preparer: () => Promise<{ ouvrir: () => Depot }>): void {
  describe(`dépôt ${nom}`, () => {
    it('rend ce qu’on lui confie, y compris après un redémarrage', async () => {
      const { ouvrir } = await preparer();
      const avant = await ouvrir().collection(essais);
      expect(await avant.lire('CEP-1')).toEqual({ ok: false, refus: { code: 'absent' } });
      expect(await avant.ecrire('CEP-1', essai({ nom: 'Ærø “𝄞”' }), 0)).toMatchObject({
        ok: true,
        valeur: { revision: 1 },
      });
      const apres = await ouvrir().collection(essais);
      expect(await apres.lire('CEP-1')).toEqual({
        ok: true,
        valeur: { id: 'CEP-1', revision: 1, valeur: essai({ nom: 'Ærø “𝄞”' }) },
      });
      expect((await apres.lister()).lignes.map((l) => [l.id, l.resume.nom])).toEqual([['CEP-1', 'Ærø “𝄞”']]);
    });

    it('refuse une écriture faite sur une révision dépassée, sans rien changer', async () => {
      const { ouvrir } = await preparer();
      const c = await ouvrir().collection(essais);
      await c.ecrire('a', essai(), 0);
      await c.ecrire('a', essai({ nom: 'Deuxième' }), 1);
      expect(await c.ecrire('a', essai({ nom: 'Perdu' }), 1)).toEqual({
        ok: false,
        refus: { code: 'conflit', attendue: 1, actuelle: 2 },
      });
      expect(await c.ecrire('a', essai({ nom: 'Perdu' }), 0)).toMatchObject({ ok: false });
      expect(await c.lire('a')).toMatchObject({ valeur: { revision: 2, valeur: { nom: 'Deuxième' } } });
      expect(await c.ecrire('b', essai(), 3)).toMatchObject({ refus: { code: 'conflit', actuelle: 0 } });
    });

    it('de vingt écritures simultanées, une seule passe', async () => {
      const { ouvrir } = await preparer();
      const c = await ouvrir().collection(essais);
      await c.ecrire('a', essai(), 0);
      const faites = await Promise.all(
        Array.from({ length: 20 }, (_, i) => c.ecrire('a', essai({ nom: `n${i}` }), 1)),
      );
      expect(faites.filter((r) => r.ok)).toHaveLength(1);
      expect(await c.lire('a')).toMatchObject({ valeur: { revision: 2 } });
    });

    it('n’écrit pas ce que le schéma refuse', async () => {
      const { ouvrir } = await preparer();
      const c = await ouvrir().collection(essais);
      await expect(c.ecrire('a', { ...essai(), le: Number.NaN }, 0)).rejects.toThrow('invalid_type');
      expect(await c.lire('a')).toEqual({ ok: false, refus: { code: 'absent' } });
      expect(await c.ecrire('a', essai(), 0)).toMatchObject({ ok: true });
    });

    it('liste par opérateur, territoire, état et mots, dans l’ordre, par pages', async () => {
      const { ouvrir } = await preparer();
      const c = await ouvrir().collection(essais);
      await c.ecrire('3', essai({ le: 30, nom: 'Émile Œuvrard' }), 0);
      await c.ecrire('1', essai({ le: 10, operateur: 'cap-emploi' }), 0);
      await c.ecrire('2', essai({ le: 20, region: '11' }), 0);
      await c.ecrire('4', essai({ le: 20, etat: 'aboutie' }), 0);
      const ids = async (f: Parameters<typeof c.lister>[0]): Promise<string[]> =>
        (await c.lister(f)).lignes.map((l) => l.id);
      expect(await ids({})).toEqual(['1', '2', '4', '3']);
      expect(await ids({ ordre: 'recents-d-abord' })).toEqual(['3', '4', '2', '1']);
      expect(await ids({ operateurs: ['apec'], regions: ['32'] })).toEqual(['4', '3']);
      expect(await ids({ operateurs: [] })).toEqual([]);
      expect(await ids({ etats: ['aboutie'] })).toEqual(['4']);
      expect(await ids({ texte: 'OEUVRARD emile' })).toEqual(['3']);
      expect(await c.lister({ debut: 1, limite: 2 })).toMatchObject({
        total: 4,
        lignes: [{ id: '2' }, { id: '4' }],
      });
      await c.ecrire('1', essai({ le: 40 }), 1);
      expect(await ids({})).toEqual(['2', '4', '3', '1']);
    });

    it('efface, et oublie ce dont le délai est passé', async () => {
      const { ouvrir } = await preparer();
      const c = await ouvrir().collection(essais);
      await c.ecrire('a', essai({ expireLe: 100 }), 0);
      await c.ecrire('b', essai({ expireLe: 200 }), 0);
      await c.ecrire('c', essai(), 0);
      expect((await c.expirer(150)).map((l) => l.id)).toEqual(['a']);
      expect(await c.effacer('c')).toBe(true);
      expect(await c.effacer('c')).toBe(false);
      expect((await c.lister()).lignes.map((l) => l.id)).toEqual(['b']);
      expect(await c.lire('a')).toEqual({ ok: false, refus: { code: 'absent' } });
      expect(await c.ecrire('a', essai(), 0)).toMatchObject({ valeur: { revision: 1 } });
    });

    it('prend n’importe quel texte pour identifiant', async () => {
      const { ouvrir } = await preparer();
      const c = await ouvrir().collection(essais);
      const ids = ['../../etc/passwd', 'A', 'a', 'con', '', '.', 'é/è', 'x'.repeat(5000), '\0'].filter(
        Boolean,
      );
      for (const id of ids) await c.ecrire(id, essai({ nom: id }), 0);
      for (const id of ids) expect(await c.lire(id)).toMatchObject({ valeur: { id, valeur: { nom: id } } });
      expect((await c.lister()).total).toBe(ids.length);
    });

    it('met à niveau un enregistrement ancien, refuse un plus récent', async () => {
      const { ouvrir } = await preparer();
      const v1 = await ouvrir().collection(essais);
      await v1.ecrire('a', essai({ nom: 'zoé' }), 0);
      const essais2: DefinitionCollection<Essai & { accents: boolean }, { nom: string }> = {
        nom: 'essais',
        version: 2,
        schema: schemaEssai.extend({ accents: z.boolean() }),
        migrations: { 1: (v) => ({ ...schemaEssai.parse(v), accents: true }) },
        fiche: essais.fiche,
      };
      const v2 = await ouvrir().collection(essais2);
      expect(await v2.lire('a')).toMatchObject({ valeur: { revision: 1, valeur: { accents: true } } });
      await v2.ecrire('a', { ...essai(), accents: false }, 1);
      expect(await v2.lire('a')).toMatchObject({ valeur: { revision: 2, valeur: { accents: false } } });
      expect(await v1.lire('a')).toEqual({
        ok: false,
        refus: { code: 'version-trop-recente', lue: 2, connue: 1 },
      });
      expect(await v1.ecrire('a', essai(), 2)).toMatchObject({ refus: { code: 'version-trop-recente' } });
      await expect(ouvrir().collection(essais)).rejects.toThrow('version plus récente');
    });
  });
}
