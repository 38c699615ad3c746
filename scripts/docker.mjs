// Whether a Docker Engine answers on this machine, for the tests and benchmarks that need one.
import http from 'node:http';

/** The socket of DOCKER_HOST, or the usual one; undefined where DOCKER_HOST names something else than a local socket. */
function socket() {
  const host = process.env.DOCKER_HOST;
  if (!host) return '/var/run/docker.sock';
  return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
}

/** Undefined where a Docker Engine answers, else why none can be used. */
export async function whyNoDocker() {
  const socketPath = socket();
  if (socketPath === undefined) return `DOCKER_HOST is ${process.env.DOCKER_HOST}, no local socket`;
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/_ping', timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `${socketPath} answers ${response.statusCode}`);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error) => resolve(`no Docker Engine at ${socketPath} (${error.message})`));
  });
}
