import { randomInt } from 'node:crypto';
import {
  estOuvert,
  type Evenement,
  type Preparer,
  type ServiceReceveur,
  type Transmission,
} from '../handover/index.ts';
import type { Horloge, Journaliseur } from '../ports.ts';
import type { Depot } from '../storage/depot.ts';
import { ENVOIS, type Avis, type CanalEnvoi, type Envoi, type Issue } from './envoi.ts';

/** Who is told of what: the service by the means it chose, the person in their own conversation. */
const CANAUX_DE: Readonly<Record<Evenement, readonly CanalEnvoi[]>> = {
  'demande-recue': ['courriel', 'webhook', 'teams'],
  'demande-retiree': ['webhook'],
  rappel: ['courriel', 'webhook'],
  'promesse-depassee': ['courriel', 'webhook', 'conversation', 'teams'],
  'reorientation-proposee': ['conversation'],
  'changement-de-suivi': ['conversation'],
  'rendez-vous-fixe': ['conversation'],
};

/** What dead letters and waiting ones look like to a maintainer: nothing of anyone. */
export type LigneEnvoi = Omit<Envoi, 'reference' | 'identifiant'>;
export type PerimetreEnvois = {
  readonly operateurs?: readonly string[];
  readonly regions?: readonly string[];
};

/**
 * Everything that has to be told outside the console, kept until it is told: at least once, with a key that lets receivers see it once. Teams knows no such key: there it is at
 * most once.
 */
export interface Boite {
  readonly preparer: Preparer;
  /** Sends what is due. Never two at a time; resolves to how many were confirmed, put off and given up. */
  passer(): Promise<{ readonly confirmes: number; readonly reportes: number; readonly abandonnes: number }>;
  /** Removes everything about a handover that was erased. */
  oublier(reference: string): Promise<void>;
  /** What is not told yet (`a-envoyer`) or was given up (`abandonne`). */
  lister(etat: 'a-envoyer' | 'abandonne', perimetre?: PerimetreEnvois): Promise<readonly LigneEnvoi[]>;
  /** Tries a dead letter again from the start. False: there is none under this key. */
  relancer(cle: string): Promise<boolean>;
  /** The sweep: forgets what was told long ago. */
  balayer(): Promise<void>;
  fermer(): Promise<void>;
}

export type OptionsBoite = {
  readonly depot: Depot;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  readonly publicUrl: string;
  readonly service: (id: string) => ServiceReceveur | undefined;
  readonly transmission: (reference: string) => Promise<Transmission | undefined>;
  /** Absent: e-mail is off, whatever the services say. */
  readonly courriel?: (avis: Avis, destinataire: string) => Promise<Issue>;
  readonly webhook: (avis: Avis, vers: NonNullable<ServiceReceveur['webhook']>) => Promise<Issue>;
  /** Absent: nobody is told in Teams. `envoyer`: `sans-objet` when the subscription is gone or blocked. */
  readonly teams?: {
    readonly abonnes: (t: Transmission) => Promise<readonly string[]>;
    readonly envoyer: (avis: Avis, abonne: string) => Promise<Issue | 'sans-objet'>;
  };
  /** Tells the person in their conversation. False: it is gone. */
  readonly conversation: (t: Transmission, evenement: Evenement) => Promise<boolean>;
  /** A number in [0, 1[; chance outside tests. */
  readonly alea?: () => number;
};

const PREMIERE_ATTENTE_MS = 30_000;
const ATTENTE_MAX_MS = 6 * 3_600_000;
/** Two to four days: a receiver down for a week-end gets its notices, one down for good does not fill the box. */
const ESSAIS_MAX = 24;
/** A notice is written before its handover. Older than that without one, the handover was never written, or was erased. */
const ORPHELIN_MS = 60_000;

/**
 * Wait before the next try, in ms: doubled each time, up to six hours, and drawn between half and the whole so that everything that failed
 * together does not come back together.
 */
export const attenteAvantEssai = (essais: number, alea: number): number => {
  const pleine = Math.min(ATTENTE_MAX_MS, PREMIERE_ATTENTE_MS * 2 ** Math.max(0, essais - 1));
  return Math.round(pleine * (0.5 + alea / 2));
};

