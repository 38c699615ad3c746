import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Framework } from '../../framework/framework.ts';
import { messageOf } from '../../host/errors.ts';
import { keyOfLogPath } from '../airflow/logPath.ts';
import { badRequest, notFound } from '../http/problem.ts';
import { param, type Call, type Route } from '../http/route.ts';
import { airflowLogs } from '../logs/paths.ts';
import type { KeyedAttempt, TaskFiles } from '../logs/taskFiles.ts';
import { attemptsOfTry } from './attemptsOfTry.ts';

/** A task's log by Airflow's own relative path, for its UI. */
export function taskLogRoute(framework: Framework, files: TaskFiles): Route {
  return {
    method: 'GET',
    path: '/v1/deployments/{deployment}/log',
    access: 'deployment',
    handle: async (call) => {
      const file = call.query.get('path');
      if (file === null) throw badRequest('the query has no path');
      const pieces = contentOf(
        attemptsOf(framework, call, file),
        files,
        `${airflowLogs}/${file}`,
        call.signal,
      );
      // Before the answer begins: where there is no log, or its agent is away, a problem says so.
      const first = await pieces.next();
      if (first.done) {
        throw notFound(
          `There is no log ${file} in a sandbox`,
          'The task has written nothing, or its sandbox was removed.',
        );
      }
      return { kind: 'stream', open: (response) => void send(response, first.value, pieces) };
    },
  };
}

function attemptsOf(framework: Framework, call: Call, file: string): KeyedAttempt[] {
  const key = keyOfLogPath(file);
  if (!key) {
    throw notFound(
      `The log path ${file} names no task run`,
      'Only paths of the default [logging] log_filename_template are understood: leave it as it is.',
    );
  }
  const requests = attemptsOfTry(framework, param(call, 'deployment'), key);
  if (requests.length === 0) throw notFound(`No task run of the log ${file} is known on Mesos`);
  return requests.flatMap(({ attempts, key: ofTry }) => attempts.map((attempt) => ({ attempt, key: ofTry })));
}

async function* contentOf(
  attempts: readonly KeyedAttempt[],
  files: TaskFiles,
  file: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let found = false;
  let missing: Error | undefined;
  for (const of of attempts) {
    try {
      for await (const piece of files.content(of, file, signal)) {
        found = true;
        yield piece;
      }
    } catch (error) {
      // The agent of one attempt may be gone for good: the others' logs are worth reading.
      missing = error instanceof Error ? error : new Error(messageOf(error));
      if (found)
        yield Buffer.from(
          `(The log of ${of.attempt.mesos_task_id} could not be read: ${messageOf(error)})\n`,
        );
    }
  }
  if (!found && missing) throw missing;
}

async function send(
  response: ServerResponse,
  first: Buffer,
  rest: AsyncGenerator<Buffer, void, undefined>,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
  try {
    response.write(first);
    for await (const piece of rest) {
      if (response.destroyed) return;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  } catch {
    // The reader sees a broken answer, not a log that seems whole.
    response.destroy();
  }
}
