import { stripVTControlCharacters } from 'node:util';

/** What a build's answer says at once. */
export interface BuildMessage {
  readonly stream?: string | undefined;
}

/** A step of a Dockerfile as the builder announces it. */
export interface BuildStep {
  readonly number: number;
  readonly of: number;
  /** As the Dockerfile has it: `RUN pip install …`. */
  readonly instruction: string;
}

/** Lines of a step that are kept for an error. */
const keptLines = 30;

/** Follows the words of the classic builder: which step it is at, what that prints, which images it makes. */
export class BuildOutput {
  step: BuildStep | undefined;
  /** The last lines that the step printed. */
  lastLines: string[] = [];
  /** The container that the step runs in, while it runs. */
  container: string | undefined;
  /** Ids of the images that this build made, in order: not those that it found in the cache or was based on. */
  readonly made: string[] = [];
  /** The image that the step begins with, whosever it is. */
  last: string | undefined;
  #fromCache = false;
  #rest = '';

  take({ stream }: BuildMessage): void {
    if (stream === undefined) return;
    const lines = (this.#rest + stream).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  /** `step 5 of 14: pip install … · Collecting apache-airflow` */
  get line(): string | undefined {
    if (!this.step) return undefined;
    const { instruction, number, of } = this.step;
    const what = shortened(instruction.replace(/^RUN /, ''), 60);
    const last = this.lastLines.at(-1);
    return `step ${String(number)} of ${String(of)}: ${what}${last === undefined ? '' : ` · ${shortened(last, 100)}`}`;
  }

  #line(raw: string): void {
    const line = plain(raw);
    // Podman's builder shouts, and counts stages before the steps.
    const step = /^(?:\[\d+\/\d+\] )?step (\d+)\/(\d+) ?: (.*)$/i.exec(line);
    if (step) {
      this.step = { number: Number(step[1]), of: Number(step[2]), instruction: step[3]?.trim() ?? '' };
      this.lastLines = [];
      this.container = undefined;
      this.#fromCache = false;
      return;
    }
    if (line === ' ---> Using cache') {
      this.#fromCache = true;
      return;
    }
    const running = /^ ---> Running in ([0-9a-f]{12})$/.exec(line)?.[1];
    if (running !== undefined) {
      this.container = running;
      return;
    }
    const image = /^ ---> ([0-9a-f]{12})$/.exec(line)?.[1];
    if (image !== undefined) {
      this.container = undefined;
      this.last = image;
      if (!this.#fromCache && !/^FROM /i.test(this.step?.instruction ?? 'FROM ')) this.made.push(image);
      return;
    }
    if (ofBuilders.some((pattern) => pattern.test(line.trim()))) return;
    this.lastLines.push(line);
    if (this.lastLines.length > keptLines) this.lastLines.shift();
  }
}

/** What a builder says for itself after a step: Docker's, then Podman's. */
const ofBuilders = [
  /^$/,
  /^Removing intermediate container [0-9a-f]{12}$/,
  /^Successfully built [0-9a-f]{12}$/,
  /^Successfully tagged \S+:\S+$/,
  /^--> [0-9a-f]{11,12}$/,
  /^--> Using cache [0-9a-f]{64}$/,
  /^COMMIT( \S+)?$/,
  /^[0-9a-f]{64}$/,
];

/** Without colours, and of a line that was written over and over what was seen last. */
function plain(line: string): string {
  return stripVTControlCharacters(line).replace(/\r+$/, '').split('\r').at(-1) ?? '';
}

function shortened(text: string, limit: number): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  return oneLine.length <= limit ? oneLine : `${oneLine.slice(0, limit - 1)}…`;
}
