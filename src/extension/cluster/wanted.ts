import * as l10n from '@vscode/l10n';
import { isViewTopic, mostPageTopics, pageOf } from '../../api/topics.ts';
import type { Topic } from '../../client/subscription.ts';
import type { ClusterState, PageProblem } from './state.ts';

/** As many of the topics as one subscription may have, and the pages beyond. */
export function withinLimits(wanted: readonly Topic[]): { topics: Topic[]; tooMany: Topic[] } {
  const topics: Topic[] = [];
  const tooMany: Topic[] = [];
  let pages = 0;
  for (const topic of longestPages(wanted)) {
    if (!isViewTopic(topic)) pages += 1;
    (isViewTopic(topic) || pages <= mostPageTopics ? topics : tooMany).push(topic);
  }
  return { topics, tooMany };
}

/** Each once; of a DAG's runs only the longest page, which has the shorter ones in it: the state holds one. */
function longestPages(wanted: readonly Topic[]): Topic[] {
  const longest = new Map<string, number>();
  const runsOf = (topic: Topic): { dag_id: string; limit: number } | undefined => {
    const page = pageOf(topic);
    return page?.kind === 'runs' ? page : undefined;
  };
  for (const { dag_id, limit } of wanted.flatMap((topic) => runsOf(topic) ?? [])) {
    longest.set(dag_id, Math.max(limit, longest.get(dag_id) ?? 0));
  }
  return [...new Set(wanted)].filter((topic) => {
    const runs = runsOf(topic);
    return runs === undefined || longest.get(runs.dag_id) === runs.limit;
  });
}

/** The state with the pages that are too many shown as such. */
export function withProblems(state: ClusterState, tooMany: readonly Topic[]): ClusterState {
  if (tooMany.length === 0) return state;
  const problem: PageProblem = {
    problem: {
      error: l10n.t('Too much is open at once'),
      why: l10n.t('at most {0} DAGs and runs are followed', mostPageTopics),
      next: l10n.t('Collapse some of the others.'),
    },
    gone: false,
  };
  return {
    ...state,
    problems: new Map([...state.problems, ...tooMany.map((topic) => [topic, problem] as const)]),
  };
}
