import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  CertificateServiceClientCredentialsFactory,
  JwtTokenProviderFactory,
  ManagedIdentityServiceClientCredentialsFactory,
  PasswordServiceClientCredentialFactory,
  type ServiceClientCredentialsFactory,
} from 'botframework-connector';

/** How the bot proves who it is to Microsoft. `aucune`: nothing proved, nothing checked; local mode only. */
export type PreuveTeams =
  | { readonly type: 'aucune' }
  | { readonly type: 'secret'; readonly secret: string }
  | { readonly type: 'certificat'; readonly chemin: string }
  | { readonly type: 'identite-geree' };

export type IdentifiantsTeams = {
  readonly appId: string;
  readonly tenantId: string;
  readonly preuve: PreuveTeams;
};

const UN_CERTIFICAT = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/;
const UNE_CLE = /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+?-----END (?:RSA )?PRIVATE KEY-----/;

/** A certificate and its private key, with the name Entra knows it by (SHA-1 of the certificate, in hexadecimal). */
export type Certificat = { readonly empreinte: string; readonly cle: string; readonly certificat: string };

/**
 * Reads the PEM file that holds the certificate registered in Entra and its private key.
 * @throws {Error} starting with « MICROSOFT_APP_CERTIFICAT : », saying what is wrong; never what the file holds.
 */
export function lireCertificat(chemin: string, maintenant: number): Certificat {
  const refuser = (raison: string): never => {
    throw new Error(`MICROSOFT_APP_CERTIFICAT : ${chemin} ${raison}`);
  };
  let pem = '';
  try {
    pem = readFileSync(chemin, 'utf8');
  } catch {
    refuser('est illisible.');
  }
  const [certificat = refuser('ne contient pas de certificat (BEGIN CERTIFICATE).')] =
    UN_CERTIFICAT.exec(pem) ?? [];
  const [cle = refuser('ne contient pas de clé privée non chiffrée (BEGIN PRIVATE KEY).')] =
    UNE_CLE.exec(pem) ?? [];
  const { x509, secrete } = ouvrir(certificat, cle) ?? refuser('est abîmé.');
  if (!x509.checkPrivateKey(secrete)) refuser('contient une clé qui n’est pas celle du certificat.');
  if (Date.parse(x509.validTo) <= maintenant) refuser(`contient un certificat expiré (${x509.validTo}).`);
  return { empreinte: x509.fingerprint.replaceAll(':', ''), cle, certificat };
}

function ouvrir(certificat: string, cle: string): { x509: X509Certificate; secrete: KeyObject } | undefined {
  try {
    return { x509: new X509Certificate(certificat), secrete: createPrivateKey(cle) };
  } catch {
    return undefined;
  }
}

/**
 * The SDK's credentials for this proof; single-tenant, the only kind that can still be registered.
 * @throws {Error} naming the variable when the certificate cannot be used.
 */
export function fabriqueDe(
  { appId, tenantId, preuve }: IdentifiantsTeams,
  maintenant: number,
): ServiceClientCredentialsFactory | undefined {
  switch (preuve.type) {
    case 'aucune':
      return undefined;
    case 'secret':
      return new PasswordServiceClientCredentialFactory(appId, preuve.secret, tenantId);
    case 'certificat': {
      const { empreinte, cle, certificat } = lireCertificat(preuve.chemin, maintenant);
      return new CertificateServiceClientCredentialsFactory(appId, empreinte, cle, tenantId, certificat);
    }
    case 'identite-geree':
      return new ManagedIdentityServiceClientCredentialsFactory(appId, new JwtTokenProviderFactory());
  }
}
