/**
 * `npm run -s aiguiller`: one JSON object per line in, exactly one per line out, in order (design § 5). A refused or malformed line gives
 * `{erreur:{champ, message}}` at its place, the others are still answered, and the exit status is 1 at the end.
 */
import {
  aiguiller,
  chargerRegles,
  type Aiguillage,
  type Orientation,
} from '../../knowledge/aiguillage/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import {
  DEMANDES,
  estDemande,
  estJour,
  jourDe,
  lireProfil,
  type Jour,
} from '../../knowledge/vocabulaire/index.ts';
import { traiterLignes, type Ligne } from './lignes.ts';

type Erreur = { readonly champ: string; readonly ligne?: number; readonly message: string };
type Sortie = { readonly erreur: Erreur } | Readonly<Record<string, unknown>>;

const CLES = ['le', 'demande', 'profil', 'commune'];

const phrase = (cle: string): string => texte(cle, 'standard');

function enMots(o: Orientation): Record<string, unknown> {
  return {
    operateur: o.operateur,
    regle: o.regle,
    motif: phrase(o.motif),
    references: o.references,
    ...(o.aussi === undefined
      ? {}
      : {
          aussi: o.aussi.map((a) => ({ regle: a.regle, motif: phrase(a.motif), references: a.references })),
        }),
  };
}

/** The outcome as the command prints it: sentences instead of text keys. */
function sortieDe(a: Aiguillage): Record<string, unknown> {
  return {
    type: a.type,
    ...(a.type === 'hors-champ' ? { motif: phrase(a.motif) } : {}),
    ...(a.type === 'indecis' ? { commentTrancher: phrase(a.commentTrancher) } : {}),
    orientations: a.orientations.map(enMots),
    candidats: a.candidats.map(enMots),
    ecarts: a.ecarts.map((e) => ({
      operateur: e.operateur,
      regle: e.regle,
      champs: e.champs,
      motif: phrase(e.motif),
    })),
    champs: a.champs,
    relais: a.relais.map((r) => ({
      id: r.id,
      regle: r.regle,
      motif: phrase(r.motif),
      references: r.references,
    })),
    vigilances: a.vigilances.map((v) => ({
      code: v.code,
      regle: v.regle,
      motif: phrase(v.motif),
      references: v.references,
    })),
  };
}

const refus = (champ: string, message: string): { erreur: Erreur } => ({ erreur: { champ, message } });

function aiguillerObjet(brut: Readonly<Record<string, unknown>>, aujourdhui: Jour): Sortie {
  for (const cle of Object.keys(brut))
    if (!CLES.includes(cle)) return refus(cle, `Clé inconnue. Clés attendues : ${CLES.join(', ')}.`);
  const { le = aujourdhui, demande, commune } = brut;
  if (!estJour(le)) return refus('le', 'Jour attendu : AAAA-MM-JJ.');
  if (demande !== undefined && !estDemande(demande))
    return refus('demande', `Demande inconnue. Demandes connues : ${DEMANDES.join(', ')}.`);
  if (commune !== undefined && typeof commune !== 'string')
    return refus('commune', 'Code Insee attendu : cinq caractères, comme 59350 ou 2A004.');
  if (brut['profil'] === undefined) return refus('profil', 'La clé « profil » est obligatoire.');
  const profil = lireProfil(brut['profil']);
  if (!profil.ok) return { erreur: profil.refus };
  const resultat = aiguiller({
    le,
    profil: profil.valeur,
    ...(demande === undefined ? {} : { demande }),
    ...(commune === undefined ? {} : { commune }),
  });
  return resultat.ok ? sortieDe(resultat.valeur) : { erreur: resultat.refus };
}

function traiter({ numero, texte: brut, tropLongue }: Ligne, aujourdhui: Jour): Sortie {
  const malformee = (message: string): Sortie => ({ erreur: { champ: 'ligne', ligne: numero, message } });
  if (tropLongue) return malformee('Ligne trop longue : 100 000 caractères au plus.');
  if (brut.trim() === '') return malformee('Ligne vide : un objet JSON est attendu.');
  let lu: unknown;
  try {
    lu = JSON.parse(brut);
  } catch {
    return malformee('Ce n’est pas du JSON valide.');
  }
  if (typeof lu !== 'object' || lu === null || Array.isArray(lu))
    return malformee('Un objet JSON est attendu : {"profil": {…}}.');
  return aiguillerObjet(lu as Readonly<Record<string, unknown>>, aujourdhui);
}

chargerRegles();
await traiterLignes((ligne) => {
  const sortie = traiter(ligne, jourDe(Date.now()));
  return { texte: JSON.stringify(sortie), echec: 'erreur' in sortie };
});
