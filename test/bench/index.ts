import { bencherAiguillage } from './aiguillage.ts';
import { mesurerDirectLine } from './directline.ts';
import { bencherInformation } from './information.ts';
import { bencherLangage } from './langage.ts';

/** `npm run bench [part]`: every measurement, as ratios side by side in one run. Nothing here is a test: this machine may be busy. */
const PARTIES: Readonly<Record<string, () => Promise<void>>> = {
  aiguillage: () => bencherAiguillage(),
  information: () => bencherInformation(),
  langage: bencherLangage,
  directline: mesurerDirectLine,
};

const voulue = process.argv[2];
if (voulue !== undefined && !(voulue in PARTIES)) {
  process.stderr.write(`Partie inconnue : ${voulue}. Parties : ${Object.keys(PARTIES).join(', ')}\n`);
  process.exit(2);
}
for (const [nom, mesurer] of Object.entries(PARTIES))
  if (voulue === undefined || voulue === nom) await mesurer();
process.exit(0);
