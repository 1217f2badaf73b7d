import { describe, expect, it } from 'vitest';
import { chargerRegles } from '../../../knowledge/aiguillage/chargement.ts';
import { lectureDe } from '../../../knowledge/aiguillage/conditions.ts';
import { aiguiller, champsAPoser, questionDe, reglesDe } from '../../../knowledge/aiguillage/index.ts';
import { preparer } from '../../../knowledge/aiguillage/preparation.ts';
import type { Regle } from '../../../knowledge/aiguillage/regles.ts';
import {
  CHAMPS_DETERMINANTS,
  OPERATEURS,
  type Champ,
  type Profil,
} from '../../../knowledge/vocabulaire/index.ts';
import {
  affecter,
  Classes,
  clesDuReste,
  echantillon,
  entreeDe,
  LE,
  tirage,
  type Cle,
  type Reste,
} from './classes.ts';
import { infractions } from './lois.ts';
import { mensonges } from './verites.ts';

const { regles, implications, contradictions, champs } = chargerRegles();
const DETERMINANTS = new Set<string>(CHAMPS_DETERMINANTS);
const ORDRE: readonly Cle[] = [
  ...([
    'activite',
    '@demande',
    'emploiOccupe',
    'versant',
    'categorie',
    'accompagnement',
    'esat',
    'age',
  ] as const),
  ...([
    'rechercheEmploi',
    'csp',
    'inscritFranceTravail',
    'formationInitiale',
    'contrat',
    'projetDemission',
  ] as const),
];

type Feuille = { readonly affectation: ReadonlyMap<Cle, unknown>; readonly profils: number };

/** A déterminant is answered or unknown (the absent ones are the conversations' business, below); « activité » is always known here. */
function retenues(cle: Cle, affectation: ReadonlyMap<Cle, unknown>, classe: readonly unknown[]): boolean {
  const [valeur] = classe;
  if (valeur === undefined && DETERMINANTS.has(cle)) {
    const activite = affectation.get('activite');
    return cle === 'emploiOccupe' && activite !== 'etudiant' && activite !== 'retraite';
  }
  const demandee = cle === 'activite' || cle === 'emploiOccupe';
  return !(demandee && valeur === 'ne-sait-pas');
}

/** Goes through every class of profiles that the rules tell apart; a class is worth the product of what it covers. */
function* feuillesDe(classes: Classes): Generator<Feuille> {
  const toutes = classes.cles;
  const total = (cles: readonly Cle[]): number =>
    cles.reduce((n, cle) => n * classes.classesDe(cle).reduce((m, c) => m + c.length, 0), 1);
  function* descendre(
    restes: readonly Reste[],
    affectation: ReadonlyMap<Cle, unknown>,
    poids: number,
  ): Generator<Feuille> {
    const cles = new Set<Cle>();
    for (const r of restes) clesDuReste(r, cles);
    const cle = ORDRE.find((c) => cles.has(c)) ?? [...cles][0];
    if (cle === undefined) {
      yield { affectation, profils: poids * total(toutes.filter((c) => !affectation.has(c))) };
      return;
    }
    for (const classe of classes.classesDe(cle)) {
      if (!retenues(cle, affectation, classe)) continue;
      const [valeur] = classe;
      yield* descendre(
        restes.map((r) => affecter(r, cle, valeur)).filter((r) => typeof r !== 'number'),
        new Map(affectation).set(cle, valeur),
        poids * classe.length,
      );
    }
  }
  yield* descendre(
    classes.racines.map((r) => r.reste),
    new Map(),
    1,
  );
}

const effetDe = (r: Regle): string =>
  r.effet.type === 'orientation' || r.effet.type === 'ecart' ? r.effet.operateur : '';
const tirees = new Set<string>();

