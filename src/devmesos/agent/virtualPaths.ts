import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../host/errors.ts';

/** What a client's path leads to. */
export type Resolved =
  | { readonly kind: 'file'; readonly real: string }
  /** Nothing there, or nothing that this agent shows. */
  | { readonly kind: 'missing' }
  /** Leads out of the sandbox. */
  | { readonly kind: 'inaccessible' };

const missing: Resolved = { kind: 'missing' };

/**
 * Finds what a client may see: sandboxes, under their absolute path or as `/frameworks/<f>/executors/<e>/runs/latest`, and
 * what is in them, but nothing that a `..` or a symbolic link leads to outside.
 */
export async function resolvePath(workDir: string, agentId: string, asked: string): Promise<Resolved> {
  if (asked.includes('\0')) return missing;
  const place = sandboxOf(workDir, agentId, asked);
  if (!place) return missing;
  const root = await realPath(place.root);
  if (root === undefined || !isWithin(await fs.realpath(workDir), root)) return missing;
  const target = path.join(root, place.rest);
  const real = await realPath(target);
  if (real !== undefined) return isWithin(root, real) ? { kind: 'file', real } : { kind: 'inaccessible' };
  // Nor is it told what there isn't, outside.
  return isWithin(root, await nearest(target)) ? missing : { kind: 'inaccessible' };
}

/** Undefined where there is nothing, or nothing that we may look at. */
async function realPath(file: string): Promise<string | undefined> {
  try {
    return await fs.realpath(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'].includes(codeOf(error) ?? ''))
      return undefined;
    throw error;
  }
}

/** The innermost folder on the way to a file that there is. */
async function nearest(file: string): Promise<string> {
  const parent = path.dirname(file);
  return (await realPath(parent)) ?? nearest(parent);
}

/** The sandbox that a path begins with, and the rest. */
function sandboxOf(
  workDir: string,
  agentId: string,
  asked: string,
): { root: string; rest: string } | undefined {
  const base = path.join(workDir, 'slaves', agentId);
  const isVirtual = asked.startsWith('/frameworks/');
  if (!isVirtual && !asked.startsWith(`${base}/frameworks/`)) return undefined;
  const parts = (isVirtual ? asked : asked.slice(base.length)).split('/').filter((part) => part !== '');
  const [frameworks, framework, executors, executor, runs, run, ...rest] = parts;
  const names = [framework, executor, run];
  if (frameworks !== 'frameworks' || executors !== 'executors' || runs !== 'runs') return undefined;
  if (names.some((name) => name === undefined || name === '.' || name === '..')) return undefined;
  // The short form is for the newest run only, the long one for each by its id.
  if (isVirtual !== (run === 'latest')) return undefined;
  const root = path.join(base, 'frameworks', framework ?? '', 'executors', executor ?? '', 'runs', run ?? '');
  return { root, rest: rest.join('/') };
}

function isWithin(root: string, real: string): boolean {
  return real === root || real.startsWith(`${root}${path.sep}`);
}
