import path from 'node:path';
import { homeOf } from './configuration.ts';
import { parseHost, type Candidate } from './endpoint.ts';

/** What decides where to look. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Of the person; undefined on Windows. */
  readonly uid: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export function thisMachine(env: NodeJS.ProcessEnv): Machine {
  return { platform: process.platform, uid: process.getuid?.(), env };
}

/** Where Docker Engines and what stands in for them listen when nothing else is set, the commonest first. */
export function usualPlaces(machine: Machine): Candidate[] {
  if (machine.platform === 'win32') {
    return [
      pipe('Docker Desktop', '//./pipe/dockerDesktopLinuxEngine'),
      pipe('Docker Engine', '//./pipe/docker_engine'),
      pipe('Podman', '//./pipe/podman-machine-default'),
    ];
  }
  const home = homeOf(machine.env);
  const places = machine.platform === 'darwin' ? macPlaces(machine, home) : linuxPlaces(machine, home);
  return places.map(([name, socket]) => socketAt(name, socket));
}

type Place = readonly [name: string, socket: string];

function linuxPlaces({ env, uid }: Machine, home: string): Place[] {
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${String(uid ?? 0)}`;
  return [
    ['Docker Engine', '/var/run/docker.sock'],
    ['rootless Docker', path.join(runtime, 'docker.sock')],
    ['Docker Desktop', path.join(home, '.docker/desktop/docker.sock')],
    ...colima(env, home),
    ['Rancher Desktop', path.join(home, '.rd/docker.sock')],
    ['Podman', '/run/podman/podman.sock'],
    ['rootless Podman', path.join(runtime, 'podman/podman.sock')],
  ];
}

function macPlaces({ env }: Machine, home: string): Place[] {
  return [
    ['Docker Desktop', path.join(home, '.docker/run/docker.sock')],
    ['OrbStack', path.join(home, '.orbstack/run/docker.sock')],
    ...colima(env, home),
    ['Rancher Desktop', path.join(home, '.rd/docker.sock')],
    ['Docker Engine', '/var/run/docker.sock'],
    // By age of Podman, the newest first.
    ...(env.TMPDIR === undefined
      ? []
      : [['Podman', path.join(env.TMPDIR, 'podman/podman-machine-default-api.sock')] as const]),
    ['Podman', path.join(home, '.local/share/containers/podman/machine/podman.sock')],
    ['Podman', path.join(home, '.local/share/containers/podman/machine/qemu/podman.sock')],
  ];
}

function colima(env: NodeJS.ProcessEnv, home: string): Place[] {
  const folders = [
    env.COLIMA_HOME ?? path.join(home, '.colima'),
    path.join(env.XDG_CONFIG_HOME ?? path.join(home, '.config'), 'colima'),
  ];
  return folders.map((folder) => ['Colima', path.join(folder, 'default/docker.sock')]);
}

function socketAt(name: string, socketPath: string): Candidate {
  return { ...parseHost(`unix://${socketPath}`), name, source: 'usual place' };
}

function pipe(name: string, pipePath: string): Candidate {
  return { ...parseHost(`npipe://${pipePath}`), name, source: 'usual place' };
}
