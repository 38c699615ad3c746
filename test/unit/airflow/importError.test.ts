import assert from 'node:assert/strict';
import { toImportError } from '../../../src/airflow/importError.ts';

const file = '/home/é/dags/broken.py';

describe("Airflow's import errors", () => {
  it('gives the line of the file itself, not of the library below it', () => {
    const trace = `Traceback (most recent call last):
  File "/home/é/dags/broken.py", line 12, in <module>
    import pandsa
  File "/lib/python3.11/importlib/__init__.py", line 126, in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
ModuleNotFoundError: No module named 'pandsa'
`;
    const error = toImportError({ filename: file, stack_trace: trace });
    assert.equal(error.line, 12);
    assert.equal(error.message, "ModuleNotFoundError: No module named 'pandsa'");
    assert.equal(error.file, file);
    assert.match(error.trace, /^Traceback/);
  });

  it('gives the deepest line of the file where several led to the error', () => {
    const trace = `  File "${file}", line 30, in <module>\n    f()\n  File "${file}", line 7, in f\n    1 / 0\nZeroDivisionError: division by zero`;
    assert.equal(toImportError({ filename: file, stack_trace: trace }).line, 7);
  });

  it('reads the line of a syntax error', () => {
    const trace = `  File "${file}", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax\n`;
    const error = toImportError({ filename: file, stack_trace: trace });
    assert.deepEqual([error.line, error.message], [3, 'SyntaxError: invalid syntax']);
  });

  it('knows a file that Airflow names relative to its bundle', () => {
    const trace = `  File "${file}", line 5, in <module>\nValueError: x`;
    assert.equal(toImportError({ filename: 'broken.py', stack_trace: trace }).line, 5);
  });

  it('has no line where the trace does not name the file', () => {
    const error = toImportError({ filename: file, stack_trace: 'DAG import timed out after 30.0s\n' });
    assert.deepEqual([error.line, error.message], [null, 'DAG import timed out after 30.0s']);
  });
});
