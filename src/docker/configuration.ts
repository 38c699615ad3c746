import os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { messageOf } from '../host/errors.ts';
import { readIfThere } from '../host/files.ts';

const entry = z.object({
  /** `user:password` in base64. */
  auth: z.optional(z.string()),
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  identitytoken: z.optional(z.string()),
  registrytoken: z.optional(z.string()),
});

const configuration = z.object({
  currentContext: z.optional(z.string()),
  /** Logins by registry. Helpers leave empty entries behind. */
  auths: z.optional(z.record(z.string(), entry)),
  /** The suffix of the credential helper for all registries: `desktop` is the program docker-credential-desktop. */
  credsStore: z.optional(z.string()),
  /** Helpers by registry; they go before `credsStore`. */
  credHelpers: z.optional(z.record(z.string(), z.string())),
});
export type DockerConfiguration = z.infer<typeof configuration>;

/** The person's home by the environment, as Docker's own client takes it. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  const home = process.platform === 'win32' ? env.USERPROFILE : env.HOME;
  return home === undefined || home === '' ? os.homedir() : home;
}

/** The folder of Docker's own client: DOCKER_CONFIG, else `~/.docker`. */
export function configurationFolder(env: NodeJS.ProcessEnv): string {
  return env.DOCKER_CONFIG ? path.resolve(env.DOCKER_CONFIG) : path.join(homeOf(env), '.docker');
}

/** A configuration file of Docker's client that can't be read or understood. */
export class ConfigurationUnreadable extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file} could not be read: ${messageOf(cause)}`, { cause });
    this.name = 'ConfigurationUnreadable';
    this.file = file;
  }
}

/** What config.json says; nothing where there is none. Throws ConfigurationUnreadable. */
export async function readConfiguration(env: NodeJS.ProcessEnv): Promise<DockerConfiguration> {
  return (await readJson(path.join(configurationFolder(env), 'config.json'), configuration)) ?? {};
}

/** A JSON file by its schema, or undefined if there is none. Throws ConfigurationUnreadable. */
export async function readJson<T extends z.ZodMiniType>(
  file: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  try {
    const text = await readIfThere(file);
    return text === undefined ? undefined : schema.parse(JSON.parse(text));
  } catch (error) {
    throw new ConfigurationUnreadable(file, error);
  }
}
