import type { Context } from '../../../src/cli/context.ts';
import type { Engines } from '../../../src/cli/engines.ts';
import { Interrupts } from '../../../src/cli/interrupts.ts';
import type { Engine, EngineName } from '../../../src/engines/engine.ts';
import type { ListedCluster } from '../../../src/engines/list.ts';
import { terminalDouble } from './terminalDouble.ts';

/** An engine that lists what it is told to, and can do nothing else. */
export function engineDouble(
  name: EngineName,
  list: (signal: AbortSignal) => Promise<ListedCluster[]> = () => Promise.resolve([]),
): Engine {
  const cannot = (): never => {
    throw new Error('this engine only lists');
  };
  return {
    name,
    list,
    capabilities: { startsMesos: true, startsAirflow: true },
    up: cannot,
    down: cannot,
    delete: cannot,
    kill: cannot,
    holdings: cannot,
    connect: cannot,
    partLog: cannot,
  };
}

export function listed(name: string, changed: Partial<ListedCluster> = {}): ListedCluster {
  return {
    name,
    state: 'ready',
    engine: 'docker',
    agents: 2,
    airflow_url: 'http://127.0.0.1:8080',
    master_url: 'http://127.0.0.1:5050',
    dags_folder: '/home/someone/dags',
    problem: null,
    ...changed,
  };
}

export interface ContextChanges {
  /** A folder for all that is stored; without it there is none. */
  readonly home?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly engines?: Partial<Engines>;
}

/** A context whose engines are doubles; `send` plays a signal. */
export function contextDouble({ home = '/none', env = {}, engines = {} }: ContextChanges = {}): Context & {
  readonly send: (signal: NodeJS.Signals) => void;
  readonly written: () => string;
} {
  const listeners = new Map<string, () => void>();
  const out = terminalDouble();
  const err = terminalDouble();
  const interrupts = new Interrupts(
    { on: (signal, listener) => void listeners.set(signal, listener), exit: () => undefined },
    130,
  );
  return {
    out,
    err,
    env,
    cwd: '/',
    entry: '/package/dist/cli.cjs',
    folders: { state: `${home}/state`, cache: `${home}/cache`, runtime: `${home}/run` },
    engines: {
      embedded: () => Promise.resolve(engineDouble('embedded')),
      docker: () => Promise.resolve(engineDouble('docker')),
      ...engines,
    },
    interrupts,
    canAsk: false,
    endWith: () => undefined,
    send: (signal) => listeners.get(signal)?.(),
    written: () => out.written(),
  };
}
