import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds a receiver should accept between the signature and its own clock: more lets a recorded request be played again. */
export const TOLERANCE_S = 300;

const calculer = (secret: string, instantS: number, corps: string): string =>
  createHmac('sha256', secret).update(`${instantS}.${corps}`, 'utf8').digest('hex');

/** The value of `X-CEP-Signature`: `t=<seconds>,v1=<hex>`, HMAC-SHA256 of « seconds.body » under the secret of the service. */
export const signerCorps = (secret: string, instantS: number, corps: string): string =>
  `t=${instantS},v1=${calculer(secret, instantS, corps)}`;

/**
 * What a receiver does, here as the reference for the documentation and the tests.
 * @param corps the body exactly as it was received, before any parsing
 * @param maintenantS the receiver's clock, in seconds
 */
export function verifierSignature(
  secret: string,
  entete: string,
  corps: string,
  maintenantS: number,
): boolean {
  const lu = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(entete);
  if (lu === null) return false;
  const [, instant = '', recue = ''] = lu;
  if (Math.abs(maintenantS - Number(instant)) > TOLERANCE_S) return false;
  return timingSafeEqual(
    Buffer.from(recue, 'hex'),
    Buffer.from(calculer(secret, Number(instant), corps), 'hex'),
  );
}
