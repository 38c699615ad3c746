import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { diagnosticFiles, type Sources } from '../../../../src/extension/diagnostics/files.ts';
import { masked, redaction } from '../../../../src/extension/diagnostics/redact.ts';
import { secretsOf } from '../../../../src/extension/diagnostics/secrets.ts';
import { written } from '../../../../src/extension/diagnostics/write.ts';
import { clusterFolder, userFolders } from '../../../../src/host/folders.ts';
import { dockerSpec } from '../../../vscode/support/views.ts';

describe('what is masked in diagnostics', () => {
  const redact = redaction(['Zm9vYmFyYmF6', 'Zm9vYmFyYmF6-and-more', 'ab'], '/home/ada');

  it('is each known secret, wherever it stands, and the longer of two whole', () => {
    assert.equal(redact('it said Zm9vYmFyYmF6!'), `it said ${masked}!`);
    assert.equal(redact('x=Zm9vYmFyYmF6-and-more.'), `x=${masked}.`);
  });

  it('is no short word that happens to be a variable’s value', () => {
    assert.equal(redact('a cab'), 'a cab');
  });

  it('is what looks like a secret', () => {
    const cases: readonly [string, string][] = [
      ['postgresql://airflow:hunter2@database:5432/airflow', `postgresql://${masked}@database:5432/airflow`],
      ['Authorization: Bearer abcdef0123456', `Authorization: Bearer ${masked}`],
      ['AIRFLOW__CORE__FERNET_KEY=kjhKJH87=', `AIRFLOW__CORE__FERNET_KEY=${masked}`],
      ['POSTGRES_PASSWORD: hunter2', `POSTGRES_PASSWORD: ${masked}`],
      ['{"jwt_secret": "a \\"b\\" c", "port": 1}', `{"jwt_secret": "${masked}", "port": 1}`],
      ["password='it is long'", `password='${masked}'`],
      ['GET /?token=abc123&x=1', `GET /?token=${masked}&x=1`],
      ['eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', masked],
    ];
    for (const [text, expected] of cases) assert.equal(redact(text), expected, text);
  });

  it('is the name of the home folder, and nothing of an ordinary line', () => {
    assert.equal(redact('/home/ada/dags/etl.py'), '~/dags/etl.py');
    const line = '2026-11-23 12:00:00 INFO task etl.load of run manual__1 ended: tokens 12';
    assert.equal(redact(line), line);
  });
});

describe('the diagnostics of a cluster', () => {
  let root: string;
  beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), 'diagnostics-'))));
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  const sources = (over: Partial<Sources> = {}): Sources => ({
    cluster: 'default',
    versions: { editor: 'Code 1.105' },
    settings: { cluster: 'default' },
    parts: ['scheduler', '../x'],
    run: (args) => Promise.resolve(`said ${args.join(' ')} with s3cr3t-value`),
    redact: redaction(['s3cr3t-value']),
    ...over,
  });

  it('are files for versions, settings, doctor, status and each log, all masked', async () => {
    const files = new Map<string, string>();
    for await (const { name, content } of diagnosticFiles(sources())) files.set(name, content);
    assert.deepEqual(
      [...files.keys()],
      ['versions.txt', 'settings.json', 'doctor.json', 'status.json', 'logs/scheduler.log', 'logs/.._x.log'],
    );
    assert.equal(
      files.get('logs/scheduler.log'),
      `said logs --part scheduler --lines 500 --name default with ${masked}\n`,
    );
    assert.ok([...files.values()].every((content) => !content.includes('s3cr3t')));
  });

  it('say of a command that cannot be run what kept it, and go on', async () => {
    const run = (args: readonly string[]): Promise<string> =>
      args[0] === 'status' ? Promise.reject(new Error('no node')) : Promise.resolve('{}');
    const files = new Map<string, string>();
    for await (const { name, content } of diagnosticFiles(sources({ run }))) files.set(name, content);
    assert.match(files.get('status.json') ?? '', /could not be run: no node/);
    assert.ok(files.has('logs/scheduler.log'));
  });

  it('can be read by their owner alone', async () => {
    const folder = path.join(root, 'out');
    assert.equal(await written(folder, sources(), new AbortController().signal, () => undefined), true);
    assert.equal(fs.statSync(path.join(folder, 'status.json')).mode & 0o777, 0o600);
  });

  it('leave nothing where they were cancelled', async () => {
    const cancel = new AbortController();
    const folder = path.join(root, 'out');
    assert.equal(await written(folder, sources(), cancel.signal, () => cancel.abort()), false);
    assert.equal(fs.existsSync(folder), false);
  });

  it('know the cluster’s own secrets and the person’s variables', async () => {
    const folder = clusterFolder(userFolders({ MESOS_AIRFLOW_HOME: root }), 'default');
    fs.mkdirSync(folder.secrets, { recursive: true });
    fs.writeFileSync(path.join(folder.secrets, 'admin.token'), 'tok-0123456789abcdef\n');
    fs.writeFileSync(path.join(folder.secrets, 'p.json'), '{"admin": "pass-0123456789abcdef"}');
    const file = path.join(root, 'kept elsewhere');
    fs.writeFileSync(file, 'elsewhere-0123\n');
    const spec = dockerSpec('a', 1);
    const airflow = {
      ...spec.airflow,
      env: { KEY: 'my-own-value' },
      secrets: { TOKEN: { file }, GONE: { file: `${file}?` } },
    };
    const redact = redaction(await secretsOf(folder, { ...spec, airflow }));
    const text = redact('tok-0123456789abcdef pass-0123456789abcdef my-own-value elsewhere-0123');
    assert.equal(text, [masked, masked, masked, masked].join(' '));
    assert.deepEqual(
      await secretsOf(clusterFolder(userFolders({ MESOS_AIRFLOW_HOME: root }), 'none'), undefined),
      [],
    );
  });
});
