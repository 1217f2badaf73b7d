import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monterConsole } from '../../bot/console/index.ts';
import { ecrireCsv } from '../../bot/console/csv.ts';
import { creerSessions } from '../../bot/console/sessions.ts';
import type { Conversations } from '../../bot/echange/index.ts';
import { documentHtml, documentPdf } from '../../bot/document/index.ts';
import { redigerCourriel, corpsWebhook, type Avis } from '../../bot/envois/index.ts';
import { creerTransmissions, type ServiceReceveur, type Transmissions } from '../../bot/handover/index.ts';
import { PageSuivi } from '../../bot/pages/suivi/page.ts';
import { creerServeur, ouvrirCles, type Serveur } from '../../bot/http/index.ts';
import { depotMemoire } from '../../bot/storage/depot-memoire.ts';
import { schemaDocumentNiveau1, type DocumentNiveau1 } from '../../knowledge/dossier/index.ts';
import { servirPagesConstruites } from '../support/pages-construites.ts';
import { siNavigateur } from '../support/chromium.ts';
import { texteDuPdf } from '../support/pdf.ts';
import { portLibre } from '../support/serveur.ts';
import { demandeEssai, documentEssai, journaliseurMuet, servicesEssai } from './handover/jeu.ts';

const DIX_MILLE = 'abc déf '.repeat(1250);
/** What may be written anywhere, by mistake or on purpose. Control characters are written as escapes: they do not survive an editor. */
const HOSTILES: Readonly<Record<string, string>> = {
  balise: '<script>globalThis.pirate = 1</script><img src=x onerror="globalThis.pirate = 1">',
  attribut: '" onmouseover="globalThis.pirate = 1" x="',
  svg: '</title></textarea><svg/onload=globalThis.pirate=1>',
  lien: 'javascript:globalThis.pirate=1',
  markdown: '[cliquez](javascript:alert(1)) **gras** # titre\n> citation',
  droiteAGauche: 'abc\u202Egpj.exe\u202C \u2067miroir\u2069 \u200Finvisible\u200B',
  arabe: 'مرحبا بكم في المشورة',
  formule: '=HYPERLINK("https://mechant.exemple";"ici")',
  formules: '@SUM(1+1)*cmd|"/C calc"!A0',
  plus: '+33 6 12 34 56 78',
  controle: 'a\u0000b\u0007c\u001b[31md\u0085e\u2028f\u2029g\u000bh',
  enTete: 'Objet\r\nBcc: tout@le.monde\r\n\r\ncorps',
  emoji: '👩🏽‍🔧 🧑‍🦽 ⚠️',
  combinants: `z${'\u0301'.repeat(60)}`,
  demiCouple: 'avant \ud83d après',
  trou: '{service} {destination} ${1+1} %s {{x}}',
  gabarit: "'; DROP TABLE transmissions; --",
  sansEspace: 'w'.repeat(300),
  dixMille: DIX_MILLE,
};

/** The same made-up person, every field somebody typed replaced by the text. */
const documentHostile = (reference: string, mot: string): DocumentNiveau1 => {
  const d = documentEssai(reference);
  return schemaDocumentNiveau1.parse({
    ...d,
    preparePar: mot,
    avertissements: [mot],
    sections: d.sections.map((s) => ({
      ...s,
      titre: mot,
      lignes: s.lignes.map((l) => ({ ...l, libelle: mot, texte: mot })),
    })),
    sources: [{ titre: mot, url: mot, date: mot }],
  });
};

const tous = Object.entries(HOSTILES);
/** The conversation of each file: the same text typed by the person, said by the assistant, and pressed as a button. */
const conversationsHostiles: Conversations = {
  etat: async () => ({ ok: true, valeur: 'lisible' }),
  lire: async ({ reference }) => {
    const mot = HOSTILES[tous.find(([nom]) => references[nom] === reference)?.[0] ?? ''] ?? '';
    return {
      ok: true,
      valeur: {
        etat: 'lisible',
        lignes: [
          { id: '1', le: 1, de: 'personne', texte: mot },
          { id: '2', le: 2, de: 'assistant', texte: mot },
          { id: '3', le: 3, de: 'personne', texte: mot, bouton: true },
        ],
      },
    };
  },
  attendre: (_t, signal, ms) =>
    new Promise((resolve) => {
      const minuterie = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(minuterie);
        resolve();
      });
    }),
};

