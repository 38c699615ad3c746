import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { NewerRecording, NotARecording, NothingRecorded } from '../../../src/journal/errors.ts';
import { History } from '../../../src/journal/history.ts';
import type { Json } from '../../../src/journal/delta.ts';
import { randomFrom } from './random.ts';
import { inPieces, written, type Change } from './written.ts';

function somethingHappened(random: (bound: number) => number, count: number): Change[] {
  const keys = ['cluster', 'agents', 'task:a', 'task:b', 'run:x:y'];
  let at = 1000;
  const items = (): Json =>
    Array.from({ length: random(6) }, (_, id) => ({ id, state: ['a', 'b'][random(2)] ?? '' }));
  return Array.from({ length: count }, () => {
    at += random(30);
    return { at, key: keys[random(keys.length)] ?? '', value: random(8) === 0 ? undefined : items() };
  });
}

/** What is known at a time, by going through the changes one after another. */
function knownAt(changes: readonly Change[], time: number): Record<string, Json> {
  const known = new Map<string, Json>();
  for (const { at, key, value } of changes) {
    if (at > Math.max(time, changes[0]?.at ?? 0)) break;
    if (value === undefined) known.delete(key);
    else known.set(key, value);
  }
  return Object.fromEntries(known);
}

describe('a recording', () => {
  it('is at any time what all changes until then make, wherever one jumps', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = randomFrom(seed);
      const changes = somethingHappened(random, 200);
      const history = await History.read(inPieces(written(changes, { chapter: 1 + random(60) })), 'x');
      for (let turn = 0; turn < 30; turn += 1) {
        const time = history.from - 50 + random(history.to - history.from + 100);
        const reader = history.at(time);
        assert.deepEqual(Object.fromEntries(reader.state.values), knownAt(changes, time));
        // Going on from there comes to the same as jumping there.
        const later = time + random(500);
        reader.advance(later);
        assert.deepEqual(
          Object.fromEntries(reader.state.values),
          knownAt(changes, Math.max(later, history.from)),
        );
      }
    }
  });

  it('says when the next change comes, over the ends of chapters', async () => {
    const changes = somethingHappened(randomFrom(3), 100);
    const history = await History.read(inPieces(written(changes, { chapter: 7 })), 'x');
    const reader = history.at(history.from);
    const times = new Set<number>();
    for (let next = reader.nextAt; next !== undefined; next = reader.nextAt) {
      assert.ok(!times.has(next));
      times.add(next);
      reader.advance(next);
    }
    assert.equal(Math.max(...times), history.to);
    assert.deepEqual(Object.fromEntries(reader.state.values), knownAt(changes, history.to));
  });

  it('that was cut off is shown as far as it goes, packed or not', async () => {
    const changes = somethingHappened(randomFrom(5), 300);
    const text = written(changes, { chapter: 20 });
    const whole = await History.read(inPieces(gzipSync(text)), 'x');
    assert.equal(whole.cutOff, false);
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const part = await History.read(inPieces(bytes.subarray(0, Math.floor(bytes.length * 0.7))), 'x');
      assert.equal(part.cutOff, true);
      assert.ok(part.to > whole.from && part.to < whole.to, `${part.to}`);
      assert.deepEqual(Object.fromEntries(part.at(part.to).state.values), knownAt(changes, part.to));
    }
  });

  it('with a damaged line goes on where all that is known is said again', async () => {
    const changes = somethingHappened(randomFrom(9), 100);
    const lines = written(changes, { chapter: 10 }).split('\n');
    lines[15] = lines[15]!.slice(0, 9);
    const history = await History.read(inPieces(lines.join('\n')), 'x');
    assert.deepEqual(Object.fromEntries(history.at(history.to).state.values), knownAt(changes, history.to));
  });

  it('of something else, of a newer version, or of nothing is refused in plain words', async () => {
    const of = (text: string | Uint8Array) => History.read(inPieces(text), 'x.gz');
    await assert.rejects(of(''), NotARecording);
    await assert.rejects(of('{"a":1}\n{"b":2}\n'), NotARecording);
    await assert.rejects(of(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])), NotARecording);
    await assert.rejects(of(gzipSync('some text\n')), NotARecording);
    await assert.rejects(of(Buffer.from([0x89, 0x50, 0x4e, 0x47, 10, 0, 10])), NotARecording);
    const header = { 'mesos-airflow': 'recording', format: 2, program: '9.0', cluster: 'x', at: 1 };
    await assert.rejects(of(`${JSON.stringify(header)}\n{"at":1,"later":true}\n`), NewerRecording);
    await assert.rejects(of(`${JSON.stringify({ ...header, format: 1 })}\n`), NothingRecorded);
  });
});
