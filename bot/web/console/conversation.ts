import type { LigneConversation, VueConversation } from '../../echange/index.ts';
import { el } from '../widget/element.ts';
import { appeler, Refus } from './appel.ts';
import type { Horloge } from './horloge.ts';

/** What this part of the page borrows from the rest. */
export type OutilsConversation = {
  readonly t: (cle: string, trous?: Readonly<Record<string, string>>) => string;
  /** Says something in the page's status line. */
  readonly dire: (mots: string) => void;
  /** That of the service. */
  readonly horloge: Horloge;
};

/**
 * The conversation the person lets the service read: nothing is asked before somebody asks for it, and nothing stays on screen that the
 * server does not confirm. It keeps its node for as long as the file is open.
 */
export class SectionConversation {
  readonly noeud: HTMLElement;
  readonly #corps: HTMLElement;
  readonly #fil: HTMLElement;
  readonly #bouton: HTMLButtonElement;
  readonly #fin = new AbortController();
  /** Ends with what is on screen. */
  #veille = new AbortController();
  #lue = false;

  constructor(
    readonly reference: string,
    private readonly outils: OutilsConversation,
  ) {
    const { t } = outils;
    this.#corps = el('p', { class: 'discret' }, [t('conversation-accord')]);
    this.#fil = el('div', {
      class: 'conversation-fil',
      role: 'region',
      'aria-label': t('conversation-fil'),
      tabindex: '0',
      hidden: true,
    });
    this.#bouton = el('button', { type: 'button', 'aria-expanded': 'false' }, [t('conversation-lire')], {
      click: () => void (this.#lue ? this.#masquer(t('conversation-accord')) : this.#lire()),
    });
    this.noeud = el('section', { class: 'conversation', 'aria-labelledby': 'conversation-titre' }, [
      el('h3', { id: 'conversation-titre' }, [t('conversation-titre')]),
      this.#corps,
      el('p', {}, [this.#bouton]),
      this.#fil,
    ]);
  }

  /** Another file is open: nothing of this one is asked any more. */
  arreter(): void {
    this.#fin.abort();
    this.#veille.abort();
  }

  #demander(suite: string, { signal }: AbortController): Promise<unknown> {
    const chemin = `transmissions/${encodeURIComponent(this.reference)}/conversation${suite}`;
    return appeler(chemin, undefined, { signal });
  }

  async #lire(): Promise<void> {
    const { t, dire } = this.outils;
    this.#bouton.disabled = true;
    try {
      const vue = (await this.#demander('', this.#fin)) as VueConversation;
      if (vue.etat !== 'lisible') return this.#masquer(t(`conversation-${vue.etat}`), 'fini');
      this.#montrer(vue);
      dire(t('conversation-ouverte', { n: String(vue.lignes.length) }));
      this.#fil.focus();
      void this.#veiller();
    } catch (erreur) {
      if (this.#fin.signal.aborted) return;
      dire(erreur instanceof Refus ? erreur.message : t('conversation-interrompue'));
    } finally {
      this.#bouton.disabled = false;
    }
  }

  #montrer({ lignes, sansAssistant }: VueConversation): void {
    const { t } = this.outils;
    this.#lue = true;
    this.#corps.textContent = [
      t('conversation-partielle'),
      ...(sansAssistant === true ? [t('conversation-teams')] : []),
    ].join(' ');
    this.#fil.replaceChildren(
      ...(lignes.length === 0
        ? [el('p', { class: 'vide' }, [t('conversation-vide')])]
        : lignes.map((l) => this.#dessiner(l))),
    );
    this.#fil.hidden = false;
    this.#bouton.textContent = t('conversation-masquer');
    this.#bouton.setAttribute('aria-expanded', 'true');
  }

  #dessiner({ le, de, texte, bouton }: LigneConversation): HTMLElement {
    const { t } = this.outils;
    const auteur = t(de === 'personne' && bouton === true ? 'conversation-choix' : `echange-${de}`);
    // Of our own sentences the few formats are dropped; what somebody typed is shown as typed, and cannot turn around what stands beside it.
    const dit = de === 'assistant' ? texte.replaceAll('**', '') : texte;
    return el('article', { class: de }, [
      el('span', { class: 'age' }, [`${auteur}, ${this.outils.horloge.court(le)}`]),
      el('bdi', { class: 'mots', dir: 'auto' }, [dit]),
    ]);
  }

  /** Asked for as long as the words are on screen: taken back, closed or erased, they go at once. */
  async #veiller(): Promise<void> {
    const { t } = this.outils;
    const veille = (this.#veille = new AbortController());
    while (!veille.signal.aborted) {
      try {
        const { etat } = (await this.#demander('/veille', veille)) as Pick<VueConversation, 'etat'>;
        if (etat !== 'lisible') return this.#masquer(t(`conversation-${etat}`), 'fini');
      } catch (erreur) {
        if (veille.signal.aborted) return;
        // Nobody can say whether it may still be read: it is not shown meanwhile.
        return this.#masquer(erreur instanceof Refus ? erreur.message : t('conversation-interrompue'));
      }
    }
  }

  #masquer(mots: string, fini?: 'fini'): void {
    const { t } = this.outils;
    const avait = this.noeud.contains(document.activeElement);
    this.#lue = false;
    this.#veille.abort();
    this.#fil.hidden = true;
    this.#fil.replaceChildren();
    this.#corps.textContent = mots;
    this.#bouton.textContent = t('conversation-lire');
    this.#bouton.setAttribute('aria-expanded', 'false');
    this.#bouton.hidden = fini !== undefined;
    if (fini !== undefined) this.outils.dire(mots);
    // What had the focus goes away: it stays in the section.
    if (avait && fini === undefined) this.#bouton.focus();
    else if (avait) {
      this.#corps.tabIndex = -1;
      this.#corps.focus();
    }
  }
}
