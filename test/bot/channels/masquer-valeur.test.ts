import { describe, expect, it } from 'vitest';
import { masquerValeur } from '../../../bot/channels/masquer-valeur.ts';
import { masquer } from '../../../knowledge/langage/index.ts';

describe('les mots libres d’un formulaire', () => {
  it('sont masqués comme un message, avant d’être gardés ; les coordonnées restent telles quelles', () => {
    expect(
      masquerValeur(
        { action: 'ecrire-ligne', ligne: 'age', mots: 'mon numéro : 2 85 05 59 350 123 27' },
        masquer,
      ),
    ).toEqual({
      valeur: {
        action: 'ecrire-ligne',
        ligne: 'age',
        mots: 'mon numéro : [numéro de sécurité sociale masqué]',
      },
      masque: true,
    });
    const contact = { action: 'envoyer', telephone: '06 12 34 56 78', courriel: 'a@b.fr' };
    expect(masquerValeur(contact, masquer)).toEqual({ valeur: contact, masque: false });
    expect(masquerValeur({ action: 'ecrire-ligne', mots: 46 }, masquer).masque).toBe(false);
  });
});
