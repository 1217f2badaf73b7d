export * from './contexte.ts';
export * from './messages.ts';
export { conclureEffet, jouerFinEchange, jouerOuvertureEchange, jouerTour } from './tour.ts';
