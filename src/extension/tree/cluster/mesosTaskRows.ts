import * as l10n from '@vscode/l10n';
import type { MesosTaskView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { plain, resourcesText } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { taskName } from '../states.ts';

interface Look {
  /** Of `contextValue`. */
  readonly context: string;
  readonly icon: NonNullable<Branch['row']['icon']>;
  readonly word: string;
}

/** What is known of unfinished tasks beside what the master says of them. */
export interface TaskFacts {
  readonly ourFramework: string | null;
  /** Our task runs' names by Mesos task id. */
  readonly names: ReadonlyMap<string, string>;
  readonly agents: ReadonlyMap<string, string>;
}

export function taskFacts(state: ClusterState): TaskFacts {
  return {
    ourFramework: state.cluster.framework.id,
    names: namesByMesosTask(state),
    agents: new Map(state.agents.map(({ id, name }) => [id, name])),
  };
}

/** Names of our task runs by Mesos task id, as far as they are known. */
export function namesByMesosTask({ tasks }: Pick<ClusterState, 'tasks'>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const task of tasks.values()) if (task.mesos_task_id) names.set(task.mesos_task_id, taskName(task));
  return names;
}

/** An unfinished task on an agent (says whose it is), or of a framework (says where it is). */
export function mesosTaskRow(task: MesosTaskView, below: 'agent' | 'framework', facts: TaskFacts): Branch {
  const request = requestOf(task, facts.ourFramework);
  const look = lookOf(task.state);
  const agent = facts.agents.get(task.agent_id) ?? task.agent_id;
  const name = facts.names.get(task.id) ?? task.name;
  const about = [below === 'agent' ? task.framework : agent, look.word, resourcesText(task.resources)];
  return {
    row: {
      // The same task stands below its agent and below its framework, as a row each.
      id: `mesosTask:${below}/${task.framework_id}/${task.id}`,
      label: name === '' ? task.id : name,
      description: about.join(' · '),
      tooltip: tooltipOf(task, agent, look),
      icon: look.icon,
      // Ours can be killed and has a log that we can show.
      context: `${look.context}${request === undefined ? 'MesosTask' : 'TaskRun'}`,
      opens: 'never',
      ...(request === undefined ? { target: { mesos_task_id: task.id } } : ours(request)),
    },
  };
}

function ours(request: string): Pick<Branch['row'], 'target' | 'click'> {
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
