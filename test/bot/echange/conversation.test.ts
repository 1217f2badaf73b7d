import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { creerConversations, type Conversations } from '../../../bot/echange/index.ts';
import { commencer } from '../channels/banc.ts';
import { demandeEssai } from '../handover/jeu.ts';
import { CAMILLE, ecrire, ouvrirJeu, SACHA, type JeuEchange, type Personne } from './jeu.ts';

let dossier: string;
let jeu: JeuEchange;
let conversations: Conversations;
beforeEach(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-lecture-'));
  jeu = await ouvrirJeu(dossier);
  conversations = creerConversations(jeu);
});
afterEach(async () => {
  await jeu.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

const HOSTILE = '<img src=x onerror=alert(1)> ‮ **gras** [lien](javascript:alert(1))';

/** A person who wrote, then sent, with or without the agreement; Camille holds the request. */
async function personne(accord: { sante: boolean } | 'sans' = { sante: false }): Promise<Personne> {
  const c = await commencer(jeu.banc);
  const reference = (await jeu.journal.entete(c.id))?.reference ?? '';
  const p = { id: c.id, jeton: c.jeton, reference };
  await ecrire(jeu, p, 'bonjour, je suis caissière à Lille');
  await ecrire(jeu, p, `mon numéro 2 85 05 59 350 123 27, ${HOSTILE}`);
  await ecrire(jeu, p, 'j’ai une RQTH');
  await ecrire(jeu, p, 'je veux mourir');
  await ecrire(jeu, p, 'Envoyer', { action: 'envoyer', telephone: '06 99 88 77 66', nom: 'Zoé Secrète' });
  const demande = demandeEssai({ reference });
  jeu.avancer(2_000);
  await jeu.transmissions.transmettre({
    ...demande,
    consentement: {
      ...demande.consentement,
      le: Date.now() + 1_000,
      ...(accord === 'sans' ? {} : { conversation: { texte: 'On peut lire.', ...accord } }),
    },
  });
  await jeu.transmissions.prendre(reference, CAMILLE);
  return p;
}
const fiche = async (p: Personne) => {
  const t = await jeu.transmissions.lire(p.reference);
  if (t === undefined) throw new Error('plus de fiche');
  return t;
};
const lire = async (p: Personne, par = CAMILLE) => conversations.lire(await fiche(p), par);
const vue = async (p: Personne) => {
  const lu = await lire(p);
  if (!lu.ok) throw new Error(lu.refus.code);
  return lu.valeur;
};
const textes = async (p: Personne) => (await vue(p)).lignes.map((l) => l.texte);

describe('lire la conversation d’une demande', () => {
  it('montre les deux côtés, jusqu’à l’accord ; ni les numéros, ni un formulaire, ni la santé retirée, ni la détresse', async () => {
    const p = await personne();
    await ecrire(jeu, p, 'écrit après l’accord');
    const { etat, lignes } = await vue(p);
    expect(etat).toBe('lisible');
    const tout = lignes.map((l) => l.texte).join('\n');
    expect(lignes.some((l) => l.de === 'assistant' && l.texte.includes('Qu’est-ce qui vous amène'))).toBe(
      true,
    );
    expect(tout).toContain('je suis caissière à Lille');
    expect(tout).toContain('<img src=x onerror=alert(1)>');
    expect(tout).not.toMatch(/85 05 59|06 99 88|Secrète|RQTH|mourir|3114|écrit après/);
    expect(lignes.find((l) => l.texte === 'Envoyer')).toMatchObject({ de: 'personne', bouton: true });
  });

  it('santé gardée dans le document : elle se lit aussi ; la détresse, jamais', async () => {
    const p = await personne({ sante: true });
    const tout = (await textes(p)).join('\n');
    expect(tout).toContain('j’ai une RQTH');
    expect(tout).not.toMatch(/mourir|3114/);
  });

  it('sans accord, ou pour quelqu’un d’autre que qui suit la demande : rien', async () => {
    const sans = await personne('sans');
    expect(await vue(sans)).toEqual({ etat: 'sans-accord', lignes: [] });
    const p = await personne();
    expect(await lire(p, SACHA)).toEqual({ ok: false, refus: { code: 'pas-a-vous' } });
    await jeu.transmissions.liberer(p.reference, CAMILLE);
    expect(await lire(p)).toEqual({ ok: false, refus: { code: 'pas-a-vous' } });
  });

  it('l’accord retiré vaut dans l’instant, réveille la page ouverte, reste écrit avec sa date, et deux fois n’est qu’une', async () => {
    const p = await personne();
    const attente = conversations.attendre(await fiche(p), new AbortController().signal, 20_000);
    expect((await jeu.transmissions.retirerLecture(p.reference)).ok).toBe(true);
    await attente;
    expect(await conversations.etat(await fiche(p), CAMILLE)).toEqual({ ok: true, valeur: 'accord-retire' });
    expect(await vue(p)).toEqual({ etat: 'accord-retire', lignes: [] });
    const { contenu } = await fiche(p);
    expect(contenu?.consentement.conversation).toEqual({ texte: 'On peut lire.', sante: false });
    const retrait = contenu?.lectureRetiree;
    jeu.avancer(5_000);
    await jeu.transmissions.retirerLecture(p.reference);
    expect((await fiche(p)).contenu?.lectureRetiree).toBe(retrait);
    expect(jeu.transmissions.integrite(await fiche(p))).toBe('intact');
  });

  it('demande close, ou conversation effacée : plus rien à lire, et il n’y en a pas de copie', async () => {
    const close = await personne();
    await jeu.transmissions.clore(close.reference, CAMILLE, 'aboutie', 'reponse-donnee');
    expect((await vue(close)).etat).toBe('close');
    const p = await personne();
    const attente = conversations.attendre(await fiche(p), new AbortController().signal, 20_000);
    await jeu.banc.canaux.effacer(p.id);
    await attente;
    expect(await vue(p)).toEqual({ etat: 'sans-conversation', lignes: [] });
    expect(JSON.stringify(await fiche(p))).not.toContain('caissière à Lille');
  });

  it('un accord ajouté après coup dans le fichier ne vaut rien', async () => {
    const p = await personne('sans');
    const t = await fiche(p);
    if (t.contenu === undefined) throw new Error('vide');
    const forge = {
      ...t,
      contenu: {
        ...t.contenu,
        consentement: { ...t.contenu.consentement, conversation: { texte: 'Oui', sante: true } },
      },
    };
    expect(await conversations.lire(forge, CAMILLE)).toEqual({
      ok: true,
      valeur: { etat: 'altere', lignes: [] },
    });
  });

  it('un échange en direct ne s’y lit pas : c’est un autre accord', async () => {
    const c = await commencer(jeu.banc);
    const reference = (await jeu.journal.entete(c.id))?.reference ?? '';
    const p = { id: c.id, jeton: c.jeton, reference };
    const demande = demandeEssai({ reference });
    const consentement = { ...demande.consentement, le: Date.now() - 60_000, enDirect: 'oui' };
    await jeu.transmissions.transmettre({ ...demande, consentement });
    await jeu.journal.ajouterEvenements(c.id, [{ type: 'transmission', etat: 'envoyee', service: 'S' }]);
    await jeu.transmissions.prendre(reference, CAMILLE);
    await jeu.echanges.rejoindre(await fiche(p), CAMILLE);
    await ecrire(jeu, p, 'dit à Camille');
    await jeu.echanges.quitter(await fiche(p), CAMILLE);
    await ecrire(jeu, p, 'dit à l’assistant');
    const t = await fiche(p);
    await jeu.transmissions.proposerReorientation(reference, CAMILLE, {
      vers: { type: 'operateur', operateur: 'apec' },
      motif: 'autre-operateur-plus-adapte',
    });
    const le = (await fiche(p)).reorientation?.le ?? 0;
    jeu.avancer(1_000);
    const reponse = {
      accord: true,
      garderSante: false,
      consentement: {
        ...t.contenu?.consentement,
        le: Date.now() + 1_000,
        texte: 'Oui.',
        destinataire: 'Apec',
        enDirect: 'oui',
        conversation: { texte: 'Oui.', sante: false },
      },
    } as const;
    expect((await jeu.transmissions.repondreReorientation(reference, le, reponse)).ok).toBe(true);
    // The same answer again (a double click, a turn played again) changes nothing.
    const apres = await fiche(p);
    expect((await jeu.transmissions.repondreReorientation(reference, le, reponse)).ok).toBe(true);
    expect(await fiche(p)).toEqual(apres);
    expect(await jeu.transmissions.repondreReorientation(reference, le, { accord: false })).toMatchObject({
      ok: false,
    });
    await jeu.transmissions.prendre(reference, SACHA);
    const lu = await conversations.lire(await fiche(p), SACHA);
    const dits = lu.ok ? lu.valeur.lignes.map((l) => l.texte).join('\n') : '';
    expect(dits).toContain('dit à l’assistant');
    expect(dits).not.toContain('dit à Camille');
    // Nor in the exchanges: those were with the service it left.
    const echange = await jeu.echanges.etat(await fiche(p), SACHA);
    expect(echange.ok && echange.valeur.lignes).toEqual([]);
  });
});
