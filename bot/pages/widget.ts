import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { texte } from '../../knowledge/textes/index.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';
import type { Config } from '../config.ts';
import { echapperHtml, repondreHtml, serveStatique, type Serveur } from '../http/index.ts';

/**
 * What sites load (the launcher) and what it opens (the chat page). Publisher and phone are written in both as they are served: they must be
 * there when nothing else answers. Only the configured sites may frame the chat.
 */
export function monterWidget(serveur: Serveur, config: Config): void {
  const dossier = join(RACINE_PROJET, 'dist', 'web', 'widget');
  const csp = { cadre: config.sites, connexion: [config.publicUrl.replace(/^http/, 'ws')] };
  const { nom: editeur, telephone } = config.editeur;
  const parametres = {
    editeur,
    telephone,
    jours: String(config.conservation.conversationJours),
    appel: (/[+\d][\d .]*/.exec(telephone)?.[0] ?? '').replaceAll(/[ .]/g, ''),
  };
  const page = readFileSync(join(dossier, 'index.html'), 'utf8').replaceAll(
    /\{(?:(widget\.[\w-]+)|(editeur|telephone|jours|appel))\}/g,
    (_, cle: string | undefined, nom: keyof typeof parametres) =>
      echapperHtml(cle === undefined ? parametres[nom] : texte(cle, 'standard', parametres)),
  );
  for (const chemin of ['/widget', '/widget/', '/widget/index.html'])
    serveur.restify.get(chemin, async (_req, res) => repondreHtml(res, page, { csp }));
  serveStatique(serveur.restify, {
    prefixe: '/widget',
    dossier,
    partage: (chemin) => chemin === 'lanceur.js',
    preparer: (chemin, octets) =>
      chemin === 'lanceur.js'
        ? Buffer.from(
            octets
              .toString('utf8')
              .replaceAll('{telephone}', enClair(telephone))
              .replaceAll('{origine}', new URL(config.publicUrl).origin),
          )
        : octets,
  });
}

/** Inside a string of a script: letters, digits and the signs of a phone number, nothing that could end the string. */
const enClair = (telephone: string): string => telephone.replaceAll(/[^\p{L}\p{N} ().+:,-]/gu, '');