/** Runs the whole pipeline on one profile per class and returns the first problems met. */
function parcourir(choisies: readonly Regle[]): {
  readonly classes: number;
  readonly profils: number;
  readonly problemes: readonly string[];
} {
  const problemes: string[] = [];
  let classes = 0;
  let profils = 0;
  for (const feuille of feuillesDe(new Classes(choisies))) {
    classes += 1;
    profils += feuille.profils;
    const entree = entreeDe(feuille.affectation);
    const resultat = aiguiller(entree);
    if (!resultat.ok) continue;
    for (const regle of reglesDe(resultat.valeur)) tirees.add(regle);
    const rates = infractions(entree, resultat.valeur);
    if (rates.length > 0 && problemes.length < 5)
      problemes.push(`${rates.join(' ; ')} — ${JSON.stringify(entree)} → ${resultat.valeur.type}`);
  }
  return { classes, profils, problemes };
}

describe('toutes les combinaisons', () => {
  it(
    'ce qui décide : chaque classe de profils a une issue permise par la loi, avec ses raisons',
    { timeout: 120_000 },
    () => {
      const debut = performance.now();
      const decisives = regles.filter((r) => r.attendre && r.effet.type !== 'doute');
      const bilan = parcourir(decisives);
      const duree = Math.round(performance.now() - debut);
      console.log(
        `Aiguillage, règles décisives : ${bilan.classes.toLocaleString('fr-FR')} classes pour ${bilan.profils.toExponential(2)} profils, en ${duree} ms.`,
      );
      expect(bilan.problemes).toEqual([]);
      expect(bilan.classes).toBeGreaterThan(100_000);
    },
  );

  it.each(OPERATEURS)(
    'opérateur %s : pour chaque classe, il est proposé ou écarté avec une raison',
    (operateur) => {
      const siennes = regles.filter(
        (r) => effetDe(r) === operateur || (r.effet.type === 'hors-champ' && r.attendre),
      );
      const bilan = parcourir(siennes);
      console.log(`Opérateur ${operateur} : ${bilan.classes.toLocaleString('fr-FR')} classes.`);
      expect(bilan.problemes).toEqual([]);
    },
  );

  it('relais, vigilances et doutes : chaque classe de leurs conditions', () => {
    const autres = regles.filter(
      (r) => r.effet.type === 'relais' || r.effet.type === 'vigilance' || r.effet.type === 'doute',
    );
    for (const r of autres) expect(parcourir([r]).problemes, r.id).toEqual([]);
  });
});

/** Everything read anywhere (rules, implications, contradictions, order of the questions) splits the values. */
function toutesLesClasses(): Classes {
  const [modele] = regles;
  if (modele === undefined) throw new Error('aucune règle');
  const lues = [
    ...implications.map((i) => i.si),
    ...contradictions.map((c) => c.si),
    ...champs.map((c) => c.conditions),
  ].filter((c) => c.length > 0);
  return new Classes([...regles, ...lues.map((conditions) => ({ ...modele, conditions: [...conditions] }))]);
}

/** What two profiles of one class must share: the kind, the rules, the questions, the order of the operators. */
function forme(r: ReturnType<typeof aiguiller>): string {
  if (!r.ok) return r.refus.champ;
  const { type, champs, orientations } = r.valeur;
  return `${type}|${reglesDe(r.valeur).join()}|${champs.join()}|${orientations.map((o) => o.operateur).join()}`;
}

