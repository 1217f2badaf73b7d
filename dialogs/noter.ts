import { implications } from '../knowledge/aiguillage/index.ts';
import { faitsConnus, type Fait } from '../knowledge/dossier/index.ts';
import type { Comprehension } from '../knowledge/langage/index.ts';
import { commune } from '../knowledge/territoire/index.ts';
import { CHAMPS, type Champ, type Profil } from '../knowledge/vocabulaire/index.ts';
import type { Carnet } from './contexte.ts';

/** Notes one answer, unless it changes nothing. */
export function noterReponse(
  carnet: Carnet,
  champ: Champ,
  valeur: unknown,
  source: 'texte' | 'bouton',
): void {
  const avant = carnet.dossier.profil[champ];
  if (JSON.stringify(avant) === JSON.stringify(valeur) && carnet.dossier.ordre.includes(champ)) return;
  carnet.noter({ type: 'reponse', champ, valeur, source });
}

/** Recomputes what the answers imply (closed list in the rules' data): an implication whose cause went away goes too. */
export function noterImplications(carnet: Carnet): void {
  const dites = Object.fromEntries(
    Object.entries(carnet.dossier.profil).filter(([c]) => !carnet.dossier.impliques.some((i) => i === c)),
  ) as Profil;
  const deduit = implications(dites);
  for (const champ of carnet.dossier.impliques) {
    if (deduit[champ] === undefined) carnet.noter({ type: 'retrait', champ, raison: 'sans-objet' });
  }
  for (const champ of CHAMPS) {
    const valeur = deduit[champ];
    if (valeur === undefined || dites[champ] !== undefined || carnet.dossier.profil[champ] === valeur)
      continue;
    carnet.noter({ type: 'reponse', champ, valeur, source: 'implication' });
  }
}

function noterLieu(carnet: Carnet, lu: Comprehension): void {
  if (lu.commune !== null) return carnet.noter({ type: 'lieu', commune: lu.commune });
  if (lu.communes.length > 0)
    return carnet.noter({ type: 'lieux-possibles', communes: lu.communes.slice(0, 6) });
  if (lu.departement !== undefined) {
    // « Celui du 93 », under a list of communes: the only one there.
    const [seule, autre] = carnet.dossier.lieuxPossibles.filter(
      (c) => commune(c)?.departement === lu.departement,
    );
    return carnet.noter(
      seule !== undefined && autre === undefined
        ? { type: 'lieu', commune: seule }
        : { type: 'lieu', departement: lu.departement },
    );
  }
  if (lu.region !== undefined) return carnet.noter({ type: 'lieu', region: lu.region });
  return undefined;
}

/** True when a message brought something that belongs in a dossier. */
export const apporteQuelqueChose = (lu: Comprehension): boolean =>
  lu.demande !== undefined ||
  Object.keys(lu.profil).length > 0 ||
  lu.commune !== null ||
  lu.communes.length > 0 ||
  lu.departement !== undefined ||
  lu.region !== undefined ||
  lu.metiers.length > 0;

/** Notes everything a free text says, and returns what is newly known, in words, for the reformulation. */
export function noterComprehension(
  carnet: Carnet,
  lu: Comprehension,
  paroles: string | undefined,
): readonly Fait[] {
  const avant = new Map(faitsConnus(carnet.dossier).map((f) => [f.cible, f.valeur]));
  if (
    lu.demande !== undefined &&
    lu.demande !== 'hors-perimetre' &&
    (carnet.dossier.demande === undefined || carnet.dossier.question === 'demande')
  ) {
    carnet.noter({
      type: 'demande',
      demande: lu.demande,
      secondaires: lu.secondaires.filter((d) => d !== 'hors-perimetre'),
    });
    if (paroles !== undefined) carnet.noter({ type: 'paroles', texte: paroles });
  }
  for (const champ of CHAMPS) {
    const valeur = lu.profil[champ];
    if (valeur !== undefined) noterReponse(carnet, champ, valeur, 'texte');
  }
  noterImplications(carnet);
  noterLieu(carnet, lu);
  if (lu.metiers.length > 0) carnet.noter({ type: 'metiers', metiers: [...lu.metiers] });
  return faitsConnus(carnet.dossier).filter((f) => avant.get(f.cible) !== f.valeur);
}
