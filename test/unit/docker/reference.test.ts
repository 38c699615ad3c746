import assert from 'node:assert/strict';
import { parseReference } from '../../../src/docker/reference.ts';

describe("an image's name", () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  for (const [given, registry, repository, tag] of [
    ['python', 'docker.io', 'python', 'latest'],
    ['python:3.12-slim', 'docker.io', 'python', '3.12-slim'],
    ['ann/tool', 'docker.io', 'ann/tool', 'latest'],
    ['docker.io/library/python:3', 'docker.io', 'docker.io/library/python', '3'],
    ['ghcr.io/team/a/b:1', 'ghcr.io', 'ghcr.io/team/a/b', '1'],
    ['localhost/tool', 'localhost', 'localhost/tool', 'latest'],
    ['registry:5000/tool', 'registry:5000', 'registry:5000/tool', 'latest'],
    ['127.0.0.1:5000/tool:x', '127.0.0.1:5000', '127.0.0.1:5000/tool', 'x'],
    [`python@${digest}`, 'docker.io', 'python', digest],
    [`python:3@${digest}`, 'docker.io', 'python', digest],
  ] as const) {
    it(given, () => {
      const parsed = parseReference(given);
      assert.deepEqual([parsed.registry, parsed.repository, parsed.tag], [registry, repository, tag]);
    });
  }

  it("of Docker Hub has its login under the Hub's address of old", () => {
    assert.equal(parseReference('python').loginKey, 'https://index.docker.io/v1/');
    assert.equal(parseReference('ghcr.io/a/b').loginKey, 'ghcr.io');
  });

  it('that is none is refused', () => {
    for (const given of ['', 'Python', 'a b', 'https://x/y', 'a:', '-a', 'a/../b', 'a:b:c', 'x@sha256:00']) {
      assert.throws(() => parseReference(given), { name: 'BadImageName' }, given);
    }
  });
});
