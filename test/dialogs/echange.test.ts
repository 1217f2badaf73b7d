import { describe, expect, it } from 'vitest';
import { jouerOuvertureEchange, jouerTour, type Message } from '../../dialogs/index.ts';
import { appliquer, rejouer, type Dossier } from '../../knowledge/dossier/index.ts';
import { contexteDEssai, Conversation } from '../support/transcript.ts';

const contexte = contexteDEssai('2026-11-21', true);
const enEchange = (): Dossier =>
  jouerOuvertureEchange(
    rejouer([]),
    { conseiller: { id: 'c1', nom: 'Camille' }, service: 'Service d’essai' },
    contexte,
  ).dossier;
const jouer = (dossier: Dossier, message: Message) => jouerTour(dossier, message, contexte);
const valeur = (v: Record<string, unknown>): Message => ({ type: 'valeur', valeur: v });

describe('l’accord pour une réponse dans la conversation', () => {
  const envoyer = (saisies: Record<string, unknown>, c = new Conversation(contexte)): Conversation => {
    c.ecrire('je suis caissière à Lille, pas cadre, personne ne me suit, je voudrais devenir aide-soignante');
    for (const bouton of [
      'Je préfère ne pas répondre',
      'Oui, qui peut m’accompagner ?',
      'Je choisis Avenir Actifs Hauts-de-France',
      'Oui, préparer mon document',
      'L’envoyer à Avenir Actifs Hauts-de-France',
    ])
      c.toucher(bouton);
    c.toucher('Envoyer', { telephone: '06 12 34 56 78', consentement: 'true', ...saisies });
    return c;
  };
  const passages = (c: Conversation) => c.reponses.flatMap((r) => r.passage ?? []);

  it('coché : gardé avec ses mots, et les outils du canal savent vers qui, sans rien de la personne', () => {
    const c = envoyer({ enDirect: 'true' });
    expect(c.transmis).toMatchObject([
      { consentement: { enDirect: expect.stringContaining('peut aussi me répondre ici') } },
    ]);
    expect(passages(c)).toEqual([{ service: 'Service d’essai (operateur-regional)', region: '32' }]);
    // How long it is kept there, in the words on the screen and in the record.
    expect(c.transmis).toMatchObject([
      {
        consentement: { texte: expect.stringContaining('gardés 12 mois après la fin de ma demande') },
        document: { conservation: { moisApresCloture: 12, joursSansSuivi: 90 } },
      },
    ]);
  });

  it('non coché, ou coché de force là où le service ne répond pas ici : rien', () => {
    const sans = envoyer({});
    const sourd = envoyer(
      { enDirect: 'true' },
      new Conversation({ ...contexte, service: () => ({ nom: 'Service d’essai', demonstration: true }) }),
    );
    for (const c of [sans, sourd]) {
      expect(c.transmis).toHaveLength(1);
      expect(JSON.stringify(c.transmis)).not.toContain('enDirect');
      expect(passages(c)).toEqual([]);
    }
  });
});

describe('les horaires du service', () => {
  const BOUTONS = [
    'Je préfère ne pas répondre',
    'Oui, qui peut m’accompagner ?',
    'Je choisis Avenir Actifs Hauts-de-France',
    'Oui, préparer mon document',
    'L’envoyer à Avenir Actifs Hauts-de-France',
  ];
  const formulaireAvec = (
    relie: Partial<ReturnType<typeof contexte.service>>,
    registre: 'standard' | 'falc' = 'standard',
  ) => {
    const c = new Conversation({
      ...contexte,
      service: () => ({ nom: 'Service d’essai', demonstration: true, enDirect: true, ...relie }),
    });
    c.ecrire('je suis caissière à Lille, pas cadre, personne ne me suit, je voudrais devenir aide-soignante');
    for (const bouton of BOUTONS.slice(0, -1)) c.toucher(bouton);
    if (registre === 'falc') c.ecrire('simplifier');
    c.toucher(BOUTONS.at(-1) ?? '');
    return { c, vu: JSON.stringify(c.reponses) };
  };

  it('fermé : rien n’est proposé en direct, et l’ouverture est datée', () => {
    const { vu } = formulaireAvec({
      ouverture: { ouvert: false, prochaine: { jour: '2026-11-23', heure: '09:30' } },
      noteHoraires: 'Fermé le mercredi.',
    });
    expect(vu).not.toContain('"enDirect"');
    expect(vu).toContain('Il ouvre lundi 23 novembre 2026 à 9 h 30 (heure de Paris).');
    expect(vu).toContain('Fermé le mercredi.');
  });

  it('fermé sans date connue : dit aussi', () => {
    const { vu } = formulaireAvec({ ouverture: { ouvert: false } });
    expect(vu).not.toContain('"enDirect"');
    expect(vu).toContain('je ne sais pas quand il ouvre');
  });

  it('ouvert : proposé, jusqu’à quelle heure ; horaires inconnus : proposé sans heure', () => {
    const ouvert = formulaireAvec({ ouverture: { ouvert: true, jusqua: '17:00' } }).vu;
    expect(ouvert).toContain('"enDirect"');
    expect(ouvert).toContain('ouvert aujourd’hui jusqu’à 17 h (heure de Paris)');
    const inconnu = formulaireAvec({}).vu;
    expect(inconnu).toContain('"enDirect"');
    expect(inconnu).not.toMatch(/ouvert|fermé|heure de Paris/);
  });

  it('coché juste avant la fermeture : l’accord tient', () => {
    const { c } = formulaireAvec({
      ouverture: { ouvert: false, prochaine: { jour: '2026-11-23', heure: '09:00' } },
    });
    c.toucher('Envoyer', { telephone: '06 12 34 56 78', consentement: 'true', enDirect: 'true' });
    expect(c.transmis).toMatchObject([
      { consentement: { enDirect: expect.stringContaining('peut aussi me répondre ici') } },
    ]);
  });
});

