import { join } from 'node:path';
import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';
import {
  creerLimiteur,
  ErreurHttp,
  repondreHtml,
  repondreJson,
  repondreOctets,
  serveStatique,
  type Serveur,
  type TrousseauDeCles,
} from '../http/index.ts';
import type { Horloge } from '../ports.ts';
import { documentHtml, pageDocumentAbsent } from './html.ts';
import { documentJson, schemaDocumentJson, SCHEMAS_PUBLIES } from './json.ts';
import { verifierLien } from './liens.ts';
import { documentPdf } from './pdf.ts';
import { dossierPolicesEcran } from './polices-fichiers.ts';

export type OptionsRoutesDocument = {
  readonly cles: TrousseauDeCles;
  readonly horloge: Horloge;
  readonly publicUrl: string;
  /** The document as it stands now; `undefined` when it does not exist (any more). `conversation` is the id the link was made for. */
  readonly documentDe: (reference: string, conversation: string) => Promise<DocumentNiveau1 | undefined>;
  /** Where the built pages are; the project's `dist/web/personne` by default. */
  readonly dossierWeb?: string;
};

/** Tag of the file on the person's disk: it says what it is, not whose it is. */
const nomDeFichier = (format: 'pdf' | 'json'): string => `document-cep-niveau-1.${format}`;

/** A PDF costs tens of milliseconds of processor: a person needs a few, a loop does not get more. */
const PDF_PAR_MINUTE = 20;

/**
 * The person's document behind their own link: `/d/<jeton>` to read, `.pdf` and `.json` to keep; the published schema; the style sheet and
 * font of these pages under `/personne`.
 */
export function monterRoutesDocument(serveur: Serveur, options: OptionsRoutesDocument): void {
  const { cles, horloge, documentDe } = options;
  const limiteur = creerLimiteur({ nombre: PDF_PAR_MINUTE, parMs: 60_000, horloge });

  // Not « :jeton »: the router refuses parameters over 100 characters, a signed link is longer.
  serveur.restify.get('/d/*', async (req, res) => {
    const brut = (req.url ?? '').split('?')[0]?.slice('/d/'.length) ?? '';
    const format = /\.(pdf|json)$/.exec(brut)?.[1];
    const jeton = format === undefined ? brut : brut.slice(0, -format.length - 1);
    const lien = verifierLien(cles, 'document', jeton, horloge());
    const doc = lien.ok ? await documentDe(lien.valeur.reference, lien.valeur.conversation) : undefined;
    if (doc === undefined) return repondreHtml(res, pageDocumentAbsent(), { statut: 404 });
    if (format === 'pdf') {
      const verdict = limiteur.prendre(`${serveur.adresse(req)} ${doc.reference}`);
      if (!verdict.ok)
        throw new ErreurHttp(429, 'TooManyRequests', 'Too many PDF files for now.', {
          'Retry-After': String(Math.ceil(verdict.attendreMs / 1000)),
        });
      return repondreOctets(res, await documentPdf(doc), 'application/pdf', { entetes: piece('pdf') });
    }
    if (format === 'json')
      return repondreOctets(res, documentJson(doc), 'application/json; charset=utf-8', {
        entetes: piece('json'),
      });
    const base = `/d/${jeton}`;
    return repondreHtml(
      res,
      documentHtml(doc, { telechargements: { pdf: `${base}.pdf`, json: `${base}.json` } }),
    );
  });

  for (const publie of SCHEMAS_PUBLIES) {
    const schema = schemaDocumentJson(options.publicUrl, publie);
    serveur.restify.get(publie.adresse, async (_req, res) =>
      repondreJson(res, schema, {
        entetes: { 'Cache-Control': 'public, max-age=3600', 'Access-Control-Allow-Origin': '*' },
      }),
    );
  }
  serveStatique(serveur.restify, { prefixe: '/polices', dossier: dossierPolicesEcran() });
  serveStatique(serveur.restify, {
    prefixe: '/personne',
    dossier: options.dossierWeb ?? join(RACINE_PROJET, 'dist', 'web', 'personne'),
  });
}

const piece = (format: 'pdf' | 'json'): Record<string, string> => ({
  'Content-Disposition': `attachment; filename="${nomDeFichier(format)}"`,
});
