import { z } from 'zod';
import { TYPE_CARTE, type ActiviteSortante } from './rendu.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Characters of JSON in one message. Teams refuses above 100 KB counted as UTF-16 (413 `MessageSizeTooBig`); what the connector adds
 * (conversation, recipient, entities) fits in the rest.
 */
export const TAILLE_MAX = 40_000;
/** Buttons shown side by side: Teams hides or drops those beyond the sixth. */
const BOUTONS_MAX = 5;
/** Longest text of a message, and what one card may hold beside it. */
const TEXTE_MAX = 12_000;
const ELEMENT_MAX = 20_000;

const schemaBouton = z.looseObject({ type: z.string(), title: z.string() });
const schemaCarte = z.looseObject({
  body: z.array(z.looseObject({ type: z.string() })),
  actions: z.array(schemaBouton).optional(),
});
type Carte = z.output<typeof schemaCarte>;
const schemaSuggestions = z.looseObject({
  actions: z.array(z.looseObject({ title: z.string(), value: z.unknown() })),
});
const schemaPieces = z.array(z.looseObject({ contentType: z.string(), content: z.unknown() }));

/**
 * Whether a choice is repeated in the thread as the person's own words. Teams does it; the Agents Playground, the only client of a bot without credentials, fails on such a button
 * (« Cannot add property msTeams », 0.2.28): there a choice is silent.
 */
export type Echo = 'dit' | 'muet';

/**
 * A button of a card. Without fields, it says in the thread what was chosen (`messageBack`), as a suggestion would; with fields, Teams sends
 * their values beside the data and nothing may stand between.
 */
const envoyer = (titre: string, valeur: unknown, echo: Echo, plus: Json = {}): Json => ({
  ...plus,
  type: 'Action.Submit',
  title: titre,
  data:
    echo === 'muet'
      ? valeur
      : { msteams: { type: 'messageBack', displayText: titre, text: titre, value: valeur } },
});

const enLots = <T>(liste: readonly T[], taille: number): T[][] =>
  Array.from({ length: Math.ceil(liste.length / taille) }, (_, i) =>
    liste.slice(i * taille, (i + 1) * taille),
  );

const aDesChamps = (carte: Carte): boolean => JSON.stringify(carte.body).includes('"type":"Input.');

/** The card with buttons Teams will show, all of them: in rows beyond what it shows on one. */
function avecBoutons(
  carte: Carte,
  choix: readonly { readonly title: string; readonly value?: unknown }[],
  echo: Echo,
): Json {
  const propre = aDesChamps(carte) ? 'muet' : echo;
  const { actions = [], ...reste } = carte;
  const propres = actions.map((a) =>
    a.type === 'Action.Submit' ? envoyer(a.title, a['data'], propre, a) : a,
  );
  // A suggestion does not carry the fields above it, nor wait for them.
  const suggeres = choix.map((c) => envoyer(c.title, c.value, echo, { associatedInputs: 'none' }));
  const rangees = [
    ...(propres.length > BOUTONS_MAX ? enLots(propres, BOUTONS_MAX) : []),
    ...enLots(suggeres, BOUTONS_MAX),
  ].map((actions) => ({ type: 'ActionSet', actions }));
  return {
    ...reste,
    body: [...carte.body, ...rangees],
    ...(propres.length > 0 && propres.length <= BOUTONS_MAX ? { actions: propres } : {}),
  };
}

const VIDE: Carte = {
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  lang: 'fr',
  body: [],
};

const taille = (v: unknown): number => JSON.stringify(v).length;

const abreger = (v: unknown, max: number): unknown => {
  if (typeof v === 'string') return v.length > max ? `${[...v].slice(0, max).join('')}…` : v;
  if (Array.isArray(v)) return v.map((x) => abreger(x, max));
  if (typeof v !== 'object' || v === null) return v;
  return Object.fromEntries(Object.entries(v).map(([cle, x]) => [cle, abreger(x, max)]));
};

