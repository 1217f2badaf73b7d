import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ouvrirJournalDisque } from '../../../bot/storage/journal-disque.ts';
import { creerMoteur, type Support } from '../../../bot/storage/journal-moteur.ts';
import type { Journal } from '../../../bot/storage/journal.ts';
import { journalMuet } from '../http/appui.ts';

const racine = mkdtempSync(join(tmpdir(), 'references-'));
afterAll(() => rmSync(racine, { recursive: true, force: true }));
let numero = 0;
const nouveau = (): string => join(racine, String((numero += 1)));
const ouvrir = (dossier: string): Promise<Journal> =>
  ouvrirJournalDisque({ dossier, horloge: () => Date.now(), journaliseur: journalMuet() });
const creer = (journal: Journal, id: string, reference: string) =>
  journal.creer({ id, canal: 'directline', creeLe: 1, reference, utilisateur: 'dl_x' });
const index = (dossier: string): string => join(dossier, 'conversations', 'references');
const contenu = (dossier: string): string =>
  readdirSync(index(dossier))
    .map((nom) => readFileSync(join(index(dossier), nom), 'utf8'))
    .join('');

describe('les références', () => {
  it('se retrouvent sans parcourir les journaux, même après un redémarrage', async () => {
    const lus: string[] = [];
    const references = new Map([['CEP-1', 'c0-essai-1']]);
    const support: Support = {
      epoque: 'e',
      lire: async (id) => {
        lus.push(id);
        return `{"t":"entete","v":1,"entete":{"id":"${id}","canal":"directline","creeLe":1,"reference":"CEP-1","utilisateur":"dl_x"}}\n`;
      },
      ajouter: async () => undefined,
      remplacer: async () => undefined,
      retirer: async () => undefined,
      marquer: async () => undefined,
      marques: async () => [],
      resserrer: async () => undefined,
      references: {
        ajouter: async () => undefined,
        retirer: async () => undefined,
        retrouver: async (r) => references.get(r),
      },
      oublier: () => undefined,
      lister: () => {
        throw new Error('Tous les journaux seraient lus.');
      },
      fermer: async () => undefined,
    };
    const journal = creerMoteur(support, { horloge: () => 1, journaliseur: journalMuet() });
    expect(await journal.conversationDe('CEP-2')).toBeUndefined();
    expect(lus).toEqual([]);
    expect(await journal.conversationDe('CEP-1')).toBe('c0-essai-1');
    expect(lus).toEqual(['c0-essai-1']);
  });

  it('un dossier d’avant l’index le construit à la première recherche, puis s’en sert', async () => {
    const dossier = nouveau();
    let journal = await ouvrir(dossier);
    for (let i = 0; i < 70; i += 1) await creer(journal, `c0-essai-${i}`, `CEP-${i}`);
    await journal.effacer('c0-essai-3');
    await journal.fermer();
    rmSync(index(dossier), { recursive: true });
    journal = await ouvrir(dossier);
    await creer(journal, 'c0-essai-neuve', 'CEP-NEUVE');
    expect(await journal.conversationDe('CEP-69')).toBe('c0-essai-69');
    expect(await journal.conversationDe('CEP-3')).toBeUndefined();
    expect(await journal.conversationDe('CEP-NEUVE')).toBe('c0-essai-neuve');
    await journal.fermer();
    journal = await ouvrir(dossier);
    expect(await journal.conversationDe('CEP-42')).toBe('c0-essai-42');
    await journal.fermer();
  });

  it('un dossier restauré d’une sauvegarde ne se fie pas à l’index qu’elle contient', async () => {
    const dossier = nouveau();
    let journal = await ouvrir(dossier);
    await creer(journal, 'c0-essai-a', 'CEP-A');
    await journal.fermer();
    // Backups leave the epoch out; this one kept an index older than the logs.
    rmSync(join(dossier, 'conversations', 'epoque'));
    for (const nom of readdirSync(index(dossier))) if (nom !== 'complet') rmSync(join(index(dossier), nom));
    journal = await ouvrir(dossier);
    expect(await journal.conversationDe('CEP-A')).toBe('c0-essai-a');
    await journal.fermer();
  });

  it('un code n’est pas le début d’un autre', async () => {
    const journal = await ouvrir(nouveau());
    await creer(journal, 'c0-essai-12', 'CEP-12');
    expect(await journal.conversationDe('CEP-1')).toBeUndefined();
    expect(await journal.conversationDe('CEP-12 ')).toBeUndefined();
    expect(await journal.conversationDe('')).toBeUndefined();
    await journal.fermer();
  });

  it('une ligne déchirée par un arrêt ne se colle pas à la suivante', async () => {
    const dossier = nouveau();
    let journal = await ouvrir(dossier);
    await creer(journal, 'c0-essai-a', 'CEP-A');
    await journal.fermer();
    for (const nom of readdirSync(index(dossier))) appendFileSync(join(index(dossier), nom), 'CEP-DECH');
    journal = await ouvrir(dossier);
    // Same file as CEP-A: the same code again, for another conversation.
    await journal.effacer('c0-essai-a', { reutilisable: true });
    await creer(journal, 'c0-essai-b', 'CEP-A');
    expect(await journal.conversationDe('CEP-A')).toBe('c0-essai-b');
    await journal.fermer();
  });

  it('l’effacement ne laisse le code nulle part', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    await creer(journal, 'c0-essai-x', 'CEP-XXXX');
    await creer(journal, 'c0-essai-y', 'CEP-YYYY');
    expect(contenu(dossier)).toContain('CEP-XXXX');
    await journal.effacer('c0-essai-x');
    expect(contenu(dossier)).not.toContain('CEP-XXXX');
    expect(contenu(dossier)).toContain('CEP-YYYY');
    await journal.fermer();
  });

  it('cent créations à la fois sont toutes retrouvées', async () => {
    const journal = await ouvrir(nouveau());
    await Promise.all(Array.from({ length: 100 }, (_, i) => creer(journal, `c0-essai-${i}`, `CEP-${i}`)));
    for (let i = 0; i < 100; i += 1) expect(await journal.conversationDe(`CEP-${i}`)).toBe(`c0-essai-${i}`);
    await journal.fermer();
  });
});
