import { randomBytes, randomInt } from 'node:crypto';
import path from 'node:path/posix';
import { secretIn, writePrivateFile } from '../host/files.ts';
import { adminName, passwordName, type AirflowSetup } from './setup.ts';

/** What Airflow signs and encrypts with, and the admin's password; each in a 0600 file of its own. */
export interface AirflowSecrets {
  readonly password: string;
  readonly jwt: string;
  readonly fernet: string;
  readonly api: string;
}

/** The secrets of a cluster: made at the first call, the same ever after. */
export async function airflowSecrets(setup: Pick<AirflowSetup, 'secretsFolder'>): Promise<AirflowSecrets> {
  // Who asks Airflow and who prepares it may both be first: one of them makes each secret, and both have the same.
  return airflowSecretsBy((name, make) => secretIn(path.join(setup.secretsFolder, name), make));
}

/** The same of a cluster whose secrets lie elsewhere: `kept` gives what the file of that name holds, made at first. */
export async function airflowSecretsBy(
  kept: (name: string, make: () => string) => string | Promise<string>,
): Promise<AirflowSecrets> {
  return {
    password: await kept(passwordName, readablePassword),
    // HS512 wants a key of at least 64 bytes (RFC 7518, 3.2).
    jwt: await kept('airflow-jwt.secret', () => randomBytes(64).toString('base64url')),
    // Fernet takes 32 bytes in URL-safe base64 with its padding.
    fernet: await kept('airflow-fernet.key', () => `${randomBytes(32).toString('base64url')}=`),
    api: await kept('airflow-api.secret', () => randomBytes(32).toString('base64url')),
  };
}

/** The simple auth manager's file of passwords. Airflow opens it for writing, so it is a copy and not the only one. */
export function passwordsFile(setup: Pick<AirflowSetup, 'secretsFolder'>): string {
  return path.join(setup.secretsFolder, 'airflow-passwords.json');
}

export async function writePasswords(setup: AirflowSetup, secrets: AirflowSecrets): Promise<void> {
  await writePrivateFile(passwordsFile(setup), passwordsJson(secrets));
}

/** What the simple auth manager's file of passwords holds. */
export function passwordsJson(secrets: Pick<AirflowSecrets, 'password'>): string {
  return `${JSON.stringify({ [adminName]: secrets.password })}\n`;
}

/** Five groups of four, without letters that look alike: 98 bits, and still fit to be typed. */
function readablePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 5 }, group).join('-');
}
