import { texte, type Parametres } from '../../../knowledge/textes/index.ts';
import type { ConsentementDonne, PropositionSuivi, ReponseSuivi } from '../../../dialogs/index.ts';
import {
  motsDeLecture,
  type ConservationEnvoi,
  type DocumentNiveau1,
} from '../../../knowledge/dossier/index.ts';
import { jourDe, jourEnToutesLettres, type Registre } from '../../../knowledge/vocabulaire/index.ts';
import { rendreDocument } from '../../document/index.ts';
import {
  estOuvert,
  estPromesseManquee,
  joindreDestination,
  nomDestination,
  nomOperateurDe,
  telephoneOperateurDe,
  premierContact,
  quandChez,
  quandDeRendezVous,
  type ServiceReceveur,
  type Transmission,
} from '../../handover/index.ts';
import { echapperHtml } from '../../http/index.ts';
import { rendrePage } from '../reperes/gabarit.ts';
import { motsDOuverture, rendreHeures } from './heures.ts';

export const CHEMIN_SUIVI = '/suivi';

/** What stands under a reference code. Never both absent. */
export type Suivi = {
  readonly reference: string;
  readonly transmission?: Transmission;
  readonly service?: ServiceReceveur;
  /** A re-routing that waits for their answer. */
  readonly proposition?: PropositionSuivi;
  /** The last re-routing they answered. */
  readonly reponse?: ReponseSuivi;
  /** Whether the conversation is still kept. */
  readonly conversation: boolean;
  /** What was sent, or the document as the conversation has it when nothing was. */
  readonly document?: DocumentNiveau1;
  /** It is no longer what the person agreed to send. */
  readonly altere?: true;
};

/** What just happened: a sentence of `suivi.json`. `refus` is said as an alert, beside the form it concerns. */
export type Avis = { readonly cle: string; readonly refus: boolean; readonly trous?: Parametres };

/** The pages of `/suivi` in one register. `telephone`: whom to call when the service has no number of its own. */
export class PageSuivi {
  constructor(
    private readonly registre: Registre,
    private readonly reglages: {
      readonly telephone: string;
      readonly maintenant: number;
      readonly conservationJours: number;
      readonly conservationEnvoi: ConservationEnvoi;
    },
  ) {}

  /** The form that asks for the code, empty, after a refusal when there is one. */
  accueil(avis?: Avis): string {
    return this.page(
      'titre',
      `${this.avis(avis)}<p class="chapeau">${this.dire('chapeau')}</p>
<form method="post" action="${this.action()}" class="carte-suivi">
<p><label for="code">${this.dire('code')}</label>
<input id="code" name="code" type="text" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="aide-code"></p>
<p id="aide-code">${this.dire('aide-code')}</p>
<p><button class="bouton" type="submit">${this.dire('ouvrir')}</button></p>
</form>
<p>${this.dire('secret')}</p>`,
    );
  }

  /** After everything was erased. */
  efface(): string {
    return this.page(
      'effacer-titre',
      `<p role="status">${this.dire('effacer-fait')}</p>\n<p><a href="/">${this.dire('retour-accueil')}</a></p>`,
    );
  }

  /** Where the request stands and what may be done. The code travels in each form, never in an address. */
  demande(suivi: Suivi, avis?: Avis): string {
    const { transmission: t, reference } = suivi;
    const fait = (nom: string, valeur: string): string =>
      `<div><dt>${this.dire(nom)}</dt><dd>${valeur}</dd></div>`;
    const envoi =
      t === undefined
        ? ''
        : fait('service', echapperHtml(this.nomDuService(suivi))) +
          fait('envoyee-le', jourEnToutesLettres(jourDe(t.creeeLe)));
    const demonstration =
      suivi.service?.demonstration === true ? `<p class="attention">${this.dire('demonstration')}</p>` : '';
    return this.page(
      'titre',
      `${this.avis(avis)}<dl class="faits-suivi">${fait('reference', `<strong>${echapperHtml(reference)}</strong>`)}${envoi}</dl>
<h2>${this.dire('ou-en-est')}</h2>
<p class="etat-suivi"><strong>${this.dire(`etat-${t?.etat ?? 'aucune'}`)}</strong></p>
${demonstration}
<h2>${this.dire('ensuite')}</h2>
<p>${this.suite(suivi)}</p>
${this.heures(suivi)}${this.reorientation(suivi)}${this.lecture(suivi)}
<p><a href="/widget/">${this.dire('bientot')}</a></p>
${this.document(suivi)}
${t !== undefined && estOuvert(t.etat) && t.contenu !== undefined ? this.messages(suivi, t.contenu.messages) + this.confirmer(reference, 'retirer') : ''}
${this.confirmer(reference, 'effacer')}
<p>${this.dire('secret')}</p>`,
    );
  }

