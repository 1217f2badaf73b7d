import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

type Sortie = { readonly code: number | null; readonly lignes: readonly string[]; readonly erreurs: string };

/** Runs the command as people do, built if needed, with the given standard input. */
function lancer(commande: string, entree: string | Buffer, args: readonly string[] = []): Promise<Sortie> {
  return new Promise((fini, rate) => {
    const enfant = spawn(
      process.execPath,
      [join(RACINE_PROJET, 'scripts/demarrer.mjs'), `bot/commandes/${commande}.ts`, ...args],
      { cwd: RACINE_PROJET, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let sortie = '';
    let erreurs = '';
    enfant.stdout.on('data', (bloc: Buffer) => {
      sortie += bloc.toString('utf8');
    });
    enfant.stderr.on('data', (bloc: Buffer) => {
      erreurs += bloc.toString('utf8');
    });
    enfant.on('error', rate);
    enfant.on('close', (code) => fini({ code, lignes: sortie.split('\n').slice(0, -1), erreurs }));
    enfant.stdin.on('error', () => undefined);
    enfant.stdin.end(entree);
  });
}

const lire = (ligne: string | undefined): Record<string, unknown> =>
  JSON.parse(ligne ?? '{}') as Record<string, unknown>;

describe('npm run -s aiguiller', () => {
  it('répond une ligne par ligne, dans l’ordre, avec des phrases', async () => {
    const profils = [
      {
        le: '2026-11-20',
        profil: { activite: 'salarie-prive', cadre: 'non', accompagnement: 'aucun' },
        commune: '59350',
      },
      { le: '2026-11-20', profil: { activite: 'salarie-prive' } },
      {
        le: '2026-11-20',
        demande: 'demissionner',
        profil: { activite: 'salarie-prive', cadre: 'non', contrat: 'cdi', accompagnement: 'aucun' },
      },
    ];
    const { code, lignes } = await lancer(
      'aiguiller',
      `${profils.map((p) => JSON.stringify(p)).join('\n')}\n`,
    );
    expect(code).toBe(0);
    expect(lignes).toHaveLength(3);
    const premiere = lire(lignes[0]);
    expect(Object.keys(premiere)).toEqual([
      'type',
      'orientations',
      'candidats',
      'ecarts',
      'champs',
      'relais',
      'vigilances',
    ]);
    expect(premiere).toMatchObject({
      type: 'oriente',
      orientations: [
        {
          operateur: 'operateur-regional',
          regle: 'regional-salarie',
          motif: expect.stringContaining('Vous travaillez dans le secteur privé'),
          references: expect.arrayContaining([
            expect.objectContaining({ article: 'Arrêté du 29 mars 2019, annexe § 3.2' }),
          ]),
        },
      ],
      ecarts: expect.arrayContaining([
        expect.objectContaining({ operateur: 'apec', champs: ['activite', 'cadre'] }),
      ]),
    });
    expect(lire(lignes[1])).toMatchObject({
      type: 'a-completer',
      champs: expect.arrayContaining(['cadre', 'accompagnement']),
    });
    expect(lire(lignes[2])).toMatchObject({
      vigilances: expect.arrayContaining([expect.objectContaining({ code: 'demission' })]),
    });
  });

  it('une ligne refusée est dite à sa place, les autres sont traitées, le code est 1', async () => {
    const entree = [
      'pas du json',
      '{"profil":{"activite":"marin"}}',
      '{"profil":{"couleur":"bleu"}}',
      '{"profil":{"activite":"retraite","age":17}}',
      '',
      '[1]',
      '{"profil":{},"commune":"Lille"}',
      '{"profil":{},"le":"2026-02-30"}',
      '{"profil":{},"demande":"manger"}',
      '{"profile":{}}',
      '{}',
      '{"profil":{"activite":"independant","accompagnement":"aucun"}}',
    ].join('\r\n');
    const { code, lignes } = await lancer('aiguiller', `\uFEFF${entree}`);
    expect(code).toBe(1);
    expect(lignes).toHaveLength(12);
    const erreurs = lignes.map(
      (l) => lire(l)['erreur'] as { champ: string; ligne?: number; message: string } | undefined,
    );
    expect(erreurs.map((e) => e?.champ)).toEqual([
      'ligne',
      'activite',
      'couleur',
      'age',
      'ligne',
      'ligne',
      'commune',
      'le',
      'demande',
      'profile',
      'profil',
      undefined,
    ]);
    expect(erreurs[0]?.ligne).toBe(1);
    expect(erreurs[4]?.ligne).toBe(5);
    expect(erreurs[1]?.message).toContain('salarie-prive');
    expect(erreurs[2]?.message).toContain('Champs connus');
    expect(lire(lignes[11])).toMatchObject({ type: 'oriente' });
  });

  it('une ligne énorme est refusée sans être gardée, et la suite continue', async () => {
    const { code, lignes } = await lancer(
      'aiguiller',
      `{"profil":{"x":"${'a'.repeat(3_000_000)}"}}\n{"profil":{}}\n`,
    );
    expect(code).toBe(1);
    expect(lignes).toHaveLength(2);
    expect(lire(lignes[0])).toMatchObject({ erreur: { champ: 'ligne', ligne: 1 } });
    expect(lire(lignes[1])).toMatchObject({ type: 'a-completer' });
  });

  it('sans entrée : rien, code 0', async () => {
    expect(await lancer('aiguiller', '')).toMatchObject({ code: 0, lignes: [] });
  });
});

describe('npm run regles', () => {
  it('montre la table, la donne en JSON et la vérifie', async () => {
    const table = await lancer('regles', '');
    expect(table.code).toBe(0);
    expect(table.lignes.join('\n')).toContain('cadre-en-poste — Cadre en poste dans le privé');
    expect(table.lignes.join('\n')).toMatch(/scénarios +\d+ : /);
    const json = await lancer('regles', '', ['json']);
    const regles = JSON.parse(json.lignes.join('\n')) as { id: string }[];
    expect(regles.map((r) => r.id)).toContain('continuite-regional');
    const verif = await lancer('regles', '', ['verifier', '2026-11-20']);
    expect(verif.code).toBe(0);
    expect(verif.lignes.join('\n')).toContain('Règles mortes : 0');
    expect((await lancer('regles', '', ['autre'])).code).toBe(2);
  });
});
