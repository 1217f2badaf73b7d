import { describe, expect, it } from 'vitest';
import { jouerOuvertureEchange, jouerTour, type Message } from '../../dialogs/index.ts';
import { rejouer, type Dossier } from '../../knowledge/dossier/index.ts';
import { contexteDEssai } from '../support/transcript.ts';

const contexte = contexteDEssai('2026-11-21', true);
const enEchange = (): Dossier =>
  jouerOuvertureEchange(
    rejouer([]),
    { conseiller: { id: 'c1', nom: 'Camille' }, service: 'Service d’essai' },
    contexte,
  ).dossier;
const jouer = (dossier: Dossier, message: Message) => jouerTour(dossier, message, contexte);
const valeur = (v: Record<string, unknown>): Message => ({ type: 'valeur', valeur: v });

describe('pendant qu’une personne répond', () => {
  it('un bouton d’avant ne répond à rien : la personne sait à qui elle parle et comment revenir', () => {
    for (const v of [
      { action: 'repondre', champ: 'cadre', valeur: 'oui' },
      { action: 'demande', demande: 'se-former' },
      { action: 'choisir', operateur: 'apec' },
      { action: 'confirmer', quoi: 'recommencer', oui: true },
      { action: 'commande', commande: 'recommencer' },
      { action: 'envoyer', consentement: true },
      { action: 'inventee' },
    ]) {
      const tour = jouer(enEchange(), valeur(v));
      expect(tour.evenements, v.action).toEqual([]);
      expect(tour.effet, v.action).toBeUndefined();
      expect(tour.reponses.map((r) => r.texte).join(), v.action).toContain('Vous parlez en ce moment avec');
    }
  });

  it('une autre fenêtre qui s’ouvre n’est pas accueillie', () => {
    expect(jouer(enEchange(), { type: 'arrivee' })).toMatchObject({ reponses: [], evenements: [] });
  });

  it('« oui » n’efface rien : seul le bouton le fait', () => {
    const demande = jouer(enEchange(), { type: 'texte', texte: 'effacer' });
    expect(demande.dossier.question).toBe('confirmer-effacer');
    const oui = jouer(demande.dossier, { type: 'texte', texte: 'oui' });
    expect([oui.effet, oui.reponses, oui.dossier.question]).toEqual([undefined, [], null]);
    const bouton = jouer(demande.dossier, valeur({ action: 'confirmer', quoi: 'effacer', oui: true }));
    expect(bouton.effet).toEqual({ type: 'effacer' });
  });

  it('une question d’effacement restée ouverte se ferme quand quelqu’un rejoint', () => {
    const ouverte = rejouer([{ type: 'question', question: 'confirmer-effacer' }]);
    const { dossier } = jouerOuvertureEchange(
      ouverte,
      { conseiller: { id: 'c1', nom: 'Camille' }, service: 'Service d’essai' },
      contexte,
    );
    expect(dossier.question).toBeNull();
  });

  it('ce qui a été écrit à quelqu’un qui n’est plus là est repris par l’assistant, qui le dit d’abord', () => {
    const tour = jouerTour(
      enEchange(),
      { type: 'texte', texte: 'c’est payant ?' },
      {
        ...contexte,
        finEchange: 'inactivite',
      },
    );
    expect(tour.dossier.echange).toBeUndefined();
    expect(tour.reponses[0]?.texte).toContain('je reprends la conversation');
    expect(tour.reponses.slice(1).some((r) => r.texte.includes('gratuit'))).toBe(true);
  });

  it('le registre et les données restent à portée', () => {
    const falc = jouer(enEchange(), valeur({ action: 'registre', registre: 'falc' }));
    expect(falc.dossier.registre).toBe('falc');
    expect(falc.reponses).toHaveLength(1);
    const donnees = jouer(enEchange(), valeur({ action: 'commande', commande: 'mes-donnees' }));
    expect(donnees.reponses[0]?.texte).toContain('CEP-TEST-0001');
  });
});
