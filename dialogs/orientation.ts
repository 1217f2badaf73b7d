import {
  hypotheses,
  type Aiguillage,
  type Hypothese,
  type Orientation,
} from '../knowledge/aiguillage/index.ts';
import { entreeDe, territoireDe, type Etape } from '../knowledge/dossier/index.ts';
import { contactsDe, nomOperateur, relaisDe, type Contact } from '../knowledge/information/index.ts';
import { jourEnToutesLettres, type Operateur } from '../knowledge/vocabulaire/index.ts';
import type { Carnet } from './contexte.ts';
import type { ActionCarte, BlocCarte, Choix } from './messages.ts';
import { progressionDe } from './progression.ts';

/** Where to look for contacts: the commune when known, and the région that follows. */
const lieuDe = (carnet: Carnet): { commune?: string; region?: string } => {
  const { commune, region } = territoireDe(carnet.dossier.lieu);
  return { ...(commune === undefined ? {} : { commune }), ...(region === undefined ? {} : { region }) };
};

/** The operator as a sentence says it: « l’Apec », « la mission locale », « Avenir Actifs Grand Est ». */
export const nomDe = (carnet: Carnet, operateur: Operateur): string => {
  const { region } = lieuDe(carnet);
  return operateur === 'operateur-regional' && region !== undefined
    ? nomOperateur(operateur, region)
    : carnet.t(`dialogue.nom-${operateur}`);
};

/** How to reach an operator, as sentences: phone when confirmed for this place, hours, address of the page, note. */
export function contactEnMots(contact: Contact): string {
  return [
    contact.telephone === undefined
      ? undefined
      : `**${contact.telephone}**${contact.horaires === undefined ? '' : ` (${contact.horaires})`}`,
    `[${contact.libelleUrl}](${contact.url})`,
    contact.note,
    contact.lieux === undefined || contact.lieux.length === 0
      ? undefined
      : contact.lieux.map((l) => `- ${l.enMots}`).join('\n'),
  ]
    .filter((m) => m !== undefined)
    .join('\n\n');
}

export const contactOperateur = (carnet: Carnet, operateur: Operateur): Contact =>
  contactsDe(operateur, lieuDe(carnet), carnet.dossier.registre);

const titre = (carnet: Carnet, cle: string): BlocCarte => ({
  type: 'titre',
  texte: carnet.t(`dialogue.${cle}`),
});

function blocsOperateur(carnet: Carnet, orientation: Orientation): BlocCarte[] {
  const contact = contactOperateur(carnet, orientation.operateur);
  const references = orientation.references
    .map(
      (r) => `${r.article} (${carnet.t('dialogue.verifie-le', { jour: jourEnToutesLettres(r.verifieLe) })})`,
    )
    .join(' ; ');
  return [
    titre(carnet, 'titre-pourquoi'),
    { type: 'texte', texte: carnet.t(orientation.motif) },
    { type: 'texte', texte: references, style: 'discret' },
    titre(carnet, 'titre-contact'),
    { type: 'texte', texte: contactEnMots(contact) },
    { type: 'texte', texte: `${contact.source.titre} (${contact.source.date})`, style: 'discret' },
  ];
}

/** A name at the head of a line starts with a capital (« Mission locale »). */
const enTete = (nom: string): string => nom.charAt(0).toUpperCase() + nom.slice(1);

/** Motifs of several rules for the same operator are said together: the person reads one line per operator. */
function blocsEcarts(carnet: Carnet, aiguillage: Aiguillage): BlocCarte[] {
  const parOperateur = new Map<Operateur, Set<string>>();
  for (const e of aiguillage.ecarts) {
    const motifs = parOperateur.get(e.operateur) ?? new Set<string>();
    parOperateur.set(e.operateur, motifs.add(carnet.t(e.motif)));
  }
  if (parOperateur.size === 0) return [];
  const lignes = [...parOperateur].map(
    ([o, motifs]) => `- **${enTete(nomDe(carnet, o))}** : ${[...motifs].join(' ')}`,
  );
  return [
    titre(carnet, 'titre-ecarts'),
    { type: 'texte', texte: lignes.join('\n') },
    { type: 'texte', texte: carnet.t('dialogue.note-ecarts'), style: 'discret' },
  ];
}

function blocsVigilances(carnet: Carnet, aiguillage: Aiguillage): BlocCarte[] {
  const motifs = [...new Set(aiguillage.vigilances.map((v) => carnet.t(v.motif)))];
  return motifs.length === 0
    ? []
    : [
        titre(carnet, 'titre-vigilances'),
        ...motifs.map((texte): BlocCarte => ({ type: 'texte', texte, style: 'attention' })),
      ];
}

