import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import {
  installerEnvironment,
  uvEnvironment,
} from '../../../../src/airflow/environment/installerEnvironment.ts';
import { parseIni, pipSettings } from '../../../../src/airflow/environment/pipConfiguration.ts';
import { pipProgress, uvProgress } from '../../../../src/airflow/environment/progress.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

describe("the installers' surroundings", () => {
  it('keep proxies and credentials, and exclude loopback from proxies', () => {
    const env = installerEnvironment({
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: 'example.org',
      PIP_INDEX_URL: 'https://me:secret@index/simple',
      TOKEN: 'x',
    });
    assert.equal(env.HTTPS_PROXY, 'http://proxy:3128');
    assert.equal(env.TOKEN, 'x');
    assert.equal(env.PIP_INDEX_URL, 'https://me:secret@index/simple');
    for (const value of [env.NO_PROXY, env.no_proxy]) {
      const names = value?.split(',') ?? [];
      for (const name of ['example.org', 'localhost', '127.0.0.1', '::1'])
        assert.ok(names.includes(name), name);
    }
  });

  it('lose what would install elsewhere, or leave Airflow without bytecode', () => {
    const env = installerEnvironment({
      PYTHONDONTWRITEBYTECODE: '1',
      VIRTUAL_ENV: '/v',
      PYTHONPATH: '/p',
      PIP_TARGET: '/t',
      UV_PYTHON: '3.9',
    });
    for (const name of ['PYTHONDONTWRITEBYTECODE', 'VIRTUAL_ENV', 'PYTHONPATH', 'PIP_TARGET', 'UV_PYTHON']) {
      assert.ok(!(name in env), name);
    }
  });
});

describe("pip's settings for uv", () => {
  it('are handed on in its words', () => {
    const env = uvEnvironment(
      { REQUESTS_CA_BUNDLE: '/ca.pem' },
      {
        'index-url': 'https://index/simple',
        'extra-index-url': 'https://a/simple\nhttps://b/simple',
        'find-links': '/no/such/folder /tmp https://c/wheels',
        'trusted-host': 'index',
        'default-timeout': '180',
        proxy: 'http://proxy:3128',
        'no-index': 'false',
      },
    );
    assert.equal(env.UV_DEFAULT_INDEX, 'https://index/simple');
    assert.equal(env.UV_INDEX, 'https://a/simple https://b/simple');
    assert.equal(env.UV_FIND_LINKS, '/tmp,https://c/wheels');
    assert.equal(env.UV_INSECURE_HOST, 'index');
    assert.equal(env.UV_HTTP_TIMEOUT, '180');
    assert.equal(env.HTTPS_PROXY, 'http://proxy:3128');
    assert.equal(env.SSL_CERT_FILE, '/ca.pem');
    assert.ok(!('UV_NO_INDEX' in env));
  });

  it('give way to what uv was told itself', () => {
    const told = {
      UV_INDEX_URL: 'https://mine/simple',
      UV_EXTRA_INDEX_URL: 'https://more/simple',
      SSL_CERT_FILE: '/mine.pem',
      https_proxy: 'http://mine:1',
    };
    const pip = {
      'index-url': 'https://x',
      'extra-index-url': 'https://y',
      cert: '/x.pem',
      proxy: 'http://x:1',
    };
    const env = uvEnvironment(told, pip);
    for (const name of ['UV_DEFAULT_INDEX', 'UV_INDEX', 'HTTPS_PROXY']) assert.ok(!(name in env), name);
    assert.equal(env.SSL_CERT_FILE, '/mine.pem');
  });

  it('come from its files and its variables, the variables first', async () => {
    const folder = await temporaryFolder('pip');
    try {
      const own = path.join(folder.path, 'pip', 'pip.conf');
      await fs.mkdir(path.dirname(own));
      await fs.writeFile(
        own,
        '[global]\nindex-url = https://file/simple\ntimeout: 60\n[install]\nfind_links = /a\n  /b\n',
      );
      const env = { HOME: folder.path, XDG_CONFIG_HOME: folder.path, XDG_CONFIG_DIRS: folder.path + '/none' };
      const settings = await pipSettings({ ...env, PIP_TIMEOUT: '90' }, 'linux');
      assert.equal(settings['index-url'], 'https://file/simple');
      assert.equal(settings.timeout, '90');
      assert.equal(settings['find-links'], '/a\n/b');
      const named = path.join(folder.path, 'named.conf');
      await fs.writeFile(named, '[global]\nindex-url = https://named/simple\n');
      assert.equal(
        (await pipSettings({ ...env, PIP_CONFIG_FILE: named }, 'linux'))['index-url'],
        'https://named/simple',
      );
      assert.deepEqual(await pipSettings({ ...env, PIP_CONFIG_FILE: '/dev/null' }, 'linux'), {
        'config-file': '/dev/null',
      });
    } finally {
      await folder.remove();
    }
  });

  it('are read past comments and sections of no concern', () => {
    const sections = parseIni('; x\n[a]\n# y\nk = v ; w\n[b]\nk=2\n');
    assert.deepEqual(
      [...sections],
      [
        ['a', { k: 'v ; w' }],
        ['b', { k: '2' }],
      ],
    );
  });
});

describe('progress', () => {
  it('of uv tells packages, megabytes and what comes after', () => {
    const read = uvProgress('packages');
    const details = [
      'Using Python 3.11.7 environment at: t1',
      'Resolved 130 packages in 432ms',
      'Downloading grpcio (7.0MiB)',
      'Downloading pygments (512.0KiB)',
      ' Downloaded grpcio',
      'Prepared 130 packages in 1.13s',
      'Installed 130 packages in 154ms',
      ' + zipp==4.1.2',
    ].map((line) => read(line)?.detail);
    assert.deepEqual(details, [
      undefined,
      'fetching 130 packages',
      'fetching 130 packages, 0 of 7 MB',
      'fetching 130 packages, 0 of 8 MB',
      'fetching 130 packages, 7 of 8 MB',
      'installing 130 packages',
      'compiling them, so that Airflow starts fast',
      undefined,
    ]);
  });

  it('of pip counts each package once', () => {
    const read = pipProgress('packages', 132);
    const lines = [
      'Collecting a2wsgi==1.10.10 (from -r lock.txt (line 1))',
      '  Downloading a2wsgi-1.10.10.whl',
      'Collecting a2wsgi',
    ];
    assert.deepEqual(
      lines.map((line) => read(line)?.done),
      [1, undefined, 1],
    );
    assert.equal(read('Collecting alembic==1.20.1')?.detail, 'fetching 2 of 132 packages');
    assert.equal(read('Installing collected packages: a, b, c')?.detail, 'installing 3 packages');
  });
});
