import { randomUUID } from 'node:crypto';
import type { ClusterSpec } from '../api/cluster.ts';
import { systemClock } from '../framework/clock.ts';
import { StoreUnusable } from '../framework/errors.ts';
import { Framework } from '../framework/framework.ts';
import { openStore, type Store } from '../framework/store.ts';
import { terminalRequestStates, type Log, type Notice } from '../framework/types.ts';
import { ExplainedError } from '../host/errors.ts';
import type { ClusterFolder } from '../host/folders.ts';
import { AirflowWatch } from './airflow/airflowWatch.ts';
import { DagPages } from './airflow/dagPages.ts';
import { TaskStates } from './airflow/taskStates.ts';
import { AgentAddresses } from './agentAddresses.ts';
import { AttemptAgents } from './attemptAgents.ts';
import { judgeCallers } from './callers.ts';
import type { EngineSide } from './sides/side.ts';
import { makeJournal } from './journal/make.ts';
import type { Journal } from './journal/journal.ts';
import { Stirring } from './journal/stirring.ts';
import { LiveViews } from './liveViews.ts';
import { Leader } from './leader.ts';
import type { Logger } from './log.ts';
import { TaskLogs } from './logs/taskLogs.ts';
import { TaskSessions } from './sessions/taskSessions.ts';
import { MasterLists, schedulerFor } from './mesos.ts';
import { MesosWatch } from './mesosWatch.ts';
import { Subscriptions } from './subscriptions.ts';
import type { Topic } from '../api/topics.ts';
import { version } from './version.ts';
import { clusterViewOf, isReady } from './views/cluster.ts';
import { airflowPagesOf, wantsMesos } from './wantedTopics.ts';

/** After the last change of a task or part the master is still asked for its lists so long, for the journal. Milliseconds. */
const lingerMs = 10_000;

/** All that the service is made of, but its doors and what differs by engine. */
export interface Core {
  readonly store: Store;
  readonly framework: Framework;
  readonly watch: MesosWatch;
  readonly dagPages: DagPages;
  readonly pages: AirflowWatch;
  readonly views: LiveViews;
  readonly subscriptions: Subscriptions;
  readonly logs: TaskLogs;
  readonly sessions: TaskSessions;
  /** Undefined where none is to be kept. */
  readonly journal: Journal | undefined;
  /** From now on the cluster shows as stopping. */
  markStopping(): void;
  /** Lets go of everything but the parts. */
  close(): Promise<void>;
}