  private suite({ transmission: t, service }: Suivi): string {
    const telephone = service?.telephone ?? this.reglages.telephone;
    if (t === undefined) return this.dire('suite-aucune');
    if (t.destination !== undefined)
      return this.dire('suite-reorientee', {
        destination: nomDestination(t.destination, t),
        contact: this.contactDe(joindreDestination(t.destination, t)),
      });
    if (!estOuvert(t.etat)) return this.dire('suite-close', { telephone });
    // Taken out of the settings while the file was open: what it promised is nobody's promise any more.
    if (service === undefined)
      return this.dire('suite-service-retire', {
        telephone: telephoneOperateurDe(t.operateur, t) ?? telephone,
      });
    const quand = quandDeRendezVous(t, service.fuseau, this.registre);
    if (t.rendezVous !== undefined && quand !== undefined) {
      const { le, mode } = t.rendezVous;
      return this.dire(le < this.reglages.maintenant ? 'suite-rendez-vous-passe' : 'suite-rendez-vous', {
        quand,
        mode: texte(`suivi.mode-${mode}`, this.registre),
        telephone,
      });
    }
    // Somebody called, if in vain: no promise is waited for any more, and it would be false to say that none was made.
    if (premierContact(t) !== undefined) return this.dire('suite-contact', { telephone });
    if (t.rappelAvantLe === undefined) return this.dire('suite-sans-promesse', { telephone });
    const jour = jourEnToutesLettres(t.rappelAvantLe);
    return estPromesseManquee(t, jourDe(this.reglages.maintenant, service.fuseau), service.fuseau)
      ? this.dire('suite-promesse-passee', { jour, telephone })
      : this.dire('suite-promesse', { jour });
  }

  /** When the service that has the request can be reached; nothing once it is over, or where its hours are not known. */
  private heures({ transmission: t, service }: Suivi): string {
    return t === undefined || !estOuvert(t.etat) || service === undefined
      ? ''
      : rendreHeures(service, this.reglages.maintenant, this.registre);
  }

  /** On the clock of the service, like its hours and its appointments. */
  private moment(le: number, { service }: Suivi): string {
    return quandChez(le, service?.fuseau, { registre: this.registre });
  }

  /** Its name; its operator's once it is out of the settings. */
  private nomDuService({ transmission: t, service }: Pick<Suivi, 'transmission' | 'service'>): string {
    return service?.nom ?? (t === undefined ? '' : nomOperateurDe(t.operateur, t));
  }

  private contactDe(contact: string): string {
    return contact === '' ? '' : texte('suivi.reorientation-contact', this.registre, { contact });
  }

  /** Who may read the conversation: the words agreed to, and the button that takes them back. */
  private lecture(suivi: Suivi): string {
    const { transmission: t, reference } = suivi;
    const accord = t?.contenu?.consentement;
    if (t === undefined || accord?.conversation === undefined || !estOuvert(t.etat)) return '';
    const mot = (cle: string, trous: Parametres = {}): string =>
      echapperHtml(texte(`lecture.${cle}`, this.registre, trous));
    const retiree = t.contenu?.lectureRetiree;
    return `
<section aria-labelledby="lecture"><h2 id="lecture">${mot('page-titre')}</h2>
<p>${mot('page-accord', { date: this.moment(accord.le, suivi), texte: accord.conversation.texte })}</p>
${
  retiree === undefined
    ? this.formulaire(
        reference,
        'retirer-lecture',
        `<p><button class="bouton" type="submit">${mot('choix-retirer')}</button></p>`,
      )
    : `<p>${mot('page-retiree', { date: this.moment(retiree, suivi) })}</p>`
}
</section>`;
  }

