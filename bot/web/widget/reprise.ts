import type { CleMot } from './mots.ts';
import { fermerPanneau, ouvrirPanneau } from './panneau.ts';
import type { ClientConversation } from './protocole.ts';

/** What the panel needs of the page. */
export type OutilsReprise = {
  readonly page: Document;
  readonly client: Pick<ClientConversation, 'codeDeReprise' | 'reprendreAvecCode'>;
  readonly t: (cle: CleMot) => string;
  readonly fermerMenu: () => void;
  /** Empties the screen: another conversation comes in its place. */
  readonly vider: () => void;
};

/** « Reprendre plus tard » : the code of this conversation, and the box where the code of another one is typed. */
export function brancherReprise({ page, client, t, fermerMenu, vider }: OutilsReprise): void {
  const trouver = <T extends HTMLElement>(id: string, genre: new () => T): T => {
    const noeud = page.getElementById(id);
    if (!(noeud instanceof genre)) throw new Error(`#${id}`);
    return noeud;
  };
  const panneau = trouver('reprise', HTMLElement);
  const code = trouver('code-reprise', HTMLElement);
  const garder = trouver('garder-code', HTMLElement);
  const champ = trouver('code-saisi', HTMLInputElement);
  const avis = trouver('avis-reprise', HTMLElement);
  const dire = (cle: CleMot | undefined): void => {
    avis.textContent = cle === undefined ? '' : t(cle);
  };

  trouver('reprendre', HTMLElement).addEventListener('click', async () => {
    fermerMenu();
    dire(undefined);
    champ.value = '';
    garder.hidden = true;
    ouvrirPanneau(panneau);
    // The title first: on a touch screen the box would open the keyboard over the code.
    trouver('reprise-titre', HTMLElement).focus();
    const lu = await client.codeDeReprise();
    code.textContent = lu ?? '';
    garder.hidden = lu === undefined;
  });
  trouver('copier-code', HTMLElement).addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
      dire('code-copie');
    } catch {
      // In a frame of another site the clipboard may be forbidden: the code is then selected, ready to be copied.
      page.getSelection()?.selectAllChildren(code);
    }
  });
  trouver('fermer-reprise', HTMLElement).addEventListener('click', () => fermerPanneau(panneau));
  trouver('retrouver', HTMLFormElement).addEventListener('submit', async (e) => {
    e.preventDefault();
    dire('reprise-en-cours');
    const issue = await client.reprendreAvecCode(champ.value, vider);
    if (issue === 'faite') return fermerPanneau(panneau);
    dire(`reprise-${issue}`);
    return champ.focus();
  });
}