let dossier: string;
let serveur: Serveur;
let base: string;
let temoin: string;
let transmissions: Transmissions;
const references: Record<string, string> = {};
const services: readonly ServiceReceveur[] = servicesEssai.map((s) => ({
  ...s,
  nom: HOSTILES['attribut'] ?? '',
}));

beforeAll(async () => {
  dossier = mkdtempSync(join(tmpdir(), 'cep-hostile-'));
  transmissions = await creerTransmissions({
    depot: depotMemoire(),
    services,
    horloge: () => Date.now(),
    journaliseur: journaliseurMuet,
  });
  for (const [i, [nom, mot]] of Object.entries(HOSTILES).entries()) {
    const reference = `CEP-HOST${i}`;
    references[nom] = reference;
    const fait = await transmissions.transmettre(
      demandeEssai({
        reference,
        document: documentHostile(reference, mot),
        contact: {
          moyen: i % 2 === 0 ? 'telephone' : 'courriel',
          valeur: mot.slice(0, 254).padEnd(3, '.'),
          nom: mot.slice(0, 120),
          disponibilites: mot.slice(0, 300),
        },
        consentement: {
          le: 1,
          texte: mot.slice(0, 2000),
          destinataire: mot.slice(0, 200),
          conversation: { texte: mot.slice(0, 2000), sante: true },
        },
        saisie: { nom: mot.slice(0, 120), mode: 'telephone' },
      }),
    );
    if (!fait.ok) throw new Error(fait.refus.code);
    await transmissions.ajouterMessage(reference, mot.slice(0, 1000));
    const par = { id: 'moi', nom: mot.slice(0, 120) };
    await transmissions.prendre(reference, par);
    await transmissions.noter(reference, par, { genre: 'note', texte: mot.slice(0, 1000) });
    await transmissions.proposerReorientation(reference, par, {
      vers: { type: 'operateur', operateur: 'apec' },
      motif: 'autre-territoire',
      mots: mot.slice(0, 500),
    });
  }
  const port = await portLibre();
  base = `http://127.0.0.1:${port}`;
  serveur = creerServeur({
    hotes: [],
    https: false,
    journaliseur: journaliseurMuet,
    horloge: () => Date.now(),
  });
  servirPagesConstruites(serveur);
  const cles = ouvrirCles(dossier).pour('console');
  monterConsole(serveur, {
    transmissions,
    conversations: conversationsHostiles,
    cles,
    horloge: () => Date.now(),
    dataDir: dossier,
    publicUrl: base,
    local: false,
    journaliseur: journaliseurMuet,
  });
  temoin =
    creerSessions({ cles, horloge: () => Date.now(), securise: false, dossier })
      .ouvrir({
        id: 'moi',
        nom: HOSTILES['balise'] ?? '',
        roles: ['conseiller', 'superviseur'],
        operateurs: 'tous',
        regions: 'toutes',
      })
      .split(';')[0] ?? '';
  await serveur.ecouter(port, '127.0.0.1');
});
afterAll(async () => {
  await serveur.fermer(100);
  rmSync(dossier, { recursive: true, force: true });
});

const PREMIER = tous.map(([nom]) => nom);

