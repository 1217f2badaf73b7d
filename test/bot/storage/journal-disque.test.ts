import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EnteteJournal, Journal } from '../../../bot/storage/journal.ts';
import { ouvrirJournalDisque } from '../../../bot/storage/journal-disque.ts';
import { DossierDejaOuvert, verrouiller } from '../../../bot/storage/journal-verrou.ts';
import { contratJournal } from '../../contracts/journal.ts';
import { journalMuet } from '../http/appui.ts';

const racine = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(racine, { recursive: true, force: true }));

let numero = 0;
const dossiers = new WeakMap<Journal, string>();
const nouveau = (): string => join(racine, String((numero += 1)));

async function ouvrir(dossier: string, horloge = (): number => 1_795_000_000_000): Promise<Journal> {
  const journal = await ouvrirJournalDisque({ dossier, horloge, journaliseur: journalMuet() });
  dossiers.set(journal, dossier);
  return journal;
}

contratJournal('sur disque', {
  ouvrir: (horloge) => ouvrir(nouveau(), horloge),
  rouvrir: async (journal, horloge) => {
    await journal.fermer();
    return ouvrir(dossiers.get(journal) ?? '', horloge);
  },
});

const ENTETE: EnteteJournal = {
  id: 'ab00000000000001',
  canal: 'directline',
  creeLe: 1_795_000_000_000,
  reference: 'K7-4QPX',
  utilisateur: 'dl_x',
};
const fichierDe = (dossier: string, id: string): string =>
  join(dossier, 'conversations', id.slice(0, 2), `${id}.jsonl`);

