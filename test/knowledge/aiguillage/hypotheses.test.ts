import { describe, expect, it } from 'vitest';
import {
  effetCorrection,
  hypotheses,
  orphelins,
  siJe,
  type EntreeAiguillage,
} from '../../../knowledge/aiguillage/index.ts';
import { aTexte } from '../../../knowledge/textes/index.ts';
import type { Profil } from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-20';
const entree = (profil: Profil): EntreeAiguillage => ({ le: LE, profil });
const CAISSIERE: Profil = {
  activite: 'salarie-prive',
  contrat: 'cdi',
  cadre: 'non',
  accompagnement: 'aucun',
  age: 34,
};

function reussie<T>(r: { ok: true; valeur: T } | { ok: false; refus: unknown }): T {
  if (!r.ok) throw new Error(JSON.stringify(r.refus));
  return r.valeur;
}

describe('et si…', () => {
  it('démissionner en CDI : mêmes opérateurs, mais l’ordre des étapes à respecter', () => {
    const c = reussie(siJe(entree(CAISSIERE), { poser: { projetDemission: 'oui' } }));
    expect(c.change).toBe(true);
    expect(c.premierApres).toBe('operateur-regional');
    expect(c.apres.vigilances.map((v) => v.code)).toContain('demission');
    expect(c.avant.vigilances.map((v) => v.code)).not.toContain('demission');
  });

  it('le contrat s’arrête : France Travail prend la place de l’opérateur régional, le contrat n’a plus d’objet', () => {
    const c = reussie(
      siJe(entree({ ...CAISSIERE, projetDemission: 'non' }), {
        poser: { activite: 'sans-emploi', rechercheEmploi: 'oui' },
      }),
    );
    expect(c.arrivent).toEqual(['france-travail']);
    expect(c.partent).toEqual(['operateur-regional']);
    expect(c.orphelins).toEqual(['contrat', 'projetDemission']);
  });

  it('devenir cadre : l’Apec passe devant, le régional reste possible', () => {
    const c = reussie(siJe(entree(CAISSIERE), { poser: { cadre: 'oui' } }));
    expect([c.premierAvant, c.premierApres]).toEqual(['operateur-regional', 'apec']);
    expect(c.partent).toEqual([]);
  });

  it('un cadre sans emploi retrouverait un emploi de cadre : l’Apec', () => {
    const cadre: Profil = {
      activite: 'sans-emploi',
      rechercheEmploi: 'oui',
      cadre: 'oui',
      accompagnement: 'aucun',
      age: 41,
    };
    const trouvees = hypotheses(entree(cadre));
    expect(trouvees.map((h) => h.id)).not.toContain('reprendre-emploi');
    expect(trouvees.find((h) => h.id === 'reprendre-emploi-cadre')?.premierApres).toBe('apec');
  });

  it('tant qu’une réponse inconnue laisse le choix ouvert, aucun opérateur ne « reste » le premier', () => {
    const sansAge: Profil = {
      activite: 'sans-emploi',
      rechercheEmploi: 'oui',
      cadre: 'oui',
      accompagnement: 'aucun',
      age: 'ne-sait-pas',
    };
    const c = reussie(siJe(entree(sansAge), { poser: { inscritFranceTravail: 'oui' } }));
    expect(c.apres.type).toBe('indecis');
    expect([c.premierAvant, c.premierApres]).toEqual([undefined, undefined]);
  });

  it('avoir 26 ans : la mission locale s’efface le jour de l’anniversaire, et ce jour est dit', () => {
    const jeune: Profil = {
      activite: 'sans-emploi',
      naissance: '2001-02-10',
      rechercheEmploi: 'oui',
      diplome: 'bac',
      cadre: 'non',
      accompagnement: 'aucun',
    };
    const anniversaire = hypotheses(entree(jeune)).find((h) => h.id === 'avoir-26-ans');
    expect(anniversaire?.quand).toBe('2027-02-10');
    expect(anniversaire?.partent).toEqual(['mission-locale']);
    expect(anniversaire?.premierApres).toBe('france-travail');
  });

  it('né un 29 février : l’anniversaire d’une année ordinaire est le 1er mars', () => {
    const jeune: Profil = {
      activite: 'sans-emploi',
      naissance: '2004-02-29',
      rechercheEmploi: 'oui',
      diplome: 'bac',
      cadre: 'non',
      accompagnement: 'aucun',
    };
    const h = hypotheses({ le: '2029-06-01', profil: jeune }).find((x) => x.id === 'avoir-26-ans');
    expect(h?.quand).toBe('2030-03-01');
  });

  it('obtenir la RQTH n’est proposé qu’à qui parle de sa santé', () => {
    const ids = (p: Profil): readonly string[] => hypotheses(entree(p)).map((h) => h.id);
    expect(ids(CAISSIERE)).not.toContain('obtenir-rqth');
    expect(ids({ ...CAISSIERE, suspension: 'arret-maladie' })).toContain('obtenir-rqth');
  });

  it('ne propose que ce qui change quelque chose, avec sa phrase, et rien après une entrée refusée', () => {
    const proposees = hypotheses(entree(CAISSIERE));
    expect(proposees.map((h) => h.id)).toEqual(['demissionner', 'perdre-emploi', 'devenir-cadre']);
    expect(proposees.every((h) => h.change && aTexte(h.cle))).toBe(true);
    expect(hypotheses(entree({ activite: 'retraite', age: 17 }))).toEqual([]);
  });

  it('un changement impossible est refusé, en nommant le champ', () => {
    const c = siJe(entree(CAISSIERE), { poser: { activite: 'retraite', age: 17 } });
    expect(c).toMatchObject({ ok: false, refus: { champ: 'age' } });
  });
});

