import assert from 'node:assert/strict';
import { BuildFailed } from '../../../../../src/docker/errors.ts';
import { explainedBuildFailure } from '../../../../../src/engines/docker/images/failures.ts';
import { ExplainedError } from '../../../../../src/host/errors.ts';

describe('a build that failed', () => {
  const failed = (step: string, ...lastLines: string[]): BuildFailed =>
    new BuildFailed('The image x could not be built', { step, lastLines });
  const circumstances = { env: {}, network: undefined, requirements: undefined, locked: [] };
  const install = 'RUN python3 install.py airflow';
  const explained = (...args: Parameters<typeof explainedBuildFailure>): ExplainedError => {
    const error = explainedBuildFailure(...args);
    assert.ok(error instanceof ExplainedError);
    return error;
  };

  it('is told as it is where it is about something else than packages', () => {
    const other = failed('COPY a b', 'no such file');
    assert.equal(explainedBuildFailure(other, circumstances), other);
    const cancelled = new Error('cancelled');
    assert.equal(explainedBuildFailure(cancelled, circumstances), cancelled);
  });

  it('for want of the network is told with the way to this machine’s own', () => {
    const lines = [
      'error: Request failed after 3 retries',
      '  Caused by: Failed to fetch: `https://pypi.org/simple/attrs/`',
      '  Caused by: failed to lookup address information: Temporary failure in name resolution',
    ];
    const { message, next, why } = explained(failed(install, ...lines), circumstances);
    assert.match(message, /https:\/\/pypi\.org was not reached/);
    assert.match(why ?? '', /failed to lookup address.*Docker builds on a network of its own/);
    assert.match(next ?? '', /--build-network host/);
    const proxied = { ...circumstances, env: { HTTPS_PROXY: 'http://me:secret@127.0.0.1:3128' } };
    assert.match(
      explained(failed(install, ...lines), proxied).why ?? '',
      /The proxy 127\.0\.0\.1:3128 is this machine/,
    );
    const onHost = explained(failed(install, ...lines), { ...circumstances, network: 'host' });
    assert.doesNotMatch(`${onHost.next ?? ''}${onHost.why ?? ''}`, /build-network|network of its own/);
  });

  it('for a requirement is told with its line', () => {
    const requirements = {
      file: '/w/requirements.txt',
      content: '',
      lines: [{ file: '/w/requirements.txt', line: 3, text: 'attrs<20', name: 'attrs' }],
    };
    const locked = [{ name: 'attrs', version: '26.1.0', marker: undefined }];
    const step = 'RUN "$PYTHON" install.py requirements';
    const line = '  × No solution found: attrs<20 and attrs==26.1.0 conflict';
    const { message, why } = explained(failed(step, line), { ...circumstances, requirements, locked });
    assert.match(message, /requirements\.txt, line 3: attrs<20/);
    assert.match(why ?? '', /Airflow is locked to attrs 26\.1\.0/);
    const base = explained(failed(install, line), { ...circumstances, requirements, locked });
    assert.doesNotMatch(base.message, /workspace/);
  });
});
