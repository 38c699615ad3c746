import assert from 'node:assert/strict';
import { withFoundations, type KnownImage } from '../../../../../src/engines/docker/images/usedImages.ts';

describe('the images that an image is built on', () => {
  const image = (name: string, ...from: string[]): KnownImage => ({
    Id: `sha256:${name}`,
    RepoTags: [`mesos-airflow/${name}:1`],
    Labels: { 'mesos-airflow.from': from.map((each) => `mesos-airflow/${each}:1`).join(' ') },
  });
  const built = [
    image('airflow-base'),
    image('airflow', 'airflow-base'),
    image('other', 'airflow-base'),
    image('mesos'),
    image('agent', 'airflow', 'mesos'),
  ];
  const reached = (...ids: string[]): string[] =>
    [
      ...withFoundations(
        ids.map((id) => `sha256:${id}`),
        built,
      ),
    ]
      .map((id) => id.slice(7))
      .sort();

  it('are found through all generations', () => {
    assert.deepEqual(reached('agent'), ['agent', 'airflow', 'airflow-base', 'mesos']);
    assert.deepEqual(reached('other', 'mesos'), ['airflow-base', 'mesos', 'other']);
  });

  it('are none for an image of others, or one whose foundation is gone', () => {
    assert.deepEqual(reached('postgres'), ['postgres']);
    assert.deepEqual(
      [...withFoundations(['sha256:airflow'], [image('airflow', 'airflow-base')])],
      ['sha256:airflow'],
    );
  });
});
