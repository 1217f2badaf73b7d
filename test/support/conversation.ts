import type { Browser, FrameLocator, Page } from 'playwright-core';

/** A step that takes more than eight seconds on this machine is broken: the failure then names it. */
export async function ouvrirPage(
  navigateur: Browser,
  options: Parameters<Browser['newPage']>[0],
): Promise<Page> {
  const page = await navigateur.newPage(options);
  page.setDefaultTimeout(30_000);
  return page;
}

/** The chat, in its own page or in the frame of a site. */
export type Fil = Page | FrameLocator;
export const derniers = (fil: Fil, mots: string) => fil.locator('#fil').getByText(mots).last();
export const bouton = (fil: Fil, nom: string) =>
  fil.locator('#fil').getByRole('button', { name: nom, exact: true }).last();

export async function ecrire(fil: Fil, mots: string): Promise<void> {
  await fil.locator('#saisie').fill(mots);
  await fil.locator('#saisie').press('Enter');
}

/** The answers that may be pressed now, written with ordinary spaces. */
export const offertsDans = async (fil: Fil): Promise<string[]> =>
  (await fil.locator('.choix:not(.passes) button:enabled').allTextContents()).map((t) =>
    t.replaceAll('\u00A0', ' '),
  );

/** Answers the few questions with the buttons offered, as someone in a hurry would, until the information comes. */
export async function jusquaLInformation(fil: Fil): Promise<number> {
  let questions = 0;
  for (; questions < 8; questions++) {
    const fin = bouton(fil, 'Oui, qui peut m’accompagner ?');
    const reponses = ['Salarié·e du privé', 'Non', 'Personne', 'CDI'];
    await Promise.race([fin.waitFor(), fil.locator('.choix:not(.passes) button:enabled').first().waitFor()]);
    // Sooner at the same place, it would be the end of a double click.
    await new Promise((r) => setTimeout(r, 420));
    if ((await fin.count()) > 0 && (await fin.isEnabled())) return questions;
    const offerts = await offertsDans(fil);
    const choisi =
      reponses.map((r) => offerts.find((o) => o.startsWith(r))).find((o) => o !== undefined) ??
      offerts.find((o) => !/Pourquoi|Corriger/.test(o));
    if (choisi === undefined) throw new Error(`rien à toucher : ${offerts.join(' | ')}`);
    await bouton(fil, choisi).click();
  }
  throw new Error('trop de questions');
}
