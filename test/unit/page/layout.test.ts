import assert from 'node:assert/strict';
import { tasksByAgent } from '../../../src/page/layout/agentTasks.ts';
import { barsOf, lanesOf } from '../../../src/page/layout/bars.ts';
import { amount, filled, lasted, memoryOf, wallClock } from '../../../src/page/layout/format.ts';
import { grouped, groupingAttributes } from '../../../src/page/layout/groups.ts';
import { LaneBook, mostRows, placesBetween, stacked, type Stay } from '../../../src/page/layout/lanes.ts';
import { offerTicks, tickAt } from '../../../src/page/layout/offers.ts';
import { segmentsOf } from '../../../src/page/layout/segments.ts';
import { stepFrom } from '../../../src/page/layout/steps.ts';
import { knownZoom, timeScale, timeTicks, usualZoom, zoomed } from '../../../src/page/layout/timeScale.ts';
import { waitingOver } from '../../../src/page/layout/waiting.ts';
import type { PageAgent, PageOffer, PageTask } from '../../../src/page/protocol.ts';

const agent = (name: string, over: Partial<PageAgent> = {}): PageAgent => ({
  ...{ id: name, name, active: true, address: '', total: { cpus: 8, mem: 8192 }, used: { cpus: 0, mem: 0 } },
  ...{ deactivated: false, offered: { cpus: 0, mem: 0 }, shares: [], attributes: {}, ...over },
});
const task = (id: string, over: Partial<PageTask> = {}): PageTask => ({
  ...{ id, name: id, of: '', kind: 'running', state: 'running', agent: 'a1', where: 'a1', asks: '' },
  ...{ queued: 0, launched: 0, started: 0, ended: null, ...over },
});
const offer = (id: string, at: number, fate: PageOffer['fate']): PageOffer => ({
  ...{ id, at, fate, agent: 'a1', what: '', said: '' },
});
const byId = <T extends { id: string }>(...list: T[]): Map<string, T> =>
  new Map(list.map((one) => [one.id, one]));

describe('an agent’s bar', () => {
  const order = (id: string): number => ['ours', 'spark'].indexOf(id);
  it('has frameworks in their order, what nobody known uses, what is offered, and what is free', () => {
    const shares = [
      { framework: 'spark', cpus: 2, mem: 0 },
      { framework: 'ours', cpus: 1, mem: 0 },
    ];
    const busy = agent('a', { used: { cpus: 4, mem: 0 }, offered: { cpus: 2, mem: 0 }, shares });
    const said = segmentsOf(busy, 'cpus', order).map(({ what, framework, amount, share }) => [
      ...[what, framework, amount, share],
    ]);
    assert.deepEqual(said, [
      ['framework', 'ours', 1, 0.125],
      ['framework', 'spark', 2, 0.25],
      ['other', '', 1, 0.125],
      ['offered', '', 2, 0.25],
      ['free', '', 2, 0.25],
    ]);
  });

  it('is never longer than the agent is large, whatever views of different moments add up to', () => {
    const shares = [{ framework: 'ours', cpus: 9, mem: 0 }];
    const full = agent('a', { used: { cpus: 8, mem: 0 }, offered: { cpus: 5, mem: 0 }, shares });
    const segments = segmentsOf(full, 'cpus', order);
    assert.deepEqual(
      segments.map(({ what, share }) => [what, share]),
      [['framework', 1]],
    );
    assert.deepEqual(segmentsOf(agent('a', { total: { cpus: 0, mem: 0 } }), 'cpus', order), []);
  });
});

describe('groups of agents', () => {
  const agents = [
    agent('agent-10', { attributes: { rack: 'r2', name: 'agent-10' }, used: { cpus: 8, mem: 0 } }),
    agent('agent-2', { attributes: { rack: 'r1', name: 'agent-2' } }),
    agent('agent-1', { attributes: { name: 'agent-1' } }),
    agent('agent-3', { attributes: { rack: 'r2', name: 'agent-3' } }),
  ];
  it('are offered by attributes that several agents share', () => {
    assert.deepEqual(groupingAttributes(agents), ['rack']);
    assert.deepEqual(groupingAttributes(agents.slice(0, 1)), []);
  });

  it('stand by value, those without one last, with numbers in names as people count', () => {
    const said = grouped(agents, 'rack', 'name').map(({ value, agents: members }) => [
      value,
      members.map(({ name }) => name),
    ]);
    assert.deepEqual(said, [
      ['r1', ['agent-2']],
      ['r2', ['agent-3', 'agent-10']],
      ['', ['agent-1']],
    ]);
    const [all] = grouped(agents, '', 'used');
    assert.deepEqual(
      all?.agents.map(({ name }) => name),
      ['agent-10', 'agent-1', 'agent-2', 'agent-3'],
    );
  });
});

