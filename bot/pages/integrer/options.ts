import { CONTRASTE_MIN, contrasteDuBlanc, NOTRE_COULEUR } from '../../web/widget/contraste.ts';

/** What a site may choose of the launcher. None touches rules, order or wording. */
export type OptionsLanceur = {
  readonly couleur: string;
  readonly position: 'droite' | 'gauche';
  /** Words of the button; empty: ours. */
  readonly nom: string;
  /** https address of a small image; empty: none. */
  readonly logo: string;
};
/** What was asked for and cannot be kept: the field, and the sentence of `integrer.json` that says why. */
export type ProblemeOption = { readonly champ: 'couleur' | 'logo'; readonly cle: string };

export const NOM_MAX = 60;

/** Reads the options of an address. A wrong value is replaced by ours, and said. */
export function lireOptions(recherche: URLSearchParams): {
  readonly options: OptionsLanceur;
  readonly problemes: readonly ProblemeOption[];
} {
  const problemes: ProblemeOption[] = [];
  const lu = (champ: string): string => (recherche.get(champ) ?? '').trim();
  const couleur = lu('couleur').toLowerCase();
  const contraste = contrasteDuBlanc(couleur);
  if (couleur !== '' && contraste === undefined)
    problemes.push({ champ: 'couleur', cle: 'couleur-illisible' });
  if (contraste !== undefined && contraste < CONTRASTE_MIN)
    problemes.push({ champ: 'couleur', cle: 'couleur-pale' });
  const logo = adresseSure(lu('logo'));
  if (logo === undefined) problemes.push({ champ: 'logo', cle: 'logo-refuse' });
  return {
    options: {
      couleur: contraste === undefined ? NOTRE_COULEUR : couleur,
      position: lu('position') === 'gauche' ? 'gauche' : 'droite',
      nom: [...lu('nom')].slice(0, NOM_MAX).join(''),
      logo: logo ?? '',
    },
    problemes,
  };
}

/** An https address, written whole; empty when there is none; `undefined` when it is something else. */
function adresseSure(brute: string): string | undefined {
  if (brute === '') return '';
  if (brute.length > 500 || !URL.canParse(brute)) return undefined;
  const url = new URL(brute);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
}

/** The attributes of the script, those left as they are not written. */
export const attributsDe = (options: OptionsLanceur): readonly (readonly [string, string])[] =>
  [
    ['data-couleur', options.couleur === NOTRE_COULEUR ? '' : options.couleur] as const,
    ['data-position', options.position === 'droite' ? '' : options.position] as const,
    ['data-nom', options.nom] as const,
    ['data-logo', options.logo] as const,
  ].filter(([, valeur]) => valeur !== '');
