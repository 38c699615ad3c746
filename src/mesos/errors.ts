// What can go wrong between a client and Mesos: one class per cause.

/** A master or agent answered with an error status. */
export class MesosHttpError extends Error {
  readonly status: number;
  /** The answer's text; Mesos says there what it refuses. At most 64 KiB of it. */
  readonly body: string;
  readonly url: string;

  constructor(url: URL, status: number, body: string) {
    super(`${url.href} answered ${status}${body ? `: ${body.trim().slice(0, 500)}` : ''}`);
    this.name = 'MesosHttpError';
    this.status = status;
    this.body = body;
    this.url = url.href;
  }
}

/** Something answered, but not as Mesos does: another program, a proxy, a login page. */
export class UnexpectedAnswerError extends Error {
  readonly url: string;

  constructor(url: URL, what: string) {
    super(`${url.href} does not answer as Mesos does: ${what}`);
    this.name = 'UnexpectedAnswerError';
    this.url = url.href;
  }
}

/** Masters that point to each other, or a redirect that may not be followed. */
export class RedirectError extends Error {
  readonly url: string;

  constructor(url: URL, why: string) {
    super(`${url.href} redirects, but ${why}`);
    this.name = 'RedirectError';
    this.url = url.href;
  }
}

/** No connection, or one that broke. `cause` is Node's own error. */
export class MesosUnreachableError extends Error {
  readonly url: string;
  /** Node's code: ECONNREFUSED, ECONNRESET, ENOTFOUND, … */
  readonly code: string | undefined;

  constructor(url: URL, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    // An AggregateError (a name with several addresses) has no message of its own.
    const message = cause instanceof Error ? cause.message || code : String(cause);
    super(`${url.href}: ${message ?? 'no connection'}`, { cause });
    this.name = 'MesosUnreachableError';
    this.url = url.href;
    this.code = code;
  }
}

/** No answer came in time. */
export class NoAnswerError extends Error {
  readonly url: string;
  readonly waitedMs: number;

  constructor(url: URL, waitedMs: number) {
    super(`${url.href} gave no answer within ${waitedMs / 1000} s`);
    this.name = 'NoAnswerError';
    this.url = url.href;
    this.waitedMs = waitedMs;
  }
}

/** The other side ended the stream of events in good order: a master that stops, or a framework torn down. */
export class StreamEndedError extends Error {
  constructor() {
    super('the master ended the stream of events');
    this.name = 'StreamEndedError';
  }
}

/** Nothing came, no heartbeat either: the connection is dead, though nobody closed it. */
export class SilentStreamError extends Error {
  readonly silentMs: number;

  constructor(silentMs: number) {
    super(`the stream of events brought nothing for ${silentMs / 1000} s`);
    this.name = 'SilentStreamError';
    this.silentMs = silentMs;
  }
}

/** A record of the stream is no event. */
export class BadEventError extends Error {
  /** Its beginning, at most 200 characters. */
  readonly excerpt: string;

  constructor(why: string, record: Buffer) {
    const excerpt = record.toString('utf8', 0, 800).slice(0, 200);
    super(`the stream of events carries a record that ${why}: ${excerpt}`);
    this.name = 'BadEventError';
    this.excerpt = excerpt;
  }
}

/** The master refused the subscription with an ERROR event, for good: what the framework says of itself is wrong. */
export class SubscriptionRefusedError extends Error {
  constructor(message: string) {
    super(`the master refused the framework: ${message}`);
    this.name = 'SubscriptionRefusedError';
  }
}

/** The framework was torn down, or its failover timeout passed; its id is used up, its tasks are killed. */
export class FrameworkRemovedError extends Error {
  constructor(message: string) {
    super(`the framework is no longer there: ${message}`);
    this.name = 'FrameworkRemovedError';
  }
}

/** Another scheduler subscribed with this framework's id and took its place. */
export class FrameworkFailedOverError extends Error {
  constructor(message: string) {
    super(`another scheduler took over the framework: ${message}`);
    this.name = 'FrameworkFailedOverError';
  }
}

/** A call was made while there was no subscription to make it on. Nothing was sent. */
export class NotSubscribedError extends Error {
  readonly call: string;

  constructor(call: string) {
    super(`${call} needs a subscription, and there is none at the moment`);
    this.name = 'NotSubscribedError';
    this.call = call;
  }
}

/** The subscription ended before the call was answered. `cause` tells why. */
export class CallLostError extends Error {
  readonly call: string;
  /** False: the master has not seen it. True: whether it has is not known. */
  readonly sent: boolean;

  constructor(call: string, sent: boolean, cause: Error) {
    super(`${call} was ${sent ? 'not answered' : 'not sent'}: ${cause.message}`, { cause });
    this.name = 'CallLostError';
    this.call = call;
    this.sent = sent;
  }
}

/** The client was stopped. */
export class StoppedError extends Error {
  constructor() {
    super('the client was stopped');
    this.name = 'StoppedError';
  }
}

/** The address of a master or agent is none. */
export class InvalidAddressError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'InvalidAddressError';
  }
}
