import { ExplainedError } from '../../host/errors.ts';
import type { LockedPackage } from './lock.ts';
import type { Requirements } from './requirements.ts';

/** What an installer was doing when it failed. */
export interface FailedInstall {
  /** All that it printed. */
  readonly output: string;
  /** Where the environment is made. */
  readonly folder: string;
  /** Set where it was the workspace's requirements that were installed. */
  readonly requirements?: Requirements | undefined;
  readonly locked: readonly LockedPackage[];
}

/** Free space that an environment needs while it is made, in megabytes: packages, their downloads, bytecode. */
export const neededMegabytes = 700;

/** Turns what uv or pip printed into an error for a person. The causes that people can do something about come first. */
export function explainInstallFailure(failed: FailedInstall): ExplainedError {
  const { output, requirements } = failed;
  if (isDiskFull(output)) return diskFull(failed.folder);
  if (isUntrusted(output)) {
    return new ExplainedError(`The certificate of ${addressIn(output)} is not trusted`, {
      why:
        firstOf(output, /invalid peer certificate: .*|CERTIFICATE_VERIFY_FAILED[^'")]*/) ??
        lastLinesOf(output),
      next: 'Where a proxy of your company signs connections, name its certificate authority: SSL_CERT_FILE=/path/to/ca.pem.',
    });
  }
  const status = /\b(401|403|407)\b[^\n]*(?:Unauthorized|Forbidden|Proxy Authentication)/i.exec(output)?.[1];
  if (status) {
    return new ExplainedError(`${addressIn(output)} refuses to hand out packages (${status})`, {
      why: status === '407' ? 'the proxy wants a login' : 'it wants a login, or another one',
      next:
        status === '407'
          ? 'Put name and password into HTTPS_PROXY.'
          : 'Put them into the index address (PIP_INDEX_URL), or into ~/.netrc.',
    });
  }
  const unreachable = unreachableReason(output);
  if (unreachable) {
    return new ExplainedError(`Packages could not be fetched: ${addressIn(output)} was not reached`, {
      why: unreachable,
      next: 'Check the network. Behind a proxy set HTTPS_PROXY; for an index of your own PIP_INDEX_URL or UV_DEFAULT_INDEX.',
    });
  }
  if (requirements) return requirementsFailure(failed, requirements);
  if (/hash mismatch|DO NOT MATCH THE HASHES/i.test(output)) {
    return new ExplainedError('A package is not the one that was locked', {
      why: lastLinesOf(output),
      next: `The index at ${addressIn(output)} serves another file under its name: ask who runs it, or use PyPI.`,
    });
  }
  return new ExplainedError('The Python packages for Airflow could not be installed', {
    why: lastLinesOf(output),
    next: 'Is your package index a complete one? It must have every package of the lock file.',
  });
}

export function diskFull(folder: string, freeMegabytes?: number): ExplainedError {
  const free = freeMegabytes === undefined ? '' : `, ${freeMegabytes} MB are free`;
  return new ExplainedError('The disk is too full for the Python environment', {
    why: `about ${neededMegabytes} MB are needed in ${folder}${free}`,
    next: 'Free some space, or choose another place: MESOS_AIRFLOW_CACHE=/a/larger/disk (and UV_CACHE_DIR for the downloads).',
  });
}

export function isDiskFull(output: string): boolean {
  return /No space left on device|os error 28\b|Errno 28\b|Disk quota exceeded/i.test(output);
}

/** A certificate that neither of the installer's own authorities has signed. */
export function isUntrusted(output: string): boolean {
  return /invalid peer certificate|CERTIFICATE_VERIFY_FAILED/i.test(output);
}

/** Why nobody answered, in the installer's innermost words. */
export function unreachableReason(output: string): string | undefined {
  return firstOf(
    output,
    /failed to lookup address[^\n]*|Name or service not known|Temporary failure in name resolution|nodename nor servname[^\n']*/i,
    /Connection refused|Network is unreachable|No route to host|Connection reset by peer|Connection timed out/i,
    /operation timed out|Read timed out|tunnel error[^\n]*|Tunnel connection failed[^\n'")]*|Cannot connect to proxy/i,
    /client error \(Connect\)|error sending request[^\n]*|NewConnectionError/i,
  );
}

function requirementsFailure(failed: FailedInstall, requirements: Requirements): ExplainedError {
  const { output, locked } = failed;
  const versions = new Map(locked.map((each) => [each.name, each.version]));
  // The line that names a package which the installer complains about; before others, one that Airflow needs itself.
  const named = requirements.lines.filter(({ name }) => name !== undefined && mentions(output, name));
  const line = named.find(({ name }) => name !== undefined && versions.has(name)) ?? named[0];
  const needed = line?.name === undefined ? undefined : versions.get(line.name);
  const where = line ? `${line.file}, line ${line.line}: ${line.text}` : requirements.file;
  return new ExplainedError(`The workspace's requirements cannot be installed (${where})`, {
    why:
      needed === undefined
        ? lastLinesOf(output)
        : `Airflow is locked to ${line?.name} ${needed}. ${lastLinesOf(output)}`,
    next:
      needed === undefined
        ? 'Correct that file and start again.'
        : `Remove the line, or let it allow ${needed}.`,
  });
}

function mentions(output: string, name: string): boolean {
  const pattern = name.replaceAll('-', '[-_.]');
  return new RegExp(`(?<![a-z0-9._-])${pattern}(?![a-z0-9-])`, 'i').test(output);
}

/** Scheme and host of the address that the output speaks of last, without a login. */
function addressIn(output: string): string {
  const found = [...output.matchAll(/\bhttps?:\/\/[^\s'"`)<>]+/g)].at(-1)?.[0] ?? hostInPipOutput(output);
  if (found === undefined) return 'the package index';
  try {
    return new URL(found).origin;
  } catch {
    return 'the package index';
  }
}

function hostInPipOutput(output: string): string | undefined {
  const host = /host='([^']+)'/.exec(output)?.[1];
  return host ? `https://${host}` : undefined;
}

function firstOf(output: string, ...patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(output)?.[0];
    if (found) return found.trim();
  }
  return undefined;
}

/** The end of what was printed, from where the installer begins to speak of an error. */
function lastLinesOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const start = lines.findIndex((line) => /^\s*(error|×)/i.test(line));
  return lines
    .slice(start === -1 ? -6 : start)
    .slice(0, 8)
    .map((line) => withoutLogins(line.trim()))
    .join('\n');
}

/** An index address may hold a password, and this is shown. */
function withoutLogins(text: string): string {
  return text.replace(/(\bhttps?:\/\/)[^\s/@]+@/gi, '$1');
}
