import type { AttemptRecord, TaskRecord } from '../../framework/types.ts';
import { messageOf } from '../../host/errors.ts';
import { AgentClient } from '../../mesos/agent.ts';
import type { Authorization } from '../../mesos/authorization.ts';
import { MesosHttpError, MesosUnreachableError, NoAnswerError } from '../../mesos/errors.ts';
import { openNestedSession, type NestedSession } from '../../mesos/nestedSession.ts';
import type { CommandInfo, ContainerId } from '../../mesos/types.ts';
import { AgentAway } from '../agentAway.ts';
import type { AttemptAgents } from '../attemptAgents.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Logger } from '../log.ts';
import { shellCommand } from './shell.ts';

export interface TaskSessionsOptions {
  readonly authorization: Authorization;
  readonly places: AttemptAgents;
  readonly log: Logger;
}

export interface SessionWish {
  readonly tty: { readonly rows: number; readonly columns: number } | undefined;
  /** The program and its arguments; undefined: a shell. */
  readonly command: readonly string[] | undefined;
  /** What asks, for the log. */
  readonly client: string;
  readonly signal: AbortSignal;
}

/** Opens sessions in the sandboxes of running tasks. */
export class TaskSessions {
  readonly #options: TaskSessionsOptions;

  constructor(options: TaskSessionsOptions) {
    this.#options = options;
  }

  /** Throws HttpProblem: 409 where the task does not run, 503 where its agent is away. */
  async open(
    task: Pick<TaskRecord, 'key'>,
    attempt: AttemptRecord | null,
    wish: SessionWish,
  ): Promise<NestedSession> {
    const { places, authorization, log } = this.#options;
    const name = task.key.task_id;
    if (!attempt) throw notRunning(`${name} has not been started yet`, 'it waits for an agent');
    if (attempt.ended !== null) throw notRunning(`${name} is over`, `it ended as ${attempt.state}`);
    const at = { address: `http://${await places.now(attempt)}`, authorization };
    let parent: ContainerId | undefined;
    try {
      parent = await containerOf(attempt, at, wish.signal);
      const session = await openNestedSession({
        ...at,
        parent,
        command: commandOf(wish, () => shellCommand(task, attempt, wish.tty !== undefined)),
        ...(wish.tty ? { tty: wish.tty } : {}),
        signal: wish.signal,
      });
      if (wish.signal.aborted) {
        // Nobody is there to take it over.
        session.close();
        wish.signal.throwIfAborted();
      }
      const what = wish.command ? 'a command' : 'a shell';
      log.info(
        `${wish.client} opened ${what} in the sandbox of ${attempt.mesos_task_id} on ${attempt.agent}`,
      );
      return session;
    } catch (error) {
      if (error instanceof MesosHttpError) throw refused(error, parent);
      if (error instanceof MesosUnreachableError || error instanceof NoAnswerError) {
        throw new AgentAway(attempt, true, messageOf(error));
      }
      throw error;
    }
  }
}

async function containerOf(
  attempt: AttemptRecord,
  at: { readonly address: string; readonly authorization: Authorization },
  signal: AbortSignal,
): Promise<ContainerId> {
  const agent = new AgentClient(at);
  try {
    const containers = await agent.getContainers({ signal });
    const own = containers.find(
      ({ framework_id: framework, executor_id: executor }) =>
        framework.value === attempt.framework_id && executor.value === attempt.executor_id,
    );
    if (own) return own.container_id;
  } finally {
    agent.close();
  }
  throw notRunning(
    `${attempt.mesos_task_id} has no container on ${attempt.agent}`,
    'it is starting, or just ended',
  );
}

function commandOf({ command, tty }: SessionWish, usual: () => CommandInfo): CommandInfo {
  const [program, ...args] = command ?? [];
  const asked =
    program === undefined ? usual() : { shell: false, value: program, arguments: [program, ...args] };
  if (!tty) return asked;
  const variables = [{ name: 'TERM', value: 'xterm-256color' }, ...(asked.environment?.variables ?? [])];
  return { ...asked, environment: { variables } };
}

function notRunning(error: string, why: string): HttpProblem {
  return new HttpProblem(409, {
    error,
    why,
    next: 'A shell is there while a task runs: mesos-airflow tasks.',
  });
}

/** What Apache's Docker containerizer says of any session. */
const noneInDocker = 'Nested containers are not supported';

function refused(error: MesosHttpError, container: ContainerId | undefined): HttpProblem {
  const why = error.body.trim() || error.message;
  if (why !== noneInDocker) return new HttpProblem(409, { error: 'The agent does not open a session', why });
  return new HttpProblem(409, {
    error: 'Nobody gets into the Docker container of this task by Mesos',
    why: "Apache's Mesos has no sessions there",
    ...(container ? { next: `Where its Docker Engine is: docker exec -it mesos-${container.value} sh` } : {}),
  });
}
