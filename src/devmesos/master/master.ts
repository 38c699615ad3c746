import { systemClock, type Clock } from '../clock.ts';
import { HttpServer, type Handler } from '../http/server.ts';
import { json } from '../http/reply.ts';
import { fileRoutesWithout } from '../http/noFiles.ts';
import { acceptAgent } from '../link/accept.ts';
import type { Log } from '../log.ts';
import { Acceptance } from './accept.ts';
import { Agents } from './agents.ts';
import { Frameworks } from './frameworks.ts';
import { legacyEndpoints } from './legacyEndpoints.ts';
import { Offers } from './offers.ts';
import { OperatorApi } from './operatorApi.ts';
import type { MasterOptions } from './options.ts';
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

/** Starts a master in this process. Rejects with Node's error where it can't listen. */
export async function startMaster(
  options: MasterOptions,
  log: Log,
  clock: Clock = systemClock,
): Promise<RunningMaster> {
  const state = new MasterState(options, clock, log);
  const offers = new Offers(state);
  const tasks = new Tasks(state, offers);
  const frameworks = new Frameworks(state, offers, tasks);
  const agents = new Agents(state, offers, tasks, frameworks);
  const acceptance = new Acceptance(state, offers, tasks);
  const scheduler = new SchedulerApi({ state, frameworks, offers, tasks, acceptance });
  const operator = new OperatorApi(state, frameworks);

  const routes = new Map<string, Handler>([
    ...fileRoutesWithout(),
    ['/system/stats.json', () => json(systemStatistics())],
  ]);
  const add = (path: string, handler: Handler): void => {
    routes.set(path, handler);
    routes.set(`/master${path}`, handler);
  };
  for (const [path, handler] of legacyEndpoints(state)) add(path, handler);
  add('/api/v1/scheduler', (request) => scheduler.handle(request));
  add('/api/v1', (request) => operator.handle(request));
  add('/api/v1/', (request) => operator.handle(request));
  add('/teardown', (request) => operator.handleTeardown(request));

  const server = new HttpServer(routes, log, (request, socket) =>
    acceptAgent(request, socket, options.secret, (connection) => agents.connected(connection)),
  );
  state.port = await server.listen(options);
  offers.allocator.start();
  const url = `http://${options.host}:${state.port}`;
  log(`master ${state.id} listens at ${url}`);
  return {
    url,
    port: state.port,
    async close() {
      offers.allocator.stop();
      for (const agent of state.agents.values()) {
        agent.pinging?.cancel();
        agent.channel?.close();
      }
      await server.close();
    },
  };
}
