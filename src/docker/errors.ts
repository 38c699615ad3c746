import { ExplainedError } from '../host/errors.ts';

/** Why an address where Docker may be was not taken. */
export type DeclinedReason =
  | 'absent'
  | 'not-running'
  | 'denied'
  | 'silent'
  | 'not-docker'
  | 'too-old'
  | 'remote'
  | 'windows-containers'
  | 'architecture'
  | 'unsupported'
  | 'tls'
  | 'unknown-host'
  | 'no-context'
  | 'failed';

/** An address that was asked and not taken. */
export interface Declined {
  /** What it would have been, for people: `Docker Engine`, `context colima`, `DOCKER_HOST`. */
  readonly name: string;
  /** As DOCKER_HOST spells it; empty where a context could not be read. */
  readonly address: string;
  readonly reason: DeclinedReason;
  /** The reason as a sentence without its full stop. */
  readonly why: string;
  /** What to do about it, where there is something to do. */
  readonly next?: string | undefined;
}

/** No Docker Engine answered that can be used. */
export class DockerUnavailable extends ExplainedError {
  readonly tried: readonly Declined[];

  constructor(what: string, tried: readonly Declined[], parts: { why?: string; next?: string } = {}) {
    super(what, parts);
    this.name = 'DockerUnavailable';
    this.tried = tried;
  }
}

/** A registry says that it has no such image (or none that may be seen without a login). */
export class ImageNotFound extends ExplainedError {
  override readonly name = 'ImageNotFound';
}

/** The image exists, but not for this kind of processor. */
export class PlatformMissing extends ExplainedError {
  override readonly name = 'PlatformMissing';
}

/** The registry could not be reached: offline, no such host, a proxy, a time limit. */
export class RegistryUnreachable extends ExplainedError {
  override readonly name = 'RegistryUnreachable';
}

/** The registry's certificate is not trusted, or it speaks no TLS. */
export class RegistryUntrusted extends ExplainedError {
  override readonly name = 'RegistryUntrusted';
}

/** The registry wants a login, or another one. */
export class RegistryRefused extends ExplainedError {
  override readonly name = 'RegistryRefused';
}

/** The registry lets this machine fetch no more for now. */
export class RegistryLimited extends ExplainedError {
  override readonly name = 'RegistryLimited';
}

/** Nothing more came of an image for too long. */
export class PullStalled extends ExplainedError {
  override readonly name = 'PullStalled';
}

/** A pull failed in another way; `why` is what Docker said. */
export class PullFailed extends ExplainedError {
  override readonly name = 'PullFailed';
}

/** No space is left where Docker keeps its images. */
export class DockerDiskFull extends ExplainedError {
  override readonly name = 'DockerDiskFull';
}

/** A step of a Dockerfile failed. */
export class BuildFailed extends ExplainedError {
  override readonly name = 'BuildFailed';
  /** The instruction that failed, as the Dockerfile has it; undefined where none was reached. */
  readonly step: string | undefined;
  /** Its last lines of output. */
  readonly lastLines: readonly string[];

  constructor(
    what: string,
    parts: { why?: string; next?: string; step: string | undefined; lastLines: readonly string[] },
  ) {
    super(what, parts);
    this.step = parts.step;
    this.lastLines = parts.lastLines;
  }
}

/** A reference is none that Docker takes. */
export class BadImageName extends ExplainedError {
  override readonly name = 'BadImageName';
}
