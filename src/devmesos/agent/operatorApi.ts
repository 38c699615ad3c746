import type { OperatorCall } from '../http/operatorEndpoint.ts';
import { recordioType } from '../http/negotiation.ts';
import type { Reply } from '../http/reply.ts';
import { badRequest, json, methodNotAllowed, notImplemented, ok, text } from '../http/reply.ts';
import type { HttpRequest } from '../http/server.ts';
import { versionInfo } from '../version.ts';
import type { ContainerId } from '../../mesos/types.ts';
import { containerViews } from './containerViews.ts';
import { executorsView } from './executors/views.ts';
import type { Files } from './files.ts';
import { agentMetrics } from './metrics.ts';
import { decodeAgentCall, mediaTypesError, streamHeaders } from './operatorRequest.ts';
import type { NestedContainers, NestedLaunch } from './sessions/nestedContainers.ts';
import type { AgentState } from './state.ts';
import { agentFlags, agentInfo, frameworksView, tasksView } from './views.ts';

/** POST /api/v1 of an agent. */
export class OperatorApi {
  readonly #agent: AgentState;
  readonly #files: Files;
  readonly #nested: NestedContainers;

  constructor(agent: AgentState, files: Files, nested: NestedContainers) {
    this.#agent = agent;
    this.#files = files;
    this.#nested = nested;
  }

  async handle(request: HttpRequest): Promise<Reply> {
    if (request.method !== 'POST') return methodNotAllowed('POST', request.method);
    const badType = mediaTypesError(request.headers);
    if (badType) return badType;
    if (request.stream) return this.#nested.attachInput(request.stream, decodeAgentCall);
    const call = decodeAgentCall(request.body);
    return typeof call === 'string' ? badRequest(call) : this.#perform(call, request);
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
        return answer({ containers: [...(await this.#containers()), ...this.#nestedOf(call)] });
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
      case 'GET_METRICS': {
        const metrics = Object.entries(agentMetrics(this.#agent));
        return answer({ metrics: metrics.map(([name, value]) => ({ name, value })) });
      }
      case 'LAUNCH_CONTAINER':
        // Without a parent it would stand alone, beside all tasks.
        return call.launch_container && containerOf(call).parent
          ? this.#nested.launch(call.launch_container as NestedLaunch)
          : notImplemented();
      case 'LAUNCH_NESTED_CONTAINER':
        return this.#nested.launch(call.launch_nested_container as NestedLaunch);
      case 'LAUNCH_NESTED_CONTAINER_SESSION':
        return this.#nested.launchSession(
          call.launch_nested_container_session as NestedLaunch,
          streamHeaders(request.headers),
        );
      case 'ATTACH_CONTAINER_INPUT':
        return text(415, `Expecting 'Content-Type' to be ${recordioType} for ${call.type} call`);
      case 'ATTACH_CONTAINER_OUTPUT':
        return this.#nested.attachOutput(containerOf(call), streamHeaders(request.headers));
      case 'WAIT_CONTAINER':
      case 'WAIT_NESTED_CONTAINER':
        return this.#nested.wait(call.type, containerOf(call));
      case 'KILL_CONTAINER':
      case 'KILL_NESTED_CONTAINER':
        return this.#nested.kill(containerOf(call), (bodyOf(call) as { readonly signal?: number }).signal);
      case 'REMOVE_CONTAINER':
      case 'REMOVE_NESTED_CONTAINER':
        return this.#nested.remove(containerOf(call));
      case 'PRUNE_IMAGES':
        // It keeps no images of its own.
        return ok();
      default:
        return notImplemented();
    }
  }

  async #containers(): Promise<object[]> {
    const views = await containerViews(this.#agent);
    return views.map(({ view }) => view);
  }

  #nestedOf({ get_containers: asked }: OperatorCall): object[] {
    return (asked as { show_nested?: boolean } | undefined)?.show_nested ? this.#nested.views() : [];
  }
}

/** The container that a call names; that it names one was checked. */
function containerOf(call: OperatorCall): ContainerId {
  return (bodyOf(call) as { readonly container_id: ContainerId }).container_id;
}

function bodyOf(call: OperatorCall): unknown {
  return call[call.type.toLowerCase()];
}
