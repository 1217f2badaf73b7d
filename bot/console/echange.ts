import { texte } from '../../knowledge/textes/index.ts';
import type { Echanges, EtatEchange, RefusEchange } from '../echange/index.ts';
import type { Transmission } from '../handover/index.ts';
import { ErreurHttp, lireCorps, repondreJson, type Serveur } from '../http/index.ts';
import { RequetesTenues, type AccesFiche } from './acces-fiche.ts';
import type { Session } from './droits.ts';

export type OptionsEchangeConsole = AccesFiche & { readonly echanges: Echanges };

/** Drawn by the page for each message (a UUID): what makes a second sending harmless. */
const CLE = /^[\w-]{16,64}$/;
const GESTES = ['rejoindre', 'dire', 'quitter'] as const;

/**
 * The live exchange of a file, for the counsellor who holds it and nobody else. Every answer that shows words is recorded as a reading
 * first. Returns how to let the held requests go, for the stop.
 */
export function monterEchangeConsole(
  { restify }: Serveur,
  { echanges, sessions, lectures, exigerDroit, lire, referenceDe }: OptionsEchangeConsole,
): { relacher(): void } {
  const tenues = new RequetesTenues();

  async function montrer(session: Session, t: Transmission, apres: number): Promise<object> {
    const lu = await echanges.etat(t, session);
    if (!lu.ok) throw refusHttp(lu.refus);
    if (lu.valeur.lignes.length > 0 && lu.valeur.jusqua !== apres)
      await lectures.noter(session.id, 'echange', t.reference);
    return lu.valeur satisfies EtatEchange;
  }

  restify.get('/api/console/transmissions/:reference/echange', async (req, res) => {
    const session = exigerDroit(sessions.exiger(req), 'echange');
    const t = await lire(session, 'echange', referenceDe(req));
    const { searchParams } = new URL(req.url ?? '/', 'http://localhost');
    const apres = Number(searchParams.get('apres') ?? '-1');
    if (!Number.isInteger(apres)) throw new ErreurHttp(400, 'BadArgument', 'A place is expected.');
    const dit = searchParams.get('frappe');
    const frappe = dit !== null && /^\d{1,15}$/.test(dit) ? Number(dit) : undefined;
    if (apres < 0) return repondreJson(res, await montrer(session, t, apres));
    await tenues.tenir(res, (signal, ms) => echanges.attendre(t, { jusqua: apres, frappe }, signal, ms));
    // The rights are those of now: the file may have been released, or the session closed, while this request was held.
    const maintenant = exigerDroit(sessions.exiger(req), 'echange');
    return repondreJson(
      res,
      await montrer(maintenant, await lire(maintenant, 'echange', referenceDe(req)), apres),
    );
  });

  const faire = {
    rejoindre: (t: Transmission, s: Session) => echanges.rejoindre(t, s),
    quitter: (t: Transmission, s: Session) => echanges.quitter(t, s),
    dire: (t: Transmission, s: Session, { texte: mots, cle }: Readonly<Record<string, unknown>>) => {
      if (typeof mots !== 'string' || typeof cle !== 'string' || !CLE.test(cle))
        throw new ErreurHttp(400, 'BadArgument', 'Words and a key are expected.');
      return echanges.dire(t, s, mots, cle);
    },
  };
  // Said several times a minute, it shows nothing and changes nothing: not a reading, not a gesture.
  restify.post('/api/console/transmissions/:reference/echange/ecrire', async (req, res) => {
    const session = exigerDroit(sessions.exigerEcriture(req), 'dire');
    await lireCorps(req, { vide: true });
    const fait = await echanges.ecrire(await lire(session, 'dire', referenceDe(req)), session);
    if (!fait.ok) throw refusHttp(fait.refus);
    repondreJson(res, {});
  });
  for (const geste of GESTES) {
    restify.post(`/api/console/transmissions/:reference/echange/${geste}`, async (req, res) => {
      const session = exigerDroit(sessions.exigerEcriture(req), geste);
      const corps = await lireCorps(req, { vide: true });
      const t = await lire(session, geste, referenceDe(req));
      const fait = await faire[geste](t, session, corps);
      if (!fait.ok) throw refusHttp(fait.refus);
      await lectures.noter(session.id, geste, t.reference);
      repondreJson(res, await montrer(session, t, -1));
    });
  }
  return tenues;
}

const refusHttp = ({ code }: RefusEchange): ErreurHttp =>
  new ErreurHttp(409, 'Conflict', texte(`console.echange-refus-${code}`, 'standard'));
