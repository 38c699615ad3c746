import { messageOf } from '../host/errors.ts';
import { ConfigurationUnreadable, readConfiguration, type DockerConfiguration } from './configuration.ts';
import { askHelper } from './credentialHelper.ts';
import type { Reference } from './reference.ts';

/** What Docker's own configuration has for a registry. */
export interface Login {
  /** The value of X-Registry-Auth; undefined where the registry is asked without a login. */
  readonly header?: string;
  /** The user's name, for people. */
  readonly user?: string;
  /** Why there is no login although one is configured: told if the registry then refuses. */
  readonly trouble?: string;
}

interface AuthConfig {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
  readonly serveraddress: string;
}

/**
 * The person's login for an image's registry: a credential helper of config.json, else what stands there itself. A helper
 * that fails is no error yet: most images need no login.
 */
export async function findLogin(
  env: NodeJS.ProcessEnv,
  reference: Reference,
  signal: AbortSignal,
): Promise<Login> {
  try {
    const configuration = await readConfiguration(env);
    const helper = helperFor(configuration, reference);
    if (helper !== undefined) {
      const answer = await askHelper(helper, reference.loginKey, env, signal);
      if (answer) return loginOf(fromHelper(answer, reference.loginKey));
    }
    const kept = keptLogin(configuration, reference);
    return kept ? loginOf(kept) : {};
  } catch (error) {
    signal.throwIfAborted();
    const trouble = error instanceof ConfigurationUnreadable ? error.message : messageOf(error);
    return { trouble };
  }
}

function helperFor(
  configuration: DockerConfiguration,
  { loginKey, registry }: Reference,
): string | undefined {
  const helpers = configuration.credHelpers ?? {};
  return (
    helpers[loginKey] ??
    helpers[registry] ??
    (configuration.credsStore === '' ? undefined : configuration.credsStore)
  );
}

function fromHelper(answer: { Username: string; Secret: string }, serveraddress: string): AuthConfig {
  // A token in place of a password: what `docker login` got from a registry with OAuth.
  if (answer.Username === '<token>') return { identitytoken: answer.Secret, serveraddress };
  return { username: answer.Username, password: answer.Secret, serveraddress };
}

function keptLogin(
  { auths = {} }: DockerConfiguration,
  { loginKey, registry }: Reference,
): AuthConfig | undefined {
  const key = Object.hasOwn(auths, loginKey)
    ? loginKey
    : Object.keys(auths).find((each) => hostOf(each) === registry);
  const entry = key === undefined ? undefined : auths[key];
  if (!entry) return undefined;
  const { auth, identitytoken, registrytoken } = entry;
  let { password, username } = entry;
  if (auth) {
    const decoded = Buffer.from(auth, 'base64').toString();
    const colon = decoded.indexOf(':');
    // Docker's client pads passwords with zero bytes.
    if (colon > 0)
      [username, password] = [decoded.slice(0, colon), decoded.slice(colon + 1).replace(/\0+$/, '')];
  }
  if (username === undefined && !identitytoken && !registrytoken) return undefined;
  return {
    serveraddress: loginKey,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(identitytoken ? { identitytoken } : {}),
    ...(registrytoken ? { registrytoken } : {}),
  };
}

/** Keys of old have a scheme and a path: `https://registry.example/v1/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0] ?? key;
}

function loginOf(auth: AuthConfig): Login {
  return {
    header: Buffer.from(JSON.stringify(auth)).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    ...(auth.username === undefined ? {} : { user: auth.username }),
  };
}
