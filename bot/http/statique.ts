import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Server } from 'restify';
import { rendreCsp, type OptionsCsp } from './entetes.ts';
import { ErreurHttp } from './erreur-http.ts';
import { repondreOctets, repondreVide } from './repondre.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSIBLES = /\.(html|js|css|json|svg|txt|webmanifest)$/;

export type OptionsStatique = {
  /** URL prefix, no final slash: `/web`. */
  readonly prefixe: string;
  readonly dossier: string;
  /** Policy of an HTML page, by its path under `dossier`. */
  readonly csp?: (chemin: string) => OptionsCsp | undefined;
  /** True for a file other sites load (the launcher script). */
  readonly partage?: (chemin: string) => boolean;
  /** What is served in the place of what was built, made once. */
  readonly preparer?: (chemin: string, octets: Buffer) => Buffer;
};

type Fichier = { readonly etag: string; readonly modifie: number; readonly formes: Map<string, Buffer> };

/**
 * Serves the built files of `dossier`: GET, HEAD, ETag, brotli or gzip made once at first use and kept in memory. A file that changed on disk is
 * read again. Paths are made of plain names only: no dot segment, no hidden file, nothing outside `dossier`.
 */
export function serveStatique(serveur: Server, options: OptionsStatique): void {
  const fichiers = new Map<string, Fichier>();
  serveur.get(`${options.prefixe}/*`, async (req, res) => {
    const chemin = cheminSur(req.url ?? '', options.prefixe);
    const complet = join(options.dossier, chemin);
    const etat = await stat(complet).catch(() => undefined);
    if (etat === undefined || !etat.isFile()) throw introuvable();
    let fichier = fichiers.get(chemin);
    if (fichier === undefined || fichier.modifie !== etat.mtimeMs) {
      const lus = await readFile(complet);
      const octets = options.preparer?.(chemin, lus) ?? lus;
      const etag = `"${createHash('sha256').update(octets).digest('base64url').slice(0, 22)}"`;
      fichier = { etag, modifie: etat.mtimeMs, formes: new Map([['identity', octets]]) };
      fichiers.set(chemin, fichier);
    }
    const entetes: Record<string, string> = {
      ETag: fichier.etag,
      'Cache-Control': 'public, max-age=0, must-revalidate',
      Vary: 'Accept-Encoding',
    };
    if (chemin.endsWith('.html')) entetes['Content-Security-Policy'] = rendreCsp(options.csp?.(chemin));
    if (options.partage?.(chemin) === true) {
      entetes['Cross-Origin-Resource-Policy'] = 'cross-origin';
      // Public and the same for all: a site whose tools load scripts as modules, or with `crossorigin`, must not be refused it.
      entetes['Access-Control-Allow-Origin'] = '*';
    }
    if (req.headers['if-none-match'] === fichier.etag) {
      for (const [nom, valeur] of Object.entries(entetes)) res.setHeader(nom, valeur);
      res.statusCode = 304;
      res.end();
      return;
    }
    const encodage = COMPRESSIBLES.test(chemin) ? encodageVoulu(req) : 'identity';
    if (encodage !== 'identity') entetes['Content-Encoding'] = encodage;
    const type = TYPES[extname(chemin)] ?? 'application/octet-stream';
    repondreOctets(res, await forme(fichier, encodage), type, { entetes });
  });
  serveur.opts(`${options.prefixe}/*`, async (_req, res) =>
    repondreVide(res, { Allow: 'GET, HEAD, OPTIONS' }),
  );
}

const introuvable = (): ErreurHttp => new ErreurHttp(404, 'NotFound', 'No such file.');

function cheminSur(url: string, prefixe: string): string {
  const chemin = (url.split('?')[0] ?? '').slice(prefixe.length + 1);
  if (!/^[A-Za-z0-9_-][\w.-]*(\/[A-Za-z0-9_-][\w.-]*)*$/.test(chemin)) throw introuvable();
  return chemin;
}

function encodageVoulu(req: IncomingMessage): 'br' | 'gzip' | 'identity' {
  const accepte = String(req.headers['accept-encoding'] ?? '');
  if (/\bbr\b(?!;q=0(\.0+)?(,|$))/.test(accepte)) return 'br';
  return /\bgzip\b(?!;q=0(\.0+)?(,|$))/.test(accepte) ? 'gzip' : 'identity';
}

async function forme(fichier: Fichier, encodage: 'br' | 'gzip' | 'identity'): Promise<Buffer> {
  const prete = fichier.formes.get(encodage);
  if (prete !== undefined) return prete;
  const brut = fichier.formes.get('identity') ?? Buffer.alloc(0);
  const compresse =
    encodage === 'br'
      ? await promisify(brotliCompress)(brut, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
      : await promisify(gzip)(brut, { level: 9 });
  fichier.formes.set(encodage, compresse);
  return compresse;
}
