import assert from 'node:assert/strict';
import { Layers } from '../../../src/docker/layers.ts';

describe('the progress of a pull', () => {
  let layers: Layers;
  beforeEach(() => (layers = new Layers()));

  function say(id: string, status: string, current?: number, total?: number): string | undefined {
    layers.take({ id, status, ...(current === undefined ? {} : { progressDetail: { current, total } }) });
    return layers.line;
  }

  it('is one line over all layers', () => {
    assert.equal(say('latest', 'Pulling from library/python'), undefined);
    assert.equal(say('a', 'Already exists'), '1 of 1 layers');
    say('b', 'Pulling fs layer');
    assert.equal(say('c', 'Pulling fs layer'), '1 of 3 layers');
    assert.equal(say('c', 'Waiting'), '1 of 3 layers');
    assert.equal(say('b', 'Downloading', 10_000_000, 100_000_000), '1 of 3 layers · 10 of 100+ MB');
    assert.equal(say('c', 'Downloading', 1, 87_000_000), '1 of 3 layers · 11 of 187 MB');
    say('b', 'Verifying Checksum');
    assert.equal(say('b', 'Download complete'), '1 of 3 layers · 101 of 187 MB');
    say('b', 'Extracting', 50_000_000, 100_000_000);
    assert.equal(say('b', 'Pull complete'), '2 of 3 layers · 101 of 187 MB');
    assert.equal(layers.isFetched, false);
    assert.equal(say('c', 'Download complete'), '2 of 3 layers · 187 of 187 MB · unpacking');
    assert.equal(layers.isFetched, true);
    assert.equal(say('c', 'Pull complete'), '3 of 3 layers · 187 of 187 MB');
    assert.equal(say('latest', 'Digest: sha256:0'), '3 of 3 layers · 187 of 187 MB');
  });

  it('goes back when Docker fetches a layer again', () => {
    say('a', 'Pulling fs layer');
    say('a', 'Downloading', 40_000_000, 50_000_000);
    say('a', 'Retrying in 5 seconds');
    assert.equal(say('a', 'Downloading', 1_000_000, 50_000_000), '0 of 1 layers · 1 of 50 MB');
  });

  it('takes small layers, whose size nobody tells', () => {
    say('a', 'Pulling fs layer');
    assert.equal(say('a', 'Download complete'), '0 of 1 layers · unpacking');
    assert.equal(say('a', 'Pull complete'), '1 of 1 layers');
  });
});
