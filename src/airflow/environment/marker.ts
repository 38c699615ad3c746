import path from 'node:path';
import { readIfThere, writePrivateFile } from '../../host/files.ts';

/** What a finished environment says of itself; written last, so that a folder without it is a half-made one. */
export interface EnvironmentNote {
  readonly airflowVersion: string;
  readonly pythonVersion: string;
  readonly packages: number;
}

function markerOf(folder: string): string {
  return path.join(folder, 'mesos-airflow.json');
}

export async function readMarker(folder: string): Promise<EnvironmentNote | undefined> {
  const text = await readIfThere(markerOf(folder));
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || !value) return undefined;
  const { airflowVersion, pythonVersion, packages } = value as Partial<Record<string, unknown>>;
  return typeof airflowVersion === 'string' &&
    typeof pythonVersion === 'string' &&
    typeof packages === 'number'
    ? { airflowVersion, pythonVersion, packages }
    : undefined;
}

export async function writeMarker(folder: string, note: EnvironmentNote): Promise<void> {
  await writePrivateFile(markerOf(folder), `${JSON.stringify(note)}\n`);
}

/** Whether the folder is a finished environment of ours. */
export async function isMarked(folder: string): Promise<boolean> {
  return (await readMarker(folder)) !== undefined;
}