  /** A re-routing to answer: who, why, what would leave, and both answers as plain to see. */
  private reorientation(suivi: Suivi): string {
    const { reference, proposition } = suivi;
    if (proposition === undefined) return '';
    const { le, motif, mots, relie } = proposition;
    const trous = this.trousDe(proposition);
    const dits = mots === undefined ? '' : `<p>${this.dire('reorientation-mots', { mots })}</p>`;
    const sante = proposition.sante ? this.boite('sante', this.enClair('reorientation-sante')) : '';
    const bouton = (cle: string, classe: string): string =>
      `<p><button class="bouton${classe}" type="submit">${this.dire(cle, trous)}</button></p>`;
    const instant = `<input type="hidden" name="le" value="${le}">`;
    const oui =
      relie === undefined
        ? `<p>${this.dire('reorientation-sans-service', trous)}</p>${bouton('reorientation-clore', '')}`
        : `<p>${this.dire('reorientation-accord', trous)}</p>${sante}${this.accordsAPart(suivi, proposition)}${bouton('reorientation-accepter', '')}`;
    return `<section aria-labelledby="proposition"><h2 id="proposition">${this.dire('reorientation')}</h2>
<p>${this.dire('reorientation-texte', { ...trous, motif: texte(`suivi.motif-${motif}`, this.registre) })}</p>
${dits}
${this.formulaire(reference, 'accepter', instant + oui)}
${this.formulaire(reference, 'refuser', instant + bouton('reorientation-refuser', ''))}
</section>`;
  }

  /** A box, never ticked. */
  private boite(id: string, libelle: string): string {
    return `<p><input type="checkbox" id="${id}" name="${id}" value="oui"> <label for="${id}">${echapperHtml(libelle)}</label></p>`;
  }

  /** Each agreement beside the sending named the service the file leaves: asked anew, where there is a conversation it is about. */
  private accordsAPart(suivi: Suivi, { relie, sante }: PropositionSuivi): string {
    if (relie === undefined || !suivi.conversation || suivi.transmission?.saisie !== undefined) return '';
    const enDirect = relie.enDirect ? this.accordDirect(relie) : '';
    const { accord, precision } = this.motsLecture(relie.nom, sante);
    return `${enDirect}${this.boite('conversation', accord)}<p>${echapperHtml(precision)}</p>`;
  }

  /** The same rule as in the conversation: the box while the service is open; closed, when it opens, and no box. */
  private accordDirect(relie: NonNullable<PropositionSuivi['relie']>): string {
    const { ouverture, noteHoraires } = relie;
    const paragraphe = (mots: string): string => `<p>${echapperHtml(mots)}</p>`;
    const note = noteHoraires === undefined ? '' : paragraphe(noteHoraires);
    const heures = ouverture === undefined ? '' : paragraphe(motsDOuverture(relie, 'echange', this.registre));
    if (ouverture?.ouvert === false) return heures + note;
    return `${this.boite('enDirect', this.accordEnDirect(relie.nom))}${paragraphe(texte('echange.accord-precision', this.registre))}${heures}${note}`;
  }

  private accordEnDirect(service: string): string {
    return texte('echange.accord', this.registre, { service });
  }

  private motsLecture(service: string, sante: boolean): ReturnType<typeof motsDeLecture> {
    return motsDeLecture(this.registre, {
      service,
      sante: sante ? 'selon-choix' : 'cachee',
      jours: this.reglages.conservationJours,
    });
  }

  /** What the form agrees to, recorded in the very words the page showed. A box it did not show is not ticked, whatever was posted. */
  consentement(
    { conversation, transmission }: Suivi,
    p: PropositionSuivi,
    corps: Readonly<Record<string, unknown>>,
  ): ConsentementDonne {
    const { relie, sante, destination } = p;
    const coche = (nom: string): boolean => corps[nom] === 'oui';
    const aPart =
      relie !== undefined && conversation && transmission?.saisie === undefined ? relie : undefined;
    return {
      texte: this.enClair(
        relie === undefined ? 'reorientation-sans-service' : 'reorientation-accord',
        this.trousDe(p),
      ),
      destinataire: destination,
      ...(aPart?.enDirect === true && coche('enDirect') ? { enDirect: this.accordEnDirect(aPart.nom) } : {}),
      ...(aPart !== undefined && coche('conversation')
        ? {
            conversation: {
              texte: this.motsLecture(aPart.nom, sante).entier,
              sante: sante && coche('sante'),
            },
          }
        : {}),
    };
  }

