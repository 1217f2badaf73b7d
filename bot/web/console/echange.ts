import type { EtatEchange, LigneEchange } from '../../echange/index.ts';
import { el } from '../widget/element.ts';
import { appeler, Refus } from './appel.ts';
import type { Horloge } from './horloge.ts';

/** What this part of the page borrows from the rest. */
export type OutilsEchange = {
  readonly t: (cle: string, trous?: Readonly<Record<string, string>>) => string;
  /** Says something in the page's status line. */
  readonly dire: (mots: string) => void;
  /** Who is signed in, as the person reads it. */
  readonly nom: string;
  /** That of the service. */
  readonly horloge: Horloge;
};

const REESSAYER_MS = 3_000;
/** « Is writing » is said at most this often, and shown this long when nothing more comes. */
const DIRE_ECRIT_MS = 3_000;
const MONTRER_ECRIT_MS = 6_000;
const MOTS_MAX = 2_000;

/**
 * The exchange of one file: what was said, live, and a field to answer. It keeps its node and its draft for as long as the file is open,
 * whatever is drawn again around it.
 */
export class SectionEchange {
  readonly noeud: HTMLElement;
  readonly #corps: HTMLElement;
  readonly #fil: HTMLElement;
  readonly #alerte: HTMLElement;
  /** Seen, never announced: it comes and goes several times a minute. */
  readonly #ecrit: HTMLElement;
  /** The last sign of writing that was told: one that came between two requests is not lost. */
  #frappe = 0;
  #finEcrit: ReturnType<typeof setTimeout> | undefined;
  #ditEcrit = 0;
  readonly #champ: HTMLTextAreaElement;
  readonly #formulaire: HTMLFormElement;
  readonly #montrees = new Map<string, { readonly json: string; readonly noeud: HTMLElement }>();
  readonly #fin = new AbortController();
  #etat: EtatEchange['etat'] | undefined;
  #jusqua = -1;
  /** The message not acknowledged yet: sent again, it keeps its key, so that it is said once. */
  #enAttente: { readonly cle: string; readonly texte: string } | undefined;

