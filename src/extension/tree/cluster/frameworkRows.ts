import * as l10n from '@vscode/l10n';
import type { FrameworkView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { plain, resourcesText } from '../../format.ts';
import { loadingRow, type Branch } from '../rows.ts';
import type { Making } from './agentRows.ts';
import { silentMaster } from './notes.ts';

/** So many frameworks at once; then "load more". */
const frameworksPage = 300;

/** The group of frameworks, ours first: the cluster is shared. Below an expanded one its unfinished tasks. */
export function frameworkRows(
  { frameworks, cluster }: ClusterState,
  { open, paging, tasks }: Making,
): Branch {
  const branch = (framework: FrameworkView): Branch => {
    const row = frameworkRow(framework);
    const isOne = ({ framework_id }: { readonly framework_id: string }): boolean =>
      framework_id === framework.id;
    return { row, below: open.has(row.id) ? tasks.below(row.id, 'framework', isOne) : [] };
  };
  return {
    row: {
      id: 'frameworks',
      label: frameworks ? l10n.t('Frameworks ({0})', frameworks.length) : l10n.t('Frameworks'),
      description: frameworks ? summary(frameworks) : '',
      icon: { id: 'extensions' },
      context: 'frameworks',
      opens: 'open',
    },
    below: frameworks
      ? paging.rows('frameworks', inOrder(frameworks), frameworksPage, branch)
      : [cluster.master.connected ? loadingRow('frameworks') : silentMaster('frameworks', cluster)],
  };
}

function inOrder(frameworks: readonly FrameworkView[]): readonly FrameworkView[] {
  return [...frameworks].sort(
    (a, b) =>
      Number(b.ours) - Number(a.ours) ||
      a.name.localeCompare(b.name, undefined, { numeric: true }) ||
      (a.id < b.id ? -1 : 1),
  );
}

function summary(frameworks: readonly FrameworkView[]): string {
  if (frameworks.length === 0) return l10n.t('none yet');
  return tasksText(frameworks.reduce((sum, { tasks }) => sum + tasks, 0));
}

function tasksText(count: number): string {
  if (count === 0) return l10n.t('no tasks');
  return count === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', count);
}

type Standing = 'active' | 'inactive' | 'disconnected';

function frameworkRow(framework: FrameworkView): Branch['row'] {
  const { id, name, ours, roles, tasks } = framework;
  const standing: Standing = !framework.connected ? 'disconnected' : framework.active ? 'active' : 'inactive';
  const about = [tasksText(tasks), l10n.t('role {0}', roles.join(', '))];
  if (standing !== 'active') about.unshift(wordOf(standing));
  const click = standing === 'active' ? undefined : remedyOf(framework);
  return {
    id: `framework:${id}`,
    label: ours ? l10n.t('{0} (ours)', name) : name,
    description: about.join(' · '),
    tooltip: tooltipOf(framework, standing),
    icon:
      standing === 'active'
        ? { id: 'extensions', ...(ours ? { colour: 'charts.green' } : {}) }
        : { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
    context: `${standing}Framework`,
    opens: 'closed',
    ...(click ? { click } : {}),
  };
}

function wordOf(standing: Standing): string {
  if (standing === 'active') return l10n.t('active');
  return standing === 'inactive' ? l10n.t('inactive: it gets no offers') : l10n.t('not connected');
}

/** Ours tells in its log why; of another there is Mesos' own page. */
function remedyOf({ ours }: FrameworkView): NonNullable<Branch['row']['click']> {
  return ours
    ? { command: 'mesosAirflow.showServiceLog', title: l10n.t('Show Service Log'), arguments: [] }
    : { command: 'mesosAirflow.openMesos', title: l10n.t('Open Mesos'), arguments: [] };
}

function remedyText({ ours }: FrameworkView, standing: Standing): string {
  if (ours)
    return l10n.t('The service connects again by itself. Its log, which a click opens, says why it is away.');
  return standing === 'inactive'
    ? l10n.t('Its tasks go on. It gets offers again once it subscribes anew.')
    : l10n.t('Its tasks go on. If it does not come back before its failover time is over, Mesos ends them.');
}

function tooltipOf(framework: FrameworkView, standing: Standing): string {
  const facts: [string, string][] = [
    [l10n.t('roles'), framework.roles.join(', ')],
    [l10n.t('user'), framework.user],
    [l10n.t('unfinished tasks'), String(framework.tasks)],
    [l10n.t('used'), resourcesText(framework.used)],
    [l10n.t('id'), framework.id],
  ];
  const blocks = [`**${plain(framework.name)}** ${wordOf(standing)}`];
  if (standing !== 'active') blocks.push(remedyText(framework, standing));
  return [...blocks, facts.map(([name, value]) => `${name}: ${plain(value)}`).join('  \n')].join('\n\n');
}
