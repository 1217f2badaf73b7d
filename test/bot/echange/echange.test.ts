import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { appeler } from '../channels/banc.ts';
import {
  CAMILLE,
  ecran,
  ecrire,
  ouvrirJeu,
  personneSuivie,
  SACHA,
  type JeuEchange,
  type Personne,
} from './jeu.ts';

const MINUTE = 60_000;
let dossier: string;
let jeu: JeuEchange;
beforeEach(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-echange-'));
  jeu = await ouvrirJeu(dossier);
});
afterEach(async () => {
  await jeu.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

const fiche = async (p: Personne) => {
  const t = await jeu.transmissions.lire(p.reference);
  if (t === undefined) throw new Error('plus de fiche');
  return t;
};
const rejoindre = async (p: Personne, par = CAMILLE) => jeu.echanges.rejoindre(await fiche(p), par);
let numero = 0;
const dire = async (p: Personne, mots: string, cle = `cle-de-console-${(numero += 1)}`, par = CAMILLE) =>
  jeu.echanges.dire(await fiche(p), par, mots, cle);
const quitter = async (p: Personne, par = CAMILLE) => jeu.echanges.quitter(await fiche(p), par);
const etat = async (p: Personne, par = CAMILLE) => {
  const lu = await jeu.echanges.etat(await fiche(p), par);
  if (!lu.ok) throw new Error(lu.refus.code);
  return lu.valeur;
};
const dernier = async (p: Personne) => (await ecran(jeu, p)).at(-1);
const lignes = async (p: Personne) =>
  (await etat(p)).lignes.filter((l) => l.genre === 'parole').map((l) => `${l.de} : ${l.texte}`);
/** Everything under the data folder, as bytes. */
function contenu(racine = dossier): string {
  return readdirSync(racine, { withFileTypes: true })
    .map((e) => {
      const chemin = join(racine, e.name);
      // The lock of the data folder is a socket.
      return e.isDirectory() ? contenu(chemin) : e.isFile() ? readFileSync(chemin, 'utf8') : '';
    })
    .join('\n');
}
const attendre = async (vrai: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 200; i++) {
    if (await vrai()) return;
    await new Promise((r) => setTimeout(r, 10));
  }
  throw new Error('jamais vrai');
};

describe('un conseiller répond dans la conversation', () => {
  it('dans les deux sens : son nom et son service, jamais l’assistant ; l’assistant se tait', async () => {
    const p = await personneSuivie(jeu);
    await ecrire(jeu, p, 'aide');
    expect((await etat(p)).etat).toBe('possible');
    expect(await rejoindre(p)).toEqual({ ok: true, valeur: true });
    expect((await dernier(p))?.texte).toContain(
      '**Camille Martin** (Avenir Actifs Hauts-de-France) a rejoint la conversation',
    );
    const avant = (await ecran(jeu, p)).length;
    await dire(p, 'Bonjour, **je** vous lis.');
    await ecrire(jeu, p, 'bonjour, c’est payant ?');
    expect((await ecran(jeu, p)).slice(avant)).toEqual([
      { de: 'Camille Martin, Avenir Actifs Hauts-de-France', texte: 'Bonjour, **je** vous lis.' },
      { de: 'personne', texte: 'bonjour, c’est payant ?' },
    ]);
    expect(await lignes(p)).toEqual([
      'conseiller : Bonjour, **je** vous lis.',
      'personne : bonjour, c’est payant ?',
    ]);
    await quitter(p);
    const apres = (await ecran(jeu, p)).slice(avant + 2);
    expect(apres[0]?.de).toBe('Assistant');
    expect(apres[0]?.texte).toMatch(
      /^\*\*Camille Martin\*\* a quitté la conversation\. Vous parlez de nouveau/,
    );
    expect(apres[1]?.texte).toContain('Qu’est-ce qui vous amène');
    await ecrire(jeu, p, 'c’est payant ?');
    expect((await ecran(jeu, p)).some((l) => l.de === 'Assistant' && l.texte.includes('gratuit'))).toBe(true);
    // What comes after the end is the assistant's again: the counsellor does not read it.
    expect(await lignes(p)).toHaveLength(2);
    expect(contenu().includes('camille@service')).toBe(true);
    expect((await ecran(jeu, p)).map((l) => JSON.stringify(l)).join()).not.toContain('camille@');
  });

  it('rejoindre deux fois, ou à deux fenêtres, n’annonce qu’une arrivée', async () => {
    const p = await personneSuivie(jeu);
    await Promise.all([rejoindre(p), rejoindre(p), rejoindre(p)]);
    expect((await ecran(jeu, p)).filter((l) => l.texte.includes('a rejoint'))).toHaveLength(1);
  });

  it('une parole renvoyée avec sa clé est dite une fois, même après un redémarrage', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await Promise.all([
      dire(p, 'Une seule fois.', 'cle-de-console-unique'),
      dire(p, 'Une seule fois.', 'cle-de-console-unique'),
    ]);
    await jeu.fermer();
    jeu = await ouvrirJeu(dossier);
    expect(await dire(p, 'Une seule fois.', 'cle-de-console-unique')).toEqual({ ok: true, valeur: true });
    expect(await dire(p, 'Autre chose.', 'cle-de-console-unique')).toMatchObject({ ok: false });
    expect(await lignes(p)).toEqual(['conseiller : Une seule fois.']);
  });

  it('survit à un redémarrage : qui parle, ce qui s’est dit, et la suite', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await ecrire(jeu, p, 'avant l’arrêt');
    await jeu.fermer();
    jeu = await ouvrirJeu(dossier);
    await jeu.echanges.retrouver();
    expect((await etat(p)).etat).toBe('ouvert');
    const avant = (await ecran(jeu, p)).length;
    await ecrire(jeu, p, 'c’est payant ?');
    expect((await ecran(jeu, p)).length).toBe(avant + 1);
    await dire(p, 'Je suis toujours là.');
    expect(await lignes(p)).toEqual([
      'personne : avant l’arrêt',
      'personne : c’est payant ?',
      'conseiller : Je suis toujours là.',
    ]);
    jeu.avancer(31 * MINUTE);
    expect(await jeu.echanges.balayer()).toBe(1);
    expect(await jeu.echanges.balayer()).toBe(0);
  });

  it('un tour coupé par l’arrêt, vieux de plus de deux minutes, n’est pas « repris » par l’assistant', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await jeu.journal.ajouterEntrant(p.id, {
      type: 'message',
      text: 'pendant l’arrêt',
      from: { id: 'x', role: 'user' },
    });
    const avant = (await ecran(jeu, p)).length;
    jeu.avancer(3 * MINUTE);
    expect(await jeu.banc.canaux.reprendreTours()).toBe(1);
    expect((await ecran(jeu, p)).length).toBe(avant);
    expect(await lignes(p)).toEqual(['personne : pendant l’arrêt']);
  });
});

