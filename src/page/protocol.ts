import type { OfferView } from '../api/people.ts';
import type { StateKind } from '../words/states.ts';
import { flag, listOf, number, oneOf, optional, orNull, recordOf, shape, text, type Check } from './check.ts';

// What the extension and the cluster page say to each other: plain data, checked where it arrives. Times are
// milliseconds since the epoch by the service's clock, memory is in megabytes. The page has no token and no address.

/** Which time it is for the cluster: of a recording that is played again, the recording's. */
export interface PageClock {
  /** When the message was sent. */
  readonly now: number;
  /** How many milliseconds pass in one of ours: 1 live, 0 while a recording stands still. */
  readonly rate: number;
  /** Minutes that the wall clock is ahead of UTC. */
  readonly offset: number;
  /** Of a recording, which has a beginning, an end and a speed: a slider shows then. */
  readonly span?: Span | undefined;
}

export interface Span {
  readonly from: number;
  readonly to: number;
  /** What `rate` is while it plays. */
  readonly speed: number;
}

export interface PageCluster {
  readonly name: string;
  readonly look: 'absent' | 'busy' | 'ready' | 'trouble';
  /** `embedded · ready`. */
  readonly state: string;
  /** What is wrong or going on, in a sentence; may be empty. */
  readonly detail: string;
  /** Task runs that wait, by the framework's own count. */
  readonly waiting: number;
  readonly running: number;
  /** Whether offers are asked for; with nothing waiting they are not. */
  readonly suppressed: boolean;
  /** Whether there is anything to show of it. */
  readonly known: boolean;
  /** Whether starting it is what helps. */
  readonly startable: boolean;
}

export interface Amounts {
  readonly cpus: number;
  readonly mem: number;
}

export interface PageAgent {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** By an operator; else one that is not active is not connected. */
  readonly deactivated: boolean;
  readonly address: string;
  readonly total: Amounts;
  readonly used: Amounts;
  readonly offered: Amounts;
  /** What its unfinished tasks use, by framework; the rest of `used` is not known to be anybody's. */
  readonly shares: readonly ({ readonly framework: string } & Amounts)[];
  readonly attributes: Readonly<Record<string, string>>;
}

export interface PageFramework {
  readonly id: string;
  readonly name: string;
  readonly ours: boolean;
  readonly tasks: number;
  /** Its colour and pattern: 0 is ours, and it keeps it while the page lives. */
  readonly slot: number;
}

/** A task run of ours. */
export interface PageTask {
  readonly id: string;
  readonly name: string;
  /** `weather_report · manual 15:12:02 · try 2`. */
  readonly of: string;
  readonly kind: StateKind;
  /** The state in words. */
  readonly state: string;
  readonly agent: string | null;
  /** The agent's name, should the agent be gone. */
  readonly where: string | null;
  /** `1 cpu, 512 MB`. */
  readonly asks: string;
  readonly queued: number;
  readonly launched: number | null;
  readonly started: number | null;
  readonly ended: number | null;
}

/** A task of another framework, as long as the page has seen it: Mesos does not tell when it began. */
export interface PageForeignTask {
  readonly id: string;
  readonly name: string;
  readonly framework: string;
  readonly agent: string;
  readonly state: string;
  readonly asks: string;
  readonly seen: number;
  readonly gone: number | null;
}

export interface PageOffer {
  readonly id: string;
  readonly agent: string;
  readonly what: string;
  readonly at: number;
  readonly fate: OfferView['fate'];
  /** `accepted for summarise[3]`, `declined: nothing waits`. */
  readonly said: string;
}

/** What changed of a list since the last message. */
export interface Changes<T> {
  /** All that was known before is forgotten first. */
  readonly anew: boolean;
  readonly changed: readonly T[];
  readonly gone: readonly string[];
}

