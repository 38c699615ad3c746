import assert from 'node:assert/strict';
import { explainInstallFailure } from '../../../../src/airflow/environment/failures.ts';
import type { Requirements } from '../../../../src/airflow/environment/requirements.ts';
import type { ExplainedError } from '../../../../src/host/errors.ts';

const locked = [{ name: 'pydantic', version: '2.14.3', marker: undefined }];
const folder = '/cache/environments/x';

function explain(output: string, requirements?: Requirements): ExplainedError {
  return explainInstallFailure({ output, folder, locked, requirements });
}

// What uv 0.13 and pip 23 print.
describe('a failed install is explained:', () => {
  it('no network, by name', () => {
    const error = explain(`Using Python 3.11.7 environment at: t1
error: Request failed after 3 retries in 4.1s
  cause: Failed to fetch: https://nonexistent.invalid/simple/cadwyn/
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Name or service not known`);
    assert.match(error.message, /https:\/\/nonexistent\.invalid was not reached/);
    assert.match(error.why ?? '', /failed to lookup address information/);
    assert.match(error.next ?? '', /HTTPS_PROXY.*PIP_INDEX_URL/);
  });

  it('no network, by pip', () => {
    const error = explain(
      `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError("HTTPSConnection(host='pypi.org', port=443): Failed to establish a new connection: [Errno 111] Connection refused")': /simple/uv/
ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)`,
    );
    assert.match(error.message, /https:\/\/pypi\.org was not reached/);
    assert.equal(error.why, 'Connection refused');
  });

  it('a proxy that refuses', () => {
    const error = explain(`error: Failed to fetch: https://pypi.org/simple/six/
  cause: tunnel error: failed to create underlying connection
  cause: tcp connect error
  cause: Connection refused (os error 111)`);
    assert.match(error.message, /was not reached/);
  });

  it('an authority that is not trusted', () => {
    const error = explain(`error: Failed to fetch: https://pypi.org/simple/six/
  cause: client error (Connect)
  cause: invalid peer certificate: UnknownIssuer`);
    assert.match(error.message, /certificate of https:\/\/pypi\.org/);
    assert.match(error.next ?? '', /SSL_CERT_FILE=/);
  });

  it('an index that wants a login, without showing the one that was tried', () => {
    const error = explain(`error: Failed to fetch: https://me:hunter2@index.example/simple/six/
  cause: HTTP status client error (401 Unauthorized) for url (https://me:hunter2@index.example/simple/six/)`);
    assert.match(error.message, /https:\/\/index\.example refuses .*401/);
    assert.doesNotMatch(JSON.stringify([error.message, error.why, error.next]), /hunter2/);
  });

  it('a full disk', () => {
    const error = explain('error: failed to write to file `/c/x`: No space left on device (os error 28)');
    assert.match(error.message, /too full/);
    assert.match(error.why ?? '', /700 MB.*\/cache\/environments\/x/);
    assert.match(error.next ?? '', /MESOS_AIRFLOW_CACHE/);
  });

  it("a workspace's requirement that Airflow cannot live with, with its line", () => {
    const requirements: Requirements = {
      file: '/ws/requirements.txt',
      content: '',
      lines: [
        { file: '/ws/requirements.txt', line: 2, text: 'numpy', name: 'numpy' },
        { file: '/ws/requirements.txt', line: 3, text: 'pydantic==1.10', name: 'pydantic' },
      ],
    };
    const error = explain(
      `error: No solution found when resolving dependencies
  cause: Because you require pydantic==1.10 and pydantic==2.14.3, we can conclude that your requirements are unsatisfiable.`,
      requirements,
    );
    assert.match(error.message, /\/ws\/requirements\.txt, line 3: pydantic==1\.10/);
    assert.match(error.why ?? '', /locked to pydantic 2\.14\.3/);
    assert.match(error.next ?? '', /allow 2\.14\.3/);
  });

  it("a workspace's requirement that does not exist", () => {
    const requirements: Requirements = {
      file: '/ws/requirements.txt',
      content: '',
      lines: [{ file: '/ws/requirements.txt', line: 1, text: 'pandsa', name: 'pandsa' }],
    };
    const error = explain(
      'error: No solution found when resolving dependencies\n  cause: Because pandsa was not found in the package registry and you require pandsa, we can conclude that your requirements are unsatisfiable.',
      requirements,
    );
    assert.match(error.message, /line 1: pandsa/);
    assert.match(error.why ?? '', /not found in the package registry/);
  });

  it('anything else, in the words of the installer and without logins', () => {
    const error = explain(
      'Resolved 3 packages\nerror: something odd at https://me:pw@x/simple\n  cause: who knows',
    );
    assert.match(error.why ?? '', /^error: something odd at https:\/\/x\/simple\ncause: who knows$/);
  });
});
