/**
 * The closed sets of the trade (design § 2). Codes are stable: other tools read them.
 * France Travail is « Pôle emploi » in the arrêté of 29 March 2019; the opérateur régional's brand is Avenir Actifs.
 */
export const OPERATEURS = [
  'france-travail',
  'apec',
  'mission-locale',
  'cap-emploi',
  'operateur-regional',
] as const;
export type Operateur = (typeof OPERATEURS)[number];

/** What the person wants. One main demande, others kept as secondary. */
export const DEMANDES = [
  'faire-le-point',
  'changer-de-metier',
  'trouver-un-emploi',
  'evoluer',
  'se-former',
  'valider-son-experience',
  'creer-son-activite',
  'financer-un-projet',
  'demissionner',
  'sante-handicap',
  's-informer-metier',
  'comprendre-le-cep',
  'trouver-un-conseiller',
  'hors-perimetre',
] as const;
export type Demande = (typeof DEMANDES)[number];

/** Orders given to the assistant, apart from the demande. */
export const COMMANDES = [
  'aide',
  'retour',
  'corriger',
  'recommencer',
  'pourquoi',
  'simplifier',
  'effacer',
  'mes-donnees',
  'conseiller',
  'suivi',
] as const;
export type Commande = (typeof COMMANDES)[number];

/** What must be met before anything else; the order is the priority when several are present. */
export const ALERTES = ['detresse', 'violence', 'harcelement', 'expulsion', 'donnee-sensible'] as const;
export type Alerte = (typeof ALERTES)[number];

/** Standard French, or « facile à lire » (falc). */
export const REGISTRES = ['standard', 'falc'] as const;
export type Registre = (typeof REGISTRES)[number];

export const estOperateur = (v: unknown): v is Operateur => (OPERATEURS as readonly unknown[]).includes(v);
export const estDemande = (v: unknown): v is Demande => (DEMANDES as readonly unknown[]).includes(v);
export const estAlerte = (v: unknown): v is Alerte => (ALERTES as readonly unknown[]).includes(v);
export const estCommande = (v: unknown): v is Commande => (COMMANDES as readonly unknown[]).includes(v);
