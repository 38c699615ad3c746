import assert from 'node:assert/strict';
import { Interrupts } from '../../../src/cli/interrupts.ts';
import { until } from '../../support/until.ts';

function harness(): {
  interrupts: Interrupts;
  send: (signal: NodeJS.Signals) => void;
  exits: number[];
  at: (ms: number) => void;
} {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  let time = 0;
  const ends = {
    on: (signal: NodeJS.Signals, listener: () => void) => void listeners.set(signal, listener),
    exit: (code: number) => void exits.push(code),
  };
  const interrupts = new Interrupts(ends, 130, () => time);
  return {
    interrupts,
    send: (signal) => listeners.get(signal)?.(),
    exits,
    at: (ms) => {
      time = ms;
    },
  };
}

describe('Ctrl-C', () => {
  it('ends a command that has nothing to clean up at once', () => {
    const { send, exits } = harness();
    send('SIGINT');
    assert.deepEqual(exits, [130]);
  });

  it('lets a command end in order, and kills at the second time', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const { interrupts, send, exits, at } = harness();
      let forced = 0;
      interrupts.guard({
        force: () => {
          forced += 1;
          return Promise.resolve();
        },
      });
      send(signal);
      assert.equal(interrupts.signal.aborted, true);
      at(100);
      send(signal);
      assert.equal(forced, 0, 'the same Ctrl-C, through npm once more');
      at(2000);
      send(signal);
      await until(() => exits.length > 0);
      assert.equal(forced, 1);
      assert.deepEqual(exits, [130]);
    }
  });

  it('does not wait for the killing at the third time', () => {
    const { interrupts, send, exits, at } = harness();
    interrupts.guard({ force: () => new Promise(() => undefined) });
    for (const time of [0, 2000, 4000]) {
      at(time);
      send('SIGINT');
    }
    assert.deepEqual(exits, [130]);
  });

  it('is like a terminal that closes: a command that must clean up does, any other just ends', () => {
    const quiet = harness();
    quiet.interrupts.hangUp(0);
    assert.deepEqual(quiet.exits, [0]);
    const careful = harness();
    careful.interrupts.guard({ force: () => Promise.resolve() });
    careful.interrupts.hangUp(0);
    assert.deepEqual(careful.exits, []);
    assert.equal(careful.interrupts.signal.aborted, true);
  });

  it('is not what a lost reader is to a command that works on for itself', () => {
    const { interrupts, exits, send } = harness();
    interrupts.guard({ force: () => Promise.resolve(), needsNoReader: true });
    interrupts.hangUp(0);
    assert.equal(interrupts.signal.aborted, false);
    assert.deepEqual(exits, []);
    send('SIGINT');
    assert.equal(interrupts.signal.aborted, true);
  });
});
