import type { Reply } from '../http/reply.ts';
import { badRequest, json, noSuchFile, notImplemented, ok, text } from '../http/reply.ts';
import { serveOperator, type OperatorCall, type OperatorEndpoint } from '../http/operatorEndpoint.ts';
import { byName } from '../legacyViews.ts';
import { jsonType } from '../http/negotiation.ts';
import type { HttpRequest } from '../http/server.ts';
import { versionInfo } from '../version.ts';
import { masterCall } from '../wire/operatorCall.ts';
import type { Agents } from './agents.ts';
import type { Allocator } from './allocator.ts';
import { masterFlags } from './flags.ts';
import type { Frameworks } from './frameworks.ts';
import { masterMetrics } from './metrics.ts';
import type { MasterState } from './state.ts';
import { agentView, executorsView, frameworkView, rolesOf } from './views.ts';

/** POST /api/v1. */
export class OperatorApi {
  readonly #state: MasterState;
  readonly #frameworks: Frameworks;
  readonly #agents: Agents;
  readonly #allocator: Allocator;
  readonly #endpoint: OperatorEndpoint;

  constructor(state: MasterState, frameworks: Frameworks, agents: Agents, allocator: Allocator) {
    this.#state = state;
    this.#allocator = allocator;
    this.#frameworks = frameworks;
    this.#agents = agents;
    this.#endpoint = {
      schema: masterCall,
      optionalBody: new Set(),
      perform: (call) => this.#perform(call),
    };
  }

  handle(request: HttpRequest): Promise<Reply> {
    return serveOperator(this.#endpoint, request);
  }

  #perform(call: OperatorCall): Reply {
    const answer = (body: object): Reply => json({ type: call.type, [call.type.toLowerCase()]: body });
    switch (call.type) {
      case 'GET_HEALTH':
        return answer({ healthy: true });
      case 'GET_VERSION':
        return answer({ version_info: versionInfo });
      case 'GET_FLAGS':
        return answer({ flags: masterFlags(this.#state) });
      case 'GET_METRICS':
        return answer({ metrics: metricsView(masterMetrics(this.#state, this.#allocator)) });
      case 'GET_OPERATIONS':
        // None has feedback here, so none is remembered.
        return answer({});
      case 'GET_LOGGING_LEVEL':
        return answer({ level: 0 });
      case 'GET_MASTER':
        return answer({
          master_info: this.#state.info,
          start_time: this.#state.startTime / 1000,
          elected_time: this.#state.startTime / 1000,
        });
      case 'GET_STATE':
        return answer(this.#getState());
      case 'GET_AGENTS':
        return answer(this.#getAgents());
      case 'GET_FRAMEWORKS':
        return answer(this.#getFrameworks());
      case 'GET_TASKS':
        return answer(this.#getTasks());
      case 'GET_EXECUTORS':
        return answer(executorsView(this.#state));
      case 'GET_ROLES':
        return answer({ roles: rolesOf(this.#state) });
      case 'GET_WEIGHTS':
        return json({ type: call.type });
      case 'GET_QUOTA':
        return answer({ status: {} });
      case 'GET_MAINTENANCE_STATUS':
        return answer({ status: {} });
      case 'GET_MAINTENANCE_SCHEDULE':
        return answer({ schedule: {} });
      case 'LIST_FILES':
      case 'READ_FILE':
        // A master has no files to show but its log, which the real one shows only if it is told to write one.
        return noSuchFile();
      case 'TEARDOWN':
        return this.teardown((call.teardown as { framework_id: { value: string } }).framework_id.value);
      case 'MARK_AGENT_GONE':
        return this.#markAgentGone((call.mark_agent_gone as { agent_id: { value: string } }).agent_id.value);
      case 'SUBSCRIBE':
        return this.#subscribe();
      default:
        return notImplemented();
    }
  }

  #markAgentGone(agentId: string): Reply {
    return this.#agents.markGone(agentId) ? ok() : text(404, `Agent '${agentId}' not found`);
  }

  /** Also for POST /teardown. */
  teardown(frameworkId: string): Reply {
    const framework = this.#state.frameworks.get(frameworkId);
    if (!framework) return badRequest('No framework found with specified ID');
    this.#frameworks.remove(framework);
    return ok();
  }

  /** POST /teardown, the older form. */
  handleTeardown(request: HttpRequest): Reply {
    if (request.method !== 'POST') return text(405, 'Method Not Allowed', { Allow: 'POST' });
    const id = new URLSearchParams(request.body.toString()).get('frameworkId');
    return id === null
      ? badRequest("Missing 'frameworkId' query parameter in the request body")
      : this.teardown(id);
  }

  #subscribe(): Reply {
    return {
      status: 200,
      headers: { 'Content-Type': jsonType },
      opened: (stream) => this.#state.events.add(stream, this.#getState()),
    };
  }

  #getState(): object {
    return {
      get_tasks: this.#getTasks(),
      get_executors: executorsView(this.#state),
      get_frameworks: this.#getFrameworks(),
      get_agents: this.#getAgents(),
    };
  }

  #getAgents(): object {
    return {
      agents: [...this.#state.agents.values()].map(agentView),
      recovered_agents: [...this.#state.recoveredAgents.values()],
    };
  }

  #getFrameworks(): object {
    const completed = [...this.#state.completedFrameworks.values()];
    return {
      frameworks: [...this.#state.frameworks.values()].map(frameworkView),
      ...(completed.length > 0 ? { completed_frameworks: completed.map(frameworkView) } : {}),
    };
  }

  #getTasks(): object {
    const living = [...this.#state.frameworks.values()];
    const all = [...living, ...this.#state.completedFrameworks.values()];
    return {
      tasks: living.flatMap((framework) => [...framework.tasks.values()].map(({ view }) => view)),
      unreachable_tasks: living.flatMap(({ unreachableTasks }) =>
        [...unreachableTasks.values()].map(({ view }) => view),
      ),
      completed_tasks: all.flatMap(({ completedTasks }) => completedTasks.map(({ view }) => view)),
    };
  }
}

function metricsView(metrics: Readonly<Record<string, number>>): { name: string; value: number }[] {
  return Object.entries(byName(metrics) as Record<string, number>).map(([name, value]) => ({ name, value }));
}
