import {
  isViewTopic,
  mostPageTopics,
  pageOf,
  topicOf,
  viewTopics,
  type PageTopic,
  type Topic,
} from '../api/topics.ts';
import type { AirflowPage } from './airflow/dagPages.ts';
import { badRequest } from './http/problem.ts';

/** What a subscription asks for; all views and no page where it doesn't say. Throws a 400 for what there is not, or is too much. */
export function wantedTopics(query: URLSearchParams): ReadonlySet<Topic> {
  const names = query.getAll('topics').flatMap((text) => text.split(','));
  const wanted = topicsNamed(names.filter((name) => name !== ''));
  return wanted.size === 0 ? new Set(viewTopics) : wanted;
}

/** The topics of these names. Throws a 400 for what there is not, or is too much. */
export function topicsNamed(names: readonly string[]): ReadonlySet<Topic> {
  const wanted = new Set<Topic>();
  const pages = new Set<Topic>();
  for (const name of names) {
    if (isViewTopic(name)) {
      wanted.add(name);
      continue;
    }
    const page = pageOf(name);
    if (!page) throw badRequest(`there is no topic "${name}"`, `Topics are ${known}.`);
    pages.add(topicOf(page));
  }
  if (pages.size > mostPageTopics) {
    throw badRequest(
      `${pages.size} pages are more than one subscription may have: at most ${mostPageTopics}`,
      'Ask for those alone that are shown.',
    );
  }
  return new Set([...wanted, ...pages]);
}

const known = [
  ...viewTopics,
  ...['dags', 'mesos-tasks', 'runs:<dag_id>', 'runs:<dag_id>:<limit>', 'run:<dag_id>:<run_id>'],
].join(', ');

/** Whether any of these topics is of the master's lists. */
export function wantsMesos(wanted: ReadonlySet<Topic>): boolean {
  return wanted.has('agents') || wanted.has('frameworks') || wanted.has('mesos-tasks');
}

/** Those of the topics that Airflow is asked for. */
export function airflowPagesOf(wanted: ReadonlySet<Topic>): Map<PageTopic, AirflowPage> {
  const pages = new Map<PageTopic, AirflowPage>();
  for (const topic of wanted) {
    if (isViewTopic(topic)) continue;
    const page = pageOf(topic);
    if (page && page.kind !== 'mesos-tasks') pages.set(topic, page);
  }
  return pages;
}
