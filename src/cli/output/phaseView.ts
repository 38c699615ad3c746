import type { PhaseEvent, Progress, ProgressEvent } from '../../engines/phases.ts';
import { coarseDuration, duration } from './durations.ts';
import { LiveArea } from './liveArea.ts';
import type { Terminal } from './terminal.ts';
import { oneLine, pad } from './text.ts';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const nameWidth = 22;
const detailWidth = 48;

/** Shows phases as they go; `close` is called once, when no more come. */
export interface PhaseView {
  readonly progress: Progress;
  close(): void;
}

/** One line of a phase: icon, name, detail, how long. `tick` turns the spinner. */
export function phaseLine(event: PhaseEvent, elapsedMs: number, tick: number, terminal: Terminal): string {
  const { colors } = terminal;
  const detail = oneLine(event.detail);
  const name = pad(event.phase, nameWidth);
  switch (event.state) {
    case 'running':
      return `${colors.cyan(spinner[tick % spinner.length] ?? '·')} ${name}  ${pad(detail, detailWidth)}  ${colors.dim(coarseDuration(elapsedMs))}`;
    case 'done':
      return `${colors.green('✓')} ${name}  ${pad(detail, detailWidth)}  ${colors.dim(duration(elapsedMs))}`;
    case 'failed':
      return `${colors.red('✗')} ${colors.red(name)}  ${detail}`;
  }
}

/** The view that fits the terminal: drawn in place, or plain lines. */
export function phaseView(terminal: Terminal, now: () => number = () => performance.now()): PhaseView {
  return terminal.interactive ? liveView(terminal, now) : plainView(terminal, now);
}

/** In place: running phases turn and count at the end, finished ones stay above in the order of their end. */
function liveView(terminal: Terminal, now: () => number): PhaseView {
  const area = new LiveArea(terminal);
  const running = new Map<string, { event: PhaseEvent; since: number }>();
  let tick = 0;
  const lines = (): string[] =>
    [...running.values()].map(({ event, since }) => phaseLine(event, now() - since, tick, terminal));
  const timer = setInterval(() => {
    tick += 1;
    if (running.size > 0) area.draw(lines());
  }, 100);
  return {
    progress: (event) => {
      if (event.type === 'notice') {
        area.above(`${terminal.colors.yellow('!')} ${event.text}`, lines());
      } else if (event.state === 'running') {
        running.set(event.phase, { event, since: now() - event.elapsedMs });
        area.draw(lines());
      } else {
        running.delete(event.phase);
        area.above(phaseLine(event, event.elapsedMs, tick, terminal), lines());
      }
    },
    close: () => {
      clearInterval(timer);
      area.draw([]);
    },
  };
}

/** Plain lines: each phase's end, and what a long one is doing, at most every five seconds. */
function plainView(terminal: Terminal, now: () => number): PhaseView {
  const quietMs = 5000;
  const told = new Map<string, number>();
  return {
    progress: (event) => {
      if (event.type === 'notice') {
        terminal.line(`! ${event.text}`);
      } else if (event.state === 'running') {
        const last = told.get(event.phase) ?? now() - event.elapsedMs;
        told.set(event.phase, last);
        if (event.detail === '' || now() - last < quietMs) return;
        told.set(event.phase, now());
        terminal.line(
          `· ${pad(event.phase, nameWidth)}  ${pad(oneLine(event.detail), detailWidth)}  ${coarseDuration(event.elapsedMs)}`.trimEnd(),
        );
      } else {
        terminal.line(phaseLine(event, event.elapsedMs, 0, terminal).trimEnd());
      }
    },
    close: () => undefined,
  };
}

/** One JSON object a line, for programs (docs/cli.md, "Progress for programs"). */
export function jsonProgress(terminal: Terminal): PhaseView {
  return {
    progress: (event) => terminal.line(JSON.stringify(progressRecord(event))),
    close: () => undefined,
  };
}

export function progressRecord(event: ProgressEvent): Readonly<Record<string, unknown>> {
  if (event.type === 'notice') {
    return { type: 'notice', text: event.text, ...(event.following ? { following: true } : {}) };
  }
  return {
    type: 'phase',
    phase: event.phase,
    state: event.state,
    detail: event.detail,
    elapsed_ms: event.elapsedMs,
  };
}
