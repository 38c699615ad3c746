import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/extension/emitter.ts';
import { textOf, type Followed, type ShownRow } from '../../../../src/extension/logs/followed.ts';
import { usualView } from '../../../../src/extension/logs/view.ts';
import type { LineEdit } from '../../../../src/extension/logs/lineEdits.ts';
import { LogFile, type Editable } from '../../../../src/extension/logs/logFile.ts';
import { until } from '../../../support/until.ts';

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

/** A document as an editor has it, once it was read. */
class Document implements Editable {
  lines: readonly string[] | undefined;
  edits = 0;
  /** What a change waits for. */
  gate: Promise<void> = Promise.resolve();

  async change(
    before: readonly ShownRow[],
    after: readonly ShownRow[],
    edits: readonly LineEdit[],
  ): Promise<boolean> {
    await this.gate;
    if (this.lines?.join('\n') !== textOf(before)) return false;
    const lines = [...this.lines];
    for (const { from, to, lines: others } of [...edits].reverse()) lines.splice(from, to - from, ...others);
    assert.equal(lines.join('\n'), textOf(after));
    this.lines = lines;
    this.edits += 1;
    return true;
  }
}

describe('LogFile', () => {
  let log: WrittenLog;
  let document: Document;
  let file: LogFile;
  let rereads: number;
  const open = (readyMs: number): void => {
    log = new WrittenLog();
    document = new Document();
    file = new LogFile(log, document, readyMs);
    rereads = 0;
    file.onDidChange(() => (rereads += 1));
  };
  afterEach(() => file.dispose());
  const content = (): string => Buffer.from(file.bytes).toString('utf8');
  const read = (): void => {
    document.lines = content().split('\n');
  };

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

  it('changes the document that was made of it, and is read again only where that is another', async () => {
    open(60_000);
    log.write('a\nb');
    await until(() => rereads === 1, { what: 'that it is to be read' });
    read();
    log.write('a\nb\nc');
    await until(() => document.lines?.length === 3, { what: 'the new line' });
    assert.deepEqual([document.edits, rereads], [1, 1]);
    document.lines = ['something else'];
    log.write('a\nb\nc\nd');
    await until(() => rereads === 2, { what: 'that it is to be read' });
    assert.equal(content(), 'a\nb\nc\nd');
  });

  it('is changed once at a time, and not behind the log in the end', async () => {
    open(60_000);
    read();
    let opened: () => void = () => undefined;
    document.gate = new Promise((resolve) => (opened = resolve));
    log.write('a');
    read();
    for (const text of ['ab', 'abc', 'abcd']) log.write(text);
    assert.equal(content(), 'a');
    opened();
    await until(() => content() === 'abcd', { what: 'the last text' });
  });

  it('is later with each change, and changes only where the text does', async () => {
    open(60_000);
    const times = [file.modified];
    for (const text of ['a', 'ab', 'abc']) {
      log.write(text);
      await until(() => content() === text && !file.isChanging, { what: text });
      times.push(file.modified);
    }
    assert.deepEqual(
      times,
      [...new Set(times)].sort((a, b) => a - b),
    );
    log.write('abc');
    assert.equal(file.isChanging, false);
    assert.equal(file.modified, times.at(-1));
    file.reread();
    assert.ok(file.modified > (times.at(-1) ?? 0));
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