describe('un texte hostile', () => {
  it.each(tous)(
    '« %s » reste du texte dans le document en HTML et sur la page de suivi',
    async (nom, mot) => {
      const reference = references[nom] ?? '';
      const t = await transmissions.lire(reference);
      if (t === undefined) throw new Error('absente');
      const page = new PageSuivi('standard', {
        conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
        telephone: mot,
        maintenant: Date.now(),
        conservationJours: 30,
      }).demande({
        reference,
        transmission: t,
        conversation: true,
        ...(t.contenu === undefined ? {} : { document: t.contenu.document }),
      });
      for (const html of [documentHtml(documentHostile(reference, mot)), page]) {
        expect(html).not.toMatch(/<script|<img|<svg|<b>|onerror="|onmouseover="/i);
        expect(html).not.toMatch(/href="(?!https:|tel:|mailto:|\/|#)/i);
      }
    },
  );

  it.each(tous)('« %s » ne casse pas le PDF et n’y cache rien', async (nom, mot) => {
    const court = nom === 'dixMille' ? mot.slice(0, 2500) : mot;
    const lu = texteDuPdf(await documentPdf(documentHostile('CEP-7K3M9-QXA4T', court)));
    expect(lu.length).toBeGreaterThan(40);
    expect(lu).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u);
  });

  it('de dix mille caractères dans chaque ligne donne encore un PDF', async () => {
    expect((await documentPdf(documentHostile('CEP-7K3M9-QXA4T', DIX_MILLE))).subarray(0, 5).toString()).toBe(
      '%PDF-',
    );
  });

  it.each(tous)('« %s » ne sort ni dans un courriel ni dans un webhook', async (nom, mot) => {
    const t = await transmissions.lire(references[nom] ?? '');
    const avis: Avis = {
      cle: 'cle',
      evenement: 'demande-recue',
      le: 1,
      service: { id: 'aa-hdf', nom: mot.slice(0, 120) },
      demande: t?.contenu?.document.demande ?? '',
      operateur: 'operateur-regional',
      deposeeLe: Date.now(),
      identifiant: '0'.repeat(32),
      lien: 'https://cep.exemple.fr/console/?demande=0',
    };
    const { objet, corps } = redigerCourriel(avis, Date.now());
    // Only the name of the service, which the maintainer wrote, is said; never in a header.
    expect(objet).toBe('Une demande de conseil attend dans la console');
    expect(corps.split(mot.slice(0, 120)).length).toBeLessThanOrEqual(2);
    expect(corpsWebhook(avis)).not.toContain(mot.slice(0, 20));
    expect(() => JSON.parse(corpsWebhook(avis)) as unknown).not.toThrow();
  });

  it.each(tous)('« %s » n’est pas une formule dans un CSV, et tient sur sa ligne', (_, mot) => {
    const csv = ecrireCsv([['a', mot, 'b']]);
    expect(csv.startsWith('\ufeff"a";"')).toBe(true);
    expect(csv.endsWith(';"b"\r\n')).toBe(true);
    expect(csv.slice(1, -2)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    const cellules = [...csv.slice(1).matchAll(/"((?:[^"]|"")*)"/g)].map((m) => m[1] ?? '');
    expect(cellules).toHaveLength(3);
    expect(cellules[1]).not.toMatch(/^[=+\-@\t\r]/);
  });

  it('ne fait rien dans la console, champ par champ, du grand écran au téléphone', () =>
    siNavigateur('les textes hostiles dans la console', async (navigateur) => {
      const contexte = await navigateur.newContext({
        viewport: { width: 390, height: 800 },
        locale: 'fr-FR',
      });
      const [cle = '', ...valeur] = temoin.split('=');
      await contexte.addCookies([{ name: cle, value: valeur.join('='), url: base }]);
      const page = await contexte.newPage();
      const fautes: string[] = [];
      page.on('pageerror', (e) => fautes.push(e.message));
      page.on('dialog', (d) => {
        fautes.push(`dialogue : ${d.message()}`);
        void d.dismiss();
      });
      await page.goto(`${base}/console/`);
      await page.getByText(`${PREMIER.length} demandes`).waitFor();
      for (const [nom, mot] of tous) {
        // A phone shows the queue or the file.
        const retour = page.getByRole('button', { name: 'Retour à la file' });
        if (await retour.isVisible()) await retour.click();
        await page.locator(`[data-reference="${references[nom]}"]`).click();
        await page.getByRole('heading', { name: 'Pour joindre la personne' }).waitFor();
        await page.locator('.reference', { hasText: references[nom] ?? '' }).waitFor();
        const lu = await page.evaluate(() => {
          const fiche = document.getElementById('fiche');
          return {
            pirate: Reflect.get(globalThis, 'pirate') as unknown,
            etrangers: fiche?.querySelectorAll('script, img, svg, iframe, style, object').length,
            liens: [...(fiche?.querySelectorAll('a') ?? [])].map((a) => a.protocol),
            texte: fiche?.textContent ?? '',
            largeur: document.documentElement.scrollWidth,
          };
        });
        expect(lu.pirate, nom).toBeUndefined();
        expect(lu.etrangers, nom).toBe(0);
        for (const protocole of lu.liens) expect(['tel:', 'mailto:', 'https:']).toContain(protocole);
        expect(lu.largeur, nom).toBeLessThanOrEqual(390);
        // Shown as it was written, as often as there are fields: nothing is quietly dropped.
        const extrait = mot.replaceAll('\u0000', '').slice(0, 20).trim();
        expect(lu.texte.replaceAll('\u0000', '').split(extrait).length, nom).toBeGreaterThan(10);

        // The conversation the person lets them read: each line as it was written, alone in its own direction.
        await page.locator('.conversation button').click();
        await page.locator('.conversation-fil article').nth(2).waitFor();
        const fil = await page.evaluate(() => {
          const noeud = document.querySelector('.conversation-fil');
          return {
            pirate: Reflect.get(globalThis, 'pirate') as unknown,
            etrangers: noeud?.querySelectorAll('script, img, svg, iframe, style, object, a, [onerror]')
              .length,
            dits: [...(noeud?.querySelectorAll('bdi.mots') ?? [])].map((n) => n.textContent),
            sens: [...(noeud?.querySelectorAll('bdi.mots') ?? [])].map((n) => n.getAttribute('dir')),
            largeur: document.documentElement.scrollWidth,
          };
        });
        expect(fil.pirate, nom).toBeUndefined();
        expect(fil.etrangers, nom).toBe(0);
        expect(
          fil.dits.map((d) => d?.replaceAll('\u0000', '')),
          nom,
        ).toEqual([mot, mot.replaceAll('**', ''), mot].map((m) => m.replaceAll('\u0000', '')));
        expect(fil.sens, nom).toEqual(['auto', 'auto', 'auto']);
        expect(fil.largeur, nom).toBeLessThanOrEqual(390);
      }
      expect(fautes).toEqual([]);
      await contexte.close();
    }));
});

