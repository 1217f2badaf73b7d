import { join } from 'node:path';
import { creerHote } from '../../../bot/conversation/hote.ts';
import { creerEchanges, creerFinEchange, type Echanges } from '../../../bot/echange/index.ts';
import { creerTransmissions, type Transmissions } from '../../../bot/handover/index.ts';
import type { HoteComplet } from '../../../bot/conversation/hote.ts';
import type { Journal } from '../../../bot/storage/journal.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import { ouvrirJournalDisque } from '../../../bot/storage/journal-disque.ts';
import { appeler, commencer, MUET, ouvrirBanc, type Banc } from '../channels/banc.ts';
import { demandeEssai, servicesEssai } from '../handover/jeu.ts';

export const ACCORD = 'Si quelqu’un de Service d’essai est disponible…';
export const CAMILLE = { id: 'camille@service.exemple', nom: 'Camille Martin' };
export const SACHA = { id: 'sacha@service.exemple', nom: 'Sacha Diallo' };

/** A bench where the real host plays, a request can be sent, and a counsellor can join. */
export type JeuEchange = {
  readonly banc: Banc;
  readonly journal: Journal;
  readonly transmissions: Transmissions;
  readonly echanges: Echanges;
  readonly hote: HoteComplet;
  /** Milliseconds added to the clock of everything. */
  avancer(ms: number): void;
  fermer(): Promise<void>;
};

/** @param dossier where everything is kept: opened again on the same folder, it is a restart. */
export async function ouvrirJeu(dossier: string): Promise<JeuEchange> {
  let decalage = 0;
  const horloge = (): number => Date.now() + decalage;
  const journal = await ouvrirJournalDisque({ dossier, horloge, journaliseur: MUET });
  const depot = depotLowdb({ racine: join(dossier, 'fiches'), journaliseur: MUET });
  const transmissions = await creerTransmissions({
    depot,
    services: servicesEssai,
    horloge,
    journaliseur: MUET,
  });
  const finEchange = creerFinEchange({ transmissions, journal, horloge });
  const hote = creerHote({
    horloge,
    journaliseur: MUET,
    finEchange,
    editeur: 'essai',
    contactDroits: 'droits@exemple.fr',
    telephone: '39 49',
    conservationJours: 30,
    conservationEnvoi: { moisApresCloture: 12, joursSansSuivi: 90 },
    service: () => ({ nom: 'Service d’essai', demonstration: true, enDirect: true }),
    suivi: async () => undefined,
    effets: {
      transmettre: async () => true,
      retirer: (reference) => transmissions.effacer(reference),
      retirerLecture: async (reference) => (await transmissions.retirerLecture(reference)).ok,
      reorienter: async () => false,
    },
  });
  const banc = await ouvrirBanc({
    hote,
    journal,
    dossierCles: dossier,
    surHandoff: (conversation, statut) => echanges.suivreHandoff(conversation, statut),
    surFrappe: (conversation) => echanges.personneEcrit(conversation),
  });
  const { canaux } = banc;
  const echanges: Echanges = creerEchanges({
    transmissions,
    journal,
    canaux,
    hote,
    finEchange,
    horloge,
    journaliseur: MUET,
  });
  return {
    banc,
    journal,
    transmissions,
    echanges,
    hote,
    avancer: (ms) => {
      decalage += ms;
      banc.temps += ms;
    },
    async fermer() {
      await banc.fermer();
      await depot.fermer();
      await journal.fermer();
    },
  };
}

export type Personne = { readonly id: string; readonly jeton: string; readonly reference: string };

/** A person who sent their request, agreed to be answered here or not, and a counsellor who took it. */
export async function personneSuivie(
  { banc, journal, transmissions }: JeuEchange,
  options: { accord?: boolean; par?: { id: string; nom: string } } = {},
): Promise<Personne> {
  const c = await commencer(banc);
  const reference = (await journal.entete(c.id))?.reference ?? '';
  const demande = demandeEssai({ reference });
  await transmissions.transmettre({
    ...demande,
    consentement: {
      ...demande.consentement,
      ...(options.accord === false ? {} : { enDirect: ACCORD }),
    },
  });
  await journal.ajouterEvenements(c.id, [
    { type: 'transmission', etat: 'envoyee', service: 'Service d’essai' },
  ]);
  await transmissions.prendre(reference, options.par ?? CAMILLE);
  return { id: c.id, jeton: c.jeton, reference };
}

let numero = 0;
/** The person writes; resolves once their turn is over. */
export async function ecrire(
  { banc, journal }: JeuEchange,
  personne: Personne,
  text: string,
  value?: object,
): Promise<void> {
  const cle = `p${(numero += 1)}`;
  const { corps } = await appeler(banc, 'POST', `/conversations/${personne.id}/activities`, {
    jeton: personne.jeton,
    corps: {
      type: 'message',
      text,
      ...(value === undefined ? {} : { value }),
      channelData: { clientActivityID: cle },
    },
  });
  if (typeof corps['id'] !== 'string') throw new Error(JSON.stringify(corps));
  for (let i = 0; i < 400; i++) {
    const attend = (await journal.enAttente()).some((t) => t.conversation === personne.id);
    if (!attend) return;
    await new Promise((r) => setTimeout(r, 5));
  }
  throw new Error('le tour ne finit pas');
}

/** What the person's screen shows: who spoke and what was said. */
export async function ecran(
  { banc }: JeuEchange,
  personne: Personne,
): Promise<readonly { readonly de: string; readonly texte: string }[]> {
  const lu = await appeler(banc, 'GET', `/conversations/${personne.id}/activities?watermark=`, {
    jeton: personne.jeton,
  });
  if (lu.statut !== 200) return [];
  const liste = lu.corps['activities'] as {
    text?: string;
    from: { id: string; name: string; role: string };
  }[];
  return liste.map((a) => ({
    de: a.from.role === 'user' ? 'personne' : a.from.name,
    texte: a.text ?? '',
  }));
}
