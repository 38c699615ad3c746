import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { promisify } from 'node:util';
import { pack } from 'tar-stream';
import { Readable } from 'node:stream';
import type { DockerEngine } from '../../../src/docker/engine.ts';
import { jsonLines } from '../../../src/docker/jsonLines.ts';

const run = promisify(execFile);
const programs = ['sh', 'cat', 'echo', 'ls', 'sleep', 'stat', 'test', 'touch', 'head', 'tail'];

/**
 * Makes an image of a few megabytes from this machine's own shell and some programs with their libraries; gives its name,
 * a new one each time. Whoever makes it removes it. Needs a Docker Engine on the same kind of machine.
 */
export async function importSmallImage(engine: DockerEngine): Promise<string> {
  const files = new Map<string, string>();
  for (const program of programs) {
    const { stdout } = await run('which', [program]);
    const file = stdout.trim();
    files.set(`bin/${program}`, await fs.realpath(file));
    const { stdout: libraries } = await run('ldd', [file]);
    for (const [, library = ''] of libraries.matchAll(/(\/\S+) \(0x/g)) {
      files.set(library.slice(1), await fs.realpath(library));
    }
  }
  const archive = pack();
  for (const folder of ['tmp', 'etc']) archive.entry({ name: folder, type: 'directory', mode: 0o1777 });
  archive.entry({ name: 'etc/passwd' }, 'root:x:0:0::/:/bin/sh\n');
  for (const [name, file] of files) archive.entry({ name, mode: 0o755 }, await fs.readFile(file));
  archive.finalize();
  const name = `localhost/docker-test/small-${randomBytes(4).toString('hex')}:1`;
  const answer = await engine.docker.importImage(Readable.from(archive, { objectMode: false }), {
    ...{ repo: name, changes: ['LABEL mesos-airflow-test=small'] },
  });
  for await (const line of jsonLines(Readable.from(answer))) {
    if (JSON.stringify(line).includes('"error"')) throw new Error(JSON.stringify(line));
  }
  return name;
}
