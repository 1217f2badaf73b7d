/**
 * Cuts a stream of JSON text into the objects of its list: a bare list (`[{…},{…}]`) or the list of a wrapper (`{"service":[{…}]}`, `{"total_count":2,"results":[{…}]}`).
 * The whole text is never in memory: a national directory weighs hundreds of megabytes.
 */
export class DecoupeurJson {
  /** Open containers above the objects wanted: at most a wrapper and its list. */
  #pile = '';
  #morceau = '';
  #profondeur = 0;
  #dansChaine = false;
  #echappe = false;

  /** The objects completed by this piece of text, each as its own JSON text. */
  pousser(texte: string): string[] {
    const objets: string[] = [];
    let debut = this.#profondeur > 0 ? 0 : -1;
    for (let i = 0; i < texte.length; i += 1) {
      const c = texte.charCodeAt(i);
      if (this.#dansChaine) {
        if (this.#echappe) this.#echappe = false;
        else if (c === 0x5c) this.#echappe = true;
        else if (c === 0x22) this.#dansChaine = false;
        continue;
      }
      if (c === 0x22) {
        this.#dansChaine = true;
      } else if (c === 0x7b || c === 0x5b) {
        if (this.#profondeur > 0) this.#profondeur += 1;
        else if (c === 0x7b && this.#pile.endsWith('[') && this.#pile.length <= 2) {
          debut = i;
          this.#profondeur = 1;
        } else this.#pile += c === 0x7b ? '{' : '[';
      } else if (c === 0x7d || c === 0x5d) {
        if (this.#profondeur === 0) this.#pile = this.#pile.slice(0, -1);
        else {
          this.#profondeur -= 1;
          if (this.#profondeur === 0) {
            objets.push(this.#morceau + texte.slice(debut, i + 1));
            this.#morceau = '';
            debut = -1;
          }
        }
      }
    }
    if (this.#profondeur > 0) this.#morceau += texte.slice(debut);
    return objets;
  }

  /** True when the text ended where a list may end: nothing was cut on the way. */
  get complet(): boolean {
    return this.#profondeur === 0 && !this.#dansChaine && this.#pile === '';
  }
}
