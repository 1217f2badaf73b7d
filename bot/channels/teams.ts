import { createHash } from 'node:crypto';
import { TurnContext, type ConversationReference } from 'botbuilder';
import { texte } from '../../knowledge/textes/index.ts';
import { jourDe, jourEnToutesLettres } from '../../knowledge/vocabulaire/index.ts';
import { ErreurHttp, lireCorps, repondreJson, type Serveur } from '../http/index.ts';
import type { Journaliseur } from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import type { Adaptateur, Entree } from './adaptateur.ts';
import { lireCommande, type Abonnements, type CommandeNotifications } from './abonnements.ts';
import { estValeur, LIMITE_TEXTE, type Masquer } from './directline/index.ts';
import { reponseEmployeur, sujetDe } from './employeur.ts';
import type { Issue } from './envoi-teams.ts';
import { lireStatutHandoff, type StatutHandoff } from './handoff.ts';
import { masquerValeur } from './masquer-valeur.ts';
import { valeurRecue } from './rendu-teams.ts';
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
  /** A tool behind an Azure channel says where the handoff of a conversation stands. */
  readonly surHandoff: (conversation: string, statut: StatutHandoff) => Promise<void>;
  /** Who asked to be told of requests; absent where there is no counsellor. */
  readonly abonnements?: Abonnements | undefined;
};