/** Opens the outbox kept in `depot`. */
export async function ouvrirBoite(options: OptionsBoite): Promise<Boite> {
  const { depot, horloge, journaliseur } = options;
  const alea = options.alea ?? ((): number => randomInt(1_000_000) / 1_000_000);
  const collection = await depot.collection(ENVOIS);

  /** To whom, by each channel: none, one, or the subscriptions of Teams. */
  async function destinatairesDe(
    t: Transmission,
    canal: CanalEnvoi,
  ): Promise<readonly (string | undefined)[]> {
    const service = options.service(t.service);
    switch (canal) {
      case 'conversation':
        return [undefined];
      case 'courriel':
        return service?.courriel !== undefined && options.courriel !== undefined ? [undefined] : [];
      case 'webhook':
        return service?.webhook === undefined ? [] : [undefined];
      case 'teams':
        return (await options.teams?.abonnes(t)) ?? [];
      default:
        return canal satisfies never;
    }
  }

  const preparer: Preparer = async (t, evenement, rang) => {
    const { identifiant } = t;
    if (identifiant === undefined) return;
    for (const canal of CANAUX_DE[evenement])
      for (const destinataire of await destinatairesDe(t, canal)) {
        const le = horloge();
        const cle = [
          identifiant,
          evenement,
          rang,
          canal,
          ...(destinataire === undefined ? [] : [destinataire]),
        ].join('-');
        // Refused as a conflict when it is already there: prepared twice, told once.
        await collection.ecrire(
          cle,
          {
            cle,
            evenement,
            canal,
            service: t.service,
            ...(destinataire === undefined ? {} : { destinataire }),
            operateur: t.operateur,
            ...(t.region === undefined ? {} : { region: t.region }),
            reference: t.reference,
            identifiant,
            creeLe: le,
            etat: 'a-envoyer',
            essais: 0,
            prochainLe: le,
          },
          0,
        );
      }
  };

  const avisDe = (envoi: Envoi, t: Transmission, service: ServiceReceveur): Avis => ({
    cle: envoi.cle,
    evenement: envoi.evenement,
    le: envoi.creeLe,
    service: { id: service.id, nom: service.nom },
    // Withdrawn: what it was about is erased here, and is not repeated elsewhere.
    demande: t.contenu?.document.demande ?? 'faire-le-point',
    operateur: service.operateur,
    ...(t.region === undefined ? {} : { region: t.region }),
    ...(t.departement === undefined ? {} : { departement: t.departement }),
    deposeeLe: t.creeeLe,
    identifiant: envoi.identifiant,
    lien: `${options.publicUrl}/console/?demande=${envoi.identifiant}`,
  });

  /** Whether there is still something to tell: a reminder about a file that was closed or left the service has no object. */
  const aEncoreUnObjet = (envoi: Envoi, t: Transmission): boolean =>
    envoi.evenement === 'demande-retiree' || (estOuvert(t.etat) && t.service === envoi.service);

  async function livrer(envoi: Envoi, t: Transmission): Promise<Issue | 'sans-objet'> {
    if (!aEncoreUnObjet(envoi, t)) return 'sans-objet';
    if (envoi.canal === 'conversation')
      return (await options.conversation(t, envoi.evenement)) ? { ok: true } : 'sans-objet';
    const service = options.service(envoi.service);
    if (service === undefined) return { ok: false, raison: 'service-retire' };
    const avis = avisDe(envoi, t, service);
    if (envoi.canal === 'teams') {
      // Taken since: nobody has to come.
      const { destinataire } = envoi;
      if (destinataire === undefined || options.teams === undefined || t.etat !== 'ouverte')
        return 'sans-objet';
      return options.teams.envoyer(avis, destinataire);
    }
    if (envoi.canal === 'courriel')
      return service.courriel === undefined || options.courriel === undefined
        ? { ok: false, raison: 'courriel-non-regle' }
        : options.courriel(avis, service.courriel);
    return service.webhook === undefined
      ? { ok: false, raison: 'webhook-non-regle' }
      : options.webhook(avis, service.webhook);
  }

  const bilan = { confirmes: 0, reportes: 0, abandonnes: 0 };

  async function traiter(cle: string): Promise<void> {
    const lu = await collection.lire(cle);
    if (!lu.ok || lu.valeur.valeur.etat !== 'a-envoyer') return;
    const { valeur: envoi } = lu.valeur;
    let { revision } = lu.valeur;
    const t = await options.transmission(envoi.reference);
    if (t === undefined || t.identifiant !== envoi.identifiant) {
      if (horloge() - envoi.creeLe > ORPHELIN_MS) await collection.effacer(cle);
      return;
    }
    if (envoi.canal === 'teams') {
      // Written as told before it leaves, and put back when Teams says it was not shown: a crash in between loses a notification rather than showing it twice.
      const avance = await collection.ecrire(
        cle,
        { ...envoi, etat: 'confirme', raison: 'sans-reponse' },
        revision,
      );
      if (!avance.ok) return;
      ({ revision } = avance.valeur);
    }
    let issue: Issue | 'sans-objet';
    try {
      issue = await livrer(envoi, t);
    } catch (erreur) {
      journaliseur.erreur('envoi-impossible', erreur, { canal: envoi.canal, evenement: envoi.evenement });
      issue = { ok: false, raison: 'erreur-interne' };
    }
    if (issue === 'sans-objet') {
      await collection.effacer(cle);
      return;
    }
    // Erased while it was leaving: writing its outcome would bring it back.
    if ((await options.transmission(envoi.reference)) === undefined) {
      await collection.effacer(cle);
      return;
    }
    await collection.ecrire(cle, suivant(envoi, issue), revision);
  }

  function suivant(envoi: Envoi, issue: Issue): Envoi {
    const essais = envoi.essais + 1;
    const { raison: _, ...sansRaison } = envoi;
    if (issue.ok) {
      bilan.confirmes += 1;
      return { ...sansRaison, essais, etat: 'confirme' };
    }
    const { raison, attendreMs = 0, definitif = false } = issue;
    if (definitif || essais >= ESSAIS_MAX) {
      bilan.abandonnes += 1;
      journaliseur.alerte('envoi-abandonne', { canal: envoi.canal, service: envoi.service, raison });
      return { ...envoi, essais, etat: 'abandonne', raison };
    }
    bilan.reportes += 1;
    journaliseur.info('envoi-reporte', { canal: envoi.canal, service: envoi.service, raison, essais });
    const prochainLe = horloge() + Math.max(attendreMs, attenteAvantEssai(essais, alea()));
    return { ...envoi, essais, prochainLe, raison };
  }

  let enCours: ReturnType<Boite['passer']> | undefined;
  async function passerUneFois(): ReturnType<Boite['passer']> {
    bilan.confirmes = 0;
    bilan.reportes = 0;
    bilan.abandonnes = 0;
    const { lignes } = await collection.lister({ etats: ['a-envoyer'] });
    const dus = lignes.map((l) => l.resume).filter((e) => e.prochainLe <= horloge());
    // In order for one recipient, together for different ones: a slow server delays nobody else.
    const files = new Map<string, string[]>();
    for (const { service, canal, cle, destinataire } of dus) {
      const qui = `${canal} ${destinataire ?? service}`;
      files.set(qui, [...(files.get(qui) ?? []), cle]);
    }
    await Promise.all(
      [...files.values()].map(async (cles) => {
        for (const cle of cles) await traiter(cle);
      }),
    );
    return { ...bilan };
  }

  return {
    preparer,
    async passer() {
      enCours ??= passerUneFois().finally(() => {
        enCours = undefined;
      });
      return enCours;
    },
    async oublier(reference) {
      const { lignes } = await collection.lister();
      for (const { id } of lignes.filter((l) => l.resume.reference === reference))
        await collection.effacer(id);
    },
    async lister(etat, perimetre = {}) {
      const { lignes } = await collection.lister({ etats: [etat], ...perimetre });
      return lignes.map(({ resume: { reference: _r, identifiant: _i, ...ligne } }) => ligne);
    },
    async relancer(cle) {
      const lu = await collection.lire(cle);
      if (!lu.ok || lu.valeur.valeur.etat !== 'abandonne') return false;
      const { raison: _, ...envoi } = lu.valeur.valeur;
      const remis: Envoi = { ...envoi, etat: 'a-envoyer', essais: 0, prochainLe: horloge() };
      return (await collection.ecrire(cle, remis, lu.valeur.revision)).ok;
    },
    async balayer() {
      await collection.expirer(horloge());
    },
    async fermer() {
      await enCours;
    },
  };
}
