import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nouveauJeton } from '../../bot/channels/directline/jetons.ts';
import { ouvrirCles } from '../../bot/http/index.ts';
import { ouvrirJournalDisque } from '../../bot/storage/journal-disque.ts';
import {
  fichierReference,
  ligneReference,
  REFERENCES_COMPLETES,
} from '../../bot/storage/journal-references.ts';
import { journaliseurMuet } from '../bot/handover/jeu.ts';
import { lancerServeur, nettoyer, type ServeurLance } from '../support/serveur.ts';
import { appeler, memoireDe, ouvrirConversation, phrase, processeurDe, SANS_LIMITES } from './client.ts';
import { charger, resumer, type Charge, type Debit } from './directline.ts';

const PETIT = 100;
/** Unfinished turns left in the big store, and names in its index of those that may be (it is rewritten beyond 500). */
const COUPES = 50;
const MARQUES = 500;
const CHAUFFE_MS = 5_000;
const MANCHES = 5;
const MANCHE_MS = 2_000;

type Modele = {
  readonly texte: string;
  readonly id: string;
  readonly reference: string;
  readonly utilisateur: string;
};

/** A real conversation of three turns, as the real program stored it. */
async function jouerModele(): Promise<Modele> {
  const serveur = await lancerServeur({ env: SANS_LIMITES });
  try {
    const c = await ouvrirConversation(`http://127.0.0.1:${serveur.port}`);
    for (let n = 0; n < 3; n += 1) await c.dire(phrase(n));
    c.fermer();
    const texte = readFileSync(
      join(serveur.dataDir, 'conversations', c.id.slice(0, 2), `${c.id}.jsonl`),
      'utf8',
    );
    const lire = (champ: string): string => new RegExp(`"${champ}":"([^"]+)"`).exec(texte)?.[1] ?? '';
    return { texte, id: c.id, reference: lire('reference'), utilisateur: lire('utilisateur') };
  } finally {
    await serveur.tuer();
    nettoyer(serveur.dataDir);
  }
}

type Stock = {
  readonly dossier: string;
  readonly ids: readonly string[];
  readonly references: readonly string[];
};

const hexa = (i: number): string => createHash('sha256').update(`stock ${i}`).digest('hex').slice(0, 32);

/** `nombre` conversations in the format of the log itself, each with its own identifiers; the last `coupes` wait for the end of their turn. */
function remplir(modele: Modele, nombre: number, coupes: number): Stock {
  const dossier = mkdtempSync(join(tmpdir(), 'cep-stock-'));
  const racine = join(dossier, 'conversations');
  mkdirSync(join(racine, 'references'), { recursive: true, mode: 0o700 });
  for (let i = 0; i < 256; i += 1) mkdirSync(join(racine, i.toString(16).padStart(2, '0')), { mode: 0o700 });
  // Cut after the last message of the person: its turn was not finished.
  const coupe = modele.texte.slice(0, modele.texte.lastIndexOf('\n{"t":"tour"') + 1);
  const morceaux = (texte: string): string[] => texte.split(modele.id);
  const [entier, coupee] = [morceaux(modele.texte), morceaux(coupe)];
  const index = new Map<string, string>();
  const ids: string[] = [];
  const references: string[] = [];
  for (let i = 0; i < nombre; i += 1) {
    const id = hexa(i);
    const reference = `CEP-${i.toString(36).toUpperCase().padStart(8, '0')}`;
    const texte = (i >= nombre - coupes ? coupee : entier)
      .join(id)
      .replace(modele.reference, reference)
      .replaceAll(modele.utilisateur, `dl_${id}`);
    const fd = openSync(join(racine, id.slice(0, 2), `${id}.jsonl`), 'wx', 0o600);
    writeSync(fd, texte);
    closeSync(fd);
    const fichier = fichierReference(reference);
    index.set(fichier, (index.get(fichier) ?? '') + ligneReference(reference, id));
    ids.push(id);
    references.push(reference);
  }
  for (const [fichier, lignes] of index)
    writeFileSync(join(racine, 'references', fichier), lignes, { mode: 0o600 });
  writeFileSync(join(racine, 'references', REFERENCES_COMPLETES), '');
  writeFileSync(join(racine, 'epoque'), 'a1b2c3d4', { mode: 0o600 });
  return { dossier, ids, references };
}

