import assert from 'node:assert/strict';
import { parseCredentials } from '../../../src/devmesos/http/authentication.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { json, rawRequest, type RawAnswer } from '../../support/rawScheduler.ts';
import { TestMaster } from './support/testMaster.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

// As recorded of a real master with credentials (test/fixtures/mesos/auth_and_raw.txt).
describe('dev master: authentication', () => {
  let master: TestMaster;

  before(async () => {
    master = await TestMaster.start({ credentials: parseCredentials('alice wonder:land\nbob builder\n') });
  });

  after(() => master.close());

  const post = (path: string, authorization: string | undefined, body: object): Promise<RawAnswer> =>
    rawRequest(
      `${master.url}${path}`,
      'POST',
      { ...json, ...(authorization === undefined ? {} : { Authorization: authorization }) },
      JSON.stringify(body),
    );

  const wrong: [what: string, authorization: string | undefined][] = [
    ['nothing', undefined],
    ['a wrong secret', basic('alice:nope')],
    ['an unknown principal', basic('carol:')],
    ['another scheme', 'Bearer wonder:land'],
    ['what is malformed', 'Basic ***'],
    ['no secret', basic('alice')],
  ];
  for (const [what, authorization] of wrong) {
    it(`is refused with ${what}`, async () => {
      for (const [path, realm] of [
        ['/api/v1/scheduler', 'mesos-master-scheduler'],
        ['/api/v1', 'mesos-master-readwrite'],
      ] as const) {
        const answer = await post(path, authorization, { type: 'GET_HEALTH' });
        assert.deepEqual([answer.status, answer.body], [401, '401 Unauthorized.']);
        assert.equal(answer.headers['www-authenticate'], `Basic realm="${realm}"`);
        assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
      }
    });
  }

  it('comes before all other checks', async () => {
    assert.equal((await rawRequest(`${master.url}/api/v1/scheduler`, 'GET')).status, 401);
  });

  it('lets those in who know the secret, whatever is in it', async () => {
    const health = await post('/api/v1', basic('alice:wonder:land'), { type: 'GET_HEALTH' });
    assert.equal(health.body, '{"type":"GET_HEALTH","get_health":{"healthy":true}}');
    const call = await post('/api/v1/scheduler', basic('bob:builder'), { type: 'TEARDOWN' });
    assert.equal(call.body, "Failed to validate scheduler::Call: Expecting 'framework_id' to be present");
  });

  it('guards what can be read, but not health and version', async () => {
    const state = await rawRequest(`${master.url}/state`, 'GET');
    assert.deepEqual(
      [state.status, state.headers['www-authenticate']],
      [401, 'Basic realm="mesos-master-readonly"'],
    );
    assert.equal((await rawRequest(`${master.url}/files/debug`, 'GET')).status, 401);
    assert.equal((await rawRequest(`${master.url}/health`, 'GET')).status, 200);
    assert.equal((await rawRequest(`${master.url}/version`, 'GET')).status, 200);
  });

  it('lets nobody subscribe as another principal', async () => {
    const framework_info = { user: 'root', name: 'x', principal: 'bob' };
    const body = { type: 'SUBSCRIBE', subscribe: { framework_info } };
    const answer = await post('/api/v1/scheduler', basic('alice:wonder:land'), body);
    assert.equal(answer.status, 400);
    assert.equal(
      answer.body,
      "Failed to validate scheduler::Call: Authenticated principal 'alice' does not match principal 'bob' set in `FrameworkInfo`",
    );
  });

  it('reads credentials in both of Mesos’s forms, and never repeats them in an error', () => {
    const text = '{"credentials":[{"principal":"a","secret":"b"}]}';
    assert.deepEqual([...parseCredentials(text)], [['a', 'b']]);
    for (const bad of ['', 'justone', 'a b c', '{"credentials":[{"principal":"a"}]}', '{"secret":']) {
      assert.throws(
        () => parseCredentials(bad),
        (error) => error instanceof ExplainedError && !JSON.stringify(error).includes('justone'),
      );
    }
  });
});
