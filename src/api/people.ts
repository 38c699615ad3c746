import * as z from 'zod/mini';
import { requestState, taskInstanceKey } from './airflow.ts';
import { cursor, instant, problem, resources } from './common.ts';

// What the editor and the command line ask of the service. Paths stand below /v1:
//   GET  identity?challenge=               -> identity         (no token: proves that it is this cluster's service)
//   GET  handshake                         -> handshake        (the first call of every client)
//   GET  cluster                           -> clusterView
//   GET  clients                           -> clients          (how many follow the cluster now)
//   GET  agents | frameworks | offers      -> agentView[] | frameworkView[] | offersView
//   GET  tasks?state=&dag_id=&run_id=&limit=&before=  -> taskRun[], newest first; state: several by comma
//   GET  tasks/{id}                        -> taskRun; id: a Mesos task id or request id, or a unique beginning of one
//   GET  tasks/{id}/log?file=&offset=&length=         -> logChunk; followed, and sandboxes: src/api/logs.ts
//   POST tasks/{id}/session?tty=&rows=&columns=&command=  -> 101: src/api/session.ts
//   POST tasks/{id}/kill                   -> taskRun
//   GET  dags | dags/import-errors         -> dagView[] | importError[]
//   POST dags/saved                        -> 204              (a DAG file was saved: who follows `dags` hears of it sooner)
//   GET  dags/{dag_id}/params              -> dagParam[]       (what the DAG declares for its runs, with defaults)
//   POST dags/{dag_id}/runs                triggerRequest -> dagRunView (201; its tasks are not listed yet)
//   POST dags/{dag_id}/pause               pauseRequest -> 204
//   GET  dags/{dag_id}/runs?limit=         -> dagRunSummary[], newest first; limit: default 25, at most 100
//   GET  dags/{dag_id}/runs/{run_id}       -> dagRunView
//   POST dags/{dag_id}/runs/{run_id}/clear clearRequest -> clearedTask[]
//   GET  subscription?topics=              -> text/event-stream of clusterEvent, `snapshot` first; topics: src/api/topics.ts
//   POST subscription/{id}                 topicsRequest -> 204  (other topics from now on; id: of its snapshot)
//   GET  journal?since=                    -> gzip of JSON lines: what happened since then (src/journal/lines.ts)
//   POST recording                         recordingRequest -> recordingView (of a recording alone: 404 elsewhere)
//   POST airflow/login                     loginRequest -> loginResponse (a one-time address that opens Airflow signed in)
//   GET  open/airflow?ticket=              -> 303 to Airflow, signed in (that one-time address; on TCP, for a browser)
//   POST parts/{name}/report               partReport -> 204   (in Docker: the engine tells of a container's fate)
//   POST shutdown                          -> 202              (ends the embedded parts, then the service; in Docker 409:
//                                                              the engine stops the containers)

/** Whose service answers, asked before a token is sent to an address that another program may have got by now. */
export const identity = z.object({
  cluster: z.string(),
  /** Only who has the cluster's admin token can make it: src/api/identity.ts. */
  proof: z.string(),
});
export type Identity = z.infer<typeof identity>;

export const handshake = z.object({
  protocol: z.int(),
  version: z.string(),
  cluster: z.string(),
  pid: z.int(),
  epoch: z.string(),
});
export type Handshake = z.infer<typeof handshake>;

/** Who looks at the cluster just now. */
export const clients = z.object({
  /** Open subscriptions: editors' windows, commands that follow something. */
  clients: z.int(),
});
export type Clients = z.infer<typeof clients>;

/** A part of a cluster, in the order of its start. */
export const partView = z.object({
  /** database (in Docker), mesos-master, agent-1 …, api-server, scheduler, dag-processor, triggerer. */
  name: z.string(),
  state: z.enum(['waiting', 'starting', 'ready', 'restarting', 'failed', 'stopping', 'stopped']),
  pid: z.nullable(z.int()),
  /** What it is doing now, or why it failed: one line. */
  detail: z.string(),
  /** How often it was started again after it died by itself. */
  restarts: z.int(),
  /** Its log's file on this machine; of a container, the command that shows it. */
  log: z.string(),
  /** In Docker, the container's name. */
  container: z.optional(z.string()),
  since: instant,
});
export type PartView = z.infer<typeof partView>;

/**
 * What Docker says of a part's container, told to the service by who watches Docker's events (the service cannot).
 * running: it was started. restarting: it ended, and Docker starts it again. exited: it ended, and nobody does.
 * A report that is older than the last sign of the part's life is a restart that is over: counted, not shown.
 */
