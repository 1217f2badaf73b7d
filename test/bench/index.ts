import { mesurerAbus } from './abus.ts';
import { bencherAiguillage } from './aiguillage.ts';
import { mesurerCrash } from './crash.ts';
import { mesurerDirectLine } from './directline.ts';
import { servirConnecteur, servirEcho } from './echo.ts';
import { mesurerEndurance } from './endurance.ts';
import { bencherInformation, bencherInformationImportee, mesurerImportee } from './information.ts';
import { bencherLangage } from './langage.ts';
import { mesurerStock } from './stock.ts';
import { mesurerTelephone } from './telephone.ts';
import { mesurerTransmissions } from './transmissions.ts';

/** `npm run bench [part]`: every measurement, as ratios side by side in one run. Nothing here is a test: this machine may be busy. */
const PARTIES: Readonly<Record<string, () => Promise<void>>> = {
  aiguillage: () => bencherAiguillage(),
  information: async () => {
    await bencherInformation();
    await bencherInformationImportee();
  },
  langage: bencherLangage,
  directline: mesurerDirectLine,
  transmissions: mesurerTransmissions,
  telephone: () => mesurerTelephone(),
};

const nombreDit = (place: number, defaut: number): number => Number(process.argv[place] ?? defaut);

/** Only when named: long, or a part of another measurement. `crash [kills]`, `stock [conversations]`, `abus [attacks] [seed]`, `endurance [minutes]`. */
const A_PART: Readonly<Record<string, () => Promise<unknown>>> = {
  crash: async () => (process.exitCode = (await mesurerCrash(nombreDit(3, 100))) ? 0 : 1),
  abus: async () =>
    (process.exitCode = (await mesurerAbus(nombreDit(3, 100_000), nombreDit(4, 20_261_121))) ? 0 : 1),
  endurance: async () => (process.exitCode = (await mesurerEndurance(nombreDit(3, 10))) ? 0 : 1),
  stock: () => mesurerStock(nombreDit(3, 100_000)),
  'information-importee': () => mesurerImportee(process.argv[3] ?? ''),
  echo: servirEcho,
  connecteur: servirConnecteur,
};

const voulue = process.argv[2];
const aPart = voulue === undefined ? undefined : A_PART[voulue];
if (aPart !== undefined) {
  await aPart();
  process.exit();
}
if (voulue !== undefined && !(voulue in PARTIES)) {
  process.stderr.write(
    `Partie inconnue : ${voulue}. Parties : ${[...Object.keys(PARTIES), 'crash', 'stock', 'abus', 'endurance'].join(', ')}\n`,
  );
  process.exit(2);
}
for (const [nom, mesurer] of Object.entries(PARTIES))
  if (voulue === undefined || voulue === nom) await mesurer();
process.exit(0);
