import { chmod } from 'node:fs/promises';
import { makePrivateFolder } from '../../host/files.ts';
import { advertised, urlOf } from '../address.ts';
import { systemClock, type Clock } from '../clock.ts';
import { Authentication } from '../http/authentication.ts';
import { HttpServer, type Handler } from '../http/server.ts';
import type { Log } from '../log.ts';
import { readAccounts } from './accounts.ts';
import { Agent } from './agent.ts';
import { CommandContainerizer } from './commandContainerizer.ts';
import type { Containerizer } from './containerizer.ts';
import { ExecutorApi } from './executors/executorApi.ts';
import { Files } from './files.ts';
import { legacyEndpoints } from './legacyEndpoints.ts';
import { MasterLink } from './masterLink.ts';
import { OperatorApi } from './operatorApi.ts';
import type { AgentOptions, ContainerizerName } from './options.ts';
import { NestedContainers } from './sessions/nestedContainers.ts';
import { AgentState } from './state.ts';

export interface RunningAgent {
  /** Where it listens, `http://host:port`. */
  readonly url: string;
  readonly port: number;
  /** Resolves with its id once the master knows it. */
  readonly registered: Promise<string>;
  /** Resolves when the master wants no more of it. */
  readonly dismissed: Promise<void>;
  /** Ends its tasks, then itself. */
  close(): Promise<void>;
}

async function containerizersOf(state: AgentState): Promise<Containerizer[]> {
  const make = async (name: ContainerizerName): Promise<Containerizer> => {
    if (name === 'mesos') return new CommandContainerizer(state);
    // Docker's client is large, and most agents don't need it.
    const { DockerContainerizer } = await import('./docker/containerizer.ts');
    return new DockerContainerizer(state);
  };
  return Promise.all(state.options.containerizers.map(make));
}

/** Starts an agent in this process. Rejects with Node's error where it can't listen. */
export async function startAgent(
  options: AgentOptions,
  log: Log,
  clock: Clock = systemClock,
): Promise<RunningAgent> {
  await makePrivateFolder(options.workDir);
  const state = new AgentState(options, clock, log);
  // Tasks of other users must reach their sandboxes through it.
  if (state.users.isOn) await chmod(options.workDir, 0o711);
  const agent = new Agent(state, await containerizersOf(state));
  const files = new Files(options.workDir, () => state.id?.value ?? '', await readAccounts());
  const nested = new NestedContainers(state);
  const operator = new OperatorApi(state, files, nested);

  const authentication = new Authentication(options.credentials);
  const routes = new Map<string, Handler>();
  const add = (path: string, handler: Handler, realm: 'readwrite' | 'readonly' | 'open'): void => {
    const guarded = realm === 'open' ? handler : authentication.guard(`mesos-agent-${realm}`, handler);
    routes.set(path, guarded);
    routes.set(`/slave(1)${path}`, guarded);
  };
  add('/api/v1', (request) => operator.handle(request), 'readwrite');
  add('/api/v1/', (request) => operator.handle(request), 'readwrite');
  const executorApi = new ExecutorApi(state, agent.executors);
  for (const path of ['/api/v1/executor', '/api/v1/executor/']) {
    // Executors have no login: where there are any, they have tokens.
    add(path, (request) => executorApi.handle(request), 'open');
  }
  for (const { path, handler, open } of legacyEndpoints(state, files))
    add(path, handler, open ? 'open' : 'readonly');

  const server = new HttpServer(routes, log);
  await agent.recover();
  const bound = await server.listen(options);
  state.port = bound.port;
  state.address = advertised(options, bound.address);
  let registered: (id: string) => void = () => undefined;
  const known = new Promise<string>((resolve) => (registered = resolve));
  let dismiss: () => void = () => undefined;
  const dismissed = new Promise<void>((resolve) => (dismiss = resolve));
  const link = new MasterLink(agent, () => registered(state.id?.value ?? ''), dismiss);
  void agent.finishRecovery().then(() => link.start());
  const url = urlOf(state.address.ip, state.port);
  log(`agent ${options.name} listens at ${url}`);
  return {
    url,
    port: state.port,
    registered: known,
    dismissed,
    async close() {
      await nested.stop();
      await agent.stop();
      await link.stop();
      await server.close();
    },
  };
}
