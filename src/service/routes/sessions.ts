import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import { sessionProtocol } from '../../api/session.ts';
import type { Framework } from '../../framework/framework.ts';
import { badRequest } from '../http/problem.ts';
import { param, type Route } from '../http/route.ts';
import { wholeNumber } from '../http/validate.ts';
import { converse } from '../sessions/converse.ts';
import type { TaskSessions } from '../sessions/taskSessions.ts';
import { findTask } from './findTask.ts';

const mostLooks = 20;
/** Milliseconds. */
const lookMs = 100;

const words = z.array(z.string()).check(z.minLength(1), z.maxLength(1000));

/** A command in a task's sandbox: src/api/session.ts. */
export function sessionRoute(framework: Framework, sessions: TaskSessions): Route {
  return {
    method: 'POST',
    path: '/v1/tasks/{id}/session',
    access: 'admin',
    upgradesTo: sessionProtocol,
    handle: async (call) => {
      const { task, attempt } = findTask(framework, param(call, 'id'));
      const { query, signal } = call;
      const rows = wholeNumber(query, 'rows', { least: 1, most: 9999, otherwise: 24 });
      const columns = wholeNumber(query, 'columns', { least: 1, most: 9999, otherwise: 80 });
      const session = await sessions.open(task, attempt, {
        tty: flag(query, 'tty') ? { rows, columns } : undefined,
        command: commandIn(query),
        client: call.client ?? 'a client',
        signal,
      });
      const ended = (): Promise<string | undefined> => whyEnded(framework, task.id, attempt?.mesos_task_id);
      return {
        kind: 'upgrade',
        open: (connection, first) => void converse(connection, first, session, ended),
      };
    },
  };
}

/** The agent ends a task's sessions with it, and the framework hears of the task's end a little later. */
async function whyEnded(
  framework: Framework,
  id: string,
  mesosTaskId: string | undefined,
): Promise<string | undefined> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const own = framework.attempts(id).find((one) => one.mesos_task_id === mesosTaskId);
    if (own && own.ended !== null) return 'the task ended';
    await delay(lookMs);
  }
  return undefined;
}

function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw badRequest(`${name} is true or false`);
}

function commandIn(query: URLSearchParams): string[] | undefined {
  const text = query.get('command');
  if (text === null) return undefined;
  try {
    const parsed = words.safeParse(JSON.parse(text));
    if (parsed.success && parsed.data[0] !== '') return parsed.data;
  } catch {
    // Said below.
  }
  throw badRequest('the command is a JSON array of words, the program first');
}
