import fs from 'node:fs/promises';
import path from 'node:path';
import type { ClusterFolder } from '../../host/folders.ts';
import { readIfThere } from '../../host/files.ts';
import { codeOf } from '../../host/errors.ts';

/** All secrets of a cluster that lie on this machine, as their values: its tokens, passwords, and the person's variables. */
export async function secretsOf(
  folder: ClusterFolder,
  variables: Readonly<Record<string, string>>,
): Promise<string[]> {
  const texts = await Promise.all((await filesIn(folder.secrets)).map((file) => readIfThere(file)));
  const values = texts.flatMap((text) => (text === undefined ? [] : [text, ...wordsOf(text)]));
  return [...values, ...Object.values(variables)];
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
