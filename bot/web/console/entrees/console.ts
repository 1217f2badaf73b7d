import textes from '../../../../knowledge/textes/donnees/console.json';
import dossier from '../../../../knowledge/textes/donnees/dossier.json';
import { el } from '../../widget/element.ts';
import { dessinerGraphique } from '../../widget/graphique.ts';
import { peutAccueillir, rendreAccueil } from '../accueil.ts';
import { garderBrouillon, sectionConfirmation } from '../confirmation.ts';
import { sectionOrientation } from '../orientation.ts';
import { installerRaccourcis } from '../raccourcis.ts';
import { rendreVue, vuesDe, type Vue } from '../vues.ts';
import { accesDonne } from '../acces.ts';
import { appeler, Refus } from '../appel.ts';
import { SectionConversation } from '../conversation.ts';
import { SessionTerminee } from '../session.ts';
import { suivreEnDirect } from '../direct.ts';
import { horlogeChez, type Horloge } from '../horloge.ts';
import { SectionEchange } from '../echange.ts';

type Json = Readonly<Record<string, unknown>>;
type Point = { readonly id: string; readonly libelle: string; readonly texte: string };
type Resume = {
  readonly reference: string;
  readonly etat: string;
  readonly service: string;
  readonly creeeLe: number;
  readonly modifieeLe: number;
  readonly rappelAvantLe?: string;
  readonly conseiller?: { readonly nom: string };
  readonly demande?: string;
  readonly points: readonly Point[];
  readonly moyen?: string;
  /** On the clock of the service, in words. */
  readonly rendezVousQuand?: string;
  readonly tentatives: number;
  readonly enRetard: boolean;
  readonly orpheline?: true;
  readonly reorientationProposee: boolean;
};
type Note = {
  readonly le: number;
  readonly par: { readonly nom: string };
  readonly genre: string;
  readonly texte: string;
};
type Fiche = Omit<Resume, 'tentatives' | 'reorientationProposee'> & {
  readonly reorientation?: { readonly le: number };
  /** Name of the destination proposed. */
  readonly proposition?: string;
  readonly saisie?: { readonly nom: string; readonly mode: string };
  readonly rendezVous?: { readonly quand: string; readonly mode: string };
  /** The clock of the service: its time zone, and its name. */
  readonly fuseau: string;
  readonly horloge: string;
  /** The name of the clock the person lives by, when it is another. */
  readonly autreHorloge?: string;
  readonly actions: readonly string[];
  readonly integrite?: string;
  readonly transitions: readonly {
    readonly le: number;
    readonly action: string;
    readonly vers: string;
    readonly motif?: string;
    readonly dOffice?: true;
    readonly de?: string;
    readonly a?: string;
    readonly par: { readonly type: string; readonly nom?: string };
  }[];
  readonly contenu?: {
    readonly document: {
      readonly avertissements: readonly string[];
      readonly preparePar: string;
      readonly sections: readonly {
        readonly id: string;
        readonly titre: string;
        readonly lignes: readonly Point[];
      }[];
      readonly sources: readonly { readonly titre: string; readonly url: string; readonly date: string }[];
      readonly reperes?: readonly unknown[];
    };
    readonly contact: {
      readonly moyen: string;
      readonly valeur: string;
      readonly nom?: string;
      readonly disponibilites?: string;
    };
    readonly consentement: {
      readonly le: number;
      readonly texte: string;
      readonly enDirect?: string;
      readonly conversation?: { readonly texte: string };
    };
    readonly lectureRetiree?: number;
    readonly notes: readonly Note[];
    readonly messages: readonly { readonly le: number; readonly texte: string }[];
  };
};

type Moi = {
  readonly nom: string;
  readonly roles: readonly string[];
  readonly demonstration: boolean;
  /** Whether this installation lets counsellors answer in the conversation. */
  readonly enDirect: boolean;
  /** Whether requests can be announced in Teams. */
  readonly teams: boolean;
  readonly motifs: Readonly<Record<string, readonly string[]>>;
  readonly operateurs: readonly Choix[];
  readonly regions: readonly Choix[];
};

const trouver = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const mots = textes as Readonly<Record<string, { readonly standard: string }>>;
const t = (cle: string, trous: Readonly<Record<string, string>> = {}): string =>
  (mots[cle]?.standard ?? cle).replaceAll(/\{(\w+)\}/g, (_, n: string) => trous[n] ?? '');
const demandeEnMots = (code: string | undefined): string =>
  (dossier as Readonly<Record<string, { readonly standard: string }>>)[`demande-qualifiee-${code ?? ''}`]
    ?.standard ?? t('sans-contenu');

let ouverte: string | undefined;
let motifs: Readonly<Record<string, readonly string[]>> = {};
let derniereFile = '';
let montree: { readonly reference: string; readonly modifieeLe: number } | undefined;
/** Gestures under way: what they change is shown by their own answer. */
let gestes = 0;
/** The filters this person has a choice in. */
let filtres: readonly HTMLSelectElement[] = [];

