import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aiguiller, chargerRegles } from '../../../knowledge/aiguillage/index.ts';
import {
  construireDocument,
  entreeDe,
  LIGNE_NON_DETAILLEE,
  gardeLaSante,
  lignesPossibles,
  lireEvenement,
  parleDeSante,
  rejouer,
  sansSante,
  type DocumentNiveau1,
  type Dossier,
  type Evenement,
} from '../../../knowledge/dossier/index.ts';
import { relaisDe } from '../../../knowledge/information/index.ts';
import { aTexte, texte } from '../../../knowledge/textes/index.ts';
import { CHAMPS, OPERATEURS, RACINE_PROJET, type Operateur } from '../../../knowledge/vocabulaire/index.ts';

const LE = '2026-11-21';
const CONSERVATION = { moisApresCloture: 12, joursSansSuivi: 90 };
const REGISTRES = ['standard', 'falc'] as const;
/** « vous », « votre », and an order given (« demandez », « regardez »): words said to somebody, that whoever reads the document is not. */
const ADRESSE =
  /(?<!\p{L})(?:vous|votre|vos|vôtres?)(?!\p{L})|(?<!\p{L})(?!(?:chez|assez|nez)(?!\p{L}))\p{L}+ez(?!\p{L})/iu;

function evenementsDe(demande: string, profil: Readonly<Record<string, unknown>>): Evenement[] {
  return [
    { type: 'demande', demande, secondaires: [] },
    ...Object.entries(profil).map(([champ, valeur]) => ({
      type: 'reponse',
      champ,
      valeur,
      source: 'bouton',
    })),
  ].flatMap((brut) => lireEvenement(brut) ?? []);
}

function documentDe(
  dossier: Dossier,
  envoi?: Parameters<typeof construireDocument>[2],
): DocumentNiveau1 | undefined {
  const resultat = aiguiller(entreeDe(dossier, LE));
  if (!resultat.ok) return undefined;
  return construireDocument(
    dossier,
    { aiguillage: resultat.valeur, le: LE, reference: 'CEP-TEST-0001' },
    envoi,
  );
}

/** Every line it could carry, ticked. */
function toutGarde(evenements: readonly Evenement[], envoi?: Parameters<typeof construireDocument>[2]) {
  const dossier = rejouer(evenements);
  const resultat = aiguiller(entreeDe(dossier, LE));
  if (!resultat.ok) return undefined;
  const lignes = Object.fromEntries(
    lignesPossibles(dossier, { aiguillage: resultat.valeur }).map((l) => [l.id, true]),
  );
  return documentDe(rejouer([...evenements, { type: 'document', lignes }]), envoi);
}

const lignesDe = (doc: DocumentNiveau1 | undefined) => doc?.sections.flatMap((s) => s.lignes) ?? [];

describe('le document ne s’adresse à personne', () => {
  it('pour la raison de chaque règle, chaque façon de trancher, chaque porte', () => {
    const { regles } = chargerRegles();
    const cles = regles
      .filter((r) => r.effet.type === 'orientation' || r.effet.type === 'doute')
      .map((r) => `regle-${r.id}`);
    expect(cles.length).toBeGreaterThan(30);
    const trancher = [...CHAMPS, 'general']
      .map((c) => `trancher-${c}`)
      .filter((c) => aTexte(`aiguillage.${c}`));
    expect(trancher.length).toBeGreaterThan(8);
    for (const cle of [...cles, ...trancher])
      for (const registre of REGISTRES) {
        expect(aTexte(`document-motifs.${cle}`), `document-motifs.json : « ${cle} » manque`).toBe(true);
        expect(texte(`document-motifs.${cle}`, registre)).not.toMatch(ADRESSE);
      }
    for (const id of regles.flatMap((r) => r.relais.map((x) => x.id))) {
      const propre = `document-motifs.relais-${id}`;
      for (const registre of REGISTRES)
        expect(aTexte(propre) ? texte(propre, registre) : relaisDe(id).nom, id).not.toMatch(ADRESSE);
    }
  });

  it('pour les situations vérifiées de la table, toutes lignes gardées, dans les deux registres', () => {
    const dossier = join(RACINE_PROJET, 'test/scenarios/aiguillage');
    let vus = 0;
    for (const fichier of readdirSync(dossier)) {
      const lu = JSON.parse(readFileSync(join(dossier, fichier), 'utf8'));
      for (const registre of REGISTRES) {
        const doc = toutGarde([
          { type: 'registre', registre },
          ...evenementsDe(lu.demande ?? 'changer-de-metier', lu.profil),
        ]);
        if (doc === undefined) continue;
        vus += 1;
        for (const { libelle, texte: dit } of lignesDe(doc))
          expect(`${libelle} : ${dit}`, `${fichier} (${registre})`).not.toMatch(ADRESSE);
        expect(doc.preparePar).not.toMatch(ADRESSE);
      }
    }
    expect(vus).toBeGreaterThan(200);
  });
});

