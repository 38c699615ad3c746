import { ExplainedError } from '../host/errors.ts';
import { readIfThere } from '../host/files.ts';

/**
 * A secret that the engine has put there, since others have it too. One that the service made up by itself would open
 * nothing. Throws ExplainedError where it is missing.
 */
export async function givenSecret(file: string): Promise<string> {
  const secret = (await readIfThere(file))?.trim();
  if (secret) return secret;
  throw new ExplainedError(`${file} is missing`, {
    why: 'in a container the service is given its secrets before its first start, and makes none of its own',
    next: 'mesos-airflow up makes the cluster’s containers anew where something of theirs is missing.',
  });
}
