import { z } from 'zod';
import { lireDonnees, memoire } from '../vocabulaire/index.ts';
import { sonDe } from './metiers-mots.ts';

const FICHIER = 'knowledge/langage/donnees/orthographe.json';
const liste = z.string().transform((s) => s.split(' '));
const schema = z.strictObject({
  source: z.string(),
  verifieLe: z.iso.date(),
  /** The words our own cues and phrases are made of: a misspelt word can only be brought back to one of these. */
  vises: liste,
  /** Real words that look or sound like one of them: never touched. */
  proteges: liste,
});

type Orthographe = {
  readonly connus: ReadonlySet<string>;
  readonly parSon: ReadonlyMap<string, string>;
  readonly parRetrait: ReadonlyMap<string, string>;
  readonly infinitifs: ReadonlySet<string>;
  readonly vises: ReadonlySet<string>;
};
let orthographe: Orthographe | undefined;

/** Shorter words are too close to one another to be corrected. */
const LONGUEUR_SON = 5;
const LONGUEUR_FAUTE = 7;

/** « formassion » and « formation » sound alike. */
export const sonLu = (mot: string): string => sonDe(mot.replace(/(?:t|ss|s|c|x)(?=ion)/u, 's'));

function* retraits(mot: string): Generator<string> {
  yield mot;
  for (let i = 1; i < mot.length; i++) yield mot.slice(0, i) + mot.slice(i + 1);
}

function charger(): Orthographe {
  if (orthographe !== undefined) return orthographe;
  const { vises, proteges } = lireDonnees(FICHIER, schema);
  const parSon = new Map<string, string>();
  const parRetrait = new Map<string, string>();
  for (const mot of vises) {
    const son = sonLu(mot);
    if (!parSon.has(son)) parSon.set(son, mot);
    if (mot.length >= LONGUEUR_FAUTE)
      for (const r of retraits(mot)) if (!parRetrait.has(r)) parRetrait.set(r, mot);
  }
  orthographe = {
    connus: new Set([...vises, ...proteges]),
    parSon,
    parRetrait,
    infinitifs: new Set(vises.filter((m) => m.endsWith('er'))),
    vises: new Set(vises),
  };
  return orthographe;
}

const ELISIONS: Readonly<Record<string, string>> = {
  d: 'de',
  l: 'le',
  j: 'je',
  m: 'me',
  n: 'ne',
  s: 'se',
  qu: 'que',
};
const ELISION = /^(?:(d|l|m|n|s|qu)([aeiouh]\p{L}{3,})|(j)(\p{L}{4,}))$/u;

/** « davenir », « linformatique » : the apostrophe people leave out. */
function sansApostrophe(mot: string, vises: ReadonlySet<string>): string | undefined {
  const m = ELISION.exec(mot);
  const petit = m?.[1] ?? m?.[3];
  const reste = m?.[2] ?? m?.[4];
  if (petit === undefined || reste === undefined) return undefined;
  return vises.has(reste) ? `${ELISIONS[petit]} ${reste}` : undefined;
}

/** The word people meant, when a misspelling leaves no doubt: same sound, or one letter away from a long word. Otherwise the word itself. */
export function corrigerMot(mot: string): string {
  if (mot.length < LONGUEUR_SON || mot.length > 24 || charger().connus.has(mot)) return mot;
  return motVise(mot);
}

const motVise = memoire((mot) => {
  const { parSon, parRetrait, vises } = charger();
  const entendu = sansApostrophe(mot, vises) ?? parSon.get(sonLu(mot));
  if (entendu !== undefined) return entendu;
  if (mot.length >= LONGUEUR_FAUTE - 1)
    for (const r of retraits(mot)) {
      const candidat = parRetrait.get(r);
      if (candidat !== undefined && candidat[0] === mot[0] && Math.abs(candidat.length - mot.length) <= 1)
        return candidat;
    }
  return mot;
});

/** « je veu changé », « pour démissioné » : after a word that calls an infinitive, the ending that sounds like one is one. */
export function infinitifDe(mot: string): string | undefined {
  const { infinitifs } = charger();
  const base = mot.replace(/(?:ees|ee|er|ez|es|ai|ait|ais|e)$/u, '');
  return base !== mot && infinitifs.has(`${base}er`) ? `${base}er` : undefined;
}
