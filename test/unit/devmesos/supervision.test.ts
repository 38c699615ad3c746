import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { exitText } from '../../../src/devmesos/agent/exitText.ts';
import { wordsOf } from '../../../src/devmesos/agent/spawnAs.ts';
import { openNote, readNote, supervised } from '../../../src/devmesos/agent/supervision.ts';
import type { CommandInfo } from '../../../src/mesos/types.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('a command that notes how it ends', () => {
  let folder: string;
  let remove: () => Promise<void>;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    ({ path: folder, remove } = await temporaryFolder('supervision'));
  });
  after(() => remove());

  /** Runs it to its end. Returns what its note says, and what it wrote to its standard error. */
  const run = async (command: CommandInfo): Promise<{ end: string | undefined; stderr: string }> => {
    const words = supervised(wordsOf(command))!;
    const [noteFile, errorFile] = [path.join(folder, 'note'), path.join(folder, 'stderr')];
    const [note, stderr] = [openNote(noteFile), openSync(errorFile, 'w')];
    const child = spawn(words.program, words.args, {
      argv0: words.argv0,
      stdio: ['ignore', 'ignore', note, stderr],
      detached: true,
    });
    await once(child, 'exit');
    closeSync(note);
    closeSync(stderr);
    const exit = readNote(noteFile);
    return { end: exit && exitText(exit), stderr: readFileSync(errorFile, 'utf8') };
  };

  const ends: [value: string, end: string][] = [
    ['true', 'Command exited with status 0'],
    ['exit 3', 'Command exited with status 3'],
    ['exit 137', 'Command exited with status 137'],
    ['nosuchprogram 2>/dev/null', 'Command exited with status 127'],
    ['kill -9 $$', 'Command terminated with signal Killed'],
    ['kill -TERM $$', 'Command terminated with signal Terminated'],
    ['kill -SEGV $$', 'Command terminated with signal Segmentation fault'],
    ['kill -USR1 0; sleep 10', 'Command terminated with signal User defined signal 1'],
  ];
  for (const [value, end] of ends) {
    it(`${value}: ${end}`, async () => {
      assert.deepEqual(await run({ value }), { end, stderr: '' });
    });
  }

  it('has its own words and output, as they are', async () => {
    const args = ['-c', 'for a in "$@"; do echo "<$a>" >&2; done', 'name', 'a b', '$HOME', "it's", ''];
    const { end, stderr } = await run({ shell: false, value: 'sh', arguments: ['sh', ...args] });
    assert.deepEqual([end, stderr], ['Command exited with status 0', "<a b>\n<$HOME>\n<it's>\n<>\n"]);
  });

  it('says nothing where its shell was ended, too', async () => {
    assert.equal((await run({ value: 'kill -9 $PPID; kill -9 $$' })).end, undefined);
  });

  it('can not have another name than its program: a shell gives none', () => {
    assert.equal(supervised(wordsOf({ shell: false, value: '/bin/busybox', arguments: ['ls'] })), undefined);
  });

  it('may write what it likes: a note that makes no sense says nothing', () => {
    const file = path.join(folder, 'nonsense');
    for (const text of ['', 'exit', 'exit 3', 'exit x\n', 'Killed\nexit 137\nmore']) {
      writeFileSync(file, text);
      assert.equal(readNote(file), undefined, JSON.stringify(text));
    }
    assert.equal(readNote(path.join(folder, 'missing')), undefined);
  });
});