let moi: Moi | undefined;
let aUneFile = false;
let echange: SectionEchange | undefined;
let conversation: SectionConversation | undefined;

/** Long enough to be read twice; then it no longer hides the line of the queue that has the focus under it. */
const ANNONCE_MS = 20_000;
let finAnnonce: ReturnType<typeof setTimeout> | undefined;
const dire = (mot: string): void => {
  clearTimeout(finAnnonce);
  trouver('annonce').textContent = mot;
  finAnnonce = setTimeout(() => {
    trouver('annonce').textContent = '';
  }, ANNONCE_MS);
};

function depuis(instant: number): string {
  const minutes = Math.max(0, Math.round((Date.now() - instant) / 60_000));
  if (minutes < 60) return t('il-y-a-minutes', { n: String(minutes) });
  const heures = Math.round(minutes / 60);
  return heures < 48
    ? t('il-y-a-heures', { n: String(heures) })
    : t('il-y-a-jours', { n: String(Math.round(heures / 24)) });
}

// ——— queue ———

async function chargerFile(): Promise<void> {
  try {
    await lireFile();
  } catch (erreur) {
    if (!(erreur instanceof SessionTerminee))
      dire(t('erreur', { message: erreur instanceof Error ? erreur.message : '' }));
  }
}

/** @throws what `appeler` does */
async function lireFile(): Promise<void> {
  const parametres = new URLSearchParams({
    etat: trouver<HTMLSelectElement>('etat').value,
    texte: trouver<HTMLInputElement>('recherche').value,
    ...Object.fromEntries(filtres.map((f) => [f.name, f.value])),
  });
  const { total, lignes } = (await appeler(`transmissions?${parametres.toString()}`)) as {
    total: number;
    lignes: Resume[];
  };
  const ligneOuverte = lignes.find((l) => l.reference === ouverte);
  if (
    ligneOuverte !== undefined &&
    montree?.reference === ouverte &&
    montree?.modifieeLe !== ligneOuverte.modifieeLe
  )
    void relireFiche(ligneOuverte.reference);
  const empreinte = JSON.stringify([lignes, ouverte, lignes.map((l) => depuis(l.creeeLe))]);
  // Nothing moved: the list is left alone, and so is the focus of whoever reads it.
  if (empreinte === derniereFile) return;
  derniereFile = empreinte;
  // « Aucune demande » would say that nobody waits, to somebody whose account opens no place.
  const ferme = moi !== undefined && (moi.operateurs.length === 0 || moi.regions.length === 0);
  const compte =
    total === 0
      ? t(ferme ? 'sans-perimetre' : 'file-vide')
      : total === 1
        ? t('une-demande')
        : t('n-demandes', { n: String(total) });
  // Written again, the same words would be read out again.
  if (trouver('compte').textContent !== compte) trouver('compte').textContent = compte;
  const actif = document.activeElement?.getAttribute('data-reference');
  const rang = [...document.querySelectorAll('#file button')].findIndex((b) => b === document.activeElement);
  trouver('file').replaceChildren(...lignes.map(ligneDeFile));
  if (actif === null || actif === undefined) return;
  const boutons = [...document.querySelectorAll<HTMLElement>('#file button')];
  // The line may have gone (taken, closed): the one that comes in its place has the focus, not the top of the page.
  (
    boutons.find((b) => b.dataset['reference'] === actif) ?? boutons[Math.min(rang, boutons.length - 1)]
  )?.focus();
}

/** What the server says changed: the queue, and the open file when it is one of those. One question at a time. */
let enRelecture = false;
const aRelire = new Set<string>();
let fileARelire = false;
async function relire(references: readonly string[]): Promise<void> {
  for (const r of references) aRelire.add(r);
  fileARelire = true;
  if (enRelecture) return;
  enRelecture = true;
  while (fileARelire) {
    fileARelire = false;
    const changees = new Set(aRelire);
    aRelire.clear();
    // What changes while this is on its way is asked again: the answer may already be old.
    await chargerFile();
    if (ouverte !== undefined && changees.has(ouverte) && !estDansLaFile(ouverte)) await relireFiche(ouverte);
  }
  enRelecture = false;
}
const estDansLaFile = (reference: string): boolean =>
  document.querySelector(`#file [data-reference="${reference}"]`) !== null;

