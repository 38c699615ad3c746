import type { FrameworkInfo, Id, Operation, TaskInfo } from '../../../../src/mesos/types.ts';
import { json, rawRequest, taskFor, type RawAnswer } from '../../../support/rawScheduler.ts';
import { until } from '../../../support/until.ts';
import { Cluster } from './support/cluster.ts';
import { Correspondence } from './support/correspondence.ts';
import { asJson } from './support/jsonText.ts';
import { OperatorSide } from './support/operatorSide.ts';
import { Player, playTests, type Action } from './support/player.ts';
import { SchedulerSide } from './support/schedulerSide.ts';
import { transcript, type Step } from './support/transcript.ts';

const recordedMaster = 'c5bfa549-ea36-429f-b5e1-2de3e449da3c';
/** Of the recorded task hc. */
const container = '120c473d-061b-4c1f-96eb-55d988bff402';
const executor = `frameworks/${recordedMaster}-0007/executors/hc/runs`;
const sandbox = `/var/lib/mesos/agent2/work/slaves/${recordedMaster}-S1/${executor}/${container}`;
const virtual = `/${executor}/latest`;
const recordio = 'application/recordio';
const probe: FrameworkInfo = {
  user: 'root',
  name: 'probe',
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
  failover_timeout: 30,
};

interface RecordedAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

