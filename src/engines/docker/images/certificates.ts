import fs from 'node:fs/promises';
import tls from 'node:tls';

/** Where distributions keep the bundle that their administrators add to. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The certificate authorities that this machine trusts, in PEM: a company's own are among them, whose proxy signs what comes
 * from a package index. `chosen`: the file that the person has named. undefined where nothing but the usual is known.
 */
export async function certificateAuthorities(chosen: string | undefined): Promise<string | undefined> {
  if (chosen !== undefined) return fs.readFile(chosen, 'utf8');
  const system = systemAuthorities();
  if (system.length > 0) return [...tls.rootCertificates, ...system].join('\n');
  for (const bundle of bundles) {
    const text = await fs.readFile(bundle, 'utf8').catch(() => '');
    if (text !== '') return text;
  }
  return undefined;
}

/** What macOS and Windows keep in no file; Node tells of it since 22.15. */
function systemAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: typeof tls.getCACertificates };
  return process.platform === 'linux' ? [] : (getCACertificates?.('system') ?? []);
}
