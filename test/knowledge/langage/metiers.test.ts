import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deuxGenres, repererMetiers, tousLesMetiers } from '../../../knowledge/langage/metiers.ts';
import { echantillon } from '../../support/echantillons.ts';

const DIX_PARENTS = new Map([
  ['J1501', 'J1501'],
  ['D1505', 'D1505'],
  ['K1306', 'K1302'],
  ['K1310', 'K1303'],
  ['K2113', 'K2104'],
  ['A1208', 'A1203'],
  ['M1855', 'M1805'],
  ['N4112', 'N4102'],
  ['G1609', 'G1602'],
  ['I1619', 'I1607'],
]);

/** code_rome → code_rome_parent, first and last columns of the official file. */
const parentsRome = (csv: string): ReadonlyMap<string, string> =>
  new Map(
    csv
      .split(/\r?\n/)
      .slice(1)
      .filter(Boolean)
      .map((ligne) => {
        const cellules = ligne.replace(/^"|"$/g, '').split('","');
        return [cellules[0] ?? '', cellules.at(-1) ?? ''] as const;
      }),
  );

const lire = (phrase: string): string[] =>
  repererMetiers(phrase).map((m) => `${m.role} ${m.libelle} ${m.rome}`);

describe('repérer les métiers', () => {
  it.each([
    // The sentence of the main journey, and its shorter sister.
    [
      'je suis caissière à Lille, j’en peux plus, je voudrais devenir aide-soignante',
      ['actuel caissière D1505', 'vise aide-soignante J1501'],
    ],
    [
      'caissière à Lille, RQTH, je veux devenir aide-soignante',
      ['actuel caissière D1505', 'vise aide-soignante J1501'],
    ],
    ['de caissière à aide-soignante', ['actuel caissière D1505', 'vise aide-soignante J1501']],
    ['infirmière je veux changer pour fleuriste', ['actuel infirmière J1506', 'vise fleuriste D1209']],
    ['je ne veux plus être serveuse', ['actuel serveuse G1803']],
    // Tired of one thing, wanting another: the weariness is not about what is wanted.
    [
      'je suis caissière à Lille, j’en peux plus, je voudrais être aide-soignante',
      ['actuel caissière D1505', 'vise aide-soignante J1501'],
    ],
    ['j’en peux plus je veux être fleuriste', ['vise fleuriste D1209']],
    ['plus envie d’être vendeuse', ['actuel vendeuse D1214']],
    ['j’en ai marre d’être téléconseillère', ['actuel téléconseillère D1408']],
    ['ma femme est infirmière', ['actuel infirmière J1506']],
    ['mon fils de 17 ans veut devenir boulanger', ['vise boulanger D1102']],
    ['je travaille comme nounou', ['actuel nounou K1303']],
    ['AESH depuis 5 ans je cherche autre chose', ['actuel AESH K2113']],
    ['ASH en Ehpad', ['actuel ASH J1301']],
    ['femme de ménage depuis 10 ans', ['actuel femme de ménage K1304']],
    ['routier, 52 ans, mal au dos', ['actuel routier N4101']],
    ['je cherche un poste de vendeuse à Toulouse', ['vise vendeuse D1214']],
    ['je cherche du travail comme serveuse', ['vise serveuse G1803']],
    ['licencié de mon poste de magasinier cariste', ['actuel magasinier cariste N1110']],
    [
      'je voudrais quitter mon poste de comptable pour devenir professeur de yoga',
      ['actuel comptable M1203', 'vise professeur de yoga G1204'],
    ],
    ['j’étais maçon, maintenant je voudrais être formateur', ['actuel maçon F1703', 'vise formateur K2111']],
    ['je veux passer le concours d’infirmière', ['vise infirmière J1506']],
    ['j’aimerais faire un CAP pâtisserie', ['vise pâtissier ou pâtissière D1104']],
    ['j’ai un CAP coiffure mais je suis vendeuse', ['actuel vendeuse D1214']],
    ['j’hésite entre boulanger et pâtissier', ['vise boulanger D1102', 'vise pâtissier D1104']],
    ['et pour électricien ?', ['vise électricien F1602']],
    ['c’est quoi le métier d’auxiliaire de vie ?', ['vise auxiliaire de vie K1302']],
    ['je fais des ménages', ['actuel agent ou agente d’entretien K2205']],
    [
      'je bosse dans la restauration, je voudrais me reconvertir dans la petite enfance',
      ['actuel métier de la restauration G1803', 'vise métier de la petite enfance K1307'],
    ],
    ['nous sommes agriculteurs', ['actuel agriculteur A1416']],
    ['je veux devenir infirmière pas médecin', ['vise infirmière J1506']],
    ['agent de propreté', ['actuel agent de propreté K2205']],
    ['secrétaire médicale', ['actuel secrétaire médicale M1609']],
    ['comment on devient ambulancier', ['vise ambulancier J1305']],
    ['est ce que plombier ca recrute à Arras', ['vise plombier F1603']],
    ['vae auxiliaire de puériculture', ['vise auxiliaire de puériculture J1304']],
    ['je fais du secretariat', ['actuel secrétaire M1607']],
    ['commerciale dans le BTP', ['actuel commerciale D1402']],
    ['je suis pas infirmière mais aide soignante', ['actuel aide-soignante J1501']],
    ['mon boulot de livreur me plait plus', ['actuel livreur N4105']],
    [
      'ancienne comptable je cherche un poste de secrétaire',
      ['actuel comptable M1203', 'vise secrétaire M1607'],
    ],
  ])('%s', (phrase, attendu) => {
    expect(lire(phrase)).toEqual(attendu);
  });

  it.each([
    ['aide soignente', 'aide-soignante'],
    ['coifeuse', 'coiffeuse'],
    ['electricien', 'électricien'],
    ['je suis electrissien', 'électricien'],
    ['infermiere', 'infirmière'],
    ['boulengère', 'boulangère'],
    ['aidesoignante', 'aide-soignante'],
    ['JE SUIS CAISSIERE', 'caissière'],
    ['je suis developeur', 'développeur'],
    ['infirmier·e à Nantes', 'infirmier'],
    ['je suis infirmier(e)', 'infirmier'],
  ])('suit les fautes et les écritures : %s', (phrase, libelle) => {
    expect(repererMetiers(phrase).map((m) => m.libelle)).toEqual([libelle]);
  });

  it.each([
    'je suis cadre dans une banque et j’en ai marre',
    'mon conseiller France Travail m’a dit que mon médecin devait signer',
    'je travaille chez Boulanger à Lyon',
    'le livreur m’a dit de repasser',
    'ferme la porte',
    'je garde mes enfants',
    'je livre des pizzas',
    'je suis suivi par une assistante sociale',
    'je suis en arrêt, mon psychologue dit que je dois changer',
    'le facteur de stress',
    'centre commercial',
    'agent territorial catégorie C à la mairie de Lille',
    'je n’aime pas la cuisine',
    'le médecin du travail veut me mettre inapte',
    'je veux être mon propre patron',
    'j’ai reçu un message payant de passage',
    'je ne suis pas infirmière',
    'je cherche un avocat',
    'j’ai besoin de trouver une nounou',
    'je fais de la couture le soir',
    '🙂🙂',
    '',
  ])('ne prend pas pour un métier : %s', (phrase) => {
    expect(lire(phrase)).toEqual([]);
  });

  it('garde le genre connu quand une activité est nommée sans lui', () => {
    expect(lire('vendeuse, je veux me former à la coiffure')).toEqual([
      'actuel vendeuse D1214',
      'vise coiffeuse D1202',
    ]);
  });

  it('ne jette jamais, quel que soit le texte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (texte) => {
        for (const m of repererMetiers(texte)) expect(m.rome).toMatch(/^[A-N]\d{4}$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('le lexique', () => {
  it('compte plus de 300 métiers, aux identifiants uniques', () => {
    const ids = tousLesMetiers().map((m) => m.id);
    expect(ids.length).toBeGreaterThanOrEqual(400);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('retrouve chaque métier par ses deux noms', () => {
    const manques = tousLesMetiers().filter((m) =>
      [m.masculin, m.feminin].some(
        (nom) => !repererMetiers(`je veux devenir ${nom}`).some((lu) => lu.rome === m.rome),
      ),
    );
    expect(manques.map((m) => m.id)).toEqual([]);
  });

  it('dit les deux genres sans répéter ce qu’ils partagent', () => {
    expect(deuxGenres({ masculin: 'serveur en restauration', feminin: 'serveuse en restauration' })).toBe(
      'serveur ou serveuse en restauration',
    );
    expect(deuxGenres({ masculin: 'fleuriste', feminin: 'fleuriste' })).toBe('fleuriste');
  });

  it('n’emploie que des codes qui existent, avec leur parent ROME v3', () => {
    const fichier = echantillon(
      'rome/unix_referentiel_code_rome_v460_utf8.csv',
      'les codes ROME du lexique ne sont comparés qu’à dix codes écrits ici',
    );
    const parents = fichier === undefined ? DIX_PARENTS : parentsRome(readFileSync(fichier, 'utf8'));
    const faux = tousLesMetiers().filter(
      (m) => (fichier !== undefined || parents.has(m.rome)) && parents.get(m.rome) !== m.parent,
    );
    expect(faux.map((m) => m.id)).toEqual([]);
  });
});

describe('un métier quitté, un métier voulu, dits de mille façons', () => {
  const SITUATIONS: readonly ((m: string) => string)[] = [
    (m) => `je suis ${m} à Lille`,
    (m) => `${m} depuis 10 ans`,
    (m) => `je bosse comme ${m}`,
    (m) => `je travaille en tant que ${m}`,
    (m) => `actuellement ${m}`,
    (m) => `j’étais ${m}`,
    (m) => `g un taf de ${m}`,
  ];
  const ENTRE_DEUX = [
    '',
    ', j’en peux plus',
    ', j’en ai marre',
    ', ras le bol',
    ', c’est trop dur',
    ', mal payée et plus envie',
    ', je veux plus faire ça',
    ' et ça me plaît plus',
    ' mais mon dos ne suit plus',
  ];
  const ENVIES: readonly ((m: string) => string)[] = [
    (m) => `, je voudrais être ${m}`,
    (m) => `, je veux devenir ${m}`,
    (m) => `, jveu etre ${m}`,
    (m) => `, j'aimerais travailler comme ${m}`,
    (m) => `, je souhaite me reconvertir en ${m}`,
    (m) => `, mon rêve c’est ${m}`,
    (m) => `, je pense à ${m}`,
    (m) => `, comment devenir ${m} ?`,
    (m) => ` et je voudrais faire une formation de ${m}`,
    (m) => `, je cherche un poste de ${m}`,
    (m) => `. Je veux être ${m}.`,
    (m) => `, est-ce possible de passer ${m} ?`,
    (m) => ` et j’envisage ${m}`,
    (m) => `, pourquoi pas ${m}`,
  ];
  it.each([
    ['caissière', 'D1505', 'aide-soignante', 'J1501'],
    ['préparateur de commandes', 'N1103', 'conducteur de bus', 'N4103'],
    ['comptable', 'M1203', 'fleuriste', 'D1209'],
  ])('%s (%s) vers %s (%s)', (ancien, romeAncien, voulu, romeVoulu) => {
    const ratees = SITUATIONS.flatMap((situation) =>
      ENTRE_DEUX.flatMap((entre) =>
        ENVIES.map((envie) => `${situation(ancien)}${entre}${envie(voulu)}`).filter(
          (phrase) =>
            JSON.stringify(lire(phrase)) !==
            JSON.stringify([`actuel ${ancien} ${romeAncien}`, `vise ${voulu} ${romeVoulu}`]),
        ),
      ),
    );
    expect(ratees).toEqual([]);
  });
});
