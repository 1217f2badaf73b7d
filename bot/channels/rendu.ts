import { texte } from '../../knowledge/textes/index.ts';
import { evenementsHandoff } from './handoff.ts';
import type { BlocCarte, Carte, Choix, Ressource, Reponse } from '../../dialogs/messages.ts';

export type ActiviteSortante = { readonly type: string; readonly [champ: string]: unknown };
/** Resolves a resource of the conversation into the link only this person holds. */
export type LienDe = (ressource: Ressource) => string;

export const TYPE_CARTE = 'application/vnd.microsoft.card.adaptive';
export const TYPE_GRAPHIQUE = 'application/vnd.cep.graphique+json';

type Json = Readonly<Record<string, unknown>>;

/** What somebody typed is quoted as plain words: every character markdown would act on is escaped. */
export const citer = (mots: string): string =>
  mots
    .split('\n')
    .map((l) => `> ${l.replaceAll(/[\\`*_{}[\]()#+\-.!>~|]/g, String.raw`\$&`)}`)
    .join('\n');

function elements(bloc: BlocCarte, rang: { graphiques: number }): Json[] {
  switch (bloc.type) {
    case 'titre':
      return [
        {
          type: 'TextBlock',
          text: bloc.texte,
          weight: 'Bolder',
          style: 'heading',
          wrap: true,
          spacing: 'Medium',
        },
      ];
    case 'texte':
      if (bloc.style === 'attention')
        return [
          {
            type: 'Container',
            style: 'warning',
            items: [{ type: 'TextBlock', text: bloc.texte, wrap: true }],
          },
        ];
      return [
        {
          type: 'TextBlock',
          text: bloc.texte,
          wrap: true,
          ...(bloc.style === 'discret' ? { isSubtle: true, size: 'Small' } : {}),
        },
      ];
    case 'faits':
      return [{ type: 'FactSet', facts: bloc.faits.map((f) => ({ title: f.nom, value: f.valeur })) }];
    case 'saisie':
      return [
        {
          type: 'Input.Text',
          id: bloc.id,
          label: bloc.libelle,
          maxLength: bloc.max,
          // Web Chat draws no card at all when a required input has no message of its own.
          ...(bloc.obligatoire
            ? {
                isRequired: true,
                errorMessage: texte('canal.champ-requis', 'standard', { champ: bloc.libelle }),
              }
            : {}),
          ...(bloc.forme === 'long'
            ? { isMultiline: true }
            : { style: { texte: 'text', courriel: 'email', telephone: 'tel' }[bloc.forme] }),
          ...(bloc.valeur === undefined ? {} : { value: bloc.valeur }),
        },
      ];
    case 'case':
      return [
        {
          type: 'Input.Toggle',
          id: bloc.id,
          title: bloc.libelle,
          value: String(bloc.cochee),
          valueOn: 'true',
          valueOff: 'false',
          wrap: true,
        },
      ];
    case 'liste':
      return [
        {
          type: 'Input.ChoiceSet',
          id: bloc.id,
          label: bloc.libelle,
          style: 'compact',
          choices: bloc.options.map((o) => ({ title: o.libelle, value: o.valeur })),
          ...(bloc.choisie === undefined ? {} : { value: bloc.choisie }),
        },
      ];
    case 'graphique': {
      const { titre, texte, source } = bloc.graphique;
      return [
        {
          type: 'Container',
          id: `graphique-${rang.graphiques++}`,
          items: [
            { type: 'TextBlock', text: titre, weight: 'Bolder', wrap: true },
            { type: 'TextBlock', text: texte, wrap: true },
            { type: 'TextBlock', text: source, wrap: true, isSubtle: true, size: 'Small' },
          ],
        },
      ];
    }
  }
}

/** An Adaptive Card 1.5 (the newest Teams draws), `Action.Submit` and `Action.OpenUrl` only: `Action.Execute` is ignored by Web Chat. */
function rendreCarte(carte: Carte, lienDe: LienDe): Json {
  const rang = { graphiques: 0 };
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    lang: 'fr',
    body: [
      { type: 'TextBlock', text: carte.titre, weight: 'Bolder', size: 'Large', style: 'heading', wrap: true },
      ...carte.blocs.flatMap((b) => elements(b, rang)),
    ],
    ...(carte.actions.length === 0
      ? {}
      : {
          actions: carte.actions.map((a) => {
            if (a.type === 'ouvrir') return { type: 'Action.OpenUrl', title: a.libelle, url: a.url };
            if (a.type === 'ressource')
              return { type: 'Action.OpenUrl', title: a.libelle, url: lienDe(a.ressource) };
            return {
              type: 'Action.Submit',
              title: a.libelle,
              data: a.valeur,
              ...(a.style === 'principal' ? { style: 'positive' } : {}),
            };
          }),
        }),
  };
}

const suggestion = ({ libelle, valeur }: Choix): Json => ({
  type: 'messageBack',
  title: libelle,
  text: libelle,
  displayText: libelle,
  value: valeur,
});

/** The messages of one turn as activities: only the last one expects an answer. What tools behind a channel must know follows them. */
export function rendre(reponses: readonly Reponse[], lienDe: LienDe): readonly ActiviteSortante[] {
  const messages = reponses.map((r, i) => {
    const graphiques = (r.carte?.blocs ?? []).flatMap((b) =>
      b.type === 'graphique' ? [{ contentType: TYPE_GRAPHIQUE, content: b.graphique }] : [],
    );
    const attachments =
      r.carte === undefined
        ? []
        : [{ contentType: TYPE_CARTE, content: rendreCarte(r.carte, lienDe) }, ...graphiques];
    const value = {
      ...(r.progression === undefined ? {} : { progression: r.progression }),
      ...(r.registre === undefined ? {} : { registre: r.registre }),
      ...(r.echange === undefined ? {} : { echange: r.echange }),
    };
    return {
      type: 'message',
      text: r.citation === undefined ? r.texte : `${r.texte}\n\n${citer(r.citation)}`,
      textFormat: 'markdown',
      locale: 'fr-FR',
      inputHint: i === reponses.length - 1 ? 'expectingInput' : 'ignoringInput',
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(r.choix === undefined || r.choix.length === 0
        ? {}
        : { suggestedActions: { actions: r.choix.map(suggestion), to: [] } }),
      ...(Object.keys(value).length === 0 ? {} : { value }),
    };
  });
  return [...messages, ...reponses.flatMap((r) => evenementsHandoff(r))];
}