describe('lanes', () => {
  const stay = (id: string, from: number, to: number | null, lane = 'a'): Stay => ({ id, from, to, lane });
  it('have what stands there at once in rows of their own, which it keeps', () => {
    const book = new LaneBook();
    const [first, second] = [stay('1', 0, 10), stay('2', 5, null)];
    book.place([first, second]);
    const third = stay('3', 12, 20);
    // The first is forgotten: the others stay where they are.
    book.place([second, third]);
    assert.deepEqual([book.rowOf('2'), book.rowOf('3')], [1, 0]);
    book.place([second, third, stay('4', 14, null), stay('5', 14, null, 'b')]);
    assert.deepEqual([book.rowOf('2'), book.rowOf('3'), book.rowOf('4'), book.rowOf('5')], [1, 0, 2, 0]);
  });

  it('give a row away again once its task is over, and only then', () => {
    const book = new LaneBook();
    book.place([stay('1', 0, null)]);
    book.place([stay('1', 0, 8), stay('2', 8, null), stay('3', 9, null)]);
    assert.deepEqual([book.rowOf('2'), book.rowOf('3')], [0, 1]);
  });

  it('have no more rows than can be read', () => {
    const book = new LaneBook();
    const many = Array.from({ length: 3 * mostRows }, (_, index) =>
      stay(String(index).padStart(2, '0'), index, null),
    );
    book.place(many);
    assert.equal(Math.max(...many.map(({ id }) => book.rowOf(id))), mostRows - 1);
  });

  it('are as high as their rows, and only those in sight are drawn', () => {
    const { places, height } = stacked(
      [
        { id: 'a', rows: 3 },
        { id: 'b', rows: 0 },
        { id: 'c', rows: 1 },
      ],
      10,
      4,
    );
    assert.deepEqual(
      places.map(({ top, height: high }) => [top, high]),
      [
        [0, 34],
        [34, 14],
        [48, 14],
      ],
    );
    assert.equal(height, 62);
    assert.deepEqual(
      placesBetween(places, 34, 48).map(({ id }) => id),
      ['b'],
    );
    assert.deepEqual(
      placesBetween(places, 33, 49).map(({ id }) => id),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(placesBetween(places, 62, 100), []);
  });

  it('stand for agents by name, and for agents that are gone as long as they have bars', () => {
    const tasks = byId(
      task('t1'),
      task('t2', { agent: 'gone', where: 'agent-9' }),
      task('t3', { launched: null }),
    );
    const foreign = {
      id: 'x',
      name: 'x',
      framework: 'f',
      agent: 'a1',
      state: '',
      asks: '',
      seen: 5,
      gone: null,
    };
    const bars = barsOf({ tasks, foreign: byId(foreign) });
    assert.deepEqual(
      bars.map(({ id, lane, from }) => [id, lane, from]),
      [
        ['task:t1', 'a1', 0],
        ['task:t2', 'gone', 0],
        ['foreign:x', 'a1', 5],
      ],
    );
    const lanes = lanesOf({ agents: byId(agent('a10'), agent('a1', { active: false })) }, bars);
    assert.deepEqual(
      lanes.map(({ name, active }) => [name, active]),
      [
        ['a1', false],
        ['a10', true],
        ['agent-9', false],
      ],
    );
  });
});

describe('time', () => {
  it('ends now, at the right', () => {
    const scale = timeScale(600_000, 60_000, 300);
    assert.deepEqual([scale.x(600_000), scale.x(540_000), scale.x(570_000)], [300, 0, 150]);
    assert.equal(scale.instant(150), 570_000);
  });

  it('is written at whole instants of the wall clock, so far apart that they can be read', () => {
    assert.deepEqual(timeTicks(timeScale(65_000, 60_000, 300), 70, 0), [15_000, 30_000, 45_000, 60_000]);
    // India is five and a half hours ahead: the half hour is a whole one there.
    const hour = 3_600_000;
    assert.deepEqual(timeTicks(timeScale(10 * hour, hour, 160), 70, 330), [9.5 * hour]);
    assert.ok(timeTicks(timeScale(10 * hour, hour, 2000), 70, 0).length <= 2000 / 70 + 1);
  });

  it('is zoomed between a minute and an hour', () => {
    assert.equal(zoomed(60_000, 1), 60_000);
    assert.equal(zoomed(60_000, -1), 120_000);
    assert.equal(zoomed(3_600_000, -1), 3_600_000);
    assert.equal(knownZoom(77), usualZoom);
    assert.equal(knownZoom(60_000), 60_000);
  });

  it('is said as people say it', () => {
    assert.equal(wallClock(0, 60), '01:00:00');
    assert.equal(wallClock(0, -1, false), '23:59');
    assert.deepEqual(
      [lasted(840, true), lasted(840, false), lasted(59_600, true)],
      ['0.8 s', '1 s', '1 min'],
    );
    assert.deepEqual([lasted(125_000, false), lasted(3_720_000, true)], ['2 min 5 s', '1 h 2 min']);
    assert.equal(amount(2.449), '2.4');
    assert.equal(memoryOf(1229, 4096, '{0} of {1}'), '1.2 of 4 GB');
    assert.equal(filled('{1} of {0}, {2}', 4, 'a'), 'a of 4, {2}');
  });
});

describe('the queue over time', () => {
  it('counts who waited at the beginning of each piece, whether launched, given up or waiting still', () => {
    const tasks = [
      { queued: 0, launched: 30, ended: 90 },
      { queued: 15, launched: null, ended: null },
      { queued: 20, launched: null, ended: 35 },
      { queued: 99, launched: null, ended: null },
    ];
    assert.deepEqual(waitingOver(tasks, 0, 50, 5), [1, 1, 3, 2, 1]);
    assert.deepEqual(waitingOver([], 0, 50, 2), [0, 0]);
  });
});

describe('offers', () => {
  const scale = timeScale(1000, 1000, 1000);
  it('share a tick where they came together and had the same fate', () => {
    const offers = [offer('1', 500, 'accepted'), offer('2', 502, 'accepted'), offer('3', 501, 'declined')];
    const ticks = offerTicks([...offers, offer('4', -5, 'lost'), offer('5', 900, 'outstanding')], scale, 8);
    assert.deepEqual(
      ticks.map(({ row, offers: here }) => [row, here.length]),
      [
        ['accepted', 2],
        ['declined', 1],
        ['out', 1],
      ],
    );
    assert.equal(tickAt(ticks, 'accepted', 505, 6)?.offers.length, 2);
    assert.equal(tickAt(ticks, 'rescinded', 505, 6), undefined);
  });

  it('stay together while time moves on', () => {
    const offers = [offer('1', 500, 'accepted'), offer('2', 506, 'accepted')];
    const counts = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (ms) => offerTicks(offers, timeScale(1000 + ms, 1000, 1000), 8).length,
    );
    assert.equal(new Set(counts).size, 1);
  });
});