/** Each door once, with what it is; its reason only when it adds to what is already said above. */
function blocsRelais(carnet: Carnet, aiguillage: Aiguillage): BlocCarte[] {
  if (aiguillage.relais.length === 0) return [];
  const dits = new Set(aiguillage.type === 'hors-champ' ? [carnet.t(aiguillage.motif)] : []);
  const lignes = aiguillage.relais.map((r) => {
    const { nom, description, contact } = relaisDe(r.id);
    const motif = carnet.t(r.motif);
    const raison = dits.has(motif) ? '' : ` ${motif}`;
    dits.add(motif);
    const lien = contact === undefined ? '' : ` [${contact.libelleUrl}](${contact.url})`;
    return `- **${nom}** : ${description[carnet.dossier.registre]}${raison}${lien}`;
  });
  return [
    titre(carnet, relaisDAbord(aiguillage) ? 'titre-relais-premiers' : 'titre-relais'),
    { type: 'texte', texte: lignes.join('\n') },
  ];
}

function blocsAutres(carnet: Carnet, autres: readonly Orientation[], cle: string): BlocCarte[] {
  if (autres.length === 0) return [];
  const lignes = autres.map((o) => `- **${enTete(nomDe(carnet, o.operateur))}** : ${carnet.t(o.motif)}`);
  return [titre(carnet, cle), { type: 'texte', texte: lignes.join('\n') }];
}

function introduction(carnet: Carnet, aiguillage: Aiguillage): string {
  const [premiere] = aiguillage.orientations;
  if (aiguillage.type === 'hors-champ') return carnet.t('dialogue.orientation-hors-champ');
  if (aiguillage.type !== 'oriente') return carnet.t('dialogue.orientation-indecis');
  if (premiere === undefined || relaisDAbord(aiguillage)) return carnet.t('dialogue.orientation-relais');
  return carnet.t(
    aiguillage.orientations.length > 1 ? 'dialogue.orientation-plusieurs' : 'dialogue.orientation-un',
    { nom: nomDe(carnet, premiere.operateur) },
  );
}

/** Agents publics: the relais of their versant comes first (design § 2). */
const relaisDAbord = (a: Aiguillage): boolean => a.relais.length > 0 && a.orientations.length === 0;

function blocsResultat(carnet: Carnet, aiguillage: Aiguillage): BlocCarte[] {
  const [premiere, ...autres] = aiguillage.orientations;
  const blocs: BlocCarte[] = [];
  if (aiguillage.type === 'hors-champ') blocs.push({ type: 'texte', texte: carnet.t(aiguillage.motif) });
  if (aiguillage.type === 'indecis') {
    blocs.push(
      { type: 'texte', texte: carnet.t(aiguillage.commentTrancher) },
      ...blocsAutres(carnet, aiguillage.candidats, 'titre-candidats'),
    );
  }
  // A warning about a resignation is read before anything that could be acted upon.
  blocs.push(...blocsVigilances(carnet, aiguillage));
  if (relaisDAbord(aiguillage)) blocs.push(...blocsRelais(carnet, aiguillage));
  if (premiere !== undefined) blocs.push(...blocsOperateur(carnet, premiere));
  blocs.push(...blocsAutres(carnet, autres, 'titre-alternatives'));
  if (!relaisDAbord(aiguillage)) blocs.push(...blocsRelais(carnet, aiguillage));
  // Out of scope: the operators are set aside for the one reason already given, and naming them would only confuse.
  if (aiguillage.type !== 'hors-champ') blocs.push(...blocsEcarts(carnet, aiguillage));
  return blocs;
}

/** The operators the person may choose: what the rules give, or the candidates when they cannot tell. */
export const operateursAChoisir = (aiguillage: Aiguillage): readonly Operateur[] => [
  ...new Set([...aiguillage.orientations, ...aiguillage.candidats].map((o) => o.operateur)),
];

function choixOrientation(carnet: Carnet, aiguillage: Aiguillage): Choix[] {
  const operateurs = operateursAChoisir(aiguillage).map((o) =>
    carnet.choix('dialogue.choix-operateur', { action: 'choisir', operateur: o }, { nom: nomDe(carnet, o) }),
  );
  // Offered only where some change of situation would move something.
  const siJe = hypotheses(entreeDe(carnet.dossier, carnet.contexte.aujourdhui)).length > 0;
  const document =
    operateurs.length === 0 && aiguillage.type !== 'hors-champ'
      ? [carnet.choix('dialogue.choix-apercu-document', { action: 'decision', suite: 'document' })]
      : [];
  return [
    ...operateurs,
    ...document,
    ...(aiguillage.type === 'hors-champ'
      ? [carnet.choix('dialogue.choix-nouvelle-question', { action: 'question-libre' })]
      : siJe
        ? [carnet.choix('dialogue.choix-si-je', { action: 'si-je' })]
        : []),
    carnet.choix('dialogue.choix-corriger', { action: 'commande', commande: 'corriger' }),
    carnet.choix('dialogue.choix-terminer', { action: 'decision', suite: 'arreter' }),
  ];
}

