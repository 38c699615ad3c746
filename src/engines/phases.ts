/** `waiting` is not reported: a phase is first heard of when it runs. */
export type PhaseState = 'running' | 'done' | 'failed';

/** What a phase is doing; the last one of a phase has `done` or `failed`. */
export interface PhaseEvent {
  readonly type: 'phase';
  readonly phase: string;
  readonly state: PhaseState;
  /** One line for a person: what it is doing now, what came of it, or why it failed. */
  readonly detail: string;
  /** Milliseconds since the phase began. */
  readonly elapsedMs: number;
}

/** Something worth telling that is no phase: a port was in use, a setting was not applied. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly text: string;
  /** Somebody else does what was asked for: what follows is said of theirs. */
  readonly following?: true | undefined;
}

export type ProgressEvent = PhaseEvent | NoticeEvent;
export type Progress = (event: ProgressEvent) => void;

/** One phase, running until `done` or `failed` is called; later calls do nothing. */
export interface Phase {
  readonly over: boolean;
  update(detail: string): void;
  done(detail: string): void;
  failed(detail: string): void;
}

/** Begins phases, measures them and reports each change once. `now` is a clock in milliseconds. */
export class Phases {
  readonly #report: Progress;
  readonly #now: () => number;
  readonly #open = new Set<Phase>();

  constructor(report: Progress, now: () => number = () => performance.now()) {
    this.#report = report;
    this.#now = now;
  }

  begin(name: string, detail = ''): Phase {
    const started = this.#now();
    let last: string | undefined;
    let over = false;
    const tell = (state: PhaseState, text: string): void => {
      if (over || (state === 'running' && text === last)) return;
      last = text;
      if (state !== 'running') {
        over = true;
        this.#open.delete(phase);
      }
      const elapsedMs = Math.round(this.#now() - started);
      this.#report({ type: 'phase', phase: name, state, detail: text, elapsedMs });
    };
    const phase: Phase = {
      get over() {
        return over;
      },
      update: (text) => tell('running', text),
      done: (text) => tell('done', text),
      failed: (text) => tell('failed', text),
    };
    this.#open.add(phase);
    tell('running', detail);
    return phase;
  }

  /** Runs `work` as a phase: its result's `detail` ends the phase, its error fails it (and is thrown on). */
  async run<T>(name: string, work: (phase: Phase) => Promise<{ detail: string; value: T }>): Promise<T> {
    const phase = this.begin(name);
    try {
      const { detail, value } = await work(phase);
      phase.done(detail);
      return value;
    } catch (error) {
      phase.failed(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  notice(text: string): void {
    this.#report({ type: 'notice', text });
  }

  /** Fails every phase that still runs. */
  failOpen(detail: string): void {
    for (const phase of [...this.#open]) phase.failed(detail);
  }
}
