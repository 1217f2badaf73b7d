import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CHEMINS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of a Chromium on this machine: `CHROMIUM_PATH`, else the usual places; `undefined` when there is none. */
export function trouverChromium(): string | undefined {
  const voulu = process.env['CHROMIUM_PATH'];
  if (voulu !== undefined && voulu !== '') return voulu;
  return CHEMINS.find((c) => existsSync(c));
}

/** Starts it headless, quiet towards the outside. */
export const lancerChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/**
 * Runs the body of a browser test. Without a browser it says what was not exercised, and passes; under `EXIGER_TOUT=1` (CI) that is a
 * failure: a gap is named, never silent.
 */
export async function siNavigateur(
  quoi: string,
  corps: (navigateur: Browser) => Promise<void>,
): Promise<void> {
  const chemin = trouverChromium();
  if (chemin === undefined) {
    if (process.env['EXIGER_TOUT'] === '1') throw new Error(`Chromium est requis pour : ${quoi}`);
    process.stdout.write(`Non exercé, faute de Chromium : ${quoi}\n`);
    return;
  }
  const navigateur = await lancerChromium(chemin);
  try {
    await corps(navigateur);
  } finally {
    await navigateur.close();
  }
}
