// Certificates for the tests of companies' networks, made anew for each run and kept in memory only.

/** A private key and a certificate, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export type CertificateName = 'trusted' | 'trustedByFolder' | 'untrusted' | 'expired' | 'otherName';

export interface TestCertificates {
  /** Certificates of authorities, without their keys: what a company puts into the system's store. */
  readonly authorities: { readonly file: string; readonly folder: string };
  readonly servers: Readonly<Record<CertificateName, Certificate>>;
}

/** The name that the servers of the tests go by; `.test` is reserved for such, and no name server knows it. */
export const companyHost = 'api.company.test';

const day = 24 * 60 * 60 * 1000;

/** A certificate for a server of that name, signed by `ca`; without one, that of an authority. */
async function certificate(subject: string, ca?: Certificate, days: readonly [number, number] = [-1, 1]) {
  const [from, to] = days.map((offset) => new Date(Date.now() + offset * day));
  // Loaded here: the suite in the extension host wants the names and types alone.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: subject }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from && to ? { notBeforeDate: from, notAfterDate: to } : {}),
    ...(ca
      ? {
          ca,
          extensions: [
            { name: 'basicConstraints', cA: false, critical: true },
            { name: 'keyUsage', digitalSignature: true, critical: true },
            { name: 'extKeyUsage', serverAuth: true },
            { name: 'subjectAltName', altNames: [{ type: 2, value: subject }] },
          ],
        }
      : {
          extensions: [
            { name: 'basicConstraints', cA: true, critical: true },
            { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
          ],
        }),
  });
  return { key: made.private, cert: made.cert };
}

export async function makeCertificates(): Promise<TestCertificates> {
  const [inFile, inFolder, stranger] = await Promise.all([
    certificate('Company CA'),
    certificate('Second company CA'),
    certificate('Stranger CA'),
  ]);
  const [trusted, trustedByFolder, untrusted, expired, otherName] = await Promise.all([
    certificate(companyHost, inFile),
    certificate(companyHost, inFolder),
    certificate(companyHost, stranger),
    certificate(companyHost, inFile, [-3, -2]),
    certificate('other.company.test', inFile),
  ]);
  return {
    authorities: { file: inFile.cert, folder: inFolder.cert },
    servers: { trusted, trustedByFolder, untrusted, expired, otherName },
  };
}
