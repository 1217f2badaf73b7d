import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demarrerApp, type App } from '../../../bot/app.ts';
import { lireConfig } from '../../../bot/config.ts';
import type { Journaliseur } from '../../../bot/ports.ts';
import { PageSuivi } from '../../../bot/pages/suivi/page.ts';
import { demandeEssai, transmissionsEssai } from '../handover/jeu.ts';
import { MOTS, Personne } from '../../support/personne.ts';
import { portLibre } from '../../support/serveur.ts';

let dossier: string;
let base: string;
let app: App;
let adresseConsole: string;
const traces: string[] = [];
const journaliseur: Journaliseur = {
  info: (code, details) => void traces.push(JSON.stringify([code, details])),
  alerte: (code, details) => void traces.push(JSON.stringify([code, details])),
  erreur: (code, erreur, details) => void traces.push(JSON.stringify([code, String(erreur), details])),
};

async function lancer(port: number, env: Record<string, string> = {}): Promise<void> {
  const config = lireConfig({
    PORT: String(port),
    DATA_DIR: dossier,
    LIMIT_SUIVI_PAR_ADRESSE: '0',
    LIMIT_MESSAGES_PAR_SECONDE: '0',
    ...env,
  });
  app = await demarrerApp({ config, horloge: () => Date.now(), journaliseur });
  base = `http://127.0.0.1:${port}`;
  adresseConsole = app.adresses.console.replace('localhost', '127.0.0.1');
}

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-suivi-'));
  await lancer(await portLibre());
});
afterAll(async () => {
  await app.fermer();
  rmSync(dossier, { recursive: true, force: true });
});

/** As far as a document sent to the demonstration service. */
async function envoyerUnDocument(
  accords: Record<string, string> = {},
): Promise<{ personne: Personne; code: string }> {
  const personne = await Personne.arriver(base);
  await personne.dire(MOTS);
  await personne.choisir('Je préfère ne pas répondre');
  await personne.choisir('Oui, qui peut m’accompagner ?');
  await personne.choisir('Je choisis Avenir Actifs Hauts-de-France');
  await personne.choisir('Oui, préparer mon document');
  await personne.choisir('L’envoyer à Avenir Actifs Hauts-de-France');
  const fin = await personne.choisir('Envoyer', {
    telephone: '06 12 34 56 78',
    nom: 'Camille Ördög',
    consentement: 'true',
    ...accords,
  });
  const code = /CEP-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(fin)?.[0] ?? '';
  if (code === '') throw new Error(`pas de code : ${fin}`);
  return { personne, code };
}

async function poster(
  champs: Record<string, string>,
  chemin = '/suivi',
): Promise<{ statut: number; html: string }> {
  const reponse = await fetch(`${base}${chemin}`, { method: 'POST', body: new URLSearchParams(champs) });
  return { statut: reponse.status, html: await reponse.text() };
}

const toutCeQuiEstSurLeDisque = (): string =>
  readdirSync(dossier, { recursive: true, withFileTypes: true })
    .map((e) => `${e.name}\n${e.isFile() ? readFileSync(join(e.parentPath, e.name), 'utf8') : ''}`)
    .join('\n');

