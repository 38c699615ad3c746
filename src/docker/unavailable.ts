import type { DockerEngine } from './ask.ts';
import type { Chosen } from './chosen.ts';
import { DockerUnavailable, type Declined } from './errors.ts';

/** Puts in one error what was tried: of what was chosen, or of all usual places. `other` is one that would answer. */
export function unavailable(
  tried: readonly Declined[],
  choice: { chosen: Chosen; other: DockerEngine | undefined } | undefined,
): DockerUnavailable {
  const [first] = tried;
  if (choice && first) {
    const { chosen, other } = choice;
    const instead = other
      ? `${other.info.provider} answers at ${other.endpoint.address}; to use it: ${unchoose(chosen, other)}.`
      : undefined;
    const next = [first.next, instead].filter((part) => part !== undefined).join(' ');
    return new DockerUnavailable(`The chosen Docker Engine cannot be used (${told(first, chosen)})`, tried, {
      why: first.why,
      ...(next === '' ? {} : { next }),
    });
  }
  const interesting = tried.filter(({ reason }) => reason !== 'absent');
  const [main] = interesting;
  if (!main) {
    return new DockerUnavailable('Docker was not found', tried, {
      why: `nothing listens at ${tried.map(({ address }) => address.replace('unix://', '')).join(', ')}`,
      next: 'Install and start it: https://docs.docker.com/engine/install/. If it listens elsewhere, name it in DOCKER_HOST.',
    });
  }
  return new DockerUnavailable(summary(main), tried, {
    why: interesting.map(({ name, address, why }) => `${name}${at(address)}: ${why}`).join('\n'),
    ...(main.next === undefined ? {} : { next: main.next }),
  });
}

function summary(main: Declined): string {
  switch (main.reason) {
    case 'denied':
      return 'Docker may not be used by this user';
    case 'not-running':
      return 'Docker is not running';
    case 'silent':
      return 'Docker does not answer';
    default:
      return 'Docker cannot be used';
  }
}

function told({ address }: Declined, { name, source }: Chosen): string {
  const by = source === name ? '' : `, chosen by ${source}`;
  return `${name}${by}${address === '' ? '' : `: ${address}`}`;
}

function at(address: string): string {
  return address === '' ? '' : ` at ${address}`;
}

function unchoose(chosen: Chosen, other: DockerEngine): string {
  const isDefault = other.endpoint.address === 'unix:///var/run/docker.sock';
  if (isDefault && chosen.source === chosen.name) return 'unset DOCKER_HOST';
  if (isDefault && chosen.source.endsWith('config.json')) return 'docker context use default';
  return `DOCKER_HOST=${other.endpoint.address}`;
}
