/** Handovers: from a person's document to a counsellor's desk. Import from here. */
export * from './destination.ts';
export * from './echeances.ts';
export * from './etats.ts';
export type { ResumeTransmission } from './fiche.ts';
export * from './jours-ouvres.ts';
export * from './ouverture.ts';
export * from './proposition.ts';
export * from './reference.ts';
export * from './rendez-vous.ts';
export { lireServices } from './lire-services.ts';
export type { ReponseReorientation } from './reorientation.ts';
export { SCEAU_SANS_CLE, type Integrite, type Sceau } from './sceau.ts';
export * from './services.ts';
export * from './transmission.ts';
export * from './transmissions.ts';
