import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

const der = (type: number, ...contenu: readonly Buffer[]): Buffer => {
  const corps = Buffer.concat(contenu);
  const n = corps.length;
  const longueur = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return Buffer.concat([Buffer.from([type, ...longueur]), corps]);
};
const suite = (...contenu: readonly Buffer[]): Buffer => der(0x30, ...contenu);
const instant = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`));
/** sha256WithRSAEncryption. */
const SIGNATURE = suite(der(6, Buffer.from('2a864886f70d01010b', 'hex')), der(5));
/** CN=essai. */
const NOM = suite(der(0x31, suite(der(6, Buffer.from('550403', 'hex')), der(12, Buffer.from('essai')))));

export type CertificatDEssai = {
  readonly certificat: string;
  readonly cle: string;
  readonly publique: KeyObject;
};

/** A self-signed certificate made on the spot: no private key sleeps in the repository. */
export function certificatDEssai(jusqua: number): CertificatDEssai {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const corps = suite(
    der(2, Buffer.from([1])),
    SIGNATURE,
    NOM,
    suite(instant(jusqua - 86_400_000), instant(jusqua)),
    NOM,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const octets = suite(corps, SIGNATURE, der(3, Buffer.from([0]), sign('sha256', corps, privateKey)));
  const lignes = octets.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificat: `-----BEGIN CERTIFICATE-----\n${lignes.join('\n')}\n-----END CERTIFICATE-----\n`,
    cle: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publique: publicKey,
  };
}
