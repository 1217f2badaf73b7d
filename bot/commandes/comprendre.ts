import { comprendre } from '../../knowledge/langage/index.ts';
import { jourDe } from '../../knowledge/vocabulaire/index.ts';

/** Longer lines are refused rather than cut: a tool that feeds us a file by mistake must know. */
const OCTETS_MAX = 100_000;

const decodeur = new TextDecoder('utf-8', { fatal: true });
let numero = 0;
let erreurs = 0;

function refuser(champ: string, message: string): string {
  erreurs += 1;
  return JSON.stringify({ erreur: { champ, ligne: numero, message } });
}

/** One line of bytes → one line of JSON (design § 5). */
function traiter(octets: Uint8Array, le: string): string {
  numero += 1;
  if (octets.length > OCTETS_MAX)
    return refuser('texte', `Ligne trop longue : ${OCTETS_MAX} octets au plus.`);
  let texte: string;
  try {
    texte = decodeur.decode(octets);
  } catch {
    return refuser('texte', 'Ce n’est pas du texte UTF-8.');
  }
  const {
    demande,
    secondaires,
    confiance,
    profil,
    commune,
    communes,
    departement,
    region,
    metiers,
    commande,
    alerte,
  } = comprendre(texte.replace(/\r$/u, ''), { le });
  // Absent values are absent keys: JSON.stringify drops `undefined`.
  return JSON.stringify({
    demande,
    secondaires,
    confiance,
    profil,
    commune,
    communes,
    departement,
    region,
    metiers,
    commande,
    alerte,
  });
}

const FIN_DE_LIGNE = 0x0a;

/** Lines of bytes from a stream, without ever holding more than one line over the limit. */
async function* lignes(entree: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let morceaux: Uint8Array[] = [];
  let taille = 0;
  const ajouter = (m: Uint8Array): void => {
    if (taille <= OCTETS_MAX) morceaux.push(m);
    taille += m.length;
  };
  const fermer = (): Uint8Array => {
    const ligne = Buffer.concat(morceaux);
    morceaux = [];
    taille = 0;
    return ligne;
  };
  for await (const bloc of entree) {
    let debut = 0;
    for (let fin = bloc.indexOf(FIN_DE_LIGNE); fin >= 0; fin = bloc.indexOf(FIN_DE_LIGNE, debut)) {
      ajouter(bloc.subarray(debut, fin));
      yield fermer();
      debut = fin + 1;
    }
    if (debut < bloc.length) ajouter(bloc.subarray(debut));
  }
  if (taille > 0) yield fermer();
}

/** Writes a line and waits when the reader is slower than we are. */
const ecrire = (ligne: string): Promise<void> =>
  new Promise((suite) => {
    if (process.stdout.write(`${ligne}\n`)) suite();
    else process.stdout.once('drain', suite);
  });

// `comprendre | head -1` closes our output: that is an end, not a failure.
process.stdout.on('error', (erreur: NodeJS.ErrnoException) => {
  if (erreur.code === 'EPIPE') process.exit(0);
  throw erreur;
});

const aujourdhui = jourDe(Date.now());
for await (const octets of lignes(process.stdin)) await ecrire(traiter(octets, aujourdhui));
process.exitCode = erreurs > 0 ? 1 : 0;
