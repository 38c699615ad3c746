import assert from 'node:assert/strict';
import { pullFailure } from '../../../src/docker/pullFailure.ts';
import { parseReference } from '../../../src/docker/reference.ts';

describe('why a pull failed', () => {
  const hub = parseReference('ann/tool:1');
  const own = parseReference('registry.example:5000/team/tool:1');
  const login = { header: 'x', user: 'ann' };

  // What daemons say, word by word: Docker's own store, then containerd's, then Podman.
  for (const [name, said] of [
    ['ImageNotFound', 'manifest for ann/tool:1 not found: manifest unknown: manifest unknown'],
    [
      'ImageNotFound',
      "pull access denied for ann/tool, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    ['ImageNotFound', 'failed to resolve reference "docker.io/ann/tool:1": docker.io/ann/tool:1: not found'],
    [
      'ImageNotFound',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'ImageNotFound',
      'initializing source docker://ann/tool:1: reading manifest 1 in docker.io/ann/tool: manifest unknown',
    ],
    ['PlatformMissing', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
    ['PlatformMissing', 'no match for platform in manifest: not found'],
    [
      'PlatformMissing',
      'choosing an image from manifest list docker://ann/tool:1: no image found in manifest list for architecture arm64, variant "v8", OS linux',
    ],
    [
      'RegistryUnreachable',
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.0.2.1:53: no such host',
    ],
    [
      'RegistryUnreachable',
      'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    ],
    ['RegistryUnreachable', 'Get "https://registry-1.docker.io/v2/": dial tcp 192.0.2.1:443: i/o timeout'],
    ['RegistryUnreachable', 'Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout'],
    [
      'RegistryUnreachable',
      'Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused',
    ],
    ['RegistryUnreachable', 'Get "https://registry-1.docker.io/v2/": context deadline exceeded'],
    ['RegistryUnreachable', 'received unexpected HTTP status: 503 Service Unavailable'],
    [
      'RegistryUntrusted',
      'Get "https://registry.example:5000/v2/": x509: certificate signed by unknown authority',
    ],
    [
      'RegistryUntrusted',
      'Get "https://registry.example:5000/v2/": http: server gave HTTP response to HTTPS client',
    ],
    [
      'RegistryRefused',
      'Get "https://registry.example:5000/v2/team/tool/manifests/1": no basic auth credentials',
    ],
    [
      'RegistryRefused',
      'Head "https://registry.example:5000/v2/team/tool/manifests/1": unauthorized: authentication required',
    ],
    ['RegistryRefused', 'unauthorized: incorrect username or password'],
    ['RegistryRefused', 'error parsing HTTP 403 response body: denied: Permission "pull" denied on resource'],
    [
      'RegistryLimited',
      'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading',
    ],
    [
      'RegistryLimited',
      'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    ],
    ['DockerDiskFull', 'write /var/lib/docker/tmp/GetImageBlob123: no space left on device'],
    ['PullFailed', 'filesystem layer verification failed for digest sha256:00'],
  ] as const) {
    it(`${name}: ${said.slice(0, 80)}`, () => {
      const error = pullFailure(said, hub, {});
      assert.equal(error.name, name);
      assert.ok(error.why?.includes(said));
      assert.ok(error.next);
    });
  }

  it('with a login sent, "access denied" is about the login', () => {
    const said = "pull access denied for ann/tool, repository does not exist or may require 'docker login'";
    const error = pullFailure(said, hub, login);
    assert.equal(error.name, 'RegistryRefused');
    assert.equal(error.message, 'docker.io refuses the login of ann for ann/tool:1');
    assert.match(error.next ?? '', /: docker login\.$/);
  });

  it('names the registry to log in to, and why no login was sent', () => {
    const error = pullFailure('no basic auth credentials', own, {
      trouble: 'docker-credential-x is not on PATH',
    });
    assert.equal(error.next, 'Log in: docker login registry.example:5000.');
    assert.match(error.why ?? '', /docker-credential-x is not on PATH/);
  });
});
