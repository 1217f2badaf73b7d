import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rendrePourTeams, TAILLE_MAX, valeurRecue } from '../../../bot/channels/rendu-teams.ts';
import { rendre } from '../../../bot/channels/rendu.ts';
import type { BlocCarte, Choix, Reponse } from '../../../dialogs/messages.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';
import { Conversation, contexteDEssai, lireTranscript } from '../../support/transcript.ts';
import { boutonsDe, fautesDe, type Recu } from './connecteur.ts';

const recusDe = (reponses: readonly Reponse[]): Recu[] =>
  rendrePourTeams(rendre(reponses, () => 'https://cep.exemple.fr/d/1')).map((a) => ({
    ...a,
    chemin: '',
    methode: 'POST',
    octets: JSON.stringify(a).length * 2,
    le: 0,
  }));

const mots = fc.string({ minLength: 1, maxLength: 40 });
const longs = fc.oneof(
  mots,
  fc.constantFrom(500, 11_999, 12_001, 60_000).map((n) => 'é'.repeat(n)),
);
const choix: fc.Arbitrary<Choix> = fc.record({
  libelle: mots,
  valeur: fc.record({ action: fc.constant('repondre'), valeur: mots }),
});
const bloc: fc.Arbitrary<BlocCarte> = fc.oneof(
  fc.record({ type: fc.constant('texte' as const), texte: longs }),
  fc.record({ type: fc.constant('titre' as const), texte: mots }),
  fc.record({
    type: fc.constant('faits' as const),
    faits: fc.array(fc.record({ nom: mots, valeur: longs }), { maxLength: 6 }),
  }),
);
const reponse: fc.Arbitrary<Reponse> = fc.record(
  {
    texte: fc.oneof(
      mots,
      fc.array(longs, { minLength: 1, maxLength: 4 }).map((p) => p.join('\n\n')),
    ),
    choix: fc.array(choix, { maxLength: 30 }),
    carte: fc.record({
      titre: mots,
      blocs: fc.array(bloc, { maxLength: 12 }),
      actions: fc.array(
        choix.map((c) => ({ type: 'envoyer' as const, ...c })),
        { maxLength: 12 },
      ),
    }),
    registre: fc.constant('standard' as const),
  },
  { requiredKeys: ['texte'] },
);

describe('ce que Teams montre', () => {
  it('quoi que le dialogue dise : tailles, versions, boutons, ordre des mots', () => {
    fc.assert(
      fc.property(fc.array(reponse, { minLength: 1, maxLength: 3 }), (reponses) => {
        const recus = recusDe(reponses);
        expect(recus.flatMap((r) => fautesDe(r))).toEqual([]);
        expect(Math.max(...recus.map((r) => JSON.stringify(r).length))).toBeLessThan(TAILLE_MAX);
        // Nothing said is lost, and in the same order.
        expect(
          recus
            .map((r) => r.text ?? '')
            .join('')
            .replaceAll('\n', ''),
        ).toBe(
          reponses
            .map((r) => r.texte)
            .join('')
            .replaceAll('\n', ''),
        );
        const attendus = reponses.flatMap((r) => [
          ...(r.carte?.actions.flatMap((a) => (a.type === 'envoyer' ? [a.valeur] : [])) ?? []),
          ...(r.choix ?? []).map((c) => c.valeur),
        ]);
        const offerts = recus.flatMap((r) => boutonsDe(r).map((b) => valeurRecue(b.data)));
        expect(offerts.map((v) => JSON.stringify(v)).sort()).toEqual(
          attendus.map((v) => JSON.stringify(v)).sort(),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('les transcriptions de référence, en entier : la plus grande réponse tient largement', () => {
    let plusGrand = 0;
    const dossier = join(RACINE_PROJET, 'test', 'transcripts');
    for (const f of readdirSync(dossier).filter((n) => n.endsWith('.txt'))) {
      const { le, lignes } = lireTranscript(readFileSync(join(dossier, f), 'utf8'));
      const conversation = new Conversation(contexteDEssai(le, true));
      for (const { genre, contenu } of lignes) {
        if (genre !== 'usager' || contenu.startsWith('{')) continue;
        const bouton = /^\[(.*)\]$/.exec(contenu)?.[1];
        if (bouton === undefined) conversation.ecrire(contenu);
        else if (conversation.boutons.includes(bouton)) conversation.toucher(bouton);
        const recus = recusDe(conversation.reponses);
        expect(recus.flatMap((r) => fautesDe(r))).toEqual([]);
        plusGrand = Math.max(plusGrand, ...recus.map((r) => r.octets));
      }
    }
    expect(plusGrand).toBeGreaterThan(2_000);
    expect(plusGrand).toBeLessThan(60_000);
  });

  it('une suggestion devient un bouton qui dit ce qu’il choisit', () => {
    const [recu] = recusDe([
      {
        texte: 'Êtes-vous cadre ?',
        choix: [{ libelle: 'Oui', valeur: { action: 'repondre', valeur: 'oui' } }],
      },
    ]);
    expect(recu?.text).toBe('Êtes-vous cadre ?');
    expect(boutonsDe({ ...recu, type: 'message', chemin: '', methode: '', octets: 0, le: 0 })).toEqual([
      {
        title: 'Oui',
        data: {
          msteams: {
            type: 'messageBack',
            displayText: 'Oui',
            text: 'Oui',
            value: { action: 'repondre', valeur: 'oui' },
          },
        },
      },
    ]);
  });

  it('sans identifiants (Playground), un choix ne se répète pas : sa valeur seule', () => {
    const [activite] = rendrePourTeams(
      rendre([{ texte: 'Cadre ?', choix: [{ libelle: 'Oui', valeur: { action: 'repondre' } }] }], () => ''),
      'muet',
    );
    const recu = { ...activite, type: 'message', chemin: '', methode: '', octets: 0, le: 0 };
    expect(boutonsDe(recu)).toEqual([{ title: 'Oui', data: { action: 'repondre' } }]);
  });

  it('un formulaire garde ses champs à la racine de ce qu’il envoie', () => {
    const recus = recusDe([
      {
        texte: 'Vos coordonnées',
        carte: {
          titre: 'Pour vous joindre',
          blocs: [
            { type: 'saisie', id: 'nom', libelle: 'Nom', forme: 'texte', max: 80, obligatoire: false },
            { type: 'case', id: 'consentement', libelle: 'J’accepte', cochee: false },
          ],
          actions: [
            { type: 'envoyer', libelle: 'Envoyer', valeur: { action: 'envoyer' }, style: 'principal' },
          ],
        },
      },
    ]);
    expect(recus.flatMap((r) => boutonsDe(r)).map((b) => b.data)).toEqual([{ action: 'envoyer' }]);
  });

  it.each([
    [undefined, undefined],
    ['mots', 'mots'],
    [{ action: 'x' }, { action: 'x' }],
    [{ msteams: { value: { action: 'x' } } }, { action: 'x' }],
    [
      { msteams: 'x', action: 'y' },
      { msteams: 'x', action: 'y' },
    ],
  ])('valeur reçue %j', (recue, lue) => {
    expect(valeurRecue(recue)).toEqual(lue);
  });
});