describe('arrow keys', () => {
  const bars = [
    { id: '1', lane: 'a', from: 0 },
    { id: '2', lane: 'a', from: 50 },
    { id: '3', lane: 'c', from: 40 },
    { id: '4', lane: 'c', from: 90 },
  ];
  const step = (id: string | undefined, direction: Parameters<typeof stepFrom>[3]): string | undefined =>
    stepFrom(id, bars, ['a', 'b', 'c'], direction);
  it('move along a lane, and over empty ones to what began nearest', () => {
    assert.equal(step(undefined, 'down'), '4');
    assert.deepEqual([step('1', 'right'), step('2', 'right'), step('2', 'left')], ['2', '2', '1']);
    assert.deepEqual([step('2', 'down'), step('4', 'up'), step('1', 'up')], ['3', '2', '1']);
    assert.deepEqual([step('4', 'first'), step('3', 'last')], ['3', '4']);
    assert.equal(stepFrom(undefined, [], [], 'left'), undefined);
  });
});

describe('the tasks of an agent', () => {
  it('are those that live, then the last that ended; another’s by framework', () => {
    const over = (id: string, ended: number): PageTask => task(id, { ended, kind: 'success' });
    const tasks = byId(task('b'), task('a'), over('old', 10), over('new', 90), task('q', { launched: null }));
    const foreign = { name: 'x', framework: 'f', agent: 'a1', state: '', asks: '', seen: 0 };
    const theirs = byId({ ...foreign, id: 'x', gone: null }, { ...foreign, id: 'y', gone: 5 });
    const here = tasksByAgent({ tasks, foreign: theirs }, 50)('a1');
    assert.deepEqual(
      here.ours.map(({ id }) => id),
      ['a', 'b', 'new'],
    );
    assert.deepEqual(
      [...here.foreign].map(([id, list]) => [id, list.length]),
      [['f', 1]],
    );
    assert.deepEqual(tasksByAgent({ tasks, foreign: theirs }, 50)('elsewhere').ours, []);
  });
});
