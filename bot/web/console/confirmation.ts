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

type Champ = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;
/** What each gesture takes with it when it succeeds; the rest of what is written stays. */
const EMPORTE: Readonly<Record<string, RegExp>> = {
  confirmer: /^(complement-|confirmer-)/,
  noter: /^(note|genre)$/,
  'rendez-vous': /^(rendez-vous-le|mode)$/,
};

/**
 * What is being written on the file on screen, to be given back once the file is drawn again: the answer to a gesture, or its failure, must
 * not wipe a sentence.
 * @param geste the one that succeeded: what it took is not given back; absent: everything is
 * @returns what puts it back, in the fields that are then on screen.
 */
export function garderBrouillon(fiche: HTMLElement, t: OutilsConsole['t'], geste?: string): () => void {
  const emporte = geste === undefined ? undefined : EMPORTE[geste];
  const champs = (): readonly Champ[] =>
    [...fiche.querySelectorAll<Champ>('textarea[id], input[id], select[id]')].filter(
      (c) => emporte?.test(c.id) !== true,
    );
  const coche = (c: Champ): c is HTMLInputElement => c instanceof HTMLInputElement && c.type === 'checkbox';
  const ecrits = new Map(champs().map((c) => [c.id, coche(c) ? c.checked : c.value]));
  const phrases = champs().flatMap((c): readonly (readonly [string, string])[] =>
    c instanceof HTMLTextAreaElement && c.value.trim() !== '' ? [[c.id, c.value]] : [],
  );
  const ouvertes = new Set(
    champs()
      .filter((c) => c.closest('details')?.open === true)
      .map((c) => c.id),
  );
  return () => {
    for (const champ of champs()) {
      const ecrit = ecrits.get(champ.id);
      if (typeof ecrit === 'boolean' && coche(champ)) champ.checked = ecrit;
      else if (typeof ecrit === 'string' && !coche(champ)) champ.value = ecrit;
      const section = champ.closest('details');
      if (section !== null && ouvertes.has(champ.id)) section.open = true;
    }
    fiche.querySelector('#brouillons')?.remove();
    const perdus = phrases.filter(([id]) => fiche.querySelector(`[id="${id}"]`) === null);
    if (perdus.length === 0) return;
    // Closed, or taken by somebody else, meanwhile: its field is gone, not what was written in it.
    fiche.prepend(
      el('section', { class: 'bandeau', id: 'brouillons' }, [
        el('p', { id: 'brouillons-titre' }, [t('refus-note-brouillon')]),
        ...perdus.map(([id, mots]) =>
          el(
            'textarea',
            { 'data-champ': id, rows: 3, readonly: true, 'aria-labelledby': 'brouillons-titre' },
            [mots],
          ),
        ),
      ]),
    );
  };
}