describe('journal sur disque : les fichiers', () => {
  it('sont privés, une ligne JSON par écriture, un tour en une seule ligne', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    await journal.creer(ENTETE);
    await journal.ajouterEntrant(ENTETE.id, { type: 'message', text: 'a' });
    await journal.terminerTour(ENTETE.id, 1, {
      activites: [{ type: 'message' }, { type: 'message' }],
      evenements: [{ type: 'e' }],
    });
    await journal.fermer();
    const fichier = fichierDe(dossier, ENTETE.id);
    expect(statSync(fichier).mode & 0o777).toBe(0o600);
    expect(statSync(join(dossier, 'conversations')).mode & 0o777).toBe(0o700);
    const lignes = readFileSync(fichier, 'utf8').trimEnd().split('\n');
    expect(lignes.map((l) => JSON.parse(l).t)).toEqual(['entete', 'e', 'tour']);
  });

  it('une dernière ligne déchirée est ignorée, à n’importe quel octet, et la suite s’écrit bien', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    await journal.creer(ENTETE);
    await journal.ajouterEntrant(ENTETE.id, { type: 'message', text: 'gardé' });
    await journal.terminerTour(ENTETE.id, 1, {
      activites: [{ type: 'message', text: 'r' }],
      evenements: [{ type: 'e' }],
    });
    await journal.fermer();
    const fichier = fichierDe(dossier, ENTETE.id);
    const complet = readFileSync(fichier);
    const debutTour = complet.lastIndexOf('\n', complet.length - 2) + 1;
    for (let coupe = debutTour; coupe < complet.length; coupe += 41) {
      writeFileSync(fichier, complet.subarray(0, coupe));
      const relu = await ouvrir(dossier);
      expect((await relu.enAttente()).map((t) => t.seq)).toEqual([1]);
      expect(await relu.evenements(ENTETE.id)).toEqual([]);
      await relu.terminerTour(ENTETE.id, 1, {
        activites: [{ type: 'message', text: 'bis' }],
        evenements: [],
      });
      await relu.fermer();
      const encore = await ouvrir(dossier);
      const lu = await encore.lireApres(ENTETE.id, 0, 10);
      expect(lu?.entrees.map((e) => JSON.parse(e.json).text)).toEqual(['gardé', 'bis']);
      await encore.fermer();
    }
  });

  it('une création coupée avant la fin de son en-tête peut recommencer', async () => {
    const dossier = nouveau();
    const premier = await ouvrir(dossier);
    await premier.creer(ENTETE);
    await premier.fermer();
    for (const taille of [0, 10]) {
      truncateSync(fichierDe(dossier, ENTETE.id), taille);
      const journal = await ouvrir(dossier);
      expect(await journal.entete(ENTETE.id)).toBeUndefined();
      expect(await journal.creer(ENTETE)).toBe('creee');
      await journal.fermer();
      expect(readFileSync(fichierDe(dossier, ENTETE.id), 'utf8').split('\n')).toHaveLength(2);
    }
  });

  it('une ligne abîmée au milieu n’emporte pas le reste, et se signale', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    await journal.creer(ENTETE);
    for (const text of ['a', 'b', 'c']) await journal.ajouterSortant(ENTETE.id, { type: 'message', text });
    await journal.fermer();
    const fichier = fichierDe(dossier, ENTETE.id);
    const lignes = readFileSync(fichier, 'utf8').split('\n');
    lignes[2] = '\0'.repeat(40);
    writeFileSync(fichier, lignes.join('\n'));
    const journaliseur = journalMuet();
    const relu = await ouvrirJournalDisque({ dossier, horloge: Date.now, journaliseur });
    const lu = await relu.lireApres(ENTETE.id, 0, 10);
    expect(lu?.entrees.map((e) => [e.seq, JSON.parse(e.json).text])).toEqual([
      [1, 'a'],
      [3, 'c'],
    ]);
    expect(journaliseur.codes).toContain('journal-ligne-illisible');
    await relu.ajouterSortant(ENTETE.id, { type: 'message', text: 'd' });
    expect((await relu.lireApres(ENTETE.id, 3, 10))?.entrees.map((e) => e.seq)).toEqual([4]);
    await relu.fermer();
  });

  it('une écriture impossible rejette, ne compte pas, et la conversation continue après', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    await journal.creer(ENTETE);
    await journal.fermer();
    const fichier = fichierDe(dossier, ENTETE.id);
    const relu = await ouvrir(dossier);
    expect(await relu.tete(ENTETE.id)).toBe(0);
    const sauve = readFileSync(fichier);
    rmSync(fichier);
    mkdirSync(fichier);
    await expect(relu.ajouterSortant(ENTETE.id, { type: 'message', text: 'perdu' })).rejects.toThrow(
      /EISDIR/,
    );
    rmSync(fichier, { recursive: true });
    writeFileSync(fichier, sauve);
    expect(await relu.ajouterSortant(ENTETE.id, { type: 'message', text: 'gardé' })).toMatchObject({
      seq: 1,
      id: `${ENTETE.id}.0000001`,
    });
    await relu.fermer();
  });

  it('deux créations en même temps, l’écriture impossible : aucune n’est dite effacée, la suivante réussit', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    const fichier = fichierDe(dossier, ENTETE.id);
    mkdirSync(fichier, { recursive: true });
    const issues = await Promise.allSettled([journal.creer(ENTETE), journal.creer(ENTETE)]);
    expect(issues.map((i) => i.status)).toEqual(['rejected', 'rejected']);
    rmSync(fichier, { recursive: true });
    expect(await journal.creer(ENTETE)).toBe('creee');
    await journal.fermer();
  });

  it('ne garde en mémoire qu’un nombre borné de conversations, sans rien perdre', async () => {
    const journal = await ouvrirJournalDisque({
      dossier: nouveau(),
      horloge: Date.now,
      journaliseur: journalMuet(),
      cache: { conversations: 10, caracteres: 1_000_000 },
    });
    const ids = Array.from({ length: 120 }, (_, i) => `ab${String(i).padStart(14, '0')}`);
    for (let passe = 0; passe < 3; passe += 1)
      await Promise.all(
        ids.map(async (id) => {
          if (passe === 0) await journal.creer({ ...ENTETE, id });
          const ajout = await journal.ajouterEntrant(id, { type: 'message', text: String(passe) });
          await journal.terminerTour(id, ajout?.seq ?? 0, {
            activites: [],
            evenements: [{ type: String(passe) }],
          });
        }),
      );
    for (const id of ids) {
      expect(await journal.tete(id)).toBe(3);
      expect(await journal.evenements(id)).toEqual([{ type: '0' }, { type: '1' }, { type: '2' }]);
    }
    expect(await journal.enAttente()).toEqual([]);
    await journal.fermer();
  });

  it('l’index des tours en attente se resserre et n’en oublie aucun', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    const ids = Array.from({ length: 2_600 }, (_, i) => `ab${String(i).padStart(14, '0')}`);
    for (let debut = 0; debut < ids.length; debut += 500)
      await Promise.all(
        ids.slice(debut, debut + 500).map(async (id, i) => {
          await journal.creer({ ...ENTETE, id });
          await journal.ajouterEntrant(id, { type: 'message' });
          if (i % 100 !== 0) await journal.terminerTour(id, 1, { activites: [], evenements: [] });
        }),
      );
    await journal.fermer();
    const lignes = readFileSync(join(dossier, 'conversations', 'en-cours'), 'utf8').split('\n').length;
    expect(lignes).toBeLessThan(1_200);
    const relu = await ouvrir(dossier);
    expect((await relu.enAttente()).map((t) => t.conversation).sort()).toEqual(
      ids.filter((_, i) => i % 100 === 0),
    );
    await relu.fermer();
    // A second start looks at those that wait, not at all that once did.
    const index = readFileSync(join(dossier, 'conversations', 'en-cours'), 'utf8');
    expect(index.trim().split('\n').sort()).toEqual(ids.filter((_, i) => i % 100 === 0));
  });

  it('un nom déchiré dans l’index ne se colle pas au suivant', async () => {
    const dossier = nouveau();
    const journal = await ouvrir(dossier);
    await journal.creer(ENTETE);
    await journal.fermer();
    appendFileSync(join(dossier, 'conversations', 'en-cours'), 'ab0000');
    const relu = await ouvrir(dossier);
    await relu.ajouterEntrant(ENTETE.id, { type: 'message' });
    await relu.fermer();
    const encore = await ouvrir(dossier);
    expect((await encore.enAttente()).map((t) => t.conversation)).toEqual([ENTETE.id]);
    await encore.fermer();
  });
});

