import { DockerUnavailable } from '../../docker/errors.ts';

/** Where an error says that no Docker Engine can be used: with what was tried. Loads nothing of Docker's. */
export function whyNoDocker(error: unknown): DockerUnavailable | undefined {
  return error instanceof DockerUnavailable ? error : undefined;
}