describe('les classes sont justes', () => {
  it('100 000 paires tirées dans une même classe ont le même résultat', { timeout: 120_000 }, () => {
    const classes = toutesLesClasses();
    const hasard = tirage(20_261_120);
    const piocher = <T>(liste: readonly T[]): T | undefined => liste[hasard(liste.length)];
    let differentes = 0;
    const problemes: string[] = [];
    for (let n = 0; n < 100_000; n += 1) {
      const a = new Map<Cle, unknown>();
      const b = new Map<Cle, unknown>();
      for (const cle of classes.cles) {
        // Three keys out of five stay silent, as in life; otherwise almost every draw would be a contradiction.
        if (cle !== 'activite' && hasard(5) < 3) continue;
        const classe = piocher(classes.classesDe(cle)) ?? [];
        a.set(cle, piocher(classe));
        b.set(cle, piocher(classe));
      }
      const entree = entreeDe(a);
      const [ra, rb] = [aiguiller(entree), aiguiller(entreeDe(b))];
      if (forme(ra) !== forme(rb)) differentes += 1;
      if (ra.ok) for (const regle of reglesDe(ra.valeur)) tirees.add(regle);
      const rates = ra.ok && n % 10 === 0 ? infractions(entree, ra.valeur) : [];
      if (rates.length > 0) problemes.push(`${rates.join()} — ${JSON.stringify(entree)}`);
    }
    expect(differentes).toBe(0);
    expect(problemes.slice(0, 5)).toEqual([]);
  });

  it('deux règles de même effet ne sont jamais toujours d’accord', () => {
    const classes = toutesLesClasses();
    const hasard = tirage(38);
    const vecteurs = new Map<Regle, string>(regles.map((r) => [r, '']));
    for (let n = 0; n < 4000; n += 1) {
      const affectation = new Map<Cle, unknown>();
      for (const cle of classes.cles) {
        const classe = classes.classesDe(cle)[hasard(classes.classesDe(cle).length)] ?? [];
        affectation.set(cle, classe[hasard(classe.length)]);
      }
      const entree = entreeDe(affectation);
      const lecture = lectureDe(entree);
      for (const r of regles) vecteurs.set(r, `${vecteurs.get(r) ?? ''}${r.test(lecture) & 7}`);
    }
    const effet = (r: Regle): string =>
      r.effet.type === 'vigilance'
        ? r.effet.code
        : r.effet.type === 'relais'
          ? r.effet.relais.join()
          : effetDe(r);
    const memes = regles.flatMap((r, i) =>
      regles
        .slice(i + 1)
        .filter(
          (s) =>
            s.effet.type === r.effet.type && effet(s) === effet(r) && vecteurs.get(s) === vecteurs.get(r),
        )
        .map((s) => `${r.id} = ${s.id}`),
    );
    expect(memes).toEqual([]);
  });
});

/** Every conversation: from what is known, each possible answer to each question asked, until there is none left. */
function conversations(profil: Profil): {
  readonly fins: number;
  readonly plusLongue: number;
  readonly vues: ReadonlySet<Champ>;
} {
  const vues = new Set<Champ>();
  const problemes: string[] = [];
  let fins = 0;
  let plusLongue = 0;
  const suivre = (connu: Profil, questions: number): void => {
    const [champ] = champsAPoser({ le: LE, profil: connu });
    if (champ === undefined) {
      fins += 1;
      plusLongue = Math.max(plusLongue, questions);
      const entree = { le: LE, profil: connu };
      const resultat = aiguiller(entree);
      if (resultat.ok) {
        expect(resultat.valeur.type).not.toBe('a-completer');
        const rates = infractions(entree, resultat.valeur);
        if (rates.length > 0) problemes.push(`${rates.join()} — ${JSON.stringify(connu)}`);
      }
      return;
    }
    expect(connu[champ], 'une question ne revient jamais').toBeUndefined();
    vues.add(champ);
    const reponses: readonly unknown[] =
      champ === 'age'
        ? [15, 17, 18, 21, 24, 26, 29, 40, 'ne-sait-pas']
        : [...questionDe(champ).reponses.map((r) => r.valeur), 'ne-sait-pas'];
    for (const reponse of reponses) suivre({ ...connu, [champ]: reponse }, questions + 1);
  };
  suivre(profil, 0);
  expect(problemes.slice(0, 5)).toEqual([]);
  return { fins, plusLongue, vues };
}

