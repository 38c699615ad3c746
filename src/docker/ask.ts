import type Docker from 'dockerode';
import { bodyOf, openAnswer } from './call.ts';
import { clientFor } from './client.ts';
import { declinedBy } from './declined.ts';
import type { Candidate, Endpoint } from './endpoint.ts';
import {
  archOf,
  engineInfo,
  infoAnswer,
  isAtLeast,
  versionAnswer,
  type EngineInfo,
  type VersionAnswer,
} from './engineInfo.ts';
import type { Declined } from './errors.ts';
import { here, isLocal } from './locality.ts';

/** A Docker Engine that has answered. */
export interface DockerEngine {
  readonly docker: Docker;
  readonly endpoint: Endpoint;
  readonly info: EngineInfo;
  /** What it was found with: where logins for registries are looked up. */
  readonly env: NodeJS.ProcessEnv;
}

/** Docker 20.10 of 2020, Podman 4: the first with platforms of containers and the cgroup version. */
const oldestApi = '1.41';
/** Newer daemons are asked to speak this one, whose fields are known here. */
const newestApi = '1.51';

export interface AskOptions {
  readonly signal: AbortSignal;
  /** How long it may take to answer, in milliseconds. */
  readonly limitMs: number;
  /** Whether a daemon that doesn't see this machine's files will do. */
  readonly takeRemote: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** Asks one address what it is. Never rejects but with the signal's reason. */
export async function ask(candidate: Candidate, options: AskOptions): Promise<DockerEngine | Declined> {
  const { signal } = options;
  const limit = AbortSignal.timeout(options.limitMs);
  const either = AbortSignal.any([signal, limit]);
  try {
    const unversioned = clientFor(candidate);
    await text(unversioned, '/_ping', either);
    const version = versionAnswer.parse(JSON.parse(await text(unversioned, '/version', either)));
    const unfit = unfitFor(version);
    if (unfit) return { name: candidate.name, address: candidate.address, ...unfit };
    const docker = clientFor(candidate, spokenVersion(version));
    const info = infoAnswer.parse(JSON.parse(await text(docker, '/info', either)));
    const told = engineInfo(version, info, archOf(version) ?? 'amd64');
    const local = isLocal(candidate, told.hostname, here());
    if (!local && !options.takeRemote) return remote(candidate, told.hostname);
    return { docker, endpoint: { ...candidate, local }, info: told, env: options.env };
  } catch (error) {
    signal.throwIfAborted();
    return declinedBy(candidate, limit.aborted ? limit.reason : error, options.limitMs);
  }
}

async function text(docker: Docker, path: string, signal: AbortSignal): Promise<string> {
  return (await bodyOf(await openAnswer(docker, { method: 'GET', path, signal }))).toString();
}

function unfitFor(version: VersionAnswer): Pick<Declined, 'reason' | 'why' | 'next'> | undefined {
  if (version.Os !== 'linux') {
    return {
      reason: 'windows-containers',
      why: `it runs ${version.Os} containers`,
      next: "Switch Docker Desktop to Linux containers (its icon's menu).",
    };
  }
  if (!isAtLeast(version.ApiVersion, oldestApi)) {
    return {
      reason: 'too-old',
      why: `it is too old: ${version.Version} speaks API ${version.ApiVersion}, at least ${oldestApi} is needed`,
      next: 'Update it: Docker 20.10 or newer, or Podman 4 or newer.',
    };
  }
  if (!archOf(version)) {
    return { reason: 'architecture', why: `its processor is ${version.Arch}, not amd64 or arm64` };
  }
  return undefined;
}

function spokenVersion(version: VersionAnswer): string {
  const tooNew = version.MinAPIVersion !== undefined && !isAtLeast(newestApi, version.MinAPIVersion);
  return tooNew || !isAtLeast(version.ApiVersion, newestApi) ? version.ApiVersion : newestApi;
}

function remote({ address, kind, name }: Candidate, hostname: string): Declined {
  const elsewhere =
    kind === 'tcp' ? `it is on another machine (${hostname})` : 'it runs outside of this container';
  return {
    name,
    address,
    reason: 'remote',
    why: `${elsewhere}, where folders of this one cannot be mounted`,
    next:
      kind === 'tcp'
        ? 'Start the cluster on that machine, or choose a Docker Engine of this one.'
        : 'Start the cluster outside of this container, or run a Docker Engine inside of it (docker-in-docker).',
  };
}
