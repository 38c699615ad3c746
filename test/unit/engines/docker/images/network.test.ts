import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { netrcFor } from '../../../../../src/engines/docker/images/netrc.ts';
import { networkFiles } from '../../../../../src/engines/docker/images/network.ts';
import { temporaryFolder } from '../../../../support/temporary.ts';

describe('what a build is told of the network', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (home = await temporaryFolder('network')));
  afterEach(() => home.remove());

  /** What programs of the build find in their environment, and the other files by name. */
  async function told(env: NodeJS.ProcessEnv): Promise<{
    variables: Record<string, string>;
    files: Map<string, string>;
  }> {
    const found = await networkFiles({ HOME: home.path, PATH: '/usr/bin', ...env });
    const files = new Map(found.map(({ content, path: name }) => [name, content as string]));
    const variables = JSON.parse(files.get('network/environment.json') ?? '') as Record<string, string>;
    return { variables, files };
  }

  it("is the index of pip's settings for both installers, and nothing else that the person has", async () => {
    await fs.mkdir(path.join(home.path, '.config', 'pip'), { recursive: true });
    await fs.writeFile(
      path.join(home.path, '.config', 'pip', 'pip.conf'),
      '[global]\nindex-url = https://me:secret@index.example/simple\nfind-links =\n  /opt/wheels\n  https://wheels.example/\ntimeout = 90\n',
    );
    const { variables } = await told({ AWS_SECRET_ACCESS_KEY: 'key', VIRTUAL_ENV: '/venv' });
    assert.equal(variables.UV_DEFAULT_INDEX, 'https://me:secret@index.example/simple');
    assert.equal(variables.PIP_INDEX_URL, 'https://me:secret@index.example/simple');
    assert.equal(variables.UV_FIND_LINKS, 'https://wheels.example/');
    assert.equal(variables.PIP_FIND_LINKS, 'https://wheels.example/');
    assert.equal(variables.UV_HTTP_TIMEOUT, '90');
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'VIRTUAL_ENV', 'HOME', 'PATH'])
      assert.ok(!(name in variables));
  });

  it('is what was told to uv, for pip too', async () => {
    const { variables } = await told({
      PIP_CONFIG_FILE: '/dev/null',
      UV_DEFAULT_INDEX: 'https://index.example/simple',
      UV_INDEX_PRIVATE_PASSWORD: 'secret',
    });
    assert.equal(variables.PIP_INDEX_URL, 'https://index.example/simple');
    assert.equal(variables.UV_INDEX_PRIVATE_PASSWORD, 'secret');
  });

  it('is the proxy, with loopback excluded', async () => {
    const { variables } = await told({
      https_proxy: 'http://proxy.example:3128',
      NO_PROXY: 'intern.example',
    });
    assert.equal(variables.https_proxy, 'http://proxy.example:3128');
    assert.match(variables.NO_PROXY ?? '', /^intern\.example,.*127\.0\.0\.1/);
  });

  it('is the certificate authority that the person has named, as a file of the build', async () => {
    const file = path.join(home.path, 'ca.pem');
    await fs.writeFile(file, 'authority');
    const { files, variables } = await told({ SSL_CERT_FILE: file });
    assert.equal(files.get('network/ca.pem'), 'authority');
    assert.equal(variables.SSL_CERT_FILE, '/build/network/ca.pem');
    assert.equal(variables.PIP_CERT, '/build/network/ca.pem');
  });

  it('is the login for the index, and for no other host', async () => {
    await fs.writeFile(
      path.join(home.path, '.netrc'),
      'machine index.example login me password secret\nmachine bank.example login me password other\n',
    );
    const { files, variables } = await told({ PIP_INDEX_URL: 'https://index.example/simple' });
    assert.equal(files.get('network/netrc'), 'machine index.example login me password secret\n');
    assert.equal(variables.NETRC, '/build/network/netrc');
    const none = await told({ PIP_INDEX_URL: 'https://else.example/simple' });
    assert.ok(!none.files.has('network/netrc'));
    assert.ok(!('NETRC' in none.variables));
  });
});

describe('a .netrc', () => {
  it('is read over several lines, with comments, and with an entry for all others', () => {
    const text = '# mine\nmachine a.example\n  login me\n  password pw\ndefault login you password no\n';
    assert.equal(netrcFor(new Set(['a.example']), text), 'machine a.example login me password pw\n');
    assert.equal(netrcFor(new Set(['b.example']), text), undefined);
  });
});
