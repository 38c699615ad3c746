import { serveOperator, type OperatorCall, type OperatorEndpoint } from '../http/operatorEndpoint.ts';
import type { Reply } from '../http/reply.ts';
import { badRequest, json, notImplemented } from '../http/reply.ts';
import type { HttpRequest } from '../http/server.ts';
import { versionInfo } from '../version.ts';
import { agentCall } from '../wire/operatorCall.ts';
import type { Files } from './files.ts';
import type { AgentState } from './state.ts';
import { agentFlags, agentInfo, containersView, frameworksView, tasksView } from './views.ts';

const optionalBody: ReadonlySet<string> = new Set(['GET_CONTAINERS', 'PRUNE_IMAGES']);

/** POST /api/v1 of an agent. */
export class OperatorApi {
  readonly #agent: AgentState;
  readonly #files: Files;
  readonly #endpoint: OperatorEndpoint;

  constructor(agent: AgentState, files: Files) {
    this.#agent = agent;
    this.#files = files;
    this.#endpoint = {
      side: 'agent',
      schema: agentCall,
      optionalBody,
      perform: (call) => this.#perform(call),
    };
  }

  handle(request: HttpRequest): Promise<Reply> {
    return serveOperator(this.#endpoint, request);
  }

  async #perform(call: OperatorCall): Promise<Reply> {
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
          get_executors: {},
          get_frameworks: frameworksView(this.#agent),
        });
      case 'GET_TASKS':
        return answer(tasksView(this.#agent));
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
      default:
        return notImplemented();
    }
  }
}
