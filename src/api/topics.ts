// What a subscription may be narrowed to. A view topic is a list of the whole cluster; a page topic is what one view has
// expanded, and is held and sent only while somebody wants it. In `?topics=` each is percent-encoded, joined by commas.

export const viewTopics = ['cluster', 'agents', 'frameworks', 'offers', 'tasks'] as const;
export type ViewTopic = (typeof viewTopics)[number];

export type PageTopic = 'dags' | 'mesos-tasks' | `runs:${string}` | `run:${string}:${string}`;
export type Topic = ViewTopic | PageTopic;

/** So many task runs come as the newest. */
export const newestTasks = 500;

/** A page topic, taken apart. */
export type Page =
  | { readonly kind: 'dags' }
  | { readonly kind: 'mesos-tasks' }
  | { readonly kind: 'runs'; readonly dag_id: string; readonly limit: number }
  | { readonly kind: 'run'; readonly dag_id: string; readonly run_id: string };

/** So many page topics one subscription may have; beyond, it is refused. */
export const mostPageTopics = 50;
/** How many runs of a DAG come where no limit is given, and at most. */
export const usualRuns = 25;
export const mostRuns = 100;
/** So many of the master's unfinished tasks come at most. */
export const mostMesosTasks = 2000;

/** The newest runs of a DAG. */
export function runsTopic(dagId: string, limit = usualRuns): PageTopic {
  return limit === usualRuns ? `runs:${encoded(dagId)}` : `runs:${encoded(dagId)}:${limit}`;
}

/** One run with its task instances. */
export function runTopic(dagId: string, runId: string): PageTopic {
  return `run:${encoded(dagId)}:${encoded(runId)}`;
}

export function isViewTopic(topic: string): topic is ViewTopic {
  return viewTopics.some((one) => one === topic);
}

/** The page that a topic names; undefined where it names none. */
export function pageOf(topic: string): Page | undefined {
  const [kind, ...rest] = topic.split(':');
  const ids = rest.map(decoded);
  const [dag_id, second] = ids;
  if (ids.some((id) => id === undefined || id === '')) return undefined;
  if ((kind === 'dags' || kind === 'mesos-tasks') && ids.length === 0) return { kind };
  if (kind === 'run' && ids.length === 2 && dag_id !== undefined && second !== undefined) {
    return { kind, dag_id, run_id: second };
  }
  if (kind !== 'runs' || dag_id === undefined || ids.length > 2) return undefined;
  const limit = second === undefined ? usualRuns : wholeNumber(second);
  return limit !== undefined && limit >= 1 && limit <= mostRuns ? { kind, dag_id, limit } : undefined;
}

/** The one way to write a page's topic. */
export function topicOf(page: Page): PageTopic {
  if (page.kind === 'runs') return runsTopic(page.dag_id, page.limit);
  if (page.kind === 'run') return runTopic(page.dag_id, page.run_id);
  return page.kind;
}

/** Only what joins topics and their ids is encoded. */
function encoded(id: string): string {
  return id.replaceAll(/[%:,]/g, encodeURIComponent);
}

/** Undefined where it is not well-formed. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
