import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  creerTransmissions,
  schemaTransmission,
  type Transmission,
  type Transmissions,
} from '../../../bot/handover/index.ts';
import { vers4 } from '../../../bot/handover/fiche.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import { demandeEssai, documentEssai, journaliseurMuet, servicesEssai } from './jeu.ts';

const R = 'CEP-7K3M9-QXA4T';
const LEA = { id: 'lea', nom: 'Léa' };
const confirmation = { nom: 'Léa', service: 'Avenir Actifs', complements: [] };
let transmissions: Transmissions;
let dossier: string;
let depot: ReturnType<typeof depotLowdb>;

async function ouvrir(): Promise<void> {
  depot = depotLowdb({ racine: dossier, journaliseur: journaliseurMuet });
  transmissions = await creerTransmissions({
    depot,
    services: servicesEssai,
    horloge: () => Date.parse('2026-11-21T10:00:00Z'),
    journaliseur: journaliseurMuet,
  });
}
beforeEach(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-confirmation-'));
  await ouvrir();
  await transmissions.transmettre(demandeEssai());
  await transmissions.prendre(R, LEA);
});
afterEach(async () => {
  await depot.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

const lire = async (): Promise<Transmission> => {
  const t = await transmissions.lire(R);
  if (t === undefined) throw new Error('plus de fiche');
  return t;
};
const contenu = async () => {
  const { contenu: c } = await lire();
  if (c === undefined) throw new Error('plus de contenu');
  return c;
};
const schemaFichier = z.looseObject({ valeur: schemaTransmission });

/** What somebody with a text editor, or a bad backup, would do. */
async function changerSurLeDisque(
  changer: (c: NonNullable<Transmission['contenu']>) => unknown,
): Promise<void> {
  await depot.fermer();
  const fichiers = readdirSync(dossier, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .filter((chemin) => readFileSync(chemin, 'utf8').includes(R));
  expect(fichiers).not.toEqual([]);
  for (const fichier of fichiers) {
    const lu = schemaFichier.parse(JSON.parse(readFileSync(fichier, 'utf8')));
    if (lu.valeur.contenu !== undefined) changer(lu.valeur.contenu);
    writeFileSync(fichier, JSON.stringify(lu));
  }
  await ouvrir();
}

describe('le document confirmé avec la personne', () => {
  it('est une nouvelle version : l’ancienne est gardée telle quelle, qui et quand sont dits', async () => {
    const fait = await transmissions.confirmerDocument(R, LEA, {
      ...confirmation,
      complements: [
        { section: 'besoin', texte: 'Un rythme de jour' },
        { section: 'decision', texte: 'Revoir fin janvier' },
      ],
    });
    expect(fait.ok).toBe(true);
    const { document, editions } = await contenu();
    expect(editions).toEqual([documentEssai()]);
    expect(document.edition).toEqual({
      numero: 2,
      confirmee: { nom: 'Léa', service: 'Avenir Actifs', le: '2026-11-21' },
    });
    expect(document.preparePar).toBe(
      'Relu avec la personne et confirmé par Léa (Avenir Actifs), le 21 novembre 2026.',
    );
    const lignes = document.sections.flatMap((s) => s.lignes.map((l) => [s.id, l.libelle, l.texte]));
    expect(lignes).toContainEqual(['besoin', 'Ajouté avec le conseil', 'Un rythme de jour']);
    expect(lignes).toContainEqual(['decision', 'Ajouté avec le conseil', 'Revoir fin janvier']);
    const anciennes = documentEssai().sections.flatMap((s) =>
      s.lignes.map((l) => [s.id, l.libelle, l.texte]),
    );
    for (const ligne of anciennes) expect(lignes).toContainEqual(ligne);
    expect((await lire()).transitions.at(-1)).toMatchObject({
      action: 'confirmer-document',
      vers: 'prise-en-charge',
      par: { nom: 'Léa' },
    });
    expect(transmissions.integrite(await lire())).toBe('intact');
  });

  it('se confirme plusieurs fois, par qui tient la demande seulement, et pas une fois close', async () => {
    expect(await transmissions.confirmerDocument(R, { id: 'x', nom: 'X' }, confirmation)).toEqual({
      ok: false,
      refus: { code: 'pas-a-vous' },
    });
    await transmissions.confirmerDocument(R, LEA, confirmation);
    await transmissions.confirmerDocument(R, LEA, confirmation);
    expect((await contenu()).document.edition.numero).toBe(3);
    expect((await contenu()).editions.map((d) => d.edition.numero)).toEqual([1, 2]);
    await transmissions.clore(R, LEA, 'aboutie', 'reponse-donnee');
    expect(await transmissions.confirmerDocument(R, LEA, confirmation)).toMatchObject({
      ok: false,
      refus: { code: 'transition-interdite' },
    });
  });
});

describe('le sceau', () => {
  it.each([
    [
      'une ligne',
      (c: NonNullable<Transmission['contenu']>) => {
        const ligne = c.document.sections[0]?.lignes[0];
        if (ligne !== undefined) ligne.texte = 'Autre chose';
      },
    ],
    [
      'une ligne ajoutée',
      (c: NonNullable<Transmission['contenu']>) =>
        c.document.sections[0]?.lignes.push({ id: 'x', libelle: 'x', texte: 'x', retirable: false }),
    ],
    ['l’opérateur', (c: NonNullable<Transmission['contenu']>) => (c.document.operateur = 'apec')],
    [
      'les mots de l’accord',
      (c: NonNullable<Transmission['contenu']>) => (c.consentement.texte = 'Oui à tout'),
    ],
    ['un accord ajouté', (c: NonNullable<Transmission['contenu']>) => (c.consentement.enDirect = 'oui')],
    ['le sceau', (c: NonNullable<Transmission['contenu']>) => (c.sceau = 'x')],
  ])('%s changé après l’accord : cela se voit, et ne se confirme pas', async (_nom, changer) => {
    expect(transmissions.integrite(await lire())).toBe('intact');
    await changerSurLeDisque(changer);
    expect(transmissions.integrite(await lire())).toBe('altere');
    expect(await transmissions.confirmerDocument(R, LEA, confirmation)).toEqual({
      ok: false,
      refus: { code: 'document-altere' },
    });
  });

  it('l’ordre des clés ne compte pas ; ce qui est envoyé avant le sceau se dit non scellé', async () => {
    await changerSurLeDisque((c) => {
      c.consentement = Object.fromEntries(Object.entries(c.consentement).reverse()) as typeof c.consentement;
    });
    expect(transmissions.integrite(await lire())).toBe('intact');
    await changerSurLeDisque((c) => delete c.sceau);
    expect(transmissions.integrite(await lire())).toBe('non-scelle');
    await transmissions.retirer(R);
    expect(transmissions.integrite(await lire())).toBeUndefined();
  });

  it('une fiche d’avant garde son document, lu en version 2', () => {
    const { edition: _e, reperes: _r, ...v1 } = { ...documentEssai(), version: 1 };
    expect(vers4({ reference: R, contenu: { document: v1, notes: [] } })).toEqual({
      reference: R,
      contenu: { document: documentEssai(), notes: [], editions: [] },
    });
    expect(vers4({ reference: R })).toEqual({ reference: R });
  });
});
