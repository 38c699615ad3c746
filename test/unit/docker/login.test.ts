import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findLogin, type Login } from '../../../src/docker/login.ts';
import { parseReference } from '../../../src/docker/reference.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('logins for registries', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const signal = new AbortController().signal;

  beforeEach(async () => ({ path: folder, remove } = await temporaryFolder('login')));
  afterEach(() => remove());

  async function login(image: string, configuration?: object | string): Promise<Login> {
    if (configuration !== undefined) {
      const text = typeof configuration === 'string' ? configuration : JSON.stringify(configuration);
      await fs.writeFile(path.join(folder, 'config.json'), text);
    }
    const env = { DOCKER_CONFIG: folder, PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}` };
    return findLogin(env, parseReference(image), signal);
  }

  function sent({ header }: Login): unknown {
    return header === undefined ? undefined : JSON.parse(Buffer.from(header, 'base64url').toString());
  }

  function helper(name: string, script: string): Promise<void> {
    const file = path.join(folder, `docker-credential-${name}`);
    return fs.writeFile(file, `#!/bin/sh\nread -r server\n${script}\n`, { mode: 0o755 });
  }

  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  it('are none where nothing is configured', async () => {
    assert.deepEqual(await login('python'), {});
    assert.deepEqual(await login('python', {}), {});
  });

  it('stand in config.json under the name of the registry, new or old', async () => {
    const auths = {
      'https://index.docker.io/v1/': { auth: base64('ann:a:b\0\0') },
      'https://old.example/v2/': { username: 'bob', password: 'c' },
      'token.example': { auth: '', identitytoken: 'long' },
      'empty.example': {},
    };
    const hub = await login('python', { auths });
    assert.equal(hub.user, 'ann');
    assert.deepEqual(sent(hub), {
      serveraddress: 'https://index.docker.io/v1/',
      username: 'ann',
      password: 'a:b',
    });
    assert.deepEqual(sent(await login('old.example/x')), {
      ...{ serveraddress: 'old.example', username: 'bob', password: 'c' },
    });
    assert.deepEqual(sent(await login('token.example/x')), {
      ...{ serveraddress: 'token.example', identitytoken: 'long' },
    });
    assert.deepEqual(await login('empty.example/x'), {});
    assert.deepEqual(await login('other.example/x'), {});
  });

  it('are sent in the alphabet for addresses', async () => {
    const auths = { 'a.example': { username: 'ÿÿ>?>?', password: '~~~???>>>' } };
    const { header } = await login('a.example/x', { auths });
    assert.match(header ?? '', /^[\w-]+=*$/);
    assert.ok(Buffer.from(header ?? '', 'base64url').includes('~~~???>>>'));
  });

  it('come from the helper of the registry before that of all', async () => {
    await helper('one', 'echo "{\\"Username\\":\\"one\\",\\"Secret\\":\\"$server\\"}"');
    await helper('all', 'echo "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"t\\"}"');
    const configuration = { credHelpers: { 'one.example': 'one' }, credsStore: 'all' };
    assert.deepEqual(sent(await login('one.example/x', configuration)), {
      ...{ serveraddress: 'one.example', username: 'one', password: 'one.example' },
    });
    assert.deepEqual(sent(await login('two.example/x')), {
      serveraddress: 'two.example',
      identitytoken: 't',
    });
  });

  it('are those of config.json where the helper has none', async () => {
    await helper('none', 'echo "credentials not found in native keychain"; exit 1');
    const configuration = { credsStore: 'none', auths: { 'a.example': { auth: base64('ann:b') } } };
    assert.equal((await login('a.example/x', configuration)).user, 'ann');
    assert.deepEqual(await login('b.example/x'), {});
  });

  it('that cannot be had are told, without what the helper printed of secrets', async () => {
    assert.match(
      (await login('x', { credsStore: 'away' })).trouble ?? '',
      /docker-credential-away.*not on PATH/,
    );
    await helper('odd', 'echo "{\\"Secret\\":\\"hidden\\"}"');
    const odd = await login('x', { credsStore: 'odd' });
    assert.match(odd.trouble ?? '', /docker-credential-odd answered with something that is no login/);
    assert.match(
      (await login('x', { credsStore: '../../bin/sh' })).trouble ?? '',
      /no name of a credential helper/,
    );
    assert.match((await login('x', '{')).trouble ?? '', /config\.json could not be read/);
  });

  it('are waited for no longer than the signal wants', async () => {
    await helper('slow', 'exec sleep 600');
    await fs.writeFile(path.join(folder, 'config.json'), JSON.stringify({ credsStore: 'slow' }));
    const env = { DOCKER_CONFIG: folder, PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}` };
    const reason = new Error('not any more');
    const controller = new AbortController();
    const asking = findLogin(env, parseReference('x'), controller.signal);
    setImmediate(() => controller.abort(reason));
    await assert.rejects(asking, (error) => error === reason);
  });
});
