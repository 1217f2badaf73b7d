import { strToU8, zipSync } from 'fflate';
import { refuse, reussi, type Resultat } from '../knowledge/vocabulaire/index.ts';
import { iconeContour, iconeCouleur } from './icones.ts';
import { localisationAnglaise, manifeste, VERSION_SCHEMA, type Installation } from './manifeste.ts';
import { validerManifeste } from './valider.ts';

const enTexte = (valeur: object): Uint8Array => strToU8(`${JSON.stringify(valeur, null, 2)}\n`);

/** Same inputs, same bytes: a package can be compared with the one that was approved. */
const DATE_FIXE = new Date('2026-01-01T00:00:00Z');

/** The app package Teams imports: files at the root of a zip. Refused with every field Teams would refuse. */
export function paquetTeams(installation: Installation): Resultat<Uint8Array, readonly string[]> {
  const valeur = manifeste(installation);
  const anglais = localisationAnglaise(installation);
  const problemes = [
    ...validerManifeste(valeur, VERSION_SCHEMA),
    ...validerManifeste(anglais, VERSION_SCHEMA, 'MicrosoftTeams.Localization').map((p) => `en.json : ${p}`),
  ];
  if (problemes.length > 0) return refuse(problemes);
  return reussi(
    zipSync(
      {
        'manifest.json': enTexte(valeur),
        'en.json': enTexte(anglais),
        'couleur.png': new Uint8Array(iconeCouleur()),
        'contour.png': new Uint8Array(iconeContour()),
      },
      { level: 9, mtime: DATE_FIXE },
    ),
  );
}
