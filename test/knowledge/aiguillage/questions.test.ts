import { describe, expect, it } from 'vitest';
import {
  aiguiller,
  aUneQuestion,
  champsAPoser,
  classer,
  chargerRegles,
  contradictions,
  expliquerQuestion,
  implications,
  peutProposerHandicap,
  questionDe,
  RELAIS,
  tableDesRegles,
  verifierRegles,
} from '../../../knowledge/aiguillage/index.ts';
import { chargerTextes } from '../../../knowledge/textes/index.ts';
import { CHAMPS_DETERMINANTS, REGISTRES, type Profil } from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-20';
const premier = (profil: Profil): string | undefined => champsAPoser({ le: LE, profil })[0];

describe('les questions', () => {
  it('la caissière de Lille : activité confirmée, cadre, accompagnement, puis plus rien', () => {
    expect(premier({})).toBe('activite');
    expect(premier({ activite: 'salarie-prive' })).toBe('cadre');
    expect(premier({ activite: 'salarie-prive', cadre: 'non' })).toBe('accompagnement');
    expect(premier({ activite: 'salarie-prive', cadre: 'non', accompagnement: 'aucun' })).toBeUndefined();
  });

  it('ne demande jamais ce qui ne peut rien changer', () => {
    expect(champsAPoser({ le: LE, profil: { activite: 'independant' } })).not.toContain('versant');
    expect(champsAPoser({ le: LE, profil: { activite: 'independant' } })).not.toContain('cadre');
    expect(champsAPoser({ le: LE, profil: { activite: 'sans-emploi', age: 19 } })).not.toContain('diplome');
    expect(champsAPoser({ le: LE, profil: { activite: 'agent-public', versant: 'etat' } })).not.toContain(
      'categorie',
    );
  });

  it('la date de naissance vaut l’âge', () => {
    expect(
      champsAPoser({ le: LE, profil: { activite: 'sans-emploi', naissance: '1990-01-01' } }),
    ).not.toContain('age');
  });

  it('un lycéen est orienté sans qu’on lui demande s’il a un conseiller', () => {
    expect(premier({ activite: 'etudiant', emploiOccupe: 'aucun', rechercheEmploi: 'non' })).toBeUndefined();
  });

  it('chaque déterminant, le handicap et la démarche passée ont leur question, leurs réponses et leur raison, dans les deux registres', () => {
    for (const champ of [...CHAMPS_DETERMINANTS, 'handicap', 'demarcheAnterieure'] as const) {
      expect(aUneQuestion(champ), champ).toBe(true);
      expect(chargerTextes().has(`aiguillage.pourquoi-${champ}`), champ).toBe(true);
      const { reponses } = questionDe(champ);
      expect(reponses.length > 1, champ).toBe(champ !== 'age');
    }
    expect(questionDe('categorie').reponses.map((r) => r.valeur)).toEqual(['A+', 'A', 'B', 'C']);
    expect(questionDe('handicap')).toMatchObject({ accepteNeSaitPas: false });
    expect(questionDe('handicap').reponses.map((r) => r.valeur)).toContain('prefere-ne-pas-dire');
  });

  it('pourquoi cette question : ce qu’elle départage', () => {
    const cadre = expliquerQuestion('cadre', { le: LE, profil: { activite: 'salarie-prive' } });
    expect(cadre.operateurs).toEqual(['apec', 'operateur-regional']);
    expect(cadre.regles).toContain('cadre-en-poste');
    const age = expliquerQuestion('age', {
      le: LE,
      profil: { activite: 'sans-emploi', rechercheEmploi: 'oui' },
    });
    expect(age.operateurs).toContain('mission-locale');
    expect(age.operateurs).toContain('france-travail');
    expect(
      expliquerQuestion('handicap', { le: LE, profil: { activite: 'salarie-prive' } }).operateurs,
    ).toContain('cap-emploi');
  });

  it('le handicap se propose tard, une fois, et jamais à qui a répondu', () => {
    const fini: Profil = { activite: 'salarie-prive', cadre: 'non', accompagnement: 'aucun' };
    expect(peutProposerHandicap({ le: LE, profil: { activite: 'salarie-prive' } })).toBe(false);
    expect(peutProposerHandicap({ le: LE, profil: fini })).toBe(true);
    expect(peutProposerHandicap({ le: LE, profil: { ...fini, handicap: 'prefere-ne-pas-dire' } })).toBe(
      false,
    );
    expect(peutProposerHandicap({ le: LE, profil: { ...fini, accompagnement: 'apec' } })).toBe(false);
  });
});

describe('ce qui se comprend sans le demander', () => {
  it('CSP, école, contrat : la liste fermée', () => {
    expect(implications({ csp: 'oui' })).toEqual({
      activite: 'sans-emploi',
      inscritFranceTravail: 'oui',
      rechercheEmploi: 'oui',
    });
    expect(implications({ formationInitiale: 'oui' })).toEqual({ activite: 'etudiant' });
    expect(implications({ contrat: 'interim' })).toEqual({ activite: 'salarie-prive' });
    expect(implications({ versant: 'etat' })).toEqual({ activite: 'agent-public' });
    expect(implications({})).toEqual({});
  });

  it('une réponse donnée l’emporte', () => {
    expect(implications({ csp: 'oui', activite: 'salarie-prive' })).toEqual({});
  });
});

