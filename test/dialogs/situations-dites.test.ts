import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aiguiller, chargerRegles } from '../../knowledge/aiguillage/index.ts';
import { entreeDe, prochaineEtape } from '../../knowledge/dossier/index.ts';
import { CHAMPS, DEMANDES, OPERATEURS, RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';
import { Conversation, contexteDEssai } from '../support/transcript.ts';

/**
 * Situations as people tell them, written from the trade's texts before reading the rules: what is noted, what is asked after that, and the
 * operators. `profil` must be noted from the words; `admis` may be, or may be asked; any other fact is an invention. `reponses` are what the
 * person answers to the questions that come.
 */
const valeur = z.union([z.string(), z.number()]);
const schema = z.array(
  z.strictObject({
    dites: z.array(z.string()).min(1),
    profil: z.record(z.string(), valeur),
    admis: z.record(z.string(), z.array(valeur)).optional(),
    reponses: z.record(z.string(), valeur).optional(),
    demande: z.enum(DEMANDES).optional(),
    attendu: z
      .strictObject({
        type: z.enum(['oriente', 'indecis', 'hors-champ']),
        principales: z.array(z.enum(OPERATEURS)),
        autres: z.array(z.enum(OPERATEURS)),
      })
      .optional(),
  }),
);
const LE = '2026-11-21';
const FICHIER = join(RACINE_PROJET, 'test/scenarios/situations-dites.json');
const situations = schema.parse(JSON.parse(readFileSync(FICHIER, 'utf8')));

/** The answer of somebody ordinary, where the situation says nothing of the field. */
const ORDINAIRES: Readonly<Record<string, string | number>> = {
  cadre: 'non',
  csp: 'non',
  accompagnement: 'aucun',
  inscritFranceTravail: 'non',
  projetDemission: 'non',
  contrat: 'cdi',
  emploiOccupe: 'aucun',
  rechercheEmploi: 'oui',
  formationInitiale: 'non',
  diplome: 'bac',
  versant: 'territoriale',
  categorie: 'C',
  age: 40,
  handicap: 'non',
  activite: 'salarie-prive',
};
/** Fields that never decide who accompanies. */
const INDIFFERENTS: readonly string[] = [
  'modeSouhaite',
  'besoinsAcces',
  'echeance',
  'maturite',
  'mobilite',
  'autonomie',
  'naissance',
];
const roles = new Map(
  chargerRegles().regles.flatMap((r) =>
    r.effet.type === 'orientation' ? [[r.id, r.effet.role] as const] : [],
  ),
);

/** Answers every question that comes, and returns the fields asked. */
function repondreATout(c: Conversation, reponses: Readonly<Record<string, string | number>>): string[] {
  const posees: string[] = [];
  for (let i = 0; i < 25; i++) {
    const etape = prochaineEtape(c.dossier, LE);
    if (etape.type !== 'question') break;
    const { question } = etape;
    posees.push(question);
    const dite = reponses[question] ?? ORDINAIRES[question];
    const choisi =
      question === 'demande'
        ? { action: 'demande', demande: 'faire-le-point' }
        : question === 'lieu'
          ? { action: 'lieu', commune: '59350' }
          : { action: 'repondre', champ: question, valeur: dite };
    c.jouer({ type: 'valeur', valeur: choisi, libelle: String(dite) });
  }
  return posees;
}

describe('situations dites, du premier mot à l’aiguillage', () => {
  it.each(situations.map((s) => ({ titre: s.dites.join(' / '), ...s })))(
    '$titre',
    ({ dites, profil, admis = {}, reponses = {}, demande, attendu }) => {
      const c = new Conversation(contexteDEssai(LE, true));
      for (const mots of dites) c.ecrire(mots);
      const note: Readonly<Record<string, unknown>> = { ...c.dossier.profil };
      expect(note).toMatchObject(profil);
      for (const champ of CHAMPS) {
        if (note[champ] === undefined || champ in profil || INDIFFERENTS.includes(champ)) continue;
        expect(admis[champ] ?? [], `${champ} noté sans être dit`).toContainEqual(note[champ]);
      }
      if (demande !== undefined) expect(c.dossier.demande).toBe(demande);

      const posees = repondreATout(c, { ...reponses, ...profil });
      expect(new Set(posees).size, `question posée deux fois : ${posees.join()}`).toBe(posees.length);
      expect(
        posees.filter((q) => q in profil),
        'demandé alors que c’est dit',
      ).toEqual([]);
      if (attendu === undefined) return;
      const resultat = aiguiller(entreeDe(c.dossier, LE));
      if (!resultat.ok) throw new Error(resultat.refus.message);
      const { type, orientations, candidats } = resultat.valeur;
      const rendus = type === 'indecis' ? candidats : orientations;
      const parRole = (role: string): string[] =>
        rendus
          .filter((o) => roles.get(o.regle) === role)
          .map((o) => o.operateur)
          .sort();
      expect({ type, principales: parRole('principale'), autres: parRole('alternative') }).toEqual(attendu);
    },
  );
});
