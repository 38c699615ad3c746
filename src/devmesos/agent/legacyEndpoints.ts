import { byName } from '../legacyViews.ts';
import { badRequest, json, ok } from '../http/reply.ts';
import type { Handler } from '../http/server.ts';
import { systemStatistics } from '../systemStatistics.ts';
import { versionInfo } from '../version.ts';
import { containerViews, type Contained } from './containerViews.ts';
import type { Files } from './files.ts';
import { agentMetrics } from './metrics.ts';
import type { AgentState } from './state.ts';
import { agentFlags, stateView } from './views.ts';

/** The older GET endpoints of an agent, which tools still use. `open`: without a login. */
export interface LegacyEndpoint {
  readonly path: string;
  readonly handler: Handler;
  readonly open?: boolean;
}

export function legacyEndpoints(state: AgentState, files: Files): LegacyEndpoint[] {
  const view = (make: () => unknown): Handler => {
    return async ({ query }) => json(await make(), query.get('jsonp'));
  };
  return [
    { path: '/files/browse', handler: (request) => files.browse(request) },
    { path: '/files/read', handler: (request) => files.read(request) },
    { path: '/files/download', handler: (request) => files.download(request) },
    { path: '/files/debug', handler: view(() => attachedPaths(state)) },
    { path: '/state', handler: view(() => stateView(state)) },
    { path: '/flags', handler: view(() => ({ flags: agentFlags(state) })) },
    { path: '/containers', handler: containers(state) },
    { path: '/monitor/statistics', handler: view(() => statistics(state)) },
    { path: '/metrics/snapshot', handler: view(() => byName(agentMetrics(state))) },
    { path: '/system/stats.json', handler: view(systemStatistics) },
    { path: '/health', handler: () => ok(), open: true },
    { path: '/version', handler: () => json(versionInfo), open: true },
  ];
}

/** GET /files/debug: what each path that can be asked for leads to. */
function attachedPaths({ tasks, executors, history }: AgentState): object {
  // Later ones last: `latest` is theirs.
  const all = [
    ...[...history.tasks, ...tasks.values()],
    ...[...history.executors, ...executors.values()].map(({ framework, id, sandbox }) => ({
      ...{ framework, sandbox },
      executorId: id,
    })),
  ];
  return byName(
    Object.fromEntries(
      all.flatMap(({ framework, executorId, sandbox }) =>
        sandbox === ''
          ? []
          : [
              [sandbox, sandbox],
              [`/frameworks/${framework.id.value}/executors/${executorId.value}/runs/latest`, sandbox],
            ],
      ),
    ),
  );
}

/** GET /containers: of all, of one, of a framework's, or of one of its executors'. */
function containers(state: AgentState): Handler {
  return async ({ query }) => {
    const wanted = {
      container: query.get('container_id'),
      framework: query.get('framework_id'),
      executor: query.get('executor_id'),
    };
    const ofOne = wanted.container !== null && (wanted.framework !== null || wanted.executor !== null);
    if (ofOne || (wanted.executor !== null && wanted.framework === null)) {
      return badRequest(
        'Supported query parameters are container_id only, framework_id only, or executor_id and framework_id only',
      );
    }
    const all = await containerViews(state);
    const found = all.filter(
      ({ view: { container_id, framework_id, executor_id } }) =>
        (wanted.container ?? container_id.value) === container_id.value &&
        (wanted.framework ?? framework_id.value) === framework_id.value &&
        (wanted.executor ?? executor_id.value) === executor_id.value,
    );
    return json(found.map(legacyContainer), query.get('jsonp'));
  };
}

function legacyContainer(contained: Contained): object {
  const { resource_statistics: usage, container_id, container_status } = contained.view;
  return {
    container_id: container_id.value,
    ...executorOf(contained),
    ...(usage ? { statistics: byName(usage) } : {}),
    status: container_status,
  };
}

/** GET /monitor/statistics: of those whose use is measured. */
async function statistics(state: AgentState): Promise<object[]> {
  const views = await containerViews(state);
  return views.flatMap((contained) => {
    const { resource_statistics: usage } = contained.view;
    return usage ? { ...executorOf(contained), statistics: byName(usage) } : [];
  });
}

function executorOf({ view, source }: Contained): object {
  return {
    executor_id: view.executor_id.value,
    executor_name: view.executor_name,
    framework_id: view.framework_id.value,
    source,
  };
}
