import {
  chercherCommunes,
  commune,
  communesNommees,
  nomComplet,
  normaliserLieu,
} from '../../../knowledge/territoire/index.ts';
import { texte } from '../../../knowledge/textes/index.ts';
import {
  ALERTES,
  CHAMPS,
  definitionDe,
  DEMANDES,
  estAlerte,
  estDemande,
  estJour,
  lireProfil,
  OPERATEURS,
  refuse,
  reussi,
  type Champ,
  type Jour,
  type Registre,
  type Resultat,
} from '../../../knowledge/vocabulaire/index.ts';
import { choixEnMots, nomDuChamp, type EntreeAiguillage } from '../../../knowledge/aiguillage/index.ts';
import { echapperHtml } from '../../http/index.ts';

/** What was sent by the form, as it came: strings. */
export type Saisie = Readonly<Record<string, string>>;

/** Fields that rules read: the questions of the conversation, and what it only takes when said. */
export const CHAMPS_REJOUABLES: readonly Champ[] = CHAMPS.filter(
  (c) => c === 'pour' || definitionDe(c).nature !== 'personnalisation',
);

const dire = (cle: string, registre: Registre, trous: Readonly<Record<string, string>> = {}): string =>
  texte(`regles.${cle}`, registre, trous);

type Refus = { readonly champ: string; readonly message: string };

/** A commune by code, or by a name only one commune bears. */
function lireCommune(saisie: string, registre: Registre): Resultat<string | undefined, Refus> {
  const dite = saisie.trim();
  if (dite === '') return reussi(undefined);
  const code = dite.toUpperCase();
  if (commune(code) !== undefined) return reussi(code);
  const homonymes = [...new Set(communesNommees(normaliserLieu(dite)).map((c) => c.commune.code))];
  const [seule] = homonymes;
  if (homonymes.length === 1 && seule !== undefined) return reussi(seule);
  const proches = homonymes.length > 0 ? homonymes : chercherCommunes(dite, { limite: 5 }).map((c) => c.code);
  return refuse({
    champ: 'commune',
    message:
      proches.length === 0
        ? dire('commune-inconnue', registre)
        : dire('commune-plusieurs', registre, {
            noms: proches
              .slice(0, 6)
              .map((c) => `${nomComplet(c)}, ${c}`)
              .join(' ; '),
          }),
  });
}

/** The value of one field as the form sends it; `undefined` when it was left empty. */
function valeurSaisie(champ: Champ, saisie: Saisie): unknown {
  const brut = saisie[champ]?.trim() ?? '';
  const definition = definitionDe(champ);
  switch (definition.forme) {
    case 'liste': {
      const cochees = definition.valeurs.filter((v) => saisie[`${champ}.${v}`] !== undefined);
      return cochees.length === 0 ? undefined : cochees;
    }
    case 'choix-ou-jour':
      return saisie[`${champ}.jour`]?.trim() || brut || undefined;
    case 'demarche':
      return brut === '' ? undefined : { operateur: brut };
    case 'entier':
      return brut === '' ? undefined : /^\d{1,3}$/.test(brut) ? Number(brut) : brut;
    default:
      return brut === '' ? undefined : brut;
  }
}

/** What the form says, checked like any untrusted profile; the refusal names the field. Nothing is kept. */
export function lireFormulaire(
  saisie: Saisie,
  aujourdhui: Jour,
  registre: Registre,
): Resultat<EntreeAiguillage, Refus> {
  const brut: Record<string, unknown> = {};
  for (const champ of CHAMPS_REJOUABLES) {
    const valeur = valeurSaisie(champ, saisie);
    if (valeur !== undefined) brut[champ] = valeur;
  }
  const profil = lireProfil(brut);
  if (!profil.ok) return profil;
  const le = saisie['le']?.trim() || aujourdhui;
  if (!estJour(le)) return refuse({ champ: 'le', message: 'Jour attendu : AAAA-MM-JJ.' });
  const lieu = lireCommune(saisie['commune'] ?? '', registre);
  if (!lieu.ok) return lieu;
  const demande = saisie['demande'];
  const alerte = saisie['alerte'];
  return reussi({
    le,
    profil: profil.valeur,
    ...(lieu.valeur === undefined ? {} : { commune: lieu.valeur }),
    ...(estDemande(demande) ? { demande } : {}),
    ...(estAlerte(alerte) ? { alerte } : {}),
  });
}

const idDe = (nom: string): string => `f-${nom.replaceAll('.', '-')}`;

const enveloppe = (nom: string, libelle: string, controle: string): string =>
  `<p class="champ"><label for="${idDe(nom)}">${echapperHtml(libelle)}</label>${controle}</p>`;

