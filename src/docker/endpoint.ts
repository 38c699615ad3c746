/** Files of a TLS connection: what is missing is not sent. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the daemon's certificate is checked. */
  readonly verify: boolean;
}

/** An address where a Docker Engine may listen, not yet asked. */
export interface Address {
  readonly kind: 'unix' | 'npipe' | 'tcp';
  /** As DOCKER_HOST spells it: `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Of `unix` and `npipe`. */
  readonly socketPath?: string;
  /** Of `tcp`. */
  readonly host?: string;
  readonly port?: number;
}

/** An address with where it comes from. */
export interface Candidate extends Address {
  /** What people call it: `Colima`, `context remote`, `DOCKER_HOST`. */
  readonly name: string;
  /** Where the address was found: `DOCKER_HOST`, `--context`, `DOCKER_CONTEXT`, a configuration file, `usual place`. */
  readonly source: string;
  readonly tls?: TlsMaterial;
}

/** An address at which a Docker Engine has answered. */
export interface Endpoint extends Candidate {
  /** Whether the daemon sees this machine's files under their own paths, so that folders can be mounted. */
  readonly local: boolean;
}

/** An address that Docker's own client may take and this one can't, or that nobody takes. */
export class HostNotSupported extends Error {
  readonly next: string;

  constructor(why: string, next: string) {
    super(why);
    this.name = 'HostNotSupported';
    this.next = next;
  }
}

/** Reads an address as DOCKER_HOST or a context has it. Throws HostNotSupported. */
export function parseHost(text: string, tls = false): Address {
  const match = /^([a-z]+):\/\/(.*)$/i.exec(text.trim());
  const [scheme, rest] = match ? [match[1]?.toLowerCase(), match[2] ?? ''] : ['tcp', text.trim()];
  switch (scheme) {
    case 'unix': {
      const socketPath = rest === '' ? '/var/run/docker.sock' : rest;
      return { kind: 'unix', address: `unix://${socketPath}`, socketPath };
    }
    case 'npipe': {
      const socketPath = rest === '' ? '//./pipe/docker_engine' : rest.replaceAll('\\', '/');
      return { kind: 'npipe', address: `npipe://${socketPath}`, socketPath };
    }
    case 'tcp':
    case 'http':
    case 'https':
      return tcpAddress(text, rest, tls || scheme === 'https');
    case 'ssh':
      throw new HostNotSupported(
        "it is reached over ssh, which only Docker's own client speaks, and folders of this machine cannot be mounted there",
        'Choose a Docker Engine of this machine: `docker context use default`, or unset DOCKER_HOST. To use the other machine, start the cluster there.',
      );
    default:
      throw new HostNotSupported(
        `${text} is no address that is understood here`,
        'Addresses look like unix:///var/run/docker.sock or tcp://127.0.0.1:2375.',
      );
  }
}

function tcpAddress(text: string, rest: string, tls: boolean): Address {
  const parsed =
    /^[^/]+\/?$/.test(rest) && URL.canParse(`tcp://${rest}`) ? new URL(`tcp://${rest}`) : undefined;
  if (parsed === undefined || parsed.hostname === '') {
    throw new HostNotSupported(
      `${text} is no address that is understood here`,
      'Addresses look like unix:///var/run/docker.sock or tcp://127.0.0.1:2375.',
    );
  }
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = parsed.port === '' ? (tls ? 2376 : 2375) : Number(parsed.port);
  return { kind: 'tcp', address: `tcp://${parsed.hostname}:${String(port)}`, host, port };
}
