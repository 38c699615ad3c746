import { ExplainedError } from '../host/errors.ts';
import { clusterFolderAt } from '../host/folders.ts';
import { LockHeldError } from '../host/lock.ts';
import { isLogLevel, lineLogger } from './log.ts';
import { clusterArgument } from './program.ts';
import { replayArguments } from './replay/arguments.ts';
import { replayMain } from './replay/main.ts';
import { runService, type Service } from './service.ts';

// service.cjs --cluster <folder>: the process around the framework. Its output is logs/service.log.
// service.cjs --replay <file> …: a recording in place of a cluster (src/service/replay/).

const level = process.env.MESOS_AIRFLOW_LOG_LEVEL;
const log = lineLogger((line) => process.stdout.write(line), isLogLevel(level) ? level : 'info');

function explain(error: unknown): string {
  if (error instanceof ExplainedError) {
    return [error.message, error.why, error.next].filter((part) => part !== undefined).join('\n');
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function fail(error: unknown): void {
  log.error(explain(error));
  process.exit(1);
}

/** Ends the service in order, once there is one. As process 1 of a container it has no other handlers than these. */
function endOnSignals(): (service: Service) => void {
  let service: Service | undefined;
  const end = (): void => {
    // Nothing has begun that would have to be ended: a lock of a dead process is nobody's.
    if (!service) process.exit(0);
    service.stop().catch(fail);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  return (started) => {
    service = started;
  };
}

async function main(): Promise<void> {
  const begun = endOnSignals();
  const folder = clusterFolderAt(clusterArgument(process.argv.slice(2)));
  let service: Service;
  try {
    service = await runService(folder, log);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    log.info(`nothing to do: process ${error.holder.pid} is the service of this cluster`);
    return;
  }
  begun(service);
  await service.ended;
}

// What nobody caught leaves an unknown state behind: the parts live on, and whoever notices starts the service again.
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

async function start(args: readonly string[]): Promise<number> {
  const replay = replayArguments(args);
  if (replay) return replayMain(replay);
  await main();
  return 0;
}

start(process.argv.slice(2)).then((code) => process.exit(code), fail);
