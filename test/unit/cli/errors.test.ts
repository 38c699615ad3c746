import assert from 'node:assert/strict';
import { ServiceProblem } from '../../../src/client/errors.ts';
import { CommandError, errorRecord, exitCodeOf, showError } from '../../../src/cli/errors.ts';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import { numberIn } from '../../../src/cli/options.ts';
import { parseConf } from '../../../src/cli/commands/trigger.ts';
import { MachineError } from '../../../src/engines/checks.ts';
import { checkName, ranges } from '../../../src/engines/settings.ts';
import { terminalDouble } from './terminalDouble.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

describe('an error of a command', () => {
  it('says what happened, why, and what to do', () => {
    const terminal = terminalDouble();
    showError(new MachineError('No Python', { why: 'none was found', next: 'Install one' }), terminal);
    assert.equal(terminal.written(), '✗ No Python\n  none was found\n  Install one\n');
  });

  it('has the same three parts for programs, and names its cause', () => {
    assert.deepEqual(errorRecord(new MachineError('No Python', { next: 'Install one' })), {
      error: 'No Python',
      why: null,
      next: 'Install one',
      kind: 'MachineError',
    });
    assert.deepEqual(errorRecord(new Error('boom')), { error: 'boom', why: null, next: null, kind: null });
  });

  it('ends the command with the documented status', () => {
    assert.equal(exitCodeOf(thrownBy(() => numberIn('--agents', ranges.agents)('many'))), exitCodes.usage);
    assert.equal(exitCodeOf(thrownBy(() => numberIn('--agents', ranges.agents)(''))), exitCodes.usage);
    assert.equal(exitCodeOf(thrownBy(() => checkName('../x'))), exitCodes.usage);
    assert.equal(exitCodeOf(thrownBy(() => parseConf('[1]'))), exitCodes.usage);
    assert.equal(exitCodeOf(thrownBy(() => parseConf('{"a":'))), exitCodes.usage);
    assert.equal(exitCodeOf(new MachineError('No Python')), exitCodes.machine);
    assert.equal(exitCodeOf(new CommandError(exitCodes.noCluster, 'none')), exitCodes.noCluster);
    assert.equal(exitCodeOf(new ServiceProblem(404, { error: 'no such DAG' })), exitCodes.notFound);
    assert.equal(exitCodeOf(new ServiceProblem(502, { error: 'Airflow does not answer' })), exitCodes.failed);
    assert.equal(exitCodeOf(new Error('boom')), exitCodes.failed);
  });

  it('keeps numbers and parameters as they were given', () => {
    assert.equal(numberIn('--cpus', ranges.cpus)('2.5'), 2.5);
    assert.deepEqual(parseConf('{"Stadt": "Köln"}'), { Stadt: 'Köln' });
  });
});
