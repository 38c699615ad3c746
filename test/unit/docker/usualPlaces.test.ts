import assert from 'node:assert/strict';
import { usualPlaces } from '../../../src/docker/usualPlaces.ts';

describe('usual places of Docker', () => {
  const paths = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, uid = 1000): (string | undefined)[] =>
    usualPlaces({ platform, uid, env }).map(({ socketPath }) => socketPath);

  it('on Linux', () => {
    assert.deepEqual(paths('linux', { HOME: '/home/ann', XDG_RUNTIME_DIR: '/run/user/1000' }), [
      '/var/run/docker.sock',
      '/run/user/1000/docker.sock',
      '/home/ann/.docker/desktop/docker.sock',
      '/home/ann/.colima/default/docker.sock',
      '/home/ann/.config/colima/default/docker.sock',
      '/home/ann/.rd/docker.sock',
      '/run/podman/podman.sock',
      '/run/user/1000/podman/podman.sock',
    ]);
    assert.ok(paths('linux', { HOME: '/home/ann' }).includes('/run/user/1000/docker.sock'));
  });

  it('on macOS', () => {
    assert.deepEqual(paths('darwin', { HOME: '/Users/ann', TMPDIR: '/var/folders/x/T/' }), [
      '/Users/ann/.docker/run/docker.sock',
      '/Users/ann/.orbstack/run/docker.sock',
      '/Users/ann/.colima/default/docker.sock',
      '/Users/ann/.config/colima/default/docker.sock',
      '/Users/ann/.rd/docker.sock',
      '/var/run/docker.sock',
      '/var/folders/x/T/podman/podman-machine-default-api.sock',
      '/Users/ann/.local/share/containers/podman/machine/podman.sock',
      '/Users/ann/.local/share/containers/podman/machine/qemu/podman.sock',
    ]);
  });

  it('follow the variables that move them', () => {
    const moved = paths('linux', { HOME: '/home/ann', COLIMA_HOME: '/c', XDG_CONFIG_HOME: '/x' });
    assert.ok(moved.includes('/c/default/docker.sock'));
    assert.ok(moved.includes('/x/colima/default/docker.sock'));
  });

  it('on Windows are named pipes', () => {
    assert.ok(
      usualPlaces({ platform: 'win32', uid: undefined, env: {} }).every(({ kind }) => kind === 'npipe'),
    );
  });
});
