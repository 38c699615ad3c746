import * as l10n from '@vscode/l10n';
import type { MesosTaskView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { plain, resourcesText } from '../../format.ts';
import type { Paging } from '../paging.ts';
import { loadingRow, problemRow, type Branch } from '../rows.ts';
import { taskName } from '../states.ts';
import { noteRow, silentMaster } from './notes.ts';

/** Below what a task stands. */
export type Place = 'agent' | 'framework';

export const mesosTasksTopic = 'mesos-tasks';

interface Look {
  /** Of `contextValue`. */
  readonly context: string;
  readonly icon: NonNullable<Branch['row']['icon']>;
  readonly word: string;
}

/** What is known of unfinished tasks beside what the master says of them. */
interface TaskFacts {
  readonly ourFramework: string | null;
  /** Our task runs' names by Mesos task id. */
  readonly names: ReadonlyMap<string, string>;
  readonly agents: ReadonlyMap<string, string>;
}

function taskFacts(state: ClusterState): TaskFacts {
  return {
    ourFramework: state.cluster.framework.id,
    names: namesByMesosTask(state),
    agents: new Map(state.agents?.map(({ id, name }) => [id, name])),
  };
}

/** Names of our task runs by Mesos task id, as far as they are known. */
export function namesByMesosTask({ tasks }: Pick<ClusterState, 'tasks'>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const task of tasks?.values() ?? []) {
    if (task.mesos_task_id) names.set(task.mesos_task_id, taskName(task));
  }
  return names;
}

/** So many tasks at once; then "load more". */
const tasksPage = 300;

/** Makes the rows below expanded agents and frameworks: the master's unfinished tasks, of whatever framework. */
export class MesosTaskRows {
  readonly #state: ClusterState;
  readonly #paging: Paging;
  #facts: TaskFacts | undefined;

  constructor(state: ClusterState, paging: Paging) {
    this.#state = state;
    this.#paging = paging;
  }

  /** Those below the row `parent`. */
  below(parent: string, place: Place, isOne: (task: MesosTaskView) => boolean): Branch[] {
    const { mesosTasks, problems, cluster } = this.#state;
    const problem = problems.get(mesosTasksTopic)?.problem;
    if (problem) return [problemRow(parent, problem)];
    if (!mesosTasks) return [cluster.master.connected ? loadingRow(parent) : silentMaster(parent, cluster)];
    const facts = (this.#facts ??= taskFacts(this.#state));
    const tasks = mesosTasks.tasks.filter(isOne);
    const rows = this.#paging.rows(parent, tasks, tasksPage, (task) => ({
      row: mesosTaskRow(task, place, facts),
    }));
    const unlisted = mesosTasks.total - mesosTasks.tasks.length;
    if (unlisted > 0) {
      const label = l10n.t('{0} more tasks of the cluster are not listed', unlisted);
      return [...rows, noteRow(`unlisted:${parent}`, label)];
    }
    return rows.length === 0 ? [noteRow(`none:${parent}`, l10n.t('No task'))] : rows;
  }
}

/** An unfinished task on an agent (says whose it is), or of a framework (says where it is). */
function mesosTaskRow(task: MesosTaskView, place: Place, facts: TaskFacts): Branch['row'] {
  const request = requestOf(task, facts.ourFramework);
  const look = lookOf(task.state);
  const agent = facts.agents.get(task.agent_id) ?? task.agent_id;
  const name = facts.names.get(task.id) ?? task.name;
  const about = [place === 'agent' ? task.framework : agent, look.word, resourcesText(task.resources)];
  return {
    // The same task stands below its agent and below its framework, as a row each.
    id: `mesosTask:${place}/${task.framework_id}/${task.id}`,
    label: name === '' ? task.id : name,
    description: about.join(' · '),
    tooltip: tooltipOf(task, agent, look),
    icon: look.icon,
    // Ours can be killed and has a log that we can show.
    context: `${look.context}${request === undefined ? 'MesosTask' : 'TaskRun'}`,
    opens: 'never',
    ...(request === undefined ? { target: { mesos_task_id: task.id } } : ours(request)),
  };
}

function ours(request: string): Required<Pick<Branch['row'], 'target' | 'click'>> {
  return {
    target: { task: request },
    click: {
      command: 'mesosAirflow.showTaskLog',
      title: l10n.t('Show Task Log'),
      arguments: [`taskRun:${request}`],
    },
  };
}

/** The request whose attempt a task is (`<request>.<attempt>`); undefined of others' tasks. */
function requestOf({ id, framework_id }: MesosTaskView, ourFramework: string | null): string | undefined {
  if (framework_id !== ourFramework) return undefined;
  return /^(.+)\.\d+$/.exec(id)?.[1];
}

/** Of Mesos' own states, those of unfinished tasks. */
function lookOf(state: string): Look {
  switch (state) {
    case 'RUNNING':
      return {
        context: 'running',
        icon: { id: 'circle-filled', colour: 'charts.blue' },
        word: l10n.t('running'),
      };
    case 'STAGING':
    case 'STARTING':
      return {
        context: 'starting',
        icon: { id: 'sync~spin', colour: 'charts.blue' },
        word: l10n.t('starting'),
      };
    case 'KILLING':
      return {
        context: 'ending',
        icon: { id: 'circle-slash', colour: 'mesosAirflow.interrupted' },
        word: l10n.t('being killed'),
      };
    case 'UNREACHABLE':
      return {
        context: 'unreachable',
        icon: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
        word: l10n.t('unreachable'),
      };
    default:
      return {
        context: 'unknown',
        icon: { id: 'question', colour: 'disabledForeground' },
        word: state.toLowerCase(),
      };
  }
}

function tooltipOf(task: MesosTaskView, agent: string, look: Look): string {
  const facts: [string, string][] = [
    [l10n.t('state'), look.word],
    [l10n.t('framework'), task.framework],
    [l10n.t('agent'), agent],
    [l10n.t('resources'), resourcesText(task.resources)],
    [l10n.t('Mesos task'), task.id],
  ];
  const lines = facts.map(([name, value]) => `${name}: ${plain(value)}`);
  return [`**${plain(task.name === '' ? task.id : task.name)}**`, lines.join('  \n')].join('\n\n');
}