describe('la page de la personne, avec son code', () => {
  it('demande le code dans un formulaire, sans script, dans les deux registres', async () => {
    const page = await (await fetch(`${base}/suivi`)).text();
    expect(page).toContain('<form method="post" action="/suivi"');
    expect(page).toContain('name="code"');
    expect(page).not.toContain('<script');
    const falc = await (await fetch(`${base}/suivi?registre=falc`)).text();
    expect(falc).toContain('Où en est ma demande ?');
    expect(falc).toContain('action="/suivi?registre=falc"');
  });

  it('du document envoyé à l’effacement : rien ne reste nulle part', async () => {
    const { personne, code } = await envoyerUnDocument();
    expect(personne.adresse('Ouvrir la page de suivi')).toBe(`${app.adresses.accueil}suivi`);

    const ouverte = await poster({ code: code.toLowerCase().replaceAll('-', ' ') });
    expect(ouverte.statut).toBe(200);
    expect(ouverte.html).toContain('ne l’a pas encore prise en charge');
    expect(ouverte.html).toContain('aide-soignant');
    expect(ouverte.html).toContain('Ceci est une démonstration');

    const dit = await poster({ code, geste: 'message', message: 'Je serai <b>absente</b> lundi' });
    expect(dit.html).toContain('Votre message est ajouté');
    expect(dit.html).toContain('&lt;b&gt;absente&lt;/b&gt;');
    expect((await poster({ code, geste: 'message', message: '   ' })).statut).toBe(409);
    const masque = await poster({ code, geste: 'message', message: 'mon numéro : 2 85 05 59 350 123 27' });
    expect(masque.html).toContain('a été caché');
    expect(masque.html).not.toContain('2 85 05');

    // The counsellor reads it: the read is journalled under the reference.
    const entree = await fetch(adresseConsole, { redirect: 'manual' });
    const temoin = (entree.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const entetes = { Cookie: temoin, 'X-Console': '1', 'Content-Type': 'application/json' };
    const fiche = await fetch(`${base}/api/console/transmissions/${code}`, { headers: entetes });
    expect(await fiche.text()).toContain('Je serai <b>absente</b> lundi');
    const agir = (geste: string, corps: object): Promise<Response> =>
      fetch(`${base}/api/console/transmissions/${code}/${geste}`, {
        method: 'POST',
        headers: entetes,
        body: JSON.stringify(corps),
      });
    await agir('prendre', {});
    expect((await poster({ code })).html).toContain('Une personne du service s’occupe de votre demande');
    await agir('rendez-vous', { le: '2027-01-15T10:30', mode: 'telephone' });
    expect((await poster({ code })).html).toContain(
      'vendredi 15 janvier 2027 à 10 h 30 (heure de Paris), par téléphone',
    );

    const pdf = await fetch(`${base}/suivi`, {
      method: 'POST',
      body: new URLSearchParams({ code, geste: 'pdf' }),
    });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');

    const avant = toutCeQuiEstSurLeDisque();
    for (const trace of [code, '06 12 34 56 78', 'Camille', 'absente', 'caissière'])
      expect(avant).toContain(trace);
    expect((await poster({ code, geste: 'effacer' })).html).toContain('Cochez la case');
    expect((await poster({ code })).statut).toBe(200);
    const efface = await poster({ code, geste: 'effacer', confirme: 'oui' });
    expect(efface.html).toContain('Tout est effacé');

    const apres = toutCeQuiEstSurLeDisque() + traces.join('\n');
    for (const trace of [
      code,
      code.replaceAll('-', ''),
      '06 12 34 56 78',
      'Camille',
      'absente',
      'caissière',
      'Lille',
    ])
      expect(apres).not.toContain(trace);
    // The counsellor's reads stay countable.
    expect(apres).toContain('"geste":"lire","reference":"effacee"');
    expect((await fetch(`${base}/api/console/transmissions/${code}`, { headers: entetes })).status).toBe(404);
    const ensuite = await poster({ code });
    expect(ensuite.statut).toBe(404);
    const jamais = await poster({ code: 'CEP-00000-00000' });
    expect(jamais.statut).toBe(404);
    expect(ensuite.html).toBe(jamais.html);
  });

  it('retire l’accord : le contenu s’efface chez le service, la conversation le sait', async () => {
    const { personne, code } = await envoyerUnDocument();
    expect((await poster({ code, geste: 'retirer' })).html).toContain('Cochez la case');
    const fait = await poster({ code, geste: 'retirer', confirme: 'oui' });
    expect(fait.html).toContain('Votre accord est retiré');
    const fiches = join(dossier, 'fiches', 'transmissions');
    const chezLeService = readdirSync(fiches)
      .map((f) => readFileSync(join(fiches, f), 'utf8'))
      .join('');
    expect(chezLeService).toContain('retiree-par-la-personne');
    expect(chezLeService).not.toMatch(/06 12 34|Camille|aide-soignant/);
    expect((await poster({ code, geste: 'retirer', confirme: 'oui' })).statut).toBe(409);
    expect((await poster({ code, geste: 'message', message: 'encore' })).statut).toBe(409);
    const suivi = await personne.dire('où en est ma demande ?');
    expect(suivi).toContain('Vous avez retiré votre accord depuis la page de suivi');
    expect(suivi).toContain('il n’y a pas encore de suivi');
  });

  it('retrouve après un redémarrage ce qui n’a pas été envoyé, et l’efface', async () => {
    const personne = await Personne.arriver(base);
    await personne.dire(MOTS);
    const code = /CEP-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(await personne.dire('où en est ma demande ?'))?.[0] ?? '';
    expect(code).not.toBe('');
    await app.fermer();
    await lancer(await portLibre());
    const lue = await poster({ code }, '/suivi?registre=falc');
    expect(lue.html).toContain('Vous n’avez rien envoyé');
    await poster({ code, geste: 'effacer', confirme: 'oui' });
    expect(toutCeQuiEstSurLeDisque()).not.toContain(code);
    expect((await poster({ code })).statut).toBe(404);
  });

  it('propose un autre service, n’y envoie rien sans accord, et le dit dans la conversation', async () => {
    const { personne, code } = await envoyerUnDocument();
    const entree = await fetch(adresseConsole, { redirect: 'manual' });
    const temoin = (entree.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const agir = async (geste: string, corps: object): Promise<number> =>
      (
        await fetch(`${base}/api/console/transmissions/${code}/${geste}`, {
          method: 'POST',
          headers: { Cookie: temoin, 'X-Console': '1', 'Content-Type': 'application/json' },
          body: JSON.stringify(corps),
        })
      ).status;
    const ficheDe = async (): Promise<Record<string, unknown>> =>
      (
        await fetch(`${base}/api/console/transmissions/${code}`, { headers: { Cookie: temoin } })
      ).json() as Promise<Record<string, unknown>>;
    await agir('prendre', {});
    const apec = { type: 'operateur', operateur: 'apec' };
    expect(await agir('reorienter', { vers: apec, motif: 'ne-souhaite-plus' })).toBe(400);
    expect(
      await agir('reorienter', { vers: { type: 'relais', id: 'inventé' }, motif: 'autre-territoire' }),
    ).toBe(400);
    expect(await agir('clore', { etat: 'reorientee', motif: 'autre-territoire' })).toBe(400);
    const motif = 'autre-operateur-plus-adapte';
    expect(await agir('reorienter', { vers: apec, motif, mots: 'Vous êtes <i>cadre</i>.' })).toBe(200);

    // Told in the conversation, with a way to answer.
    let dit = '';
    for (let essai = 0; essai < 20 && !dit.includes('vous aidera mieux'); essai += 1) {
      await new Promise((r) => setTimeout(r, 200));
      dit += await personne.dire('où en est ma demande ?');
    }
    expect(dit).toContain('un service qui vous aidera mieux : Démonstration – Apec');

    const page = await poster({ code });
    expect(page.html).toContain('Une proposition pour vous');
    expect(page.html).toContain('Vous êtes &lt;i&gt;cadre&lt;/i&gt;.');
    expect(page.html).toContain('Démonstration – Apec');
    const le = /name="le" value="(\d+)"/.exec(page.html)?.[1] ?? '';
    expect((await ficheDe())['operateur']).toBe('operateur-regional');

    expect((await poster({ code, geste: 'accepter', le: '12' })).html).toContain(
      'Cette proposition a changé',
    );
    expect((await poster({ code, geste: 'refuser', le })).html).toContain('garde votre demande');
    expect(await ficheDe()).toMatchObject({ operateur: 'operateur-regional', etat: 'prise-en-charge' });
    expect((await poster({ code, geste: 'accepter', le })).statut).toBe(409);

    await agir('reorienter', { vers: apec, motif });
    const encore = (await poster({ code }, '/suivi?registre=falc')).html;
    expect(encore).toContain('Une question pour vous');
    const second = /name="le" value="(\d+)"/.exec(encore)?.[1] ?? '';
    const accepte = await poster({ code, geste: 'accepter', le: second });
    expect(accepte.html).toContain('votre demande est maintenant chez Démonstration – Apec');
    expect(accepte.html).toContain('ne l’a pas encore prise en charge');
    expect(await ficheDe()).toMatchObject({
      operateur: 'apec',
      etat: 'ouverte',
      transitions: [{ action: 'ouvrir' }],
      contenu: { notes: [], consentement: { destinataire: 'Démonstration – Apec' } },
    });

    expect(await personne.dire('où en est ma demande ?')).toContain('Démonstration – Apec');
  });

  it('la conversation : lue avec l’accord, inscrite au journal, cachée dès qu’il est retiré, redemandée au nouveau service', async () => {
    // The sign-in link of the console is used once.
    await app.fermer();
    await lancer(await portLibre());
    const { personne, code } = await envoyerUnDocument({ conversation: 'true' });
    const entree = await fetch(adresseConsole, { redirect: 'manual' });
    const temoin = (entree.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const entetes = { Cookie: temoin, 'X-Console': '1', 'Content-Type': 'application/json' };
    const chemin = `${base}/api/console/transmissions/${code}`;
    const agir = async (geste: string, corps: object): Promise<number> =>
      (await fetch(`${chemin}/${geste}`, { method: 'POST', headers: entetes, body: JSON.stringify(corps) }))
        .status;
    const lire = async (): Promise<{ statut: number; corps: string }> => {
      const r = await fetch(`${chemin}/conversation`, { headers: entetes });
      return { statut: r.status, corps: await r.text() };
    };
    const lectures = (): number =>
      toutCeQuiEstSurLeDisque().match(new RegExp(`"geste":"conversation","reference":"${code}"`, 'g'))
        ?.length ?? 0;
    // Not theirs yet: refused, and nothing is written as read.
    expect((await lire()).statut).toBe(409);
    await agir('prendre', {});
    expect(lectures()).toBe(0);
    const lue = await lire();
    expect(lue.corps).toContain('je suis caissière à Lille');
    expect(lue.corps).not.toMatch(/06 12 34|Ördög/);
    expect(lectures()).toBe(1);
    // The document and the file itself do not carry it.
    expect(await (await fetch(chemin, { headers: entetes })).text()).not.toContain(
      'je suis caissière à Lille',
    );

    const page = await poster({ code });
    expect(page.html).toContain('Lecture de votre conversation');
    expect(page.html).toContain('peut aussi lire notre conversation');
    const retiree = await poster({ code, geste: 'retirer-lecture' });
    expect(retiree.html).toContain('ne peut plus lire votre conversation');
    expect(retiree.html).toContain('Vous avez retiré cet accord le');
    expect((await lire()).corps).toBe('{"etat":"accord-retire","lignes":[]}');
    expect((await poster({ code, geste: 'retirer-lecture' })).statut).toBe(200);
    const dit = await personne.dire('où en est ma demande ?');
    expect(dit.match(/Depuis la page de suivi, vous avez retiré votre accord/g)).toHaveLength(1);

    // Proposed elsewhere, answered in the conversation: the agreements are asked anew, with the new name.
    await agir('reorienter', {
      vers: { type: 'operateur', operateur: 'apec' },
      motif: 'autre-operateur-plus-adapte',
      mots: 'Vous êtes <i>cadre</i>.',
    });
    let propose = '';
    for (let essai = 0; essai < 20 && !propose.includes('vous aidera mieux'); essai += 1) {
      await new Promise((r) => setTimeout(r, 200));
      propose += await personne.dire('où en est ma demande ?');
    }
    expect(propose).toContain('Démonstration – Apec');
    const plusTard = await personne.choisir('Je répondrai plus tard');
    expect(plusTard).toContain('garde votre demande');
    const attend = (await poster({ code })).html;
    expect(attend).toContain('Une proposition pour vous');
    const le = /name="le" value="(\d+)"/.exec(attend)?.[1] ?? '';
    expect(await personne.dire('où en est ma demande ?')).toContain('vous aidera mieux');
    const oui = 'Oui, transmettre à Démonstration – Apec';
    const fait = await personne.choisir(oui, { sante: 'false', enDirect: 'true', conversation: 'true' });
    expect(fait).toContain('votre demande est maintenant chez Démonstration – Apec');
    // A second click changes nothing, and says the same.
    expect(await personne.choisir(oui, { conversation: 'true' })).toContain('est maintenant chez');
    const apres = await poster({ code });
    expect(apres.html).not.toContain('Une proposition pour vous');
    expect(apres.html).toContain('La personne de ce service (Démonstration – Apec)');
    const fiche = (await (await fetch(chemin, { headers: entetes })).json()) as Record<string, unknown>;
    expect(fiche).toMatchObject({
      operateur: 'apec',
      etat: 'ouverte',
      contenu: {
        consentement: {
          destinataire: 'Démonstration – Apec',
          enDirect: expect.stringContaining('(Démonstration – Apec)'),
          conversation: { sante: false, texte: expect.stringContaining('(Démonstration – Apec)') },
        },
      },
    });
    expect(JSON.stringify(fiche)).not.toContain('lectureRetiree');
    // The other page, with the same answer or the other one: nothing moves.
    expect((await poster({ code, geste: 'accepter', le })).statut).toBe(200);
    expect((await poster({ code, geste: 'refuser', le })).statut).toBe(409);
    await agir('prendre', {});
    expect((await lire()).corps).toContain('je suis caissière à Lille');

    // Answered on the page: the conversation says it, once.
    await agir('reorienter', {
      vers: { type: 'operateur', operateur: 'operateur-regional' },
      motif: 'autre-territoire',
    });
    const encore = await poster({ code });
    const second = /name="le" value="(\d+)"/.exec(encore.html)?.[1] ?? '';
    expect(encore.html).toContain('name="enDirect"');
    expect(encore.html).toContain('name="conversation"');
    expect(encore.html).not.toContain('checked');
    await poster({ code, geste: 'accepter', le: second, enDirect: 'oui' });
    const su = await personne.dire('où en est ma demande ?');
    expect(su.match(/est maintenant chez Démonstration – opérateur régional/g)).toHaveLength(1);
    await agir('prendre', {});
    expect((await lire()).corps).toBe('{"etat":"sans-accord","lignes":[]}');

    // Answered by typing: the words of the agreement are recorded, and no box is ticked.
    await agir('reorienter', {
      vers: { type: 'operateur', operateur: 'apec' },
      motif: 'autre-operateur-plus-adapte',
    });
    let encoreDit = '';
    for (let essai = 0; essai < 20 && !encoreDit.includes('vous aidera mieux'); essai += 1) {
      await new Promise((r) => setTimeout(r, 200));
      encoreDit = await personne.dire('où en est ma demande ?');
    }
    const ecrit = await personne.dire('Oui, d’accord.');
    expect(ecrit).toContain('sans cocher de case');
    expect(ecrit.match(/est maintenant chez Démonstration – Apec/g)).toHaveLength(1);
    const parEcrit = (await (await fetch(chemin, { headers: entetes })).json()) as {
      contenu: { consentement: object };
    };
    expect(parEcrit).toMatchObject({ operateur: 'apec', etat: 'ouverte' });
    expect(parEcrit.contenu.consentement).toEqual({
      le: expect.any(Number),
      texte: expect.stringContaining('soient transmis à Démonstration – Apec'),
      destinataire: 'Démonstration – Apec',
    });
    expect(await personne.dire('oui')).not.toContain('est maintenant chez');

    await poster({ code, geste: 'effacer', confirme: 'oui' });
    expect((await lire()).statut).toBe(404);
    expect(toutCeQuiEstSurLeDisque()).not.toContain(code);
  });

  it('ne dit que « faute de frappe » d’un code mal écrit, et rien d’autre ne passe', async () => {
    for (const code of ['', 'CEP', 'CEP-00000-00001', '<script>', 'A'.repeat(500)])
      expect((await poster({ code })).statut).toBe(400);
    expect(
      (
        await fetch(`${base}/suivi`, {
          method: 'POST',
          body: '{}',
          headers: { 'Content-Type': 'application/json' },
        })
      ).status,
    ).toBe(415);
  });

  it('compte les essais, justes ou faux', async () => {
    await app.fermer();
    await lancer(await portLibre(), { LIMIT_SUIVI_PAR_ADRESSE: '3' });
    for (let i = 0; i < 3; i += 1) expect((await poster({ code: 'CEP-00000-00000' })).statut).toBe(404);
    const trop = await poster({ code: 'CEP-00000-00000' });
    expect(trop.statut).toBe(429);
    expect(trop.html).toContain('Trop d’essais');
  });
});

describe('ce que la page dit de la suite', () => {
  it('ne dit pas qu’aucun délai n’était annoncé quand le service a cherché à joindre la personne', async () => {
    const transmissions = await transmissionsEssai(() => Date.now());
    const qui = { id: 'c', nom: 'Conseillère' };
    const { reference } = demandeEssai();
    await transmissions.transmettre(demandeEssai());
    const lire = async (): Promise<string> => {
      const transmission = await transmissions.lire(reference);
      const service = transmissions.service('aa-hdf');
      if (transmission === undefined || service === undefined) throw new Error('demande absente');
      return new PageSuivi('standard', {
        conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
        telephone: '09 72 01 02 03',
        maintenant: Date.now(),
        conservationJours: 30,
      }).demande({ reference, transmission, service, conversation: true });
    };
    expect(await lire()).toContain('a annoncé une réponse');
    await transmissions.prendre(reference, qui);
    await transmissions.noter(reference, qui, { genre: 'appel-sans-reponse', texte: '' });
    const dite = await lire();
    expect(dite).toContain('Le service a déjà cherché à vous joindre');
    expect(dite).not.toContain('n’a pas annoncé de délai');
  });

  it('dit les horaires du service, à son heure, quand il ouvre, ce qui est daté et sa note', async () => {
    // Lundi 23 novembre 2026, 17 h 30 à La Réunion.
    const maintenant = Date.parse('2026-11-23T13:30:00Z');
    const transmissions = await transmissionsEssai(() => maintenant);
    const { reference } = demandeEssai();
    await transmissions.transmettre(demandeEssai());
    const transmission = await transmissions.lire(reference);
    const relie = transmissions.service('aa-hdf');
    if (transmission === undefined || relie === undefined) throw new Error('demande absente');
    const service = {
      ...relie,
      fuseau: 'Indian/Reunion',
      horaires: {
        semaine: {
          lundi: ['09:00-12:00', '14:00-17:00'],
          mardi: ['09:00-12:00', '14:00-17:00'],
          mercredi: ['09:00-12:00', '14:00-17:00'],
          vendredi: ['08:30-12:00'],
        },
        fermetures: [
          { du: '2026-12-24', au: '2026-12-31' },
          { du: '2027-08-01', au: '2027-08-31' },
        ],
        ouvertures: [{ le: '2026-11-28', plages: ['10:00-12:00'] }],
        note: 'Sonnez <b>deux</b> fois.',
      },
    };
    const lire = (registre: 'standard' | 'falc', quand = maintenant, t = transmission): string =>
      new PageSuivi(registre, {
        telephone: '39 49',
        maintenant: quand,
        conservationJours: 30,
        conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
      })
        .demande({ reference, transmission: t, service, conversation: true })
        .replaceAll('\u00A0', ' ');
    const page = lire('standard');
    expect(page).toContain(
      'Le service est fermé en ce moment. Il ouvre mardi 24 novembre 2026 à 9 h (heure de La Réunion).',
    );
    expect(page).toContain('<dt>Du lundi au mercredi</dt><dd>de 9 h à 12 h et de 14 h à 17 h</dd>');
    expect(page).toContain('<dt>Le jeudi</dt><dd>fermé</dd>');
    expect(page).toContain('<dt>Le vendredi</dt><dd>de 8 h 30 à 12 h</dd>');
    expect(page).toContain('<dt>Le samedi et le dimanche</dt><dd>fermé</dd>');
    expect(page).toContain('Fermé du jeudi 24 décembre 2026 au jeudi 31 décembre 2026.');
    expect(page).not.toContain('août 2027');
    expect(page).toContain('Le samedi 28 novembre 2026, les horaires changent : ouvert de 10 h à 12 h.');
    expect(page).toContain('Le service précise : Sonnez &lt;b&gt;deux&lt;/b&gt; fois.');
    const falc = lire('falc');
    expect(falc).toContain('Le service est fermé. Il ouvre mardi 24 novembre 2026 à 9 h');
    expect(falc).toContain('Le service dit aussi : Sonnez');
    expect(lire('falc', Date.parse('2026-11-23T12:30:00Z'))).toContain(
      'Le service est ouvert. Il ferme à 17 h (heure de La Réunion).',
    );
    // Over: nobody waits for it any more.
    expect(lire('standard', maintenant, { ...transmission, etat: 'aboutie' })).not.toContain('id="horaires"');
    // An appointment there is at its own time.
    const avecRendezVous = {
      ...transmission,
      etat: 'rendez-vous',
      rendezVous: { le: Date.parse('2026-11-25T06:00:00Z'), mode: 'telephone' },
    } as const;
    expect(lire('standard', maintenant, avecRendezVous)).toContain(
      'mercredi 25 novembre 2026 à 10 h (heure de La Réunion)',
    );
  });
});
