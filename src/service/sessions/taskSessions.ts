import type { AttemptRecord, TaskRecord } from '../../framework/types.ts';
import { messageOf } from '../../host/errors.ts';
import { AgentClient } from '../../mesos/agent.ts';
import type { Authorization } from '../../mesos/authorization.ts';
import { MesosHttpError, MesosUnreachableError, NoAnswerError } from '../../mesos/errors.ts';
import { openNestedSession, type NestedSession } from '../../mesos/nestedSession.ts';
import type { CommandInfo, ContainerId } from '../../mesos/types.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Logger } from '../log.ts';
import { AgentAway } from '../logs/agents.ts';

export interface TaskSessionsOptions {
  readonly authorization: Authorization;
  /** `ip:port` by the master's word now; undefined where it does not know the agent. */
  readonly addressOf: (agentId: string) => Promise<string | undefined>;
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

/**
 * The person's shell where they have one in there: bash if it can be found. Mesos gives no HOME, without which their profile
 * finds nothing; bash asks the system whose home it is.
 */
const shell = [
  'if command -v bash >/dev/null 2>&1; then',
  ': "${HOME:=$(bash -c "echo ~")}"; export HOME; exec bash -l;',
  'else exec sh -l; fi',
].join(' ');

/** Opens sessions in the sandboxes of running tasks. */
export class TaskSessions {
  readonly #options: TaskSessionsOptions;

  constructor(options: TaskSessionsOptions) {
    this.#options = options;
  }

  /** Throws HttpProblem: 409 where the task does not run, 503 where its agent is away. */
  async open(task: TaskRecord, attempt: AttemptRecord | null, wish: SessionWish): Promise<NestedSession> {
    const { addressOf, authorization, log } = this.#options;
    const name = task.key.task_id;
    if (!attempt) throw notRunning(`${name} has not been started yet`, 'it waits for an agent');
    if (attempt.ended !== null) throw notRunning(`${name} is over`, `it ended as ${attempt.state}`);
    const address = await addressOf(attempt.agent_id);
    if (address === undefined) throw new AgentAway(attempt, false);
    try {
      const at = { address: `http://${address}`, authorization };
      const parent = await containerOf(attempt, at, wish.signal);
      const session = await openNestedSession({
        ...at,
        parent,
        command: commandOf(wish),
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
      if (error instanceof MesosHttpError) throw refused(error);
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

function commandOf({ command, tty }: SessionWish): CommandInfo {
  const environment = { variables: tty ? [{ name: 'TERM', value: 'xterm-256color' }] : [] };
  const [program, ...args] = command ?? [];
  if (program === undefined) return { shell: true, value: shell, environment };
  return { shell: false, value: program, arguments: [program, ...args], environment };
}

function notRunning(error: string, why: string): HttpProblem {
  return new HttpProblem(409, {
    error,
    why,
    next: 'A shell is there while a task runs: mesos-airflow tasks.',
  });
}

function refused(error: MesosHttpError): HttpProblem {
  return new HttpProblem(409, {
    error: 'The agent does not open a session',
    why: error.body.trim() || error.message,
  });
}
