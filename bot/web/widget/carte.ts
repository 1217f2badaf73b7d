import { el, formater, lien } from './element.ts';

/** What a card needs of the page: its words, and how to send a form. */
export type OutilsCarte = {
  readonly t: (cle: string) => string;
  readonly envoyer: (libelle: string, valeur: Readonly<Record<string, unknown>>) => void;
};

type Element_ = Readonly<Record<string, unknown>>;
let compteur = 0;

const texte = (e: Element_, cle: string): string => {
  const v = e[cle];
  return typeof v === 'string' ? v : '';
};
const liste = (e: Element_, cle: string): readonly Element_[] => {
  const v = e[cle];
  return Array.isArray(v) ? v.filter((x): x is Element_ => typeof x === 'object' && x !== null) : [];
};

/** Draws the part of Adaptive Cards 1.5 that the assistant uses, as plain accessible HTML. `remplaces`: containers drawn otherwise (charts). */
export function dessinerCarte(
  carte: Element_,
  outils: OutilsCarte,
  remplaces: ReadonlyMap<string, Node> = new Map(),
): HTMLElement {
  const formulaire = el('form', { class: 'carte', novalidate: true }, [], {
    submit: (e) => e.preventDefault(),
  });
  const dessiner = (e: Element_): Node[] => {
    switch (e['type']) {
      case 'TextBlock':
        return bloc(e, outils);
      case 'FactSet':
        return [
          el(
            'dl',
            {},
            liste(e, 'facts').flatMap((f) => [
              el('dt', {}, [texte(f, 'title')]),
              el('dd', {}, [texte(f, 'value')]),
            ]),
          ),
        ];
      case 'Container': {
        const remplace = remplaces.get(texte(e, 'id'));
        if (remplace !== undefined) return [remplace];
        const style = texte(e, 'style');
        return [
          el(
            'div',
            { class: style === 'warning' || style === 'attention' ? 'attention' : 'groupe' },
            liste(e, 'items').flatMap(dessiner),
          ),
        ];
      }
      case 'Input.Text':
        return [saisie(e)];
      case 'Input.Toggle':
        return [bascule(e)];
      case 'Input.ChoiceSet':
        return [selection(e)];
      case 'ActionSet':
        return [actions(liste(e, 'actions'), formulaire, outils)];
      default:
        return [];
    }
  };
  formulaire.append(...liste(carte, 'body').flatMap(dessiner));
  const dActions = liste(carte, 'actions');
  if (dActions.length > 0) formulaire.append(actions(dActions, formulaire, outils));
  return formulaire;
}

function bloc(e: Element_, outils: OutilsCarte): Node[] {
  const contenu = texte(e, 'text');
  const titre = texte(e, 'style') === 'heading' || texte(e, 'weight').toLowerCase() === 'bolder';
  if (titre) return [el(texte(e, 'size').toLowerCase() === 'large' ? 'h2' : 'h3', {}, [contenu])];
  const noeuds = formater(contenu, outils.t('nouvel-onglet'));
  const classe =
    e['isSubtle'] === true
      ? 'discret'
      : ['attention', 'warning'].includes(texte(e, 'color').toLowerCase())
        ? 'attention'
        : undefined;
  return classe === undefined ? noeuds : [el('div', { class: classe }, noeuds)];
}

function saisie(e: Element_): HTMLElement {
  const id = `saisie-${(compteur += 1)}`;
  const commun = {
    id,
    name: texte(e, 'id'),
    maxlength: Number(e['maxLength']) > 0 ? Number(e['maxLength']) : undefined,
    required: e['isRequired'] === true,
  };
  const style = texte(e, 'style').toLowerCase();
  const type = style === 'tel' ? 'tel' : style === 'email' ? 'email' : 'text';
  const champ =
    e['isMultiline'] === true
      ? el('textarea', { ...commun, rows: 3 })
      : el('input', { ...commun, type, autocomplete: type === 'text' ? 'off' : type });
  champ.value = texte(e, 'value');
  return el('p', { class: 'saisie' }, [el('label', { for: id }, [texte(e, 'label')]), champ]);
}

function bascule(e: Element_): HTMLElement {
  const id = `case-${(compteur += 1)}`;
  const coche = el('input', {
    id,
    name: texte(e, 'id'),
    type: 'checkbox',
    value: texte(e, 'valueOn') || 'true',
    'data-non': texte(e, 'valueOff') || 'false',
  });
  coche.checked = texte(e, 'value') === coche.value;
  return el('p', { class: 'case' }, [
    coche,
    el('label', { for: id }, [texte(e, 'title') || texte(e, 'label')]),
  ]);
}

function selection(e: Element_): HTMLElement {
  const id = `liste-${(compteur += 1)}`;
  const champ = el(
    'select',
    { id, name: texte(e, 'id') },
    liste(e, 'choices').map((c) => el('option', { value: texte(c, 'value') }, [texte(c, 'title')])),
  );
  champ.value = texte(e, 'value');
  return el('p', { class: 'saisie' }, [el('label', { for: id }, [texte(e, 'label')]), champ]);
}

function valeurs(formulaire: HTMLFormElement): Record<string, string> {
  const lues: Record<string, string> = {};
  for (const champ of formulaire.elements) {
    if (champ instanceof HTMLInputElement && champ.type === 'checkbox')
      lues[champ.name] = champ.checked ? champ.value : (champ.dataset['non'] ?? 'false');
    else if (
      champ instanceof HTMLInputElement ||
      champ instanceof HTMLTextAreaElement ||
      champ instanceof HTMLSelectElement
    )
      lues[champ.name] = champ.value;
  }
  return lues;
}

function actions(
  definies: readonly Element_[],
  formulaire: HTMLFormElement,
  outils: OutilsCarte,
): HTMLElement {
  return el(
    'p',
    { class: 'actions' },
    definies.flatMap((a): Node[] => {
      const libelle = texte(a, 'title');
      if (a['type'] === 'Action.OpenUrl') return [lien(libelle, texte(a, 'url'), outils.t('nouvel-onglet'))];
      if (a['type'] !== 'Action.Submit') return [];
      const donnees =
        typeof a['data'] === 'object' && a['data'] !== null
          ? (a['data'] as Readonly<Record<string, unknown>>)
          : {};
      const classe = texte(a, 'style') === 'positive' ? 'principal' : 'secondaire';
      return [
        el('button', { type: 'button', class: classe }, [libelle], {
          click: () => outils.envoyer(libelle, { ...filtrer(donnees, valeurs(formulaire)), ...donnees }),
        }),
      ];
    }),
  );
}

/** The boxes of the document go only with actions of the document; a form has one purpose. */
const filtrer = (
  donnees: Readonly<Record<string, unknown>>,
  lues: Record<string, string>,
): Record<string, string> => (donnees['action'] === 'ne-pas-envoyer' ? {} : lues);