export const partReport = z.object({
  state: z.enum(['running', 'restarting', 'exited']),
  /** How it ended, with its last lines: some lines. */
  detail: z.string(),
  /** When it happened, by the clock of Docker's machine. */
  at: instant,
});
export type PartReport = z.infer<typeof partReport>;

/** Where in its recording a cluster is, when the view was made. */
export const recordingView = z.object({
  /** The times that it covers. */
  from: instant,
  to: instant,
  at: instant,
  /** Seconds of the recording in a second. */
  speed: z.number(),
  /** It stands still, by request or at its end. */
  paused: z.boolean(),
});
export type RecordingView = z.infer<typeof recordingView>;

/** Another time, another speed, or a pause; what is left out stays. At its end `paused: false` begins anew. */
export const recordingRequest = z.object({
  /** Before its beginning or behind its end: there. */
  at: z.optional(instant),
  speed: z.optional(z.number().check(z.gte(0.1), z.lte(1000))),
  paused: z.optional(z.boolean()),
});
export type RecordingRequest = z.infer<typeof recordingRequest>;

export const clusterView = z.object({
  name: z.string(),
  engine: z.enum(['embedded', 'docker']),
  /** In Docker: whose Mesos runs (`apache`: Apache's, `dev`: our own), and why that one, in a sentence. */
  mesos: z.optional(z.object({ distribution: z.enum(['apache', 'dev']), why: z.string() })),
  version: z.string(),
  /** starting: some part is not ready yet; degraded: one that was ready is not. */
  state: z.enum(['starting', 'ready', 'degraded', 'stopping', 'failed']),
  /** In a sentence, where state is degraded or failed. */
  problem: z.nullable(z.string()),
  parts: z.array(partView),
  master: z.object({
    url: z.string(),
    version: z.nullable(z.string()),
    connected: z.boolean(),
    /** `host:port` of the leading master, by its own word; absent until it was asked. */
    leader: z.optional(z.string()),
    /** When that master's process started, and when it was elected; absent where it doesn't tell. */
    started: z.optional(instant),
    elected: z.optional(instant),
  }),
  framework: z.object({
    id: z.nullable(z.string()),
    name: z.string(),
    role: z.string(),
    state: z.enum(['disconnected', 'subscribing', 'subscribed']),
    /** Whether offers are asked for; with nothing waiting they are suppressed. */
    suppressed: z.boolean(),
  }),
  airflow: z.nullable(z.object({ url: z.string(), username: z.string(), healthy: z.boolean() })),
  counts: z.object({
    waiting: z.int(),
    launched: z.int(),
    running: z.int(),
    /** On Mesos, or by Airflow's word of those that the running service saw end. */
    failed: z.int(),
    finished: z.int(),
  }),
  /** On this machine. */
  dags_folder: z.nullable(z.string()),
  /** In Docker: where that folder is mounted in Airflow's containers, whose paths a DAG's `fileloc` and traces name. */
  dags_mount: z.optional(z.string()),
  started: instant,
  /** It is no living cluster: a recording of one, played by `mesos-airflow replay`. */
  recording: z.optional(recordingView),
});
export type ClusterView = z.infer<typeof clusterView>;

export const agentView = z.object({
  id: z.string(),
  /** Short and for people: the agent's attribute `name` if it has one, else its hostname. */
  name: z.string(),
  hostname: z.string(),
  address: z.string(),
  /** It gets offers. */
  active: z.boolean(),
  /** An operator took it out of use, until one takes it in again; else one that is not active is not connected. */
  deactivated: z.optional(z.boolean()),
  total: resources,
  used: resources,
  offered: resources,
  attributes: z.record(z.string(), z.string()),
  registered: z.nullable(instant),
});
export type AgentView = z.infer<typeof agentView>;

export const frameworkView = z.object({
  id: z.string(),
  name: z.string(),
  user: z.string(),
  roles: z.array(z.string()),
  ours: z.boolean(),
  active: z.boolean(),
  connected: z.boolean(),
  /** Non-terminal tasks on the master. */
  tasks: z.int(),
  used: resources,
});
export type FrameworkView = z.infer<typeof frameworkView>;

export const offerView = z.object({
  id: z.string(),
  agent_id: z.string(),
  agent: z.string(),
  resources,
  at: instant,
  /** outstanding, or what became of it. */
  fate: z.enum(['outstanding', 'accepted', 'declined', 'rescinded', 'lost']),
  /** Accepted: the Mesos task ids launched. */
  tasks: z.array(z.string()),
  /** Declined, rescinded, lost: why. */
  why: z.string(),
});
export type OfferView = z.infer<typeof offerView>;
/** The outstanding ones first, then the last 200 with their fate, newest first. */
export const offersView = z.object({ suppressed: z.boolean(), offers: z.array(offerView) });
export type OffersView = z.infer<typeof offersView>;