/** The file on the screen changed elsewhere. It is drawn again only when nobody is at work in it; otherwise a button proposes to. */
async function relireFiche(reference: string): Promise<void> {
  if (gestes > 0 || montree?.reference !== reference) return;
  const main = trouver('fiche');
  try {
    const fiche = (await appeler(`transmissions/${encodeURIComponent(reference)}`)) as Fiche;
    if (ouverte !== reference || gestes > 0 || montree.modifieeLe === fiche.modifieeLe) return;
    const dedans = main.contains(document.activeElement) && document.activeElement !== main;
    const ecrit = [...main.querySelectorAll('textarea')].some((c) => c.value !== '');
    if (dedans || ecrit) {
      montree = { reference, modifieeLe: fiche.modifieeLe };
      document.getElementById('a-change')?.remove();
      main.prepend(
        el('p', { class: 'bandeau', id: 'a-change' }, [
          `${t('fiche-changee')} `,
          el('button', { type: 'button' }, [t('fiche-relire')], { click: () => void relireIci(reference) }),
        ]),
      );
    } else afficher(fiche);
    dire(t('fiche-changee'));
  } catch (erreur) {
    if (!(erreur instanceof Refus) || ouverte !== reference) return;
    // Erased by the person, or no longer within the rights of whoever reads it: nothing of it stays on the screen.
    ouverte = undefined;
    montree = undefined;
    echange?.arreter();
    echange = undefined;
    main.replaceChildren(el('p', { class: 'vide' }, [t('demande-absente')]));
    dire(t('demande-absente'));
  }
}

const montrerInterruption = (aJour: boolean): void => {
  trouver('interrompue').hidden = aJour;
};

/** An appointment of a closed file is nobody's to keep any more. */
const ETATS_SUIVIS = new Set(['ouverte', 'prise-en-charge', 'rendez-vous']);

const jourCourt = (jour = ''): string => jour.split('-').toReversed().join('/');
function suiviBref(r: Resume): readonly string[] {
  const suivi: string[] = [];
  if (r.rappelAvantLe !== undefined && !r.enRetard && r.tentatives === 0)
    suivi.push(t('rappel-avant', { jour: jourCourt(r.rappelAvantLe) }));
  if (r.rendezVousQuand !== undefined && ETATS_SUIVIS.has(r.etat))
    suivi.push(t('rendez-vous-bref', { quand: r.rendezVousQuand }));
  if (r.tentatives > 0)
    suivi.push(r.tentatives === 1 ? t('une-tentative') : t('n-tentatives', { n: String(r.tentatives) }));
  if (r.reorientationProposee) suivi.push(t('reorientation-bref'));
  if (r.orpheline === true) suivi.push(t('orpheline-bref'));
  return suivi;
}

function ligneDeFile(r: Resume): HTMLElement {
  const lieu = r.points.find((p) => p.id === 'lieu')?.texte;
  const bouton = el(
    'button',
    {
      type: 'button',
      'data-reference': r.reference,
      ...(r.reference === ouverte ? { 'aria-current': 'true' } : {}),
    },
    [
      el('span', { class: 'demande' }, [demandeEnMots(r.demande)]),
      el('span', { class: 'lieu' }, [
        [lieu, ...r.points.filter((p) => p.id !== 'lieu').map((p) => p.texte)].filter(Boolean).join(' · '),
      ]),
      el('span', { class: 'age' }, [
        el('span', { class: `etat ${r.etat}` }, [
          t(`etat-${r.etat}`),
          r.conseiller === undefined ? '' : ` (${r.conseiller.nom})`,
        ]),
        [' – ', depuis(r.creeeLe), ...suiviBref(r).map((s) => ` – ${s}`)].join(''),
      ]),
      ...(r.enRetard
        ? [el('span', { class: 'retard' }, [t('delai-depasse', { jour: jourCourt(r.rappelAvantLe) })])]
        : []),
    ],
    { click: () => void ouvrir(r.reference) },
  );
  return el('li', {}, [bouton]);
}

// ——— on a phone, the queue or the file ———

const colonnes = (): HTMLElement | null => document.querySelector('.colonnes');
const ESPACE_FICHE = 'fiche';

/** What was opened comes first, and the browser's own « back » leads to the queue rather than out of the console. No address carries a reference. */
function montrerFiche(): void {
  const page = colonnes();
  if (page === null || !aUneFile) return;
  page.dataset['vue'] = ESPACE_FICHE;
  if (history.state?.espace !== ESPACE_FICHE) history.pushState({ espace: ESPACE_FICHE }, '');
}

/** The queue, the focus where it was: on the line of the file just read. */
function montrerFile(): void {
  const page = colonnes();
  if (page === null) return;
  page.dataset['vue'] = 'file';
  const ligne = document.querySelector<HTMLElement>('#file [aria-current]');
  (ligne ?? trouver('recherche')).focus();
}

/** Where a phone hides it, the queue is shown before the focus goes there. */
const quitterLaFiche = (): void => {
  if (trouver('file').offsetParent === null) montrerFile();
};

function installerRetour(): void {
  trouver('retour').addEventListener('click', () => {
    if (history.state?.espace === ESPACE_FICHE) history.back();
    else montrerFile();
  });
  globalThis.addEventListener('popstate', () => {
    const page = colonnes();
    if (page === null) return;
    if (history.state?.espace === ESPACE_FICHE) {
      page.dataset['vue'] = ESPACE_FICHE;
      trouver('fiche').focus();
    } else montrerFile();
  });
}

