import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openOutputs } from '../outputs.ts';
import type { TaskUser } from '../userSwitch.ts';
import type { OutputSink } from './sessionCommand.ts';

const write = promisify(fs.write);

/** `<sandbox>/containers/<nested>`, as on Mesos; `levels`: the values below the root. */
export function nestedSandboxPath(sandbox: string, levels: readonly string[]): string {
  return path.join(sandbox, ...levels.flatMap((value) => ['containers', value]));
}

/** Makes it, and gives it to its user. Throws where one of its folders is not a folder: the task could put a link there. */
export function makeNestedSandbox(
  sandbox: string,
  levels: readonly string[],
  user: TaskUser | undefined,
): string {
  let folder = fs.realpathSync(sandbox);
  for (const [index, value] of levels.entries()) {
    folder = ownFolder(folder, 'containers', false);
    folder = ownFolder(folder, value, index === levels.length - 1);
  }
  if (user) fs.lchownSync(folder, user.uid, user.gid);
  return folder;
}

function ownFolder(parent: string, name: string, isNew: boolean): string {
  const folder = path.join(parent, name);
  if (isNew || !fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o755 });
  if (fs.realpathSync(folder) !== folder) throw new Error(`'${folder}' is not a folder of this sandbox`);
  return folder;
}

/** Removes it, if it is there and a folder of the sandbox. */
export async function removeNestedSandbox(sandbox: string, levels: readonly string[]): Promise<void> {
  const folder = nestedSandboxPath(await fs.promises.realpath(sandbox), levels);
  const real = await fs.promises.realpath(folder).catch(() => undefined);
  if (real === folder) await fs.promises.rm(folder, { recursive: true, force: true });
}

/** Its `stdout` and `stderr`, which take what its command writes. */
export function openNestedOutputs(
  folder: string,
  user: TaskUser | undefined,
): { readonly sink: OutputSink; readonly close: () => void } {
  const files = openOutputs(folder, user);
  return {
    sink: async (type, data) => {
      const file = type === 'STDOUT' ? files.stdout : files.stderr;
      for (let from = 0; from < data.length;) from += (await write(file, data, from)).bytesWritten;
    },
    close: () => {
      fs.closeSync(files.stdout);
      fs.closeSync(files.stderr);
    },
  };
}