/** An unfinished task on the master, of any framework. */
export const mesosTaskView = z.object({
  id: z.string(),
  name: z.string(),
  framework_id: z.string(),
  /** The framework's name; its id where the master lists no such framework. */
  framework: z.string(),
  agent_id: z.string(),
  /** Mesos' own word without its `TASK_`: STAGING, STARTING, RUNNING, KILLING, UNREACHABLE, … */
  state: z.string(),
  resources,
});
export type MesosTaskView = z.infer<typeof mesosTaskView>;

/** One try of a task instance, as the framework knows it. */
export const taskRun = z.object({
  id: z.string(),
  key: taskInstanceKey,
  state: requestState,
  /** Airflow's own word for the task instance, once it was asked: success, failed, up_for_retry, … */
  airflow_state: z.nullable(z.string()),
  /** `<id>.<attempt>`; null until the first launch. */
  mesos_task_id: z.nullable(z.string()),
  attempt: z.int(),
  agent_id: z.nullable(z.string()),
  agent: z.nullable(z.string()),
  resources,
  /** Where it waits: why, in a sentence. */
  waits: z.nullable(z.string()),
  /** Mesos' reason and message, or ours. */
  info: z.string(),
  queued: instant,
  launched: z.nullable(instant),
  started: z.nullable(instant),
  ended: z.nullable(instant),
});
export type TaskRun = z.infer<typeof taskRun>;

/** A piece of a sandbox file. `offset` counts bytes; `data` ends at a whole character. */
export const logChunk = z.object({
  data: z.string(),
  offset: z.int(),
  /** The offset to ask for next. */
  next: z.int(),
  /** The file's size now. */
  size: z.int(),
  /** No more will come: the task is over and this is the end. */
  ended: z.boolean(),
  /** Where it was read: agent and path of the sandbox. */
  source: z.string(),
  /** It comes from what the service kept: the sandbox is gone, or its agent away. */
  kept: z.optional(z.boolean()),
});
export type LogChunk = z.infer<typeof logChunk>;

export const dagView = z.object({
  dag_id: z.string(),
  fileloc: z.string(),
  paused: z.boolean(),
  schedule: z.nullable(z.string()),
  has_import_errors: z.boolean(),
  last_run: z.nullable(
    z.object({
      run_id: z.string(),
      state: z.string(),
      started: z.optional(z.nullable(instant)),
      ended: z.optional(z.nullable(instant)),
    }),
  ),
});
export type DagView = z.infer<typeof dagView>;

export const importError = z.object({
  file: z.string(),
  line: z.nullable(z.int()),
  message: z.string(),
  trace: z.string(),
});
export type ImportError = z.infer<typeof importError>;

/** A parameter that a DAG declares for its runs. */
export const dagParam = z.object({
  name: z.string(),
  /** Its default; null where it has none. */
  value: z.unknown(),
  description: z.nullable(z.string()),
  /** JSON Schema: type, enum, minimum, … */
  schema: z.record(z.string(), z.unknown()),
});
export type DagParam = z.infer<typeof dagParam>;

export const triggerRequest = z.object({
  conf: z.optional(z.record(z.string(), z.unknown())),
  run_id: z.optional(z.string()),
  /** A paused DAG's run would wait for ever: true (the default) unpauses it. */
  unpause: z.optional(z.boolean()),
});
export type TriggerRequest = z.infer<typeof triggerRequest>;

/** A task instance as Airflow has it, joined with where the framework ran it. Times are milliseconds, null where not yet. */
export const taskInstanceView = z.object({
  task_id: z.string(),
  map_index: z.int(),
  try_number: z.int(),
  state: z.nullable(z.string()),
  mesos_task_id: z.nullable(z.string()),
  agent: z.nullable(z.string()),
  waits: z.nullable(z.string()),
  /** The tasks that it depends on directly; empty where Airflow cannot say. */
  upstream: z.array(z.string()),
  queued: z.nullable(instant),
  started: z.nullable(instant),
  ended: z.nullable(instant),
  /** While it waits to be tried again: how many tries it may have, and when the next begins, where Airflow says that. */
  retry: z.optional(z.object({ tries: z.int(), at: z.nullable(instant) })),
  /**
   * What the framework knows of it: a task run for each try (several of a deferred one), the newest first. None of those that
   * succeeded at once in a run of over 1000 instances, which would be too large to be told: their logs are found by
   * `mesos_task_id`.
   */
  runs: z.array(taskRun),
});
export type TaskInstanceView = z.infer<typeof taskInstanceView>;

export const dagRunView = z.object({
  dag_id: z.string(),
  run_id: z.string(),
  state: z.string(),
  started: z.nullable(instant),
  ended: z.nullable(instant),
  /** Each behind those that it depends on. */
  tasks: z.array(taskInstanceView),
});
export type DagRunView = z.infer<typeof dagRunView>;