// ——— file ———

async function ouvrir(reference: string): Promise<void> {
  ouverte = reference;
  if (echange?.reference !== reference) echange?.arreter();
  if (conversation?.reference !== reference) conversation?.arreter();
  montrerFiche();
  const main = trouver('fiche');
  main.replaceChildren(el('p', { class: 'vide' }, [t('chargement')]));
  try {
    const fiche = (await appeler(`transmissions/${encodeURIComponent(reference)}`)) as Fiche;
    // Another file was opened while this one was on its way.
    if (ouverte !== reference) return;
    afficher(fiche);
    main.focus();
  } catch (erreur) {
    main.replaceChildren(
      el('p', { class: 'vide' }, [t('erreur', { message: erreur instanceof Error ? erreur.message : '' })]),
    );
  }
  await chargerFile();
}

/** The file as it is now, with what was being written on it. */
async function relireIci(reference: string): Promise<void> {
  const rendre = garderBrouillon(trouver('fiche'), t);
  await ouvrir(reference);
  if (montree?.reference === reference) rendre();
}

async function agir(reference: string, geste: string, corps: Json = {}): Promise<void> {
  gestes += 1;
  try {
    const fiche = (await appeler(`transmissions/${encodeURIComponent(reference)}/${geste}`, corps)) as Fiche;
    // Another file may have been opened meanwhile: it stays, with what is written on it.
    if (ouverte === reference) {
      const rendre = garderBrouillon(trouver('fiche'), t, geste);
      afficher(fiche);
      rendre();
      trouver('fiche').focus();
    }
    dire(t(`fait-${geste}`));
  } catch (erreur) {
    const message = erreur instanceof Error ? erreur.message : '';
    if (erreur instanceof Refus && ouverte === reference) {
      // The file is not what it was: shown as it is now, with what was being written.
      await relireIci(reference);
      dire(message);
    } else if (!(erreur instanceof SessionTerminee)) dire(t('erreur', { message }));
  } finally {
    gestes -= 1;
  }
  await chargerFile();
}

function afficher(f: Fiche): void {
  const { contenu } = f;
  const quand = horlogeChez(f.fuseau).long;
  montree = f;
  trouver('fiche').replaceChildren(
    el('h2', {}, [demandeEnMots(f.demande)]),
    el('p', { class: 'reference' }, [
      `${t('reference')} ${f.reference} – ${t(`etat-${f.etat}`)}`,
      f.conseiller === undefined ? '' : ` (${f.conseiller.nom})`,
    ]),
    el('p', { class: 'discret' }, [`${f.service} – ${t('recue-le', { date: quand(f.creeeLe) })}`]),
    ...(f.saisie === undefined
      ? []
      : [el('p', { class: 'discret' }, [t(`saisie-${f.saisie.mode}`, { nom: f.saisie.nom })])]),
    ...(f.orpheline === true ? [el('p', { class: 'bandeau' }, [t('orpheline')])] : []),
    ...(f.enRetard
      ? [el('p', { class: 'retard' }, [t('delai-depasse', { jour: jourCourt(f.rappelAvantLe) })])]
      : []),
    ...(f.reorientation === undefined
      ? []
      : [
          el('p', { class: 'bandeau' }, [
            t('reorientation-en-attente', {
              destination: f.proposition ?? '',
              date: quand(f.reorientation.le),
            }),
          ]),
        ]),
    ...(f.integrite === 'altere'
      ? [el('p', { class: 'bandeau', role: 'alert' }, [t('document-altere')])]
      : []),
    ...(contenu === undefined
      ? [el('p', { class: 'bandeau' }, [t('contenu-efface')]), boutons(f)]
      : [
          contact(contenu),
          ...messages(contenu.messages, quand),
          boutons(f),
          ...contenu.document.avertissements.map((a) => el('p', { class: 'bandeau' }, [a])),
          ...echangeDe(f),
          ...conversationDe(f),
          ...lues(contenu.document.sections).map(section),
          // What a counsellor does comes right after what they read; what they look up now and then comes last.
          ...rendezVous(f),
          notes(f, contenu.notes),
        ]),
    ...sectionConfirmation(f, { t, dire }, agir),
    ...sectionOrientation(f, { t, appeler, dire }, agir),
    ...(f.actions.includes('aboutir') ? [cloture(f.reference)] : []),
    historique(f),
    ...(contenu === undefined
      ? []
      : [
          ...(contenu.document.reperes ?? []).flatMap((r) => dessinerGraphique(r, t('non-publie')) ?? []),
          ...sources(contenu.document.sources),
          provenance(contenu, quand),
        ]),
  );
}

