/** Voices may be announced late, or never: after this long the device is taken to have none. */
const PATIENCE_MS = 3_000;

type Parole = Pick<
  SpeechSynthesis,
  'getVoices' | 'speak' | 'cancel' | 'addEventListener' | 'removeEventListener'
>;

/** Reads messages aloud with the device's own voices: a voice that lives on a server is never used, the text would leave. */
export class LectureVoixHaute {
  #active = false;
  #enAttente: string[] = [];
  #minuterie: ReturnType<typeof setTimeout> | undefined;

  /** @param sansVoix called when the device has no French voice of its own; reading is then off again. */
  constructor(
    private readonly parole: Parole | undefined,
    private readonly sansVoix: () => void,
  ) {}

  get active(): boolean {
    return this.#active;
  }

  basculer(): void {
    this.#active = !this.#active;
    this.#enAttente = [];
    this.#cesserDAttendre();
    this.parole?.cancel();
  }

  /** Does nothing when reading is off. */
  lire(texte: string): void {
    if (!this.#active || texte.trim() === '') return;
    const { parole } = this;
    const voix = parole?.getVoices() ?? [];
    // Chromium and Safari load their voices after the page: the list is empty until they say it changed.
    if (parole !== undefined && voix.length === 0) return this.#attendre(parole, texte);
    const francaise = voix.find((v) => v.lang.toLowerCase().startsWith('fr') && v.localService);
    if (parole === undefined || francaise === undefined) return this.#renoncer();
    const dite = new SpeechSynthesisUtterance(texte);
    dite.voice = francaise;
    dite.lang = francaise.lang;
    parole.speak(dite);
  }

  #attendre(parole: Parole, texte: string): void {
    this.#enAttente.push(texte);
    if (this.#minuterie !== undefined) return;
    parole.addEventListener('voiceschanged', this.#reprendre);
    this.#minuterie = setTimeout(() => this.#renoncer(), PATIENCE_MS);
  }

  readonly #reprendre = (): void => {
    if (this.parole?.getVoices().length === 0) return;
    this.#cesserDAttendre();
    for (const texte of this.#enAttente.splice(0)) this.lire(texte);
  };

  #cesserDAttendre(): void {
    clearTimeout(this.#minuterie);
    this.#minuterie = undefined;
    this.parole?.removeEventListener('voiceschanged', this.#reprendre);
  }

  #renoncer(): void {
    if (!this.#active) return;
    this.basculer();
    this.sansVoix();
  }
}
