import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repererLieux } from '../../../knowledge/langage/lieux.ts';
import { commune, communes } from '../../../knowledge/territoire/index.ts';

describe('la commune est certaine', () => {
  it.each([
    ['je suis caissière à Lille, j’en peux plus, je voudrais devenir aide-soignante', '59350'],
    ['caissière à Lille, RQTH, je veux devenir aide-soignante', '59350'],
    ['cadre + RQTH, Grenoble, au chômage depuis mars', '38185'],
    ['cadre à nantes', '44109'],
    ['19 ans sans diplôme charleville mezieres', '08105'],
    ['g 19 ans jai pas de diplome chui a charleville-mézière', '08105'],
    ['demandeur d’emploi handicapé à Tarbes', '65440'],
    ['infirmière à l’hôpital public de Tours', '37261'],
    ['je suis infirmiere a tours', '37261'],
    ['retraité, je cherche quelques heures à La Rochelle', '17300'],
    ['j’habite au Mans', '72181'],
    ['je vis aux Abymes', '97101'],
    ['Je viens du Havre', '76351'],
    ['j habite le havre', '76351'],
    ['j’habite à Paris 13e', '75056'],
    ['je suis sur Lyon 3', '69123'],
    ['dans le 13e arrondissement de Paris', '75056'],
    ['Marseille 8ème', '13055'],
    ['jabite a lile', '59350'],
    ['je travaille à Vileurbanne', '69266'],
    ['caissiere a montpelier', '34172'],
    ['J’habite St-Étienne', '42218'],
    ['je vis à saint etiene', '42218'],
    ['j’habite à Sens', '89387'],
    ['je suis d’Orange (84)', '84087'],
    ['84100 Orange', '84087'],
    ['habitante de Nancy', '54395'],
    ['je travaille à Lens', '62498'],
    ['j’habite à Mâcon', '71270'],
    ['j’habite Saint-Denis 93', '93066'],
    ['j’habite à Saint-Denis, dans le 974', '97411'],
    ['j’habite à Saint-Denis de La Réunion', '97411'],
    ['JE SUIS AU CHOMAGE A ROUBAIX', '59512'],
    ['je suis près de Valenciennes', '59606'],
    ['vers Dunkerque', '59183'],
    ['59000', '59350'],
    ['j’habite 35000 Rennes', '35238'],
    ['Équeurdreville-Hainneville', '50129'],
    ['j’habite à Nouméa', '98818'],
    ['j’habite à Arras et je travaille à Lille', '62041'],
    ['pas loin de Lille', '59350'],
    ['j’habite à L’Haÿ-les-Roses', '94038'],
    ['j habite a lhay les roses', '94038'],
    ['je suis à Villeneuve dascq', '59009'],
    ['j’habite à <b>Lille</b>', '59350'],
    ['je vis à Li\u200Blle', '59350'],
    ['Je suis à Y, dans la Somme', '80829'],
    ['toulouse cdi ingénieur', '31555'],
    ['aide soignante Bordeaux', '33063'],
    ['originaire de Brest, je vis maintenant à Toulon', '83137'],
    ['j’habitais à Lyon, et maintenant à Dijon', '21231'],
    ['St Pierre Réunion', '97416'],
    ['cuisinier tolouse', '31555'],
    ['j’habite boulevard de Strasbourg à Toulon', '83137'],
    ['Saint-Denis 93200', '93066'],
    ['les sables d’olonne', '85194'],
  ])('%s', (phrase, code) => {
    const lu = repererLieux(phrase);
    expect(lu.commune).toBe(code);
    expect(lu.communes).toEqual([]);
    expect(lu.departement).toBe(commune(code)?.departement);
    expect(lu.region).toBe(commune(code)?.region);
  });
});

