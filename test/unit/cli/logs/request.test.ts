import assert from 'node:assert/strict';
import { CommandError } from '../../../../src/cli/errors.ts';
import { logRequest, type LogFlags } from '../../../../src/cli/logs/request.ts';

const now = Date.parse('2026-11-23T15:00:00Z');

describe('what is asked for of a log', () => {
  it('is its standard output where nothing is said', () => {
    assert.deepEqual(logRequest({}, now), {
      ...{ files: ['stdout'], follow: false, allTries: false, raw: false, json: false },
    });
  });

  it('is read from the options', () => {
    assert.deepEqual(
      logRequest({ file: 'all', since: '10m', grep: '/a+b/i', level: 'WARN', lines: 3 }, now),
      {
        ...{
          files: ['stdout', 'stderr', 'airflow'],
          follow: false,
          allTries: false,
          raw: false,
          json: false,
        },
        ...{ lines: 3, since: now - 600_000 },
        filter: { pattern: { source: 'a+b', flags: 'i' }, level: 'warning' },
      },
    );
    assert.deepEqual(logRequest({ grep: 'a/b' }, now).filter, { text: 'a/b' });
    assert.equal(logRequest({ since: '2026-11-23T14:00:00Z' }, now).since, now - 3_600_000);
    assert.deepEqual(logRequest({ file: './out//x.log' }, now).files, ['out/x.log']);
    assert.deepEqual(logRequest({ stderr: true }, now).files, ['stderr']);
  });

  it('is refused where it cannot be meant, with what to do', () => {
    const bad: readonly (readonly [LogFlags, RegExp])[] = [
      [{ file: '../x' }, /names nothing in a sandbox/],
      [{ file: '/etc/passwd' }, /names nothing in a sandbox/],
      [{ file: '.' }, /--file names no file/],
      [{ file: 'stdout', stderr: true }, /--stderr is --file stderr/],
      [{ since: 'yesterday' }, /--since "yesterday" is no time/],
      [{ since: '2030-01-01' }, /still to come/],
      [{ grep: '' }, /nothing to look for/],
      [{ grep: '/(/' }, /no regular expression/],
      [{ level: 'loud' }, /"loud" is no level/],
      [{ raw: true, grep: 'x' }, /as it is/],
      [{ raw: true, json: true }, /two forms/],
      [{ raw: true, file: 'all' }, /one file/],
    ];
    for (const [flags, says] of bad) {
      assert.throws(
        () => logRequest(flags, now),
        (error: unknown) =>
          error instanceof CommandError &&
          error.exitCode === 2 &&
          says.test(error.message) &&
          (error.next ?? '') !== '',
        JSON.stringify(flags),
      );
    }
  });
});
