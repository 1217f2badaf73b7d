import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConservationEnvoi, DocumentNiveau1 } from '../../../knowledge/dossier/index.ts';
import { masquer } from '../../../knowledge/langage/index.ts';
import type { Registre } from '../../../knowledge/vocabulaire/index.ts';
import { documentPdf } from '../../document/index.ts';
import {
  lireReference,
  nomDuService,
  propositionDe,
  reponseDe,
  type Transmissions,
} from '../../handover/index.ts';
import {
  creerLimiteur,
  lireCorps,
  repondreHtml,
  repondreOctets,
  type Corps,
  type Serveur,
} from '../../http/index.ts';
import type { Horloge } from '../../ports.ts';
import { CHEMIN_SUIVI, PageSuivi, type Avis, type Suivi } from './page.ts';

/** What this page needs of the rest of the house. */
export type OptionsSuivi = {
  readonly transmissions: Transmissions;
  readonly horloge: Horloge;
  readonly telephone: string;
  /** Codes one address may try in ten minutes; 0 = off. */
  readonly essaisParAdresse: number;
  readonly conversationDe: (reference: string) => Promise<string | undefined>;
  readonly documentDe: (conversation: string) => Promise<DocumentNiveau1 | undefined>;
  /** The conversation learns that what it sent was withdrawn. */
  readonly apresRetrait: (conversation: string, service: string) => Promise<void>;
  /** The conversation learns what was answered to a re-routing, and where what it sent is now. */
  readonly apresReponse: (conversation: string) => Promise<void>;
  /** The conversation learns that nobody reads it any more. */
  readonly apresRetraitLecture: (conversation: string, service: string) => Promise<void>;
  /** Days after the person's last message when a conversation is erased. */
  readonly conservationJours: number;
  /** How long what is sent is kept: the same figures as in the conversation. */
  readonly conservationEnvoi: ConservationEnvoi;
  /** Erases everything kept under this reference, wherever it is. */
  readonly effacer: (reference: string, conversation: string | undefined) => Promise<void>;
};

const MESSAGE_MAX = 1000;
const FENETRE_MS = 600_000;

const registreDe = (req: IncomingMessage): Registre =>
  /[?&]registre=falc\b/.test(req.url ?? '') ? 'falc' : 'standard';

/**
 * `/suivi`: the person's own page, from the reference code alone. No account, no cookie, no script: the code is posted with each form and
 * never put in an address, where histories and proxies would keep it. Every post costs one try, a right code as much as a wrong one; an
 * unknown code and an erased one get the same answer.
 */
