import { describe, expect, it } from 'vitest';
import { rendre, TYPE_CARTE, TYPE_GRAPHIQUE } from '../../../bot/channels/rendu.ts';

const lien = (): string => 'https://cep.test/d/x';

describe('le rendu en activités', () => {
  it('seul le dernier message attend une réponse', () => {
    const [un, deux] = rendre([{ texte: 'a' }, { texte: 'b' }], lien);
    expect([un?.['inputHint'], deux?.['inputHint']]).toEqual(['ignoringInput', 'expectingInput']);
  });

  it('un choix devient un bouton qui renvoie son libellé et sa valeur', () => {
    const [a] = rendre(
      [{ texte: 'a', choix: [{ libelle: 'Oui', valeur: { action: 'repondre', v: 'oui' } }] }],
      lien,
    );
    expect(a?.['suggestedActions']).toEqual({
      to: [],
      actions: [
        {
          type: 'messageBack',
          title: 'Oui',
          text: 'Oui',
          displayText: 'Oui',
          value: { action: 'repondre', v: 'oui' },
        },
      ],
    });
  });

  it('ce que la personne a écrit est cité sans que rien n’y agisse', () => {
    const [a] = rendre([{ texte: 'Vous dites :', citation: '**x** [a](javascript:1)\n# <b>' }], lien);
    expect(a?.['text']).toBe('Vous dites :\n\n> \\*\\*x\\*\\* \\[a\\]\\(javascript:1\\)\n> \\# <b\\>');
  });

  it('une carte tient dans Adaptive Cards 1.5 : Submit et OpenUrl, saisies nommées, message d’erreur', () => {
    const [a] = rendre(
      [
        {
          texte: 'a',
          carte: {
            titre: 'Carte',
            blocs: [
              { type: 'titre', texte: 't' },
              { type: 'texte', texte: 'x', style: 'attention' },
              { type: 'faits', faits: [{ nom: 'n', valeur: 'v' }] },
              {
                type: 'saisie',
                id: 'mel',
                libelle: 'Courriel',
                forme: 'courriel',
                max: 80,
                obligatoire: true,
              },
              { type: 'saisie', id: 'mot', libelle: 'Mot', forme: 'long', max: 300, obligatoire: false },
              { type: 'case', id: 'ok', libelle: 'D’accord', cochee: false },
              { type: 'liste', id: 'q', libelle: 'Quand', options: [{ libelle: 'Matin', valeur: 'am' }] },
              {
                type: 'graphique',
                graphique: {
                  titre: 'g',
                  unite: 'u',
                  barres: [{ libelle: 'b', valeur: null }],
                  texte: 'en mots',
                  source: 's',
                },
              },
            ],
            actions: [
              { type: 'envoyer', libelle: 'Envoyer', valeur: { action: 'e' }, style: 'principal' },
              { type: 'ouvrir', libelle: 'Site', url: 'https://a.test' },
              { type: 'ressource', libelle: 'PDF', ressource: { type: 'document', format: 'pdf' } },
            ],
          },
        },
      ],
      lien,
    );
    const attachments = a?.['attachments'];
    expect(attachments).toMatchObject([
      {
        contentType: TYPE_CARTE,
        content: {
          version: '1.5',
          body: [
            { type: 'TextBlock', text: 'Carte' },
            { type: 'TextBlock', text: 't' },
            { type: 'Container', style: 'warning' },
            { type: 'FactSet', facts: [{ title: 'n', value: 'v' }] },
            {
              type: 'Input.Text',
              id: 'mel',
              label: 'Courriel',
              style: 'email',
              maxLength: 80,
              isRequired: true,
              errorMessage: 'Remplissez « Courriel » pour pouvoir envoyer.',
            },
            { type: 'Input.Text', id: 'mot', isMultiline: true },
            { type: 'Input.Toggle', id: 'ok', value: 'false' },
            { type: 'Input.ChoiceSet', id: 'q', choices: [{ title: 'Matin', value: 'am' }] },
            { type: 'Container', id: 'graphique-0' },
          ],
          actions: [
            { type: 'Action.Submit', data: { action: 'e' }, style: 'positive' },
            { type: 'Action.OpenUrl', url: 'https://a.test' },
            { type: 'Action.OpenUrl', url: 'https://cep.test/d/x' },
          ],
        },
      },
      { contentType: TYPE_GRAPHIQUE, content: { titre: 'g', barres: [{ libelle: 'b', valeur: null }] } },
    ]);
    expect(JSON.stringify(attachments)).not.toContain('Action.Execute');
  });

  it('dit où l’on en est et dans quel registre', () => {
    const [a, b] = rendre(
      [
        { texte: 'a', progression: { numero: 2, sur: 7, titre: 'Situation' }, registre: 'falc' },
        { texte: 'b' },
      ],
      lien,
    );
    expect(a?.['value']).toEqual({
      progression: { numero: 2, sur: 7, titre: 'Situation' },
      registre: 'falc',
    });
    expect(b?.['value']).toBeUndefined();
  });
});
