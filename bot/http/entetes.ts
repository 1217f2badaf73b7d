import type { ServerResponse } from 'node:http';

/**
 * What a page may do, added to the strict base (own scripts, styles, images and calls; nothing inline, nothing from elsewhere).
 * `cadre`: the sites that may put the page in a frame; none by default.
 */
export type OptionsCsp = {
  readonly cadre?: readonly string[];
  readonly connexion?: readonly string[];
  readonly formulaire?: readonly string[];
  readonly cadresAffiches?: readonly string[];
  readonly images?: readonly string[];
};

/** The Content-Security-Policy of an HTML page. Never `unsafe-inline` nor `unsafe-eval`: scripts and styles are files. */
export function rendreCsp(options: OptionsCsp = {}): string {
  const liste = (base: string, plus: readonly string[] = []): string => [base, ...plus].join(' ');
  const cadre = options.cadre ?? [];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    liste("img-src 'self' data:", options.images),
    "font-src 'self'",
    "manifest-src 'self'",
    liste("connect-src 'self'", options.connexion),
    liste("form-action 'self'", options.formulaire),
    ...(options.cadresAffiches === undefined ? [] : [liste("frame-src 'self'", options.cadresAffiches)]),
    "base-uri 'none'",
    `frame-ancestors ${cadre.length === 0 ? "'none'" : cadre.join(' ')}`,
  ].join('; ');
}

/** For everything that is not a page: nothing may run, nothing may frame it. */
const CSP_RIEN = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PERMISSIONS =
  'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()';

/** Headers of every answer; a page then loosens only its Content-Security-Policy. HSTS only where the public address is https. */
export function poserEntetes(res: ServerResponse, options: { readonly https: boolean }): void {
  res.setHeader('Content-Security-Policy', CSP_RIEN);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('Permissions-Policy', PERMISSIONS);
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  res.setHeader('X-Robots-Tag', 'noindex');
  if (options.https) res.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
}
