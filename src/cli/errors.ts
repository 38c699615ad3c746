import { ServiceProblem } from '../client/errors.ts';
import { MachineError } from '../engines/checks.ts';
import { NoSuchDockerCluster } from '../engines/docker/errors.ts';
import { whyNoDocker } from '../engines/docker/unavailable.ts';
import { ClusterNameError, SettingError } from '../engines/settings.ts';
import { ExplainedError, messageOf } from '../host/errors.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import type { Terminal } from './output/terminal.ts';

/** An error of a command with an exit status of its own. */
export class CommandError extends ExplainedError {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, what: string, parts: { why?: string; next?: string } = {}) {
    super(what, parts);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

export interface ErrorRecord {
  readonly error: string;
  readonly why: string | null;
  readonly next: string | null;
  /** Which cause it is, by the name of its class: programs offer remedies by it. Null where nobody thought of it. */
  readonly kind: string | null;
}

/** An error as programs read it, on `--json` and `--progress json`: its three parts, and its kind. */
export function errorRecord(error: unknown): ErrorRecord {
  const explained = error instanceof ExplainedError ? error : undefined;
  return {
    error: messageOf(error),
    why: explained?.why ?? null,
    next: explained?.next ?? null,
    kind: explained?.name ?? null,
  };
}

/** What happened, why, and what next; each on lines of its own. */
export function showError(error: unknown, terminal: Terminal): void {
  const { error: what, why, next } = errorRecord(error);
  terminal.line(`${terminal.colors.red('✗')} ${what}`);
  for (const part of [why, next]) {
    for (const line of part?.split('\n') ?? []) terminal.line(`  ${line}`.trimEnd());
  }
}

/** An error that nobody thought of: its stack is what helps whoever mends it. */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof ExplainedError);
}

/** Docker lacks room or memory. By name: the modules of these classes load Docker's client, which costs each command time. */
const tooSmall: ReadonlySet<string> = new Set(['DockerTooSmall', 'DockerDiskTooSmall', 'DockerDiskFull']);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof SettingError || error instanceof ClusterNameError) return exitCodes.usage;
  if (error instanceof MachineError || (error instanceof ExplainedError && tooSmall.has(error.name))) {
    return exitCodes.machine;
  }
  if (error instanceof NoSuchDockerCluster) return exitCodes.noCluster;
  if (whyNoDocker(error)) return exitCodes.docker;
  if (error instanceof ServiceProblem && error.status === 404) return exitCodes.notFound;
  return exitCodes.failed;
}
