import { pageOf, topicOf } from '../../api/topics.ts';
import type { Json } from '../delta.ts';
import type { Mask } from '../recording.ts';
import { StandIns } from './standIns.ts';
import { TextMask } from './text.ts';

export interface MaskOptions {
  /** Names of DAGs, tasks, runs, files and of the cluster as well. */
  readonly names: boolean;
  /** Of the machine where the recording is made: its host's name, its user, their home folder. */
  readonly known: { readonly host: string; readonly user: string; readonly home: string };
}

type Fields = Readonly<Record<string, Json>>;

/** Words of ours, and of every machine: they tell nothing, and views read them. */
const plain = /^(?:|\*|root|airflow|mesos|admin|nobody|localhost|master|mesos-master|agent-\d+|127\..*)$/;
/** Values of enumerations: never anything of a person's. */
const kept: ReadonlySet<string> = new Set([
  ...[
    'type',
    'state',
    'fate',
    'engine',
    'distribution',
    'airflow_state',
    'kind',
    'schedule',
    'version',
    'cursor',
  ],
]);
const pathFields: ReadonlySet<string> = new Set(['file', 'fileloc', 'log', 'dags_folder', 'dags_mount']);
/** Airflow's own names of runs tell when they were, and nothing else. */
const ownRunId =
  /^(?:manual|scheduled|backfill|asset_triggered|dataset_triggered)__[\d:.T+Z-]+(?:_\w{1,12})?$/;

/** Replaces what tells of machines and people, and of names what the options say, by stand-ins: one for each, the same everywhere. */
export class RecordingMask implements Mask {
  readonly what: readonly string[];
  readonly #names: boolean;
  readonly #text: TextMask;
  readonly #hosts = new StandIns((number) => `host-${number}`);
  readonly #users = new StandIns((number) => `user-${number}`);
  readonly #frameworks = new StandIns((number) => `framework-${number}`);
  readonly #roles = new StandIns((number) => `role-${number}`);
  readonly #attributes = new StandIns((number) => `value-${number}`);
  readonly #foreignTasks = new StandIns((number) => `task-of-others-${number}`);
  readonly #dags = new StandIns((number) => `dag-${number}`);
  readonly #tasks = new StandIns((number) => `task-${number}`);
  readonly #runs = new StandIns((number) => `run-${number}`);
  /** Names of frameworks that are not ours. */
  readonly #foreign = new Set<string>();

  constructor({ names, known }: MaskOptions) {
    this.#names = names;
    this.#text = new TextMask(names);
    this.what = [
      ...['host names', 'users', 'addresses', 'folders', 'attributes of agents', 'other frameworks'],
      'traces and free texts',
      ...(names ? ['names of the cluster, DAGs, tasks, runs and files'] : []),
    ];
    this.#learnHost(known.host);
    this.#learnUser(known.user);
    this.#text.folder(known.home);
  }

