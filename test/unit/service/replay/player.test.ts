import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { History } from '../../../../src/journal/history.ts';
import { ReplayClock } from '../../../../src/service/replay/clock.ts';
import { Player } from '../../../../src/service/replay/player.ts';
import { until } from '../../../support/until.ts';
import { inPieces, written } from '../../journal/written.ts';

describe('the clock of a recording', () => {
  function clockAt(options: { at?: number; speed?: number } = {}) {
    const day = { now: 500 };
    return { day, clock: new ReplayClock(1000, 61_000, { ...options, now: () => day.now }) };
  }

  it('goes on by its speed, and stands at the end', () => {
    const { day, clock } = clockAt({ speed: 4 });
    day.now += 2000;
    assert.equal(clock.at, 9000);
    assert.equal(clock.paused, false);
    day.now += 60_000;
    assert.equal(clock.at, 61_000);
    assert.equal(clock.paused, true);
    clock.play();
    assert.equal(clock.at, 1000);
  });

  it('keeps its time while it stands, and when its speed changes', () => {
    const { day, clock } = clockAt({ at: 11_000 });
    day.now += 1000;
    clock.pause();
    day.now += 5000;
    assert.equal(clock.at, 12_000);
    clock.setSpeed(10);
    clock.play();
    assert.equal(clock.at, 12_000);
    day.now += 1000;
    clock.setSpeed(0.5);
    day.now += 1000;
    assert.equal(clock.at, 22_500);
  });

  it('is never outside of its recording', () => {
    const { clock } = clockAt({ at: 5 });
    assert.equal(clock.at, 1000);
    clock.seek(1e12);
    assert.equal(clock.at, 61_000);
    clock.seek(-1);
    assert.equal(clock.at, 1000);
  });
});

describe('playing a recording', () => {
  const changes = Array.from({ length: 20 }, (_, turn) => ({
    at: 10_000 + turn * 1000,
    key: turn % 2 === 0 ? 'cluster' : 'task:a',
    value: { turn },
  }));
  const players: Player[] = [];
  afterEach(() => {
    for (const player of players.splice(0)) player.close();
  });

  async function play(speed: number) {
    const history = await History.read(inPieces(written(changes, { chapter: 6 })), 'x');
    const told: string[] = [];
    const player = new Player(history, new ReplayClock(history.from, history.to, { speed }), {
      changed: (keys) => told.push(...keys),
      startOver: () => told.push('anew'),
      ticked: () => told.push('tick'),
    });
    players.push(player);
    player.start();
    const turnOf = (key: string) => (player.state.values.get(key) as { turn: number } | undefined)?.turn;
    return { player, told, turnOf };
  }

  it('tells each change in its time, and stands at the end', async () => {
    const { player, told, turnOf } = await play(100);
    assert.equal(turnOf('cluster'), 0);
    await until(() => player.view.paused);
    await until(() => turnOf('task:a') === 19);
    assert.equal(turnOf('cluster'), 18);
    assert.ok(told.includes('task:a') && !told.includes('anew'), told.join());
  });

  it('begins anew at another time, forward and back', async () => {
    const { player, told, turnOf } = await play(1);
    player.control({ paused: true });
    assert.equal(player.control({ at: 25_500 }).at, 25_500);
    assert.equal(turnOf('task:a'), 15);
    assert.equal(turnOf('cluster'), 14);
    player.control({ at: 12_000 });
    assert.deepEqual([turnOf('cluster'), turnOf('task:a')], [2, 1]);
    assert.equal(told.filter((word) => word === 'anew').length, 2);
    // A pause is a pause.
    told.length = 0;
    await delay(150);
    assert.deepEqual(told, []);
  });

  it('plays again from the beginning once it has ended', async () => {
    const { player, told } = await play(1);
    player.control({ at: 99_000 });
    assert.equal(player.view.paused, true);
    const { at, paused } = player.control({ paused: false });
    assert.ok(at < 11_000 && !paused);
    assert.equal(told.filter((word) => word === 'anew').length, 2);
  });
});
