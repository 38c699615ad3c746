import type { Engine } from '../engines/engine.ts';
import { programFiles } from '../engines/program.ts';
import type { UserFolders } from '../host/folders.ts';

/** The engines of this machine, each loaded when it is needed: all of them cost a command's start. */
export interface Engines {
  embedded(): Promise<Engine>;
  docker(): Promise<Engine>;
}

export interface EngineOptions {
  readonly folders: UserFolders;
  readonly env: NodeJS.ProcessEnv;
  /** The bundle that runs. */
  readonly entry: string;
}

export function enginesOf({ folders, env, entry }: EngineOptions): Engines {
  let embedded: Promise<Engine> | undefined;
  let docker: Promise<Engine> | undefined;
  return {
    embedded: () =>
      (embedded ??= import('../engines/embedded/engine.ts').then(
        ({ EmbeddedEngine }) => new EmbeddedEngine({ folders, program: programFiles(entry), env }),
      )),
    docker: () =>
      (docker ??= import('../engines/docker/engine.ts').then(
        ({ DockerClusters }) => new DockerClusters({ folders, program: programFiles(entry), env }),
      )),
  };
}
