import { app, authentication } from '@microsoft/teams-js';
import textes from '../../../../knowledge/textes/donnees/console.json';
import { el } from '../../widget/element.ts';
import { donnerAcces } from '../acces.ts';

/** Teams answers within a second; a page that is not in Teams never answers. */
const DELAI_TEAMS_MS = 5_000;
const DELAI_JETON_MS = 10_000;
const AVANT_REPRISE_MS = 1_000;
/** Signs in again when less than that is left of a session. */
const MARGE_MS = 60_000;

type Session = { readonly jeton: string; readonly fin: number };
const mots = textes as Readonly<Record<string, { readonly standard: string }>>;
const t = (cle: string): string => mots[cle]?.standard ?? cle;

/** A refusal that signing in again would not change: it says what to do. */
class Refus extends Error {}

function dansLeDelai<T>(promesse: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const minuterie = setTimeout(() => reject(new Error('délai')), ms);
    promesse.then(resolve, reject).finally(() => clearTimeout(minuterie));
  });
}

function habiller({ theme, locale }: { readonly theme: string; readonly locale: string }): void {
  const racine = document.documentElement;
  racine.dataset['theme'] = ['dark', 'contrast', 'glass'].includes(theme) ? theme : 'default';
  racine.dataset['langue'] = locale;
  const avis = document.getElementById('langue');
  // The console speaks French; whoever uses Teams in another language is told so, once, in English.
  if (avis !== null) avis.hidden = locale.toLowerCase().startsWith('fr');
}

async function demanderSession(): Promise<Session> {
  const jeton = await dansLeDelai(authentication.getAuthToken(), DELAI_JETON_MS);
  const reponse = await fetch('/api/console/teams', {
    method: 'POST',
    headers: { Authorization: `Bearer ${jeton}` },
    credentials: 'omit',
  });
  const lu: unknown = await reponse.json();
  if (reponse.ok) return lu as Session;
  const { message } = lu as { readonly message: string };
  throw reponse.status === 403 ? new Refus(message) : new Error(message);
}

/** Teams fails now and then to give a token, after a sleep above all: once more, then it is up to the person. */
async function demanderDeuxFois(): Promise<Session> {
  try {
    return await demanderSession();
  } catch (erreur) {
    if (erreur instanceof Refus) throw erreur;
    await new Promise((r) => setTimeout(r, AVANT_REPRISE_MS));
    return demanderSession();
  }
}

/** The queue and its filters: nothing works there before somebody is signed in. */
const montrerFile = (visible: boolean): void => {
  for (const nav of document.querySelectorAll('nav')) nav.hidden = !visible;
};
const zone = (): HTMLElement => document.getElementById('fiche') as HTMLElement;

/** Says why nothing is shown, and offers to try again: what Teams needs a click for (a consent) works from a click. */
function proposer(cle: string, suite: () => void): void {
  const bouton = el('button', { type: 'button', class: 'principal' }, [t('se-connecter')], { click: suite });
  zone().replaceChildren(
    el('p', { class: 'vide', role: 'alert' }, [t(cle)]),
    el('p', { class: 'vide' }, [bouton]),
    el('p', { class: 'vide' }, [
      el('a', { href: '/console/', target: '_blank', rel: 'noopener' }, [t('teams-navigateur')]),
    ]),
  );
  bouton.focus();
}

function ouvrirConsole(premiere: Session, demande: string | undefined): void {
  let session: Session | undefined = premiere;
  donnerAcces({
    demande,
    oublier: () => {
      session = undefined;
    },
    async entetes() {
      if (session === undefined || session.fin - Date.now() < MARGE_MS) session = await demanderDeuxFois();
      return { Authorization: `Bearer ${session.jeton}` };
    },
  });
  montrerFile(true);
  zone().replaceChildren(el('p', { class: 'vide' }, [t('choisir')]));
  document.body.append(el('script', { src: '/console/console.js' }));
}

async function entrer(demande: string | undefined): Promise<void> {
  zone().replaceChildren(el('p', { class: 'vide' }, [t('teams-connexion')]));
  try {
    const session = await demanderDeuxFois();
    app.notifySuccess();
    ouvrirConsole(session, demande);
  } catch (erreur) {
    // Teams would otherwise show its own error in place of ours, and the button with it.
    app.notifySuccess();
    if (erreur instanceof Refus)
      zone().replaceChildren(el('p', { class: 'vide', role: 'alert' }, [erreur.message]));
    else proposer('teams-echec', () => void entrer(demande));
  }
}

/** Outside Teams: the same console, signed in by OpenID Connect. In a frame that is not Teams, a link, since that sign-in refuses frames. */
function horsDeTeams(): void {
  if (window.top === window.self) return location.replace(`/console/${location.search}`);
  zone().replaceChildren(
    el('p', { class: 'vide', role: 'alert' }, [t('teams-absent')]),
    el('p', { class: 'vide' }, [
      el('a', { href: '/console/', target: '_blank', rel: 'noopener' }, [t('teams-navigateur')]),
    ]),
  );
}

async function demarrer(): Promise<void> {
  // The session of a tab ends with it: Teams itself says who is there.
  document.getElementById('deconnexion')?.setAttribute('hidden', '');
  montrerFile(false);
  let contexte: app.Context;
  try {
    await dansLeDelai(app.initialize(), DELAI_TEAMS_MS);
    contexte = await dansLeDelai(app.getContext(), DELAI_TEAMS_MS);
  } catch {
    return horsDeTeams();
  }
  habiller({ theme: contexte.app.theme, locale: contexte.app.locale });
  app.registerOnThemeChangeHandler((theme) => habiller({ theme, locale: contexte.app.locale }));
  app.notifyAppLoaded();
  const { subPageId } = contexte.page;
  await entrer(subPageId === undefined || subPageId === '' ? undefined : subPageId);
}
void demarrer();