describe('vers Cap emploi, santé tue', () => {
  const ESAT = { activite: 'salarie-prive', cadre: 'non', esat: 'oui', accompagnement: 'aucun' };
  const INAPTE = { activite: 'salarie-prive', cadre: 'non', inaptitude: 'crainte', accompagnement: 'aucun' };
  const RQTH = {
    activite: 'sans-emploi',
    age: 40,
    handicap: 'oui',
    rechercheEmploi: 'oui',
    accompagnement: 'aucun',
  };

  it.each([
    ['ESAT', ESAT],
    ['inaptitude', INAPTE],
    ['RQTH', RQTH],
  ])('%s : Cap emploi lit que la personne n’a pas détaillé, aucun autre ne peut deviner', (_, profil) => {
    for (const registre of REGISTRES) {
      const dossier = rejouer([
        { type: 'registre', registre },
        ...evenementsDe('changer-de-metier', profil),
        { type: 'choix', operateur: 'cap-emploi' },
      ]);
      const pour = (destinataire: Operateur) =>
        documentDe(dossier, { destinataire, conservation: CONSERVATION });
      const la = pour('cap-emploi');
      const ligne = lignesDe(la).find((l) => l.id === LIGNE_NON_DETAILLEE);
      expect(ligne).toMatchObject({
        libelle: 'Pourquoi',
        texte:
          registre === 'standard'
            ? 'La personne s’adresse à Cap emploi et a choisi de ne pas écrire pourquoi ici. Elle le dira elle-même, si elle le souhaite.'
            : 'La personne vient vers Cap emploi. Elle a choisi de ne pas écrire pourquoi. Elle peut le dire, si elle veut.',
      });
      expect(ligne?.texte).not.toMatch(ADRESSE);
      // Said to Cap emploi: not the health itself, and not something the person « kept ».
      expect(JSON.stringify(la)).not.toMatch(/handicap|santé|\besat\b|inapt|mdph|agefiph|médecin/i);
      if (la === undefined) throw new Error('document attendu');
      expect(gardeLaSante(la)).toBe(false);
      expect(parleDeSante(la)).toBe(true);
      const autres = [
        undefined,
        ...OPERATEURS.filter((o) => o !== 'cap-emploi').map((destinataire) => ({
          destinataire,
          conservation: CONSERVATION,
        })),
      ];
      for (const envoi of autres)
        expect(JSON.stringify(documentDe(dossier, envoi))).not.toMatch(
          /cap emploi|cap-emploi|non-detaill|pas écrire pourquoi/i,
        );
      // Re-routed, from wherever it stands: as if it had never been said.
      for (const origine of OPERATEURS)
        expect(JSON.stringify(sansSante(la, origine))).not.toMatch(
          /cap emploi|cap-emploi|non-detaill|pas écrire pourquoi/i,
        );
    }
  });

  it('qui garde la raison n’a pas cette ligne', () => {
    const doc = toutGarde(
      [...evenementsDe('changer-de-metier', ESAT), { type: 'choix', operateur: 'cap-emploi' }],
      {
        destinataire: 'cap-emploi',
        conservation: CONSERVATION,
      },
    );
    expect(lignesDe(doc).map((l) => l.id)).not.toContain(LIGNE_NON_DETAILLEE);
    expect(lignesDe(doc).find((l) => l.id === 'motif')?.texte).toBe(
      'La personne a choisi cet opérateur. Un point reste à voir avec elle.',
    );
    expect(lignesDe(doc).find((l) => l.id === 'indecise')?.texte).toBe(
      'Travail en ESAT : à voir d’abord avec l’équipe de l’établissement ou la MDPH, pour savoir si Cap emploi est la bonne porte.',
    );
  });
});
