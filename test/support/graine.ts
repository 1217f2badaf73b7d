// Property tests draw from one seed, so that a run on one machine says what it says on another. `GRAINE=hasard npm test` (or a number)
// explores elsewhere; what it finds becomes a typed case.
import fc from 'fast-check';

const demandee = process.env['GRAINE'];
if (demandee !== 'hasard') fc.configureGlobal({ seed: Number(demandee ?? 20_261_121) });