describe('un service ou une région retirés des réglages', () => {
  const temoinDe = (operateur: 'apec' | 'operateur-regional', role: 'conseiller' | 'superviseur'): string =>
    creerSessions({
      cles: ouvrirCles(dossier).pour('console'),
      horloge: () => Date.now(),
      securise: false,
      dossier,
    })
      .ouvrir({ id: 'chef', nom: 'Chef', roles: [role], operateurs: [operateur], regions: ['32'] })
      .split(';')[0] ?? '';
  const lire = async (
    chemin: string,
    cookie: string,
  ): Promise<{ statut: number; corps: Record<string, unknown> }> => {
    const reponse = await fetch(`${base}/api/console/${chemin}`, { headers: { Cookie: cookie } });
    return { statut: reponse.status, corps: (await reponse.json()) as Record<string, unknown> };
  };

  it('laissent la demande à l’encadrement de l’opérateur, et le disent', async () => {
    // Région 99 is in no list any more, and in nobody's rights.
    await transmissions.transmettre(
      demandeEssai({ reference: 'CEP-PERDUE', operateur: 'apec', region: '99' }),
    );
    expect((await lire('transmissions/CEP-PERDUE', temoinDe('apec', 'conseiller'))).statut).toBe(404);
    const vue = await lire('transmissions/CEP-PERDUE', temoinDe('apec', 'superviseur'));
    expect([vue.statut, vue.corps['orpheline']]).toEqual([200, true]);
    const file = await lire('transmissions', temoinDe('apec', 'superviseur'));
    expect(JSON.stringify(file.corps)).toContain('CEP-PERDUE');
    const pilotage = await lire('pilotage', temoinDe('apec', 'superviseur'));
    expect(JSON.stringify(pilotage.corps['orphelines'])).toContain('CEP-PERDUE');
    // Another operator's supervisor sees nothing of it.
    expect(
      (await lire('transmissions/CEP-PERDUE', temoinDe('operateur-regional', 'superviseur'))).statut,
    ).toBe(404);
  });
});
