import type { CleMot } from './mots.ts';

export type EcranNonLus = {
  readonly page: Document;
  readonly bouton: HTMLElement;
  readonly t: (cle: CleMot, parametres?: Readonly<Record<string, number>>) => string;
  /** True while the reader follows the conversation: what arrives is under their eyes. */
  readonly suit: () => boolean;
  /** Shows this message from its beginning, and follows again. */
  readonly montrer: (bulle: HTMLElement) => void;
  /** Tells the site's launcher how many there are. */
  readonly dire: (nombre: number) => void;
};

/** Messages that came while nobody could see them: window reduced, page in the background, or reader further up. */
export class NonLus {
  #nombre = 0;
  #premier: HTMLElement | undefined;
  #reduite = false;
  readonly #titre: string;

  constructor(private readonly ecran: EcranNonLus) {
    this.#titre = ecran.page.title;
    ecran.bouton.addEventListener('click', () => {
      const premier = this.#premier;
      if (premier !== undefined) ecran.montrer(premier);
      this.regarder();
    });
  }

  get nombre(): number {
    return this.#nombre;
  }

  arriver(bulle: HTMLElement): void {
    if (this.#estVu) return;
    this.#nombre += 1;
    this.#premier ??= bulle;
    this.#afficher();
  }

  /** The window of the site was reduced, or opened again. */
  reduire(reduite: boolean): void {
    this.#reduite = reduite;
    this.regarder();
  }

  /** The reader came back, or reached the end. */
  regarder(): void {
    if (this.#nombre > 0 && this.#estVu) this.oublier();
  }

  oublier(): void {
    this.#nombre = 0;
    this.#premier = undefined;
    this.#afficher();
  }

  get #estVu(): boolean {
    return !this.#reduite && !this.ecran.page.hidden && this.ecran.suit();
  }

  #afficher(): void {
    const { page, bouton, t, dire } = this.ecran;
    const n = this.#nombre;
    page.title = n === 0 ? this.#titre : `(${n}) ${this.#titre}`;
    bouton.hidden = n === 0;
    bouton.textContent = n === 0 ? '' : t(n === 1 ? 'nouveau-plus-bas' : 'nouveaux-plus-bas', { nombre: n });
    dire(n);
  }
}