// An operator watches; an agent is asked for what it runs and for files; task groups come and go.
describe('conformance: agent_api', () => {
  let cluster: Cluster;
  let player: Player;
  let scheduler: SchedulerSide;
  let agentUrl: string;
  const used = new Set<string>();

  before(async () => {
    cluster = await Cluster.start();
    const folders = [1, 2].map(
      (number) => [`/var/lib/mesos/agent${number}`, `${cluster.folder}/agent${number}`] as const,
    );
    player = new Player('agent_api.txt', new Correspondence(folders));
    for (const index of [0, 1]) {
      const { registered, url } = await cluster.addAgent();
      player.correspondence.add(`${recordedMaster}-S${index}`, await registered);
      agentUrl = url;
    }
  });
  after(async () => {
    scheduler.raw.disconnect();
    player.operator?.disconnect();
    await cluster.stop();
  });

  const answered = async (answer: Promise<RawAnswer>): Promise<unknown> => {
    const { status, body } = await answer;
    return { status, body };
  };
  const ourAgent = (agent: string): Id => ({
    value: player.correspondence.ours(`${recordedMaster}-${agent}`),
  });
  const operating =
    (agent: string, operation: (agentId: Id) => Operation): Action =>
    async () => {
      const { value } = ourAgent(agent);
      const offer = await until(
        () => {
          cluster.advance(1000);
          return scheduler.openOffers(used).find(({ agent_id }) => agent_id.value === value);
        },
        { what: `an offer of ${agent}` },
      );
      used.add(offer.id.value);
      const accept = {
        offer_ids: [offer.id],
        operations: [operation(offer.agent_id)],
        filters: { refuse_seconds: 0 },
      };
      return answered(scheduler.call({ type: 'ACCEPT', accept }));
    };
  const launching = (agent: string, id: string, value: string, rest: Partial<TaskInfo> = {}): Action =>
    operating(agent, (agentId) => ({
      type: 'LAUNCH',
      launch: { task_infos: [taskFor(agentId, id, { value }, rest)] },
    }));
  const steps = transcript('agent_api.txt').map(comparable);
  playTests(steps, () => player, {
    ...Object.fromEntries(steps.flatMap(({ label }) => asking(label))),
    OPSUB: async () => {
      player.operator = await OperatorSide.subscribe(cluster.url);
      scheduler = (await SchedulerSide.subscribe(cluster.url, probe)).scheduler;
      player.correspondence.add(`${recordedMaster}-0007`, (await scheduler.raw.id()).value);
      player.watched = [scheduler];
      return undefined;
    },
    hc: launching('S1', 'hc', 'echo out; echo err >&2; sleep 1000', {
      labels: { labels: [{ key: 'a', value: 'b' }] },
      health_check: {
        type: 'COMMAND',
        command: { value: 'exit 0' },
        delay_seconds: 0,
        interval_seconds: 1,
        grace_period_seconds: 1,
      },
    }),
    'GET_TASKS task': async () => {
      const { tasks } = await askMaster<{ tasks: unknown[] }>('GET_TASKS');
      return tasks[0];
    },
    AGENT: async () => {
      // What it has left is offered.
      await until(() => {
        cluster.advance(1000);
        return scheduler.openOffers(used).some(({ agent_id }) => agent_id.value === ourAgent('S1').value);
      });
      const { agents } = await askMaster<{ agents: { agent_info: { id: Id } }[] }>('GET_AGENTS');
      return agents.find(({ agent_info }) => agent_info.id.value === ourAgent('S1').value);
    },
    'agent GET_METRICS': [
      () => ask({ type: 'GET_METRICS' }),
      () => ask({ type: 'GET_METRICS', get_metrics: {} }),
    ],
    'AGENT /state keys': async () => Object.keys(await agentState()),
    'AGENT fw': async () => (await agentState()).frameworks,
    READ_FILE: () => read('stdout', 0),
    'READ_FILE len2': () => read('stdout', 1, 2),
    'READ_FILE virtual': () =>
      ask({ type: 'READ_FILE', read_file: { path: `${translated(virtual)}/stderr`, offset: 0, length: 0 } }),
    'READ_FILE past': () => read('stdout', 100),
    'READ_FILE dir': () => read('', 0),
    'READ_FILE none': () => read('none', 0),
    'READ_FILE no offset': () => ask({ type: 'READ_FILE', read_file: { path: translated(sandbox) } }),

    SESSION: [session('sess1', 'application/json'), session('sess2', 'application/recordio')],
    'WAIT sess1': () => ask({ type: 'WAIT_CONTAINER', wait_container: nested('sess1') }),
    'WAIT_NESTED sess1': () => ask({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: nested('sess1') }),
    'ATTACH top': () => attach({ container_id: { value: translated(container) } }),
    'ATTACH unknown': () => attach({ container_id: { value: 'zz' } }),
    'LAUNCH nested': () =>
      ask({
        type: 'LAUNCH_NESTED_CONTAINER',
        launch_nested_container: { ...nested('n1'), command: { value: 'sleep 0.5; exit 4' } },
      }),
    'LAUNCH nested unknown parent': () =>
      ask({
        type: 'LAUNCH_NESTED_CONTAINER',
        launch_nested_container: {
          container_id: { value: 'n2', parent: { value: 'zz' } },
          command: { value: 'true' },
        },
      }),
    'GET_CONTAINERS nested': () => ask({ type: 'GET_CONTAINERS', get_containers: { show_nested: true } }),
    'WAIT n1': () => ask({ type: 'WAIT_CONTAINER', wait_container: nested('n1') }),
    'REMOVE n1': () => ask({ type: 'REMOVE_CONTAINER', remove_container: nested('n1') }),
    'KILL unknown': async () => {
      const call = { type: 'KILL_CONTAINER', kill_container: { container_id: { value: 'zz' } } };
      const answer = await ask(call);
      // What follows in the recording came of this.
      await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'hc' } } });
      return answer;
    },
  });

  function nested(id: string): object {
    return { container_id: { value: id, parent: { value: translated(container) } } };
  }
  function read(name: string, offset: number, length?: number): Promise<unknown> {
    const path = [translated(sandbox), ...(name === '' ? [] : [name])].join('/');
    return ask({
      type: 'READ_FILE',
      read_file: { path, offset, ...(length === undefined ? {} : { length }) },
    });
  }
  async function attach(what: object): Promise<unknown> {
    return ask({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: what });
  }
  /** Runs a command beside the task's; the recorder kept what kind of answer it was. */
  function session(id: string, accept: string): Action {
    return async () => {
      const call = {
        type: 'LAUNCH_NESTED_CONTAINER_SESSION',
        launch_nested_container_session: {
          ...nested(id),
          command: { value: 'echo hi; echo bad >&2; exit 7' },
        },
      };
      const headers = {
        ...json,
        Accept: accept,
        ...(accept === recordio ? { 'Message-Accept': json.Accept } : {}),
      };
      const answer = await rawRequest(`${agentUrl}/api/v1`, 'POST', headers, JSON.stringify(call));
      const kept = ['Content-Type', 'Message-Content-Type', 'Transfer-Encoding'];
      return Object.fromEntries(kept.map((header) => [header, answer.headers[header.toLowerCase()]]));
    };
  }
  async function askMaster<T>(type: string): Promise<T> {
    const answer = await rawRequest(`${cluster.url}/api/v1`, 'POST', json, JSON.stringify({ type }));
    return (JSON.parse(answer.body) as Record<string, T>)[type.toLowerCase()]!;
  }
  async function agentState(): Promise<Record<string, unknown>> {
    return JSON.parse((await rawRequest(`${agentUrl}/state`, 'GET')).body) as Record<string, unknown>;
  }
  /** What asks the agent, where the label tells it. */
  function asking(label: string): [string, Action][] {
    const call = /^agent (\w+)$/.exec(label)?.[1];
    if (call !== undefined) return [[label, () => ask({ type: call })]];
    const get = /^GET (\/\S+)$/.exec(label)?.[1];
    if (get !== undefined)
      return [[label, async () => formOf(await rawRequest(translated(`${agentUrl}${get}`), 'GET'))]];
    // The recorder's own note.
    if (label.startsWith('DIR ')) return [[label, () => Promise.resolve(undefined)]];
    const list = /^LIST_FILES (\/\S+)$/.exec(label)?.[1];
    if (list !== undefined)
      return [[label, () => ask({ type: 'LIST_FILES', list_files: { path: translated(list) } })]];
    return [];
  }
  async function ask(call: object): Promise<unknown> {
    return formOf(await rawRequest(`${agentUrl}/api/v1`, 'POST', json, JSON.stringify(call)));
  }
  function translated(text: string): string {
    return player.correspondence.translate(text);
  }
});

/** An answer of the agent in the form in which it is compared. */
function formOf({ status, headers, body }: RawAnswer): unknown {
  const type = headers['content-type'];
  return { status, ...(type === undefined ? {} : { type }), body: asJson(body) };
}

function comparable(step: Step): Step {
  const { headers, status, body } = (step.result ?? {}) as Partial<RecordedAnswer>;
  if (step.label === 'SESSION') {
    const kept: Record<string, unknown> = { ...(step.result as object) };
    delete kept.Date;
    return { ...step, result: kept };
  }
  if (!headers || status === undefined || body === undefined) return step;
  const type = headers['Content-Type'];
  return { ...step, result: { status, ...(type === undefined ? {} : { type }), body: asJson(body) } };
}
