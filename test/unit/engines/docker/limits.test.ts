import assert from 'node:assert/strict';
import { agentLimits, checkMemory, DockerTooSmall } from '../../../../src/engines/docker/limits.ts';

describe('what a Docker Engine can carry', () => {
  const agents = (count: number, mem: number) => Array.from({ length: count }, () => ({ cpus: 1, mem }));

  it('is refused where it is too small for Airflow itself, with the numbers', () => {
    assert.throws(
      () => checkMemory(agents(1, 512), 2048),
      (error: unknown) => {
        assert.ok(error instanceof DockerTooSmall);
        assert.match(error.why ?? '', /2 GB.*2.5 GB/);
        assert.match(error.next ?? '', /embedded/);
        return true;
      },
    );
  });

  it('is refused an agent larger than itself, and told of one that fits', () => {
    assert.throws(
      () => checkMemory(agents(2, 16_384), 8192),
      (error: unknown) => {
        assert.ok(error instanceof DockerTooSmall);
        assert.match(error.next ?? '', /--mem 2816/);
        return true;
      },
    );
  });

  it('may be promised more than it has, but that is told', () => {
    assert.deepEqual(checkMemory(agents(2, 4096), 24_000), []);
    const [told] = checkMemory(agents(2, 4096), 8192);
    assert.match(told ?? '', /8 GB together/);
  });

  it('limits agents that only start containers by themselves alone', () => {
    const size = { cpus: 4, mem: 8192 };
    assert.deepEqual(agentLimits(size, 'container', 8), { memoryMb: 512, processes: 1024 });
    assert.deepEqual(agentLimits(size, 'agent', 8), { memoryMb: 8704, cpus: 4.5, processes: 4096 });
  });
});
