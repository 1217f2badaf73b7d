import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { texte } from '../../knowledge/textes/index.ts';
import { jourDe, jourEnToutesLettres } from '../../knowledge/vocabulaire/index.ts';
import type { Avis, Issue } from './envoi.ts';
import { ageEnMots, demandeEnMots, lieuEnMots } from './mots.ts';

export type ServeurCourriel = {
  /** `smtps://…` or `smtp://…`; the second asks for TLS, except on this very machine. */
  readonly adresse: string;
  readonly expediteur: string;
};

export type Courriel = { readonly objet: string; readonly corps: string };

const DELAI_MS = 15_000;
const BOUCLE = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/**
 * The words of an e-mail: what is asked, where, how long ago, and a link. Nothing that says who: mailboxes are read by others, forwarded
 * and kept. A demande about health is told as advice wanted, no more.
 */
export function redigerCourriel(avis: Avis, maintenant: number): Courriel {
  return {
    objet: texte(`envois.objet-${avis.evenement}`, 'standard'),
    corps: texte('envois.corps', 'standard', {
      phrase: texte(`envois.phrase-${avis.evenement}`, 'standard', { service: avis.service.nom }),
      demande: demandeEnMots(avis),
      lieu: lieuEnMots(avis),
      jour: jourEnToutesLettres(jourDe(avis.deposeeLe)),
      age: ageEnMots(avis.deposeeLe, maintenant),
      lien: avis.lien,
    }),
  };
}

const erreurSmtp = z.looseObject({ responseCode: z.number().optional(), code: z.string().optional() });

/** Sends e-mails through one SMTP server, one connection each. */
export function creerCourriel(
  serveur: ServeurCourriel,
  horloge: () => number,
): { readonly envoyer: (avis: Avis, destinataire: string) => Promise<Issue> } {
  const url = new URL(serveur.adresse);
  const transport = createTransport(
    {
      host: url.hostname,
      port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port),
      secure: url.protocol === 'smtps:',
      // Credentials never travel in clear, whatever the server says it can do.
      requireTLS: url.protocol === 'smtp:' && !BOUCLE.has(url.hostname),
      ...(url.username === ''
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
      connectionTimeout: DELAI_MS,
      greetingTimeout: DELAI_MS,
      socketTimeout: DELAI_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: serveur.expediteur },
  );
  const domaine =
    serveur.expediteur
      .split('@')
      .at(-1)
      ?.replace(/[^\w.-]/g, '') ?? 'localhost';
  return {
    async envoyer(avis, destinataire) {
      const { objet, corps } = redigerCourriel(avis, horloge());
      try {
        await transport.sendMail({
          to: destinataire,
          subject: objet,
          text: corps,
          // The same message sent twice after a crash is one message for mail programs that compare identifiers.
          messageId: `<${avis.cle}@${domaine}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { ok: true };
      } catch (erreur) {
        const lu = erreurSmtp.safeParse(erreur);
        const code = lu.success ? (lu.data.responseCode ?? lu.data.code) : undefined;
        return { ok: false, raison: `smtp-${String(code ?? 'echec').toLowerCase()}`.slice(0, 40) };
      }
    },
  };
}