function liste(
  nom: string,
  libelle: string,
  options: readonly (readonly [string, string])[],
  saisie: Saisie,
  registre: Registre,
): string {
  const lignes = [['', dire('non-dit', registre)] as const, ...options].map(([valeur, mots]) => {
    const choisie = (saisie[nom] ?? '') === valeur ? ' selected' : '';
    return `<option value="${echapperHtml(valeur)}"${choisie}>${echapperHtml(mots)}</option>`;
  });
  return enveloppe(nom, libelle, `<select id="${idDe(nom)}" name="${nom}">${lignes.join('')}</select>`);
}

const entree = (nom: string, libelle: string, type: string, saisie: Saisie, plus = ''): string =>
  enveloppe(
    nom,
    libelle,
    `<input id="${idDe(nom)}" name="${nom}" type="${type}" value="${echapperHtml(saisie[nom] ?? '')}"${plus}>`,
  );

function controleDe(champ: Champ, saisie: Saisie, registre: Registre): string {
  const definition = definitionDe(champ);
  const libelle = nomDuChamp(champ, registre);
  const choix = (valeurs: readonly string[]): (readonly [string, string])[] =>
    valeurs.map((v) => [v, choixEnMots(champ, v, registre)]);
  switch (definition.forme) {
    case 'choix':
      return liste(
        champ,
        libelle,
        choix([...definition.valeurs, ...(definition.nature === 'determinant' ? ['ne-sait-pas'] : [])]),
        saisie,
        registre,
      );
    case 'choix-ou-jour':
      return (
        liste(champ, libelle, choix(definition.valeurs), saisie, registre) +
        entree(`${champ}.jour`, dire('jour-fin', registre), 'date', saisie)
      );
    case 'demarche':
      return liste(
        champ,
        libelle,
        OPERATEURS.map((o) => [o, choixEnMots('accompagnement', o, registre)]),
        saisie,
        registre,
      );
    case 'liste': {
      const cases = definition.valeurs.map((v) => {
        const nom = `${champ}.${v}`;
        const cochee = saisie[nom] === undefined ? '' : ' checked';
        return `<label><input type="checkbox" name="${nom}" value="oui"${cochee}> ${echapperHtml(choixEnMots(champ, v, registre))}</label>`;
      });
      return `<fieldset class="champ"><legend>${echapperHtml(libelle)}</legend>${cases.join(' ')}</fieldset>`;
    }
    case 'entier':
      return entree(champ, libelle, 'number', saisie, ' min="0" max="120" inputmode="numeric"');
    case 'jour':
      return entree(champ, libelle, 'date', saisie);
  }
}

/** The form, filled with what was sent. It posts: a situation, even invented, does not belong in an address bar or a history. */
export function formulaireHtml(saisie: Saisie, aujourdhui: Jour, registre: Registre): string {
  const determinants = CHAMPS_REJOUABLES.filter((c) => definitionDe(c).nature === 'determinant');
  const autres = CHAMPS_REJOUABLES.filter((c) => definitionDe(c).nature !== 'determinant');
  const groupe = (cle: string, contenu: string): string =>
    `<fieldset><legend>${echapperHtml(dire(cle, registre))}</legend><div class="champs">${contenu}</div></fieldset>`;
  const contexte = [
    liste(
      'demande',
      texte('dossier.nom-demande', registre),
      DEMANDES.map((d) => [d, texte(`dossier.demande-${d}`, registre)]),
      saisie,
      registre,
    ),
    entree('commune', dire('commune', registre), 'text', saisie, ' maxlength="80" autocomplete="off"'),
    entree('le', dire('jour', registre), 'date', { ...saisie, le: saisie['le'] || aujourdhui }),
    liste(
      'alerte',
      dire('alerte', registre),
      ALERTES.map((a) => [a, texte(`aiguillage.condition-alerte-${a}`, registre)]),
      saisie,
      registre,
    ),
  ].join('');
  return `<form method="post" action="/regles${registre === 'falc' ? '?registre=falc' : ''}#resultat" class="rejouer">
${groupe('groupe-situation', determinants.map((c) => controleDe(c, saisie, registre)).join(''))}
${groupe('groupe-contexte', contexte)}
<details${autres.some((c) => valeurSaisie(c, saisie) !== undefined) ? ' open' : ''}><summary>${echapperHtml(dire('groupe-precisions', registre))}</summary>
<div class="champs">${autres.map((c) => controleDe(c, saisie, registre)).join('')}</div></details>
<p><button class="bouton" type="submit">${echapperHtml(dire('valider', registre))}</button></p>
</form>`;
}
