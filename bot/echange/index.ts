import { CONCENTRATEUR, type Echange, type RaisonFinEchange } from '../../knowledge/dossier/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import { LIMITE_TEXTE, type Canaux, type StatutHandoff } from '../channels/index.ts';
import { dossierDe, type HoteComplet } from '../conversation/hote.ts';
import { ETATS_OUVERTS, type Conseiller, type Transmission, type Transmissions } from '../handover/index.ts';
import type { Horloge, Journaliseur } from '../ports.ts';
import type { Journal } from '../storage/journal.ts';
import { attendreUnSigne } from './attendre.ts';
import { anonyme, estOuvertAEchange, estTenuePar, type FinEchange } from './fin.ts';
import { lireEchange, type LigneEchange } from './vue.ts';

export {
  creerConversations,
  lectureEnVigueur,
  type Conversations,
  type LigneConversation,
  type VueConversation,
} from './conversation.ts';
export { creerFinEchange, estOuvertAEchange } from './fin.ts';
export { lireEchange, type LigneEchange } from './vue.ts';

/** Whether a counsellor may answer in the conversation now, and what was said when they did. */
export type EtatEchange = {
  /** `sans-accord`: never agreed to. `accord-retire`: the person left an exchange. `sans-conversation`: ended, erased or expired. */
  readonly etat: 'ouvert' | 'possible' | 'sans-accord' | 'accord-retire' | 'sans-conversation';
  readonly lignes: readonly LigneEchange[];
  readonly echeance?: number;
  readonly jusqua: number;
  /** The person is writing right now. */
  readonly ecrit?: true;
  /** Instant of the last sign of writing, 0 when there is none: what a screen already knows, to be given back to `attendre`. */
  readonly frappe?: number;
};

export type RefusEchange = {
  readonly code:
    | 'pas-a-vous'
    | 'sans-accord'
    | 'accord-retire'
    | 'sans-conversation'
    | 'echange-clos'
    | 'parole-refusee'
    | 'non-remise';
};

/** Live exchanges between a counsellor who holds a request and the person who sent it. The log of the conversation is their only store. */
export type Echanges = {
  /** @param t a request whose rights have been checked */
  etat(t: Transmission, par: Conseiller): Promise<Resultat<EtatEchange, RefusEchange>>;
  /**
   * Resolves when something may have come after what is known, when the signal ends, or after `ms`.
   * @param connu `jusqua` and `frappe` of the last state read; without `frappe`, only a sign of writing yet to come counts.
   */
  attendre(
    t: Transmission,
    connu: { readonly jusqua: number; readonly frappe?: number | undefined },
    signal: AbortSignal,
    ms: number,
  ): Promise<void>;
  /** Joins: the person is told who and from which service. Asked again, it changes nothing. */
  rejoindre(t: Transmission, par: Conseiller): Promise<Resultat<true, RefusEchange>>;
  /** @param cle drawn by the console for this message: sent again with it, the words are said once. */
  dire(t: Transmission, par: Conseiller, mots: string, cle: string): Promise<Resultat<true, RefusEchange>>;
  /** The counsellor is writing: shown to the person for a few seconds, kept nowhere. Too often is not said again. */
  ecrire(t: Transmission, par: Conseiller): Promise<Resultat<true, RefusEchange>>;
  /** The person is writing, as their screen says; heard only while somebody is there to answer. */
  personneEcrit(conversation: string): void;
  /** Leaves: the assistant takes the conversation back, and says so. */
  quitter(t: Transmission, par: Conseiller): Promise<Resultat<true, RefusEchange>>;
  /**
   * Another tool, behind an Azure channel, took the conversation, gave it back or could not (Bot Framework handoff). Believed only where the
   * person agreed to be answered there; what it says again changes nothing.
   */
  suivreHandoff(conversation: string, statut: StatutHandoff): Promise<void>;
  /** Finds, after a start, the exchanges left open. */
  retrouver(): Promise<void>;
  /** Ends those that are over; resolves to how many. */
  balayer(): Promise<number>;
};

