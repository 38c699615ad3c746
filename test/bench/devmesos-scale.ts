// What a master of a thousand agents and ten thousand tasks of ten frameworks takes: memory, and the time of an allocation
// cycle; then whether a thousand updates a second come to their schedulers and to a subscriber of the operator API, all of them.
// Agents are simulated, each on a link of its own; the master is the real program.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPart } from '../../src/devmesos/part.ts';
import { RecordDecoder } from '../../src/mesos/recordio.ts';
import { bundle } from '../support/bundles.ts';
import { BenchScheduler } from '../support/devmesos/benchScheduler.ts';
import { SimulatedAgents } from '../support/devmesos/simulatedAgents.ts';
import { roomFor, trueTask } from '../support/devmesos/trueTask.ts';
import { rawRequest } from '../support/rawScheduler.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const agents = 1000;
const frameworks = 10;
const tasksEach = 1000;
const updatesPerSecond = 1000;
const seconds = 15;
const secret = 'of this benchmark';

/** Value: the master's memory at its largest, MB; the goal is 500, and 200 ms for an allocation cycle. */
export async function run(): Promise<object> {
  const folder = await temporaryFolder('devmesos-scale');
  await bundle(['devmesos'], folder.path);
  const secretFile = path.join(folder.path, 'secret');
  await writeFile(secretFile, secret);
  await mkdir(path.join(folder.path, 'master'));
  const master = startPart({
    name: 'master',
    node: process.execPath,
    args: [
      ...[path.join(folder.path, 'devmesos.cjs'), 'master', '--port', '0', '--secret-file', secretFile],
      ...['--work-dir', path.join(folder.path, 'master')],
    ],
    readyWithin: 30_000,
  });
  try {
    return await measure((await master.ready).url, master.pid);
  } finally {
    await master.stop();
    await folder.remove();
  }
}

async function measure(master: string, pid: number): Promise<object> {
  const simulated = await SimulatedAgents.register(master, secret, agents);
  const subscriber = await subscribe(master);
  const began = performance.now();
  const schedulers = await Promise.all(
    Array.from({ length: frameworks }, (_, nth) => launchAll(master, `scale-${nth}`)),
  );
  const total = frameworks * tasksEach;
  const reached = () => schedulers.reduce((sum, { running }) => sum + running, 0) === total;
  await until(reached, { limitMs: 300_000, what: `${total} running tasks` });
  const launchSeconds = (performance.now() - began) / 1000;
  await until(() => subscriber.updates === simulated.updatesSent, { what: 'all updates at the subscriber' });

  const before = { sent: simulated.updatesSent, cpu: cpuSeconds(pid), at: performance.now() };
  for (let tick = 0; tick < seconds * 100; tick += 1) {
    simulated.updateSome(updatesPerSecond / 100);
    await delay(Math.max(0, before.at + (tick + 1) * 10 - performance.now()));
  }
  const elapsed = (performance.now() - before.at) / 1000;
  const masterCpu = (cpuSeconds(pid) - before.cpu) / elapsed;
  const received = () => schedulers.reduce((sum, { updates }) => sum + updates, 0);
  const all = () => received() === simulated.updatesSent && subscriber.updates === simulated.updatesSent;
  await until(all, { what: 'all updates at the schedulers and the subscriber' });

  const metrics = JSON.parse((await rawRequest(`${master}/metrics/snapshot`, 'GET')).body) as Record<
    string,
    number
  >;
  const cycle = (part: string): number =>
    Math.round((metrics[`allocator/mesos/allocation_run_ms${part}`] ?? NaN) * 10) / 10;
  const result = {
    ...{ name: 'devmesos-scale', value: Math.round(peakMemory(pid)), unit: 'MB', goal: 500 },
    ...{ ratio: null, ratios: [], agents, frameworks, tasks: total },
    allocation_cycle_ms: { p50: cycle('/p50'), p99: cycle('/p99'), max: cycle('/max') },
    ...{ allocation_cycle_goal: 200, launch_seconds: Math.round(launchSeconds * 10) / 10 },
    updates_per_second: Math.round((simulated.updatesSent - before.sent) / elapsed),
    updates_lost: 2 * simulated.updatesSent - received() - subscriber.updates,
    subscriber_behind_ms: Math.round(subscriber.longestBehind),
    master_cpus_at_these_updates: Math.round(masterCpu * 100) / 100,
  };
  for (const { scheduler } of schedulers) await scheduler.end();
  subscriber.close();
  simulated.close();
  return result;
}

interface Launching {
  readonly scheduler: BenchScheduler;
  running: number;
  updates: number;
}

/** A framework that launches its tasks on whatever it is offered, at most four on each offer, so that they spread. */
async function launchAll(master: string, name: string): Promise<Launching> {
  let launched = 0;
  const counts = { running: 0, updates: 0 };
  const started = new Set<string>();
  const scheduler = await BenchScheduler.subscribe({
    ...{ master, name },
    onOffers: (offers, by) => {
      for (const offer of offers) {
        const count = Math.min(roomFor(offer), 4, tasksEach - launched);
        launched += count;
        if (count > 0)
          by.launch(
            offer,
            Array.from({ length: count }, () => trueTask(offer)),
          );
        else by.decline([offer], 1);
      }
    },
    onUpdate: ({ task_id, state }) => {
      counts.updates += 1;
      if (state !== 'TASK_RUNNING' || started.has(task_id.value)) return;
      started.add(task_id.value);
      counts.running += 1;
    },
  });
  return Object.assign(counts, { scheduler });
}

interface Subscriber {
  updates: number;
  /** Milliseconds that an update was at most on its way. */
  longestBehind: number;
  close(): void;
}

/** Follows the operator API's stream. */
async function subscribe(master: string): Promise<Subscriber> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${master}/api/v1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      agent: false,
    });
    const subscriber: Subscriber = { updates: 0, longestBehind: 0, close: () => request.destroy() };
    request.on('error', reject);
    request.on('response', (response) => {
      const decoder = new RecordDecoder((record) => {
        const event = JSON.parse(record.toString()) as {
          type: string;
          task_updated?: { status: { timestamp: number } };
        };
        if (!event.task_updated) return;
        subscriber.updates += 1;
        const behind = Date.now() - event.task_updated.status.timestamp * 1000;
        subscriber.longestBehind = Math.max(subscriber.longestBehind, behind);
      });
      response.on('data', (chunk: Buffer) => decoder.push(chunk));
      response.on('error', () => undefined);
      resolve(subscriber);
    });
    request.end('{"type":"SUBSCRIBE"}');
  });
}

/** MB, the most that it ever had. */
function peakMemory(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