/** A run without its tasks. */
export const dagRunSummary = z.object({
  dag_id: z.string(),
  run_id: z.string(),
  state: z.string(),
  /** manual, scheduled, backfill, asset_triggered. */
  kind: z.string(),
  started: z.nullable(instant),
  ended: z.nullable(instant),
});
export type DagRunSummary = z.infer<typeof dagRunSummary>;

export const pauseRequest = z.object({ paused: z.boolean() });

/** Runs tasks of a run again. */
export const clearRequest = z.object({
  /** Without a map index all of a mapped task; without `tasks` all of the run. */
  tasks: z.optional(
    z.array(z.object({ task_id: z.string(), map_index: z.optional(z.int()) })).check(z.minLength(1)),
  ),
  /** Only those of them that failed. Default false. */
  only_failed: z.optional(z.boolean()),
  /** What depends on them as well. Default true. */
  downstream: z.optional(z.boolean()),
  /** Say what would run again, and change nothing. Default false. */
  dry_run: z.optional(z.boolean()),
});
export type ClearRequest = z.infer<typeof clearRequest>;

/** A task instance that runs again, with the state that it had. */
export const clearedTask = z.object({
  task_id: z.string(),
  map_index: z.int(),
  state: z.nullable(z.string()),
});
export type ClearedTask = z.infer<typeof clearedTask>;

/** Where Airflow opens: at its start, at a DAG, or at one of the DAG's runs. */
export const loginRequest = z.object({ dag_id: z.optional(z.string()), run_id: z.optional(z.string()) });
export type LoginRequest = z.infer<typeof loginRequest>;

export const loginResponse = z.object({ url: z.string() });

/**
 * All that a living subscription is to carry from now on, in place of what it carried: as in `?topics=`, but that none
 * means none.
 */
export const topicsRequest = z.object({ topics: z.array(z.string()) });
export type TopicsRequest = z.infer<typeof topicsRequest>;

/**
 * One server-sent event; its SSE id is the cursor. `snapshot` comes first, and again where a client's cursor is too old;
 * after it each event carries whole new views of what changed, never a difference. Of a page topic its present value
 * follows the snapshot, as soon as it is known; and of any topic that is wanted only later, then.
 */
export const clusterEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    cursor,
    /** By it the topics are changed while the stream lives. */
    subscription: z.string(),
    cluster: clusterView,
    // Absent where they are not wanted, and of the master's lists, where it was never asked with success.
    agents: z.optional(z.array(agentView)),
    frameworks: z.optional(z.array(frameworkView)),
    offers: z.optional(offersView),
    /** The newest 500. */
    tasks: z.optional(z.array(taskRun)),
  }),
  z.object({ type: z.literal('cluster'), cluster: clusterView }),
  z.object({ type: z.literal('agents'), agents: z.array(agentView) }),
  z.object({ type: z.literal('frameworks'), frameworks: z.array(frameworkView) }),
  z.object({ type: z.literal('offers'), offers: offersView }),
  /** Of `tasks`, where they were not wanted from the start: the newest 500, in place of all that were known. */
  z.object({ type: z.literal('taskRuns'), tasks: z.array(taskRun) }),
  /** Of `tasks`: one of them changed, or is new. */
  z.object({ type: z.literal('task'), task: taskRun }),
  /** Of `dags`. */
  z.object({ type: z.literal('dags'), dags: z.array(dagView), import_errors: z.array(importError) }),
  /** Of `runs:…`: newest first. */
  z.object({
    type: z.literal('runs'),
    dag_id: z.string(),
    runs: z.array(dagRunSummary),
    /** There are older ones. */
    more: z.boolean(),
  }),
  /** Of `run:…`. */
  z.object({ type: z.literal('run'), run: dagRunView }),
  /**
   * Of `run:…`, of a run with many tasks that was told of: the run as it is now with those of its task instances that
   * changed; no other has come, gone or moved.
   */
  z.object({ type: z.literal('runTasks'), run: dagRunView }),
  /** Of `mesos-tasks`: at most 2000. */
  z.object({
    type: z.literal('mesosTasks'),
    tasks: z.array(mesosTaskView),
    /** How many there are. */
    total: z.int(),
  }),
  /** A page cannot be had now, or (null) can be had again. What was sent of it before stays true unless it is gone. */
  z.object({
    type: z.literal('problem'),
    topic: z.string(),
    problem: z.nullable(problem),
    /** There is no such DAG or run (any more). */
    gone: z.boolean(),
  }),
]);
export type ClusterEvent = z.infer<typeof clusterEvent>;
