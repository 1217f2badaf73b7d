import { DonneeInvalide } from '../knowledge/vocabulaire/index.ts';
import { demarrerApp, type App } from './app.ts';
import { ConfigInvalide, lireConfig, type Config } from './config.ts';
import { creerJournaliseur } from './journaliseur.ts';
import { DossierDejaOuvert } from './storage/journal-verrou.ts';

/** The one place that reads the environment and the clock, listens, and says what went wrong at start in words a maintainer can act on. */
async function principal(): Promise<void> {
  // oxlint-disable-next-line no-process-env -- the only reader, handed to the typed configuration
  const config = lireConfig(process.env);
  const journaliseur = creerJournaliseur(config.niveauJournal);
  const app = await demarrerApp({ config, horloge: () => Date.now(), journaliseur });
  annoncer(config, app);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void app.fermer().then(() => process.exit(0));
    });
  }
  process.on('unhandledRejection', (erreur) => journaliseur.erreur('promesse-rejetee', erreur));
}

function annoncer(config: Config, app: App): void {
  const lignes = [
    `Assistant CEP niveau 1, prêt (mode ${config.mode === 'local' ? 'local' : 'production'}).`,
    `  Conversation : ${app.adresses.accueil}`,
    `  Console :      ${app.adresses.console}`,
    `  Indicateurs :  ${config.publicUrl}/metrics`,
  ];
  if (config.mode === 'local') {
    lignes.push(
      '  Mode local : les documents envoyés arrivent dans cette console de démonstration, chez personne d’autre.',
      `  Données : ${config.dataDir}. Arrêt : Ctrl+C.`,
    );
  }
  process.stdout.write(`${lignes.join('\n')}\n`);
}

/** A refusal to start, in one message; a bug keeps its stack. */
function messageDArret(erreur: unknown): string {
  if (
    erreur instanceof ConfigInvalide ||
    erreur instanceof DonneeInvalide ||
    erreur instanceof DossierDejaOuvert
  )
    return erreur.message;
  if (erreur instanceof Error && 'code' in erreur && erreur.code === 'EADDRINUSE') {
    return 'Ce port est déjà utilisé par un autre programme. Choisissez-en un autre, par exemple : PORT=4000 npm start';
  }
  if (
    erreur instanceof Error &&
    /^(SERVICES|OIDC_CORRESPONDANCES|TEAMS_CORRESPONDANCES|MICROSOFT_APP_CERTIFICAT) :/.test(erreur.message)
  )
    return erreur.message;
  return erreur instanceof Error ? (erreur.stack ?? erreur.message) : String(erreur);
}

try {
  await principal();
} catch (erreur) {
  process.stderr.write(`${messageDArret(erreur)}\n`);
  process.exit(1);
}
