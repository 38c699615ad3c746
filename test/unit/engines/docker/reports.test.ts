import assert from 'node:assert/strict';
import type { PartReport } from '../../../../src/api/people.ts';
import { ServiceProblem, ServiceUnreachable } from '../../../../src/client/errors.ts';
import { Reports } from '../../../../src/engines/docker/reports.ts';
import { until } from '../../../support/until.ts';

const report: PartReport = { state: 'exited', detail: 'exit status 137', at: 5000 };

describe('reports to the service', () => {
  it('reach it in order once it is back, and are not repeated where it refuses one', async () => {
    const told: [string, PartReport][] = [];
    let attempts = 0;
    const reports = new Reports(() => {
      attempts += 1;
      if (attempts < 3) return Promise.reject(new ServiceUnreachable({ url: 'http://x' }, 'away'));
      return Promise.resolve({
        reportPart: (part: string, given: PartReport) => {
          if (part === 'unknown') return Promise.reject(new ServiceProblem(404, { error: 'no such part' }));
          told.push([part, given]);
          return Promise.resolve();
        },
      });
    }, new AbortController().signal);
    for (const part of ['agent-1', 'unknown', 'scheduler']) reports.tell(part, report);
    await until(() => told.length === 2);
    assert.deepEqual(told, [
      ['agent-1', report],
      ['scheduler', report],
    ]);
  });

  it('say nothing of a part that was stopped and started again while the service was away', async () => {
    const told: [string, PartReport['state']][] = [];
    let away = true;
    const reports = new Reports(() => {
      if (away) return Promise.reject(new ServiceUnreachable({ url: 'http://x' }, 'away'));
      return Promise.resolve({
        reportPart: (part: string, { state }: PartReport) => {
          told.push([part, state]);
          return Promise.resolve();
        },
      });
    }, new AbortController().signal);
    for (const part of ['agent-1', 'scheduler']) reports.tell(part, report);
    reports.tell('scheduler', { state: 'running', detail: 'was started', at: 6000 });
    away = false;
    await until(() => told.length === 2);
    assert.deepEqual(told, [
      ['agent-1', 'exited'],
      ['scheduler', 'running'],
    ]);
  });

  it('are given up with the watch', async () => {
    const left = new AbortController();
    let attempts = 0;
    const reports = new Reports(() => {
      attempts += 1;
      left.abort();
      return Promise.reject(new ServiceUnreachable({ url: 'http://x' }, 'away'));
    }, left.signal);
    reports.tell('agent-1', report);
    await until(() => attempts === 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(attempts, 1);
  });
});
