import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/extension/emitter.ts';
import type { Followed, ShownRow } from '../../../../src/extension/logs/followed.ts';
import { usualView } from '../../../../src/extension/logs/view.ts';
import { LogFile } from '../../../../src/extension/logs/logFile.ts';

class WrittenLog implements Followed {
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly files = [];
  readonly growsAtEnd = true;
  readonly view = usualView;
  rows: readonly ShownRow[] = [];
  isFollowed = false;
  isDisposed = false;

  write(text: string): void {
    this.rows = text.split('\n').map((line) => ({ text: line }));
    this.#changed.fire();
  }

  follow(): void {
    this.isFollowed = true;
  }

  pause(): void {
    this.isFollowed = false;
  }

  setView(): void {
    throw new Error('nobody does');
  }

  setAtEnd(): void {
    throw new Error('nobody does');
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

describe('LogFile', () => {
  let log: WrittenLog;
  let file: LogFile;
  let changes: number;
  const open = (readyMs: number): void => {
    log = new WrittenLog();
    file = new LogFile(log, readyMs);
    changes = 0;
    file.onDidChange(() => (changes += 1));
  };
  afterEach(() => file.dispose());
  const content = (): string => Buffer.from(file.bytes).toString('utf8');

  it('is ready with the first lines', async () => {
    open(60_000);
    assert.equal(log.isFollowed, true);
    log.write('Zürich\n');
    await file.ready;
    assert.equal(content(), 'Zürich\n');
  });

  it('is ready, and empty, where nothing comes', async () => {
    open(1);
    await file.ready;
    assert.equal(content(), '');
    log.write('late');
    assert.equal(content(), 'late');
  });

  it('is later with each change, however fast these come, and changes only where the text does', () => {
    open(60_000);
    const times = [file.modified];
    for (const text of ['a', 'ab', 'abc']) {
      log.write(text);
      times.push(file.modified);
    }
    assert.deepEqual(
      times,
      [...new Set(times)].sort((a, b) => a - b),
    );
    log.write('abc');
    assert.equal(changes, 3);
    assert.equal(file.modified, times.at(-1));
  });

  it('follows its log while it is visible, and gives it back in the end', async () => {
    open(60_000);
    file.setVisible(false);
    assert.equal(log.isFollowed, false);
    file.setVisible(true);
    assert.equal(log.isFollowed, true);
    file.dispose();
    await file.ready;
    assert.equal(log.isDisposed, true);
  });
});