describe('personne n’est annoncé qui n’est pas là', () => {
  it('sans accord, sans prise en charge, ou d’un autre : rien', async () => {
    const sans = await personneSuivie(jeu, { accord: false });
    expect((await etat(sans)).etat).toBe('sans-accord');
    expect(await rejoindre(sans)).toEqual({ ok: false, refus: { code: 'sans-accord' } });
    const p = await personneSuivie(jeu);
    expect(await rejoindre(p, SACHA)).toEqual({ ok: false, refus: { code: 'pas-a-vous' } });
    expect(await jeu.echanges.etat(await fiche(p), SACHA)).toEqual({
      ok: false,
      refus: { code: 'pas-a-vous' },
    });
    expect(await dire(p, 'coucou')).toEqual({ ok: false, refus: { code: 'echange-clos' } });
    await jeu.transmissions.liberer(p.reference, CAMILLE);
    expect(await rejoindre(p)).toEqual({ ok: false, refus: { code: 'pas-a-vous' } });
    for (const x of [sans, p])
      expect((await ecran(jeu, x)).some((l) => l.texte.includes('rejoint'))).toBe(false);
  });

  it.each([
    ['libérée', (p: Personne) => jeu.transmissions.liberer(p.reference, CAMILLE)],
    ['close', (p: Personne) => jeu.transmissions.clore(p.reference, CAMILLE, 'aboutie', 'reponse-donnee')],
    ['retirée par la personne', (p: Personne) => jeu.transmissions.retirer(p.reference)],
    ['effacée', (p: Personne) => jeu.transmissions.effacer(p.reference)],
  ])('demande %s : l’assistant reprend aussitôt et le dit', async (_nom, geste) => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await geste(p);
    await attendre(async () =>
      (await ecran(jeu, p)).some((l) => l.texte.includes('ne suit plus votre demande')),
    );
    expect((await dernier(p))?.texte).toContain('Qu’est-ce qui vous amène');
  });

  it('prise par une autre personne : la première est dite partie avant que la seconde arrive', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await dire(p, 'Bonjour.');
    await jeu.transmissions.liberer(p.reference, CAMILLE);
    await jeu.transmissions.prendre(p.reference, SACHA);
    expect(await rejoindre(p, SACHA)).toEqual({ ok: true, valeur: true });
    const dits = (await ecran(jeu, p)).map((l) => l.texte).filter((t) => /rejoint|ne suit plus/.test(t));
    expect(dits.map((t) => t.slice(2, 8))).toEqual(['Camill', 'Camill', 'Sacha ']);
    // The new holder reads what was said to the service: nobody tells their story twice.
    const vue = await jeu.echanges.etat(await fiche(p), SACHA);
    expect(vue.ok && vue.valeur.lignes.some((l) => l.texte === 'Bonjour.')).toBe(true);
    expect(await dire(p, 'encore moi', undefined, CAMILLE)).toMatchObject({ ok: false });
  });

  it('sans réponse dix minutes : le balayage rend la main, une fois', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await ecrire(jeu, p, 'vous êtes là ?');
    jeu.avancer(9 * MINUTE);
    expect(await jeu.echanges.balayer()).toBe(0);
    await ecrire(jeu, p, 'toujours là ?');
    jeu.avancer(MINUTE + 1000);
    expect(await Promise.all([jeu.echanges.balayer(), jeu.echanges.balayer()])).toEqual([1, 0]);
    expect((await ecran(jeu, p)).filter((l) => l.texte.includes('je reprends la conversation'))).toHaveLength(
      1,
    );
    expect((await etat(p)).etat).toBe('possible');
    expect(await dire(p, 'pardon !')).toEqual({ ok: false, refus: { code: 'echange-clos' } });
  });

  it('l’échéance passée sans balayage (service arrêté) : le message suivant est pour l’assistant, qui le dit', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    jeu.avancer(31 * MINUTE);
    await ecrire(jeu, p, 'c’est payant ?');
    const dits = (await ecran(jeu, p)).map((l) => l.texte);
    const fin = dits.findIndex((t) => t.includes('je reprends la conversation'));
    expect(fin).toBeGreaterThan(0);
    expect(dits.findIndex((t) => t.includes('gratuit') && t.includes('CEP'))).not.toBe(-1);
  });

  it('la personne part : personne ne revient sans son accord', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await ecrire(jeu, p, 'Revenir à l’assistant', { action: 'quitter-echange' });
    expect((await etat(p)).etat).toBe('accord-retire');
    expect(await rejoindre(p)).toEqual({ ok: false, refus: { code: 'accord-retire' } });
    await ecrire(jeu, p, 'J’accepte', { action: 'accepter-echange' });
    expect(await rejoindre(p)).toEqual({ ok: true, valeur: true });
  });

  it('« terminer » ferme l’échange : plus personne n’y écrit', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await jeu.banc.canaux.revoquer(p.id);
    expect(await dire(p, 'allô ?')).toEqual({ ok: false, refus: { code: 'echange-clos' } });
    expect((await etat(p)).etat).toBe('accord-retire');
    expect(await jeu.echanges.balayer()).toBe(0);
  });
});

