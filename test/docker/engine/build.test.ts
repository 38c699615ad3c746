import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { buildImage, type BuildOptions } from '../../../src/docker/build.ts';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { BuildFailed } from '../../../src/docker/errors.ts';
import { findImage } from '../../../src/docker/image.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { importSmallImage } from '../support/smallImage.ts';

describe('building an image', () => {
  const never = new AbortController().signal;
  let engine: DockerEngine;
  let base: string;
  let tag: string;

  before(async () => {
    engine = await findDocker({ env: process.env, signal: never });
    base = await importSmallImage(engine);
  });

  beforeEach(() => (tag = `localhost/docker-test/build-${randomBytes(4).toString('hex')}:1`));

  afterEach(async () => {
    if (await findImage(engine, tag)) await engine.docker.getImage(tag).remove({ force: true });
  });

  after(async () => {
    await engine.docker.getImage(base).remove({ force: true });
  });

  function build(dockerfile: string, options: Partial<BuildOptions> = {}): ReturnType<typeof buildImage> {
    const { context = [], ...rest } = options;
    return buildImage(engine, {
      context: [...context, { path: 'Dockerfile', content: dockerfile }],
      ...{ dockerfile: 'Dockerfile', tag, args: {}, labels: {}, signal: never, ...rest },
    });
  }

  /** Images of no name that were made from the base, by whatever way. */
  async function leftovers(): Promise<string[]> {
    const own = await findImage(engine, base);
    const images = await engine.docker.listImages({ all: true });
    const found = new Set([own?.id ?? '']);
    for (let before = 0; before !== found.size;) {
      before = found.size;
      for (const image of images) if (found.has(image.ParentId)) found.add(image.Id);
    }
    found.delete(own?.id ?? '');
    return [...found];
  }

  it('copies files, takes arguments, and tells each step', async () => {
    const folder = await temporaryFolder('context');
    const file = path.join(folder.path, 'large');
    await fs.writeFile(file, randomBytes(3_000_000));
    const lines: string[] = [];
    try {
      const image = await build(
        ['ARG BASE', 'FROM $BASE', 'COPY files /files', 'RUN cat /files/small && test -x /files/large'].join(
          '\n',
        ),
        {
          context: [
            { path: 'files/small', content: 'schön\n', mode: 0o600 },
            { path: 'files/large', content: { file }, mode: 0o755 },
          ],
          args: { BASE: base },
          labels: { 'mesos-airflow-test': 'build' },
          onProgress: (line) => lines.push(line),
        },
      );
      assert.deepEqual(image.repoTags, [tag]);
      assert.equal(image.labels['mesos-airflow-test'], 'build');
      const base0 = await findImage(engine, base);
      assert.ok(image.size - (base0?.size ?? 0) > 3_000_000);
    } finally {
      await folder.remove();
    }
    // The label is a step too.
    assert.ok(lines.includes('step 3 of 5: COPY files /files'), lines.join('\n'));
    assert.ok(lines.some((line) => line.startsWith('step 4 of 5: cat /files/small && test -x /files/large')));
  });

  it('tells the last line of output', async () => {
    const lines: string[] = [];
    await build(`FROM ${base}\nRUN for i in 1 2 3; do echo line $i; sleep 0.2; done`, {
      onProgress: (line) => lines.push(line),
    });
    assert.equal(lines.at(-1), 'step 2 of 2: for i in 1 2 3; do echo line $i; sleep 0.2; done · line 3');
  });

  it('says which step failed, with its last lines, and leaves nothing', async () => {
    const failing = `FROM ${base}\nRUN echo one > /one\nRUN echo before; echo the cause >&2; exit 3\nRUN true`;
    await assert.rejects(build(failing), (error) => {
      assert.ok(error instanceof BuildFailed);
      assert.equal(error.message, `The image ${tag} could not be built: step 3 of 4 failed`);
      assert.equal(error.step, 'RUN echo before; echo the cause >&2; exit 3');
      assert.deepEqual([...error.lastLines].sort(), ['before', 'the cause']);
      assert.match(error.why ?? '', /the cause[^]*returned a non-zero code: 3/);
      return true;
    });
    assert.deepEqual(await leftovers(), []);
    assert.deepEqual(await containersOf(base), []);
  });

  it('says what is wrong with a Dockerfile', async () => {
    await assert.rejects(build(`FROM ${base}\nFETCH /x`), {
      name: 'BuildFailed',
      why: /unknown instruction: FETCH/i,
    });
    await assert.rejects(build(`FROM ${base}\nCOPY nothing /x`), {
      name: 'BuildFailed',
      step: 'COPY nothing /x',
    });
    await assert.rejects(build('FROM registry.invalid/none:1\nRUN true'), { name: 'RegistryUnreachable' });
  });

  it('says when a file of the context cannot be read', async () => {
    const file = '/nowhere/at/all';
    await assert.rejects(
      build(`FROM ${base}`, { context: [{ path: 'x', content: { file } }] }),
      /ENOENT.*\/nowhere/,
    );
  });

  it('ends the running step when it is cancelled, and leaves nothing', async () => {
    const cancelled = new AbortController();
    const reason = new Error('the person has changed their mind');
    const building = build(`FROM ${base}\nRUN echo one > /one\nRUN echo begun; sleep 600`, {
      signal: cancelled.signal,
      onProgress: (line) => {
        if (line.endsWith('begun')) cancelled.abort(reason);
      },
    });
    await assert.rejects(building, (error) => error === reason);
    await until(async () => (await containersOf(base)).length === 0, { what: 'the end of the container' });
    assert.deepEqual(await leftovers(), []);
  });

  it('leaves no images of stages, but those that the image is made of', async () => {
    const image = await build(
      `FROM ${base} AS first\nRUN echo one > /one\nFROM ${base}\nCOPY --from=first /one /two\nRUN test -e /two`,
    );
    const history = (await engine.docker.getImage(image.id).history()) as { Id: string }[];
    const made = new Set(history.map(({ Id }) => Id));
    assert.deepEqual(
      (await leftovers()).filter((id) => !made.has(id)),
      [],
    );
  });

  /** Containers of the base image and of what was made from it. */
  async function containersOf(name: string): Promise<string[]> {
    const found = await engine.docker.listContainers({ all: true, filters: { ancestor: [name] } });
    return found.map(({ Id }) => Id);
  }
});
