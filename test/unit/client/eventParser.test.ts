import assert from 'node:assert/strict';
import { EventParser } from '../../../src/client/eventParser.ts';

const text = [
  'retry: 500',
  '',
  ': alive',
  '',
  'id: e:1',
  'data: {"name":"naïve 🦀"}',
  '',
  'id:e:2',
  'data:one',
  'data: two',
  'event: whatever',
  '',
  'id: e:3',
  '',
  'data',
  '',
  '',
].join('\n');

const expected = [
  { id: 'e:1', data: '{"name":"naïve 🦀"}' },
  { id: 'e:2', data: 'one\ntwo' },
  { id: 'e:3', data: '' },
];

describe('reading an event stream', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    it(`takes lines that end in ${JSON.stringify(end)}, in pieces of any length`, () => {
      const bytes = Buffer.from(text.replaceAll('\n', end) + end);
      for (const length of [1, 2, 3, 7, bytes.length]) {
        const parser = new EventParser();
        const events = [];
        for (let at = 0; at < bytes.length; at += length)
          events.push(...parser.push(bytes.subarray(at, at + length)));
        // A carriage return alone at the end may be half of a line's end: more is needed to tell.
        events.push(...parser.push(Buffer.from(': more\n')));
        assert.deepEqual(events, expected, `pieces of ${length}`);
      }
    });
  }

  it('keeps what is not whole yet', () => {
    const parser = new EventParser();
    assert.deepEqual(parser.push(Buffer.from('id: a:1\ndata: x\n')), []);
    assert.deepEqual(parser.push(Buffer.from('\n')), [{ id: 'a:1', data: 'x' }]);
  });
});
