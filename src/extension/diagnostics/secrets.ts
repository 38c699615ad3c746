import fs from 'node:fs/promises';
import path from 'node:path';
import type { ClusterSpec } from '../../api/cluster.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { readIfThere } from '../../host/files.ts';
import { codeOf } from '../../host/errors.ts';
import { resolveWhatCanBe } from '../../host/secretReference.ts';

/** A program that prints a secret may wait for a person, who has asked for something else. Milliseconds. */
const commandLimitMs = 10_000;

/**
 * All secrets of a cluster that can be found on this machine, as their values: its tokens, passwords, the person's
 * variables, and what their references lead to.
 */
export async function secretsOf(folder: ClusterFolder, spec: ClusterSpec | undefined): Promise<string[]> {
  const { env = {}, secrets: references = {} } = spec?.airflow ?? {};
  const { secrets } = await resolveWhatCanBe(references, { env: process.env, limitMs: commandLimitMs });
  const texts = await Promise.all((await filesIn(folder.secrets)).map((file) => readIfThere(file)));
  const values = texts.flatMap((text) => (text === undefined ? [] : [text, ...wordsOf(text)]));
  return [...values, ...Object.values(env), ...Object.values(secrets)];
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(folder, entry.name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** What could be a secret by its length, of a file that holds more than one: lines, JSON's strings. */
function wordsOf(text: string): string[] {
  return text.split(/[\s"',:{}[\]]+/).filter((word) => word.length >= 16);
}