describe('ce qui s’échange', () => {
  it('les numéros sont masqués dans les deux sens', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await ecrire(jeu, p, 'mon numéro est 1 85 05 78 006 084 36');
    await dire(p, 'le vôtre est bien 1 85 05 78 006 084 36 ?');
    expect((await lignes(p)).filter((l) => !l.startsWith('assistant'))).toEqual([
      'personne : [numéro masqué]',
      'conseiller : [numéro masqué]',
    ]);
    expect(contenu()).not.toContain('006 084');
  });

  it('un danger montre les numéros à appeler, et le conseiller voit qu’ils l’ont été', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await ecrire(jeu, p, 'je veux mourir');
    expect((await lignes(p))[0]).toBe('personne : je veux mourir');
    expect((await lignes(p))[1]).toContain('3114');
    expect((await ecran(jeu, p)).filter((l) => l.texte.includes('3114'))).toHaveLength(1);
  });

  it('une page ne peut pas faire croire qu’un échange commence, ni montrer ce qui a été dit avant', async () => {
    const p = await personneSuivie(jeu);
    await ecrire(jeu, p, 'x', {
      action: 'reprendre',
      echange: { etat: 'ouvert', nom: 'Faux', service: 'Faux' },
    });
    await ecrire(jeu, p, 'mon secret');
    expect((await etat(p)).lignes).toEqual([]);
    await rejoindre(p);
    expect(await lignes(p)).toEqual([]);
  });

  it('un nom d’annuaire n’est ni un lien ni un format', async () => {
    const hostile = { id: 'h', nom: '[cliquez](https://mechant.exemple) **<script>' };
    const p = await personneSuivie(jeu, { par: hostile });
    await rejoindre(p, hostile);
    expect((await dernier(p))?.texte).toContain('**cliquez https mechant.exemple script** (');
  });

  it('« effacer » efface l’échange partout, et le conseiller ne lit plus rien', async () => {
    const p = await personneSuivie(jeu);
    await rejoindre(p);
    await ecrire(jeu, p, 'MOTS-DE-LA-PERSONNE');
    await dire(p, 'MOTS-DU-CONSEIL');
    expect(contenu()).toMatch(/MOTS-DE-LA-PERSONNE[^]*MOTS-DU-CONSEIL/);
    const t = await fiche(p);
    await ecrire(jeu, p, 'Oui', { action: 'confirmer', quoi: 'effacer', oui: true });
    await attendre(async () => (await jeu.journal.entete(p.id)) === undefined);
    expect(contenu()).not.toMatch(/MOTS-|Camille Martin|camille@/);
    expect(await jeu.transmissions.lire(p.reference)).toBeUndefined();
    expect(await jeu.echanges.etat(t, CAMILLE)).toMatchObject({
      ok: true,
      valeur: { etat: 'sans-conversation', lignes: [] },
    });
    expect(await jeu.echanges.dire(t, CAMILLE, 'encore ?', 'cle-de-console-fin')).toMatchObject({
      ok: false,
    });
    expect(await jeu.echanges.balayer()).toBe(0);
  });

  it('deux cents gestes croisés : jamais une parole de conseiller hors d’un échange', async () => {
    const p = await personneSuivie(jeu);
    const gestes: Promise<unknown>[] = [];
    for (let i = 0; i < 50; i++) {
      gestes.push(
        rejoindre(p),
        dire(p, `m${i}`),
        ecrire(jeu, p, `p${i}`).catch(() => undefined),
        quitter(p),
      );
      if (i % 10 === 0) await Promise.all(gestes.splice(0));
    }
    await Promise.all(gestes);
    let ouvert = false;
    for (const { de, texte } of await ecran(jeu, p)) {
      if (texte.includes('a rejoint la conversation')) {
        expect(ouvert).toBe(false);
        ouvert = true;
      } else if (texte.includes('a quitté la conversation')) ouvert = false;
      else if (de.startsWith('Camille')) expect(ouvert).toBe(true);
    }
  });
});

