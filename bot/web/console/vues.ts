import { el } from '../widget/element.ts';
import type { OutilsConsole } from './outils.ts';

type Ligne = {
  readonly reference: string;
  readonly creeeLe: number;
  readonly etat: string;
  readonly operateur: string;
  readonly region?: string;
  readonly rappelAvantLe?: string;
  readonly conseiller?: string;
};
type Pilotage = {
  readonly ouvertes: number;
  readonly aPrendre: number;
  readonly promessesManquees: number;
  readonly reorientationsEnAttente: number;
  readonly enRetard: readonly Ligne[];
  readonly orphelines: readonly Ligne[];
  readonly charge: readonly { readonly nom: string; readonly nombre: number }[];
};
type Envois = {
  readonly enAttente: number;
  readonly abandonnes: readonly {
    readonly service: string;
    readonly canal: string;
    readonly raison?: string;
    readonly essais: number;
    readonly creeLe: number;
  }[];
};
type Indicateurs = {
  readonly total: number | null;
  readonly seuil: number;
  readonly tableaux: readonly {
    readonly id: string;
    readonly lignes: readonly { readonly nom: string; readonly nombre: number | null }[];
  }[];
};

export type OutilsVues = OutilsConsole & {
  /** Opens a file of the queue. */
  readonly ouvrir: (reference: string) => Promise<void>;
};

export const VUES = ['pilotage', 'envois', 'indicateurs'] as const;
export type Vue = (typeof VUES)[number];

/** Which views a person has: the server decides again at each call. */
export const vuesDe = (roles: readonly string[]): readonly Vue[] =>
  VUES.filter(
    (vue) =>
      roles.includes('superviseur') ||
      (vue === 'envois' && roles.includes('mainteneur')) ||
      (vue === 'indicateurs' && roles.includes('observateur')),
  );

const JOUR = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long' });

/** Fetches and draws a view. */
export async function rendreVue(vue: Vue, outils: OutilsVues): Promise<readonly HTMLElement[]> {
  const { t, appeler } = outils;
  const lu = await appeler(vue);
  const titre = el('h2', {}, [t(`vue-${vue}`)]);
  switch (vue) {
    case 'pilotage':
      return [titre, ...rendrePilotage(lu as Pilotage, outils)];
    case 'envois':
      return [titre, ...rendreEnvois(lu as Envois, outils)];
    case 'indicateurs':
      return [titre, ...rendreIndicateurs(lu as Indicateurs, outils)];
    default:
      return vue satisfies never;
  }
}

/** A table with its caption; scrolled by itself on a phone, reachable with the keyboard. */
const tableau = (
  legende: string,
  entetes: readonly string[],
  lignes: readonly (readonly (string | Node)[])[],
): HTMLElement =>
  el('div', { class: 'defile', tabindex: 0, role: 'group', 'aria-label': legende }, [
    el('table', {}, [
      el('caption', {}, [legende]),
      el('thead', {}, [
        el(
          'tr',
          {},
          entetes.map((e) => el('th', { scope: 'col' }, [e])),
        ),
      ]),
      el(
        'tbody',
        {},
        lignes.map(([premiere = '', ...autres]) =>
          el('tr', {}, [el('th', { scope: 'row' }, [premiere]), ...autres.map((c) => el('td', {}, [c]))]),
        ),
      ),
    ]),
  ]);

function demandes(lignes: readonly Ligne[], { t, ouvrir }: OutilsVues): HTMLElement {
  return el(
    'ul',
    { class: 'demandes' },
    lignes.map((l) =>
      el('li', {}, [
        el(
          'button',
          { type: 'button' },
          [
            [
              l.reference,
              l.region === undefined ? l.operateur : `${l.operateur}, ${l.region}`,
              t(`etat-${l.etat}`) + (l.conseiller === undefined ? '' : ` (${l.conseiller})`),
              ...(l.rappelAvantLe === undefined
                ? []
                : [t('rappel-avant', { jour: l.rappelAvantLe.split('-').toReversed().join('/') })]),
            ].join(' – '),
          ],
          { click: () => void ouvrir(l.reference) },
        ),
      ]),
    ),
  );
}

function rendrePilotage(p: Pilotage, outils: OutilsVues): HTMLElement[] {
  const { t } = outils;
  return [
    el('ul', {}, [
      el('li', {}, [t('pilotage-ouvertes', { n: String(p.ouvertes), m: String(p.aPrendre) })]),
      el('li', {}, [t('pilotage-promesses', { n: String(p.promessesManquees) })]),
      el('li', {}, [t('pilotage-reorientations', { n: String(p.reorientationsEnAttente) })]),
    ]),
    el('h3', {}, [t('pilotage-retards')]),
    p.enRetard.length === 0
      ? el('p', { class: 'vide' }, [t('pilotage-sans-retard')])
      : demandes(p.enRetard, outils),
    ...(p.orphelines.length === 0
      ? []
      : [
          el('h3', {}, [t('pilotage-orphelines')]),
          el('p', {}, [t('orpheline')]),
          demandes(p.orphelines, outils),
        ]),
    el('h3', {}, [t('pilotage-charge')]),
    p.charge.length === 0
      ? el('p', { class: 'vide' }, [t('pilotage-sans-charge')])
      : el(
          'ul',
          {},
          p.charge.map((c) => el('li', {}, [`${c.nom} : ${c.nombre}`])),
        ),
  ];
}

function rendreEnvois({ enAttente, abandonnes }: Envois, { t, appeler, dire }: OutilsVues): HTMLElement[] {
  const relancer = async (): Promise<void> => {
    try {
      await appeler('envois/relancer', {});
      dire(t('envois-relances'));
    } catch (erreur) {
      dire(erreur instanceof Error ? erreur.message : t('erreur', { message: '' }));
    }
  };
  return [
    el('p', {}, [t('envois-attente', { n: String(enAttente) })]),
    ...(abandonnes.length === 0
      ? [el('p', { class: 'vide' }, [t('envois-aucun')])]
      : [
          tableau(
            t('envois-abandonnes'),
            ['service', 'canal', 'raison', 'essais', 'le'].map((c) => t(`envois-${c}`)),
            abandonnes.map((e) => [
              e.service,
              t(`canal-${e.canal}`),
              e.raison ?? '',
              String(e.essais),
              JOUR.format(e.creeLe),
            ]),
          ),
          el('p', {}, [
            el('button', { type: 'button' }, [t('envois-relancer')], { click: () => void relancer() }),
          ]),
        ]),
  ];
}

function rendreIndicateurs({ total, seuil, tableaux }: Indicateurs, { t }: OutilsVues): HTMLElement[] {
  if (total === null) return [el('p', {}, [t('indicateurs-trop-peu', { seuil: String(seuil) })])];
  return [
    el('p', {}, [t('indicateurs-chapeau', { seuil: String(seuil) })]),
    el('p', {}, [t('indicateurs-total', { n: String(total) })]),
    // A download carries the cookie and nothing else: in a Teams tab, where the proof is a header, it would be refused.
    ...(globalThis.top === globalThis.self
      ? [
          el('p', {}, [
            el('a', { href: '/api/console/indicateurs.csv', download: '' }, [t('indicateurs-telecharger')]),
          ]),
        ]
      : []),
    ...tableaux.map(({ id, lignes }) =>
      tableau(
        t(`tableau-${id}`),
        [t(`tableau-${id}`), t('indicateurs-nombre')],
        lignes.map(({ nom, nombre }) => [nom, nombre === null ? t('indicateurs-cache') : String(nombre)]),
      ),
    ),
  ];
}
