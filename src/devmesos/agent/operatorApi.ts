import { serveOperator, type OperatorCall, type OperatorEndpoint } from '../http/operatorEndpoint.ts';
import type { Reply } from '../http/reply.ts';
import { badRequest, json, notImplemented } from '../http/reply.ts';
import type { HttpRequest } from '../http/server.ts';
import { versionInfo } from '../version.ts';
import { agentCall } from '../wire/operatorCall.ts';
import type { ContainerId } from '../../mesos/types.ts';
import { executorsView } from './executors/views.ts';
import type { Files } from './files.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { AgentState } from './state.ts';
import { agentFlags, agentInfo, containersView, frameworksView, tasksView } from './views.ts';

const streamed: ReadonlySet<string> = new Set(['LAUNCH_NESTED_CONTAINER_SESSION']);
const optionalBody: ReadonlySet<string> = new Set(['GET_CONTAINERS', 'PRUNE_IMAGES']);

/** POST /api/v1 of an agent. */
export class OperatorApi {
  readonly #agent: AgentState;
  readonly #files: Files;
  readonly #sessions: Sessions;
  readonly #endpoint: OperatorEndpoint;

  constructor(agent: AgentState, files: Files, sessions: Sessions) {
    this.#agent = agent;
    this.#files = files;
    this.#sessions = sessions;
    this.#endpoint = {
      side: 'agent',
      schema: agentCall,
      optionalBody,
      streamed,
      perform: (call, request) => this.#perform(call, request),
      take: (stream, request) => this.#sessions.attachInput(stream, request, this.#endpoint),
    };
  }

  handle(request: HttpRequest): Promise<Reply> {
    return serveOperator(this.#endpoint, request);
  }

  async #perform(call: OperatorCall, request: HttpRequest): Promise<Reply> {
    const answer = (body: object): Reply => json({ type: call.type, [call.type.toLowerCase()]: body });
    switch (call.type) {
      case 'GET_HEALTH':
        return answer({ healthy: true });
      case 'GET_VERSION':
        return answer({ version_info: versionInfo });
      case 'GET_FLAGS': {
        const flags = Object.entries(agentFlags(this.#agent));
        return answer({ flags: flags.map(([name, value]) => ({ name, value })) });
      }
      case 'GET_LOGGING_LEVEL':
        return answer({ level: 0 });
      case 'GET_STATE':
        return answer({
          get_tasks: tasksView(this.#agent),
          get_executors: executorsView(this.#agent),
          get_frameworks: frameworksView(this.#agent),
        });
      case 'GET_TASKS':
        return answer(tasksView(this.#agent));
      case 'GET_EXECUTORS':
        return answer(executorsView(this.#agent));
      case 'GET_FRAMEWORKS':
        return answer(frameworksView(this.#agent));
      case 'GET_CONTAINERS':
        return answer({ containers: await containersView(this.#agent) });
      case 'GET_AGENT':
        return answer({ agent_info: agentInfo(this.#agent) });
      case 'GET_OPERATIONS':
      case 'GET_RESOURCE_PROVIDERS':
        return answer({});
      case 'LIST_FILES':
        return this.#files.listFiles((call.list_files as { path: string }).path);
      case 'READ_FILE': {
        const { path, offset, length } = call.read_file as { path: string; offset: number; length?: number };
        if (offset < 0) return badRequest(`Negative offset provided: ${offset}.\n`);
        return this.#files.readFile(path, offset, length);
      }
      case 'LAUNCH_NESTED_CONTAINER_SESSION':
        return this.#sessions.launch(
          call.launch_nested_container_session as Parameters<Sessions['launch']>[0],
          request,
        );
      case 'WAIT_CONTAINER':
      case 'WAIT_NESTED_CONTAINER':
        return this.#sessions.wait(call.type, containerOf(call));
      case 'KILL_CONTAINER':
      case 'KILL_NESTED_CONTAINER':
        return this.#sessions.kill(containerOf(call));
      case 'REMOVE_CONTAINER':
      case 'REMOVE_NESTED_CONTAINER':
        return this.#sessions.remove(containerOf(call));
      default:
        return notImplemented();
    }
  }
}

/** The container that a call names; that it names one was checked. */
function containerOf(call: OperatorCall): ContainerId {
  return (call[call.type.toLowerCase()] as { readonly container_id: ContainerId }).container_id;
}