  constructor(
    readonly reference: string,
    private readonly outils: OutilsEchange,
  ) {
    const { t } = outils;
    this.#corps = el('div', { class: 'echange-etat' }, [el('p', { class: 'vide' }, [t('chargement')])]);
    this.#fil = el('div', {
      class: 'echange-fil',
      role: 'log',
      'aria-live': 'polite',
      'aria-label': t('echange-fil'),
      tabindex: '0',
      hidden: true,
    });
    this.#alerte = el('p', { class: 'bandeau', role: 'alert', hidden: true });
    this.#ecrit = el('p', { class: 'discret echange-ecrit', hidden: true }, [t('echange-ecrit')]);
    this.#champ = el('textarea', { id: 'echange-message', rows: 2, maxlength: MOTS_MAX });
    this.#formulaire = el('form', { class: 'echange-saisie', hidden: true }, [
      el('label', { for: 'echange-message' }, [t('echange-message')]),
      this.#champ,
      el('button', { type: 'submit', class: 'principal' }, [t('echange-envoyer')]),
    ]);
    this.#formulaire.addEventListener('submit', (e) => {
      e.preventDefault();
      void this.#envoyer();
    });
    this.#champ.addEventListener('input', () => void this.#direQueJEcris());
    // As in the chat: Enter sends, Shift+Enter begins a line.
    this.#champ.addEventListener('keydown', (e) => {
      if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
      e.preventDefault();
      void this.#envoyer();
    });
    this.noeud = el('section', { class: 'echange', 'aria-labelledby': 'echange-titre' }, [
      el('h3', { id: 'echange-titre' }, [t('echange-titre')]),
      this.#corps,
      this.#fil,
      this.#ecrit,
      this.#alerte,
      this.#formulaire,
    ]);
    void this.#suivre();
  }

  /** Another file is open: nothing of this one is asked any more. */
  arreter(): void {
    this.#fin.abort();
  }

  async #appeler(geste: string, corps?: object): Promise<EtatEchange> {
    const chemin = `transmissions/${encodeURIComponent(this.reference)}/echange${geste}`;
    return (await appeler(chemin, corps, { signal: this.#fin.signal })) as EtatEchange;
  }

  /** One request always held open at the server: what the person writes comes at once, and nothing is asked in vain. */
  async #suivre(): Promise<void> {
    const { t } = this.outils;
    while (!this.#fin.signal.aborted) {
      try {
        this.#montrer(
          await this.#appeler(this.#jusqua < 0 ? '' : `?apres=${this.#jusqua}&frappe=${this.#frappe}`),
        );
        this.#prevenir(undefined);
        if (this.#etat === 'sans-accord' || this.#etat === 'sans-conversation') return;
      } catch (erreur) {
        if (this.#fin.signal.aborted) return;
        if (erreur instanceof Refus) return this.#terminer(erreur.message);
        this.#prevenir(t('echange-reconnexion'));
        await new Promise((r) => setTimeout(r, REESSAYER_MS));
      }
    }
  }

  #terminer(mots: string): void {
    this.#formulaire.hidden = true;
    this.#corps.replaceChildren(el('p', { class: 'vide' }, [mots]));
  }

  #prevenir(mots: string | undefined, suite: readonly Node[] = []): void {
    // A message waiting to be sent again keeps its own warning.
    if (mots === undefined && this.#enAttente !== undefined) return;
    this.#alerte.hidden = mots === undefined;
    this.#alerte.replaceChildren(...(mots === undefined ? [] : [mots, ' ', ...suite]));
  }

  #montrer(vue: EtatEchange): void {
    if (vue.jusqua < this.#jusqua) return;
    this.#jusqua = vue.jusqua;
    for (const ligne of vue.lignes) this.#montrerLigne(ligne);
    this.#fil.hidden = this.#montrees.size === 0;
    this.#frappe = vue.frappe ?? this.#frappe;
    this.#montrerEcrit(vue.ecrit === true);
    this.#montrerEtat(vue);
  }

  #montrerEcrit(ecrit: boolean): void {
    clearTimeout(this.#finEcrit);
    this.#ecrit.hidden = !ecrit;
    if (ecrit) this.#finEcrit = setTimeout(() => (this.#ecrit.hidden = true), MONTRER_ECRIT_MS);
  }

  /** The person sees that somebody is answering. Nothing waits for it, and failing to say it is nothing to anybody. */
  async #direQueJEcris(): Promise<void> {
    const maintenant = Date.now();
    if (this.#etat !== 'ouvert' || this.#champ.value.trim() === '') return;
    if (maintenant - this.#ditEcrit < DIRE_ECRIT_MS) return;
    this.#ditEcrit = maintenant;
    await this.#appeler('/ecrire', {}).catch(() => undefined);
  }

  #montrerLigne(ligne: LigneEchange): void {
    const json = JSON.stringify(ligne);
    const deja = this.#montrees.get(ligne.id);
    if (deja?.json === json) return;
    const noeud = this.#dessiner(ligne);
    if (deja === undefined) this.#fil.append(noeud);
    else deja.noeud.replaceWith(noeud);
    this.#montrees.set(ligne.id, { json, noeud });
    this.#fil.scrollTop = this.#fil.scrollHeight;
  }

  #dessiner({ le, genre, de, nom, texte, nonRemise }: LigneEchange): HTMLElement {
    const { t } = this.outils;
    const auteur = de === 'conseiller' ? (nom ?? t('echange-vous')) : t(`echange-${de}`);
    return el('article', { class: genre === 'parole' ? de : 'marque' }, [
      el('span', { class: 'age' }, [`${auteur}, ${this.outils.horloge.court(le)}`]),
      // The few formats of our own sentences are dropped: what people typed is shown as typed.
      el('span', { class: 'mots' }, [de === 'assistant' ? texte.replaceAll('**', '') : texte]),
      ...(nonRemise === true ? [el('span', { class: 'retard' }, [t('echange-non-remise')])] : []),
    ]);
  }

  #montrerEtat({ etat, echeance }: EtatEchange): void {
    const { t, nom } = this.outils;
    const ouvert = etat === 'ouvert';
    const phrase = el('p', etat === 'sans-accord' ? { class: 'discret' } : {}, [
      t(`echange-${etat}`, {
        nom,
        heure: echeance === undefined ? '' : this.outils.horloge.heure(echeance),
      }),
    ]);
    if (etat === this.#etat) {
      // Only the hour moves: the buttons, and the focus on them, stay.
      this.#corps.firstElementChild?.replaceWith(phrase);
      return;
    }
    this.#etat = etat;
    const bouton =
      etat === 'possible'
        ? this.#bouton('rejoindre', 'principal')
        : ouvert
          ? this.#bouton('quitter', undefined)
          : undefined;
    this.#corps.replaceChildren(
      phrase,
      ...(ouvert ? [el('p', { class: 'discret' }, [t('echange-masque')])] : []),
      ...(bouton === undefined ? [] : [el('p', {}, [bouton])]),
    );
    const avait = this.#formulaire.contains(document.activeElement);
    this.#formulaire.hidden = !ouvert;
    // The field goes away under the fingers of whoever was writing: the focus stays in the section, the draft in the field.
    if (!ouvert && avait) this.#fil.focus();
  }

  #bouton(geste: 'rejoindre' | 'quitter', classe: string | undefined): HTMLButtonElement {
    const bouton = el('button', { type: 'button', class: classe }, [this.outils.t(`echange-${geste}`)], {
      click: () => {
        bouton.disabled = true;
        void this.#faire(geste).finally(() => (bouton.disabled = false));
      },
    });
    return bouton;
  }

  async #faire(geste: 'rejoindre' | 'quitter'): Promise<void> {
    const { t, dire } = this.outils;
    try {
      this.#montrer(await this.#appeler(`/${geste}`, {}));
      dire(t(`echange-fait-${geste}`));
      if (geste === 'rejoindre') this.#champ.focus();
      else this.#fil.focus();
    } catch (erreur) {
      dire(erreur instanceof Refus ? erreur.message : t('echange-reconnexion'));
    }
  }

  async #envoyer(): Promise<void> {
    const { t } = this.outils;
    const texte = this.#champ.value.trim();
    if (this.#enAttente === undefined) {
      if (texte === '') return;
      this.#enAttente = { cle: crypto.randomUUID(), texte };
      this.#champ.value = '';
    }
    const { cle, texte: mots } = this.#enAttente;
    const bouton = el('button', { type: 'button' }, [t('echange-reessayer')], {
      click: () => void this.#envoyer(),
    });
    try {
      const vue = await this.#appeler('/dire', { texte: mots, cle });
      this.#enAttente = undefined;
      this.#prevenir(undefined);
      this.#montrer(vue);
    } catch (erreur) {
      if (this.#fin.signal.aborted) return;
      if (erreur instanceof Refus) {
        this.#enAttente = undefined;
        this.#prevenir(erreur.message);
        // Refused, not lost: the words come back to whoever wrote them.
        if (this.#champ.value === '') this.#champ.value = mots;
      } else this.#prevenir(t('echange-non-envoye', { mots }), [bouton]);
    }
  }
}
