import { accesDonne } from './acces.ts';

export type OptionsDirect = {
  /** Files that changed, those this page may see; empty: the queue alone changed. */
  readonly surChangement: (references: readonly string[]) => void;
  /** Asks in the old way while nothing is told. @throws when the server cannot be reached */
  readonly rafraichir: () => Promise<void>;
  /** Whether what is shown is kept up to date, one way or the other. */
  readonly surEtat: (aJour: boolean) => void;
};

const SANS_DIRECT_MS = 5_000;
/** Ages are counted in minutes: even when all is told, the page is drawn again now and then. */
const AVEC_DIRECT_MS = 60_000;
const ESSAI_MS = 1_000;
const ESSAI_MAX_MS = 30_000;
/** Two beats of the server missed, and some: nobody is there any more, whatever the connection says. */
const SILENCE_MS = 35_000;

/**
 * Keeps the page told of changes: a stream while the page is looked at, an ordinary question from time to time when there is none. `fetch`
 * rather than `EventSource`, which cannot carry the header the Teams tab signs in with. A hidden page lets its connection go: a browser has
 * six per site, and a tab in the background must not freeze the one in front.
 */
export function suivreEnDirect({ surChangement, rafraichir, surEtat }: OptionsDirect): void {
  let branche = false;
  let fin: AbortController | undefined;
  let minuterie: ReturnType<typeof setTimeout> | undefined;
  let essai = ESSAI_MS;

  async function interroger(): Promise<void> {
    clearTimeout(minuterie);
    if (document.hidden) return;
    try {
      await rafraichir();
      surEtat(true);
    } catch {
      surEtat(false);
    }
    clearTimeout(minuterie);
    minuterie = setTimeout(() => void interroger(), branche ? AVEC_DIRECT_MS : SANS_DIRECT_MS);
  }

  function lire(bloc: string): void {
    const donnees = bloc.split('\n').find((l) => l.startsWith('data: '));
    if (!bloc.startsWith('event: change') || donnees === undefined) return;
    const { references } = JSON.parse(donnees.slice(6)) as { references: readonly string[] };
    surChangement(references);
  }

  async function ecouter(signal: AbortSignal, vivant: () => void): Promise<void> {
    const acces = accesDonne();
    const reponse = await fetch('/api/console/direct', { signal, headers: { ...(await acces?.entetes()) } });
    // Ended: the next ordinary question signs in again.
    if (reponse.status === 401) acces?.oublier();
    if (!reponse.ok || reponse.body === null) throw new Error(String(reponse.status));
    essai = ESSAI_MS;
    branche = true;
    // Whatever changed while nobody told.
    void interroger();
    const lecteur = reponse.body.pipeThrough(new TextDecoderStream()).getReader();
    let reste = '';
    for (;;) {
      const { done, value } = await lecteur.read();
      if (done) return;
      vivant();
      const blocs = (reste + value).split('\n\n');
      reste = blocs.pop() ?? '';
      for (const bloc of blocs) lire(bloc);
    }
  }

  async function suivre(): Promise<void> {
    while (!document.hidden) {
      const ici = new AbortController();
      fin = ici;
      let silence = setTimeout(() => ici.abort(), SILENCE_MS);
      const vivant = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => ici.abort(), SILENCE_MS);
      };
      try {
        await ecouter(ici.signal, vivant);
      } catch {
        // Refused, cut or silent: the same thing to do, the ordinary question below says what is wrong.
      }
      clearTimeout(silence);
      branche = false;
      if (fin !== ici) return;
      void interroger();
      // Not all the pages of a house at the same instant after a restart.
      await new Promise((r) => setTimeout(r, essai * (0.75 + Math.random() / 2)));
      essai = Math.min(essai * 2, ESSAI_MAX_MS);
      if (fin !== ici) return;
    }
  }

  document.addEventListener('visibilitychange', () => {
    const avant = fin;
    fin = undefined;
    avant?.abort();
    clearTimeout(minuterie);
    if (!document.hidden) void suivre();
  });
  void suivre();
}
