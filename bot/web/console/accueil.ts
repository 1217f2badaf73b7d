import { el } from '../widget/element.ts';
import type { OutilsConsole } from './outils.ts';

/** Where the chat page looks for the conversation of its tab (`bot/web/widget/protocole.ts`): a frame of this page shares it. */
const MEMOIRE = 'cep-conversation';
/** The conversation of the accueil under way in this tab, so that reading a file in between does not lose it. */
const EN_COURS = 'cep-accueil';
const VEILLE_MS = 1_000;
/** How the chat page knows that it is read by a counsellor, in a frame that neither closes nor leaves (`bot/web/widget/chat.ts`). */
const NOM_DU_CADRE = 'cep-accueil';

type Ouverture = { readonly conversation: string; readonly resume: string };

/** Whether this page may hold the chat in a frame with the same storage: not inside Teams, where frames are partitioned. */
export const peutAccueillir = (): boolean => globalThis.top === globalThis.self;

/** False once the chat holds another conversation than ours, or none: begun again in the frame, it would no longer say who types. */
function estLaMeme(): boolean {
  const voulue = sessionStorage.getItem(EN_COURS);
  if (voulue === null) return false;
  try {
    const lu: unknown = JSON.parse(sessionStorage.getItem(MEMOIRE) ?? 'null');
    return typeof lu === 'object' && lu !== null && Reflect.get(lu, 'conversation') === voulue;
  } catch {
    return false;
  }
}

function oublier(): void {
  sessionStorage.removeItem(MEMOIRE);
  sessionStorage.removeItem(EN_COURS);
}

/** The accueil assisté: what is read to the person and agreed to, then the same chat as on the site. */
export function rendreAccueil(outils: OutilsConsole): readonly HTMLElement[] {
  const { t } = outils;
  const zone = el('div', {});
  const montrer = (): void =>
    zone.replaceChildren(...(estLaMeme() ? enCours(outils, montrer) : formulaire(outils, montrer)));
  montrer();
  return [el('h2', {}, [t('vue-accueil')]), zone];
}

function formulaire({ t, appeler, dire }: OutilsConsole, suite: () => void): HTMLElement[] {
  const mode = el(
    'select',
    { id: 'accueil-mode' },
    ['telephone', 'guichet'].map((m) => el('option', { value: m }, [t(`accueil-mode-${m}`)])),
  );
  const accord = el('input', { type: 'checkbox', id: 'accueil-accord', required: true });
  const commencer = async (): Promise<void> => {
    if (!accord.checked) return dire(t('accueil-sans-accord'));
    try {
      const { conversation, resume } = (await appeler('accueil', {
        mode: mode.value,
        accord: true,
      })) as Ouverture;
      sessionStorage.setItem(MEMOIRE, JSON.stringify({ conversation, resume, envois: [] }));
      sessionStorage.setItem(EN_COURS, conversation);
      suite();
    } catch (erreur) {
      dire(erreur instanceof Error ? erreur.message : t('erreur', { message: '' }));
    }
  };
  return [
    el('p', {}, [t('accueil-chapeau')]),
    el(
      'form',
      { class: 'accueil' },
      [
        el('p', {}, [el('label', { for: 'accueil-mode' }, [t('accueil-mode')]), mode]),
        el('h3', {}, [t('accueil-lire')]),
        el('blockquote', {}, [el('p', {}, [t('accueil-accord')])]),
        el('p', { class: 'case' }, [
          accord,
          ' ',
          el('label', { for: 'accueil-accord' }, [t('accueil-case')]),
        ]),
        el('p', {}, [el('button', { type: 'submit', class: 'principal' }, [t('accueil-commencer')])]),
      ],
      {
        submit: (e) => {
          e.preventDefault();
          void commencer();
        },
      },
    ),
  ];
}

function enCours({ t, dire }: OutilsConsole, suite: () => void): HTMLElement[] {
  const cadre = el('iframe', {
    src: '/widget/',
    name: NOM_DU_CADRE,
    title: t('accueil-cadre'),
    class: 'cadre-accueil',
  });
  // The form just left held the focus: it goes on where the first answer is typed.
  cadre.addEventListener('load', () => {
    cadre.focus();
    cadre.contentWindow?.postMessage({ type: 'cep-ouvert' }, location.origin);
  });
  const finir = (): void => {
    clearInterval(veille);
    oublier();
    dire(t('accueil-fini'));
    suite();
  };
  const veille = setInterval(() => {
    if (!cadre.isConnected) clearInterval(veille);
    else if (!estLaMeme()) finir();
  }, VEILLE_MS);
  return [
    el('p', {}, [t('accueil-en-cours')]),
    cadre,
    el('p', {}, [el('button', { type: 'button' }, [t('accueil-terminer')], { click: finir })]),
  ];
}
