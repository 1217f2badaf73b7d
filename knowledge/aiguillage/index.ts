export { classer } from './classer.ts';
export { aiguiller, reglesDe } from './evaluer.ts';
export * from './hypotheses.ts';
export { contradictions, implications, orphelins } from './preparation.ts';
export {
  aUneQuestion,
  champsAPoser,
  expliquerQuestion,
  peutProposerHandicap,
  questionDe,
  signature,
  type Explication,
  type Question,
} from './questions.ts';
export * from './en-mots.ts';
export { chargerRegles } from './chargement.ts';
export { estRegleIntime } from './intime.ts';
export type { Regle, Table } from './regles.ts';
export * from './relais.ts';
export * from './scenario.ts';
export { THEMES, type Condition, type Theme } from './schema.ts';
export * from './table.ts';
export * from './types.ts';
export * from './verification.ts';
