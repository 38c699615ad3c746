import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** The views, Task Runs in each of its ways. */
export type ViewName = 'byDag' | 'byAgent' | 'flat' | 'cluster' | 'dags';

/** A task run's row as it came to look. */
export interface Seen {
  readonly id: string;
  readonly context: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type EditorOrder =
  | { readonly what: 'heap' }
  | { readonly what: 'firstRows'; readonly view: ViewName }
  | { readonly what: 'watch'; readonly views: readonly ViewName[]; readonly open: readonly string[] }
  | { readonly what: 'report' };

/** Of what was watched; lists are by view. */
export interface EditorAnswer {
  readonly seen: readonly Seen[];
  readonly rows: readonly number[];
  readonly drawn: readonly number[];
  readonly drawMs: readonly number[];
  /** Of one core. */
  readonly cpu: number;
  /** Bytes, after a garbage collection. */
  readonly heap: number;
}

/** The extension's model and views in a process of their own, as they are in an extension host. */
export class EditorProcess {
  readonly #child: ChildProcess;

  /** `home`: MESOS_AIRFLOW_HOME of its cluster. */
  constructor(home: string, cluster: string) {
    this.#child = fork(path.join(import.meta.dirname, 'editor.ts'), [cluster], {
      env: { PATH: process.env.PATH, MESOS_AIRFLOW_HOME: home, NODE_NO_WARNINGS: '1' },
      execArgv: ['--expose-gc'],
      serialization: 'advanced',
    });
  }

  heap(): Promise<number> {
    return this.#ask({ what: 'heap' });
  }

  /** Milliseconds. */
  firstRows(view: ViewName): Promise<number> {
    return this.#ask({ what: 'firstRows', view });
  }

  watch(views: readonly ViewName[], open: readonly string[] = []): Promise<void> {
    return this.#ask({ what: 'watch', views, open });
  }

  /** Ends the watch. */
  report(): Promise<EditorAnswer> {
    return this.#ask({ what: 'report' });
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask<T>(order: EditorOrder): Promise<T> {
    const left = new AbortController();
    const ended = once(this.#child, 'exit', { signal: left.signal }).then(() => {
      throw new Error('the editor process ended');
    });
    this.#child.send(order);
    try {
      const [answer] = (await Promise.race([
        once(this.#child, 'message', { signal: left.signal }),
        ended,
      ])) as [{ value?: T; error?: string }];
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value as T;
    } finally {
      left.abort();
      ended.catch(() => undefined);
    }
  }
}
