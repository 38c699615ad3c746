import path from 'node:path';
import { configurationFolder, readConfiguration } from './configuration.ts';
import { readContext, tlsFrom } from './contexts.ts';
import { parseHost, type Candidate } from './endpoint.ts';

/**
 * The one Docker Engine that a person has chosen, as Docker's own client understands them: a context named here, DOCKER_HOST,
 * DOCKER_CONTEXT, the current context of config.json. Undefined where nothing is chosen; `default` chooses nothing.
 */
export async function chosenBy(
  env: NodeJS.ProcessEnv,
  context: string | undefined,
): Promise<Chosen | undefined> {
  if (context !== undefined && context !== 'default') return contextChoice(context, '--context', env);
  if (isSet(env.DOCKER_HOST)) return hostChoice(env.DOCKER_HOST, env);
  // The default context is chosen: DOCKER_CONTEXT and config.json don't count then.
  if (context === 'default') return undefined;
  if (isSet(env.DOCKER_CONTEXT)) return named(env.DOCKER_CONTEXT, 'DOCKER_CONTEXT', env);
  const { currentContext } = await readConfiguration(env);
  return named(currentContext, path.join(configurationFolder(env), 'config.json'), env);
}

/** A choice whose address is yet to be read. */
export interface Chosen {
  /** What people call it. */
  readonly name: string;
  readonly source: string;
  /** Throws HostNotSupported, ContextMissing or ConfigurationUnreadable. */
  readonly read: () => Promise<Candidate>;
}

function named(context: string | undefined, source: string, env: NodeJS.ProcessEnv): Chosen | undefined {
  return isSet(context) && context !== 'default' ? contextChoice(context, source, env) : undefined;
}

function contextChoice(context: string, source: string, env: NodeJS.ProcessEnv): Chosen {
  return { name: `context ${context}`, source, read: () => readContext(context, source, env) };
}

/**
 * DOCKER_HOST with its TLS files: DOCKER_TLS_VERIFY asks for TLS, DOCKER_TLS for TLS with whatever certificate; they lie in
 * DOCKER_CERT_PATH, else beside config.json.
 */
function hostChoice(host: string, env: NodeJS.ProcessEnv): Chosen {
  const names = { name: 'DOCKER_HOST', source: 'DOCKER_HOST' };
  const verify = isSet(env.DOCKER_TLS_VERIFY);
  const secured = verify || isSet(env.DOCKER_TLS);
  return {
    ...names,
    read: async () => {
      const address = parseHost(host, secured);
      if (address.kind !== 'tcp' || !secured) return { ...address, ...names };
      const folder = env.DOCKER_CERT_PATH ?? configurationFolder(env);
      return { ...address, ...names, tls: (await tlsFrom(folder, verify)) ?? { verify } };
    },
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
