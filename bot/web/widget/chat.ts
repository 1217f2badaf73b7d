import { LIMITE_TEXTE, longueurTexte, seLit } from '../../channels/directline/limite-texte.ts';
import { dessinerCarte } from './carte.ts';
import { brut, el, formater, insecable } from './element.ts';
import { enTexte } from './en-texte.ts';
import { dessinerGraphique } from './graphique.ts';
import { LectureVoixHaute } from './lecture.ts';
import { estCle, mot, type CleMot, type Registre } from './mots.ts';
import {
  ClientConversation,
  type ActionSuggeree,
  type ActiviteRecue,
  type EnvoiLocal,
  type Etat,
} from './protocole.ts';
import { fermerPanneau, ouvrirPanneau } from './panneau.ts';
import { brancherReprise } from './reprise.ts';
import { NonLus } from './non-lus.ts';
import { stockageDe, type Stockage } from './stockage.ts';

const TAILLES = ['', 'grand', 'tres-grand'];
const MEMOIRE_TAILLE = 'cep-taille';
/** A connection changed in less than this is nobody's business; a longer one is said, once. */
const COUPURE_DITE_MS = 1_500;
/** Screen readers take a live region into account some time after it is switched on again. */
const SOMMEIL_ANNONCES_MS = 500;
const NOMBRE = new Intl.NumberFormat('fr-FR');
const HEURE = new Intl.DateTimeFormat('fr-FR', { hour: 'numeric', minute: '2-digit' });
const JOUR = new Intl.DateTimeFormat('fr-FR', { weekday: 'long', day: 'numeric', month: 'long' });
/** The name of the frame the console opens for the accueil assisté (`bot/web/console/accueil.ts`). */
const CADRE_ACCUEIL = 'cep-accueil';
const SORTIE_RAPIDE = 'https://meteofrance.com/';
const VIE_DU_FICHIER_MS = 60_000;
/** How long a counsellor is shown writing when nothing more comes. */
const FRAPPE_MS = 6_000;
/**
 * A second press so soon at the same place is the end of a double click, or of a trembling hand: nobody read what the first one brought. It
 * chooses nothing in what came under the finger meanwhile.
 */
const DEUXIEME_APPUI_MS = 400;
const MEME_PLACE_PX = 8;
const SAISIE_TACTILE = '(pointer: coarse)';

/** Builds the whole chat in the page and opens the conversation of this tab. */
export function ouvrirChat(page: Document, fenetre: Window & typeof globalThis): void {
  new Chat(page, fenetre).demarrer();
}

class Chat {
  #registre: Registre = 'standard';
  #progression = 0;
  #jourAffiche = '';
  /** Who holds the conversation when it is not the assistant. */
  #interlocuteur: { readonly nom: string; readonly service: string } | undefined;
  #coupure: ReturnType<typeof setTimeout> | undefined;
  #finFrappe: ReturnType<typeof setTimeout> | undefined;
  #annonces: ReturnType<typeof setTimeout> | undefined;
  /** What came while the live region slept: shown, and so announced, when it wakes. */
  #aAnnoncer: ActiviteRecue[] = [];
  /** The screen follows the conversation until the reader scrolls away; their next message brings it back. */
  #suivre = true;
  /** What was last brought on screen: it stays there when the screen keyboard opens or the phone is turned. */
  #ancre: HTMLElement | undefined;
  #choixActifs: HTMLElement[] = [];
  #dernierAppui = { le: -Infinity, x: 0, y: 0 };
  readonly #bulles = new Map<string, HTMLElement>();
  readonly #attentes = new Map<string, HTMLElement>();
  readonly #fil: HTMLElement;
  /**
   * What was said before the page was loaded, and what is not yet sent: in the conversation for the eye, in silent regions of their own for
   * screen readers. They look at a region when they get to it, seconds later on a slow computer: switching the log itself off for a while
   * let Orca read the whole history again, and every message twice. In the page from the start: added by us, they would be announced.
   */
  readonly #passe: HTMLElement;
  readonly #enChemin: HTMLElement;
  readonly #annonce: HTMLElement;
  readonly #saisie: HTMLTextAreaElement;
  readonly #nonLus: NonLus;
  readonly #stockage: Stockage;
  readonly #lecture: LectureVoixHaute;
  readonly #client: ClientConversation;