/** Only on a file this counsellor holds. Kept as it is while the file is drawn again, so that a draft or a reading is not lost. */
function echangeDe(f: Fiche): readonly HTMLElement[] {
  const sien = moi?.enDirect === true && f.actions.includes('noter');
  if (!sien || echange?.reference !== f.reference) {
    echange?.arreter();
    echange = sien
      ? new SectionEchange(f.reference, {
          t,
          dire,
          nom: moi?.nom ?? '',
          horloge: horlogeChez(f.fuseau),
        })
      : undefined;
  }
  return echange === undefined ? [] : [echange.noeud];
}

/** Where the person agreed to it: for the counsellor who holds the file; the others are told how it is read. */
function conversationDe(f: Fiche): readonly HTMLElement[] {
  const { contenu } = f;
  const donne = contenu?.consentement.conversation !== undefined && contenu.lectureRetiree === undefined;
  const sienne = donne && f.actions.includes('noter');
  if (!sienne || conversation?.reference !== f.reference) {
    conversation?.arreter();
    conversation = sienne
      ? new SectionConversation(f.reference, { t, dire, horloge: horlogeChez(f.fuseau) })
      : undefined;
  }
  if (conversation !== undefined) return [conversation.noeud];
  return donne && f.actions.includes('prendre')
    ? [el('p', { class: 'discret' }, [t('conversation-a-prendre')])]
    : [];
}

/** What somebody typed, kept from turning around what stands beside it (a name written right to left, or made to look so). */
const isoler = (mot: string): HTMLElement => el('bdi', {}, [mot]);

const VERS: Readonly<Record<string, (valeur: string) => string>> = {
  'contact-telephone': (v) => `tel:${v.replaceAll(/[^+\d]/g, '')}`,
  'contact-courriel': (v) => `mailto:${v}`,
};
/** « 0612345678 » as it is read out: « 06 12 34 56 78 ». */
const parPaires = (numero: string): string =>
  /^0\d{9}$/.test(numero) ? numero.replaceAll(/(\d\d)(?=\d)/g, '$1\u00A0') : numero;

/** Every means the person gave, the phone first: one of them may be wrong. */
function contact({ contact: c, document: d }: NonNullable<Fiche['contenu']>): HTMLElement {
  const donnes = d.sections.filter((s) => s.id === 'contact').flatMap((s) => s.lignes);
  const principal = { id: `contact-${c.moyen}`, texte: c.valeur };
  const moyens = [principal, ...donnes.filter((l) => l.id !== principal.id)].flatMap(({ id, texte }) => {
    const href = VERS[id]?.(texte);
    return href === undefined ? [] : [' – ', el('a', { href }, [isoler(parPaires(texte))])];
  });
  return el('section', { class: 'contact' }, [
    el('h3', {}, [t('joindre')]),
    el('p', {}, c.nom === undefined ? moyens.slice(1) : [isoler(c.nom), ...moyens]),
    ...(c.disponibilites === undefined
      ? []
      : [el('p', {}, [t('disponibilites', { quand: c.disponibilites })])]),
  ]);
}

/** The texts behind the orientation, and the day each was last read. */
const sources = (
  cites: readonly { readonly titre: string; readonly url: string; readonly date: string }[],
): readonly HTMLElement[] =>
  cites.length === 0
    ? []
    : [
        el('section', { class: 'discret' }, [
          el('h3', {}, [t('sources')]),
          el(
            'ul',
            {},
            cites.map(({ titre, url, date }) =>
              el('li', {}, [
                // A document comes from outside this page: only a plain web address becomes a link.
                url.startsWith('https://')
                  ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, [titre])
                  : titre,
                ` ${t('source-verifiee', { jour: jourCourt(date) })}`,
              ]),
            ),
          ),
        ]),
      ];

/** What a counsellor reads first: who needs what, where they stand, and why they were sent here; the rest follows. */
const ORDRE = ['demande', 'besoin', 'situation', 'orientation', 'decision', 'informations'];
const lues = <S extends { readonly id: string }>(sections: readonly S[]): readonly S[] =>
  ORDRE.flatMap((id) => sections.filter((s) => s.id === id));

const section = (s: { readonly titre: string; readonly lignes: readonly Point[] }): HTMLElement =>
  el('section', {}, [
    el('h3', {}, [s.titre]),
    el(
      'dl',
      {},
      s.lignes.flatMap((l) => [el('dt', {}, [l.libelle]), el('dd', {}, [l.texte])]),
    ),
  ]);

/** What the person added from their own page, since they sent the document. */
const messages = (
  dits: NonNullable<Fiche['contenu']>['messages'],
  quand: Horloge['long'],
): readonly HTMLElement[] =>
  dits.length === 0
    ? []
    : [
        el('section', {}, [
          el('h3', {}, [t('messages-personne')]),
          el(
            'ul',
            {},
            dits.map((m) => el('li', {}, [`${quand(m.le)} : ${m.texte}`])),
          ),
        ]),
      ];

