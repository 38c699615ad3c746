import assert from 'node:assert/strict';
import { commandTable } from '../../../src/cli/table.ts';
import { makeProgram } from '../../../src/cli/program.ts';
import { contextDouble } from './contextDouble.ts';

describe('the command line', () => {
  const program = makeProgram(contextDouble(), '0.1.0', {});
  const hidden = ['prepare-debug'];
  const names = program.commands.map((command) => command.name());
  /** Of a command that has some, those below it. */
  const leaves = program.commands.flatMap((command) =>
    command.commands.length === 0 ? [command] : command.commands,
  );

  it('has every command, each with a description', () => {
    const wanted =
      'up down delete list status watch agents frameworks offers tasks logs sandbox shell kill clear debug dags trigger pause unpause open dev-mesos doctor purge record replay';
    assert.deepEqual([...names].sort(), [...wanted.split(' '), ...hidden].sort());
    for (const command of program.commands) assert.notEqual(command.description(), '', command.name());
    assert.equal(commandTable.flatMap(({ commands }) => commands).length, names.length - hidden.length);
    for (const name of hidden) assert.ok(!program.helpInformation().includes(name), name);
  });

  it('prints JSON on each command that prints data', () => {
    const data =
      'list status agents frameworks offers tasks kill clear dags trigger pause unpause open dev-mesos doctor purge record ls get'.split(
        ' ',
      );
    for (const command of leaves) {
      const json = command.options.some((option) => option.long === '--json');
      if (data.includes(command.name())) assert.ok(json, `${command.name()} --json`);
    }
  });

  it('takes --name on each command that is about one cluster', () => {
    const none = ['list', 'dev-mesos', 'doctor', 'purge'];
    for (const command of leaves) {
      const named = command.options.some((option) => option.long === '--name');
      assert.equal(named, !none.includes(command.name()), command.name());
    }
  });
});
