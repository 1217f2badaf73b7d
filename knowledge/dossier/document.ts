import { estRegleIntime, valeurEnMots, type Aiguillage, type Orientation } from '../aiguillage/index.ts';
import { contactsDe, nomOperateur, relaisDe } from '../information/index.ts';
import { aTexte, texte } from '../textes/index.ts';
import {
  ajouterJours,
  CHAMPS,
  NE_SAIT_PAS,
  type Champ,
  type Demande,
  type Jour,
  type Operateur,
  type Profil,
  type Registre,
} from '../vocabulaire/index.ts';
import {
  type ConservationEnvoi,
  type DocumentNiveau1,
  LIGNE_NON_DETAILLEE,
  SECTIONS_DOCUMENT,
} from './document-types.ts';
import type { Dossier } from './dossier.ts';
import { lieuEnMots } from './faits.ts';
import { reperesDuDocument } from './reperes.ts';
import { territoireDe } from './territoire.ts';

export type SectionDocument = (typeof SECTIONS_DOCUMENT)[number];

/** A line the document could carry. `parDefaut` false: it is there only if the person ticks it on purpose. */
export type LigneDocument = {
  readonly id: string;
  readonly section: SectionDocument;
  readonly libelle: string;
  readonly texte: string;
  readonly retirable: boolean;
  readonly parDefaut: boolean;
  readonly sensible?: 'sante';
};

/** How a person chose to be reached. Comes only from a form. */
export type ContactPersonne = {
  readonly nom?: string;
  readonly telephone?: string;
  readonly courriel?: string;
  readonly disponibilites?: string;
};

/** Fields that say something of health: never written unless the person ticks the line (GDPR art. 9; design § 3.7). */
const CHAMPS_SANTE: ReadonlySet<Champ> = new Set(['handicap', 'inaptitude', 'esat', 'besoinsAcces']);
/** Cap emploi says it too, wherever it stands: alone, in a list of operators, inside an earlier accompaniment. */
const nommeCapEmploi = (valeur: unknown): boolean =>
  valeur === 'cap-emploi' ||
  (typeof valeur === 'object' && valeur !== null && Object.values(valeur).includes('cap-emploi'));
/** Whether a field, with this value, says something of health. */
export const estChampSante = (champ: Champ, valeur: unknown): boolean =>
  CHAMPS_SANTE.has(champ) || (champ === 'suspension' && valeur === 'arret-maladie') || nommeCapEmploi(valeur);

/** Days an unsent document is kept (design § 6). */
export const CONSERVATION_DOCUMENT_JOURS = 30;

type Contexte = { readonly aiguillage: Aiguillage; readonly le: Jour; readonly reference: string };

/** What is known only of a document about to be sent: who receives it, how long it is kept there, how the person is reached. */
export type EnvoiDocument = {
  readonly destinataire: Operateur;
  readonly conservation: ConservationEnvoi;
  readonly contact?: ContactPersonne;
};

/** The operator the document names: the person's choice, else the first the rules give. */
export const operateurDuDocument = (dossier: Dossier, aiguillage: Aiguillage): Operateur | undefined =>
  dossier.choix ?? aiguillage.orientations[0]?.operateur;

/** Every line the document may carry, in order, before the person's choices. */
export function lignesPossibles(
  dossier: Dossier,
  { aiguillage }: Pick<Contexte, 'aiguillage'>,
): readonly LigneDocument[] {
  const { registre } = dossier;
  const lignes: LigneDocument[] = [];
  const t = (cle: string): string => texte(`document.${cle}`, registre);
  const ajouter = (
    section: SectionDocument,
    id: string,
    libelle: string,
    valeur: string | undefined,
    options: Partial<LigneDocument> = {},
  ): void => {
    if (valeur === undefined || valeur === '') return;
    lignes.push({ id, section, libelle, texte: valeur, retirable: true, parDefaut: true, ...options });
  };

  ajouterDemandes(ajouter, dossier);
  dossier.paroles.forEach((paroles, i) =>
    ajouter('demande', `paroles-${i + 1}`, t('paroles'), `« ${paroles} »`, { parDefaut: false }),
  );

  const metiers = (role: 'vise' | 'actuel'): string =>
    dossier.metiers
      .filter((m) => m.role === role)
      .map((m) => m.libelle)
      .join(', ');
  ajouter('besoin', 'metier-vise', t('metier-vise'), metiers('vise'));
  for (const champ of [
    'maturite',
    'echeance',
    'mobilite',
    'autonomie',
    'modeSouhaite',
    'besoinsAcces',
  ] as const) {
    ajouterChamp(ajouter, dossier, 'besoin', champ);
  }

  if (dossier.lieu.sansReponse !== true)
    ajouter('situation', 'lieu', t('lieu'), lieuEnMots(dossier.lieu, registre));
  ajouter('situation', 'metier-actuel', t('metier-actuel'), metiers('actuel'));
  for (const champ of CHAMPS.filter((c) => !lignes.some((l) => l.id === c)))
    ajouterChamp(ajouter, dossier, 'situation', champ);

  const genres = [...new Set(dossier.informations.map((i) => i.genre))].map((g) => t(`genre-${g}`));
  ajouter(
    'informations',
    'informations',
    t('information-types'),
    genres.length === 0 ? t('information-aucune') : genres.join(' ; '),
  );

  ajouter('decision', 'decision', t('decision-libelle'), t(`decision-${dossier.decision ?? 'a-decider'}`), {
    retirable: false,
  });
  ajouterOrientation(ajouter, dossier, aiguillage);
  return lignes.map((l) => avecSesMots(l, dossier));
}

