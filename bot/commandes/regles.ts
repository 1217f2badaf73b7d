/**
 * `npm run regles` prints the table of the rules (conditions, articles, dates, scenarios that exercise each); `npm run regles -- verifier [AAAA-MM-JJ]` looks for
 * gaps, overlaps, dead rules and references nobody has read for a year; `npm run regles -- json` prints the table as open data.
 * Exit status 1 when the check finds a fault (a gap, a duplicate, a dead rule or a stale reference); overlaps are only shown.
 */
import {
  tableDesRegles,
  verifierRegles,
  type LigneRegle,
  type Verification,
} from '../../knowledge/aiguillage/index.ts';
import { estJour, jourDe } from '../../knowledge/vocabulaire/index.ts';
import { lireScenarios, scenariosParRegle } from '../sources/scenarios.ts';

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
  const scenarios = scenariosParRegle(lireScenarios());
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
    ecrire(
      `  scénarios   ${siens.length} : ${siens
        .slice(0, 6)
        .map((x) => x.nom)
        .join(', ')}${siens.length > 6 ? '…' : ''}`,
    );
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
