import { describe, expect, it } from 'vitest';
import {
  conclureEffet,
  jouerProposition,
  jouerTour,
  type Contexte,
  type HeuresDuService,
  type PropositionSuivi,
  type Tour,
} from '../../dialogs/index.ts';
import { appliquer, rejouer, type Dossier } from '../../knowledge/dossier/index.ts';
import { contexteDEssai } from '../support/transcript.ts';

const LE = 1_795_000_000_000;
const PROPOSITION: PropositionSuivi = {
  le: LE,
  service: 'Avenir Actifs d’essai',
  destination: 'Apec d’essai',
  contact: '0 809 361 212',
  motif: 'autre-operateur-plus-adapte',
  mots: 'Vous êtes **cadre** <b>.',
  relie: { nom: 'Apec d’essai', enDirect: true },
  sante: true,
};
const base = contexteDEssai('2026-11-21', true);
const avec = (p: Partial<PropositionSuivi> = {}): Contexte => ({
  ...base,
  suivi: { proposition: { ...PROPOSITION, ...p } },
});
const envoye = (): Dossier =>
  rejouer([{ type: 'transmission', etat: 'envoyee', service: 'Avenir Actifs d’essai' }]);
const repondre = (
  dossier: Dossier,
  reponse: string,
  contexte: Contexte,
  autres: Record<string, unknown> = {},
): Tour =>
  jouerTour(
    dossier,
    { type: 'valeur', valeur: { action: 'reorientation', le: LE, reponse, ...autres } },
    contexte,
  );
const dits = (tour: Tour): string => tour.reponses.map((r) => r.texte).join('\n');
/** The proposal, shown in answer to what the person wrote: what they type next is about it. */
const montrer = (dossier: Dossier, contexte: Contexte): Dossier =>
  jouerTour(dossier, { type: 'texte', texte: 'où en est ma demande ?' }, contexte).dossier;
const cases = (tour: Tour): string[] =>
  tour.reponses.flatMap((r) =>
    (r.carte?.blocs ?? []).flatMap((b) => (b.type === 'case' ? [`${b.id}:${b.cochee}`] : [])),
  );

