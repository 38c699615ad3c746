import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import type {
  FrameworkEntry,
  FrameworkInfo,
  Id,
  Offer,
  Operation,
  Resource,
  TaskInfo,
} from '../../../../src/mesos/types.ts';
import { json, rawRequest, taskFor, type RawAnswer } from '../../../support/rawScheduler.ts';
import { until } from '../../../support/until.ts';
import { Cluster } from './support/cluster.ts';
import { Correspondence } from './support/correspondence.ts';
import { notHere, Player, playTests, type Action } from './support/player.ts';
import { SchedulerSide } from './support/schedulerSide.ts';
import { transcript } from './support/transcript.ts';

/** The recorded frameworks. */
const probe: FrameworkInfo = {
  user: 'root',
  name: 'probe',
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
  failover_timeout: 30,
};

const recordedMaster = 'c5bfa549-ea36-429f-b5e1-2de3e449da3c';
/** The agents, as the recording numbers them. */
type Agent = 'S0' | 'S1';
const sleeping = { value: 'sleep 1000' };

const scalar = (name: string, value: number, rest: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...rest,
});

// A real master's and two agents' life with one framework after another, step by step.
describe('conformance: lifecycle', () => {
  let cluster: Cluster;
  let player: Player;
  /** The framework of most steps. */
  let main: SchedulerSide;
  /** The same, before its failover. */
  let old: SchedulerSide;
  /** A second framework, which comes and goes. */
  let secondId: Id;
  const used = new Set<string>();
  const left: SchedulerSide[] = [];

  before(async () => {
    cluster = await Cluster.start();
    await cluster.addAgent();
    await cluster.addAgent();
    const folders = [1, 2].map(
      (number) => [`/var/lib/mesos/agent${number}`, `${cluster.folder}/agent${number}`] as const,
    );
    player = new Player('lifecycle.txt', new Correspondence(folders));
  });

  after(async () => {
    for (const scheduler of left) scheduler.raw.disconnect();
    await cluster.stop();
  });

  const subscribe = async (info: FrameworkInfo, suppressed?: string[]): Promise<unknown> => {
    const { scheduler, first } = await SchedulerSide.subscribe(cluster.url, info, suppressed);
    left.push(scheduler);
    player.watched = [scheduler];
    return first;
  };
  const subscribing =
    (changes: object, suppressed?: string[]): Action =>
    () =>
      subscribe({ ...probe, ...changes }, suppressed);
  /** The recorded form of an answer. */
  const answered = async (answer: Promise<RawAnswer>): Promise<unknown> => {
    const { status, body } = await answer;
    return { status, body };
  };
  const calling =
    (call: () => { type: string } & Record<string, unknown>): Action =>
    () =>
      answered(main.call(call()));
  const ourAgent = (agent: Agent): Id => ({
    value: player.correspondence.ours(`${recordedMaster}-${agent}`),
  });
  /** What an agent has left, as soon as it is offered. */
  const offerOf = async (agent: Agent): Promise<Offer> => {
    const { value } = ourAgent(agent);
    const found = await until(
      () => {
        // What was freed comes with the next round.
        cluster.advance(1000);
        return main.openOffers(used).find(({ agent_id }) => agent_id.value === value);
      },
      { what: `an offer of ${agent}` },
    );
    used.add(found.id.value);
    return found;
  };
  const accepting = (offers: readonly Id[], ...operations: Operation[]): Promise<unknown> => {
    const accept = { offer_ids: offers, operations, filters: { refuse_seconds: 0 } };
    return answered(main.call({ type: 'ACCEPT', accept }));
  };
  const launch = (...tasks: TaskInfo[]): Operation => ({ type: 'LAUNCH', launch: { task_infos: tasks } });
  const operating =
    (agent: Agent, operations: (id: Id) => Operation[]): Action =>
    async () => {
      const offer = await offerOf(agent);
      return accepting([offer.id], ...operations(offer.agent_id));
    };
  /** Launches a task on the agent that the recorded one ran on. */
  const launching = (
    agent: Agent,
    id: string,
    command: TaskInfo['command'],
    rest: Partial<TaskInfo> = {},
  ): Action => operating(agent, (agentId) => [launch(taskFor(agentId, id, command, rest))]);
  const shell = (agent: Agent, id: string, value: string): Action => launching(agent, id, { value });
  const of = (...resources: Resource[]): Partial<TaskInfo> => ({ resources });
  const killing = (id: string, rest: () => object = () => ({})): Action =>
    calling(() => ({ type: 'KILL', kill: { task_id: { value: id }, ...rest() } }));
  const ask = async <T>(type: string): Promise<T> => {
    const answer = await rawRequest(`${cluster.url}/api/v1`, 'POST', json, JSON.stringify({ type }));
    return (JSON.parse(answer.body) as Record<string, T>)[type.toLowerCase()]!;
  };
  /** Waits until a file is in a task's sandbox: the command is that far. */
  const written = (agent: number, task: string, name: string): Promise<unknown> =>
    until(
      () =>
        globSync(
          `${cluster.folder}/agent${agent + 1}/work/slaves/*/frameworks/*/executors/${task}/runs/*/${name}`,
        ).length > 0,
      { what: `${name} of ${task}` },
    );

  playTests(transcript('lifecycle.txt'), () => player, {
    'role+multirole': subscribing({ role: 'a' }),
    'roles w/o multirole': subscribing({ roles: ['a'], capabilities: [] }),
    'dup roles': subscribing({ roles: ['a', 'a'] }),
    'bad role': subscribing({ roles: ['-a'] }),
    'empty role': subscribing({ roles: [''] }),
    'role dot': subscribing({ roles: ['..'] }),
    'role slash': subscribing({ roles: ['a b'] }),
    'bad failover': subscribing({ failover_timeout: 1e18 }),
    'neg failover': subscribing({ failover_timeout: -1, roles: [] }),
    suppressed: subscribing({}, ['zz']),
    'bad id': subscribing({ id: { value: 'a/b' } }),
    'no roles': subscribing({ roles: [] }),
    '': async () => {
      const first = await subscribe({ ...probe, id: { value: 'my-own-id' } });
      main = player.watched[0]!;
      return first;
    },
    teardown: calling(() => ({ type: 'TEARDOWN' })),
    'resubscribe after teardown': subscribing({ id: { value: 'my-own-id' } }),

    offers: async () => {
      for (const scheduler of left.splice(0)) scheduler.raw.disconnect();
      await subscribe(probe);
      main = player.watched[0]!;
      const offers = await main.raw.offersOf(2);
      const ids = await Promise.all(cluster.agents.map(({ registered }) => registered));
      for (const [index, id] of ids.entries()) player.correspondence.add(`${recordedMaster}-S${index}`, id);
      return offers.map(({ id }) => id);
    },
    'invalid offer': () => accepting([{ value: 'nope' }], launch(taskFor(ourAgent('S0'), 'bad1', sleeping))),
    'no offers': () => accepting([], launch(taskFor(ourAgent('S0'), 'bad2', sleeping))),
    'dup offer': async () => {
      const { id } = await offerOf('S0');
      return accepting([id, id], launch(taskFor(ourAgent('S0'), 'bad3', sleeping)));
    },
    'two agents': operating('S1', () => [launch(taskFor(ourAgent('S0'), 'bad4', sleeping))]),

    'too big': launching('S0', 'v1', sleeping, of(scalar('cpus', 100), scalar('mem', 32))),
    'no resources': launching('S1', 'v2', sleeping, of()),
    'zero cpus': launching('S0', 'v2b', { value: 'sleep 0' }, of(scalar('cpus', 0), scalar('mem', 32))),
    'neg cpus': launching('S1', 'v2c', sleeping, of(scalar('cpus', -1), scalar('mem', 32))),
    'no command': launching('S0', 'v3', undefined),
    'bad id slash': launching('S1', 'v/4', sleeping),
    'empty id': launching('S0', '', sleeping),
    'wrong agent': operating('S1', () => [launch(taskFor({ value: 'zzz' }, 'v5', sleeping))]),
    'no tasks': operating('S1', () => [launch()]),
    'no ops': operating('S1', () => []),
    'op with id': operating('S0', (agent) => [
      { ...launch(taskFor(agent, 'v6', sleeping)), id: { value: 'x' } },
    ]),
    'bad role res': launching(
      'S1',
      'v7',
      sleeping,
      of(scalar('cpus', 0.1, { role: 'foo' }), scalar('mem', 32, { role: 'foo' })),
    ),
    'dup in same launch (2 updates)': operating('S0', (agent) => [
      launch(taskFor(agent, 'v8', sleeping), taskFor(agent, 'v8', sleeping)),
    ]),
    'dup id of running': launching('S1', 'v8', sleeping),
    'kill v8': killing('v8'),

    'exit 3': shell('S0', 'x1', 'exit 3'),
    'sigkill self': shell('S1', 'x2', 'kill -9 $$'),
    'sigsegv self': shell('S0', 'x2b', 'kill -SEGV $$'),
    'no such binary shell': shell('S0', 'x3', '/no/such/binary'),
    'no such binary exec': launching('S1', 'x4', { shell: false, value: '/no/such/binary' }),
    'exec ok': launching('S0', 'x5', { shell: false, value: '/bin/echo', arguments: ['echo', 'x'] }),
    'bad user':
      process.getuid?.() === 0
        ? launching('S1', 'x6', { value: 'true', user: 'nosuchuser' })
        : notHere('only root can run tasks as other users'),
    'uri missing': launching('S0', 'x7', { value: 'true', uris: [{ value: '/no/such/file' }] }),
    'reuse terminal id': shell('S1', 'x1', 'true'),

    'kill unknown': killing('zz'),
    'kill unknown w agent': killing('zz', () => ({ agent_id: ourAgent('S0') })),
    trap: shell('S1', 'k1', 'trap "" TERM; touch ready; while true; do sleep 0.1; done'),
    'kill k1 grace 1s': async () => {
      await written(1, 'k1', 'ready');
      const policy = { kill_policy: { grace_period: { nanoseconds: 1_000_000_000 } } };
      return killing('k1', () => policy)();
    },
    k2: shell('S0', 'k2', 'sleep 1000'),
    'kill k2': killing('k2'),
    'kill k2 twice': killing('k2'),
    k3: shell('S1', 'k3', 'sleep 1000'),
    TASKS: async () => (await ask<{ tasks: unknown[] }>('GET_TASKS')).tasks,
    'shutdown executor': calling(() => ({
      type: 'SHUTDOWN',
      shutdown: { executor_id: { value: 'k3' }, agent_id: ourAgent('S1') },
    })),
    'message unknown executor': calling(() => ({
      type: 'MESSAGE',
      message: { agent_id: ourAgent('S1'), executor_id: { value: 'none' }, data: 'eA==' },
    })),

    r1: shell('S1', 'r1', 'sleep 1000'),
    implicit: calling(() => ({ type: 'RECONCILE', reconcile: { tasks: [] } })),
    explicit: calling(() => ({
      type: 'RECONCILE',
      reconcile: {
        tasks: [
          { task_id: { value: 'r1' } },
          { task_id: { value: 'nn' } },
          { task_id: { value: 'nn2' }, agent_id: ourAgent('S1') },
          { task_id: { value: 'nn3' }, agent_id: { value: 'bogus' } },
        ],
      },
    })),
    u1: async () => {
      main.acknowledges = false;
      const answer = await shell('S0', 'u1', 'sleep 0.1')();
      await main.raw.update('u1', 'TASK_STARTING');
      cluster.advance(10_000);
      return answer;
    },

    'new stream': async () => {
      const id = await main.raw.id();
      const before = main;
      const first = await subscribe({ ...probe, id });
      main = player.watched[0]!;
      main.acknowledges = false;
      old = before;
      player.watched = [before];
      return first;
    },
    'old call': async () => {
      player.correspondence.add('935e3139-39f4-4bf6-b3ea-b5395991eb89', old.raw.streamId);
      player.watched = [main];
      const answer = await answered(old.call({ type: 'REVIVE' }));
      main.acknowledges = true;
      return answer;
    },

    'decline default filter': async () => {
      // All that was freed is offered, in two offers, as it was then.
      used.clear();
      for (const { id } of main.openOffers(used)) used.add(id.value);
      await main.call({
        type: 'DECLINE',
        decline: { offer_ids: [...used].map((value) => ({ value })), filters: { refuse_seconds: 0 } },
      });
      cluster.advance(1000);
      const answer = await declineAll();
      cluster.advance(4900);
      await turn();
      assert.deepEqual(main.openOffers(used), []);
      cluster.advance(1100);
      await main.offersAgain(used, 2);
      return answer;
    },
    'decline 100s': async () => {
      const answer = await declineAll(100);
      cluster.advance(60_000);
      await turn();
      assert.deepEqual(main.openOffers(used), []);
      return answer;
    },
    revive: [
      async () => {
        const answer = await answered(main.call({ type: 'REVIVE' }));
        await main.offersAgain(used, 2);
        return answer;
      },
      async () => {
        const answer = await answered(main.call({ type: 'REVIVE' }));
        await main.offersAgain(used, 2);
        return answer;
      },
    ],
    suppress: async () => {
      const answer = await answered(main.call({ type: 'SUPPRESS' }));
      // What is offered stays so.
      await turn();
      assert.equal(main.openOffers(used).length, 2);
      return answer;
    },
    'decline 0.1': async () => {
      const answer = await declineAll(0.1);
      cluster.advance(60_000);
      await turn();
      assert.deepEqual(main.openOffers(used), []);
      return answer;
    },
    GET_FRAMEWORKS: async () => {
      const { scheduler } = await SchedulerSide.subscribe(cluster.url, { ...probe, failover_timeout: 2 });
      secondId = await scheduler.raw.id();
      scheduler.raw.disconnect();
      const isGone = async (): Promise<FrameworkEntry[] | false> => {
        const { frameworks } = await ask<{ frameworks: FrameworkEntry[] }>('GET_FRAMEWORKS');
        const found = frameworks.find(({ framework_info }) => framework_info.id?.value === secondId.value);
        return found?.connected === false && frameworks;
      };
      const frameworks = await until(isGone, { what: 'the end of its connection' });
      const living = [secondId, await main.raw.id()];
      return living.map(({ value }) => {
        const one = frameworks.find(({ framework_info }) => framework_info.id?.value === value);
        return [one?.framework_info.id, one?.active, one?.connected, one?.recovered];
      });
    },
    after: async () => {
      cluster.advance(2000);
      const all = await ask<Record<string, FrameworkEntry[]>>('GET_FRAMEWORKS');
      const completed = all.completed_frameworks ?? [];
      assert.ok(completed.some(({ framework_info }) => framework_info.id?.value === secondId.value));
      return undefined;
    },
    'resub of removed': async () => {
      const watched = player.watched;
      const { scheduler, first } = await SchedulerSide.subscribe(cluster.url, { ...probe, id: secondId });
      left.push(scheduler);
      player.watched = watched;
      return first;
    },
    'op teardown of g': async () => {
      const body = JSON.stringify({ type: 'TEARDOWN', teardown: { framework_id: await main.raw.id() } });
      return answered(rawRequest(`${cluster.url}/api/v1`, 'POST', json, body));
    },
  });

  async function declineAll(refuseSeconds?: number): Promise<unknown> {
    const ids = (await main.offersAgain(used, 2)).map(({ id }) => id);
    for (const { value } of ids) used.add(value);
    const filters = refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } };
    return answered(main.call({ type: 'DECLINE', decline: { offer_ids: ids, ...filters } }));
  }
  /** Whatever was under way to the scheduler is there: answers come behind events. */
  async function turn(): Promise<void> {
    const task = `turn ${main.raw.events.length}`;
    main.hides.add(task);
    await main.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: task } }] } });
    await main.raw.update(task, 'TASK_UNKNOWN');
  }
});