/**
 * Whether the person may say a line in their own words: what they said of themselves. Not the place, whose codes route the request, nor what the
 * assistant answers for (informations, orientation, its reasons).
 */
export const estReecrivable = (ligne: LigneDocument): boolean =>
  ligne.retirable &&
  ligne.id !== 'lieu' &&
  (ligne.section === 'besoin' || ligne.section === 'situation' || ligne.id.startsWith('paroles-'));

/** A line in the person's own words, said to be theirs; the line itself once what they were written for has changed. */
function avecSesMots(ligne: LigneDocument, { reecrites, registre }: Dossier): LigneDocument {
  const ecrite = reecrites[ligne.id];
  if (ecrite === undefined || !estReecrivable(ligne) || !ecrite.de.includes(ligne.texte)) return ligne;
  return {
    ...ligne,
    texte: texte('document.reecrite', registre, { mots: ecrite.mots }),
    ...(ecrite.sante ? SANTE : {}),
  };
}

const SANTE: Partial<LigneDocument> = { parDefaut: false, sensible: 'sante' };

/** A demande about health is written as such only on purpose; otherwise the document says that advice is wanted, and no more. */
function ajouterDemandes(ajouter: Ajouter, dossier: Dossier): void {
  const { registre, demande } = dossier;
  const enMots = (d: Demande): string => texte(`dossier.demande-qualifiee-${d}`, registre);
  const libelle = texte('document.demande-qualifiee', registre);
  if (demande === 'sante-handicap') {
    ajouter('demande', 'demande-generale', libelle, texte('document.demande-generale', registre), {
      retirable: false,
    });
    ajouter('demande', 'demande', libelle, enMots(demande), SANTE);
  } else if (demande !== undefined) {
    ajouter('demande', 'demande', libelle, enMots(demande), { retirable: false });
  }
  for (const autre of dossier.secondaires) {
    ajouter(
      'demande',
      `secondaire-${autre}`,
      texte('document.demande-secondaire', registre),
      enMots(autre),
      autre === 'sante-handicap' ? SANTE : {},
    );
  }
}

type Ajouter = (
  section: SectionDocument,
  id: string,
  libelle: string,
  valeur: string | undefined,
  options?: Partial<LigneDocument>,
) => void;

/**
 * The chat says « vous » to the person; the document is theirs and is read by others too: there a field and its value address nobody. What
 * the chat already words so is not written twice.
 */
function nomDansLeDocument(champ: Champ, registre: Registre): string {
  const propre = `document.nom-${champ}`;
  return texte(aTexte(propre) ? propre : `dossier.nom-${champ}`, registre);
}

/** The same for what the rules say: their reasons, how to settle, the doors they name (`document-motifs.json`, entry for entry). */
function dansLeDocument(cle: string, registre: Registre): string {
  const propre = cle.replace(/^aiguillage\./, 'document-motifs.');
  return texte(aTexte(propre) ? propre : cle, registre);
}

function nomDuRelais(id: string, registre: Registre): string {
  const propre = `document-motifs.relais-${id}`;
  return aTexte(propre) ? texte(propre, registre) : relaisDe(id).nom;
}

function valeurDansLeDocument(champ: Champ, valeur: Profil[Champ], registre: Registre): string {
  const propre =
    valeur === NE_SAIT_PAS ? 'document.valeur-inconnue' : `document.valeur-${champ}-${String(valeur)}`;
  return aTexte(propre) ? texte(propre, registre) : valeurEnMots(champ, valeur, registre);
}

function ajouterChamp(ajouter: Ajouter, dossier: Dossier, section: SectionDocument, champ: Champ): void {
  const valeur = dossier.profil[champ];
  if (valeur === undefined || valeur === 'prefere-ne-pas-dire') return;
  const sante = estChampSante(champ, valeur);
  ajouter(
    section,
    champ,
    nomDansLeDocument(champ, dossier.registre),
    valeurDansLeDocument(champ, valeur, dossier.registre),
    {
      parDefaut: !sante,
      ...(sante ? { sensible: 'sante' as const } : {}),
    },
  );
}