describe('une proposition d’être suivi ailleurs, dans la conversation', () => {
  it('se dit une fois, avec sa raison en mots simples, les mots du conseiller cités, et trois réponses', () => {
    for (const registre of ['standard', 'falc'] as const) {
      const dossier = appliquer(envoye(), { type: 'registre', registre });
      const tour = jouerProposition(dossier, avec());
      expect(tour.reponses).toHaveLength(1);
      const [r] = tour.reponses;
      expect(r?.texte).toContain('Apec d’essai');
      expect(r?.texte).toMatch(/accompagne les personnes dans votre situation|aide les personnes comme vous/);
      // Typed by somebody: only ever quoted, never a sentence of ours.
      expect(r?.texte).not.toContain('cadre');
      expect(r?.citation).toBe('Vous êtes **cadre** <b>.');
      expect(r?.carte?.actions).toHaveLength(3);
      expect(cases(tour)).toEqual(['sante:false', 'enDirect:false', 'conversation:false']);
      expect(jouerProposition(tour.dossier, avec()).reponses).toEqual([]);
      // A new one, made since, is another one.
      expect(jouerProposition(tour.dossier, avec({ le: LE + 1 })).reponses).toHaveLength(1);
    }
  });

  it('se dit aussi au premier message qui suit, et revient avec « où en est ma demande ? »', () => {
    const premier = jouerTour(envoye(), { type: 'texte', texte: 'bonjour' }, avec());
    expect(premier.reponses[0]?.texte).toContain('Apec d’essai');
    const plusTard = repondre(premier.dossier, 'plus-tard', avec());
    expect(plusTard.effet).toBeUndefined();
    expect(dits(plusTard)).toContain('rien ne bouge');
    expect(plusTard.dossier.reorientation).toEqual({ le: LE, etat: 'plus-tard' });
    const autre = jouerTour(plusTard.dossier, { type: 'texte', texte: 'c’est payant ?' }, avec());
    expect(dits(autre)).not.toContain('Apec d’essai');
    const suivi = jouerTour(autre.dossier, { type: 'texte', texte: 'où en est ma demande ?' }, avec());
    expect(cases(suivi)).toContain('enDirect:false');
  });

  it('oui : les accords sont redemandés au nom du nouveau service, et gardés mot pour mot', () => {
    const dossier = appliquer(envoye(), { type: 'echange-accord', accord: 'non' });
    const tour = repondre(dossier, 'oui', avec(), { sante: 'true', enDirect: 'true', conversation: 'true' });
    expect(tour.effet).toMatchObject({
      type: 'reorienter',
      proposition: { le: LE },
      reponse: {
        accord: true,
        garderSante: true,
        consentement: {
          texte:
            'J’accepte que mon document, mes coordonnées et mes messages soient transmis à Apec d’essai. Ils y sont gardés 12 mois après la fin de ma demande, et effacés avant si personne ne la suit pendant 90 jours. Avenir Actifs d’essai ne les aura plus.',
          destinataire: 'Apec d’essai',
          enDirect: expect.stringContaining(
            '(Apec d’essai), si elle est disponible, peut aussi me répondre ici',
          ),
          conversation: { sante: true, texte: expect.stringContaining('Apec d’essai') },
        },
      },
    });
    if (tour.effet === undefined) throw new Error('sans effet');
    const fin = conclureEffet(tour.dossier, tour.effet, true, avec());
    expect(dits(fin)).toContain('votre demande est maintenant chez Apec d’essai');
    expect(fin.dossier.transmission).toEqual({ etat: 'envoyee', service: 'Apec d’essai' });
    expect(fin.dossier.accordEchange).toBe('oui');
    expect(fin.reponses.some((r) => r.passage?.service === 'Apec d’essai')).toBe(true);
    const rate = conclureEffet(tour.dossier, tour.effet, false, avec());
    expect(dits(rate)).toContain('Rien n’a été envoyé');
    expect(rate.dossier.transmission?.service).toBe('Avenir Actifs d’essai');
  });

  it('rien de coché : rien n’est repris de l’ancien service, et la santé ne part pas', () => {
    const tour = repondre(envoye(), 'oui', avec());
    expect(tour.effet).toMatchObject({ reponse: { accord: true, garderSante: false } });
    expect(JSON.stringify(tour.effet)).not.toMatch(/"enDirect":"|"conversation":\{/);
  });

  it('ce qui n’était pas proposé n’est pas pris, même posté de force', () => {
    const force = { sante: 'true', enDirect: 'true', conversation: 'true' };
    const sourd = repondre(envoye(), 'oui', avec({ relie: { nom: 'Apec d’essai', enDirect: false } }), force);
    expect(JSON.stringify(sourd.effet)).not.toContain('"enDirect":"');
    const assiste = appliquer(envoye(), {
      type: 'accueil-assiste',
      nom: 'Léa',
      mode: 'guichet',
      accord: { le: 1, texte: 'oui' },
    });
    expect(JSON.stringify(repondre(assiste, 'oui', avec(), force).effet)).not.toMatch(
      /"enDirect":"|"conversation":\{/,
    );
    const { relie: _, ...nue } = PROPOSITION;
    const sans = repondre(envoye(), 'oui', { ...base, suivi: { proposition: nue } }, force);
    expect(JSON.stringify(sans.effet)).not.toMatch(/"enDirect":"|"conversation":\{/);
  });

  it('écrite sous la proposition : les mêmes mots gardés, aucune case cochée, et c’est dit', () => {
    for (const registre of ['standard', 'falc'] as const) {
      const dossier = appliquer(envoye(), { type: 'registre', registre });
      const montree = montrer(dossier, avec());
      const bouton = repondre(montree, 'oui', avec());
      const tour = jouerTour(montree, { type: 'texte', texte: 'Oui !' }, avec());
      expect(tour.effet).toEqual(bouton.effet);
      expect(JSON.stringify(tour.effet)).not.toMatch(/"enDirect":"|"conversation":\{/);
      expect(tour.effet).toMatchObject({ reponse: { accord: true, garderSante: false } });
      expect(dits(tour).match(/^- /gm)).toHaveLength(3);
      expect(dits(bouton)).toBe('');
      // No box shown, nothing to say of boxes.
      const { relie: _, ...nue } = PROPOSITION;
      const sans = { ...base, suivi: { proposition: nue } };
      const nu = jouerTour(montrer(dossier, sans), { type: 'texte', texte: 'oui' }, sans);
      expect(nu.effet).toMatchObject({ reponse: { accord: true } });
      expect(dits(nu)).toBe('');
    }
  });

  it('écrite, elle ne vaut que pour la dernière question posée, et pour la proposition montrée', () => {
    const montree = montrer(envoye(), avec());
    const ecrire = (dossier: Dossier, texte: string, contexte: Contexte = avec()): Tour =>
      jouerTour(dossier, { type: 'texte', texte }, contexte);
    expect(ecrire(montree, 'non').effet).toMatchObject({ reponse: { accord: false } });
    expect(ecrire(montree, 'je répondrai plus tard').dossier.reorientation?.etat).toBe('plus-tard');
    for (const autre of [
      'oui mais pas ma santé',
      'pourquoi pas',
      'non mais oui',
      'c’est payant ?',
      'ok bof',
    ]) {
      const tour = ecrire(montree, autre);
      expect(tour.effet, autre).toBeUndefined();
      expect(ecrire(tour.dossier, 'oui').effet, autre).toBeUndefined();
    }
    // Said at the top of a turn that then asks something else: « oui » is about that.
    const enTete = ecrire(envoye(), 'je cherche un travail');
    expect(enTete.reponses[0]?.texte).toContain('Apec d’essai');
    expect(ecrire(enTete.dossier, 'oui').effet).toBeUndefined();
    // Replaced since: nothing is agreed to, and the new one is asked, once.
    const remplacee = avec({ le: LE + 5, destination: 'Cap emploi d’essai' });
    const tour = ecrire(montree, 'oui', remplacee);
    expect(tour.effet).toBeUndefined();
    expect(tour.reponses.filter((r) => r.carte !== undefined)).toHaveLength(1);
    expect(ecrire(tour.dossier, 'oui', remplacee).effet).toMatchObject({ proposition: { le: LE + 5 } });
    // Another tab opened: the open question is asked again, and it is this one.
    const arrivee = jouerTour(montree, { type: 'arrivee' }, avec());
    expect(arrivee.reponses).toHaveLength(1);
    expect(ecrire(arrivee.dossier, 'oui').effet).toBeDefined();
    // Answered on the other page meanwhile: said once, and nothing is done twice.
    const reponse = { le: LE, accord: true, service: 'A', destination: 'Apec d’essai', contact: '' };
    const ailleurs = { ...base, suivi: { reponse: { ...reponse, relie: true, enDirect: false } } };
    const deja = ecrire(montree, 'oui', ailleurs);
    expect(deja.effet).toBeUndefined();
    expect(dits(deja).match(/maintenant chez/g)).toHaveLength(1);
    // While somebody else holds the conversation, the words are theirs.
    const echange = {
      type: 'echange-ouvert',
      conseiller: { id: 'c', nom: 'Camille' },
      service: 'S',
    } as const;
    const pendant = jouerProposition(appliquer(envoye(), echange), avec()).dossier;
    expect(ecrire(pendant, 'oui').effet).toBeUndefined();
  });

  it('venue d’elle-même, un « oui » ou un « non » écrit la montre à nouveau : il répondait peut-être à autre chose', () => {
    for (const [mot, accord] of [
      ['oui', true],
      ['d’accord', true],
      ['non', false],
    ] as const) {
      // A question was open when the proposal came; the answer to it was on its way.
      const question = jouerTour(envoye(), { type: 'texte', texte: 'je cherche un travail' }, base).dossier;
      const venue = jouerProposition(question, avec()).dossier;
      const croise = jouerTour(venue, { type: 'texte', texte: mot }, avec());
      expect(croise.effet, mot).toBeUndefined();
      expect(croise.dossier.reorientation).toEqual({ le: LE, etat: 'montree' });
      expect(dits(croise)).toContain('Rien n’a bougé');
      expect(croise.reponses.filter((r) => r.carte !== undefined)).toHaveLength(1);
      // Read now, and answered: once is enough.
      const ensuite = jouerTour(croise.dossier, { type: 'texte', texte: mot }, avec());
      expect(ensuite.effet, mot).toMatchObject({ reponse: { accord } });
    }
    const venue = jouerProposition(envoye(), avec()).dossier;
    // The button names what it answers.
    expect(repondre(venue, 'oui', avec()).effet).toMatchObject({ reponse: { accord: true } });
    const tard = jouerTour(venue, { type: 'texte', texte: 'plus tard' }, avec());
    expect(tard.dossier.reorientation?.etat).toBe('plus-tard');
    // Shown again, in another tab too, it is what the person has before their eyes.
    const arrivee = jouerTour(venue, { type: 'arrivee' }, avec());
    expect(jouerTour(arrivee.dossier, { type: 'texte', texte: 'oui' }, avec()).effet).toBeDefined();
  });

  it('la case de la réponse en direct suit les horaires du nouveau service, comme à l’envoi', () => {
    const relie = (heures: object) => avec({ relie: { nom: 'Apec d’essai', enDirect: true, ...heures } });
    const ouvert = jouerProposition(
      envoye(),
      relie({ ouverture: { ouvert: true, jusqua: '17:00' }, fuseau: 'Indian/Reunion' }),
    );
    expect(cases(ouvert)).toContain('enDirect:false');
    expect(JSON.stringify(ouvert.reponses)).toContain('jusqu’à 17 h (heure de La Réunion)');
    const ferme = relie({
      ouverture: { ouvert: false, prochaine: { jour: '2026-11-23', heure: '09:00' } },
      noteHoraires: 'Sur rendez-vous le lundi.',
    });
    const montree = jouerProposition(envoye(), ferme);
    expect(cases(montree)).toEqual(['sante:false', 'conversation:false']);
    expect(JSON.stringify(montree.reponses)).toContain(
      'Il ouvre lundi 23 novembre 2026 à 9 h (heure de Paris)',
    );
    expect(JSON.stringify(montree.reponses)).toContain('Sur rendez-vous le lundi.');
    // Closed, it had no box: a typed « oui » does not speak of one.
    const ecrit = jouerTour(montrer(envoye(), ferme), { type: 'texte', texte: 'oui' }, ferme);
    expect(ecrit.effet).toBeDefined();
    expect(dits(ecrit)).not.toContain('ne vous répondra dans cette conversation');
    // Ticked just before it closed: the agreement holds for its next opening.
    expect(repondre(montree.dossier, 'oui', ferme, { enDirect: 'true' }).effet).toMatchObject({
      reponse: { consentement: { enDirect: expect.stringContaining('Apec d’essai') } },
    });
  });

  it('quitter un échange : accepter à nouveau s’offre quand le service est ouvert, et sinon quand il ouvre', () => {
    const dossier = appliquer(envoye(), {
      type: 'echange-ouvert',
      conseiller: { id: 'c1', nom: 'Camille' },
      service: 'S',
    });
    const chez = (ouverture: NonNullable<HeuresDuService['ouverture']>): Contexte => ({
      ...base,
      suivi: { enDirect: { ouverture } },
    });
    const ouvert = chez({ ouvert: true, jusqua: '17:00' });
    const ferme = chez({ ouvert: false, prochaine: { jour: '2026-11-23', heure: '09:00' } });
    const boutons = (tour: Tour): string[] =>
      tour.reponses.flatMap((r) => r.choix ?? []).map((c) => c.libelle);
    const ACCEPTER = 'Accepter à nouveau qu’on me réponde ici';
    const quitter = (contexte: Contexte): Tour =>
      jouerTour(dossier, { type: 'valeur', valeur: { action: 'quitter-echange' } }, contexte);
    expect(boutons(quitter(ouvert))).toContain(ACCEPTER);
    const quittee = quitter(ferme);
    expect(boutons(quittee)).not.toContain(ACCEPTER);
    expect(dits(quittee)).toContain('Il ouvre lundi 23 novembre 2026 à 9 h');
    expect(dits(quittee)).toContain('où en est ma demande');
    const demander = (contexte: Contexte): Tour =>
      jouerTour(quittee.dossier, { type: 'texte', texte: 'où en est ma demande ?' }, contexte);
    expect(boutons(demander(ouvert))).toContain(ACCEPTER);
    expect(boutons(demander(ferme))).not.toContain(ACCEPTER);
    // Pressed late, on a button shown before it closed: it holds, and says from when.
    const tard = jouerTour(
      quittee.dossier,
      { type: 'valeur', valeur: { action: 'accepter-echange' } },
      ferme,
    );
    expect(tard.dossier.accordEchange).toBe('oui');
    expect(dits(tard)).toContain('Il ouvre lundi 23 novembre 2026 à 9 h');
    expect(
      boutons(jouerTour(tard.dossier, { type: 'texte', texte: 'où en est ma demande ?' }, ouvert)),
    ).not.toContain(ACCEPTER);
  });

  it('non : l’effet le dit, et rien d’autre', () => {
    const tour = repondre(envoye(), 'non', avec());
    expect(tour.effet).toMatchObject({ type: 'reorienter', reponse: { accord: false } });
    if (tour.effet === undefined) throw new Error('sans effet');
    expect(dits(conclureEffet(tour.dossier, tour.effet, true, avec()))).toContain(
      'Avenir Actifs d’essai garde votre demande',
    );
  });

  it('répondue sur l’autre page, ou par ce tour même avant un arrêt : dite une fois, refaite jamais', () => {
    const reponse = {
      le: LE,
      accord: true,
      service: 'Avenir Actifs d’essai',
      destination: 'Apec d’essai',
      contact: '',
      relie: true,
      enDirect: false,
    };
    const ailleurs: Contexte = { ...base, suivi: { reponse } };
    for (const dossier of [envoye(), jouerProposition(envoye(), avec()).dossier]) {
      const su = jouerProposition(dossier, ailleurs);
      expect(dits(su)).toContain('votre demande est maintenant chez Apec d’essai');
      expect(su.dossier.transmission?.service).toBe('Apec d’essai');
      expect(jouerProposition(su.dossier, ailleurs).reponses).toEqual([]);
    }
    const encore = repondre(envoye(), 'oui', ailleurs);
    expect(encore.effet).toBeUndefined();
    expect(dits(encore).match(/maintenant chez/g)).toHaveLength(1);
  });

  it('remplacée depuis : rien n’est fait, et la nouvelle se lit', () => {
    const tour = repondre(envoye(), 'oui', avec({ le: LE + 5, destination: 'Cap emploi d’essai' }));
    expect(tour.effet).toBeUndefined();
    expect(dits(tour)).toContain('Rien n’a été envoyé');
    expect(dits(tour)).toContain('Cap emploi d’essai');
    expect(dits(repondre(envoye(), 'oui', base))).toContain('n’existe plus');
  });

  it('sans service relié, le dit, avec qui joindre, et ne promet pas d’envoi', () => {
    const { relie: _, ...nue } = PROPOSITION;
    const contexte = { ...base, suivi: { proposition: nue } };
    const tour = jouerProposition(envoye(), contexte);
    expect(cases(tour)).toEqual([]);
    expect(JSON.stringify(tour.reponses)).toContain('Aucun envoi n’est possible');
    const oui = repondre(tour.dossier, 'oui', contexte);
    if (oui.effet === undefined) throw new Error('sans effet');
    const fin = conclureEffet(oui.dossier, oui.effet, true, contexte);
    expect(dits(fin)).toContain('contactez Apec d’essai : 0 809 361 212');
    expect(fin.dossier.transmission?.etat).toBe('retiree');
  });

  it('pendant qu’une personne répond, la réponse passe, et l’assistant ne pose rien', () => {
    const dossier = appliquer(envoye(), {
      type: 'echange-ouvert',
      conseiller: { id: 'c1', nom: 'Camille' },
      service: 'S',
    });
    const tour = repondre(dossier, 'non', avec());
    if (tour.effet === undefined) throw new Error('sans effet');
    expect(conclureEffet(tour.dossier, tour.effet, true, avec()).reponses).toHaveLength(1);
  });
});

describe('l’accord pour lire la conversation', () => {
  const lue: Contexte = { ...base, suivi: { lecture: { service: 'Apec d’essai' } } };
  it('se retrouve dans « mes données » et dans le suivi, avec de quoi le retirer', () => {
    for (const texte of ['que savez-vous de moi', 'où en est ma demande ?']) {
      const tour = jouerTour(envoye(), { type: 'texte', texte }, lue);
      const boutons = tour.reponses.flatMap((r) => r.choix ?? []).map((c) => c.libelle);
      expect(boutons, texte).toContain('Ne plus laisser lire ma conversation');
      const sans = jouerTour(envoye(), { type: 'texte', texte }, base);
      expect(JSON.stringify(sans.reponses), texte).not.toContain('laisser lire');
    }
  });
  it('se retire, même pendant un échange, et le dit', () => {
    const echange = appliquer(envoye(), {
      type: 'echange-ouvert',
      conseiller: { id: 'c1', nom: 'Camille' },
      service: 'S',
    });
    for (const dossier of [envoye(), echange]) {
      const tour = jouerTour(dossier, { type: 'valeur', valeur: { action: 'retirer-lecture' } }, lue);
      expect(tour.effet).toEqual({ type: 'retirer-lecture', service: 'Avenir Actifs d’essai' });
      if (tour.effet === undefined) throw new Error('sans effet');
      expect(dits(conclureEffet(tour.dossier, tour.effet, true, lue))).toContain('ne peut plus lire');
      expect(dits(conclureEffet(tour.dossier, tour.effet, false, lue))).toContain('pas réussi');
    }
    const rien = jouerTour(rejouer([]), { type: 'valeur', valeur: { action: 'retirer-lecture' } }, base);
    expect(rien.effet).toBeUndefined();
  });
});
