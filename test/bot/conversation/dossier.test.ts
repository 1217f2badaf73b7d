import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dossierDe } from '../../../bot/conversation/hote.ts';
import type { EvenementStocke } from '../../../bot/ports.ts';
import type { Journal } from '../../../bot/storage/journal.ts';
import { ouvrirJournalMemoire } from '../../../bot/storage/journal-memoire.ts';
import { lireEvenement, rejouer, type Dossier } from '../../../knowledge/dossier/index.ts';
import { MUET } from '../channels/banc.ts';

const evenement: fc.Arbitrary<EvenementStocke> = fc.constantFrom<EvenementStocke[]>(
  { type: 'reponse', champ: 'activite', valeur: 'salarie-prive', source: 'bouton' },
  { type: 'reponse', champ: 'activite', valeur: 'sans-emploi', source: 'texte' },
  { type: 'reponse', champ: 'cadre', valeur: 'oui', source: 'bouton' },
  { type: 'retrait', champ: 'activite', raison: 'correction' },
  { type: 'demande', demande: 'se-former', secondaires: [] },
  { type: 'demande', demande: 'demissionner', secondaires: ['se-former'] },
  { type: 'paroles', texte: 'j’en ai assez' },
  { type: 'lieu', commune: '59350' },
  { type: 'registre', registre: 'falc' },
  { type: 'aiguillage-montre' },
  { type: 'recommencement' },
  { type: 'ecrit par une version à venir' },
);

/** The fold with no memory of what was folded before. */
const enEntier = (passe: readonly EvenementStocke[]): Dossier =>
  rejouer(passe.map((e) => lireEvenement(e)).filter((e) => e !== undefined));

describe('le dossier d’une conversation', () => {
  it('ne replie que ce qui s’ajoute, et dit toujours ce que dirait le repli entier', () => {
    fc.assert(
      fc.property(fc.array(fc.array(evenement, { maxLength: 6 }), { maxLength: 8 }), (tours) => {
        const passe: EvenementStocke[] = [];
        for (const tour of tours) {
          passe.push(...tour);
          expect(dossierDe(passe)).toEqual(enEntier(passe));
        }
      }),
    );
  });

  it('ne relit pas ce qui est déjà replié', () => {
    let lectures = 0;
    const espion = (texte: string): EvenementStocke =>
      new Proxy(
        { type: 'paroles', texte },
        {
          get(cible, cle, r) {
            if (cle === 'type') lectures += 1;
            return Reflect.get(cible, cle, r) as unknown;
          },
        },
      );
    const passe = [espion('un'), espion('deux')];
    expect(dossierDe(passe).paroles).toEqual(['un', 'deux']);
    const apresDeux = lectures;
    passe.push({ type: 'paroles', texte: 'trois' });
    expect(dossierDe(passe).paroles).toEqual(['un', 'deux', 'trois']);
    expect(lectures).toBe(apresDeux);
  });

  it('une liste raccourcie se replie depuis le début', () => {
    const passe: EvenementStocke[] = [
      { type: 'paroles', texte: 'un' },
      { type: 'paroles', texte: 'deux' },
    ];
    expect(dossierDe(passe).paroles).toEqual(['un', 'deux']);
    passe.pop();
    expect(dossierDe(passe).paroles).toEqual(['un']);
  });

  const creer = (journal: Journal, id: string): Promise<unknown> =>
    journal.creer({ id, canal: 'teams', creeLe: 1, reference: `CEP-${id}`, utilisateur: 'dl_x' });
  const lire = async (journal: Journal, id: string): Promise<Dossier> =>
    dossierDe((await journal.evenements(id)) ?? []);

  it('ne survit pas à l’effacement, ni à la sortie de mémoire', async () => {
    const journal = ouvrirJournalMemoire({
      horloge: () => Date.now(),
      journaliseur: MUET,
      cache: { conversations: 1, caracteres: 1_000_000 },
    });
    const [a, b] = ['aaaaaaaa', 'bbbbbbbb'];
    await creer(journal, a);
    await journal.ajouterEvenements(a, [{ type: 'paroles', texte: 'avant' }]);
    expect((await lire(journal, a)).paroles).toEqual(['avant']);
    // `b` takes the only place in memory; `a` comes back read from what was written.
    await creer(journal, b);
    await new Promise((r) => setImmediate(r));
    await journal.ajouterEvenements(a, [{ type: 'paroles', texte: 'après' }]);
    expect((await lire(journal, a)).paroles).toEqual(['avant', 'après']);
    await journal.effacer(a, { reutilisable: true });
    expect((await lire(journal, a)).paroles).toEqual([]);
    await creer(journal, a);
    await journal.ajouterEvenements(a, [{ type: 'paroles', texte: 'neuf' }]);
    expect((await lire(journal, a)).paroles).toEqual(['neuf']);
  });
});
