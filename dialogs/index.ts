export * from './contexte.ts';
export * from './messages.ts';
export { conclureEffet, jouerTour } from './tour.ts';
