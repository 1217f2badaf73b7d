import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { texte } from '../../knowledge/textes/index.ts';
import { ErreurHttp, lireCorps, repondreJson, type Serveur } from '../http/index.ts';
import type { FaireLien, Hote, Journaliseur } from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import type { Adaptateur } from './adaptateur.ts';
import { LIMITE_TEXTE, type Masquer } from './directline/index.ts';
import { rendre } from './rendu.ts';
import { lireMessage } from './tour.ts';

/** Hosts of the Bot Framework connector a reply may be posted to; the address comes from the caller, so it is never taken on trust. */
const HOTES_TEAMS = /^(smba\.trafficmanager\.net|[\w-]+\.botframework\.com)$/;

export type OptionsTeams = {
  readonly journal: Journal;
  readonly hote: Hote;
  readonly adaptateur: () => Adaptateur;
  readonly faireLien: FaireLien;
  readonly journaliseur: Journaliseur;
  readonly masquer: Masquer;
  readonly horloge: () => number;
  readonly nouvelleReference: () => string;
  readonly local: boolean;
  readonly locataire: 'operateur' | 'employeur';
};

function serviceUrlPermise(brut: unknown, local: boolean): boolean {
  if (typeof brut !== 'string' || !URL.canParse(brut)) return false;
  const url = new URL(brut);
  if (local && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return true;
  return url.protocol === 'https:' && isIP(url.hostname) === 0 && HOTES_TEAMS.test(url.hostname);
}

const chaine = (objet: unknown, cle: string): string => {
  const v: unknown = typeof objet === 'object' && objet !== null ? Reflect.get(objet, cle) : undefined;
  return typeof v === 'string' ? v : '';
};

/**
 * `/api/messages`: Bot Framework activities (Teams, Azure channels, the Playground in local mode). The same turns as the website, kept in the
 * same log. In an employer's tenant nothing is asked, understood or kept: the CEP stays outside the company (arrêté § 3.1).
 */
export function monterTeams(http: Serveur, options: OptionsTeams): void {
  const { journal, hote } = options;
  const files = new Map<string, Promise<void>>();

  async function tenir(cle: string, tache: () => Promise<void>): Promise<void> {
    const suivant = (files.get(cle) ?? Promise.resolve()).then(tache, tache);
    files.set(cle, suivant);
    try {
      await suivant;
    } finally {
      if (files.get(cle) === suivant) files.delete(cle);
    }
  }

  async function recevoir(entete: string, activite: Readonly<Record<string, unknown>>): Promise<void> {
    const type = chaine(activite, 'type');
    const groupe = chaine(activite['conversation'], 'conversationType');
    await options.adaptateur().tourDehors(entete, activite, async (contexte) => {
      if (type !== 'message' && type !== 'conversationUpdate') return;
      if (type === 'conversationUpdate' && !arrivee(activite)) return;
      if (options.locataire === 'employeur')
        return void (await contexte.sendActivity(texte('canal.employeur', 'standard')));
      if (groupe !== '' && groupe !== 'personal')
        return void (type === 'message'
          ? await contexte.sendActivity(texte('canal.groupe', 'standard'))
          : undefined);
      const cle = createHash('sha256')
        .update(`${chaine(activite, 'channelId')}|${chaine(activite['conversation'], 'id')}`)
        .digest('hex')
        .slice(0, 32);
      await tenir(cle, () =>
        jouer(
          cle,
          activite,
          async (liste) => void (await contexte.sendActivities(liste.map((a) => ({ ...a })))),
        ),
      );
    });
  }

  async function jouer(
    cle: string,
    activite: Readonly<Record<string, unknown>>,
    envoyer: (liste: readonly { type: string }[]) => Promise<void>,
  ): Promise<void> {
    await journal.creer({
      id: cle,
      canal: 'teams',
      creeLe: options.horloge(),
      reference: options.nouvelleReference(),
      utilisateur: `teams_${cle}`,
    });
    const entete = await journal.entete(cle);
    if (entete === undefined)
      return envoyer([{ type: 'message', text: texte('canal.effacee', 'standard') } as { type: string }]);
    const brut = chaine(activite, 'text');
    if ([...brut].length > LIMITE_TEXTE)
      return envoyer([
        { type: 'message', text: texte('canal.trop-long', 'standard', { limite: LIMITE_TEXTE }) } as {
          type: string;
        },
      ]);
    const masque = options.masquer(brut);
    const propre = {
      type: chaine(activite, 'type'),
      ...(brut === '' ? {} : { text: masque.texte }),
      ...(typeof activite['value'] === 'object' && activite['value'] !== null
        ? { value: activite['value'] }
        : {}),
    };
    const id = chaine(activite, 'id');
    const ajout = await journal.ajouterEntrant(cle, propre, {
      invisible: true,
      ...(id === '' ? {} : { cle: id.slice(0, 64) }),
    });
    if (ajout === undefined || ajout.doublon) return;
    const tour = await hote.jouer(entete, (await journal.evenements(cle)) ?? [], lireMessage(propre));
    const notice = masque.masques.length > 0 ? [{ texte: texte('canal.masque', 'standard') }] : [];
    const activites = rendre([...notice, ...tour.reponses], (ressource) =>
      options.faireLien(entete, ressource),
    );
    await journal.terminerTour(cle, ajout.seq, { activites: [], evenements: tour.evenements });
    await envoyer(activites);
    if (tour.effacer === true) await journal.effacer(cle);
  }

  http.restify.post('/api/messages', async (req, res) => {
    const corps = await lireCorps(req, { max: 262_144 });
    const canal = chaine(corps, 'channelId');
    if (chaine(corps, 'type') === '' || chaine(corps['conversation'], 'id') === '')
      throw new ErreurHttp(400, 'BadArgument', 'An activity is expected.');
    // The website's channel lives inside: nobody outside may speak for it, nor choose where replies are posted.
    if (['directline', 'webchat'].includes(canal) || !serviceUrlPermise(corps['serviceUrl'], options.local))
      throw new ErreurHttp(403, 'Forbidden', 'This channel is not accepted here.');
    try {
      await recevoir(req.headers.authorization ?? '', corps);
    } catch (erreur) {
      if (erreur instanceof Error && 'statusCode' in erreur && erreur.statusCode === 401)
        throw new ErreurHttp(401, 'Unauthorized', 'Not authenticated.');
      options.journaliseur.erreur('teams-tour-echoue', erreur);
      if (erreur instanceof Error && /algorithm|token|jwt/i.test(erreur.message))
        throw new ErreurHttp(401, 'Unauthorized', 'Not authenticated.');
    }
    repondreJson(res, {});
  });
}

/** True when somebody other than the bot joined: greeting each member once, the bot never. */
function arrivee(activite: Readonly<Record<string, unknown>>): boolean {
  const bot = chaine(activite['recipient'], 'id');
  const membres = activite['membersAdded'];
  return Array.isArray(membres) && membres.some((m) => chaine(m, 'id') !== bot);
}
