import { clusterSpec, type ClusterSpec } from '../api/cluster.ts';
import { ExplainedError } from '../host/errors.ts';
import { readIfThere } from '../host/files.ts';
import type { ClusterFolder } from '../host/folders.ts';
import { faultOf } from './http/validate.ts';

/** Reads cluster.json. Throws ExplainedError where it is missing or not as this version has it. */
export async function readSpec(folder: ClusterFolder): Promise<ClusterSpec> {
  const text = await readIfThere(folder.spec);
  if (text === undefined) {
    throw new ExplainedError(`${folder.spec} is missing`, { next: 'mesos-airflow up writes it.' });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notUnderstood(folder, 'it is not JSON');
  }
  const result = clusterSpec.safeParse(value);
  if (result.success) return result.data;
  throw notUnderstood(folder, faultOf(clusterSpec, value) ?? '');
}

function notUnderstood(folder: ClusterFolder, why: string): ExplainedError {
  return new ExplainedError(`${folder.spec} is not understood`, {
    why,
    next: 'mesos-airflow up writes it anew.',
  });
}
