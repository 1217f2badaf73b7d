export * from './contexte.ts';
export * from './messages.ts';
export {
  conclureEffet,
  jouerFinEchange,
  jouerOuvertureEchange,
  jouerProposition,
  jouerTour,
} from './tour.ts';