/** Makes the pieces of the service and joins them; nothing is started yet. Throws ExplainedError. */
export function makeCore(spec: ClusterSpec, folder: ClusterFolder, side: EngineSide, log: Logger): Core {
  const { airflow, parts, shown } = side;
  const { master, authorization } = side.mesos;
  const lists = new MasterLists(master, authorization);
  const addresses = new AgentAddresses(() => lists.agents());
  const store = openClusterStore(folder);
  const framework = new Framework({
    connect: schedulerFor(spec, master, shown.airflow, authorization),
    store,
    clock: systemClock,
    launcher: side.launcher,
    judgeCaller: judgeCallers(addresses, side.mesos.tasksShareAddress),
    options: {
      defaultResources: spec.framework.default_resources,
      // The agents are on this machine and back within seconds: a task that the new master does not know by then is gone.
      masterChangeGraceMs: 60_000,
    },
    log: frameworkLog(log),
  });
  const places = new AttemptAgents({
    addressOf: (agentId) => addresses.of(agentId),
    agentsMove: side.mesos.agentsMove,
  });
  const logs = new TaskLogs({ framework, folder, log, authorization, places });
  const sessions = new TaskSessions({ authorization, places, log });
  const watch = new MesosWatch(lists, () => framework.status().framework_id);
  const leader = new Leader(
    () => lists.leader(),
    log,
    () => subscriptions.changed('cluster'),
  );
  const states = new TaskStates(airflow, log, (id) => {
    subscriptions.taskChanged(id);
    subscriptions.changed('cluster');
  });
  const dagPages = new DagPages(airflow, framework);
  const pages = new AirflowWatch((page, signal) => dagPages.ask(page, signal), log);
  const started = Date.now();
  let isStopping = false;
  let wasReady = false;
  const views = new LiveViews(framework, spec.airflow.deployment, watch, pages, states, () =>
    clusterViewOf({
      spec,
      version,
      parts: parts.views(),
      framework: framework.status(),
      failedInAirflow: states.failed,
      leader: leader.known,
      shown,
      trouble: side.trouble,
      wasReady,
      isStopping,
      started,
    }),
  );
  const journal = makeJournal(spec, folder, { views, framework, states }, log);
  let followed: ReadonlySet<Topic> = new Set();
  const follow = (): void => watch.follow(wantsMesos(followed) || stirring.isGoing);
  // The journal has the master's lists too while something happens, whether somebody looks at them or not.
  const stirring = new Stirring(lingerMs, follow);
  const stir = (): void => {
    if (journal) stirring.stir();
  };
  const subscriptions = new Subscriptions(
    views,
    (wanted) => {
      followed = wanted;
      follow();
      pages.want(airflowPagesOf(wanted));
      journal?.wanted(wanted);
    },
    journal,
  );

  const clusterChanged = (): void => {
    wasReady ||= isReady(parts.views(), framework.status());
    subscriptions.changed('cluster');
  };
  parts.on('part', (part) => {
    clusterChanged();
    stir();
    // An agent that has just started shows at once, not at the next slow look.
    watch.nudge();
    if (part.name === 'api-server' && part.state === 'ready') pages.lookAgain();
  });
  framework.on('status', ({ state, master }) => {
    leader.is(state === 'subscribed' ? master?.id : undefined);
    clusterChanged();
    subscriptions.changed('offers');
    stir();
    watch.nudge();
  });
  framework.on('task', (task) => {
    subscriptions.taskChanged(task.id);
    subscriptions.changed('cluster');
    stir();
    watch.nudge();
    pages.nudge(task.key);
    if (terminalRequestStates.has(task.state)) states.want(task);
    logs.changed(task);
  });
  framework.on('offers', () => {
    subscriptions.changed('offers');
    watch.nudge();
  });
  framework.on('notice', (notice) => logNotice(log, notice));
  watch.on('agents', () => subscriptions.changed('agents'));
  watch.on('frameworks', () => subscriptions.changed('frameworks'));
  watch.on('tasks', () => subscriptions.changed('mesos-tasks'));
  pages.on('page', (topic) => subscriptions.changed(topic));

  return {
    store,
    framework,
    watch,
    dagPages,
    pages,
    views,
    subscriptions,
    journal,
    logs,
    sessions,
    markStopping: () => {
      isStopping = true;
      clusterChanged();
    },
    close: async () => {
      stirring.close();
      watch.follow(false);
      pages.stop();
      states.stop();
      await logs.close();
      await framework.stop();
      await journal?.close();
      lists.close();
      store.close();
    },
  };
}

function openClusterStore(folder: ClusterFolder): Store {
  try {
    return openStore(folder.store, randomUUID);
  } catch (error) {
    if (!(error instanceof StoreUnusable)) throw error;
    throw new ExplainedError(error.message, {
      next: 'Use the version that wrote it, or remove the file: the history of task runs then begins anew.',
      cause: error,
    });
  }
}

function frameworkLog(log: Logger): Log {
  return (level, message, fields = {}) => {
    const told = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
    log[level](`framework: ${message}${told.join('')}`);
  };
}

function logNotice(log: Logger, notice: Notice): void {
  const message = `framework: ${notice.message}${notice.mesos_task_id === null ? '' : ` (${notice.mesos_task_id})`}`;
  if (notice.level === 'info') log.info(message);
  else if (notice.level === 'error') log.error(message);
  else log.warn(message);
}
