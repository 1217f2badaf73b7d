import { el } from '../widget/element.ts';
import type { OutilsConsole } from './outils.ts';

type Destination = {
  readonly vers: Readonly<Record<string, string>>;
  readonly nom: string;
  readonly relie: boolean;
};
type Choix = {
  readonly destinations: readonly Destination[];
  readonly motifs: readonly string[];
  readonly collegues: readonly { readonly id: string; readonly nom: string }[];
};
type FicheOrientable = { readonly reference: string; readonly actions: readonly string[] };
type Agir = (reference: string, geste: string, corps: Readonly<Record<string, unknown>>) => Promise<void>;

const option = (value: string, nom: string): HTMLOptionElement => el('option', { value }, [nom]);

/** Handing the file over: folded, and its choices asked for only when it is opened. Empty when nothing of it is allowed. */
export function sectionOrientation(
  f: FicheOrientable,
  outils: OutilsConsole,
  agir: Agir,
): readonly HTMLElement[] {
  const { t, appeler } = outils;
  const transferer = f.actions.includes('transferer');
  const reorienter = f.actions.includes('proposer-reorientation');
  if (!transferer && !reorienter) return [];
  const corps = el('div', {}, [el('p', { class: 'vide' }, [t('chargement')])]);
  const detail = el('details', { class: 'orientation' }, [el('summary', {}, [t('suite-titre')]), corps], {
    toggle: () => void charger(),
  });
  let charge = false;
  async function charger(): Promise<void> {
    if (charge || !detail.open) return;
    charge = true;
    try {
      const choix = (await appeler(`transmissions/${encodeURIComponent(f.reference)}/destinations`)) as Choix;
      corps.replaceChildren(
        ...(transferer ? transfert(choix) : []),
        ...(reorienter ? reorientation(choix) : []),
      );
    } catch (erreur) {
      charge = false;
      corps.replaceChildren(
        el('p', {}, [t('erreur', { message: erreur instanceof Error ? erreur.message : '' })]),
      );
    }
  }

  function transfert({ collegues }: Choix): HTMLElement[] {
    if (collegues.length === 0) return [el('p', { class: 'discret' }, [t('sans-collegue')])];
    const liste = el(
      'select',
      { id: 'collegue' },
      collegues.map(({ id, nom }) => option(id, nom)),
    );
    return [
      el('p', { class: 'cloture' }, [
        el('label', { for: 'collegue' }, [t('transferer-a')]),
        liste,
        el('button', { type: 'button' }, [t('transferer')], {
          click: () => void agir(f.reference, 'transferer', { vers: liste.value }),
        }),
      ]),
    ];
  }

  function reorientation({ destinations, motifs }: Choix): HTMLElement[] {
    const vers = el(
      'select',
      { id: 'destination' },
      destinations.map(({ nom, relie }, i) =>
        option(String(i), t(relie ? 'destination-reliee' : 'destination-non-reliee', { nom })),
      ),
    );
    const motif = el(
      'select',
      { id: 'motif-reorientation' },
      motifs.map((m) => option(m, t(`motif-${m}`))),
    );
    const mots = el('textarea', { id: 'mots-reorientation', rows: 2, maxlength: 500 });
    return [
      el('p', {}, [el('label', { for: 'destination' }, [t('reorienter-vers')]), vers]),
      el('p', {}, [el('label', { for: 'motif-reorientation' }, [t('reorienter-motif')]), motif]),
      el('p', {}, [el('label', { for: 'mots-reorientation' }, [t('reorienter-mots')]), mots]),
      el('p', { class: 'discret' }, [t('reorienter-aide')]),
      el('p', {}, [
        el('button', { type: 'button' }, [t('reorienter')], {
          click: () =>
            void agir(f.reference, 'reorienter', {
              vers: destinations[Number(vers.value)]?.vers,
              motif: motif.value,
              mots: mots.value,
            }),
        }),
      ]),
    ];
  }
  return [detail];
}
