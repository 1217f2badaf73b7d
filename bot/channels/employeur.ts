import type { Reponse } from '../../dialogs/messages.ts';
import { repondreFaq } from '../../knowledge/langage/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { jourEnToutesLettres } from '../../knowledge/vocabulaire/index.ts';

/** What can be read about the CEP from an employer's Teams, by button only: its answers are those of the conversation. */
const SUJETS = ['cep-definition', 'cep-deroulement', 'operateurs', 'employeur-informe'] as const;
type Sujet = (typeof SUJETS)[number];

/** The subject a button carries; anything else a message holds is not looked at. */
export function sujetDe(valeur: unknown): Sujet | undefined {
  const sujet: unknown =
    typeof valeur === 'object' && valeur !== null ? Reflect.get(valeur, 'sujet') : undefined;
  return SUJETS.find((s) => s === sujet);
}

/**
 * What the bot says in an employer's tenant (arrêté § 3.1: the CEP stays outside the company). The same whoever writes and whatever is written:
 * the words of a message are not read, so no personal fact can be understood, kept or logged. Buttons give the general answers; the rest
 * happens on the website, on a device of one's own.
 */
export function reponseEmployeur(sujet: Sujet | undefined, publicUrl: string): Reponse {
  const dit = sujet === undefined ? undefined : repondreFaq(sujet, 'standard');
  const sources = (dit?.sources ?? [])
    .map((s) => `[${s.titre}](${s.url}) (${jourEnToutesLettres(s.date)})`)
    .join(' ; ');
  return {
    texte: dit?.texte ?? texte('canal.employeur', 'standard'),
    carte: {
      titre: texte('canal.employeur-titre', 'standard'),
      blocs: [
        ...(sources === '' ? [] : [{ type: 'texte' as const, texte: sources, style: 'discret' as const }]),
        { type: 'texte', texte: texte('canal.employeur-suite', 'standard') },
      ],
      actions: [
        ...SUJETS.filter((s) => s !== sujet).map((s) => ({
          type: 'envoyer' as const,
          libelle: texte(`canal.employeur-${s}`, 'standard'),
          valeur: { action: 'employeur', sujet: s },
        })),
        { type: 'ouvrir', libelle: texte('canal.employeur-site', 'standard'), url: `${publicUrl}/` },
      ],
    },
  };
}
