import * as l10n from '@vscode/l10n';
import type * as z from 'zod/mini';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { waitingReport } from '../reports/waiting.ts';
import { findTaskRun, findTaskRuns } from './find.ts';
import { logInput, taskRunsInput, whichTask, type WhichTask } from './inputs.ts';
import { logText, readLog, statusText, taskRunLine, taskRunsText } from './texts.ts';

/** What a tool asks, and with what. */
export interface Asked {
  readonly client: ServiceClient;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
  readonly now: number;
}

/** A tool of a language model. All of them only read. */
export interface Tool {
  /** As in package.json. */
  readonly name: string;
  /** What the person sees while it runs. */
  message(input: unknown): string;
  /** The answer, before it is masked. Throws where the input is not what package.json says. */
  answer(asked: Asked, input: unknown): Promise<string>;
}

const status: Tool = {
  name: 'mesosAirflow_clusterStatus',
  message: () => l10n.t('Looking at the cluster'),
  answer: async ({ client, signal }) => {
    const [cluster, agents, errors] = await Promise.all([
      client.cluster({ signal }),
      client.agents({ signal }),
      // While Airflow starts it cannot tell.
      client.importErrors({ signal }).catch(() => []),
    ]);
    return statusText(cluster, agents, errors);
  },
};

const taskRuns = tool({
  name: 'mesosAirflow_taskRuns',
  input: taskRunsInput,
  message: ({ dag_id, state }) =>
    dag_id === undefined
      ? l10n.t('Looking at task runs{0}', state === undefined ? '' : ` (${state})`)
      : l10n.t('Looking at task runs of {0}{1}', dag_id, state === undefined ? '' : ` (${state})`),
  answer: async ({ client, signal, now }, input) => {
    const { runs, more } = await findTaskRuns(client, input, signal);
    return taskRunsText(runs, more, now);
  },
});

const whyWaiting = tool({
  name: 'mesosAirflow_whyTaskWaits',
  input: whichTask,
  message: (input) => l10n.t('Looking why {0} waits', named(input)),
  answer: async ({ client, signal, now }, input) => {
    const run = await findTaskRun(client, input, waits, signal);
    if (!run) return none;
    if (!waits(run)) return `It does not wait.\n${taskRunLine(run, now)}`;
    const [cluster, agents, offers] = await Promise.all([
      client.cluster({ signal }),
      client.agents({ signal }),
      client.offers({ signal }),
    ]);
    return [taskRunLine(run, now), ...waitingReport(run, { cluster, agents, offers }, now)].join('\n');
  },
});

const log = tool({
  name: 'mesosAirflow_taskLog',
  input: logInput,
  message: (input) => l10n.t('Reading the end of the log of {0}', named(input)),
  answer: async ({ client, signal, redact, now }, input) => {
    const run = await findTaskRun(client, input, ({ launched }) => launched !== null, signal);
    if (!run) return none;
    if (run.launched === null)
      return `It has no log: it has not been launched yet.\n${taskRunLine(run, now)}`;
    const file = input.file ?? 'stdout';
    const chunk = await client.log(run.id, { file, offset: -readLog, length: readLog }, { signal });
    return logText(run, chunk, redact, now);
  },
});

export const tools: readonly Tool[] = [status, taskRuns, whyWaiting, log];

const none = 'No task run is like that. mesosAirflow_taskRuns tells which there are.';

function waits({ state }: TaskRun): boolean {
  return state === 'queued';
}

function named({ id, dag_id, task_id }: WhichTask): string {
  const names = [dag_id, task_id].filter((part) => part !== undefined);
  return names.length > 0 ? names.join('/') : (id ?? l10n.t('the newest task'));
}

function tool<T extends z.ZodMiniType>(of: {
  readonly name: string;
  readonly input: T;
  readonly message: (input: z.output<T>) => string;
  readonly answer: (asked: Asked, input: z.output<T>) => Promise<string>;
}): Tool {
  return {
    name: of.name,
    message: (input) => of.message(of.input.parse(input)),
    answer: async (asked, input) => of.answer(asked, of.input.parse(input)),
  };
}