export type OptionsEchanges = {
  readonly transmissions: Transmissions;
  readonly journal: Journal;
  readonly canaux: Canaux;
  readonly hote: HoteComplet;
  readonly finEchange: FinEchange;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
};

/** How long « is writing » holds when nothing more comes; a screen says it again at most every three seconds. */
const FRAPPE_MS = 6_000;
const ENTRE_FRAPPES_MS = 2_000;

const NOM_MAX = 60;
/** A directory may hold any characters: what people read is letters, so that a name is never a link nor a format. */
export const nomMontre = (nom: string): string => {
  const propre = nom
    .replaceAll(/[^\p{L}\p{N} .’'-]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
    .slice(0, NOM_MAX);
  return propre === '' ? texte('echange.nom-absent', 'standard') : propre;
};

export function creerEchanges(options: OptionsEchanges): Echanges {
  const { transmissions, journal, canaux, hote, finEchange, journaliseur } = options;
  /** Reference → conversation of the exchanges believed open: what the sweep looks at. The log decides. */
  const ouverts = new Map<string, string>();

  /** Who writes, in memory and for seconds: conversation → instant, of the person and of the counsellor. */
  const frappes = new Map<string, number>();
  const frappesConseiller = new Map<string, number>();
  const surFrappe = new Map<string, Set<() => void>>();
  const ecrit = (conversation: string, lignes: readonly LigneEchange[]): boolean => {
    const le = frappes.get(conversation);
    const derniere = lignes.findLast((l) => l.de === 'personne')?.le ?? 0;
    return le !== undefined && options.horloge() - le < FRAPPE_MS && derniere < le;
  };

  const servir = (t: Transmission): string => transmissions.service(t.service)?.nom ?? t.service;

  /** Ends the exchange of a conversation if something says it is over, or for the reason given. */
  async function clore(
    reference: string,
    conversation: string,
    decider: (echange: Echange) => Promise<RaisonFinEchange | undefined>,
  ): Promise<boolean> {
    let encore = false;
    const clos = await canaux.intervenir(conversation, async (entete, passe) => {
      const { echange } = dossierDe(passe);
      const raison = echange === undefined ? undefined : await decider(echange);
      encore = echange !== undefined && raison === undefined;
      return raison === undefined ? undefined : hote.clorEchange(entete, passe, raison);
    });
    if (!encore) ouverts.delete(reference);
    return clos !== 'rien';
  }

  async function verifier(reference: string, conversation: string): Promise<boolean> {
    const entete = await journal.entete(conversation);
    if (entete === undefined) {
      ouverts.delete(reference);
      return false;
    }
    return clore(reference, conversation, (echange) => finEchange(entete, echange));
  }

  // Released, taken by another, closed, withdrawn, swept: the person is told at once that this counsellor is gone.
  transmissions.surChangement(({ reference }) => {
    const conversation = ouverts.get(reference);
    if (conversation === undefined) return;
    verifier(reference, conversation).catch((erreur: unknown) =>
      journaliseur.erreur('echange-non-clos', erreur),
    );
  });

  /** The conversation of a request this counsellor holds. */
  async function conversationTenue(
    t: Transmission,
    par: Conseiller,
  ): Promise<Resultat<string, RefusEchange>> {
    if (t.conseiller?.id !== par.id) return refuse({ code: 'pas-a-vous' });
    if (t.contenu?.consentement.enDirect === undefined) return refuse({ code: 'sans-accord' });
    const conversation = await journal.conversationDe(t.reference);
    if (conversation === undefined) return refuse({ code: 'sans-conversation' });
    return estTenuePar(t, conversation, anonyme(conversation, par.id))
      ? reussi(conversation)
      : refuse({ code: 'echange-clos' });
  }

  const vide = (etat: EtatEchange['etat']): Resultat<EtatEchange, RefusEchange> =>
    reussi({ etat, lignes: [], jusqua: 0 });

  return {
    async etat(t, par) {
      const tenue = await conversationTenue(t, par);
      if (!tenue.ok) {
        const { code } = tenue.refus;
        return code === 'sans-accord' || code === 'sans-conversation' ? vide(code) : tenue;
      }
      // What is over is never shown as going on, even before the sweep.
      await verifier(t.reference, tenue.valeur);
      const vue = await lireEchange(journal, tenue.valeur, t.contenu?.consentement.le);
      if (vue === undefined) return vide('sans-conversation');
      const { accordEchange, echange } = dossierDe((await journal.evenements(tenue.valeur)) ?? []);
      const mien = echange?.conseiller.id === anonyme(tenue.valeur, par.id);
      return reussi({
        etat: mien ? 'ouvert' : accordEchange === 'non' ? 'accord-retire' : 'possible',
        lignes: vue.lignes,
        ...(mien && vue.echeance !== undefined ? { echeance: vue.echeance } : {}),
        ...(mien && ecrit(tenue.valeur, vue.lignes) ? { ecrit: true } : {}),
        ...(mien ? { frappe: frappes.get(tenue.valeur) ?? 0 } : {}),
        jusqua: vue.jusqua,
      });
    },

    async attendre({ reference }, { jusqua, frappe = options.horloge() - 1 }, signal, ms) {
      const conversation = await journal.conversationDe(reference);
      if (conversation === undefined) return;
      await attendreUnSigne(signal, ms, (signe) => {
        // Something may have come between the reading and the listening.
        if ((frappes.get(conversation) ?? 0) > frappe) setImmediate(signe);
        journal.tete(conversation).then((tete) => (tete === jusqua ? undefined : signe()), signe);
        const attentifs = surFrappe.get(conversation) ?? new Set();
        surFrappe.set(conversation, attentifs.add(signe));
        const cesser = (): void => {
          attentifs.delete(signe);
          if (attentifs.size === 0) surFrappe.delete(conversation);
        };
        return [journal.ecouter(conversation, signe), cesser];
      });
    },

    async rejoindre(t, par) {
      const tenue = await conversationTenue(t, par);
      if (!tenue.ok) return tenue;
      const conversation = tenue.valeur;
      // The exchange of the one who held it before, if it is still open, ends first: two people are never announced at once.
      await verifier(t.reference, conversation);
      const id = anonyme(conversation, par.id);
      let refus: RefusEchange | undefined;
      const issue = await canaux.intervenir(conversation, (entete, passe) => {
        const { accordEchange, echange } = dossierDe(passe);
        if (accordEchange === 'non') refus = { code: 'accord-retire' };
        if (refus !== undefined || echange !== undefined) return undefined;
        return hote.ouvrirEchange(entete, passe, {
          conseiller: { id, nom: nomMontre(par.nom) },
          service: servir(t),
        });
      });
      if (refus !== undefined) return refuse(refus);
      if (issue === 'non-remise') {
        // The channel refused: the person was not told that somebody came, so nobody came.
        await clore(t.reference, conversation, async () => 'conseiller');
        return refuse({ code: 'non-remise' });
      }
      if ((await journal.entete(conversation)) === undefined) return refuse({ code: 'sans-conversation' });
      ouverts.set(t.reference, conversation);
      return reussi(true);
    },

    async dire(t, par, brut, cle) {
      const mots = brut
        .normalize('NFC')
        .replaceAll('\r\n', '\n')
        // oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
        .replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F]/g, '')
        .trim();
      if (mots === '' || mots.length > LIMITE_TEXTE) return refuse({ code: 'parole-refusee' });
      const tenue = await conversationTenue(t, par);
      if (!tenue.ok) return tenue;
      const conversation = tenue.valeur;
      await verifier(t.reference, conversation);
      const id = anonyme(conversation, par.id);
      const { registre } = dossierDe((await journal.evenements(conversation)) ?? []);
      const issue = await canaux.dire(conversation, {
        conseiller: { id, nom: nomMontre(par.nom), service: servir(t) },
        texte: mots,
        registre,
        cle,
        peut: (passe) => dossierDe(passe).echange?.conseiller.id === id,
      });
      if (issue === 'non-remise') return refuse({ code: 'non-remise' });
      return issue === 'refusee' ? refuse({ code: 'echange-clos' }) : reussi(true);
    },

    async ecrire(t, par) {
      const tenue = await conversationTenue(t, par);
      if (!tenue.ok) return tenue;
      const conversation = tenue.valeur;
      const id = anonyme(conversation, par.id);
      const maintenant = options.horloge();
      const { echange } = dossierDe((await journal.evenements(conversation)) ?? []);
      if (echange?.conseiller.id !== id) return refuse({ code: 'echange-clos' });
      if (maintenant - (frappesConseiller.get(conversation) ?? 0) >= ENTRE_FRAPPES_MS) {
        frappesConseiller.set(conversation, maintenant);
        canaux.frapper(conversation, { id, nom: nomMontre(par.nom) });
      }
      return reussi(true);
    },

    personneEcrit(conversation) {
      if (![...ouverts.values()].includes(conversation)) return;
      frappes.set(conversation, options.horloge());
      for (const prevenir of surFrappe.get(conversation) ?? []) prevenir();
    },

    async quitter(t, par) {
      const tenue = await conversationTenue(t, par);
      if (!tenue.ok) return tenue;
      const id = anonyme(tenue.valeur, par.id);
      await clore(t.reference, tenue.valeur, async (echange) =>
        echange.conseiller.id === id ? 'conseiller' : undefined,
      );
      return reussi(true);
    },

    async suivreHandoff(conversation, statut) {
      const entete = await journal.entete(conversation);
      const t = entete === undefined ? undefined : await transmissions.lire(entete.reference);
      if (entete === undefined || !estOuvertAEchange(t))
        return journaliseur.alerte('handoff-refuse', { raison: 'sans-accord' });
      const service = servir(t);
      if (statut === 'accepted') {
        ouverts.set(t.reference, conversation);
        await canaux.intervenir(conversation, (e, passe) => {
          const { accordEchange, echange, registre } = dossierDe(passe);
          if (echange !== undefined || accordEchange === 'non') return undefined;
          return hote.ouvrirEchange(e, passe, {
            conseiller: { id: CONCENTRATEUR, nom: texte('echange.nom-absent', registre) },
            service,
          });
        });
        return;
      }
      const rendu = await clore(t.reference, conversation, async ({ conseiller }) =>
        conseiller.id === CONCENTRATEUR ? 'conseiller' : undefined,
      );
      if (statut === 'completed' || rendu) return;
      await canaux.intervenir(conversation, (_e, passe) => {
        const { echange, registre } = dossierDe(passe);
        // Somebody of the console is there: nobody is missing.
        if (echange !== undefined) return undefined;
        return {
          reponses: [{ texte: texte('echange.indisponible', registre, { service }), registre }],
          evenements: [],
        };
      });
    },

    async retrouver() {
      const { lignes } = await transmissions.lister({ etats: [...ETATS_OUVERTS] });
      for (const { resume } of lignes) {
        if (!resume.enDirect) continue;
        const conversation = await journal.conversationDe(resume.reference);
        const passe = conversation === undefined ? undefined : await journal.evenements(conversation);
        if (conversation !== undefined && passe !== undefined && dossierDe(passe).echange !== undefined)
          ouverts.set(resume.reference, conversation);
      }
    },

    async balayer() {
      for (const instants of [frappes, frappesConseiller])
        for (const [conversation, le] of instants)
          if (options.horloge() - le >= FRAPPE_MS) instants.delete(conversation);
      let clos = 0;
      for (const [reference, conversation] of ouverts)
        try {
          if (await verifier(reference, conversation)) clos += 1;
        } catch (erreur) {
          journaliseur.erreur('echange-non-clos', erreur);
        }
      return clos;
    },
  };
}
