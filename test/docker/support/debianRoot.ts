import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export const suite = 'bookworm';
export const packages = ['ca-certificates', 'procps', 'python3', 'python3-venv'];

/** A Debian by its release, with packages beside the least. */
export interface DebianRecipe {
  readonly suite: string;
  readonly packages: readonly string[];
}

/** Makes a gzipped tar of a small Debian from the packages of this machine's own mirror: some two minutes. */
export async function makeDebianRoot(
  file: string,
  onProgress: (detail: string) => void,
  recipe: DebianRecipe = { suite, packages },
): Promise<void> {
  const folder = `${file}.root`;
  const partial = `${file}.${process.pid}.tmp`;
  await fs.rm(folder, { recursive: true, force: true });
  try {
    await debootstrap(folder, await mirror(), recipe, onProgress);
    for (const leftover of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) {
      await emptyFolder(path.join(folder, leftover));
    }
    onProgress('packing');
    const tar = spawn('tar', ['-C', folder, '--numeric-owner', '-c', '.'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = exitOf(tar, 'tar');
    await pipeline(tar.stdout, createGzip({ level: 1 }), createWriteStream(partial));
    await ended;
    await fs.rename(partial, file);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
    await fs.rm(partial, { force: true });
  }
}

async function debootstrap(
  folder: string,
  from: string,
  recipe: DebianRecipe,
  onProgress: (detail: string) => void,
): Promise<void> {
  const args = ['--variant=minbase', `--include=${recipe.packages.join(',')}`, recipe.suite, folder, from];
  // By the package's own path: a person's PATH may lack the system's programs, and debootstrap needs them too.
  const env = { ...process.env, PATH: `/usr/sbin:/sbin:/usr/bin:/bin:${process.env.PATH ?? ''}` };
  const child = spawn('debootstrap', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-2000);
      const line = text.trimEnd().split('\n').at(-1);
      if (line) onProgress(line);
    });
  }
  await exitOf(child, 'debootstrap', () => last);
}

/** The Debian mirror that this machine's own package sources name. */
async function mirror(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const listed = await fs.readdir(folder).catch(() => []);
  for (const file of ['/etc/apt/sources.list', ...listed.map((name) => path.join(folder, name))]) {
    const text = await fs.readFile(file, 'utf8').catch(() => '');
    const found = /^(?:URIs:|deb\s(?:\[[^\]]*\]\s*)?)\s*(https?:\/\/\S*\/debian\/?)(?=\s|$)/m.exec(text)?.[1];
    if (found) return found;
  }
  return 'http://deb.debian.org/debian';
}

async function emptyFolder(folder: string): Promise<void> {
  for (const entry of await fs.readdir(folder)) {
    await fs.rm(path.join(folder, entry), { recursive: true, force: true });
  }
}

function exitOf(child: ReturnType<typeof spawn>, name: string, output?: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${name} ended with ${status}${output ? `:\n${output()}` : ''}`));
    });
  });
}
