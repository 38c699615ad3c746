import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import type { ClusterEvent } from '../../../../src/api/people.ts';
import type { Topic } from '../../../../src/api/topics.ts';
import { timeIn, type ClusterPicture } from '../../../../src/extension/cluster/picture.ts';
import { applyEvents } from '../../../../src/extension/cluster/state.ts';
import { ClusterViewOf } from '../../../../src/extension/tree/cluster/view.ts';
import { TaskRunsView } from '../../../../src/extension/tree/taskRuns/view.ts';
import type { ViewOf } from '../../../../src/extension/tree/viewOf.ts';
import { History } from '../../../../src/journal/history.ts';
import { ReplayClock } from '../../../../src/service/replay/clock.ts';
import { Player } from '../../../../src/service/replay/player.ts';
import { ReplayViews } from '../../../../src/service/replay/views.ts';
import { fixture } from '../../../support/bundles.ts';

/** `mesos-airflow record` made it of a run of both example DAGs: it is the same for ever. */
const file = fixture('recordings', 'weather.mesos-airflow.jsonl.gz');
const second = 1000;

describe('the views of a recorded run', () => {
  let history: History;
  before(async () => {
    history = await History.read(createReadStream(file) as AsyncIterable<Uint8Array>, 'the fixture');
  });

  /** What a client knows that followed a replay which stands so long behind the beginning. */
  function pictureAt(ms: number, topics: ReadonlySet<Topic>): ClusterPicture {
    const silent = { changed: () => undefined, startOver: () => undefined, ticked: () => undefined };
    const clock = new ReplayClock(history.from, history.to, { at: history.from + ms, now: () => 0 });
    const player = new Player(history, clock, silent);
    const views = new ReplayViews('e', () => player);
    const snapshot: ClusterEvent = { ...views.snapshot(topics), subscription: 's' };
    const state = applyEvents(undefined, [snapshot, ...[...topics].flatMap((topic) => views.present(topic))]);
    return { connection: { phase: 'live' }, starting: undefined, state };
  }

  /** Rows as lines, as a person sees them, with these expanded. */
  function linesAt(ms: number, view: ViewOf, open: readonly string[]): string[] {
    const opened = new Set(open);
    const picture = pictureAt(ms, view.topics(opened));
    const { roots, rows } = view.outline(picture, timeIn(picture), opened);
    const lines = (ids: readonly string[], indent: string): string[] =>
      ids.flatMap((id) => {
        const row = rows.get(id);
        if (!row) return [];
        const below = opened.has(id) ? lines(row.children, `${indent}  `) : [];
        return [`${indent}${row.label} · ${row.description}`, ...below];
      });
    return lines(roots, '');
  }

  const taskRuns = (): TaskRunsView => {
    const view = new TaskRunsView({ get: () => undefined, update: () => Promise.resolve() }, () => undefined);
    view.set({ grouping: 'flat' });
    return view;
  };

  it('are empty of task runs before it was triggered', () => {
    assert.match(linesAt(60 * second, taskRuns(), []).join(), /^Nothing has run yet/);
  });

  it('show the agents at work while it runs, and idle at its end', () => {
    const busy = linesAt(105 * second, new ClusterViewOf(), ['agents']);
    const idle = linesAt(280 * second, new ClusterViewOf(), ['agents']);
    const agents = (lines: readonly string[]) => lines.filter((line) => /^ +agent-/.test(line));
    assert.equal(agents(busy).length, 2);
    assert.ok(
      agents(busy).every((line) => !line.includes(' 0 of 2 cpus')),
      busy.join('\n'),
    );
    assert.ok(
      agents(idle).every((line) => line.includes('□□□□ 0 of 2 cpus')),
      idle.join('\n'),
    );
  });

  it('show the task runs as they were, the same at each look', () => {
    const lines = linesAt(105 * second, taskRuns(), []);
    assert.ok(lines.length >= 6, lines.join('\n'));
    assert.ok(
      lines.some((line) => line.includes('summarise')) && lines.some((line) => line.includes('running')),
    );
    assert.deepEqual(linesAt(105 * second, taskRuns(), []), lines);
    const end = linesAt(280 * second, taskRuns(), []);
    assert.ok(end.length > lines.length);
    assert.ok(!end.some((line) => /running|waiting/.test(line)), end.join('\n'));
  });

  it('say of pages that nobody looked at that they are not in it', () => {
    const topic: Topic = 'run:weather_report:none';
    const { state } = pictureAt(105 * second, new Set([topic]));
    assert.deepEqual(state?.problems.get(topic)?.gone, true);
  });
});
