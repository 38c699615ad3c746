import Docker from 'dockerode';
import http from 'node:http';
import https from 'node:https';
import type { Candidate } from './endpoint.ts';

/**
 * A client for one address. Every option is given, also those that are undefined: docker-modem would take what is missing
 * from DOCKER_HOST. Connections are not kept: a daemon that restarts, or Podman's that goes to sleep, leaves dead ones.
 */
export function clientFor(candidate: Candidate, version?: string): Docker {
  const { tls } = candidate;
  const options: Docker.DockerOptions & { agent: http.Agent } = {
    socketPath: candidate.socketPath,
    host: candidate.host,
    port: candidate.port,
    protocol: tls ? 'https' : 'http',
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
    timeout: undefined,
    agent: tls
      ? new https.Agent({ keepAlive: false, rejectUnauthorized: tls.verify })
      : new http.Agent({ keepAlive: false }),
    version: version === undefined ? undefined : `v${version}`,
  };
  return new Docker(options);
}