describe('les questions', () => {
  it('toute conversation finit, sans question répétée, et mène à une issue', () => {
    const bilan = conversations({});
    console.log(
      `Questions : ${bilan.fins.toLocaleString('fr-FR')} conversations, ${bilan.plusLongue} questions au plus.`,
    );
    expect(bilan.plusLongue).toBeLessThanOrEqual(9);
    expect(bilan.fins).toBeGreaterThan(1000);
  });

  it('finit aussi quand des circonstances ont été dites d’avance', () => {
    const avances: readonly Profil[] = [
      { handicap: 'oui' },
      { inaptitude: 'prononcee', suspension: 'arret-maladie' },
      { esat: 'oui' },
      { frontalier: 'oui' },
      { projetDemission: 'oui' },
      { csp: 'oui' },
      { freins: 'oui', inscritFranceTravail: 'oui' },
      { finContrat: 'preavis', refusePar: ['apec'] },
      { demarcheAnterieure: { operateur: 'apec' }, cadre: 'ne-sait-pas' },
    ];
    for (const profil of avances) expect(conversations(profil).plusLongue).toBeLessThanOrEqual(9);
  });

  it('une question posée peut changer le résultat : deux réponses au moins n’ont pas la même suite', () => {
    // Each answer followed to its end with the same answers to the rest, in three different lives.
    const vies: readonly Readonly<Partial<Record<Champ, unknown>>>[] = [
      {
        accompagnement: 'aucun',
        cadre: 'non',
        rechercheEmploi: 'oui',
        age: 35,
        contrat: 'cdi',
        emploiOccupe: 'aucun',
      },
      {
        accompagnement: 'mission-locale',
        cadre: 'oui',
        rechercheEmploi: 'oui',
        age: 24,
        diplome: 'bac+3-ou-plus',
      },
      {
        accompagnement: 'france-travail',
        inscritFranceTravail: 'oui',
        projetDemission: 'non',
        age: 45,
        cadre: 'non',
      },
    ];
    const finir = (connu: Profil, vie: Readonly<Partial<Record<Champ, unknown>>>): Profil => {
      const [champ] = champsAPoser({ le: LE, profil: connu });
      return champ === undefined
        ? connu
        : finir({ ...connu, [champ]: vie[champ] ?? questionDe(champ).reponses[0]?.valeur }, vie);
    };
    const issues = (connu: Profil): string => vies.map((vie) => issue(finir(connu, vie))).join();
    const issue = (connu: Profil): string => {
      const resultat = aiguiller({ le: LE, profil: connu });
      if (!resultat.ok) return 'refus';
      const a = resultat.valeur;
      return JSON.stringify([
        a.type,
        [...a.orientations, ...a.candidats].map((o) => o.operateur),
        a.relais.map((r) => r.id),
        reglesDe(a),
        a.champs,
      ]);
    };
    const verifier = (connu: Profil, profondeur: number): void => {
      const [champ] = champsAPoser({ le: LE, profil: connu });
      if (champ === undefined || profondeur > 4) return;
      const reponses: readonly unknown[] =
        champ === 'age' ? [15, 17, 24, 26, 40] : questionDe(champ).reponses.map((r) => r.valeur);
      const suites = new Set(reponses.map((r) => issues({ ...connu, [champ]: r })));
      expect(suites.size, `${champ} après ${JSON.stringify(connu)}`).toBeGreaterThan(1);
      for (const reponse of reponses) verifier({ ...connu, [champ]: reponse }, profondeur + 1);
    };
    verifier({}, 0);
  });
});

describe('les phrases', () => {
  it('ne disent jamais d’une personne ce qui n’est pas vrai d’elle', () => {
    const fautes: string[] = [];
    for (const entree of echantillon(8000, 1903)) {
      const lu = preparer(entree);
      const resultat = aiguiller(entree);
      if (!lu.ok || !resultat.ok || resultat.valeur.type === 'indecis') continue;
      const { profil } = lu.valeur;
      const fausses = mensonges(profil, entree.le, reglesDe(resultat.valeur), entree.demande);
      if (fausses.length > 0) fautes.push(`${fausses.join()} — ${JSON.stringify(profil)}`);
    }
    expect(fautes.slice(0, 5)).toEqual([]);
  });
});

describe('les règles', () => {
  it('chaque règle sert quelque part', () => {
    expect(
      regles
        .map((r) => r.id)
        .filter((id) => !tirees.has(id))
        .join(', '),
    ).toBe('');
  });
});