export function monterSuivi(serveur: Serveur, options: OptionsSuivi): void {
  const { transmissions, horloge, telephone } = options;
  const limiteur = creerLimiteur({ nombre: options.essaisParAdresse, parMs: FENETRE_MS, horloge });
  const pageDe = (req: IncomingMessage): PageSuivi =>
    new PageSuivi(registreDe(req), {
      telephone,
      maintenant: horloge(),
      conservationJours: options.conservationJours,
      conservationEnvoi: options.conservationEnvoi,
    });

  async function chercher(reference: string, conversation: string | undefined): Promise<Suivi | undefined> {
    const transmission = await transmissions.lire(reference);
    if (transmission === undefined && conversation === undefined) return undefined;
    const service = transmission === undefined ? undefined : transmissions.service(transmission.service);
    const document =
      transmission?.contenu?.document ??
      (conversation === undefined ? undefined : await options.documentDe(conversation));
    const proposition =
      transmission === undefined ? undefined : propositionDe(transmission, transmissions, horloge());
    const reponse = transmission === undefined ? undefined : reponseDe(transmission, transmissions);
    return {
      reference,
      ...(proposition === undefined ? {} : { proposition }),
      ...(reponse === undefined ? {} : { reponse }),
      conversation: conversation !== undefined,
      ...(transmission === undefined ? {} : { transmission }),
      ...(service === undefined ? {} : { service }),
      ...(document === undefined ? {} : { document }),
      ...(transmission !== undefined && transmissions.integrite(transmission) === 'altere'
        ? { altere: true }
        : {}),
    };
  }

  async function ajouter(reference: string, corps: Corps): Promise<Avis> {
    const brut = corps['message'];
    const mots = typeof brut === 'string' ? brut.replaceAll('\r\n', '\n').trim() : '';
    if (mots === '' || mots.length > MESSAGE_MAX) return { cle: 'refus-message', refus: true };
    const { texte, masques } = masquer(mots);
    const fait = await transmissions.ajouterMessage(reference, texte.slice(0, MESSAGE_MAX));
    if (fait.ok) return { cle: masques.length > 0 ? 'message-masque' : 'message-ajoute', refus: false };
    return { cle: fait.refus.code === 'trop-de-messages' ? 'refus-messages' : 'refus-close', refus: true };
  }

  async function retirer(
    { reference, service, transmission }: Suivi,
    conversation: string | undefined,
  ): Promise<Avis> {
    const fait = await transmissions.retirer(reference);
    if (!fait.ok) return { cle: 'refus-close', refus: true };
    if (conversation !== undefined)
      await options.apresRetrait(conversation, service?.nom ?? transmission?.service ?? '');
    return { cle: 'retirer-fait', refus: false };
  }

  /** The person's answer to a re-routing; `page` gives the words of the agreement, the same that are recorded. */
  async function repondreReorientation(
    page: PageSuivi,
    suivi: Suivi,
    conversation: string | undefined,
    corps: Corps,
  ): Promise<Avis> {
    const { reference, proposition, reponse } = suivi;
    const perimee: Avis = { cle: 'refus-proposition', refus: true };
    const accord = corps['geste'] === 'accepter';
    // A second click, or an answer given in the conversation meanwhile: the same answer is one answer.
    if (reponse?.le === Number(corps['le']) && reponse.accord === accord) return page.avisDeReponse(reponse);
    if (proposition === undefined) return perimee;
    const fait = await transmissions.repondreReorientation(
      reference,
      Number(corps['le']),
      accord
        ? {
            accord,
            consentement: { le: horloge(), ...page.consentement(suivi, proposition, corps) },
            garderSante: corps['sante'] === 'oui',
          }
        : { accord },
    );
    if (!fait.ok) return perimee;
    if (conversation !== undefined) await options.apresReponse(conversation);
    return page.avisDeReponse({ ...proposition, accord, relie: proposition.relie !== undefined });
  }

  /** Nobody of the service reads the conversation any more, from this instant. */
  async function retirerLecture(
    { reference, transmission }: Suivi,
    conversation: string | undefined,
  ): Promise<Avis> {
    if (transmission?.contenu?.consentement.conversation === undefined)
      return { cle: 'refus-close', refus: true };
    const service = nomDuService(transmission, transmissions);
    const deja = transmission.contenu.lectureRetiree !== undefined;
    const fait = await transmissions.retirerLecture(reference);
    if (!fait.ok) return { cle: 'refus-close', refus: true };
    if (conversation !== undefined && !deja) await options.apresRetraitLecture(conversation, service);
    return { cle: 'lecture-retiree', refus: false, trous: { service } };
  }

  async function repondre(req: IncomingMessage, res: ServerResponse, corps: Corps): Promise<void> {
    const page = pageDe(req);
    const refuser = (cle: string, statut: number): void =>
      repondreHtml(res, page.accueil({ cle, refus: true }), { statut });
    const { code, geste } = corps;
    const lue = lireReference(typeof code === 'string' ? code : '');
    // The check character is public arithmetic: saying « a typing mistake » tells nothing of what exists.
    if (!lue.ok) return refuser('refus-code', 400);
    const reference = lue.valeur;
    const conversation = await options.conversationDe(reference);
    const suivi = await chercher(reference, conversation);
    if (suivi === undefined) return refuser('refus-absente', 404);
    const montrer = async (avis: Avis): Promise<void> =>
      repondreHtml(res, page.demande((await chercher(reference, conversation)) ?? suivi, avis), {
        statut: avis.refus ? 409 : 200,
      });
    switch (geste) {
      case 'message':
        return montrer(await ajouter(reference, corps));
      case 'retirer':
        return montrer(
          corps['confirme'] === 'oui'
            ? await retirer(suivi, conversation)
            : { cle: 'refus-confirmation', refus: true },
        );
      case 'accepter':
      case 'refuser':
        return montrer(await repondreReorientation(page, suivi, conversation, corps));
      case 'retirer-lecture':
        return montrer(await retirerLecture(suivi, conversation));
      case 'effacer':
        if (corps['confirme'] !== 'oui') return montrer({ cle: 'refus-confirmation', refus: true });
        await options.effacer(reference, conversation);
        return repondreHtml(res, page.efface());
      case 'pdf':
        if (suivi.document === undefined) return montrer({ cle: 'refus-close', refus: true });
        return repondreOctets(res, await documentPdf(suivi.document), 'application/pdf', {
          entetes: { 'Content-Disposition': 'attachment; filename="document-cep-niveau-1.pdf"' },
        });
      default:
        return repondreHtml(res, page.demande(suivi));
    }
  }

  serveur.restify.get(CHEMIN_SUIVI, async (req, res) => repondreHtml(res, pageDe(req).accueil()));
  serveur.restify.post(CHEMIN_SUIVI, async (req, res) => {
    const verdict = limiteur.prendre(serveur.adresse(req));
    if (!verdict.ok)
      return repondreHtml(
        res,
        pageDe(req).accueil({ cle: 'refus-essais', refus: true, trous: { telephone } }),
        { statut: 429, entetes: { 'Retry-After': String(Math.ceil(verdict.attendreMs / 1000)) } },
      );
    const corps = await lireCorps(req, { types: ['application/x-www-form-urlencoded'], max: 16_384 });
    return repondre(req, res, corps);
  });
}
