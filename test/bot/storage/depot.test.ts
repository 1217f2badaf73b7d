import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Journaliseur } from '../../../bot/ports.ts';
import type { Depot } from '../../../bot/storage/depot.ts';
import { depotLowdb, nomDeFichier } from '../../../bot/storage/depot-lowdb.ts';
import { depotMemoire } from '../../../bot/storage/depot-memoire.ts';
import { contratDepot, essai, essais } from '../../contracts/depot.ts';

const racines: string[] = [];
const racine = (): string => {
  const r = mkdtempSync(join(tmpdir(), 'cep-depot-'));
  racines.push(r);
  return r;
};
afterAll(() => {
  for (const r of racines) rmSync(r, { recursive: true, force: true });
});

const codes: string[] = [];
const journaliseur: Journaliseur = {
  info: (code) => codes.push(code),
  alerte: (code) => codes.push(code),
  erreur: (code) => codes.push(code),
};

contratDepot('en mémoire', async () => {
  const memoire = new Map();
  return { ouvrir: () => depotMemoire(memoire) };
});
contratDepot('lowdb', async () => {
  const r = racine();
  return { ouvrir: () => depotLowdb({ racine: r, journaliseur }) };
});

/** Everything under a folder, names and contents: what an erased record must not appear in. */
const toutSous = (dossier: string): string =>
  readdirSync(dossier, { recursive: true, withFileTypes: true })
    .map((e) => e.name + (e.isFile() ? readFileSync(join(e.parentPath, e.name), 'utf8') : ''))
    .join('\n');

describe('dépôt lowdb sur le disque', () => {
  const ouvrir = (r: string): Depot => depotLowdb({ racine: r, journaliseur });

  it('écrit un fichier par enregistrement, lisible du seul compte du service', async () => {
    const r = racine();
    const c = await ouvrir(r).collection(essais);
    await c.ecrire('CEP-1', essai(), 0);
    await c.ecrire('lisible-2', essai(), 0);
    const noms = readdirSync(join(r, 'essais')).sort();
    expect(noms).toEqual([nomDeFichier('CEP-1'), 'r-lisible-2.json'].sort());
    for (const nom of noms) expect(statSync(join(r, 'essais', nom)).mode & 0o777).toBe(0o600);
  });

  it('ne garde rien d’un enregistrement effacé : ni fichier, ni sauvegarde, ni copie écartée', async () => {
    const r = racine();
    const c = await ouvrir(r).collection(essais);
    await c.ecrire('a', essai({ nom: 'Secret-Un' }), 0);
    const v2 = await ouvrir(r).collection({
      ...essais,
      version: 2,
      migrations: { 1: (v: unknown) => v },
    });
    await v2.ecrire('a', essai({ nom: 'Secret-Deux' }), 1);
    expect(toutSous(join(r, 'sauvegardes'))).toContain('Secret-Un');
    await v2.effacer('a');
    expect(toutSous(r)).not.toMatch(/Secret/);
  });

  it('survit à un arrêt entre le fichier temporaire et le renommage', async () => {
    const r = racine();
    const c = await ouvrir(r).collection(essais);
    await c.ecrire('a', essai({ nom: 'Acquis' }), 0);
    const nom = nomDeFichier('a');
    writeFileSync(join(r, 'essais', `${nom}.3f2c.tmp`), '{"id":"a","version":1,"revision":2,"val');
    const apres = await ouvrir(r).collection(essais);
    expect(await apres.lire('a')).toMatchObject({ valeur: { revision: 1, valeur: { nom: 'Acquis' } } });
    expect(readdirSync(join(r, 'essais'))).toEqual([nom]);
  });

  it('écarte un fichier abîmé et le dit, sans toucher aux autres', async () => {
    const r = racine();
    const c = await ouvrir(r).collection(essais);
    for (const id of ['vide', 'coupe', 'schema', 'nom', 'bon']) await c.ecrire(id, essai({ nom: id }), 0);
    const fichier = (id: string): string => join(r, 'essais', nomDeFichier(id));
    writeFileSync(fichier('vide'), '');
    writeFileSync(fichier('coupe'), readFileSync(fichier('coupe'), 'utf8').slice(0, 40));
    writeFileSync(
      fichier('schema'),
      readFileSync(fichier('schema'), 'utf8').replace('"le":1000', '"le":"hier"'),
    );
    writeFileSync(fichier('nom'), readFileSync(fichier('nom'), 'utf8').replace('"id":"nom"', '"id":"autre"'));
    codes.length = 0;
    const apres = await ouvrir(r).collection(essais);
    expect((await apres.lister()).lignes.map((l) => l.id)).toEqual(['bon']);
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'depot-fichier-en-quarantaine'));
    expect(readdirSync(join(r, 'quarantaine', 'essais'))).toHaveLength(4);
    expect(await apres.lire('schema')).toEqual({ ok: false, refus: { code: 'absent' } });
    await apres.expirer(Date.now() + 31 * 86_400_000);
    expect(readdirSync(join(r, 'quarantaine', 'essais'))).toEqual([]);
  });

  it('dit illisible un fichier abîmé depuis le démarrage', async () => {
    const r = racine();
    const c = await ouvrir(r).collection(essais);
    await c.ecrire('a', essai(), 0);
    writeFileSync(join(r, 'essais', nomDeFichier('a')), '{');
    expect(await c.lire('a')).toEqual({ ok: false, refus: { code: 'illisible' } });
    expect((await c.lister()).total).toBe(0);
  });

  it('refuse deux collections du même nom et un nom qui sortirait du dossier', async () => {
    const d = ouvrir(racine());
    await d.collection(essais);
    await expect(d.collection(essais)).rejects.toThrow('déjà ouvert');
    await expect(d.collection({ ...essais, nom: '../x' })).rejects.toThrow('refusé');
  });

  it('laisse remonter une panne du disque, puis continue', async () => {
    const r = racine();
    const c = await ouvrir(r).collection({ ...essais, schema: essais.schema.and(z.unknown()) });
    await c.ecrire('a', essai(), 0);
    // Root ignores file modes: a folder in the way of the rename fails for everybody.
    rmSync(join(r, 'essais'), { recursive: true });
    writeFileSync(join(r, 'essais'), '');
    await expect(c.ecrire('b', essai(), 0)).rejects.toThrow('ENOTDIR');
    rmSync(join(r, 'essais'));
    await ouvrir(r).collection(essais);
    chmodSync(join(r, 'essais'), 0o700);
    expect(await c.ecrire('b', essai(), 0)).toMatchObject({ ok: true });
  });
});