const provenance = (c: NonNullable<Fiche['contenu']>, quand: Horloge['long']): HTMLElement =>
  el('section', { class: 'discret' }, [
    el('p', {}, [c.document.preparePar]),
    ...[c.consentement.texte, c.consentement.enDirect, c.consentement.conversation?.texte].flatMap((texte) =>
      texte === undefined
        ? []
        : [el('p', {}, [t('consentement', { date: quand(c.consentement.le), texte })])],
    ),
    ...(c.lectureRetiree === undefined
      ? []
      : [el('p', {}, [t('conversation-retrait', { date: quand(c.lectureRetiree) })])]),
  ]);

/** A list to choose from, with its label. */
function liste(id: string, cle: string, codes: readonly string[], prefixe: string): HTMLElement {
  return el('p', { class: 'geste' }, [
    el('label', { for: id }, [t(cle)]),
    el(
      'select',
      { id },
      codes.map((code) => el('option', { value: code }, [t(`${prefixe}-${code}`)])),
    ),
  ]);
}

const GENRES = ['note', 'appel-sans-reponse', 'message-laisse', 'echange'];
const MODES = ['telephone', 'presentiel', 'visio'];

function notes({ reference, fuseau, actions }: Fiche, dites: readonly Note[]): HTMLElement {
  const quand = horlogeChez(fuseau).long;
  const champ = el('textarea', { id: 'note', rows: 2, maxlength: 1000 });
  return el('section', {}, [
    el('h3', {}, [t('notes')]),
    el('p', { class: 'discret' }, [t('notes-internes')]),
    el(
      'ul',
      {},
      dites.map((n) =>
        el('li', {}, [
          [`${quand(n.le)}, ${n.par.nom}`, n.genre === 'note' ? '' : t(`genre-${n.genre}`), n.texte]
            .filter(Boolean)
            .join(' : '),
        ]),
      ),
    ),
    ...(actions.includes('noter')
      ? [
          liste('genre', 'genre-de-note', GENRES, 'genre'),
          el('p', { class: 'geste' }, [el('label', { for: 'note' }, [t('ajouter-note')]), champ]),
          el('p', {}, [
            el('button', { type: 'button' }, [t('enregistrer-note')], {
              click: () =>
                void agir(reference, 'noter', {
                  genre: trouver<HTMLSelectElement>('genre').value,
                  texte: champ.value,
                }),
            }),
          ]),
        ]
      : []),
  ]);
}

/** The appointment, and how to make or move it. The browser's own date field: keyboard and screen readers know it. */
function rendezVous(f: Fiche): readonly HTMLElement[] {
  const fixe = f.rendezVous;
  const permis = f.actions.includes('fixer-rendez-vous');
  if (fixe === undefined && !permis) return [];
  const quand = el('input', { id: 'rendez-vous-le', type: 'datetime-local' });
  return [
    el('section', fixe === undefined ? { class: 'geste' } : {}, [
      el('h3', {}, [t('rendez-vous')]),
      ...(fixe === undefined
        ? []
        : [el('p', {}, [t('rendez-vous-fixe', { quand: fixe.quand, mode: t(`mode-${fixe.mode}`) })])]),
      ...(permis
        ? [
            el('p', { class: 'discret geste' }, [
              [
                t('rendez-vous-dit'),
                ...(f.autreHorloge === undefined
                  ? []
                  : [t('rendez-vous-autre-horloge', { horloge: f.autreHorloge })]),
              ].join(' '),
            ]),
            el('div', { class: 'ensemble geste' }, [
              el('p', {}, [
                el('label', { for: 'rendez-vous-le' }, [t('rendez-vous-le', { horloge: f.horloge })]),
                quand,
              ]),
              liste('mode', 'rendez-vous-mode', MODES, 'mode'),
              el('p', {}, [
                el('button', { type: 'button' }, [t('fixer-rendez-vous')], {
                  click: () =>
                    void agir(f.reference, 'rendez-vous', {
                      // As it is written: an hour at the service, which the server alone turns into an instant.
                      le: quand.value,
                      mode: trouver<HTMLSelectElement>('mode').value,
                    }),
                }),
              ]),
            ]),
          ]
        : []),
    ]),
  ];
}

function boutons(f: Fiche): HTMLElement {
  const permis = (action: string): boolean => f.actions.includes(action);
  return el('p', { class: 'actions' }, [
    ...(permis('prendre')
      ? [
          el('button', { type: 'button', class: 'principal' }, [t('prendre')], {
            click: () => void agir(f.reference, 'prendre'),
          }),
        ]
      : []),
    ...(permis('liberer')
      ? [el('button', { type: 'button' }, [t('liberer')], { click: () => void agir(f.reference, 'liberer') })]
      : []),
  ]);
}

