import { createHash } from 'node:crypto';

export interface KeyParts {
  readonly lock: string;
  /** The workspace's requirements, if there are any. */
  readonly requirements: string | undefined;
  readonly pythonVersion: string;
  /** The interpreter on which the environment stands: another one of the same version is another environment. */
  readonly basePython: string;
  readonly airflowVersion: string;
  readonly platform: string;
  readonly arch: string;
}

/** Grows when environments are made in another way, so that old ones are not taken for new ones. */
const format = 1;

/** The folder's name of an environment: the same for the same parts, another one for others; with its versions for people. */
export function environmentName(parts: KeyParts): string {
  const told = JSON.stringify([
    format,
    parts.lock,
    parts.requirements ?? null,
    parts.pythonVersion,
    parts.basePython,
    parts.platform,
    parts.arch,
  ]);
  const hash = createHash('sha256').update(told).digest('hex').slice(0, 12);
  return `airflow-${parts.airflowVersion}-python-${parts.pythonVersion}-${hash}`;
}