  /** What their answer led to. */
  avisDeReponse({
    accord,
    relie,
    service,
    destination,
  }: Pick<ReponseSuivi, 'accord' | 'relie' | 'service' | 'destination'>): Avis {
    const cle = accord ? (relie ? 'reorientation-acceptee' : 'reorientation-close') : 'reorientation-refusee';
    return { cle, refus: false, trous: { service, destination } };
  }

  /** Names in the sentences of a re-routing. What is agreed to is recorded with these very words. */
  trousDe({ service, destination, contact }: PropositionSuivi): Parametres {
    const { moisApresCloture: mois, joursSansSuivi: jours } = this.reglages.conservationEnvoi;
    return { service, destination, contact: this.contactDe(contact), mois, jours };
  }

  private document({ document, reference, altere }: Suivi): string {
    if (document === undefined) return '';
    return `<h2>${this.dire('document')}</h2>
${altere === true ? `<p class="attention">${this.dire('document-altere', { telephone: this.reglages.telephone })}</p>` : ''}<details class="document-suivi"><summary>${this.dire('document-voir')}</summary>
${rendreDocument(document, this.registre, 2)}
</details>
${this.formulaire(reference, 'pdf', `<p><button class="bouton" type="submit">${this.dire('document-pdf')}</button></p>`)}`;
  }

  private messages(suivi: Suivi, dits: readonly { readonly le: number; readonly texte: string }[]): string {
    const { reference } = suivi;
    const deja =
      dits.length === 0
        ? ''
        : `<h3>${this.dire('messages-ajoutes')}</h3><ul>${dits.map((m) => `<li>${this.moment(m.le, suivi)} : ${echapperHtml(m.texte)}</li>`).join('')}</ul>`;
    return `<h2>${this.dire('message')}</h2>
${deja}
${this.formulaire(
  reference,
  'message',
  `<p><label for="message">${this.dire('message-champ')}</label>
<textarea id="message" name="message" rows="4" maxlength="1000" required aria-describedby="aide-message"></textarea></p>
<p id="aide-message">${this.dire('message-aide')}</p>
<p><button class="bouton" type="submit">${this.dire('message-envoyer')}</button></p>`,
)}`;
  }

  /** Two steps on one page: what it does, a box to tick, a button. */
  private confirmer(reference: string, geste: 'retirer' | 'effacer'): string {
    return `<h2>${this.dire(geste)}</h2>
<p>${this.dire(`${geste}-texte`)}</p>
${this.formulaire(
  reference,
  geste,
  `<p><input type="checkbox" id="confirme-${geste}" name="confirme" value="oui" required> <label for="confirme-${geste}">${this.dire(`${geste}-confirmer`)}</label></p>
<p><button class="bouton danger" type="submit">${this.dire(`${geste}-bouton`)}</button></p>`,
)}`;
  }

  private formulaire(reference: string, geste: string, corps: string): string {
    return `<form method="post" action="${this.action()}" class="carte-suivi">
<input type="hidden" name="code" value="${echapperHtml(reference)}"><input type="hidden" name="geste" value="${geste}">
${corps}
</form>`;
  }

  private avis(avis: Avis | undefined): string {
    if (avis === undefined) return '';
    const mots = this.dire(avis.cle, avis.trous);
    return avis.refus
      ? `<p role="alert" class="avis-suivi refus"><strong>${this.dire('refus')}.</strong> ${mots}</p>\n`
      : `<p role="status" class="avis-suivi">${mots}</p>\n`;
  }

  private action(): string {
    return this.registre === 'falc' ? `${CHEMIN_SUIVI}?registre=falc` : CHEMIN_SUIVI;
  }

  /** A sentence of the page as words, to be recorded. */
  enClair(cle: string, trous: Parametres = {}): string {
    return texte(`suivi.${cle}`, this.registre, trous);
  }

  private dire(cle: string, trous: Parametres = {}): string {
    return echapperHtml(this.enClair(cle, trous));
  }

  private page(titre: string, corps: string): string {
    return rendrePage(
      {
        racine: CHEMIN_SUIVI,
        feuille: '/demo/suivi.css',
        chemin: '',
        titre: texte(`suivi.${titre}`, this.registre),
        corps,
      },
      this.registre,
    );
  }
}
