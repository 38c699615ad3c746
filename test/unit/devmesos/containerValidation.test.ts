import assert from 'node:assert/strict';
import { containerError } from '../../../src/devmesos/master/containerValidation.ts';
import type { TaskInfo } from '../../../src/mesos/types.ts';

describe('dev master: containers of tasks', () => {
  const errorOf = (container: object): string | undefined =>
    containerError({ container } as unknown as TaskInfo)?.replace("Task's `ContainerInfo` is invalid: ", '');
  const ofVolume = (parts: object): string | undefined =>
    errorOf({ type: 'MESOS', volumes: [{ container_path: 'p', mode: 'RW', ...parts }] })?.replace(
      'Invalid volume: ',
      '',
    );

  it('have volumes of one kind', () => {
    const one = "Only one of them should be set: 'host_path', 'image' and 'source'";
    assert.equal(ofVolume({}), one);
    assert.equal(ofVolume({ host_path: '/a', image: {} }), one);
    assert.equal(ofVolume({ host_path: '/a' }), undefined);
    assert.equal(ofVolume({ image: {} }), undefined);
  });

  it('have sources with what their type needs', () => {
    assert.equal(ofVolume({ source: {} }), "'source.type' is unknown");
    assert.equal(
      ofVolume({ source: { type: 'DOCKER_VOLUME' } }),
      "'source.docker_volume' is not set for DOCKER_VOLUME volume",
    );
    assert.equal(ofVolume({ source: { type: 'HOST_PATH', host_path: {} } }), undefined);
    assert.equal(
      ofVolume({ source: { type: 'CSI_VOLUME', csi_volume: {} } }),
      "'source.csi_volume.static_provisioning' is not set for CSI volume",
    );
  });

  it('have what Docker needs', () => {
    assert.equal(
      errorOf({ type: 'DOCKER' }),
      "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo",
    );
    const docker = { image: 'i', parameters: [{ key: 'name', value: 'n' }] };
    assert.equal(errorOf({ type: 'DOCKER', docker }), "Parameter in DockerInfo must not be 'name'");
  });
});
