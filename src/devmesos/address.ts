import os from 'node:os';

/** Where a master or an agent listens, and what it tells others. */
export interface AddressOptions {
  /** Address to listen on; `0.0.0.0` or `::` for all. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The IP address that others reach it by; undefined: the one that it listens on. */
  readonly advertiseIp: string | undefined;
  /** The name that others reach it by; undefined: `host`, or this machine's name where it listens on all addresses. */
  readonly hostname: string | undefined;
}

/** As others know it. */
export interface Advertised {
  ip: string;
  readonly hostname: string;
}

/**
 * What to tell others. `bound` is the address that the socket has. Where that is all addresses, the first of this machine
 * that others can reach is told, until a better one is known.
 */
export function advertised(options: AddressOptions, bound = options.host): Advertised {
  const { host, advertiseIp, hostname } = options;
  const everywhere = isWildcard(host);
  return {
    ip: advertiseIp ?? (everywhere ? outwardAddress() : bound),
    hostname: hostname ?? (everywhere ? os.hostname() : host),
  };
}

/** `http://host:port`, with an IPv6 address in brackets. */
export function urlOf(host: string, port: number): string {
  return `http://${hostAndPort(host, port)}`;
}

export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    host === '::1' ||
    host === '[::1]'
  );
}

/** An IPv4 address as sockets that speak both give it (`::ffff:10.0.0.5`) as it is usually written. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

function outwardAddress(): string {
  const all = Object.values(os.networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
