/** Plumbing of the line commands: reads standard input line by line, in bounded memory, and writes one line per line, in order. */

/** One line read. `tropLongue`: more than the limit; its end was thrown away unread. */
export type Ligne = { readonly numero: number; readonly texte: string; readonly tropLongue: boolean };

/** What to print for a line, and whether the line was refused. */
export type Rendu = { readonly texte: string; readonly echec: boolean };

const LIMITE = 100_000;
const SAUT = 10;

/** Splits a stream of bytes into lines (`\n` or `\r\n`, byte-order mark dropped), keeping at most `LIMITE` characters of each. */
async function* lignesDe(entree: AsyncIterable<Buffer>): AsyncGenerator<Ligne> {
  // Four bytes per character at most: past that, a line cannot be within the limit.
  const maxOctets = LIMITE * 4;
  let morceaux: Buffer[] = [];
  let taille = 0;
  let numero = 0;
  const finir = (): Ligne => {
    numero += 1;
    const brut = new TextDecoder().decode(Buffer.concat(morceaux)).replace(/\r$/, '');
    const tropLongue = taille > maxOctets || brut.length > LIMITE;
    morceaux = [];
    taille = 0;
    return { numero, texte: tropLongue ? '' : brut, tropLongue };
  };
  for await (const bloc of entree) {
    let debut = 0;
    for (;;) {
      const saut = bloc.indexOf(SAUT, debut);
      const fin = saut === -1 ? bloc.length : saut;
      if (taille <= maxOctets) morceaux.push(bloc.subarray(debut, fin));
      taille += fin - debut;
      if (saut === -1) break;
      yield finir();
      debut = saut + 1;
    }
  }
  if (taille > 0) yield finir();
}

const ecrire = (texte: string): Promise<void> | undefined =>
  process.stdout.write(texte)
    ? undefined
    : new Promise((suite) => {
        process.stdout.once('drain', suite);
      });

/**
 * Answers every line of standard input, in order. Exit status 1 at the end when a line was refused. When the reader of our output goes
 * away (`| head`), the program stops without noise: nobody is left to read an error.
 */
export async function traiterLignes(traiter: (ligne: Ligne) => Rendu): Promise<void> {
  process.stdout.on('error', (erreur: NodeJS.ErrnoException) => {
    if (erreur.code === 'EPIPE') process.exit(0);
    throw erreur;
  });
  for await (const ligne of lignesDe(process.stdin)) {
    const rendu = traiter(ligne);
    if (rendu.echec) process.exitCode = 1;
    await ecrire(`${rendu.texte}\n`);
  }
}
