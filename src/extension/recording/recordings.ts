import os from 'node:os';
import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import type { RecordingRequest, RecordingView } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import { replayArguments, type Program } from '../commandLine/arguments.ts';
import { runChild } from '../commandLine/child.ts';
import { CommandLineError } from '../commandLine/errors.ts';
import { parseProgress } from '../commandLine/progress.ts';
import { Disposing } from '../dispose.ts';
import type { ClusterPicture } from '../cluster/picture.ts';

/** Of the cluster's model, what is needed. */
interface Model {
  readonly name: string;
  readonly picture: ClusterPicture;
  readonly client: ServiceClient | undefined;
  use(name: string): void;
  onDidChange(listener: () => void): { dispose(): unknown };
}

export interface RecordingsOptions {
  readonly model: Model;
  readonly program: () => Program;
  /** The name of the cluster that the window is about without a recording. */
  readonly cluster: () => string;
  readonly log: { info(line: string): void; debug(line: string): void };
}

interface Shown {
  readonly name: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** The window shows it. */
  turned: boolean;
}

/** A line of `mesos-airflow replay` that says that it is served. */
const serving = z.object({ type: z.literal('serving'), name: z.string(), cut_off: z.boolean() });

/** A recording in this window: a child of it serves one, and the model is turned to that. */
export class Recordings extends Disposing {
  readonly #options: RecordingsOptions;
  #shown: Shown | undefined;
  #count = 0;
  /** What the recording said of itself when it was told something, and what the window knew of it before. */
  #answered: { readonly view: RecordingView; readonly before: RecordingView } | undefined;

  constructor(options: RecordingsOptions) {
    super();
    this.#options = options;
    this.register(options.model.onDidChange(() => this.#modelChanged()));
    this.register({ dispose: () => this.#shown?.stop.abort() });
  }

  /** Where the recording is now that the window shows; undefined while it shows none. */
  get now(): RecordingView | undefined {
    // What it answered last, until the views have caught up: two steps in a row are two.
    return this.#answered && this.#answered.before === this.#told ? this.#answered.view : this.#told;
  }

  /** Shows a file in place of the cluster. Throws what is wrong with it. Returns whether it was cut off. */
  async open(file: string): Promise<{ readonly cutOff: boolean }> {
    await this.close();
    const { model, log } = this.#options;
    this.#count += 1;
    const name = `recording-${process.pid}-${this.#count}`;
    const stop = new AbortController();
    const args = replayArguments(file, name);
    log.info(`mesos-airflow ${args.join(' ')}`);
    let failure: Error | undefined;
    let opened: { readonly cutOff: boolean } | undefined;
    let isServed = (): void => undefined;
    const serves = new Promise<void>((resolve) => {
      isServed = resolve;
    });
    const ended = runChild(this.#options.program(), args, {
      cwd: os.homedir(),
      signal: stop.signal,
      onOut: (line) => {
        const said = servingOf(line);
        opened ??= said && { cutOff: said.cut_off };
        if (said) isServed();
        const progress = parseProgress(line);
        if (progress?.type === 'error') failure = new CommandLineError(progress);
      },
      onError: (line) => log.debug(line),
    }).then(
      ({ how }) => {
        failure ??= new ExplainedError(
          l10n.t('The recording could not be shown: mesos-airflow replay {0}', how),
        );
      },
      (error: unknown) => {
        failure = error instanceof Error ? error : new Error(messageOf(error));
      },
    );
    const shown: Shown = { name, stop, ended, turned: false };
    this.#shown = shown;
    void ended.then(() => this.#over(shown));
    await Promise.race([serves, ended]);
    if (!opened) throw failure ?? new Error('the recording is not served');
    // Closed meanwhile, or another was opened.
    if (this.#shown !== shown) return opened;
    model.use(name);
    shown.turned = true;
    return opened;
  }

  /** Back to the cluster of before. Nothing where none is shown. */
  async close(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    shown.stop.abort();
    this.#over(shown);
    await shown.ended;
  }

  /** Another time, another speed, a pause. Throws as a ServiceClient does. */
  async control(request: RecordingRequest): Promise<void> {
    const { client } = this.#options.model;
    const before = this.#told;
    if (!before || !client) return;
    this.#answered = { view: await client.controlRecording(request), before };
  }

  get #told(): RecordingView | undefined {
    return this.#options.model.picture.state?.cluster.recording;
  }

  #over(shown: Shown): void {
    if (this.#shown !== shown) return;
    this.#shown = undefined;
    const { model, cluster } = this.#options;
    if (model.name === shown.name && !this.disposed) model.use(cluster());
  }

  /** Turned to another cluster by the person: the recording is not looked at any more. */
  #modelChanged(): void {
    const shown = this.#shown;
    if (!shown?.turned || this.#options.model.name === shown.name) return;
    this.#shown = undefined;
    shown.stop.abort();
  }
}

function servingOf(line: string): z.infer<typeof serving> | undefined {
  try {
    const parsed = serving.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: something else that it says.
    return undefined;
  }
}