export interface Update {
  readonly type: 'update';
  readonly clock: PageClock;
  readonly cluster: PageCluster;
  readonly agents: Changes<PageAgent>;
  readonly frameworks: Changes<PageFramework>;
  readonly tasks: Changes<PageTask>;
  readonly foreign: Changes<PageForeignTask>;
  readonly offers: Changes<PageOffer>;
}

/** The page's words, in the person's language; `{0}` and so on are filled in by the page. */
export type Texts = Readonly<Record<string, string>>;

export type ToPage = { readonly type: 'texts'; readonly texts: Texts } | Update;

export type FromPage =
  /** It can be told. */
  | { readonly type: 'ready' }
  /** A task run was clicked. */
  | { readonly type: 'openTask'; readonly id: string }
  | { readonly type: 'start' }
  /** Of a recording: another place in it, another speed, or whether it stands still. */
  | PlayRecording;

export interface PlayRecording {
  readonly type: 'recording';
  readonly at?: number | undefined;
  readonly speed?: number | undefined;
  readonly paused?: boolean | undefined;
}

const amounts = shape<Amounts>({ cpus: number, mem: number });

const clock = shape<PageClock>({
  now: number,
  rate: number,
  offset: number,
  span: optional(shape<Span>({ from: number, to: number, speed: number })),
});
const cluster = shape<PageCluster>({
  name: text,
  look: oneOf('absent', 'busy', 'ready', 'trouble'),
  state: text,
  detail: text,
  waiting: number,
  running: number,
  suppressed: flag,
  known: flag,
  startable: flag,
});
const agent = shape<PageAgent>({
  id: text,
  name: text,
  active: flag,
  deactivated: flag,
  address: text,
  total: amounts,
  used: amounts,
  offered: amounts,
  shares: listOf(shape<{ framework: string } & Amounts>({ framework: text, cpus: number, mem: number })),
  attributes: recordOf(text),
});
const framework = shape<PageFramework>({ id: text, name: text, ours: flag, tasks: number, slot: number });
const task = shape<PageTask>({
  id: text,
  name: text,
  of: text,
  kind: oneOf(
    ...(['waiting', 'starting', 'running', 'success', 'finished', 'failed', 'retry'] as const),
    ...(['killed', 'lost', 'skipped', 'deferred', 'superseded'] as const),
  ),
  state: text,
  agent: orNull(text),
  where: orNull(text),
  asks: text,
  queued: number,
  launched: orNull(number),
  started: orNull(number),
  ended: orNull(number),
});
const foreign = shape<PageForeignTask>({
  id: text,
  name: text,
  framework: text,
  agent: text,
  state: text,
  asks: text,
  seen: number,
  gone: orNull(number),
});
const offer = shape<PageOffer>({
  id: text,
  agent: text,
  what: text,
  at: number,
  fate: oneOf('outstanding', 'accepted', 'declined', 'rescinded', 'lost'),
  said: text,
});

function changesOf<T>(check: Check<T>): Check<Changes<T>> {
  return shape<Changes<T>>({ anew: flag, changed: listOf(check), gone: listOf(text) });
}

const update = shape<Update>({
  type: oneOf('update'),
  clock,
  cluster,
  agents: changesOf(agent),
  frameworks: changesOf(framework),
  tasks: changesOf(task),
  foreign: changesOf(foreign),
  offers: changesOf(offer),
});
const texts = shape<Extract<ToPage, { type: 'texts' }>>({ type: oneOf('texts'), texts: recordOf(text) });

export function isToPage(value: unknown): value is ToPage {
  return update(value) || texts(value);
}

const ready = shape<{ type: 'ready' | 'start' }>({ type: oneOf('ready', 'start') });
const openTask = shape<{ type: 'openTask'; id: string }>({ type: oneOf('openTask'), id: text });
const recording = shape<PlayRecording>({
  type: oneOf('recording'),
  at: optional(number),
  speed: optional(number),
  paused: optional(flag),
});

export function isFromPage(value: unknown): value is FromPage {
  return ready(value) || openTask(value) || recording(value);
}