function serviceUrlPermise(brut: unknown, local: boolean): boolean {
  if (typeof brut !== 'string' || !URL.canParse(brut)) return false;
  const url = new URL(brut);
  if (url.username !== '' || url.password !== '') return false;
  if (local && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return true;
  return url.protocol === 'https:' && url.port === '' && HOTES_TEAMS.test(url.hostname);
}

type Activite = Readonly<Record<string, unknown>>;
type Envoyer = (liste: readonly ActiviteSortante[]) => Promise<Issue>;

const champ = (objet: unknown, cle: string): unknown =>
  typeof objet === 'object' && objet !== null ? Reflect.get(objet, cle) : undefined;
const chaine = (objet: unknown, cle: string): string => {
  const v = champ(objet, cle);
  return typeof v === 'string' ? v : '';
};

/** What an activity is for us. Teams sends the arrival twice (`conversationUpdate` and `installationUpdate`), or only the second on a reinstallation. */
type Genre = 'message' | 'arrivee' | 'modifie' | 'supprime' | 'depart' | 'invoke' | 'handoff' | 'autre';

function genreDe(activite: Activite): Genre {
  const action = chaine(activite, 'action');
  switch (chaine(activite, 'type')) {
    case 'message':
      return 'message';
    case 'conversationUpdate':
      return arrivee(activite) ? 'arrivee' : 'autre';
    case 'installationUpdate':
      return action === 'add' ? 'arrivee' : action === 'remove' ? 'depart' : 'autre';
    case 'messageUpdate':
      return chaine(activite['channelData'], 'eventType') === 'undeleteMessage' ? 'autre' : 'modifie';
    case 'messageDelete':
      return 'supprime';
    case 'invoke':
      return 'invoke';
    case 'event':
      return lireStatutHandoff(activite) === undefined ? 'autre' : 'handoff';
    default:
      return 'autre';
  }
}

/** Two arrivals within that time are one: a person is greeted once. */
const MEME_ARRIVEE_MS = 60_000;

/**
 * `/api/messages`: Bot Framework activities (Teams, Azure channels, the Playground in local mode). The same turns as the website, kept in the
 * same log. In an employer's tenant nothing is asked, understood or kept: the CEP stays outside the company (arrêté § 3.1).
 */
export function monterTeams(http: Serveur, options: OptionsTeams): void {
  const { journal, tours } = options;
  const arrivees = new Map<string, number>();

  /** In memory only, by the hash of the conversation: enough to greet once, nothing to keep. */
  function premiereArrivee(cle: string): boolean {
    const maintenant = options.horloge();
    for (const [c, le] of arrivees) if (maintenant - le >= MEME_ARRIVEE_MS) arrivees.delete(c);
    if (arrivees.has(cle)) return false;
    arrivees.set(cle, maintenant);
    return true;
  }

  async function recevoir(entree: Entree, activite: Activite): Promise<void> {
    const genre = genreDe(activite);
    const cle = createHash('sha256')
      .update(`${chaine(activite, 'channelId')}|${chaine(activite['conversation'], 'id')}`)
      .digest('hex')
      .slice(0, 32);
    const { abonnements } = options;
    const surveillee = abonnements !== undefined && options.locataire === 'operateur';
    if (genre === 'autre' && !surveillee) return;
    if (genre === 'arrivee' && !premiereArrivee(cle)) return;
    const adaptateur = options.adaptateur();
    await adaptateur.tourDehors(entree, activite, async (contexte) => {
      const envoyer = (liste: readonly ActiviteSortante[]): Promise<Issue> =>
        adaptateur.envoyer(contexte, liste);
      if (options.locataire === 'employeur') {
        if (genre !== 'message' && genre !== 'arrivee') return;
        const reponse = reponseEmployeur(sujetDe(valeurRecue(activite['value'])), options.publicUrl);
        await envoyer(rendre([reponse], () => options.publicUrl));
        return;
      }
      const reference = TurnContext.getConversationReference(contexte.activity);
      if (surveillee) {
        const mots = await surveiller(abonnements, genre, activite, reference);
        if (mots !== undefined) return void (await envoyer([mots]));
      }
      if (genre === 'autre') return;
      if (!estPersonnelle(activite)) {
        if (genre === 'message') await envoyer([simple('canal.groupe')]);
        return;
      }
      if (genre === 'handoff') return suivreHandoff(cle, activite);
      if (genre === 'message' || genre === 'arrivee') await jouer(cle, genre, activite, reference, envoyer);
      else await suivre(cle, genre, reference, envoyer);
    });
  }

  /** What happens around the messages of a conversation that exists; for one that does not, nothing. */
  async function suivre(
    cle: string,
    genre: 'modifie' | 'supprime' | 'depart' | 'invoke',
    reference: Partial<ConversationReference>,
    envoyer: Envoyer,
  ): Promise<void> {
    if ((await journal.entete(cle)) === undefined) return;
    if (genre === 'depart') return void (await journal.noter(cle, 'bloquee', true));
    await noterReference(cle, reference);
    // What was understood stays until it is corrected or erased: they must not believe that Teams undid it.
    if (genre === 'modifie') await envoyer([simple('canal.modifie')]);
    if (genre === 'supprime') await envoyer([simple('canal.supprime')]);
  }

  /**
   * A tool behind the channel took the conversation, gave it back, or could not. A page of the person could post such an event on some
   * channels: what comes under their own identifier is not believed.
   */
  async function suivreHandoff(cle: string, activite: Activite): Promise<void> {
    const lu = lireStatutHandoff(activite);
    if (lu === undefined || (await journal.entete(cle)) === undefined) return;
    const reference = await journal.note(cle, 'reference');
    const personne = chaine(
      typeof reference === 'object' && reference !== null ? Reflect.get(reference, 'user') : undefined,
      'id',
    );
    if (lu.de === personne) return options.journaliseur.alerte('handoff-refuse', { raison: 'personne' });
    await options.surHandoff(cle, lu.statut);
  }

  async function jouer(
    cle: string,
    genre: 'message' | 'arrivee',
    activite: Activite,
    reference: Partial<ConversationReference>,
    envoyer: Envoyer,
  ): Promise<void> {
    const repondre = async (mot: ActiviteSortante): Promise<void> => void (await envoyer([mot]));
    await journal.creer({
      id: cle,
      canal: 'teams',
      creeLe: options.horloge(),
      reference: options.nouvelleReference(),
      utilisateur: `teams_${cle}`,
    });
    // Where to write later: the address may change, the latest one counts.
    await noterReference(cle, reference);
    const brut = chaine(activite, 'text');
    if ([...brut].length > LIMITE_TEXTE) return repondre(simple('canal.trop-long', { limite: LIMITE_TEXTE }));
    const valeur = valeurRecue(activite['value']);
    if (valeur !== undefined && valeur !== null && !estValeur(valeur))
      return repondre(simple('canal.excuse'));
    const masque = options.masquer(brut);
    const donnee = estValeur(valeur) ? masquerValeur(valeur, options.masquer) : undefined;
    const propre = {
      type: genre === 'message' ? 'message' : 'conversationUpdate',
      ...(brut === '' ? {} : { text: masque.texte }),
      ...(donnee === undefined ? {} : { value: donnee.valeur }),
    };
    const id = chaine(activite, 'id');
    const ajout = await journal.ajouterEntrant(cle, propre, {
      invisible: true,
      ...(id === '' ? {} : { cle: id.slice(0, 64) }),
    });
    if (ajout === undefined) return repondre(simple('canal.effacee'));
    if (ajout.doublon) return;
    await tours.planifier(cle, ajout.seq, propre, {
      masque: masque.masques.length > 0 || donnee?.masque === true,
      envoyer: async (liste) => {
        const issue = await envoyer(liste);
        if (issue === 'bloquee') await journal.noter(cle, 'bloquee', true);
        return issue;
      },
    });
  }

  async function noterReference(cle: string, reference: Partial<ConversationReference>): Promise<void> {
    const durable = { ...reference };
    delete durable.activityId;
    if (JSON.stringify(await journal.note(cle, 'reference')) !== JSON.stringify(durable))
      await journal.noter(cle, 'reference', durable);
    if ((await journal.note(cle, 'bloquee')) === true) await journal.noter(cle, 'bloquee', false);
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
    // The protocol's word for « nobody here handles this »: Teams then says so itself.
    repondreJson(res, {}, { statut: chaine(corps, 'type') === 'invoke' ? 501 : 200 });
  });
}