describe('le verrou du dossier', () => {
  it('refuse un second processus, se rend, et survit à un SIGKILL du premier', async () => {
    const dossier = mkdtempSync(join(racine, 'v'));
    const verrou = await verrouiller(dossier);
    await expect(verrouiller(dossier)).rejects.toThrow(DossierDejaOuvert);
    await verrou.rendre();
    await (await verrouiller(dossier)).rendre();

    const enfant = spawn(process.execPath, [
      '-e',
      `const net=require('node:net'),fs=require('node:fs');const s=net.createServer(c=>c.end());s.listen(${JSON.stringify(join(dossier, 'x'))},()=>{fs.linkSync(${JSON.stringify(join(dossier, 'x'))},${JSON.stringify(join(dossier, 'verrou.sock'))});console.log('pris')})`,
    ]);
    await new Promise((r) => enfant.stdout.once('data', r));
    await expect(verrouiller(dossier)).rejects.toThrow(DossierDejaOuvert);
    const mort = new Promise((r) => enfant.once('exit', r));
    enfant.kill('SIGKILL');
    await mort;
    await (await verrouiller(dossier)).rendre();
  });

  it('parmi vingt prétendants à un verrou périmé, un seul gagne', async () => {
    const dossier = mkdtempSync(join(racine, 'v'));
    writeFileSync(join(dossier, 'verrou.sock'), '');
    const essais = await Promise.allSettled(Array.from({ length: 20 }, () => verrouiller(dossier)));
    const gagnants = essais.filter((e) => e.status === 'fulfilled');
    expect(gagnants).toHaveLength(1);
    await Promise.all(gagnants.map((g) => g.value.rendre()));
  });
});
