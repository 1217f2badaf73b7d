import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  aiguiller,
  champsAPoser,
  implications,
  type Aiguillage,
} from '../../../knowledge/aiguillage/index.ts';
import { comprendre } from '../../../knowledge/langage/index.ts';
import {
  estDemande,
  lireProfil,
  OPERATEURS,
  RACINE_PROJET,
  type Champ,
  type Profil,
} from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-20';

const schema = z.array(
  z.strictObject({
    phrase: z.string().min(1),
    /** What is true of this person: the answer to any question. */
    reponses: z.custom<Profil>((brut) => lireProfil(brut).ok),
    attendu: z.strictObject({
      type: z.enum(['oriente', 'indecis', 'hors-champ']),
      premier: z.enum(OPERATEURS).optional(),
      relais: z.string().optional(),
    }),
  }),
);
export type Persona = z.output<typeof schema>[number];

export function lirePersonas(): readonly Persona[] {
  return schema.parse(
    JSON.parse(readFileSync(join(RACINE_PROJET, 'test/scenarios/personas/personas.json'), 'utf8')),
  );
}

export type Parcours = {
  readonly persona: Persona;
  /** Asked after the first sentence, the place included when the sentence did not say it. */
  readonly questions: readonly (Champ | 'lieu')[];
  readonly obtenu: Aiguillage | undefined;
  readonly juste: boolean;
  /** Facts the sentence gave that are not those of the person. */
  readonly malCompris: readonly string[];
};

/** From the first sentence, really understood, then the person's own answers, to an outcome. */
export function parcourir(persona: Persona): Parcours {
  const lu = comprendre(persona.phrase, { le: LE });
  const questions: (Champ | 'lieu')[] = [];
  let profil: Profil = lu.profil;
  profil = { ...profil, ...implications(profil, LE) };
  const entree = (): Parameters<typeof aiguiller>[0] => ({
    le: LE,
    profil,
    ...(lu.demande === undefined || !estDemande(lu.demande) ? {} : { demande: lu.demande }),
    ...(lu.commune === null ? {} : { commune: lu.commune }),
  });
  for (;;) {
    const [champ] = champsAPoser(entree());
    if (champ === undefined) break;
    questions.push(champ);
    profil = { ...profil, [champ]: persona.reponses[champ] ?? 'ne-sait-pas' };
  }
  const resultat = aiguiller(entree());
  const obtenu = resultat.ok ? resultat.valeur : undefined;
  const ouvert = obtenu !== undefined && obtenu.type !== 'hors-champ';
  if (ouvert && lu.commune === null && lu.departement === undefined && lu.region === undefined)
    questions.push('lieu');
  const { attendu } = persona;
  const premiers = obtenu?.type === 'indecis' ? obtenu.candidats : (obtenu?.orientations ?? []);
  return {
    persona,
    questions,
    obtenu,
    juste:
      obtenu?.type === attendu.type &&
      (attendu.premier === undefined || premiers[0]?.operateur === attendu.premier) &&
      (attendu.relais === undefined || obtenu.relais[0]?.id === attendu.relais),
    malCompris: Object.entries(lu.profil)
      .filter(([champ, v]) => {
        const vrai: unknown = Reflect.get(persona.reponses, champ);
        return vrai !== undefined && JSON.stringify(vrai) !== JSON.stringify(v);
      })
      .map(([champ, v]) => `${champ} = ${JSON.stringify(v)}`),
  };
}

/** The q-th quantile, nearest rank. */
export function quantile(nombres: readonly number[], q: number): number {
  const tries = [...nombres].sort((a, b) => a - b);
  return tries[Math.max(0, Math.ceil(q * tries.length) - 1)] ?? 0;
}
