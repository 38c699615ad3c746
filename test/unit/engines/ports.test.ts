import assert from 'node:assert/strict';
import { choosePorts } from '../../../src/engines/ports.ts';
import { PortClaims } from '../../../src/engines/portClaims.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { exampleSpec } from './embedded/exampleSpec.ts';

/** Gives the wanted port unless it is busy or promised, else the next. */
function chooser(busy: readonly number[]): (wanted: number, taken: ReadonlySet<number>) => Promise<number> {
  return (wanted, taken) => {
    let port = wanted;
    while (busy.includes(port) || taken.has(port)) port += 1;
    return Promise.resolve(port);
  };
}

describe('the ports of a cluster', () => {
  it('are the customary ones where they are free', async () => {
    const { ports, notices } = await choosePorts(2, undefined, new Set(), chooser([]));
    assert.deepEqual([ports.master, ports.airflow], [5050, 8080]);
    assert.deepEqual(notices, []);
    assert.equal(new Set([ports.master, ports.airflow, ports.service, ...ports.agents]).size, 5);
  });

  it('are others where those are in use, and these are named', async () => {
    const { ports, notices } = await choosePorts(1, undefined, new Set([5050]), chooser([8080]));
    assert.notEqual(ports.master, 5050);
    assert.notEqual(ports.airflow, 8080);
    assert.equal(notices.length, 2);
    assert.ok(notices[0]?.includes('5050') && notices[0].includes(String(ports.master)));
    assert.ok(notices[1]?.includes('8080') && notices[1].includes(String(ports.airflow)));
    assert.equal(new Set([ports.master, ports.airflow, ports.service, ...ports.agents]).size, 4);
  });

  it('stay with the cluster', async () => {
    const before = exampleSpec({ master_port: 6060, airflow_port: 9090 });
    const { ports } = await choosePorts(3, before, new Set(), chooser([]));
    assert.deepEqual([ports.master, ports.airflow], [6060, 9090]);
    assert.equal(ports.agents.length, 3);
  });
});

describe('claimed ports', () => {
  it('are given to nobody else until they are released', async () => {
    const folder = await temporaryFolder('ports');
    try {
      const [one, other] = [new PortClaims(folder.path), new PortClaims(folder.path)];
      const port = await one.choose(0, new Set());
      assert.notEqual(await other.choose(port, new Set()), port);
      await one.release();
      assert.equal(await other.choose(port, new Set()), port);
      await other.release();
    } finally {
      await folder.remove();
    }
  });
});