describe('« est en train d’écrire »', () => {
  const frapper = async (p: Personne): Promise<void> => {
    const { statut } = await appeler(jeu.banc, 'POST', `/conversations/${p.id}/activities`, {
      jeton: p.jeton,
      corps: { type: 'typing' },
    });
    expect(statut).toBe(200);
  };
  const ecrit = async (p: Personne) => (await etat(p)).ecrit;

  it('de la personne au conseiller : dit aussitôt, pour six secondes, et plus dès qu’elle a envoyé', async () => {
    const p = await personneSuivie(jeu);
    await frapper(p);
    expect(await ecrit(p)).toBeUndefined();
    await rejoindre(p);
    // What was typed before somebody came is nobody's.
    expect(await ecrit(p)).toBeUndefined();
    const { jusqua, frappe } = await etat(p);
    const attente = jeu.echanges.attendre(await fiche(p), { jusqua }, new AbortController().signal, 5_000);
    const depuis = Date.now();
    await frapper(p);
    await attente;
    expect(Date.now() - depuis).toBeLessThan(4_500);
    expect(await ecrit(p)).toBe(true);
    expect((await etat(p)).jusqua).toBe(jusqua);
    // Between two requests of the counsellor's page: the next one is told at once, the one after it waits.
    await jeu.echanges.attendre(await fiche(p), { jusqua, frappe }, new AbortController().signal, 600_000);
    const vu = (await etat(p)).frappe;
    const issue = jeu.echanges.attendre(
      await fiche(p),
      { jusqua, frappe: vu },
      AbortSignal.timeout(200),
      600_000,
    );
    expect(
      await Promise.race([issue.then(() => 'dit'), new Promise((r) => setTimeout(r, 80, 'attend'))]),
    ).toBe('attend');
    await issue;
    jeu.avancer(6_000);
    expect(await ecrit(p)).toBeUndefined();
    await frapper(p);
    jeu.avancer(1_000);
    await ecrire(jeu, p, 'voilà');
    expect(await ecrit(p)).toBeUndefined();
    expect(contenu()).not.toMatch(/typing|ecrit"/);
  });

  it('du conseiller à la personne : sous son nom, pas plus d’une fois toutes les deux secondes, à qui tient l’échange', async () => {
    const p = await personneSuivie(jeu);
    expect(await jeu.echanges.ecrire(await fiche(p), CAMILLE)).toEqual({
      ok: false,
      refus: { code: 'echange-clos' },
    });
    await rejoindre(p);
    const flux = await appeler(jeu.banc, 'GET', `/conversations/${p.id}`, { jeton: p.jeton });
    const socket = new WebSocket(String(flux.corps['streamUrl']));
    const recues: string[] = [];
    socket.on('message', (donnees: Buffer) => recues.push(donnees.toString()));
    await new Promise((r) => socket.once('open', r));
    const frappes = () =>
      recues
        .filter((r) => r !== '')
        .flatMap((r) => (JSON.parse(r) as { activities: { type: string; from: unknown }[] }).activities)
        .filter((a) => a.type === 'typing')
        .map((a) => a.from);
    for (let i = 0; i < 3; i += 1)
      expect(await jeu.echanges.ecrire(await fiche(p), CAMILLE)).toEqual({ ok: true, valeur: true });
    await expect
      .poll(frappes)
      .toEqual([
        { id: expect.stringMatching(/^conseiller-[0-9a-f]{16}$/), name: 'Camille Martin', role: 'bot' },
      ]);
    jeu.avancer(2_000);
    await jeu.echanges.ecrire(await fiche(p), CAMILLE);
    await expect.poll(frappes).toHaveLength(2);
    expect(await jeu.echanges.ecrire(await fiche(p), SACHA)).toMatchObject({ ok: false });
    await quitter(p);
    expect(await jeu.echanges.ecrire(await fiche(p), CAMILLE)).toMatchObject({ ok: false });
    expect(contenu()).not.toContain('typing');
    socket.close();
  });
});