/** Closing takes a reason from a closed list: it can be counted and never tells a story. None is chosen beforehand: a closed file never opens again. */
function cloture(reference: string): HTMLElement {
  const choix = el('select', { id: 'motif' }, [
    el('option', { value: '' }, [t('clore-choisir')]),
    ...Object.entries(motifs).flatMap(([etat, liste]) =>
      liste.map((m) =>
        el('option', { value: `${etat}|${m}` }, [`${t(`etat-${etat}`)} – ${t(`motif-${m}`)}`]),
      ),
    ),
  ]);
  return el('p', { class: 'cloture' }, [
    el('label', { for: 'motif' }, [t('clore-avec')]),
    choix,
    el('button', { type: 'button' }, [t('clore')], {
      click: () => {
        if (choix.value === '') {
          dire(t('clore-sans-motif'));
          choix.focus();
          return;
        }
        const [etat = '', motif = ''] = choix.value.split('|');
        void agir(reference, 'clore', { etat, motif });
      },
    }),
  ]);
}

/** What happened, when the state it led to does not say it. */
function passageEnMots(x: Fiche['transitions'][number]): string {
  const dOffice = x.dOffice === true;
  const trous = { a: x.a ?? '', de: x.de ?? '' };
  if (x.action === 'transferer') return t(dOffice ? 'histo-transferer-office' : 'histo-transferer', trous);
  if (x.action === 'liberer' && dOffice) return t('histo-liberer-office', trous);
  if (
    x.action === 'proposer-reorientation' ||
    x.action === 'refuser-reorientation' ||
    x.action === 'confirmer-document'
  )
    return t(`histo-${x.action}`);
  return t(`etat-${x.vers}`);
}

const historique = (f: Fiche): HTMLElement =>
  el('section', { class: 'discret' }, [
    el('h3', {}, [t('historique')]),
    el(
      'ol',
      {},
      // Notes have their own list.
      f.transitions
        .filter((x) => x.action !== 'noter')
        .map((x) =>
          el('li', {}, [
            `${horlogeChez(f.fuseau).long(x.le)} : ${passageEnMots(x)}`,
            x.motif === undefined ? '' : ` (${t(`motif-${x.motif}`)})`,
            x.par.nom === undefined ? '' : ` – ${x.par.nom}`,
          ]),
        ),
    ),
  ]);

// ——— views, filters, keyboard ———

type Choix = { readonly code: string; readonly nom: string };

async function montrerVue(vue: Vue): Promise<void> {
  const main = trouver('fiche');
  ouverte = undefined;
  fermerSections();
  montrerFiche();
  main.replaceChildren(el('p', { class: 'vide' }, [t('chargement')]));
  try {
    main.replaceChildren(...(await rendreVue(vue, { t, appeler, dire, ouvrir })));
    main.focus();
  } catch (erreur) {
    main.replaceChildren(
      el('p', { class: 'vide' }, [t('erreur', { message: erreur instanceof Error ? erreur.message : '' })]),
    );
  }
  if (document.getElementById('filtres')?.hidden === false) await chargerFile();
}

/** No file is on screen any more: nothing of it is asked. */
function fermerSections(): void {
  echange?.arreter();
  echange = undefined;
  conversation?.arreter();
  conversation = undefined;
}

function montrerAccueil(): void {
  ouverte = undefined;
  montrerFiche();
  trouver('fiche').replaceChildren(...rendreAccueil({ t, appeler, dire }));
  trouver('fiche').focus();
}

/** The views this person has. Without a queue, theirs is shown at once; without anything, it is said. */
function poserOnglets(roles: readonly string[]): void {
  const vues = vuesDe(roles);
  const bouton = (vue: string, montrer: () => void): HTMLElement =>
    el('button', { type: 'button' }, [t(`vue-${vue}`)], { click: montrer });
  const boutons = [
    ...(roles.includes('conseiller') && peutAccueillir() ? [bouton('accueil', montrerAccueil)] : []),
    ...vues.map((vue) => bouton(vue, () => void montrerVue(vue))),
  ];
  if (boutons.length > 0)
    trouver('filtres').before(el('p', { id: 'vues', role: 'group', 'aria-label': t('vues') }, boutons));
  if (aUneFile) return;
  trouver('filtres').hidden = true;
  const [premiere] = vues;
  if (premiere === undefined) trouver('compte').textContent = t('sans-file');
  else void montrerVue(premiere);
}

/** Filters by operator and région where there is a choice, and what is late or one's own. */
function poserFiltres(operateurs: readonly Choix[], regions: readonly Choix[]): void {
  const filtre = (nom: string, cle: string, choix: readonly Choix[]): HTMLSelectElement => {
    const select = el(
      'select',
      { id: `filtre-${nom}`, name: nom },
      choix.map(({ code, nom: mot }) => el('option', { value: code }, [mot])),
      { change: () => void chargerFile() },
    );
    trouver('filtres').append(el('p', {}, [el('label', { for: `filtre-${nom}` }, [t(cle)]), select]));
    return select;
  };
  const tous = (mot: string): Choix => ({ code: '', nom: t(mot) });
  filtres = [
    filtre('seulement', 'filtre-seulement', [
      tous('seulement-tout'),
      { code: 'miennes', nom: t('seulement-miennes') },
      { code: 'retard', nom: t('seulement-retard') },
    ]),
    ...(operateurs.length > 1
      ? [filtre('operateur', 'filtre-operateur', [tous('filtre-tous'), ...operateurs])]
      : []),
    ...(regions.length > 1 ? [filtre('region', 'filtre-region', [tous('filtre-toutes'), ...regions])] : []),
  ];
}

