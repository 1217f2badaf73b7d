import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import {
  comprendre,
  FICHIER_MODELE,
  lecteurAppris,
  lecteurBayes,
  lirePhrases,
  modeleDuJour,
  normaliser,
  type Exemple,
  type Lecteur,
} from '../../knowledge/langage/index.ts';
import { ALERTES, DEMANDES, RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

/**
 * The sets of labelled phrases, none of which is in training. An outsider adds a phrase with one line of JSON in any of them; a set whose
 * phrases carry only a demande is measured on the demande alone.
 */
const JEUX = [
  { nom: 'phrases gelées', fichier: 'test/scenarios/langage/phrases-gelees.jsonl' },
  /** Written before the last additions to the training phrases: what one may expect of people never read before. */
  { nom: 'phrases fraîches (demande seule)', fichier: 'test/scenarios/langage/demandes-fraiches.jsonl' },
  /** Written by a second reader who had seen neither our phrases nor our cues; its misses have since been looked at. */
  { nom: 'phrases d’un second auteur', fichier: 'test/scenarios/langage/phrases-second-auteur.jsonl' },
  /** Written by a third reader, under the same conditions. */
  { nom: 'phrases d’un troisième auteur', fichier: 'test/scenarios/langage/phrases-troisieme-auteur.jsonl' },
] as const;
const LE = '2026-11-21';
/** From here on, an answer is said as sure: what counts as a « confident mistake ». */
const CONFIANT = 0.7;

const REGISTRES = ['courant', 'sms', 'fautes', 'falc'] as const;
const schema = z.strictObject({
  texte: z.string().min(1),
  registre: z.enum(REGISTRES),
  demande: z.enum(DEMANDES).optional(),
  alerte: z.enum(ALERTES).optional(),
});
const schemaComplet = schema.extend({
  profil: z.record(z.string(), z.unknown()),
  commune: z.string().nullable(),
  metiers: z.array(z.strictObject({ role: z.enum(['actuel', 'vise']), libelle: z.string() })),
});
type Phrase = z.output<typeof schema>;
type PhraseComplete = z.output<typeof schemaComplet>;
const estComplete = (p: Phrase | PhraseComplete): p is PhraseComplete => 'profil' in p;

const dire = (ligne = ''): void => {
  process.stdout.write(`${ligne}\n`);
};
const pourcent = (n: number, sur: number): string => (sur === 0 ? '—' : `${((100 * n) / sur).toFixed(1)} %`);
const f1 = (vrais: number, faux: number, manques: number): string =>
  vrais === 0 ? '0' : ((2 * vrais) / (2 * vrais + faux + manques)).toFixed(3);

/** One phrase per line of JSON. @throws naming the file, the line and what is wrong with it. */
function lireJeu(fichier: string): (Phrase | PhraseComplete)[] {
  return readFileSync(join(RACINE_PROJET, fichier), 'utf8')
    .trim()
    .split('\n')
    .map((ligne, rang) => {
      const brut: unknown = JSON.parse(ligne);
      const complet = typeof brut === 'object' && brut !== null && 'profil' in brut;
      const lu = (complet ? schemaComplet : schema).safeParse(brut);
      if (!lu.success)
        throw new Error(`${fichier}, ligne ${rang + 1} : ${lu.error.issues[0]?.message ?? 'refusée'}`);
      return lu.data;
    });
}

type Score = { justes: number; total: number; abstentions: number; confiantes: number };

function noter(lecteur: Lecteur, phrases: readonly Pick<Phrase, 'texte' | 'demande'>[]): Score {
  const score: Score = { justes: 0, total: 0, abstentions: 0, confiantes: 0 };
  for (const { texte, demande } of phrases) {
    if (demande === undefined) continue;
    const lu = lecteur(texte);
    score.total += 1;
    if (lu.demande === demande) score.justes += 1;
    else if (lu.demande === undefined) score.abstentions += 1;
    else if (lu.confiance >= CONFIANT) score.confiantes += 1;
  }
  return score;
}

const enLigne = (nom: string, s: Score): string =>
  `${nom.padEnd(34)} juste ${pourcent(s.justes, s.total).padStart(7)}   s’abstient ${pourcent(s.abstentions, s.total).padStart(7)}   faux et sûr ${pourcent(s.confiantes, s.total).padStart(6)}   (${s.total})`;

/** The demande read by each reader on one set: as a whole, by register, and what each takes for something else. */
function direDemandes(
  jeu: { readonly nom: string; readonly phrases: readonly Phrase[] },
  lecteurs: Readonly<Record<string, Lecteur>>,
): void {
  dire(`\nDemande, ${jeu.nom}`);
  for (const [nom, lecteur] of Object.entries(lecteurs)) {
    dire(enLigne(`  ${nom}`, noter(lecteur, jeu.phrases)));
    for (const registre of REGISTRES)
      dire(
        enLigne(
          `    ${registre}`,
          noter(
            lecteur,
            jeu.phrases.filter((p) => p.registre === registre),
          ),
        ),
      );
    direConfusions(lecteur, jeu.phrases);
  }
}

/** Pairs taken for one another at least this often are worth a line; every pair of a small set would say little. */
const CONFUSION_MIN = 2;

function direConfusions(lecteur: Lecteur, phrases: readonly Phrase[]): void {
  const confusions = new Map<string, number>();
  for (const { texte, demande } of phrases) {
    if (demande === undefined) continue;
    const lu = lecteur(texte).demande ?? '(rien)';
    if (lu !== demande) confusions.set(`${demande} → ${lu}`, (confusions.get(`${demande} → ${lu}`) ?? 0) + 1);
  }
  const triees = [...confusions].toSorted((a, b) => b[1] - a[1]);
  const dites = triees.filter(([, n]) => n >= CONFUSION_MIN);
  if (dites.length > 0)
    dire(
      `    confusions (attendu → lu) : ${dites.map(([paire, n]) => `${paire} (${n})`).join(', ')}${dites.length < triees.length ? ` ; ${triees.length - dites.length} autres, une fois chacune` : ''}`,
    );
}

function direFaits(phrases: readonly PhraseComplete[]): void {
  const parChamp = new Map<string, [number, number, number]>();
  const total: [number, number, number] = [0, 0, 0];
  const compter = (champ: string, rang: 0 | 1 | 2): void => {
    const c = parChamp.get(champ) ?? [0, 0, 0];
    c[rang] += 1;
    total[rang] += 1;
    parChamp.set(champ, c);
  };
  for (const p of phrases) {
    const lu: Readonly<Record<string, unknown>> = comprendre(p.texte, { le: LE }).profil;
    for (const champ of new Set([...Object.keys(lu), ...Object.keys(p.profil)])) {
      const memes = JSON.stringify(lu[champ]) === JSON.stringify(p.profil[champ]);
      if (memes) compter(champ, 0);
      else {
        if (lu[champ] !== undefined) compter(champ, 1);
        if (p.profil[champ] !== undefined) compter(champ, 2);
      }
    }
  }
  dire(
    `\nFaits : précision ${pourcent(total[0], total[0] + total[1])}, rappel ${pourcent(total[0], total[0] + total[2])}, F1 ${f1(...total)}`,
  );
  for (const [champ, c] of [...parChamp].toSorted(([a], [b]) => a.localeCompare(b)))
    dire(`  ${champ.padEnd(22)} F1 ${f1(...c).padEnd(6)} justes ${c[0]}, en trop ${c[1]}, manqués ${c[2]}`);
}

/** The first letters are enough to compare « actuel opticien » and « actuel opticien ou opticienne ». */
const debutDeMetier = (roleEtNom: string): string => {
  const [role = '', ...nom] = normaliser(roleEtNom).split(' ');
  return `${role} ${nom.join(' ').slice(0, 6)}`;
};

function direReste(phrases: readonly PhraseComplete[]): void {
  let lieux = 0;
  let alertes = 0;
  let attendues = 0;
  let fausses = 0;
  const metiers: [number, number, number] = [0, 0, 0];
  for (const p of phrases) {
    const lu = comprendre(p.texte, { le: LE });
    if (lu.commune === p.commune) lieux += 1;
    if (p.alerte !== undefined) attendues += 1;
    if (p.alerte !== undefined && lu.alerte === p.alerte) alertes += 1;
    if (p.alerte === undefined && lu.alerte !== undefined) fausses += 1;
    const cle = (m: { role: string; libelle: string }): string => debutDeMetier(`${m.role} ${m.libelle}`);
    const dits = new Set(p.metiers.map(cle));
    const lus = new Set(lu.metiers.map(cle));
    for (const m of lus) metiers[dits.has(m) ? 0 : 1] += 1;
    for (const m of dits) if (!lus.has(m)) metiers[2] += 1;
  }
  dire(`Lieux : ${pourcent(lieux, phrases.length)} (commune certaine, ou absence de commune)`);
  dire(
    `Alertes : ${alertes} sur ${attendues} entendues, ${pourcent(fausses, phrases.length - attendues)} de fausses`,
  );
  dire(`Métiers : F1 ${f1(...metiers)} (justes ${metiers[0]}, en trop ${metiers[1]}, manqués ${metiers[2]})`);
}

/** What was misread, phrase by phrase, for whoever mends it. */
function direErreurs(phrases: readonly PhraseComplete[]): void {
  dire('\nErreurs');
  for (const p of phrases) {
    const lu = comprendre(p.texte, { le: LE });
    const faits: Readonly<Record<string, unknown>> = lu.profil;
    const ecarts = [...new Set([...Object.keys(faits), ...Object.keys(p.profil)])]
      .filter((c) => JSON.stringify(faits[c]) !== JSON.stringify(p.profil[c]))
      .map((c) => `${c} ${JSON.stringify(p.profil[c])} → ${JSON.stringify(faits[c])}`);
    if (p.demande !== undefined && lu.demande !== p.demande)
      ecarts.unshift(`${p.demande} → ${lu.demande ?? '(rien)'} (${lu.confiance.toFixed(2)})`);
    if (lu.commune !== p.commune) ecarts.push(`lieu ${p.commune ?? '—'} → ${lu.commune ?? '—'}`);
    const [dits, lus] = [p.metiers, lu.metiers].map((ms) => ms.map((m) => `${m.role} ${m.libelle}`).sort());
    if (dits?.map(debutDeMetier).join() !== lus?.map(debutDeMetier).join())
      ecarts.push(`métiers ${dits?.join(', ') || '—'} → ${lus?.join(', ') || '—'}`);
    if (lu.alerte !== p.alerte) ecarts.push(`alerte ${p.alerte ?? '—'} → ${lu.alerte ?? '—'}`);
    if (ecarts.length > 0) dire(`  [${p.registre}] ${p.texte}\n      ${ecarts.join(' ; ')}`);
  }
}

function direVitesse(phrases: readonly Phrase[]): void {
  const temps: number[] = [];
  for (let tour = 0; tour < 5; tour++)
    for (const { texte } of phrases) {
      const debut = performance.now();
      comprendre(texte, { le: LE });
      temps.push(performance.now() - debut);
    }
  temps.sort((a, b) => a - b);
  const a = (part: number): string => `${(temps[Math.floor(temps.length * part)] ?? 0).toFixed(3)} ms`;
  dire(`\nVitesse : médiane ${a(0.5)}, 99 % sous ${a(0.99)}`);
  const hostile = 'mon <b>travail</b> 06 '.repeat(5000);
  const debut = performance.now();
  comprendre(hostile, { le: LE });
  dire(`100 ko hostiles : ${(performance.now() - debut).toFixed(1)} ms`);
}

const CLIENTS = join(RACINE_PROJET, 'test', 'clients');
const resultatNlp = z.object({ intent: z.string(), score: z.number() });
/** What we use of node-nlp, whose package has no types. */
type GestionnaireNlp = {
  addDocument(langue: string, texte: string, intention: string): void;
  train(): Promise<unknown>;
  process(langue: string, texte: string): Promise<unknown>;
};
const paquetNlp = z.object({
  NlpManager: z.custom<new (options: object) => GestionnaireNlp>((v) => typeof v === 'function'),
});
const SANS_AVIS = 'None';

/**
 * The other comparison: node-nlp as its documentation shows it, on the same phrases. It is not one of our dependencies: it is installed
 * beside the tests' other outside packages on first use.
 */
async function lireAvecNodeNlp(exemples: readonly Exemple[], textes: readonly string[]): Promise<Lecteur> {
  if (!existsSync(join(CLIENTS, 'node_modules', 'node-nlp', 'package.json'))) {
    process.stderr.write('Installation de node-nlp, pour comparer…\n');
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: CLIENTS, stdio: 'pipe' });
  }
  const exiger = createRequire(join(CLIENTS, 'package.json'));
  const { NlpManager } = paquetNlp.parse(exiger('node-nlp'));
  const gestionnaire = new NlpManager({
    languages: ['fr'],
    forceNER: false,
    autoSave: false,
    nlu: { log: false },
  });
  for (const { texte, demande } of exemples) gestionnaire.addDocument('fr', texte, demande);
  await gestionnaire.train();
  const lus = new Map<string, ReturnType<Lecteur>>();
  for (const texte of textes) {
    const { intent, score } = resultatNlp.parse(await gestionnaire.process('fr', texte));
    const demande = DEMANDES.find((d) => d === intent);
    lus.set(texte, {
      ...(demande === undefined || intent === SANS_AVIS ? {} : { demande }),
      confiance: score,
    });
  }
  return (texte) => lus.get(texte) ?? { confiance: 0 };
}

