/**
 * The HTTP side of the house. `creerServeur` gives a guarded restify server; routes are `async (req, res)`, read bodies with `lireCorps`,
 * answer with `repondreJson` / `repondreHtml` / `repondreRedirection`, and refuse by throwing `ErreurHttp`.
 *
 * ```ts
 * const serveur = creerServeur({ hotes, https, journaliseur, horloge });
 * serveur.restify.post('/console/connexion', async (req, res) => {
 *   verdictDe(limiteur.prendre(serveur.adresse(req)));                       // 429 + Retry-After
 *   const corps = await lireCorps(req, { types: ['application/x-www-form-urlencoded'] });
 *   repondreRedirection(res, '/console', { 'Set-Cookie': ecrireTemoin('session', jeton, { securise: https }) });
 * });
 * serveStatique(serveur.restify, { prefixe: '/web', dossier: 'dist/web' });
 * ```
 */
export * from './adresse.ts';
export * from './cles.ts';
export * from './entetes.ts';
export * from './erreur-http.ts';
export * from './lire-corps.ts';
export * from './limiteur.ts';
export * from './repondre.ts';
export * from './sante.ts';
export * from './serveur.ts';
export * from './statique.ts';
export * from './temoins.ts';
export * from './verifier-jeton.ts';
