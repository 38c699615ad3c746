import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError, messageOf } from '../host/errors.ts';
import { secretIn } from '../host/files.ts';
import { choosePort } from '../host/ports.ts';
import { executorLedger } from './agent/executors/executorLedger.ts';
import { endLeftExecutors } from './agent/executors/recovery.ts';
import { endLeftovers } from './agent/leftovers.ts';
import { Ledger } from './agent/ledger.ts';
import { ProcessTable } from './agent/processTable.ts';
import type { Log } from './log.ts';
import { startPart, type Part, type PartEnd } from './part.ts';
import { makeWorkFolder } from './workFolder.ts';

export interface DevMesosOptions {
  /** The bundle, dist/devmesos.cjs (or src/devmesos/main.ts where Node reads TypeScript). */
  readonly program: string;
  /** The Node to run it with; default: this one. */
  readonly node?: string;
  /** Default 2. */
  readonly agents?: number;
  /** The master's; default 5050. In use: another is taken. 0: any that is free. */
  readonly port?: number;
  /** Of each agent; default 4. */
  readonly cpus?: number;
  /** Of each agent, MiB; default 4096. */
  readonly mem?: number;
  /** Of each agent, MiB; default 10240. */
  readonly disk?: number;
  /** Agents run tasks in Docker containers, too. */
  readonly docker?: boolean;
  /** Milliseconds for all to be ready; default 15 000. */
  readonly readyWithin?: number;
  /** Further options of `master` and of each `agent`. */
  readonly masterArguments?: readonly string[];
  readonly agentArguments?: readonly string[];
  /** Gets each line that a part writes to its log. */
  readonly onLog?: (line: string) => void;
}

export interface DevMesosAgent {
  readonly name: string;
  readonly id: string;
  readonly url: string;
  readonly pid: number;
}

/** A dev Mesos that runs. */
export interface DevMesos {
  readonly master: { readonly url: string; readonly port: number; readonly pid: number };
  readonly agents: readonly DevMesosAgent[];
  /** Sandboxes and all else; removed by `stop`. */
  readonly workDir: string;
  /** Resolves when a part ends that was not told to. */
  readonly failed: Promise<PartEnd>;
  /** Ends tasks, agents and master, and removes the work folder. Can be called twice. */
  stop(): Promise<void>;
}

/** Each agent's share of the ports that tasks can be given, so that those of two agents of one machine don't meet. */
const portsPerAgent = 500;

/**
 * Starts a master and agents as child processes and resolves once all agents are registered. The children end with this
 * process, however it ends. Throws ExplainedError, after cleaning up, if one doesn't start.
 */
export async function startDevMesos(options: DevMesosOptions): Promise<DevMesos> {
  const workDir = await makeWorkFolder();
  const secretFile = path.join(workDir, 'mesos.secret');
  const names = Array.from({ length: options.agents ?? 2 }, (_, index) => `agent-${index + 1}`);
  const parts: Part[] = [];
  const stop = async (): Promise<void> => {
    // Agents first: they end their tasks and take leave of the master.
    await Promise.all(parts.filter(({ name }) => name !== 'master').map((part) => part.stop()));
    await Promise.all(parts.map((part) => part.stop()));
    // An agent that was killed left its tasks.
    const table = new ProcessTable();
    const log = options.onLog ?? (() => undefined);
    const ledgers = names.map((name) => new Ledger(path.join(workDir, name)));
    await Promise.all(ledgers.map((ledger) => endLeftovers(ledger, table, log)));
    const executors = names.map((name) => executorLedger(path.join(workDir, name)));
    await Promise.all(executors.map((ledger) => endLeftExecutors(ledger, table, log)));
    if (options.docker) await removeContainers(ledgers, log);
    await rm(workDir, { recursive: true, force: true, maxRetries: 5 });
  };
  let stopping: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => (stopping ??= stop());
  try {
    await secretIn(secretFile);
    const start = (name: string, args: readonly string[]): Part => {
      const part = startPart({
        name,
        node: options.node ?? process.execPath,
        args: [options.program, ...args, '--work-dir', path.join(workDir, name), '--secret-file', secretFile],
        readyWithin: options.readyWithin ?? 15_000,
        ...(options.onLog ? { onLog: options.onLog } : {}),
      });
      parts.push(part);
      return part;
    };
    const { master, agents, ended } = await startAll(options, names, start);
    const failed = Promise.race(ended).then((end) =>
      // Those that `stop` ends are no failures.
      stopping ? new Promise<PartEnd>(() => undefined) : end,
    );
    return { master, agents, workDir, failed, stop: stopOnce };
  } catch (error) {
    await stopOnce();
    throw error;
  }
}

async function removeContainers(ledgers: readonly Ledger[], log: Log): Promise<void> {
  // Docker's client is large, and most don't need it.
  const { removeContainersOf } = await import('./agent/docker/leftovers.ts');
  const ids = await Promise.all(ledgers.map((ledger) => ledger.agentId()));
  try {
    for (const id of ids) if (id) await removeContainersOf(id.value, undefined);
  } catch (error) {
    log(`containers of tasks may be left: ${messageOf(error)}`);
  }
}

async function startAll(
  options: DevMesosOptions,
  names: readonly string[],
  start: (name: string, args: readonly string[]) => Part,
): Promise<Pick<DevMesos, 'master' | 'agents'> & { ended: Promise<PartEnd>[] }> {
  const wanted = options.port ?? 5050;
  const refused = new Set<number>();
  for (let attempt = 0; ; attempt += 1) {
    const port = await choosePort(wanted, refused);
    const master = start('master', ['master', '--port', String(port), ...(options.masterArguments ?? [])]);
    const agents = names.map((name, index) => start(name, agentArguments(options, name, index, port)));
    // All at once: agents try until the master listens.
    const [ready, ...readyAgents] = await Promise.allSettled([
      master.ready,
      ...agents.map((agent) => agent.ready),
    ]);
    if (ready.status === 'rejected' && (await master.portWasInUse()) && attempt < 5) {
      // Somebody took it between our look and the master's start.
      refused.add(port);
      await Promise.all(agents.map((agent) => agent.stop()));
      continue;
    }
    if (ready.status === 'rejected') throw asError(ready.reason);
    return {
      ended: [master, ...agents].map((part) => part.ended),
      master: { url: ready.value.url, port, pid: master.pid },
      agents: readyAgents.map((agent, index) => {
        if (agent.status === 'rejected') throw asError(agent.reason);
        const { url, agent_id: id = '' } = agent.value;
        return { name: names[index] ?? '', id, url, pid: agents[index]?.pid ?? 0 };
      }),
    };
  }
}

function agentArguments(options: DevMesosOptions, name: string, index: number, masterPort: number): string[] {
  const { cpus = 4, mem = 4096, disk = 10_240 } = options;
  const firstPort = 31_000 + index * portsPerAgent;
  const ports =
    firstPort + portsPerAgent <= 65_536 ? `;ports:[${firstPort}-${firstPort + portsPerAgent - 1}]` : '';
  return [
    'agent',
    ...['--name', name],
    ...['--port', '0'],
    ...['--master', `http://127.0.0.1:${masterPort}`],
    ...['--resources', `cpus:${cpus};mem:${mem};disk:${disk}${ports}`],
    ...['--attributes', `name:${name}`],
    ...(options.docker ? ['--containerizers', 'docker,mesos'] : []),
    ...(options.agentArguments ?? []),
  ];
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new ExplainedError(String(reason));
}