/** Milliseconds a reader takes for one phrase, at the median. */
function mediane(lire: (texte: string) => unknown, phrases: readonly Phrase[]): number {
  const temps = phrases.map(({ texte }) => {
    const debut = performance.now();
    lire(texte);
    return performance.now() - debut;
  });
  return temps.toSorted((a, b) => a - b)[Math.floor(temps.length / 2)] ?? 0;
}

async function evaluer(): Promise<void> {
  const jeux = JEUX.map(({ nom, fichier }) => ({ nom, phrases: lireJeu(fichier) }));
  const toutes = jeux.flatMap((j) => j.phrases);
  const phrases = lirePhrases();
  const apprises = new Set(phrases.map((p) => normaliser(p.texte)));
  const commune = toutes.find((p) => apprises.has(normaliser(p.texte)));
  if (commune !== undefined)
    throw new Error(`Phrase à mesurer présente à l’entraînement : « ${commune.texte} »`);
  dire(
    `${phrases.length} phrases d’entraînement ; à mesurer : ${jeux.map((j) => `${j.phrases.length} ${j.nom}`).join(', ')} ; aucune en commun.`,
  );
  const charge = performance.now();
  comprendre('bonjour', { le: LE });
  dire(`Premier chargement : ${(performance.now() - charge).toFixed(0)} ms`);

  const nous: Lecteur = (texte) => {
    const { demande, confiance } = comprendre(texte, { le: LE });
    return { ...(demande === undefined ? {} : { demande }), confiance };
  };
  const seul = process.argv.includes('--seul');
  const bayes = seul ? undefined : await lecteurBayes(phrases);
  const lecteurs: Readonly<Record<string, Lecteur>> = {
    'ce qui est livré': nous,
    ...(bayes === undefined
      ? {}
      : {
          'natural Bayes, mêmes phrases': bayes,
          'node-nlp, mêmes phrases': await lireAvecNodeNlp(
            phrases,
            toutes.map((p) => p.texte),
          ),
        }),
  };
  for (const jeu of jeux) {
    direDemandes(jeu, lecteurs);
    const completes = jeu.phrases.filter(estComplete);
    if (completes.length === 0) continue;
    direFaits(completes);
    direReste(completes);
    if (process.argv.includes('--erreurs')) direErreurs(completes);
  }

  if (bayes === undefined) return;
  dire('\nDemande, validation croisée en cinq parts sur l’entraînement');
  const cumul: Record<string, Score> = {};
  for (let part = 0; part < 5; part++) {
    const reste = phrases.filter((_, i) => i % 5 !== part);
    const tenues = phrases.filter((_, i) => i % 5 === part);
    for (const [nom, lecteur] of [
      ['  la nôtre', lecteurAppris(reste)],
      ['  natural Bayes', await lecteurBayes(reste)],
      [
        '  node-nlp',
        await lireAvecNodeNlp(
          reste,
          tenues.map((p) => p.texte),
        ),
      ],
    ] as const) {
      const s = noter(lecteur, tenues);
      const c = (cumul[nom] ??= { justes: 0, total: 0, abstentions: 0, confiantes: 0 });
      c.justes += s.justes;
      c.total += s.total;
      c.abstentions += s.abstentions;
      c.confiantes += s.confiantes;
    }
  }
  for (const [nom, s] of Object.entries(cumul)) dire(enLigne(nom, s));
  direVitesse(toutes);
  dire(`natural Bayes, la demande seulement : médiane ${mediane(bayes, toutes).toFixed(3)} ms`);
}

if (process.argv.includes('--entrainer')) {
  writeFileSync(join(RACINE_PROJET, FICHIER_MODELE), modeleDuJour());
  process.stderr.write(`${FICHIER_MODELE} est à jour.\n`);
} else await evaluer();
