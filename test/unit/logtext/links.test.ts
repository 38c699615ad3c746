import assert from 'node:assert/strict';
import { linksIn, relativePathsOf, type LogLink } from '../../../src/logtext/links.ts';

const what = (text: string): string[] =>
  linksIn(text).map((link: LogLink) => {
    const part = text.slice(link.start, link.end);
    return link.kind === 'url' ? `${part} → ${link.url}` : `${part} → ${link.path}#${link.line ?? '-'}`;
  });

describe('links in a log', () => {
  it('are the lines of tracebacks', () => {
    assert.deepEqual(what('  File "/opt/my dags/größe.py", line 45, in fail'), [
      'File "/opt/my dags/größe.py", line 45 → /opt/my dags/größe.py#45',
    ]);
    assert.deepEqual(what('    |   File "C:\\dags\\x.py", line 9'), [
      'File "C:\\dags\\x.py", line 9 → C:\\dags\\x.py#9',
    ]);
    assert.deepEqual(what('  File "<stdin>", line 1, in <module>'), []);
  });

  it('are Python files that are named by a path', () => {
    assert.deepEqual(what('Filling up the DagBag from /opt/dags/etl/load.py'), [
      '/opt/dags/etl/load.py → /opt/dags/etl/load.py#-',
    ]);
    assert.deepEqual(what('dags/load.py:12: DeprecationWarning'), ['dags/load.py:12 → dags/load.py#12']);
    assert.deepEqual(what('{load.py:12} INFO - load.py'), []);
    assert.deepEqual(what('a/b.python x/y.pyc'), []);
  });

  it('are addresses, without what ends the sentence around them', () => {
    assert.deepEqual(what('See (https://example.org/a_(b)?q=1#x), http://[::1]:8080/.'), [
      'https://example.org/a_(b)?q=1#x → https://example.org/a_(b)?q=1#x',
      'http://[::1]:8080/ → http://[::1]:8080/',
    ]);
    assert.deepEqual(what('http://host/dags/x.py:3'), ['http://host/dags/x.py:3 → http://host/dags/x.py:3']);
    assert.deepEqual(what('javascript:alert(1) file:///etc/passwd command:x'), []);
  });

  it('are found in no time in what is made to be slow', () => {
    const began = performance.now();
    for (const text of [
      'a/'.repeat(8000),
      'File "'.repeat(3000),
      'http://'.repeat(3000),
      '.py'.repeat(5000),
      ' /.'.repeat(5000),
      'https://x' + ')'.repeat(9000),
    ]) {
      linksIn(`${text}.py`);
    }
    assert.ok(performance.now() - began < 2000);
  });
});

describe('a path from elsewhere', () => {
  it('may mean any of its ends below the DAG folder, the longest first', () => {
    assert.deepEqual(relativePathsOf('/opt/dags/etl/load.py'), [
      'opt/dags/etl/load.py',
      'dags/etl/load.py',
      'etl/load.py',
      'load.py',
    ]);
    assert.deepEqual(relativePathsOf('C:\\dags\\load.py'), ['dags/load.py', 'load.py']);
    assert.deepEqual(relativePathsOf('./load.py'), ['load.py']);
  });

  it('means none where it is of Python or of a package, or leads upwards', () => {
    assert.deepEqual(relativePathsOf('/venv/lib/python3.12/site-packages/airflow/x.py'), []);
    assert.deepEqual(relativePathsOf('/usr/lib/python3.12/json/decoder.py'), []);
    assert.deepEqual(relativePathsOf('/opt/dags/../secret.py'), []);
  });
});