function ajouterOrientation(ajouter: Ajouter, dossier: Dossier, aiguillage: Aiguillage): void {
  const { registre } = dossier;
  const t = (cle: string): string => texte(`document.${cle}`, registre);
  const { region } = territoireDe(dossier.lieu);
  const lieu = {
    ...(dossier.lieu.commune === undefined ? {} : { commune: dossier.lieu.commune }),
    ...(region === undefined ? {} : { region }),
  };
  const retenu = operateurDuDocument(dossier, aiguillage);
  const proposes = [...aiguillage.orientations, ...aiguillage.candidats];
  // An orientation to Cap emploi says « handicap », and so does one that only a handicap opens: there only if the person keeps it on purpose.
  const options = (o: Operateur): Partial<LigneDocument> => {
    const regle = proposes.find((p) => p.operateur === o);
    const parSante =
      regle !== undefined && [regle, ...(regle.aussi ?? [])].every((r) => estRegleIntime(r.regle));
    return o === 'cap-emploi' || parSante ? SANTE : {};
  };
  const motifDe = (o: Orientation): string => dansLeDocument(o.motif, registre);

  if (retenu !== undefined) {
    const libelle = t(
      dossier.choix === undefined ? 'orientation-operateur-propose' : 'orientation-operateur',
    );
    ajouter('orientation', 'operateur', libelle, nomOperateur(retenu, region), options(retenu));
    const regle = aiguillage.orientations.find((o) => o.operateur === retenu);
    const possible = proposes.find((o) => o.operateur === retenu);
    const sensible = regle !== undefined && estRegleIntime(regle.regle) ? SANTE : options(retenu);
    if (regle !== undefined)
      ajouter('orientation', 'motif', t('orientation-motif'), motifDe(regle), sensible);
    else if (possible !== undefined && aiguillage.type === 'indecis') {
      // A possibility is true only if its condition is, which nobody knows yet: its reason is not one to state (« Vous êtes cadre : … »).
      // A doubt of the rules themselves (an ESAT) is not an answer that was missing.
      const manque = aiguillage.commentTrancher.startsWith('aiguillage.trancher-');
      const dit = t(manque ? 'orientation-a-confirmer' : 'orientation-a-verifier');
      ajouter('orientation', 'motif', t('orientation-motif'), dit, options(retenu));
      ajouter(
        'orientation',
        'indecise',
        t('orientation-indecise'),
        dansLeDocument(aiguillage.commentTrancher, registre),
        options(retenu),
      );
    }
    if (possible !== undefined) {
      ajouter(
        'orientation',
        'regle',
        t('reference-regle'),
        possible.references.map((r) => r.article).join(' ; '),
        sensible,
      );
    }
    const contact = contactsDe(retenu, lieu);
    ajouter(
      'orientation',
      'joindre',
      t('orientation-contact'),
      [contact.telephone, contact.url].filter(Boolean).join(', '),
      options(retenu),
    );
  } else if (aiguillage.type === 'indecis') {
    ajouter(
      'orientation',
      'indecise',
      t('orientation-indecise'),
      dansLeDocument(aiguillage.commentTrancher, registre),
    );
  }
  for (const autre of proposes.filter((o) => o.operateur !== retenu)) {
    ajouter(
      'orientation',
      `alternative-${autre.operateur}`,
      t('orientation-alternative'),
      nomOperateur(autre.operateur, region),
      options(autre.operateur),
    );
  }
  for (const relais of aiguillage.relais) {
    ajouter(
      'orientation',
      `relais-${relais.id}`,
      t('orientation-relais'),
      nomDuRelais(relais.id, registre),
      estRegleIntime(relais.regle) || RELAIS_SANTE.has(relais.id)
        ? SANTE
        : RELAIS_INTIMES.has(relais.id)
          ? { parDefaut: false }
          : {},
    );
  }
}

/** Doors that say « handicap » or « santé » by their name alone, whatever rule opened them. */
const RELAIS_SANTE: ReadonlySet<string> = new Set([
  'mdph',
  'medecin-du-travail',
  'agefiph',
  'fiphfp',
  'equipe-esat',
  'cpam',
]);
/** Doors that say a person’s nationality, a sentence or a danger: not health, and nobody’s business unless the person keeps them. */
const RELAIS_INTIMES: ReadonlySet<string> = new Set([
  'prefecture-ofii',
  'spip',
  'adil',
  'numero-3114',
  'numero-3919',
  'numero-115',
  'numero-119',
]);

/** Vigilances that put a resignation or a C2P at stake: the document then says what it is not (design § 3.7). */
const VIGILANCES_DEMISSION: ReadonlySet<string> = new Set(['demission', 'demission-exclue', 'c2p']);

