import { ConfigInvalide, lireConfig } from '../../bot/config.ts';

/** The least a service open to people says of itself. */
export const PRODUCTION = {
  MODE: 'production',
  PUBLIC_URL: 'https://cep.exemple.fr',
  EDITEUR: 'Exemple',
  RESPONSABLE_TRAITEMENT: 'Exemple',
  CONTACT_DROITS: 'droits@exemple.fr',
  TELEPHONE: '01 02 03 04 05',
};

/** What is wrong with these settings, one sentence each; empty when they are accepted. */
export const problemesDe = (env: Record<string, string>): readonly string[] => {
  try {
    lireConfig(env);
    return [];
  } catch (erreur) {
    if (erreur instanceof ConfigInvalide) return erreur.problemes;
    throw erreur;
  }
};
