import type { FrameworkInfo, Id, Task } from '../../../../src/mesos/types.ts';
import { json, rawRequest, taskFor, type RawAnswer } from '../../../support/rawScheduler.ts';
import { until } from '../../../support/until.ts';
import { Cluster } from './support/cluster.ts';
import { OperatorSide } from './support/operatorSide.ts';
import { Player, playTests, type Action } from './support/player.ts';
import { SchedulerSide } from './support/schedulerSide.ts';
import { transcript } from './support/transcript.ts';

const recordedMaster = 'ecb283b6-6abb-4b13-afca-4174f3bd40e0';
/** Milliseconds: long, since time is let go on faster than agents can answer. */
const pingTimeout = 100_000;
/** The agents, as the recording numbers them. */
type Agent = 'S0' | 'S1';

const aware: FrameworkInfo = {
  user: 'root',
  name: 'probe',
  roles: ['*'],
  checkpoint: true,
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
  failover_timeout: 30,
};
const unaware: FrameworkInfo = { ...aware, name: 'nonpartition', capabilities: [{ type: 'MULTI_ROLE' }] };

// Two agents fall silent and come back, one breaks off, one is given up; two frameworks and an operator are told.
describe('conformance: agent_failure', () => {
  let cluster: Cluster;
  let player: Player;
  let f: SchedulerSide;
  let g: SchedulerSide;
  const used = new Set<string>();

  before(async () => {
    cluster = await Cluster.start({
      agentPingTimeout: pingTimeout,
      maxAgentPingTimeouts: 2,
      allocationInterval: 100,
    });
    player = new Player('agent_failure.txt');
    for (const index of [0, 1]) {
      const { registered } = await cluster.addAgent();
      player.correspondence.add(`${recordedMaster}-S${index}`, await registered);
    }
    player.operator = await OperatorSide.subscribe(cluster.url);
    f = (await SchedulerSide.subscribe(cluster.url, aware)).scheduler;
    g = (await SchedulerSide.subscribe(cluster.url, unaware)).scheduler;
    player.watched = [f];
  });

  after(async () => {
    for (const one of [f, g]) one.raw.disconnect();
    player.operator?.disconnect();
    await cluster.stop();
  });

  const ourAgent = (agent: Agent): Id => ({
    value: player.correspondence.ours(`${recordedMaster}-${agent}`),
  });
  const answered = async (answer: Promise<RawAnswer>): Promise<unknown> => {
    const { status, body } = await answer;
    return { status, body };
  };
  const operating = (call: object): Promise<unknown> =>
    answered(rawRequest(`${cluster.url}/api/v1`, 'POST', json, JSON.stringify(call)));
  const tasks = async (): Promise<Record<string, Task[]>> => {
    const { body } = await rawRequest(`${cluster.url}/api/v1`, 'POST', json, '{"type":"GET_TASKS"}');
    // In the order of the recording, which is none.
    const { get_tasks: found } = JSON.parse(body) as { get_tasks: Record<string, Task[]> };
    for (const list of Object.values(found)) list.sort((a, b) => (a.name < b.name ? 1 : -1));
    return found;
  };
  const launching =
    (scheduler: () => SchedulerSide, agent: Agent, id: string, value: string): Action =>
    async () => {
      const one = scheduler();
      const other = one === f ? g : f;
      player.watched = [one];
      const { value: agentId } = ourAgent(agent);
      const offer = await until(
        async () => {
          // Who has it and needs it not gives it up.
          const held = other.openOffers(used).map(({ id }) => id);
          for (const { value } of held) used.add(value);
          if (held.length > 0)
            await other.call({
              type: 'DECLINE',
              decline: { offer_ids: held, filters: { refuse_seconds: 1000 } },
            });
          cluster.advance(100);
          return one.openOffers(used).find(({ agent_id }) => agent_id.value === agentId);
        },
        { what: `an offer of ${agent}` },
      );
      used.add(offer.id.value);
      return answered(one.raw.launch([offer], [taskFor(offer.agent_id, id, { value })], 0));
    };
  /** Lets the agents miss one ping after the other. */
  const loseAgents = async (): Promise<void> => {
    for (const link of cluster.links) link.begin();
    cluster.advance(3 * pingTimeout);
    await agentsAre((agents) => agents.length === 0);
  };

  playTests(transcript('agent_failure.txt'), () => player, {
    p1: [
      launching(() => f, 'S1', 'p1', 'sleep 1000'),
      async () => {
        await share('S0');
        player.watched = [f];
        // The connection breaks; the agent makes another.
        cluster.links[1]?.disconnect();
        const { value } = ourAgent('S1');
        await agentsAre((agents) => agents.some(({ id, active }) => id === value && active));
        const { tasks: living = [] } = await tasks();
        return living.filter(({ name }) => name === 'p1').map(({ state, agent_id }) => [state, agent_id]);
      },
    ],
    q1: launching(() => g, 'S1', 'q1', 'sleep 1000'),
    TASKS: async () =>
      (await tasks()).tasks?.map(({ task_id, agent_id, state }) => [task_id, agent_id, state]),
    'f events': async () => {
      await share('S1');
      player.watched = [f];
      await loseAgents();
      return undefined;
    },
    'g events': async () => {
      player.watched = [g];
      return Promise.resolve(undefined);
    },
    GET_TASKS: async () => {
      const all = Object.entries(await tasks());
      return Object.fromEntries(
        all.map(([kind, list]) => [kind, list.map(({ name, state }) => [name, state])]),
      );
    },
    'reconcile unreachable': async () => {
      player.watched = [f];
      const asked = [
        { task_id: { value: 'p1' } },
        { task_id: { value: 'p1' }, agent_id: ourAgent('S1') },
        { task_id: { value: 'other' }, agent_id: ourAgent('S1') },
      ];
      return answered(f.call({ type: 'RECONCILE', reconcile: { tasks: asked } }));
    },
    'kill unreachable': () => answered(f.call({ type: 'KILL', kill: { task_id: { value: 'p1' } } })),
    f: async () => {
      for (const link of cluster.links) link.end();
      await agentsAre((agents) => agents.length === 2);
      return undefined;
    },
    g: [
      async () => {
        player.watched = [g];
        return Promise.resolve(undefined);
      },
      async () => {
        player.watched = [g];
        return Promise.resolve(undefined);
      },
    ],
    'kill p1': () => {
      player.watched = [f];
      return answered(f.call({ type: 'KILL', kill: { task_id: { value: 'p1' } } }));
    },
    d1: launching(() => f, 'S0', 'd1', 'sleep 1000'),
    'mark gone': async () => {
      // The recorded one was drained before; its updates went with that step.
      player.watched = [];
      await f.call({ type: 'KILL', kill: { task_id: { value: 'd1' } } });
      await until(async () => {
        await f.acknowledgeAll();
        return f.raw.updates('d1').some(({ state }) => state === 'TASK_KILLED');
      });
      f.take();
      await share('S1');
      player.watched = [f];
      const call = { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: ourAgent('S0') } };
      const answer = await operating(call);
      await cluster.agents[0]?.dismissed;
      return answer;
    },
    'mark gone bogus': () =>
      operating({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: 'bogus' } } }),
  });

  /** One offer each: of this agent to f, of the other to g. */
  async function share(agent: Agent): Promise<void> {
    const declineAll = async (one: SchedulerSide, refuseSeconds: number): Promise<void> => {
      const ids = one.openOffers(used).map(({ id }) => id);
      for (const { value } of ids) used.add(value);
      const decline = { offer_ids: ids, filters: { refuse_seconds: refuseSeconds } };
      await one.call({ type: 'DECLINE', decline });
    };
    await f.call({ type: 'SUPPRESS' });
    await declineAll(f, 0);
    await declineAll(g, 0);
    await g.call({ type: 'REVIVE' });
    cluster.advance(100);
    const offers = await g.offersAgain(used, 2);
    const toDecline = offers.filter(({ agent_id }) => agent_id.value === ourAgent(agent).value);
    for (const { id } of toDecline) used.add(id.value);
    const decline = { offer_ids: toDecline.map(({ id }) => id), filters: { refuse_seconds: 1000 } };
    await g.call({ type: 'DECLINE', decline });
    await f.call({ type: 'REVIVE' });
    await f.offersAgain(used, 1);
  }

  async function agentsAre(as: (agents: { id: string; active: boolean }[]) => boolean): Promise<void> {
    await until(
      async () => {
        cluster.advance(100);
        const { body } = await rawRequest(`${cluster.url}/slaves`, 'GET');
        return as((JSON.parse(body) as { slaves: { id: string; active: boolean }[] }).slaves);
      },
      { what: 'the agents' },
    );
  }
});