describe('il n’y a pas de lieu', () => {
  it.each([
    'je travaille à temps plein',
    'je suis à mi-temps en CDI',
    'je suis inscrit à Pôle emploi',
    'je travaille à la mairie',
    'je suis à mon compte',
    'il travaille à son compte',
    'je travaille à Leclerc',
    'je suis caissier à Carrefour',
    'je bosse à Lidl',
    'je suis maçon',
    'je suis macon depuis 10 ans',
    'je travaille chez Orange',
    'mon patron a changé',
    'on m’a viré',
    'j’ai eu un accident',
    'il a plu',
    'je m’appelle Nancy',
    'M. Martin m’a renvoyé',
    'je gagne 30000 euros par an',
    'j’ai 59 ans',
    'je travaille 35 heures',
    'depuis mars 2024',
    'à long terme',
    'à partir de mars',
    'je suis agent territorial',
    'je suis agen de securite',
    'je n’ai pas le sens des affaires',
    'les tours de garde sont trop longs',
    'j’ai mal au dos',
    'je veux aller à la mer',
    'je suis en CDI',
    'je veux évoluer à un poste de cadre',
    'je suis à bout',
    'je voudrais faire une formation à distance',
    'je travaille à domicile',
    'je pense à publier un livre',
    'j’habite rue de Paris',
    'je vais à la réunion d’information',
    'qui vienne m’aider',
    'j’en peux plus',
    'je suis prêt à travailler',
    'je cherche un emploi à l’accueil',
    'je sais pas quoi faire',
    'je ne suis pas à Lille',
    'je suis dans la restauration',
    'je travaille au bar du port',
    'mdr cv ?',
    '',
    '😀😀',
    'j’ai touché la somme de 300 euros',
    'un lot de problèmes',
    'cela coûte cher',
    'je suis dans le bâtiment',
    'j’aurai 26 ans en juin',
    'je suis cadre',
    'j’ai un CAP',
    'on m’a dit d’aller à Cap emploi',
    'un boulot dans la vente',
    'j’ai fait une demande à la CAF',
    'je suis au RSA',
    'ma pension est petite',
    'je travaille sur les marchés',
    'c’est difficile à lire',
    'je travaille en Suisse',
    'la loi 2025-989',
    'la fiche F32700',
    'j’hésite entre deux métiers',
    'je suis dans les travaux publics',
  ])('%s', (phrase) => {
    const lu = repererLieux(phrase);
    expect([lu.commune, lu.communes, lu.departement, lu.region]).toEqual([null, [], undefined, undefined]);
  });
});

describe('départements, régions et noms de tous les jours', () => {
  it.each([
    ['je cherche dans le 59', '59', '32'],
    ['je suis du 93', '93', '11'],
    ['j’habite le 31', '31', '76'],
    ['en Corse du Sud', '2A', '94'],
    ['2A', '2A', '94'],
    ['je suis dans le 2b', '2B', '94'],
    ['département 44', '44', '52'],
    ['dept 75', '75', '11'],
    ['région 59', '59', '32'],
    ['je vis en Gironde', '33', '75'],
    ['j’habite dans le Lot', '46', '76'],
    ['je suis dans la Somme', '80', '32'],
    ['dans l’Ain', '01', '84'],
    ['en Mayenne', '53', '52'],
    ['dans les Landes', '40', '75'],
    ['je vis en Martinique', '972', '02'],
    ['je suis à la Réunion', '974', '04'],
    ['j’habite dans le 974', '974', '04'],
    ['en région lyonnaise', '69', '84'],
    ['j’habite dans le Nord', '59', '32'],
    ['Haute-Savoie', '74', '84'],
  ])('%s : département %s', (phrase, departement, region) => {
    expect(repererLieux(phrase)).toMatchObject({ commune: null, communes: [], departement, region });
  });

  it.each([
    ['je suis en région parisienne', '11'],
    ['je cherche en PACA', '93'],
    ['je suis ch’ti', '32'],
    ['j’habite en Bretagne', '53'],
    ['je suis breton', '53'],
    ['dans les Hauts-de-France', '32'],
    ['en Alsace', '44'],
    ['Île de France', '11'],
    ['je vis en Nouvelle-Calédonie', '988'],
  ])('%s : région %s', (phrase, region) => {
    expect(repererLieux(phrase)).toMatchObject({ commune: null, communes: [], region });
  });

  it('laisse « région 44 » à lever : Grand Est ou Loire-Atlantique', () => {
    expect(repererLieux('je suis dans la région 44')).toEqual({
      commune: null,
      communes: [],
      mots: 'région 44',
    });
  });

  it.each(['je suis dans le Sud-Ouest', 'dans le sud', 'aux Antilles'])('« %s » est trop vague', (phrase) => {
    const lu = repererLieux(phrase);
    expect([lu.commune, lu.communes, lu.departement, lu.region]).toEqual([null, [], undefined, undefined]);
    expect(lu.mots).toBeTruthy();
  });

  it('« en Mayenne » est le département, « à Mayenne » la ville', () => {
    expect(repererLieux('à Mayenne').commune).toBe('53147');
    expect(repererLieux('en Mayenne').commune).toBeNull();
  });
});

describe('plusieurs lieux possibles : jamais de choix silencieux', () => {
  it('Saint-Denis est en Seine-Saint-Denis ou à La Réunion', () => {
    const lu = repererLieux('j’habite à Saint-Denis');
    expect(lu.commune).toBeNull();
    expect([...lu.communes].slice(0, 2).sort()).toEqual(['93066', '97411']);
  });

  it('Sainte-Colombe a douze homonymes', () =>
    expect(repererLieux('je vis à Sainte-Colombe').communes).toHaveLength(12));

  it('Clermont peut être Clermont-Ferrand', () => {
    const lu = repererLieux('je suis à Clermont');
    expect(lu.commune).toBeNull();
    expect(lu.communes[0]).toBe('63113');
    expect(lu.communes).toContain('60157');
  });

  it('un code postal partagé donne toutes ses communes, et leur département', () => {
    const lu = repererLieux('51300');
    expect(lu.communes).toHaveLength(46);
    expect(lu).toMatchObject({ commune: null, departement: '51', region: '44' });
  });

  it('le nom et le code postal ensemble décident', () =>
    expect(repererLieux('51300 Vitry-le-François').commune).toBe('51649'));

  it('deux villes citées sans dire où l’on vit', () => {
    const lu = repererLieux('je cherche un poste à Lyon ou à Grenoble');
    expect(lu.commune).toBeNull();
    expect(lu.communes).toEqual(['69123', '38185']);
  });

  it('suppose une commune au moins vingt fois plus peuplée que ses homonymes', () => {
    expect(repererLieux('je vis à Marseille').commune).toBe('13055');
    expect(repererLieux('je suis à Charleville').commune).toBe('08105');
  });
});

