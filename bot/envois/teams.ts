import type { Reponse } from '../../dialogs/messages.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { jourDe, jourEnToutesLettres } from '../../knowledge/vocabulaire/index.ts';
import type { Envoye } from '../channels/index.ts';
import type { Avis, Issue } from './envoi.ts';
import { ageEnMots, demandeEnMots, lieuEnMots } from './mots.ts';

/** The tab, when there is one: its application and its name in the manifest. */
export type Onglet = { readonly appId: string; readonly nom: string };

/** A link Teams opens in its own tab, at the file; the console in a browser where there is no tab. */
export function lienTeams(avis: Pick<Avis, 'identifiant' | 'lien'>, onglet: Onglet | undefined): string {
  if (onglet === undefined) return avis.lien;
  const url = new URL(`https://teams.microsoft.com/l/entity/${onglet.appId}/${onglet.nom}`);
  url.searchParams.set('webUrl', avis.lien);
  url.searchParams.set('context', JSON.stringify({ subEntityId: avis.identifiant }));
  return url.href;
}

/** What a counsellor or a team is told in Teams: what is asked, where, how long ago, and a link. A channel is read by many: nothing says who. */
export function redigerCarte(avis: Avis, maintenant: number, onglet: Onglet | undefined): Reponse {
  const titre = texte(`envois.objet-${avis.evenement}`, 'standard');
  return {
    texte: texte(`envois.phrase-${avis.evenement}`, 'standard', { service: avis.service.nom }),
    carte: {
      titre,
      blocs: [
        {
          type: 'faits',
          faits: [
            { nom: texte('envois.fait-demande', 'standard'), valeur: demandeEnMots(avis) },
            { nom: texte('envois.fait-lieu', 'standard'), valeur: lieuEnMots(avis) },
            {
              nom: texte('envois.fait-depot', 'standard'),
              valeur: `${jourEnToutesLettres(jourDe(avis.deposeeLe))} (${ageEnMots(avis.deposeeLe, maintenant)})`,
            },
          ],
        },
      ],
      actions: [
        { type: 'ouvrir', libelle: texte('envois.ouvrir', 'standard'), url: lienTeams(avis, onglet) },
      ],
    },
  };
}

/** What Teams answered, for the outbox. What may have been shown counts as told. */
export function issueDe({ issue, attendreMs }: Envoye): Issue | 'sans-objet' {
  switch (issue) {
    case 'envoyee':
    case 'incertaine':
      return { ok: true };
    case 'bloquee':
      return 'sans-objet';
    case 'refusee':
      return { ok: false, raison: 'teams-refuse', definitif: true };
    case 'plus-tard':
      return { ok: false, raison: 'teams-plus-tard', ...(attendreMs === undefined ? {} : { attendreMs }) };
    default:
      return issue satisfies never;
  }
}
