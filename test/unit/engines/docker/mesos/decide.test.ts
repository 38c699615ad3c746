import assert from 'node:assert/strict';
import { decide, type DecideOptions } from '../../../../../src/engines/docker/mesos/decide.ts';
import type { ImageState } from '../../../../../src/engines/docker/mesos/imageSource.ts';
import { MesosImagesUnsuited, UnknownMesosPreset } from '../../../../../src/engines/docker/mesos/errors.ts';
import { rejection } from './rejection.ts';

const host = { provider: 'Docker Engine', arch: 'amd64', cgroupVersion: 2 } as const;
const here: ImageState = { kind: 'present', architecture: 'amd64' };

function options(more: Partial<DecideOptions>): DecideOptions {
  return {
    host,
    settings: {},
    agents: 2,
    ask: () => Promise.resolve(here),
    signal: new AbortController().signal,
    ...more,
  };
}

function neverAsks(): Promise<ImageState> {
  return Promise.reject(new Error('no image is to be asked for'));
}

describe('choosing whose Mesos runs', () => {
  describe('auto', () => {
    it("takes Apache's images where they are here, and says so", async () => {
      const choice = await decide(options({}));
      assert.equal(choice.distribution, 'apache');
      assert.equal(choice.preset, 'mesosphere');
      assert.deepEqual(choice.images, {
        master: 'mesosphere/mesos-master:1.7.1',
        agent: 'mesosphere/mesos-slave:1.7.1',
      });
      assert.match(choice.why, /can be had, and suit/);
      assert.match(choice.limits.join(' '), /measures what tasks use and doesn't limit/);
    });

    it('takes them where a registry offers them for this processor', async () => {
      const choice = await decide(
        options({ ask: () => Promise.resolve({ kind: 'offered', architectures: ['amd64', 'arm64'] }) }),
      );
      assert.equal(choice.distribution, 'apache');
    });

    for (const [title, state, expected] of [
      ['are nowhere', { kind: 'missing' }, /neither here nor at its registry/],
      [
        'cannot be asked for',
        { kind: 'unreachable', why: 'its registry cannot be reached' },
        /cannot be reached/,
      ],
      ['are here for another processor', { kind: 'present', architecture: 'arm64' }, /for arm64 only/],
      ['are offered for another processor', { kind: 'offered', architectures: ['s390x'] }, /for s390x only/],
    ] as const) {
      it(`takes our own where they ${title}, and says why`, async () => {
        const choice = await decide(options({ ask: () => Promise.resolve(state) }));
        assert.equal(choice.distribution, 'dev');
        assert.match(choice.why, expected);
      });
    }

    it('takes our own where one of the two images is missing', async () => {
      const choice = await decide(
        options({
          ask: (image) => Promise.resolve(image.includes('slave') ? { kind: 'missing' } : here),
        }),
      );
      assert.match(choice.why, /mesos-slave:1\.7\.1 is neither here/);
    });

    it('asks for nothing where the processor is another one', async () => {
      const choice = await decide(options({ host: { ...host, arch: 'arm64' }, ask: neverAsks }));
      assert.equal(choice.distribution, 'dev');
      assert.match(choice.why, /made for amd64, and this Docker Engine runs arm64/);
    });

    it('asks for nothing where Podman runs', async () => {
      const choice = await decide(options({ host: { ...host, provider: 'Podman' }, ask: neverAsks }));
      assert.match(choice.why, /Podman/);
    });

    it('takes no emulation', async () => {
      const choice = await decide(
        options({ host: { ...host, arch: 'arm64' }, settings: { platform: 'linux/amd64' }, ask: neverAsks }),
      );
      assert.match(choice.why, /emulated/);
    });

    it('never takes a privileged preset', async () => {
      const settings = { distribution: 'auto', mesosPreset: 'clusterd-mini' } as const;
      const choice = await decide(options({ settings, agents: 1, ask: neverAsks }));
      assert.equal(choice.distribution, 'dev');
      assert.match(choice.why, /privileged/);
    });

    it('waits for a registry no longer than its limit', async () => {
      const started = performance.now();
      const choice = await decide(
        options({
          limitMs: 50,
          ask: (_, signal) =>
            new Promise((resolve) =>
              signal.addEventListener('abort', () =>
                resolve({ kind: 'unreachable', why: 'its registry did not answer in time' }),
              ),
            ),
        }),
      );
      assert.ok(performance.now() - started < 2000);
      assert.match(choice.why, /did not answer in time/);
    });

    it('ends with the caller', async () => {
      const ending = new AbortController();
      const ask = async (): Promise<ImageState> => {
        ending.abort(new Error('given up'));
        return await Promise.resolve({ kind: 'missing' });
      };
      assert.match((await rejection(decide(options({ signal: ending.signal, ask })))).message, /given up/);
    });
  });

  describe('what a cluster had before', () => {
    const before = { distribution: 'dev', preset: null, why: 'Our own: offline that day.' } as const;

    it('stays, though the images can be had by now', async () => {
      const choice = await decide(options({ before, ask: neverAsks }));
      assert.equal(choice.distribution, 'dev');
      assert.equal(choice.why, before.why);
    });

    it('stays where auto is asked for again', async () => {
      const choice = await decide(options({ before, settings: { distribution: 'auto' }, ask: neverAsks }));
      assert.equal(choice.distribution, 'dev');
    });

    it("stays Apache's, with its images", async () => {
      const images = { master: 'registry.example/master:1', agent: 'registry.example/agent:1' };
      const choice = await decide(
        options({
          before: { distribution: 'apache', preset: 'mesosphere', why: 'Asked for.', images },
          ask: neverAsks,
        }),
      );
      assert.equal(choice.distribution, 'apache');
      assert.deepEqual(choice.images, images);
      assert.equal(choice.why, 'Asked for.');
    });

    it('changes where another one is asked for', async () => {
      const choice = await decide(options({ before, settings: { distribution: 'apache' }, ask: neverAsks }));
      assert.equal(choice.distribution, 'apache');
    });
  });

  describe('apache', () => {
    it('is refused with the reason where it cannot run', async () => {
      const error = await rejection(
        decide(options({ host: { ...host, arch: 'arm64' }, settings: { distribution: 'apache' } })),
      );
      assert.ok(error instanceof MesosImagesUnsuited);
      assert.match(error.why ?? '', /made for amd64/);
      assert.match(error.next ?? '', /--mesos dev/);
    });

    it('runs emulated where its platform is named, and says that it is slow', async () => {
      const choice = await decide(
        options({
          host: { ...host, arch: 'arm64' },
          settings: { distribution: 'apache', platform: 'linux/amd64' },
        }),
      );
      assert.equal(choice.platform, 'linux/amd64');
      assert.match(choice.limits.join(' '), /emulated on arm64/);
    });

    it('is what whoever names images of their own wants', async () => {
      const choice = await decide(options({ settings: { agentImage: 'mine:1' }, ask: neverAsks }));
      assert.equal(choice.distribution, 'apache');
      assert.deepEqual(choice.images, { master: 'mesosphere/mesos-master:1.7.1', agent: 'mine:1' });
      assert.match(choice.why, /images of your own/);
    });

    it('runs a privileged preset where it is named, and says what that means', async () => {
      const choice = await decide(options({ settings: { mesosPreset: 'clusterd-mini' }, agents: 1 }));
      assert.equal(choice.distribution === 'apache' && choice.layout, 'all-in-one');
      assert.match(choice.limits.join(' '), /privileged/);
    });

    for (const [title, more, expected] of [
      ['a second agent beside an all-in-one', { settings: { mesosPreset: 'clusterd-mini' } }, /2 agents/],
      [
        'an all-in-one of cgroup version 1 on version 2',
        { settings: { mesosPreset: 'apache-mini' }, agents: 1 },
        /version 1, and this Docker Engine has version 2/,
      ],
      [
        "containers for tasks on cgroup version 2: Apache's containerizer refuses it",
        { settings: { distribution: 'apache', tasks: 'container' } },
        /'cpu' of version 1/,
      ],
      [
        'containers for tasks where the docker program is too old',
        {
          host: { ...host, cgroupVersion: 1, minApiVersion: '1.44' },
          settings: { distribution: 'apache', tasks: 'container' },
        },
        /from API 1\.44 on: the docker program in the image speaks up to 1\.29/,
      ],
      [
        'containers for tasks where there is no docker program',
        { settings: { mesosPreset: 'apache-centos', tasks: 'container' } },
        /no docker program/,
      ],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const error = await rejection(decide(options(more)));
        assert.ok(error instanceof MesosImagesUnsuited);
        assert.match(error.why ?? '', expected);
      });
    }

    it('gives tasks containers of their own on cgroup version 1', async () => {
      const choice = await decide(
        options({
          host: { ...host, cgroupVersion: 1, minApiVersion: '1.24' },
          settings: { distribution: 'apache', tasks: 'container' },
        }),
      );
      assert.equal(choice.distribution, 'apache');
      assert.deepEqual(choice.limits, []);
    });

    it('tells of a preset that does not exist', async () => {
      const error = await rejection(decide(options({ settings: { mesosPreset: 'mesos' } })));
      assert.ok(error instanceof UnknownMesosPreset);
      assert.match(error.next ?? '', /mesosphere, apache-centos/);
    });
  });
});