  learn(value: Json): void {
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) this.learn(item);
    } else if (isFields(value)) {
      this.#learnFields(value);
      for (const item of Object.values(value)) this.learn(item);
    }
  }

  key(key: string): string {
    const page = this.#names ? pageOf(key) : undefined;
    if (page?.kind === 'runs') return topicOf({ ...page, dag_id: this.#dags.for(page.dag_id) });
    if (page?.kind === 'run') {
      return topicOf({ ...page, dag_id: this.#dags.for(page.dag_id), run_id: this.#runId(page.run_id) });
    }
    return key;
  }

  value(value: Json): Json {
    return this.#masked(value, '');
  }

  cluster(name: string): string {
    return this.#names ? 'cluster' : name;
  }

  #learnFields(fields: Fields): void {
    const { hostname, name, user, leader, ours, address } = fields;
    if (typeof hostname === 'string') {
      this.#learnHost(hostname);
      // An agent's: short and for people, and in many texts.
      if (typeof name === 'string') this.#learnHost(name);
    }
    for (const at of [leader, address]) {
      if (typeof at === 'string') this.#learnHost(at.replace(/:\d+$/, ''));
    }
    if (typeof user === 'string') this.#learnUser(user);
    if (ours === false && typeof name === 'string') {
      this.#foreign.add(name);
      this.#text.know(name, this.#frameworks.for(name));
    }
    if (!this.#names) return;
    this.#learnName(fields.dag_id, (id) => this.#dags.for(id));
    this.#learnName(fields.task_id, (id) => this.#tasks.for(id));
    this.#learnName(fields.run_id, (id) => this.#runId(id));
    if (Array.isArray(fields.parts)) this.#learnName(name, () => 'cluster');
  }

  #learnName(id: Json | undefined, standIn: (id: string) => string): void {
    if (typeof id !== 'string' || id === '') return;
    const given = standIn(id);
    if (given !== id) this.#text.know(id, given);
  }

  #learnHost(host: string): void {
    if (plain.test(host) || /^[\d.:[\]a-f]+$/i.test(host)) return;
    this.#text.know(host, this.#hosts.for(host));
  }

  #learnUser(user: string): void {
    if (!plain.test(user)) this.#text.know(user, this.#users.for(user));
  }

  #masked(value: Json, field: string): Json {
    if (typeof value === 'string') return this.#string(value, field);
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => this.#masked(item, field));
    return isFields(value) ? this.#fields(value, field) : value;
  }

  #fields(fields: Fields, field: string): Json {
    if (field === 'attributes') return this.#attributesOf(fields);
    const masked = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, this.#masked(value, name)]),
    );
    // An import error's: lines of the person's own code.
    if ('trace' in fields) return { ...masked, message: exceptionOf(fields.message), trace: '' };
    const { framework, name, id, ours, roles } = fields;
    if (ours === false && Array.isArray(roles)) {
      return { ...masked, roles: (roles as readonly Json[]).map((role) => this.#role(role)) };
    }
    if (typeof framework === 'string' && this.#foreign.has(framework)) {
      const [own, ownId] = [name, id].map((one) => this.#foreignTasks.for(textOf(one)));
      return { ...masked, name: own ?? '', id: ownId ?? '' };
    }
    return masked;
  }

  #string(text: string, field: string): string {
    if (kept.has(field)) return text;
    if (pathFields.has(field)) return text.includes(' ') ? this.#text.text(text) : this.#text.path(text);
    if (field === 'topic') return this.key(text);
    if (field === 'user') return plain.test(text) ? text : this.#users.for(text);
    if (this.#names) {
      if (field === 'dag_id') return this.#dags.for(text);
      if (field === 'task_id' || field === 'upstream') return this.#tasks.for(text);
      if (field === 'run_id') return this.#runId(text);
    }
    // Ids of Airflow's are read again as they stand, by what joins them.
    if (field === 'dag_id' || field === 'task_id' || field === 'upstream' || field === 'run_id') return text;
    return this.#text.text(text);
  }

  #attributesOf(fields: Fields): Json {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => {
        const text = textOf(value);
        if (plain.test(text) || /^[\d.]+$/.test(text)) return [name, text];
        const safe = this.#text.text(text);
        return [name, safe === text ? this.#attributes.for(text) : safe];
      }),
    );
  }

  #role(role: Json): Json {
    return typeof role === 'string' && !plain.test(role) ? this.#roles.for(role) : role;
  }

  #runId(id: string): string {
    return ownRunId.test(id) ? id : this.#runs.for(id);
  }
}

/** `ModuleNotFoundError` of `ModuleNotFoundError: No module named 'x'`: what went wrong, not with what. */
function exceptionOf(message: Json | undefined): string {
  const [name] =
    typeof message === 'string'
      ? (/^[\w.]*(?:Error|Exception|Warning|Interrupt|Exit)\b/.exec(message) ?? [])
      : [];
  return name ?? 'an error';
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function isFields(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