/** Moves the focus to the next or previous line of the queue; the first one when none has it. */
function deplacerDansLaFile(de: 1 | -1): void {
  const lignes = [...document.querySelectorAll<HTMLElement>('#file button')];
  const ici = lignes.findIndex((l) => l === document.activeElement);
  const depart = ici === -1 ? lignes.findIndex((l) => l.hasAttribute('aria-current')) : ici;
  lignes[Math.max(0, Math.min(lignes.length - 1, depart + de))]?.focus();
}

async function demarrer(): Promise<void> {
  moi = (await appeler('moi')) as Moi;
  motifs = moi.motifs;
  trouver('deconnexion').addEventListener('click', () => {
    // Ended at the server first: closing the page alone would leave the session open to whoever sits here next.
    void appeler('deconnexion', {}).then(() => location.assign('/console/'));
  });
  trouver('qui').textContent = moi.nom;
  trouver('demonstration').hidden = !moi.demonstration;
  aUneFile = moi.roles.some((r) => r === 'conseiller' || r === 'superviseur');
  poserOnglets(moi.roles);
  if (!aUneFile) return;
  poserFiltres(moi.operateurs, moi.regions);
  installerRetour();
  trouver('deconnexion').before(
    installerRaccourcis(
      { t, appeler, dire },
      {
        deplacer: (de) => {
          quitterLaFiche();
          deplacerDansLaFile(de);
        },
        prendre: () => document.querySelector<HTMLElement>('#fiche .principal')?.click(),
        rechercher: () => {
          quitterLaFiche();
          trouver('recherche').focus();
        },
        noter: () => document.getElementById('note')?.focus(),
      },
    ),
    ' ',
  );
  const avertir = trouver('avertir');
  avertir.hidden = !moi.teams;
  avertir.addEventListener('click', () => void montrerNotifications());
  trouver('filtres').addEventListener('submit', (e) => e.preventDefault());
  trouver('recherche').addEventListener('input', () => void chargerFile());
  trouver('etat').addEventListener('change', () => void chargerFile());
  await chargerFile();
  await ouvrirDemandee();
  suivreEnDirect({
    surChangement: (references) => void relire(references),
    rafraichir: lireFile,
    surEtat: montrerInterruption,
  });
}

// ——— being told in Teams ———

/** Where requests are announced today, a code for one more place, and how to stop. */
async function montrerNotifications(): Promise<void> {
  ouverte = undefined;
  fermerSections();
  montrerFiche();
  const main = trouver('fiche');
  try {
    const { code } = (await appeler('teams/notifications', {})) as { code: string };
    const { nombre, aRevoir } = (await appeler('teams/notifications')) as {
      nombre: number;
      aRevoir: number;
    };
    main.replaceChildren(
      el('h2', {}, [t('avertir')]),
      el('p', {}, [
        nombre === 0
          ? t('avertir-nulle-part')
          : nombre === 1
            ? t('avertir-un-endroit')
            : t('avertir-n-endroits', { n: String(nombre) }),
      ]),
      ...(aRevoir === 0 ? [] : [el('p', { class: 'bandeau' }, [t('avertir-a-revoir')])]),
      el('p', {}, [t('avertir-comment')]),
      el('p', { class: 'reference' }, [`notifications ${code}`]),
      el('p', { class: 'discret' }, [t('avertir-code')]),
      ...(nombre === 0
        ? []
        : [
            el('p', { class: 'actions' }, [
              el('button', { type: 'button' }, [t('avertir-arreter')], {
                click: () => void arreterNotifications(),
              }),
            ]),
          ]),
    );
    main.focus();
  } catch (erreur) {
    dire(t('erreur', { message: erreur instanceof Error ? erreur.message : '' }));
  }
}

async function arreterNotifications(): Promise<void> {
  await appeler('teams/notifications/arreter', {});
  dire(t('avertir-arrete'));
  trouver('fiche').replaceChildren(el('p', { class: 'vide' }, [t('choisir')]));
}

/** The file a notification or a Teams link names: its identifier says nothing of anyone, and opens nothing without the right. */
async function ouvrirDemandee(): Promise<void> {
  const demande = accesDonne()?.demande ?? new URLSearchParams(location.search).get('demande');
  if (demande === null) return;
  try {
    const { reference } = (await appeler(`liens/${encodeURIComponent(demande)}`)) as { reference: string };
    await ouvrir(reference);
  } catch {
    trouver('fiche').replaceChildren(el('p', { class: 'vide' }, [t('demande-absente')]));
  }
}
void demarrer();
