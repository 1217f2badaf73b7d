import { createHash } from 'node:crypto';
import { TurnContext, type ConversationReference } from 'botbuilder';
import { texte } from '../../knowledge/textes/index.ts';
import { ErreurHttp, lireCorps, repondreJson, type Serveur } from '../http/index.ts';
import type { Journaliseur } from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import type { Adaptateur, Entree } from './adaptateur.ts';
import { estValeur, LIMITE_TEXTE, type Masquer } from './directline/index.ts';
import { reponseEmployeur, sujetDe } from './employeur.ts';
import { rendre, type ActiviteSortante } from './rendu.ts';
import type { Tours } from './tour.ts';

/** Hosts of the Bot Framework connector a reply may be posted to; the address comes from the caller, so it is never taken on trust. */
const HOTES_TEAMS = /^(smba\.trafficmanager\.net|[\w-]+\.botframework\.com)$/;

export type OptionsTeams = {
  readonly journal: Journal;
  readonly tours: Tours;
  readonly adaptateur: () => Adaptateur;
  readonly journaliseur: Journaliseur;
  readonly masquer: Masquer;
  readonly horloge: () => number;
  readonly nouvelleReference: () => string;
  readonly local: boolean;
  readonly locataire: 'operateur' | 'employeur';
  /** Where somebody in an employer's tenant is sent for the conversation itself. */
  readonly publicUrl: string;
};

function serviceUrlPermise(brut: unknown, local: boolean): boolean {
  if (typeof brut !== 'string' || !URL.canParse(brut)) return false;
  const url = new URL(brut);
  if (url.username !== '' || url.password !== '') return false;
  if (local && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return true;
  return url.protocol === 'https:' && url.port === '' && HOTES_TEAMS.test(url.hostname);
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
  const { journal, tours } = options;

  async function recevoir(entree: Entree, activite: Readonly<Record<string, unknown>>): Promise<void> {
    const type = chaine(activite, 'type');
    const groupe = chaine(activite['conversation'], 'conversationType');
    await options.adaptateur().tourDehors(entree, activite, async (contexte) => {
      if (type !== 'message' && type !== 'conversationUpdate') return;
      if (type === 'conversationUpdate' && !arrivee(activite)) return;
      if (options.locataire === 'employeur')
        return void (await contexte.sendActivities(
          rendre(
            [reponseEmployeur(sujetDe(activite['value']), options.publicUrl)],
            () => options.publicUrl,
          ).map((a) => ({ ...a })),
        ));
      if (groupe !== '' && groupe !== 'personal')
        return void (type === 'message'
          ? await contexte.sendActivity(texte('canal.groupe', 'standard'))
          : undefined);
      const cle = createHash('sha256')
        .update(`${chaine(activite, 'channelId')}|${chaine(activite['conversation'], 'id')}`)
        .digest('hex')
        .slice(0, 32);
      await jouer(cle, activite, TurnContext.getConversationReference(contexte.activity), async (liste) => {
        await contexte.sendActivities(liste.map((a) => ({ ...a })));
      });
    });
  }

  async function jouer(
    cle: string,
    activite: Readonly<Record<string, unknown>>,
    reference: Partial<ConversationReference>,
    envoyer: (liste: readonly ActiviteSortante[]) => Promise<void>,
  ): Promise<void> {
    const simple = (text: string): Promise<void> => envoyer([{ type: 'message', text }]);
    await journal.creer({
      id: cle,
      canal: 'teams',
      creeLe: options.horloge(),
      reference: options.nouvelleReference(),
      utilisateur: `teams_${cle}`,
    });
    const brut = chaine(activite, 'text');
    if ([...brut].length > LIMITE_TEXTE)
      return simple(texte('canal.trop-long', 'standard', { limite: LIMITE_TEXTE }));
    const valeur = activite['value'];
    if (valeur !== undefined && valeur !== null && !estValeur(valeur))
      return simple(texte('canal.excuse', 'standard'));
    const masque = options.masquer(brut);
    const propre = {
      type: chaine(activite, 'type'),
      ...(brut === '' ? {} : { text: masque.texte }),
      ...(estValeur(valeur) ? { value: valeur } : {}),
    };
    const id = chaine(activite, 'id');
    // Where to write later: the address may change, the latest one counts.
    await noterReference(cle, reference);
    const ajout = await journal.ajouterEntrant(cle, propre, {
      invisible: true,
      ...(id === '' ? {} : { cle: id.slice(0, 64) }),
    });
    if (ajout === undefined) return simple(texte('canal.effacee', 'standard'));
    if (ajout.doublon) return;
    await tours.planifier(cle, ajout.seq, propre, { masque: masque.masques.length > 0, envoyer });
  }

  async function noterReference(cle: string, reference: Partial<ConversationReference>): Promise<void> {
    const durable = { ...reference };
    delete durable.activityId;
    if (JSON.stringify(await journal.note(cle, 'reference')) !== JSON.stringify(durable))
      await journal.noter(cle, 'reference', durable);
  }

  http.restify.post('/api/messages', async (req, res) => {
    const corps = await lireCorps(req, { max: 262_144 });
    const canal = chaine(corps, 'channelId');
    if (chaine(corps, 'type') === '' || chaine(corps['conversation'], 'id') === '')
      throw new ErreurHttp(400, 'BadArgument', 'An activity is expected.');
    // The website's channel lives inside: nobody outside may speak for it, nor choose where replies are posted.
    if (['directline', 'webchat'].includes(canal) || !serviceUrlPermise(corps['serviceUrl'], options.local))
      throw new ErreurHttp(403, 'Forbidden', 'This channel is not accepted here.');
    const entree = await options.adaptateur().laisserEntrer(req.headers.authorization ?? '', corps);
    if (!entree.ok) {
      // The code only: neither the caller nor the log is told what was in the token, nor which keys are known.
      options.journaliseur.alerte('teams-refuse', { raison: entree.refus.code });
      if (entree.refus.code === 'cles-indisponibles')
        throw new ErreurHttp(503, 'ServiceUnavailable', 'Try again later.', { 'Retry-After': '10' });
      if (entree.refus.code === 'locataire')
        throw new ErreurHttp(403, 'Forbidden', 'This tenant is not served here.');
      throw new ErreurHttp(401, 'Unauthorized', 'Not authenticated.');
    }
    try {
      await recevoir(entree.valeur, corps);
    } catch (erreur) {
      options.journaliseur.erreur('teams-tour-echoue', erreur);
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
