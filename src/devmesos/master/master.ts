import { advertised, urlOf } from '../address.ts';
import { systemClock, type Clock } from '../clock.ts';
import { Authentication } from '../http/authentication.ts';
import { HttpServer, type Handler } from '../http/server.ts';
import { json } from '../http/reply.ts';
import { fileRoutesWithout } from '../http/noFiles.ts';
import { acceptAgent } from '../link/accept.ts';
import type { Log } from '../log.ts';
import { Acceptance } from './accept.ts';
import { Agents } from './agents.ts';
import { Executors } from './executors.ts';
import { Frameworks } from './frameworks.ts';
import { Launches } from './launches.ts';
import { legacyEndpoints } from './legacyEndpoints.ts';
import { Offers } from './offers.ts';
import { OperatorApi } from './operatorApi.ts';
import type { MasterOptions } from './options.ts';
import { Registry } from './registry.ts';
import { SchedulerApi } from './schedulerApi.ts';
import { MasterState } from './state.ts';
import { systemStatistics } from '../systemStatistics.ts';
import { Tasks } from './tasks.ts';

export interface RunningMaster {
  /** Where it listens, `http://host:port`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** As Mesos calls what its credentials open. */
type Realm = 'scheduler' | 'readwrite' | 'readonly' | 'open';

/** What Mesos tells everybody. */
const open: ReadonlySet<string> = new Set(['/health', '/version', '/redirect']);

/** Starts a master in this process. Rejects with Node's error where it can't listen. */
export async function startMaster(
  options: MasterOptions,
  log: Log,
  clock: Clock = systemClock,
): Promise<RunningMaster> {
  const registry = await Registry.open(options.workDir, clock.now(), log);
  const state = new MasterState(options, registry, clock, log);
  const offers = new Offers(state);
  const tasks = new Tasks(state, offers);
  const executors = new Executors(state, offers);
  const frameworks = new Frameworks(state, offers, tasks, executors);
  const agents = new Agents({ state, offers, tasks, frameworks, executors });
  const acceptance = new Acceptance(state, offers, tasks, new Launches(state, tasks, executors));
  const scheduler = new SchedulerApi({ state, frameworks, offers, tasks, acceptance });
  const operator = new OperatorApi(state, frameworks, agents, offers.allocator);

  const authentication = new Authentication(options.credentials);
  const routes = new Map<string, Handler>();
  const add = (path: string, handler: Handler, realm: Realm): void => {
    const guarded = realm === 'open' ? handler : authentication.guard(`mesos-master-${realm}`, handler);
    routes.set(path, guarded);
    routes.set(`/master${path}`, guarded);
  };
  for (const [path, handler] of legacyEndpoints(state, offers.allocator))
    add(path, handler, open.has(path) ? 'open' : 'readonly');
  for (const [path, handler] of fileRoutesWithout()) add(path, handler, 'readonly');
  add('/system/stats.json', () => json(systemStatistics()), 'readonly');
  add('/api/v1/scheduler', (request) => scheduler.handle(request), 'scheduler');
  add('/api/v1', (request) => operator.handle(request), 'readwrite');
  add('/api/v1/', (request) => operator.handle(request), 'readwrite');
  add('/teardown', (request) => operator.handleTeardown(request), 'readwrite');

  const server = new HttpServer(routes, log, (request, socket) =>
    acceptAgent(request, socket, options.secret, (connection) => agents.connected(connection)),
  );
  const bound = await server.listen(options);
  state.port = bound.port;
  state.address = advertised(options, bound.address);
  offers.allocator.start();
  agents.expectRecovered();
  const url = urlOf(state.address.ip, state.port);
  log(`master ${state.id} listens at ${url}`);
  return {
    url,
    port: state.port,
    async close() {
      offers.allocator.stop();
      agents.close();
      await server.close();
      await registry.settled();
    },
  };
}
