import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { buildImage } from '../../../src/docker/build.ts';
import { ensureAirflowImage, type AirflowImage } from '../../../src/engines/docker/images/airflow.ts';
import type { ImageContext } from '../../../src/engines/docker/images/context.ts';
import { ensureDevAgentImage, ensureMesosImage } from '../../../src/engines/docker/images/mesos.ts';
import { UnfitAirflowImage } from '../../../src/engines/docker/images/ownImage.ts';
import { airflowUser } from '../../../src/engines/docker/images/person.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { ImageTests } from '../support/imageContext.ts';

describe("a cluster's images", () => {
  let tests: ImageTests;
  let ctx: ImageContext;
  let airflow: AirflowImage;

  before(async function () {
    this.timeout(900_000);
    tests = await ImageTests.prepare({ bundles: true });
    ({ ctx } = tests);
    airflow = await ensureAirflowImage(ctx);
  });

  after(() => tests.remove());

  /** What an image is of, by the tag of its foundation. */
  async function foundation(image: string): Promise<string | undefined> {
    const { Config } = await ctx.engine.docker.getImage(image).inspect();
    return (Config.Labels as Record<string, string>)['mesos-airflow.from'];
  }

  it('hold Airflow with our package and the drivers for its database, compiled, for a user who is not root', async () => {
    const { output, status } = await tests.run(airflow.image, [
      'sh',
      '-c',
      `id -un && id -u && id -g && ${airflow.python} -c '
import airflow_mesos.executor, airflow, asyncpg, psycopg2, sys
print(airflow.__version__)
for module in (sys.modules["airflow_mesos.executor"], airflow, asyncpg, psycopg2):
    import os; assert os.path.exists(module.__cached__), module
' && touch /var/lib/airflow/mine && ! touch /opt/mesos-airflow/venv/mine 2>/dev/null && printenv PYTHONDONTWRITEBYTECODE | wc -c`,
    ]);
    assert.equal(status, 0, output);
    assert.deepEqual(output.split('\n').slice(0, 3), ['airflow', String(airflowUser()), '0']);
    assert.ok(output.includes(airflow.airflowVersion), output);
    // Set to nothing, which Python takes for unset.
    assert.ok(output.endsWith('\n1'), output);
  });

  it('are found again without a build', async () => {
    const started = performance.now();
    const again = await ensureAirflowImage(ctx);
    assert.deepEqual(again, { ...airflow, reused: true });
    assert.ok(performance.now() - started < 5000);
  });

  it("take the workspace's requirements without Airflow being installed again, and keep nothing of how they came", async () => {
    const workspace = path.join(tests.home, 'workspace');
    await fs.mkdir(workspace, { recursive: true });
    await fs.writeFile(path.join(workspace, 'requirements.txt'), '-r more.txt\n');
    await fs.writeFile(path.join(workspace, 'more.txt'), 'iniconfig==2.1.0  # small, and needs nothing\n');
    const env = { ...ctx.env, UV_INDEX_ELSEWHERE_PASSWORD: 'a-password-of-the-tests' };
    const before = tests.told.length;
    const image = await ensureAirflowImage({ ...ctx, env, workspace });
    tests.remember(image.image);
    assert.equal(image.reused, false);
    assert.equal(await foundation(image.image), await foundation(airflow.image));
    assert.ok(!tests.told.slice(before).some((line) => line.startsWith('Airflow 3')));
    assert.ok(
      tests.told.slice(before).some((line) => /step \d+ of \d+: .*install\.py requirements/.test(line)),
    );

    const script = `${airflow.python} -c 'import iniconfig, airflow, os; assert os.path.exists(iniconfig.__cached__)' && ls -A / /build /root; ! grep -rl a-password-of-the-tests /opt /etc /home /root /tmp /var /added /build 2>/dev/null`;
    const { output, status } = await tests.run(image.image, ['sh', '-c', script], { User: 'root' });
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /^(build|added)$/m);
    const history = JSON.stringify(await ctx.engine.docker.getImage(image.id).history());
    const { Config } = await ctx.engine.docker.getImage(image.id).inspect();
    assert.doesNotMatch(history + JSON.stringify(Config), /a-password-of-the-tests|_INDEX|PROXY|ca\.pem/i);
    await fs.rm(workspace, { recursive: true });
  });

  it('are refused where requirements contradict Airflow, with the line that does', async () => {
    const workspace = path.join(tests.home, 'workspace');
    await fs.mkdir(workspace, { recursive: true });
    await fs.writeFile(path.join(workspace, 'requirements.txt'), 'iniconfig==2.1.0\nattrs<20\n');
    await assert.rejects(ensureAirflowImage({ ...ctx, workspace }), (error: unknown) => {
      assert.ok(error instanceof ExplainedError);
      assert.match(error.message, /requirements\.txt, line 2: attrs<20/);
      assert.match(error.why ?? '', /Airflow is locked to attrs/);
      return true;
    });
    await fs.rm(workspace, { recursive: true });
  });

  it('hold the service and the dev Mesos, and the agent both Node and Airflow', async () => {
    const mesos = await ensureMesosImage(ctx);
    const agent = await ensureDevAgentImage(ctx, airflow);
    // Of the sources of this moment: no other run will want them.
    for (const { image, reused } of [agent, mesos]) if (!reused) tests.remember(image);
    const service = await tests.run(mesos.image, ['sh', '-c', 'id -un; node /opt/mesos-airflow/service.cjs']);
    assert.match(service.output, /^mesos-airflow\n.*--cluster/s);
    const both = `node /opt/mesos-airflow/devmesos.cjs --version; ${airflow.python} -c 'import airflow_mesos.task'; id -u`;
    const { output, status } = await tests.run(agent.image, ['sh', '-c', both]);
    assert.equal(status, 0, output);
    assert.ok(output.endsWith('\n0'), output);
    const { Config } = await ctx.engine.docker.getImage(agent.image).inspect();
    assert.deepEqual((Config.Healthcheck as { Test: string[] } | undefined)?.Test, ['NONE']);
  });

  describe("from a person's own", () => {
    /** An image of theirs; removed at the end. */
    async function theirs(dockerfile: string): Promise<string> {
      const tag = tests.remember(`${tests.name()}:theirs`);
      await buildImage(ctx.engine, {
        context: [{ path: 'Dockerfile', content: dockerfile }],
        ...{ dockerfile: 'Dockerfile', tag, args: {}, labels: {}, network: 'host', signal: ctx.signal },
      });
      return tag;
    }

    const using = (image: string): Promise<AirflowImage> =>
      ensureAirflowImage({ ...ctx, settings: { ...ctx.settings, airflowImage: image } });

    it('have our package beside theirs, whatever theirs is started with', async () => {
      // As in Apache's: another place, a user `airflow`, an entry point.
      const base = await foundation(airflow.image);
      const own = await theirs(`FROM ${base ?? ''}
RUN useradd --uid 50000 --gid 0 --create-home airflow \\
 && ln -s /opt/mesos-airflow/venv /home/airflow/.local
ENV PATH=/home/airflow/.local/bin:/usr/bin:/bin
USER 50000
ENTRYPOINT ["false"]
HEALTHCHECK CMD false
`);
      const image = await using(own);
      tests.remember(image.image);
      assert.equal(image.python, '/home/airflow/.local/bin/python');
      assert.equal(image.airflowVersion, airflow.airflowVersion);
      assert.equal(await foundation(image.image), '');
      const { output, status } = await tests.run(image.image, [
        ...[
          image.python,
          '-c',
          'import airflow_mesos.executor, os; print(os.getuid(), os.environ["AIRFLOW_HOME"])',
        ],
      ]);
      assert.equal(status, 0, output);
      assert.match(output, /50000 \/var\/lib\/airflow$/);
    });

    it('are refused with all that theirs lacks', async () => {
      await assert.rejects(using(ctx.settings.pythonImage ?? ''), (error: unknown) => {
        assert.ok(error instanceof UnfitAirflowImage);
        assert.match(error.why ?? '', /no Airflow \(pip install.*no psycopg2-binary and no asyncpg/);
        return true;
      });
      const empty = await theirs('FROM scratch\nENV EMPTY=yes\nCMD ["/none"]\n');
      await assert.rejects(using(empty), (error: unknown) => {
        assert.ok(error instanceof UnfitAirflowImage);
        assert.match(error.why ?? '', /No program of it can be run here: .*sh/);
        return true;
      });
    });
  });
});
