import type { DockerEngine } from '../../../docker/engine.ts';
import type { ProgramFiles } from '../../program.ts';
import type { DockerSettings } from '../settings.ts';

/** What all images are made with. */
export interface ImageContext {
  readonly engine: DockerEngine;
  readonly program: ProgramFiles;
  /** The person's: package indexes, proxies, certificate authorities, and where the cache is. */
  readonly env: NodeJS.ProcessEnv;
  readonly settings: DockerSettings;
  /** Its requirements.txt goes into Airflow's image. */
  readonly workspace?: string | undefined;
  /** Ends pulls and builds; nothing half-made is left. */
  readonly signal: AbortSignal;
  /** One line for a person, often. */
  readonly progress: (detail: string) => void;
}

/** An image that is there. */
export interface BuiltImage {
  /** Its tag: `mesos-airflow/airflow:1f…`. */
  readonly image: string;
  /** `sha256:…` */
  readonly id: string;
  /** Whether it was there already. */
  readonly reused: boolean;
}