describe('les refus', () => {
  it('nomment le champ à reprendre', () => {
    expect(contradictions({ activite: 'retraite', age: 17 }, LE).map((c) => c.champ)).toEqual(['age']);
    expect(contradictions({ naissance: '1890-01-01' }, LE).map((c) => c.champ)).toEqual(['naissance']);
    expect(contradictions({ activite: 'retraite', age: 64 }, LE)).toEqual([]);
    expect(aiguiller({ le: 'demain', profil: {} })).toMatchObject({ ok: false, refus: { champ: 'le' } });
    expect(aiguiller({ le: LE, profil: {}, commune: 'Lille' })).toMatchObject({
      ok: false,
      refus: { champ: 'commune' },
    });
  });
});

describe('le classement', () => {
  const regle = (id: string) => {
    const trouvee = chargerRegles().regles.find((r) => r.id === id);
    if (trouvee === undefined) throw new Error(`règle absente : ${id}`);
    return trouvee;
  };

  it('danger, démission, continuité, agent public, puis le reste ; les alternatives après', () => {
    const melange = [
      'regional-cadre',
      'regional-salarie',
      'vigilance-agent-droits',
      'continuite-apec',
      'vigilance-demission',
      'danger-detresse',
    ];
    expect(classer(melange.map(regle)).map((r) => r.id)).toEqual([
      'danger-detresse',
      'vigilance-demission',
      'continuite-apec',
      'vigilance-agent-droits',
      'regional-salarie',
      'regional-cadre',
    ]);
  });

  it('ne dépend pas de l’ordre reçu, et passe après ceux qui ont renvoyé la personne', () => {
    const deux = ['cadre-en-poste', 'regional-cadre'].map(regle);
    expect(classer([...deux].reverse()).map((r) => r.id)).toEqual(['cadre-en-poste', 'regional-cadre']);
    expect(classer(deux, ['apec']).map((r) => r.id)).toEqual(['regional-cadre', 'cadre-en-poste']);
  });
});

describe('la table publiée', () => {
  it('dit tout de chaque règle, dans les deux registres', () => {
    for (const registre of REGISTRES) {
      const lignes = tableDesRegles(registre);
      expect(lignes).toHaveLength(chargerRegles().regles.length);
      for (const l of lignes) {
        expect(
          l.conditions.every((c) => c.length > 3),
          l.id,
        ).toBe(true);
        expect(
          l.references.every((r) => r.url.startsWith('https://')),
          l.id,
        ).toBe(true);
        expect(l.motif, l.id).not.toMatch(/[{}]/);
      }
    }
    const cadre = tableDesRegles().find((l) => l.id === 'regional-cadre');
    expect(cadre?.conditions).toEqual([
      'Votre situation : salariat dans le secteur privé',
      'Statut de cadre : oui',
      'sauf si (travaille en ESAT)',
    ]);
  });

  it('un écart ne ferme jamais une porte', () => {
    const ecarts = tableDesRegles().filter((l) => l.effet === 'ecart');
    for (const l of ecarts) expect(l.motif, l.id).not.toMatch(/refus|interdit|n’avez pas droit/i);
  });

  it('la facile à lire tient en phrases courtes', () => {
    for (const [cle, { falc }] of chargerTextes()) {
      if (!cle.startsWith('aiguillage.regle-')) continue;
      for (const phrase of falc.split(/[.!?:]\s/))
        expect(phrase.split(/\s+/).length, `${cle} : ${phrase}`).toBeLessThanOrEqual(15);
    }
  });

  it('ne nomme que des relais de la liste fermée, tous utiles', () => {
    const cites = new Set(tableDesRegles().flatMap((l) => l.relais ?? []));
    expect([...cites].filter((id) => !RELAIS.includes(id))).toEqual([]);
  });
});

describe('la vérification des règles', () => {
  it('ne trouve rien à redire à la table publiée', () => {
    const v = verifierRegles(LE, chargerRegles(), 9000);
    expect([v.trous, v.doublons, v.mortes, v.perimees]).toEqual([[], [], [], []]);
    expect(v.profilsEssayes).toBeGreaterThan(5000);
  });

  it('voit un trou, un doublon, une règle morte, une référence ancienne', () => {
    const table = chargerRegles();
    const sansRegional = {
      ...table,
      regles: table.regles.filter((r) => r.id !== 'ecart-regional-sans-emploi'),
    };
    expect(verifierRegles(LE, sansRegional, 2000).trous.map((t) => t.manque)).toContain('operateur-regional');
    const [premiere] = table.regles;
    if (premiere === undefined) throw new Error('table vide');
    const double = { ...table, regles: [...table.regles, { ...premiere, id: 'copie' }] };
    expect(verifierRegles(LE, double, 3000).doublons).toContainEqual([premiere.id, 'copie']);
    expect(verifierRegles('2028-01-01', table, 500).perimees.length).toBeGreaterThan(0);
    expect(verifierRegles('2028-01-01', table, 500).mortes).toContainEqual({
      regle: 'csp',
      pourquoi: 'finie',
    });
  });
});
