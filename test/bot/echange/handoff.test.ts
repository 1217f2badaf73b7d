import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evenementsHandoff } from '../../../bot/channels/handoff.ts';
import { demandeEssai } from '../handover/jeu.ts';
import { Connecteur } from '../channels/connecteur.ts';
import { ACCORD, CAMILLE, ouvrirJeu, type JeuEchange } from './jeu.ts';

/** An Azure channel with a hub behind it: both post to the same address, as the Bot Framework does. */
let dossier: string;
let jeu: JeuEchange;
let connecteur: Connecteur;
let canal = 'omnichannel';
beforeEach(async () => {
  canal = 'omnichannel';
  dossier = mkdtempSync(join(tmpdir(), 'cep-handoff-'));
  jeu = await ouvrirJeu(dossier);
  connecteur = await Connecteur.ouvrir();
});
afterEach(async () => {
  connecteur.fermer();
  await jeu.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

let numero = 0;
const poster = (plus: object): Promise<Response> =>
  fetch(`${jeu.banc.base}/api/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      channelId: canal,
      serviceUrl: connecteur.service,
      id: `a${(numero += 1)}`,
      recipient: { id: 'bot' },
      from: { id: 'personne' },
      conversation: { id: 'c1' },
      ...plus,
    }),
  });
const ecrire = (text: string, value?: object): Promise<Response> =>
  poster({ type: 'message', text, ...(value === undefined ? {} : { value }) });
const statut = (state: string, plus: object = {}): Promise<Response> =>
  poster({
    type: 'event',
    name: 'handoff.status',
    from: { id: 'concentrateur' },
    value: { state, message: 'texte libre à ne pas montrer' },
    ...plus,
  });

const schemaEvenement = z.looseObject({ type: z.literal('event'), name: z.string(), value: z.unknown() });
const evenements = () =>
  connecteur.recues.flatMap((r) => {
    const lu = schemaEvenement.safeParse(r);
    return lu.success ? [{ name: lu.data.name, value: lu.data.value }] : [];
  });
const dits = (): string[] => connecteur.textes.filter((t) => t !== undefined);

/** The conversation begins, and the request is sent with or without the agreement. */
async function demander(accord = true): Promise<string> {
  await ecrire('bonjour');
  let conversation = '';
  for await (const l of jeu.journal.lister()) ({ conversation } = l);
  const reference = (await jeu.journal.entete(conversation))?.reference ?? '';
  const demande = demandeEssai({ reference });
  await jeu.transmissions.transmettre({
    ...demande,
    consentement: { ...demande.consentement, ...(accord ? { enDirect: ACCORD } : {}) },
  });
  connecteur.vider();
  return reference;
}

describe('handoff du Bot Framework', () => {
  it('la demande d’une personne dit où elle va, rien d’elle', () => {
    expect(
      evenementsHandoff({ texte: 'C’est envoyé', passage: { service: 'Service d’essai', region: '32' } }),
    ).toEqual([
      {
        type: 'event',
        name: 'handoff.initiate',
        value: { service: 'Service d’essai', region: '32', locale: 'fr-FR' },
      },
    ]);
    expect(evenementsHandoff({ texte: 'autre chose' })).toEqual([]);
  });

  it('un outil prend la conversation, l’assistant se tait, puis la rend', async () => {
    await demander();
    expect((await statut('accepted')).status).toBe(200);
    await statut('accepted');
    expect(dits()).toHaveLength(1);
    expect(dits()[0]).toContain(
      '**Une personne du service** (Avenir Actifs Hauts-de-France) a pris la conversation',
    );
    connecteur.vider();
    await ecrire('c’est payant ?');
    expect(connecteur.recues).toEqual([]);
    await ecrire('je veux mourir');
    expect(dits()[0]).toContain('3114');
    connecteur.vider();
    await statut('completed');
    expect(dits()[0]).toContain('Vous parlez de nouveau à l’assistant');
    // What the tool said is not said back to it; its free words are shown to nobody.
    expect(evenements()).toEqual([]);
    expect(dits().join()).not.toContain('texte libre');
    connecteur.vider();
    await ecrire('c’est payant ?');
    expect(dits().join()).toContain('gratuit');
  });

  it('personne n’est disponible : la personne l’apprend, l’assistant reste', async () => {
    await demander();
    await statut('failed');
    expect(dits()).toHaveLength(1);
    expect(dits()[0]).toContain('Personne n’est disponible pour vous répondre ici maintenant');
    await ecrire('c’est payant ?');
    expect(dits().join()).toContain('gratuit');
  });

  it('l’outil disparaît : deux heures après, l’assistant reprend', async () => {
    await demander();
    await statut('accepted');
    jeu.avancer(119 * 60_000);
    expect(await jeu.echanges.balayer()).toBe(0);
    jeu.avancer(2 * 60_000);
    expect(await jeu.echanges.balayer()).toBe(1);
    expect(dits().at(-1)).toBeDefined();
    expect(dits().join()).toContain('je reprends la conversation');
  });

  it.each([
    ['sans accord de la personne', false, {}],
    ['de la personne elle-même', true, { from: { id: 'personne' } }],
    ['d’une conversation inconnue', true, { conversation: { id: 'autre' } }],
    ['d’un état inconnu', true, { value: { state: 'annexed' } }],
    ['sans état', true, { value: null }],
  ])('un statut %s ne change rien, et n’est pas rejeté', async (_nom, accord, plus) => {
    await demander(accord);
    expect((await statut('accepted', plus)).status).toBe(200);
    expect(connecteur.recues).toEqual([]);
    await ecrire('c’est payant ?');
    expect(dits().join()).toContain('gratuit');
  });

  it('une demande retirée : plus personne ne peut prendre la conversation', async () => {
    const reference = await demander();
    await jeu.transmissions.retirer(reference);
    await statut('accepted');
    expect(connecteur.recues).toEqual([]);
  });

  it('notre console sur un canal Azure : l’outil est prévenu de l’arrivée et du départ, sans un mot de plus', async () => {
    const reference = await demander();
    await jeu.transmissions.prendre(reference, CAMILLE);
    const fiche = async () => {
      const t = await jeu.transmissions.lire(reference);
      if (t === undefined) throw new Error('plus de fiche');
      return t;
    };
    await jeu.echanges.rejoindre(await fiche(), CAMILLE);
    await jeu.echanges.dire(await fiche(), CAMILLE, 'Bonjour.', 'cle-de-console-0001');
    await ecrire('vous êtes là ?');
    // The tool behind the channel does not take what our console holds.
    await statut('accepted');
    await statut('completed');
    const vue = await jeu.echanges.etat(await fiche(), CAMILLE);
    expect(vue).toMatchObject({ ok: true, valeur: { etat: 'ouvert' } });
    expect(vue.ok && vue.valeur.lignes.filter((l) => l.genre === 'parole').map((l) => l.texte)).toEqual([
      'Bonjour.',
      'vous êtes là ?',
    ]);
    await jeu.echanges.quitter(await fiche(), CAMILLE);
    expect(evenements()).toEqual([
      { name: 'handoff.status', value: { state: 'accepted' } },
      { name: 'handoff.status', value: { state: 'completed' } },
    ]);
    expect(JSON.stringify(evenements())).not.toMatch(/Camille|Bonjour|CEP-/);
    expect(dits()[1]).toBe(
      '**Camille Martin, Avenir Actifs Hauts-de-France** (une personne vous écrit) :\n\n> Bonjour\\.',
    );
  });

  it('dans Teams, aucun événement ne part : rien ne les y attend', async () => {
    canal = 'msteams';
    const reference = await demander();
    await jeu.transmissions.prendre(reference, CAMILLE);
    const t = await jeu.transmissions.lire(reference);
    if (t === undefined) throw new Error('plus de fiche');
    await jeu.echanges.rejoindre(t, CAMILLE);
    await jeu.echanges.quitter(t, CAMILLE);
    expect(evenements()).toEqual([]);
    expect(dits()[0]).toContain('a rejoint la conversation');
  });

  it('un canal qui refuse l’arrivée : personne n’est annoncé', async () => {
    const reference = await demander();
    await jeu.transmissions.prendre(reference, CAMILLE);
    const t = await jeu.transmissions.lire(reference);
    if (t === undefined) throw new Error('plus de fiche');
    connecteur.suite = [{ statut: 403 }];
    expect(await jeu.echanges.rejoindre(t, CAMILLE)).toEqual({ ok: false, refus: { code: 'non-remise' } });
    await ecrire('dit à l’assistant');
    const vue = await jeu.echanges.etat(t, CAMILLE);
    expect(vue).toMatchObject({ ok: true, valeur: { etat: 'possible' } });
    expect(JSON.stringify(vue)).not.toContain('dit à l’assistant');
  });
});
