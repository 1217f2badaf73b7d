import {
  A_DEMANDER,
  compiler,
  FAUX,
  INCOMPLET,
  INCONNU,
  lectureDe,
  VRAI,
} from '../../../knowledge/aiguillage/conditions.ts';
import { chargerRegles } from '../../../knowledge/aiguillage/chargement.ts';
import type { Regle } from '../../../knowledge/aiguillage/regles.ts';
import type { Condition } from '../../../knowledge/aiguillage/schema.ts';
import type { EntreeAiguillage } from '../../../knowledge/aiguillage/index.ts';
import {
  ALERTES,
  CHAMPS,
  definitionDe,
  DEMANDES,
  estChamp,
  NE_SAIT_PAS,
  OPERATEURS,
  type Champ,
  type Profil,
} from '../../../knowledge/vocabulaire/index.ts';

/** What a condition may read: a field of the profile, or something of the entry beside it. */
export type Cle = Champ | '@demande' | '@commune' | '@alerte';
export type Affectation = ReadonlyMap<Cle, unknown>;
export const LE = '2026-11-20';

/** Every value a key may take, ages one by one: the partition below is computed from them, not assumed. */
function valeursDe(cle: Cle): readonly unknown[] {
  switch (cle) {
    case '@demande':
      return [undefined, ...DEMANDES];
    case '@alerte':
      return [undefined, ...ALERTES];
    case '@commune':
      // One commune per département code, overseas collectivities included.
      return [undefined, ...codesCommunes()];
    case 'finContrat':
      return [undefined, 'aucune', 'preavis', '2026-11-19', LE, '2026-11-21', '2027-06-30', '2025-01-01'];
    case 'refusePar':
      return [undefined, [], ...OPERATEURS.map((o) => [o])];
    case 'demarcheAnterieure':
      return [undefined, ...OPERATEURS.map((operateur) => ({ operateur }))];
    default: {
      const d = definitionDe(cle);
      if (d.forme === 'choix') return [undefined, NE_SAIT_PAS, ...d.valeurs];
      if (d.forme === 'entier')
        return [undefined, NE_SAIT_PAS, ...Array.from({ length: d.max - d.min + 1 }, (_, i) => i + d.min)];
      return [undefined];
    }
  }
}

function codesCommunes(): string[] {
  const departements = Array.from({ length: 95 }, (_, i) => String(i + 1).padStart(2, '0')).filter(
    (d) => d !== '20',
  );
  const codes = [...departements, '2A', '2B'].map((d) => `${d}004`);
  const outreMer = ['971', '972', '973', '974', '975', '976', '977', '978', '984', '986', '987', '988'];
  return [...codes, ...outreMer.map((d) => `${d}02`)];
}

function cleDe(c: Condition): Cle | undefined {
  switch (c.test) {
    case 'parmi':
      return c.champ;
    case 'age':
      return 'age';
    case 'fin-contrat':
      return 'finContrat';
    case 'renvoi':
      return 'refusePar';
    case 'demarche':
      return 'demarcheAnterieure';
    case 'demande':
      return '@demande';
    case 'alerte':
      return '@alerte';
    case 'territoire':
      return '@commune';
    default:
      return undefined;
  }
}

export function entreeDe(affectation: Affectation): EntreeAiguillage {
  const profil: Partial<Record<Champ, unknown>> = {};
  let demande: (typeof DEMANDES)[number] | undefined;
  let alerte: (typeof ALERTES)[number] | undefined;
  let commune: string | undefined;
  for (const [cle, valeur] of affectation) {
    if (valeur === undefined) continue;
    if (cle === '@demande') demande = DEMANDES.find((d) => d === valeur);
    else if (cle === '@alerte') alerte = ALERTES.find((a) => a === valeur);
    else if (cle === '@commune') commune = String(valeur);
    else profil[cle] = valeur;
  }
  return {
    le: LE,
    profil: profil as Profil,
    ...(commune === undefined ? {} : { commune }),
    ...(demande === undefined ? {} : { demande }),
    ...(alerte === undefined ? {} : { alerte }),
  };
}

/** A condition with the known answers worked out: a value, or what is left to know. */
type Reste =
  | number
  | { readonly cle: Cle; readonly parValeur: ReadonlyMap<unknown, number> }
  | { readonly op: 'tous' | 'une' | 'pas'; readonly restes: readonly Reste[] };

/** Turns conditions into residual trees over classes of values. */
export class Classes {
  private readonly partitions: ReadonlyMap<Cle, readonly (readonly unknown[])[]>;
  readonly racines: readonly { readonly regle: Regle; readonly reste: Reste }[];

  constructor(regles: readonly Regle[]) {
    const feuilles = new Map<Cle, Condition[]>();
    const noter = (c: Condition): void => {
      const cle = cleDe(c);
      if (cle !== undefined) feuilles.set(cle, [...(feuilles.get(cle) ?? []), c]);
      else if (c.test === 'tous' || c.test === 'une') c.conditions.forEach(noter);
      else if (c.test === 'pas') noter(c.condition);
      else if (c.test === 'situation') {
        const situation = situations.get(c.est);
        if (situation !== undefined) noter(situation);
      }
    };
    const { situations } = chargerRegles();
    for (const r of regles) r.conditions.forEach(noter);
    this.partitions = new Map(
      [...feuilles].map(([cle, conditions]) => [cle, partition(cle, conditions)] as const),
    );
    this.racines = regles.map((regle) => ({
      regle,
      reste: this.reste({ test: 'tous', conditions: regle.conditions }),
    }));
  }

