import type { ServerResponse } from 'node:http';
import { rendreCsp, type OptionsCsp } from './entetes.ts';

export type OptionsReponse = {
  readonly statut?: number;
  readonly entetes?: Readonly<Record<string, string | readonly string[]>>;
};

/**
 * Writes a whole answer, once. Node's own methods rather than restify's formatters: they are faster and write nothing we did not ask.
 * Does nothing when the client has left or an answer was already written.
 */
export function repondreOctets(
  res: ServerResponse,
  corps: string | Buffer,
  type: string,
  { statut = 200, entetes = {} }: OptionsReponse = {},
): void {
  if (res.headersSent || res.destroyed) return;
  for (const [nom, valeur] of Object.entries(entetes))
    res.setHeader(nom, typeof valeur === 'string' ? valeur : [...valeur]);
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(corps));
  res.statusCode = statut;
  res.end(corps);
}

/** JSON, never cached. */
export const repondreJson = (res: ServerResponse, corps: unknown, options?: OptionsReponse): void =>
  repondreOctets(res, JSON.stringify(corps), 'application/json; charset=utf-8', options);

/** An HTML page with the strict policy of `rendreCsp`; never cached unless `entetes` says so. */
export function repondreHtml(
  res: ServerResponse,
  html: string,
  options: OptionsReponse & { readonly csp?: OptionsCsp } = {},
): void {
  repondreOctets(res, html, 'text/html; charset=utf-8', {
    ...options,
    entetes: { 'Content-Security-Policy': rendreCsp(options.csp), ...options.entetes },
  });
}

/** Sends the browser elsewhere on our own site after a form (303: the next request is a GET). */
export const repondreRedirection = (
  res: ServerResponse,
  chemin: string,
  entetes: Readonly<Record<string, string | readonly string[]>> = {},
): void =>
  repondreOctets(res, '', 'text/plain; charset=utf-8', {
    statut: 303,
    entetes: { ...entetes, Location: chemin },
  });

/** 204, no body. */
export function repondreVide(res: ServerResponse, entetes: Readonly<Record<string, string>> = {}): void {
  if (res.headersSent || res.destroyed) return;
  for (const [nom, valeur] of Object.entries(entetes)) res.setHeader(nom, valeur);
  res.statusCode = 204;
  res.end();
}

const ECHAPPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe inside an HTML element or a quoted attribute. */
export const echapperHtml = (texte: string): string => texte.replaceAll(/[&<>"']/g, (c) => ECHAPPES[c] ?? c);