describe('l’accord pour lire la conversation, au moment d’envoyer', () => {
  const ETAPES = [
    'Oui, qui peut m’accompagner ?',
    'Je choisis Avenir Actifs Hauts-de-France',
    'Oui, préparer mon document',
  ];
  const jusquauFormulaire = (phrase: string, lignes: Record<string, unknown> = {}): Conversation => {
    const c = new Conversation(contexte);
    c.ecrire(`${phrase}, pas cadre, personne ne me suit, je voudrais devenir aide-soignante`);
    if (c.boutons.includes('Je préfère ne pas répondre')) c.toucher('Je préfère ne pas répondre');
    for (const bouton of ETAPES) c.toucher(bouton);
    c.toucher('L’envoyer à Avenir Actifs Hauts-de-France', lignes);
    return c;
  };
  const envoyer = (c: Conversation, saisies: Record<string, unknown>) =>
    c.toucher('Envoyer', { telephone: '06 12 34 56 78', consentement: 'true', ...saisies });

  it('n’est jamais coché d’avance, et n’est gardé que si la personne le coche', () => {
    const sans = jusquauFormulaire('je suis caissière à Lille');
    const boite = sans.reponses
      .flatMap((r) => r.carte?.blocs ?? [])
      .find((b) => b.type === 'case' && b.id === 'conversation');
    expect(boite).toMatchObject({ cochee: false, libelle: expect.stringContaining('Service d’essai') });
    expect(sans.dit).toContain('ne sont pas montrés ; il peut en manquer');
    envoyer(sans, {});
    expect(JSON.stringify(sans.transmis)).not.toContain('conversation"');
    const avec = jusquauFormulaire('je suis caissière à Lille');
    envoyer(avec, { conversation: 'true' });
    expect(avec.transmis).toMatchObject([
      {
        consentement: {
          conversation: {
            sante: false,
            texte: expect.stringContaining('30 jours après mon dernier message'),
          },
        },
      },
    ]);
  });

  it('suit le choix fait pour le document : la santé gardée, il le dit et le garde', () => {
    const c = jusquauFormulaire('je suis caissière à Lille, enceinte et en arrêt maladie', {
      'ligne:suspension': 'true',
    });
    expect(c.dit).toContain('de ma santé ou d’un handicap est montré aussi');
    envoyer(c, { conversation: 'true' });
    expect(c.transmis).toMatchObject([{ consentement: { conversation: { sante: true } } }]);
  });
});

describe('à l’accueil, saisi par un conseiller', () => {
  it('personne ne lirait de réponse dans la conversation : ce n’est ni proposé, ni pris', () => {
    const c = new Conversation(contexte);
    c.ecrire('je suis caissière à Lille, pas cadre, personne ne me suit, je voudrais devenir aide-soignante');
    for (const bouton of [
      'Je préfère ne pas répondre',
      'Oui, qui peut m’accompagner ?',
      'Je choisis Avenir Actifs Hauts-de-France',
      'Oui, préparer mon document',
    ])
      c.toucher(bouton);
    const formulaire = (dossier: Dossier) =>
      JSON.stringify(jouer(dossier, valeur({ action: 'preparer-envoi' })).reponses);
    const assiste = appliquer(c.dossier, {
      type: 'accueil-assiste',
      nom: 'Léa',
      mode: 'guichet',
      accord: { le: 1, texte: 'oui' },
    });
    expect(formulaire(c.dossier)).toContain('"enDirect"');
    expect(formulaire(c.dossier)).toContain('"conversation"');
    expect(formulaire(assiste)).not.toContain('"conversation"');
    expect(formulaire(assiste)).not.toContain('"enDirect"');
    const envoi = jouer(
      jouer(assiste, valeur({ action: 'preparer-envoi' })).dossier,
      valeur({ action: 'envoyer', telephone: '06 12 34 56 78', consentement: true, enDirect: true }),
    );
    expect(envoi.effet?.type).toBe('transmettre');
    expect(JSON.stringify(envoi.effet)).not.toContain('enDirect');
  });
});

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

  it.each(['effacer', 'effacez tout', 'Supprimer !'])('« %s » est un ordre donné au programme', (texte) => {
    expect(jouer(enEchange(), { type: 'texte', texte }).dossier.question).toBe('confirmer-effacer');
  });
  it.each([
    'je voudrais effacer mon passé',
    'je peux supprimer mon cv ?',
    'recommencer',
    'aide',
    'conseiller',
  ])('« %s » est dit au conseiller : l’assistant se tait', (texte) => {
    expect(jouer(enEchange(), { type: 'texte', texte })).toMatchObject({ reponses: [], evenements: [] });
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
