/**
 * `npm run regles` prints the table of the rules (conditions, articles, dates, scenarios that exercise each); `npm run regles -- verifier [AAAA-MM-JJ]` looks for
 * gaps, overlaps, dead rules and references nobody has read for a year; `npm run regles -- json` prints the table as open data.
 * Exit status 1 when the check finds a fault (a gap, a duplicate, a dead rule or a stale reference); overlaps are only shown.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  aiguiller,
  reglesDe,
  tableDesRegles,
  verifierRegles,
  type EntreeAiguillage,
  type LigneRegle,
  type Verification,
} from '../../knowledge/aiguillage/index.ts';
import { estDemande, estJour, jourDe, lireProfil, RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

const SCENARIOS = join(RACINE_PROJET, 'test/scenarios/aiguillage');

/** The entry of a scenario file, or nothing when the file is not one (the tests say why, precisely). */
function entreeDe(fichier: string): EntreeAiguillage | undefined {
  const brut: unknown = JSON.parse(readFileSync(join(SCENARIOS, fichier), 'utf8'));
  if (typeof brut !== 'object' || brut === null) return undefined;
  const { le, demande, commune, profil } = brut as Readonly<Record<string, unknown>>;
  const lu = lireProfil(profil);
  if (!estJour(le) || !lu.ok) return undefined;
  return {
    le,
    profil: lu.valeur,
    ...(estDemande(demande) ? { demande } : {}),
    ...(typeof commune === 'string' ? { commune } : {}),
  };
}

/** Which scenarios exercise each rule; empty where the scenarios were not shipped. */
function scenariosParRegle(): ReadonlyMap<string, readonly string[]> {
  const par = new Map<string, string[]>();
  if (!existsSync(SCENARIOS)) return par;
  for (const fichier of readdirSync(SCENARIOS).filter((f) => f.endsWith('.json'))) {
    const entree = entreeDe(fichier);
    const resultat = entree === undefined ? undefined : aiguiller(entree);
    if (resultat?.ok !== true) continue;
    for (const regle of new Set(reglesDe(resultat.valeur)))
      par.set(regle, [...(par.get(regle) ?? []), fichier.replace('.json', '')]);
  }
  return par;
}

const ecrire = (ligne = ''): boolean => process.stdout.write(`${ligne}\n`);

function effetEnMots(l: LigneRegle): string {
  const details = [
    l.operateur,
    l.role,
    l.exclut === true ? 'exclut' : undefined,
    l.code,
    l.relais?.join(', '),
  ];
  return [l.effet, ...details.filter((d) => d !== undefined)].join(' · ');
}

function afficher(): void {
  const scenarios = scenariosParRegle();
  const lignes = tableDesRegles();
  for (const l of lignes) {
    ecrire(`${l.id} — ${l.titre}`);
    ecrire(`  effet       ${effetEnMots(l)} (thème ${l.theme}, ${l.fichier})`);
    for (const c of l.conditions) ecrire(`  si          ${c}`);
    ecrire(`  dit         ${l.motif}`);
    for (const r of l.references)
      ecrire(`  référence   ${r.article} (${r.confiance}, vérifiée le ${r.verifieLe}) ${r.url}`);
    ecrire(`  en vigueur  du ${l.du}${l.au === undefined ? '' : ` au ${l.au}`}`);
    const siens = scenarios.get(l.id) ?? [];
    ecrire(`  scénarios   ${siens.length} : ${siens.slice(0, 6).join(', ')}${siens.length > 6 ? '…' : ''}`);
    ecrire();
  }
  ecrire(`${lignes.length} règles.`);
}

function rapport(v: Verification): number {
  const bloc = (titre: string, lignes: readonly string[]): void => {
    ecrire(`${titre} : ${lignes.length}`);
    for (const l of lignes.slice(0, 40)) ecrire(`  - ${l}`);
  };
  ecrire(`${v.profilsEssayes} profils essayés.`);
  bloc(
    'Trous (aucune règle ne répond, ou un opérateur n’est ni proposé ni écarté)',
    v.trous.map((t) => `${t.manque} : ${JSON.stringify(t.profil)}`),
  );
  bloc(
    'Règles en double (même effet, mêmes profils)',
    v.doublons.map((d) => d.join(' = ')),
  );
  bloc(
    'Règles mortes',
    v.mortes.map((m) => `${m.regle} : ${m.pourquoi}`),
  );
  bloc(
    'Références non relues depuis un an',
    v.perimees.map((p) => `${p.regle} : ${p.article} (${p.verifieLe})`),
  );
  bloc(
    'Chevauchements (deux opérateurs principaux : le classement décide lequel est montré d’abord)',
    v.chevauchements.map((c) => c.regles.join(' + ')),
  );
  return v.trous.length + v.doublons.length + v.mortes.length + v.perimees.length;
}

process.stdout.on('error', (erreur: NodeJS.ErrnoException) => {
  if (erreur.code !== 'EPIPE') throw erreur;
  process.exit(0);
});

const [commande, jour] = process.argv.slice(2);
if (commande === undefined) afficher();
else if (commande === 'json') ecrire(JSON.stringify(tableDesRegles(), null, 2));
else if (commande === 'verifier' && (jour === undefined || estJour(jour)))
  process.exitCode = rapport(verifierRegles(jour ?? jourDe(Date.now()))) > 0 ? 1 : 0;
else {
  process.stderr.write('Usage : npm run regles [-- verifier [AAAA-MM-JJ] | -- json]\n');
  process.exitCode = 2;
}