  constructor(
    private readonly page: Document,
    private readonly fenetre: Window & typeof globalThis,
  ) {
    this.#fil = this.#trouver('fil');
    this.#passe = this.#trouver('passe');
    this.#enChemin = this.#trouver('en-chemin');
    this.#annonce = this.#trouver('etat');
    this.#saisie = this.#trouver('saisie') as HTMLTextAreaElement;
    this.#nonLus = new NonLus({
      page,
      bouton: this.#trouver('nouveaux'),
      t: (cle, parametres) => this.#t(cle, parametres),
      suit: () => this.#suivre,
      montrer: (bulle) => {
        this.#suivre = true;
        this.#defiler(bulle);
        this.#fil.focus({ preventScroll: true });
      },
      dire: () => this.#direAuSite(),
    });
    this.#stockage = stockageDe(fenetre);
    this.#lecture = new LectureVoixHaute(fenetre.speechSynthesis, () => this.#direSansVoix());
    this.#client = new ClientConversation(
      {
        fetch: (...a) => fenetre.fetch(...a),
        WebSocket: fenetre.WebSocket,
        stockage: this.#stockage,
        maintenant: () => Date.now(),
        hasard: () => Math.random(),
        identifiant: () =>
          Array.from(fenetre.crypto.getRandomValues(new Uint8Array(12)), (o) =>
            o.toString(16).padStart(2, '0'),
          ).join(''),
        visible: () => !page.hidden,
      },
      {
        etat: (e) => this.#montrerEtat(e),
        activites: (l, r) => this.#montrer(l, r),
        envois: (l) => this.#montrerEnvois(l),
      },
    );
  }

  demarrer(): void {
    this.#traduire();
    this.#brancher();
    this.#changerTaille(this.#stockage.getItem(MEMOIRE_TAILLE) ?? '');
    this.#direAuSite();
    void this.#client.ouvrir();
  }

  /** Tells the launcher that the page works, in which register, and how many messages wait to be read. */
  #direAuSite(): void {
    if (this.fenetre.parent === this.fenetre) return;
    const etat = { type: 'cep-etat', registre: this.#registre, nouveaux: this.#nonLus.nombre };
    this.fenetre.parent.postMessage(etat, '*');
  }

  /** Publisher and phone of this installation: the server wrote them in the page, so that they are there when nothing else answers. */
  get #installation(): Readonly<Record<'editeur' | 'telephone' | 'jours', string>> {
    const { editeur = '', telephone = '', jours = '' } = this.page.documentElement.dataset;
    return { editeur, telephone, jours };
  }

  #trouver(id: string): HTMLElement {
    const noeud = this.page.getElementById(id);
    if (noeud === null) throw new Error(`#${id}`);
    return noeud;
  }

  #t(cle: CleMot, parametres: Readonly<Record<string, string | number>> = {}): string {
    return mot(cle, this.#registre, parametres);
  }

  /** Words of the page itself: every element with `data-mot` (text) or `data-etiquette` (label). */
  #traduire(): void {
    for (const noeud of this.page.querySelectorAll<HTMLElement>('[data-mot]')) {
      const cle = noeud.dataset['mot'] ?? '';
      if (estCle(cle)) noeud.textContent = this.#t(cle, this.#installation);
    }
    for (const noeud of this.page.querySelectorAll<HTMLElement>('[data-etiquette]')) {
      const cle = noeud.dataset['etiquette'] ?? '';
      if (estCle(cle)) noeud.setAttribute('aria-label', this.#t(cle));
    }
    this.#trouver('falc').setAttribute('aria-pressed', String(this.#registre === 'falc'));
    this.#montrerInterlocuteur();
  }

  // ——— sending ———

  #envoyer(texte: string, valeur?: unknown): void {
    this.#desactiverChoix();
    this.#suivre = true;
    if (this.#client.etat === 'ouvert') this.#direEtat(undefined);
    this.#client.envoyer(texte, valeur);
    this.#fil.scrollTop = this.#fil.scrollHeight;
  }

  #envoyerSaisie(): void {
    const texte = this.#saisie.value.trim();
    if (!seLit(texte) || longueurTexte(texte) > LIMITE_TEXTE) return;
    this.#saisie.value = '';
    this.#compter();
    this.#envoyer(texte);
    this.#saisie.focus();
  }

  #commande(commande: string, cle: CleMot): void {
    this.#envoyer(this.#t(cle), { action: 'commande', commande });
    this.#fermerMenu();
  }

  /** Spent choices stay readable; the focus leaves them before they are disabled, so that it is never lost. */
  #desactiverChoix(): void {
    const groupes = this.#choixActifs.splice(0);
    if (groupes.some((g) => g.contains(this.page.activeElement))) this.#porterFocus();
    for (const groupe of groupes) {
      groupe.classList.add('passes');
      for (const bouton of groupe.querySelectorAll('button')) bouton.disabled = true;
    }
  }

  /** On a touch screen the focus goes to the conversation: on the text box it would open the keyboard over what must be read. */
  #porterFocus(): void {
    if (this.fenetre.matchMedia(SAISIE_TACTILE).matches) this.#fil.focus({ preventScroll: true });
    else this.#saisie.focus();
  }

  // ——— receiving ———

  #montrer(activites: readonly ActiviteRecue[], rejeu: boolean): void {
    if (!rejeu && this.#annonces !== undefined) return void this.#aAnnoncer.push(...activites);
    if (rejeu) this.#endormirAnnonces();
    this.#trouver('frappe').hidden = true;
    // What comes together is put in together: of several additions made at once, Orca keeps the last. A role, or Firefox sees no group at all.
    const lieu = rejeu ? this.#passe : el('div', { class: 'tour', role: 'group' });
    const dessinees: (() => void)[] = [];
    for (const activite of activites) {
      if (activite.type === 'typing' && activite.from?.role !== 'user') this.#montrerFrappe(activite);
      if (activite.type === 'message') dessinees.push(this.#montrerMessage(activite, rejeu, lieu));
    }
    if (!rejeu && lieu.hasChildNodes()) this.#fil.insertBefore(lieu, this.#enChemin);
    for (const amener of dessinees) amener();
    this.#montrerProgression();
  }

  /** Seen, never announced. A counsellor who stopped writing is not shown writing: nothing says it, so it ends by itself. */
  #montrerFrappe({ from }: ActiviteRecue): void {
    const frappe = this.#trouver('frappe');
    const conseil = from?.id?.startsWith('conseiller-') === true;
    clearTimeout(this.#finFrappe);
    frappe.textContent = conseil
      ? this.#t('frappe-conseiller', { nom: from?.name ?? this.#t('conseiller') })
      : this.#t('frappe');
    frappe.hidden = false;
    if (conseil) this.#finFrappe = setTimeout(() => (frappe.hidden = true), FRAPPE_MS);
  }

  /** A screen reader must not read the whole history again: the live region sleeps while it is put back, however many frames it takes. */
  #endormirAnnonces(): void {
    this.#fil.setAttribute('aria-live', 'off');
    clearTimeout(this.#annonces);
    this.#annonces = setTimeout(() => {
      this.#annonces = undefined;
      this.#fil.setAttribute('aria-live', 'polite');
      this.#montrer(this.#aAnnoncer.splice(0), false);
    }, SOMMEIL_ANNONCES_MS);
  }

  /** Draws a message in `lieu`. Returns what is left to do once that is on screen. */
  #montrerMessage(activite: ActiviteRecue, rejeu: boolean, lieu: HTMLElement): () => void {
    const deMoi = activite.from?.role === 'user';
    // What a page sends is echoed as it is: only our own words say who is speaking.
    if (!deMoi) this.#lireValeur(activite.value);
    if (deMoi) this.#desactiverChoix();
    const bulle = this.#dessinerBulle(activite, deMoi);
    const deja = activite.id === undefined ? undefined : this.#bulles.get(activite.id);
    if (deja === undefined) {
      this.#separerJour(activite.timestamp, lieu);
      lieu.append(bulle);
    } else {
      deja.replaceWith(bulle);
    }
    if (activite.id !== undefined) this.#bulles.set(activite.id, bulle);
    return () => {
      if (this.#suivre) this.#defiler(deMoi ? bulle : this.#premiereReponse(bulle));
      if (deja === undefined && !deMoi && !rejeu) this.#nonLus.arriver(bulle);
      if (!deMoi && !rejeu) this.#lecture.lire(bulle.textContent ?? '');
    };
  }

  /** A new answer is shown from its beginning: people read from the top, not from the last line. */
  #defiler(bulle: HTMLElement): void {
    this.#ancre = bulle;
    // Zoomed in so much that the page itself scrolls: the log has no bar of its own.
    if (this.#defilant !== this.#fil) return bulle.scrollIntoView();
    this.#fil.scrollTop += bulle.getBoundingClientRect().top - this.#fil.getBoundingClientRect().top - 12;
  }

  get #defilant(): Element {
    const { scrollHeight, clientHeight } = this.#fil;
    const { scrollingElement: racine } = this.page;
    return scrollHeight <= clientHeight && racine !== null && racine.scrollHeight > racine.clientHeight
      ? racine
      : this.#fil;
  }

  #premiereReponse(bulle: HTMLElement): HTMLElement {
    const suite = [...this.#fil.querySelectorAll<HTMLElement>('.bulle, .jour')];
    let rang = suite.indexOf(bulle);
    for (;;) {
      const avant = suite[rang - 1];
      if (avant === undefined || avant.classList.contains('jour') || avant.parentElement === this.#passe)
        return suite[rang] ?? bulle;
      rang -= 1;
      if (avant.classList.contains('moi')) return avant;
    }
  }

  #dessinerBulle(activite: ActiviteRecue, deMoi: boolean): HTMLElement {
    const texte = activite.text ?? '';
    const conseil = !deMoi && activite.from?.id?.startsWith('conseiller-') === true;
    const auteur = deMoi
      ? this.#t('vous')
      : conseil
        ? (activite.from?.name ?? this.#t('conseiller'))
        : this.#t('assistant');
    const heure = activite.timestamp === undefined ? '' : this.#heure(activite.timestamp);
    const corps =
      deMoi || activite.textFormat === 'plain' ? brut(texte) : formater(texte, this.#t('nouvel-onglet'));
    return el('article', { class: deMoi ? 'bulle moi' : conseil ? 'bulle conseil' : 'bulle' }, [
      el('p', { class: 'auteur' }, [
        auteur,
        // In words, not by colour alone: a person is never taken for the program, nor the program for a person.
        ...(conseil ? [el('span', { class: 'humain' }, [this.#t('une-personne')])] : []),
        el('span', { class: 'heure' }, [` ${heure}`]),
      ]),
      ...(texte === '' ? [] : corps),
      ...this.#pieces(activite),
      ...this.#choix(activite.suggestedActions?.actions ?? [], deMoi),
    ]);
  }

  #pieces(activite: ActiviteRecue): Node[] {
    const pieces = activite.attachments ?? [];
    const graphiques = new Map<string, Node>();
    pieces
      .filter((p) => p.contentType === 'application/vnd.cep.graphique+json')
      .forEach((p, i) => {
        const dessin = dessinerGraphique(p.content, this.#t('non-publie'));
        if (dessin !== undefined) graphiques.set(`graphique-${i}`, dessin);
      });
    return pieces
      .filter((p) => p.contentType === 'application/vnd.microsoft.card.adaptive')
      .map((p) => {
        const carte =
          typeof p.content === 'object' && p.content !== null
            ? (p.content as Readonly<Record<string, unknown>>)
            : {};
        return dessinerCarte(
          carte,
          {
            t: (cle) => (estCle(cle) ? this.#t(cle) : ''),
            envoyer: (libelle, valeur) => this.#envoyer(libelle, valeur),
          },
          graphiques,
        );
      });
  }

  #choix(actions: readonly ActionSuggeree[], deMoi: boolean): Node[] {
    if (actions.length === 0 || deMoi) return [];
    // Choices of the same turn stay open together (« corriger un point » and the question that follows).
    const groupe = el(
      'div',
      { class: 'choix', role: 'group', 'aria-label': this.#t('reponses-proposees') },
      actions.map((a) => {
        const libelle = a.title ?? '';
        return el('button', { type: 'button' }, [insecable(libelle)], {
          click: () => this.#envoyer(a.text ?? libelle, a.value),
        });
      }),
    );
    this.#choixActifs.push(groupe);
    return [groupe];
  }

  #lireValeur(valeur: unknown): void {
    if (typeof valeur !== 'object' || valeur === null) return;
    const registre: unknown = Reflect.get(valeur, 'registre');
    if ((registre === 'standard' || registre === 'falc') && registre !== this.#registre) {
      this.#registre = registre;
      this.#traduire();
      this.#direAuSite();
    }
    this.#lireEchange(Reflect.get(valeur, 'echange'));
    const p: unknown = Reflect.get(valeur, 'progression');
    if (typeof p !== 'object' || p === null) return;
    const numero = Number(Reflect.get(p, 'numero'));
    if (!(numero >= this.#progression)) return;
    this.#progression = numero;
    const sur = Number(Reflect.get(p, 'sur'));
    const barre = this.#trouver('barre') as HTMLProgressElement;
    barre.max = sur;
    barre.value = numero;
    this.#trouver('etape').textContent = this.#t('etape', {
      numero,
      sur,
      titre: String(Reflect.get(p, 'titre')),
    });
  }

  /** A counsellor joined, or the assistant is back: said at the top for as long as it lasts, a way back beside it. */
  #lireEchange(echange: unknown): void {
    if (typeof echange !== 'object' || echange === null) return;
    const ouvert = Reflect.get(echange, 'etat') === 'ouvert';
    this.#interlocuteur = ouvert
      ? { nom: String(Reflect.get(echange, 'nom')), service: String(Reflect.get(echange, 'service')) }
      : undefined;
    if (ouvert) this.#desactiverChoix();
    this.#montrerInterlocuteur();
  }

  #montrerInterlocuteur(): void {
    const qui = this.#interlocuteur;
    const bandeau = this.#trouver('echange');
    if (qui === undefined && bandeau.contains(this.page.activeElement)) this.#porterFocus();
    bandeau.hidden = qui === undefined;
    this.#trouver('echange-qui').textContent = qui === undefined ? '' : this.#t('echange-qui', qui);
    this.#trouver('sous-titre').textContent = this.#t(
      qui === undefined ? 'sous-titre' : 'sous-titre-echange',
    );
  }

  #montrerProgression(): void {
    this.#trouver('progression').hidden = this.#progression === 0 || this.#interlocuteur !== undefined;
  }

  #heure(instant: string): string {
    return HEURE.format(new Date(instant)).replace(':', ' h ');
  }

  #separerJour(instant: string | undefined, lieu: HTMLElement): void {
    if (instant === undefined) return;
    const jour = JOUR.format(new Date(instant));
    if (jour === this.#jourAffiche) return;
    this.#jourAffiche = jour;
    lieu.append(el('p', { class: 'jour' }, [jour]));
  }

  #montrerEnvois(envois: readonly EnvoiLocal[]): void {
    for (const [cle, noeud] of this.#attentes)
      if (!envois.some((e) => e.cle === cle)) {
        noeud.remove();
        this.#attentes.delete(cle);
      }
    for (const envoi of envois) {
      const noeud = this.#dessinerAttente(envoi);
      const deja = this.#attentes.get(envoi.cle);
      // « Réessayer » goes with the failure it was pressed on.
      if (deja?.contains(this.page.activeElement) === true) this.#porterFocus();
      if (deja === undefined) this.#enChemin.append(noeud);
      else deja.replaceWith(noeud);
      if (envoi.etat === 'echec' && deja?.classList.contains('echec') === false) this.#direEtat('non-envoye');
      this.#attentes.set(envoi.cle, noeud);
    }
    if (envois.length > 0) this.#fil.scrollTop = this.#fil.scrollHeight;
  }

  #dessinerAttente(envoi: EnvoiLocal): HTMLElement {
    const echec = envoi.etat === 'echec';
    // What the person just wrote is announced once, when it is echoed; that it could not leave is said by the state of the conversation.
    return el('article', { class: `bulle moi ${echec ? 'echec' : 'attente'}` }, [
      el('p', { class: 'auteur' }, [this.#t('vous')]),
      ...brut(envoi.texte),
      el('p', { class: 'envoi' }, [
        this.#t(echec ? 'non-envoye' : 'envoi-en-cours'),
        ...(echec
          ? [
              el('button', { type: 'button' }, [this.#t('reessayer')], {
                click: () => this.#client.reessayer(envoi.cle),
              }),
            ]
          : []),
      ]),
    ]);
  }

  #montrerEtat(etat: Etat): void {
    clearTimeout(this.#coupure);
    this.#coupure = undefined;
    if (etat === 'reconnexion')
      this.#coupure = setTimeout(() => this.#direEtat('hors-ligne'), COUPURE_DITE_MS);
    else if (etat === 'jeton' || etat === 'demarrage') this.#direEtat('ouverture');
    else if (etat === 'ouvert') this.#direEtat(undefined);
    else if (etat === 'impossible') this.#direEtat('impossible');
    else if (etat === 'termine') this.#direEtat('terminee');
    const finie = etat === 'termine' || etat === 'impossible';
    const formulaire = this.#trouver('formulaire');
    const nouvelle = this.#trouver('nouvelle');
    nouvelle.hidden = !finie;
    if (finie) {
      // Spent choices send the focus to the form, which is about to leave the screen with it.
      this.#desactiverChoix();
      if (formulaire.contains(this.page.activeElement)) nouvelle.focus();
    }
    formulaire.hidden = finie;
  }

  #direEtat(cle: CleMot | undefined): void {
    const mots = cle === undefined ? '' : this.#t(cle, this.#installation);
    if (this.#annonce.textContent !== mots) this.#annonce.textContent = mots;
    this.#annonce.hidden = cle === undefined;
  }

  #direSansVoix(): void {
    this.#trouver('lecture').setAttribute('aria-pressed', 'false');
    this.#direEtat('sans-voix');
  }

  // ——— page ———

  #brancher(): void {
    const { page, fenetre } = this;
    this.#trouver('formulaire').addEventListener('submit', (e) => {
      e.preventDefault();
      this.#envoyerSaisie();
    });
    this.#saisie.addEventListener('keydown', (e) => {
      if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
      e.preventDefault();
      this.#envoyerSaisie();
    });
    this.#saisie.addEventListener('input', () => {
      this.#compter();
      // To a person only: the assistant has no use for it.
      if (this.#interlocuteur !== undefined && this.#saisie.value.trim() !== '') this.#client.ecrit();
    });
    for (const geste of ['wheel', 'touchmove'])
      this.#fil.addEventListener(geste, () => (this.#suivre = false), { passive: true });
    this.#fil.addEventListener('keydown', (e) => {
      if (['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(e.key)) this.#suivre = false;
    });
    // Back at the end, by whatever means: nothing is further down.
    fenetre.addEventListener('resize', () => {
      if (this.#suivre && this.#ancre?.isConnected === true) this.#defiler(this.#ancre);
    });
    for (const defilant of [this.#fil, page])
      defilant.addEventListener('scroll', () => {
        const { scrollTop, scrollHeight, clientHeight } = this.#defilant;
        if (scrollHeight - scrollTop - clientHeight > 24) return;
        this.#suivre = true;
        this.#nonLus.regarder();
      });
    const clic = (id: string, f: () => void): void => this.#trouver(id).addEventListener('click', f);
    clic('falc', () => {
      this.#envoyer(this.#t(this.#registre === 'falc' ? 'registre-standard' : 'registre-falc'), {
        action: 'registre',
        registre: this.#registre === 'falc' ? 'standard' : 'falc',
      });
      // What it changes is under the menu.
      this.#fermerMenu();
    });
    clic('echange-quitter', () => this.#envoyer(this.#t('echange-quitter'), { action: 'quitter-echange' }));
    clic('aide', () => this.#commande('aide', 'aide'));
    clic('corriger', () => this.#commande('corriger', 'corriger'));
    clic('donnees', () => this.#commande('mes-donnees', 'donnees'));
    clic('taille', () => this.#agrandir());
    clic('lecture', () => this.#basculerLecture());
    clic('telecharger', () => this.#telecharger());
    clic('imprimer', () => fenetre.print());
    clic('quitter', () => this.#quitterVite());
    const confirmation = this.#trouver('confirmation');
    clic('terminer', () => {
      this.#fermerMenu();
      ouvrirPanneau(confirmation);
    });
    clic('continuer', () => fermerPanneau(confirmation));
    clic('confirmer', () => {
      fermerPanneau(confirmation);
      this.#terminer();
      this.#trouver('nouvelle').focus();
    });
    clic('nouvelle', () => {
      this.#vider();
      void this.#client.recommencer();
      this.#porterFocus();
    });
    brancherReprise({
      page,
      client: this.#client,
      t: (cle) => this.#t(cle, this.#installation),
      fermerMenu: () => this.#fermerMenu(),
      vider: () => this.#vider(),
    });
    fenetre.addEventListener('online', () => this.#client.reveiller());
    fenetre.addEventListener('offline', () => this.#client.douter());
    page.addEventListener('visibilitychange', () => {
      if (page.hidden) return;
      this.#client.reveiller();
      this.#nonLus.regarder();
    });
    page.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape' || page.querySelector('dialog[open]') !== null) return;
      if (this.#menu.open) this.#fermerMenu();
      else if (this.#seReduit) this.#reduire();
    });
    page.addEventListener('click', (e) => this.#ecarterDeuxiemeAppui(e), true);
    // Where there is no Escape key, touching elsewhere closes the menu too.
    page.addEventListener('pointerdown', ({ target }) => {
      if (this.#menu.open && target instanceof Node && !this.#menu.contains(target)) this.#menu.open = false;
    });
    const fermer = this.#trouver('fermer');
    fermer.hidden = !this.#seReduit;
    // A counsellor has nobody to hide from, and one slip would erase what somebody just told them.
    this.#trouver('quitter').hidden = fenetre.name === CADRE_ACCUEIL;
    fermer.addEventListener('click', () => this.#reduire());
    fenetre.addEventListener('message', (e: MessageEvent<unknown>) => {
      if (
        e.source === fenetre.parent &&
        typeof e.data === 'object' &&
        e.data !== null &&
        Reflect.get(e.data, 'type') === 'cep-ouvert'
      ) {
        this.#nonLus.reduire(false);
        this.#porterFocus();
      }
    });
  }

  /** In the frame of a site, which the launcher can close; not in that of the accueil assisté, which nobody would open again. */
  get #seReduit(): boolean {
    return this.fenetre.parent !== this.fenetre && this.fenetre.name !== CADRE_ACCUEIL;
  }

  #ecarterDeuxiemeAppui(e: MouseEvent): void {
    // A click without a press is the keyboard's.
    if (e.detail === 0) return;
    const avant = this.#dernierAppui;
    this.#dernierAppui = { le: e.timeStamp, x: e.clientX, y: e.clientY };
    const double =
      e.timeStamp - avant.le < DEUXIEME_APPUI_MS &&
      Math.hypot(e.clientX - avant.x, e.clientY - avant.y) < MEME_PLACE_PX;
    if (double && e.target instanceof Element && e.target.closest('#fil button, dialog button') !== null)
      e.stopPropagation();
  }

  #reduire(): void {
    this.#nonLus.reduire(true);
    this.fenetre.parent.postMessage({ type: 'cep-fermer' }, '*');
  }

  get #menu(): HTMLDetailsElement {
    return this.#trouver('menu') as HTMLDetailsElement;
  }

  #fermerMenu(): void {
    const { page } = this;
    if (this.#menu.contains(page.activeElement)) this.#menu.querySelector('summary')?.focus();
    this.#menu.open = false;
  }

  #compter(): void {
    const reste = LIMITE_TEXTE - longueurTexte(this.#saisie.value.trim());
    const compteur = this.#trouver('compteur');
    compteur.hidden = reste > 200;
    // Hidden, it would still be heard: it describes the text box.
    compteur.textContent = compteur.hidden
      ? ''
      : this.#t(reste < 0 ? 'trop-long' : 'reste', { nombre: NOMBRE.format(Math.abs(reste)) });
    this.#saisie.setAttribute('aria-invalid', String(reste < 0));
  }

  #agrandir(): void {
    const actuelle = this.page.documentElement.dataset['taille'] ?? '';
    const suivante = TAILLES[(TAILLES.indexOf(actuelle) + 1) % TAILLES.length] ?? '';
    this.#changerTaille(suivante);
    this.#stockage.setItem(MEMOIRE_TAILLE, suivante);
  }

  #changerTaille(taille: string): void {
    if (TAILLES.includes(taille)) this.page.documentElement.dataset['taille'] = taille;
  }

  #basculerLecture(): void {
    this.#lecture.basculer();
    this.#trouver('lecture').setAttribute('aria-pressed', String(this.#lecture.active));
    const bulles = this.#fil.querySelectorAll('.bulle:not(.moi)');
    this.#lecture.lire(bulles[bulles.length - 1]?.textContent ?? '');
  }

  #telecharger(): void {
    const messages = [...this.#fil.querySelectorAll('.jour, .bulle')].map(enTexte);
    // The mark says it is UTF-8: without it, an old text editor shows « Ã© ».
    const octets = new Blob([`\uFEFF${messages.join('\n\n')}\n`], { type: 'text/plain;charset=utf-8' });
    const url = URL.createObjectURL(octets);
    el('a', { href: url, download: 'conversation-cep.txt' }).click();
    // Not at once: Safari fetches it after the click.
    setTimeout(() => URL.revokeObjectURL(url), VIE_DU_FICHIER_MS);
    this.#fermerMenu();
  }

  /** Leaves at once for a page nobody will question, without waiting for the network. The whole page leaves, not only the frame. */
  #quitterVite(): void {
    this.#terminer();
    if (this.fenetre.parent === this.fenetre) this.fenetre.location.replace(SORTIE_RAPIDE);
    else this.fenetre.parent.postMessage({ type: 'cep-quitter', url: SORTIE_RAPIDE }, '*');
  }

  /** The screen first: on a shared computer nothing waits for the network. */
  #terminer(): void {
    this.#vider();
    this.#stockage.removeItem(MEMOIRE_TAILLE);
    void this.#client.terminer();
  }

  #vider(): void {
    if (this.#lecture.active) this.#basculerLecture();
    this.#aAnnoncer = [];
    this.#nonLus.oublier();
    this.#passe.replaceChildren();
    this.#enChemin.replaceChildren();
    this.#fil.replaceChildren(this.#passe, this.#enChemin);
    this.#bulles.clear();
    this.#attentes.clear();
    this.#jourAffiche = '';
    this.#progression = 0;
    this.#choixActifs = [];
    this.#interlocuteur = undefined;
    this.#montrerInterlocuteur();
    this.#saisie.value = '';
    this.#trouver('progression').hidden = true;
  }
}
