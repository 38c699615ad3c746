import assert from 'node:assert/strict';
import { dockerSpec } from '../../../../src/api/cluster.ts';
import { createOptions, type ContainerPlan } from '../../../../src/engines/docker/containerPlan.ts';
import { labels } from '../../../../src/engines/docker/labels.ts';
import { partFiles } from '../../../../src/engines/docker/partFiles.ts';
import { secretsWith } from '../../../../src/engines/docker/secrets.ts';
import { examplePlan, images } from './examplePlan.ts';

function optionsOf(plans: readonly ContainerPlan[], part: string) {
  const plan = plans.find((each) => each.part === part);
  assert.ok(plan, part);
  return createOptions('try', plan);
}

describe('the plan of a cluster in Docker', () => {
  it('has a container for each part, named and labelled for all to find, and known by its part on the network', () => {
    const { plans } = examplePlan();
    assert.deepEqual(
      plans.map(({ part }) => part),
      ['database', 'service', 'mesos-master', 'agent-1', 'agent-2'].concat([
        'api-server',
        'scheduler',
        'dag-processor',
        'triggerer',
      ]),
    );
    for (const { part } of plans) {
      const options = optionsOf(plans, part);
      assert.equal(options.name, `airflow-on-mesos-try-${part}`);
      assert.equal(options.Labels?.[labels.cluster], 'try');
      assert.equal(options.Labels[labels.part], part);
      const network = options.NetworkingConfig?.EndpointsConfig?.['airflow-on-mesos-try-network'];
      assert.ok(network?.Aliases?.includes(part), part);
    }
  });

  it('publishes three ports, on loopback', () => {
    const { plans } = examplePlan();
    const published = plans.flatMap(({ part }) =>
      Object.entries(optionsOf(plans, part).HostConfig?.PortBindings as Record<string, unknown>).map(
        ([inside, bindings]) => [part, inside, JSON.stringify(bindings)],
      ),
    );
    assert.deepEqual(published, [
      ['service', '7411/tcp', '[{"HostIp":"127.0.0.1","HostPort":"7411"}]'],
      ['mesos-master', '5050/tcp', '[{"HostIp":"127.0.0.1","HostPort":"5050"}]'],
      ['api-server', '8080/tcp', '[{"HostIp":"127.0.0.1","HostPort":"8080"}]'],
    ]);
  });

  it('lets Docker keep every container running, within limits and without rights that it does not need', () => {
    for (const { part } of examplePlan().plans) {
      const host = optionsOf(examplePlan().plans, part).HostConfig;
      assert.ok(host);
      assert.equal(host.RestartPolicy?.Name, 'unless-stopped', part);
      assert.equal(host.Init, true, part);
      assert.notEqual(host.Privileged, true, part);
      assert.deepEqual(host.SecurityOpt, ['no-new-privileges'], part);
      assert.deepEqual(host.CapDrop, ['ALL'], part);
      assert.ok((host.Memory ?? 0) > 0 && host.MemorySwap === host.Memory, part);
      assert.ok((host.PidsLimit ?? 0) > 0, part);
      assert.equal(host.LogConfig?.Type, 'json-file', part);
    }
  });

  it("limits an agent by what it offers, and by the machine's cores", () => {
    const host = optionsOf(examplePlan({ mem: 2048, cpus: 4 }).plans, 'agent-1').HostConfig;
    assert.equal(host?.Memory, (2048 + 512) * 2 ** 20);
    assert.equal(host.NanoCpus, 2e9);
    assert.equal(optionsOf(examplePlan({ cpus: 1 }).plans, 'agent-1').HostConfig?.NanoCpus, 1.5e9);
  });

  it('mounts the DAG folder read-only where DAGs are read or run, and the Docker socket only where tasks need it', () => {
    const mounting = (plans: readonly ContainerPlan[], source: string): [string, boolean][] =>
      plans.flatMap(({ part, mounts }) =>
        mounts.flatMap((mount) =>
          mount.kind === 'bind' && mount.source === source
            ? [[part, mount.readOnly] as [string, boolean]]
            : [],
        ),
      );
    const { plans } = examplePlan({ agents: 1 });
    assert.deepEqual(
      mounting(plans, '/home/me/dags'),
      ['agent-1', 'api-server', 'scheduler', 'dag-processor', 'triggerer'].map((part) => [part, true]),
    );
    assert.deepEqual(mounting(plans, '/var/run/docker.sock'), []);
    const own = examplePlan({ agents: 1, tasks: 'container' });
    assert.deepEqual(
      mounting(own.plans, '/var/run/docker.sock').map(([part]) => part),
      ['agent-1'],
    );
  });

  it('keeps secrets out of all that Docker shows', async () => {
    const { plans, spec } = examplePlan();
    const secrets = await secretsWith(new Map());
    const shown = JSON.stringify(plans.map((plan) => createOptions('try', plan)));
    const all = ['swordfish', secrets.databasePassword, ...secrets.files.values()];
    for (const secret of all) assert.ok(!shown.includes(secret), secret);
    // They are in files for their owners alone, the person's variables among them.
    const files = partFiles(spec, secrets, images.airflow).flatMap((each) => each.files);
    for (const { mode, path } of files) assert.equal(mode & 0o077, 0, path);
    assert.ok(files.some(({ path, content }) => path.endsWith('/env.json') && content.includes('swordfish')));
    assert.ok(
      files.some(
        ({ path, content }) => path.endsWith('/airflow.cfg') && content.includes(secrets.databasePassword),
      ),
    );
  });

  it('gives the same digest for the same plan, and another one to those containers whose plan changed', () => {
    const digests = (
      settings: Parameters<typeof examplePlan>[0],
      before = examplePlan().spec,
    ): Map<string, string> => {
      const { plans } = examplePlan(settings, { before, now: 2000 });
      return new Map(plans.map(({ part }) => [part, optionsOf(plans, part).Labels?.[labels.plan] ?? '']));
    };
    const { spec } = examplePlan();
    const first = digests({}, spec);
    assert.deepEqual(digests({}, spec), first);
    const more = digests({ agents: 3 }, spec);
    assert.equal(more.get('agent-1'), first.get('agent-1'));
    assert.equal(more.get('database'), first.get('database'));
    // Its label has the spec.
    assert.notEqual(more.get('service'), first.get('service'));
    assert.notEqual(digests({ cpus: 1 }, spec).get('agent-1'), undefined);
  });

  it('makes containers anew for another image of the same name', () => {
    const { plans } = examplePlan();
    const [database] = plans;
    assert.ok(database);
    const other = createOptions('try', { ...database, imageId: 'sha256:other' });
    assert.notEqual(other.Labels?.[labels.plan], createOptions('try', database).Labels?.[labels.plan]);
  });

  it('has a spec that the service understands, with all parts but itself and their checks', () => {
    const { spec } = examplePlan({ agents: 1 });
    assert.deepEqual(dockerSpec.parse(JSON.parse(JSON.stringify(spec))), spec);
    assert.deepEqual(
      spec.parts.map(({ name, check }) => [name, check.kind]),
      [
        ['database', 'tcp'],
        ['mesos-master', 'http'],
        ['agent-1', 'http'],
        ['api-server', 'airflow'],
        ['scheduler', 'airflow'],
        ['dag-processor', 'airflow'],
        ['triggerer', 'airflow'],
      ],
    );
  });
});