/**
 * Keeps the places where requests are announced up to date, and obeys a command about them. Resolves to what to say when the activity was such a
 * command, to nothing otherwise.
 */
async function surveiller(
  abonnements: Abonnements,
  genre: Genre,
  activite: Activite,
  reference: Partial<ConversationReference>,
): Promise<ActiviteSortante | undefined> {
  const equipe = chaine(champ(activite['channelData'], 'team'), 'id') || undefined;
  if (genre === 'depart') await abonnements.retirer(reference, equipe);
  else await abonnements.rafraichir(reference);
  const commande = genre === 'message' ? lireCommande(chaine(activite, 'text')) : undefined;
  if (commande === undefined) return undefined;
  return obeir(abonnements, commande, {
    reference,
    portee: estPersonnelle(activite) ? 'personnelle' : 'equipe',
    ...(equipe === undefined ? {} : { equipe }),
  });
}

/** Does what a counsellor asked about notifications, and says it. */
async function obeir(
  abonnements: Abonnements,
  commande: CommandeNotifications,
  ou: Parameters<Abonnements['abonner']>[1],
): Promise<ActiviteSortante> {
  switch (commande.type) {
    case 'expliquer':
      return simple('canal.notifications-expliquees');
    case 'desabonner':
      return simple(
        (await abonnements.desabonner(ou.reference))
          ? 'canal.notifications-arretees'
          : 'canal.notifications-aucune',
      );
    case 'abonner': {
      const fait = await abonnements.abonner(commande.code, ou);
      return fait.ok
        ? simple(`canal.notifications-${ou.portee}`, {
            jour: jourEnToutesLettres(jourDe(fait.valeur.expireLe)),
          })
        : simple('canal.notifications-code-inconnu');
    }
    default:
      return commande satisfies never;
  }
}

const simple = (cle: string, trous: Readonly<Record<string, string | number>> = {}): ActiviteSortante => ({
  type: 'message',
  text: texte(cle, 'standard', trous),
});

/** A chat with the bot alone; channels that do not say (the Emulator) are one. */
const estPersonnelle = (activite: Activite): boolean =>
  ['', 'personal'].includes(chaine(activite['conversation'], 'conversationType'));

/** True when somebody other than the bot joined: greeting each member once, the bot never. */
function arrivee(activite: Activite): boolean {
  const bot = chaine(activite['recipient'], 'id');
  const membres = activite['membersAdded'];
  return Array.isArray(membres) && membres.some((m) => chaine(m, 'id') !== bot);
}