type Element = Carte['body'][number];
/** An element that fits in a card by itself: its texts are cut, visibly, until it does. */
function tenir(element: Element): Element {
  let rendu = element;
  for (let max = TEXTE_MAX; taille(rendu) > ELEMENT_MAX && max > 1; max = Math.floor(max / 2))
    rendu = schemaCarte.shape.body.element.parse(abreger(element, max));
  return rendu;
}

/** Several cards where one would be too large, in order, the buttons on the last; a form is never cut, its fields would be lost. */
function decouper(carte: Json): readonly Json[] {
  const lu = schemaCarte.parse(carte);
  if (taille(carte) <= ELEMENT_MAX || aDesChamps(lu)) return [carte];
  const { actions, body, ...reste } = lu;
  const cartes: Carte['body'][] = [[]];
  for (const element of body.map((e) => tenir(e))) {
    const derniere = cartes.at(-1) ?? [];
    if (derniere.length > 0 && taille(derniere) + taille(element) > ELEMENT_MAX) cartes.push([element]);
    else derniere.push(element);
  }
  return cartes.map((corps, i) => ({
    ...reste,
    body: corps,
    ...(i === cartes.length - 1 && actions !== undefined ? { actions } : {}),
  }));
}

/** A text in parts Teams accepts, cut between paragraphs where there are any. */
function morceaux(texte: string): readonly string[] {
  const parts: string[] = [];
  for (const paragraphe of texte
    .split('\n\n')
    .flatMap((p) => enLots([...p], TEXTE_MAX).map((l) => l.join('')))) {
    const debut = parts.at(-1);
    if (debut !== undefined && debut.length + paragraphe.length + 2 <= TEXTE_MAX)
      parts[parts.length - 1] = `${debut}\n\n${paragraphe}`;
    else parts.push(paragraphe);
  }
  return parts.length === 0 ? [''] : parts;
}

/**
 * The same messages, within what Teams shows: suggested answers become buttons of a card (Teams only takes plain ones, without a value), charts keep their words
 * and lose their drawing, what is too large is cut into several messages, in order.
 */
export function rendrePourTeams(
  activites: readonly ActiviteSortante[],
  echo: Echo = 'dit',
): readonly ActiviteSortante[] {
  return activites.flatMap((activite) => {
    const { suggestedActions, attachments, value: _, text, ...reste } = activite;
    const choix = schemaSuggestions.safeParse(suggestedActions);
    const pieces = schemaPieces.safeParse(attachments);
    const brute = pieces.success ? pieces.data.find((p) => p.contentType === TYPE_CARTE)?.content : undefined;
    const boutons = choix.success ? choix.data.actions : [];
    const cartes =
      brute === undefined && boutons.length === 0
        ? []
        : decouper(avecBoutons(brute === undefined ? VIDE : schemaCarte.parse(brute), boutons, echo));
    const textes = typeof text === 'string' ? morceaux(text) : [];
    const seuls = textes.slice(0, -1).map((t): ActiviteSortante => ({ ...reste, text: t }));
    const fin = textes.at(-1);
    const avec = (carte: Json): Json => ({ attachments: [{ contentType: TYPE_CARTE, content: carte }] });
    const [premiere, ...autres] = cartes;
    return [
      ...seuls,
      {
        ...reste,
        ...(fin === undefined ? {} : { text: fin }),
        ...(premiere === undefined ? {} : avec(premiere)),
      },
      ...autres.map((c) => ({ ...reste, ...avec(c) })),
    ];
  });
}

/** What a button says: `messageBack` gives its value, a client that does not know it gives the whole data back. */
export function valeurRecue(valeur: unknown): unknown {
  if (typeof valeur !== 'object' || valeur === null || !('msteams' in valeur)) return valeur;
  const { msteams } = valeur;
  return typeof msteams === 'object' && msteams !== null && 'value' in msteams ? msteams.value : valeur;
}