/** The most a crash can leave to look at: names of conversations that are not unfinished any more, but for the last ones. */
const ecrireIndex = ({ dossier, ids }: Stock): void =>
  writeFileSync(
    join(dossier, 'conversations', 'en-cours'),
    ids
      .slice(-MARQUES)
      .map((id) => `${id}\n`)
      .join(''),
    { mode: 0o600 },
  );

const lancer = (dataDir: string): Promise<ServeurLance> => lancerServeur({ dataDir, env: SANS_LIMITES });

/** `ms` until it answers that it is ready; `processeur`: what that took, in milliseconds. */
async function demarrage(
  dataDir: string,
): Promise<{ serveur: ServeurLance; ms: number; processeur: number }> {
  const debut = performance.now();
  const serveur = await lancer(dataDir);
  const { statut } = await appeler('GET', `http://127.0.0.1:${serveur.port}/readyz`);
  if (statut !== 200) throw new Error(`pas prêt : ${statut}`);
  return { serveur, ms: performance.now() - debut, processeur: await processeurDe(serveur.pid) };
}

/** A turn of a living conversation on each store, by turns. */
async function comparer(serveurs: readonly ServeurLance[], ouvriers: number): Promise<readonly Debit[]> {
  const groupes = await Promise.all(
    serveurs.map((s) =>
      Promise.all(Array.from({ length: ouvriers }, () => ouvrirConversation(`http://127.0.0.1:${s.port}`))),
    ),
  );
  const mesures: Charge[][] = serveurs.map(() => []);
  for (let manche = -1; manche < MANCHES; manche += 1)
    for (const [i, serveur] of serveurs.entries()) {
      const lu = await charger(
        ouvriers,
        serveur.pid,
        async (o, n) => groupes[i]?.[o]?.dire(phrase(n)),
        manche < 0 ? CHAUFFE_MS : MANCHE_MS,
      );
      if (manche >= 0) mesures[i]?.push(lu);
    }
  for (const c of groupes.flat()) c.fermer();
  return mesures.map(resumer);
}

/** Milliseconds to read the history of conversations nobody opened since the start. */
async function relireFroides(
  serveur: ServeurLance,
  stock: Stock,
  nombre: number,
): Promise<readonly number[]> {
  const cles = ouvrirCles(stock.dossier).pour('directline');
  const durees: number[] = [];
  for (let i = 0; i < nombre; i += 1) {
    const conv = stock.ids[Math.floor((i / nombre) * (stock.ids.length - MARQUES))] ?? '';
    const jeton = nouveauJeton(cles, { conv, user: `dl_${conv}`, org: '' }, Date.now());
    const debut = performance.now();
    const { statut } = await appeler(
      'GET',
      `http://127.0.0.1:${serveur.port}/v3/directline/conversations/${conv}/activities?watermark=`,
      { jeton },
    );
    durees.push(performance.now() - debut);
    if (statut !== 200) throw new Error(`relecture refusée : ${statut}`);
  }
  return durees.toSorted((a, b) => a - b);
}

/** How many of the turns cut short have an answer now. */
function reponsesAuxCoupes({ dossier, ids }: Stock): number {
  return ids.slice(-COUPES).filter((id) => {
    const texte = readFileSync(join(dossier, 'conversations', id.slice(0, 2), `${id}.jsonl`), 'utf8');
    return texte.slice(texte.lastIndexOf('\n{"t":"e"')).includes('"t":"tour"');
  }).length;
}

/**
 * What a large store costs, side by side with a small one in the same run: a turn, the start after a SIGKILL with unfinished turns, the first search by
 * reference code, the memory. Targets: a turn ≤ 1.2 ×, ready in 3 s.
 */
