import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const dist = path.join(root, 'dist');

/** The built extension: what a window loads as it opens, and its parts, which are loaded when something needs them. */
export function extensionFiles(): string[] {
  const parts = path.join(dist, 'extension');
  const names = fs.readdirSync(parts).filter((name) => name.endsWith('.cjs'));
  return [path.join(dist, 'extension.cjs'), ...names.map((name) => path.join(parts, name))];
}

/** The names that a file requires, each once. */
export function requiredBy(file: string): string[] {
  const code = fs.readFileSync(file, 'utf8');
  return [...new Set([...code.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map(([, name]) => name ?? ''))];
}

/** What a file was built of, from the top of the project; by its source map. */
export function sourcesOf(file: string): string[] {
  const { sources } = JSON.parse(fs.readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
  return sources
    .map((source) => path.resolve(path.dirname(file), source))
    .filter((source) => fs.existsSync(source))
    .map((source) => path.relative(root, source).replaceAll('\\', '/'));
}
