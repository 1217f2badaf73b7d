import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/**
 * Our own proxy, when there is one: the header it sets, whose LAST value it wrote itself, and the addresses it calls from.
 * A header from anyone else is ignored: `X-Forwarded-For` is client-supplied text.
 */
export type ProxyDeConfiance = { readonly entete: string; readonly adresses: readonly string[] };

const sansPrefixe = (adresse: string): string => adresse.replace(/^::ffff:/, '');

/** The client's address, for limits only: an IPv4 address, or the /64 of an IPv6 one (a household has 2^64 of them). */
export function adresseClient(req: IncomingMessage, proxy?: ProxyDeConfiance): string {
  const directe = sansPrefixe(req.socket.remoteAddress ?? '');
  if (proxy === undefined || !proxy.adresses.includes(directe)) return groupe(directe);
  const recu = req.headers[proxy.entete.toLowerCase()];
  const dernier = (Array.isArray(recu) ? recu.at(-1) : recu)?.split(',').at(-1)?.trim() ?? '';
  return groupe(isIP(dernier) === 0 ? directe : sansPrefixe(dernier));
}

function groupe(adresse: string): string {
  if (!isIPv6(adresse)) return adresse;
  const [debut = '', fin = ''] = adresse.split('::');
  const gauche = debut === '' ? [] : debut.split(':');
  const droite = fin === '' ? [] : fin.split(':');
  const zeros = adresse.includes('::')
    ? Array<string>(Math.max(0, 8 - gauche.length - droite.length)).fill('0')
    : [];
  return `${[...gauche, ...zeros, ...droite].slice(0, 4).join(':')}::/64`;
}