  get cles(): readonly Cle[] {
    return [...this.partitions.keys()];
  }

  /** The classes of values of a key: no condition tells two values of one class apart. */
  classesDe(cle: Cle): readonly (readonly unknown[])[] {
    return this.partitions.get(cle) ?? [valeursDe(cle)];
  }

  private reste(c: Condition): Reste {
    const { situations } = chargerRegles();
    if (c.test === 'situation') {
      const situation = situations.get(c.est);
      return situation === undefined ? FAUX : this.reste(situation);
    }
    if (c.test === 'tous' || c.test === 'une')
      return simplifier(
        c.test,
        c.conditions.map((x) => this.reste(x)),
      );
    if (c.test === 'pas') return simplifier('pas', [this.reste(c.condition)]);
    const cle = cleDe(c);
    if (cle === undefined) return FAUX;
    const test = compiler(c, situations);
    return {
      cle,
      parValeur: new Map(
        this.classesDe(cle).map(([v]) => [v, test(lectureDe(entreeDe(new Map([[cle, v]])))) & 7]),
      ),
    };
  }
}

const estDeterminant = (cle: Cle): boolean => estChamp(cle) && definitionDe(cle).nature === 'determinant';

function partition(cle: Cle, conditions: readonly Condition[]): readonly (readonly unknown[])[] {
  const { situations } = chargerRegles();
  const tests = conditions.map((c) => compiler(c, situations));
  const groupes = new Map<string, unknown[]>();
  for (const v of valeursDe(cle)) {
    const lecture = lectureDe(entreeDe(new Map([[cle, v]])));
    // An absent déterminant stays alone: it is the only one that can still be asked.
    const seule = v === undefined && estDeterminant(cle);
    // The ranking reads which operator sent the person away, beside the rules.
    const classement = cle === 'refusePar' ? String(v) : '';
    const signature = `${seule ? 'absent' : ''}${classement}${tests.map((t) => t(lecture) & 7).join('')}`;
    groupes.set(signature, [...(groupes.get(signature) ?? []), v]);
  }
  return [...groupes.values()];
}

/** The same six-valued logic as the evaluator, written apart so that the two can disagree. */
function simplifier(op: 'tous' | 'une' | 'pas', restes: readonly Reste[]): Reste {
  if (op === 'pas') {
    const [r] = restes;
    if (typeof r !== 'number') return { op, restes };
    return r === VRAI ? FAUX : r === FAUX || r === 1 ? VRAI : r;
  }
  const absorbant = op === 'tous' ? FAUX : VRAI;
  const neutre = op === 'tous' ? VRAI : FAUX;
  if (restes.includes(absorbant)) return absorbant;
  const utiles = restes.filter((r) => r !== neutre);
  if (utiles.length === 0) return neutre;
  if (utiles.every((r) => typeof r === 'number')) {
    if (op === 'une') return Math.max(...utiles);
    const pire = Math.min(...utiles);
    return pire === INCONNU && utiles.includes(A_DEMANDER) ? INCOMPLET : pire;
  }
  return utiles.length === 1 && utiles[0] !== undefined ? utiles[0] : { op, restes: utiles };
}

export function affecter(r: Reste, cle: Cle, valeur: unknown): Reste {
  if (typeof r === 'number') return r;
  if ('cle' in r) return r.cle === cle ? (r.parValeur.get(valeur) ?? FAUX) : r;
  let change = false;
  const restes = r.restes.map((x) => {
    const y = affecter(x, cle, valeur);
    if (y !== x) change = true;
    return y;
  });
  return change ? simplifier(r.op, restes) : r;
}

export function clesDuReste(r: Reste, cles: Set<Cle>): void {
  if (typeof r === 'number') return;
  if ('cle' in r) cles.add(r.cle);
  else for (const x of r.restes) clesDuReste(x, cles);
}

export type { Reste };
export const TOUTES_LES_CLES: readonly Cle[] = [...CHAMPS, '@demande', '@commune', '@alerte'];
export { valeursDe };

/** A small reproducible generator: the same draw every run. */
export function tirage(graine: number): (n: number) => number {
  let etat = graine;
  return (n) => {
    etat = (Math.imul(etat, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((etat / 4_294_967_296) * n);
  };
}

const AGES_BORNES = [13, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31];
const ACTIVITES = ['sans-emploi', 'etudiant', 'retraite', 'salarie-prive', 'independant', 'agent-public'];

/** Profiles that press where rules may break: déterminants mostly answered, ages at the bounds, each activity in turn. */
export function echantillon(combien: number, graine: number): readonly EntreeAiguillage[] {
  const classes = new Classes(chargerRegles().regles);
  const hasard = tirage(graine);
  return Array.from({ length: combien }, (_, n) => {
    const affectation = new Map<Cle, unknown>();
    for (const cle of classes.cles) {
      if (hasard(100) >= (estDeterminant(cle) ? 85 : cle === 'esat' ? 6 : 22)) continue;
      const classe = classes.classesDe(cle)[hasard(classes.classesDe(cle).length)] ?? [];
      affectation.set(cle, classe[hasard(classe.length)]);
    }
    if (hasard(10) < 7) affectation.set('age', AGES_BORNES[hasard(AGES_BORNES.length)]);
    affectation.set('activite', ACTIVITES[n % ACTIVITES.length]);
    return entreeDe(affectation);
  });
}
