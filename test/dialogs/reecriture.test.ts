import { describe, expect, it } from 'vitest';
import { aiguiller } from '../../knowledge/aiguillage/index.ts';
import { entreeDe, type DocumentNiveau1 } from '../../knowledge/dossier/index.ts';
import { contexteDEssai, Conversation } from '../support/transcript.ts';

const contexte = contexteDEssai('2026-11-21', true);
const MOTS = 'je suis caissière à Lille, pas cadre, personne ne me suit, je voudrais devenir aide-soignante';
const REECRIRE = 'Dire une ligne avec mes mots';
const ENREGISTRER = 'Enregistrer mes mots';

/** As far as the document. */
const auDocument = (): Conversation => {
  const c = new Conversation(contexte);
  c.ecrire(MOTS);
  for (const bouton of [
    'Je préfère ne pas répondre',
    'Oui, qui peut m’accompagner ?',
    'Je choisis Avenir Actifs Hauts-de-France',
    'Oui, préparer mon document',
  ])
    c.toucher(bouton);
  return c;
};
const dits = (c: Conversation): string => c.reponses.map((r) => r.texte).join('\n');
/** What leaves, line by line. */
const envoye = (c: Conversation): Readonly<Record<string, string>> => {
  c.toucher('L’envoyer à Avenir Actifs Hauts-de-France');
  c.toucher('Envoyer', { telephone: '06 12 34 56 78', consentement: 'true' });
  const document = (c.transmis as readonly { readonly document: DocumentNiveau1 }[])[0]?.document;
  return Object.fromEntries(document?.sections.flatMap((s) => s.lignes.map((l) => [l.id, l.texte])) ?? []);
};
const dire = (c: Conversation, ligne: string, mots: string): void => {
  c.toucher(REECRIRE);
  c.toucher(ENREGISTRER, { ligne, mots });
};

describe('une ligne du document avec ses propres mots', () => {
  it('part comme les mots de la personne, sans changer ni réponse ni orientation', () => {
    const c = auDocument();
    const avant = aiguiller(entreeDe(c.dossier, contexte.aujourdhui));
    dire(c, 'metier-vise', '  aide-soignante,\nplutôt de nuit, «\u202e près » de chez moi ');
    expect(dits(c)).toContain('dit maintenant vos mots');
    expect(aiguiller(entreeDe(c.dossier, contexte.aujourdhui))).toEqual(avant);
    expect(c.dossier.metiers.map((m) => m.libelle)).not.toContain('plutôt de nuit');
    const lignes = envoye(c);
    expect(lignes['metier-vise']).toBe(
      '« aide-soignante, plutôt de nuit, “ près ” de chez moi » (avec les mots de la personne)',
    );
    // The others stay ours, and what was not hers to write is not offered.
    expect(lignes['metier-actuel']).toMatch(/caissi/);
    expect(lignes['lieu']).toContain('Lille');
  });

  it('ne s’offre que pour ce qu’elle a dit d’elle, et rien d’autre n’est pris, même posté de force', () => {
    const c = auDocument();
    c.toucher(REECRIRE);
    const offertes = c.reponses.flatMap((r) =>
      (r.carte?.blocs ?? []).flatMap((b) => (b.type === 'liste' ? b.options.map((o) => o.valeur) : [])),
    );
    expect(offertes).toContain('metier-vise');
    expect(offertes).toContain('paroles-1');
    for (const id of ['lieu', 'demande', 'decision', 'motif', 'operateur', 'regle', 'informations'])
      expect(offertes, id).not.toContain(id);
    for (const ligne of ['motif', 'demande', 'lieu', 'inventee', '__proto__']) {
      c.jouer({ type: 'valeur', valeur: { action: 'ecrire-ligne', ligne, mots: 'tout autre chose' } });
      expect(c.dossier.reecrites, ligne).toEqual({});
    }
  });

  it('vide ou trop longue : rien ne change, et ce qui était écrit reste dans le champ', () => {
    const c = auDocument();
    dire(c, 'metier-vise', ' \u200b ');
    expect(dits(c)).toContain('Rien n’a changé dans le document');
    const long = 'a'.repeat(301);
    c.toucher(ENREGISTRER, { ligne: 'metier-vise', mots: long });
    expect(dits(c)).toContain('300 caractères au plus');
    expect(c.dossier.reecrites).toEqual({});
    const champ = c.reponses.flatMap((r) => r.carte?.blocs ?? []).find((b) => b.type === 'saisie');
    expect(champ).toMatchObject({ valeur: long });
    c.toucher(ENREGISTRER, { ligne: 'metier-vise', mots: 'a'.repeat(300) });
    expect(c.dossier.reecrites['metier-vise']?.mots).toHaveLength(300);
  });

  it('reprend son texte de départ sur demande, et dès que la réponse change', () => {
    const c = auDocument();
    dire(c, 'metier-vise', 'soigner les gens');
    c.toucher(REECRIRE);
    c.toucher('Remettre le texte de départ', { ligne: 'metier-vise' });
    expect(envoye(c)['metier-vise']).toMatch(/^aide-soignant/i);

    const d = auDocument();
    dire(d, 'metier-vise', 'soigner les gens');
    d.ecrire('en fait je voudrais devenir boulangère');
    const ecrites = JSON.stringify(d.dossier.reecrites);
    expect(ecrites).toContain('soigner les gens');
    expect(d.dit).toMatch(/Métier envisagé : boulang/);
    expect(d.dit).not.toContain('soigner les gens');
  });

  it('qui parle de santé n’y est que cochée', () => {
    const c = auDocument();
    dire(c, 'metier-actuel', 'caissière, mais mon dos est cassé et j’ai une hernie');
    expect(dits(c)).toContain('que si vous la cochez');
    expect(JSON.stringify(envoye(c))).not.toContain('hernie');
    const d = auDocument();
    dire(d, 'metier-actuel', 'caissière, mais mon dos est cassé et j’ai une hernie');
    d.toucher('Enregistrer mes choix', { 'ligne:metier-actuel': 'true' });
    d.toucher('L’envoyer à Avenir Actifs Hauts-de-France');
    d.toucher('Envoyer', { telephone: '06 12 34 56 78', consentement: 'true' });
    const [{ document } = { document: undefined }] = d.transmis as readonly {
      readonly document: DocumentNiveau1;
    }[];
    const ligne = document?.sections.flatMap((s) => s.lignes).find((l) => l.id === 'metier-actuel');
    expect(ligne).toMatchObject({ sensible: 'sante', texte: expect.stringContaining('hernie') });
  });

  it('suit dans l’autre registre, et ne se change plus une fois envoyée', () => {
    const c = auDocument();
    dire(c, 'metier-vise', 'soigner les gens');
    c.toucher('Enregistrer mes choix');
    c.jouer({ type: 'valeur', valeur: { action: 'registre', registre: 'falc' } });
    expect(c.dossier.registre).toBe('falc');
    c.jouer({ type: 'valeur', valeur: { action: 'registre', registre: 'standard' } });
    expect(envoye(c)['metier-vise']).toContain('soigner les gens');
    c.jouer({
      type: 'valeur',
      valeur: { action: 'ecrire-ligne', ligne: 'metier-vise', mots: 'autre chose' },
    });
    expect(c.dossier.reecrites['metier-vise']?.mots).toBe('soigner les gens');
  });
});