export async function mesurerStock(
  nombre = 100_000,
  ecrire = (l: string) => void process.stdout.write(`${l}\n`),
): Promise<void> {
  const modele = await jouerModele();
  const debut = performance.now();
  const grand = remplir(modele, nombre, COUPES);
  const petit = remplir(modele, PETIT, 0);
  ecrire(
    `Stock : ${nombre} conversations de ${(modele.texte.length / 1_024).toFixed(0)} ko écrites en ${((performance.now() - debut) / 1_000).toFixed(1)} s`,
  );
  const vide = mkdtempSync(join(tmpdir(), 'cep-stock-'));
  try {
    const temps: Record<'vide' | 'petit' | 'grand', string[]> = { vide: [], petit: [], grand: [] };
    for (let essai = 0; essai < 3; essai += 1)
      for (const [nom, dossier] of [
        ['vide', vide],
        ['petit', petit.dossier],
        ['grand', grand.dossier],
      ] as const) {
        if (nom === 'grand') ecrireIndex(grand);
        const { serveur, ms, processeur } = await demarrage(dossier);
        temps[nom].push(`${(ms / 1_000).toFixed(2)} (${(processeur / 1_000).toFixed(2)})`);
        if (nom === 'grand' && essai === 0)
          ecrire(
            `  tours coupés rejoués avant le premier « prêt » : ${reponsesAuxCoupes(grand)} sur ${COUPES}`,
          );
        await serveur.tuer('SIGKILL');
      }
    ecrire('  prêt en secondes (processeur), trois démarrages après SIGKILL ; cible : 3');
    ecrire(`    ${nombre} conversations, ${MARQUES} noms à vérifier : ${temps.grand.join(' ; ')}`);
    ecrire(`    ${PETIT} : ${temps.petit.join(' ; ')}`);
    ecrire(`    aucune : ${temps.vide.join(' ; ')}`);

    const serveurs = [await lancer(petit.dossier), await lancer(grand.dossier)];
    const [peu, beaucoup] = serveurs;
    if (peu === undefined || beaucoup === undefined) throw new Error('deux serveurs');
    for (const ouvriers of [1, 16]) {
      const [a, b] = await comparer(serveurs, ouvriers);
      if (a === undefined || b === undefined) throw new Error('deux mesures');
      ecrire(
        `  un tour, ${ouvriers} conversation(s) : avec ${nombre} p50 ${b.p50.toFixed(1)} ms, processeur ${b.processeur.toFixed(2)} ms ; avec ${PETIT} p50 ${a.p50.toFixed(1)} ms, processeur ${a.processeur.toFixed(2)} ms ; rapport ${(b.p50 / a.p50).toFixed(2)} (processeur ${(b.processeur / a.processeur).toFixed(2)} ; cible : 1,2)`,
      );
    }
    const froides = await relireFroides(beaucoup, grand, 500);
    ecrire(
      `  rouvrir une conversation ancienne : p50 ${(froides[250] ?? 0).toFixed(1)} ms, p95 ${(froides[475] ?? 0).toFixed(1)} ms`,
    );
    ecrire(
      `  mémoire : ${(await memoireDe(beaucoup.pid)).toFixed(0)} Mo avec ${nombre}, ${(await memoireDe(peu.pid)).toFixed(0)} Mo avec ${PETIT}`,
    );
    for (const serveur of serveurs) await serveur.tuer();
    await chercher(grand, ecrire);
  } finally {
    for (const dossier of [vide, petit.dossier, grand.dossier]) nettoyer(dossier);
  }
}

async function chercher(stock: Stock, ecrire: (l: string) => void): Promise<void> {
  const ouverture = performance.now();
  const journal = await ouvrirJournalDisque({
    dossier: stock.dossier,
    horloge: () => Date.now(),
    journaliseur: journaliseurMuet,
  });
  const debut = performance.now();
  const premiere = await journal.conversationDe(stock.references[0] ?? '');
  const apres = performance.now();
  if (premiere !== stock.ids[0]) throw new Error('référence non retrouvée');
  ecrire(
    `  ouvrir le journal ${(debut - ouverture).toFixed(0)} ms, première recherche par code ${(apres - debut).toFixed(1)} ms`,
  );
  await journal.fermer();
}
