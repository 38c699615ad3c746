import { mostFileBytes } from '../../api/logs.ts';
import type { Framework } from '../../framework/framework.ts';
import type { AttemptRecord, TaskKey, TaskRecord } from '../../framework/types.ts';
import { maxReadLength } from '../../mesos/files.ts';
import { notFound } from '../http/problem.ts';
import { json, param, type Call, type Route } from '../http/route.ts';
import { wholeNumber } from '../http/validate.ts';
import type { Logger } from '../log.ts';
import { sendArchive } from '../logs/archive.ts';
import { followTask } from '../logs/followTask.ts';
import { folderInside, pathInside } from '../logs/paths.ts';
import { sendLog } from '../logs/sendLog.ts';
import type { KeyedAttempt } from '../logs/taskFiles.ts';
import type { TaskLogs } from '../logs/taskLogs.ts';
import { attemptViewOf } from '../views/attempt.ts';
import { attemptsOfTry } from './attemptsOfTry.ts';
import { findTask } from './findTask.ts';

const most = Number.MAX_SAFE_INTEGER;

/** Logs and sandboxes of task runs, for people: src/api/logs.ts. */
export function taskFileRoutes(framework: Framework, logs: TaskLogs, log: Logger): Route[] {
  const { files } = logs;
  const launched = (call: Call): KeyedAttempt => launchedOf(findTask(framework, param(call, 'id')));
  return [
    {
      method: 'GET',
      path: '/v1/tasks/{id}/log',
      access: 'admin',
      handle: async (call) => {
        const file = pathInside(call.query.get('file') ?? 'stdout');
        const offset = offsetOf(call);
        // Four bytes hold any character: each answer brings a reader on.
        const range = { least: 4, most: maxReadLength, otherwise: maxReadLength };
        const length = wholeNumber(call.query, 'length', range);
        const found = findTask(framework, param(call, 'id'));
        if (!found.attempt) return json(nothingYet(found.task));
        return json(await files.chunk(launchedOf(found), file, { offset, length }, call.signal));
      },
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}/log/stream',
      access: 'admin',
      handle: (call) => {
        const id = param(call, 'id');
        const find = (): ReturnType<typeof findTask> => findTask(framework, id);
        const { attempt } = find();
        const events = followTask({
          files: logs.agents,
          kept: logs.kept,
          find,
          isPinned: attempt?.mesos_task_id === id,
          file: pathInside(call.query.get('file') ?? 'stdout'),
          offset: offsetOf(call),
          whole: call.query.get('whole') === 'true',
          signal: call.signal,
        });
        return {
          kind: 'stream',
          open: (response) => void sendLog(response, events, { signal: call.signal, log }),
        };
      },
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}/sandbox',
      access: 'admin',
      handle: async (call) => json(await files.list(launched(call), folderOf(call), call.signal)),
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}/sandbox/file',
      access: 'admin',
      handle: async (call) => {
        const file = pathInside(call.query.get('path') ?? '');
        const offset = offsetOf(call);
        const range = { least: 0, most: mostFileBytes, otherwise: mostFileBytes };
        const length = wholeNumber(call.query, 'length', range);
        const piece = await files.piece(launched(call), file, { offset, length }, call.signal);
        const headers = {
          'Content-Type': 'application/octet-stream',
          'Content-Length': piece.data.length,
          'X-File-Size': piece.size,
          'X-File-Offset': piece.offset,
        };
        return { kind: 'stream', open: (response) => response.writeHead(200, headers).end(piece.data) };
      },
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}/sandbox/archive',
      access: 'admin',
      handle: async (call) => {
        const folder = folderOf(call);
        const of = launched(call);
        const { signal } = call;
        // Before the answer begins: where there is no such folder, a problem says so.
        const listed = await files.list(of, folder, signal);
        return {
          kind: 'stream',
          open: (response) => void sendArchive(response, { files, of, folder, signal }, listed),
        };
      },
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}/attempts',
      access: 'admin',
      handle: (call) => {
        const { task } = findTask(framework, param(call, 'id'));
        const requests = attemptsOfTry(framework, task.deployment, task.key);
        return json(requests.flatMap(({ attempts }) => attempts.map(attemptViewOf)));
      },
    },
  ];
}

function offsetOf(call: Call): number {
  return wholeNumber(call.query, 'offset', { least: -most, most, otherwise: 0 });
}

function folderOf(call: Call): string {
  return folderInside(call.query.get('path') ?? '');
}

function launchedOf({ task, attempt }: { task: TaskRecord; attempt: AttemptRecord | null }): KeyedAttempt {
  if (attempt) return { attempt, key: task.key satisfies TaskKey };
  throw notFound(
    `${task.key.task_id} has no sandbox yet`,
    task.waits ?? 'It gets one when it is launched on an agent.',
  );
}

/** Of a task run that has no sandbox yet, or that ended without one. */
function nothingYet(task: TaskRecord): object {
  return { data: '', offset: 0, next: 0, size: 0, ended: task.ended !== null, source: '' };
}