describe('la réponse à « dans quelle commune ? »', () => {
  const question = 'commune';
  it.each([
    ['Sens', '89387'],
    ['tours', '37261'],
    ['lens', '62498'],
    ['lile', '59350'],
    ['orange', '84087'],
    ['mer', '41136'],
    ['au mans', '72181'],
    ['bin je suis à Nancy', '54395'],
    ['59000', '59350'],
    ['charleville mezière', '08105'],
    ['paris 13', '75056'],
    ['la rochele', '17300'],
  ])('« %s »', (reponse, code) => expect(repererLieux(reponse, { question }).commune).toBe(code));

  it('offre les noms les plus proches quand rien ne convient', () => {
    const lu = repererLieux('Trifouilly-les-Oyes', { question });
    expect(lu.commune).toBeNull();
    const proches = repererLieux('chalon sur soone', { question });
    expect(proches.commune ?? proches.communes[0]).toBe('71076');
  });

  it('un numéro seul est un département', () =>
    expect(repererLieux('59', { question })).toMatchObject({ commune: null, departement: '59' }));

  it.each(['je sais pas', 'non', 'pourquoi ?', 'aide', 'peu importe'])(
    '« %s » n’est pas un lieu',
    (reponse) => expect(repererLieux(reponse, { question })).toEqual({ commune: null, communes: [] }),
  );

  it('retrouve chaque commune de plus de 3 000 habitants par son nom et son code postal', () => {
    const perdues = communes()
      .filter((c) => c.population > 3_000 && c.codesPostaux.length > 0)
      .filter((c) => repererLieux(`${c.codesPostaux[0] ?? ''} ${c.nom}`, { question }).commune !== c.code);
    expect(perdues.map((c) => `${c.codesPostaux[0] ?? ''} ${c.nom}`)).toEqual([]);
  });
});

describe('partout en France', () => {
  const villes = communes().filter((c) => c.population >= 10_000);

  it('« j’habite à… » retrouve toutes les villes de plus de 10 000 habitants', () => {
    const perdues = villes.filter((c) => {
      const lu = repererLieux(
        `${c.nom.startsWith('Le ') || c.nom.startsWith('Les ') ? 'j’habite' : 'j’habite à'} ${c.nom}`,
      );
      return lu.commune !== c.code && !lu.communes.includes(c.code);
    });
    expect(perdues.map((c) => c.nom)).toEqual([]);
  });

  it('une lettre oubliée : la bonne ville, ou parmi les candidates, neuf fois sur dix', () => {
    const longues = villes.filter((c) => c.nom.length >= 6 && !/[ ’'-]/.test(c.nom));
    const trouvees = longues.filter((c) => {
      const faute = c.nom.slice(0, 3) + c.nom.slice(4);
      const lu = repererLieux(`je vis a ${faute.toLowerCase()}`);
      return lu.commune === c.code || lu.communes.includes(c.code);
    });
    expect(trouvees.length / longues.length).toBeGreaterThan(0.9);
  });
});

describe('robustesse', () => {
  it('ne rend que des codes connus, sur n’importe quel texte', () => {
    const morceaux = fc.constantFrom(
      'à',
      'Lille',
      '59000',
      'au',
      'Mans',
      'St',
      'Denis',
      '2A',
      'dans le',
      '44',
      'région',
      'rue de',
      'j’habite',
      '(59)',
      '.',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(morceaux, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 20 }),
        (mots) => {
          const lu = repererLieux(mots.join(' '));
          for (const c of [...lu.communes, ...(lu.commune === null ? [] : [lu.commune])])
            expect(commune(c)?.code).toBe(c);
          expect(lu.commune === null || lu.communes.length === 0).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('100 ko de texte hostile rendent une réponse bien formée', () => {
    for (const texte of [
      'à saint '.repeat(12_500),
      'a'.repeat(100_000),
      '5'.repeat(100_000),
      'j’habite à xqzhjkml '.repeat(5_000),
    ]) {
      const lu = repererLieux(texte);
      expect(lu.commune).toBeNull();
      expect(Array.isArray(lu.communes)).toBe(true);
    }
  });
});