/** The warnings of the document, in words. Those about resignation can be cut by nobody. */
export function avertissementsDe(aiguillage: Aiguillage, registre: Registre): readonly string[] {
  const enJeu = aiguillage.vigilances.some((v) => VIGILANCES_DEMISSION.has(v.code));
  return [
    ...(enJeu ? [texte('document.avertissement-demission', registre)] : []),
    texte('document.avertissement-pas-une-demande', registre),
  ];
}

/** True when a line goes into the document: the person's choice, else its default. */
export const estGardee = (dossier: Dossier, ligne: LigneDocument): boolean =>
  !ligne.retirable || (dossier.lignes[ligne.id] ?? ligne.parDefaut);

/**
 * What Cap emploi reads in the place of reasons the person did not keep. It knows why people come to it: that they came teaches it nothing,
 * and an empty « pourquoi » would look like an oversight. Never in a document meant for anybody else, where this very line would tell.
 */
function ligneNonDetaillee(
  gardees: readonly LigneDocument[],
  envoi: EnvoiDocument | undefined,
  registre: Registre,
): LigneDocument[] {
  if (envoi?.destinataire !== 'cap-emploi' || gardees.some((l) => l.id === 'motif')) return [];
  return [
    {
      id: LIGNE_NON_DETAILLEE,
      section: 'orientation',
      libelle: texte('document.orientation-motif', registre),
      texte: texte('document.orientation-non-detaillee', registre),
      retirable: false,
      parDefaut: true,
    },
  ];
}

/**
 * The level-1 document of a dossier (arrêté of 29 March 2019, § 2.3): the person's choices applied, `envoi` only when it is about to be
 * sent. The operator's code itself is left out when it would reveal health the person did not choose to show.
 */
export function construireDocument(
  dossier: Dossier,
  contexte: Contexte,
  envoi?: EnvoiDocument,
): DocumentNiveau1 {
  const { registre } = dossier;
  const contact = envoi?.contact;
  const choisies = lignesPossibles(dossier, contexte).filter((l) => estGardee(dossier, l));
  const gardees = [...ligneNonDetaillee(choisies, envoi, registre), ...choisies];
  const lignesContact = (['nom', 'telephone', 'courriel', 'disponibilites'] as const).flatMap(
    (c): LigneDocument[] => {
      const valeur = contact?.[c];
      if (valeur === undefined) return [];
      return [
        {
          id: `contact-${c}`,
          section: 'contact',
          libelle: texte(`document.contact-${c}`, registre),
          texte: valeur,
          retirable: true,
          parDefaut: true,
        },
      ];
    },
  );
  const toutes = [...gardees, ...lignesContact];
  const operateur = operateurDuDocument(dossier, contexte.aiguillage);
  const montrer = operateur !== undefined && toutes.some((l) => l.id === 'operateur');
  const orientation = [...contexte.aiguillage.orientations, ...contexte.aiguillage.candidats].find(
    (o) => o.operateur === operateur,
  );
  return {
    version: 3,
    edition: { numero: 1 },
    reference: contexte.reference,
    etabliLe: contexte.le,
    ...(envoi === undefined
      ? { expireLe: ajouterJours(contexte.le, CONSERVATION_DOCUMENT_JOURS) }
      : { conservation: { ...envoi.conservation } }),
    preparePar:
      dossier.assiste === undefined
        ? texte('document.prepare-par', registre)
        : texte(`document.prepare-par-${dossier.assiste.mode}`, registre, { nom: dossier.assiste.nom }),
    demande: toutes.some((l) => l.id === 'demande')
      ? (dossier.demande ?? 'faire-le-point')
      : 'faire-le-point',
    decision: dossier.decision ?? 'a-decider',
    ...(montrer ? { operateur } : {}),
    territoire: dossier.lignes['lieu'] === false ? {} : territoireDe(dossier.lieu),
    avertissements: [...avertissementsDe(contexte.aiguillage, registre)],
    sections: SECTIONS_DOCUMENT.map((id) => ({
      id,
      titre: texte(`document.section-${id}`, registre),
      lignes: toutes
        .filter((l) => l.section === id)
        .map((l) => ({
          id: l.id,
          libelle: l.libelle,
          texte: l.texte,
          retirable: l.retirable,
          ...(l.sensible === undefined ? {} : { sensible: l.sensible }),
        })),
    })).filter((s) => s.lignes.length > 0),
    reperes: reperesDuDocument(dossier, contexte.le).map((r) => ({ ...r, barres: [...r.barres] })),
    sources:
      montrer && orientation !== undefined
        ? orientation.references.map((r) => ({ titre: r.article, url: r.url, date: r.verifieLe }))
        : [],
  };
}
