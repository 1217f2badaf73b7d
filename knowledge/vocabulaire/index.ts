export * from './donnees.ts';
export * from './jour.ts';
export * from './memoire.ts';
export * from './mots.ts';
export * from './profil.ts';
export * from './resultat.ts';
