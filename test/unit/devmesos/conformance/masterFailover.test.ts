import type { FrameworkInfo } from '../../../../src/mesos/types.ts';
import { taskFor, type RawAnswer } from '../../../support/rawScheduler.ts';
import { Cluster } from './support/cluster.ts';
import { Player, playTests, type Action } from './support/player.ts';
import { SchedulerSide } from './support/schedulerSide.ts';
import { transcript } from './support/transcript.ts';

const recordedMaster = 'f1696800-130b-4193-923e-d0e1028b1867';
const probe: FrameworkInfo = {
  user: 'root',
  name: 'probe',
  roles: ['*'],
  checkpoint: true,
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
  failover_timeout: 30,
};

// The master is killed; another one, which knows nothing, learns of the framework, then of the agent and its task.
describe('conformance: master_failover', () => {
  let cluster: Cluster;
  let player: Player;
  let scheduler: SchedulerSide;

  before(async () => {
    cluster = await Cluster.start();
    player = new Player('master_failover.txt');
    const { registered } = await cluster.addAgent();
    player.correspondence.add(`${recordedMaster}-S0`, await registered);
  });
  after(async () => {
    scheduler.raw.disconnect();
    await cluster.stop();
  });

  const answered = async (answer: Promise<RawAnswer>): Promise<unknown> => {
    const { status, body } = await answer;
    return { status, body };
  };
  const subscribe = async (info: FrameworkInfo): Promise<unknown> => {
    const { scheduler: one, first } = await SchedulerSide.subscribe(cluster.url, info);
    scheduler = one;
    player.watched = [one];
    return first;
  };
  const reconciling =
    (...ids: string[]): Action =>
    () => {
      const tasks = ids.map((value) => ({ task_id: { value } }));
      return answered(scheduler.call({ type: 'RECONCILE', reconcile: { tasks } }));
    };

  const steps = transcript('master_failover.txt')
    // Another master that is asked where the leader is, ten seconds long, and later, when it is none any more.
    .filter(({ label }) => !/^[\d.]+ (?:307|200)|^zk down|^ConnectionRefused/.test(label));
  playTests(steps, () => player, {
    SUB: () => subscribe(probe),
    m1: async () => {
      const [offer] = await scheduler.raw.offersOf(1);
      return answered(
        scheduler.raw.launch([offer!], [taskFor(offer!.agent_id, 'm1', { value: 'sleep 1000' })], 0),
      );
    },
    'killed leader': async () => {
      for (const link of cluster.links) link.begin();
      await cluster.replaceMaster();
      return undefined;
    },
    resub: async () => {
      const id = await scheduler.raw.id();
      return subscribe({ ...probe, id });
    },
    'reconcile early': async () => {
      const answer = await reconciling('m1', 'zz')();
      await scheduler.raw.update('zz', 'TASK_UNKNOWN');
      for (const link of cluster.links) link.end();
      await cluster.agentsReturn();
      return answer;
    },
    impl: reconciling(),
    reconcile: reconciling('m1'),
    kill: () => answered(scheduler.call({ type: 'KILL', kill: { task_id: { value: 'm1' } } })),
  });
});
