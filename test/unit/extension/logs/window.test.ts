import assert from 'node:assert/strict';
import type { LogChunk } from '../../../../src/api/people.ts';
import {
  addChunk,
  documentText,
  mostCharacters,
  type LogWindow,
} from '../../../../src/extension/logs/window.ts';

function chunk(offset: number, data: string, over: Partial<LogChunk> = {}): LogChunk {
  const next = offset + Buffer.byteLength(data);
  return { offset, data, next, size: next, ended: false, source: 'agent-1 · runs/1/stdout', ...over };
}

describe('a window on a log', () => {
  it('begins with a whole line where it begins inside the file', () => {
    const window = addChunk(undefined, chunk(1000, '\uFFFDß half\nwhole\n'));
    assert.equal(window.text, 'whole\n');
    assert.equal(
      documentText(window, undefined),
      '── agent-1 · runs/1/stdout · the first 1011 bytes are not shown ──\nwhole',
    );
  });

  it('shows one endless line all the same', () => {
    assert.equal(addChunk(undefined, chunk(1000, '\uFFFDendless')).text, 'endless');
  });

  it('keeps non-ASCII text as it is', () => {
    const first = addChunk(undefined, chunk(0, 'Zürich 12 °C\n'));
    const window = addChunk(first, chunk(first.next, '東京 ☀\n'));
    assert.equal(documentText(window, undefined), '── agent-1 · runs/1/stdout ──\nZürich 12 °C\n東京 ☀');
  });

  it('says what became of the task in its last line', () => {
    const window = addChunk(undefined, chunk(0, 'one\n'));
    assert.equal(
      documentText(window, 'ended: success after 2 s · 12:00:03'),
      '── agent-1 · runs/1/stdout ──\none\n── ended: success after 2 s · 12:00:03 ──',
    );
  });

  it('begins anew, and says so, where the file did', () => {
    const window = addChunk(addChunk(undefined, chunk(0, 'a long first life\n')), chunk(0, 'second\n'));
    assert.equal(
      documentText(window, undefined),
      '── agent-1 · runs/1/stdout ──\n── the file began anew ──\nsecond',
    );
  });

  it('stays bounded, cut at a line, and counts what it let go', () => {
    const line = `${'ä'.repeat(99)}\n`;
    let window: LogWindow | undefined;
    let offset = 0;
    for (let i = 0; i < 300; i += 1) {
      const piece = chunk(offset, line.repeat(100));
      window = addChunk(window, piece);
      offset = piece.next;
    }
    assert.ok(window);
    assert.ok(window.text.length <= mostCharacters);
    assert.ok(window.text.startsWith('ää'));
    assert.equal(window.before + Buffer.byteLength(window.text), offset);
  });
});
