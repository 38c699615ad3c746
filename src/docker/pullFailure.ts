import type { ExplainedError } from '../host/errors.ts';
import {
  DockerDiskFull,
  ImageNotFound,
  PlatformMissing,
  PullFailed,
  RegistryLimited,
  RegistryRefused,
  RegistryUnreachable,
  RegistryUntrusted,
} from './errors.ts';
import type { Login } from './login.ts';
import type { Reference } from './reference.ts';

/** Turns what the daemon says when a pull fails into an error for a person. Daemons tell causes apart by words alone. */
export function pullFailure(
  said: string,
  reference: Reference,
  login: Login,
  platform?: string,
): ExplainedError {
  const { given, registry } = reference;
  const why = [said, login.trouble].filter((part) => part !== undefined).join('\n');
  if (isDiskFull(said)) return diskFull(`${given} was not pulled: no space is left`, said);
  if (/toomanyrequests|too many requests|rate limit/i.test(said)) {
    return new RegistryLimited(`${registry} lets this machine pull no more for now`, {
      why,
      next: `Wait, or log in for a higher limit: ${loginCommand(reference)}.`,
    });
  }
  if (
    /no matching manifest for|not match the specified platform|no match for platform|no image found in manifest list/i.test(
      said,
    )
  ) {
    return new PlatformMissing(
      `${given} does not exist for ${platform ?? 'the processor of this Docker Engine'}`,
      {
        why,
        next: 'Choose another image, or another tag.',
      },
    );
  }
  if (/x509:|certificate|server gave HTTP response to HTTPS client/i.test(said)) {
    return new RegistryUntrusted(`Docker does not trust ${registry}`, {
      why,
      next: `Give Docker its certificate authority (/etc/docker/certs.d/${registry}/ca.crt); for a registry without TLS, name it in "insecure-registries" of daemon.json.`,
    });
  }
  if (isRefused(said, login)) return refused(reference, login, why);
  if (/manifest unknown|name unknown|not found|pull access denied|repository does not exist/i.test(said)) {
    return new ImageNotFound(`${registry} has no image ${given}`, {
      why,
      next: `Check its name and tag. If it is private, log in: ${loginCommand(reference)}.`,
    });
  }
  if (isUnreachable(said)) {
    return new RegistryUnreachable(`${given} is not on this machine, and ${registry} could not be reached`, {
      why,
      next: `Connect to the network, then try again. Behind a proxy Docker itself needs it (not this program): https://docs.docker.com/engine/daemon/proxy/. Or bring the image here: docker load.`,
    });
  }
  return new PullFailed(`${given} was not pulled`, {
    why,
    next: `See whether Docker itself can: docker pull ${given}.`,
  });
}

/** "pull access denied" is said of what doesn't exist and of what wants a login: with a login sent it is the login. */
function isRefused(said: string, login: Login): boolean {
  if (
    /unauthorized|no basic auth credentials|authentication required|incorrect username or password/i.test(
      said,
    )
  ) {
    return true;
  }
  const denied = /denied|forbidden|\b403\b/i.test(said);
  return denied && (login.header !== undefined || !/repository does not exist/i.test(said));
}

function refused(reference: Reference, login: Login, why: string): RegistryRefused {
  const { given, registry } = reference;
  if (login.header !== undefined) {
    return new RegistryRefused(
      `${registry} refuses the login${login.user ? ` of ${login.user}` : ''} for ${given}`,
      {
        why,
        next: `Log in anew, as somebody who may read it: ${loginCommand(reference)}.`,
      },
    );
  }
  return new RegistryRefused(`${registry} wants a login for ${given}`, {
    why,
    next: `Log in: ${loginCommand(reference)}.`,
  });
}

function loginCommand({ registry }: Reference): string {
  return registry === 'docker.io' ? 'docker login' : `docker login ${registry}`;
}

function isUnreachable(said: string): boolean {
  return (
    /no such host|connection refused|connection reset|network is unreachable|no route to host/i.test(said) ||
    /i\/o timeout|handshake timeout|Client\.Timeout|deadline exceeded|request canceled|proxyconnect/i.test(
      said,
    ) ||
    /unexpected HTTP status: 5\d\d|server misbehaving|temporary failure in name resolution|\bEOF\b/i.test(
      said,
    )
  );
}

export function isDiskFull(said: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(said);
}

export function diskFull(what: string, said: string): DockerDiskFull {
  return new DockerDiskFull(what, {
    why: said,
    next: 'Make space: `docker system df` shows what Docker keeps, `docker system prune` removes what nothing uses.',
  });
}
