import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { nomOperateur } from '../../knowledge/information/index.ts';
import { OPERATEURS } from '../../knowledge/vocabulaire/index.ts';
import { egalites, schemaService, type ServiceReceveur } from './services.ts';

type Reglage = {
  readonly mode: 'local' | 'production';
  /** Path of the file. */
  readonly services: string | undefined;
  /** Whether e-mails can leave. */
  readonly courriel: boolean;
};

/** In local mode one service stands for every operator, and says it is a demonstration. */
const demonstration = (): ServiceReceveur[] =>
  OPERATEURS.map((operateur) => ({
    id: `demonstration-${operateur}`,
    nom: `Démonstration – ${nomOperateur(operateur)}`,
    operateur,
    regions: 'toutes',
    demonstration: true,
    enDirect: true,
  }));

const BOUCLE = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** What is wrong with how a service wants to be told, in words a maintainer can act on. */
function problemesDAvis({ id, courriel, webhook }: ServiceReceveur, reglage: Reglage): string[] {
  const problemes: string[] = [];
  if (courriel !== undefined && !reglage.courriel)
    problemes.push(`${id} → courriel : aucun serveur de courriel n’est réglé (COURRIEL_SERVEUR).`);
  if (webhook === undefined) return problemes;
  const { protocol, hostname, username } = new URL(webhook.url);
  if (protocol !== 'https:' && (reglage.mode === 'production' || !BOUCLE.has(hostname)))
    problemes.push(`${id} → webhook → url : https est requis, sauf en mode local sur cet ordinateur.`);
  if (username !== '')
    problemes.push(`${id} → webhook → url : pas d’identifiant dans l’adresse, la signature suffit.`);
  return problemes;
}

/** @throws {Error} starting with « SERVICES : », naming the file and every field that cannot be used. */
export function lireServices(reglage: Reglage): readonly ServiceReceveur[] {
  const { mode, services } = reglage;
  if (services === undefined) return mode === 'local' ? demonstration() : [];
  let brut: unknown;
  try {
    brut = JSON.parse(readFileSync(services, 'utf8'));
  } catch (cause) {
    throw new Error(`SERVICES : ${services} est illisible ou n’est pas du JSON.`, { cause });
  }
  const lu = z.array(schemaService).safeParse(brut);
  const problemes = lu.success
    ? [
        ...lu.data.flatMap((s) => problemesDAvis(s, reglage)),
        ...lu.data
          .filter((s, i) => lu.data.findIndex((autre) => autre.id === s.id) !== i)
          .map((s) => `${s.id} : deux services portent cet identifiant.`),
        ...egalites(lu.data),
      ]
    : lu.error.issues.map((i) => `${i.path.join(' → ')} : ${i.message}`);
  if (!lu.success || problemes.length > 0)
    throw new Error(`SERVICES : ${services} est refusé.\n${problemes.map((p) => `  - ${p}`).join('\n')}`);
  return lu.data;
}
