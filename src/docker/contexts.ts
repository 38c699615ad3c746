import { createHash } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod/mini';
import { readIfThere } from '../host/files.ts';
import { configurationFolder, readJson } from './configuration.ts';
import { parseHost, type Candidate, type TlsMaterial } from './endpoint.ts';

const metadata = z.object({
  Name: z.string(),
  Endpoints: z.object({
    docker: z.optional(
      z.object({ Host: z.optional(z.string()), SkipTLSVerify: z.optional(z.nullable(z.boolean())) }),
    ),
  }),
});

/** A context that is chosen but not there, or has no endpoint for Docker. */
export class ContextMissing extends Error {
  override readonly name = 'ContextMissing';
}

/**
 * A context of Docker's client, by name, with its TLS files. `source` is where the choice was made. Throws ContextMissing,
 * ConfigurationUnreadable or HostNotSupported.
 */
export async function readContext(
  contextName: string,
  source: string,
  env: NodeJS.ProcessEnv,
): Promise<Candidate> {
  const contexts = path.join(configurationFolder(env), 'contexts');
  const id = createHash('sha256').update(contextName).digest('hex');
  const found = await readJson(path.join(contexts, 'meta', id, 'meta.json'), metadata);
  if (!found) throw new ContextMissing(`there is no context named ${contextName} in ${contexts}`);
  const endpoint = found.Endpoints.docker;
  if (!endpoint?.Host) throw new ContextMissing(`the context ${contextName} names no Docker Engine`);
  const verify = endpoint.SkipTLSVerify !== true;
  const tls = await tlsFrom(path.join(contexts, 'tls', id, 'docker'), verify);
  const candidate = parseHost(endpoint.Host, tls !== undefined);
  const isTcp = candidate.kind === 'tcp';
  return { ...candidate, name: `context ${contextName}`, source, ...(isTcp && tls ? { tls } : {}) };
}

/** TLS files of a folder by their usual names; undefined where there is none of them. */
export async function tlsFrom(folder: string, verify: boolean): Promise<TlsMaterial | undefined> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readIfThere(path.join(folder, name))),
  );
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return {
    verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
