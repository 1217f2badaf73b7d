import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNiveau1 } from '../../../knowledge/dossier/index.ts';
import { masquer } from '../../../knowledge/langage/index.ts';
import type { Registre } from '../../../knowledge/vocabulaire/index.ts';
import { documentPdf } from '../../document/index.ts';
import { lireReference, type Transmissions } from '../../handover/index.ts';
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
  /** The conversation learns where what it sent is now; no `nouveau`: nowhere any more. */
  readonly apresReorientation: (
    conversation: string,
    services: { readonly ancien: string; readonly nouveau?: string },
  ) => Promise<void>;
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
  const pageDe = (req: IncomingMessage): PageSuivi => new PageSuivi(registreDe(req), telephone, horloge());

  async function chercher(reference: string, conversation: string | undefined): Promise<Suivi | undefined> {
    const transmission = await transmissions.lire(reference);
    if (transmission === undefined && conversation === undefined) return undefined;
    const service = transmission === undefined ? undefined : transmissions.service(transmission.service);
    const document =
      transmission?.contenu?.document ??
      (conversation === undefined ? undefined : await options.documentDe(conversation));
    const destinataire =
      transmission?.reorientation === undefined
        ? undefined
        : transmissions.serviceDestinataire(transmission, transmission.reorientation.vers);
    return {
      reference,
      ...(destinataire === undefined ? {} : { destinataire }),
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
    const { reference, transmission, destinataire } = suivi;
    const proposition = transmission?.reorientation;
    const perimee: Avis = { cle: 'refus-proposition', refus: true };
    if (proposition === undefined) return perimee;
    const trous = page.trousDe(suivi, proposition);
    const accord = corps['geste'] === 'accepter';
    const fait = await transmissions.repondreReorientation(
      reference,
      Number(corps['le']),
      accord
        ? {
            accord,
            consentement: {
              le: horloge(),
              texte: page.enClair(
                destinataire === undefined ? 'reorientation-sans-service' : 'reorientation-accord',
                trous,
              ),
              destinataire: trous['destination'] ?? '',
            },
            garderSante: corps['sante'] === 'oui',
          }
        : { accord },
    );
    if (!fait.ok) return perimee;
    if (!accord) return { cle: 'reorientation-refusee', refus: false, trous };
    if (conversation !== undefined)
      await options.apresReorientation(conversation, {
        ancien: trous['service'] ?? '',
        ...(destinataire === undefined ? {} : { nouveau: destinataire.nom }),
      });
    return {
      cle: destinataire === undefined ? 'reorientation-close' : 'reorientation-acceptee',
      refus: false,
      trous,
    };
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
