import { describe, expect, it } from 'vitest';
import { comprendre } from '../../../knowledge/langage/index.ts';

const lire = (texte: string) => comprendre(texte, { le: '2026-11-21' });

describe('la politesse', () => {
  it.each([
    ['Bonjour !', 'salut'],
    ['bjr', 'salut'],
    ['slt cc', 'salut'],
    ['coucou ça va ?', 'salut'],
    ['Bonjour, comment allez-vous ?', 'salut'],
    ['bonsoir madame', 'salut'],
    ['Il y a quelqu’un ?', 'presence'],
    ['allo', 'presence'],
    ['merci beaucoup', 'merci'],
    ['je vous remercie', 'merci'],
    ['Super, merci !', 'merci'],
    ['ok merci, bonne journée', 'adieu'],
    ['au revoir', 'adieu'],
    ['je dois y aller', 'adieu'],
    ['bonjour, j’ai une question', 'ecoute'],
    ['je voudrais des renseignements svp', 'ecoute'],
    ['j’aurais besoin d’aide', 'ecoute'],
    ['je ne sais pas par où commencer', 'ecoute'],
    ['d’accord, très bien', 'accord'],
    ['attendez une minute', 'patience'],
    ['je reviens', 'patience'],
    ['ça m’aide pas', 'plainte'],
    ['vous servez à rien', 'plainte'],
    ['c’est nul', 'plainte'],
    ['laisse tomber', 'adieu'],
    ['je veux arrêter', 'arret'],
    ['vous êtes gentil', 'merci'],
    ['👋', 'salut'],
    ['🙏🏽', 'merci'],
  ])('« %s » : %s, et aucune demande prêtée', (texte, civilite) => {
    const lu = lire(texte);
    expect(lu.civilite).toBe(civilite);
    expect(lu.demande).toBeUndefined();
    expect(lu.faq).toBeUndefined();
  });

  it.each([
    'merci de me dire qui contacter',
    'bonjour je veux devenir aide-soignante',
    'ça va pas du tout au travail',
    'j’ai besoin d’aide pour financer une formation',
    'au revoir patron, je démissionne',
    'salut, je suis au chômage à Lens',
    'je voudrais des renseignements sur la VAE',
    'je dois partir de mon entreprise avant juin',
    'laisse tomber la vente, je veux autre chose',
    'attendez, je suis aussi inscrite à France Travail',
    'mon chef est nul',
  ])('« %s » dit autre chose', (texte) => {
    expect(lire(texte).civilite).toBeUndefined();
  });

  it('lit le pouce levé ou baissé comme une réponse', () => {
    expect(comprendre('👍🏾', { le: '2026-11-21', question: 'cadre' }).profil).toEqual({ cadre: 'oui' });
    expect(comprendre('👎', { le: '2026-11-21', question: 'cadre' }).profil).toEqual({ cadre: 'non' });
    expect(lire('🙂🙂').vide).toBe(true);
  });

  it('ne prend pas la place d’une réponse ni d’une commande', () => {
    expect(comprendre('oui merci', { le: '2026-11-21', question: 'cadre' })).toMatchObject({
      profil: { cadre: 'oui' },
    });
    expect(comprendre('oui merci', { le: '2026-11-21', question: 'cadre' }).civilite).toBeUndefined();
    expect(lire('aide').commande).toBe('aide');
  });
});

describe('dire qui l’on est', () => {
  it.each([
    'bonjour je suis infirmière',
    'je suis serveur à Lyon',
    'Je m’appelle Marie, j’ai 29 ans, je suis en CDI à Rennes',
    'je suis au RSA',
    'aide soignante',
    'je suis caissière à Lille depuis 10 ans',
  ])('« %s » ne dit rien de ce que l’on veut', (texte) => {
    const lu = lire(texte);
    expect(lu.demande).toBeUndefined();
    expect(lu.situation).toBe(true);
  });

  it.each([
    ['je suis infirmière et je veux changer de métier', 'changer-de-metier'],
    ['je suis caissière à Lille, j’en peux plus, je voudrais être aide-soignante', 'changer-de-metier'],
    ['j’ai 45 ans, je cherche du travail à Nantes', 'trouver-un-emploi'],
  ])('« %s » le dit', (texte, demande) => {
    expect(lire(texte).demande).toBe(demande);
  });
});

describe('les mots que la lecture changeait', () => {
  it.each([
    ['j’ai fait un AVC', { demande: 'sante-handicap' }],
    ['je voudrais parler à quelqu’un', { commande: 'conseiller' }],
    ['vous pouvez me rappeler ?', { commande: 'conseiller' }],
    ['donnez-moi le numéro', { commande: 'conseiller' }],
    ['en fait j’ai changé d’avis', { commande: 'corriger' }],
    ['c’est pas ce que j’ai dit', { commande: 'corriger' }],
    ['c’est quoi le C2P ?', { faq: 'c2p' }],
    ['mon chef commente mes fesses', { alerte: 'harcelement' }],
    ['il m’envoie des messages sexuels la nuit', { alerte: 'harcelement' }],
    ['il m’a jeté par terre', { alerte: 'violence' }],
    ['mon mari voulait me frapper', { alerte: 'violence' }],
  ])('« %s »', (texte, attendu) => {
    expect(lire(texte)).toMatchObject(attendu);
  });

  it('restent ce qu’ils sont', () => {
    expect(comprendre('n’importe où', { le: '2026-11-21', question: 'mobilite' }).profil).toHaveProperty(
      'mobilite',
    );
    expect(
      comprendre('pas pour l’instant', { le: '2026-11-21', question: 'inscritFranceTravail' }).profil,
    ).toEqual({
      inscritFranceTravail: 'non',
    });
  });
});
