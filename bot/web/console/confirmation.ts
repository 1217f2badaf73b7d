import { el } from '../widget/element.ts';
import type { OutilsConsole } from './outils.ts';

const SECTIONS = ['demande', 'besoin', 'situation', 'decision'] as const;
const MAX = 500;
type Agir = (reference: string, geste: string, corps: Readonly<Record<string, unknown>>) => Promise<void>;

/** The shared « état des lieux »: folded, one field per section, and the person's agreement before it can be kept. */
export function sectionConfirmation(
  f: { readonly reference: string; readonly actions: readonly string[] },
  { t, dire }: Pick<OutilsConsole, 't' | 'dire'>,
  agir: Agir,
): readonly HTMLElement[] {
  if (!f.actions.includes('confirmer-document')) return [];
  const champs = SECTIONS.map((section) => ({
    section,
    champ: el('textarea', { id: `complement-${section}`, rows: 2, maxlength: MAX }),
  }));
  const accord = el('input', { id: 'confirmer-accord', type: 'checkbox' });
  return [
    el('details', { class: 'orientation' }, [
      el('summary', {}, [t('confirmer-titre')]),
      el('p', { class: 'discret' }, [t('confirmer-aide')]),
      ...champs.map(({ section, champ }) =>
        el('p', {}, [
          el('label', { for: `complement-${section}` }, [t(`confirmer-section-${section}`)]),
          champ,
        ]),
      ),
      el('p', { class: 'coche' }, [
        accord,
        el('label', { for: 'confirmer-accord' }, [t('confirmer-accord')]),
      ]),
      el('p', {}, [
        el('button', { type: 'button' }, [t('confirmer')], {
          click: () => {
            if (!accord.checked) {
              dire(t('confirmer-sans-accord'));
              accord.focus();
              return;
            }
            void agir(f.reference, 'confirmer', {
              accord: true,
              complements: champs.flatMap(({ section, champ }) => {
                const texte = champ.value.trim();
                return texte === '' ? [] : [{ section, texte }];
              }),
            });
          },
        }),
      ]),
    ]),
  ];
}
