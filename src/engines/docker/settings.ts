import type { ClusterSettings } from '../settings.ts';

export const distributions = ['auto', 'apache', 'dev'] as const;
/** Whose Mesos runs: Apache's, in the images of a preset, or our own. `auto` takes Apache's where this Docker can run it. */
export type Distribution = (typeof distributions)[number];

/** What a person may choose of a cluster in Docker, beside `ClusterSettings`; what is left out keeps its last value. */
export interface DockerSettings extends ClusterSettings {
  /** Default `auto`. */
  readonly distribution?: Distribution;
  /** Which images and commands of Apache Mesos, by the name of a preset. */
  readonly mesosPreset?: string;
  /** In place of the preset's images. */
  readonly masterImage?: string;
  readonly agentImage?: string;
  /** `linux/amd64` or `linux/arm64`; default: the Docker Engine's own. */
  readonly platform?: string;
  /** An Airflow image of the person's own, in place of the one that is built. */
  readonly airflowImage?: string;
  /** What the images that are built here start from. */
  readonly pythonImage?: string;
  readonly nodeImage?: string;
  readonly databaseImage?: string;
  /** `agent` (default): tasks run in the agents' containers. `container`: each in its own, which gives agents the Docker socket. */
  readonly tasks?: 'agent' | 'container';
  /** The network of image builds, as `docker build --network` has it; default: the Docker Engine's own choice. */
  readonly buildNetwork?: string;
  /** A start that fails or is cancelled leaves what it made, for a look at it. */
  readonly keepOnFailure?: boolean;
}

/** The images that are taken where nobody says otherwise. All have amd64 and arm64. */
export const baseImages = {
  python: 'python:3.12-slim-bookworm',
  node: 'node:24-bookworm-slim',
  database: 'postgres:17-bookworm',
} as const;