/** When an answer was corrected after an orientation was shown: did it move, and how. */
function direEffet(carnet: Carnet, aiguillage: Aiguillage): void {
  const avant = carnet.dossier.dernierMontre;
  if (avant === undefined) return;
  const noms = (operateurs: readonly Operateur[]): string =>
    operateurs.map((o) => nomDe(carnet, o)).join(', ');
  const apres = operateursAChoisir(aiguillage);
  if (avant.issue === aiguillage.type && avant.operateurs.join() === apres.join())
    return carnet.dire('dialogue.corriger-meme-resultat');
  return apres.length === 0 || avant.operateurs.length === 0
    ? carnet.dire('dialogue.corriger-resultat')
    : carnet.dire('dialogue.corriger-resultat-noms', { avant: noms(avant.operateurs), apres: noms(apres) });
}

/** The orientation: the most adapted operator and why, why not the others, how to reach it, the alternatives; the person chooses. */
export function montrerOrientation(carnet: Carnet, aiguillage: Aiguillage, etape: Etape): void {
  direEffet(carnet, aiguillage);
  carnet.noter({
    type: 'aiguillage-montre',
    issue: aiguillage.type,
    operateurs: [...operateursAChoisir(aiguillage)],
  });
  carnet.repondre({
    texte: introduction(carnet, aiguillage),
    carte: {
      titre: carnet.t('dialogue.titre-orientation'),
      blocs: blocsResultat(carnet, aiguillage),
      actions: actionsContact(carnet, aiguillage),
    },
  });
  demanderChoix(carnet, aiguillage, etape);
}

/** The first operator's page, as a button beside the sentence. */
function actionsContact(carnet: Carnet, aiguillage: Aiguillage): ActionCarte[] {
  const [premiere] = aiguillage.orientations;
  if (premiere === undefined) return [];
  const contact = contactOperateur(carnet, premiere.operateur);
  return [{ type: 'ouvrir', libelle: contact.libelleUrl, url: contact.url }];
}

/** Asks what to do next; also used to ask again. */
export function demanderChoix(carnet: Carnet, aiguillage: Aiguillage, etape: Etape): void {
  if (carnet.dossier.question !== 'orientation') carnet.noter({ type: 'question', question: 'orientation' });
  const cle = aiguillage.type === 'hors-champ' ? 'dialogue.fin' : 'dialogue.orientation-suite';
  carnet.dire(
    cle,
    {},
    { choix: choixOrientation(carnet, aiguillage), progression: progressionDe(carnet, etape) },
  );
}

/** What a what-if moves, in one sentence: the first operator, or the others, or only what must be known before acting. */
function effetEnMots(carnet: Carnet, h: Hypothese): string {
  const { apres, avant, arrivent, partent, premierAvant, premierApres } = h;
  const noms = (operateurs: readonly Operateur[]): string =>
    operateurs.map((o) => nomDe(carnet, o)).join(', ');
  if (apres.type === 'hors-champ') return carnet.t(apres.motif);
  const [neuve] = apres.vigilances.filter((v) => !avant.vigilances.some((a) => a.regle === v.regle));
  const attention = neuve === undefined ? '' : ` ${carnet.t(neuve.motif)}`;
  if (apres.type === 'indecis')
    return `${carnet.t('dialogue.si-je-indecis', { noms: noms(apres.candidats.map((c) => c.operateur)) })}${attention}`;
  if (premierApres === undefined) return carnet.t('dialogue.si-je-relais');
  const dit = nomDe(carnet, premierApres);
  if (premierApres !== premierAvant) return carnet.t('dialogue.si-je-devient', { nom: dit });
  const nom = carnet.dossier.registre === 'falc' ? dit : enTete(dit);
  if (arrivent.length > 0) return carnet.t('dialogue.si-je-aussi', { nom, autres: noms(arrivent) });
  if (partent.length > 0) return carnet.t('dialogue.si-je-sans', { nom, autres: noms(partent) });
  return `${carnet.t('dialogue.si-je-meme', { nom })}${attention}`;
}

/** « Qu'est-ce qui changerait ? » : the what-ifs the rules find for this profile. */
export function direSiJe(carnet: Carnet, aiguillage: Aiguillage, etape: Etape): void {
  const lignes = hypotheses(entreeDe(carnet.dossier, carnet.contexte.aujourdhui)).map((h) => {
    const quand =
      h.quand === undefined
        ? ''
        : ` ${carnet.t('dialogue.si-je-quand', { jour: jourEnToutesLettres(h.quand) })}`;
    return `- **${carnet.t(h.cle)}** ${effetEnMots(carnet, h)}${quand}`;
  });
  carnet.repondre({
    texte:
      lignes.length === 0
        ? carnet.t('dialogue.si-je-rien')
        : `${carnet.t('dialogue.si-je-intro')}\n\n${lignes.join('\n')}`,
  });
  demanderChoix(carnet, aiguillage, etape);
}
