import { BadImageName } from './errors.ts';

/** An image's name, taken apart as Docker takes it. */
export interface Reference {
  /** As it was given. */
  readonly given: string;
  /** `docker.io`, `registry.example:5000` */
  readonly registry: string;
  /** Under which the registry's login is kept: its name, for Docker Hub an address of old. */
  readonly loginKey: string;
  /** What the daemon is asked for: the name without tag and digest. */
  readonly repository: string;
  /** A tag, or a digest (`sha256:…`). Default: `latest`. */
  readonly tag: string;
}

const dockerHub = 'docker.io';
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const pattern = new RegExp(
  `^(?<name>(?:(?<domain>[A-Za-z0-9.-]+(?::\\d+)?|\\[[0-9a-fA-F:]+\\](?::\\d+)?)/)?${component}(?:/${component})*)` +
    `(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}))?$`,
);

/** Takes an image's name apart. Throws BadImageName. */
export function parseReference(given: string): Reference {
  const groups = pattern.exec(given)?.groups;
  const name = groups?.name;
  if (groups === undefined || name === undefined) {
    throw new BadImageName(`${JSON.stringify(given)} is no name of an image`, {
      why: 'names look like python:3.12-slim or registry.example:5000/team/image:tag, in lower case',
      next: 'Correct the setting.',
    });
  }
  // A first part without a dot or a port is a user of Docker Hub.
  const domain = groups.domain;
  const registry =
    domain !== undefined && (/[.:]/.test(domain) || domain === 'localhost') ? domain : dockerHub;
  const isHub = registry === dockerHub || registry === 'index.docker.io';
  return {
    given,
    registry: isHub ? dockerHub : registry,
    loginKey: isHub ? 'https://index.docker.io/v1/' : registry,
    repository: name,
    tag: groups.digest ?? groups.tag ?? 'latest',
  };
}
