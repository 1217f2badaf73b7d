import { spawn } from 'node:child_process';
import { createReadStream, openSync, readSync, closeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LecteurAnnuaire, type BilanAnnuaire, type RefusFichier } from '../../knowledge/information/index.ts';
import { jourDe, refuse, type Jour, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { DecoupeurJson } from './decoupeur-json.ts';

/** What the directory may hold once unpacked: the dump of 2026 is a few hundred megabytes. More is a mistake or an attack. */
const OCTETS_MAX = 3_000_000_000;

class ArchiveDemesuree extends Error {}
class OutilAbsent extends Error {}

function premiersOctets(chemin: string): Buffer {
  const octets = Buffer.alloc(512);
  const fichier = openSync(chemin, 'r');
  try {
    return octets.subarray(0, readSync(fichier, octets, 0, 512, 0));
  } finally {
    closeSync(fichier);
  }
}

/** The bytes of the file, one layer of gzip or bzip2 opened. Node has no bzip2: the system's own is used, and its absence said. */
async function* ouvrir(chemin: string): AsyncGenerator<Buffer> {
  const tete = premiersOctets(chemin);
  if (tete.subarray(0, 3).toString('latin1') === 'BZh') {
    const enfant = spawn('bzip2', ['-dc', chemin], { stdio: ['ignore', 'pipe', 'pipe'] });
    const fin = new Promise<void>((resolve, reject) => {
      enfant.once('error', () => reject(new OutilAbsent()));
      enfant.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`bzip2 : ${code ?? 'arrêt'}`)),
      );
    });
    // Awaited below; without this, a child that fails before the first read would be an unhandled rejection.
    fin.catch(() => undefined);
    try {
      for await (const morceau of enfant.stdout) yield Buffer.from(morceau);
    } finally {
      enfant.kill();
    }
    return await fin;
  }
  const brut: Readable = createReadStream(chemin);
  const flux = tete[0] === 0x1f && tete[1] === 0x8b ? brut.pipe(createGunzip()) : brut;
  for await (const morceau of flux) yield Buffer.from(morceau);
}

const estTar = (octets: Buffer): boolean => octets.subarray(257, 262).toString('latin1') === 'ustar';

/** The contents of the `.json` files of a tar, one after the other; `null` marks the end of each. Anything else in the archive is skipped. */
async function* fichiersDuTar(morceaux: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let reste = Buffer.alloc(0);
  let aLire = 0;
  let aSauter = 0;
  let utile = false;
  for await (const morceau of morceaux) {
    let octets = reste.length > 0 ? Buffer.concat([reste, morceau]) : morceau;
    reste = Buffer.alloc(0);
    while (octets.length > 0) {
      if (aLire > 0) {
        const pris = octets.subarray(0, aLire);
        if (utile) yield pris;
        aLire -= pris.length;
        octets = octets.subarray(pris.length);
        if (aLire === 0 && utile) yield null;
      } else if (aSauter > 0) {
        const saut = Math.min(aSauter, octets.length);
        aSauter -= saut;
        octets = octets.subarray(saut);
      } else if (octets.length < 512) {
        reste = Buffer.from(octets);
        break;
      } else {
        const nom = octets.subarray(0, 100).toString('utf8').split('\0')[0] ?? '';
        const taille = Number.parseInt(octets.subarray(124, 136).toString('latin1').trim() || '0', 8) || 0;
        const type = String.fromCharCode(octets[156] ?? 0);
        utile = (type === '0' || type === '\0') && nom.endsWith('.json');
        aLire = taille;
        aSauter = (512 - (taille % 512)) % 512;
        octets = octets.subarray(512);
      }
    }
  }
  if (aLire > 0) throw new Error('archive coupée');
}

async function* enFichiers(morceaux: AsyncGenerator<Buffer>): AsyncGenerator<Buffer | null> {
  const premier = await morceaux.next();
  if (premier.done === true) return;
  const tous = (async function* () {
    yield premier.value;
    yield* morceaux;
  })();
  if (estTar(premier.value)) yield* fichiersDuTar(tous);
  else {
    yield* tous;
    yield null;
  }
}

/** The day written in a file's name, else that of the file itself. */
export function jourDuFichier(chemin: string, modifieLe: number): Jour {
  const lu = /(20\d{2})[-_]?(\d{2})[-_]?(\d{2})/u.exec(basename(chemin));
  return lu === null ? jourDe(modifieLe) : `${lu[1] ?? ''}-${lu[2] ?? ''}-${lu[3] ?? ''}`;
}

export type OptionsAnnuaire = {
  readonly date: Jour;
  readonly importeLe: Jour;
  /** Called every few thousand records with their number. */
  readonly avancement?: (lues: number) => void;
  readonly octetsMax?: number;
};

/**
 * Reads the directory of the administration (DILA): the daily dump (tar, gzip or bzip2 around it), a JSON export or an answer of its API. Record by record; refused whole when the
 * file is cut, oversized, or is not that directory.
 */
export async function lireAnnuaire(
  chemin: string,
  { date, importeLe, avancement, octetsMax = OCTETS_MAX }: OptionsAnnuaire,
): Promise<Resultat<BilanAnnuaire, RefusFichier>> {
  const lecteur = new LecteurAnnuaire();
  let decoupeur = new DecoupeurJson();
  let decodeur = new TextDecoder('utf-8', { fatal: true });
  let octets = 0;
  const lire = (texte: string): void => {
    for (const objet of decoupeur.pousser(texte)) {
      lecteur.ajouter(JSON.parse(objet));
      if (lecteur.lues % 5_000 === 0) avancement?.(lecteur.lues);
    }
  };
  try {
    for await (const morceau of enFichiers(ouvrir(chemin))) {
      if (morceau === null) {
        lire(decodeur.decode());
        if (!decoupeur.complet) throw new Error('texte coupé');
        decoupeur = new DecoupeurJson();
        decodeur = new TextDecoder('utf-8', { fatal: true });
        continue;
      }
      octets += morceau.length;
      if (octets > octetsMax) throw new ArchiveDemesuree();
      lire(decodeur.decode(morceau, { stream: true }));
    }
  } catch (cause) {
    if (cause instanceof ArchiveDemesuree)
      return refuse({
        code: 'archive-demesuree',
        message: 'Le contenu décompressé est démesuré : l’archive n’est pas lue plus loin.',
      });
    if (cause instanceof OutilAbsent)
      return refuse({
        code: 'outil-absent',
        message:
          'Le programme « bzip2 » manque ici : décompressez le fichier ailleurs, puis importez le .tar.',
      });
    return refuse({
      code: 'fichier-tronque',
      message: `Le fichier est abîmé, incomplet ou n’est pas en UTF-8 (fiche ${lecteur.lues + 1}) : reprenez le téléchargement.`,
      ligne: lecteur.lues + 1,
    });
  }
  return lecteur.finir({ date, importeLe });
}