describe('corriger une réponse', () => {
  it('retire une chaîne de trois : l’emploi du retraité, son contrat, son envie de démissionner', () => {
    const profil: Profil = {
      activite: 'retraite',
      emploiOccupe: 'prive',
      contrat: 'cdi',
      projetDemission: 'oui',
      accompagnement: 'aucun',
      age: 64,
    };
    const e = effetCorrection({ profil, champ: 'emploiOccupe', valeur: 'aucun', le: LE });
    expect([...e.orphelins].sort()).toEqual(['contrat', 'projetDemission']);
    expect(e.profil).toEqual({
      activite: 'retraite',
      emploiOccupe: 'aucun',
      accompagnement: 'aucun',
      age: 64,
    });
  });

  it('de l’agent territorial au salarié : versant puis catégorie tombent, le reste demeure', () => {
    const profil: Profil = { activite: 'agent-public', versant: 'territoriale', categorie: 'B', age: 40 };
    const e = effetCorrection({ profil, champ: 'activite', valeur: 'salarie-prive', le: LE });
    expect([...e.orphelins].sort()).toEqual(['categorie', 'versant']);
    expect(e.profil).toEqual({ activite: 'salarie-prive', age: 40 });
  });

  it('dit comment le résultat bouge', () => {
    const e = effetCorrection({ profil: CAISSIERE, champ: 'cadre', valeur: 'oui', le: LE });
    expect(e.effet?.arrivent).toEqual(['apec']);
  });

  it('reprendre une réponse sans la remplacer garde ce qui en dépend jusqu’à la nouvelle réponse', () => {
    const e = effetCorrection({
      profil: { activite: 'agent-public', versant: 'etat' },
      champ: 'activite',
      le: LE,
    });
    expect(e.orphelins).toEqual([]);
    expect(e.profil).toEqual({ versant: 'etat' });
  });

  it('une réponse orpheline ne décide de rien', () => {
    expect(orphelins({ activite: 'sans-emploi', versant: 'etat', projetDemission: 'oui' })).toEqual([
      'versant',
      'projetDemission',
    ]);
  });
});
